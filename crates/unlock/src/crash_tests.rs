//! What is left after a power cut at any moment, and after any single call that fails.
//!
//! The disk here keeps its folder in memory. What a call wrote is durable only once the folder was
//! flushed; a power cut keeps any first part of the unflushed changes, and a file that was being
//! written may have come down to its first half.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use keyreeve_crypto::{Argon2Params, MaterialKey, SecretString, SlotKey, VaultKey, VaultKeys};
use keyreeve_domain::ports::{
    Credentials, HeaderError, Headers, KeyringError, NewCard, NewSlot, NewWay, RecoveryForm,
    SlotChoice, SlotKind,
};
use keyreeve_domain::{Role, SlotId, VaultId};

use crate::files::Files;
use crate::headers::FileHeaders;
use crate::part::{CardPart, Part};
use crate::source::{KeySource, Place};

const VAULT: &str = "/v.keyreeve";
const FIRST: &str = "the first passphrase";
const SECOND: &str = "the second passphrase";

type Folder = BTreeMap<PathBuf, Vec<u8>>;

#[derive(Clone, Default)]
struct State {
    /// What is there now; a folder is an entry of its own, without bytes.
    now: Folder,
    /// What a power cut would leave at the least.
    durable: Folder,
    /// What became of `durable` since, after each call.
    since: Vec<Folder>,
    /// Everything that a power cut at some moment may have left.
    left_by_power_cuts: BTreeSet<Folder>,
    calls: usize,
    failing_call: Option<usize>,
    failing_as: Option<io::ErrorKind>,
    fails_for_good: bool,
}

#[derive(Clone, Default)]
struct PaperDisk(Arc<Mutex<State>>);

impl PaperDisk {
    fn holding(now: Folder) -> Self {
        let state = State { durable: now.clone(), now, ..State::default() };
        Self(Arc::new(Mutex::new(state)))
    }

    fn failing(now: Folder, call: usize, kind: io::ErrorKind, for_good: bool) -> Self {
        let disk = Self::holding(now);
        {
            let mut state = disk.0.lock().unwrap();
            state.failing_call = Some(call);
            state.failing_as = Some(kind);
            state.fails_for_good = for_good;
        }
        disk
    }

    fn now(&self) -> Folder {
        self.0.lock().unwrap().now.clone()
    }

    fn durable(&self) -> Folder {
        self.0.lock().unwrap().durable.clone()
    }

    fn left_by_power_cuts(&self) -> BTreeSet<Folder> {
        self.0.lock().unwrap().left_by_power_cuts.clone()
    }

    fn calls(&self) -> usize {
        self.0.lock().unwrap().calls
    }

    /// One call that changes files: it fails if it is this one's turn.
    fn change(&self, change: impl FnOnce(&mut State) -> io::Result<()>) -> io::Result<()> {
        let mut state = self.0.lock().unwrap();
        let call = state.calls;
        state.calls += 1;
        if let (Some(turn), Some(kind)) = (state.failing_call, state.failing_as)
            && (call == turn || (state.fails_for_good && call > turn))
        {
            return Err(kind.into());
        }
        change(&mut state)?;
        let now = state.now.clone();
        state.since.push(now);
        let left: Vec<Folder> =
            std::iter::once(&state.durable).chain(&state.since).cloned().collect();
        state.left_by_power_cuts.extend(left);
        Ok(())
    }
}

fn missing() -> io::Error {
    io::ErrorKind::NotFound.into()
}

impl Files for PaperDisk {
    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        let bytes = self.now().get(path).cloned().ok_or_else(missing)?;
        if bytes.len() as u64 > limit { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(bytes) }
    }

    fn has_file(&self, path: &Path) -> bool {
        self.now().contains_key(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<OsString>> {
        let now = self.now();
        now.get(folder).ok_or_else(missing)?;
        Ok(now
            .keys()
            .filter(|path| path.parent() == Some(folder))
            .filter_map(|path| path.file_name().map(OsString::from))
            .collect())
    }

    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        self.change(|state| match state.now.insert(folder.into(), Vec::new()) {
            None => Ok(()),
            Some(_) => Err(io::ErrorKind::AlreadyExists.into()),
        })
    }

    fn close_folder(&self, _folder: &Path) -> io::Result<()> {
        self.change(|_| Ok(()))
    }

    fn write_new(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.change(|state| {
            if state.now.contains_key(path) {
                return Err(io::ErrorKind::AlreadyExists.into());
            }
            for part in [&[][..], &bytes[..bytes.len() / 2]] {
                state.now.insert(path.into(), part.to_vec());
                let torn = state.now.clone();
                state.left_by_power_cuts.insert(torn);
            }
            state.now.insert(path.into(), bytes.to_vec());
            Ok(())
        })
    }

    fn append(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.change(|state| {
            state.now.entry(path.into()).or_default().extend_from_slice(bytes);
            Ok(())
        })
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.change(|state| {
            let bytes = state.now.remove(from).ok_or_else(missing)?;
            state.now.insert(to.into(), bytes);
            Ok(())
        })
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.change(|state| state.now.remove(path).map(|_| ()).ok_or_else(missing))
    }

    fn remove_folder(&self, folder: &Path) -> io::Result<()> {
        if !self.list(folder)?.is_empty() {
            return Err(io::ErrorKind::DirectoryNotEmpty.into());
        }
        self.remove(folder)
    }

    fn sync_folder(&self, _folder: &Path) -> io::Result<()> {
        self.change(|state| {
            state.durable = state.now.clone();
            state.since.clear();
            Ok(())
        })
    }

    fn lock(&self, path: &Path, _wait: Duration) -> io::Result<Box<dyn Send>> {
        self.change(|state| {
            state.now.entry(path.into()).or_default();
            Ok(())
        })?;
        Ok(Box::new(()))
    }
}

fn headers(disk: &PaperDisk) -> FileHeaders {
    let headers = FileHeaders::over(disk.clone(), Duration::ZERO);
    headers.set_params(Argon2Params::floor(2));
    headers
}

fn keys() -> VaultKeys {
    VaultKeys {
        vault: VaultKey::from_bytes(&[1; 32]),
        material: Some(MaterialKey::from_bytes(&[2; 32])),
    }
}

fn secret(text: &str) -> SecretString {
    SecretString::new(text.into())
}

fn create(disk: &PaperDisk) -> Result<SlotId, HeaderError> {
    let slot = NewSlot {
        name: "First",
        role: Role::Administrator,
        way: NewWay::Passphrase(&secret(FIRST)),
        created_at: jiff::Timestamp::UNIX_EPOCH,
    };
    let vault_id = VaultId::from_bytes([3; 16]);
    Ok(headers(disk).create(Path::new(VAULT), vault_id, &keys(), &slot)?.id)
}

fn add(disk: &PaperDisk) -> Result<SlotId, HeaderError> {
    let slot = NewSlot {
        name: "Second",
        role: Role::Administrator,
        way: NewWay::Passphrase(&secret(SECOND)),
        created_at: jiff::Timestamp::UNIX_EPOCH,
    };
    Ok(headers(disk).add_slot(Path::new(VAULT), &keys(), &slot)?.id)
}

fn change(disk: &PaperDisk, slot: SlotId) -> Result<(), HeaderError> {
    headers(disk).change_passphrase(Path::new(VAULT), &keys(), slot, &secret(SECOND)).map(drop)
}

fn opens(disk: &PaperDisk, passphrase: &str) -> bool {
    let vault = Path::new(VAULT);
    match headers(disk).unlock(
        vault,
        &SlotChoice::Any,
        &Credentials::passphrase(&secret(passphrase)),
    ) {
        Ok(_) => true,
        Err(HeaderError::WrongPassphrase) => false,
        Err(other) => panic!("{other}"),
    }
}

/// The header that counts, as bytes: cheap to compare where unlocking each time would be slow.
fn counting(folder: &Folder) -> Vec<u8> {
    headers(&PaperDisk::holding(folder.clone())).raw(Path::new(VAULT)).unwrap()
}

/// One vault with one slot, made once.
static VAULT_WITH_ONE_SLOT: LazyLock<(Folder, SlotId)> = LazyLock::new(|| {
    let disk = PaperDisk::holding(Folder::from([("/".into(), Vec::new())]));
    let slot = create(&disk).unwrap();
    (disk.now(), slot)
});

/// One vault with two slots, and the second one's identifier.
static VAULT_WITH_TWO_SLOTS: LazyLock<(Folder, SlotId)> = LazyLock::new(|| {
    let disk = PaperDisk::holding(VAULT_WITH_ONE_SLOT.0.clone());
    let slot = add(&disk).unwrap();
    (disk.now(), slot)
});

fn assert_old_or_new_after_every_power_cut(before: &Folder, disk: &PaperDisk) {
    let old = counting(before);
    let new = counting(&disk.now());
    assert_ne!(old, new);
    let left = disk.left_by_power_cuts();
    assert!(left.len() > 6, "{}", left.len());
    let mut seen = BTreeSet::new();
    for folder in left {
        let counts = counting(&folder);
        assert!(counts == old || counts == new);
        seen.insert(counts);
    }
    assert_eq!(seen.len(), 2, "both outcomes were reached");
    let durable = disk.durable();
    assert_eq!(counting(&durable), new, "what was answered as done is durable");
    assert_eq!(durable, disk.now());
}

#[test]
fn a_power_cut_while_adding_leaves_the_old_ways_in_or_the_new() {
    let (before, _) = &*VAULT_WITH_ONE_SLOT;
    let disk = PaperDisk::holding(before.clone());
    add(&disk).unwrap();
    assert_old_or_new_after_every_power_cut(before, &disk);
    assert!(opens(&disk, FIRST) && opens(&disk, SECOND));
}

#[test]
fn a_power_cut_while_changing_leaves_the_old_passphrase_or_the_new() {
    let (before, slot) = &*VAULT_WITH_ONE_SLOT;
    let disk = PaperDisk::holding(before.clone());
    change(&disk, *slot).unwrap();
    assert_old_or_new_after_every_power_cut(before, &disk);
    assert!(!opens(&disk, FIRST) && opens(&disk, SECOND));
}

#[test]
fn a_power_cut_while_removing_leaves_the_slot_or_not() {
    let (before, slot) = &*VAULT_WITH_TWO_SLOTS;
    let disk = PaperDisk::holding(before.clone());
    headers(&disk).remove_slot(Path::new(VAULT), &keys(), *slot).unwrap();
    assert_old_or_new_after_every_power_cut(before, &disk);
    assert!(opens(&disk, FIRST) && !opens(&disk, SECOND));
}

#[test]
fn a_power_cut_while_creating_leaves_no_half_vault() {
    let disk = PaperDisk::holding(Folder::from([("/".into(), Vec::new())]));
    create(&disk).unwrap();
    let whole = counting(&disk.now());
    let left = disk.left_by_power_cuts();
    for folder in left {
        match headers(&PaperDisk::holding(folder)).raw(Path::new(VAULT)) {
            Ok(bytes) => assert_eq!(bytes, whole),
            Err(HeaderError::NotAVault { .. }) => {}
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!(disk.durable(), disk.now());
}

/// Removing is changed like adding, and derives no key.
fn remove(disk: &PaperDisk, slot: SlotId) -> Result<(), HeaderError> {
    headers(disk).remove_slot(Path::new(VAULT), &keys(), slot).map(drop)
}

#[test]
fn any_one_call_that_fails_changes_nothing_or_everything() {
    let (before, slot) = &*VAULT_WITH_TWO_SLOTS;
    let whole = PaperDisk::holding(before.clone());
    remove(&whole, *slot).unwrap();
    let (old, new) = (counting(before), counting(&whole.now()));
    let mut refused = 0;
    for call in 0..whole.calls() {
        let disk = PaperDisk::failing(before.clone(), call, io::ErrorKind::StorageFull, false);
        let counts = match remove(&disk, *slot) {
            Ok(()) => &new,
            Err(HeaderError::DiskFull) => {
                refused += 1;
                &old
            }
            Err(other) => panic!("call {call}: {other}"),
        };
        let now = disk.now();
        assert!(counting(&now) == *counts, "call {call}");
        // A stale second copy would still open to what the change was meant to end.
        let backup = now.get(Path::new("/v.keyreeve/header.backup.json"));
        assert!(backup.is_none_or(|bytes| bytes == counts), "call {call}");
        remove(&disk, *slot)
            .or_else(|error| match error {
                HeaderError::NoSuchSlot { .. } => Ok(()),
                other => Err(other),
            })
            .unwrap();
        assert!(counting(&disk.now()).len() == new.len(), "call {call}: it goes on");
    }
    assert!(refused > 4, "{refused}");
}

#[test]
fn a_disk_that_fails_for_good_at_any_call_keeps_a_way_in() {
    let (before, slot) = &*VAULT_WITH_TWO_SLOTS;
    let whole = PaperDisk::holding(before.clone());
    remove(&whole, *slot).unwrap();
    let (old, new) = (counting(before), counting(&whole.now()));
    for call in 0..whole.calls() {
        let disk = PaperDisk::failing(before.clone(), call, io::ErrorKind::Other, true);
        let removed = remove(&disk, *slot);
        let counts = counting(&disk.now());
        assert!(counts == old || counts == new, "call {call}");
        assert!(removed.is_err() || counts == new, "call {call}");
    }
}

#[test]
fn any_call_that_fails_while_founding_leaves_nothing_behind() {
    let header = counting(&VAULT_WITH_ONE_SLOT.0);
    let empty = Folder::from([("/".into(), Vec::new())]);
    let whole = PaperDisk::holding(empty.clone());
    headers(&whole).restore(Path::new(VAULT), &header).unwrap();
    for call in 0..whole.calls() {
        for (kind, named) in [
            (io::ErrorKind::StorageFull, "DiskFull"),
            (io::ErrorKind::ReadOnlyFilesystem, "ReadOnly"),
            (io::ErrorKind::PermissionDenied, "ReadOnly"),
        ] {
            let disk = PaperDisk::failing(empty.clone(), call, kind, false);
            let error = headers(&disk).restore(Path::new(VAULT), &header).unwrap_err();
            assert_eq!(format!("{error:?}"), named, "call {call}");
            assert_eq!(disk.now(), empty, "call {call}");
        }
    }
}

#[test]
fn what_a_crash_left_beside_the_copies_is_in_nobodys_way() {
    let mut before = VAULT_WITH_ONE_SLOT.0.clone();
    for name in ["header.json.new", "header.backup.json.new"] {
        before.insert(Path::new(VAULT).join(name), b"half a hea".to_vec());
    }
    let disk = PaperDisk::holding(before);
    add(&disk).unwrap();
    let names: Vec<_> = disk.list(Path::new(VAULT)).unwrap();
    assert_eq!(names, ["header.backup.json", "header.json", "lock"]);
}

#[test]
fn a_medium_that_cannot_be_written_still_unlocks_a_vault_in_need_of_repair() {
    let mut before = VAULT_WITH_ONE_SLOT.0.clone();
    before.insert("/v.keyreeve/header.json".into(), b"damaged".to_vec());
    let disk = PaperDisk::failing(before.clone(), 0, io::ErrorKind::ReadOnlyFilesystem, true);
    assert!(opens(&disk, FIRST));
    assert_eq!(disk.now(), before);
    assert!(matches!(add(&disk), Err(HeaderError::ReadOnly)));
    assert!(matches!(
        headers(&disk).note_failed_unlock(Path::new(VAULT), jiff::Timestamp::UNIX_EPOCH),
        Err(HeaderError::ReadOnly)
    ));
}

#[test]
fn a_disk_that_gives_back_other_bytes_is_not_trusted() {
    #[derive(Clone)]
    struct Forgetful(PaperDisk);

    impl Files for Forgetful {
        fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
            let mut bytes = self.0.read(path, limit)?;
            if path.extension().is_some_and(|extension| extension == "new") {
                bytes.pop();
            }
            Ok(bytes)
        }
        fn has_file(&self, path: &Path) -> bool {
            self.0.has_file(path)
        }
        fn list(&self, folder: &Path) -> io::Result<Vec<OsString>> {
            self.0.list(folder)
        }
        fn make_folder(&self, folder: &Path) -> io::Result<()> {
            self.0.make_folder(folder)
        }
        fn close_folder(&self, folder: &Path) -> io::Result<()> {
            self.0.close_folder(folder)
        }
        fn write_new(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
            self.0.write_new(path, bytes)
        }
        fn append(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
            self.0.append(path, bytes)
        }
        fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
            self.0.rename(from, to)
        }
        fn remove(&self, path: &Path) -> io::Result<()> {
            self.0.remove(path)
        }
        fn remove_folder(&self, folder: &Path) -> io::Result<()> {
            self.0.remove_folder(folder)
        }
        fn sync_folder(&self, folder: &Path) -> io::Result<()> {
            self.0.sync_folder(folder)
        }
        fn lock(&self, path: &Path, wait: Duration) -> io::Result<Box<dyn Send>> {
            self.0.lock(path, wait)
        }
    }

    let (before, slot) = &*VAULT_WITH_TWO_SLOTS;
    let disk = PaperDisk::holding(before.clone());
    let headers = FileHeaders::over(Forgetful(disk.clone()), Duration::ZERO);
    let refused = headers.remove_slot(Path::new(VAULT), &keys(), *slot);
    assert!(matches!(refused, Err(HeaderError::Io(_))));
    assert_eq!(disk.now(), *before);
}

/// A keyring, or a card, whose secrets are on paper too: what a slot keeps outside the header.
#[derive(Clone)]
struct PaperDevice {
    kind: SlotKind,
    kept: Arc<Mutex<BTreeMap<SlotId, [u8; 32]>>>,
}

impl PaperDevice {
    fn of(kind: SlotKind) -> Self {
        Self { kind, kept: Arc::default() }
    }

    fn keeps(&self) -> usize {
        self.kept.lock().unwrap().len()
    }
}

impl KeySource for PaperDevice {
    fn kind(&self) -> SlotKind {
        self.kind
    }

    fn enrol(&self, place: Place, _way: &NewWay<'_>) -> Result<(Part, SlotKey), HeaderError> {
        let secret = keyreeve_crypto::make_array().unwrap();
        self.kept.lock().unwrap().insert(place.slot, secret);
        let part = if self.kind == SlotKind::OsKeyring {
            Part::OsKeyring { salt: [0; 32] }
        } else {
            Part::Card(CardPart {
                kind: self.kind,
                serial: "0042".into(),
                algorithm: "ecdh-p256".into(),
                public_key: vec![1],
                challenge: vec![2],
            })
        };
        Ok((part, SlotKey::from_bytes(&secret)))
    }

    fn key(
        &self,
        place: Place,
        _part: &Part,
        _credentials: &Credentials<'_>,
    ) -> Result<SlotKey, HeaderError> {
        let kept = self.kept.lock().unwrap();
        kept.get(&place.slot)
            .map(SlotKey::from_bytes)
            .ok_or(HeaderError::Keyring(KeyringError::ItemMissing))
    }

    fn forget(&self, place: Place, _part: &Part) {
        self.kept.lock().unwrap().remove(&place.slot);
    }
}

/// Every kind of way in that is not a passphrase alone, with what it is made of.
fn over_each_way(check: impl Fn(&NewWay<'_>, &PaperDevice)) {
    let pin = secret("123456");
    let card = |kind| NewWay::Card(NewCard { kind, serial: "0042", pin: &pin });
    let code = crate::recovery::make(RecoveryForm::Code).unwrap().texts;
    let shares = RecoveryForm::Shares { shares: 3, threshold: 2 };
    let shares = crate::recovery::make(shares).unwrap().texts;
    let first = secret(FIRST);
    let both = [NewWay::Passphrase(&first), NewWay::OsKeyring];
    let card_and_paper = [card(SlotKind::PivCard), NewWay::Recovery(&code)];
    for (way, device) in [
        (NewWay::OsKeyring, SlotKind::OsKeyring),
        (card(SlotKind::PivCard), SlotKind::PivCard),
        (card(SlotKind::OpenpgpCard), SlotKind::OpenpgpCard),
        (NewWay::Recovery(&code), SlotKind::OsKeyring),
        (NewWay::Recovery(&shares), SlotKind::OsKeyring),
        (NewWay::AllOf(&both), SlotKind::OsKeyring),
        (NewWay::AllOf(&card_and_paper), SlotKind::PivCard),
    ] {
        check(&way, &PaperDevice::of(device));
    }
}

fn add_way(
    disk: &PaperDisk,
    device: &PaperDevice,
    way: &NewWay<'_>,
) -> Result<SlotId, HeaderError> {
    let slot = NewSlot {
        name: "Way",
        role: Role::Administrator,
        way: *way,
        created_at: jiff::Timestamp::UNIX_EPOCH,
    };
    let headers = headers(disk).with_source(device.clone());
    Ok(headers.add_slot(Path::new(VAULT), &keys(), &slot)?.id)
}

/// Whether the slot opens with what it was made of.
fn way_opens(disk: &PaperDisk, device: &PaperDevice, way: &NewWay<'_>, id: SlotId) -> bool {
    let headers = headers(disk).with_source(device.clone());
    let bytes = headers.raw(Path::new(VAULT)).unwrap();
    let body = crate::format::parse(&bytes).unwrap().body;
    let Some(slot) = body.slots.iter().find(|slot| slot.id == id) else { return false };
    let proof = crate::unlocking::Proof::of(way, slot);
    let opened =
        headers.unlock(Path::new(VAULT), &SlotChoice::Id(id), &proof.credentials()).unwrap();
    opened.keys.material == keys().material
}

#[test]
fn a_power_cut_while_adding_any_kind_leaves_the_old_ways_in_or_the_new() {
    let (before, _) = &*VAULT_WITH_ONE_SLOT;
    over_each_way(|way, device| {
        let disk = PaperDisk::holding(before.clone());
        let id = add_way(&disk, device, way).unwrap();
        assert_old_or_new_after_every_power_cut(before, &disk);
        assert!(way_opens(&PaperDisk::holding(disk.durable()), device, way, id), "{way:?}");
    });
}

#[test]
fn a_call_that_fails_while_a_device_is_added_leaves_nothing_on_it_or_everything() {
    let (before, _) = &*VAULT_WITH_ONE_SLOT;
    for kind in [SlotKind::OsKeyring, SlotKind::OpenpgpCard] {
        let pin = secret("123456");
        let way = match kind {
            SlotKind::OsKeyring => NewWay::OsKeyring,
            kind => NewWay::Card(NewCard { kind, serial: "0042", pin: &pin }),
        };
        let whole = PaperDisk::holding(before.clone());
        add_way(&whole, &PaperDevice::of(kind), &way).unwrap();
        let mut refused = 0;
        for call in 0..whole.calls() {
            let disk = PaperDisk::failing(before.clone(), call, io::ErrorKind::StorageFull, false);
            let device = PaperDevice::of(kind);
            match add_way(&disk, &device, &way) {
                Ok(id) => {
                    assert_eq!(device.keeps(), 1, "call {call}");
                    assert!(way_opens(&disk, &device, &way, id), "call {call}");
                }
                Err(_) => {
                    refused += 1;
                    assert_eq!(device.keeps(), 0, "call {call}: what opens nothing is forgotten");
                    assert!(counting(&disk.now()) == counting(before), "call {call}");
                }
            }
        }
        assert!(refused > 4, "{refused}");
    }
}

#[test]
fn a_call_that_fails_while_a_device_is_removed_keeps_it_or_ends_it() {
    let device = PaperDevice::of(SlotKind::OsKeyring);
    let made = PaperDisk::holding(VAULT_WITH_ONE_SLOT.0.clone());
    let id = add_way(&made, &device, &NewWay::OsKeyring).unwrap();
    let before = made.now();
    let remove = |disk: &PaperDisk, device: &PaperDevice| {
        headers(disk).with_source(device.clone()).remove_slot(Path::new(VAULT), &keys(), id)
    };
    let copy = || PaperDevice {
        kind: device.kind,
        kept: Arc::new(Mutex::new(device.kept.lock().unwrap().clone())),
    };
    let whole = PaperDisk::holding(before.clone());
    remove(&whole, &copy()).unwrap();
    for call in 0..whole.calls() {
        let disk = PaperDisk::failing(before.clone(), call, io::ErrorKind::Other, false);
        let device = copy();
        match remove(&disk, &device) {
            Ok(_) => assert_eq!(device.keeps(), 0, "call {call}"),
            Err(_) => assert!(way_opens(&disk, &device, &NewWay::OsKeyring, id), "call {call}"),
        }
    }
}

#[test]
fn a_power_cut_or_a_failing_call_while_handing_over_leaves_the_old_material_key_or_the_new() {
    let (before, _) = &*VAULT_WITH_TWO_SLOTS;
    let next = || VaultKeys {
        vault: VaultKey::from_bytes(&[1; 32]),
        material: Some(MaterialKey::from_bytes(&[4; 32])),
    };
    let hand_over = |disk: &PaperDisk| {
        headers(disk).hand_over(Path::new(VAULT), &next(), &MaterialKey::from_bytes(&[2; 32]))
    };
    let disk = PaperDisk::holding(before.clone());
    hand_over(&disk).unwrap();
    assert_old_or_new_after_every_power_cut(before, &disk);
    let yields = |disk: &PaperDisk, passphrase: &str| {
        let passphrase = secret(passphrase);
        let shown = Credentials::passphrase(&passphrase);
        headers(disk).unlock(Path::new(VAULT), &SlotChoice::Any, &shown).unwrap().keys.material
    };
    for passphrase in [FIRST, SECOND] {
        assert_eq!(yields(&disk, passphrase), next().material);
    }
    for call in 0..disk.calls() {
        let disk = PaperDisk::failing(before.clone(), call, io::ErrorKind::StorageFull, false);
        let is_old = hand_over(&disk).is_err();
        assert_eq!(counting(&disk.now()) == counting(before), is_old, "call {call}");
        // And it goes on where it was refused, without a second key in between.
        hand_over(&disk).unwrap();
        assert_eq!(hand_over(&disk).unwrap().sequence, 3, "call {call}");
    }
}

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

use keyreeve_crypto::{Argon2Params, MaterialKey, SecretString, VaultKey, VaultKeys};
use keyreeve_domain::ports::{Credentials, HeaderError, Headers, NewSlot, NewWay, SlotChoice};
use keyreeve_domain::{Role, SlotId, VaultId};

use crate::files::Files;
use crate::headers::FileHeaders;

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

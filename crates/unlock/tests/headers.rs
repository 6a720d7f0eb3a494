//! Headers on the real disk, through the port.
//!
//! Argon2id runs at its floor, and still takes a good part of the time here: tests share a vault
//! where they only read it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::thread;
use std::time::Instant;

use jiff::Timestamp;
use keyreeve_crypto::{Argon2Params, MaterialKey, SecretString, VaultKey, VaultKeys, sha256_parts};
use keyreeve_domain::ports::{
    Credentials, HeaderError, Headers, NewSlot, NewWay, SlotChoice, SlotInfo, SlotKind,
};
use keyreeve_domain::{Role, SlotId, VaultId};
use keyreeve_unlock::FileHeaders;
use tempfile::TempDir;

const PASSPHRASE: &str = "correct horse battery staple";

fn headers() -> FileHeaders {
    FileHeaders::with_params(Argon2Params::floor(2))
}

fn keys() -> VaultKeys {
    VaultKeys {
        vault: VaultKey::from_bytes(&[0x11; 32]),
        material: Some(MaterialKey::from_bytes(&[0x22; 32])),
    }
}

fn secret(text: &str) -> SecretString {
    SecretString::new(text.into())
}

fn time() -> Timestamp {
    "2026-01-31T08:15:00.250Z".parse().unwrap()
}

fn vault_id() -> VaultId {
    "0b0e6c1e-6f0a-4a44-9d3c-7f3d3c1a2b4c".parse().unwrap()
}

struct Vault {
    _scratch: TempDir,
    path: PathBuf,
    slot: SlotInfo,
}

impl Vault {
    fn make(passphrase: &str) -> Self {
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join("v.keyreeve");
        let slot = create(&path, passphrase).unwrap();
        Self { _scratch: scratch, path, slot }
    }

    /// A vault that costs no key derivation: a copy of one that was made before.
    fn copy() -> Self {
        static MADE: LazyLock<(Vec<u8>, SlotInfo)> = LazyLock::new(|| {
            let vault = Vault::make(PASSPHRASE);
            (headers().raw(&vault.path).unwrap(), vault.slot.clone())
        });
        let (header, slot) = &*MADE;
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join("v.keyreeve");
        headers().restore(&path, header).unwrap();
        Self { _scratch: scratch, path, slot: slot.clone() }
    }

    fn first(&self) -> PathBuf {
        self.path.join("header.json")
    }

    fn second(&self) -> PathBuf {
        self.path.join("header.backup.json")
    }

    fn write_both(&self, bytes: &[u8]) {
        fs::write(self.first(), bytes).unwrap();
        fs::write(self.second(), bytes).unwrap();
    }

    fn unlock(&self, passphrase: &str) -> Result<VaultKeys, HeaderError> {
        unlock(&self.path, passphrase)
    }
}

fn create(path: &Path, passphrase: &str) -> Result<SlotInfo, HeaderError> {
    headers().create(
        path,
        vault_id(),
        &keys(),
        &slot("Main", Role::Administrator, &secret(passphrase)),
    )
}

fn slot<'a>(name: &'a str, role: Role, passphrase: &'a SecretString) -> NewSlot<'a> {
    NewSlot { name, role, way: NewWay::Passphrase(passphrase), created_at: time() }
}

fn unlock(path: &Path, passphrase: &str) -> Result<VaultKeys, HeaderError> {
    headers()
        .unlock(path, &SlotChoice::Any, &Credentials::passphrase(&secret(passphrase)))
        .map(|unlocked| unlocked.keys)
}

fn assert_same_keys(found: &VaultKeys) {
    assert_eq!(found.vault, keys().vault);
    assert_eq!(found.material, keys().material);
}

/// The header with its body changed by someone who knows the format, but not VK.
fn forged(header: &[u8], change: impl Fn(&str) -> String) -> Vec<u8> {
    let text = std::str::from_utf8(header).unwrap();
    let (body, rest) =
        text.strip_prefix("{\"body\":").unwrap().rsplit_once(",\"sha256\":").unwrap();
    let hmac = &rest[rest.len() - 67..rest.len() - 3];
    let body = change(body);
    let sha256: String = sha256_parts(&[body.as_bytes(), hmac.as_bytes()])
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{{\"body\":{body},\"sha256\":\"{sha256}\",\"hmac\":\"{hmac}\"}}\n").into_bytes()
}

#[test]
fn a_new_vault_opens_with_its_passphrase_alone() {
    let vault = Vault::make(PASSPHRASE);
    let info = headers().read(&vault.path).unwrap();
    assert_eq!((info.format, info.vault_id, info.sequence), (1, vault_id(), 1));
    assert_eq!(info.created_at, time());
    assert_eq!(info.slots, std::slice::from_ref(&vault.slot));
    assert_eq!(vault.slot.kind, SlotKind::Passphrase);
    assert_eq!(vault.slot.role, Role::Administrator);

    let unlocked = headers()
        .unlock(
            &vault.path,
            &SlotChoice::Id(vault.slot.id),
            &Credentials::passphrase(&secret(PASSPHRASE)),
        )
        .unwrap();
    assert_same_keys(&unlocked.keys);
    assert_eq!((unlocked.slot, unlocked.header), (vault.slot.clone(), info));

    for wrong in ["", "Correct horse battery staple", "correct horse battery staple "] {
        assert!(matches!(vault.unlock(wrong), Err(HeaderError::WrongPassphrase)), "{wrong:?}");
    }
    let other = SlotId::from_bytes([9; 16]);
    assert!(matches!(
        headers().unlock(
            &vault.path,
            &SlotChoice::Id(other),
            &Credentials::passphrase(&secret(PASSPHRASE))
        ),
        Err(HeaderError::NoSuchSlot { .. })
    ));
}

#[test]
fn forms_of_one_passphrase_are_one_and_emoji_are_welcome() {
    let composed = "Schlüssel 🗝️ für 한글 ﬁ";
    let decomposed =
        "Schlu\u{308}ssel 🗝️ fu\u{308}r \u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF} ﬁ";
    let vault = Vault::make(composed);
    assert_same_keys(&vault.unlock(decomposed).unwrap());
    // Compatibility forms look different, and so are different.
    let folded = composed.replace('ﬁ', "fi");
    assert!(matches!(vault.unlock(&folded), Err(HeaderError::WrongPassphrase)));
}

#[cfg(unix)]
#[test]
fn the_folder_and_its_files_are_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("v.keyreeve");
    // A folder made by hand is taken, and closed to others.
    fs::create_dir(&path).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o777)).unwrap();
    create(&path, PASSPHRASE).unwrap();
    headers().note_failed_unlock(&path, time()).unwrap();
    assert_eq!(mode(&path), 0o700);
    let mut names = Vec::new();
    for entry in fs::read_dir(&path).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(mode(&entry.path()), 0o600, "{entry:?}");
        names.push(entry.file_name().into_string().unwrap());
    }
    names.sort();
    assert_eq!(names, ["failed-unlocks", "header.backup.json", "header.json", "lock"]);
}

#[test]
fn what_is_there_already_is_not_touched() {
    let vault = Vault::copy();
    let before = fs::read(vault.first()).unwrap();
    assert!(matches!(create(&vault.path, "other"), Err(HeaderError::Exists { .. })));
    assert!(matches!(headers().restore(&vault.path, &before), Err(HeaderError::Exists { .. })));
    assert_eq!(fs::read(vault.first()).unwrap(), before);
    assert_same_keys(&vault.unlock(PASSPHRASE).unwrap());

    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("file.keyreeve");
    fs::write(&file, "a file").unwrap();
    assert!(matches!(create(&file, "other"), Err(HeaderError::Exists { .. })));
    assert_eq!(fs::read(&file).unwrap(), b"a file");
    let full = scratch.path().join("full.keyreeve");
    fs::create_dir(&full).unwrap();
    fs::write(full.join("holiday.jpg"), "sun").unwrap();
    assert!(matches!(create(&full, "other"), Err(HeaderError::Exists { .. })));
    assert_eq!(fs::read_dir(&full).unwrap().count(), 1);
    let nowhere = scratch.path().join("no/such/folder.keyreeve");
    assert!(matches!(create(&nowhere, "other"), Err(HeaderError::Io(_))));
}

#[test]
fn a_vaults_first_slot_is_an_administrators() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("v.keyreeve");
    let passphrase = secret(PASSPHRASE);
    for role in [Role::Operator, Role::Auditor] {
        let refused =
            headers().create(&path, vault_id(), &keys(), &slot("Main", role, &passphrase));
        assert!(matches!(refused, Err(HeaderError::LastAdministrator)));
    }
    assert!(!path.exists());
}

#[test]
fn no_vault_a_lost_header_and_a_lost_database_are_told_apart() {
    let scratch = tempfile::tempdir().unwrap();
    let nothing = scratch.path().join("nothing.keyreeve");
    assert!(matches!(headers().read(&nothing), Err(HeaderError::NotAVault { .. })));
    assert!(matches!(unlock(&nothing, PASSPHRASE), Err(HeaderError::NotAVault { .. })));
    assert!(matches!(headers().raw(scratch.path()), Err(HeaderError::NotAVault { .. })));
    let file = scratch.path().join("file");
    fs::write(&file, "x").unwrap();
    assert!(matches!(headers().read(&file), Err(HeaderError::NotAVault { .. })));

    fs::write(scratch.path().join("vault.db"), "rows").unwrap();
    assert!(matches!(headers().read(scratch.path()), Err(HeaderError::Missing { .. })));

    // That the database is missing is for the database's own adapter to say.
    assert_same_keys(&Vault::copy().unlock(PASSPHRASE).unwrap());
}

#[test]
fn bytes_that_are_no_header_are_named_damage() {
    let vault = Vault::copy();
    for bytes in [
        &b""[..],
        b"\n",
        b"{",
        b"SQLite format 3\0",
        b"{\"body\":{},\"sha256\":\"\",\"hmac\":\"\"}\n",
        &[0; 4096],
    ] {
        vault.write_both(bytes);
        match headers().read(&vault.path) {
            Err(HeaderError::Damaged { what }) => {
                assert!(what.contains("header.json: ") && what.contains("header.backup.json: "));
            }
            other => panic!("{other:?}"),
        }
        assert!(matches!(vault.unlock(PASSPHRASE), Err(HeaderError::Damaged { .. })));
        assert!(matches!(
            headers().add_slot(
                &vault.path,
                &keys(),
                &slot("More", Role::Operator, &secret("more"))
            ),
            Err(HeaderError::Damaged { .. })
        ));
        assert_eq!(fs::read(vault.first()).unwrap(), bytes, "damage is left as it was found");
    }
}

#[cfg(unix)]
#[test]
fn huge_files_folders_and_pipes_are_not_read() {
    let vault = Vault::copy();
    for path in [vault.first(), vault.second()] {
        fs::File::create(&path).unwrap().set_len(5 << 30).unwrap();
    }
    let start = Instant::now();
    assert!(matches!(headers().read(&vault.path), Err(HeaderError::Damaged { .. })));
    assert!(start.elapsed().as_secs() < 60, "a hole of 5 GB was read");
    fs::remove_file(vault.first()).unwrap();
    fs::create_dir(vault.first()).unwrap();
    fs::remove_file(vault.second()).unwrap();
    std::os::unix::net::UnixListener::bind(vault.second()).unwrap();
    assert!(matches!(headers().read(&vault.path), Err(HeaderError::Damaged { .. })));
}

#[test]
fn truncations_and_flipped_bits_of_both_copies_are_refused() {
    // Each and every one is tried where the format is parsed; here, that nothing gets around it.
    let vault = Vault::copy();
    let header = fs::read(vault.first()).unwrap();
    for len in (0..header.len()).step_by(7) {
        vault.write_both(&header[..len]);
        assert!(matches!(headers().read(&vault.path), Err(HeaderError::Damaged { .. })), "{len}");
    }
    for bit in (0..header.len() * 8).step_by(37) {
        let mut flipped = header.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        vault.write_both(&flipped);
        assert!(matches!(headers().read(&vault.path), Err(HeaderError::Damaged { .. })), "{bit}");
    }
}

#[test]
fn one_damaged_copy_is_stood_in_for_and_mended_by_the_next_unlock() {
    let vault = Vault::copy();
    let header = fs::read(vault.first()).unwrap();
    for victim in [vault.first(), vault.second()] {
        for bit in (0..header.len() * 8).step_by(101) {
            let mut flipped = header.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            fs::write(&victim, &flipped).unwrap();
            assert_eq!(headers().raw(&vault.path).unwrap(), header, "bit {bit}");
            assert_eq!(fs::read(&victim).unwrap(), flipped, "reading alone writes nothing");
        }
        assert!(vault.unlock("wrong").is_err());
        assert_ne!(fs::read(&victim).unwrap(), header, "nor does an unlock that fails");
        assert_same_keys(&vault.unlock(PASSPHRASE).unwrap());
        assert_eq!(fs::read(&victim).unwrap(), header);
        fs::remove_file(&victim).unwrap();
        assert_same_keys(&vault.unlock(PASSPHRASE).unwrap());
        assert_eq!(fs::read(&victim).unwrap(), header);
    }
}

#[test]
fn the_newer_of_two_copies_counts_and_mends_the_other() {
    let vault = Vault::copy();
    let old = fs::read(vault.first()).unwrap();
    headers().change_passphrase(&vault.path, &keys(), vault.slot.id, &secret("new")).unwrap();
    let new = fs::read(vault.first()).unwrap();
    for stale in [vault.first(), vault.second()] {
        fs::write(&stale, &old).unwrap();
        assert!(matches!(vault.unlock(PASSPHRASE), Err(HeaderError::WrongPassphrase)));
        assert_same_keys(&vault.unlock("new").unwrap());
        assert_eq!(fs::read(&stale).unwrap(), new);
    }
}

#[test]
fn a_newer_format_is_refused_as_newer_and_left_alone() {
    let vault = Vault::copy();
    let header = fs::read(vault.first()).unwrap();
    let newer = forged(&header, |_| r#"{"format":2,"whatever":{"comes":"next"}}"#.into());
    for place in [vault.first(), vault.second()] {
        vault.write_both(&header);
        fs::write(&place, &newer).unwrap();
        for refused in [
            headers().read(&vault.path).map(drop),
            vault.unlock(PASSPHRASE).map(drop),
            headers().remove_slot(&vault.path, &keys(), vault.slot.id).map(drop),
            headers().restore(&vault.path.with_extension("other"), &newer).map(drop),
        ] {
            assert!(matches!(refused, Err(HeaderError::Newer { found: 2, known: 1 })));
        }
        assert_eq!(fs::read(&place).unwrap(), newer);
    }
    assert!(!vault.path.with_extension("other").exists());
}

#[test]
fn hostile_costs_take_no_memory() {
    let vault = Vault::copy();
    let header = fs::read(vault.first()).unwrap();
    for (from, to) in [
        ("\"memoryKib\":65536", "\"memoryKib\":4294967295"),
        ("\"memoryKib\":65536", "\"memoryKib\":8"),
        ("\"timeCost\":3", "\"timeCost\":4294967295"),
        ("\"timeCost\":3", "\"timeCost\":1"),
        ("\"lanes\":2", "\"lanes\":16777215"),
        ("\"lanes\":2", "\"lanes\":0"),
    ] {
        vault.write_both(&forged(&header, |body| body.replace(from, to)));
        assert!(matches!(vault.unlock(PASSPHRASE), Err(HeaderError::Parameters(_))), "{to}");
        assert!(matches!(headers().read(&vault.path), Err(HeaderError::Parameters(_))), "{to}");
    }
    let too_cheap = Argon2Params { memory_kib: 8, time_cost: 1, lanes: 1 };
    let refused = FileHeaders::with_params(too_cheap).create(
        &vault.path.with_extension("other"),
        vault_id(),
        &keys(),
        &slot("Main", Role::Administrator, &secret("x")),
    );
    assert!(matches!(refused, Err(HeaderError::Parameters(_))));
}

#[test]
fn what_the_slot_does_not_bind_the_hmac_does() {
    let vault = Vault::copy();
    let header = fs::read(vault.first()).unwrap();
    let changes: [(&str, &str); 3] = [
        ("\"name\":\"Main\"", "\"name\":\"Mine\""),
        ("\"sequence\":1", "\"sequence\":99"),
        ("00.250Z\",\"sequence", "00.251Z\",\"sequence"),
    ];
    for (from, to) in changes {
        let changed = forged(&header, |body| body.replace(from, to));
        assert_ne!(changed, header);
        vault.write_both(&changed);
        assert!(matches!(vault.unlock(PASSPHRASE), Err(HeaderError::Tampered)), "{to}");
        let removed = headers().remove_slot(&vault.path, &keys(), vault.slot.id);
        assert!(matches!(removed, Err(HeaderError::Tampered)), "{to}");
        assert_eq!(fs::read(vault.first()).unwrap(), changed, "{to}");
    }
    // These the slot itself refuses, with the right passphrase.
    for (from, to) in [
        ("\"role\":\"administrator\"", "\"role\":\"operator\""),
        ("\"timeCost\":3", "\"timeCost\":4"),
        (&vault_id().to_string(), "0b0e6c1e-6f0a-4a44-9d3c-7f3d3c1a2b4d"),
    ] {
        vault.write_both(&forged(&header, |body| body.replace(from, to)));
        assert!(matches!(vault.unlock(PASSPHRASE), Err(HeaderError::WrongPassphrase)), "{to}");
    }
}

#[test]
fn slots_come_and_go_and_each_opens_what_its_role_may() {
    let vault = Vault::copy();
    let (auditor, operator) = (secret("auditor's"), secret("operator's"));
    let auditor_slot =
        headers().add_slot(&vault.path, &keys(), &slot("Books", Role::Auditor, &auditor)).unwrap();
    let operator_slot = headers()
        .add_slot(&vault.path, &keys(), &slot("Desk 🗝", Role::Operator, &operator))
        .unwrap();
    assert_eq!(fs::read(vault.first()).unwrap(), fs::read(vault.second()).unwrap());
    let info = headers().read(&vault.path).unwrap();
    assert_eq!(info.sequence, 3);
    assert_eq!(info.slots, [vault.slot.clone(), auditor_slot.clone(), operator_slot.clone()]);

    let books = vault.unlock("auditor's").unwrap();
    assert_eq!((&books.vault, &books.material), (&keys().vault, &None));
    assert_same_keys(&vault.unlock("operator's").unwrap());
    let choice = SlotChoice::Id(auditor_slot.id);
    let wrong_slot = headers().unlock(&vault.path, &choice, &Credentials::passphrase(&operator));
    assert!(matches!(wrong_slot, Err(HeaderError::WrongPassphrase)));

    // Who holds no MK cannot hand it on.
    let given =
        headers().add_slot(&vault.path, &books, &slot("More", Role::Operator, &secret("more")));
    assert!(matches!(given, Err(HeaderError::Crypto(_))));

    let last = headers().remove_slot(&vault.path, &keys(), vault.slot.id);
    assert!(matches!(last, Err(HeaderError::LastAdministrator)));
    let removed = headers().remove_slot(&vault.path, &keys(), operator_slot.id).unwrap();
    assert_eq!(removed, operator_slot);
    assert!(matches!(vault.unlock("operator's"), Err(HeaderError::WrongPassphrase)));
    for file in [vault.first(), vault.second()] {
        let text = fs::read_to_string(file).unwrap();
        assert!(!text.contains(&operator_slot.id.to_string()));
    }
    let again = headers().remove_slot(&vault.path, &keys(), operator_slot.id);
    assert!(matches!(again, Err(HeaderError::NoSuchSlot { .. })));
    let missing =
        headers().change_passphrase(&vault.path, &keys(), operator_slot.id, &secret("new"));
    assert!(matches!(missing, Err(HeaderError::NoSuchSlot { .. })));
}

#[test]
fn a_changed_passphrase_keeps_the_slot_and_ends_the_old_one() {
    let vault = Vault::copy();
    let changed =
        headers().change_passphrase(&vault.path, &keys(), vault.slot.id, &secret("новый 🔑"));
    assert_eq!(changed.unwrap(), vault.slot);
    assert!(matches!(vault.unlock(PASSPHRASE), Err(HeaderError::WrongPassphrase)));
    assert_same_keys(&vault.unlock("новый 🔑").unwrap());
    assert_eq!(headers().read(&vault.path).unwrap().sequence, 2);
}

#[test]
fn keys_of_another_vault_change_nothing() {
    let vault = Vault::copy();
    let before = fs::read(vault.first()).unwrap();
    let other = VaultKeys {
        vault: VaultKey::from_bytes(&[0x33; 32]),
        material: Some(MaterialKey::from_bytes(&[0x44; 32])),
    };
    let passphrase = secret("more");
    let added =
        headers().add_slot(&vault.path, &other, &slot("More", Role::Administrator, &passphrase));
    assert!(matches!(added, Err(HeaderError::Tampered)));
    let changed = headers().change_passphrase(&vault.path, &other, vault.slot.id, &passphrase);
    assert!(matches!(changed, Err(HeaderError::Tampered)));
    // The right VK with a wrong MK would make a slot that opens to nothing of use.
    let half = VaultKeys { vault: VaultKey::from_bytes(&[0x11; 32]), material: None };
    let changed = headers().change_passphrase(&vault.path, &half, vault.slot.id, &passphrase);
    assert!(matches!(changed, Err(HeaderError::Crypto(_))));
    assert_eq!(fs::read(vault.first()).unwrap(), before);
}

#[test]
fn deceiving_names_are_refused() {
    let vault = Vault::copy();
    let passphrase = secret("more");
    for name in ["", "   ", "two\nlines", "\u{202E}evil", &"n".repeat(10_000)] {
        let new = slot(name, Role::Operator, &passphrase);
        let refused = headers().add_slot(&vault.path, &keys(), &new);
        assert!(matches!(refused, Err(HeaderError::SlotName(_))), "{name:?}");
    }
    assert_eq!(headers().read(&vault.path).unwrap().sequence, 1);
}

#[test]
fn two_at_once_both_get_their_slot() {
    let vault = Vault::copy();
    thread::scope(|scope| {
        for name in ["one", "two"] {
            let path = &vault.path;
            scope.spawn(move || {
                let passphrase = secret(name);
                headers()
                    .add_slot(path, &keys(), &slot(name, Role::Operator, &passphrase))
                    .unwrap();
            });
        }
    });
    let info = headers().read(&vault.path).unwrap();
    assert_eq!((info.slots.len(), info.sequence), (3, 3));
    assert_same_keys(&vault.unlock("one").unwrap());
    assert_same_keys(&vault.unlock("two").unwrap());
}

#[test]
fn of_two_who_found_a_vault_at_once_one_is_refused() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("v.keyreeve");
    let made: Vec<_> = thread::scope(|scope| {
        let path = &path;
        let threads: Vec<_> =
            ["one", "two"].map(|passphrase| scope.spawn(move || create(path, passphrase))).into();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let won = made.iter().position(Result::is_ok).unwrap();
    assert!(matches!(made[1 - won], Err(HeaderError::Exists { .. })), "{made:?}");
    assert_same_keys(&unlock(&path, ["one", "two"][won]).unwrap());
}

#[test]
fn a_header_survives_a_backup_and_restores_nothing_but_headers() {
    let vault = Vault::copy();
    let raw = headers().raw(&vault.path).unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("restored.keyreeve");
    let mut damaged = raw.clone();
    damaged[40] ^= 1;
    for bytes in [&damaged[..], b"", b"header", &vec![b'x'; 70_000]] {
        assert!(matches!(headers().restore(&path, bytes), Err(HeaderError::Damaged { .. })));
        assert!(!path.exists());
    }
    let info = headers().restore(&path, &raw).unwrap();
    assert_eq!(info, headers().read(&vault.path).unwrap());
    assert_same_keys(&unlock(&path, PASSPHRASE).unwrap());
}

fn lines(times: &[Timestamp]) -> String {
    times.iter().map(|at| format!("{at:.3}\n")).collect()
}

#[test]
fn failed_unlocks_are_kept_until_they_are_logged() {
    let vault = Vault::copy();
    assert_eq!(headers().failed_unlocks(&vault.path).unwrap(), []);
    headers().clear_failed_unlocks(&vault.path).unwrap();
    let times: Vec<Timestamp> =
        (0..1_005).map(|second| time() + jiff::SignedDuration::from_secs(second)).collect();
    for at in &times[..3] {
        headers().note_failed_unlock(&vault.path, *at).unwrap();
    }
    let noted = vault.path.join("failed-unlocks");
    assert_eq!(fs::read_to_string(&noted).unwrap(), lines(&times[..3]));
    fs::write(&noted, lines(&times[..999])).unwrap();
    for at in &times[999..] {
        headers().note_failed_unlock(&vault.path, *at).unwrap();
    }
    assert_eq!(headers().failed_unlocks(&vault.path).unwrap(), times[..1_000]);
    assert_eq!(headers().failed_unlocks(&vault.path).unwrap().len(), 1_000, "reading takes none");
    assert_eq!(fs::metadata(vault.path.join("failed-unlocks")).unwrap().len(), 25_000);
    headers().clear_failed_unlocks(&vault.path).unwrap();
    assert_eq!(headers().failed_unlocks(&vault.path).unwrap(), []);
    assert!(matches!(
        headers().note_failed_unlock(&vault.path.join("nowhere"), time()),
        Err(HeaderError::Io(_))
    ));
}

/// Once written, it opens for ever: VK is 32 × 11, MK 32 × 22 (hexadecimal).
#[test]
fn the_pinned_header_of_format_1_opens() {
    let pinned = fs::read("tests/fixtures/format-1/header.json").unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("pinned.keyreeve");
    let info = headers().restore(&path, &pinned).unwrap();
    assert_eq!((info.format, info.sequence, info.slots.len()), (1, 2, 2));
    assert_eq!(info.vault_id, vault_id());
    let main = unlock(&path, "Grüße an die 🗝️").unwrap();
    assert_same_keys(&main);
    let books = unlock(&path, "only the books").unwrap();
    assert_eq!((books.vault, books.material), (keys().vault, None));
    assert_eq!(headers().raw(&path).unwrap(), pinned);
}

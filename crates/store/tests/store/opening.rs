//! Making and opening: what is no vault's database is named and left as it is.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;

use keyreeve_domain::KeyQuery;
use keyreeve_domain::audit::Action;
use keyreeve_domain::ports::{StoreError, StoreOpener as _};
use keyreeve_store::SqlcipherOpener;
use tempfile::TempDir;

use crate::support::{Vault, at, database_key, draft, key_id, meta, raw};

fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(folder).unwrap().map(Result::unwrap);
    let name = |file: &fs::DirEntry| file.file_name().to_string_lossy().into_owned();
    files.map(|file| (name(&file), fs::read(file.path()).unwrap())).collect()
}

/// Opens what must not open, and sees that nothing was touched.
fn refused(folder: &Path) -> StoreError {
    let before = contents(folder);
    let error = SqlcipherOpener.open(folder, &database_key(1)).err().expect("must be refused");
    assert_eq!(contents(folder), before, "{error}");
    error
}

/// A folder with these bytes as its database.
fn folder_with(bytes: &[u8]) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("vault.db"), bytes).unwrap();
    folder
}

fn create(folder: &Path) -> Result<(), StoreError> {
    SqlcipherOpener.create(folder, &database_key(1), &meta(), draft(Action::VaultCreate)).map(drop)
}

#[test]
fn a_new_vault_says_what_it_was_told() {
    let vault = Vault::new().reopened();
    let read = vault.store.read().unwrap();
    assert_eq!(read.meta().unwrap(), meta());
    assert_eq!(read.frontier().unwrap().size(), 1);
    let page = read.list(&KeyQuery { limit: 10, ..KeyQuery::default() }, at(0)).unwrap();
    assert_eq!((page.rows.len(), page.total, page.next), (0, 0, None));
    drop(read);
    vault.store.check_integrity().unwrap();
    let names: Vec<_> = contents(vault.folder.path()).into_keys().collect();
    assert_eq!(names, ["vault.db"]);
}

#[cfg(unix)]
#[test]
fn a_new_vault_is_readable_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let vault = Vault::new();
    let copy = vault.folder.path().join("copy.db");
    vault.store.copy_to(&copy, &keyreeve_domain::ports::Silent).unwrap();
    for file in [vault.file(), copy] {
        assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn making_never_replaces_anything() {
    for name in ["vault.db", "vault.db-journal", "vault.db-wal"] {
        for bytes in [&b""[..], b"x", &[0; 10_000]] {
            let folder = TempDir::new().unwrap();
            fs::write(folder.path().join(name), bytes).unwrap();
            let before = contents(folder.path());
            assert!(matches!(create(folder.path()), Err(StoreError::Exists { .. })), "{name}");
            assert_eq!(contents(folder.path()), before);
        }
    }
    let vault = Vault::new();
    assert!(matches!(create(vault.folder.path()), Err(StoreError::Exists { .. })));
    vault.reopened();
}

#[test]
fn making_in_a_folder_that_is_not_there_leaves_nothing() {
    let folder = TempDir::new().unwrap();
    assert!(matches!(create(&folder.path().join("none")), Err(StoreError::Io(_))));
    assert!(contents(folder.path()).is_empty());
}

#[test]
fn a_missing_database_is_named() {
    let folder = TempDir::new().unwrap();
    assert!(matches!(refused(folder.path()), StoreError::Missing { .. }));
}

#[test]
fn a_database_that_cannot_be_looked_at_is_not_called_missing() {
    let folder = folder_with(&[0xA7; 10_000]);
    let below_a_file = folder.path().join("vault.db");
    let error = SqlcipherOpener.open(&below_a_file, &database_key(1)).err().unwrap();
    assert!(matches!(error, StoreError::Io(_)), "{error}");
}

#[test]
fn what_nobody_has_open_any_more_is_looked_at_again() {
    let vault = Vault::new();
    let again = SqlcipherOpener.open(vault.folder.path(), &database_key(1)).unwrap();
    let Vault { folder, store } = vault;
    drop((store, again));
    // The same file, so that it would count as known if it still counted as in use.
    let mut file = fs::OpenOptions::new().write(true).open(folder.path().join("vault.db")).unwrap();
    file.write_all(b"SQLite format 3\0").unwrap();
    assert!(matches!(refused(folder.path()), StoreError::Plaintext { .. }));
}

#[test]
fn empty_and_short_files_are_named() {
    for size in [0, 1, 16, 100, 4095] {
        let folder = folder_with(&vec![0xA7; size]);
        let error = refused(folder.path());
        assert!(
            matches!(error, StoreError::TooShort { size: told, .. } if told == size as u64),
            "{size}: {error}"
        );
    }
}

#[test]
fn an_unencrypted_database_is_named() {
    let folder = TempDir::new().unwrap();
    let plain = rusqlite::Connection::open(folder.path().join("vault.db")).unwrap();
    plain.execute_batch("CREATE TABLE keys (name TEXT)").unwrap();
    drop(plain);
    assert!(matches!(refused(folder.path()), StoreError::Plaintext { .. }));
    let start = folder_with(b"SQLite format 3\0");
    assert!(matches!(refused(start.path()), StoreError::Plaintext { .. }));
}

#[test]
fn another_vault_s_database_and_noise_are_foreign() {
    let other = TempDir::new().unwrap();
    SqlcipherOpener
        .create(other.path(), &database_key(2), &meta(), draft(Action::VaultCreate))
        .unwrap();
    assert!(matches!(refused(other.path()), StoreError::Foreign { .. }));
    for size in [4096, 4097, 100_000] {
        let noise: Vec<u8> = (0..size).map(|n: u32| (n * 31 % 251) as u8).collect();
        let folder = folder_with(&noise);
        assert!(matches!(refused(folder.path()), StoreError::Foreign { .. }), "{size}");
    }
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("vault.db")).unwrap();
    assert!(SqlcipherOpener.open(folder.path(), &database_key(1)).is_err());
}

#[test]
fn a_database_of_this_key_that_no_vault_made_is_foreign() {
    let folder = TempDir::new().unwrap();
    let made = raw(&folder.path().join("vault.db"));
    made.execute_batch("CREATE TABLE t (a); PRAGMA user_version = 1").unwrap();
    drop(made);
    assert!(matches!(refused(folder.path()), StoreError::Foreign { .. }));
}

#[test]
fn a_newer_schema_is_named() {
    let vault = Vault::new();
    let folder = vault.folder;
    drop(vault.store);
    raw(&folder.path().join("vault.db")).execute_batch("PRAGMA user_version = 7").unwrap();
    let error = refused(folder.path());
    assert!(matches!(error, StoreError::Newer { found: 7, known: 5 }), "{error}");
}

#[test]
fn a_truncated_database_is_damaged() {
    let vault = Vault::new();
    (0..40).for_each(|n| drop(vault.add(n, &format!("key {n}"))));
    let whole = fs::read(vault.file()).unwrap();
    for len in [whole.len() / 2, whole.len() - 4096, 4096] {
        let folder = folder_with(&whole[..len]);
        let error = refused(folder.path());
        assert!(matches!(error, StoreError::Damaged { .. }), "{len}: {error}");
    }
}

#[test]
fn a_flipped_bit_is_found_wherever_it_is() {
    let vault = Vault::new();
    (0..40).for_each(|n| drop(vault.add(n, &format!("key {n}"))));
    let whole = fs::read(vault.file()).unwrap();
    for page in 0..whole.len() / 4096 {
        let mut bytes = whole.clone();
        bytes[page * 4096 + 2000] ^= 0x10;
        let folder = folder_with(&bytes);
        match SqlcipherOpener.open(folder.path(), &database_key(1)) {
            Ok(store) => {
                let found = store.check_integrity();
                assert!(matches!(found, Err(StoreError::Damaged { .. })), "{page}: {found:?}");
            }
            Err(error) => assert!(
                matches!(error, StoreError::Foreign { .. } | StoreError::Damaged { .. }),
                "{page}: {error}"
            ),
        }
    }
}

const PAGE: usize = 4096;

/// A vault of many pages, with some that nothing uses any more.
fn with_free_pages() -> Vault {
    let vault = Vault::new();
    (0..40).for_each(|n| drop(vault.add(n, &format!("key {n}"))));
    let raw_connection = raw(&vault.file());
    raw_connection.execute("INSERT INTO settings VALUES ('x', ?1)", ["x".repeat(80_000)]).unwrap();
    raw_connection.execute("DELETE FROM settings WHERE name = 'x'", []).unwrap();
    let free: u32 =
        raw_connection.query_row("PRAGMA freelist_count", [], |row| row.get(0)).unwrap();
    let pages: u32 = raw_connection.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    assert!(pages >= 64 && free >= 16, "{pages} pages, {free} of them free");
    vault
}

fn write_at(mut file: &fs::File, place: usize, byte: u8) {
    file.seek(SeekFrom::Start(place as u64)).unwrap();
    file.write_all(&[byte]).unwrap();
}

/// Tries every bit of a page, on every core with a vault of its own, which is whole again at the end.
fn try_every_bit_of_a_page(trial: impl Fn(&Vault, &[u8], &fs::File, usize) + Sync) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let part = |core: usize| {
        let vault = with_free_pages();
        let whole = fs::read(vault.file()).unwrap();
        let on_disk = fs::File::options().write(true).open(vault.file()).unwrap();
        for bit in (core..PAGE * 8).step_by(cores) {
            trial(&vault, &whole, &on_disk, bit);
        }
        assert!(fs::read(vault.file()).unwrap() == whole);
    };
    std::thread::scope(|scope| {
        for core in 0..cores {
            let part = &part;
            scope.spawn(move || part(core));
        }
    });
}

/// One check reads every page, so one changed bit in each of them is as many trials at once. The
/// first page is left whole: without its salt no other could be looked at.
#[test]
fn every_bit_of_every_later_page_is_covered_by_its_mac() {
    try_every_bit_of_a_page(|vault, whole, on_disk, bit| {
        let pages = whole.len() / PAGE;
        let damage = |flip: u8| {
            for place in (1..pages).map(|page| page * PAGE + bit / 8) {
                write_at(on_disk, place, whole[place] ^ flip);
            }
        };
        damage(1 << (bit % 8));
        let connection = raw(&vault.file());
        connection.execute_batch("PRAGMA cipher_log_level = NONE").unwrap();
        let mut check = connection.prepare("PRAGMA cipher_integrity_check").unwrap();
        let found = check.query_map([], |row| row.get::<_, String>(0)).unwrap().count();
        assert_eq!(found, pages - 1, "bit {bit}");
        damage(0);
    });
}

#[test]
fn every_bit_of_the_first_page_keeps_the_vault_shut() {
    try_every_bit_of_a_page(|vault, whole, on_disk, bit| {
        let place = bit / 8;
        write_at(on_disk, place, whole[place] ^ (1 << (bit % 8)));
        let opened = SqlcipherOpener.open(vault.folder.path(), &database_key(1)).map(drop);
        assert!(matches!(opened, Err(StoreError::Foreign { .. })), "bit {bit}: {opened:?}");
        write_at(on_disk, place, whole[place]);
    });
}

/// The size costs nothing on the disk, and must cost nothing to look at.
#[test]
fn a_database_that_was_made_longer_is_noticed_at_once() {
    for more in [1, PAGE as u64, 1 << 40] {
        let vault = with_free_pages();
        let file = fs::File::options().write(true).open(vault.file()).unwrap();
        file.set_len(file.metadata().unwrap().len() + more).unwrap();
        let store = SqlcipherOpener.open(vault.folder.path(), &database_key(1)).unwrap();
        let error = store.check_integrity().unwrap_err();
        assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
        assert!(error.to_string().contains("and its file has"), "{error}");
    }
}

/// A journal that was changed while the power was off either still gives back the state before the
/// transaction, or the vault says that it is damaged. `KEYREEVE_SOAK` tries every bit.
#[test]
#[expect(clippy::print_stdout, reason = "what a long run came to")]
fn a_changed_journal_never_gives_half_a_transaction() {
    let (crashed, journal) = crashed();
    let name = crashed.path().join("vault.db");
    let database = fs::read(&name).unwrap();
    let sample =
        (0..512).step_by(13).chain((512..journal.len()).step_by(97)).map(|at| at * 8 + at % 8);
    let bits: Vec<usize> = match std::env::var_os("KEYREEVE_SOAK") {
        Some(_) => (0..journal.len() * 8).collect(),
        None => sample.collect(),
    };
    let gives_back = |bit: usize| {
        let mut changed = journal.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let folder = folder_with(&database);
        fs::write(folder.path().join("vault.db-journal"), &changed).unwrap();
        let opened = SqlcipherOpener.open(folder.path(), &database_key(1));
        let sound = opened.and_then(|store| {
            store.check_integrity()?;
            let read = store.read()?;
            read.frontier()?;
            read.trusted_key(key_id(1))
        });
        let Ok(key) = sound else { return false };
        let key = key.unwrap_or_else(|| panic!("bit {bit}: the key is gone"));
        assert_eq!(key.name.as_str(), "before the crash", "bit {bit}");
        let settings: u32 = raw(&folder.path().join("vault.db"))
            .query_row("SELECT count(*) FROM settings", [], |row| row.get(0))
            .unwrap();
        assert_eq!(settings, 0, "bit {bit}");
        true
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let given_back: usize = std::thread::scope(|scope| {
        let parts = bits.chunks(bits.len().div_ceil(cores));
        let counts =
            parts.map(|part| scope.spawn(|| part.iter().filter(|bit| gives_back(**bit)).count()));
        counts.collect::<Vec<_>>().into_iter().map(|count| count.join().unwrap()).sum()
    });
    let refused = bits.len() - given_back;
    println!("{} bytes of journal: {given_back} given back, {refused} refused", journal.len());
    assert!(given_back > 0 && refused > 0, "{given_back} given back, {refused} refused");
}

/// A folder as a crash in the middle of a large transaction leaves it.
fn crashed() -> (TempDir, Vec<u8>) {
    let vault = Vault::new();
    vault.add(1, "before the crash");
    let crashed = TempDir::new().unwrap();
    let writer = raw(&vault.file());
    // So small a cache that changed pages reach the file before the end.
    writer.execute_batch("PRAGMA cache_size = 2; BEGIN IMMEDIATE").unwrap();
    writer.execute_batch("UPDATE keys SET name = 'half', name_folded = 'half'").unwrap();
    for n in 0..200 {
        writer
            .execute("INSERT INTO settings VALUES (?1, ?2)", (n.to_string(), "x".repeat(3000)))
            .unwrap();
    }
    let mut journal = Vec::new();
    for (name, bytes) in contents(vault.folder.path()) {
        fs::write(crashed.path().join(&name), &bytes).unwrap();
        if name == "vault.db-journal" {
            journal = bytes;
        }
    }
    assert!(journal.len() > 512, "there must be a journal to roll back");
    (crashed, journal)
}

#[test]
fn a_crash_in_the_middle_of_a_change_leaves_the_state_before_it() {
    let (folder, _) = crashed();
    let store = SqlcipherOpener.open(folder.path(), &database_key(1)).unwrap();
    store.check_integrity().unwrap();
    let read = store.read().unwrap();
    let id = read.key_named("before the crash").unwrap().unwrap();
    assert!(read.trusted_key(id).unwrap().is_some());
    assert_eq!(read.setting("0").unwrap(), None);
    assert_eq!(read.frontier().unwrap().size(), 2);
}

#[test]
fn a_journal_without_its_database_does_not_confuse() {
    let (folder, journal) = crashed();
    let file = folder.path().join("vault.db");
    fs::write(&file, b"x").unwrap();
    assert!(matches!(refused(folder.path()), StoreError::TooShort { size: 1, .. }));
    fs::write(&file, b"").unwrap();
    assert!(matches!(refused(folder.path()), StoreError::TooShort { size: 0, .. }));
    fs::remove_file(&file).unwrap();
    assert!(matches!(refused(folder.path()), StoreError::Missing { .. }));
    assert!(matches!(create(folder.path()), Err(StoreError::Exists { .. })));
    assert_eq!(fs::read(folder.path().join("vault.db-journal")).unwrap(), journal);
}

#[cfg(unix)]
#[test]
fn a_vault_reached_through_a_link_opens() {
    let vault = Vault::new();
    let elsewhere = TempDir::new().unwrap();
    let link = elsewhere.path().join("link");
    std::os::unix::fs::symlink(vault.folder.path(), &link).unwrap();
    assert!(SqlcipherOpener.open(&link, &database_key(1)).is_ok());
}

//! Copies: whole, equally encrypted, and in nobody's place.

use std::fs;
use std::sync::Mutex;

use keyreeve_domain::ports::{Progress, Silent, StoreError, StoreOpener as _};
use keyreeve_store::SqlcipherOpener;
use tempfile::TempDir;

use crate::support::{Vault, database_key, new_key};

#[test]
fn a_copy_opens_as_a_vault_with_the_same_key() {
    let vault = Vault::new();
    let record = vault.add(1, "copied");
    let elsewhere = TempDir::new().unwrap();
    let file = elsewhere.path().join("vault.db");
    vault.store.copy_to(&file, &Silent).unwrap();
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 1);
    assert!(!fs::read(&file).unwrap().starts_with(b"SQLite format 3"));
    assert!(matches!(
        SqlcipherOpener.open(elsewhere.path(), &database_key(2)).err(),
        Some(StoreError::Foreign { .. })
    ));
    let copy = SqlcipherOpener.open(elsewhere.path(), &database_key(1)).unwrap();
    copy.check_integrity().unwrap();
    let read = copy.read().unwrap();
    assert_eq!(read.trusted_key(record.id).unwrap(), Some(record));
    // Salt is drawn anew, so not even the first bytes of the two files are alike.
    assert_ne!(fs::read(&file).unwrap()[..16], fs::read(vault.file()).unwrap()[..16]);
}

#[test]
fn a_copy_never_replaces_a_file() {
    let vault = Vault::new();
    let file = vault.folder.path().join("there.db");
    fs::write(&file, b"mine").unwrap();
    let refused = vault.store.copy_to(&file, &Silent);
    assert!(matches!(refused, Err(StoreError::Exists { .. })), "{refused:?}");
    assert_eq!(fs::read(&file).unwrap(), b"mine");
    let refused = vault.store.copy_to(&vault.file(), &Silent);
    assert!(matches!(refused, Err(StoreError::Exists { .. })), "{refused:?}");
}

/// Adds keys while the copy is on its way.
struct Disturbs<'v> {
    vault: &'v Vault,
    added: Mutex<u8>,
}

impl Progress for Disturbs<'_> {
    fn report(&self, done: u64, total: u64) {
        let mut added = self.added.lock().unwrap();
        if *added < 5 && done < total {
            *added += 1;
            let (change, sealed) = new_key(100 + *added, &format!("meanwhile {added}"));
            self.vault.save(&change, &[sealed]).unwrap();
        }
    }

    fn cancelled(&self) -> bool {
        false
    }
}

/// Writes at each step of the copy, and leaves the database as long as it was.
struct NeverStops<'v> {
    vault: &'v Vault,
    writes: Mutex<u8>,
}

impl Progress for NeverStops<'_> {
    fn report(&self, done: u64, total: u64) {
        let mut writes = self.writes.lock().unwrap();
        if *writes < 50 && done < total {
            *writes += 1;
            let mut write = self.vault.store.write().unwrap();
            write.put_setting("changes", &writes.to_string()).unwrap();
            write.commit().unwrap();
        }
    }

    fn cancelled(&self) -> bool {
        false
    }
}

#[test]
fn a_copy_comes_to_its_end_however_often_the_vault_is_written_to() {
    let vault = Vault::new();
    let mut write = vault.store.write().unwrap();
    write.put_setting("changes", "0").unwrap();
    (0..100).for_each(|n| write.put_setting(&n.to_string(), &"x".repeat(60_000)).unwrap());
    write.commit().unwrap();
    let elsewhere = TempDir::new().unwrap();
    let writer = NeverStops { vault: &vault, writes: Mutex::new(0) };
    vault.store.copy_to(&elsewhere.path().join("vault.db"), &writer).unwrap();
    // The first step and three that begin anew; what comes then goes through in one.
    assert_eq!(*writer.writes.lock().unwrap(), 4);
    let copy = SqlcipherOpener.open(elsewhere.path(), &database_key(1)).unwrap();
    copy.check_integrity().unwrap();
    assert_eq!(copy.read().unwrap().setting("changes").unwrap().as_deref(), Some("4"));
}

#[test]
fn a_copy_of_a_vault_that_is_written_to_meanwhile_is_of_one_moment() {
    let vault = Vault::new();
    vault.add(1, "before");
    // More pages than one step copies.
    let mut write = vault.store.write().unwrap();
    (0..100).for_each(|n| write.put_setting(&n.to_string(), &"x".repeat(60_000)).unwrap());
    write.commit().unwrap();
    let elsewhere = TempDir::new().unwrap();
    let disturbs = Disturbs { vault: &vault, added: Mutex::new(0) };
    vault.store.copy_to(&elsewhere.path().join("vault.db"), &disturbs).unwrap();
    assert!(*disturbs.added.lock().unwrap() > 0, "the copy must have been disturbed");
    let copy = SqlcipherOpener.open(elsewhere.path(), &database_key(1)).unwrap();
    copy.check_integrity().unwrap();
    let read = copy.read().unwrap();
    let mut keys = 0;
    read.each_key(&mut |record| {
        keys += 1;
        assert_eq!(read.trusted_key(record.id)?.as_ref(), Some(&record));
        Ok(())
    })
    .unwrap();
    assert_eq!(read.frontier().unwrap().size(), keys + 1);
}

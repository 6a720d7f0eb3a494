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

/// Changes the vault at each step of the copy, at most so many times.
struct Meanwhile<C> {
    most: u8,
    times: Mutex<u8>,
    change: C,
}

impl<C: Fn(u8) + Send + Sync> Meanwhile<C> {
    fn new(most: u8, change: C) -> Self {
        Self { most, times: Mutex::new(0), change }
    }
}

impl<C: Fn(u8) + Send + Sync> Progress for Meanwhile<C> {
    fn report(&self, done: u64, total: u64) {
        let mut times = self.times.lock().unwrap();
        if *times < self.most && done < total {
            *times += 1;
            (self.change)(*times);
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
    // The database stays as long as it was.
    let writer = Meanwhile::new(50, |times| {
        let mut write = vault.store.write().unwrap();
        write.put_setting("changes", &times.to_string()).unwrap();
        write.commit().unwrap();
    });
    vault.store.copy_to(&elsewhere.path().join("vault.db"), &writer).unwrap();
    // The first step and three that begin anew; what comes then goes through in one.
    assert_eq!(*writer.times.lock().unwrap(), 4);
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
    let disturbs = Meanwhile::new(5, |times| {
        let (change, sealed) = new_key(100 + times, &format!("meanwhile {times}"));
        vault.save(&change, &[sealed]).unwrap();
    });
    vault.store.copy_to(&elsewhere.path().join("vault.db"), &disturbs).unwrap();
    assert!(*disturbs.times.lock().unwrap() > 0, "the copy must have been disturbed");
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

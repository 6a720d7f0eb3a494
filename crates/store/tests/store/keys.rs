//! Keys: what was saved comes back, and nothing else does.

use keyreeve_domain::ports::{SealedVersion, StoreError};
use keyreeve_domain::{KeyQuery, KeyRecord, NewVersion, Origin};

use crate::support::{Vault, at, key_id, new_key, new_version, plain_key, sealed_version, stamp};

#[test]
fn keys_are_found_by_the_beginning_of_their_identifier() {
    let vault = Vault::new();
    let (one, other) = (vault.add(0x0A, "one").id, vault.add(0xA0, "other").id);
    let read = vault.store.read().unwrap();
    let found = |prefix: &str, limit| read.keys_with_prefix(prefix, limit).unwrap();
    assert_eq!(found("0a0a", 10), [one]);
    assert_eq!(found(&one.to_string(), 10), [one]);
    assert_eq!(found("A", 10), [other]);
    assert_eq!(found("", 10), [one, other]);
    assert_eq!(found("", 1), [one]);
    assert_eq!(found("0b", 10), []);
    assert_eq!(found("no identifier", 10), []);
}

#[test]
fn a_saved_key_comes_back_whole() {
    let vault = Vault::new();
    let (change, sealed) = new_key(1, "release");
    assert_eq!(vault.save(&change, std::slice::from_ref(&sealed)).unwrap(), 1);
    let vault = vault.reopened();
    let read = vault.store.read().unwrap();
    let id = change.record.id;
    assert_eq!(read.key(id).unwrap(), Some(change.record.clone()));
    assert_eq!(read.trusted_key(id).unwrap(), Some(change.record));
    assert_eq!(read.sealed(id, 1).unwrap(), Some(sealed));
    assert_eq!(read.sealed(id, 2).unwrap(), None);
    assert_eq!(read.key(key_id(9)).unwrap(), None);
    assert_eq!(read.trusted_key(key_id(9)).unwrap(), None);
    assert_eq!(read.key_named("release").unwrap(), Some(id));
    assert_eq!(read.key_named("Release").unwrap(), None);
    assert_eq!(read.version_entries(id).unwrap(), [(1, (1, None))].into());
    let page = read.list(&KeyQuery { limit: 10, ..KeyQuery::default() }, at(1)).unwrap();
    assert_eq!((page.total, page.rows.len(), page.next), (1, 1, None));
    assert_eq!(page.rows[0].tags, ["prod"]);
}

#[test]
fn every_change_in_a_key_s_life_comes_back() {
    let vault = Vault::new();
    let mut record = vault.add(1, "life");
    let second = sealed_version(2, 50);
    let rotated = record.rotate(new_version(&second), "due", at(2)).unwrap();
    vault.save(&rotated, &[second]).unwrap();
    record = rotated.record;
    for change in [
        record.suspend(None, "pause", at(3)).unwrap(),
        record.suspend(None, "pause", at(3)).unwrap().record.resume(None, at(4)).unwrap(),
    ] {
        vault.save(&change, &[]).unwrap();
        record = change.record;
    }
    let revoked = record.revoke(Some(1), "laptop lost", at(2), at(5)).unwrap();
    vault.save(&revoked, &[]).unwrap();
    let scheduled = revoked.record.schedule_destruction(Some(1), 7, "gone", at(6)).unwrap();
    vault.save(&scheduled, &[]).unwrap();
    let read = vault.store.read().unwrap();
    assert_eq!(read.due(at(12), 10).unwrap(), []);
    assert_eq!(read.due(at(13), 10).unwrap(), [record.id]);
    drop(read);
    let due = scheduled.record.run_due(at(13));
    let [destroyed] = due.as_slice() else { panic!("{due:?}") };
    let seq = vault.save(destroyed, &[]).unwrap();
    let vault = vault.reopened();
    let read = vault.store.read().unwrap();
    assert_eq!(read.trusted_key(record.id).unwrap().as_ref(), Some(&destroyed.record));
    assert_eq!(read.sealed(record.id, 1).unwrap(), None);
    assert!(read.sealed(record.id, 2).unwrap().is_some());
    assert_eq!(
        read.version_entries(record.id).unwrap(),
        [(1, (1, Some(seq))), (2, (2, None))].into()
    );
}

#[test]
fn an_imported_version_comes_back_as_one() {
    let vault = Vault::new();
    let sealed = sealed_version(1, 1);
    let version = NewVersion { origin: Origin::Imported, ..new_version(&sealed) };
    let change = KeyRecord::create(plain_key(key_id(1), "imported"), version, at(1)).unwrap();
    vault.save(&change, &[sealed]).unwrap();
    let read = vault.store.read().unwrap();
    assert_eq!(read.trusted_key(change.record.id).unwrap(), Some(change.record));
}

#[test]
fn a_change_of_an_older_revision_is_refused_and_changes_nothing() {
    let vault = Vault::new();
    let first = vault.add(1, "stale");
    let suspended = first.suspend(None, "", at(2)).unwrap();
    vault.save(&suspended, &[]).unwrap();
    let late = first.deactivate(None, "", at(2)).unwrap();
    let refused = vault.save(&late, &[]).unwrap_err();
    assert!(matches!(refused, StoreError::Stale { expected: 0, found: 1 }), "{refused}");
    let (again, sealed) = new_key(1, "other name, same identifier");
    let refused = vault.save(&again, &[sealed]).unwrap_err();
    assert!(matches!(refused, StoreError::Stale { .. }), "{refused}");
    let (unknown, _) = new_key(2, "never saved");
    let refused = vault.save(&unknown.record.suspend(None, "", at(2)).unwrap(), &[]).unwrap_err();
    assert!(matches!(refused, StoreError::Stale { .. }), "{refused}");
    let read = vault.store.read().unwrap();
    assert_eq!(read.trusted_key(first.id).unwrap(), Some(suspended.record));
    assert_eq!(read.frontier().unwrap().size(), 3);
}

#[test]
fn two_keys_cannot_share_a_folded_name() {
    let vault = Vault::new();
    vault.add(1, "Caf\u{e9}");
    let mut write = vault.store.write().unwrap();
    let (taken, sealed) = new_key(2, "CAFE\u{301}");
    let refused = write.save_key(&taken, &[sealed], &stamp()).unwrap_err();
    assert!(matches!(refused, StoreError::NameTaken { name } if name == "CAF\u{c9}"));
    // A refusal comes before any change, so the transaction goes on.
    let (free, sealed) = new_key(3, "other");
    assert_eq!(write.save_key(&free, &[sealed], &stamp()).unwrap(), 2);
    let renamed = free.record.rename("caf\u{e9}".parse_name()).unwrap();
    assert!(matches!(
        write.save_key(&renamed, &[], &stamp()).unwrap_err(),
        StoreError::NameTaken { .. }
    ));
    let freed = free.record.rename("Other".parse_name()).unwrap();
    write.save_key(&freed, &[], &stamp()).unwrap();
    write.commit().unwrap();
    let read = vault.store.read().unwrap();
    assert_eq!(read.key_named("other").unwrap(), Some(free.record.id));
    assert_eq!(read.frontier().unwrap().size(), 4);
}

#[test]
fn sealed_bytes_that_the_record_does_not_vouch_for_are_refused() {
    let vault = Vault::new();
    let (change, _) = new_key(1, "mixed up");
    let (own, other) = (sealed_version(1, 1), sealed_version(1, 99));
    for wrong in [
        SealedVersion { material: own.material.clone(), ..other.clone() },
        SealedVersion { data_key: own.data_key, ..other.clone() },
        other,
        sealed_version(2, 1),
    ] {
        assert!(vault.save(&change, &[wrong]).is_err());
    }
    assert_eq!(vault.store.read().unwrap().key(change.record.id).unwrap(), None);
}

#[test]
fn a_transaction_dropped_without_commit_leaves_nothing() {
    let vault = Vault::new();
    let (change, sealed) = new_key(1, "dropped");
    let mut write = vault.store.write().unwrap();
    write.save_key(&change, &[sealed], &stamp()).unwrap();
    assert!(write.key(change.record.id).unwrap().is_some());
    assert_eq!(write.frontier().unwrap().size(), 2);
    drop(write);
    assert_eq!(vault.store.read().unwrap().key(change.record.id).unwrap(), None);
    let vault = vault.reopened();
    let read = vault.store.read().unwrap();
    assert_eq!(read.key(change.record.id).unwrap(), None);
    assert_eq!(read.frontier().unwrap().size(), 1);
}

#[test]
fn a_change_that_knows_of_a_newer_use_keeps_it() {
    let vault = Vault::new();
    let record = vault.add(1, "used");
    let mut change = record.suspend(None, "", at(2)).unwrap();
    change.record.last_used_at = Some(at(9));
    vault.save(&change, &[]).unwrap();
    let read = vault.store.read().unwrap();
    assert_eq!(read.key(record.id).unwrap().unwrap().last_used_at, Some(at(9)));
}

#[test]
fn a_use_is_remembered_without_a_new_revision() {
    let vault = Vault::new();
    let record = vault.add(1, "used");
    let mut write = vault.store.write().unwrap();
    write.touch_key(record.id, at(5)).unwrap();
    // The record was read before the use was noted, and must not undo it.
    write.save_key(&record.suspend(None, "", at(6)).unwrap(), &[], &stamp()).unwrap();
    write.commit().unwrap();
    let found = vault.store.read().unwrap().trusted_key(record.id).unwrap().unwrap();
    assert_eq!((found.last_used_at, found.revision), (Some(at(5)), 1));
}

/// Text to a name, where the test knows it is one.
trait ParseName {
    fn parse_name(&self) -> keyreeve_domain::KeyName;
}

impl ParseName for str {
    fn parse_name(&self) -> keyreeve_domain::KeyName {
        keyreeve_domain::KeyName::parse(self).unwrap()
    }
}

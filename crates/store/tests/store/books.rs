//! The log's pages, checkpoints, backups, settings and slots.

use keyreeve_domain::SlotId;
use keyreeve_domain::audit::{Action, AuditDraft, ObjectKind};
use keyreeve_domain::ports::{AuditQuery, BackupRecord, StoreError, StoredCheckpoint};

use crate::support::{Vault, at, draft};

/// Events on days 1 to 20, every third about a slot, with the clock set back on day 10.
fn vault_with_events() -> Vault {
    let vault = Vault::new();
    let mut write = vault.store.write().unwrap();
    for n in 1..=20 {
        let slot = n % 3 == 0;
        let seq = write
            .append(AuditDraft {
                time: at(if n == 10 { 2 } else { n }),
                action: if slot { Action::SlotTest } else { Action::VaultUnlock },
                object_kind: if slot { ObjectKind::Slot } else { ObjectKind::Vault },
                object: if slot { "slot-a".into() } else { "vault".into() },
                ..draft(Action::VaultUnlock)
            })
            .unwrap();
        assert_eq!(seq, n as u64);
    }
    write.commit().unwrap();
    vault
}

fn sequence(vault: &Vault, query: &AuditQuery) -> Vec<u64> {
    let read = vault.store.read().unwrap();
    read.events(query).unwrap().into_iter().map(|entry| entry.seq).collect()
}

#[test]
fn the_log_is_read_newest_first_in_pages() {
    let vault = vault_with_events();
    let mut query = AuditQuery { limit: 8, ..AuditQuery::default() };
    let mut all = Vec::new();
    loop {
        let page = sequence(&vault, &query);
        let Some(last) = page.last() else { break };
        query.before_seq = Some(*last);
        all.extend(page);
    }
    assert_eq!(all, (0..=20).rev().collect::<Vec<_>>());
    let none = AuditQuery { before_seq: Some(u64::MAX), ..AuditQuery::default() };
    assert_eq!(sequence(&vault, &none), [0; 0]);
}

#[test]
fn the_log_is_filtered() {
    let vault = vault_with_events();
    let all = AuditQuery { limit: 100, ..AuditQuery::default() };
    let slots = AuditQuery { object: Some("slot-a".into()), ..all.clone() };
    assert_eq!(sequence(&vault, &slots), [18, 15, 12, 9, 6, 3]);
    let tests = AuditQuery { action: Some(Action::SlotTest), limit: 2, ..all.clone() };
    assert_eq!(sequence(&vault, &tests), [18, 15]);
    // `since` is included and `until` is not; the event with the clock set back is told by its
    // own time, and still stands where it was written.
    let days = AuditQuery { since: Some(at(2)), until: Some(at(5)), ..all.clone() };
    assert_eq!(sequence(&vault, &days), [10, 4, 3, 2]);
    let late = AuditQuery { since: Some(at(19)), ..slots.clone() };
    assert_eq!(sequence(&vault, &late), [0; 0]);
    let both = AuditQuery { since: Some(at(9)), action: Some(Action::SlotTest), ..slots };
    assert_eq!(sequence(&vault, &both), [18, 15, 12, 9]);
    let nobody = AuditQuery { object: Some("' OR 1=1 --".into()), ..all };
    assert_eq!(sequence(&vault, &nobody), [0; 0]);
}

#[test]
fn changes_of_keys_are_counted_from_an_entry_on() {
    let vault = vault_with_events();
    let first = vault.add(1, "first");
    vault.add(2, "second");
    vault.save(&first.suspend(None, "", at(2)).unwrap(), &[]).unwrap();
    let read = vault.store.read().unwrap();
    let since = |size| read.key_changes_since(size).unwrap();
    assert_eq!((since(0), since(21), since(22), since(24)), (3, 3, 2, 0));
    assert_eq!(since(u64::MAX), 0);
}

#[test]
fn an_event_with_a_key_s_digest_vouches_for_it_from_then_on() {
    let vault = Vault::new();
    let record = vault.add(1, "exported");
    let export = |digest| AuditDraft {
        object_kind: ObjectKind::Key,
        object: record.id.to_string(),
        digest,
        ..draft(Action::KeyExport)
    };
    let append = |draft| {
        let mut write = vault.store.write().unwrap();
        write.append(draft).unwrap();
        write.commit().unwrap();
        vault.store.read().unwrap().trusted_key(record.id)
    };
    assert_eq!(append(export(None)).unwrap().as_ref(), Some(&record));
    assert_eq!(append(export(Some(record.state_digest()))).unwrap().as_ref(), Some(&record));
    // What is said of something else by the same name is not said of the key.
    let of_another = AuditDraft { object_kind: ObjectKind::Slot, ..export(Some([0; 32])) };
    assert_eq!(append(of_another).unwrap().as_ref(), Some(&record));
    let of_a_certificate =
        AuditDraft { object_kind: ObjectKind::Certificate, ..export(Some(record.state_digest())) };
    let other = append(of_a_certificate);
    assert!(matches!(other, Err(StoreError::Tampered { .. })), "{other:?}");
    assert_eq!(append(export(Some(record.state_digest()))).unwrap().as_ref(), Some(&record));
    let other = append(export(Some([0; 32])));
    assert!(matches!(other, Err(StoreError::Tampered { .. })), "{other:?}");
}

#[test]
fn checkpoints_come_back_in_order() {
    let vault = Vault::new();
    let checkpoint = |size| StoredCheckpoint { size, time: at(1), note: format!("size {size}\n") };
    assert_eq!(vault.store.read().unwrap().latest_checkpoint().unwrap(), None);
    let mut write = vault.store.write().unwrap();
    // Two of one size: at lock, and at the unlock after it.
    for size in [1, 5, 5] {
        write.put_checkpoint(&checkpoint(size)).unwrap();
    }
    write.commit().unwrap();
    let read = vault.store.read().unwrap();
    assert_eq!(read.latest_checkpoint().unwrap(), Some(checkpoint(5)));
    assert_eq!(read.checkpoints().unwrap(), [1, 5, 5].map(checkpoint));
}

#[test]
fn backups_are_remembered_and_marked_as_verified() {
    let vault = Vault::new();
    let mut record = BackupRecord {
        id: 0,
        time: at(1),
        file: "/backups/ü \u{1F512}.keyreeve-backup.age".into(),
        bytes: 1 << 40,
        sha256: [4; 32],
        keys: 10,
        audit_size: 11,
        recipients: vec!["age1example".into(), "passphrase".into()],
        verified_at: None,
        standard_files: true,
    };
    let mut write = vault.store.write().unwrap();
    let first = write.put_backup(&record).unwrap();
    record.id = write.put_backup(&record).unwrap();
    assert!(record.id > first);
    write.set_backup_verified(record.id, at(2)).unwrap();
    write.commit().unwrap();
    record.verified_at = Some(at(2));
    let backups = vault.store.read().unwrap().backups().unwrap();
    assert_eq!(backups.len(), 2);
    assert_eq!(backups[0], record);
    assert_eq!(backups[1], BackupRecord { id: first, verified_at: None, ..record });
    let mut write = vault.store.write().unwrap();
    assert!(write.set_backup_verified(99, at(2)).is_err());
}

#[test]
fn settings_and_slots_keep_the_last_value() {
    let vault = Vault::new();
    let slot = |n| SlotId::from_random([n; 16]);
    let mut write = vault.store.write().unwrap();
    for (value, day) in [("1", 1), ("{\"a\":2}", 2)] {
        write.put_setting("idle", value).unwrap();
        write.touch_slot(slot(1), at(day)).unwrap();
    }
    write.touch_slot(slot(2), at(9)).unwrap();
    write.commit().unwrap();
    let read = vault.store.read().unwrap();
    assert_eq!(read.setting("idle").unwrap().as_deref(), Some("{\"a\":2}"));
    assert_eq!(read.setting("Idle").unwrap(), None);
    assert_eq!(read.slot_uses().unwrap(), [(slot(1), at(2)), (slot(2), at(9))].into());
}

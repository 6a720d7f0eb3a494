//! Rows changed by someone who holds the database key, but went around the store.

use keyreeve_domain::ports::StoreError;

use crate::support::{Vault, at, key_id, new_version, raw, sealed_version};

fn assert_tampered<T: std::fmt::Debug>(found: Result<T, StoreError>, what: &str) {
    assert!(matches!(found, Err(StoreError::Tampered { .. })), "{what}: {found:?}");
}

#[test]
fn a_changed_row_is_found_when_the_key_is_used() {
    for change in [
        "UPDATE keys SET name = 'other'",
        "UPDATE keys SET owner = 'Someone else'",
        "UPDATE keys SET note = ''",
        "UPDATE keys SET exportable = 0",
        "UPDATE keys SET algorithm = 'aes-256-gcm', purpose = 'encrypt'",
        "UPDATE keys SET policy = replace(policy, 'P3Y', 'P9Y')",
        "UPDATE keys SET created_at = created_at + 1",
        "UPDATE keys SET revision = revision + 1",
        "UPDATE keys SET where_used = '[{\"kind\":\"host\",\"value\":\"x\"}]'",
        "UPDATE keys SET fields = '[{\"name\":\"a\",\"value\":\"b\"}]'",
        "UPDATE key_tags SET tag = 'dev'",
        "DELETE FROM key_tags",
        "UPDATE key_versions SET state = 'compromised'",
        "UPDATE key_versions SET generator = 'openssl'",
        "UPDATE key_versions SET material_digest = zeroblob(32)",
        "UPDATE key_versions SET data_key_digest = zeroblob(32)",
        "UPDATE key_versions SET public_key = x'3031'",
        "UPDATE key_versions SET fingerprints = '{}'",
        "UPDATE key_versions SET encryptions = 5",
        "UPDATE key_versions SET deactivate_at = 1",
        // Columns that follow from the others, and that lists and timers go by.
        "UPDATE keys SET state = 'suspended'",
        "UPDATE keys SET next_due = NULL",
        "UPDATE keys SET rotate_by = rotate_by + 1, rotation = rotation + 1,
         rotation_falling = rotation_falling - 1",
        "UPDATE keys SET warn_at = NULL",
        "UPDATE keys SET destroy_scheduled_at = 1",
        "UPDATE keys SET name_folded = 'hidden'",
        "UPDATE keys SET audit_seq = 0",
        // The log's own columns.
        "UPDATE audit_entries SET object = 'x' WHERE seq = 1",
        "UPDATE audit_entries SET vouches = 0 WHERE seq = 1",
        "DELETE FROM audit_entries WHERE seq = 1",
        "UPDATE audit_entries SET entry = (SELECT entry FROM audit_entries WHERE seq = 0)
         WHERE seq = 1",
    ] {
        let vault = Vault::new();
        let record = vault.add(1, "watched");
        assert!(vault.tamper(change) > 0, "{change}");
        let found = vault.store.read().unwrap().trusted_key(record.id);
        assert!(
            matches!(found, Err(StoreError::Tampered { .. } | StoreError::Damaged { .. })),
            "{change}: {found:?}"
        );
    }
}

#[test]
fn an_older_state_put_back_is_found() {
    let vault = Vault::new();
    let record = vault.add(1, "rolled back");
    let raw = raw(&vault.file());
    raw.execute_batch(
        "CREATE TEMP TABLE old_keys AS SELECT * FROM keys;
         CREATE TEMP TABLE old_versions AS SELECT * FROM key_versions;",
    )
    .unwrap();
    vault.save(&record.revoke(None, "lost", at(2), at(2)).unwrap(), &[]).unwrap();
    raw.execute_batch(
        "UPDATE keys SET
             (state, rotate_by, rotation, rotation_falling, warn_at, next_due, revision, audit_seq) =
             (SELECT state, rotate_by, rotation, rotation_falling, warn_at, next_due, revision,
                     audit_seq FROM old_keys);
         UPDATE key_versions SET (state, compromised_at, compromise_reason) =
             (SELECT state, compromised_at, compromise_reason FROM old_versions);",
    )
    .unwrap();
    let read = vault.store.read().unwrap();
    // The rows fit each other and an entry of the log, but not its newest.
    assert_eq!(read.key(record.id).unwrap().as_ref(), Some(&record));
    assert_tampered(read.trusted_key(record.id), "put back");
}

#[test]
fn a_deleted_key_is_found() {
    let vault = Vault::new();
    let record = vault.add(1, "deleted");
    for table in ["key_sealed", "key_versions", "key_tags", "keys"] {
        vault.tamper(&format!("DELETE FROM {table}"));
    }
    assert_tampered(vault.store.read().unwrap().trusted_key(record.id), "deleted");
}

#[test]
fn a_key_put_in_without_an_event_is_found() {
    let vault = Vault::new();
    let record = vault.add(1, "moved");
    let other = key_id(2);
    vault.tamper(&format!("UPDATE keys SET id = x'{}'", hex::encode(other.as_bytes())));
    let read = vault.store.read().unwrap();
    assert_tampered(read.trusted_key(other), "under another identifier");
    assert_tampered(read.trusted_key(record.id), "under its own");
}

#[test]
fn swapped_and_changed_sealed_rows_are_found() {
    for change in [
        "UPDATE key_sealed SET version = 3 - version",
        "UPDATE key_sealed SET material = (SELECT material FROM key_sealed WHERE version = 2)
         WHERE version = 1",
        "UPDATE key_sealed SET data_key = (SELECT data_key FROM key_sealed WHERE version = 2)
         WHERE version = 1",
        "UPDATE key_sealed SET material = x''",
        "DELETE FROM key_sealed WHERE version = 1",
        "UPDATE key_versions SET data_key_digest = NULL, material_digest = NULL WHERE version = 1",
    ] {
        let vault = Vault::new();
        let record = vault.add(1, "swapped");
        let second = sealed_version(2, 60);
        let rotated = record.rotate(new_version(&second), "", at(2)).unwrap();
        vault.save(&rotated, &[second]).unwrap();
        let raw = raw(&vault.file());
        // Two rows cannot swap their numbers in one step.
        if change.contains("3 - version") {
            raw.execute_batch(
                "PRAGMA foreign_keys = OFF;
                 UPDATE key_sealed SET version = version + 10;
                 UPDATE key_sealed SET version = 13 - version",
            )
            .unwrap();
        } else {
            raw.execute(change, []).unwrap();
        }
        let read = vault.store.read().unwrap();
        assert_tampered(read.sealed(record.id, 1), change);
        assert_tampered(read.each_key(&mut |_| Ok(())), change);
    }
}

#[test]
fn what_lists_show_and_rows_of_no_key_are_compared_when_all_keys_are_read() {
    for change in [
        "UPDATE keys SET state = 'suspended'",
        "UPDATE keys SET next_due = NULL",
        "UPDATE keys SET rotate_by = rotate_by + 1, rotation = rotation + 1,
         rotation_falling = rotation_falling - 1",
        "UPDATE keys SET warn_at = NULL",
        "UPDATE keys SET destroy_scheduled_at = 1",
        "UPDATE keys SET name_folded = 'hidden'",
        "UPDATE keys SET expired = 1",
    ] {
        let vault = Vault::new();
        vault.add(1, "watched");
        vault.store.read().unwrap().each_key(&mut |_| Ok(())).unwrap();
        assert!(vault.tamper(change) > 0, "{change}");
        assert_tampered(vault.store.read().unwrap().each_key(&mut |_| Ok(())), change);
    }
    for orphan in ["INSERT INTO key_tags VALUES (99, 'stray')", "UPDATE key_versions SET key = 99"]
    {
        let vault = Vault::new();
        vault.add(1, "watched");
        raw(&vault.file()).execute_batch(&format!("PRAGMA foreign_keys = OFF; {orphan}")).unwrap();
        let found = vault.store.read().unwrap().each_key(&mut |_| Ok(()));
        assert!(matches!(found, Err(StoreError::Damaged { .. })), "{orphan}: {found:?}");
    }
}

#[test]
fn a_missing_entry_or_edge_of_the_log_is_damage() {
    let vault = Vault::new();
    (0..5).for_each(|n| drop(vault.add(n, &format!("key {n}"))));
    vault.tamper("DELETE FROM audit_entries WHERE seq = 3");
    let read = vault.store.read().unwrap();
    let mut seen = Vec::new();
    let found = read.each_entry(0..6, &mut |seq, _| {
        seen.push(seq);
        Ok(())
    });
    assert!(matches!(found, Err(StoreError::Damaged { .. })), "{found:?}");
    assert_eq!(seen, [0, 1, 2]);
    drop(read);
    for edge in ["x''", "x'00'", "x'0000000000000005'"] {
        vault.tamper(&format!("UPDATE audit_frontier SET edge = {edge}"));
        let found = vault.store.read().unwrap().frontier();
        assert!(matches!(found, Err(StoreError::Damaged { .. })), "{edge}: {found:?}");
    }
}

#[test]
fn impossible_values_are_damage_and_nothing_panics() {
    for change in [
        "UPDATE keys SET algorithm = 'rot13'",
        "UPDATE keys SET state = 'asleep'",
        "UPDATE keys SET policy = '{'",
        "UPDATE keys SET name = ''",
        "UPDATE keys SET primary_version = 0",
        "UPDATE keys SET primary_version = 4000000000",
        "UPDATE keys SET primary_version = -1",
        "UPDATE keys SET revision = -1",
        "UPDATE keys SET created_at = 9223372036854775807",
        "UPDATE key_versions SET origin = 'elsewhere'",
        "UPDATE key_versions SET created_at = -9223372036854775808",
        "UPDATE key_versions SET fingerprints = 'x'",
        "UPDATE key_versions SET version = 7",
    ] {
        let vault = Vault::new();
        let record = vault.add(1, "impossible");
        let raw = raw(&vault.file());
        raw.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        assert!(raw.execute(change, []).unwrap() > 0, "{change}");
        let found = vault.store.read().unwrap().key(record.id);
        assert!(matches!(found, Err(StoreError::Damaged { .. })), "{change}: {found:?}");
    }
}

//! Records to rows: only what changed is written.

use std::collections::BTreeSet;

use keyreeve_crypto::sha256;
use keyreeve_domain::ports::{SealedVersion, Stamp, StoreError};
use keyreeve_domain::{KeyChange, KeyId, KeyRecord, KeyVersion, Tag, Timestamp};
use rusqlite::{Connection, params};

use crate::fault::Fault;
use crate::keys::each::each;
use crate::keys::{Derived, StoredKey, id_named, load};
use crate::log::Log;
use crate::search::words;
use crate::stored::{Json, Millis, Named, Natural, millis};

/// Saves a change, its sealed bytes and its event. Answers the event's sequence number.
///
/// A refusal ([`StoreError::Stale`], [`StoreError::NameTaken`]) comes before anything is written.
pub(crate) fn save(
    connection: &Connection,
    log: &mut Log,
    change: &KeyChange,
    sealed: &[SealedVersion],
    stamp: &Stamp,
) -> Result<u64, Fault> {
    let record = &change.record;
    let stored = load(connection, record.id)?;
    refuse_stale(record, stored.as_ref())?;
    refuse_unvouched(record, sealed)?;
    let derived = Derived::of(record);
    if id_named(connection, &derived.name_folded)?.is_some_and(|holder| holder != record.id) {
        return Err(StoreError::NameTaken { name: record.name.to_string() }.into());
    }

    let seq = log.next_seq();
    let row = match &stored {
        None => insert(connection, record, &derived, seq)?,
        Some(stored) => {
            update(connection, stored, record, &derived, seq)?;
            stored.row
        }
    };
    let old = stored.map(|stored| stored.record);
    save_tags(connection, row, old.as_ref().map(|old| &old.tags), &record.tags)?;
    save_words(connection, row, old.as_ref(), record)?;
    let gone = save_versions(connection, row, old.as_ref(), record, seq)?;
    for sealed in sealed {
        put_sealed(connection, row, sealed)?;
    }
    for version in change.purged.iter().copied().chain(gone).collect::<BTreeSet<u32>>() {
        purge(connection, row, version)?;
    }
    log.append(connection, stamp.draft_of(change))
}

/// Remembers when a key's material was last used.
pub(crate) fn touch(connection: &Connection, id: KeyId, at: Timestamp) -> Result<(), Fault> {
    connection
        .prepare_cached("UPDATE keys SET last_used_at = ?2 WHERE id = ?1")?
        .execute(params![id.as_bytes(), Millis(at)])?;
    Ok(())
}

/// Marks the keys that have expired, in a vault of a time when this was not kept.
pub(crate) fn mark_expired(connection: &Connection) -> Result<(), Fault> {
    let mut expired = Vec::new();
    each(connection, &mut |StoredKey { record, .. }| {
        if record.has_expired() {
            expired.push(record.id);
        }
        Ok(())
    })?;
    let mut mark = connection.prepare_cached("UPDATE keys SET expired = 1 WHERE id = ?1")?;
    for id in expired {
        mark.execute([id.as_bytes()])?;
    }
    Ok(())
}

fn refuse_stale(record: &KeyRecord, stored: Option<&StoredKey>) -> Result<(), Fault> {
    let found = stored.map(|stored| stored.record.revision);
    let expected = record.revision.checked_sub(1);
    if found == expected {
        return Ok(());
    }
    let expected = expected.unwrap_or_default();
    Err(StoreError::Stale { expected, found: found.unwrap_or_default() }.into())
}

/// Sealed bytes that the record does not vouch for could never be used again.
fn refuse_unvouched(record: &KeyRecord, sealed: &[SealedVersion]) -> Result<(), Fault> {
    for sealed in sealed {
        let vouched = record.version(sealed.version).is_some_and(|version| {
            version.data_key_digest == Some(sha256(&sealed.data_key))
                && version.material_digest == Some(sha256(&sealed.material))
        });
        if !vouched {
            let what = format!("version {} is not what its record says", sealed.version);
            return Err(StoreError::Database(what).into());
        }
    }
    Ok(())
}

fn insert(
    connection: &Connection,
    record: &KeyRecord,
    derived: &Derived,
    seq: u64,
) -> Result<i64, Fault> {
    connection
        .prepare_cached(
            "INSERT INTO keys (id, name, name_folded, algorithm, purpose, state, rotate_by, warn_at,
                 next_due, destroy_scheduled_at, created_at, last_used_at, primary_version,
                 revision, audit_seq, exportable, owner, policy, where_used, fields, note,
                 rotation, rotation_falling, expired)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
                 ?18, ?19, ?20, ?21, coalesce(?7, 9007199254740991),
                 coalesce(-?7, 9007199254740991), ?22)",
        )?
        .execute(params![
            record.id.as_bytes(),
            record.name.as_str(),
            derived.name_folded,
            record.algorithm.name(),
            record.purpose.name(),
            derived.state.name(),
            derived.rotate_by,
            derived.warn_at,
            derived.next_due,
            derived.destroy_scheduled_at,
            Millis(record.created_at),
            millis(record.last_used_at),
            record.primary_version,
            Natural(record.revision),
            Natural(seq),
            record.exportable,
            record.owner.as_str(),
            Json(&record.policy),
            Json(&record.where_used),
            Json(&record.fields),
            record.note.as_str(),
            derived.expired,
        ])?;
    Ok(connection.last_insert_rowid())
}

/// Updates what may change of a key. Columns that rarely do are left out when they did not, for
/// every column named costs its indices.
fn update(
    connection: &Connection,
    stored: &StoredKey,
    record: &KeyRecord,
    derived: &Derived,
    seq: u64,
) -> Result<(), Fault> {
    let old = &stored.record;
    connection
        .prepare_cached(
            "UPDATE keys SET primary_version = ?2, revision = ?3, audit_seq = ?4, owner = ?5,
                 policy = ?6, where_used = ?7, fields = ?8, note = ?9
             WHERE key = ?1",
        )?
        .execute(params![
            stored.row,
            record.primary_version,
            Natural(record.revision),
            Natural(seq),
            record.owner.as_str(),
            Json(&record.policy),
            Json(&record.where_used),
            Json(&record.fields),
            record.note.as_str(),
        ])?;
    if record.name != old.name {
        connection
            .prepare_cached("UPDATE keys SET name = ?2, name_folded = ?3 WHERE key = ?1")?
            .execute(params![stored.row, record.name.as_str(), derived.name_folded])?;
    }
    if derived.state != stored.derived.state {
        connection
            .prepare_cached("UPDATE keys SET state = ?2 WHERE key = ?1")?
            .execute(params![stored.row, derived.state.name()])?;
    }
    if *derived != stored.derived {
        connection
            .prepare_cached(
                "UPDATE keys SET rotate_by = ?2, warn_at = ?3, next_due = ?4,
                     destroy_scheduled_at = ?5, expired = ?6,
                     rotation = coalesce(?2, 9007199254740991),
                     rotation_falling = coalesce(-?2, 9007199254740991)
                 WHERE key = ?1",
            )?
            .execute(params![
                stored.row,
                derived.rotate_by,
                derived.warn_at,
                derived.next_due,
                derived.destroy_scheduled_at,
                derived.expired,
            ])?;
    }
    // A use that was noted since the record was read is newer than what the record says.
    if record.last_used_at > old.last_used_at {
        connection
            .prepare_cached("UPDATE keys SET last_used_at = ?2 WHERE key = ?1")?
            .execute(params![stored.row, millis(record.last_used_at)])?;
    }
    Ok(())
}

fn save_tags(
    connection: &Connection,
    row: i64,
    old: Option<&BTreeSet<Tag>>,
    new: &BTreeSet<Tag>,
) -> Result<(), Fault> {
    let none = BTreeSet::new();
    let old = old.unwrap_or(&none);
    for tag in old.difference(new) {
        connection
            .prepare_cached("DELETE FROM key_tags WHERE key = ?1 AND tag = ?2")?
            .execute(params![row, tag.as_str()])?;
    }
    for tag in new.difference(old) {
        connection
            .prepare_cached("INSERT INTO key_tags (key, tag) VALUES (?1, ?2)")?
            .execute(params![row, tag.as_str()])?;
    }
    Ok(())
}

fn save_words(
    connection: &Connection,
    row: i64,
    old: Option<&KeyRecord>,
    new: &KeyRecord,
) -> Result<(), Fault> {
    let new = words(new);
    if let Some(old) = old {
        if words(old) == new {
            return Ok(());
        }
        connection.prepare_cached("DELETE FROM keys_fts WHERE rowid = ?1")?.execute([row])?;
    }
    connection
        .prepare_cached("INSERT INTO keys_fts (rowid, words) VALUES (?1, ?2)")?
        .execute(params![row, new])?;
    Ok(())
}

/// Writes the versions that changed. Answers those whose material is now gone.
fn save_versions(
    connection: &Connection,
    row: i64,
    old: Option<&KeyRecord>,
    new: &KeyRecord,
    seq: u64,
) -> Result<Vec<u32>, Fault> {
    let mut gone = Vec::new();
    for version in &new.versions {
        let old = old.and_then(|old| old.version(version.version));
        if old == Some(version) {
            continue;
        }
        put_version(connection, row, version, seq)?;
        if version.data_key_digest.is_none() {
            gone.push(version.version);
        }
    }
    Ok(gone)
}

fn put_version(
    connection: &Connection,
    row: i64,
    version: &KeyVersion,
    seq: u64,
) -> Result<(), Fault> {
    let destroyed_seq = version.destroyed_at.is_some().then_some(Natural(seq));
    connection
        .prepare_cached(
            "INSERT INTO key_versions (key, version, state, created_at, activate_at, activated_at,
                 suspended_at, deactivate_at, deactivated_at, compromised_at, compromise_reason,
                 destroy_scheduled_at, destroyed_at, replaced_by, origin, generator, creator,
                 public_key, fingerprints, kcv, encryptions, data_key_digest, material_digest,
                 created_seq, destroyed_seq)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
                 ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25)
             ON CONFLICT (key, version) DO UPDATE SET
                 state = excluded.state, created_at = excluded.created_at,
                 activate_at = excluded.activate_at, activated_at = excluded.activated_at,
                 suspended_at = excluded.suspended_at, deactivate_at = excluded.deactivate_at,
                 deactivated_at = excluded.deactivated_at,
                 compromised_at = excluded.compromised_at,
                 compromise_reason = excluded.compromise_reason,
                 destroy_scheduled_at = excluded.destroy_scheduled_at,
                 destroyed_at = excluded.destroyed_at, replaced_by = excluded.replaced_by,
                 origin = excluded.origin, generator = excluded.generator,
                 creator = excluded.creator, public_key = excluded.public_key,
                 fingerprints = excluded.fingerprints, kcv = excluded.kcv,
                 encryptions = excluded.encryptions, data_key_digest = excluded.data_key_digest,
                 material_digest = excluded.material_digest,
                 destroyed_seq = coalesce(destroyed_seq, excluded.destroyed_seq)",
        )?
        .execute(params![
            row,
            version.version,
            Named(version.state),
            Millis(version.created_at),
            millis(version.activate_at),
            millis(version.activated_at),
            millis(version.suspended_at),
            millis(version.deactivate_at),
            millis(version.deactivated_at),
            millis(version.compromised_at),
            version.compromise_reason,
            millis(version.destroy_scheduled_at),
            millis(version.destroyed_at),
            version.replaced_by,
            version.origin.name(),
            version.generator,
            version.creator,
            version.public_key,
            Json(&version.fingerprints),
            version.kcv,
            Natural(version.encryptions),
            version.data_key_digest,
            version.material_digest,
            Natural(seq),
            destroyed_seq,
        ])?;
    Ok(())
}

fn put_sealed(connection: &Connection, row: i64, sealed: &SealedVersion) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "INSERT INTO key_sealed (key, version, data_key, material) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (key, version) DO UPDATE SET
                 data_key = excluded.data_key, material = excluded.material",
        )?
        .execute(params![row, sealed.version, sealed.data_key, sealed.material])?;
    Ok(())
}

/// Overwrites a version's sealed bytes where they lie, then deletes their row: the pages hold
/// nothing of them even if `secure_delete` should once be off.
fn purge(connection: &Connection, row: i64, version: u32) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "UPDATE key_sealed
             SET data_key = zeroblob(length(data_key)), material = zeroblob(length(material))
             WHERE key = ?1 AND version = ?2",
        )?
        .execute(params![row, version])?;
    connection
        .prepare_cached("DELETE FROM key_sealed WHERE key = ?1 AND version = ?2")?
        .execute(params![row, version])?;
    Ok(())
}

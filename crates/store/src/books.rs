//! The small tables: what the vault says of itself, checkpoints, backups, settings, slot uses.

use std::collections::BTreeMap;

use keyreeve_domain::ports::{BackupRecord, StoredCheckpoint, VaultMeta};
use keyreeve_domain::{SlotId, Timestamp, VaultId};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::fault::{Fault, damaged};
use crate::stored::{Json, Millis, Natural, millis};

/// Writes what a new vault says of itself.
pub(crate) fn put_meta(connection: &Connection, meta: &VaultMeta) -> Result<(), Fault> {
    connection.execute(
        "INSERT INTO meta (only, vault_id, created_at, audit_public_key, sealed_audit_key)
         VALUES (1, ?1, ?2, ?3, ?4)",
        params![
            meta.vault_id.as_bytes(),
            Millis(meta.created_at),
            meta.audit_public_key,
            meta.sealed_audit_key,
        ],
    )?;
    Ok(())
}

/// What the vault says of itself.
pub(crate) fn meta(connection: &Connection) -> Result<VaultMeta, Fault> {
    connection
        .prepare_cached(
            "SELECT vault_id, created_at, audit_public_key, sealed_audit_key FROM meta
             WHERE only = 1",
        )?
        .query_row([], |row| {
            Ok(VaultMeta {
                vault_id: VaultId::from_bytes(row.get(0)?),
                created_at: row.get::<_, Millis>(1)?.0,
                audit_public_key: row.get(2)?,
                sealed_audit_key: row.get(3)?,
            })
        })
        .optional()?
        .ok_or_else(|| damaged("it does not say which vault it belongs to"))
}

/// Stores a checkpoint.
pub(crate) fn put_checkpoint(connection: &Connection, new: &StoredCheckpoint) -> Result<(), Fault> {
    connection
        .prepare_cached("INSERT INTO checkpoints (size, time, note) VALUES (?1, ?2, ?3)")?
        .execute(params![Natural(new.size), Millis(new.time), new.note])?;
    Ok(())
}

/// The checkpoint stored last.
pub(crate) fn latest_checkpoint(
    connection: &Connection,
) -> Result<Option<StoredCheckpoint>, Fault> {
    Ok(connection
        .prepare_cached("SELECT size, time, note FROM checkpoints ORDER BY id DESC LIMIT 1")?
        .query_row([], checkpoint)
        .optional()?)
}

/// All checkpoints, oldest first.
pub(crate) fn checkpoints(connection: &Connection) -> Result<Vec<StoredCheckpoint>, Fault> {
    let mut select =
        connection.prepare_cached("SELECT size, time, note FROM checkpoints ORDER BY id")?;
    let all = select.query_map([], checkpoint)?.collect::<Result<_, _>>()?;
    Ok(all)
}

fn checkpoint(row: &Row<'_>) -> rusqlite::Result<StoredCheckpoint> {
    Ok(StoredCheckpoint {
        size: row.get::<_, Natural>(0)?.0,
        time: row.get::<_, Millis>(1)?.0,
        note: row.get(2)?,
    })
}

/// Stores a backup's record and answers its number.
pub(crate) fn put_backup(connection: &Connection, new: &BackupRecord) -> Result<i64, Fault> {
    connection
        .prepare_cached(
            "INSERT INTO backups (time, file, bytes, sha256, keys, audit_size, recipients,
                                  verified_at, standard_files)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            Millis(new.time),
            new.file,
            Natural(new.bytes),
            new.sha256,
            Natural(new.keys),
            Natural(new.audit_size),
            Json(&new.recipients),
            millis(new.verified_at),
            new.standard_files,
        ])?;
    Ok(connection.last_insert_rowid())
}

/// Remembers when a backup was last verified.
pub(crate) fn set_backup_verified(
    connection: &Connection,
    id: i64,
    at: Timestamp,
) -> Result<(), Fault> {
    let changed = connection
        .prepare_cached("UPDATE backups SET verified_at = ?2 WHERE id = ?1")?
        .execute(params![id, Millis(at)])?;
    if changed == 1 { Ok(()) } else { Err(damaged(format!("it knows no backup {id}"))) }
}

/// All backups, newest first.
pub(crate) fn backups(connection: &Connection) -> Result<Vec<BackupRecord>, Fault> {
    let mut select = connection.prepare_cached(
        "SELECT id, time, file, bytes, sha256, keys, audit_size, recipients, verified_at,
                standard_files
         FROM backups ORDER BY id DESC",
    )?;
    let all = select.query_map([], backup)?.collect::<Result<_, _>>()?;
    Ok(all)
}

fn backup(row: &Row<'_>) -> rusqlite::Result<BackupRecord> {
    Ok(BackupRecord {
        id: row.get(0)?,
        time: row.get::<_, Millis>(1)?.0,
        file: row.get(2)?,
        bytes: row.get::<_, Natural>(3)?.0,
        sha256: row.get(4)?,
        keys: row.get::<_, Natural>(5)?.0,
        audit_size: row.get::<_, Natural>(6)?.0,
        recipients: row.get::<_, Json<_>>(7)?.0,
        verified_at: row.get::<_, Option<Millis>>(8)?.map(|at| at.0),
        standard_files: row.get(9)?,
    })
}

/// Stores a setting's JSON text.
pub(crate) fn put_setting(connection: &Connection, name: &str, json: &str) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "INSERT INTO settings (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )?
        .execute([name, json])?;
    Ok(())
}

/// A setting's JSON text.
pub(crate) fn setting(connection: &Connection, name: &str) -> Result<Option<String>, Fault> {
    Ok(connection
        .prepare_cached("SELECT value FROM settings WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()?)
}

/// Remembers when a slot was last used.
pub(crate) fn touch_slot(
    connection: &Connection,
    slot: SlotId,
    at: Timestamp,
) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "INSERT INTO slot_uses (slot, used_at) VALUES (?1, ?2)
             ON CONFLICT (slot) DO UPDATE SET used_at = excluded.used_at",
        )?
        .execute(params![slot.as_bytes(), Millis(at)])?;
    Ok(())
}

/// When each slot was last used.
pub(crate) fn slot_uses(connection: &Connection) -> Result<BTreeMap<SlotId, Timestamp>, Fault> {
    let mut select = connection.prepare_cached("SELECT slot, used_at FROM slot_uses")?;
    let uses = select
        .query_map([], |row| Ok((SlotId::from_bytes(row.get(0)?), row.get::<_, Millis>(1)?.0)))?
        .collect::<Result<_, _>>()?;
    Ok(uses)
}

//! Public keys that are kept alone: rows to records and back.

use keyreeve_crypto::Sha256;
use keyreeve_domain::audit::ObjectKind;
use keyreeve_domain::ports::{Stamp, StoreError};
use keyreeve_domain::{
    Description, KeyName, KnownKeyChange, KnownKeyId, KnownKeyRecord, Note, Owner,
};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::fault::Fault;
use crate::log::{self, Log};
use crate::stored::{Json, Millis, Named, parsed};

/// The columns that [`known_key`] takes.
const SELECT: &str =
    "SELECT id, name, algorithm, public_key, sha256, form, owner, note, tags, created_at
    FROM public_keys";

/// Saves a change and its event. Answers the event's sequence number.
pub(crate) fn save(
    connection: &Connection,
    log: &mut Log,
    change: &KnownKeyChange,
    stamp: &Stamp,
) -> Result<u64, Fault> {
    let record = &change.record;
    if change.action.removes() {
        connection
            .prepare_cached("DELETE FROM public_keys WHERE id = ?1")?
            .execute([record.id.as_bytes()])?;
        return log.append(connection, stamp.draft_of_known_key(change));
    }
    connection
        .prepare_cached(
            "INSERT INTO public_keys (id, name, algorithm, public_key, sha256, form, owner, note,
                 tags, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT (id) DO UPDATE SET
                 name = excluded.name, owner = excluded.owner, note = excluded.note,
                 tags = excluded.tags",
        )?
        .execute(params![
            record.id.as_bytes(),
            record.name.as_str(),
            Named(record.algorithm),
            record.public_key,
            record.sha256,
            record.form,
            record.description.owner.as_str(),
            record.description.note.as_str(),
            Json(&record.description.tags),
            Millis(record.created_at),
        ])?;
    log.append(connection, stamp.draft_of_known_key(change))
}

/// The public key `id`, checked against the newest entry that carries a digest of it.
pub(crate) fn trusted(
    connection: &Connection,
    id: KnownKeyId,
) -> Result<Option<KnownKeyRecord>, Fault> {
    let record = connection
        .prepare_cached(&format!("{SELECT} WHERE id = ?1"))?
        .query_row([id.as_bytes()], known_key)
        .optional()?;
    let digest = record.as_ref().map(KnownKeyRecord::state_digest);
    if log::vouches(connection, ObjectKind::KnownKey, &id.to_string(), digest)? {
        Ok(record)
    } else {
        Err(StoreError::Tampered { object: format!("public key {id}") }.into())
    }
}

/// All of them by name, or only the one with this SHA-256.
pub(crate) fn list(
    connection: &Connection,
    sha256: Option<&Sha256>,
) -> Result<Vec<KnownKeyRecord>, Fault> {
    let filter = if sha256.is_some() { "sha256 = ?1" } else { "?1 IS NULL" };
    let mut select =
        connection.prepare_cached(&format!("{SELECT} WHERE {filter} ORDER BY name, id"))?;
    let found = select.query_map([sha256], known_key)?.collect::<Result<_, _>>()?;
    Ok(found)
}

fn known_key(row: &Row<'_>) -> rusqlite::Result<KnownKeyRecord> {
    Ok(KnownKeyRecord {
        id: KnownKeyId::from_bytes(row.get(0)?),
        name: parsed(row, 1, KeyName::parse)?,
        algorithm: row.get::<_, Named<_>>(2)?.0,
        public_key: row.get(3)?,
        sha256: row.get(4)?,
        form: row.get(5)?,
        description: description(row, 6)?,
        created_at: row.get::<_, Millis>(9)?.0,
    })
}

/// The columns owner, note and tags, from number `at` on.
pub(crate) fn description(row: &Row<'_>, at: usize) -> rusqlite::Result<Description> {
    Ok(Description {
        owner: parsed(row, at, Owner::parse)?,
        note: parsed(row, at + 1, Note::parse)?,
        tags: row.get::<_, Json<_>>(at + 2)?.0,
    })
}

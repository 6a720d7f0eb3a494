//! Rows to records.

use std::collections::{BTreeMap, BTreeSet};

use keyreeve_domain::{KeyId, KeyName, KeyRecord, KeyVersion, Note, Origin, Owner, Tag, Timestamp};
use rusqlite::types::FromSqlError;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::fault::{Fault, damaged};
use crate::keys::{Derived, StoredKey};
use crate::stored::{Json, Millis, Named, Natural, parsed};

/// The columns that [`key`] takes.
pub(super) const KEY_COLUMNS: &str =
    "key, id, name, name_folded, algorithm, purpose, state, rotate_by,
    warn_at, next_due, destroy_scheduled_at, created_at, last_used_at, primary_version, revision,
    audit_seq, exportable, owner, policy, where_used, fields, note, expired";

/// The columns that [`version`] takes.
pub(super) const VERSION_COLUMNS: &str =
    "version, state, created_at, activate_at, activated_at, suspended_at, deactivate_at,
    deactivated_at, compromised_at, compromise_reason, destroy_scheduled_at, destroyed_at,
    replaced_by, origin, generator, creator, public_key, fingerprints, kcv, encryptions,
    data_key_digest, material_digest";

/// How many they are.
pub(super) const VERSION_WIDTH: usize = 22;

/// The key `id`, if there is one.
pub(crate) fn load(connection: &Connection, id: KeyId) -> Result<Option<StoredKey>, Fault> {
    connection
        .prepare_cached(&format!("SELECT {KEY_COLUMNS} FROM keys WHERE id = ?1"))?
        .query_row([id.as_bytes()], key)
        .optional()?
        .map(|stored| completed(connection, stored))
        .transpose()
}

/// The key with this folded name.
pub(crate) fn id_named(connection: &Connection, folded: &str) -> Result<Option<KeyId>, Fault> {
    Ok(connection
        .prepare_cached("SELECT id FROM keys WHERE name_folded = ?1")?
        .query_row([folded], |row| row.get(0).map(KeyId::from_bytes))
        .optional()?)
}

/// Keys whose identifier's text begins with `prefix`; none when no identifier can.
pub(crate) fn with_prefix(
    connection: &Connection,
    prefix: &str,
    limit: u32,
) -> Result<Vec<KeyId>, Fault> {
    let Some((lowest, highest)) = id_range(prefix) else {
        return Ok(Vec::new());
    };
    let mut select = connection
        .prepare_cached("SELECT id FROM keys WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT ?3")?;
    let ids = select
        .query_map(params![lowest, highest, limit], |row| row.get(0).map(KeyId::from_bytes))?
        .collect::<Result<_, _>>()?;
    Ok(ids)
}

/// The lowest and the highest identifier whose text begins with `prefix`: hexadecimal digits with
/// the hyphens where they are shown, or with none at all.
pub(crate) fn id_range(prefix: &str) -> Option<([u8; 16], [u8; 16])> {
    const HYPHENS: [usize; 4] = [8, 13, 18, 23];
    let hyphenated = prefix.contains('-');
    let mut digits = Vec::with_capacity(32);
    for (place, c) in prefix.chars().enumerate() {
        if hyphenated && HYPHENS.contains(&place) {
            if c != '-' {
                return None;
            }
        } else {
            digits.push(u8::try_from(c.to_digit(16)?).ok()?);
        }
        if digits.len() > 32 {
            return None;
        }
    }
    let filled = |filling: u8| {
        let digit = |place: usize| digits.get(place).copied().unwrap_or(filling);
        std::array::from_fn(|byte| digit(2 * byte) * 16 + digit(2 * byte + 1))
    };
    Some((filled(0), filled(0xF)))
}

/// Keys for which something is due at `now`, the longest due first.
pub(crate) fn due(
    connection: &Connection,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<KeyId>, Fault> {
    let mut select = connection.prepare_cached(
        "SELECT id FROM keys INDEXED BY keys_by_next_due
         WHERE next_due <= ?1 ORDER BY next_due LIMIT ?2",
    )?;
    let ids = select
        .query_map(params![Millis(now), limit], |row| row.get(0).map(KeyId::from_bytes))?
        .collect::<Result<_, _>>()?;
    Ok(ids)
}

/// The entries at which each version was created and, if so, destroyed.
pub(crate) fn version_entries(
    connection: &Connection,
    id: KeyId,
) -> Result<BTreeMap<u32, (u64, Option<u64>)>, Fault> {
    let mut select = connection.prepare_cached(
        "SELECT version, created_seq, destroyed_seq FROM key_versions
         WHERE key = (SELECT key FROM keys WHERE id = ?1)",
    )?;
    let entries = select
        .query_map([id.as_bytes()], |row| {
            let destroyed: Option<Natural> = row.get(2)?;
            Ok((row.get(0)?, (row.get::<_, Natural>(1)?.0, destroyed.map(|seq| seq.0))))
        })?
        .collect::<Result<_, _>>()?;
    Ok(entries)
}

/// A key's row, still without its tags and versions.
pub(super) fn key(row: &Row<'_>) -> rusqlite::Result<StoredKey> {
    Ok(StoredKey {
        row: row.get(0)?,
        audit_seq: row.get::<_, Natural>(15)?.0,
        derived: Derived {
            name_folded: row.get(3)?,
            state: row.get::<_, Named<_>>(6)?.0,
            rotate_by: row.get(7)?,
            warn_at: row.get(8)?,
            next_due: row.get(9)?,
            destroy_scheduled_at: row.get(10)?,
            expired: row.get(22)?,
        },
        record: KeyRecord {
            id: KeyId::from_bytes(row.get(1)?),
            name: parsed(row, 2, KeyName::parse)?,
            purpose: row.get::<_, Named<_>>(5)?.0,
            algorithm: row.get::<_, Named<_>>(4)?.0,
            exportable: row.get(16)?,
            owner: parsed(row, 17, Owner::parse)?,
            note: parsed(row, 21, Note::parse)?,
            tags: BTreeSet::new(),
            where_used: row.get::<_, Json<_>>(19)?.0,
            fields: row.get::<_, Json<_>>(20)?.0,
            policy: row.get::<_, Json<_>>(18)?.0,
            created_at: row.get::<_, Millis>(11)?.0,
            last_used_at: row.get::<_, Option<Millis>>(12)?.map(|at| at.0),
            primary_version: row.get(13)?,
            versions: Vec::new(),
            revision: row.get::<_, Natural>(14)?.0,
        },
    })
}

/// Adds tags and versions.
fn completed(connection: &Connection, mut stored: StoredKey) -> Result<StoredKey, Fault> {
    let mut tags = connection.prepare_cached("SELECT tag FROM key_tags WHERE key = ?1")?;
    stored.record.tags = tags.query_map([stored.row], tag)?.collect::<Result<_, _>>()?;
    let mut versions = connection.prepare_cached(&format!(
        "SELECT {VERSION_COLUMNS} FROM key_versions WHERE key = ?1 ORDER BY version"
    ))?;
    stored.record.versions =
        versions.query_map([stored.row], version)?.collect::<Result<_, _>>()?;
    whole(stored)
}

/// Checks what records promise of their versions.
pub(super) fn whole(stored: StoredKey) -> Result<StoredKey, Fault> {
    let KeyRecord { id, primary_version, versions, .. } = &stored.record;
    let gapless = versions.iter().zip(1..).all(|(version, number)| version.version == number);
    if gapless && (1..=versions.len()).contains(&(*primary_version as usize)) {
        Ok(stored)
    } else {
        Err(damaged(format!("key {id} lacks a version")))
    }
}

/// A row that begins with a tag.
pub(super) fn tag(row: &Row<'_>) -> rusqlite::Result<Tag> {
    parsed(row, 0, Tag::parse)
}

/// A row that begins with [`VERSION_COLUMNS`].
pub(super) fn version(row: &Row<'_>) -> rusqlite::Result<KeyVersion> {
    let time = |column| row.get::<_, Option<Millis>>(column).map(|at| at.map(|at| at.0));
    let origin = match row.get_ref(13)?.as_str()? {
        "generated" => Origin::Generated,
        "imported" => Origin::Imported,
        _ => return Err(FromSqlError::InvalidType.into()),
    };
    Ok(KeyVersion {
        version: row.get(0)?,
        state: row.get::<_, Named<_>>(1)?.0,
        created_at: row.get::<_, Millis>(2)?.0,
        activate_at: time(3)?,
        activated_at: time(4)?,
        suspended_at: time(5)?,
        deactivate_at: time(6)?,
        deactivated_at: time(7)?,
        compromised_at: time(8)?,
        compromise_reason: row.get(9)?,
        destroy_scheduled_at: time(10)?,
        destroyed_at: time(11)?,
        replaced_by: row.get(12)?,
        origin,
        generator: row.get(14)?,
        creator: row.get(15)?,
        public_key: row.get(16)?,
        fingerprints: row.get::<_, Json<_>>(17)?.0,
        kcv: row.get(18)?,
        encryptions: row.get::<_, Natural>(19)?.0,
        data_key_digest: row.get(20)?,
        material_digest: row.get(21)?,
    })
}

#[cfg(test)]
mod tests {
    use super::id_range;

    #[test]
    fn a_prefix_spans_all_identifiers_that_begin_with_it() {
        let (low, high) = id_range("0B0e6c1e-6").unwrap();
        assert_eq!(hex::encode(low), "0b0e6c1e600000000000000000000000");
        assert_eq!(hex::encode(high), "0b0e6c1e6fffffffffffffffffffffff");
        assert_eq!(id_range("0b0e6c1e6"), id_range("0b0e6c1e-6"));
        assert_eq!(id_range(""), Some(([0; 16], [0xFF; 16])));
        let whole = "0b0e6c1e-6f0a-4a44-9d3c-7f3d3c1a2b4c";
        let (low, high) = id_range(whole).unwrap();
        assert_eq!(low, high);
    }

    #[test]
    fn no_identifier_begins_with_nonsense() {
        let long = format!("0b0e6c1e-6f0a-4a44-9d3c-7f3d3c1a2b4c{}", "0".repeat(9));
        for bad in ["g", "0b0e6c1-e", "-", "0b0e6c1e6-", "0b 0e", "٣", "%", &long, &"0".repeat(33)]
        {
            assert_eq!(id_range(bad), None, "{bad:?}");
        }
    }
}

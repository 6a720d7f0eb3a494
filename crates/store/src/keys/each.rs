//! Every key, in one pass over the file.

use std::iter::Peekable;

use keyreeve_domain::KeyRecord;
use keyreeve_domain::ports::StoreError;
use rusqlite::{Connection, Row};

use crate::fault::{Fault, damaged};
use crate::keys::load::{KEY_COLUMNS, VERSION_COLUMNS, VERSION_WIDTH, key, tag, version, whole};
use crate::keys::sealed::{Sealed, as_recorded};
use crate::keys::{Derived, StoredKey};

/// Hands every key to `visit`, in the order in which they lie in the file. So do their tags, versions and
/// sealed material: each table is read once from its beginning to its end, and every page deciphered once.
///
/// Each key's sealed bytes are those of its record.
pub(crate) fn each(
    connection: &Connection,
    visit: &mut dyn FnMut(StoredKey) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut tags = connection.prepare_cached("SELECT tag, key FROM key_tags ORDER BY key, tag")?;
    let mut tags = tags.query_map([], |row| Ok((row.get(1)?, tag(row)?)))?.peekable();
    let mut versions = connection.prepare_cached(&format!(
        "SELECT {VERSION_COLUMNS}, data_key, material, key
         FROM key_versions LEFT JOIN key_sealed USING (key, version) ORDER BY key, version"
    ))?;
    let mut versions = versions
        .query_map([], |row| Ok((row.get(VERSION_WIDTH + 2)?, (version(row)?, sealed(row)?))))?
        .peekable();
    let mut keys =
        connection.prepare_cached(&format!("SELECT {KEY_COLUMNS} FROM keys ORDER BY key"))?;
    let mut rows = keys.query([])?;
    while let Some(row) = rows.next()? {
        let mut stored = key(row)?;
        stored.record.tags = of_key(&mut tags, stored.row).collect::<Result<_, _>>()?;
        for found in of_key(&mut versions, stored.row) {
            let (version, sealed) = found?;
            let digests = (version.data_key_digest, version.material_digest);
            as_recorded(stored.record.id, version.version, digests, sealed)?;
            stored.record.versions.push(version);
        }
        visit(whole(stored)?)?;
    }
    if tags.next().is_some() || versions.next().is_some() {
        return Err(damaged("tags or versions belong to a key that is not there"));
    }
    Ok(())
}

/// As [`each`], of keys of which lists show what their records say.
pub(crate) fn each_trusted(
    connection: &Connection,
    visit: &mut dyn FnMut(KeyRecord) -> Result<(), Fault>,
) -> Result<(), Fault> {
    each(connection, &mut |stored| {
        if stored.derived == Derived::of(&stored.record) {
            visit(stored.record)
        } else {
            let object = format!("what lists show of key {}", stored.record.id);
            Err(StoreError::Tampered { object }.into())
        }
    })
}

/// A row's sealed data key and material.
fn sealed(row: &Row<'_>) -> rusqlite::Result<Sealed> {
    Ok((row.get(VERSION_WIDTH)?, row.get(VERSION_WIDTH + 1)?))
}

/// The rows that come next and belong to `key`.
fn of_key<T>(
    rows: &mut Peekable<impl Iterator<Item = rusqlite::Result<(i64, T)>>>,
    key: i64,
) -> impl Iterator<Item = rusqlite::Result<T>> {
    // A row that cannot be read is nobody's, and handed on at once.
    std::iter::from_fn(move || {
        let row = rows.next_if(|row| row.as_ref().map_or(true, |(of, _)| *of == key))?;
        Some(row.map(|(_, content)| content))
    })
}

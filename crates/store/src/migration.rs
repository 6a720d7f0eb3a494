//! The schema's versions: one file each, run in order, each newer one on top of the older.

use keyreeve_domain::ports::StoreError;
use rusqlite::Connection;

use crate::fault::{Answer, damaged};

/// Every migration from the first day; the schema's version is their number.
pub(crate) const MIGRATIONS: &[&str] = &[include_str!("../migrations/0001_first.sql")];

/// The version of the schema that `migrations` end in.
pub(crate) fn newest(migrations: &[&str]) -> u32 {
    u32::try_from(migrations.len()).unwrap_or(u32::MAX)
}

/// The version of the schema in the file; 0 of a database that nothing was put into.
pub(crate) fn found(connection: &Connection) -> Answer<u32> {
    let version: i64 =
        connection.prepare_cached("PRAGMA user_version")?.query_row([], |row| row.get(0))?;
    u32::try_from(version).map_err(|_out_of_range| damaged("its format has no number"))
}

/// Refuses a schema newer than this app's.
pub(crate) fn refuse_newer(found: u32, migrations: &[&str]) -> Answer<()> {
    let known = newest(migrations);
    if found > known { Err(StoreError::Newer { found, known }.into()) } else { Ok(()) }
}

/// Brings the schema from version `from` to the newest. The caller holds the write transaction.
pub(crate) fn run(connection: &Connection, from: u32, migrations: &[&str]) -> Answer<()> {
    for migration in migrations.iter().skip(from as usize) {
        connection.execute_batch(migration)?;
    }
    connection.pragma_update(None, "user_version", newest(migrations))?;
    let mut broken = connection.prepare("PRAGMA foreign_key_check")?;
    if broken.exists([])? {
        return Err(damaged("after the migration some rows refer to others that are not there"));
    }
    Ok(())
}

//! The schema's versions: one file each, run in order, each newer one on top of the older.

use keyreeve_domain::ports::StoreError;
use rusqlite::Connection;

use crate::fault::{Fault, damaged};
use crate::keys;

/// Every migration from the first day; the schema's version is their number.
pub(crate) const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_first.sql"),
    include_str!("../migrations/0002_expiry.sql"),
    include_str!("../migrations/0003_certificates.sql"),
    include_str!("../migrations/0004_known_keys.sql"),
    include_str!("../migrations/0005_foreign_keys.sql"),
];

/// From this version on the rows say which keys have expired.
const WITH_EXPIRY: u32 = 2;

/// The version of the schema that `migrations` end in.
pub(crate) fn newest(migrations: &[&str]) -> u32 {
    u32::try_from(migrations.len()).unwrap_or(u32::MAX)
}

/// The version of the schema in the file; 0 of a database that nothing was put into.
pub(crate) fn found(connection: &Connection) -> Result<u32, Fault> {
    let version: i64 =
        connection.prepare_cached("PRAGMA user_version")?.query_row([], |row| row.get(0))?;
    u32::try_from(version).map_err(|_out_of_range| damaged("its format has no number"))
}

/// Refuses a schema newer than this app's.
pub(crate) fn refuse_newer(found: u32, migrations: &[&str]) -> Result<(), Fault> {
    let known = newest(migrations);
    if found > known { Err(StoreError::Newer { found, known }.into()) } else { Ok(()) }
}

/// Brings the schema from version `from` to the newest. The caller holds the write transaction.
pub(crate) fn run(connection: &Connection, from: u32, migrations: &[&str]) -> Result<(), Fault> {
    for migration in migrations.iter().skip(from as usize) {
        connection.execute_batch(migration)?;
    }
    if (from + 1..=newest(migrations)).contains(&WITH_EXPIRY) {
        keys::mark_expired(connection)?;
    }
    connection.pragma_update(None, "user_version", newest(migrations))?;
    let mut broken = connection.prepare("PRAGMA foreign_key_check")?;
    if broken.exists([])? {
        return Err(damaged("after the migration some rows refer to others that are not there"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use keyreeve_domain::audit::Action;
    use keyreeve_domain::ports::{StoreError, VaultStore as _};

    use super::*;
    use crate::fault::while_opening;
    use crate::opener::{FILE_NAME, open};
    use crate::sample::{self, Folder};

    /// One more migration than there is.
    const NEXT: &[&str] = &[
        MIGRATIONS[0],
        MIGRATIONS[1],
        MIGRATIONS[2],
        MIGRATIONS[3],
        MIGRATIONS[4],
        "CREATE TABLE extra (a INTEGER) STRICT; INSERT INTO extra SELECT created_at FROM meta;",
    ];
    const BROKEN: &[&str] = &[
        MIGRATIONS[0],
        MIGRATIONS[1],
        MIGRATIONS[2],
        MIGRATIONS[3],
        MIGRATIONS[4],
        "CREATE TABLE extra (a INTEGER) STRICT; INSERT INTO nowhere VALUES (1);",
    ];

    fn opened(folder: &Folder, migrations: &'static [&'static str]) -> Result<(), StoreError> {
        let path = folder.path().join(FILE_NAME);
        let store =
            open(&path, &sample::key(), migrations).map_err(|fault| while_opening(fault, &path))?;
        store.check_integrity()?;
        let read = store.read()?;
        assert_eq!(read.meta()?, sample::meta());
        assert_eq!(read.frontier()?.size(), 2);
        Ok(())
    }

    /// A vault of the newest schema with one event more than its first.
    fn vault_of_today() -> Folder {
        let (folder, store) = sample::vault(MIGRATIONS);
        let mut write = store.write().unwrap();
        write.append(sample::draft(Action::VaultLock)).unwrap();
        write.commit().unwrap();
        folder
    }

    /// Whoever changes a migration that vaults were already made with breaks them: add one.
    #[test]
    fn the_schemas_are_the_pinned_ones() {
        let pinned = [
            include_str!("../migrations/schema_1.pinned.sql"),
            include_str!("../migrations/schema_2.pinned.sql"),
            include_str!("../migrations/schema_3.pinned.sql"),
            include_str!("../migrations/schema_4.pinned.sql"),
            include_str!("../migrations/schema_5.pinned.sql"),
        ];
        assert_eq!(pinned.len(), MIGRATIONS.len());
        for (number, pinned) in (1..).zip(pinned) {
            let connection = Connection::open_in_memory().unwrap();
            for migration in &MIGRATIONS[..number] {
                connection.execute_batch(migration).unwrap();
            }
            let mut select = connection
                .prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name")
                .unwrap();
            let statements: Result<Vec<String>, _> =
                select.query_map([], |row| row.get(0)).unwrap().collect();
            assert_eq!(statements.unwrap().join(";\n\n") + ";\n", pinned, "schema {number}");
        }
    }

    #[test]
    fn an_older_vault_is_migrated_and_a_copy_of_it_kept() {
        let folder = vault_of_today();
        opened(&folder, NEXT).unwrap();
        // The copy is still of the older schema, and whole.
        let elsewhere = Folder::new().unwrap();
        fs::copy(folder.path().join("vault.v5.db"), elsewhere.path().join(FILE_NAME)).unwrap();
        opened(&elsewhere, MIGRATIONS).unwrap();
        // Migrated once: a second opening makes no second copy.
        opened(&folder, NEXT).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_migration_that_fails_changes_nothing() {
        let folder = vault_of_today();
        for copies in 1..=2 {
            assert!(matches!(opened(&folder, BROKEN), Err(StoreError::Database(_))));
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1 + copies);
        }
        opened(&folder, MIGRATIONS).unwrap();
        opened(&folder, NEXT).unwrap();
    }

    #[test]
    fn a_newer_vault_is_refused_and_not_touched() {
        let folder = vault_of_today();
        opened(&folder, NEXT).unwrap();
        let before = folder.contents();
        let refused = opened(&folder, MIGRATIONS).unwrap_err();
        assert!(matches!(refused, StoreError::Newer { found: 6, known: 5 }), "{refused}");
        assert_eq!(folder.contents(), before);
    }

    #[test]
    fn a_vault_migrated_under_an_older_app_is_refused_at_the_next_transaction() {
        let folder = vault_of_today();
        let path = folder.path().join(FILE_NAME);
        let older = open(&path, &sample::key(), MIGRATIONS).unwrap();
        assert!(older.read().is_ok());
        opened(&folder, NEXT).unwrap();
        assert!(matches!(older.read().err(), Some(StoreError::Newer { found: 6, known: 5 })));
        assert!(matches!(older.write().err(), Some(StoreError::Newer { found: 6, known: 5 })));
    }
}

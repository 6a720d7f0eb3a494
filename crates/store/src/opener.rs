//! Making and opening a vault's database: two ways that share no step by which one could turn
//! into the other.

use std::path::Path;

use keyreeve_crypto::DatabaseKey;
use keyreeve_domain::audit::AuditDraft;
use keyreeve_domain::ports::{StoreError, StoreOpener, VaultMeta, VaultStore};
use rusqlite::Connection;

use crate::connection::{APPLICATION_ID, Journal, RawKey, connect};
use crate::fault::{Fault, while_opening};
use crate::files::{InUse, NewFile};
use crate::log::Log;
use crate::migration::{self, MIGRATIONS};
use crate::store::SqlcipherStore;
use crate::{books, log};

/// The database's name within a vault's folder.
pub(crate) const FILE_NAME: &str = "vault.db";

/// Makes and opens `vault.db`.
#[derive(Debug, Clone, Copy, Default)]
pub struct SqlcipherOpener;

impl StoreOpener for SqlcipherOpener {
    fn create(
        &self,
        vault: &Path,
        key: &DatabaseKey,
        meta: &VaultMeta,
        first: AuditDraft,
    ) -> Result<Box<dyn VaultStore>, StoreError> {
        Ok(Box::new(create(&vault.join(FILE_NAME), key, meta, first, MIGRATIONS)?))
    }

    fn open(&self, vault: &Path, key: &DatabaseKey) -> Result<Box<dyn VaultStore>, StoreError> {
        let path = vault.join(FILE_NAME);
        match open(&path, key, MIGRATIONS) {
            Ok(store) => Ok(Box::new(store)),
            Err(fault) => Err(while_opening(fault, &path)),
        }
    }
}

/// Makes a database with the schema that `migrations` end in. Nothing is left where it fails.
pub(crate) fn create(
    path: &Path,
    key: &DatabaseKey,
    meta: &VaultMeta,
    first: AuditDraft,
    migrations: &'static [&'static str],
) -> Result<SqlcipherStore, Fault> {
    let file = NewFile::make(path)?;
    let in_use = InUse::mark(path)?;
    let key = RawKey::of(key);
    let connection = connect(path, &key, Journal::Durable)?;
    connection.execute_batch("BEGIN EXCLUSIVE")?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    migration::run(&connection, 0, migrations)?;
    books::put_meta(&connection, meta)?;
    let mut log = Log::empty();
    log.append(&connection, first)?;
    log.save(&connection)?;
    connection.execute_batch("COMMIT")?;
    file.keep()?;
    Ok(SqlcipherStore::new(path, in_use, key, connection, migrations))
}

/// Opens a database that is there, and brings it to the schema that `migrations` end in.
pub(crate) fn open(
    path: &Path,
    key: &DatabaseKey,
    migrations: &'static [&'static str],
) -> Result<SqlcipherStore, Fault> {
    let in_use = InUse::examine(path)?;
    let key = RawKey::of(key);
    let connection = connect(path, &key, Journal::Durable)?;
    refuse_foreign(&connection, path)?;
    let found = migration::found(&connection)?;
    migration::refuse_newer(found, migrations)?;
    let store = SqlcipherStore::new(path, in_use, key, connection, migrations);
    if found < migration::newest(migrations) {
        store.migrate()?;
    }
    Ok(store)
}

/// Refuses a database that this key opens but that no vault made. The first read shows whether
/// the key fits at all.
fn refuse_foreign(connection: &Connection, path: &Path) -> Result<(), Fault> {
    let id: i32 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    if id != APPLICATION_ID || migration::found(connection)? == 0 {
        return Err(StoreError::Foreign { path: path.to_owned() }.into());
    }
    log::edge(connection)?;
    Ok(())
}

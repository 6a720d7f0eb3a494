//! A keyed connection, with every setting that a vault's database relies on.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use keyreeve_crypto::DatabaseKey;
use keyreeve_domain::ports::StoreError;
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use zeroize::Zeroizing;

use crate::fault::Fault;

/// How long a connection waits for another process or thread before it answers "busy".
pub(crate) const BUSY_WAIT: Duration = Duration::from_secs(5);

/// `KRVE`: says that a database is a vault's, and not somebody else's SQLCipher file.
pub(crate) const APPLICATION_ID: i32 = 0x4B52_5645;

/// Bytes of a page: SQLCipher 4's own size.
pub(crate) const PAGE_SIZE: u64 = 4096;

/// Kibibytes of pages each connection keeps deciphered.
const CACHE_KIB: u32 = 65_536;

/// A copy of the database's key, for the connections that a store opens later.
pub(crate) struct RawKey(Box<Zeroizing<[u8; 32]>>);

impl RawKey {
    pub(crate) fn of(key: &DatabaseKey) -> Self {
        // EXPOSE: SQLCipher takes the raw key; the copy is wiped with the store.
        Self(Box::new(Zeroizing::new(*key.expose())))
    }

    /// The statement that keys a connection. SQLCipher takes a raw key that is not of 64 digits for a
    /// passphrase without a word.
    fn statement(&self) -> Result<Zeroizing<String>, Fault> {
        let no_digits = || StoreError::Database("the raw key is not 64 hex digits".into());
        let mut digits = Zeroizing::new([0u8; 64]);
        hex::encode_to_slice(self.0.as_slice(), digits.as_mut()).map_err(|_odd| no_digits())?;
        let digits = std::str::from_utf8(digits.as_ref()).map_err(|_bytes| no_digits())?;
        // Reserved at once: a string that grows leaves copies behind.
        let mut statement = Zeroizing::new(String::with_capacity(96));
        statement.push_str("PRAGMA key = \"x'");
        statement.push_str(digits);
        statement.push_str("'\";");
        Ok(statement)
    }
}

/// How a connection's changes reach the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Journal {
    /// A rollback journal, and every sync there is: an answer survives a power cut.
    Durable,
    /// None on the disk: for a new file that counts only once it is complete. It is still synced.
    InMemory,
}

/// Opens the existing file at `path`, keys it, and reads whether the key fits.
///
/// SQLCipher takes a salt that the disk failed to give back for one that is not there yet, and makes
/// one up, so that the whole database seems to be of another key. A second connection tells.
pub(crate) fn connect(path: &Path, key: &RawKey, journal: Journal) -> Result<Connection, Fault> {
    let unfit = |fault: &Fault| {
        matches!(fault, Fault::Sqlite(error)
            if error.sqlite_error_code() == Some(ErrorCode::NotADatabase))
    };
    match connect_once(path, key, journal) {
        Err(fault) if unfit(&fault) => connect_once(path, key, journal),
        answer => answer,
    }
}

/// Lets SQLCipher start before any connection is keyed, and one thread at a time.
///
/// SQLite says that it has started before the step by which SQLCipher prepares itself has run
/// (`SQLITE_EXTRA_INIT`, which is under no lock). A thread that comes in between finds no cipher, and
/// its key is refused.
fn start_library() -> Result<(), Fault> {
    static STARTED: Mutex<bool> = Mutex::new(false);
    let mut started = STARTED.lock().unwrap_or_else(PoisonError::into_inner);
    if !*started {
        Connection::open_in_memory()?;
        *started = true;
    }
    Ok(())
}

fn connect_once(path: &Path, key: &RawKey, journal: Journal) -> Result<Connection, Fault> {
    start_library()?;
    // Never CREATE: making the file is another code path, with O_EXCL.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_WAIT)?;
    // Before the key, so that the key's own allocations are wiped and SQLCipher stays silent.
    connection
        .execute_batch("PRAGMA cipher_log_level = NONE; PRAGMA cipher_memory_security = ON;")?;
    connection.execute_batch(&key.statement()?)?;
    connection.execute_batch(&format!(
        "PRAGMA cipher_compatibility = 4;
         PRAGMA secure_delete = ON;
         PRAGMA foreign_keys = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA mmap_size = 0;
         PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;
         PRAGMA cache_size = -{CACHE_KIB};"
    ))?;
    connection.execute_batch("PRAGMA synchronous = EXTRA;")?;
    if journal == Journal::InMemory {
        connection.execute_batch("PRAGMA journal_mode = MEMORY;")?;
    }
    for (setting, on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_DQS_DDL, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
        // Plans that do not look at the values bound: otherwise many a statement, the search
        // index's own among them, is compiled anew each time that one is bound.
        (DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true),
    ] {
        connection.set_db_config(setting, on)?;
    }
    for (limit, bound) in [
        (Limit::SQLITE_LIMIT_LENGTH, 64 << 20),
        (Limit::SQLITE_LIMIT_SQL_LENGTH, 100_000),
        (Limit::SQLITE_LIMIT_ATTACHED, 0),
        (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 100),
        (Limit::SQLITE_LIMIT_EXPR_DEPTH, 100),
        (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 20),
        (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
    ] {
        connection.set_limit(limit, bound)?;
    }
    connection.set_prepared_statement_cache_capacity(96);
    connection.query_row("PRAGMA user_version", [], |_| Ok(()))?;
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use keyreeve_crypto::VaultKey;

    use super::*;

    #[test]
    fn the_key_is_sixty_four_digits() {
        let key = VaultKey::from_bytes(&[0xA5; 32]).derive_database_key(&[1; 16]);
        let statement = RawKey::of(&key).statement().unwrap();
        let digits = statement.strip_prefix("PRAGMA key = \"x'").unwrap();
        let digits = digits.strip_suffix("'\";").unwrap();
        assert_eq!(digits, hex::encode(key.expose()));
        assert_eq!(digits.len(), 64);
    }
}

//! An open database: connections for those who read and those who write, copies, checks.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use keyreeve_domain::ports::{Progress, ReadTransaction, StoreError, VaultStore, WriteTransaction};
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use crate::connection::{BUSY_WAIT, Journal, PAGE_SIZE, RawKey, connect};
use crate::fault::{Fault, damaged};
use crate::files::{InUse, NewFile, UNFINISHED_COPY, remove};
use crate::list::Cache;
use crate::migration;
use crate::transaction::{Kind, Transaction};

/// Connections kept open for the next reader, and for the next writer.
const MOST_IDLE: usize = 4;

/// An open vault database.
///
/// Every transaction has a connection to itself, so that a long read delays no other read, and
/// SQLite's own locks decide between processes and threads alike.
pub(crate) struct SqlcipherStore {
    path: PathBuf,
    key: RawKey,
    migrations: &'static [&'static str],
    readers: Mutex<Vec<Session>>,
    writers: Mutex<Vec<Session>>,
    /// Last, so that the connections are closed before the file counts as unused.
    _in_use: InUse,
}

/// A connection and what it remembers.
pub(crate) struct Session {
    pub(crate) connection: Connection,
    pub(crate) cache: RefCell<Cache>,
}

impl SqlcipherStore {
    pub(crate) fn new(
        path: &Path,
        in_use: InUse,
        key: RawKey,
        writer: Connection,
        migrations: &'static [&'static str],
    ) -> Self {
        Self {
            path: path.to_owned(),
            _in_use: in_use,
            key,
            migrations,
            readers: Mutex::default(),
            writers: Mutex::new(vec![Session { connection: writer, cache: RefCell::default() }]),
        }
    }

    /// The version of the schema that this app reads and writes.
    pub(crate) fn schema(&self) -> u32 {
        migration::newest(self.migrations)
    }

    /// Takes an idle connection, or opens one.
    pub(crate) fn take(&self, kind: Kind) -> Result<Session, Fault> {
        let idle = self.idle(kind).lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(session) = idle {
            return Ok(session);
        }
        let connection = connect(&self.path, &self.key, Journal::Durable)?;
        if kind == Kind::Read {
            connection.pragma_update(None, "query_only", true)?;
        }
        Ok(Session { connection, cache: RefCell::default() })
    }

    /// Takes a connection back for the next one who needs it.
    pub(crate) fn give_back(&self, kind: Kind, session: Session) {
        let mut idle = self.idle(kind).lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < MOST_IDLE {
            idle.push(session);
        }
    }

    /// Closes the idle connections: after the disk failed nothing that was read or written before
    /// is relied on, and the next one reads the file anew.
    pub(crate) fn close_idle(&self) {
        for kind in [Kind::Read, Kind::Write] {
            self.idle(kind).lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
    }

    fn idle(&self, kind: Kind) -> &Mutex<Vec<Session>> {
        match kind {
            Kind::Read => &self.readers,
            Kind::Write => &self.writers,
        }
    }

    /// Brings the schema to the newest version, after a copy of the database was kept.
    pub(crate) fn migrate(&self) -> Result<(), Fault> {
        let session = self.take(Kind::Write)?;
        let connection = &session.connection;
        connection.execute_batch("BEGIN IMMEDIATE")?;
        let migrated = self.migrate_within(connection);
        match migrated.and_then(|()| Ok(connection.execute_batch("COMMIT")?)) {
            Ok(()) => {
                self.give_back(Kind::Write, session);
                Ok(())
            }
            Err(fault) => {
                // The connection closes and takes an open transaction with it.
                drop(session);
                Err(fault)
            }
        }
    }

    fn migrate_within(&self, connection: &Connection) -> Result<(), Fault> {
        // Another process may have been faster.
        let from = migration::found(connection)?;
        migration::refuse_newer(from, self.migrations)?;
        if from < self.schema() {
            self.keep_copy_of(from)?;
            migration::run(connection, from, self.migrations)?;
        }
        Ok(())
    }

    /// Keeps the database as it is beside it, under a name of its own: `vault.v1.db`. It has that
    /// name once it is whole. The caller holds the write transaction, so no other process is at it.
    fn keep_copy_of(&self, version: u32) -> Result<(), Fault> {
        let name = |number: u32| match number {
            0 => format!("vault.v{version}.db"),
            number => format!("vault.v{version}-{number}.db"),
        };
        // A copy of the same version is there when a migration was broken off before.
        let free = (0..100)
            .map(|number| self.path.with_file_name(name(number)))
            .find(|path| path.symlink_metadata().is_err());
        let Some(free) = free else {
            return Err(StoreError::Exists { path: self.path.with_file_name(name(0)) }.into());
        };
        let unfinished = self.path.with_file_name(UNFINISHED_COPY);
        remove(&unfinished)?;
        self.copy(&unfinished, &keyreeve_domain::ports::Silent)?.keep_as(&free)
    }

    fn copy(&self, file: &Path, progress: &dyn Progress) -> Result<NewFile, Fault> {
        let new = NewFile::make(file)?;
        let source = connect(&self.path, &self.key, Journal::Durable)?;
        let mut target = connect(file, &self.key, Journal::InMemory)?;
        copy_pages(&source, &mut target, progress)?;
        target.close().map_err(|(_, error)| error)?;
        Ok(new)
    }
}

impl VaultStore for SqlcipherStore {
    fn read(&self) -> Result<Box<dyn ReadTransaction + '_>, StoreError> {
        Ok(Box::new(Transaction::begin(self, Kind::Read)?))
    }

    fn write(&self) -> Result<Box<dyn WriteTransaction + '_>, StoreError> {
        Ok(Box::new(Transaction::begin(self, Kind::Write)?))
    }

    fn copy_to(&self, file: &Path, progress: &dyn Progress) -> Result<(), StoreError> {
        Ok(self.copy(file, progress)?.keep()?)
    }

    fn check_integrity(&self) -> Result<(), StoreError> {
        let connection = connect(&self.path, &self.key, Journal::Durable)?;
        check_length(&connection, &self.path)?;
        Ok(check(&connection)?)
    }
}

/// Copies in steps, so that others may write between them; whoever does makes the copy start anew,
/// and after a few such times it goes through in one step.
fn copy_pages(
    source: &Connection,
    target: &mut Connection,
    progress: &dyn Progress,
) -> Result<(), Fault> {
    const PAGES_A_STEP: i32 = 1024;
    const MOST_RESTARTS: u32 = 3;
    let backup = Backup::new(source, target)?;
    let mut restarts = 0;
    let mut remaining = i32::MAX;
    let mut busy_since: Option<Instant> = None;
    loop {
        if progress.cancelled() {
            return Err(StoreError::Cancelled.into());
        }
        let pages = if restarts < MOST_RESTARTS { PAGES_A_STEP } else { -1 };
        let step = backup.step(pages)?;
        let now = backup.progress();
        let (left, total) = (now.remaining.max(0), now.pagecount.max(0));
        match step {
            StepResult::Busy | StepResult::Locked => {
                if busy_since.get_or_insert_with(Instant::now).elapsed() >= BUSY_WAIT {
                    return Err(StoreError::Busy.into());
                }
                std::thread::sleep(Duration::from_millis(10));
                continue;
            }
            done => {
                busy_since = None;
                progress.report((total - left).unsigned_abs().into(), total.unsigned_abs().into());
                if done == StepResult::Done {
                    return Ok(());
                }
            }
        }
        // A change that left the length as it was starts it anew as well.
        if left >= remaining {
            restarts += 1;
        }
        remaining = left;
    }
}

/// What is behind the end of the database is no part of it, and SQLCipher would look at all of it, however much that is,
/// and keep a line for each page in memory.
fn check_length(connection: &Connection, file: &Path) -> Result<(), Fault> {
    // While this reads, nobody writes.
    let reading = connection.unchecked_transaction()?;
    let pages: u32 = reading.query_row("PRAGMA page_count", [], |row| row.get(0))?;
    let length = u64::from(pages) * PAGE_SIZE;
    let found = std::fs::metadata(file)?.len();
    if found > length {
        return Err(damaged(format!("it ends after {length} bytes, and its file has {found}")));
    }
    Ok(())
}

/// Every page's MAC, then the structure, then what rows say of each other.
fn check(connection: &Connection) -> Result<(), Fault> {
    for (pragma, fine) in
        [("PRAGMA cipher_integrity_check", None), ("PRAGMA integrity_check(10)", Some("ok"))]
    {
        let mut select = connection.prepare(pragma)?;
        let found: Vec<String> =
            select.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let faults: Vec<_> = found.iter().filter(|line| Some(line.as_str()) != fine).collect();
        if let Some(first) = faults.first() {
            return Err(damaged(format!("{first} ({} faults in all)", faults.len())));
        }
    }
    let mut orphans = connection.prepare("PRAGMA foreign_key_check")?;
    let table: Option<String> = orphans.query_map([], |row| row.get(0))?.next().transpose()?;
    match table {
        None => Ok(()),
        Some(table) => Err(damaged(format!("rows of {table} refer to rows that are not there"))),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use keyreeve_domain::audit::Action;
    use rusqlite::config::DbConfig;

    use super::*;
    use crate::migration::MIGRATIONS;
    use crate::sample;

    /// A setting as SQLite reads it back.
    fn setting(connection: &Connection, pragma: &str) -> String {
        let value = connection.query_row(&format!("PRAGMA {pragma}"), [], |row| {
            row.get::<_, rusqlite::types::Value>(0)
        });
        match value.unwrap() {
            rusqlite::types::Value::Integer(number) => number.to_string(),
            rusqlite::types::Value::Text(text) => text,
            other => panic!("{pragma}: {other:?}"),
        }
    }

    #[test]
    fn every_connection_has_its_settings() {
        let (_folder, store) = sample::vault(MIGRATIONS);
        for kind in [Kind::Read, Kind::Write] {
            let session = store.take(kind).unwrap();
            for (pragma, value) in [
                ("cipher_memory_security", "1"),
                ("cipher_page_size", "4096"),
                ("cipher_use_hmac", "1"),
                ("secure_delete", "1"),
                ("foreign_keys", "1"),
                ("journal_mode", "delete"),
                ("synchronous", "3"),
                ("temp_store", "2"),
                ("trusted_schema", "0"),
                ("cell_size_check", "1"),
                ("busy_timeout", "5000"),
                ("user_version", "5"),
                ("query_only", if kind == Kind::Read { "1" } else { "0" }),
            ] {
                assert_eq!(setting(&session.connection, pragma), value, "{pragma} of {kind:?}");
            }
            let mapped: Result<i64, _> =
                session.connection.query_row("PRAGMA mmap_size", [], |row| row.get(0));
            // SQLCipher maps nothing and may answer nothing.
            assert_eq!(mapped.unwrap_or(0), 0);
            let stable = DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG;
            assert!(session.connection.db_config(stable).unwrap());
        }
    }

    /// See `docs/adr/0009-memory-is-wiped-not-locked.md`: a lock for each allocation makes many
    /// changes at once slower by an order of magnitude.
    #[cfg(target_os = "linux")]
    #[test]
    fn no_allocation_is_locked() {
        let (_folder, store) = sample::vault(MIGRATIONS);
        let _reading = store.read().unwrap();
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let locked = status.lines().find_map(|line| line.strip_prefix("VmLck:"));
        assert_eq!(locked.map(str::trim), Some("0 kB"));
    }

    #[test]
    fn a_full_disk_is_named_and_nothing_half_done_is_kept() {
        let (_folder, store) = sample::vault(MIGRATIONS);
        let session = store.take(Kind::Write).unwrap();
        let pages: i64 =
            session.connection.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
        let limit = format!("PRAGMA max_page_count = {}", pages + 4);
        session.connection.query_row(&limit, [], |_| Ok(())).unwrap();
        store.give_back(Kind::Write, session);

        let mut write = store.write().unwrap();
        write.append(sample::draft(Action::VaultLock)).unwrap();
        let full = (0..100)
            .find_map(|_| write.put_setting("large", &"x".repeat(1 << 16)).err())
            .expect("the limit is reached");
        assert!(matches!(full, StoreError::DiskFull), "{full}");
        // Whoever goes on regardless can neither change nor keep anything.
        assert!(write.append(sample::draft(Action::VaultLock)).is_err());
        assert!(write.commit().is_err());
        assert_eq!(store.read().unwrap().frontier().unwrap().size(), 1);
        let mut write = store.write().unwrap();
        write.append(sample::draft(Action::VaultLock)).unwrap();
        write.commit().unwrap();
        assert_eq!(store.read().unwrap().frontier().unwrap().size(), 2);
    }

    #[test]
    fn a_connection_that_met_a_failing_disk_is_not_used_again() {
        let (_folder, store) = sample::vault(MIGRATIONS);
        store.give_back(Kind::Read, store.take(Kind::Read).unwrap());
        // The bound is the connection's own: whoever still meets it has not opened the file anew.
        let session = store.take(Kind::Write).unwrap();
        session.connection.query_row("PRAGMA max_page_count = 1", [], |_| Ok(())).unwrap();
        store.give_back(Kind::Write, session);
        let fill = |times: usize| {
            let mut write = store.write()?;
            (0..times)
                .try_for_each(|at| write.put_setting(&format!("{at}"), &"x".repeat(1 << 16)))?;
            write.commit()
        };
        assert!(matches!(fill(100), Err(StoreError::DiskFull)));
        assert!(store.idle(Kind::Read).lock().unwrap().is_empty());
        assert!(store.idle(Kind::Write).lock().unwrap().is_empty());
        fill(100).unwrap();
    }

    #[test]
    fn few_connections_are_kept_for_the_next() {
        let (_folder, store) = sample::vault(MIGRATIONS);
        let sessions: Vec<_> = (0..6).map(|_| store.take(Kind::Read).unwrap()).collect();
        sessions.into_iter().for_each(|session| store.give_back(Kind::Read, session));
        assert_eq!(store.idle(Kind::Read).lock().unwrap().len(), MOST_IDLE);
    }

    #[test]
    fn a_connection_is_kept_however_its_transaction_ended() {
        let (_folder, store) = sample::vault(MIGRATIONS);
        let idle = |kind| store.idle(kind).lock().unwrap().len();
        for kept in [false, true] {
            let mut write = store.write().unwrap();
            write.append(sample::draft(Action::VaultLock)).unwrap();
            assert_eq!(idle(Kind::Write), 0);
            if kept {
                write.commit().unwrap()
            } else {
                drop(write)
            }
            assert_eq!(idle(Kind::Write), 1);
        }
        drop(store.read().unwrap());
        assert_eq!(idle(Kind::Read), 1);
        assert_eq!(store.read().unwrap().frontier().unwrap().size(), 2);
    }

    #[test]
    fn what_another_process_has_migrated_is_not_migrated_again() {
        let (folder, store) = sample::vault(MIGRATIONS);
        store.migrate().unwrap();
        let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap).collect();
        assert_eq!(files.len(), 1, "no copy is kept: {files:?}");
    }

    #[test]
    fn a_read_only_connection_is_named() {
        let (_folder, store) = sample::vault(MIGRATIONS);
        let session = store.take(Kind::Write).unwrap();
        session.connection.pragma_update(None, "query_only", true).unwrap();
        store.give_back(Kind::Write, session);
        let refused = store.write().map(drop).and_then(|()| {
            let mut write = store.write()?;
            write.append(sample::draft(Action::VaultLock)).map(drop)
        });
        assert!(matches!(refused, Err(StoreError::ReadOnly)), "{refused:?}");
    }

    /// Stops after so many reports.
    struct StopsAfter(AtomicU64);

    impl Progress for StopsAfter {
        fn report(&self, done: u64, total: u64) {
            assert!(done <= total);
            self.0.fetch_sub(1, Ordering::Relaxed);
        }

        fn cancelled(&self) -> bool {
            self.0.load(Ordering::Relaxed) == 0
        }
    }

    #[test]
    fn a_cancelled_copy_leaves_no_file() {
        let (folder, store) = sample::vault(MIGRATIONS);
        let file = folder.path().join("copy.db");
        let refused = store.copy_to(&file, &StopsAfter(AtomicU64::new(0)));
        assert!(matches!(refused, Err(StoreError::Cancelled)), "{refused:?}");
        assert!(!file.exists());
        store.copy_to(&file, &StopsAfter(AtomicU64::new(u64::MAX))).unwrap();
        assert!(file.exists());
    }
}

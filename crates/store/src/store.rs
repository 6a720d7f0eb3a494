//! An open database: connections for those who read and those who write, copies, checks.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use keyreeve_domain::ports::{Progress, ReadTransaction, StoreError, VaultStore, WriteTransaction};
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use crate::connection::{BUSY_WAIT, Journal, RawKey, connect};
use crate::fault::{Answer, damaged};
use crate::files::NewFile;
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
}

/// A connection and what it remembers.
pub(crate) struct Session {
    pub(crate) connection: Connection,
    pub(crate) cache: RefCell<Cache>,
}

impl SqlcipherStore {
    pub(crate) fn new(
        path: &Path,
        key: RawKey,
        writer: Connection,
        migrations: &'static [&'static str],
    ) -> Self {
        Self {
            path: path.to_owned(),
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
    pub(crate) fn take(&self, kind: Kind) -> Answer<Session> {
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

    fn idle(&self, kind: Kind) -> &Mutex<Vec<Session>> {
        match kind {
            Kind::Read => &self.readers,
            Kind::Write => &self.writers,
        }
    }

    /// Brings the schema to the newest version, after a copy of the database was kept.
    pub(crate) fn migrate(&self) -> Answer<()> {
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

    fn migrate_within(&self, connection: &Connection) -> Answer<()> {
        // Another process may have been faster.
        let from = migration::found(connection)?;
        migration::refuse_newer(from, self.migrations)?;
        if from < self.schema() {
            self.keep_copy_of(from)?;
            migration::run(connection, from, self.migrations)?;
        }
        Ok(())
    }

    /// Keeps the database as it is beside it, under a name of its own: `vault.v1.db`.
    fn keep_copy_of(&self, version: u32) -> Answer<()> {
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
        self.copy(&free, &keyreeve_domain::ports::Silent)
    }

    fn copy(&self, file: &Path, progress: &dyn Progress) -> Answer<()> {
        let new = NewFile::make(file)?;
        let source = connect(&self.path, &self.key, Journal::Durable)?;
        let mut target = connect(file, &self.key, Journal::InMemory)?;
        copy_pages(&source, &mut target, progress)?;
        target.close().map_err(|(_, error)| error)?;
        new.keep()
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
        Ok(self.copy(file, progress)?)
    }

    fn check_integrity(&self) -> Result<(), StoreError> {
        Ok(check(&connect(&self.path, &self.key, Journal::Durable)?)?)
    }
}

/// Copies in steps, so that others may write between them; whoever does makes the copy start anew,
/// and after a few such times it goes through in one step.
fn copy_pages(source: &Connection, target: &mut Connection, progress: &dyn Progress) -> Answer<()> {
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
        if left > remaining {
            restarts += 1;
        }
        remaining = left;
    }
}

/// Every page's MAC, then the structure, then what rows say of each other.
fn check(connection: &Connection) -> Answer<()> {
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

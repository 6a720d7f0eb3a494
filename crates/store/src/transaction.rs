//! A transaction, for reading or for writing: it ends with `commit`, or leaves nothing.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::Range;

use keyreeve_crypto::Sha256;
use keyreeve_domain::audit::{AuditDraft, AuditEntry, Frontier, ObjectKind};
use keyreeve_domain::ports::{
    AuditQuery, BackupRecord, ReadTransaction, SealedVersion, Stamp, StoreError, StoredCheckpoint,
    VaultMeta, WriteTransaction,
};
use keyreeve_domain::{
    CertificateChange, CertificateCounts, CertificateId, CertificateQuery, CertificateRecord,
    Counts, KeyChange, KeyId, KeyPage, KeyQuery, KeyRecord, KnownKeyChange, KnownKeyId,
    KnownKeyRecord, SlotId, Timestamp,
};
use rusqlite::{Connection, params};

use crate::fault::{Fault, of_disk};
use crate::list::Cache;
use crate::log::Log;
use crate::store::{Session, SqlcipherStore};
use crate::stored::Natural;
use crate::{books, certificates, keys, known_keys, list, log, migration};

/// What a transaction is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Read,
    Write,
}

/// An open transaction with a connection to itself.
pub(crate) struct Transaction<'s> {
    store: &'s SqlcipherStore,
    kind: Kind,
    /// Present until the end.
    session: Option<Session>,
    /// The log, once something was appended to it.
    log: Option<Log>,
    /// Whether a change failed half-way, after which nothing of this transaction may be kept.
    spoiled: bool,
    /// Whether the disk failed, after which the connection is not used again: what could not be
    /// flushed once is not flushed by trying again.
    disk_failed: Cell<bool>,
}

impl<'s> Transaction<'s> {
    pub(crate) fn begin(store: &'s SqlcipherStore, kind: Kind) -> Result<Self, Fault> {
        let session = store.take(kind)?;
        session.connection.execute_batch(match kind {
            Kind::Read => "BEGIN DEFERRED",
            Kind::Write => "BEGIN IMMEDIATE",
        })?;
        let transaction = Self {
            store,
            kind,
            session: Some(session),
            log: None,
            spoiled: false,
            disk_failed: Cell::new(false),
        };
        // The first read fixes the moment; and an app that is newer may have migrated meanwhile.
        let connection = transaction.connection()?;
        let found = transaction.noted(migration::found(connection))?;
        let known = store.schema();
        if found != known {
            return Err(StoreError::Newer { found, known }.into());
        }
        transaction.noted(transaction.session()?.cache.borrow_mut().refresh(connection))?;
        Ok(transaction)
    }

    fn session(&self) -> Result<&Session, Fault> {
        self.session.as_ref().ok_or_else(over)
    }

    fn connection(&self) -> Result<&Connection, Fault> {
        Ok(&self.session()?.connection)
    }

    /// Reads.
    fn get<T>(&self, read: impl FnOnce(&Connection) -> Result<T, Fault>) -> Result<T, StoreError> {
        Ok(self.noted(read(self.connection()?))?)
    }

    /// Notes when the disk failed.
    fn noted<T>(&self, answer: Result<T, Fault>) -> Result<T, Fault> {
        if answer.as_ref().is_err_and(of_disk) {
            self.disk_failed.set(true);
        }
        answer
    }

    /// Reads with what the connection remembers. A writer remembers nothing: what it reads may be
    /// its own change.
    fn get_with<T>(
        &self,
        read: impl FnOnce(&Connection, &mut Cache) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        let session = self.session()?;
        Ok(self.noted(match self.kind {
            Kind::Read => read(&session.connection, &mut session.cache.borrow_mut()),
            Kind::Write => read(&session.connection, &mut Cache::default()),
        })?)
    }

    /// Changes. What fails half-way spoils the transaction; a refusal comes before any change.
    fn change<T>(
        &mut self,
        change: impl FnOnce(&Connection, &mut Log) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        if self.spoiled {
            return Err(spoiled());
        }
        let connection = &self.session.as_ref().ok_or_else(over)?.connection;
        let changed = match &mut self.log {
            Some(log) => change(connection, log),
            None => {
                let log = self.log.insert(Log::load(connection)?);
                change(connection, log)
            }
        };
        let refused = |fault: &Fault| {
            matches!(fault, Fault::Named(StoreError::Stale { .. } | StoreError::NameTaken { .. }))
        };
        self.spoiled = changed.as_ref().is_err_and(|fault| !refused(fault));
        Ok(self.noted(changed)?)
    }

    fn end(&mut self) -> Result<(), Fault> {
        let Some(session) = &self.session else {
            return Err(over());
        };
        if self.spoiled {
            return Err(spoiled().into());
        }
        if let Some(log) = &self.log {
            log.save(&session.connection)?;
        }
        session.connection.execute_batch("COMMIT")?;
        Ok(())
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        let Some(session) = self.session.take() else {
            return;
        };
        // Closed, which ends the transaction; and so is one that cannot end it.
        if self.disk_failed.get() {
            drop(session);
            self.store.close_idle();
            return;
        }
        let ended = session.connection.is_autocommit()
            || session.connection.execute_batch("ROLLBACK").is_ok();
        if ended {
            self.store.give_back(self.kind, session);
        }
    }
}

impl ReadTransaction for Transaction<'_> {
    fn meta(&self) -> Result<VaultMeta, StoreError> {
        self.get(books::meta)
    }

    fn key(&self, id: KeyId) -> Result<Option<KeyRecord>, StoreError> {
        self.get(|connection| Ok(keys::load(connection, id)?.map(|stored| stored.record)))
    }

    fn trusted_key(&self, id: KeyId) -> Result<Option<KeyRecord>, StoreError> {
        self.get(|connection| keys::trusted(connection, id))
    }

    fn key_named(&self, folded: &str) -> Result<Option<KeyId>, StoreError> {
        self.get(|connection| keys::id_named(connection, folded))
    }

    fn keys_with_prefix(&self, prefix: &str, limit: u32) -> Result<Vec<KeyId>, StoreError> {
        self.get(|connection| keys::with_prefix(connection, prefix, limit))
    }

    fn list(&self, query: &KeyQuery, now: Timestamp) -> Result<KeyPage, StoreError> {
        self.get_with(|connection, cache| list::page(connection, cache, query, now))
    }

    fn ids(&self, query: &KeyQuery, now: Timestamp) -> Result<Vec<KeyId>, StoreError> {
        self.get_with(|connection, cache| list::ids(connection, cache, query, now))
    }

    fn counts(&self, now: Timestamp) -> Result<Counts, StoreError> {
        self.get(|connection| list::counts(connection, now))
    }

    fn sealed(&self, id: KeyId, version: u32) -> Result<Option<SealedVersion>, StoreError> {
        self.get(|connection| keys::sealed(connection, id, version))
    }

    fn due(&self, now: Timestamp, limit: u32) -> Result<Vec<KeyId>, StoreError> {
        self.get(|connection| keys::due(connection, now, limit))
    }

    fn each_key(
        &self,
        visit: &mut dyn FnMut(KeyRecord) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.get(|connection| keys::each_trusted(connection, &mut |record| Ok(visit(record)?)))
    }

    fn trusted_certificate(
        &self,
        id: CertificateId,
    ) -> Result<Option<CertificateRecord>, StoreError> {
        self.get(|connection| certificates::trusted(connection, id))
    }

    fn certificates(&self, query: &CertificateQuery) -> Result<Vec<CertificateRecord>, StoreError> {
        self.get(|connection| certificates::list(connection, query))
    }

    fn certificate_counts(&self, now: Timestamp) -> Result<CertificateCounts, StoreError> {
        self.get(|connection| certificates::counts(connection, now))
    }

    fn trusted_known_key(&self, id: KnownKeyId) -> Result<Option<KnownKeyRecord>, StoreError> {
        self.get(|connection| known_keys::trusted(connection, id))
    }

    fn known_keys(&self, sha256: Option<&Sha256>) -> Result<Vec<KnownKeyRecord>, StoreError> {
        self.get(|connection| known_keys::list(connection, sha256))
    }

    fn frontier(&self) -> Result<Frontier, StoreError> {
        match &self.log {
            Some(log) => Ok(log.edge().clone()),
            None => self.get(log::edge),
        }
    }

    fn each_entry(
        &self,
        range: Range<u64>,
        visit: &mut dyn FnMut(u64, &[u8]) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.get(|connection| log::each(connection, range, |seq, entry| Ok(visit(seq, entry)?)))
    }

    fn events(&self, query: &AuditQuery) -> Result<Vec<AuditEntry>, StoreError> {
        self.get(|connection| log::events(connection, query))
    }

    fn key_changes_since(&self, size: u64) -> Result<u64, StoreError> {
        self.get(|connection| log::vouching_since(connection, size))
    }

    fn version_entries(&self, id: KeyId) -> Result<BTreeMap<u32, (u64, Option<u64>)>, StoreError> {
        self.get(|connection| keys::version_entries(connection, id))
    }

    fn latest_checkpoint(&self) -> Result<Option<StoredCheckpoint>, StoreError> {
        self.get(books::latest_checkpoint)
    }

    fn checkpoints(&self) -> Result<Vec<StoredCheckpoint>, StoreError> {
        self.get(books::checkpoints)
    }

    fn backups(&self) -> Result<Vec<BackupRecord>, StoreError> {
        self.get(books::backups)
    }

    fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.get(|connection| books::setting(connection, name))
    }

    fn slot_uses(&self) -> Result<BTreeMap<SlotId, Timestamp>, StoreError> {
        self.get(books::slot_uses)
    }
}

impl WriteTransaction for Transaction<'_> {
    fn save_key(
        &mut self,
        change: &KeyChange,
        sealed: &[SealedVersion],
        stamp: &Stamp,
    ) -> Result<u64, StoreError> {
        self.change(|connection, log| keys::save(connection, log, change, sealed, stamp))
    }

    fn save_certificate(
        &mut self,
        change: &CertificateChange,
        stamp: &Stamp,
    ) -> Result<u64, StoreError> {
        self.change(|connection, log| certificates::save(connection, log, change, stamp))
    }

    fn save_known_key(
        &mut self,
        change: &KnownKeyChange,
        stamp: &Stamp,
    ) -> Result<u64, StoreError> {
        self.change(|connection, log| known_keys::save(connection, log, change, stamp))
    }

    fn append(&mut self, draft: AuditDraft) -> Result<u64, StoreError> {
        self.change(|connection, log| {
            let vouched = (draft.object_kind == ObjectKind::Key && draft.digest.is_some())
                .then(|| draft.object.parse::<KeyId>().ok())
                .flatten();
            let seq = log.append(connection, draft)?;
            if let Some(id) = vouched {
                connection
                    .prepare_cached("UPDATE keys SET audit_seq = ?2 WHERE id = ?1")?
                    .execute(params![id.as_bytes(), Natural(seq)])?;
            }
            Ok(seq)
        })
    }

    fn touch_key(&mut self, id: KeyId, at: Timestamp) -> Result<(), StoreError> {
        self.change(|connection, _| keys::touch(connection, id, at))
    }

    fn put_checkpoint(&mut self, checkpoint: &StoredCheckpoint) -> Result<(), StoreError> {
        self.change(|connection, _| books::put_checkpoint(connection, checkpoint))
    }

    fn put_backup(&mut self, record: &BackupRecord) -> Result<i64, StoreError> {
        self.change(|connection, _| books::put_backup(connection, record))
    }

    fn set_backup_verified(&mut self, id: i64, at: Timestamp) -> Result<(), StoreError> {
        self.change(|connection, _| books::set_backup_verified(connection, id, at))
    }

    fn put_setting(&mut self, name: &str, json: &str) -> Result<(), StoreError> {
        self.change(|connection, _| books::put_setting(connection, name, json))
    }

    fn touch_slot(&mut self, slot: SlotId, at: Timestamp) -> Result<(), StoreError> {
        self.change(|connection, _| books::touch_slot(connection, slot, at))
    }

    fn commit(mut self: Box<Self>) -> Result<(), StoreError> {
        // Dropping rolls back whatever could not be made durable.
        let ended = self.end();
        Ok(self.noted(ended)?)
    }
}

fn over() -> Fault {
    StoreError::Database("the transaction is over".into()).into()
}

fn spoiled() -> StoreError {
    StoreError::Database(
        "an earlier change in this transaction failed; nothing of it is kept".into(),
    )
}

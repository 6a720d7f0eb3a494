//! The vault's database.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use jiff::Timestamp;
use keyreeve_crypto::{DatabaseKey, Sha256};

use super::Progress;
use super::rows::{
    AuditQuery, BackupRecord, SealedVersion, Stamp, StoreError, StoredCheckpoint, VaultMeta,
};
use crate::audit::{AuditDraft, AuditEntry, Frontier};
use crate::certificate::{
    CertificateChange, CertificateCounts, CertificateQuery, CertificateRecord,
};
use crate::id::{CertificateId, KeyId, KnownKeyId, SlotId};
use crate::key::KeyRecord;
use crate::known_key::{KnownKeyChange, KnownKeyRecord};
use crate::query::{Counts, KeyPage, KeyQuery};
use crate::transition::KeyChange;

/// Is given each entry's sequence number and encoded bytes.
pub type EntryVisitor<'a> = &'a mut dyn FnMut(u64, &[u8]) -> Result<(), StoreError>;

/// Reads of one consistent moment.
pub trait ReadTransaction {
    /// What the database says of the vault.
    ///
    /// # Errors
    /// When the database fails or is damaged.
    fn meta(&self) -> Result<VaultMeta, StoreError>;

    /// A key.
    ///
    /// # Errors
    /// When the database fails or is damaged.
    fn key(&self, id: KeyId) -> Result<Option<KeyRecord>, StoreError>;

    /// A key, checked against the newest audit event about it: for every use and every change.
    ///
    /// # Errors
    /// [`StoreError::Tampered`] when the rows are not what the log last recorded; when the
    /// database fails or is damaged.
    fn trusted_key(&self, id: KeyId) -> Result<Option<KeyRecord>, StoreError>;

    /// The key with this folded name.
    ///
    /// # Errors
    /// When the database fails.
    fn key_named(&self, folded: &str) -> Result<Option<KeyId>, StoreError>;

    /// Keys whose identifier's text begins with `prefix` (hexadecimal, hyphens as shown).
    ///
    /// # Errors
    /// When the database fails.
    fn keys_with_prefix(&self, prefix: &str, limit: u32) -> Result<Vec<KeyId>, StoreError>;

    /// A page of the list. `now` decides the smart filters.
    ///
    /// # Errors
    /// When the database fails.
    fn list(&self, query: &KeyQuery, now: Timestamp) -> Result<KeyPage, StoreError>;

    /// The identifiers of all keys a question has, in its order, ignoring its limit.
    ///
    /// # Errors
    /// When the database fails.
    fn ids(&self, query: &KeyQuery, now: Timestamp) -> Result<Vec<KeyId>, StoreError>;

    /// Numbers for the sidebar and the overview.
    ///
    /// # Errors
    /// When the database fails.
    fn counts(&self, now: Timestamp) -> Result<Counts, StoreError>;

    /// A version's sealed data key and material; `None` once destroyed.
    ///
    /// # Errors
    /// When the database fails.
    fn sealed(&self, id: KeyId, version: u32) -> Result<Option<SealedVersion>, StoreError>;

    /// Keys for which something is due at `now`.
    ///
    /// # Errors
    /// When the database fails.
    fn due(&self, now: Timestamp, limit: u32) -> Result<Vec<KeyId>, StoreError>;

    /// Calls `visit` with every key, in the order in which they were made, after comparing its sealed
    /// bytes and the columns of its lists with its record.
    ///
    /// # Errors
    /// When the database fails or is damaged, a key's rows do not fit each other, or `visit` fails.
    fn each_key(
        &self,
        visit: &mut dyn FnMut(KeyRecord) -> Result<(), StoreError>,
    ) -> Result<(), StoreError>;

    /// A certificate, checked against the newest audit event about it.
    ///
    /// # Errors
    /// [`StoreError::Tampered`] when the row is not what the log last recorded; when the database
    /// fails or is damaged.
    fn trusted_certificate(
        &self,
        id: CertificateId,
    ) -> Result<Option<CertificateRecord>, StoreError>;

    /// The certificates that a question has, those that end first before the others.
    ///
    /// # Errors
    /// When the database fails or is damaged.
    fn certificates(&self, query: &CertificateQuery) -> Result<Vec<CertificateRecord>, StoreError>;

    /// How many certificates are in which state at `now`.
    ///
    /// # Errors
    /// When the database fails.
    fn certificate_counts(&self, now: Timestamp) -> Result<CertificateCounts, StoreError>;

    /// A public key alone, checked against the newest audit event about it.
    ///
    /// # Errors
    /// [`StoreError::Tampered`] when the row is not what the log last recorded; when the database
    /// fails or is damaged.
    fn trusted_known_key(&self, id: KnownKeyId) -> Result<Option<KnownKeyRecord>, StoreError>;

    /// The public keys that are kept alone, by name; only the one with this SHA-256 where one is given.
    ///
    /// # Errors
    /// When the database fails or is damaged.
    fn known_keys(&self, sha256: Option<&Sha256>) -> Result<Vec<KnownKeyRecord>, StoreError>;

    /// The right edge of the audit tree: its size and root.
    ///
    /// # Errors
    /// When the database fails or is damaged.
    fn frontier(&self) -> Result<Frontier, StoreError>;

    /// Calls `visit` with each entry's sequence number and encoded bytes in `range`, ascending.
    ///
    /// # Errors
    /// When the database fails, an entry is missing, or `visit` fails.
    fn each_entry(&self, range: Range<u64>, visit: EntryVisitor<'_>) -> Result<(), StoreError>;

    /// A page of the log, newest first.
    ///
    /// # Errors
    /// When the database fails or is damaged.
    fn events(&self, query: &AuditQuery) -> Result<Vec<AuditEntry>, StoreError>;

    /// How many events that changed something that the vault keeps (those that carry its digest) the log has
    /// from entry `size` on.
    ///
    /// # Errors
    /// When the database fails.
    fn key_changes_since(&self, size: u64) -> Result<u64, StoreError>;

    /// The entry at which each version was created and, if so, destroyed; by version.
    ///
    /// # Errors
    /// When the database fails.
    fn version_entries(&self, id: KeyId) -> Result<BTreeMap<u32, (u64, Option<u64>)>, StoreError>;

    /// The newest checkpoint.
    ///
    /// # Errors
    /// When the database fails.
    fn latest_checkpoint(&self) -> Result<Option<StoredCheckpoint>, StoreError>;

    /// All checkpoints, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    fn checkpoints(&self) -> Result<Vec<StoredCheckpoint>, StoreError>;

    /// The backups this vault made, newest first.
    ///
    /// # Errors
    /// When the database fails.
    fn backups(&self) -> Result<Vec<BackupRecord>, StoreError>;

    /// A setting's JSON text.
    ///
    /// # Errors
    /// When the database fails.
    fn setting(&self, name: &str) -> Result<Option<String>, StoreError>;

    /// When each slot was last used.
    ///
    /// # Errors
    /// When the database fails.
    fn slot_uses(&self) -> Result<BTreeMap<SlotId, Timestamp>, StoreError>;
}

/// A write: all of it is kept by `commit`, or nothing when dropped.
pub trait WriteTransaction: ReadTransaction {
    /// Inserts or replaces a key's rows, adds `sealed` versions, overwrites and deletes the purged
    /// ones, and appends the event. Answers the event's sequence number.
    ///
    /// # Errors
    /// [`StoreError::NameTaken`]; [`StoreError::Stale`] when the stored revision is not the one
    /// before the record's; when the database fails.
    fn save_key(
        &mut self,
        change: &KeyChange,
        sealed: &[SealedVersion],
        stamp: &Stamp,
    ) -> Result<u64, StoreError>;

    /// Inserts, replaces or removes a certificate's row and appends the event. Answers the event's
    /// sequence number.
    ///
    /// # Errors
    /// When a key it names is not there, or the database fails.
    fn save_certificate(
        &mut self,
        change: &CertificateChange,
        stamp: &Stamp,
    ) -> Result<u64, StoreError>;

    /// The same for a public key alone.
    ///
    /// # Errors
    /// When the database fails.
    fn save_known_key(&mut self, change: &KnownKeyChange, stamp: &Stamp)
    -> Result<u64, StoreError>;

    /// Appends an event. Answers its sequence number.
    ///
    /// # Errors
    /// When the database fails.
    fn append(&mut self, draft: AuditDraft) -> Result<u64, StoreError>;

    /// Remembers that a key's material was used or read.
    ///
    /// # Errors
    /// When the database fails.
    fn touch_key(&mut self, id: KeyId, at: Timestamp) -> Result<(), StoreError>;

    /// Stores a signed checkpoint.
    ///
    /// # Errors
    /// When the database fails.
    fn put_checkpoint(&mut self, checkpoint: &StoredCheckpoint) -> Result<(), StoreError>;

    /// Stores a backup's record (its `id` is chosen here) and answers the identifier.
    ///
    /// # Errors
    /// When the database fails.
    fn put_backup(&mut self, record: &BackupRecord) -> Result<i64, StoreError>;

    /// Remembers when a backup was last verified.
    ///
    /// # Errors
    /// When the database fails.
    fn set_backup_verified(&mut self, id: i64, at: Timestamp) -> Result<(), StoreError>;

    /// Stores a setting's JSON text.
    ///
    /// # Errors
    /// When the database fails.
    fn put_setting(&mut self, name: &str, json: &str) -> Result<(), StoreError>;

    /// Remembers when a slot was last used.
    ///
    /// # Errors
    /// When the database fails.
    fn touch_slot(&mut self, slot: SlotId, at: Timestamp) -> Result<(), StoreError>;

    /// Makes it all durable: answered only when it would survive a power cut.
    ///
    /// # Errors
    /// When it could not be made durable; nothing of it is then kept.
    fn commit(self: Box<Self>) -> Result<(), StoreError>;
}

/// An open vault database. Dropping it closes it.
pub trait VaultStore: Send + Sync {
    /// Begins to read.
    ///
    /// # Errors
    /// When the database fails or is busy beyond a bounded wait.
    fn read(&self) -> Result<Box<dyn ReadTransaction + '_>, StoreError>;

    /// Begins to write; other writers wait, for a bounded time.
    ///
    /// # Errors
    /// When the database fails or is busy beyond a bounded wait.
    fn write(&self) -> Result<Box<dyn WriteTransaction + '_>, StoreError>;

    /// Writes a consistent, equally encrypted copy of the database to `file`, which must not exist.
    ///
    /// # Errors
    /// When the database or the file system fails, or the caller cancels.
    fn copy_to(&self, file: &Path, progress: &dyn Progress) -> Result<(), StoreError>;

    /// Checks every page's MAC and the database's structure.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] naming what is broken.
    fn check_integrity(&self) -> Result<(), StoreError>;
}

/// Makes and opens vault databases: two different ways that never stand in for each other.
pub trait StoreOpener: Send + Sync {
    /// Makes the database of a new vault in the folder `vault`, with `first` as its first event.
    ///
    /// # Errors
    /// [`StoreError::Exists`] when there is one; when the file system fails.
    fn create(
        &self,
        vault: &Path,
        key: &DatabaseKey,
        meta: &VaultMeta,
        first: AuditDraft,
    ) -> Result<Box<dyn VaultStore>, StoreError>;

    /// Opens the database of an existing vault in the folder `vault`.
    ///
    /// # Errors
    /// When it is missing, short, plaintext, foreign, newer, or damaged.
    fn open(&self, vault: &Path, key: &DatabaseKey) -> Result<Box<dyn VaultStore>, StoreError>;
}

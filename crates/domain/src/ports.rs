//! The ports: what use cases need of the world, as traits that adapters implement.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use keyreeve_crypto::{DatabaseKey, SealedBytes, SecretBytes, SecretString, VaultKeys};
use serde::{Deserialize, Serialize};

use crate::audit::{Action, AuditDraft, AuditEntry, Frontier};
use crate::id::{KeyId, SlotId, VaultId};
use crate::key::KeyRecord;
use crate::query::{Counts, KeyPage, KeyQuery};
use crate::role::Role;
use crate::transition::KeyChange;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now, in UTC, in whole milliseconds.
    fn now(&self) -> Timestamp;
}

/// Hears how far long work is, and may stop it.
pub trait Progress: Send + Sync {
    /// `done` of `total` steps are done.
    fn report(&self, done: u64, total: u64);

    /// Whether the user wants the work to stop; nothing of it is then kept.
    fn cancelled(&self) -> bool;
}

/// Hears nothing and never stops anything.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn report(&self, _done: u64, _total: u64) {}

    fn cancelled(&self) -> bool {
        false
    }
}

// ---------------------------------------------------------------------------------------------
// The store: vault.db

/// Why the database could not do something. What was acknowledged before is not lost.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// No database beside the header.
    #[error("there is no vault database at {path}")]
    Missing {
        /// Where it should be.
        path: PathBuf,
    },
    /// A database is there already.
    #[error("there is already a vault database at {path}; it was not touched")]
    Exists {
        /// Where.
        path: PathBuf,
    },
    /// Empty or shorter than one page.
    #[error("the vault database at {path} is {size} bytes long, which is too short to be one")]
    TooShort {
        /// Where.
        path: PathBuf,
        /// Its length in bytes.
        size: u64,
    },
    /// An unencrypted SQLite database.
    #[error("the file at {path} is an unencrypted SQLite database, not a vault")]
    Plaintext {
        /// Where.
        path: PathBuf,
    },
    /// Not decipherable with this vault's key, or not a vault's database.
    #[error(
        "the vault database at {path} does not open with this vault's key: it belongs to another vault or was damaged"
    )]
    Foreign {
        /// Where.
        path: PathBuf,
    },
    /// Made by a newer app.
    #[error("the vault has format {found}; this app knows formats up to {known}")]
    Newer {
        /// The format found.
        found: u32,
        /// The newest format known.
        known: u32,
    },
    /// Pages or rows that do not fit together.
    #[error("the vault database is damaged: {what}")]
    Damaged {
        /// What does not fit.
        what: String,
    },
    /// A row is not what the audit log last said of it.
    #[error("{object} was changed outside Keyreeve: it is not what the audit log last recorded")]
    Tampered {
        /// Which object.
        object: String,
    },
    /// Another process is writing and did not end in time.
    #[error("another program is writing to the vault")]
    Busy,
    /// The disk is full.
    #[error("the disk is full")]
    DiskFull,
    /// The file or folder cannot be written.
    #[error("the vault cannot be written: its file or folder is read-only")]
    ReadOnly,
    /// A name is taken.
    #[error("there is already a key named “{name}”")]
    NameTaken {
        /// The name.
        name: String,
    },
    /// The key was changed since it was read.
    #[error("the key was changed meanwhile (revision {found}, expected {expected})")]
    Stale {
        /// The revision expected.
        expected: u64,
        /// The revision found.
        found: u64,
    },
    /// The caller cancelled.
    #[error("cancelled; nothing was changed")]
    Cancelled,
    /// The operating system failed to read or write.
    #[error("reading or writing the vault failed")]
    Io(#[source] std::io::Error),
    /// Anything else the database says.
    #[error("the vault database failed: {0}")]
    Database(String),
}

/// A version's sealed data key and sealed material.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedVersion {
    /// The version.
    pub version: u32,
    /// The data key, wrapped under MK.
    pub data_key: SealedBytes,
    /// The material, sealed under the data key.
    pub material: SealedBytes,
}

/// Who, when and from where: what every event needs beyond the change itself.
#[derive(Debug, Clone)]
pub struct Stamp {
    /// When.
    pub time: Timestamp,
    /// Who.
    pub actor: crate::audit::Actor,
    /// From where.
    pub source: crate::audit::Source,
}

impl Stamp {
    /// The draft of the event that `change` is to be logged as.
    #[must_use]
    pub fn draft_of(&self, change: &KeyChange) -> AuditDraft {
        AuditDraft {
            time: self.time,
            actor: self.actor.clone(),
            source: self.source,
            action: change.action,
            object_kind: crate::audit::ObjectKind::Key,
            object: change.record.id.to_string(),
            version: change.version,
            outcome: crate::audit::Outcome::Done,
            reason: change.reason.clone(),
            details: change.details.clone(),
            digest: Some(change.record.state_digest()),
        }
    }
}

/// What can be asked of the audit log's list.
#[derive(Debug, Clone, Default)]
pub struct AuditQuery {
    /// Only events about this object.
    pub object: Option<String>,
    /// Only events of this action.
    pub action: Option<Action>,
    /// Only events at or after this time.
    pub since: Option<Timestamp>,
    /// Only events before this time.
    pub until: Option<Timestamp>,
    /// Only events before this sequence number: where the page before ended.
    pub before_seq: Option<u64>,
    /// How many at most; newest first.
    pub limit: u32,
}

/// A stored, signed checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCheckpoint {
    /// How many entries it covers.
    pub size: u64,
    /// When it was made.
    pub time: Timestamp,
    /// The signed note.
    pub note: String,
}

/// What the vault remembers of a backup it made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupRecord {
    /// A number that grows.
    pub id: i64,
    /// When it was made.
    pub time: Timestamp,
    /// Where it was written.
    pub file: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
    /// How many keys it holds.
    pub keys: u64,
    /// The audit log's size inside it: it holds each version that was created before that entry
    /// and destroyed after it, if ever.
    pub audit_size: u64,
    /// For whom it is encrypted, in words (`age1…`, `passphrase`).
    pub recipients: Vec<String>,
    /// When a restore last proved it; `None` never.
    pub verified_at: Option<Timestamp>,
    /// Whether standard files are inside.
    pub standard_files: bool,
}

/// What the vault's database says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultMeta {
    /// The vault.
    pub vault_id: VaultId,
    /// When it was created.
    pub created_at: Timestamp,
    /// The audit log's public key (Ed25519, 32 bytes).
    pub audit_public_key: [u8; 32],
    /// The audit log's signing key, sealed under a key derived from VK.
    pub sealed_audit_key: SealedBytes,
}

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

    /// Calls `visit` with every key, in the order of identifiers.
    ///
    /// # Errors
    /// When the database fails or is damaged, or `visit` does.
    fn each_key(
        &self,
        visit: &mut dyn FnMut(KeyRecord) -> Result<(), StoreError>,
    ) -> Result<(), StoreError>;

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

// ---------------------------------------------------------------------------------------------
// The header: header.json and its slots

/// What kind of way in a slot is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SlotKind {
    /// A passphrase through Argon2id.
    Passphrase,
}

impl SlotKind {
    /// The stored name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Passphrase => "passphrase",
        }
    }
}

/// What the header says of a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotInfo {
    /// The slot.
    pub id: SlotId,
    /// What kind of way in.
    pub kind: SlotKind,
    /// The name a person gave it.
    pub name: String,
    /// What it lets one do.
    pub role: Role,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What the header says before unlocking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderInfo {
    /// The format.
    pub format: u32,
    /// The vault.
    pub vault_id: VaultId,
    /// When it was made.
    pub created_at: Timestamp,
    /// Grows with every change of the header.
    pub sequence: u64,
    /// The slots.
    pub slots: Vec<SlotInfo>,
}

/// Why a header could not be read, opened or changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HeaderError {
    /// There is no vault there.
    #[error("there is no vault at {path}")]
    NotAVault {
        /// Where.
        path: PathBuf,
    },
    /// A database without a readable header.
    #[error("the vault at {path} has lost its header: both copies are missing")]
    Missing {
        /// Where.
        path: PathBuf,
    },
    /// Something is there already.
    #[error("there is already something at {path}; it was not touched")]
    Exists {
        /// Where.
        path: PathBuf,
    },
    /// Neither copy is a valid header.
    #[error("both copies of the vault's header are damaged: {what}")]
    Damaged {
        /// What is wrong with them.
        what: String,
    },
    /// Made by a newer app.
    #[error("the vault has format {found}; this app knows formats up to {known}")]
    Newer {
        /// The format found.
        found: u32,
        /// The newest format known.
        known: u32,
    },
    /// No slot opened with this passphrase.
    #[error("the passphrase opens no slot of this vault")]
    WrongPassphrase,
    /// The slot asked for is not there.
    #[error("the vault has no slot “{asked}”")]
    NoSuchSlot {
        /// What was asked for.
        asked: String,
    },
    /// The slots opened, but the header's HMAC is wrong.
    #[error("the vault's header was changed outside Keyreeve")]
    Tampered,
    /// The last administrator's way in.
    #[error("this is the last administrator slot: without it nobody could change the vault again")]
    LastAdministrator,
    /// The last way in that needs no device.
    #[error(
        "this is the last passphrase or recovery slot: without it a lost device would lose the vault"
    )]
    LastIndependent,
    /// A slot's name is empty, too long, or has a deceiving character.
    #[error(transparent)]
    SlotName(#[from] crate::text::TextError),
    /// No room for another slot.
    #[error("the vault has {max} slots already, which is the most it can have")]
    TooManySlots {
        /// The most it can have.
        max: usize,
    },
    /// A slot's key-derivation parameters are outside the accepted range.
    #[error(transparent)]
    Parameters(#[from] keyreeve_crypto::Argon2ParamsError),
    /// Another process is changing the header.
    #[error("another program is changing the vault's slots")]
    Busy,
    /// The disk is full.
    #[error("the disk is full")]
    DiskFull,
    /// The folder cannot be written.
    #[error("the vault's folder is read-only")]
    ReadOnly,
    /// Sealing or opening failed.
    #[error("{0}")]
    Crypto(String),
    /// The operating system failed to read or write.
    #[error("reading or writing the vault's header failed")]
    Io(#[source] std::io::Error),
}

/// How to choose a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SlotChoice {
    /// Every slot that fits the credential, in their order.
    Any,
    /// This one.
    Id(SlotId),
}

/// What a new passphrase slot is to be.
#[derive(Debug)]
pub struct NewPassphraseSlot<'a> {
    /// The name a person gives it.
    pub name: &'a str,
    /// What it lets one do.
    pub role: Role,
    /// The passphrase.
    pub passphrase: &'a SecretString,
    /// When it is made.
    pub created_at: Timestamp,
}

/// What an unlock yields.
#[derive(Debug)]
pub struct Unlocked {
    /// The keys.
    pub keys: VaultKeys,
    /// The slot that opened.
    pub slot: SlotInfo,
    /// The header, its HMAC checked.
    pub header: HeaderInfo,
}

/// Reads and changes headers.
pub trait Headers: Send + Sync {
    /// Reads the header of the vault in the folder `vault`.
    ///
    /// # Errors
    /// When there is no vault, or its header is missing, damaged or newer.
    fn read(&self, vault: &Path) -> Result<HeaderInfo, HeaderError>;

    /// Makes the folder `vault` (which must not exist, or be empty) with the header of a new vault
    /// whose first slot is `slot`.
    ///
    /// # Errors
    /// When something is there, or the file system fails; nothing is then left behind.
    fn create(
        &self,
        vault: &Path,
        vault_id: VaultId,
        keys: &VaultKeys,
        slot: &NewPassphraseSlot<'_>,
    ) -> Result<SlotInfo, HeaderError>;

    /// Unlocks with a passphrase.
    ///
    /// # Errors
    /// [`HeaderError::WrongPassphrase`]; when the header is missing, damaged, newer or tampered.
    fn unlock_with_passphrase(
        &self,
        vault: &Path,
        choice: &SlotChoice,
        passphrase: &SecretString,
    ) -> Result<Unlocked, HeaderError>;

    /// Adds a passphrase slot, unlocking with it once before it counts.
    ///
    /// # Errors
    /// When the header is damaged, busy, or cannot be written; the old header then still counts.
    fn add_passphrase_slot(
        &self,
        vault: &Path,
        keys: &VaultKeys,
        slot: &NewPassphraseSlot<'_>,
    ) -> Result<SlotInfo, HeaderError>;

    /// Replaces the passphrase of a slot, unlocking with it once before the old one goes.
    ///
    /// # Errors
    /// As for adding; [`HeaderError::NoSuchSlot`].
    fn change_passphrase(
        &self,
        vault: &Path,
        keys: &VaultKeys,
        slot: SlotId,
        passphrase: &SecretString,
    ) -> Result<SlotInfo, HeaderError>;

    /// Removes a slot.
    ///
    /// # Errors
    /// [`HeaderError::LastAdministrator`], [`HeaderError::LastIndependent`]; as for adding.
    fn remove_slot(
        &self,
        vault: &Path,
        keys: &VaultKeys,
        slot: SlotId,
    ) -> Result<SlotInfo, HeaderError>;

    /// Notes an unlock that failed at `at`, beside the header, for the log at the next unlock.
    ///
    /// # Errors
    /// When the file system fails.
    fn note_failed_unlock(&self, vault: &Path, at: Timestamp) -> Result<(), HeaderError>;

    /// Takes the noted failures, oldest first. They are gone only once `clear_failed_unlocks` is
    /// called, after they are in the log.
    ///
    /// # Errors
    /// When the file system fails.
    fn failed_unlocks(&self, vault: &Path) -> Result<Vec<Timestamp>, HeaderError>;

    /// Forgets the noted failures.
    ///
    /// # Errors
    /// When the file system fails.
    fn clear_failed_unlocks(&self, vault: &Path) -> Result<(), HeaderError>;

    /// The header's bytes as they are, for a backup.
    ///
    /// # Errors
    /// When the header is missing or damaged.
    fn raw(&self, vault: &Path) -> Result<Vec<u8>, HeaderError>;

    /// Makes the folder `vault` (which must not exist, or be empty) with these header bytes, for a
    /// restore.
    ///
    /// # Errors
    /// When something is there, the bytes are no header, or the file system fails.
    fn restore(&self, vault: &Path, header: &[u8]) -> Result<HeaderInfo, HeaderError>;
}

// ---------------------------------------------------------------------------------------------
// The anchor: the newest checkpoint, remembered outside the vault

/// The anchor could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("the newest checkpoint could not be remembered outside the vault")]
pub struct AnchorError(#[from] std::io::Error);

/// What is remembered of a vault's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// The log's size.
    pub size: u64,
    /// The tree's root at that size.
    pub root: [u8; 32],
}

/// Remembers, outside the vault, how far each vault's log had come.
pub trait Anchors: Send + Sync {
    /// The anchor of a vault; `None` when it was never used here.
    ///
    /// # Errors
    /// When it cannot be read.
    fn load(&self, vault: VaultId) -> Result<Option<Anchor>, AnchorError>;

    /// Remembers an anchor.
    ///
    /// # Errors
    /// When it cannot be written.
    fn store(&self, vault: VaultId, anchor: &Anchor) -> Result<(), AnchorError>;
}

// ---------------------------------------------------------------------------------------------
// Backups

/// Why a backup could not be written or read. No existing file was touched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// Something is there already.
    #[error("there is already something at {path}; it was not touched")]
    Exists {
        /// Where.
        path: PathBuf,
    },
    /// No file, or no folder to write it into.
    #[error("there is no file or folder at {path}")]
    NotFound {
        /// Where.
        path: PathBuf,
    },
    /// Not a recipient that age knows.
    #[error("“{given}” is not a recipient: {why}")]
    BadRecipient {
        /// What was given, cut short.
        given: String,
        /// What is wrong with it.
        why: String,
    },
    /// Not an identity that age knows.
    #[error("the identity file cannot be used: {why}")]
    BadIdentity {
        /// What is wrong with it.
        why: String,
    },
    /// No age file, or none of Keyreeve's.
    #[error("the file is not a Keyreeve backup")]
    NotABackup,
    /// Made by a newer app.
    #[error("the backup has format {found}; this app knows formats up to {known}")]
    Newer {
        /// The format found.
        found: u32,
        /// The newest format known.
        known: u32,
    },
    /// Cut short, changed, or not proven by a restore.
    #[error("the backup is damaged: {what}")]
    Damaged {
        /// What does not fit.
        what: String,
    },
    /// Encrypted for another identity.
    #[error("the backup is encrypted for someone else")]
    NotForYou,
    /// Encrypted with another passphrase.
    #[error("the passphrase does not open the backup")]
    WrongPassphrase,
    /// Larger than its bounds.
    #[error("{what} is larger than Keyreeve reads")]
    TooLarge {
        /// What is too large.
        what: String,
    },
    /// The disk is full.
    #[error("the disk is full")]
    DiskFull,
    /// The place cannot be written.
    #[error("the folder is read-only")]
    ReadOnly,
    /// The caller cancelled.
    #[error("cancelled; nothing was written")]
    Cancelled,
    /// The operating system failed to read or write.
    #[error("reading or writing the backup failed")]
    Io(#[source] std::io::Error),
    /// A fault of the encryption library.
    #[error("the backup could not be encrypted: {0}")]
    Crypto(String),
}

/// For whom a backup is encrypted.
#[derive(Debug)]
pub enum BackupRecipients<'a> {
    /// Lines as age takes them: `age1…`, `ssh-ed25519 …`, `ssh-rsa …`.
    Keys(&'a [String]),
    /// A passphrase alone.
    Passphrase(&'a SecretString),
}

/// What opens a backup.
#[derive(Debug)]
pub enum BackupIdentity<'a> {
    /// The text of an age identity file or of an SSH private key.
    Key(&'a SecretString),
    /// A passphrase.
    Passphrase(&'a SecretString),
}

/// Something that goes into a backup.
#[derive(Debug)]
pub enum BackupItem {
    /// A file's bytes.
    File {
        /// The path inside the backup.
        name: String,
        /// Where the bytes are.
        path: PathBuf,
    },
    /// Bytes in memory: key material in a standard format.
    Bytes {
        /// The path inside the backup.
        name: String,
        /// The bytes.
        bytes: SecretBytes,
    },
}

/// What a backup says of itself, beyond its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupSubject {
    /// The vault.
    pub vault_id: VaultId,
    /// When the backup was made.
    pub created_at: Timestamp,
    /// How many keys it holds.
    pub keys: u64,
    /// The audit log's size inside it.
    pub audit_size: u64,
    /// The audit tree's root inside it.
    pub audit_root: [u8; 32],
    /// The audit log's public key, which also signs the manifest.
    pub audit_public_key: [u8; 32],
}

/// A backup to be made.
pub struct BackupPlan<'a> {
    /// The file to write; it must not exist.
    pub out: &'a Path,
    /// For whom.
    pub recipients: BackupRecipients<'a>,
    /// Of what.
    pub subject: BackupSubject,
    /// What goes in.
    pub items: Vec<BackupItem>,
    /// Signs the manifest.
    pub sign: &'a dyn Fn(&[u8]) -> [u8; 64],
    /// Proves the restored folder (`vault/` inside it) usable; a backup that it refuses is not kept.
    pub drill: &'a dyn Fn(&Path) -> Result<(), String>,
}

/// A backup that was written and proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenBackup {
    /// Its size in bytes.
    pub bytes: u64,
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
}

/// Writes and reads backups.
pub trait BackupFiles: Send + Sync {
    /// Writes a backup beside its final name, restores it in a scratch folder, lets `drill` prove
    /// that, and only then gives it its name.
    ///
    /// # Errors
    /// See [`BackupError`]; nothing is left behind.
    fn create(
        &self,
        plan: &BackupPlan<'_>,
        progress: &dyn Progress,
    ) -> Result<WrittenBackup, BackupError>;

    /// Unpacks a backup into the folder `into`, which must exist and be empty, and checks its
    /// manifest's signature and every file's hash.
    ///
    /// # Errors
    /// See [`BackupError`].
    fn unpack(
        &self,
        file: &Path,
        identity: &BackupIdentity<'_>,
        into: &Path,
        progress: &dyn Progress,
    ) -> Result<BackupSubject, BackupError>;
}

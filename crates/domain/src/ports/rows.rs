//! What goes into the store and comes out of it, and why it could not.

use std::path::PathBuf;

use jiff::Timestamp;
use keyreeve_crypto::SealedBytes;

use crate::audit::{Action, Actor, AuditDraft, ObjectKind, Outcome, Source};
use crate::certificate::CertificateChange;
use crate::id::VaultId;
use crate::known_key::KnownKeyChange;
use crate::transition::KeyChange;

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
    /// A change says more than one entry of the audit log holds.
    #[error("that is more than one entry of the audit log holds ({source}); nothing was changed")]
    TooMuch {
        /// By how much.
        source: crate::audit::EntryError,
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
    pub actor: Actor,
    /// From where.
    pub source: Source,
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
            object_kind: ObjectKind::Key,
            object: change.record.id.to_string(),
            version: change.version,
            outcome: Outcome::Done,
            reason: change.reason.clone(),
            details: change.details.clone(),
            digest: Some(change.record.state_digest()),
        }
    }

    /// The draft of the event that a certificate's `change` is to be logged as.
    #[must_use]
    pub fn draft_of_certificate(&self, change: &CertificateChange) -> AuditDraft {
        AuditDraft {
            time: self.time,
            actor: self.actor.clone(),
            source: self.source,
            action: change.action,
            object_kind: ObjectKind::Certificate,
            object: change.record.id.to_string(),
            version: None,
            outcome: Outcome::Done,
            reason: change.reason.clone(),
            details: change.details.clone(),
            digest: Some(change.record.state_digest()),
        }
    }

    /// The draft of the event that the `change` of a public key alone is to be logged as.
    #[must_use]
    pub fn draft_of_known_key(&self, change: &KnownKeyChange) -> AuditDraft {
        AuditDraft {
            time: self.time,
            actor: self.actor.clone(),
            source: self.source,
            action: change.action,
            object_kind: ObjectKind::KnownKey,
            object: change.record.id.to_string(),
            version: None,
            outcome: Outcome::Done,
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

//! Backup files.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use keyreeve_crypto::{AuditSigningKey, SecretBytes, SecretString};

use super::Progress;
use crate::id::VaultId;

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
    #[error("the recipients cannot be used: {why}")]
    BadRecipient {
        /// What is wrong with one.
        why: String,
    },
    /// Not an identity that age knows.
    #[error("{why}")]
    BadIdentity {
        /// What is wrong with it.
        why: String,
    },
    /// No age file, or none of Keyreeve's.
    #[error("{why}")]
    NotABackup {
        /// What it is instead.
        why: String,
    },
    /// No such backup.
    #[error("there is no backup file there")]
    Missing,
    /// Written, but the restore did not prove it.
    #[error(
        "the backup was written, but could not be restored to prove it, so it was removed: {why}"
    )]
    Unproven {
        /// What failed.
        why: String,
    },
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
    /// The identity file is protected, and no passphrase for it was given.
    #[error("the identity file is protected by a passphrase of its own, which is needed too")]
    IdentityPassphraseNeeded,
    /// The identity file is protected by another passphrase.
    #[error("the passphrase does not open the identity file")]
    WrongIdentityPassphrase,
    /// Larger than its bounds.
    #[error("{what}")]
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
    /// Private keys.
    Key {
        /// The bytes of an age identity file or of an SSH private key.
        file: &'a SecretBytes,
        /// What protects them, if anything does.
        passphrase: Option<&'a SecretString>,
    },
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
    pub signing_key: &'a AuditSigningKey,
    /// A folder in which the restore is tried; what is made there is gone afterwards.
    pub scratch: &'a Path,
    /// Proves the restored vault's folder usable; a backup that it refuses is not kept.
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

/// A backup that was unpacked; its manifest's signature and every file's hash are good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnpackedBackup {
    /// Of what it is.
    pub subject: BackupSubject,
    /// The folder with the vault's files.
    pub vault: PathBuf,
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
        plan: BackupPlan<'_>,
        progress: &dyn Progress,
    ) -> Result<WrittenBackup, BackupError>;

    /// Whether the private keys in an identity file are protected by a passphrase of their own.
    ///
    /// # Errors
    /// [`BackupError::BadIdentity`] when no private keys are there.
    fn identity_needs_passphrase(&self, identity: &SecretBytes) -> Result<bool, BackupError>;

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
    ) -> Result<UnpackedBackup, BackupError>;
}

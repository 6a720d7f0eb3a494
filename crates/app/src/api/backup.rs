//! Backups.

use keyreeve_crypto::SecretString;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::credentials::Credentials;

/// Makes a backup.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateBackupRequest {
    /// The file to write; it must not exist. `.keyreeve-backup.age` is appended when missing.
    pub out: String,
    /// Recipients: `age1…`, `ssh-ed25519 …`, `ssh-rsa …`.
    #[serde(default)]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub recipients: Vec<String>,
    /// A passphrase instead of recipients.
    #[serde(default)]
    #[ts(type = "string", optional)]
    pub backup_passphrase: Option<SecretString>,
    /// Puts every exportable key inside as a standard file too.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub with_standard_files: bool,
    /// Who is there, shown again; needed for standard files.
    #[serde(default)]
    #[ts(optional)]
    pub proof: Option<Credentials>,
    /// The job under which progress is told and which `cancelJob` stops.
    #[serde(default)]
    #[ts(optional)]
    pub job: Option<String>,
}

/// A backup that was made and proven.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CreateBackupResponse {
    /// The file.
    pub file: String,
    /// Its size in bytes.
    #[ts(type = "number")]
    pub bytes: u64,
    /// How many keys it holds.
    #[ts(type = "number")]
    pub keys: u64,
    /// Always true: a backup that a restore does not prove is not kept.
    pub verified: bool,
}

/// Reads a backup: to verify it, or to restore it.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VerifyBackupRequest {
    /// The backup.
    pub file: String,
    /// Its passphrase.
    #[serde(default)]
    #[ts(type = "string", optional)]
    pub backup_passphrase: Option<SecretString>,
    /// An age identity file or an SSH private key.
    #[serde(default)]
    #[ts(optional)]
    pub identity_file: Option<String>,
    /// The passphrase that protects the identity file, if one does.
    #[serde(default)]
    #[ts(type = "string", optional)]
    pub identity_passphrase: Option<SecretString>,
    /// The job under which progress is told and which `cancelJob` stops.
    #[serde(default)]
    #[ts(optional)]
    pub job: Option<String>,
}

/// What is in a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VerifyBackupResponse {
    /// The file.
    pub file: String,
    /// The vault it is of.
    pub vault_id: String,
    /// When it was made (RFC 3339).
    pub created_at: String,
    /// How many keys it holds.
    #[ts(type = "number")]
    pub keys: u64,
    /// How many entries its log has.
    #[ts(type = "number")]
    pub audit_size: u64,
    /// Always true: anything else is an error.
    pub verified: bool,
}

/// Looks at an identity file.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IdentityFileRequest {
    /// An age identity file or an SSH private key.
    pub file: String,
}

/// What an identity file is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct IdentityFileResponse {
    /// Whether its private keys are protected by a passphrase.
    pub passphrase_needed: bool,
}

/// Restores a backup into a new vault.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RestoreBackupRequest {
    /// The backup.
    pub file: String,
    /// Its passphrase.
    #[serde(default)]
    #[ts(type = "string", optional)]
    pub backup_passphrase: Option<SecretString>,
    /// An age identity file or an SSH private key.
    #[serde(default)]
    #[ts(optional)]
    pub identity_file: Option<String>,
    /// The passphrase that protects the identity file, if one does.
    #[serde(default)]
    #[ts(type = "string", optional)]
    pub identity_passphrase: Option<SecretString>,
    /// The folder to make; `.keyreeve` is appended when missing.
    pub path: String,
    /// The job under which progress is told and which `cancelJob` stops.
    #[serde(default)]
    #[ts(optional)]
    pub job: Option<String>,
}

/// A vault that was restored. Unlock it with the passphrase it had when the backup was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RestoreBackupResponse {
    /// The vault.
    pub vault: RestoredVault,
    /// How many keys it holds.
    #[ts(type = "number")]
    pub keys: u64,
}

/// Where a restored vault is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RestoredVault {
    /// The vault's identifier.
    pub id: String,
    /// The folder.
    pub path: String,
}

/// A backup the vault knows of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BackupView {
    /// A number that grows.
    #[ts(type = "number")]
    pub id: i64,
    /// When it was made (RFC 3339).
    pub time: String,
    /// Where it was written.
    pub file: String,
    /// Whether that file is still there, with the size it had.
    pub present: bool,
    /// Its size in bytes.
    #[ts(type = "number")]
    pub bytes: u64,
    /// How many keys it holds.
    #[ts(type = "number")]
    pub keys: u64,
    /// For whom it is encrypted.
    pub recipients: Vec<String>,
    /// When a restore last proved it (RFC 3339).
    pub verified_at: Option<String>,
    /// Whether standard files are inside.
    pub standard_files: bool,
}

/// The backups the vault knows of, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BackupListResponse {
    /// The backups.
    pub backups: Vec<BackupView>,
    /// Keys made or changed since the newest backup.
    #[ts(type = "number")]
    pub events_since: u64,
}

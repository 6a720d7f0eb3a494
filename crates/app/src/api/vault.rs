//! Vaults: creating, looking at, unlocking, locking.

use keyreeve_crypto::SecretString;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::credentials::Credentials;
use super::slots::SlotView;

/// Asks how good a passphrase is.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckPassphraseRequest {
    /// The passphrase.
    #[ts(type = "string")]
    pub passphrase: SecretString,
}

/// How good a passphrase is, by zxcvbn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PassphraseStrength {
    /// 0 (guessed at once) to 4 (very strong).
    pub score: u8,
    /// Whether it is good enough for an administrator slot.
    pub acceptable: bool,
    /// What is wrong with it.
    pub warning: Option<String>,
    /// How to make it better.
    pub suggestions: Vec<String>,
    /// How long guessing takes at 10,000 guesses a second, in words.
    pub guess_time: String,
}

/// Makes a vault.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateVaultRequest {
    /// The folder to make; `.keyreeve` is appended when missing.
    pub path: String,
    /// The first slot's passphrase.
    #[ts(type = "string")]
    pub passphrase: SecretString,
    /// The first slot's name.
    #[serde(default)]
    #[ts(optional)]
    pub slot_name: Option<String>,
    /// Accepts a weak passphrase.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub accept_weak_passphrase: bool,
}

/// Names a vault's folder.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VaultPathRequest {
    /// The folder.
    pub path: String,
}

/// What the header says without unlocking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VaultStatus {
    /// The vault's identifier.
    pub id: String,
    /// The folder.
    pub path: String,
    /// The folder's name without `.keyreeve`.
    pub name: String,
    /// The format's version.
    pub format: u32,
    /// When it was made (RFC 3339).
    pub created_at: String,
    /// Grows with every change of the slots.
    #[ts(type = "number")]
    pub header_sequence: u64,
    /// The ways in.
    pub slots: Vec<SlotView>,
}

/// Unlocks a vault.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UnlockVaultRequest {
    /// The folder.
    pub path: String,
    /// The slot's identifier; any that fits if absent.
    #[serde(default)]
    #[ts(optional)]
    pub slot: Option<String>,
    /// The slot's kind, where no slot is named; any that fits if absent.
    #[serde(default)]
    #[ts(type = "SlotKind", optional)]
    pub kind: Option<String>,
    /// What opens it.
    pub credentials: Credentials,
    /// Goes on although the clock runs behind the log; this is logged.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub accept_clock: bool,
    /// Goes on although the vault is older than the one last used here; this is logged.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub accept_rollback: bool,
}

/// An unlocked vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SessionView {
    /// The vault.
    pub vault: VaultStatus,
    /// The slot that opened it.
    pub slot: SlotView,
    /// When it was unlocked (RFC 3339).
    pub unlocked_at: String,
    /// The audit log's public key as a signed-note verifier key.
    pub audit_public_key: String,
    /// How many entries the log has.
    #[ts(type = "number")]
    pub audit_size: u64,
    /// Failed unlocks since the last good one.
    pub failed_unlocks: u32,
    /// What fell due and was done at this unlock, by kind of action.
    pub done_at_unlock: Vec<DueDone>,
    /// When the newest backup was made (RFC 3339).
    pub last_backup_at: Option<String>,
    /// The names of the recovery slots that nobody made, tested or used for a year.
    pub recovery_untested: Vec<String>,
}

/// What fell due and was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DueDone {
    /// The audit action.
    pub action: String,
    /// The key's identifier.
    pub key: String,
    /// The key's name.
    pub name: String,
    /// The version.
    pub version: u32,
}

/// What `runDue` did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunDueResponse {
    /// What was done.
    pub done: Vec<DueDone>,
}

//! Unlock slots.

use keyreeve_crypto::SecretString;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A way in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SlotView {
    /// The slot's identifier.
    pub id: String,
    /// `passphrase`.
    pub kind: String,
    /// The name a person gave it.
    pub name: String,
    /// `administrator`, `operator` or `auditor`.
    #[ts(type = "Role")]
    pub role: String,
    /// When it was made (RFC 3339).
    pub created_at: String,
    /// When it last unlocked; known only while unlocked.
    pub last_used_at: Option<String>,
}

/// All ways in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SlotListResponse {
    /// The slots.
    pub slots: Vec<SlotView>,
}

/// Adds a passphrase slot.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AddPassphraseSlotRequest {
    /// The slot's name.
    pub name: String,
    /// `administrator`, `operator` or `auditor`.
    #[ts(type = "Role")]
    pub role: String,
    /// The new slot's passphrase.
    #[ts(type = "string")]
    pub new_passphrase: SecretString,
    /// The passphrase of the slot in use, entered again.
    #[ts(type = "string")]
    pub passphrase: SecretString,
    /// Accepts a weak passphrase.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub accept_weak_passphrase: bool,
}

/// Changes a slot's passphrase.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangePassphraseRequest {
    /// The slot.
    pub slot: String,
    /// The new passphrase.
    #[ts(type = "string")]
    pub new_passphrase: SecretString,
    /// The passphrase of the slot in use, entered again.
    #[ts(type = "string")]
    pub passphrase: SecretString,
    /// Accepts a weak passphrase.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub accept_weak_passphrase: bool,
}

/// Removes a slot.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RemoveSlotRequest {
    /// The slot.
    pub slot: String,
    /// The passphrase of the slot in use, entered again.
    #[ts(type = "string")]
    pub passphrase: SecretString,
}

/// Tries whether a passphrase opens a slot.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TestSlotRequest {
    /// The slot.
    pub slot: String,
    /// Its passphrase.
    #[ts(type = "string")]
    pub passphrase: SecretString,
}

/// A slot that was added, changed, tested or removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SlotResponse {
    /// The slot.
    pub slot: SlotView,
    /// The event's sequence number.
    #[ts(type = "number")]
    pub audit_seq: u64,
}

//! Unlock slots.

use keyreeve_crypto::SecretString;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use zeroize::Zeroize as _;

use super::credentials::Credentials;

/// A way in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SlotView {
    /// The slot's identifier.
    pub id: String,
    /// What kind of way in.
    #[ts(type = "SlotKind")]
    pub kind: String,
    /// What it asks for: one thing, or for `all_of` each of several.
    pub parts: Vec<SlotPartView>,
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

/// One thing that a slot asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SlotPartView {
    /// What kind of thing.
    #[ts(type = "SlotKind")]
    pub kind: String,
    /// Of a recovery part on shares: how many there are.
    pub shares: Option<u8>,
    /// Of a recovery part on shares: how many are needed.
    pub threshold: Option<u8>,
    /// Of a card: its serial number.
    pub serial: Option<String>,
    /// Of a card: its key's algorithm.
    pub algorithm: Option<String>,
}

/// All ways in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SlotListResponse {
    /// The slots.
    pub slots: Vec<SlotView>,
    /// When the material key was last rotated (RFC 3339); `null` if never.
    pub material_key_rotated_at: Option<String>,
}

/// One thing that a new slot is to ask for.
#[derive(Debug, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum NewSlotPart {
    /// A passphrase.
    Passphrase {
        /// The passphrase.
        #[ts(type = "string")]
        passphrase: SecretString,
        /// Accepts a weak one.
        #[serde(default)]
        #[ts(as = "Option<bool>", optional)]
        accept_weak: bool,
    },
    /// The operating system's keyring.
    OsKeyring {},
    /// Recovery shares (all of them) or a code, as `makeRecovery` made them.
    Recovery {
        /// The shares, or the one code.
        #[ts(type = "Array<string>")]
        texts: Vec<SecretString>,
    },
    /// A key on a PIV card.
    PivCard {
        /// The card's serial number.
        serial: String,
        /// Its PIN; empty where it is typed on the reader's PIN pad.
        #[ts(type = "string")]
        pin: SecretString,
    },
    /// A key on an OpenPGP card.
    OpenpgpCard {
        /// The card's serial number.
        serial: String,
        /// Its PIN; empty where it is typed on the reader's PIN pad.
        #[ts(type = "string")]
        pin: SecretString,
    },
}

/// Adds a slot.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AddSlotRequest {
    /// The slot's name.
    pub name: String,
    /// `administrator`, `operator` or `auditor`.
    #[ts(type = "Role")]
    pub role: String,
    /// What it asks for: one thing, or each of several.
    pub parts: Vec<NewSlotPart>,
    /// Who is there, shown again.
    pub proof: Credentials,
}

/// Makes recovery shares, or a code where neither number is given.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MakeRecoveryRequest {
    /// How many shares; 2 to 16.
    #[serde(default)]
    #[ts(optional)]
    pub shares: Option<u8>,
    /// How many of them are needed; 2 to all.
    #[serde(default)]
    #[ts(optional)]
    pub threshold: Option<u8>,
    /// Who is there, shown again.
    pub proof: Credentials,
}

/// Recovery shares in their order, or the one code: for paper, and nowhere else. Wiped when dropped.
#[derive(Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RecoverySheetResponse {
    /// The shares, or the code.
    pub texts: Vec<String>,
}

impl std::fmt::Debug for RecoverySheetResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RecoverySheetResponse([redacted], {} texts)", self.texts.len())
    }
}

impl Drop for RecoverySheetResponse {
    fn drop(&mut self) {
        self.texts.zeroize();
    }
}

/// Gives a slot another name.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RenameSlotRequest {
    /// The slot.
    pub slot: String,
    /// The new name.
    pub name: String,
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
    /// Who is there, shown again.
    pub proof: Credentials,
    /// Accepts a weak passphrase.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub accept_weak_passphrase: bool,
}

/// What guessing a passphrase costs: Argon2id's parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CostView {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
}

/// Which passphrases cost less to guess than new ones would here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SlotCostsResponse {
    /// What a new passphrase would cost on this computer.
    pub today: CostView,
    /// The identifiers of passphrase slots that cost less than half of that.
    pub weaker: Vec<String>,
}

/// Derives a passphrase slot's key anew, at what it would cost today.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecalibrateSlotRequest {
    /// The slot.
    pub slot: String,
    /// Its passphrase, which stays.
    #[ts(type = "string")]
    pub passphrase: SecretString,
}

/// A slot whose key is derived anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RecalibrateSlotResponse {
    /// The slot.
    pub slot: SlotView,
    /// What it cost before.
    pub before: CostView,
    /// What it costs now.
    pub now: CostView,
    /// The event's sequence number; `null` where it is as costly as it would be today, and stays as it is.
    #[ts(type = "number | null")]
    pub audit_seq: Option<u64>,
}

/// Removes a slot.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RemoveSlotRequest {
    /// The slot.
    pub slot: String,
    /// Rotates the material key too, once the slot is gone.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub rotate_material_key: bool,
    /// Who is there, shown again.
    pub proof: Credentials,
    /// The job under which progress is told and which `cancelJob` stops.
    #[serde(default)]
    #[ts(optional)]
    pub job: Option<String>,
}

/// A slot that was removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RemoveSlotResponse {
    /// The slot.
    pub slot: SlotView,
    /// The event's sequence number.
    #[ts(type = "number")]
    pub audit_seq: u64,
    /// What was wrapped anew, where the material key was rotated too.
    pub material_key: Option<RotateMaterialKeyResponse>,
}

/// Makes a new material key, and wraps every version's data key under it.
#[derive(Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RotateMaterialKeyRequest {
    /// Why.
    #[serde(default)]
    #[ts(as = "Option<String>", optional)]
    pub reason: String,
    /// Who is there, shown again.
    pub proof: Credentials,
    /// The job under which progress is told and which `cancelJob` stops.
    #[serde(default)]
    #[ts(optional)]
    pub job: Option<String>,
}

/// What was wrapped anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RotateMaterialKeyResponse {
    /// Which material key it is now; the first is 1.
    pub number: u32,
    /// How many keys there are.
    #[ts(type = "number")]
    pub keys: u64,
    /// How many of their versions hold material.
    #[ts(type = "number")]
    pub versions: u64,
    /// When (RFC 3339).
    pub rotated_at: String,
    /// The event's sequence number.
    #[ts(type = "number")]
    pub audit_seq: u64,
}

/// Tries whether a slot opens.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TestSlotRequest {
    /// The slot.
    pub slot: String,
    /// What opens it.
    pub credentials: Credentials,
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

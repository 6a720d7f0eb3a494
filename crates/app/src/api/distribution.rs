//! Handing keys over, and who has them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// For whom a file was encrypted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HandedOver {
    /// What kind of file it is: `age`, `cms` or `rsa-aes-key-wrap`.
    pub envelope: String,
    /// What opens it, with words in capitals for what only a recipient knows.
    pub opened_with: String,
    /// Those who can open it.
    pub recipients: Vec<RecipientView>,
}

/// Someone to whom a key is encrypted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RecipientView {
    /// The age recipient itself, an SSH key's `SHA256:…`, or SHA-256 of a certificate or public key.
    pub fingerprint: String,
    /// An SSH key's comment or a certificate's subject.
    pub name: Option<String>,
}

/// Asks who has a key.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DistributionRequest {
    /// The key.
    pub key: String,
}

/// Who has a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DistributionResponse {
    /// The version that they should have.
    pub primary_version: u32,
    /// How many have another one, or none that is known of.
    pub behind: usize,
    /// Those first that are behind.
    pub holders: Vec<DistributionItem>,
    /// The event, when something was noted.
    #[ts(type = "number | null")]
    pub audit_seq: Option<u64>,
}

/// What kind of holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HolderKind {
    /// A place that is written down on the key.
    Place,
    /// Someone whom the key was handed over to, or a key service that it was brought to.
    Recipient,
}

/// A holder of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DistributionItem {
    /// What kind.
    pub kind: HolderKind,
    /// What tells it from the others: a place as `host=…`, or a recipient's fingerprint.
    pub id: String,
    /// What a recipient's key said of whose it is.
    pub name: Option<String>,
    /// How the key came there.
    pub how: Option<String>,
    /// The newest version that it is known to have.
    pub version: Option<u32>,
    /// Since when.
    pub time: Option<String>,
    /// Why it got the key.
    pub reason: Option<String>,
    /// Whether that is the primary version.
    pub up_to_date: bool,
}

impl DistributionItem {
    pub(crate) fn new(kind: HolderKind, id: String) -> Self {
        Self {
            kind,
            id,
            name: None,
            how: None,
            version: None,
            time: None,
            reason: None,
            up_to_date: false,
        }
    }
}

/// Notes that a holder has a version, or needs the key no more.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NoteRollOutRequest {
    /// The key.
    pub key: String,
    /// The holder's identifier or name.
    pub holder: String,
    /// The version that it has; the primary one if absent.
    #[serde(default)]
    #[ts(optional)]
    pub version: Option<u32>,
    /// That it needs the key no more.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub ended: bool,
    /// Why.
    #[serde(default)]
    #[ts(as = "Option<String>", optional)]
    pub reason: String,
}

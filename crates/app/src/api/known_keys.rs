//! Public keys that are kept alone, and what people say of what is kept.

use std::collections::BTreeMap;

use keyreeve_crypto::PublicAlgorithm;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Asks for the public keys that are kept without their private halves.
#[derive(Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct KnownKeyListRequest {
    /// Part of the name, the algorithm, the owner, a tag, the note, a fingerprint or the identifier.
    #[ts(optional)]
    pub search: Option<String>,
    /// How many at most; 500 if absent.
    #[ts(optional)]
    pub limit: Option<u32>,
}

/// Names a public key that is kept alone: by its name, or by the beginning of its identifier or of its
/// SHA-256.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KnownKeyRequest {
    /// The public key.
    pub public_key: String,
}

/// Changes what people say of something that is kept; what is absent stays.
#[derive(Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct DescriptionRequest {
    /// Who answers for it.
    #[ts(optional)]
    pub owner: Option<String>,
    /// A note.
    #[ts(optional)]
    pub note: Option<String>,
    /// Its tags, in place of those that are there.
    #[ts(optional)]
    pub tags: Option<Vec<String>>,
}

/// Changes the name or the description of a public key that is kept alone.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EditKnownKeyRequest {
    /// The public key.
    pub public_key: String,
    /// Its new name.
    #[serde(default)]
    #[ts(optional)]
    pub name: Option<String>,
    /// Its description.
    #[serde(default)]
    #[ts(as = "Option<DescriptionRequest>", optional)]
    pub description: DescriptionRequest,
}

/// Removes a public key that is kept alone.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RemoveKnownKeyRequest {
    /// The public key.
    pub public_key: String,
    /// Why.
    #[serde(default)]
    #[ts(as = "Option<String>", optional)]
    pub reason: String,
}

/// What people say of something that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DescriptionView {
    /// Who answers for it.
    pub owner: String,
    /// A note.
    pub note: String,
    /// Its tags.
    pub tags: Vec<String>,
}

/// A public key that is kept alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KnownKeyView {
    /// Its identifier in the vault.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its algorithm, by name.
    #[ts(type = "string")]
    pub algorithm: PublicAlgorithm,
    /// More of the algorithm, where it is one that the vault makes no keys of.
    pub foreign: Option<ForeignAlgorithmView>,
    /// Its strength in bits.
    pub strength_bits: u16,
    /// Whether a quantum computer would not break it, as far as is known.
    pub quantum_safe: bool,
    /// Its fingerprints, by the tools that show them.
    pub fingerprints: BTreeMap<String, String>,
    /// The key in PEM.
    pub pem: String,
    /// The form in which it came.
    pub form: String,
    /// What people say of it.
    pub description: DescriptionView,
    /// When it was kept first.
    pub created_at: String,
}

/// A kind of key that the vault makes none of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ForeignAlgorithmView {
    /// Its name, such as `rsa-1024`.
    pub name: String,
    /// The name as people read it.
    pub title: String,
    /// Why it is not to be used any more, in a sentence; `null` where it may be.
    pub weakness: Option<String>,
}

/// The public keys that are kept alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KnownKeyListResponse {
    /// By name.
    pub public_keys: Vec<KnownKeyView>,
    /// How many there are, shown or not.
    #[ts(type = "number")]
    pub total: u64,
}

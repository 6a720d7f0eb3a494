//! Bring your own key.

use serde::{Deserialize, Serialize};

use super::Credentials;

/// Asks for a key, wrapped for a cloud's key service, in a new file.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ByokRequest {
    /// The key.
    pub key: String,
    /// The version; the primary one if absent.
    #[serde(default)]
    pub version: Option<u32>,
    /// Whose key service: `aws-kms`, `google-kms`, `azure-key-vault` or `transit`.
    pub target: String,
    /// The file with the service's wrapping key, in PEM or DER.
    pub wrapping_key: String,
    /// How it is wrapped, in the service's words; the best way that fits if absent.
    #[serde(default)]
    pub method: Option<String>,
    /// What the service calls its wrapping key; Azure's package names it.
    #[serde(default)]
    pub key_identifier: Option<String>,
    /// The file to write; it must not exist.
    pub out: String,
    /// Who is there, shown again.
    #[serde(default)]
    pub proof: Option<Credentials>,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// A package that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ByokResponse {
    /// The file.
    pub file: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Whose key service.
    pub target: String,
    /// How the key was wrapped, in the service's words.
    pub method: String,
    /// Whether the service offers a better way.
    pub legacy: bool,
    /// SHA-256 of the wrapping key's `SubjectPublicKeyInfo`, in hexadecimal.
    pub wrapping_key: String,
    /// What imports it; words in capitals stand for what only its owner knows.
    pub command: String,
}

//! Bring your own key.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Credentials;

/// Asks for a key, wrapped for a cloud's key service, in a new file.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ByokRequest {
    /// The key.
    pub key: String,
    /// The version; the primary one if absent.
    #[serde(default)]
    #[ts(optional)]
    pub version: Option<u32>,
    /// Whose key service: `aws-kms`, `google-kms`, `azure-key-vault` or `transit`.
    pub target: String,
    /// The file with the service's wrapping key, in PEM or DER, or with what AWS's command line answered.
    pub wrapping_key: String,
    /// How it is wrapped, in the service's words; the best way that fits if absent.
    #[serde(default)]
    #[ts(optional)]
    pub method: Option<String>,
    /// What the service calls its wrapping key; Azure's package names it.
    #[serde(default)]
    #[ts(optional)]
    pub key_identifier: Option<String>,
    /// The file to write; it must not exist.
    pub out: String,
    /// Who is there, shown again.
    #[serde(default)]
    #[ts(optional)]
    pub proof: Option<Credentials>,
    /// Why.
    #[serde(default)]
    #[ts(as = "Option<String>", optional)]
    pub reason: String,
}

/// A package that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ByokResponse {
    /// The file.
    pub file: String,
    /// Its size in bytes.
    #[ts(type = "number")]
    pub bytes: u64,
    /// What has to go to the service with it, in a file of its own.
    pub beside: Option<String>,
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

/// Asks which key services take a key.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyServicesRequest {
    /// The key.
    pub key: String,
}

/// The key services that take a key, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeyServicesResponse {
    /// Those that do.
    pub services: Vec<KeyServiceView>,
}

/// A key service that takes a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeyServiceView {
    /// As [`ByokRequest::target`].
    pub target: String,
    /// Whether the package names the key that wraps it.
    pub names_wrapping_key: bool,
    /// The ways of wrapping, the better ones first; never empty.
    pub methods: Vec<WrappingMethodView>,
}

/// A way of wrapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WrappingMethodView {
    /// As the service calls it.
    pub name: String,
    /// Whether the service offers better.
    pub legacy: bool,
    /// What the service gives out its wrapping key with; words in capitals stand for what only its owner knows.
    pub wrapping_key_command: String,
}

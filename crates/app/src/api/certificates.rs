//! Certificates and requests for them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the owner of a key wants a certificate, or a request for one, to say.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CertificateWish {
    /// The key.
    pub key: String,
    /// The version; the primary one if absent.
    #[serde(default)]
    #[ts(optional)]
    pub version: Option<u32>,
    /// For whom, as RFC 4514 writes names.
    pub subject: String,
    /// Other names: `dns:`, `ip:`, `email:` or `uri:`, and the name.
    #[serde(default)]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub alternative_names: Vec<String>,
    /// What the key may do: `digital-signature`, `content-commitment`.
    #[serde(default)]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub key_usage: Vec<String>,
    /// What it is for: `tls-server`, `tls-client`, `code-signing`, `email`.
    #[serde(default)]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub extended_key_usage: Vec<String>,
    /// The file to write; it must not exist.
    pub out: String,
    /// Why.
    #[serde(default)]
    #[ts(as = "Option<String>", optional)]
    pub reason: String,
}

/// Asks for a certificate that a key signs for itself.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SelfSignKeyRequest {
    /// What it says.
    pub wish: CertificateWish,
    /// For how many days; 365 if absent, and ten years of an authority.
    #[serde(default)]
    #[ts(optional)]
    pub days: Option<u32>,
    /// Whether it may issue others.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub authority: bool,
    /// How many authorities may stand below it; any number if absent.
    #[serde(default)]
    #[ts(optional)]
    pub path_length: Option<u8>,
}

/// Asks an authority whose key is in the vault for a certificate.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IssueCertificateRequest {
    /// The authority's key.
    pub key: String,
    /// Its version; the primary one if absent.
    #[serde(default)]
    pub version: Option<u32>,
    /// The file with the authority's certificate.
    pub authority_certificate: String,
    /// The file with the request.
    pub request: String,
    /// As what: `tls-server`, `tls-client`, `code-signing`, `smime` or `intermediate`.
    pub template: String,
    /// For how many days; as the template says if absent.
    #[serde(default)]
    pub days: Option<u32>,
    /// How many authorities may stand below an intermediate one; none if absent.
    #[serde(default)]
    pub path_length: Option<u8>,
    /// The file to write; it must not exist.
    pub out: String,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// A request that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CertificateRequestResponse {
    /// The file.
    pub file: String,
    /// Its size in bytes.
    #[ts(type = "number")]
    pub bytes: u64,
}

/// A certificate that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CertificateResponse {
    /// The file.
    pub file: String,
    /// Its size in bytes.
    #[ts(type = "number")]
    pub bytes: u64,
    /// For whom.
    pub subject: String,
    /// Its number, in hexadecimal.
    pub serial: String,
    /// From when it is valid, in UTC.
    pub not_before: String,
    /// Until when it is valid.
    pub not_after: String,
}

//! Certificates and requests for them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::import::CertificateView;
use super::known_keys::{DescriptionRequest, DescriptionView};

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
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IssueCertificateRequest {
    /// The authority's key.
    pub key: String,
    /// Its version; the primary one if absent.
    #[serde(default)]
    #[ts(optional)]
    pub version: Option<u32>,
    /// The file with the authority's certificate; of the kept ones the one that is valid for the longest
    /// if absent.
    #[serde(default)]
    #[ts(optional)]
    pub authority_certificate: Option<String>,
    /// The file with the request.
    pub request: String,
    /// As what: `tls-server`, `tls-client`, `code-signing`, `smime` or `intermediate`.
    pub template: String,
    /// For how many days; as the template says if absent.
    #[serde(default)]
    #[ts(optional)]
    pub days: Option<u32>,
    /// How many authorities may stand below an intermediate one; none if absent.
    #[serde(default)]
    #[ts(optional)]
    pub path_length: Option<u8>,
    /// Where the lists of what the authority revoked are found; it stands in the certificate.
    #[serde(default)]
    #[ts(optional)]
    pub crl_url: Option<String>,
    /// The file to write; it must not exist.
    pub out: String,
    /// Why.
    #[serde(default)]
    #[ts(as = "Option<String>", optional)]
    pub reason: String,
}

/// Renews a certificate that a key of the vault issued.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RenewCertificateRequest {
    /// The certificate.
    pub certificate: String,
    /// Whether the newer one is of the same version of its key, and not of the primary one.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub same_key: bool,
    /// For how many days; as many as the older one if absent.
    #[serde(default)]
    #[ts(optional)]
    pub days: Option<u32>,
    /// The file to write, if one is to be; it must not exist.
    #[serde(default)]
    #[ts(optional)]
    pub out: Option<String>,
    /// Why.
    #[serde(default)]
    #[ts(as = "Option<String>", optional)]
    pub reason: String,
}

/// Revokes a certificate that a key of the vault issued.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RevokeCertificateRequest {
    /// The certificate.
    pub certificate: String,
    /// Why, as RFC 5280 names it, such as `key-compromise`.
    pub code: String,
    /// Why, in the user's words.
    #[serde(default)]
    #[ts(as = "Option<String>", optional)]
    pub reason: String,
}

/// Writes the list of the certificates that an authority's key revoked.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WriteCrlRequest {
    /// The authority's key.
    pub key: String,
    /// Its version; the primary one if absent.
    #[serde(default)]
    #[ts(optional)]
    pub version: Option<u32>,
    /// In how many days the next list is there at the latest; 7 if absent.
    #[serde(default)]
    #[ts(optional)]
    pub days: Option<u32>,
    /// The file to write; it must not exist.
    pub out: String,
    /// Whether in DER; else in PEM.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub der: bool,
    /// Why.
    #[serde(default)]
    #[ts(as = "Option<String>", optional)]
    pub reason: String,
}

/// Brings certificates in.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImportCertificatesRequest {
    /// The files.
    pub paths: Vec<String>,
}

/// Takes a certificate out.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportCertificateRequest {
    /// The certificate.
    pub certificate: String,
    /// The file to write; it must not exist.
    pub out: String,
    /// Whether in DER; else in PEM.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub der: bool,
    /// Whether with the certificates above it.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub chain: bool,
}

/// Names a certificate: by its number, or by the beginning of its identifier or fingerprint.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CertificateRequest {
    /// The certificate.
    pub certificate: String,
}

/// Changes what people say of a certificate.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EditCertificateRequest {
    /// The certificate.
    pub certificate: String,
    /// Its description.
    pub description: DescriptionRequest,
}

/// Removes a certificate that no key of the vault issued.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RemoveCertificateRequest {
    /// The certificate.
    pub certificate: String,
    /// Why.
    #[serde(default)]
    #[ts(as = "Option<String>", optional)]
    pub reason: String,
}

/// Asks for the kept certificates.
#[derive(Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct CertificateListRequest {
    /// Part of the subject, the issuer, the number, the fingerprint or the description.
    #[ts(optional)]
    pub search: Option<String>,
    /// Only those in this state.
    #[ts(optional)]
    pub state: Option<String>,
    /// Only those of this key.
    #[ts(optional)]
    pub key: Option<String>,
    /// How many at most; 500 if absent.
    #[ts(optional)]
    pub limit: Option<u32>,
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

/// A certificate that was made and is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CertificateResponse {
    /// Its identifier in the vault.
    pub certificate: String,
    /// The file, if one was written.
    pub file: Option<String>,
    /// Its size in bytes, in PEM.
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

/// A version of a key that a certificate is of, or that issued it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CertificateKeyView {
    /// The key's identifier.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The version.
    pub version: u32,
}

/// A kept certificate, as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeptCertificateView {
    /// Its identifier in the vault.
    pub id: String,
    /// For whom it is, as RFC 4514 writes names.
    pub subject: String,
    /// Who issued it.
    pub issuer: String,
    /// Its number, in hexadecimal.
    pub serial: String,
    /// From when it is valid.
    pub not_before: String,
    /// Until when it is valid.
    pub not_after: String,
    /// Of what use it is now.
    #[ts(type = "\"not_yet\" | \"valid\" | \"expiring_soon\" | \"expired\" | \"revoked\"")]
    pub state: String,
    /// Its SHA-256 fingerprint, in hexadecimal.
    pub sha256: String,
    /// Whether it may issue others.
    pub authority: bool,
    /// Where it came from: `self_signed`, `issued` or `imported`.
    #[ts(type = "\"self_signed\" | \"issued\" | \"imported\"")]
    pub origin: String,
    /// The key of the vault that it is of.
    pub key: Option<CertificateKeyView>,
    /// The key of the vault that issued it.
    pub issued_by: Option<CertificateKeyView>,
    /// When it was revoked.
    pub revoked_at: Option<String>,
    /// Why, as RFC 5280 names it.
    pub revocation_reason: Option<String>,
    /// The certificate that is in its place.
    pub replaced_by: Option<String>,
    /// What people say of it.
    pub description: DescriptionView,
    /// When it was kept first.
    pub created_at: String,
}

/// The kept certificates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CertificateListResponse {
    /// Those that end first before the others.
    pub certificates: Vec<KeptCertificateView>,
    /// How many there are, shown or not.
    #[ts(type = "number")]
    pub total: u64,
}

/// How many certificates are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CertificateCountsView {
    /// All.
    #[ts(type = "number")]
    pub total: u64,
    /// Those that end within 30 days, and nothing is in their place yet.
    #[ts(type = "number")]
    pub expiring_soon: u64,
    /// Those that ended, were not revoked, and nothing is in their place.
    #[ts(type = "number")]
    pub expired: u64,
}

/// A kept certificate in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CertificateDetailResponse {
    /// What the vault says of it.
    pub certificate: KeptCertificateView,
    /// What it says itself.
    pub says: CertificateView,
    /// Its fingerprints, and those of its key.
    pub fingerprints: BTreeMap<String, String>,
    /// All of it in PEM.
    pub pem: String,
    /// Those above it, each signature checked, its issuer's first.
    pub chain: Vec<KeptCertificateView>,
    /// Whether the chain ends with one that names itself its issuer.
    pub chain_complete: bool,
    /// What it issued: the first 100.
    pub issued: Vec<KeptCertificateView>,
    /// Whether a key of the vault issued it, and nothing is in its place yet.
    pub renewable: bool,
    /// Whether a key of the vault may revoke it.
    pub revocable: bool,
    /// Whether its key may sign lists of what it revoked.
    pub signs_lists: bool,
    /// Whether it may be removed.
    pub removable: bool,
}

/// What was brought in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportCertificatesResponse {
    /// The new ones.
    pub certificates: Vec<KeptCertificateView>,
    /// How many were kept already.
    pub known: u32,
    /// Those that are revoked now, by the lists of their issuers.
    pub revoked: Vec<KeptCertificateView>,
    /// How many such lists there were.
    pub lists: u32,
}

/// A certificate that was taken out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExportCertificateResponse {
    /// The file.
    pub file: String,
    /// Its size in bytes.
    #[ts(type = "number")]
    pub bytes: u64,
    /// How many certificates are in it.
    #[ts(type = "number")]
    pub certificates: u64,
}

/// A list of revoked certificates that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WriteCrlResponse {
    /// The file.
    pub file: String,
    /// Its size in bytes.
    #[ts(type = "number")]
    pub bytes: u64,
    /// The authority.
    pub issuer: String,
    /// The list's number.
    pub number: String,
    /// How many certificates are in it.
    #[ts(type = "number")]
    pub revoked: u64,
    /// When it was made.
    pub this_update: String,
    /// When the next one is there at the latest.
    pub next_update: String,
}

//! Certificates of OpenSSH, and lists of revoked keys.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Asks an authority whose key is in the vault for a certificate of OpenSSH.
#[derive(Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct IssueSshCertificateRequest {
    /// The authority's key.
    pub key: String,
    /// Its version; the primary one if absent.
    #[ts(optional)]
    pub version: Option<u32>,
    /// The file with the public key that it is of.
    #[ts(optional)]
    pub public_key: Option<String>,
    /// The key of the vault that it is of, where no file is named.
    #[ts(optional)]
    pub subject_key: Option<String>,
    /// Whether it is a host's; else a user's.
    #[ts(as = "Option<bool>", optional)]
    pub host: bool,
    /// What servers write into their logs.
    pub key_id: String,
    /// The users or hosts that it may stand for.
    pub principals: Vec<String>,
    /// For how many days; 30 if absent, 90 of a host.
    #[ts(optional)]
    pub days: Option<u32>,
    /// The one command that it runs.
    #[ts(optional)]
    pub force_command: Option<String>,
    /// The networks that it may come from.
    #[ts(as = "Option<Vec<String>>", optional)]
    pub source_addresses: Vec<String>,
    /// What it permits: `pty` if absent.
    #[ts(optional)]
    pub permissions: Option<Vec<String>>,
    /// The file to write; it must not exist.
    pub out: String,
    /// Why.
    #[ts(as = "Option<String>", optional)]
    pub reason: String,
}

/// A certificate of OpenSSH that was issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SshCertificateResponse {
    /// The file.
    pub file: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// What servers write into their logs.
    pub key_id: String,
    /// Its number, in decimal.
    pub serial: String,
    /// The users or hosts that it may stand for.
    pub principals: Vec<String>,
    /// Until when it is valid.
    pub valid_until: String,
}

/// Asks what an authority issued and revoked.
#[derive(Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct SshCertificateListRequest {
    /// The authority's key.
    pub key: String,
    /// Its version; the primary one if absent.
    #[ts(optional)]
    pub version: Option<u32>,
    /// Only certificates with this in their identifier, number, principals or key's fingerprint.
    #[ts(optional)]
    pub search: Option<String>,
    /// How many certificates at most; 100 if absent.
    #[ts(optional)]
    pub limit: Option<u32>,
}

/// What an authority issued and revoked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SshCertificateListResponse {
    /// The version of its key.
    pub version: u32,
    /// The certificates, newest first.
    pub certificates: Vec<IssuedSshCertificateView>,
    /// How many there are, with those that are not shown.
    pub total: u64,
    /// What it revoked.
    pub revoked: RevokedSshView,
}

/// A certificate of OpenSSH that was issued, as the log tells of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct IssuedSshCertificateView {
    /// Its number, in decimal.
    pub serial: String,
    /// What servers write into their logs.
    pub key_id: String,
    /// The users or hosts that it may stand for.
    pub principals: Vec<String>,
    /// Whether it is a host's; else a user's.
    pub host: bool,
    /// The fingerprint of the key that it is of; absent of those that an older program issued.
    pub public_key: Option<String>,
    /// When it was issued.
    pub issued_at: String,
    /// Until when it is valid.
    pub valid_until: String,
    /// Whether it still counts.
    pub state: SshCertificateState,
}

/// Whether a certificate of OpenSSH still counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SshCertificateState {
    /// It does.
    Valid,
    /// Its end has come.
    Expired,
    /// It was revoked, by its number, its identifier or the key that it is of.
    Revoked,
}

/// What an authority of OpenSSH revoked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RevokedSshView {
    /// The newest list's number; absent where none was written.
    pub number: Option<String>,
    /// Numbers of certificates, in decimal.
    pub serials: Vec<String>,
    /// Identifiers of certificates.
    pub key_ids: Vec<String>,
    /// Fingerprints of keys.
    pub keys: Vec<String>,
}

/// Revokes certificates or keys of OpenSSH, and writes the list of all that were revoked.
#[derive(Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct WriteKrlRequest {
    /// The authority's key.
    pub key: String,
    /// Its version; the primary one if absent.
    #[ts(optional)]
    pub version: Option<u32>,
    /// Numbers of certificates that are revoked from now on, in decimal.
    #[ts(as = "Option<Vec<String>>", optional)]
    pub serials: Vec<String>,
    /// Identifiers of such certificates.
    #[ts(as = "Option<Vec<String>>", optional)]
    pub key_ids: Vec<String>,
    /// Files with keys that are revoked, whichever certificate they come with.
    #[ts(as = "Option<Vec<String>>", optional)]
    pub public_keys: Vec<String>,
    /// The file to write; it must not exist.
    pub out: String,
    /// Why.
    #[ts(as = "Option<String>", optional)]
    pub reason: String,
}

/// A list of revoked keys that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WriteKrlResponse {
    /// The file.
    pub file: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// The list's number.
    pub number: String,
    /// How many numbers of certificates are on it.
    pub serials: u64,
    /// How many identifiers.
    pub key_ids: u64,
    /// How many keys.
    pub keys: u64,
}

/// What a certificate of OpenSSH says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SshCertificateView {
    /// Whether it is a host's; else a user's.
    pub host: bool,
    /// What servers write into their logs.
    pub key_id: String,
    /// Its number, in decimal.
    pub serial: String,
    /// The users or hosts that it may stand for; none at all stands for everyone.
    pub principals: Vec<String>,
    /// From when it is valid; always if absent.
    pub valid_after: Option<String>,
    /// Until when; for ever if absent.
    pub valid_before: Option<String>,
    /// What limits it, as `name=value`.
    pub critical_options: Vec<String>,
    /// What it permits.
    pub extensions: Vec<String>,
    /// The fingerprint of the authority's key.
    pub authority: String,
    /// Whether that key's signature holds.
    pub signature_holds: bool,
}

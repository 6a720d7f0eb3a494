//! Bringing keys in, and looking at files without bringing anything in.

use std::collections::BTreeMap;

use keyreeve_crypto::{Algorithm, Purpose, SecretBytes, SecretString};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::keys::{KeyRowView, PolicyRequest};
use super::known_keys::ForeignAlgorithmView;
use super::ssh::SshCertificateView;

/// Looks into files and folders, or into what was pasted.
#[derive(Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ExamineRequest {
    /// Files and folders. A folder's files are looked at too, hidden ones included.
    #[ts(as = "Option<Vec<String>>", optional)]
    pub paths: Vec<String>,
    /// What was pasted.
    #[ts(type = "string", optional)]
    pub text: Option<SecretString>,
    /// What came by standard input, which a window has none of.
    #[serde(skip)]
    #[ts(skip)]
    pub input: Option<SecretBytes>,
    /// The name under which progress is told and by which it can be stopped.
    #[ts(optional)]
    pub job: Option<String>,
}

/// What kind of thing was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FoundKind {
    /// A private key with its public half.
    Private,
    /// A symmetric key.
    Symmetric,
    /// A public key alone.
    Public,
    /// A certificate.
    Certificate,
    /// A request for a certificate.
    CertificateRequest,
    /// A list of revoked certificates.
    RevocationList,
    /// A certificate of OpenSSH.
    SshCertificate,
    /// An encrypted private key that has not been opened.
    Locked,
    /// Something that cannot be taken in.
    Other,
}

/// What would come of bringing it in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FoundOutcome {
    /// Sound, as far as can be told without a vault.
    Sound,
    /// It becomes a new key.
    New,
    /// The vault has it, or it stands twice in what was given.
    Duplicate,
    /// Damaged, weak, or still encrypted.
    Problem,
    /// Nothing that Keyreeve keeps or reads.
    Unsupported,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FoundView {
    /// By which a choice names it.
    pub number: u32,
    /// The file it was in; empty for what was pasted.
    pub file: String,
    /// The name the key would get.
    pub name: String,
    /// The form, such as `pkcs8`.
    pub form: String,
    /// The form as people read it.
    pub form_title: String,
    /// What kind of thing it is.
    pub kind: FoundKind,
    /// What would come of bringing it in.
    pub outcome: FoundOutcome,
    /// Why not, in a sentence; `null` where nothing is wrong.
    pub problem: Option<String>,
    /// The algorithm; of a symmetric key the likeliest.
    #[ts(type = "Algorithm | null")]
    pub algorithm: Option<Algorithm>,
    /// The algorithm of a public key of a kind that the vault makes no keys of.
    pub foreign: Option<ForeignAlgorithmView>,
    /// The algorithms that a symmetric key's length allows, and X25519 where it could be WireGuard's.
    #[ts(type = "Algorithm[]")]
    pub algorithms: Vec<Algorithm>,
    /// The purpose proposed.
    #[ts(type = "Purpose | null")]
    pub purpose: Option<Purpose>,
    /// The strength in bits.
    pub strength_bits: Option<u16>,
    /// What the file says of it.
    pub comment: Option<String>,
    /// Fingerprints of the public half.
    pub fingerprints: BTreeMap<String, String>,
    /// The check value of a symmetric key as the likeliest algorithm.
    pub kcv: Option<String>,
    /// What else is to be known of it, in sentences.
    pub warnings: Vec<String>,
    /// What a certificate or a request says.
    pub certificate: Option<CertificateView>,
    /// What a list of revoked certificates says.
    pub revocation_list: Option<RevocationListView>,
    /// What a certificate of OpenSSH says.
    pub ssh_certificate: Option<SshCertificateView>,
}

/// What a certificate, or a request for one, says. Its signature is not verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CertificateView {
    /// For whom it is, as RFC 4514 writes names.
    pub subject: String,
    /// Who issued it; `null` of a request, like the next four.
    pub issuer: Option<String>,
    /// Its number, in hexadecimal.
    pub serial: Option<String>,
    /// From when it is valid.
    pub not_before: Option<String>,
    /// Until when it is valid.
    pub not_after: Option<String>,
    /// Whether it is valid at this time.
    pub validity: Option<Validity>,
    /// With what it is signed.
    pub signature_algorithm: String,
    /// Other names, such as `DNS:example.org`.
    pub alternative_names: Vec<String>,
    /// What its key may do.
    pub key_usage: Vec<String>,
    /// What it is for.
    pub extended_key_usage: Vec<String>,
    /// Whether it may issue others; `null` where it does not say.
    pub authority: Option<bool>,
    /// How many authorities may follow below it.
    pub path_length: Option<u8>,
    /// The identifier of its key, in hexadecimal.
    pub subject_key_id: Option<String>,
    /// The identifier of its issuer's key, in hexadecimal.
    pub authority_key_id: Option<String>,
    /// Its other extensions.
    pub other_extensions: Vec<ExtensionView>,
    /// The number of the found certificate that names itself its issuer, by name and key identifier.
    pub issued_by: Option<u32>,
}

/// What a list of revoked certificates says. Its signature is not verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RevocationListView {
    /// Who revoked them.
    pub issuer: String,
    /// When it was made.
    pub this_update: String,
    /// When the next one is there at the latest.
    pub next_update: Option<String>,
    /// Its number, in hexadecimal.
    pub number: Option<String>,
    /// How many certificates are on it.
    pub total: u32,
    /// The first 100 of them, as `number, when, why`.
    pub revoked: Vec<String>,
}

/// An extension that is not decoded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExtensionView {
    /// Its name, or its number.
    pub name: String,
    /// Whether who does not know it must refuse the certificate.
    pub critical: bool,
}

/// Whether a certificate is valid at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Validity {
    /// It will be.
    NotYet,
    /// It is.
    Valid,
    /// It was.
    Expired,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExamineResponse {
    /// In the order of the files and of what is in them.
    pub items: Vec<FoundView>,
    /// How many files of folders hold nothing that was recognised.
    pub skipped: u32,
}

/// Tries a password on everything that is still encrypted.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UnlockImportRequest {
    /// The password.
    #[ts(type = "string")]
    pub password: SecretString,
    /// The name under which progress is told and by which it can be stopped.
    #[serde(default)]
    #[ts(optional)]
    pub job: Option<String>,
}

/// What a password opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UnlockImportResponse {
    /// How many items it opened.
    pub opened: u32,
    /// What was found, as it is known now.
    pub found: ExamineResponse,
}

/// One of the found keys, to be brought in.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImportChoice {
    /// Its number.
    pub number: u32,
    /// The key's name; the proposed one if absent.
    #[serde(default)]
    #[ts(optional)]
    pub name: Option<String>,
    /// What a symmetric key is for; the likeliest algorithm if absent.
    #[serde(default)]
    #[ts(type = "Algorithm", optional)]
    pub algorithm: Option<Algorithm>,
    /// The purpose; the proposed one if absent.
    #[serde(default)]
    #[ts(type = "Purpose", optional)]
    pub purpose: Option<Purpose>,
}

/// Brings the chosen keys in: all of them, or none.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImportKeysRequest {
    /// Which.
    pub choices: Vec<ImportChoice>,
    /// Whether their material may leave again.
    pub exportable: bool,
    /// Tags for all of them.
    #[serde(default)]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub tags: Vec<String>,
    /// Who answers for them.
    #[serde(default)]
    #[ts(as = "Option<String>", optional)]
    pub owner: String,
    /// Their policy.
    #[serde(default)]
    #[ts(as = "Option<PolicyRequest>", optional)]
    pub policy: PolicyRequest,
    /// The name under which progress is told and by which it can be stopped.
    #[serde(default)]
    #[ts(optional)]
    pub job: Option<String>,
}

/// What was brought in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportKeysResponse {
    /// The first 100 of the new keys.
    pub keys: Vec<KeyRowView>,
    /// How many keys were brought in.
    pub imported: u32,
    /// How many certificates were.
    pub certificates: u32,
    /// How many public keys were, whose private halves are elsewhere.
    pub public_keys: u32,
}

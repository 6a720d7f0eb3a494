//! A version of a key, a certificate or a public key as one line, for spreadsheets and scripts.

use keyreeve_crypto::PublicAlgorithm;
use keyreeve_domain::{
    CertificateRecord, Description, KeyRecord, KeyVersion, KnownKeyRecord, Timestamp,
};
use serde::Serialize;
use serde_json::{Value, json};

use super::InventoryHead;
use crate::read::Certificate;

/// Everything before the entries.
pub(super) fn head(about: &InventoryHead) -> Value {
    json!({
        "vault": about.vault.to_string(),
        "name": about.name,
        "createdAt": about.created_at.to_string(),
        "keyreeve": about.app_version,
    })
}

/// What is said of one thing; what a thing of its kind does not have is absent.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry<'r> {
    kind: &'static str,
    id: String,
    name: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    primary: Option<bool>,
    algorithm: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    purpose: Option<&'static str>,
    strength_bits: Option<u16>,
    quantum_safe: Option<bool>,
    /// Whether such keys are not to be used any more.
    weak: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'static str>,
    owner: &'r str,
    tags: Vec<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exportable: Option<bool>,
    origin: &'r str,
    created_at: String,
    activated_at: Option<String>,
    use_until: Option<String>,
    deactivated_at: Option<String>,
    compromised_at: Option<String>,
    destroyed_at: Option<String>,
    fingerprint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    serial: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signature_algorithm: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<String>,
}

fn text(at: Option<Timestamp>) -> Option<String> {
    at.map(|at| at.to_string())
}

impl<'r> Entry<'r> {
    pub(super) fn of_version(record: &'r KeyRecord, version: &'r KeyVersion) -> Self {
        let fingerprint = version.fingerprints.get("spki-sha256").or(version.kcv.as_ref());
        Self {
            kind: "key",
            id: record.id.to_string(),
            name: record.name.as_str(),
            version: Some(version.version),
            primary: Some(version.version == record.primary_version),
            purpose: Some(record.purpose.name()),
            state: Some(version.state.name()),
            owner: record.owner.as_str(),
            tags: record.tags.iter().map(|tag| tag.as_str()).collect(),
            exportable: Some(record.exportable),
            origin: version.origin.name(),
            created_at: version.created_at.to_string(),
            activated_at: text(version.activated_at),
            use_until: text(version.originator_usage_end(&record.policy)),
            deactivated_at: text(version.deactivated_at),
            compromised_at: text(version.compromised_at),
            destroyed_at: text(version.destroyed_at),
            fingerprint: fingerprint.cloned(),
            ..Self::of_algorithm(Some(record.algorithm.into()))
        }
    }

    /// A certificate, valid from `activated_at` until `use_until`.
    pub(super) fn of_certificate(record: &'r CertificateRecord, now: Timestamp) -> Self {
        let said = Certificate::from_der(&record.der);
        let key = said.as_ref().and_then(|said| said.public_key.as_ref().ok());
        Self {
            kind: "certificate",
            id: record.id.to_string(),
            name: &record.subject,
            state: Some(record.state(now).name()),
            origin: record.origin.name(),
            created_at: record.created_at.to_string(),
            activated_at: text(Some(record.not_before)),
            use_until: text(Some(record.not_after)),
            fingerprint: Some(hex::encode(record.sha256)),
            issuer: Some(&record.issuer),
            serial: Some(&record.serial),
            revoked_at: text(record.revoked.map(|revoked| revoked.at)),
            ..Self::of_algorithm(key.map(|key| key.algorithm.into()))
        }
        .described(&record.description)
        .signed(said.map(|said| said.signature_algorithm))
    }

    pub(super) fn of_known_key(record: &'r KnownKeyRecord) -> Self {
        Self {
            kind: "public_key",
            id: record.id.to_string(),
            name: record.name.as_str(),
            origin: &record.form,
            created_at: record.created_at.to_string(),
            fingerprint: Some(hex::encode(record.sha256)),
            ..Self::of_algorithm(Some(record.algorithm))
        }
        .described(&record.description)
    }

    fn of_algorithm(algorithm: Option<PublicAlgorithm>) -> Self {
        Self {
            algorithm: algorithm.map(|algorithm| algorithm.to_string()),
            strength_bits: algorithm.map(PublicAlgorithm::strength_bits),
            quantum_safe: algorithm.map(PublicAlgorithm::is_quantum_safe),
            weak: algorithm.map(|algorithm| algorithm.weakness().is_some()),
            ..Self::default()
        }
    }

    fn described(mut self, description: &'r Description) -> Self {
        self.owner = description.owner.as_str();
        self.tags = description.tags.iter().map(|tag| tag.as_str()).collect();
        self
    }

    fn signed(mut self, algorithm: Option<String>) -> Self {
        self.signature_algorithm = algorithm;
        self
    }
}

/// The cells of a line.
pub(super) struct CsvLine;

impl CsvLine {
    pub(super) const TITLES: [&str; 26] = [
        "id",
        "name",
        "version",
        "primary",
        "algorithm",
        "purpose",
        "strength bits",
        "quantum-safe",
        "state",
        "owner",
        "tags",
        "exportable",
        "origin",
        "created at",
        "activated at",
        "use until",
        "deactivated at",
        "compromised at",
        "destroyed at",
        "fingerprint",
        "kind",
        "issuer",
        "serial number",
        "signed with",
        "revoked at",
        "weak",
    ];

    pub(super) fn of(entry: &Entry<'_>) -> [String; 26] {
        fn text(cell: Option<impl ToString>) -> String {
            cell.map(|cell| cell.to_string()).unwrap_or_default()
        }
        [
            entry.id.clone(),
            harmless(entry.name),
            text(entry.version),
            text(entry.primary),
            text(entry.algorithm.as_ref()),
            text(entry.purpose),
            text(entry.strength_bits),
            text(entry.quantum_safe),
            text(entry.state),
            harmless(entry.owner),
            harmless(&entry.tags.join(", ")),
            text(entry.exportable),
            entry.origin.into(),
            entry.created_at.clone(),
            text(entry.activated_at.as_ref()),
            text(entry.use_until.as_ref()),
            text(entry.deactivated_at.as_ref()),
            text(entry.compromised_at.as_ref()),
            text(entry.destroyed_at.as_ref()),
            text(entry.fingerprint.as_ref()),
            entry.kind.into(),
            harmless(entry.issuer.unwrap_or_default()),
            text(entry.serial),
            text(entry.signature_algorithm.as_ref()),
            text(entry.revoked_at.as_ref()),
            text(entry.weak),
        ]
    }
}

/// A text that a spreadsheet does not take for a formula: an apostrophe stands before what would begin one.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

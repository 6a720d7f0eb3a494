//! A version of a key as one line, for spreadsheets and scripts.

use keyreeve_domain::{KeyRecord, KeyVersion, Timestamp};
use serde::Serialize;
use serde_json::{Value, json};

use super::InventoryHead;

/// Everything before the entries.
pub(super) fn head(about: &InventoryHead) -> Value {
    json!({
        "vault": about.vault.to_string(),
        "name": about.name,
        "createdAt": about.created_at,
        "keyreeve": about.app_version,
    })
}

/// What is said of a version.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry<'r> {
    id: String,
    name: &'r str,
    version: u32,
    primary: bool,
    algorithm: &'static str,
    purpose: &'static str,
    strength_bits: u16,
    quantum_safe: bool,
    state: &'static str,
    owner: &'r str,
    tags: Vec<&'r str>,
    exportable: bool,
    origin: &'static str,
    created_at: String,
    activated_at: Option<String>,
    use_until: Option<String>,
    deactivated_at: Option<String>,
    compromised_at: Option<String>,
    destroyed_at: Option<String>,
    fingerprint: Option<&'r str>,
}

impl<'r> Entry<'r> {
    pub(super) fn new(record: &'r KeyRecord, version: &'r KeyVersion) -> Self {
        let text = |at: Option<Timestamp>| at.map(|at| at.to_string());
        Self {
            id: record.id.to_string(),
            name: record.name.as_str(),
            version: version.version,
            primary: version.version == record.primary_version,
            algorithm: record.algorithm.name(),
            purpose: record.purpose.name(),
            strength_bits: record.algorithm.strength_bits(),
            quantum_safe: record.algorithm.is_quantum_safe(),
            state: version.state.name(),
            owner: record.owner.as_str(),
            tags: record.tags.iter().map(|tag| tag.as_str()).collect(),
            exportable: record.exportable,
            origin: version.origin.name(),
            created_at: version.created_at.to_string(),
            activated_at: text(version.activated_at),
            use_until: text(version.originator_usage_end(&record.policy)),
            deactivated_at: text(version.deactivated_at),
            compromised_at: text(version.compromised_at),
            destroyed_at: text(version.destroyed_at),
            fingerprint: version
                .fingerprints
                .get("spki-sha256")
                .map(String::as_str)
                .or(version.kcv.as_deref()),
        }
    }
}

/// The cells of a line.
pub(super) struct CsvLine;

impl CsvLine {
    pub(super) const TITLES: [&str; 20] = [
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
    ];

    pub(super) fn of(entry: &Entry<'_>) -> [String; 20] {
        let text = |cell: &Option<String>| cell.clone().unwrap_or_default();
        [
            entry.id.clone(),
            harmless(entry.name),
            entry.version.to_string(),
            entry.primary.to_string(),
            entry.algorithm.into(),
            entry.purpose.into(),
            entry.strength_bits.to_string(),
            entry.quantum_safe.to_string(),
            entry.state.into(),
            harmless(entry.owner),
            harmless(&entry.tags.join(", ")),
            entry.exportable.to_string(),
            entry.origin.into(),
            entry.created_at.clone(),
            text(&entry.activated_at),
            text(&entry.use_until),
            text(&entry.deactivated_at),
            text(&entry.compromised_at),
            text(&entry.destroyed_at),
            entry.fingerprint.unwrap_or_default().into(),
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

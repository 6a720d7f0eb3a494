//! The inventory.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Asks for an inventory of all keys, certificates and public keys in a new file.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InventoryRequest {
    /// `cdx`, `csv`, `json` or `ics`.
    pub format: String,
    /// The file; it must not exist.
    pub out: String,
    /// The job under which progress is told and which `cancelJob` stops.
    #[serde(default)]
    #[ts(optional)]
    pub job: Option<String>,
}

/// An inventory that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct InventoryResponse {
    /// The file.
    pub file: String,
    /// Its format.
    pub format: String,
    /// How many keys it tells of.
    #[ts(type = "number")]
    pub keys: u64,
    /// How many certificates.
    #[ts(type = "number")]
    pub certificates: u64,
    /// How many public keys that are kept alone.
    #[ts(type = "number")]
    pub public_keys: u64,
    /// How many reminders are in it, where it is a calendar.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(type = "number", optional)]
    pub reminders: Option<u64>,
    /// Its size in bytes.
    #[ts(type = "number")]
    pub bytes: u64,
}

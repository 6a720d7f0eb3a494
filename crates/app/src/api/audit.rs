//! The audit log.

use std::collections::BTreeMap;

use keyreeve_domain::audit::{Action, ObjectKind, Outcome, Source};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Asks for a page of the log, newest first.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct EventListRequest {
    /// Only events about this key (name, identifier or prefix).
    #[ts(optional)]
    pub key: Option<String>,
    /// Only events of this action.
    #[ts(type = "AuditAction", optional)]
    pub action: Option<Action>,
    /// Only events at or after this time (RFC 3339).
    #[ts(optional)]
    pub since: Option<String>,
    /// Only events before this time (RFC 3339).
    #[ts(optional)]
    pub until: Option<String>,
    /// Only events before this sequence number: the last one of the page before.
    #[ts(type = "number", optional)]
    pub before_seq: Option<u64>,
    /// How many at most; 100 if absent, at most 1,000.
    #[ts(optional)]
    pub limit: Option<u32>,
}

/// An event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EventView {
    /// The position in the log.
    #[ts(type = "number")]
    pub seq: u64,
    /// When (RFC 3339).
    pub time: String,
    /// Who.
    pub actor: String,
    /// From where.
    #[ts(type = "AuditSource")]
    pub source: Source,
    /// What.
    #[ts(type = "AuditAction")]
    pub action: Action,
    /// To what kind of thing.
    #[ts(type = "AuditObjectKind")]
    pub object_kind: ObjectKind,
    /// To which thing: its identifier.
    pub object: String,
    /// Its name, if it has one now.
    pub object_name: Option<String>,
    /// To which version.
    pub version: Option<u32>,
    /// How it ended.
    #[ts(type = "AuditOutcome")]
    pub outcome: Outcome,
    /// Why.
    pub reason: Option<String>,
    /// More.
    pub details: BTreeMap<String, String>,
}

/// A page of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EventListResponse {
    /// The events, newest first.
    pub events: Vec<EventView>,
    /// How many entries the log has in all.
    #[ts(type = "number")]
    pub size: u64,
}

/// Starts a job that tells its progress.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct JobRequest {
    /// The job under which progress is told and which `cancelJob` stops.
    #[ts(optional)]
    pub job: Option<String>,
}

/// The outcome of verifying the log and the state that it vouches for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AuditVerifyResponse {
    /// Always true: anything else is an error.
    pub ok: bool,
    /// How many entries.
    #[ts(type = "number")]
    pub size: u64,
    /// The tree's root in hexadecimal.
    pub root: String,
    /// The newest checkpoint, a signed note.
    pub checkpoint: Option<String>,
    /// How many checkpoints were checked.
    #[ts(type = "number")]
    pub checkpoints: u64,
    /// How many keys were compared with what the log says of them; absent for an exported log,
    /// which has none beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(type = "number", optional)]
    pub keys: Option<u64>,
    /// How many certificates were compared with it; absent like `keys`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(type = "number", optional)]
    pub certificates: Option<u64>,
    /// How many public keys that are kept alone were; absent like `keys`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(type = "number", optional)]
    pub public_keys: Option<u64>,
    /// When (RFC 3339).
    pub verified_at: String,
}

/// Names a file to write; it must not exist.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AuditExportRequest {
    /// The file.
    pub out: String,
    /// The job under which progress is told and which `cancelJob` stops.
    #[serde(default)]
    #[ts(optional)]
    pub job: Option<String>,
}

/// A log that was exported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AuditExportResponse {
    /// The file.
    pub file: String,
    /// How many entries it has.
    #[ts(type = "number")]
    pub entries: u64,
    /// Its size in bytes.
    #[ts(type = "number")]
    pub bytes: u64,
}

/// Asks for a proof.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AuditProveRequest {
    /// The entry to prove included.
    #[serde(default)]
    #[ts(type = "number", optional)]
    pub entry: Option<u64>,
    /// The older size to prove consistent.
    #[serde(default)]
    #[ts(type = "number", optional)]
    pub since_size: Option<u64>,
}

/// A proof that anyone can check against a checkpoint (RFC 9162).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AuditProveResponse {
    /// `inclusion` or `consistency`.
    pub kind: String,
    /// The size of the tree the proof is for.
    #[ts(type = "number")]
    pub size: u64,
    /// That tree's root in hexadecimal.
    pub root: String,
    /// The entry's position, or the older size.
    #[ts(type = "number")]
    pub of: u64,
    /// The entry's leaf hash, or the older root, in hexadecimal.
    pub hash: String,
    /// The entry's encoded line; absent in a consistency proof.
    pub entry: Option<String>,
    /// The nodes in hexadecimal.
    pub proof: Vec<String>,
    /// A checkpoint of this very tree, a signed note.
    pub checkpoint: String,
}

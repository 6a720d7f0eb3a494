//! Keys: listing, looking, creating, changing, taking out.

use std::collections::BTreeMap;

use keyreeve_crypto::{Algorithm, Purpose, SecretString};
use keyreeve_domain::{Policy, SmartFilter, SortBy, State, WhereUsedKind};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::credentials::Credentials;
use super::distribution::HandedOver;

/// Asks for a page of the list.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct KeyListRequest {
    /// Words to search for.
    #[ts(optional)]
    pub search: Option<String>,
    /// Only keys in this state.
    #[ts(type = "KeyState", optional)]
    pub state: Option<State>,
    /// Only keys of this algorithm.
    #[ts(type = "Algorithm", optional)]
    pub algorithm: Option<Algorithm>,
    /// Only keys for this purpose.
    #[ts(type = "Purpose", optional)]
    pub purpose: Option<Purpose>,
    /// Only keys with this tag.
    #[ts(optional)]
    pub tag: Option<String>,
    /// A ready-made filter.
    #[ts(type = "SmartFilter", optional)]
    pub filter: Option<SmartFilter>,
    /// Only keys to be rotated within this ISO 8601 period from now.
    #[ts(optional)]
    pub expiring_within: Option<String>,
    /// The column to sort by; the name if absent.
    #[ts(type = "SortBy", optional)]
    pub sort_by: Option<SortBy>,
    /// Whether the order is reversed.
    #[ts(as = "Option<bool>", optional)]
    pub descending: bool,
    /// How many rows at most; 100 if absent, at most 1,000.
    #[ts(optional)]
    pub limit: Option<u32>,
    /// The `next` of the page before.
    #[ts(optional)]
    pub after: Option<String>,
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeyRowView {
    /// The identifier.
    pub id: String,
    /// The name.
    pub name: String,
    /// The algorithm.
    #[ts(type = "Algorithm")]
    pub algorithm: Algorithm,
    /// The purpose.
    #[ts(type = "Purpose")]
    pub purpose: Purpose,
    /// The state of the primary version.
    #[ts(type = "KeyState")]
    pub state: State,
    /// When to rotate (RFC 3339).
    pub rotate_by: Option<String>,
    /// The earliest scheduled destruction (RFC 3339).
    pub destroy_scheduled_at: Option<String>,
    /// When it was created (RFC 3339).
    pub created_at: String,
    /// When its material was last used or read (RFC 3339).
    pub last_used_at: Option<String>,
    /// The primary version's number.
    pub primary_version: u32,
    /// The owner.
    pub owner: String,
    /// The tags.
    pub tags: Vec<String>,
    /// The revision that a change must expect.
    #[ts(type = "number")]
    pub revision: u64,
}

/// A page of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeyListResponse {
    /// The rows.
    pub keys: Vec<KeyRowView>,
    /// How many there are in all.
    #[ts(type = "number")]
    pub total: u64,
    /// Where to go on; `null` at the end.
    pub next: Option<String>,
}

/// A place where a key is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WhereUsedView {
    /// What kind of place.
    #[ts(type = "WhereUsedKind")]
    pub kind: WhereUsedKind,
    /// The place.
    pub value: String,
}

/// A field of the user's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FieldView {
    /// The field's name.
    pub name: String,
    /// The field's value.
    pub value: String,
}

/// A version of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VersionView {
    /// The number, from 1.
    pub version: u32,
    /// The state.
    #[ts(type = "KeyState")]
    pub state: State,
    /// When it came into the vault (RFC 3339; so are all times).
    pub created_at: String,
    /// When a pre-active version is to become active.
    pub activate_at: Option<String>,
    /// When it became active.
    pub activated_at: Option<String>,
    /// When it was suspended.
    pub suspended_at: Option<String>,
    /// When its overlap ends.
    pub deactivate_at: Option<String>,
    /// When it was deactivated.
    pub deactivated_at: Option<String>,
    /// When someone else may have come to know it.
    pub compromised_at: Option<String>,
    /// Why it was reported compromised.
    pub compromise_reason: Option<String>,
    /// When it will be destroyed.
    pub destroy_scheduled_at: Option<String>,
    /// When it was destroyed.
    pub destroyed_at: Option<String>,
    /// The version that took its place.
    pub replaced_by: Option<u32>,
    /// `generated` or `imported`.
    pub origin: String,
    /// What made it.
    pub generator: String,
    /// Who made it.
    pub creator: String,
    /// When its originator-usage period ends.
    pub originator_usage_end: Option<String>,
    /// When its recipient-usage period ends.
    pub recipient_usage_end: Option<String>,
    /// Fingerprints by name: `ssh-sha256`, `spki-sha256`, `jwk-thumbprint`, `cmac-kcv`.
    pub fingerprints: BTreeMap<String, String>,
    /// The key check value.
    pub kcv: Option<String>,
    /// The public half as PEM SubjectPublicKeyInfo.
    pub public_key: Option<String>,
    /// How many times it encrypted.
    #[ts(type = "number")]
    pub encryptions: u64,
    /// Which of the vault's backups hold it, newest first.
    pub backups: Vec<HeldByBackup>,
    /// What may be done with it now.
    pub permissions: VersionPermissions,
}

/// A backup that holds a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HeldByBackup {
    /// When the backup was made.
    pub time: String,
    /// Where it was written.
    pub file: String,
}

/// What may be done with a version now: `yes`, `warn`, `override` or `no`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VersionPermissions {
    /// Encrypt, sign, wrap, MAC.
    #[ts(type = "Permission")]
    pub protect: &'static str,
    /// Decrypt, verify, unwrap.
    #[ts(type = "Permission")]
    pub process: &'static str,
    /// Take the material out.
    #[ts(type = "Permission")]
    pub export: &'static str,
}

/// A policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PolicyView {
    /// The template it was made from.
    #[ts(type = "PolicyTemplate")]
    pub template: String,
    /// The template's title.
    pub title: String,
    /// How long a version protects (ISO 8601).
    pub originator_usage: Option<String>,
    /// How long a version processes (ISO 8601).
    pub recipient_usage: Option<String>,
    /// How long a replaced version stays active (ISO 8601).
    pub overlap: Option<String>,
    /// How long before the end to warn (ISO 8601).
    pub warn_before: String,
    /// Whether the end of the period deactivates the version by itself.
    pub ends_use: bool,
}

/// A key in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeyView {
    /// The identifier.
    pub id: String,
    /// The name.
    pub name: String,
    /// The purpose.
    #[ts(type = "Purpose")]
    pub purpose: Purpose,
    /// The algorithm.
    #[ts(type = "Algorithm")]
    pub algorithm: Algorithm,
    /// Security strength in bits.
    pub strength_bits: u16,
    /// Whether no known quantum attack breaks it.
    pub quantum_safe: bool,
    /// Whether material may leave.
    pub exportable: bool,
    /// The state of the primary version.
    #[ts(type = "KeyState")]
    pub state: State,
    /// The primary version's number.
    pub primary_version: u32,
    /// The owner.
    pub owner: String,
    /// The note.
    pub note: String,
    /// The tags.
    pub tags: Vec<String>,
    /// Where it is used.
    pub where_used: Vec<WhereUsedView>,
    /// The user's own fields.
    pub fields: Vec<FieldView>,
    /// The policy.
    pub policy: PolicyView,
    /// When it was created.
    pub created_at: String,
    /// When its material was last used or read.
    pub last_used_at: Option<String>,
    /// When to rotate.
    pub rotate_by: Option<String>,
    /// The revision that a change must expect.
    #[ts(type = "number")]
    pub revision: u64,
    /// The versions, newest first.
    pub versions: Vec<VersionView>,
    /// The formats in which the public half can be taken out.
    pub public_formats: Vec<String>,
    /// The formats in which the material can be taken out.
    pub private_formats: Vec<String>,
    /// Those of the private formats that a passphrase can protect.
    pub protectable_formats: Vec<String>,
    /// Those that are always under a passphrase.
    pub protected_formats: Vec<String>,
    /// Those whose passphrase can be stretched with scrypt.
    pub scrypt_formats: Vec<String>,
    /// Whether its algorithm and purpose are such that it signs certificates of its own.
    pub signs_certificates: bool,
}

/// A key that was made, changed or looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeyResponse {
    /// The key.
    pub key: KeyView,
    /// The event's sequence number; absent when nothing was changed.
    #[ts(type = "number | null")]
    pub audit_seq: Option<u64>,
}

/// Names a key: by name, identifier, or a unique prefix of the identifier.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyRequest {
    /// The key.
    pub key: String,
}

/// What a policy is to be: a template, with the user's own periods in place of its.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PolicyRequest {
    /// The template; `nist-sp-800-57` if absent.
    #[ts(type = "PolicyTemplate", optional)]
    pub template: Option<String>,
    /// How long a version protects (ISO 8601); empty for no end.
    #[ts(optional)]
    pub originator_usage: Option<String>,
    /// How long a version processes (ISO 8601); empty for no end.
    #[ts(optional)]
    pub recipient_usage: Option<String>,
    /// How long a replaced version stays active (ISO 8601); empty for not at all.
    #[ts(optional)]
    pub overlap: Option<String>,
    /// How long before the end to warn (ISO 8601).
    #[ts(optional)]
    pub warn_before: Option<String>,
    /// Whether the end of the period deactivates the version by itself.
    #[ts(optional)]
    pub ends_use: Option<bool>,
}

/// Makes a key, or many alike.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateKeyRequest {
    /// The name; with a count, what each name begins with.
    pub name: String,
    /// The algorithm.
    #[ts(type = "Algorithm")]
    pub algorithm: Algorithm,
    /// The purpose.
    #[ts(type = "Purpose")]
    pub purpose: Purpose,
    /// Whether material may leave.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub exportable: bool,
    /// The owner.
    #[serde(default)]
    #[ts(as = "Option<String>", optional)]
    pub owner: String,
    /// The note.
    #[serde(default)]
    #[ts(as = "Option<String>", optional)]
    pub note: String,
    /// The tags.
    #[serde(default)]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub tags: Vec<String>,
    /// Where it is used.
    #[serde(default)]
    #[ts(as = "Option<Vec<WhereUsedView>>", optional)]
    pub where_used: Vec<WhereUsedView>,
    /// The user's own fields.
    #[serde(default)]
    #[ts(as = "Option<Vec<FieldView>>", optional)]
    pub fields: Vec<FieldView>,
    /// The policy.
    #[serde(default)]
    #[ts(as = "Option<PolicyRequest>", optional)]
    pub policy: PolicyRequest,
    /// When it becomes active (RFC 3339); now if absent.
    #[serde(default)]
    #[ts(optional)]
    pub activate_at: Option<String>,
    /// How many to make: names get `-000001` and so on.
    #[serde(default)]
    #[ts(optional)]
    pub count: Option<u32>,
    /// The job under which progress is told and which `cancelJob` stops.
    #[serde(default)]
    #[ts(optional)]
    pub job: Option<String>,
}

/// Keys that were made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CreateKeysResponse {
    /// The first 100 of them.
    pub keys: Vec<KeyRowView>,
    /// How many were made.
    pub created: u32,
}

/// Changes a key in one of the plain ways: activate, rotate, suspend, deactivate, cancel its
/// destruction.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangeKeyRequest {
    /// The key.
    pub key: String,
    /// The version; the primary one, or all that apply, if absent.
    #[serde(default)]
    #[ts(optional)]
    pub version: Option<u32>,
    /// The revision the caller saw; any if absent.
    #[serde(default)]
    #[ts(type = "number", optional)]
    pub expected_revision: Option<u64>,
    /// Why.
    #[serde(default)]
    #[ts(as = "Option<String>", optional)]
    pub reason: String,
    /// Only tells what would come of it.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub dry_run: bool,
}

/// Takes the use of a suspended version up again.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResumeKeyRequest {
    /// The key.
    pub key: String,
    /// The version; the primary one if absent.
    #[serde(default)]
    #[ts(optional)]
    pub version: Option<u32>,
    /// The revision the caller saw; any if absent.
    #[serde(default)]
    #[ts(type = "number", optional)]
    pub expected_revision: Option<u64>,
    /// Why.
    #[serde(default)]
    #[ts(as = "Option<String>", optional)]
    pub reason: String,
    /// Who is there, shown again.
    #[serde(default)]
    #[ts(optional)]
    pub proof: Option<Credentials>,
    /// Only tells what would come of it.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub dry_run: bool,
}

/// Reports a version compromised.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RevokeKeyRequest {
    /// The key.
    pub key: String,
    /// The version; the primary one if absent.
    #[serde(default)]
    #[ts(optional)]
    pub version: Option<u32>,
    /// The revision the caller saw; any if absent.
    #[serde(default)]
    #[ts(type = "number", optional)]
    pub expected_revision: Option<u64>,
    /// Why.
    pub reason: String,
    /// When it happened (RFC 3339); now if absent.
    #[serde(default)]
    #[ts(optional)]
    pub at: Option<String>,
}

/// Schedules the destruction of a key's material.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DestroyKeyRequest {
    /// The key.
    pub key: String,
    /// The version; every one that has material if absent.
    #[serde(default)]
    #[ts(optional)]
    pub version: Option<u32>,
    /// The revision the caller saw; any if absent.
    #[serde(default)]
    #[ts(type = "number", optional)]
    pub expected_revision: Option<u64>,
    /// How many days to wait, 7 to 90; 30 if absent.
    #[serde(default)]
    #[ts(optional)]
    pub wait_days: Option<u16>,
    /// Why.
    #[serde(default)]
    #[ts(as = "Option<String>", optional)]
    pub reason: String,
}

/// Renames a key.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RenameKeyRequest {
    /// The key.
    pub key: String,
    /// The revision the caller saw; any if absent.
    #[serde(default)]
    #[ts(type = "number", optional)]
    pub expected_revision: Option<u64>,
    /// The new name.
    pub name: String,
}

/// Changes a key's descriptive parts or policy; absent parts stay.
#[derive(Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct EditKeyRequest {
    /// The key.
    pub key: String,
    /// The revision the caller saw; any if absent.
    #[ts(type = "number", optional)]
    pub expected_revision: Option<u64>,
    /// The owner.
    #[ts(optional)]
    pub owner: Option<String>,
    /// The note.
    #[ts(optional)]
    pub note: Option<String>,
    /// All tags.
    #[ts(optional)]
    pub tags: Option<Vec<String>>,
    /// All where-used entries.
    #[ts(optional)]
    pub where_used: Option<Vec<WhereUsedView>>,
    /// All custom fields.
    #[ts(optional)]
    pub fields: Option<Vec<FieldView>>,
    /// The policy.
    #[ts(optional)]
    pub policy: Option<PolicyRequest>,
    /// Who is there, shown again; needed for another policy.
    #[serde(default)]
    #[ts(optional)]
    pub proof: Option<Credentials>,
}

/// What to do with many keys at once.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum BulkChange {
    /// Rotate each.
    Rotate,
    /// Retire each.
    Deactivate,
    /// Give each a tag.
    AddTag {
        /// The tag.
        tag: String,
    },
    /// Take a tag from each.
    RemoveTag {
        /// The tag.
        tag: String,
    },
}

/// Which keys a bulk change is for.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum BulkSelection {
    /// These.
    Keys {
        /// Their identifiers.
        keys: Vec<String>,
    },
    /// All that a question has.
    Query {
        /// The question; its limit and cursor do not matter.
        query: KeyListRequest,
    },
}

/// Changes many keys in one transaction: all of them, or none.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BulkChangeRequest {
    /// Which keys.
    pub selection: BulkSelection,
    /// What to do.
    pub change: BulkChange,
    /// Why.
    #[serde(default)]
    #[ts(as = "Option<String>", optional)]
    pub reason: String,
    /// The job under which progress is told and which `cancelJob` stops.
    #[serde(default)]
    #[ts(optional)]
    pub job: Option<String>,
}

/// What a bulk change did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BulkChangeResponse {
    /// How many keys were changed.
    pub changed: u32,
    /// Keys that were left as they are because the change does not apply to them: at most 100.
    pub skipped: Vec<SkippedKey>,
    /// How many were left as they are.
    pub skipped_total: u32,
}

/// A key that a bulk change left as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SkippedKey {
    /// The key's name.
    pub name: String,
    /// Why.
    pub why: String,
}

/// Asks for a key's public half as text.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PublicKeyRequest {
    /// The key.
    pub key: String,
    /// The version; the primary one if absent.
    #[serde(default)]
    #[ts(optional)]
    pub version: Option<u32>,
    /// `spki-pem`, `openssh-public` or `jwk`.
    pub format: String,
}

/// A public half.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PublicKeyResponse {
    /// The text.
    pub text: String,
}

/// Takes a key out into a file.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportKeyRequest {
    /// The key.
    pub key: String,
    /// The version; the primary one if absent.
    #[serde(default)]
    #[ts(optional)]
    pub version: Option<u32>,
    /// The format.
    pub format: String,
    /// The file to write; it must not exist.
    pub out: String,
    /// Takes the public half only.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub public: bool,
    /// Confirms that material is written in the clear.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub plaintext: bool,
    /// Protects the material with this passphrase.
    #[serde(default)]
    #[ts(type = "string", optional)]
    pub encrypt_passphrase: Option<SecretString>,
    /// Encrypts it to these instead: age recipients, SSH public keys, or files with such lines, with a
    /// certificate or with a public key.
    #[serde(default)]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub to: Vec<String>,
    /// Stretches that passphrase with scrypt, where the format leaves the choice.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub scrypt: bool,
    /// Whose an OpenPGP key is; the key's name if absent.
    #[serde(default)]
    #[ts(optional)]
    pub user_id: Option<String>,
    /// A file with the key's certificate, and those above it, to go into PKCS#12.
    #[serde(default)]
    #[ts(optional)]
    pub certificate: Option<String>,
    /// A kept certificate of the key instead, which goes into PKCS#12 with those above it that are kept.
    #[serde(default)]
    #[ts(optional)]
    pub kept_certificate: Option<String>,
    /// Protects PKCS#12 for programs that are too old for today's ways: triple DES and HMAC-SHA-1.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub legacy: bool,
    /// Who is there, shown again; needed for material.
    #[serde(default)]
    #[ts(optional)]
    pub proof: Option<Credentials>,
    /// Why.
    #[serde(default)]
    #[ts(as = "Option<String>", optional)]
    pub reason: String,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExportKeyResponse {
    /// The file.
    pub file: String,
    /// The format.
    pub format: String,
    /// Its size in bytes.
    #[ts(type = "number")]
    pub bytes: u64,
    /// For whom it is, if it was handed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub handed_over: Option<HandedOver>,
    /// Files that belong to it: an OpenPGP key's certificate, and what revokes it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub beside: Vec<String>,
}

/// What the algorithms and purposes are, for forms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AlgorithmView {
    /// The name.
    #[ts(type = "Algorithm")]
    pub name: Algorithm,
    /// The purposes it serves; the first is the usual one.
    #[ts(type = "Array<Purpose>")]
    pub purposes: Vec<Purpose>,
    /// Security strength in bits.
    pub strength_bits: u16,
    /// Whether no known quantum attack breaks it.
    pub quantum_safe: bool,
    /// The policy templates that allow it.
    #[ts(type = "Array<PolicyTemplate>")]
    pub templates: Vec<String>,
}

/// What forms need to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CatalogueResponse {
    /// The algorithms.
    pub algorithms: Vec<AlgorithmView>,
    /// The policy templates.
    pub templates: Vec<TemplateView>,
}

/// A policy template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TemplateView {
    /// The name.
    #[ts(type = "PolicyTemplate")]
    pub name: String,
    /// The title.
    pub title: String,
    /// What it stands for, in a sentence.
    pub description: String,
}

impl From<&Policy> for PolicyView {
    fn from(policy: &Policy) -> Self {
        let text =
            |period: &Option<keyreeve_domain::Period>| period.as_ref().map(ToString::to_string);
        Self {
            template: policy.template.name().into(),
            title: policy.template.title().into(),
            originator_usage: text(&policy.originator_usage),
            recipient_usage: text(&policy.recipient_usage),
            overlap: text(&policy.overlap),
            warn_before: policy.warn_before.to_string(),
            ends_use: policy.ends_use,
        }
    }
}

//! What goes into a transition, and what comes out.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::audit::Action;
use crate::key::KeyRecord;
use crate::policy::Policy;
use crate::state::State;
use crate::text::{CustomField, Note, Owner, Tag, WhereUsed};
use crate::version::{KeyVersion, Origin};

/// What is known of new material before it becomes a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewVersion {
    /// Where the material came from.
    pub origin: Origin,
    /// What made it.
    pub generator: String,
    /// Who made or brought it.
    pub creator: String,
    /// The public half as DER SubjectPublicKeyInfo.
    pub public_key: Option<Vec<u8>>,
    /// Fingerprints by name.
    pub fingerprints: BTreeMap<String, String>,
    /// The key check value of a symmetric key.
    pub kcv: Option<String>,
    /// SHA-256 of the sealed data key.
    pub data_key_digest: [u8; 32],
    /// SHA-256 of the sealed material.
    pub material_digest: [u8; 32],
}

impl NewVersion {
    pub(crate) fn into_version(self, number: u32, now: Timestamp) -> KeyVersion {
        KeyVersion {
            version: number,
            state: State::Active,
            created_at: now,
            activate_at: None,
            activated_at: Some(now),
            suspended_at: None,
            deactivate_at: None,
            deactivated_at: None,
            compromised_at: None,
            compromise_reason: None,
            destroy_scheduled_at: None,
            destroyed_at: None,
            replaced_by: None,
            origin: self.origin,
            generator: self.generator,
            creator: self.creator,
            public_key: self.public_key,
            fingerprints: self.fingerprints,
            kcv: self.kcv,
            encryptions: 0,
            data_key_digest: Some(self.data_key_digest),
            material_digest: Some(self.material_digest),
        }
    }
}

/// A changed key and what the audit log is to say about the change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyChange {
    /// The record after the change.
    pub record: KeyRecord,
    /// What was done.
    pub action: Action,
    /// The version concerned, if one.
    pub version: Option<u32>,
    /// Why, in the user's words.
    pub reason: Option<String>,
    /// More about it; never a secret.
    pub details: BTreeMap<String, String>,
    /// Versions whose sealed data key and material must be overwritten and deleted.
    pub purged: Vec<u32>,
}

impl KeyChange {
    pub(crate) fn of(record: KeyRecord, action: Action) -> Self {
        Self {
            record,
            action,
            version: None,
            reason: None,
            details: BTreeMap::new(),
            purged: Vec::new(),
        }
    }

    pub(crate) fn with_version(mut self, version: u32) -> Self {
        self.version = Some(version);
        self
    }

    /// The change with why it was made, in the user's words; without any when there are none.
    #[must_use]
    pub fn with_reason(mut self, reason: &str) -> Self {
        let reason = reason.trim();
        self.reason = (!reason.is_empty()).then(|| reason.to_owned());
        self
    }

    pub(super) fn with_detail(mut self, name: &str, value: impl ToString) -> Self {
        self.details.insert(name.to_owned(), value.to_string());
        self
    }
}

/// What [`KeyRecord::edit`] is to change; `None` leaves a part as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edit {
    /// The owner.
    pub owner: Option<Owner>,
    /// The note.
    pub note: Option<Note>,
    /// All tags.
    pub tags: Option<BTreeSet<Tag>>,
    /// All where-used entries.
    pub where_used: Option<Vec<WhereUsed>>,
    /// All custom fields.
    pub fields: Option<Vec<CustomField>>,
    /// The policy.
    pub policy: Option<Policy>,
    /// Whether material may leave: only `false` is accepted for a key that may not.
    pub exportable: Option<bool>,
}

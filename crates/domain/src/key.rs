//! A key: one name, one purpose, one algorithm, one policy, and its versions.

use std::collections::BTreeSet;

use jiff::Timestamp;
use keyreeve_crypto::{Algorithm, MaterialContext, Purpose};

use crate::audit::Action;
use crate::id::{KeyId, VaultId};
use crate::policy::{Policy, PolicyViolation};
use crate::state::State;
use crate::text::{CustomField, KeyName, Note, Owner, Tag, WhereUsed};
use crate::transition::{KeyChange, NewVersion};
use crate::version::{KeyVersion, Origin};

/// Everything the vault keeps about a key except its sealed material.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRecord {
    /// The key's identifier.
    pub id: KeyId,
    /// The name, unique in its vault when folded.
    pub name: KeyName,
    /// The one purpose, fixed at creation.
    pub purpose: Purpose,
    /// The algorithm, fixed at creation.
    pub algorithm: Algorithm,
    /// Whether material may ever leave; `false` cannot be loosened.
    pub exportable: bool,
    /// Who answers for it.
    pub owner: Owner,
    /// A note.
    pub note: Note,
    /// Tags.
    pub tags: BTreeSet<Tag>,
    /// Where it is used.
    pub where_used: Vec<WhereUsed>,
    /// The user's own fields.
    pub fields: Vec<CustomField>,
    /// The policy.
    pub policy: Policy,
    /// When it was created.
    pub created_at: Timestamp,
    /// When material was last used or read; `None` if never.
    pub last_used_at: Option<Timestamp>,
    /// The version that protects.
    pub primary_version: u32,
    /// All versions, ascending from 1 without gaps.
    pub versions: Vec<KeyVersion>,
    /// Grows by one with every change; a change that expects another one is refused.
    pub revision: u64,
}

/// What a new key is to be.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// The identifier, made by the caller.
    pub id: KeyId,
    /// The name.
    pub name: KeyName,
    /// The one purpose.
    pub purpose: Purpose,
    /// The algorithm.
    pub algorithm: Algorithm,
    /// Whether material may leave.
    pub exportable: bool,
    /// Who answers for it.
    pub owner: Owner,
    /// A note.
    pub note: Note,
    /// Tags.
    pub tags: BTreeSet<Tag>,
    /// Where it is used.
    pub where_used: Vec<WhereUsed>,
    /// The user's own fields.
    pub fields: Vec<CustomField>,
    /// The policy.
    pub policy: Policy,
    /// When it becomes active; now, if absent or past.
    pub activate_at: Option<Timestamp>,
}

/// Why a key cannot be created.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NewKeyError {
    /// The algorithm is not made for the purpose.
    #[error("{algorithm} cannot serve the purpose “{purpose}”; it serves: {possible}")]
    AlgorithmCannotServe {
        /// The algorithm.
        algorithm: Algorithm,
        /// The purpose asked for.
        purpose: Purpose,
        /// The purposes it serves.
        possible: String,
    },
    /// The policy forbids it.
    #[error(transparent)]
    Policy(#[from] PolicyViolation),
}

impl NewKey {
    /// Whether such a key may be made; asked before material is made for it.
    ///
    /// # Errors
    /// When the algorithm cannot serve the purpose, or the policy refuses.
    pub fn check(&self) -> Result<(), NewKeyError> {
        let Self { algorithm, purpose, .. } = *self;
        if !algorithm.serves(purpose) {
            let possible: Vec<_> = algorithm.purposes().iter().map(|p| p.name()).collect();
            return Err(NewKeyError::AlgorithmCannotServe {
                algorithm,
                purpose,
                possible: possible.join(", "),
            });
        }
        Ok(self.policy.check_algorithm(algorithm)?)
    }

    /// What the material of the first version is bound to.
    #[must_use]
    pub fn material_context(&self, vault: VaultId) -> MaterialContext {
        MaterialContext {
            vault_id: *vault.as_bytes(),
            key_id: *self.id.as_bytes(),
            version: 1,
            purpose: self.purpose,
            algorithm: self.algorithm,
            exportable: self.exportable,
        }
    }
}

impl KeyRecord {
    /// Creates a key with its first version.
    ///
    /// # Errors
    /// When the algorithm cannot serve the purpose, or the policy refuses.
    pub fn create(
        new: NewKey,
        version: NewVersion,
        now: Timestamp,
    ) -> Result<KeyChange, NewKeyError> {
        new.check()?;
        let NewKey { id, name, purpose, algorithm, exportable, .. } = new;
        let mut first = version.into_version(1, now);
        if let Some(activate_at) = new.activate_at.filter(|at| *at > now) {
            first.state = State::PreActive;
            first.activated_at = None;
            first.activate_at = Some(activate_at);
        }
        let record = Self {
            id,
            name,
            purpose,
            algorithm,
            exportable,
            owner: new.owner,
            note: new.note,
            tags: new.tags,
            where_used: new.where_used,
            fields: new.fields,
            policy: new.policy,
            created_at: now,
            last_used_at: None,
            primary_version: 1,
            versions: vec![first],
            revision: 0,
        };
        let action = match record.versions[0].origin {
            Origin::Generated => Action::KeyCreate,
            Origin::Imported => Action::KeyImport,
        };
        Ok(KeyChange::of(record, action).with_version(1))
    }

    /// The version that protects.
    ///
    /// # Panics
    /// Never for a record that came from a vault or a rule: versions run from 1 without gaps and
    /// the primary one is among them.
    #[must_use]
    pub fn primary(&self) -> &KeyVersion {
        &self.versions[self.primary_version as usize - 1]
    }

    /// The version `number`, if there is one.
    #[must_use]
    pub fn version(&self, number: u32) -> Option<&KeyVersion> {
        self.versions.get((number as usize).checked_sub(1)?)
    }

    /// The key's state: that of its primary version.
    #[must_use]
    pub fn state(&self) -> State {
        self.primary().state
    }

    /// When the primary version ought to be rotated: the end of its originator-usage period.
    #[must_use]
    pub fn rotate_by(&self) -> Option<Timestamp> {
        let primary = self.primary();
        matches!(primary.state, State::Active | State::Suspended)
            .then(|| primary.originator_usage_end(&self.policy))
            .flatten()
    }

    /// When the policy begins to warn of [`Self::rotate_by`].
    #[must_use]
    pub fn warn_at(&self) -> Option<Timestamp> {
        Some(self.policy.warn_before.before(self.rotate_by()?))
    }

    /// Whether its time is over: the policy ended the use of the primary version together with its
    /// originator-usage period. A key that someone retired before that has not expired.
    #[must_use]
    pub fn has_expired(&self) -> bool {
        let primary = self.primary();
        let end = primary.originator_usage_end(&self.policy).filter(|_| self.policy.ends_use);
        primary.state == State::Deactivated
            && end.zip(primary.deactivated_at).is_some_and(|(end, left)| left >= end)
    }

    /// The number that the next version will have.
    #[must_use]
    pub fn next_version(&self) -> u32 {
        u32::try_from(self.versions.len()).map_or(u32::MAX, |newest| newest + 1)
    }

    /// When the next thing is due that [`KeyRecord::run_due`] would do.
    #[must_use]
    pub fn next_due(&self) -> Option<Timestamp> {
        self.versions.iter().filter_map(|version| self.version_due(version)).min()
    }

    /// What the material of `version` is bound to.
    #[must_use]
    pub fn material_context(&self, vault: VaultId, version: u32) -> MaterialContext {
        MaterialContext {
            vault_id: *vault.as_bytes(),
            key_id: *self.id.as_bytes(),
            version,
            purpose: self.purpose,
            algorithm: self.algorithm,
            exportable: self.exportable,
        }
    }
}

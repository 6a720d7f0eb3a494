//! Every transition of a key's versions, with its guard. Pure: a record, its policy and a time go
//! in; the changed record and what is to be logged come out.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Span, Timestamp};

use crate::audit::Action;
use crate::key::KeyRecord;
use crate::policy::{Policy, PolicyViolation};
use crate::state::State;
use crate::text::{CustomField, KeyName, Note, Owner, Tag, WhereUsed};
use crate::version::{KeyVersion, Origin};

/// The shortest waiting period before destruction, in days.
pub const MIN_DESTRUCTION_WAIT_DAYS: u16 = 7;
/// The longest waiting period before destruction, in days.
pub const MAX_DESTRUCTION_WAIT_DAYS: u16 = 90;
/// The waiting period when none is named, in days.
pub const DEFAULT_DESTRUCTION_WAIT_DAYS: u16 = 30;

/// Why a transition is refused. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransitionError {
    /// There is no such version.
    #[error("version {version} does not exist; the key has versions 1 to {newest}")]
    NoSuchVersion {
        /// The version asked for.
        version: u32,
        /// The newest there is.
        newest: u32,
    },
    /// The state does not lead there.
    #[error("version {version} is {state}: it cannot be {act}")]
    WrongState {
        /// The version.
        version: u32,
        /// Its state.
        state: State,
        /// What was to happen to it, as a participle.
        act: &'static str,
    },
    /// Still in use.
    #[error("version {version} is {state}: deactivate it before scheduling its destruction")]
    StillInUse {
        /// The version.
        version: u32,
        /// Its state.
        state: State,
    },
    /// While destruction is scheduled every operation is refused.
    #[error("version {version} is scheduled for destruction: cancel that first")]
    DestructionScheduled {
        /// The version.
        version: u32,
    },
    /// Nothing to cancel.
    #[error("version {version} is not scheduled for destruction")]
    DestructionNotScheduled {
        /// The version.
        version: u32,
    },
    /// Outside 7 to 90 days.
    #[error(
        "a destruction waits {MIN_DESTRUCTION_WAIT_DAYS} to {MAX_DESTRUCTION_WAIT_DAYS} days, not {days}"
    )]
    WaitOutOfRange {
        /// The days asked for.
        days: u16,
    },
    /// Suspended beyond the end of the originator-usage period.
    #[error(
        "the originator-usage period of version {version} ended on {ended}: rotate the key instead"
    )]
    OriginatorUsageOver {
        /// The version.
        version: u32,
        /// When it ended.
        ended: Timestamp,
    },
    /// A compromise cannot lie in the future.
    #[error("the compromise is said to be at {at}, which is in the future")]
    CompromiseInFuture {
        /// The time given.
        at: Timestamp,
    },
    /// Reported before.
    #[error("version {version} was reported compromised before")]
    AlreadyCompromised {
        /// The version.
        version: u32,
    },
    /// A revocation says why.
    #[error("say why the key is revoked")]
    ReasonMissing,
    /// `exportable = no` is for life.
    #[error("a key made as not exportable stays so")]
    ExportableLoosened,
    /// The policy forbids the algorithm.
    #[error(transparent)]
    Policy(#[from] PolicyViolation),
    /// Nothing would change.
    #[error("nothing would change")]
    NothingToDo,
}

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

    fn with_reason(mut self, reason: &str) -> Self {
        let reason = reason.trim();
        self.reason = (!reason.is_empty()).then(|| reason.to_owned());
        self
    }

    fn with_detail(mut self, name: &str, value: impl ToString) -> Self {
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

impl KeyRecord {
    /// Makes version n + 1, active and primary; the version that was primary is deactivated at
    /// once, or after the overlap that the policy sets. A compromised one stays compromised.
    ///
    /// # Errors
    /// When the primary version is pre-active, destroyed, or scheduled for destruction, or the
    /// policy no longer allows the algorithm.
    pub fn rotate(
        &self,
        new: NewVersion,
        reason: &str,
        now: Timestamp,
    ) -> Result<KeyChange, TransitionError> {
        self.policy.check_algorithm(self.algorithm)?;
        let mut record = self.clone();
        let old = self.primary_version;
        let number = self.newest() + 1;
        let overlap_end = self
            .policy
            .overlap
            .as_ref()
            .map(|overlap| overlap.after(now));
        let primary = record.usable(old)?;
        match primary.state {
            State::Active | State::Suspended => {
                match overlap_end.filter(|_| primary.state == State::Active) {
                    Some(end) => primary.deactivate_at = Some(end),
                    None => deactivate_version(primary, now),
                }
            }
            State::Deactivated | State::Compromised => {}
            state @ (State::PreActive | State::Destroyed) => {
                return Err(TransitionError::WrongState {
                    version: old,
                    state,
                    act: "rotated",
                });
            }
        }
        primary.replaced_by = Some(number);
        record.versions.push(new.into_version(number, now));
        record.primary_version = number;
        Ok(record
            .changed(Action::KeyRotate)
            .with_version(number)
            .with_reason(reason))
    }

    /// Makes the pre-active primary version active before its date.
    ///
    /// # Errors
    /// When it is not pre-active, or the policy does not allow the algorithm.
    pub fn activate(&self, now: Timestamp) -> Result<KeyChange, TransitionError> {
        self.policy.check_algorithm(self.algorithm)?;
        let mut record = self.clone();
        let version = record.usable(self.primary_version)?;
        require(version, &[State::PreActive], "activated")?;
        activate_version(version, now);
        Ok(record
            .changed(Action::KeyActivate)
            .with_version(self.primary_version))
    }

    /// Pauses the use of `version` (the primary one if `None`).
    ///
    /// # Errors
    /// When it is not active.
    pub fn suspend(
        &self,
        version: Option<u32>,
        reason: &str,
        now: Timestamp,
    ) -> Result<KeyChange, TransitionError> {
        let number = version.unwrap_or(self.primary_version);
        let mut record = self.clone();
        let version = record.usable(number)?;
        require(version, &[State::Active], "suspended")?;
        version.state = State::Suspended;
        version.suspended_at = Some(now);
        Ok(record
            .changed(Action::KeySuspend)
            .with_version(number)
            .with_reason(reason))
    }

    /// Takes the use of `version` (the primary one if `None`) up again.
    ///
    /// # Errors
    /// When it is not suspended, or its originator-usage period is over.
    pub fn resume(
        &self,
        version: Option<u32>,
        now: Timestamp,
    ) -> Result<KeyChange, TransitionError> {
        let number = version.unwrap_or(self.primary_version);
        let mut record = self.clone();
        let version = record.usable(number)?;
        require(version, &[State::Suspended], "resumed")?;
        if let Some(ended) = version
            .originator_usage_end(&self.policy)
            .filter(|end| *end <= now)
        {
            return Err(TransitionError::OriginatorUsageOver {
                version: number,
                ended,
            });
        }
        version.state = State::Active;
        version.suspended_at = None;
        Ok(record.changed(Action::KeyResume).with_version(number))
    }

    /// Retires `version`, or every active and suspended version if `None`: from then on it only
    /// processes what it protected.
    ///
    /// # Errors
    /// When the version is neither active nor suspended, or there is none that is.
    pub fn deactivate(
        &self,
        version: Option<u32>,
        reason: &str,
        now: Timestamp,
    ) -> Result<KeyChange, TransitionError> {
        const FROM: &[State] = &[State::Active, State::Suspended];
        let mut record = self.clone();
        let mut change = KeyChange::of(self.clone(), Action::KeyDeactivate).with_reason(reason);
        if let Some(number) = version {
            let version = record.usable(number)?;
            require(version, FROM, "deactivated")?;
            deactivate_version(version, now);
            change.version = Some(number);
        } else {
            let primary = record.usable(self.primary_version)?;
            let primary_state = primary.state;
            let mut any = false;
            for version in record
                .versions
                .iter_mut()
                .filter(|v| FROM.contains(&v.state))
            {
                deactivate_version(version, now);
                any = true;
            }
            if !any {
                return Err(TransitionError::WrongState {
                    version: self.primary_version,
                    state: primary_state,
                    act: "deactivated",
                });
            }
        }
        change.record = record.next_revision();
        Ok(change)
    }

    /// Reports `version` (the primary one if `None`) compromised, for `reason`, as of `at`.
    ///
    /// A destroyed version keeps its state and is only marked.
    ///
    /// # Errors
    /// When no reason is given, `at` lies in the future, or it was reported before.
    pub fn revoke(
        &self,
        version: Option<u32>,
        reason: &str,
        at: Timestamp,
        now: Timestamp,
    ) -> Result<KeyChange, TransitionError> {
        if reason.trim().is_empty() {
            return Err(TransitionError::ReasonMissing);
        }
        if at > now {
            return Err(TransitionError::CompromiseInFuture { at });
        }
        let number = version.unwrap_or(self.primary_version);
        let mut record = self.clone();
        let version = record.existing(number)?;
        if version.compromised_at.is_some() {
            return Err(TransitionError::AlreadyCompromised { version: number });
        }
        version.compromised_at = Some(at);
        version.compromise_reason = Some(reason.trim().to_owned());
        if version.state != State::Destroyed {
            version.state = State::Compromised;
            version.activate_at = None;
            version.deactivate_at = None;
            version.suspended_at = None;
        }
        Ok(record
            .changed(Action::KeyRevoke)
            .with_version(number)
            .with_reason(reason)
            .with_detail("compromisedAt", at))
    }

    /// Schedules the destruction of `version`, or of every version that still has material if
    /// `None`, after `wait_days` days. A pre-active version was never used and goes at once.
    ///
    /// # Errors
    /// When a version is still in use, already scheduled or destroyed, or the waiting period is
    /// outside 7 to 90 days.
    pub fn schedule_destruction(
        &self,
        version: Option<u32>,
        wait_days: u16,
        reason: &str,
        now: Timestamp,
    ) -> Result<KeyChange, TransitionError> {
        if !(MIN_DESTRUCTION_WAIT_DAYS..=MAX_DESTRUCTION_WAIT_DAYS).contains(&wait_days) {
            return Err(TransitionError::WaitOutOfRange { days: wait_days });
        }
        let due = now + Span::new().hours(24 * i64::from(wait_days));
        let mut record = self.clone();
        let numbers = match version {
            Some(number) => vec![number],
            None => record.with_material(|version| version.destroy_scheduled_at.is_none()),
        };
        if numbers.is_empty() {
            let number = self.primary_version;
            record.usable(number)?;
            let state = self.state();
            return Err(TransitionError::WrongState {
                version: number,
                state,
                act: "destroyed",
            });
        }
        let mut purged = Vec::new();
        for number in numbers {
            let version = record.usable(number)?;
            match version.state {
                State::PreActive => {
                    destroy_version(version, now);
                    purged.push(number);
                }
                State::Deactivated | State::Compromised => {
                    version.destroy_scheduled_at = Some(due);
                }
                state @ (State::Active | State::Suspended) => {
                    return Err(TransitionError::StillInUse {
                        version: number,
                        state,
                    });
                }
                state @ State::Destroyed => {
                    return Err(TransitionError::WrongState {
                        version: number,
                        state,
                        act: "destroyed",
                    });
                }
            }
        }
        let mut change = record
            .changed(Action::KeyScheduleDestruction)
            .with_reason(reason);
        if purged.is_empty() {
            change = change.with_detail("destroyAt", due);
        } else {
            change.action = Action::KeyDestroy;
        }
        change.version = version;
        change.purged = purged;
        Ok(change)
    }

    /// Cancels the destruction of `version`, or of every scheduled version if `None`. What was
    /// compromised stays so; everything else is deactivated, never active.
    ///
    /// # Errors
    /// When no destruction is scheduled.
    pub fn cancel_destruction(&self, version: Option<u32>) -> Result<KeyChange, TransitionError> {
        let mut record = self.clone();
        let numbers = match version {
            Some(number) => vec![number],
            None => record.with_material(|version| version.destroy_scheduled_at.is_some()),
        };
        if numbers.is_empty() {
            return Err(TransitionError::DestructionNotScheduled {
                version: self.primary_version,
            });
        }
        for number in numbers {
            let version = record.existing(number)?;
            if version.destroy_scheduled_at.take().is_none() {
                return Err(TransitionError::DestructionNotScheduled { version: number });
            }
        }
        let mut change = record.changed(Action::KeyCancelDestruction);
        change.version = version;
        Ok(change)
    }

    /// Does what is due at `now`: activates, deactivates and destroys, one change each, in the
    /// order in which they fell due.
    #[must_use]
    pub fn run_due(&self, now: Timestamp) -> Vec<KeyChange> {
        let mut changes: Vec<KeyChange> = Vec::new();
        loop {
            let current = changes.last().map_or(self, |change| &change.record);
            let Some(change) = current.next_due_change(now) else {
                return changes;
            };
            changes.push(change);
        }
    }

    fn next_due_change(&self, now: Timestamp) -> Option<KeyChange> {
        let (due, number) = self
            .versions
            .iter()
            .filter_map(|version| Some((self.version_due(version)?, version.version)))
            .filter(|(due, _)| *due <= now)
            .min()?;
        let mut record = self.clone();
        let version = record.existing(number).ok()?;
        let mut purged = Vec::new();
        let action = if version.destroy_scheduled_at.is_some() {
            destroy_version(version, now);
            purged.push(number);
            Action::KeyDestroy
        } else if version.state == State::PreActive {
            activate_version(version, now);
            Action::KeyActivate
        } else {
            deactivate_version(version, now);
            Action::KeyDeactivate
        };
        let mut change = record
            .changed(action)
            .with_version(number)
            .with_detail("dueAt", due);
        change.purged = purged;
        Some(change)
    }

    /// When `version` next changes by itself.
    pub(crate) fn version_due(&self, version: &KeyVersion) -> Option<Timestamp> {
        if version.destroy_scheduled_at.is_some() {
            return version.destroy_scheduled_at;
        }
        match version.state {
            State::PreActive => version.activate_at,
            State::Active | State::Suspended => {
                let usage_end = version
                    .originator_usage_end(&self.policy)
                    .filter(|_| self.policy.ends_use);
                [version.deactivate_at, usage_end]
                    .into_iter()
                    .flatten()
                    .min()
            }
            State::Deactivated | State::Compromised | State::Destroyed => None,
        }
    }

    /// Gives the key another name.
    ///
    /// # Errors
    /// When it is the same name.
    pub fn rename(&self, name: KeyName) -> Result<KeyChange, TransitionError> {
        if name == self.name {
            return Err(TransitionError::NothingToDo);
        }
        let mut record = self.clone();
        let old = std::mem::replace(&mut record.name, name);
        let name = record.name.to_string();
        Ok(record
            .changed(Action::KeyRename)
            .with_detail("from", old)
            .with_detail("to", name))
    }

    /// Changes what may be changed of a key apart from its name and states.
    ///
    /// # Errors
    /// When nothing would change, the new policy does not allow the algorithm, or the edit would
    /// make a non-exportable key exportable.
    ///
    /// # Security
    /// `exportable` is bound into the sealed material, so tightening it is only a rule of the
    /// policy; it can therefore not be edited in place and any change is refused.
    pub fn edit(&self, edit: Edit) -> Result<KeyChange, TransitionError> {
        if edit
            .exportable
            .is_some_and(|exportable| exportable != self.exportable)
        {
            return Err(TransitionError::ExportableLoosened);
        }
        let mut record = self.clone();
        let mut parts = Vec::new();
        replace(&mut record.owner, edit.owner, "owner", &mut parts);
        replace(&mut record.note, edit.note, "note", &mut parts);
        replace(&mut record.tags, edit.tags, "tags", &mut parts);
        replace(
            &mut record.where_used,
            edit.where_used,
            "whereUsed",
            &mut parts,
        );
        replace(&mut record.fields, edit.fields, "fields", &mut parts);
        replace(&mut record.policy, edit.policy, "policy", &mut parts);
        record.policy.check_algorithm(record.algorithm)?;
        if parts.is_empty() {
            return Err(TransitionError::NothingToDo);
        }
        Ok(record
            .changed(Action::KeyEdit)
            .with_detail("changed", parts.join(", ")))
    }

    fn changed(self, action: Action) -> KeyChange {
        KeyChange::of(self.next_revision(), action)
    }

    fn next_revision(mut self) -> Self {
        self.revision += 1;
        self
    }

    fn newest(&self) -> u32 {
        u32::try_from(self.versions.len()).unwrap_or(u32::MAX)
    }

    fn with_material(&self, filter: impl Fn(&KeyVersion) -> bool) -> Vec<u32> {
        self.versions
            .iter()
            .filter(|version| version.state != State::Destroyed && filter(version))
            .map(|version| version.version)
            .collect()
    }

    fn existing(&mut self, number: u32) -> Result<&mut KeyVersion, TransitionError> {
        let newest = self.newest();
        (number as usize)
            .checked_sub(1)
            .and_then(|index| self.versions.get_mut(index))
            .ok_or(TransitionError::NoSuchVersion {
                version: number,
                newest,
            })
    }

    /// The version, unless its destruction is scheduled.
    fn usable(&mut self, number: u32) -> Result<&mut KeyVersion, TransitionError> {
        let version = self.existing(number)?;
        if version.destroy_scheduled_at.is_some() {
            return Err(TransitionError::DestructionScheduled { version: number });
        }
        Ok(version)
    }
}

fn require(
    version: &KeyVersion,
    states: &[State],
    act: &'static str,
) -> Result<(), TransitionError> {
    if states.contains(&version.state) {
        return Ok(());
    }
    Err(TransitionError::WrongState {
        version: version.version,
        state: version.state,
        act,
    })
}

fn activate_version(version: &mut KeyVersion, now: Timestamp) {
    version.state = State::Active;
    version.activated_at = Some(now);
    version.activate_at = None;
}

fn deactivate_version(version: &mut KeyVersion, now: Timestamp) {
    version.state = State::Deactivated;
    version.deactivated_at = Some(now);
    version.deactivate_at = None;
    version.suspended_at = None;
}

fn destroy_version(version: &mut KeyVersion, now: Timestamp) {
    version.state = State::Destroyed;
    version.destroyed_at = Some(now);
    version.destroy_scheduled_at = None;
    version.activate_at = None;
    version.data_key_digest = None;
    version.material_digest = None;
}

fn replace<T: PartialEq>(
    place: &mut T,
    value: Option<T>,
    name: &'static str,
    parts: &mut Vec<&'static str>,
) {
    if let Some(value) = value.filter(|value| value != place) {
        *place = value;
        parts.push(name);
    }
}

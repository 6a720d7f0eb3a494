//! The transitions that someone asks for: rotate, activate, suspend, resume, deactivate, revoke.

use jiff::Timestamp;

use super::change::{KeyChange, NewVersion};
use super::error::TransitionError;
use super::{activate_version, deactivate_version, require};
use crate::audit::Action;
use crate::key::KeyRecord;
use crate::state::State;

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
        let overlap_end = self.policy.overlap.as_ref().map(|overlap| overlap.after(now));
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
                return Err(TransitionError::WrongState { version: old, state, act: "rotated" });
            }
        }
        primary.replaced_by = Some(number);
        record.versions.push(new.into_version(number, now));
        record.primary_version = number;
        Ok(record.changed(Action::KeyRotate).with_version(number).with_reason(reason))
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
        Ok(record.changed(Action::KeyActivate).with_version(self.primary_version))
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
        Ok(record.changed(Action::KeySuspend).with_version(number).with_reason(reason))
    }

    /// Takes the use of `version` (the primary one if `None`) up again.
    ///
    /// # Errors
    /// When it is not suspended, or its originator-usage period or the overlap after a rotation is
    /// over.
    pub fn resume(
        &self,
        version: Option<u32>,
        now: Timestamp,
    ) -> Result<KeyChange, TransitionError> {
        let number = version.unwrap_or(self.primary_version);
        let mut record = self.clone();
        let version = record.usable(number)?;
        require(version, &[State::Suspended], "resumed")?;
        let usage_end = version.originator_usage_end(&self.policy);
        let ended = [usage_end, version.deactivate_at].into_iter().flatten().min();
        if let Some(ended) = ended.filter(|end| *end <= now) {
            return Err(TransitionError::OriginatorUsageOver { version: number, ended });
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
        let mut numbers = match version {
            Some(number) => vec![number],
            None => record.with_material(|version| FROM.contains(&version.state)),
        };
        if numbers.is_empty() {
            numbers.push(self.primary_version);
        }
        for number in numbers {
            let version = record.usable(number)?;
            require(version, FROM, "deactivated")?;
            deactivate_version(version, now);
        }
        let mut change = record.changed(Action::KeyDeactivate).with_reason(reason);
        change.version = version;
        Ok(change)
    }

    /// Reports `version` (the primary one if `None`) compromised, for `reason`, as of `at`.
    ///
    /// A destroyed version keeps its state and is only marked. A scheduled destruction stays
    /// scheduled: a report must never have to wait for it to be cancelled.
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
}

//! Destruction: scheduled, waited for, and until then cancelled.

use jiff::{SignedDuration, Timestamp};

use super::change::KeyChange;
use super::destroy_version;
use super::error::{MAX_DESTRUCTION_WAIT_DAYS, MIN_DESTRUCTION_WAIT_DAYS, TransitionError};
use crate::audit::Action;
use crate::key::KeyRecord;
use crate::state::State;

impl KeyRecord {
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
        let due = now
            .checked_add(SignedDuration::from_hours(24 * i64::from(wait_days)))
            .unwrap_or(Timestamp::MAX);
        let mut record = self.clone();
        let numbers = match version {
            Some(number) => vec![number],
            None => record.with_material(|version| version.destroy_scheduled_at.is_none()),
        };
        if numbers.is_empty() {
            let number = self.primary_version;
            record.usable(number)?;
            let state = self.state();
            return Err(TransitionError::WrongState { version: number, state, act: "destroyed" });
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
                    return Err(TransitionError::StillInUse { version: number, state });
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
        let mut change = record.changed(Action::KeyScheduleDestruction).with_reason(reason);
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
            return Err(TransitionError::DestructionNotScheduled { version: self.primary_version });
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
}

//! What happens by itself when its time comes.

use jiff::Timestamp;

use super::change::KeyChange;
use super::{activate_version, deactivate_version, destroy_version};
use crate::audit::Action;
use crate::key::KeyRecord;
use crate::state::State;
use crate::version::KeyVersion;

impl KeyRecord {
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
        let mut change = record.changed(action).with_version(number).with_detail("dueAt", due);
        change.purged = purged;
        Some(change)
    }

    /// When `version` next changes by itself.
    pub(crate) fn version_due(&self, version: &KeyVersion) -> Option<Timestamp> {
        if version.destroy_scheduled_at.is_some() {
            return version.destroy_scheduled_at;
        }
        match version.state {
            // A policy that does not allow the algorithm keeps the version from becoming active.
            State::PreActive => {
                version.activate_at.filter(|_| self.policy.check_algorithm(self.algorithm).is_ok())
            }
            State::Active | State::Suspended => version.use_end(&self.policy),
            State::Deactivated | State::Compromised | State::Destroyed => None,
        }
    }
}

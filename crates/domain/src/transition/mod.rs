//! Every transition of a key's versions, with its guard. Pure: a record, its policy and a time go
//! in; the changed record and what is to be logged come out.

mod change;
mod destruction;
mod due;
mod edit;
mod error;
mod state_changes;

use jiff::Timestamp;

use crate::audit::Action;
use crate::key::KeyRecord;
use crate::state::State;
use crate::version::KeyVersion;

pub use change::{Edit, KeyChange, NewVersion};
pub use error::{
    DEFAULT_DESTRUCTION_WAIT_DAYS, MAX_DESTRUCTION_WAIT_DAYS, MIN_DESTRUCTION_WAIT_DAYS,
    TransitionError,
};

impl KeyRecord {
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
            .ok_or(TransitionError::NoSuchVersion { version: number, newest })
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
    Err(TransitionError::WrongState { version: version.version, state: version.state, act })
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

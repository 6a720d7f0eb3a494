//! The states of a key version (SP 800-57 Part 1 Rev. 5 section 7; KMIP 2.1) and what each allows.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::policy::Policy;
use crate::version::KeyVersion;

/// A version's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Generated or imported; its activation date is not reached.
    PreActive,
    /// May protect and process.
    Active,
    /// Use is paused and may resume.
    Suspended,
    /// May only process what was protected before.
    Deactivated,
    /// Someone else may know it.
    Compromised,
    /// The material is gone; the record stays.
    Destroyed,
}

impl State {
    /// Every state, in the order of a key's life.
    pub const ALL: &[Self] = &[
        Self::PreActive,
        Self::Active,
        Self::Suspended,
        Self::Deactivated,
        Self::Compromised,
        Self::Destroyed,
    ];

    /// The stored name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PreActive => "pre_active",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Deactivated => "deactivated",
            Self::Compromised => "compromised",
            Self::Destroyed => "destroyed",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for State {
    type Err = keyreeve_crypto::UnknownName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|state| state.name() == name)
            .ok_or_else(|| {
                let known: Vec<_> = Self::ALL.iter().map(|state| state.name()).collect();
                keyreeve_crypto::UnknownName {
                    what: "state",
                    name: name.into(),
                    known: known.join(" "),
                }
            })
    }
}

/// What someone wants to do with a version's material.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Encrypt, sign, wrap, MAC.
    Protect,
    /// Decrypt, verify, unwrap.
    Process,
    /// Take the material out.
    Export,
    /// Take the material into a backup's standard files.
    Backup,
}

/// Why an operation goes on only after a warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warning {
    /// The version is suspended.
    Suspended,
    /// The recipient-usage period is over.
    RecipientUsageOver,
    /// The version was never active; only an administrator may take it out.
    NotYetActive,
}

/// Why an operation is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The state does not allow it.
    State(State),
    /// Destruction is scheduled; cancel it first.
    DestructionScheduled,
    /// The key was created as not exportable.
    NotExportable,
}

/// Whether an operation may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// Go on.
    Granted,
    /// Go on after showing why one should not.
    Warned(Warning),
    /// Only with an explicit, logged override, to rescue data.
    OverrideNeeded,
    /// Not at all.
    Refused(Refusal),
}

impl KeyVersion {
    /// Whether `operation` may go on at `now`, for a key with `policy` and `exportable`.
    #[must_use]
    pub fn permits(
        &self,
        operation: Operation,
        policy: &Policy,
        exportable: bool,
        now: Timestamp,
    ) -> Permission {
        use Permission as P;
        if self.destroy_scheduled_at.is_some() {
            return P::Refused(Refusal::DestructionScheduled);
        }
        let takes_out = matches!(operation, Operation::Export | Operation::Backup);
        if takes_out && !exportable {
            return P::Refused(Refusal::NotExportable);
        }
        let no = P::Refused(Refusal::State(self.state));
        match (self.state, operation) {
            (State::Active, _) => P::Granted,
            (State::PreActive, Operation::Export) => P::Warned(Warning::NotYetActive),
            (State::PreActive | State::Suspended | State::Deactivated, Operation::Backup) => {
                P::Granted
            }
            (State::Suspended, Operation::Process) => P::Warned(Warning::Suspended),
            (State::Deactivated, Operation::Process) => match self.recipient_usage_end(policy) {
                Some(end) if end <= now => P::Warned(Warning::RecipientUsageOver),
                _ => P::Granted,
            },
            (State::Compromised, Operation::Process) => P::OverrideNeeded,
            _ => no,
        }
    }
}

//! The states of a key version (SP 800-57 Part 1 Rev. 5 section 7; KMIP 2.1) and what each allows.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use keyreeve_crypto::Algorithm;
use serde::{Deserialize, Serialize};

use crate::key::KeyRecord;
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
        Self::ALL.iter().copied().find(|state| state.name() == name).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|state| state.name()).collect();
            keyreeve_crypto::UnknownName {
                what: "state",
                name: name.into(),
                known: known.join(" "),
            }
        })
    }
}

/// From how many encryptions on an AES-GCM version warns: half of what is safe.
pub const GCM_WARN_ENCRYPTIONS: u64 = 1 << 31;
/// How many encryptions with random nonces one AES-GCM version may do (SP 800-38D section 8.3).
pub const GCM_MAX_ENCRYPTIONS: u64 = 1 << 32;

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
    /// It encrypted so often that it should be rotated soon (see [`GCM_WARN_ENCRYPTIONS`]).
    ManyEncryptions,
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
    /// There is no such version.
    NoSuchVersion,
    /// It encrypted as often as is safe (see [`GCM_MAX_ENCRYPTIONS`]); rotate it.
    TooManyEncryptions,
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

impl KeyRecord {
    /// Whether `operation` may go on with version `number` at `now`: what the version's state
    /// permits, and for AES-GCM also how often it encrypted.
    #[must_use]
    pub fn permits(&self, number: u32, operation: Operation, now: Timestamp) -> Permission {
        let Some(version) = self.version(number) else {
            return Permission::Refused(Refusal::NoSuchVersion);
        };
        let permission = version.permits(operation, &self.policy, self.exportable, now);
        let counts = operation == Operation::Protect && counts_encryptions(self.algorithm);
        match permission {
            Permission::Granted if counts && version.encryptions >= GCM_MAX_ENCRYPTIONS => {
                Permission::Refused(Refusal::TooManyEncryptions)
            }
            Permission::Granted if counts && version.encryptions >= GCM_WARN_ENCRYPTIONS => {
                Permission::Warned(Warning::ManyEncryptions)
            }
            permission => permission,
        }
    }
}

impl KeyVersion {
    /// The state as far as use goes at `now`: an active or suspended version whose time is over
    /// counts as deactivated even before [`crate::KeyRecord::run_due`] has made it so.
    #[must_use]
    pub fn state_at(&self, policy: &Policy, now: Timestamp) -> State {
        let in_use = matches!(self.state, State::Active | State::Suspended);
        match self.use_end(policy) {
            Some(end) if in_use && end <= now => State::Deactivated,
            _ => self.state,
        }
    }

    /// Whether `operation` may go on at `now`, for a key with `policy` and `exportable`.
    #[must_use]
    pub fn permits(
        &self,
        operation: Operation,
        policy: &Policy,
        exportable: bool,
        now: Timestamp,
    ) -> Permission {
        use Operation as Op;
        use Permission as P;
        if self.destroy_scheduled_at.is_some() {
            return P::Refused(Refusal::DestructionScheduled);
        }
        if matches!(operation, Op::Export | Op::Backup) && !exportable {
            return P::Refused(Refusal::NotExportable);
        }
        let state = self.state_at(policy, now);
        match (state, operation) {
            (State::PreActive, Op::Export | Op::Backup) => P::Warned(Warning::NotYetActive),
            (State::Active, _) => P::Granted,
            (State::Suspended, Op::Process) => P::Warned(Warning::Suspended),
            (State::Deactivated, Op::Process) => match self.recipient_usage_end(policy) {
                Some(end) if end <= now => P::Warned(Warning::RecipientUsageOver),
                _ => P::Granted,
            },
            (State::Deactivated, Op::Backup) => P::Granted,
            (State::Compromised, Op::Process) => P::OverrideNeeded,
            _ => P::Refused(Refusal::State(state)),
        }
    }
}

fn counts_encryptions(algorithm: Algorithm) -> bool {
    matches!(algorithm, Algorithm::Aes128Gcm | Algorithm::Aes192Gcm | Algorithm::Aes256Gcm)
}

//! Why a transition is refused.

use jiff::Timestamp;

use crate::policy::PolicyViolation;
use crate::state::State;

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

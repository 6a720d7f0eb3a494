//! Keyreeve's rules: keys and their versions, states and transitions, policies and
//! cryptoperiods, roles, audit events — and the ports through which use cases reach the world.
//!
//! **Architecture invariant.** Rules are pure functions of a record, a policy and a time; nothing
//! here reads a clock, draws randomness, or knows SQL, PC/SC or Tauri.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod audit;
mod certificate;
mod description;
mod digest;
mod id;
mod key;
mod known_key;
mod named;
mod period;
mod policy;
pub mod ports;
mod query;
mod role;
mod state;
mod text;
mod transition;
mod version;

pub use certificate::{
    CertificateChange, CertificateCounts, CertificateOrigin, CertificateQuery, CertificateRecord,
    CertificateRefusal, CertificateState, KeyVersionId, Revocation, RevocationReason,
};
pub use description::{Description, DescriptionEdit};
pub use id::{CertificateId, DocumentId, IdError, KeyId, KnownKeyId, SlotId, VaultId};
pub use jiff::Timestamp;
pub use key::{KeyRecord, NewKey, NewKeyError};
pub use known_key::{KnownKeyChange, KnownKeyRecord};
pub use period::{Period, PeriodError};
pub use policy::{Policy, PolicyTemplate, PolicyViolation};
pub use query::{
    Counts, Cursor, CursorValue, KeyPage, KeyQuery, KeyRow, SmartFilter, SortBy, TagCount,
};
pub use role::Role;
pub use state::{
    GCM_MAX_ENCRYPTIONS, GCM_WARN_ENCRYPTIONS, Operation, Permission, Refusal, State, Warning,
};
pub use text::{
    CustomField, KeyName, Note, Owner, Tag, TextError, WhereUsed, WhereUsedKind, deceives,
};
pub use transition::{
    DEFAULT_DESTRUCTION_WAIT_DAYS, Edit, KeyChange, MAX_DESTRUCTION_WAIT_DAYS,
    MIN_DESTRUCTION_WAIT_DAYS, NewVersion, TransitionError,
};
pub use version::{KeyVersion, Origin};

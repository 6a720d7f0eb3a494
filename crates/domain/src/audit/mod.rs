//! The audit log's parts: events, the Merkle tree over them, and signed checkpoints.

mod entry;
mod merkle;
mod proof;

pub use entry::{Action, Actor, AuditDraft, AuditEntry, EntryError, ObjectKind, Outcome, Source};
pub use merkle::{Frontier, FrontierError, leaf_hash, root_hash};
pub use proof::{
    ProofError, consistency_proof, inclusion_proof, verify_consistency, verify_inclusion,
};

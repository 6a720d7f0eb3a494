//! The audit log's parts: events, the Merkle tree over them, and signed checkpoints.

mod checkpoint;
mod entry;
mod merkle;
mod note;
mod proof;

pub use checkpoint::{Checkpoint, CheckpointError, checkpoint_origin};
pub use entry::{Action, Actor, AuditDraft, AuditEntry, EntryError, ObjectKind, Outcome, Source};
pub use merkle::{Frontier, FrontierError, leaf_hash, root_hash};
pub use note::{MAX_NOTE_LEN, NoteError, verifier_key};
pub use proof::{
    ProofError, consistency_proof, inclusion_proof, verify_consistency, verify_inclusion,
};

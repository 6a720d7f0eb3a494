//! The audit log's parts: events, the Merkle tree over them, and signed checkpoints.

mod checkpoint;
mod entry;
mod export;
mod merkle;
mod note;
mod proof;
mod verify;

pub use checkpoint::{Checkpoint, CheckpointError, checkpoint_origin};
pub use entry::{
    Action, Actor, AuditDraft, AuditEntry, EntryError, MAX_ENTRY_LEN, ObjectKind, Outcome, Source,
};
pub use export::{
    ExportError, ExportHeader, MAX_EXPORT_LINE, VerifiedExport, export_checkpoint_line,
    verify_export,
};
pub use merkle::{Frontier, FrontierError, leaf_hash, root_hash};
pub use note::{MAX_NOTE_LEN, NoteError, verifier_key};
pub use proof::{
    ProofError, consistency_proof, inclusion_proof, verify_consistency, verify_inclusion,
};
pub use verify::{AuditAlarm, LogVerifier, VerifiedLog};

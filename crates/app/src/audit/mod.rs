//! The audit log: listing, verifying, exporting, proving.

mod export;
mod list;
mod prove;
mod verify;

pub use export::export_audit;
pub use list::list_events;
pub use prove::prove_audit;
pub(crate) use verify::{VerifiedState, verify_all, verify_state};
pub use verify::{verify_audit, verify_audit_file};

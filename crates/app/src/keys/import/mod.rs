//! Looks into files of other programs and brings keys in.
//!
//! What was found stays in the unlocked session until it is stored or dropped: nothing has to be
//! read or opened twice, and the window never holds it.

mod certificate;
mod examined;
mod gather;
mod judge;
mod store;

pub(crate) use certificate::{fingerprints as certificate_fingerprints, view as certificate_view};
pub use examined::Examined;
pub(crate) use gather::contents;
pub use store::{discard_import, examine_files, import_keys, stage_import, unlock_import};

//! Looks into files of other programs and brings keys in.
//!
//! What was found stays in the unlocked session until it is stored or dropped: nothing has to be
//! read or opened twice, and the window never holds it.

mod certificate;
mod examined;
mod gather;
mod judge;
mod ssh_certificate;
mod store;

/// The field that keeps when an OpenPGP key was made: without it the fingerprint could not be made again.
pub(super) const OPENPGP_CREATED: &str = "OpenPGP created";

pub(crate) use certificate::{fingerprints as certificate_fingerprints, view as certificate_view};
pub use examined::Examined;
pub(crate) use gather::contents;
pub use keyreeve_formats::MAX_FILE_LEN as MAX_KEY_FILE_LEN;
pub use store::{discard_import, examine_files, import_keys, stage_import, unlock_import};

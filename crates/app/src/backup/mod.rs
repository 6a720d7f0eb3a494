//! Backups: making, listing, verifying, restoring.

mod create;
mod identity;
mod list;
mod restore;
mod source;
mod standard_files;
mod verify;

pub use create::create_backup;
pub use identity::examine_identity;
pub use list::list_backups;
pub use restore::restore_backup;
pub use verify::verify_backup;

/// The ending of a backup's file name.
pub(crate) const BACKUP_ENDING: &str = ".keyreeve-backup.age";

//! Vaults: creating, looking at, unlocking, locking, and doing what is due.

mod create;
pub(crate) mod founding;
mod lock;
mod passphrase;
mod run_due;
mod status;
mod unlock;

pub use create::create_vault;
pub use lock::lock_vault;
pub use passphrase::check_passphrase;
pub(crate) use passphrase::require_strong;
pub use run_due::run_due;
pub(crate) use status::slot_view;
pub use status::{session_view, vault_status};
pub use unlock::unlock_vault;

//! Keys: listing, looking, creating, changing, taking out.

mod bulk;
mod byok;
mod catalogue;
mod change;
mod create;
mod destroy;
mod distribution;
mod edit;
mod export;
mod hand_over;
mod import;
mod list;
mod material;
mod openpgp;
mod public_key;
mod rename;
mod revoke;
mod rotate;
mod show;
mod view;

pub use bulk::bulk_change;
pub use byok::{byok, key_services};
pub use catalogue::catalogue;
pub use change::{activate_key, cancel_destroy_key, deactivate_key, resume_key, suspend_key};
pub use create::{create_key, create_keys};
pub use destroy::destroy_key;
pub use distribution::{distribution, note_roll_out};
pub use edit::edit_key;
pub use export::export_key;
pub(crate) use export::{denied, find_version};
pub use import::{
    Examined, MAX_KEY_FILE_LEN, discard_import, examine_files, import_keys, stage_import,
    unlock_import,
};
pub(crate) use import::{certificate_fingerprints, certificate_view, contents};
pub use list::{counts, list_keys};
pub(crate) use list::{counts_view, page};
pub(crate) use material::open_material_of;
pub use public_key::public_key;
pub use rename::rename_key;
pub use revoke::revoke_key;
pub use rotate::rotate_key;
pub use show::show_key;

//! Certificates: requests for them, signing them with keys of the vault, and keeping, renewing and
//! revoking what was signed or brought in.

mod authority;
mod crl;
mod edit;
mod export;
mod find;
mod import;
mod issue;
mod keep;
mod list;
mod lists;
mod renew;
mod revoke;
mod show;
mod sign;
mod ssh;
mod view;

pub use crl::write_crl;
pub use edit::{edit_certificate, remove_certificate};
pub use export::export_certificate;
pub(crate) use export::kept_chain;
pub(crate) use import::above_first;
pub use import::import_certificates;
pub(crate) use issue::file;
pub use issue::issue_certificate;
pub(crate) use keep::{attach_waiting, keep_found, kept_twin};
pub(crate) use list::counts_at;
pub use list::list_certificates;
pub use renew::renew_certificate;
pub use revoke::revoke_certificate;
pub use show::show_certificate;
pub(crate) use sign::{may_sign, signs_certificates};
pub use sign::{request_certificate, self_sign};
pub use ssh::{issue_ssh_certificate, list_ssh_certificates, write_krl};

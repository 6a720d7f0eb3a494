//! Key and certificate formats: bytes in, bytes out, no input or output of its own.
//!
//! **Architecture invariant.** This crate is pure: it opens no file, reads no clock and knows
//! neither vault nor window. It reads key material only through `keyreeve-crypto`, checks it
//! before it writes it, and leaves no secret bytes unwiped in memory of its own.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod age;
mod byok;
mod certificate;
mod error;
mod format;
mod inventory;
mod jwe;
mod jwk;
mod openssh;
mod pkcs12_file;
mod pkcs8_file;
mod private;
mod public;
mod read;
mod text;
mod wireguard;

pub use byok::{ByokError, ByokRequest, ByokTarget, Package, byok};
pub use certificate::{
    AUTHORITY_DAYS, Authority, CertificateError, CertificateNames, CertificateTemplate, CrlRequest,
    ExtendedUsage, IssueRequest, MAX_ALTERNATIVE_NAMES, MadeCertificate, MadeCrl, ReadRequest,
    Renewal, SELF_SIGNED_DAYS, SelfSignRequest, Usage, certificate_pem, certificate_request,
    check_issued_by, self_signed,
};
pub use error::ExportError;
pub use format::{Format, UnknownFormat, formats_for, private_formats_for, public_formats_for};
pub use inventory::{InventoryFormat, InventoryHead, InventoryWriter, UnknownInventoryFormat};
pub use private::{Protection, export_private};
pub use public::export_public;
pub use read::{
    Certificate, Form, Found, Issued, Item, Locked, MAX_FILE_LEN, MAX_ITEMS, ReadError, Refusal,
    SymmetricKey, read,
};

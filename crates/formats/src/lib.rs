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
mod openpgp;
mod openssh;
mod pkcs12_file;
mod pkcs8_file;
mod private;
mod public;
mod putty;
mod read;
mod recipient;
mod ssh;
mod text;
mod wireguard;

pub use byok::{
    AwsParameters, ByokError, ByokRequest, ByokTarget, ByokWay, Package, byok, byok_ways,
};
pub use certificate::{
    AUTHORITY_DAYS, Authority, CertificateError, CertificateNames, CertificateTemplate, CrlRequest,
    ExtendedUsage, IssueRequest, MAX_ALTERNATIVE_NAMES, MadeCertificate, MadeCrl, ReadRequest,
    Renewal, SELF_SIGNED_DAYS, SelfSignRequest, Usage, certificate_pem, certificate_request,
    check_issued_by, check_list_signed_by, self_signed,
};
pub use error::ExportError;
pub use format::{Format, UnknownFormat, formats_for, private_formats_for, public_formats_for};
pub use inventory::{InventoryFormat, InventoryHead, InventoryWriter, UnknownInventoryFormat};
pub use openpgp::{OpenPgpFiles, OpenPgpIdentity, can_be_openpgp, export_openpgp};
pub use pkcs12_file::Pkcs12Profile;
pub use private::{Protection, export_pkcs12, export_private};
pub use public::{export_public, public_pem};
pub use read::{
    Certificate, Form, Found, Issued, Item, Locked, MAX_FILE_LEN, MAX_ITEMS, OpenPgpKey,
    OpenPgpRecipientError, ReadError, Refusal, RevocationList, SshCertificate, SymmetricKey, read,
};
pub use recipient::{
    AgeRecipient, AgeRecipientError, Envelope, MAX_RECIPIENT_FILE, MAX_RECIPIENTS, Recipient,
    RecipientError, encrypt_to, envelope_for,
};
pub use ssh::{
    KrlRequest, SSH_PERMISSIONS, SshCertificateRequest, SshLimits, SshSubject, check_key_id,
    revoked_keys, ssh_blob, ssh_certificate, ssh_fingerprint,
};

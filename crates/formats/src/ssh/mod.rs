//! OpenSSH's certificates (PROTOCOL.certkeys) and lists of revoked keys (PROTOCOL.krl).

mod certificate;
mod krl;
mod names;

pub use certificate::{
    SshCertificateRequest, SshSubject, ssh_blob, ssh_certificate, ssh_fingerprint,
};
pub use krl::{KrlRequest, revoked_keys};
pub use names::{SSH_PERMISSIONS, SshLimits, check_key_id};

//! Making certificates (RFC 5280) and requests for them (RFC 2986).

mod authority;
mod build;
mod chain;
mod crl;
mod file;
mod names;
mod renewal;
mod request;
mod signer;
mod template;

use keyreeve_crypto::{RandomError, SigningError};

pub(crate) use authority::timestamp;
pub use authority::{Authority, IssueRequest};
pub use build::{MadeCertificate, SelfSignRequest, self_signed};
pub use chain::{check_issued_by, check_list_signed_by};
pub use crl::{CrlRequest, MadeCrl};
pub use file::certificate_pem;
pub(crate) use file::{der as pem_or_der, pem as to_pem};
pub use names::{CertificateNames, MAX_ALTERNATIVE_NAMES};
pub use renewal::Renewal;
pub use request::{ReadRequest, certificate_request};
pub use template::{AUTHORITY_DAYS, CertificateTemplate, ExtendedUsage, SELF_SIGNED_DAYS, Usage};

/// Why no certificate or request was made. Nothing was written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// A part of what was asked for is not what it must be.
    #[error("{0}")]
    Invalid(String),
    /// The file with the request cannot be used.
    #[error("the certificate request {0}")]
    Request(String),
    /// The file with the authority's certificate cannot be used.
    #[error("the CA certificate {0}")]
    Authority(String),
    /// The certificate that is to be renewed cannot be.
    #[error("the certificate {0}")]
    Old(String),
    /// The authority may not issue that, or no certificate may say that.
    #[error("{0}")]
    Refused(String),
    /// The key cannot sign.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// No randomness for a serial number.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// The encoder failed.
    #[error("the certificate could not be encoded")]
    Encoding,
}

fn encoding(_: impl std::error::Error) -> CertificateError {
    CertificateError::Encoding
}

//! One block of PEM, or DER.

use pkcs8::LineEnding;
use x509_cert::der::Encode;
use x509_cert::der::pem;

use super::{CertificateError, encoding};

/// The longest file that is read, in bytes.
pub(super) const MAX_LEN: usize = 256 * 1024;

/// The DER in a file whose one PEM block has one of these labels, or which is DER itself; else why
/// there is none.
pub(crate) fn der(file: &[u8], labels: &[&str]) -> Result<Vec<u8>, String> {
    if file.len() > MAX_LEN {
        return Err("is too long".into());
    }
    // The tag of a SEQUENCE, which no text begins with in PEM.
    if file.first() == Some(&0x30) {
        return Ok(file.to_vec());
    }
    let (label, der) =
        pem::decode_vec(file).map_err(|error| format!("is neither PEM nor DER: {error}"))?;
    if labels.contains(&label) {
        return Ok(der);
    }
    Err(format!("is something else: the file says “{label}”"))
}

/// A certificate that is in DER, in PEM.
///
/// # Errors
/// When it is too long.
pub fn certificate_pem(der: &[u8]) -> Result<String, CertificateError> {
    pem::encode_string("CERTIFICATE", LineEnding::LF, der).map_err(encoding)
}

pub(crate) fn pem(label: &str, value: &impl Encode) -> Result<String, CertificateError> {
    let der = value.to_der().map_err(encoding)?;
    pem::encode_string(label, LineEnding::LF, &der).map_err(encoding)
}

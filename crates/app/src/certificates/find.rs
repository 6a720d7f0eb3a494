//! Finds a certificate by what people call it.

use keyreeve_domain::ports::ReadTransaction;
use keyreeve_domain::{CertificateQuery, CertificateRecord};

use super::authority::trusted;
use crate::api::ErrorCode;
use crate::error::Error;
use crate::parse;

/// The shortest beginning that names a certificate.
const MIN_PREFIX: usize = 4;

/// The certificate with this number, or whose identifier or SHA-256 fingerprint begins so, compared with
/// the log.
///
/// # Errors
/// When there is none, or several begin so.
pub(super) fn find(tx: &dyn ReadTransaction, text: &str) -> Result<CertificateRecord, Error> {
    let shown = parse::short(text);
    let none = || Error::new(ErrorCode::NotFound, format!("there is no certificate “{shown}”"));
    let named: String = text.chars().filter(|c| !matches!(c, '-' | ':')).collect();
    if named.len() < MIN_PREFIX || !named.chars().all(|c| c.is_ascii_hexdigit()) {
        return Err(none());
    }
    let query = CertificateQuery { named: Some(named), ..CertificateQuery::default() };
    match tx.certificates(&query)?.as_slice() {
        [] => Err(none()),
        [one] => trusted(tx, one),
        _ => Err(Error::new(
            ErrorCode::Ambiguous,
            format!("several certificates are called “{shown}”: give more of the identifier"),
        )),
    }
}

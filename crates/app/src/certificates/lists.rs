//! What lists of revoked certificates say of those that are kept.

use std::collections::HashMap;

use keyreeve_domain::{CertificateQuery, CertificateRecord};
use keyreeve_formats::{RevocationList, check_issued_by, check_list_signed_by};

use super::authority::trusted;
use crate::api::ErrorCode;
use crate::error::Error;
use crate::session::Write;

/// Marks the kept certificates that `list` revokes, where their issuer is its own and its signature holds.
/// Answers them.
///
/// # Errors
/// When no kept certificate is that of the list's issuer.
pub(super) fn follow(
    write: &mut Write<'_>,
    list: &RevocationList,
) -> Result<Vec<CertificateRecord>, Error> {
    let issuer = &list.issuer;
    let query = CertificateQuery { subject: Some(issuer.clone()), ..CertificateQuery::default() };
    let mut why = "the vault has no certificate of its issuer; bring that in first".to_owned();
    let mut signer = None;
    for above in write.tx.certificates(&query)? {
        match check_list_signed_by(&list.der, &above.der) {
            Ok(()) => signer = Some(trusted(&*write.tx, &above)?),
            Err(said) => why = said,
        }
    }
    let signer = signer.ok_or_else(|| {
        let message = format!("the revocation list of “{issuer}” is not relied on: {why}");
        Error::new(ErrorCode::RefusedByPolicy, message)
    })?;
    let revoked: HashMap<_, _> =
        list.revoked.iter().map(|(serial, revocation)| (serial.as_str(), *revocation)).collect();
    let query = CertificateQuery { issuer: Some(issuer.clone()), ..CertificateQuery::default() };
    let mut marked = Vec::new();
    for listed in write.tx.certificates(&query)? {
        let Some(revocation) = revoked.get(listed.serial.as_str()) else { continue };
        if check_issued_by(&listed.der, &signer.der).is_err() {
            continue;
        }
        let record = trusted(&*write.tx, &listed)?;
        if let Some(change) = record.found_revoked(*revocation) {
            write.tx.save_certificate(&change, &write.stamp)?;
            marked.push(change.record);
        }
    }
    Ok(marked)
}

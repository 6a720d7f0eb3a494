//! Shows a kept certificate in full, with those above and below it.

use keyreeve_domain::{CertificateQuery, ports::ReadTransaction};
use keyreeve_domain::{CertificateRecord, Timestamp};
use keyreeve_formats::{Certificate, certificate_pem};

use super::export::above;
use super::find::find;
use super::sign::refused;
use super::view::Names;
use crate::api::{CertificateDetailResponse, CertificateRequest, KeptCertificateView};
use crate::error::Error;
use crate::keys::{certificate_fingerprints, certificate_view};
use crate::session::UnlockedSession;

/// The most certificates that are shown below one.
const MAX_BELOW: usize = 100;

/// A certificate in full, compared with the log.
///
/// # Errors
/// When there is no such certificate, or it is not what the log says of it.
pub fn show_certificate(
    session: &UnlockedSession,
    request: &CertificateRequest,
) -> Result<CertificateDetailResponse, Error> {
    let tx = session.read()?;
    let now = session.now();
    let record = find(&*tx, &request.certificate)?;
    let found = Certificate::from_der(&record.der);
    let found = found.ok_or_else(|| Error::internal("a kept certificate is damaged"))?;
    let mut names = Names::default();
    let mut views = |records: &[CertificateRecord]| -> Result<Vec<KeptCertificateView>, Error> {
        records.iter().map(|record| names.view(&*tx, record, now)).collect()
    };
    let above = above(&*tx, &record)?;
    let complete = above.last().unwrap_or(&record);
    let complete = complete.subject == complete.issuer;
    let below = below(&*tx, &record)?;
    Ok(CertificateDetailResponse {
        says: certificate_view(&found, now),
        fingerprints: certificate_fingerprints(&found),
        pem: certificate_pem(&record.der).map_err(refused)?,
        chain: views(&above)?,
        chain_complete: complete,
        issued: views(&below)?,
        renewable: renewable(&record),
        revocable: record.may_revoke(now).is_ok(),
        signs_lists: signs_lists(&record, now),
        removable: record.may_remove().is_ok(),
        certificate: views(&[record])?.remove(0),
    })
}

/// What it issued.
fn below(
    tx: &dyn ReadTransaction,
    record: &CertificateRecord,
) -> Result<Vec<CertificateRecord>, Error> {
    let Some(key) = record.key.filter(|_| record.authority) else { return Ok(Vec::new()) };
    let query = CertificateQuery { issued_by: Some(key.key), ..CertificateQuery::default() };
    let mut below = tx.certificates(&query)?;
    below.retain(|one| {
        one.id != record.id
            && one.issued_by == Some(key)
            && one.issuer == record.subject
            && !one.is_self_signed()
    });
    below.truncate(MAX_BELOW);
    Ok(below)
}

fn renewable(record: &CertificateRecord) -> bool {
    record.may_renew().is_ok() && record.issued_by.is_some()
}

fn signs_lists(record: &CertificateRecord, now: Timestamp) -> bool {
    record.authority && record.key.is_some() && record.revoked.is_none() && now <= record.not_after
}

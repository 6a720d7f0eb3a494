//! Takes a kept certificate out into a file.

use keyreeve_domain::CertificateRecord;
use keyreeve_domain::audit::{Action, ObjectKind};
use keyreeve_formats::certificate_pem;

use super::find::find;
use super::keep::issuer_of;
use super::sign::refused;
use crate::api::{ExportCertificateRequest, ExportCertificateResponse};
use crate::error::Error;
use crate::output;
use crate::session::UnlockedSession;

/// The longest chain that is followed.
pub(super) const MAX_CHAIN: usize = 16;

/// Writes a certificate, with those above it where asked, into a new file. The event is durable before
/// the file is.
///
/// # Errors
/// When there is no such certificate, it is not what the log says of it, or the file cannot be written.
pub fn export_certificate(
    session: &UnlockedSession,
    request: &ExportCertificateRequest,
) -> Result<ExportCertificateResponse, Error> {
    let out = output::free_place(&request.out)?;
    if request.der && request.chain {
        return Err(Error::invalid(
            "a file in DER holds one certificate; a chain is written in PEM",
        ));
    }
    let mut write = session.write()?;
    let record = find(&*write.tx, &request.certificate)?;
    let mut all = vec![record.clone()];
    if request.chain {
        all.extend(above(&*write.tx, &record)?);
    }
    let bytes = if request.der { record.der.clone() } else { pem(&all)? };
    let mut draft =
        write.draft(Action::CertificateExport, ObjectKind::Certificate, record.id.to_string());
    draft.details.insert("file".into(), request.out.clone());
    draft.details.insert("subject".into(), record.subject);
    write.tx.append(draft)?;
    write.commit()?;
    output::write_new(out, &bytes)?;
    Ok(ExportCertificateResponse {
        file: request.out.clone(),
        bytes: bytes.len() as u64,
        certificates: all.len() as u64,
    })
}

/// A kept certificate and those above it, in PEM.
///
/// # Errors
/// When there is no such certificate, or one is not what the log says of it.
pub(crate) fn kept_chain(
    tx: &dyn keyreeve_domain::ports::ReadTransaction,
    certificate: &str,
) -> Result<Vec<u8>, Error> {
    let record = find(tx, certificate)?;
    let above = above(tx, &record)?;
    pem(&[&[record][..], &above].concat())
}

fn pem(certificates: &[CertificateRecord]) -> Result<Vec<u8>, Error> {
    let pem: Result<String, _> = certificates.iter().map(|one| certificate_pem(&one.der)).collect();
    Ok(pem.map_err(refused)?.into_bytes())
}

/// The certificates above one, its issuer's first. It ends where one signs itself, or the vault has no
/// more.
pub(super) fn above(
    tx: &dyn keyreeve_domain::ports::ReadTransaction,
    record: &CertificateRecord,
) -> Result<Vec<CertificateRecord>, Error> {
    let mut chain: Vec<CertificateRecord> = Vec::new();
    let mut at = record.clone();
    while at.subject != at.issuer && chain.len() < MAX_CHAIN {
        let Some(next) = issuer_of(tx, &at.der, &at.issuer)? else { break };
        if next.id == record.id || chain.iter().any(|one| one.id == next.id) {
            break;
        }
        chain.push(next.clone());
        at = next;
    }
    Ok(chain)
}

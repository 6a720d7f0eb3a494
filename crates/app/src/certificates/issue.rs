//! A small private authority: it issues a certificate for a request, and keeps it.

use std::fs::File;
use std::io::Read as _;

use keyreeve_domain::CertificateOrigin;
use keyreeve_domain::audit::Action;
use keyreeve_formats::{CertificateTemplate, IssueRequest, ReadRequest};

use super::authority::Chosen;
use super::keep::{Signed, keep};
use super::sign::{OpenKey, UseOfKey, refused, response, unknown, within};
use crate::api::{CertificateResponse, IssueCertificateRequest};
use crate::error::{Error, io_code};
use crate::output;
use crate::session::UnlockedSession;

/// The longest request or certificate that is read, in bytes.
const MAX_FILE: u64 = 256 * 1024;

/// Issues a certificate with an authority's key, keeps it, and writes it into a new file. The events are
/// durable before the file is. Only the names come from the request; all else is the template's.
///
/// # Errors
/// As [`self_sign`](super::self_sign); and when the request or the authority's certificate cannot be
/// used, or the authority may not issue that.
pub fn issue_certificate(
    session: &UnlockedSession,
    request: &IssueCertificateRequest,
) -> Result<CertificateResponse, Error> {
    let out = output::free_place(&request.out)?;
    let template = CertificateTemplate::named(&request.template)
        .ok_or_else(|| unknown("template", &request.template, CertificateTemplate::NAMES))?;
    let days = within(request.days, template.days())?;
    let given = request.authority_certificate.as_deref().map(file).transpose()?;
    let chosen = given.as_deref().map(Chosen::read).transpose()?;
    let asked = ReadRequest::read(&file(&request.request)?).map_err(refused)?;
    let mut open = OpenKey::open(
        session,
        &UseOfKey {
            key: &request.key,
            version: request.version,
            action: Action::KeyIssueCertificate,
            for_others: true,
            out: Some(&request.out),
            reason: &request.reason,
        },
    )?;
    let now = open.write.stamp.time;
    let chosen = match chosen {
        Some(chosen) => chosen,
        None => Chosen::kept(&*open.write.tx, open.id(), now)?,
    };
    let wanted = IssueRequest {
        request: &asked,
        template,
        path_length: request.path_length,
        now,
        days,
        crl_url: request.crl_url.as_deref(),
    };
    let made = chosen.authority.issue(&open.key, &open.spki, &wanted).map_err(refused)?;
    chosen.check(&*open.write.tx, now)?;
    open.log_certificate(&made)?;
    chosen.keep(&mut open.write)?;
    let by = Signed { by: open.id(), origin: CertificateOrigin::Issued };
    let kept = keep(&mut open.write, &made.der, Some(by), &request.reason)?;
    open.write.commit()?;
    output::write_new(out, made.pem.as_bytes())?;
    Ok(response(Some(&request.out), &made, &kept.id.to_string()))
}

/// What is in a file that is no longer than a certificate's.
pub(crate) fn file(path: &str) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(MAX_FILE + 1).read_to_end(&mut bytes)).map_err(
        |error| Error::new(io_code(&error), format!("the file {path} could not be read: {error}")),
    )?;
    Ok(bytes)
}

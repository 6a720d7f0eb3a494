//! Certificates, and requests for them, signed by keys that stay in the vault.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use jiff::Timestamp;
use keyreeve_crypto::{Purpose, SigningError, SigningKey, certificate_scheme};
use keyreeve_domain::audit::{Action, AuditDraft, ObjectKind};
use keyreeve_domain::{KeyRecord, Operation, Permission, Refusal};
use keyreeve_formats::{
    Authority, CertificateError, CertificateNames, CertificateTemplate, ExtendedUsage,
    IssueRequest, MadeCertificate, ReadRequest, SelfSignRequest, Usage, certificate_request,
    self_signed,
};

use crate::api::{
    CertificateRequestResponse, CertificateResponse, CertificateWish, ErrorCode,
    IssueCertificateRequest, SelfSignKeyRequest,
};
use crate::error::{Error, io_code};
use crate::keys::export::{denied, find_version};
use crate::keys::material::open_material_of;
use crate::output;
use crate::parse;
use crate::session::{UnlockedSession, Write};

/// The longest request or certificate that is read, in bytes.
const MAX_FILE: u64 = 256 * 1024;
/// For how many days a key vouches for itself: unless the caller says so, and at most.
const SELF_SIGNED_DAYS: (u32, u32) = (365, 3_650);
/// Likewise for an authority's key.
const AUTHORITY_DAYS: (u32, u32) = (3_650, 7_300);

/// Writes a request for a certificate into a new file. The event is durable before the file is.
///
/// # Errors
/// When there is no such key or version, its state, algorithm or purpose does not sign, a name cannot be
/// in a certificate, or the file cannot be written. A refusal by the key's state or purpose is logged.
pub fn request_certificate(
    session: &UnlockedSession,
    wish: &CertificateWish,
) -> Result<CertificateRequestResponse, Error> {
    let out = output::free_place(&wish.out)?;
    let asked = Asked::of(wish)?;
    let use_of = UseOfKey::of_wish(wish, Action::KeyRequestCertificate, false);
    let pem = sign(session, &use_of, |key, spki, _now| {
        certificate_request(key, spki, &asked.names, &asked.usages, &asked.extended)
            .map(|pem| (pem, asked.subject.clone(), None))
    })?;
    output::write_new(out, pem.as_bytes())?;
    Ok(CertificateRequestResponse { file: wish.out.clone(), bytes: pem.len() as u64 })
}

/// Writes a certificate that a key signs for itself into a new file. The event is durable before the
/// file is.
///
/// # Errors
/// As [`request_certificate`]; and when it would be valid for too long.
pub fn self_sign(
    session: &UnlockedSession,
    request: &SelfSignKeyRequest,
) -> Result<CertificateResponse, Error> {
    let out = output::free_place(&request.wish.out)?;
    let asked = Asked::of(&request.wish)?;
    if request.path_length.is_some() && !request.authority {
        return Err(Error::invalid("only a CA has a path length"));
    }
    let bounds = if request.authority { AUTHORITY_DAYS } else { SELF_SIGNED_DAYS };
    let days = within(request.days, bounds)?;
    let use_of = UseOfKey::of_wish(&request.wish, Action::KeySelfSign, request.authority);
    let made = sign(session, &use_of, |key, spki, now| {
        let wanted = SelfSignRequest {
            names: &asked.names,
            usages: &asked.usages,
            extended: &asked.extended,
            authority: request.authority.then_some(request.path_length),
            from: now,
            days,
        };
        self_signed(key, spki, &wanted).map(noted)
    })?;
    written(out, &request.wish.out, &made)
}

/// Issues a certificate with an authority's key, into a new file. The event is durable before the file
/// is. Only the names come from the request; all else is the template's.
///
/// # Errors
/// As [`self_sign`]; and when the request or the authority's certificate cannot be used, or the
/// authority may not issue that.
pub fn issue_certificate(
    session: &UnlockedSession,
    request: &IssueCertificateRequest,
) -> Result<CertificateResponse, Error> {
    let out = output::free_place(&request.out)?;
    let template = CertificateTemplate::named(&request.template)
        .ok_or_else(|| unknown("template", &request.template, CertificateTemplate::NAMES))?;
    let days = within(request.days, template.days())?;
    let authority = Authority::read(&file(&request.authority_certificate)?).map_err(refused)?;
    let asked = ReadRequest::read(&file(&request.request)?).map_err(refused)?;
    let use_of = UseOfKey {
        key: &request.key,
        version: request.version,
        action: Action::KeyIssueCertificate,
        for_others: true,
        out: &request.out,
        reason: &request.reason,
    };
    let made = sign(session, &use_of, |key, spki, from| {
        let wanted = IssueRequest {
            request: &asked,
            template,
            path_length: request.path_length,
            from,
            days,
        };
        authority.issue(key, spki, &wanted).map(noted)
    })?;
    written(out, &request.out, &made)
}

/// What a wish says, read.
struct Asked {
    names: CertificateNames,
    subject: String,
    usages: Vec<Usage>,
    extended: Vec<ExtendedUsage>,
}

impl Asked {
    fn of(wish: &CertificateWish) -> Result<Self, Error> {
        let names =
            CertificateNames::parse(&wish.subject, &wish.alternative_names).map_err(refused)?;
        let usages = wish
            .key_usage
            .iter()
            .map(|name| Usage::named(name).ok_or_else(|| unknown("key usage", name, Usage::NAMES)));
        let extended = wish.extended_key_usage.iter().map(|name| {
            ExtendedUsage::named(name)
                .ok_or_else(|| unknown("extended key usage", name, ExtendedUsage::NAMES))
        });
        Ok(Self {
            names,
            subject: wish.subject.clone(),
            usages: usages.collect::<Result<_, _>>()?,
            extended: extended.collect::<Result<_, _>>()?,
        })
    }
}

/// A use of a key, as the log tells of it.
struct UseOfKey<'a> {
    key: &'a str,
    version: Option<u32>,
    action: Action,
    /// Whether the key is to vouch for other keys, too.
    for_others: bool,
    out: &'a str,
    reason: &'a str,
}

impl<'a> UseOfKey<'a> {
    fn of_wish(wish: &'a CertificateWish, action: Action, for_others: bool) -> Self {
        Self {
            key: &wish.key,
            version: wish.version,
            action,
            for_others,
            out: &wish.out,
            reason: &wish.reason,
        }
    }

    fn draft(&self, write: &Write<'_>, record: &KeyRecord, number: u32) -> AuditDraft {
        let mut draft = write.draft(self.action, ObjectKind::Key, record.id.to_string());
        draft.version = Some(number);
        draft.reason = Some(self.reason.trim().to_owned()).filter(|reason| !reason.is_empty());
        draft.digest = Some(record.state_digest());
        draft.details.insert("file".into(), self.out.into());
        draft
    }
}

/// Opens a key for signing, makes something with it, and logs that with the subject and the serial
/// number that `make` tells.
fn sign<T>(
    session: &UnlockedSession,
    use_of: &UseOfKey<'_>,
    make: impl FnOnce(
        &SigningKey,
        &[u8],
        Timestamp,
    ) -> Result<(T, String, Option<String>), CertificateError>,
) -> Result<T, Error> {
    session.held().material_key()?;
    let mut write = session.write()?;
    let (record, number) = find_version(&*write.tx, use_of.key, use_of.version)?;
    certificate_scheme(record.algorithm).map_err(|error| refused(error.into()))?;
    let mut draft = use_of.draft(&write, &record, number);
    let now = write.stamp.time;
    if let Err(refused) = may_sign(&record, number, use_of.for_others, now) {
        return Err(denied(write, draft, refused)?);
    }
    let material = open_material_of(session, &*write.tx, &record, number)?;
    let key =
        SigningKey::open(record.algorithm, &material).map_err(|error| refused(error.into()))?;
    let spki = record.version(number).and_then(|version| version.public_key.as_deref());
    let spki = spki.ok_or_else(|| Error::internal("the key has no public half"))?;
    let (made, subject, serial) = make(&key, spki, now).map_err(refused)?;
    draft.details.insert("subject".into(), subject);
    draft.details.extend(serial.map(|serial| ("serial".into(), serial)));
    write.tx.append(draft)?;
    write.tx.touch_key(record.id, now)?;
    write.commit()?;
    Ok(made)
}

/// Whether the key's algorithm and purpose are such that it signs certificates of its own.
pub(super) fn signs_certificates(record: &KeyRecord) -> bool {
    certificate_scheme(record.algorithm).is_ok() && signs(record.purpose, false)
}

/// Whether keys of that purpose sign certificates of their own, or of other keys.
fn signs(purpose: Purpose, for_others: bool) -> bool {
    purpose == Purpose::Sign || (purpose == Purpose::Authenticate && !for_others)
}

/// Whether the version's state and the key's purpose let it sign.
pub(super) fn may_sign(
    record: &KeyRecord,
    number: u32,
    for_others: bool,
    now: Timestamp,
) -> Result<(), Error> {
    let purpose = record.purpose;
    if !signs(purpose, for_others) {
        let what = if for_others { "certificates of other keys" } else { "certificates" };
        let message = format!("“{}” is for the purpose {purpose}: it signs no {what}", record.name);
        return Err(Error::new(ErrorCode::RefusedByPolicy, message));
    }
    let why = match record.permits(number, Operation::Protect, now) {
        Permission::Granted => return Ok(()),
        Permission::Refused(Refusal::DestructionScheduled) => "is scheduled for destruction".into(),
        Permission::Refused(Refusal::State(state)) => format!("is {state}: it does not sign"),
        _ => "does not sign".into(),
    };
    Err(Error::new(ErrorCode::RefusedByState, format!("version {number} {why}")))
}

fn noted(made: MadeCertificate) -> (MadeCertificate, String, Option<String>) {
    let (subject, serial) = (made.subject.clone(), made.serial.clone());
    (made, subject, Some(serial))
}

fn written(out: &Path, file: &str, made: &MadeCertificate) -> Result<CertificateResponse, Error> {
    output::write_new(out, made.pem.as_bytes())?;
    Ok(CertificateResponse {
        file: file.into(),
        bytes: made.pem.len() as u64,
        subject: made.subject.clone(),
        serial: made.serial.clone(),
        not_before: made.not_before.to_string(),
        not_after: made.not_after.to_string(),
    })
}

pub(super) fn file(path: &str) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(MAX_FILE + 1).read_to_end(&mut bytes)).map_err(
        |error| Error::new(io_code(&error), format!("the file {path} could not be read: {error}")),
    )?;
    Ok(bytes)
}

fn within(days: Option<u32>, (usual, most): (u32, u32)) -> Result<u32, Error> {
    match days.unwrap_or(usual) {
        days if (1..=most).contains(&days) => Ok(days),
        days => Err(Error::invalid(format!(
            "such a certificate is valid for 1 to {most} days, and not for {days}"
        ))),
    }
}

fn unknown(what: &str, name: &str, known: &[&str]) -> Error {
    Error::invalid(format!("“{}” is no {what}; there are {}", parse::short(name), known.join(", ")))
}

fn refused(error: CertificateError) -> Error {
    use CertificateError as C;
    let code = match error {
        C::Invalid(_) => ErrorCode::InvalidRequest,
        C::Request(_) | C::Authority(_) => ErrorCode::BadInputFile,
        C::Refused(_) => ErrorCode::RefusedByPolicy,
        C::Signing(SigningError::Algorithm(_)) => ErrorCode::FormatUnsupported,
        _ => ErrorCode::Internal,
    };
    Error::new(code, error.to_string())
}

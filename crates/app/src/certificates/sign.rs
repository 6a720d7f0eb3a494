//! Requests for certificates, and certificates of a key's own, signed by keys that stay in the vault.

use std::collections::BTreeMap;

use jiff::Timestamp;
use keyreeve_crypto::{Purpose, SigningError, SigningKey, certificate_scheme};
use keyreeve_domain::audit::{Action, AuditDraft, ObjectKind};
use keyreeve_domain::{CertificateOrigin, KeyRecord, Operation, Permission, Refusal};
use keyreeve_formats::{
    AUTHORITY_DAYS, CertificateError, CertificateNames, ExtendedUsage, MadeCertificate,
    SELF_SIGNED_DAYS, SelfSignRequest, Usage, certificate_request, self_signed,
};

use super::keep::{Signed, keep};
use crate::api::{
    CertificateRequestResponse, CertificateResponse, CertificateWish, ErrorCode, SelfSignKeyRequest,
};
use crate::error::Error;
use crate::keys::{denied, find_version, open_material_of};
use crate::output;
use crate::parse;
use crate::session::{UnlockedSession, Write};

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
    let mut open =
        OpenKey::open(session, &UseOfKey::of_wish(wish, Action::KeyRequestCertificate, false))?;
    let pem =
        certificate_request(&open.key, &open.spki, &asked.names, &asked.usages, &asked.extended)
            .map_err(refused)?;
    open.log([("subject", asked.subject)])?;
    open.write.commit()?;
    output::write_new(out, pem.as_bytes())?;
    Ok(CertificateRequestResponse { file: wish.out.clone(), bytes: pem.len() as u64 })
}

/// Keeps a certificate that a key signs for itself, and writes it into a new file. Both are durable,
/// with their events, before the file is.
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
    let mut open = OpenKey::open(session, &use_of)?;
    let wanted = SelfSignRequest {
        names: &asked.names,
        usages: &asked.usages,
        extended: &asked.extended,
        authority: request.authority.then_some(request.path_length),
        now: open.write.stamp.time,
        days,
    };
    let made = self_signed(&open.key, &open.spki, &wanted).map_err(refused)?;
    open.log_certificate(&made)?;
    let by = Signed { by: open.id(), origin: CertificateOrigin::SelfSigned };
    let kept = keep(&mut open.write, &made.der, Some(by), &request.wish.reason)?;
    open.write.commit()?;
    output::write_new(out, made.pem.as_bytes())?;
    Ok(response(Some(&request.wish.out), &made, &kept.id.to_string()))
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
pub(super) struct UseOfKey<'a> {
    pub(super) key: &'a str,
    pub(super) version: Option<u32>,
    pub(super) action: Action,
    /// Whether the key is to vouch for other keys, too.
    pub(super) for_others: bool,
    /// The file that is written, if one is.
    pub(super) out: Option<&'a str>,
    pub(super) reason: &'a str,
}

impl<'a> UseOfKey<'a> {
    fn of_wish(wish: &'a CertificateWish, action: Action, for_others: bool) -> Self {
        Self {
            key: &wish.key,
            version: wish.version,
            action,
            for_others,
            out: Some(&wish.out),
            reason: &wish.reason,
        }
    }

    fn draft(&self, write: &Write<'_>, record: &KeyRecord, number: u32) -> AuditDraft {
        let mut draft = write.draft(self.action, ObjectKind::Key, record.id.to_string());
        draft.version = Some(number);
        draft.reason = Some(self.reason.trim().to_owned()).filter(|reason| !reason.is_empty());
        draft.digest = Some(record.state_digest());
        draft.details.extend(self.out.map(|out| ("file".to_owned(), out.to_owned())));
        draft
    }
}

/// A key that was opened for signing, and the transaction in which what it signs is noted.
pub(super) struct OpenKey<'s> {
    pub(super) write: Write<'s>,
    pub(super) record: KeyRecord,
    pub(super) number: u32,
    pub(super) key: SigningKey,
    pub(super) spki: Vec<u8>,
    draft: AuditDraft,
}

impl<'s> OpenKey<'s> {
    /// Opens a key for signing.
    ///
    /// # Errors
    /// When there is none, or it may not sign; a refusal by its state or purpose is logged.
    pub(super) fn open(session: &'s UnlockedSession, use_of: &UseOfKey<'_>) -> Result<Self, Error> {
        session.held().material_key()?;
        let write = session.write()?;
        let (record, number) = find_version(&*write.tx, use_of.key, use_of.version)?;
        certificate_scheme(record.algorithm).map_err(|error| refused(error.into()))?;
        let draft = use_of.draft(&write, &record, number);
        if let Err(refused) = may_sign(&record, number, use_of.for_others, write.stamp.time) {
            return Err(denied(write, draft, refused)?);
        }
        let material = open_material_of(session, &*write.tx, &record, number)?;
        let key =
            SigningKey::open(record.algorithm, &material).map_err(|error| refused(error.into()))?;
        let spki = record.version(number).and_then(|version| version.public_key.clone());
        let spki = spki.ok_or_else(|| Error::internal("the key has no public half"))?;
        Ok(Self { write, record, number, key, spki, draft })
    }

    /// The version that signs.
    pub(super) fn id(&self) -> keyreeve_domain::KeyVersionId {
        keyreeve_domain::KeyVersionId { key: self.record.id, version: self.number }
    }

    /// Notes what it signed.
    pub(super) fn log<const N: usize>(
        &mut self,
        details: [(&str, String); N],
    ) -> Result<(), Error> {
        let mut draft = self.draft.clone();
        let details = details.map(|(name, value)| (name.to_owned(), value));
        draft.details.extend(BTreeMap::from(details));
        self.write.tx.append(draft)?;
        self.write.tx.touch_key(self.record.id, self.write.stamp.time)?;
        Ok(())
    }

    /// Notes a certificate that it signed.
    pub(super) fn log_certificate(&mut self, made: &MadeCertificate) -> Result<(), Error> {
        self.log([("subject", made.subject.clone()), ("serial", made.serial.clone())])
    }
}

/// Whether the key's algorithm and purpose are such that it signs certificates of its own.
pub(crate) fn signs_certificates(record: &KeyRecord) -> bool {
    certificate_scheme(record.algorithm).is_ok() && signs(record.purpose, false)
}

/// Whether keys of that purpose sign certificates of their own, or of other keys.
fn signs(purpose: Purpose, for_others: bool) -> bool {
    purpose == Purpose::Sign || (purpose == Purpose::Authenticate && !for_others)
}

/// Whether the version's state and the key's purpose let it sign.
pub(crate) fn may_sign(
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

pub(super) fn response(
    file: Option<&str>,
    made: &MadeCertificate,
    certificate: &str,
) -> CertificateResponse {
    CertificateResponse {
        certificate: certificate.into(),
        file: file.map(str::to_owned),
        bytes: made.pem.len() as u64,
        subject: made.subject.clone(),
        serial: made.serial.clone(),
        not_before: made.not_before.to_string(),
        not_after: made.not_after.to_string(),
    }
}

pub(super) fn within(days: Option<u32>, (usual, most): (u32, u32)) -> Result<u32, Error> {
    match days.unwrap_or(usual) {
        days if (1..=most).contains(&days) => Ok(days),
        days => Err(Error::invalid(format!(
            "such a certificate is valid for 1 to {most} days, and not for {days}"
        ))),
    }
}

pub(super) fn unknown(what: &str, name: &str, known: &[&str]) -> Error {
    Error::invalid(format!("“{}” is no {what}; there are {}", parse::short(name), known.join(", ")))
}

pub(super) fn refused(error: CertificateError) -> Error {
    use CertificateError as C;
    let code = match error {
        C::Invalid(_) => ErrorCode::InvalidRequest,
        C::Request(_) | C::Authority(_) => ErrorCode::BadInputFile,
        C::Refused(_) | C::Old(_) => ErrorCode::RefusedByPolicy,
        C::Signing(SigningError::Algorithm(_)) => ErrorCode::FormatUnsupported,
        _ => ErrorCode::Internal,
    };
    Error::new(code, error.to_string())
}

//! A small private authority: it issues what its certificate allows, and no more.

use keyreeve_crypto::{SigningKey, adopt_public};
use keyreeve_domain::Timestamp;
use x509_cert::Certificate;
use x509_cert::der::asn1::OctetString;
use x509_cert::der::oid::{AssociatedOid as _, ObjectIdentifier};
use x509_cert::der::{Decode as _, Encode as _};
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{
    BasicConstraints, ExtendedKeyUsage, KeyUsage, NameConstraints, PolicyConstraints,
    SubjectKeyIdentifier,
};
use x509_cert::name::Name;
use x509_cert::time::Time;

use super::build::{MadeCertificate, Profile, build, crl_points, end, start};
use super::request::ReadRequest;
use super::signer::Signer;
use super::template::CertificateTemplate;
use super::{CertificateError, file};
use crate::read::shown;

/// Any purpose (RFC 5280 section 4.2.1.12).
const ANY_PURPOSE: &str = "2.5.29.37.0";

/// An authority's certificate that was read.
#[derive(Debug, Clone)]
pub struct Authority {
    pub(super) subject: Name,
    issuer: Name,
    spki: Vec<u8>,
    pub(super) key_id: Option<OctetString>,
    pub(super) path_length: Option<u8>,
    pub(super) signs_lists: bool,
    der: Vec<u8>,
    purposes: Option<ExtendedKeyUsage>,
    from: Timestamp,
    until: Timestamp,
}

/// What is to be issued.
#[derive(Debug)]
pub struct IssueRequest<'a> {
    /// For whom, and for which key.
    pub request: &'a ReadRequest,
    /// As what.
    pub template: CertificateTemplate,
    /// How many authorities may stand below an intermediate one; none unless given.
    pub path_length: Option<u8>,
    /// When it is made; it is valid from a little before.
    pub now: Timestamp,
    /// For how many days.
    pub days: u32,
    /// Where the lists of what the authority revoked are found.
    pub crl_url: Option<&'a str>,
}

impl Authority {
    /// Reads an authority's certificate in PEM or DER.
    ///
    /// # Errors
    /// When it is damaged, no authority's, or limits what may be issued in a way that Keyreeve does
    /// not check.
    pub fn read(file: &[u8]) -> Result<Self, CertificateError> {
        read(file).map_err(CertificateError::Authority)
    }

    /// Issues a certificate with the authority's own `key`, whose public half is `spki`.
    ///
    /// # Errors
    /// When that is another key, the authority may not issue that, or not for so long.
    pub fn issue(
        &self,
        key: &SigningKey,
        spki: &[u8],
        wanted: &IssueRequest<'_>,
    ) -> Result<MadeCertificate, CertificateError> {
        self.check_key(spki)?;
        let from = self.start(wanted.now, wanted.days)?;
        self.check_purpose(wanted.template)?;
        let authority = self.below(wanted.template, wanted.path_length)?;
        check_names(wanted)?;
        let profile = Profile {
            issuer: self.subject.clone(),
            names: wanted.request.names.clone(),
            usages: wanted.template.usages(wanted.request.key.algorithm),
            extended: wanted.template.extended().map(|usage| usage.oid()).into_iter().collect(),
            authority,
            issuer_key_id: self.key_id.clone(),
            crl_points: wanted.crl_url.map(crl_points).transpose()?,
        };
        build(Signer { key, spki }, &wanted.request.key.spki, profile, from, wanted.days)
    }

    /// The certificate, in DER.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// For whom the certificate is, as it is shown.
    #[must_use]
    pub fn subject(&self) -> String {
        shown(&self.subject)
    }

    /// Who issued it, as it is shown.
    #[must_use]
    pub fn issuer(&self) -> String {
        shown(&self.issuer)
    }

    /// Whether it names itself its issuer.
    #[must_use]
    pub fn names_itself(&self) -> bool {
        self.issuer == self.subject
    }

    /// Whether this one, at `now`, may stand above another authority: its certificate lets it, and its
    /// time is not over (RFC 5280, section 6.1). That it issued the other's is for
    /// [`check_issued_by`](super::check_issued_by).
    ///
    /// # Errors
    /// When it may not.
    pub fn may_stand_above_another(&self, now: Timestamp) -> Result<(), CertificateError> {
        self.check_now(now)?;
        // Of a longer one whoever checks a whole chain counts from above.
        if self.path_length == Some(0) {
            let why = "the path length of the CA above it is 0: no CA stands below that one";
            return Err(CertificateError::Refused(why.into()));
        }
        Ok(())
    }

    pub(super) fn check_key(&self, spki: &[u8]) -> Result<(), CertificateError> {
        if self.spki == spki {
            return Ok(());
        }
        Err(CertificateError::Authority("is one of another key".into()))
    }

    fn check_now(&self, now: Timestamp) -> Result<(), CertificateError> {
        if now < self.from {
            let why = format!("the CA certificate is not valid before {}", self.from);
            return Err(CertificateError::Refused(why));
        }
        if now >= self.until {
            let why = format!("the CA certificate expired on {}", self.until);
            return Err(CertificateError::Refused(why));
        }
        Ok(())
    }

    /// From when what is issued `now` for so many days is valid: never before the authority itself.
    pub(super) fn start(&self, now: Timestamp, days: u32) -> Result<Timestamp, CertificateError> {
        self.check_now(now)?;
        let from = start(now)?.max(self.from);
        let refused = |why: String| Err(CertificateError::Refused(why));
        if end(from, days)? > self.until {
            return refused(format!(
                "the certificate would outlive the CA's, which ends on {}",
                self.until
            ));
        }
        Ok(from)
    }

    /// Whether the authority may issue certificates for all of these purposes.
    pub(super) fn check_purposes(
        &self,
        wanted: Option<&ExtendedKeyUsage>,
    ) -> Result<(), CertificateError> {
        let (Some(allowed), Some(wanted)) = (&self.purposes, wanted) else {
            return Ok(());
        };
        let any = allowed.0.iter().any(|oid| ANY_PURPOSE == oid.to_string());
        if any || wanted.0.iter().all(|oid| allowed.0.contains(oid)) {
            return Ok(());
        }
        let why = "the CA's certificate is not for such certificates";
        Err(CertificateError::Refused(why.into()))
    }

    fn check_purpose(&self, template: CertificateTemplate) -> Result<(), CertificateError> {
        let (Some(allowed), Some(wanted)) = (&self.purposes, template.extended()) else {
            return Ok(());
        };
        let fits = |oid: &ObjectIdentifier| *oid == wanted.oid() || ANY_PURPOSE == oid.to_string();
        if allowed.0.iter().any(fits) {
            return Ok(());
        }
        let name = template.name();
        Err(CertificateError::Refused(format!(
            "the CA's certificate is not for {name} certificates"
        )))
    }

    /// Whether what is issued is an authority itself, and how many may stand below it.
    fn below(
        &self,
        template: CertificateTemplate,
        path_length: Option<u8>,
    ) -> Result<Option<Option<u8>>, CertificateError> {
        if template != CertificateTemplate::Intermediate {
            return match path_length {
                None => Ok(None),
                Some(_) => Err(CertificateError::Invalid(
                    "only an intermediate authority has a path length".into(),
                )),
            };
        }
        let wanted = path_length.unwrap_or(0);
        below(self.path_length, Some(wanted))?;
        Ok(Some(Some(wanted)))
    }
}

/// Whether an authority with the path length `wanted` may stand below one with `most`. One without any
/// path length is held to nothing of its own: whoever checks a chain counts from above.
pub(super) fn below(most: Option<u8>, wanted: Option<u8>) -> Result<(), CertificateError> {
    match (most, wanted) {
        (Some(0), None) => Err(CertificateError::Refused(
            "the CA's path length is 0: no CA stands below it".into(),
        )),
        (Some(most), Some(wanted)) if most <= wanted => Err(CertificateError::Refused(format!(
            "the CA's path length is {most}: an authority below it with path length {wanted} would \
             exceed that"
        ))),
        _ => Ok(()),
    }
}

/// Refuses what would be of no use: clients look for a server's or a mailbox's name among the
/// alternative ones only.
fn check_names(wanted: &IssueRequest<'_>) -> Result<(), CertificateError> {
    let any = |fits: fn(&GeneralName) -> bool| wanted.request.names.alternative.iter().any(fits);
    let missing = match wanted.template {
        CertificateTemplate::TlsServer => {
            let host = |n: &_| matches!(n, GeneralName::DnsName(_) | GeneralName::IpAddress(_));
            if any(host) { None } else { Some("dns: or ip: name") }
        }
        CertificateTemplate::Smime => {
            let mail = |n: &_| matches!(n, GeneralName::Rfc822Name(_));
            if any(mail) { None } else { Some("email: name") }
        }
        CertificateTemplate::Intermediate if wanted.request.names.subject.is_empty() => {
            Some("subject")
        }
        _ => None,
    };
    match missing {
        None => Ok(()),
        Some(what) => Err(CertificateError::Request(format!(
            "has no {what}, which a {} certificate needs",
            wanted.template.name()
        ))),
    }
}

fn read(file: &[u8]) -> Result<Authority, String> {
    let der = file::der(file, &["CERTIFICATE"])?;
    let damaged = |_: x509_cert::der::Error| "is damaged or cut short".to_owned();
    let certificate = Certificate::from_der(&der).map_err(damaged)?;
    let body = certificate.tbs_certificate();
    let constraints = body.get_extension::<BasicConstraints>().map_err(damaged)?;
    let Some((_, BasicConstraints { ca: true, path_len_constraint })) = constraints else {
        return Err("is none: its owner may not issue others".into());
    };
    let usage = body.get_extension::<KeyUsage>().map_err(damaged)?;
    if usage.as_ref().is_some_and(|(_, usage)| !usage.key_cert_sign()) {
        return Err("does not let its key sign certificates".into());
    }
    if body.subject().is_empty() {
        return Err("has no subject".into());
    }
    for extension in body.extensions().map(Vec::as_slice).unwrap_or_default() {
        let oid = extension.extn_id;
        let known = [
            BasicConstraints::OID,
            KeyUsage::OID,
            ExtendedKeyUsage::OID,
            SubjectKeyIdentifier::OID,
        ];
        let limits = [NameConstraints::OID, PolicyConstraints::OID];
        if limits.contains(&oid) || (extension.critical && !known.contains(&oid)) {
            return Err(format!("has a limit that Keyreeve does not check ({oid})"));
        }
    }
    let spki = body.subject_public_key_info().to_der().map_err(damaged)?;
    let key =
        adopt_public(&spki).map_err(|error| format!("has a key that cannot be used: {error}"))?;
    let key_id = body.get_extension::<SubjectKeyIdentifier>().map_err(damaged)?;
    let purposes = body.get_extension::<ExtendedKeyUsage>().map_err(damaged)?;
    Ok(Authority {
        subject: body.subject().clone(),
        issuer: body.issuer().clone(),
        spki: key.spki,
        key_id: key_id.map(|(_, id)| id.0),
        path_length: path_len_constraint,
        signs_lists: usage.is_none_or(|(_, usage)| usage.crl_sign()),
        der,
        purposes: purposes.map(|(_, purposes)| purposes),
        from: timestamp(&body.validity().not_before)?,
        until: timestamp(&body.validity().not_after)?,
    })
}

/// The time of a certificate, or why it is none.
pub(crate) fn timestamp(time: &Time) -> Result<Timestamp, String> {
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).ok();
    let time = seconds.and_then(|seconds| Timestamp::from_second(seconds).ok());
    time.ok_or_else(|| "is valid at a time that none can name".into())
}

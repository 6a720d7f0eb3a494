//! Building a certificate, whoever signs it.

use core::time::Duration;

use keyreeve_crypto::{SigningKey, make_array};
use keyreeve_domain::Timestamp;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{self, Builder as _, CertificateBuilder};
use x509_cert::certificate::TbsCertificate;
use x509_cert::der::asn1::{Ia5String, OctetString};
use x509_cert::der::flagset::FlagSet;
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::der::{DateTime, Decode as _, Encode as _};
use x509_cert::ext::pkix::crl::dp::DistributionPoint;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, CrlDistributionPoints, ExtendedKeyUsage, KeyUsage,
    KeyUsages, SubjectAltName, SubjectKeyIdentifier,
};
use x509_cert::ext::{Extension, ToExtension as _};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef};
use x509_cert::time::{Time, Validity};

use super::names::{CertificateNames, is_uri};
use super::request::bits;
use super::signer::{Signed, Signer};
use super::template::{ExtendedUsage, Usage, authority_usages};
use super::{CertificateError, encoding, file};
use crate::text;

/// For how long before it was made a certificate is valid. Whoever is handed it at once may have a
/// clock that runs behind, and would refuse one that is not valid yet.
const BACKDATED_SECONDS: i64 = 5 * 60;

/// What a key is to say of itself.
#[derive(Debug)]
pub struct SelfSignRequest<'a> {
    /// For whom.
    pub names: &'a CertificateNames,
    /// What the key may do; signatures if empty.
    pub usages: &'a [Usage],
    /// What it is for.
    pub extended: &'a [ExtendedUsage],
    /// Whether it is an authority, and how many more may stand below it.
    pub authority: Option<Option<u8>>,
    /// When it is made; it is valid from a little before.
    pub now: Timestamp,
    /// For how many days.
    pub days: u32,
}

/// A certificate that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeCertificate {
    /// In PEM.
    pub pem: String,
    /// In DER.
    pub der: Vec<u8>,
    /// For whom, as RFC 4514 writes names.
    pub subject: String,
    /// Its number, in hexadecimal.
    pub serial: String,
    /// From when it is valid.
    pub not_before: Timestamp,
    /// Until when it is valid.
    pub not_after: Timestamp,
}

/// A certificate that `key`, whose public half is `spki`, signs for itself.
///
/// # Errors
/// When the key cannot sign, or the time is out of bounds.
pub fn self_signed(
    key: &SigningKey,
    spki: &[u8],
    wanted: &SelfSignRequest<'_>,
) -> Result<MadeCertificate, CertificateError> {
    let usages = match wanted.authority {
        Some(_) if wanted.usages.is_empty() => authority_usages(),
        Some(_) => authority_usages() | bits(wanted.usages),
        None => bits(wanted.usages),
    };
    let profile = Profile {
        issuer: wanted.names.subject.clone(),
        names: wanted.names.clone(),
        usages,
        extended: wanted.extended.iter().map(|usage| usage.oid()).collect(),
        authority: wanted.authority,
        issuer_key_id: None,
        crl_points: None,
    };
    build(Signer { key, spki }, spki, profile, start(wanted.now)?, wanted.days)
}

/// What a certificate says.
pub(super) struct Profile {
    pub(super) issuer: Name,
    pub(super) names: CertificateNames,
    pub(super) usages: FlagSet<KeyUsages>,
    pub(super) extended: Vec<ObjectIdentifier>,
    pub(super) authority: Option<Option<u8>>,
    /// What the issuer's certificate calls its key; the usual digest of it if that does not say.
    pub(super) issuer_key_id: Option<OctetString>,
    /// Where the issuer's lists of revoked certificates are found.
    pub(super) crl_points: Option<CrlDistributionPoints>,
}

/// One place where lists of revoked certificates are found (RFC 5280, section 4.2.1.13).
///
/// # Errors
/// When it is no address of the web.
pub(super) fn crl_points(url: &str) -> Result<CrlDistributionPoints, CertificateError> {
    let place = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    if !is_uri(url) || place.is_none_or(|place| place.is_empty() || place.starts_with('/')) {
        let said = "the address of the revocation list is none: it begins with http:// or https://";
        return Err(CertificateError::Invalid(said.into()));
    }
    let url = GeneralName::UniformResourceIdentifier(Ia5String::new(url).map_err(encoding)?);
    Ok(CrlDistributionPoints(vec![DistributionPoint {
        distribution_point: Some(DistributionPointName::FullName(vec![url])),
        reasons: None,
        crl_issuer: None,
    }]))
}

/// Builds and signs a certificate for the key `spki`.
pub(super) fn build(
    signer: Signer<'_>,
    spki: &[u8],
    profile: Profile,
    from: Timestamp,
    days: u32,
) -> Result<MadeCertificate, CertificateError> {
    let until = end(from, days)?;
    let validity = Validity::new(time(from)?, time(until)?);
    // 126 random bits, positive, and always as long.
    let mut number: [u8; 16] = make_array()?;
    number[0] = number[0] & 0x7f | 0x40;
    let serial = SerialNumber::new(&number).map_err(encoding)?;
    let subject = text::one_line(&profile.names.subject.to_string());
    let spki = SubjectPublicKeyInfoOwned::from_der(spki).map_err(encoding)?;
    let builder = CertificateBuilder::new(profile, serial, validity, spki).map_err(encoding)?;
    let certificate = builder.build::<_, Signed>(&signer).map_err(encoding)?;
    Ok(MadeCertificate {
        pem: file::pem("CERTIFICATE", &certificate)?,
        der: certificate.to_der().map_err(encoding)?,
        subject,
        serial: hex::encode(number),
        not_before: whole_seconds(from)?,
        not_after: until,
    })
}

/// From when a certificate is valid that is made `now`.
pub(super) fn start(now: Timestamp) -> Result<Timestamp, CertificateError> {
    Timestamp::from_second(now.as_second().saturating_sub(BACKDATED_SECONDS))
        .map_err(|_before_all_time| out_of_bounds())
}

/// When so many days from then end.
pub(super) fn end(from: Timestamp, days: u32) -> Result<Timestamp, CertificateError> {
    let seconds = from.as_second().checked_add(i64::from(days) * 24 * 60 * 60);
    seconds.and_then(|seconds| Timestamp::from_second(seconds).ok()).ok_or_else(out_of_bounds)
}

fn whole_seconds(at: Timestamp) -> Result<Timestamp, CertificateError> {
    Timestamp::from_second(at.as_second()).map_err(|_never| out_of_bounds())
}

pub(super) fn time(at: Timestamp) -> Result<Time, CertificateError> {
    let seconds = u64::try_from(at.as_second()).map_err(|_before_1970| out_of_bounds())?;
    let at = DateTime::from_unix_duration(Duration::from_secs(seconds))
        .map_err(|_beyond_9999| out_of_bounds())?;
    Ok(Time::from(at))
}

fn out_of_bounds() -> CertificateError {
    CertificateError::Invalid("the certificate would be valid at a time that none can name".into())
}

impl BuilderProfile for Profile {
    fn get_issuer(&self, _subject: &Name) -> Name {
        self.issuer.clone()
    }

    fn get_subject(&self) -> Name {
        self.names.subject.clone()
    }

    fn build_extensions(
        &self,
        spk: SubjectPublicKeyInfoRef<'_>,
        issuer_spk: SubjectPublicKeyInfoRef<'_>,
        _tbs: &TbsCertificate,
    ) -> builder::Result<Vec<Extension>> {
        let subject = &self.names.subject;
        let issuer_key_id = match &self.issuer_key_id {
            Some(id) => id.clone(),
            None => SubjectKeyIdentifier::try_from(issuer_spk)?.0,
        };
        let authority = AuthorityKeyIdentifier {
            key_identifier: Some(issuer_key_id),
            ..AuthorityKeyIdentifier::default()
        };
        let constraints = BasicConstraints {
            ca: self.authority.is_some(),
            path_len_constraint: self.authority.flatten(),
        };
        let mut all = vec![
            (&constraints).to_extension(subject, &[])?,
            (&KeyUsage(self.usages)).to_extension(subject, &[])?,
            (&SubjectKeyIdentifier::try_from(spk)?).to_extension(subject, &[])?,
            (&authority).to_extension(subject, &[])?,
        ];
        if !self.extended.is_empty() {
            all.push((&ExtendedKeyUsage(self.extended.clone())).to_extension(subject, &[])?);
        }
        if !self.names.alternative.is_empty() {
            let names = SubjectAltName(self.names.alternative.clone());
            all.push((&names).to_extension(subject, &[])?);
        }
        if let Some(points) = &self.crl_points {
            all.push(points.to_extension(subject, &[])?);
        }
        Ok(all)
    }
}

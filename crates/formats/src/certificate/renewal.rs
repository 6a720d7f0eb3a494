//! A newer certificate in the place of an older one: it says the same, of the same key or the next.

use keyreeve_crypto::SigningKey;
use keyreeve_domain::Timestamp;
use x509_cert::Certificate;
use x509_cert::der::Decode as _;
use x509_cert::der::flagset::FlagSet;
use x509_cert::der::oid::AssociatedOid as _;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, CrlDistributionPoints, ExtendedKeyUsage, KeyUsage,
    KeyUsages, SubjectAltName, SubjectKeyIdentifier,
};

use super::authority::{Authority, below};
use super::build::{MadeCertificate, Profile, build, start};
use super::names::CertificateNames;
use super::signer::Signer;
use super::template::{AUTHORITY_DAYS, CertificateTemplate, SELF_SIGNED_DAYS};
use super::{CertificateError, template};

/// What an older certificate says, to be said again.
#[derive(Debug, Clone)]
pub struct Renewal {
    names: CertificateNames,
    usages: FlagSet<KeyUsages>,
    extended: Option<ExtendedKeyUsage>,
    authority: Option<Option<u8>>,
    crl_points: Option<CrlDistributionPoints>,
}

impl Renewal {
    /// Reads what the certificate in `der` says.
    ///
    /// # Errors
    /// When it is damaged, or says something that Keyreeve does not issue: a newer one would say less.
    pub fn read(der: &[u8]) -> Result<Self, CertificateError> {
        read(der).map_err(CertificateError::Old)
    }

    /// A newer certificate that `key`, whose public half is `spki`, signs for itself.
    ///
    /// # Errors
    /// When the key cannot sign, or the time is out of bounds.
    pub fn self_signed(
        &self,
        key: &SigningKey,
        spki: &[u8],
        now: Timestamp,
        days: u32,
    ) -> Result<MadeCertificate, CertificateError> {
        let profile = self.profile();
        build(Signer { key, spki }, spki, profile, start(now)?, days)
    }

    /// For how many days such a certificate is valid at most, whoever signs it.
    #[must_use]
    pub fn most_days(&self, itself: bool) -> u32 {
        let template = |extended: &ExtendedKeyUsage| {
            CertificateTemplate::ALL.iter().copied().find(|template| {
                template.extended().is_some_and(|usage| extended.0.contains(&usage.oid()))
            })
        };
        match (itself, self.authority) {
            (true, Some(_)) => AUTHORITY_DAYS.1,
            (true, None) => SELF_SIGNED_DAYS.1,
            (false, Some(_)) => CertificateTemplate::Intermediate.days().1,
            (false, None) => {
                let template = self.extended.as_ref().and_then(template);
                template.unwrap_or(CertificateTemplate::TlsClient).days().1
            }
        }
    }

    fn profile(&self) -> Profile {
        Profile {
            issuer: self.names.subject.clone(),
            names: self.names.clone(),
            usages: self.usages,
            extended: self.extended.as_ref().map(|all| all.0.clone()).unwrap_or_default(),
            authority: self.authority,
            issuer_key_id: None,
            crl_points: self.crl_points.clone(),
        }
    }
}

impl Authority {
    /// Issues a newer certificate for the key `subject_key`, with the authority's own `key`, whose
    /// public half is `spki`.
    ///
    /// # Errors
    /// When that is another key, or the authority may not issue that, or not for so long.
    pub fn renew(
        &self,
        (key, spki): (&SigningKey, &[u8]),
        renewal: &Renewal,
        subject_key: &[u8],
        now: Timestamp,
        days: u32,
    ) -> Result<MadeCertificate, CertificateError> {
        self.check_key(spki)?;
        let from = self.start(now, days)?;
        self.check_purposes(renewal.extended.as_ref())?;
        if let Some(length) = renewal.authority {
            below(self.path_length, length)?;
        }
        let profile = Profile {
            issuer: self.subject.clone(),
            issuer_key_id: self.key_id.clone(),
            ..renewal.profile()
        };
        build(Signer { key, spki }, subject_key, profile, from, days)
    }
}

fn read(der: &[u8]) -> Result<Renewal, String> {
    let damaged = |_: x509_cert::der::Error| "is damaged or cut short".to_owned();
    let certificate = Certificate::from_der(der).map_err(damaged)?;
    let body = certificate.tbs_certificate();
    for extension in body.extensions().map(Vec::as_slice).unwrap_or_default() {
        let known = [
            BasicConstraints::OID,
            KeyUsage::OID,
            ExtendedKeyUsage::OID,
            SubjectKeyIdentifier::OID,
            AuthorityKeyIdentifier::OID,
            SubjectAltName::OID,
            CrlDistributionPoints::OID,
        ];
        if !known.contains(&extension.extn_id) {
            return Err(format!("says what Keyreeve does not issue ({})", extension.extn_id));
        }
    }
    let alternative = body.get_extension::<SubjectAltName>().map_err(damaged)?;
    let names =
        CertificateNames::of_request(body.subject().clone(), alternative.map(|(_, names)| names))?;
    let constraints = body.get_extension::<BasicConstraints>().map_err(damaged)?;
    let authority = constraints.filter(|(_, found)| found.ca);
    let authority = authority.map(|(_, found)| found.path_len_constraint);
    let usages = body.get_extension::<KeyUsage>().map_err(damaged)?;
    let usages = usages.map_or_else(|| template::usual(authority.is_some()), |(_, usage)| usage.0);
    let extended = body.get_extension::<ExtendedKeyUsage>().map_err(damaged)?;
    let points = body.get_extension::<CrlDistributionPoints>().map_err(damaged)?;
    let crl_points = points.map(|(_, points)| points);
    Ok(Renewal { names, usages, extended: extended.map(|(_, all)| all), authority, crl_points })
}

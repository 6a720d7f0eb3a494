//! Lists of revoked certificates (RFC 5280, section 5), version 2.

use keyreeve_crypto::SigningKey;
use keyreeve_domain::{Revocation, RevocationReason, Timestamp};
use signature::Signer as _;
use x509_cert::certificate::Version;
use x509_cert::crl::{CertificateList, RevokedCert, TbsCertList};
use x509_cert::der::Encode as _;
use x509_cert::ext::ToExtension as _;
use x509_cert::ext::pkix::{AuthorityKeyIdentifier, CrlNumber, CrlReason, SubjectKeyIdentifier};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{
    DynSignatureAlgorithmIdentifier as _, SignatureBitStringEncoding as _, SubjectPublicKeyInfoRef,
};

use super::authority::Authority;
use super::build::{end, time};
use super::signer::Signer;
use super::{CertificateError, encoding, file};

/// What a list is to say.
#[derive(Debug)]
pub struct CrlRequest<'a> {
    /// The revoked certificates: their numbers in hexadecimal, when and why.
    pub revoked: &'a [(String, Revocation)],
    /// Its number, larger than that of every list before it.
    pub number: u64,
    /// When it is made.
    pub now: Timestamp,
    /// In how many days the next one is there at the latest.
    pub days: u32,
}

/// A list that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeCrl {
    /// In PEM.
    pub pem: String,
    /// In DER.
    pub der: Vec<u8>,
    /// When the next one is there at the latest.
    pub next_update: Timestamp,
}

impl Authority {
    /// Signs a list of the certificates that it revoked, with its own `key`, whose public half is
    /// `spki`.
    ///
    /// # Errors
    /// When that is another key, its certificate does not let it sign lists, or a time is out of
    /// bounds.
    pub fn revocation_list(
        &self,
        key: &SigningKey,
        spki: &[u8],
        wanted: &CrlRequest<'_>,
    ) -> Result<MadeCrl, CertificateError> {
        self.check_key(spki)?;
        if !self.signs_lists {
            return Err(CertificateError::Authority(
                "does not let its key sign revocation lists".into(),
            ));
        }
        let signer = Signer { key, spki };
        let next_update = end(wanted.now, wanted.days)?;
        let key_id = match &self.key_id {
            Some(id) => id.clone(),
            None => {
                SubjectKeyIdentifier::try_from(
                    SubjectPublicKeyInfoRef::try_from(spki).map_err(encoding)?,
                )
                .map_err(encoding)?
                .0
            }
        };
        let authority = AuthorityKeyIdentifier {
            key_identifier: Some(key_id),
            ..AuthorityKeyIdentifier::default()
        };
        let number = CrlNumber::try_from(wanted.number).map_err(encoding)?;
        let nobody = Name::default();
        let extensions = vec![
            (&authority).to_extension(&nobody, &[]).map_err(encoding)?,
            (&number).to_extension(&nobody, &[]).map_err(encoding)?,
        ];
        let entries = wanted.revoked.iter().map(|(serial, revocation)| entry(serial, *revocation));
        let entries: Vec<_> = entries.collect::<Result<_, _>>()?;
        let algorithm = signer.signature_algorithm_identifier().map_err(encoding)?;
        let list = TbsCertList {
            version: Version::V2,
            signature: algorithm.clone(),
            issuer: self.subject.clone(),
            this_update: time(wanted.now)?,
            next_update: Some(time(next_update)?),
            // An empty list has none: a SEQUENCE without members is not allowed there.
            revoked_certificates: (!entries.is_empty()).then_some(entries),
            crl_extensions: Some(extensions),
        };
        let signed = signer.try_sign(&list.to_der().map_err(encoding)?).map_err(encoding)?;
        let list = CertificateList {
            tbs_cert_list: list,
            signature_algorithm: algorithm,
            signature: signed.to_bitstring().map_err(encoding)?,
        };
        let der = list.to_der().map_err(encoding)?;
        Ok(MadeCrl { pem: file::pem("X509 CRL", &list)?, der, next_update })
    }
}

fn entry(serial: &str, revocation: Revocation) -> Result<RevokedCert, CertificateError> {
    let reason = match revocation.reason {
        // Section 5.3.1: one says nothing rather than this.
        RevocationReason::Unspecified => None,
        RevocationReason::KeyCompromise => Some(CrlReason::KeyCompromise),
        RevocationReason::CaCompromise => Some(CrlReason::CaCompromise),
        RevocationReason::AffiliationChanged => Some(CrlReason::AffiliationChanged),
        RevocationReason::Superseded => Some(CrlReason::Superseded),
        RevocationReason::CessationOfOperation => Some(CrlReason::CessationOfOperation),
        RevocationReason::PrivilegeWithdrawn => Some(CrlReason::PrivilegeWithdrawn),
        RevocationReason::AaCompromise => Some(CrlReason::AaCompromise),
    };
    let reason = reason.map(|reason| (&reason).to_extension(&Name::default(), &[]));
    Ok(RevokedCert {
        serial_number: SerialNumber::new(&hex::decode(serial).map_err(encoding)?)
            .map_err(encoding)?,
        revocation_date: time(revocation.at)?,
        crl_entry_extensions: reason.transpose().map_err(encoding)?.map(|reason| vec![reason]),
    })
}

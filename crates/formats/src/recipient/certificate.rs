//! A certificate whose owner can open a CMS message.

use cms::cert::IssuerAndSerialNumber;
use keyreeve_crypto::{
    AdoptedPublicKey, Algorithm, CardCurve, Family, PublicParts, WrappingKey, adopt_public, sha256,
};
use keyreeve_domain::Timestamp;
use x509_cert::Certificate;
use x509_cert::der::{Decode as _, Encode as _};
use x509_cert::ext::pkix::KeyUsage;

use super::{Kind, Recipient, RecipientError};
use crate::certificate::{pem_or_der, timestamp};

/// Whose certificate, and with what it is encrypted to.
pub(super) struct CertificateRecipient {
    pub(super) id: IssuerAndSerialNumber,
    pub(super) key: CertificateKey,
}

pub(super) enum CertificateKey {
    /// RSAES-OAEP (RFC 3560).
    Rsa(WrappingKey),
    /// Ephemeral-static ECDH with a point on a curve (RFC 5753).
    Ec { curve: CardCurve, point: Vec<u8> },
}

impl CertificateRecipient {
    /// Reads one certificate; `None` if the file holds something else.
    pub(super) fn read(bytes: &[u8], now: Timestamp) -> Result<Option<Recipient>, RecipientError> {
        let Ok(der) = pem_or_der(bytes, &["CERTIFICATE"]) else { return Ok(None) };
        let Ok(certificate) = Certificate::from_der(&der) else { return Ok(None) };
        let body = certificate.tbs_certificate();
        let unfit = |why: String| RecipientError::Unfit(format!("holds a certificate that {why}"));
        let damaged = |_: x509_cert::der::Error| unfit("is damaged".into());

        let from = timestamp(&body.validity().not_before).map_err(&unfit)?;
        let until = timestamp(&body.validity().not_after).map_err(&unfit)?;
        if now < from {
            return Err(unfit(format!("is not valid before {from}")));
        }
        if now >= until {
            return Err(unfit(format!(
                "expired on {until}: ask its owner for the one that followed"
            )));
        }
        let spki = body.subject_public_key_info().to_der().map_err(damaged)?;
        let key = adopt_public(&spki).map_err(|error| unfit(format!("cannot be used: {error}")))?;
        let key = CertificateKey::of(&key).map_err(&unfit)?;
        if let Some((_, usage)) = body.get_extension::<KeyUsage>().map_err(damaged)? {
            let (may, what) = match key {
                CertificateKey::Rsa(_) => (usage.key_encipherment(), "key encipherment"),
                CertificateKey::Ec { .. } => (usage.key_agreement(), "key agreement"),
            };
            if !may {
                return Err(unfit(format!("is not for {what}: ask its owner for one that is")));
            }
        }
        let id = IssuerAndSerialNumber {
            issuer: body.issuer().clone(),
            serial_number: body.serial_number().clone(),
        };
        let name = body.subject().to_string();
        let kind = Kind::Certificate(Box::new(Self { id, key }));
        Ok(Some(Recipient::new(kind, hex::encode(sha256(&der)), Some(&name))))
    }
}

impl CertificateKey {
    fn of(key: &AdoptedPublicKey) -> Result<Self, String> {
        if key.algorithm.family() == Family::Rsa {
            return WrappingKey::from_spki(&key.spki)
                .map(Self::Rsa)
                .map_err(|error| format!("cannot be used: {error}"));
        }
        let curve = match key.algorithm {
            Algorithm::EcP256 => CardCurve::P256,
            Algorithm::EcP384 => CardCurve::P384,
            Algorithm::EcP521 => CardCurve::P521,
            other => return Err(format!("has a key of {other}, which CMS is not encrypted to")),
        };
        match PublicParts::from_spki(key.algorithm, &key.spki) {
            Ok(PublicParts::Ec { point, .. }) => Ok(Self::Ec { curve, point: point.to_vec() }),
            _ => Err("has no point on its curve".into()),
        }
    }
}

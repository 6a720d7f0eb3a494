//! Whether one certificate issued another: one step of a chain (RFC 5280, section 6.1.3).

use keyreeve_crypto::{adopt_public, verify_signature};
use x509_cert::certificate::{CertificateInner, Raw};
use x509_cert::crl::CertificateList;
use x509_cert::der::{Decode as _, Encode as _};
use x509_cert::ext::pkix::KeyUsage;

use super::signer::scheme_of;

/// Checks that the key of the certificate `issuer` signed `certificate`, and that the names fit; both
/// are in DER. Neither's time nor what the issuer may issue is looked at.
///
/// # Errors
/// In words, when it is not so.
pub fn check_issued_by(certificate: &[u8], issuer: &[u8]) -> Result<(), String> {
    let damaged = |_: x509_cert::der::Error| "it is damaged or cut short".to_owned();
    let certificate = CertificateInner::<Raw>::from_der(certificate).map_err(damaged)?;
    let issuer = CertificateInner::<Raw>::from_der(issuer).map_err(damaged)?;
    let body = certificate.tbs_certificate();
    if body.issuer() != issuer.tbs_certificate().subject() {
        return Err("it names another issuer".into());
    }
    let spki = issuer.tbs_certificate().subject_public_key_info().to_der().map_err(damaged)?;
    let key = adopt_public(&spki)
        .map_err(|error| format!("its issuer has a key that cannot be used: {error}"))?;
    let oid = certificate.signature_algorithm().oid;
    let scheme = scheme_of(oid).ok_or_else(|| format!("it is signed in an unknown way ({oid})"))?;
    let signature = certificate.signature().as_bytes().unwrap_or_default();
    verify_signature(&key, scheme, &body.to_der().map_err(damaged)?, signature)
        .map_err(|error| format!("its signature does not hold: {error}"))
}

/// Checks that the key of the certificate `issuer` signed the revocation list `list`, that it may, and
/// that the names fit (RFC 5280, section 6.3.3); both are in DER. The list's time is not looked at.
///
/// # Errors
/// In words, when it is not so.
pub fn check_list_signed_by(list: &[u8], issuer: &[u8]) -> Result<(), String> {
    let damaged = |_: x509_cert::der::Error| "it is damaged or cut short".to_owned();
    let list = CertificateList::<Raw>::from_der(list).map_err(damaged)?;
    let issuer = CertificateInner::<Raw>::from_der(issuer).map_err(damaged)?;
    let above = issuer.tbs_certificate();
    if list.tbs_cert_list.issuer != *above.subject() {
        return Err("it names another issuer".into());
    }
    let usage = above.get_extension::<KeyUsage>().map_err(damaged)?;
    if usage.is_some_and(|(_, usage)| !usage.crl_sign()) {
        return Err("its issuer's certificate does not let its key sign lists".into());
    }
    let spki = above.subject_public_key_info().to_der().map_err(damaged)?;
    let key = adopt_public(&spki)
        .map_err(|error| format!("its issuer has a key that cannot be used: {error}"))?;
    let oid = list.signature_algorithm.oid;
    let scheme = scheme_of(oid).ok_or_else(|| format!("it is signed in an unknown way ({oid})"))?;
    let body = list.tbs_cert_list.to_der().map_err(damaged)?;
    let signature = list.signature.as_bytes().unwrap_or_default();
    verify_signature(&key, scheme, &body, signature)
        .map_err(|error| format!("its signature does not hold: {error}"))
}

#[cfg(test)]
mod tests {
    use keyreeve_crypto::{Algorithm, SigningKey, identify, make_key};
    use keyreeve_domain::Timestamp;

    use super::*;
    use crate::certificate::{CertificateNames, SelfSignRequest, self_signed};

    fn made(subject: &str) -> Vec<u8> {
        let material = make_key(Algorithm::Ed25519).unwrap();
        let key = SigningKey::open(Algorithm::Ed25519, &material).unwrap();
        let spki = identify(Algorithm::Ed25519, &material).unwrap().public_key.unwrap();
        let wanted = SelfSignRequest {
            names: &CertificateNames::parse(subject, &[]).unwrap(),
            usages: &[],
            extended: &[],
            authority: Some(None),
            now: Timestamp::from_second(1_800_000_000).unwrap(),
            days: 10,
        };
        self_signed(&key, &spki, &wanted).unwrap().der
    }

    #[test]
    fn only_the_key_that_signed_a_certificate_issued_it_and_only_unchanged() {
        let (root, twin, other) = (made("CN=a"), made("CN=a"), made("CN=b"));
        check_issued_by(&root, &root).unwrap();
        assert!(check_issued_by(&root, &twin).unwrap_err().contains("signature"));
        assert!(check_issued_by(&root, &other).unwrap_err().contains("another issuer"));
        for at in 0..root.len() {
            assert!(check_issued_by(&root[..at], &root).is_err(), "cut at {at}");
            let mut changed = root.clone();
            changed[at] ^= 1;
            assert!(check_issued_by(&changed, &root).is_err(), "byte {at}");
        }
    }
}

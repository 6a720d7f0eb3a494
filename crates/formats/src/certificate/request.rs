//! Requests for certificates (RFC 2986).

use keyreeve_crypto::{AdoptedPublicKey, SigningKey, adopt_public, verify_signature};
use x509_cert::builder::Builder as _;
use x509_cert::der::flagset::FlagSet;
use x509_cert::der::oid::AssociatedOid as _;
use x509_cert::der::{Decode as _, Encode as _};
use x509_cert::ext::pkix::{ExtendedKeyUsage, KeyUsage, SubjectAltName};
use x509_cert::request::{CertReq, ExtensionReq, RequestBuilder};

use super::names::CertificateNames;
use super::signer::{Signed, Signer, scheme_of};
use super::template::{ExtendedUsage, Usage};
use super::{CertificateError, encoding, file};

/// Asks for a certificate of `key`, whose public half is `spki`; in PEM. Without a usage it asks for
/// that of signatures.
///
/// # Errors
/// When the key cannot sign.
pub fn certificate_request(
    key: &SigningKey,
    spki: &[u8],
    names: &CertificateNames,
    usages: &[Usage],
    extended: &[ExtendedUsage],
) -> Result<String, CertificateError> {
    let mut builder = RequestBuilder::new(names.subject.clone()).map_err(encoding)?;
    if !names.alternative.is_empty() {
        let names = SubjectAltName(names.alternative.clone());
        builder.add_extension(&names).map_err(encoding)?;
    }
    builder.add_extension(&KeyUsage(bits(usages))).map_err(encoding)?;
    if !extended.is_empty() {
        let extended = ExtendedKeyUsage(extended.iter().map(|usage| usage.oid()).collect());
        builder.add_extension(&extended).map_err(encoding)?;
    }
    let signed = builder.build::<_, Signed>(&Signer { key, spki }).map_err(encoding)?;
    file::pem("CERTIFICATE REQUEST", &signed)
}

/// The usages as bits; that of signatures when there is none.
pub(super) fn bits(usages: &[Usage]) -> FlagSet<x509_cert::ext::pkix::KeyUsages> {
    if usages.is_empty() {
        return Usage::DigitalSignature.bit().into();
    }
    usages.iter().fold(FlagSet::default(), |all, usage| all | usage.bit())
}

/// A request of someone's that was read: its key signed it, and its names deceive nobody.
#[derive(Debug, Clone)]
pub struct ReadRequest {
    pub(super) names: CertificateNames,
    pub(super) key: AdoptedPublicKey,
}

impl ReadRequest {
    /// Reads a request in PEM or DER, and checks that the key in it signed it.
    ///
    /// # Errors
    /// When it is damaged, its signature is not its key's, or its key or names cannot be in a
    /// certificate.
    pub fn read(file: &[u8]) -> Result<Self, CertificateError> {
        read(file).map_err(CertificateError::Request)
    }
}

fn read(file: &[u8]) -> Result<ReadRequest, String> {
    let der = file::der(file, &["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"])?;
    let damaged = |_: x509_cert::der::Error| "is damaged or cut short".to_owned();
    let request = CertReq::from_der(&der).map_err(damaged)?;
    let spki = request.info.public_key.to_der().map_err(damaged)?;
    let key =
        adopt_public(&spki).map_err(|error| format!("has a key that cannot be used: {error}"))?;
    let scheme = scheme_of(request.algorithm.oid)
        .ok_or_else(|| format!("is signed in an unknown way ({})", request.algorithm.oid))?;
    let signed = request.info.to_der().map_err(damaged)?;
    verify_signature(&key, scheme, &signed, request.signature.as_bytes().unwrap_or_default())
        .map_err(|error| format!("is not to be trusted: {error}"))?;
    let mut asked = Vec::new();
    for attribute in request.info.attributes.iter() {
        if attribute.oid == ExtensionReq::OID {
            for value in attribute.values.iter() {
                asked.extend(value.decode_as::<ExtensionReq>().map_err(damaged)?.0);
            }
        }
    }
    let mut names = asked.iter().filter(|extension| extension.extn_id == SubjectAltName::OID);
    let alternative = names
        .next()
        .map(|names| SubjectAltName::from_der(names.extn_value.as_bytes()))
        .transpose()
        .map_err(damaged)?;
    if names.next().is_some() {
        return Err("has alternative names twice".into());
    }
    let names = CertificateNames::of_request(request.info.subject, alternative)?;
    Ok(ReadRequest { names, key })
}

#[cfg(test)]
mod tests {
    use keyreeve_crypto::{Algorithm, identify, make_key};

    use super::*;

    fn made() -> Vec<u8> {
        let material = make_key(Algorithm::Ed25519).unwrap();
        let key = SigningKey::open(Algorithm::Ed25519, &material).unwrap();
        let spki = identify(Algorithm::Ed25519, &material).unwrap().public_key.unwrap();
        let names = CertificateNames::parse("CN=a,O=b", &["dns:a.example".into()]).unwrap();
        let extended = [ExtendedUsage::TlsServer];
        let pem = certificate_request(&key, &spki, &names, &[], &extended).unwrap();
        assert_eq!(ReadRequest::read(pem.as_bytes()).unwrap().names, names);
        file::der(pem.as_bytes(), &["CERTIFICATE REQUEST"]).unwrap()
    }

    #[test]
    fn a_request_cut_short_or_changed_anywhere_is_refused() {
        let whole = made();
        ReadRequest::read(&whole).unwrap();
        for at in 0..whole.len() {
            assert!(ReadRequest::read(&whole[..at]).is_err(), "cut at {at}");
            for bit in 0..8 {
                let mut changed = whole.clone();
                changed[at] ^= 1 << bit;
                assert!(ReadRequest::read(&changed).is_err(), "bit {bit} of {at}");
            }
        }
    }
}

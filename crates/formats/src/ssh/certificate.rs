//! Signing certificates of OpenSSH.

use keyreeve_crypto::{Algorithm, PublicParts, SigningKey, make_array};
use keyreeve_domain::Timestamp;
use signature::Signer;
use ssh_key_ppk::certificate::{Builder, CertType};
use ssh_key_ppk::public::KeyData;
use ssh_key_ppk::{Algorithm as SshAlgorithm, HashAlg, PublicKey, Signature};

use super::names::{SshLimits, check_key_id, check_principals};
use crate::certificate::CertificateError;
use crate::openssh::public_blob;

/// How long before it is made a certificate begins, in seconds: for clocks that run behind.
const EARLIER: i64 = 5 * 60;

/// For what a certificate is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SshSubject {
    /// Someone who logs in, and what they may do there.
    User(SshLimits),
    /// A host.
    Host,
}

/// What a certificate is to say.
#[derive(Debug)]
pub struct SshCertificateRequest<'a> {
    /// The algorithm of the key that it is of.
    pub algorithm: Algorithm,
    /// That key's SubjectPublicKeyInfo.
    pub public_key: &'a [u8],
    /// For what it is.
    pub subject: &'a SshSubject,
    /// What servers write into their logs.
    pub key_id: &'a str,
    /// The users or hosts that it may stand for.
    pub principals: &'a [String],
    /// Its number.
    pub serial: u64,
    /// When it is made.
    pub now: Timestamp,
    /// Until when it is valid.
    pub until: Timestamp,
}

/// Signs a certificate with `key`, an `algorithm` key whose public half is `spki`. Answers the line that
/// belongs into a `…-cert.pub` file.
///
/// # Errors
/// When a part is not what it must be, OpenSSH knows no such key, or the key cannot sign.
pub fn ssh_certificate(
    key: &SigningKey,
    algorithm: Algorithm,
    spki: &[u8],
    wanted: &SshCertificateRequest<'_>,
) -> Result<String, CertificateError> {
    check_principals(wanted.principals)?;
    check_key_id(wanted.key_id)?;
    let nonce: [u8; 32] = make_array()?;
    let seconds = |at: i64| u64::try_from(at).map_err(encoding);
    let from = seconds(wanted.now.as_second() - EARLIER)?;
    let until = seconds(wanted.until.as_second())?;
    let subject = key_data(wanted.algorithm, wanted.public_key)?;
    let mut builder = Builder::new(nonce, subject, from, until).map_err(encoding)?;
    builder.serial(wanted.serial).map_err(encoding)?;
    builder.key_id(wanted.key_id).map_err(encoding)?;
    for principal in wanted.principals {
        builder.valid_principal(principal).map_err(encoding)?;
    }
    let kind = match wanted.subject {
        SshSubject::Host => CertType::Host,
        SshSubject::User(limits) => {
            for (name, value) in limits.options()? {
                builder.critical_option(name, value).map_err(encoding)?;
            }
            for name in limits.extensions()? {
                builder.extension(name, "").map_err(encoding)?;
            }
            CertType::User
        }
    };
    builder.cert_type(kind).map_err(encoding)?;
    builder.comment(wanted.key_id).map_err(encoding)?;
    let signer = SshSigner { key, algorithm, public: key_data(algorithm, spki)? };
    let made = builder.sign(&signer).map_err(encoding)?;
    let mut line = made.to_openssh().map_err(encoding)?;
    line.push('\n');
    Ok(line)
}

/// A public key in the library's form.
fn key_data(algorithm: Algorithm, spki: &[u8]) -> Result<KeyData, CertificateError> {
    let blob = ssh_blob(algorithm, spki)?;
    Ok(PublicKey::from_bytes(&blob).map_err(encoding)?.key_data().clone())
}

/// A public key (its SubjectPublicKeyInfo is `spki`) as SSH sends it.
///
/// # Errors
/// When `spki` is no `algorithm` key, or OpenSSH has no such keys.
pub fn ssh_blob(algorithm: Algorithm, spki: &[u8]) -> Result<Vec<u8>, CertificateError> {
    let parts = PublicParts::from_spki(algorithm, spki).map_err(encoding)?;
    let unknown = || {
        CertificateError::Refused(format!(
            "OpenSSH has no keys of algorithm {algorithm}; it has RSA, P-256, P-384, P-521 and Ed25519"
        ))
    };
    Ok(public_blob(&parts).ok_or_else(unknown)?.bytes)
}

/// The fingerprint of a public key as SSH sends it, as `ssh-keygen -l` prints it.
///
/// # Errors
/// When it is none.
pub fn ssh_fingerprint(blob: &[u8]) -> Result<String, CertificateError> {
    let key = PublicKey::from_bytes(blob).map_err(encoding)?;
    Ok(key.fingerprint(HashAlg::Sha256).to_string())
}

fn encoding(_: impl std::error::Error) -> CertificateError {
    CertificateError::Encoding
}

/// A key of the vault as the library has keys sign.
struct SshSigner<'k> {
    key: &'k SigningKey,
    algorithm: Algorithm,
    public: KeyData,
}

impl From<&SshSigner<'_>> for KeyData {
    fn from(signer: &SshSigner<'_>) -> Self {
        signer.public.clone()
    }
}

impl Signer<Signature> for SshSigner<'_> {
    fn try_sign(&self, message: &[u8]) -> Result<Signature, signature::Error> {
        let failed = |_| signature::Error::new();
        let signed = self.key.sign(message).map_err(failed)?;
        let made = match self.public.algorithm() {
            SshAlgorithm::Ecdsa { curve } => {
                let data = ecdsa(&signed).ok_or_else(signature::Error::new)?;
                Signature::new(SshAlgorithm::Ecdsa { curve }, data)
            }
            SshAlgorithm::Rsa { .. } => {
                Signature::new(SshAlgorithm::Rsa { hash: Some(HashAlg::Sha256) }, signed)
            }
            other => Signature::new(other, signed),
        };
        made.map_err(|_malformed| signature::Error::new())
    }
}

impl std::fmt::Debug for SshSigner<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SshSigner({})", self.algorithm)
    }
}

/// An ASN.1 signature of ECDSA as SSH has it: two integers (RFC 5656, section 3.1.2).
fn ecdsa(asn1: &[u8]) -> Option<Vec<u8>> {
    use x509_cert::der::{Decode as _, Reader as _, SliceReader, asn1::UintRef};
    let mut reader = SliceReader::new(asn1).ok()?;
    let (r, s) = reader
        .sequence(|inner| -> x509_cert::der::Result<_> {
            Ok((UintRef::decode(inner)?, UintRef::decode(inner)?))
        })
        .ok()?;
    let mut data = Vec::with_capacity(asn1.len() + 16);
    for number in [r.as_bytes(), s.as_bytes()] {
        let padded = number.first().is_some_and(|first| first & 0x80 != 0);
        let len = number.len() + usize::from(padded);
        data.extend_from_slice(&u32::try_from(len).ok()?.to_be_bytes());
        data.extend(padded.then_some(0));
        data.extend_from_slice(number);
    }
    Some(data)
}

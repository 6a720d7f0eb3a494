//! PKCS#8 files, plain and encrypted, and SEC 1 files.

use keyreeve_crypto::{Algorithm, PrivateParts, SecretBytes, make_array};
use pkcs8::der::{Encode as _, pem};
use pkcs8::pkcs5::{pbes2, scrypt};
use pkcs8::{LineEnding, ObjectIdentifier, PrivateKeyInfoRef, SecretDocument};
use sec1::{EcParameters, EcPrivateKey};
use zeroize::Zeroizing;

use crate::error::ExportError;
use crate::private::Protection;

/// OWASP's figure of 2023 for PBKDF2 with HMAC-SHA-256.
const PBKDF2_ITERATIONS: u32 = 600_000;
/// scrypt's N as a power of two, r and p: of OWASP's equal choices the one whose memory OpenSSL allows.
const SCRYPT: (u8, u32, u32) = (14, 8, 5);

pub(crate) fn pem(
    material: &SecretBytes,
    protection: Protection<'_>,
) -> Result<Option<SecretBytes>, ExportError> {
    let Some(der) = der(material, protection)? else {
        return Ok(None);
    };
    let label = match protection {
        Protection::Plain => "PRIVATE KEY",
        Protection::Passphrase(_) | Protection::Scrypt(_) => "ENCRYPTED PRIVATE KEY",
    };
    // EXPOSE: the bytes become the PEM's body.
    Ok(pem_of(label, der.expose()))
}

pub(crate) fn der(
    material: &SecretBytes,
    protection: Protection<'_>,
) -> Result<Option<SecretBytes>, ExportError> {
    match protection {
        // EXPOSE: a key pair's material is its PKCS#8 encoding.
        Protection::Plain => Ok(Some(SecretBytes::new(material.expose().to_vec()))),
        Protection::Passphrase(passphrase) => {
            // EXPOSE: the passphrase is PBKDF2's input.
            encrypted_with(material, passphrase.expose().as_bytes(), PBKDF2_ITERATIONS)
        }
        Protection::Scrypt(passphrase) => {
            let salt: [u8; 16] = make_array()?;
            let iv: [u8; 16] = make_array()?;
            let (log_n, r, p) = SCRYPT;
            let parameters = scrypt::Params::new(log_n, r, p).ok().and_then(|params| {
                pbes2::Parameters::generate_scrypt_aes256cbc(params, &salt, iv).ok()
            });
            // EXPOSE: the passphrase is scrypt's input.
            let passphrase = passphrase.expose().as_bytes();
            Ok(parameters.and_then(|parameters| encrypt(material, passphrase, parameters)))
        }
    }
}

/// `EncryptedPrivateKeyInfo` by PBES2, with so many rounds of PBKDF2.
pub(crate) fn encrypted_with(
    material: &SecretBytes,
    passphrase: &[u8],
    rounds: u32,
) -> Result<Option<SecretBytes>, ExportError> {
    let salt: [u8; 16] = make_array()?;
    let iv: [u8; 16] = make_array()?;
    let parameters = pbes2::Parameters::generate_pbkdf2_sha256_aes256cbc(rounds, &salt, iv).ok();
    Ok(parameters.and_then(|parameters| encrypt(material, passphrase, parameters)))
}

pub(crate) fn sec1_pem(algorithm: Algorithm, parts: &PrivateParts<'_>) -> Option<SecretBytes> {
    let PrivateParts::Ec { scalar, point } = *parts else {
        return None;
    };
    let curve = match algorithm {
        Algorithm::EcP256 => "1.2.840.10045.3.1.7",
        Algorithm::EcP384 => "1.3.132.0.34",
        Algorithm::EcP521 => "1.3.132.0.35",
        Algorithm::EcSecp256k1 => "1.3.132.0.10",
        _ => return None,
    };
    let key = EcPrivateKey {
        private_key: scalar,
        parameters: Some(EcParameters::NamedCurve(ObjectIdentifier::new(curve).ok()?)),
        public_key: Some(point),
    };
    let der = Zeroizing::new(key.to_der().ok()?);
    pem_of("EC PRIVATE KEY", &der)
}

fn encrypt(
    material: &SecretBytes,
    passphrase: &[u8],
    parameters: pbes2::Parameters,
) -> Option<SecretBytes> {
    // EXPOSE: the plaintext of the encryption.
    let info = PrivateKeyInfoRef::try_from(material.expose()).ok()?;
    let document: SecretDocument = info.encrypt_with_params(parameters, passphrase).ok()?;
    Some(SecretBytes::new(document.as_bytes().to_vec()))
}

fn pem_of(label: &str, der: &[u8]) -> Option<SecretBytes> {
    let text = pem::encode_string(label, LineEnding::LF, der).ok()?;
    Some(SecretBytes::new(text.into_bytes()))
}

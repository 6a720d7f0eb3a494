//! JSON Web Encryption of a key in its compact form (RFC 7516, 7517 section 7, 7518): under a password,
//! and what that shares with [`crate::recipient`] and with reading.

use aes_gcm::aead::{AeadInOut as _, KeyInit as _};
use aes_gcm::{Aes256Gcm, Nonce};
use aes_kw::KwAes256;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use keyreeve_crypto::{SecretBytes, SecretString, make_array};
use pbkdf2::pbkdf2_hmac;
use serde_json::json;
use sha2::Sha512;
use zeroize::Zeroizing;

use crate::error::ExportError;

/// OWASP's figure of 2023 for PBKDF2 with HMAC-SHA-512.
const ROUNDS: u32 = 210_000;
const ALGORITHM: &str = "PBES2-HS512+A256KW";
/// How the content is encrypted.
pub(crate) const ENCRYPTION: &str = "A256GCM";
/// That the content is a JSON Web Key (RFC 7517, section 7).
pub(crate) const CONTENT_TYPE: &str = "jwk+json";

/// The key of one file's content, or one that wraps it.
pub(crate) type ContentKey = Zeroizing<[u8; 32]>;

/// Encrypts the text of a JSON Web Key.
pub(crate) fn encrypt(
    jwk: &SecretBytes,
    passphrase: &SecretString,
) -> Result<Option<SecretBytes>, ExportError> {
    let salt: [u8; 16] = make_array()?;
    let content_key = ContentKey::new(make_array()?);
    let header = json!({
        "alg": ALGORITHM,
        "p2s": BASE64_URL_SAFE_NO_PAD.encode(salt),
        "p2c": ROUNDS,
        "enc": ENCRYPTION,
        "cty": CONTENT_TYPE,
    });
    let mut wrapping_key = ContentKey::default();
    let salt = bound_salt(ALGORITHM, &salt);
    // EXPOSE: the passphrase is PBKDF2's input.
    pbkdf2_hmac::<Sha512>(passphrase.expose().as_bytes(), &salt, ROUNDS, wrapping_key.as_mut());
    let Some(wrapped) = wrap(&content_key, &wrapping_key) else { return Ok(None) };
    let Some(file) = compact(&header, &wrapped, &content_key, make_array()?, jwk) else {
        return Ok(None);
    };
    Ok(Some(SecretBytes::new(file.into_bytes())))
}

/// The content's key under another (RFC 3394).
pub(crate) fn wrap(content_key: &ContentKey, wrapping_key: &ContentKey) -> Option<[u8; 40]> {
    let mut wrapped = [0; 40];
    KwAes256::new_from_slice(wrapping_key.as_slice())
        .ok()?
        .wrap_key(content_key.as_slice(), &mut wrapped)
        .ok()?;
    Some(wrapped)
}

/// The five parts (RFC 7516, section 7.1) and a line end. A nonce serves once.
pub(crate) fn compact(
    header: &serde_json::Value,
    wrapped_key: &[u8],
    content_key: &ContentKey,
    nonce: [u8; 12],
    content: &SecretBytes,
) -> Option<String> {
    let header = BASE64_URL_SAFE_NO_PAD.encode(header.to_string());
    // EXPOSE: the plaintext, which is encrypted where it lies.
    let mut body = Zeroizing::new(content.expose().to_vec());
    let tag = Aes256Gcm::new_from_slice(content_key.as_slice())
        .ok()?
        .encrypt_inout_detached(&Nonce::from(nonce), header.as_bytes(), body.as_mut_slice().into())
        .ok()?;
    let encode = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let parts = [header, encode(wrapped_key), encode(&nonce), encode(&body), encode(&tag)];
    Some(parts.join(".") + "\n")
}

/// RFC 7518, section 4.8.1.1: the salt is preceded by the algorithm's name and a zero.
pub(crate) fn bound_salt(algorithm: &str, salt: &[u8]) -> Vec<u8> {
    [algorithm.as_bytes(), &[0], salt].concat()
}

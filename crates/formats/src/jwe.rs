//! JSON Web Encryption of a key under a password, in its compact form (RFC 7516, 7517 section 7,
//! 7518): what both directions share, and writing.

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
const TAG_LEN: usize = 16;

/// Encrypts the text of a JSON Web Key.
pub(crate) fn encrypt(
    jwk: &SecretBytes,
    passphrase: &SecretString,
) -> Result<Option<SecretBytes>, ExportError> {
    let salt: [u8; 16] = make_array()?;
    let nonce: [u8; 12] = make_array()?;
    let content_key = Zeroizing::new(make_array::<32>()?);
    let header = json!({
        "alg": ALGORITHM,
        "p2s": BASE64_URL_SAFE_NO_PAD.encode(salt),
        "p2c": ROUNDS,
        "enc": "A256GCM",
        "cty": "jwk+json",
    });
    Ok(sealed(&header.to_string(), &salt, nonce, &content_key, jwk, passphrase))
}

fn sealed(
    header: &str,
    salt: &[u8],
    nonce: [u8; 12],
    content_key: &[u8; 32],
    jwk: &SecretBytes,
    passphrase: &SecretString,
) -> Option<SecretBytes> {
    let mut wrapping_key = Zeroizing::new([0; 32]);
    let salt = bound_salt(ALGORITHM, salt);
    // EXPOSE: the passphrase is PBKDF2's input.
    pbkdf2_hmac::<Sha512>(passphrase.expose().as_bytes(), &salt, ROUNDS, wrapping_key.as_mut());
    let mut wrapped = [0; 40];
    KwAes256::new_from_slice(wrapping_key.as_slice())
        .ok()?
        .wrap_key(content_key, &mut wrapped)
        .ok()?;

    let header = BASE64_URL_SAFE_NO_PAD.encode(header);
    // Room for the tag too: a buffer that grows leaves its old bytes behind.
    let mut body = Zeroizing::new(Vec::with_capacity(jwk.len() + TAG_LEN));
    // EXPOSE: the plaintext of the encryption.
    body.extend_from_slice(jwk.expose());
    let cipher = Aes256Gcm::new_from_slice(content_key).ok()?;
    let tag = cipher
        .encrypt_inout_detached(&Nonce::from(nonce), header.as_bytes(), body.as_mut_slice().into())
        .ok()?;
    let encode = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let parts = [header, encode(&wrapped), encode(&nonce), encode(&body), encode(&tag)];
    Some(SecretBytes::new(format!("{}\n", parts.join(".")).into_bytes()))
}

/// RFC 7518, section 4.8.1.1: the salt is preceded by the algorithm's name and a zero.
pub(crate) fn bound_salt(algorithm: &str, salt: &[u8]) -> Vec<u8> {
    [algorithm.as_bytes(), &[0], salt].concat()
}

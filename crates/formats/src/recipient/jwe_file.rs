//! A JSON Web Key encrypted to a public key (RFC 7516, RFC 7518), in the compact form.
//!
//! The content's key goes to an RSA key by RSAES-OAEP with SHA-256, and to one on a curve by
//! ephemeral-static ECDH, the Concat KDF and AES-256 key wrap. The content is under AES-256-GCM.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use keyreeve_crypto::{
    CardAgreement, CardCurve, CardScheme, OaepHash, SecretBytes, WrappingKey, make_array,
};
use one_step_kdf::derive_key_into;
use serde_json::{Value, json};
use sha2::Sha256;

use super::public_key::AgreementKey;
use crate::jwe::{CONTENT_TYPE, ContentKey, ENCRYPTION, compact, wrap};

const ECDH_ES: &str = "ECDH-ES+A256KW";
const FAILED: &str = "its encryption failed";

pub(super) fn for_rsa(key: &WrappingKey, content: &SecretBytes) -> Result<Vec<u8>, String> {
    let content_key = ContentKey::new(make_array().map_err(words)?);
    let wrapped =
        key.oaep(OaepHash::Sha256, &SecretBytes::new(content_key.to_vec())).map_err(words)?;
    let header = json!({ "alg": "RSA-OAEP-256", "enc": ENCRYPTION, "cty": CONTENT_TYPE });
    written(&header, &wrapped, &content_key, content)
}

pub(super) fn for_agreement(key: &AgreementKey, content: &SecretBytes) -> Result<Vec<u8>, String> {
    let content_key = ContentKey::new(make_array().map_err(words)?);
    let CardAgreement { challenge, secret } =
        CardScheme::Ecdh(key.curve).make(&key.point).map_err(words)?;
    let mut wrapping_key = ContentKey::default();
    // EXPOSE: the derivation's input.
    derive_key_into::<Sha256>(secret.expose(), &other_info(), wrapping_key.as_mut())
        .map_err(|_length| FAILED)?;
    let wrapped = wrap(&content_key, &wrapping_key).ok_or(FAILED)?;
    let header = json!({
        "alg": ECDH_ES,
        "epk": ephemeral(key.curve, &challenge).ok_or(FAILED)?,
        "enc": ENCRYPTION,
        "cty": CONTENT_TYPE,
    });
    written(&header, &wrapped, &content_key, content)
}

fn written(
    header: &Value,
    wrapped: &[u8],
    content_key: &ContentKey,
    content: &SecretBytes,
) -> Result<Vec<u8>, String> {
    let nonce = make_array().map_err(words)?;
    Ok(compact(header, wrapped, content_key, nonce, content).ok_or(FAILED)?.into_bytes())
}

/// RFC 7518, section 4.6.2: the algorithm's name with its length, two parties without a name, and the
/// length in bits of the key that is derived.
fn other_info() -> Vec<u8> {
    const NAME_LEN: [u8; 4] = (ECDH_ES.len() as u32).to_be_bytes();
    const KEY_BITS: [u8; 4] = 256_u32.to_be_bytes();
    [&NAME_LEN, ECDH_ES.as_bytes(), &[0; 4], &[0; 4], &KEY_BITS].concat()
}

/// The ephemeral public key as a JWK.
fn ephemeral(curve: CardCurve, point: &[u8]) -> Option<Value> {
    let encode = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let crv = match curve {
        CardCurve::P256 => "P-256",
        CardCurve::P384 => "P-384",
        CardCurve::P521 => "P-521",
        CardCurve::X25519 => {
            return Some(json!({ "kty": "OKP", "crv": "X25519", "x": encode(point) }));
        }
    };
    let coordinates = point.get(1..)?;
    let (x, y) = coordinates.split_at_checked(coordinates.len() / 2)?;
    Some(json!({ "kty": "EC", "crv": crv, "x": encode(x), "y": encode(y) }))
}

fn words(error: impl std::fmt::Display) -> String {
    error.to_string()
}

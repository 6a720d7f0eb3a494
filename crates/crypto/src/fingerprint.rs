//! Fingerprints of public keys, the way each kind's own tools print them.

use std::collections::BTreeMap;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use ssh_key::public::{EcdsaPublicKey, Ed25519PublicKey, KeyData, RsaPublicKey};
use ssh_key::{HashAlg, Mpint};

use crate::algorithm::Algorithm;
use crate::digest::sha256;
use crate::identity::IdentifyError;
use crate::parts::PublicParts;

/// The fingerprints of the public key `spki` (`SubjectPublicKeyInfo` in DER), by the names that
/// [`crate::identify`] lists.
///
/// # Errors
/// When `spki` is malformed or of another algorithm.
pub fn public_fingerprints(
    algorithm: Algorithm,
    spki: &[u8],
) -> Result<BTreeMap<String, String>, IdentifyError> {
    let parts = PublicParts::from_spki(algorithm, spki)?;
    let mut fingerprints = BTreeMap::new();
    fingerprints.insert("spki-sha256".into(), hex::encode(sha256(spki)));
    fingerprints.extend(
        ssh_key_data(&parts)
            .map(|key| ("ssh-sha256".into(), key.fingerprint(HashAlg::Sha256).to_string())),
    );
    fingerprints.extend(jwk_thumbprint(&parts).map(|value| ("jwk-thumbprint".into(), value)));
    Ok(fingerprints)
}

/// The key as OpenSSH knows it; `None` for kinds it does not know.
fn ssh_key_data(parts: &PublicParts<'_>) -> Option<KeyData> {
    Some(match parts {
        PublicParts::Rsa { modulus, public_exponent } => KeyData::Rsa(RsaPublicKey {
            e: Mpint::from_positive_bytes(public_exponent).ok()?,
            n: Mpint::from_positive_bytes(modulus).ok()?,
        }),
        PublicParts::Ec { curve: "P-256" | "P-384" | "P-521", point } => {
            KeyData::Ecdsa(EcdsaPublicKey::from_sec1_bytes(point).ok()?)
        }
        PublicParts::Okp { curve: "Ed25519", key } => KeyData::Ed25519(Ed25519PublicKey(**key)),
        PublicParts::Ec { .. }
        | PublicParts::Okp { .. }
        | PublicParts::MlKem(_)
        | PublicParts::MlDsa { .. } => return None,
    })
}

/// RFC 7638 over the required members in lexicographic order; `None` for kinds that no JOSE
/// specification names (ML-KEM).
fn jwk_thumbprint(parts: &PublicParts<'_>) -> Option<String> {
    let b64 = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let members = match parts {
        PublicParts::Rsa { modulus, public_exponent } => {
            format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, b64(public_exponent), b64(modulus))
        }
        PublicParts::Ec { curve, point } => {
            let coordinates = point.get(1..)?;
            let (x, y) = coordinates.split_at_checked(coordinates.len() / 2)?;
            format!(r#"{{"crv":"{curve}","kty":"EC","x":"{}","y":"{}"}}"#, b64(x), b64(y))
        }
        PublicParts::Okp { curve, key } => {
            format!(r#"{{"crv":"{curve}","kty":"OKP","x":"{}"}}"#, b64(*key))
        }
        PublicParts::MlDsa { name, key } => {
            format!(r#"{{"alg":"{name}","kty":"AKP","pub":"{}"}}"#, b64(key))
        }
        PublicParts::MlKem(_) => return None,
    };
    Some(b64(&sha256(members.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ec_thumbprint_of_rfc_9449_section_6_1() {
        let (x, y) = (
            "97cb45ae1c7edf8b55de14480910d8f730a40e5a41845e3651051f595016045b",
            "f551388dffce93fa3ae336d34e572e3496a31e6b7abfd4c356b53409dbc64430",
        );
        let point = hex::decode(format!("04{x}{y}")).unwrap();
        let thumbprint = jwk_thumbprint(&PublicParts::Ec { curve: "P-256", point: &point });
        assert_eq!(thumbprint.as_deref(), Some("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"));
    }
}

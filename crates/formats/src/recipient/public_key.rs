//! A bare public key: RSA, which a security module or a key service unwraps for too, and keys that agree.

use keyreeve_crypto::{
    AdoptedPublicKey, CardCurve, Family, OaepHash, PublicParts, SecretBytes, WrapError,
    WrappingKey, sha256,
};

use super::{Kind, Recipient, RecipientError};
use crate::read::{self, Found};

/// A public key that a secret is agreed on with.
pub(super) struct AgreementKey {
    /// Its curve.
    pub(super) curve: CardCurve,
    /// An uncompressed point, or 32 bytes of X25519.
    pub(super) point: Vec<u8>,
}

/// The one public key in a file.
pub(super) fn read(bytes: &[u8]) -> Result<Recipient, RecipientError> {
    let items =
        read::read(&SecretBytes::new(bytes.to_vec())).map_err(|_no_key| RecipientError::Nobody)?;
    let secret =
        |found: &Found| matches!(found, Found::Pair(_) | Found::Symmetric(_) | Found::Locked(_));
    if items.iter().any(|item| secret(&item.found)) {
        return Err(RecipientError::PrivateKey);
    }
    let [item] = items.as_slice() else {
        return Err(unfit("holds several keys or certificates: give the recipient's own, alone"));
    };
    match &item.found {
        Found::Public(key) => {
            let fingerprint = hex::encode(sha256(&key.spki));
            Ok(Recipient::new(kind_of(key)?, fingerprint, item.comment.as_deref()))
        }
        Found::Foreign(key) => Err(RecipientError::Unfit(format!(
            "holds a public key of {}, which is only kept in the inventory: nothing is encrypted to it",
            key.algorithm.title()
        ))),
        Found::Certificate(_) => {
            Err(unfit("holds a request, which proves nothing yet: ask for the certificate"))
        }
        Found::Refused(why) => Err(RecipientError::Unfit(format!("cannot be used: {why}"))),
        _ => Err(RecipientError::Nobody),
    }
}

fn kind_of(key: &AdoptedPublicKey) -> Result<Kind, RecipientError> {
    if key.algorithm.family() == Family::Rsa {
        let key = WrappingKey::from_spki(&key.spki).map_err(|error| unfit(&error.to_string()))?;
        return Ok(Kind::Rsa(key));
    }
    let parts = PublicParts::from_spki(key.algorithm, &key.spki)
        .map_err(|error| unfit(&error.to_string()))?;
    let (curve, point) = match parts {
        PublicParts::Ec { curve: "P-256", point } => (CardCurve::P256, point),
        PublicParts::Ec { curve: "P-384", point } => (CardCurve::P384, point),
        PublicParts::Ec { curve: "P-521", point } => (CardCurve::P521, point),
        PublicParts::Okp { curve: "X25519", key } => (CardCurve::X25519, &key[..]),
        _ => {
            return Err(RecipientError::Unfit(format!(
                "holds a public key of {}: bare public keys are encrypted to if they are RSA's, X25519's or on \
                 a NIST curve; ask for one of these, a certificate, an age recipient or an SSH key",
                key.algorithm
            )));
        }
    };
    Ok(Kind::Agreement(AgreementKey { curve, point: point.to_vec() }))
}

fn unfit(why: &str) -> RecipientError {
    RecipientError::Unfit(why.into())
}

/// RSAES-OAEP with SHA-256 of a new AES key, and the content under that (RFC 8017, RFC 5649).
pub(super) fn wrap(key: &WrappingKey, content: &SecretBytes) -> Result<Vec<u8>, WrapError> {
    key.oaep_and_aes_kwp(OaepHash::Sha256, content)
}

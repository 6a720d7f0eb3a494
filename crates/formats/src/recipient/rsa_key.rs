//! An RSA public key, which a security module or a key service unwraps for.

use keyreeve_crypto::{Family, OaepHash, SecretBytes, WrapError, WrappingKey, sha256};

use super::{Kind, Recipient, RecipientError};
use crate::read::{self, Found};

/// The one public RSA key in a file.
pub(super) fn read(bytes: &[u8]) -> Result<Recipient, RecipientError> {
    let items =
        read::read(&SecretBytes::new(bytes.to_vec())).map_err(|_no_key| RecipientError::Nobody)?;
    let secret =
        |found: &Found| matches!(found, Found::Pair(_) | Found::Symmetric(_) | Found::Locked(_));
    if items.iter().any(|item| secret(&item.found)) {
        return Err(RecipientError::PrivateKey);
    }
    let unfit = |why: &str| RecipientError::Unfit(why.into());
    let [item] = items.as_slice() else {
        return Err(unfit("holds several keys or certificates: give the recipient's own, alone"));
    };
    match &item.found {
        Found::Public(key) if key.algorithm.family() == Family::Rsa => {
            let fingerprint = hex::encode(sha256(&key.spki));
            let key =
                WrappingKey::from_spki(&key.spki).map_err(|error| unfit(&error.to_string()))?;
            Ok(Recipient::new(Kind::Rsa(key), fingerprint, item.comment.as_deref()))
        }
        Found::Public(key) => Err(RecipientError::Unfit(format!(
            "holds a public key of {}: bare public keys are encrypted to if they are RSA's; ask for a \
             certificate, an age recipient or an SSH key",
            key.algorithm
        ))),
        Found::Certificate(_) => {
            Err(unfit("holds a request, which proves nothing yet: ask for the certificate"))
        }
        Found::Refused(why) => Err(RecipientError::Unfit(format!("cannot be used: {why}"))),
        _ => Err(RecipientError::Nobody),
    }
}

/// RSAES-OAEP with SHA-256 of a new AES key, and the content under that (RFC 8017, RFC 5649).
pub(super) fn wrap(key: &WrappingKey, content: &SecretBytes) -> Result<Vec<u8>, WrapError> {
    key.oaep_and_aes_kwp(OaepHash::Sha256, content)
}

//! What can be said openly of a key: its public half, fingerprints and check value.

use std::collections::BTreeMap;

use crate::algorithm::Algorithm;
use crate::fingerprint::public_fingerprints;
use crate::hazmat::symmetric::{CheckValue, cmac_check_value, ecb_check_value, sha1_check_value};
use crate::hazmat::{Spec, rsa, spec};
use crate::parts::PrivateParts;
use crate::secret::SecretBytes;

/// What can be said openly of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The public half as `SubjectPublicKeyInfo` (RFC 5280) in DER; `None` for a symmetric key.
    pub public_key: Option<Vec<u8>>,
    /// Fingerprints by name; see [`identify`].
    pub fingerprints: BTreeMap<String, String>,
    /// The key check value of a symmetric key: 3 bytes in upper-case hex.
    pub kcv: Option<String>,
}

/// Why a key's material was not accepted. Nothing was stored or changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdentifyError {
    /// Far larger than any key of this algorithm.
    #[error("{found} bytes are too many for a key of algorithm {algorithm}")]
    TooLarge {
        /// The algorithm expected.
        algorithm: Algorithm,
        /// The length found, in bytes.
        found: usize,
    },
    /// A symmetric key of another length.
    #[error("a key of algorithm {algorithm} has {expected} bytes, and this one has {found}")]
    Length {
        /// The algorithm expected.
        algorithm: Algorithm,
        /// Its length in bytes.
        expected: usize,
        /// The length found, in bytes.
        found: usize,
    },
    /// Damaged, cut short, or not in the one canonical encoding.
    #[error(
        "this is no key of algorithm {0} in the form Keyreeve keeps: it is damaged or cut short"
    )]
    Malformed(Algorithm),
    /// A sound key of another algorithm, curve or size.
    #[error("this is a key of another algorithm, curve or size than {0}")]
    OtherAlgorithm(Algorithm),
    /// The private and the public half do not belong together, or a number is not valid.
    #[error("the parts of this {0} key do not belong together: it is damaged")]
    Inconsistent(Algorithm),
    /// A public half was asked of a symmetric algorithm.
    #[error("keys of algorithm {0} have no public half")]
    NoPublicHalf(Algorithm),
}

/// Checks that `material` is a key of `algorithm` and tells what can be said openly of it.
///
/// The fingerprints, where the algorithm has them:
///
/// | name | value |
/// | --- | --- |
/// | `ssh-sha256` | as `ssh-keygen -l` prints it: `SHA256:` and unpadded base64 |
/// | `spki-sha256` | lower-case hex of SHA-256 over the `SubjectPublicKeyInfo` |
/// | `jwk-thumbprint` | RFC 7638 with SHA-256, base64url (RFC 8037 for curves, RFC 9964 for ML-DSA) |
/// | `cmac-kcv` | AES: first 5 bytes of CMAC over a zero block (ANSI X9.24-1), upper-case hex |
///
/// The key check value of AES is PKCS #11's: the first 3 bytes of the encryption of a zero
/// block. That of ChaCha20-Poly1305 and HMAC keys is the first 3 bytes of SHA-1 of the key.
///
/// # Errors
/// When the material is of another algorithm, length, curve or size, damaged, or its halves do
/// not belong together.
///
/// # Security
/// No full digest of a symmetric key is published: a check value lets two keys be compared, and
/// tells 24 or 40 bits about the key to whoever can guess it. RFC 7638's thumbprint of an `oct`
/// key would be such a digest, and is left out.
pub fn identify(algorithm: Algorithm, material: &SecretBytes) -> Result<Identity, IdentifyError> {
    let parts = PrivateParts::from_material(algorithm, material)?;
    let public = match (parts, spec(algorithm)) {
        (PrivateParts::Symmetric(key), Spec::Symmetric(symmetric)) => {
            return Ok(identify_symmetric(key, symmetric.check));
        }
        // EXPOSE: AWS-LC reads the whole encoding and checks it.
        (PrivateParts::Rsa(_), _) => rsa::Spec::public_der(material.expose()),
        (PrivateParts::Ec { .. }, Spec::Ec(curve)) => curve.public_der(material.expose()),
        (PrivateParts::Okp(secret), Spec::Okp(curve)) => curve.public_der(secret),
        (PrivateParts::MlKem { decapsulation_key, encapsulation_key }, Spec::MlKem(set)) => {
            set.public_der(decapsulation_key, encapsulation_key)
        }
        (PrivateParts::MlDsa(seed), Spec::MlDsa(set)) => set.public_der(seed),
        _ => None,
    };
    let public = public.ok_or(IdentifyError::Inconsistent(algorithm))?;
    let fingerprints = public_fingerprints(algorithm, &public)?;
    Ok(Identity { public_key: Some(public), fingerprints, kcv: None })
}

fn identify_symmetric(key: &[u8], check: CheckValue) -> Identity {
    let mut fingerprints = BTreeMap::new();
    let kcv = match check {
        CheckValue::Aes => {
            fingerprints.extend(cmac_check_value(key).map(|value| ("cmac-kcv".into(), value)));
            ecb_check_value(key)
        }
        CheckValue::Sha1 => sha1_check_value(key),
    };
    Identity { public_key: None, fingerprints, kcv }
}

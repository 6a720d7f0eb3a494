//! Signing with a key pair, and checking what others signed.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa;
use aws_lc_rs::signature::{
    self as aws, EcdsaKeyPair, EcdsaVerificationAlgorithm, Ed25519KeyPair, RSA_PKCS1_SHA256,
    RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey,
};

use crate::adopt::AdoptedPublicKey;
use crate::algorithm::Algorithm;
use crate::hazmat::{Spec, spec};
use crate::identity::IdentifyError;
use crate::parts::{PrivateParts, PublicParts};
use crate::secret::SecretBytes;

/// How a signature is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureScheme {
    /// RSA PKCS#1 v1.5 with SHA-256.
    RsaSha256,
    /// RSA PKCS#1 v1.5 with SHA-384.
    RsaSha384,
    /// RSA PKCS#1 v1.5 with SHA-512.
    RsaSha512,
    /// ECDSA with SHA-256, in ASN.1.
    EcdsaSha256,
    /// ECDSA with SHA-384, in ASN.1.
    EcdsaSha384,
    /// ECDSA with SHA-512, in ASN.1.
    EcdsaSha512,
    /// Ed25519.
    Ed25519,
}

/// Why nothing was signed, or a signature was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SigningError {
    /// The algorithm does not sign certificates.
    #[error(
        "keys of algorithm {0} do not sign certificates; rsa-2048, rsa-3072, rsa-4096, ec-p256, ec-p384, ec-p521 and \
         ed25519 keys do"
    )]
    Algorithm(Algorithm),
    /// The material is not sound.
    #[error(transparent)]
    Key(#[from] IdentifyError),
    /// The cryptographic library failed.
    #[error("the {0} key could not sign")]
    Library(Algorithm),
    /// The signature is not that key's over that message.
    #[error("the signature is not one of the key that stands beside it")]
    Signature,
}

/// The scheme with which an algorithm's keys sign certificates and requests.
///
/// # Errors
/// [`SigningError::Algorithm`].
pub fn certificate_scheme(algorithm: Algorithm) -> Result<SignatureScheme, SigningError> {
    use Algorithm as A;
    Ok(match algorithm {
        A::Rsa2048 | A::Rsa3072 | A::Rsa4096 => SignatureScheme::RsaSha256,
        A::EcP256 => SignatureScheme::EcdsaSha256,
        A::EcP384 => SignatureScheme::EcdsaSha384,
        A::EcP521 => SignatureScheme::EcdsaSha512,
        A::Ed25519 => SignatureScheme::Ed25519,
        _ => return Err(SigningError::Algorithm(algorithm)),
    })
}

/// A private key that signs. AWS-LC wipes its copy when this is dropped.
pub struct SigningKey {
    algorithm: Algorithm,
    scheme: SignatureScheme,
    pair: Pair,
}

enum Pair {
    Rsa(rsa::KeyPair),
    Ec(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl SigningKey {
    /// Takes a copy of the material of an `algorithm` key.
    ///
    /// # Errors
    /// When the algorithm does not sign certificates, or the material is not sound.
    pub fn open(algorithm: Algorithm, material: &SecretBytes) -> Result<Self, SigningError> {
        let scheme = certificate_scheme(algorithm)?;
        let parts = PrivateParts::from_material(algorithm, material)?;
        // EXPOSE: the signing implementation reads the whole encoding.
        let pair = match (parts, spec(algorithm)) {
            (PrivateParts::Rsa(_), _) => {
                rsa::KeyPair::from_pkcs8(material.expose()).ok().map(Pair::Rsa)
            }
            (PrivateParts::Ec { .. }, Spec::Ec(curve)) => {
                curve.signing_pair(material.expose()).map(Pair::Ec)
            }
            (PrivateParts::Okp(seed), _) => {
                Ed25519KeyPair::from_seed_unchecked(seed).ok().map(Pair::Ed25519)
            }
            _ => None,
        };
        let pair = pair.ok_or(IdentifyError::Inconsistent(algorithm))?;
        Ok(Self { algorithm, scheme, pair })
    }

    /// How it signs.
    #[must_use]
    pub fn scheme(&self) -> SignatureScheme {
        self.scheme
    }

    /// Signs `message`.
    ///
    /// # Errors
    /// When the cryptographic library fails.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        let signed = match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
                    .ok()
                    .map(|()| signature)
            }
            Pair::Ec(pair) => {
                pair.sign(&SystemRandom::new(), message).ok().map(|made| made.as_ref().to_vec())
            }
            Pair::Ed25519(pair) => pair.try_sign(message).ok().map(|made| made.as_ref().to_vec()),
        };
        signed.ok_or(SigningError::Library(self.algorithm))
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningKey([redacted])")
    }
}

/// Checks that `signature` is `key`'s over `message`.
///
/// # Errors
/// When it is not, or the key's algorithm does not sign so.
pub fn verify_signature(
    key: &AdoptedPublicKey,
    scheme: SignatureScheme,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SigningError> {
    certificate_scheme(key.algorithm)?;
    let checked = match PublicParts::from_spki(key.algorithm, &key.spki)? {
        PublicParts::Rsa { modulus, public_exponent } => {
            let parameters = rsa_parameters(scheme).ok_or(SigningError::Signature)?;
            RsaPublicKeyComponents { n: modulus, e: public_exponent }
                .verify(parameters, message, signature)
        }
        PublicParts::Ec { point, .. } => {
            let ecdsa = ecdsa(key.algorithm, scheme).ok_or(SigningError::Signature)?;
            UnparsedPublicKey::new(ecdsa, point).verify(message, signature)
        }
        PublicParts::Okp { key, .. } if scheme == SignatureScheme::Ed25519 => {
            UnparsedPublicKey::new(&aws::ED25519, key).verify(message, signature)
        }
        _ => return Err(SigningError::Signature),
    };
    checked.map_err(|_refused| SigningError::Signature)
}

fn rsa_parameters(scheme: SignatureScheme) -> Option<&'static RsaParameters> {
    match scheme {
        SignatureScheme::RsaSha256 => Some(&aws::RSA_PKCS1_2048_8192_SHA256),
        SignatureScheme::RsaSha384 => Some(&aws::RSA_PKCS1_2048_8192_SHA384),
        SignatureScheme::RsaSha512 => Some(&aws::RSA_PKCS1_2048_8192_SHA512),
        _ => None,
    }
}

fn ecdsa(
    algorithm: Algorithm,
    scheme: SignatureScheme,
) -> Option<&'static EcdsaVerificationAlgorithm> {
    use Algorithm as A;
    use SignatureScheme as S;
    Some(match (algorithm, scheme) {
        (A::EcP256, S::EcdsaSha256) => &aws::ECDSA_P256_SHA256_ASN1,
        (A::EcP256, S::EcdsaSha384) => &aws::ECDSA_P256_SHA384_ASN1,
        (A::EcP256, S::EcdsaSha512) => &aws::ECDSA_P256_SHA512_ASN1,
        (A::EcP384, S::EcdsaSha256) => &aws::ECDSA_P384_SHA256_ASN1,
        (A::EcP384, S::EcdsaSha384) => &aws::ECDSA_P384_SHA384_ASN1,
        (A::EcP384, S::EcdsaSha512) => &aws::ECDSA_P384_SHA512_ASN1,
        (A::EcP521, S::EcdsaSha256) => &aws::ECDSA_P521_SHA256_ASN1,
        (A::EcP521, S::EcdsaSha384) => &aws::ECDSA_P521_SHA384_ASN1,
        (A::EcP521, S::EcdsaSha512) => &aws::ECDSA_P521_SHA512_ASN1,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{adopt_public, identify, make_key};

    #[test]
    fn each_algorithm_that_signs_certificates_has_its_scheme() {
        use Algorithm as A;
        let schemes = Algorithm::ALL
            .iter()
            .filter_map(|&algorithm| Some((algorithm, certificate_scheme(algorithm).ok()?)));
        let expected = [
            (A::Ed25519, SignatureScheme::Ed25519),
            (A::EcP256, SignatureScheme::EcdsaSha256),
            (A::EcP384, SignatureScheme::EcdsaSha384),
            (A::EcP521, SignatureScheme::EcdsaSha512),
            (A::Rsa2048, SignatureScheme::RsaSha256),
            (A::Rsa3072, SignatureScheme::RsaSha256),
            (A::Rsa4096, SignatureScheme::RsaSha256),
        ];
        let (schemes, expected): (BTreeMap<_, _>, _) = (schemes.collect(), expected.into());
        assert_eq!(schemes, expected);
    }

    /// Other programs sign with a shorter hash than the curve's own.
    #[test]
    fn a_curve_s_signature_over_a_shorter_hash_verifies_under_that_hash_alone() {
        let material = make_key(Algorithm::EcP521).unwrap();
        let spki = identify(Algorithm::EcP521, &material).unwrap().public_key.unwrap();
        let public = adopt_public(&spki).unwrap();
        for (signing, scheme) in [
            (&aws::ECDSA_P521_SHA256_ASN1_SIGNING, SignatureScheme::EcdsaSha256),
            (&aws::ECDSA_P521_SHA384_ASN1_SIGNING, SignatureScheme::EcdsaSha384),
        ] {
            // EXPOSE: the test signs with another hash than the key itself does.
            let pair = EcdsaKeyPair::from_pkcs8(signing, material.expose()).unwrap();
            let signature = pair.sign(&SystemRandom::new(), b"message").unwrap();
            verify_signature(&public, scheme, b"message", signature.as_ref()).unwrap();
            let other = SignatureScheme::EcdsaSha512;
            assert!(verify_signature(&public, other, b"message", signature.as_ref()).is_err());
        }
        let key = SigningKey::open(Algorithm::EcP521, &material).unwrap();
        assert_eq!(format!("{key:?}"), "SigningKey([redacted])");
    }

    #[test]
    fn what_a_key_signs_verifies_and_nothing_else_does() {
        for &algorithm in Algorithm::ALL {
            let material = make_key(algorithm).unwrap();
            let Ok(scheme) = certificate_scheme(algorithm) else {
                let refused = SigningKey::open(algorithm, &material).unwrap_err();
                assert_eq!(refused, SigningError::Algorithm(algorithm));
                continue;
            };
            let key = SigningKey::open(algorithm, &material).unwrap();
            let spki = identify(algorithm, &material).unwrap().public_key.unwrap();
            let public = adopt_public(&spki).unwrap();
            let mut signature = key.sign(b"message").unwrap();
            verify_signature(&public, scheme, b"message", &signature).unwrap();
            let refused = |scheme, message: &[u8], signature: &[u8]| {
                verify_signature(&public, scheme, message, signature)
                    == Err(SigningError::Signature)
            };
            assert!(refused(scheme, b"massage", &signature), "{algorithm}");
            assert!(refused(SignatureScheme::RsaSha512, b"message", &signature), "{algorithm}");
            *signature.last_mut().unwrap() ^= 1;
            assert!(refused(scheme, b"message", &signature), "{algorithm}");
            assert!(refused(scheme, b"message", &[]), "{algorithm}");
        }
    }
}

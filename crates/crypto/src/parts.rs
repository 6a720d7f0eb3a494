//! The numbers and byte strings inside a key, borrowed from its encoding without a copy.

use std::fmt;

use crate::algorithm::Algorithm;
use crate::hazmat::frame::FrameError;
use crate::hazmat::{Spec, spec};
use crate::identity::IdentifyError;
use crate::secret::SecretBytes;

/// The largest encoding looked at, in bytes: several times the largest of any algorithm.
const MAX_LEN: usize = 16 * 1024;

/// The parts of a public key. Numbers are big endian without leading zeros.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PublicParts<'a> {
    /// RSA.
    Rsa {
        /// n.
        modulus: &'a [u8],
        /// e.
        public_exponent: &'a [u8],
    },
    /// A point on a Weierstraß curve.
    Ec {
        /// The curve's name in a JWK: `P-256`, `P-384`, `P-521` or `secp256k1`.
        curve: &'static str,
        /// `0x04`, x, y (SEC 1, uncompressed).
        point: &'a [u8],
    },
    /// A key on an Edwards or Montgomery curve.
    Okp {
        /// The curve's name in a JWK: `Ed25519` or `X25519`.
        curve: &'static str,
        /// 32 bytes as RFC 8032 or RFC 7748 encode them.
        key: &'a [u8; 32],
    },
    /// An ML-KEM encapsulation key (FIPS 203).
    MlKem(&'a [u8]),
    /// An ML-DSA public key (FIPS 204).
    MlDsa {
        /// The parameter set's name in a JWK: `ML-DSA-44`, `ML-DSA-65` or `ML-DSA-87`.
        name: &'static str,
        /// pk.
        key: &'a [u8],
    },
}

/// The parts of secret material. Numbers are big endian without leading zeros, unless said
/// otherwise. `Debug` shows none of it.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum PrivateParts<'a> {
    /// Raw bytes.
    Symmetric(&'a [u8]),
    /// RSA.
    Rsa(RsaPrivateParts<'a>),
    /// A key on a Weierstraß curve.
    Ec {
        /// The private scalar, at the curve's full length.
        scalar: &'a [u8],
        /// The public point: `0x04`, x, y.
        point: &'a [u8],
    },
    /// Ed25519's seed, or X25519's scalar before clamping.
    Okp(&'a [u8; 32]),
    /// ML-KEM.
    MlKem {
        /// dk, as FIPS 203 encodes it.
        decapsulation_key: &'a [u8],
        /// ek, which is a part of dk.
        encapsulation_key: &'a [u8],
    },
    /// ML-DSA's seed ξ.
    MlDsa(&'a [u8; 32]),
}

/// RSA's eight numbers (RFC 8017, appendix A.1.2).
#[derive(Clone, Copy)]
pub struct RsaPrivateParts<'a> {
    /// n.
    pub modulus: &'a [u8],
    /// e.
    pub public_exponent: &'a [u8],
    /// d.
    pub private_exponent: &'a [u8],
    /// p.
    pub prime1: &'a [u8],
    /// q.
    pub prime2: &'a [u8],
    /// d mod (p−1).
    pub exponent1: &'a [u8],
    /// d mod (q−1).
    pub exponent2: &'a [u8],
    /// q⁻¹ mod p.
    pub coefficient: &'a [u8],
}

impl<'a> PublicParts<'a> {
    /// Takes apart the `SubjectPublicKeyInfo` of an `algorithm` key.
    ///
    /// # Errors
    /// When it is malformed, of another algorithm, or the algorithm has no public half. Whether
    /// a point is on its curve is not checked: [`crate::identify`] computes public halves that
    /// are right, and [`crate::adopt_public`] checks those that come from outside.
    pub fn from_spki(algorithm: Algorithm, der: &'a [u8]) -> Result<Self, IdentifyError> {
        check_len(algorithm, der)?;
        let named = |error| named(algorithm, error);
        match spec(algorithm) {
            Spec::Symmetric(_) => Err(IdentifyError::NoPublicHalf(algorithm)),
            Spec::Rsa(rsa) => {
                let (modulus, public_exponent) = rsa.public_parts(der).map_err(named)?;
                Ok(Self::Rsa { modulus, public_exponent })
            }
            Spec::Ec(curve) => Ok(Self::Ec {
                curve: curve.jwk_name,
                point: curve.public_parts(der).map_err(named)?,
            }),
            Spec::Okp(curve) => Ok(Self::Okp {
                curve: curve.jwk_name,
                key: curve.public_parts(der).map_err(named)?,
            }),
            Spec::MlKem(set) => Ok(Self::MlKem(set.public_parts(der).map_err(named)?)),
            Spec::MlDsa(set) => {
                Ok(Self::MlDsa { name: set.jwk_name, key: set.public_parts(der).map_err(named)? })
            }
        }
    }
}

impl<'a> PrivateParts<'a> {
    /// Takes apart the material of an `algorithm` key.
    ///
    /// # Errors
    /// When it is malformed, not in the canonical encoding, or of another algorithm. Whether the
    /// two halves of a pair belong together is [`crate::identify`]'s to say.
    pub fn from_material(
        algorithm: Algorithm,
        material: &'a SecretBytes,
    ) -> Result<Self, IdentifyError> {
        // EXPOSE: the parts are borrowed from the material itself.
        let bytes = material.expose();
        check_len(algorithm, bytes)?;
        let named = |error| named(algorithm, error);
        match spec(algorithm) {
            Spec::Symmetric(symmetric) if bytes.len() == symmetric.len => {
                Ok(Self::Symmetric(bytes))
            }
            Spec::Symmetric(symmetric) => Err(IdentifyError::Length {
                algorithm,
                expected: symmetric.len,
                found: bytes.len(),
            }),
            Spec::Rsa(rsa) => Ok(Self::Rsa(rsa.private_parts(bytes).map_err(named)?)),
            Spec::Ec(curve) => {
                let (scalar, point) = curve.private_parts(bytes).map_err(named)?;
                Ok(Self::Ec { scalar, point })
            }
            Spec::Okp(curve) => Ok(Self::Okp(curve.private_parts(bytes).map_err(named)?)),
            Spec::MlKem(set) => {
                let (decapsulation_key, encapsulation_key) =
                    set.private_parts(bytes).map_err(named)?;
                Ok(Self::MlKem { decapsulation_key, encapsulation_key })
            }
            Spec::MlDsa(set) => Ok(Self::MlDsa(set.private_parts(bytes).map_err(named)?)),
        }
    }
}

impl fmt::Debug for PrivateParts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateParts([redacted])")
    }
}

impl fmt::Debug for RsaPrivateParts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RsaPrivateParts([redacted])")
    }
}

fn check_len(algorithm: Algorithm, bytes: &[u8]) -> Result<(), IdentifyError> {
    if bytes.len() > MAX_LEN {
        return Err(IdentifyError::TooLarge { algorithm, found: bytes.len() });
    }
    Ok(())
}

fn named(algorithm: Algorithm, error: FrameError) -> IdentifyError {
    match error {
        FrameError::Malformed => IdentifyError::Malformed(algorithm),
        FrameError::OtherAlgorithm => IdentifyError::OtherAlgorithm(algorithm),
    }
}

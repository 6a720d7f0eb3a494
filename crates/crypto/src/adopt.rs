//! Taking in a key that another program wrote: whatever its form was, one canonical form comes
//! out, and only if the whole key is sound.

use std::fmt;

use pkcs8::der::asn1::AnyRef;
use pkcs8::der::{Decode as _, Encode as _};
use pkcs8::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use pkcs8::{ObjectIdentifier, PrivateKeyInfoRef};

use crate::algorithm::Algorithm;
use crate::hazmat::{Spec, ec, oid_names, rsa, spec};
use crate::identity::{IdentifyError, Identity, identify};
use crate::parts::PublicParts;
use crate::secret::SecretBytes;

/// The largest encoding looked at, in bytes: that of the largest RSA key anyone makes.
const MAX_LEN: usize = 32 * 1024;

/// A private key in a form of another program's. `Debug` shows none of it.
#[non_exhaustive]
pub enum ForeignKey<'a> {
    /// PKCS#8 (RFC 5208, RFC 5958) in DER, of either version, with or without attributes.
    Pkcs8(&'a [u8]),
    /// `RSAPrivateKey` (RFC 8017) in DER.
    Pkcs1(&'a [u8]),
    /// `ECPrivateKey` (RFC 5915) in DER, which names its curve.
    Sec1(&'a [u8]),
    /// RSA by its numbers.
    Rsa(ForeignRsa<'a>),
    /// A key on a Weierstraß curve.
    Ec {
        /// The algorithm that has the curve.
        algorithm: Algorithm,
        /// The private scalar, big endian, of any length.
        scalar: &'a [u8],
        /// The public point as SEC 1 encodes it, if the file has it.
        point: Option<&'a [u8]>,
    },
    /// An Ed25519 seed, an X25519 scalar or an ML-DSA seed.
    Seed {
        /// The algorithm.
        algorithm: Algorithm,
        /// 32 bytes.
        secret: &'a [u8],
        /// The public key's own bytes, if the file has them.
        public: Option<&'a [u8]>,
    },
}

/// RSA's numbers, big endian, with or without leading zeros.
#[derive(Clone, Copy)]
pub struct ForeignRsa<'a> {
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
    /// q⁻¹ mod p.
    pub coefficient: &'a [u8],
}

/// A key that was taken in.
#[derive(Debug)]
pub struct AdoptedKey {
    /// What it is.
    pub algorithm: Algorithm,
    /// The material in the form that [`crate::make_key`] describes.
    pub material: SecretBytes,
    /// What can be said openly of it.
    pub identity: Identity,
}

/// A public key that was recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdoptedPublicKey {
    /// What it is.
    pub algorithm: Algorithm,
    /// `SubjectPublicKeyInfo` in DER.
    pub spki: Vec<u8>,
}

/// Why a key was not taken in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AdoptError {
    /// Damaged, cut short, or no key at all.
    #[error("this is no key, or it is damaged or cut short")]
    Malformed,
    /// A sound frame around a key that is not sound.
    #[error(transparent)]
    Key(#[from] IdentifyError),
    /// A public key whose numbers no key has: a point off its curve, or a number beyond the modulus.
    #[error("the numbers of this {0} public key are none that a key has: it is damaged")]
    PublicNumbers(Algorithm),
    /// A kind of key that Keyreeve does not keep.
    #[error("{0}: Keyreeve does not keep keys of this kind")]
    Unsupported(String),
    /// A key that can be broken.
    #[error("{0}")]
    Weak(String),
}

/// What a form of a key yields: the material, and the public half that stood beside it.
pub(crate) struct Candidate<'a> {
    pub(crate) algorithm: Algorithm,
    pub(crate) material: SecretBytes,
    pub(crate) claimed: Option<&'a [u8]>,
}

/// Takes in a private key: brings it into the canonical form and checks all of it. A public half
/// that stands beside the private one must be its own.
///
/// # Errors
/// When it is damaged, its parts do not belong together, it is of a kind that Keyreeve does not
/// keep, or it is known to be weak: RSA below 2048 bits, DSA, and RSA keys made by the flawed
/// generator that ROCA (CVE-2017-15361) tells of.
pub fn adopt(key: &ForeignKey<'_>) -> Result<AdoptedKey, AdoptError> {
    let candidate = match *key {
        ForeignKey::Pkcs8(der) => adopt_pkcs8(bounded(der)?)?,
        ForeignKey::Pkcs1(der) => rsa::adopt_pkcs1(bounded(der)?)?,
        ForeignKey::Sec1(der) => ec::adopt_sec1(bounded(der)?, None)?,
        ForeignKey::Rsa(ref numbers) => rsa::adopt_numbers(numbers)?,
        ForeignKey::Ec { algorithm, scalar, point } => match spec(algorithm) {
            Spec::Ec(curve) => curve.adopt(algorithm, scalar, point)?,
            _ => return Err(AdoptError::Malformed),
        },
        ForeignKey::Seed { algorithm, secret, public } => {
            let material = match spec(algorithm) {
                Spec::Okp(curve) => curve.adopt(secret)?,
                Spec::MlDsa(set) => set.adopt_seed(secret)?,
                _ => return Err(AdoptError::Malformed),
            };
            Candidate { algorithm, material, claimed: public }
        }
    };
    let Candidate { algorithm, material, claimed } = candidate;
    let identity = identify(algorithm, &material)?;
    if let Some(claimed) = claimed {
        let spki = identity.public_key.as_deref().unwrap_or_default();
        if !same_public(algorithm, spki, claimed) {
            return Err(IdentifyError::Inconsistent(algorithm).into());
        }
    }
    Ok(AdoptedKey { algorithm, material, identity })
}

/// Recognises a `SubjectPublicKeyInfo` (RFC 5280) in DER.
///
/// # Errors
/// When it is damaged, of a kind that Keyreeve does not keep, or known to be weak; also when it is a point that is not
/// on its curve, or an ML-KEM key with numbers beyond the modulus.
pub fn adopt_public(spki: &[u8]) -> Result<AdoptedPublicKey, AdoptError> {
    let info = SubjectPublicKeyInfoRef::from_der(bounded(spki)?).map_err(malformed)?;
    let algorithm = match info.algorithm.oid {
        rsa::OID => {
            let key = info.subject_public_key.as_bytes().ok_or(AdoptError::Malformed)?;
            rsa::public_algorithm(key)?
        }
        _ => algorithm_of(info.algorithm)?,
    };
    let sound = match (PublicParts::from_spki(algorithm, spki)?, spec(algorithm)) {
        (PublicParts::Ec { point, .. }, Spec::Ec(curve)) => curve.has(point),
        (PublicParts::MlKem(key), Spec::MlKem(set)) => set.takes(key),
        _ => true,
    };
    if !sound {
        return Err(AdoptError::PublicNumbers(algorithm));
    }
    Ok(AdoptedPublicKey { algorithm, spki: spki.to_vec() })
}

/// Recognises RSA's public numbers, big endian.
///
/// # Errors
/// As [`adopt_public`].
pub fn adopt_public_rsa(
    modulus: &[u8],
    public_exponent: &[u8],
) -> Result<AdoptedPublicKey, AdoptError> {
    adopt_public(&rsa::spki(modulus, public_exponent)?)
}

/// Recognises the public bytes of a key that is no RSA key: an uncompressed point, or the key's own
/// bytes.
///
/// # Errors
/// As [`adopt_public`].
pub fn adopt_public_bytes(
    algorithm: Algorithm,
    public: &[u8],
) -> Result<AdoptedPublicKey, AdoptError> {
    let (oid, curve) = match spec(algorithm) {
        Spec::Ec(curve) => (ec::OID, Some(&curve.oid)),
        Spec::Okp(curve) => (curve.oid, None),
        Spec::MlKem(set) => (set.oid, None),
        Spec::MlDsa(set) => (set.oid, None),
        Spec::Symmetric(_) | Spec::Rsa(_) => return Err(AdoptError::Malformed),
    };
    let info = SubjectPublicKeyInfoRef {
        algorithm: AlgorithmIdentifierRef { oid, parameters: curve.map(AnyRef::from) },
        subject_public_key: pkcs8::der::asn1::BitStringRef::from_bytes(public)
            .map_err(malformed)?,
    };
    adopt_public(&info.to_der().map_err(malformed)?)
}

fn adopt_pkcs8(der: &[u8]) -> Result<Candidate<'_>, AdoptError> {
    let info = PrivateKeyInfoRef::from_der(der).map_err(malformed)?;
    let inner = info.private_key.as_bytes();
    let beside = info.public_key.as_ref().and_then(|bits| bits.as_bytes());
    if info.algorithm.oid == rsa::OID {
        return rsa::adopt_pkcs1(inner);
    }
    let algorithm = algorithm_of(info.algorithm)?;
    let material = match spec(algorithm) {
        Spec::Ec(_) => {
            let mut candidate = ec::adopt_sec1(inner, Some(algorithm))?;
            candidate.claimed = candidate.claimed.or(beside);
            return Ok(candidate);
        }
        Spec::Okp(curve) => curve.adopt_inner(inner)?,
        Spec::MlKem(set) => set.adopt_inner(inner)?,
        Spec::MlDsa(set) => set.adopt_inner(algorithm, inner)?,
        Spec::Symmetric(_) | Spec::Rsa(_) => return Err(AdoptError::Malformed),
    };
    Ok(Candidate { algorithm, material, claimed: beside })
}

/// The algorithm that an identifier names; RSA needs the key itself, for its size.
fn algorithm_of(found: AlgorithmIdentifierRef<'_>) -> Result<Algorithm, AdoptError> {
    if found.oid == ec::OID {
        let parameters = found.parameters.ok_or(AdoptError::Malformed)?;
        let curve = ObjectIdentifier::try_from(parameters).map_err(|_explicit| {
            AdoptError::Unsupported("an elliptic curve given by its equation".into())
        })?;
        return ec::algorithm_on(curve);
    }
    let named = Algorithm::ALL.iter().copied().find(|&algorithm| match spec(algorithm) {
        Spec::Okp(curve) => curve.oid == found.oid,
        Spec::MlKem(set) => set.oid == found.oid,
        Spec::MlDsa(set) => set.oid == found.oid,
        Spec::Symmetric(_) | Spec::Rsa(_) | Spec::Ec(_) => false,
    });
    named.ok_or_else(|| oid_names::refuse(found.oid))
}

/// Whether `claimed` is the public key inside `spki`; a point may be compressed.
fn same_public(algorithm: Algorithm, spki: &[u8], claimed: &[u8]) -> bool {
    let Ok(info) = SubjectPublicKeyInfoRef::from_der(spki) else { return false };
    let Some(known) = info.subject_public_key.as_bytes() else { return false };
    known == claimed
        || matches!(spec(algorithm), Spec::Ec(curve) if curve.is_compressed(known, claimed))
}

fn bounded(der: &[u8]) -> Result<&[u8], AdoptError> {
    if der.len() > MAX_LEN { Err(AdoptError::Malformed) } else { Ok(der) }
}

pub(crate) fn malformed(_: pkcs8::der::Error) -> AdoptError {
    AdoptError::Malformed
}

impl fmt::Debug for ForeignKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ForeignKey([redacted])")
    }
}

impl fmt::Debug for ForeignRsa<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ForeignRsa([redacted])")
    }
}

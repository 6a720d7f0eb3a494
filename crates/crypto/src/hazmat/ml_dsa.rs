//! ML-DSA (FIPS 204), framed as RFC 9881 says, with the private key in its `seed` form.
//!
//! The seed is 32 random bytes by definition, so it is drawn straight into place; AWS-LC expands
//! it and computes the public half.

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::signature::{
    KeyPair as _, ML_DSA_44_SIGNING, ML_DSA_65_SIGNING, ML_DSA_87_SIGNING, PqdsaKeyPair,
    PqdsaSigningAlgorithm,
};
use pkcs8::ObjectIdentifier;
use pkcs8::der::asn1::{AnyRef, OctetStringRef};
use pkcs8::der::{Decode as _, Tag, Tagged as _};
use zeroize::Zeroizing;

use super::frame::{self, FrameError, Parameters};
use crate::adopt::{AdoptError, malformed};
use crate::algorithm::Algorithm;
use crate::identity::IdentifyError;
use crate::random::{RandomError, fill_random};
use crate::secret::SecretBytes;

const SEED_LEN: usize = 32;
/// `seed [0] IMPLICIT OCTET STRING (SIZE (32))`: tag and length.
const INNER_PREFIX: [u8; 2] = [0x80, 0x20];

pub(crate) struct ParameterSet {
    pub(crate) oid: ObjectIdentifier,
    public_len: usize,
    signing: &'static PqdsaSigningAlgorithm,
    /// The `alg` of a JWK (RFC 9964).
    pub(crate) jwk_name: &'static str,
}

pub(crate) static ML_DSA_44: ParameterSet = ParameterSet {
    oid: ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.17"),
    public_len: 1312,
    signing: &ML_DSA_44_SIGNING,
    jwk_name: "ML-DSA-44",
};
pub(crate) static ML_DSA_65: ParameterSet = ParameterSet {
    oid: ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.18"),
    public_len: 1952,
    signing: &ML_DSA_65_SIGNING,
    jwk_name: "ML-DSA-65",
};
pub(crate) static ML_DSA_87: ParameterSet = ParameterSet {
    oid: ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.19"),
    public_len: 2592,
    signing: &ML_DSA_87_SIGNING,
    jwk_name: "ML-DSA-87",
};

impl ParameterSet {
    pub(crate) fn make(&self) -> Result<Option<SecretBytes>, RandomError> {
        let mut inner = Zeroizing::new([0; INNER_PREFIX.len() + SEED_LEN]);
        let (prefix, seed) = inner.split_at_mut(INNER_PREFIX.len());
        prefix.copy_from_slice(&INNER_PREFIX);
        fill_random(seed)?;
        Ok(frame::private_key(self.oid, Parameters::Absent, inner.as_slice()).ok())
    }

    /// The seed.
    pub(crate) fn private_parts<'a>(&self, der: &'a [u8]) -> Result<&'a [u8; 32], FrameError> {
        let inner = frame::open_private_key(self.oid, Parameters::Absent, der)?;
        let seed = inner.strip_prefix(&INNER_PREFIX).ok_or(FrameError::Malformed)?;
        seed.try_into().map_err(wrong_length)
    }

    /// The material of a seed that stands for itself.
    pub(crate) fn adopt_seed(&self, seed: &[u8]) -> Result<SecretBytes, AdoptError> {
        if seed.len() != SEED_LEN {
            return Err(AdoptError::Malformed);
        }
        let mut inner = Zeroizing::new([0; INNER_PREFIX.len() + SEED_LEN]);
        let (prefix, place) = inner.split_at_mut(INNER_PREFIX.len());
        prefix.copy_from_slice(&INNER_PREFIX);
        place.copy_from_slice(seed);
        frame::private_key(self.oid, Parameters::Absent, inner.as_slice()).map_err(malformed)
    }

    /// The material of one of RFC 9881's three choices, of which the expanded key alone gives no
    /// seed.
    pub(crate) fn adopt_inner(
        &self,
        algorithm: Algorithm,
        inner: &[u8],
    ) -> Result<SecretBytes, AdoptError> {
        if let Some(seed) = inner.strip_prefix(&INNER_PREFIX) {
            return self.adopt_seed(seed);
        }
        let choice = AnyRef::from_der(inner).map_err(malformed)?;
        if choice.tag() == Tag::OctetString {
            return Err(AdoptError::Unsupported(
                "ML-DSA in its expanded form without the seed".into(),
            ));
        }
        let (seed, expanded) = choice
            .sequence(|parts| -> Result<_, pkcs8::der::Error> {
                Ok((<&OctetStringRef>::decode(parts)?, <&OctetStringRef>::decode(parts)?))
            })
            .map_err(malformed)?;
        let material = self.adopt_seed(seed.as_bytes())?;
        let of_seed = PqdsaKeyPair::from_seed(self.signing, seed.as_bytes()).ok();
        let expanded = PqdsaKeyPair::from_raw_private_key(self.signing, expanded.as_bytes()).ok();
        match (of_seed, expanded) {
            (Some(a), Some(b)) if a.public_key().as_ref() == b.public_key().as_ref() => {
                Ok(material)
            }
            _ => Err(IdentifyError::Inconsistent(algorithm).into()),
        }
    }

    pub(crate) fn public_der(&self, seed: &[u8; 32]) -> Option<Vec<u8>> {
        let pair = PqdsaKeyPair::from_seed(self.signing, seed).ok()?;
        Some(pair.public_key().as_der().ok()?.as_ref().to_vec())
    }

    pub(crate) fn public_parts<'a>(&self, der: &'a [u8]) -> Result<&'a [u8], FrameError> {
        let key = frame::open_public_key(self.oid, Parameters::Absent, der)?;
        if key.len() == self.public_len { Ok(key) } else { Err(FrameError::Malformed) }
    }
}

fn wrong_length(_: std::array::TryFromSliceError) -> FrameError {
    FrameError::Malformed
}

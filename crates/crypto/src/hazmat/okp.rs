//! Ed25519 (RFC 8032) and X25519 (RFC 7748), framed as RFC 8410 says.
//!
//! Both private keys are 32 random bytes by definition, so they are drawn straight into place;
//! AWS-LC computes the public half.

use aws_lc_rs::agreement;
use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use pkcs8::ObjectIdentifier;

use super::frame::{self, FrameError, Parameters};
use crate::adopt::{AdoptError, malformed};
use crate::random::{RandomError, fill_random};
use crate::secret::SecretBytes;
use zeroize::Zeroizing;

const KEY_LEN: usize = 32;
/// `CurvePrivateKey ::= OCTET STRING` of 32 bytes: tag and length.
const INNER_PREFIX: [u8; 2] = [0x04, 0x20];

pub(crate) struct Curve {
    pub(crate) oid: ObjectIdentifier,
    pub(crate) jwk_name: &'static str,
    public_der: fn(&[u8]) -> Option<Vec<u8>>,
}

pub(crate) static ED25519: Curve = Curve {
    oid: ObjectIdentifier::new_unwrap("1.3.101.112"),
    jwk_name: "Ed25519",
    public_der: ed25519_public_der,
};
pub(crate) static X25519: Curve = Curve {
    oid: ObjectIdentifier::new_unwrap("1.3.101.110"),
    jwk_name: "X25519",
    public_der: x25519_public_der,
};

impl Curve {
    pub(crate) fn make(&self) -> Result<Option<SecretBytes>, RandomError> {
        let mut inner = Zeroizing::new([0; INNER_PREFIX.len() + KEY_LEN]);
        let (prefix, secret) = inner.split_at_mut(INNER_PREFIX.len());
        prefix.copy_from_slice(&INNER_PREFIX);
        fill_random(secret)?;
        Ok(frame::private_key(self.oid, Parameters::Absent, inner.as_slice()).ok())
    }

    /// The 32-byte secret: Ed25519's seed or X25519's scalar before clamping.
    pub(crate) fn private_parts<'a>(&self, der: &'a [u8]) -> Result<&'a [u8; 32], FrameError> {
        let inner = frame::open_private_key(self.oid, Parameters::Absent, der)?;
        let secret = inner.strip_prefix(&INNER_PREFIX).ok_or(FrameError::Malformed)?;
        secret.try_into().map_err(wrong_length)
    }

    /// The material of a secret that stands for itself.
    pub(crate) fn adopt(&self, secret: &[u8]) -> Result<SecretBytes, AdoptError> {
        if secret.len() != KEY_LEN {
            return Err(AdoptError::Malformed);
        }
        let mut inner = Zeroizing::new([0; INNER_PREFIX.len() + KEY_LEN]);
        let (prefix, place) = inner.split_at_mut(INNER_PREFIX.len());
        prefix.copy_from_slice(&INNER_PREFIX);
        place.copy_from_slice(secret);
        self.adopt_inner(inner.as_slice())
    }

    /// The material of a `CurvePrivateKey`, whose form is checked with the material.
    pub(crate) fn adopt_inner(&self, inner: &[u8]) -> Result<SecretBytes, AdoptError> {
        frame::private_key(self.oid, Parameters::Absent, inner).map_err(malformed)
    }

    pub(crate) fn public_der(&self, secret: &[u8; 32]) -> Option<Vec<u8>> {
        (self.public_der)(secret)
    }

    pub(crate) fn public_parts<'a>(&self, der: &'a [u8]) -> Result<&'a [u8; 32], FrameError> {
        let key = frame::open_public_key(self.oid, Parameters::Absent, der)?;
        key.try_into().map_err(wrong_length)
    }
}

fn ed25519_public_der(seed: &[u8]) -> Option<Vec<u8>> {
    let pair = Ed25519KeyPair::from_seed_unchecked(seed).ok()?;
    Some(pair.public_key().as_der().ok()?.as_ref().to_vec())
}

fn x25519_public_der(scalar: &[u8]) -> Option<Vec<u8>> {
    let key = agreement::PrivateKey::from_private_key(&agreement::X25519, scalar).ok()?;
    Some(key.compute_public_key().ok()?.as_der().ok()?.as_ref().to_vec())
}

fn wrong_length(_: std::array::TryFromSliceError) -> FrameError {
    FrameError::Malformed
}

//! The public part of a key's packet (RFC 9580, section 5.5.2).

use keyreeve_crypto::{
    AdoptError, AdoptedPublicKey, Algorithm, adopt_public_bytes, adopt_public_rsa,
};
use pgp::crypto::ecc_curve::{ECCCurve, ecc_curve_from_oid};
use pgp::crypto::public_key::PublicKeyAlgorithm;
use pgp::packet::{PacketHeader, PubKeyInner, PublicKey};
use pgp::types::{KeyDetails as _, KeyVersion, PublicParams, Tag, Timestamp};

use super::broken;
use super::packet::Fields;
use crate::read::item::Refusal;
use crate::read::traditional::dsa;

/// How a compressed-looking point of Curve25519 begins: its own bytes follow.
const NATIVE_POINT: u8 = 0x40;

/// A key's packet, taken apart.
pub(super) struct Key<'a> {
    pub(super) version: KeyVersion,
    /// Seconds since 1970.
    pub(super) created: u32,
    pub(super) algorithm: PublicKeyAlgorithm,
    pub(super) numbers: Numbers<'a>,
    /// The numbers as they stand there.
    fields: &'a [u8],
    /// All of it up to the secret part.
    whole: &'a [u8],
    /// The rest; `None` of a public key.
    pub(super) secret: Option<&'a [u8]>,
}

/// The numbers of a public key, as far as Keyreeve keeps such keys.
pub(super) enum Numbers<'a> {
    Rsa {
        modulus: &'a [u8],
        exponent: &'a [u8],
    },
    /// For signatures.
    Sign {
        algorithm: Algorithm,
        public: &'a [u8],
        form: Form,
    },
    /// For agreement, which OpenPGP encrypts by.
    Agree {
        algorithm: Algorithm,
        public: &'a [u8],
        form: Form,
    },
}

/// How the secret number is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// An integer, big endian, as wide as it is.
    Integer,
    /// The bytes of Curve25519's scalar the other way round (RFC 9580, section 5.5.5.6.1.1).
    Reversed,
    /// 32 bytes.
    Native,
}

impl<'a> Key<'a> {
    pub(super) fn parse(body: &'a [u8], tag: Tag) -> Result<Self, Refusal> {
        let mut fields = Fields(body);
        let version = fields.byte().ok_or_else(broken)?;
        let version = match version {
            4 => KeyVersion::V4,
            6 => KeyVersion::V6,
            other => return Err(Refusal::Unread(format!("OpenPGP keys of version {other}"))),
        };
        let created = fields.number().ok_or_else(broken)?;
        let id = fields.byte().ok_or_else(broken)?;
        let told = match version {
            KeyVersion::V6 => Some(fields.number().ok_or_else(broken)?),
            _ => None,
        };
        let start = fields.0;
        let numbers = Numbers::parse(id, &mut fields)?.ok_or_else(broken)?;
        let len = start.len() - fields.0.len();
        if told.is_some_and(|told| usize::try_from(told) != Ok(len)) {
            return Err(broken());
        }
        let is_secret = matches!(tag, Tag::SecretKey | Tag::SecretSubkey);
        if !is_secret && !fields.0.is_empty() {
            return Err(broken());
        }
        let part = |all: &'a [u8], len| all.get(..len).unwrap_or_default();
        Ok(Self {
            version,
            created,
            algorithm: PublicKeyAlgorithm::from(id),
            numbers,
            fields: part(start, len),
            whole: part(body, body.len() - fields.0.len()),
            secret: is_secret.then_some(fields.0),
        })
    }

    pub(super) fn adopt_public(&self) -> Result<AdoptedPublicKey, AdoptError> {
        match self.numbers {
            Numbers::Rsa { modulus, exponent } => adopt_public_rsa(modulus, exponent),
            Numbers::Sign { algorithm, public, .. } | Numbers::Agree { algorithm, public, .. } => {
                adopt_public_bytes(algorithm, public)
            }
        }
    }

    /// The packet as the library has it, with the numbers as bytes: enough for fingerprints and for what is
    /// encrypted, without the library's arithmetic.
    pub(super) fn frame(&self) -> Option<PublicKey> {
        let params = PublicParams::Unknown { data: self.fields.to_vec().into() };
        let created = Timestamp::from_secs(self.created);
        let inner = PubKeyInner::new(self.version, self.algorithm, created, None, params).ok()?;
        PublicKey::from_inner(inner).ok()
    }

    /// The packet as the library has it, with what signatures are verified by.
    pub(super) fn verifier(&self) -> Option<PublicKey> {
        let len = u32::try_from(self.whole.len()).ok()?;
        PublicKey::try_from_reader(PacketHeader::new_fixed(Tag::PublicKey, len), self.whole).ok()
    }

    pub(super) fn fingerprint(&self) -> Option<String> {
        Some(hex::encode(self.frame()?.fingerprint().as_bytes()))
    }
}

impl<'a> Numbers<'a> {
    /// `None` when they are cut short.
    fn parse(id: u8, fields: &mut Fields<'a>) -> Result<Option<Self>, Refusal> {
        let native = |fields: &mut Fields<'a>| fields.take(32);
        Ok(match id {
            1..=3 => fields
                .integer()
                .and_then(|modulus| Some(Self::Rsa { modulus, exponent: fields.integer()? })),
            18 => {
                let Some((curve, point)) = curve_and_point(fields) else { return Ok(None) };
                let (algorithm, public, form) = match curve {
                    ECCCurve::Curve25519Legacy => {
                        (Algorithm::X25519, without_mark(point), Form::Reversed)
                    }
                    ref other => (nist(other)?, Some(point), Form::Integer),
                };
                // How the agreed key is stretched; only whoever encrypts needs it.
                let (Some(public), Some(_)) = (public, fields.short()) else { return Ok(None) };
                Some(Self::Agree { algorithm, public, form })
            }
            19 => {
                let Some((curve, public)) = curve_and_point(fields) else { return Ok(None) };
                let algorithm = match curve {
                    ECCCurve::Secp256k1 => Algorithm::EcSecp256k1,
                    ref other => nist(other)?,
                };
                Some(Self::Sign { algorithm, public, form: Form::Integer })
            }
            22 => {
                let Some((curve, point)) = curve_and_point(fields) else { return Ok(None) };
                if curve != ECCCurve::Ed25519Legacy {
                    return Err(unsupported(&format!("an OpenPGP EdDSA key on {}", name(&curve))));
                }
                without_mark(point).map(|public| {
                    let algorithm = Algorithm::Ed25519;
                    Self::Sign { algorithm, public, form: Form::Integer }
                })
            }
            25 => native(fields).map(|public| {
                let algorithm = Algorithm::X25519;
                Self::Agree { algorithm, public, form: Form::Native }
            }),
            27 => native(fields).map(|public| {
                let algorithm = Algorithm::Ed25519;
                Self::Sign { algorithm, public, form: Form::Native }
            }),
            16 | 20 => return Err(unsupported("an ElGamal key")),
            17 => return Err(dsa()),
            26 => return Err(unsupported("an X448 key")),
            28 => return Err(unsupported("an Ed448 key")),
            30 => return Err(unsupported("an OpenPGP key of ML-DSA-65 and Ed25519 together")),
            31 => return Err(unsupported("an OpenPGP key of ML-DSA-87 and Ed448 together")),
            32..=34 => return Err(unsupported("an SLH-DSA key")),
            35 => return Err(unsupported("an OpenPGP key of ML-KEM-768 and X25519 together")),
            36 => return Err(unsupported("an OpenPGP key of ML-KEM-1024 and X448 together")),
            other => {
                return Err(unsupported(&format!(
                    "an OpenPGP key of the algorithm number {other}"
                )));
            }
        })
    }
}

fn curve_and_point<'a>(fields: &mut Fields<'a>) -> Option<(ECCCurve, &'a [u8])> {
    let oid = fields.short()?;
    let curve = ecc_curve_from_oid(oid)?;
    Some((curve, fields.integer()?))
}

fn without_mark(point: &[u8]) -> Option<&[u8]> {
    point.strip_prefix(&[NATIVE_POINT]).filter(|point| point.len() == 32)
}

fn nist(curve: &ECCCurve) -> Result<Algorithm, Refusal> {
    Ok(match curve {
        ECCCurve::P256 => Algorithm::EcP256,
        ECCCurve::P384 => Algorithm::EcP384,
        ECCCurve::P521 => Algorithm::EcP521,
        other => return Err(unsupported(&format!("an OpenPGP key on {}", name(other)))),
    })
}

/// A curve by its name, or by its number where it has none.
fn name(curve: &ECCCurve) -> String {
    match curve {
        ECCCurve::Unknown(_) => format!("the curve {}", curve.oid_str()),
        known => known.name().to_owned(),
    }
}

fn unsupported(what: &str) -> Refusal {
    Refusal::Key(AdoptError::Unsupported(what.into()))
}

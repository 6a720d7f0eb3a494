//! Public keys of kinds that the vault makes no keys of: told by name, size and strength, and used for
//! nothing.
//!
//! **Architecture invariant.** Nothing here takes a private key, and nothing that signs, agrees, encrypts
//! or verifies takes what is told of here.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use pkcs8::der::asn1::UintRef;
use pkcs8::der::{Decode as _, Encode as _};
use pkcs8::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use pkcs8::{ObjectIdentifier, der};
use serde::{Serialize, Serializer};
use ssh_key::public::{DsaPublicKey, KeyData, RsaPublicKey};
use ssh_key::{HashAlg, Mpint};

use crate::adopt::{AdoptError, AdoptedPublicKey, adopt_public};
use crate::algorithm::{Algorithm, UnknownName};
use crate::digest::sha256;
use crate::fingerprint::public_fingerprints;
use crate::hazmat::{ec, rsa};
use crate::identity::IdentifyError;

const DSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10040.4.1");
const X448: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.111");
const ED448: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.113");

/// The largest encoding looked at, in bytes: twice that of the largest RSA key.
const MAX_LEN: usize = 4 * 1024;
/// The sizes of RSA's modulus and of DSA's prime that are told of, in bits.
const RSA_BITS: std::ops::RangeInclusive<u16> = 512..=16_384;
const DSA_BITS: std::ops::RangeInclusive<u16> = 512..=4_096;
/// What is weaker is not to be used any more (SP 800-131A).
const ENOUGH_BITS: u16 = 112;

/// A kind of key that the vault makes none of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ForeignAlgorithm {
    /// RSA with a modulus of another length than the vault's own keys have.
    Rsa {
        /// The modulus's length.
        bits: u16,
    },
    /// DSA (FIPS 186-4).
    Dsa {
        /// The length of the prime p.
        bits: u16,
    },
    /// A Weierstraß curve.
    Ec(ForeignCurve),
    /// Ed448 signatures (RFC 8032).
    Ed448,
    /// X448 key agreement (RFC 7748).
    X448,
}

macro_rules! curves {
    ($($(#[$doc:meta])* $variant:ident = $oid:literal, $name:literal, $title:literal, $bits:literal;)+) => {
        /// A Weierstraß curve that the vault makes no keys on.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ForeignCurve {
            $($(#[$doc])* $variant,)+
        }

        impl ForeignCurve {
            const ALL: &[Self] = &[$(Self::$variant,)+];

            fn oid(self) -> ObjectIdentifier {
                match self { $(Self::$variant => const { ObjectIdentifier::new_unwrap($oid) },)+ }
            }

            const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The curve's name in its own standard.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)+ }
            }

            /// The length of its field in bits.
            #[must_use]
            pub const fn bits(self) -> u16 {
                match self { $(Self::$variant => $bits,)+ }
            }
        }
    };
}

curves! {
    /// NIST's P-192.
    P192 = "1.2.840.10045.3.1.1", "ec-p192", "P-192", 192;
    /// NIST's P-224.
    P224 = "1.3.132.0.33", "ec-p224", "P-224", 224;
    /// Brainpool's with 256 bits (RFC 5639).
    BrainpoolP256r1 = "1.3.36.3.3.2.8.1.1.7", "ec-brainpool-p256r1", "brainpoolP256r1", 256;
    /// Brainpool's with 320 bits.
    BrainpoolP320r1 = "1.3.36.3.3.2.8.1.1.9", "ec-brainpool-p320r1", "brainpoolP320r1", 320;
    /// Brainpool's with 384 bits.
    BrainpoolP384r1 = "1.3.36.3.3.2.8.1.1.11", "ec-brainpool-p384r1", "brainpoolP384r1", 384;
    /// Brainpool's with 512 bits.
    BrainpoolP512r1 = "1.3.36.3.3.2.8.1.1.13", "ec-brainpool-p512r1", "brainpoolP512r1", 512;
}

impl ForeignAlgorithm {
    /// The name as people read it.
    #[must_use]
    pub fn title(self) -> String {
        match self {
            Self::Rsa { bits } => format!("RSA-{bits}"),
            Self::Dsa { bits } => format!("DSA-{bits}"),
            Self::Ec(curve) => format!("EC {}", curve.title()),
            Self::Ed448 => "Ed448".into(),
            Self::X448 => "X448".into(),
        }
    }

    /// The key's length in bits, as its own standard counts it.
    #[must_use]
    pub const fn size_bits(self) -> u16 {
        match self {
            Self::Rsa { bits } | Self::Dsa { bits } => bits,
            Self::Ec(curve) => curve.bits(),
            Self::Ed448 => 456,
            Self::X448 => 448,
        }
    }

    /// Security strength in bits against classical attack (SP 800-57 Part 1 Rev. 5, table 2); where that
    /// table has no row, that of the row below. It has none below 1024 bits: such keys are broken for
    /// money, and count as 56 bits at most.
    #[must_use]
    pub const fn strength_bits(self) -> u16 {
        match self {
            Self::Rsa { bits } | Self::Dsa { bits } => match bits {
                ..1_024 => 56,
                1_024..2_048 => 80,
                2_048..3_072 => 112,
                3_072..4_096 => 128,
                4_096..7_680 => 152,
                7_680..15_360 => 192,
                _ => 256,
            },
            Self::Ec(curve) => curve.bits() / 2,
            Self::Ed448 | Self::X448 => 224,
        }
    }

    /// Why it is not to be used any more, in a sentence; `None` where it may be.
    #[must_use]
    pub fn weakness(self) -> Option<String> {
        match self {
            Self::Dsa { .. } => Some(
                "DSA is too weak to be used: OpenSSH and NIST (FIPS 186-5) have dropped it".into(),
            ),
            Self::Rsa { bits } if self.strength_bits() < ENOUGH_BITS => Some(format!(
                "RSA with {bits} bits is too weak to be used; NIST allows 2048 and more"
            )),
            Self::Ec(curve) if self.strength_bits() < ENOUGH_BITS => Some(format!(
                "the curve {} is too weak to be used; NIST allows 224 bits and more",
                curve.title()
            )),
            _ => None,
        }
    }

    /// The identifier by which its keys are registered; of a curve's key that of its curve.
    #[must_use]
    pub fn oid(self) -> String {
        match self {
            Self::Rsa { .. } => rsa::OID,
            Self::Dsa { .. } => DSA,
            Self::Ec(curve) => curve.oid(),
            Self::Ed448 => ED448,
            Self::X448 => X448,
        }
        .to_string()
    }
}

impl fmt::Display for ForeignAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa { bits } => write!(f, "rsa-{bits}"),
            Self::Dsa { bits } => write!(f, "dsa-{bits}"),
            Self::Ec(curve) => f.write_str(curve.name()),
            Self::Ed448 => f.write_str("ed448"),
            Self::X448 => f.write_str("x448"),
        }
    }
}

/// The algorithm of a public key that is only known: one of the vault's own, or a foreign one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PublicAlgorithm {
    /// The vault makes such keys.
    Own(Algorithm),
    /// It makes none.
    Foreign(ForeignAlgorithm),
}

impl PublicAlgorithm {
    /// The vault's own algorithm, if it is one.
    #[must_use]
    pub const fn own(self) -> Option<Algorithm> {
        match self {
            Self::Own(algorithm) => Some(algorithm),
            Self::Foreign(_) => None,
        }
    }

    /// The foreign one, if it is one.
    #[must_use]
    pub const fn foreign(self) -> Option<ForeignAlgorithm> {
        match self {
            Self::Own(_) => None,
            Self::Foreign(algorithm) => Some(algorithm),
        }
    }

    /// Security strength in bits against classical attack.
    #[must_use]
    pub const fn strength_bits(self) -> u16 {
        match self {
            Self::Own(algorithm) => algorithm.strength_bits(),
            Self::Foreign(algorithm) => algorithm.strength_bits(),
        }
    }

    /// Whether a quantum computer would not break it, as far as is known.
    #[must_use]
    pub fn is_quantum_safe(self) -> bool {
        self.own().is_some_and(Algorithm::is_quantum_safe)
    }

    /// Why it is not to be used any more, in a sentence; `None` where it may be.
    #[must_use]
    pub fn weakness(self) -> Option<String> {
        self.foreign().and_then(ForeignAlgorithm::weakness)
    }
}

impl From<Algorithm> for PublicAlgorithm {
    fn from(algorithm: Algorithm) -> Self {
        Self::Own(algorithm)
    }
}

impl fmt::Display for PublicAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own(algorithm) => algorithm.fmt(f),
            Self::Foreign(algorithm) => algorithm.fmt(f),
        }
    }
}

impl Serialize for PublicAlgorithm {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromStr for PublicAlgorithm {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        let own = Algorithm::from_str(name);
        if let Ok(own) = own {
            return Ok(Self::Own(own));
        }
        let sized = |prefix: &str| name.strip_prefix(prefix)?.parse::<u16>().ok();
        let curves = ForeignCurve::ALL.iter().copied().map(ForeignAlgorithm::Ec);
        let rsa = sized("rsa-").filter(|bits| RSA_BITS.contains(bits));
        let dsa = sized("dsa-").filter(|bits| DSA_BITS.contains(bits));
        let known = curves
            .chain([ForeignAlgorithm::Ed448, ForeignAlgorithm::X448])
            .chain(rsa.map(|bits| ForeignAlgorithm::Rsa { bits }))
            .chain(dsa.map(|bits| ForeignAlgorithm::Dsa { bits }));
        // A number with zeros or a sign before it is another name.
        let found = known.into_iter().find(|known| known.to_string() == name);
        found.map_or_else(|| own.map(Self::Own), |found| Ok(Self::Foreign(found)))
    }
}

/// A public key of a kind that the vault makes none of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignPublicKey {
    /// What it is.
    pub algorithm: ForeignAlgorithm,
    /// `SubjectPublicKeyInfo` in DER.
    pub spki: Vec<u8>,
}

/// A public key that was recognised: of one of the vault's own kinds, or of a foreign one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecognisedKey {
    /// The vault makes such keys.
    Own(AdoptedPublicKey),
    /// It makes none.
    Foreign(ForeignPublicKey),
}

/// Recognises a `SubjectPublicKeyInfo` (RFC 5280) in DER, also of a kind that the vault makes no keys of.
///
/// # Errors
/// When it is damaged, or of a kind that not even this tells.
pub fn recognise_public(spki: &[u8]) -> Result<RecognisedKey, AdoptError> {
    let refused = match adopt_public(spki) {
        Ok(key) => return Ok(RecognisedKey::Own(key)),
        Err(refused) => refused,
    };
    if !matches!(refused, AdoptError::Weak(_) | AdoptError::Unsupported(_)) || spki.len() > MAX_LEN
    {
        return Err(refused);
    }
    let Some(algorithm) = told(spki)? else { return Err(refused) };
    Ok(RecognisedKey::Foreign(ForeignPublicKey { algorithm, spki: spki.to_vec() }))
}

/// Recognises RSA's public numbers, big endian.
///
/// # Errors
/// As [`recognise_public`].
pub fn recognise_public_rsa(
    modulus: &[u8],
    public_exponent: &[u8],
) -> Result<RecognisedKey, AdoptError> {
    recognise_public(&rsa::spki(modulus, public_exponent)?)
}

/// Recognises DSA's public numbers, big endian.
///
/// # Errors
/// As [`recognise_public`].
pub fn recognise_public_dsa(
    p: &[u8],
    q: &[u8],
    g: &[u8],
    y: &[u8],
) -> Result<RecognisedKey, AdoptError> {
    recognise_public(&dsa_spki([p, q, g], y).map_err(malformed)?)
}

/// The fingerprints of a public key that is only known, by the names that [`crate::identify`] lists.
///
/// # Errors
/// When `spki` is malformed or of another algorithm.
pub fn known_fingerprints(
    algorithm: PublicAlgorithm,
    spki: &[u8],
) -> Result<BTreeMap<String, String>, IdentifyError> {
    let foreign = match algorithm {
        PublicAlgorithm::Own(algorithm) => return public_fingerprints(algorithm, spki),
        PublicAlgorithm::Foreign(algorithm) => algorithm,
    };
    let mut fingerprints = BTreeMap::from([("spki-sha256".into(), hex::encode(sha256(spki)))]);
    let ssh = ssh_key_data(foreign, spki);
    fingerprints
        .extend(ssh.map(|key| ("ssh-sha256".into(), key.fingerprint(HashAlg::Sha256).to_string())));
    Ok(fingerprints)
}

/// The key as OpenSSH knows it; `None` for kinds it does not know.
fn ssh_key_data(algorithm: ForeignAlgorithm, spki: &[u8]) -> Option<KeyData> {
    let info = SubjectPublicKeyInfoRef::from_der(spki).ok()?;
    let key = info.subject_public_key.as_bytes()?;
    let number = |bytes: &[u8]| Mpint::from_positive_bytes(bytes).ok();
    match algorithm {
        ForeignAlgorithm::Rsa { .. } => {
            let key = pkcs1::RsaPublicKeyRef::from_der(key).ok()?;
            Some(KeyData::Rsa(RsaPublicKey {
                e: number(key.public_exponent.as_bytes())?,
                n: number(key.modulus.as_bytes())?,
            }))
        }
        ForeignAlgorithm::Dsa { .. } => {
            let [p, q, g] = dsa_numbers(info.algorithm).ok()?;
            let y = UintRef::from_der(key).ok()?;
            Some(KeyData::Dsa(DsaPublicKey {
                p: number(p.as_bytes())?,
                q: number(q.as_bytes())?,
                g: number(g.as_bytes())?,
                y: number(y.as_bytes())?,
            }))
        }
        _ => None,
    }
}

/// What kind of key it is, and whether its parts have the form and the size of that kind; `None` of a kind
/// that is not told. Nothing is computed with it.
fn told(spki: &[u8]) -> Result<Option<ForeignAlgorithm>, AdoptError> {
    let info = SubjectPublicKeyInfoRef::from_der(spki).map_err(malformed)?;
    let key = info.subject_public_key.as_bytes().ok_or(AdoptError::Malformed)?;
    match info.algorithm.oid {
        rsa::OID => rsa_bits(info.algorithm, key),
        DSA => dsa_bits(info.algorithm, key),
        ec::OID => on_curve(info.algorithm, key),
        ED448 => fixed(info.algorithm, key, 57, ForeignAlgorithm::Ed448),
        X448 => fixed(info.algorithm, key, 56, ForeignAlgorithm::X448),
        _ => Ok(None),
    }
}

fn rsa_bits(
    found: AlgorithmIdentifierRef<'_>,
    key: &[u8],
) -> Result<Option<ForeignAlgorithm>, AdoptError> {
    let key = pkcs1::RsaPublicKeyRef::from_der(key).map_err(malformed)?;
    let (n, e) = (key.modulus.as_bytes(), key.public_exponent.as_bytes());
    let is_sound = found.parameters.is_some_and(|parameters| parameters.is_null())
        && is_odd(n)
        && is_odd(e)
        && e != [1]
        && (e.len(), e) < (n.len(), n);
    if !is_sound {
        return Err(AdoptError::Malformed);
    }
    // A size of the vault's own was refused for another reason, which stands.
    let bits =
        bits(n).filter(|bits| RSA_BITS.contains(bits) && !matches!(bits, 2048 | 3072 | 4096));
    Ok(bits.map(|bits| ForeignAlgorithm::Rsa { bits }))
}

fn dsa_bits(
    found: AlgorithmIdentifierRef<'_>,
    key: &[u8],
) -> Result<Option<ForeignAlgorithm>, AdoptError> {
    let numbers = dsa_numbers(found).map_err(malformed)?;
    let [p, q, g] = numbers.map(|number| number.as_bytes());
    let y = UintRef::from_der(key).map_err(malformed)?;
    let y = y.as_bytes();
    let is_below = |number: &[u8]| (number.len(), number) < (p.len(), p) && number > [1].as_slice();
    let is_sound = is_odd(p)
        && is_odd(q)
        && matches!(bits(q), Some(160 | 224 | 256))
        && is_below(g)
        && is_below(y);
    if !is_sound {
        return Err(AdoptError::Malformed);
    }
    let bits = bits(p).filter(|bits| DSA_BITS.contains(bits));
    Ok(bits.map(|bits| ForeignAlgorithm::Dsa { bits }))
}

fn on_curve(
    found: AlgorithmIdentifierRef<'_>,
    key: &[u8],
) -> Result<Option<ForeignAlgorithm>, AdoptError> {
    let parameters = found.parameters.ok_or(AdoptError::Malformed)?;
    let Ok(oid) = ObjectIdentifier::try_from(parameters) else { return Ok(None) };
    let Some(curve) = ForeignCurve::ALL.iter().copied().find(|curve| curve.oid() == oid) else {
        return Ok(None);
    };
    let field_len = usize::from(curve.bits()) / 8;
    let is_point = match key.first() {
        Some(4) => key.len() == 1 + 2 * field_len,
        Some(2 | 3) => key.len() == 1 + field_len,
        _ => false,
    };
    if is_point { Ok(Some(ForeignAlgorithm::Ec(curve))) } else { Err(AdoptError::Malformed) }
}

fn fixed(
    found: AlgorithmIdentifierRef<'_>,
    key: &[u8],
    len: usize,
    algorithm: ForeignAlgorithm,
) -> Result<Option<ForeignAlgorithm>, AdoptError> {
    let is_sound = found.parameters.is_none() && key.len() == len;
    if is_sound { Ok(Some(algorithm)) } else { Err(AdoptError::Malformed) }
}

/// p, q and g (RFC 3279, section 2.3.2).
fn dsa_numbers(found: AlgorithmIdentifierRef<'_>) -> der::Result<[UintRef<'_>; 3]> {
    let missing = || der::Error::from(der::ErrorKind::Failed);
    let parameters = found.parameters.ok_or_else(missing)?;
    parameters.sequence(|inner| {
        Ok::<_, der::Error>([
            UintRef::decode(inner)?,
            UintRef::decode(inner)?,
            UintRef::decode(inner)?,
        ])
    })
}

fn dsa_spki(parameters: [&[u8]; 3], y: &[u8]) -> der::Result<Vec<u8>> {
    let mut numbers = Vec::new();
    for number in parameters {
        UintRef::new(number)?.encode_to_vec(&mut numbers)?;
    }
    let sequence = der::asn1::AnyRef::new(der::Tag::Sequence, &numbers)?;
    let y = UintRef::new(y)?.to_der()?;
    SubjectPublicKeyInfoRef {
        algorithm: AlgorithmIdentifierRef { oid: DSA, parameters: Some(sequence) },
        subject_public_key: der::asn1::BitStringRef::from_bytes(&y)?,
    }
    .to_der()
}

fn is_odd(number: &[u8]) -> bool {
    number.last().is_some_and(|last| last & 1 == 1)
}

/// The length in bits of a number without leading zeros.
fn bits(number: &[u8]) -> Option<u16> {
    let zeros = number.first()?.leading_zeros() as usize;
    u16::try_from((number.len() * 8).checked_sub(zeros)?).ok()
}

fn malformed(_: der::Error) -> AdoptError {
    AdoptError::Malformed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_and_only_the_canonical_ones_are_names() {
        for name in [
            "ed25519",
            "rsa-2048",
            "rsa-1024",
            "rsa-512",
            "rsa-16384",
            "dsa-1024",
            "ec-p192",
            "ec-brainpool-p512r1",
            "ed448",
            "x448",
        ] {
            assert_eq!(name.parse::<PublicAlgorithm>().unwrap().to_string(), name);
        }
        for name in [
            "",
            "rsa-",
            "rsa-01024",
            "rsa-+1024",
            "rsa-511",
            "rsa-16385",
            "rsa-99999",
            "dsa-1",
            "ec-",
            "ED448",
            "RSA-1024",
        ] {
            assert!(name.parse::<PublicAlgorithm>().is_err(), "{name}");
        }
        let own: PublicAlgorithm = "rsa-4096".parse().unwrap();
        assert_eq!(own.own(), Some(Algorithm::Rsa4096));
    }

    #[test]
    fn what_is_below_112_bits_or_dsa_is_weak() {
        let weak = |name: &str| name.parse::<PublicAlgorithm>().unwrap().weakness().is_some();
        assert!(
            ["rsa-512", "rsa-1024", "rsa-2047", "dsa-1024", "dsa-3072", "ec-p192"]
                .map(weak)
                .iter()
                .all(|weak| *weak)
        );
        assert!(
            ![
                "rsa-2049",
                "rsa-8192",
                "ec-p224",
                "ec-brainpool-p256r1",
                "ed448",
                "x448",
                "rsa-2048",
                "ed25519"
            ]
            .map(weak)
            .iter()
            .any(|weak| *weak)
        );
    }

    #[test]
    fn numbers_that_no_key_has_are_refused() {
        let odd = |len: usize| {
            let mut number = vec![0xff; len];
            number[0] = 0xc1;
            number
        };
        let rsa = |n: &[u8], e: &[u8]| recognise_public_rsa(n, e);
        assert!(
            matches!(rsa(&odd(128), &[1, 0, 1]), Ok(RecognisedKey::Foreign(key)) if key.algorithm == ForeignAlgorithm::Rsa { bits: 1024 })
        );
        let even: Vec<u8> = odd(128).into_iter().map(|byte| byte & 0xfe).collect();
        let long = odd(8 * 1024);
        for (n, e) in [
            (even.as_slice(), &[3][..]),
            (&odd(128), &[1]),
            (&odd(128), &[4]),
            (&odd(128), &odd(129)),
            (&odd(40), &[3]),
            (&long, &[3]),
            (&[], &[3]),
        ] {
            assert!(rsa(n, e).is_err(), "{} {e:?}", n.len());
        }
        let dsa = |p: &[u8], q: &[u8], g: &[u8], y: &[u8]| recognise_public_dsa(p, q, g, y);
        let (p, q) = (odd(128), odd(20));
        assert!(matches!(dsa(&p, &q, &[2], &[3]), Ok(RecognisedKey::Foreign(_))));
        for (q, g, y) in [
            (q.as_slice(), &[1][..], &[3][..]),
            (&q, &[2], &[1]),
            (&q, &[2], &p),
            (&q, &odd(129), &[3]),
            (&odd(21), &[2], &[3]),
            (&q, &[], &[3]),
        ] {
            assert!(dsa(&p, q, g, y).is_err());
        }
    }
}

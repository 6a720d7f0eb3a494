//! Key pairs on P-256, P-384, P-521 and secp256k1 (SEC 1, RFC 5915).

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256K1_SHA256_ASN1,
    ECDSA_P256K1_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1, ECDSA_P384_SHA384_ASN1_SIGNING,
    ECDSA_P521_SHA512_ASN1, ECDSA_P521_SHA512_ASN1_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
    EcdsaVerificationAlgorithm, KeyPair as _, ParsedPublicKey,
};
use pkcs8::ObjectIdentifier;
use pkcs8::der::{Decode as _, Encode as _};
use zeroize::Zeroizing;

use super::frame::{self, FrameError, Parameters};
use super::oid_names;
use crate::adopt::{self, AdoptError, Candidate};
use crate::algorithm::Algorithm;
use crate::identity::IdentifyError;
use crate::secret::SecretBytes;

pub(crate) const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const UNCOMPRESSED: u8 = 4;

pub(crate) struct Curve {
    pub(crate) oid: ObjectIdentifier,
    /// The length of a coordinate, and of the private scalar, in bytes.
    field_len: usize,
    /// AWS-LC names a curve only together with a signature scheme.
    signing: &'static EcdsaSigningAlgorithm,
    verifying: &'static EcdsaVerificationAlgorithm,
    pub(crate) jwk_name: &'static str,
}

pub(crate) static P256: Curve = Curve {
    oid: ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7"),
    field_len: 32,
    signing: &ECDSA_P256_SHA256_ASN1_SIGNING,
    verifying: &ECDSA_P256_SHA256_ASN1,
    jwk_name: "P-256",
};
pub(crate) static P384: Curve = Curve {
    oid: ObjectIdentifier::new_unwrap("1.3.132.0.34"),
    field_len: 48,
    signing: &ECDSA_P384_SHA384_ASN1_SIGNING,
    verifying: &ECDSA_P384_SHA384_ASN1,
    jwk_name: "P-384",
};
pub(crate) static P521: Curve = Curve {
    oid: ObjectIdentifier::new_unwrap("1.3.132.0.35"),
    field_len: 66,
    signing: &ECDSA_P521_SHA512_ASN1_SIGNING,
    verifying: &ECDSA_P521_SHA512_ASN1,
    jwk_name: "P-521",
};
pub(crate) static SECP256K1: Curve = Curve {
    oid: ObjectIdentifier::new_unwrap("1.3.132.0.10"),
    field_len: 32,
    signing: &ECDSA_P256K1_SHA256_ASN1_SIGNING,
    verifying: &ECDSA_P256K1_SHA256_ASN1,
    jwk_name: "secp256k1",
};

/// The algorithm whose curve has this identifier.
pub(crate) fn algorithm_on(oid: ObjectIdentifier) -> Result<Algorithm, AdoptError> {
    let curves = [
        (&P256, Algorithm::EcP256),
        (&P384, Algorithm::EcP384),
        (&P521, Algorithm::EcP521),
        (&SECP256K1, Algorithm::EcSecp256k1),
    ];
    let found = curves.into_iter().find(|(curve, _)| curve.oid == oid);
    found.map(|(_, algorithm)| algorithm).ok_or_else(|| oid_names::refuse(oid))
}

/// Takes in an `ECPrivateKey`; its curve is the one it names, or the one named around it.
pub(crate) fn adopt_sec1(
    inner: &[u8],
    around: Option<Algorithm>,
) -> Result<Candidate<'_>, AdoptError> {
    let key = sec1::EcPrivateKey::from_der(inner).map_err(adopt::malformed)?;
    let named = key.parameters.and_then(|parameters| parameters.named_curve());
    let algorithm = match (named.map(algorithm_on).transpose()?, around) {
        (Some(named), Some(around)) if named != around => return Err(AdoptError::Malformed),
        (named, around) => named.or(around).ok_or(AdoptError::Malformed)?,
    };
    match super::spec(algorithm) {
        super::Spec::Ec(curve) => curve.adopt(algorithm, key.private_key, key.public_key),
        _ => Err(AdoptError::Malformed),
    }
}

impl Curve {
    /// Takes in a scalar of any length; AWS-LC computes the public point.
    pub(crate) fn adopt<'a>(
        &'static self,
        algorithm: Algorithm,
        scalar: &[u8],
        point: Option<&'a [u8]>,
    ) -> Result<Candidate<'a>, AdoptError> {
        let leading = scalar.iter().take_while(|&&byte| byte == 0).count();
        let digits = scalar.get(leading..).unwrap_or_default();
        let mut padded = Zeroizing::new(vec![0; self.field_len]);
        let start = self.field_len.checked_sub(digits.len()).ok_or(AdoptError::Malformed)?;
        padded.get_mut(start..).ok_or(AdoptError::Malformed)?.copy_from_slice(digits);
        let key = sec1::EcPrivateKey {
            private_key: &padded,
            parameters: Some(sec1::EcParameters::NamedCurve(self.oid)),
            public_key: None,
        };
        let der = Zeroizing::new(key.to_der().map_err(adopt::malformed)?);
        let pair = EcdsaKeyPair::from_private_key_der(self.signing, &der)
            .map_err(|_refused| IdentifyError::Inconsistent(algorithm))?;
        let key = sec1::EcPrivateKey {
            private_key: &padded,
            parameters: None,
            public_key: Some(pair.public_key().as_ref()),
        };
        let inner = Zeroizing::new(key.to_der().map_err(adopt::malformed)?);
        let material = frame::private_key(OID, Parameters::Curve(self.oid), &inner)
            .map_err(adopt::malformed)?;
        Ok(Candidate { algorithm, material, claimed: point })
    }

    /// Whether `claimed` is the compressed form of the point `known`.
    pub(crate) fn is_compressed(&self, known: &[u8], claimed: &[u8]) -> bool {
        let (Some((&sign, x)), Some(&last)) = (claimed.split_first(), known.last()) else {
            return false;
        };
        sign == 2 + (last & 1) && known.get(1..=self.field_len) == Some(x)
    }

    pub(crate) fn make(&'static self) -> Option<SecretBytes> {
        let der = EcdsaKeyPair::generate(self.signing).ok()?.to_pkcs8v1().ok()?;
        Some(SecretBytes::new(der.as_ref().to_vec()))
    }

    /// The private scalar and the uncompressed public point.
    pub(crate) fn private_parts<'a>(
        &'static self,
        der: &'a [u8],
    ) -> Result<(&'a [u8], &'a [u8]), FrameError> {
        let inner = frame::open_private_key(OID, Parameters::Curve(self.oid), der)?;
        let key = sec1::EcPrivateKey::from_der(inner).map_err(malformed)?;
        let point = key.public_key.ok_or(FrameError::Malformed)?;
        // RFC 5915's parameters repeat what PKCS#8 says already: the canonical form has none.
        if key.parameters.is_some() || key.private_key.len() != self.field_len {
            return Err(FrameError::Malformed);
        }
        self.check_point(point)?;
        Ok((key.private_key, point))
    }

    /// Both halves, once AWS-LC has found that they belong together.
    pub(crate) fn signing_pair(&'static self, der: &[u8]) -> Option<EcdsaKeyPair> {
        EcdsaKeyPair::from_pkcs8(self.signing, der).ok()
    }

    /// The public half, once AWS-LC has found that it is the private half's.
    pub(crate) fn public_der(&'static self, der: &[u8]) -> Option<Vec<u8>> {
        let pair = self.signing_pair(der)?;
        Some(pair.public_key().as_der().ok()?.as_ref().to_vec())
    }

    /// The uncompressed point.
    pub(crate) fn public_parts<'a>(&'static self, der: &'a [u8]) -> Result<&'a [u8], FrameError> {
        let point = frame::open_public_key(OID, Parameters::Curve(self.oid), der)?;
        self.check_point(point)?;
        Ok(point)
    }

    /// Whether the point is on the curve, and not at infinity (SP 800-56A Rev. 3, 5.6.2.3.3).
    pub(crate) fn has(&'static self, point: &[u8]) -> bool {
        ParsedPublicKey::new(self.verifying, point).is_ok()
    }

    fn check_point(&self, point: &[u8]) -> Result<(), FrameError> {
        if point.len() == 1 + 2 * self.field_len && point.first() == Some(&UNCOMPRESSED) {
            Ok(())
        } else {
            Err(FrameError::Malformed)
        }
    }
}

fn malformed(_: pkcs8::der::Error) -> FrameError {
    FrameError::Malformed
}

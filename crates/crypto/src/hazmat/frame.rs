//! The DER around a key: PKCS#8 `PrivateKeyInfo` (RFC 5208, RFC 5958) and
//! `SubjectPublicKeyInfo` (RFC 5280), in one canonical form each.

use pkcs8::der::asn1::{AnyRef, BitStringRef, OctetStringRef};
use pkcs8::der::{Decode as _, Encode as _};
use pkcs8::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use pkcs8::{ObjectIdentifier, PrivateKeyInfoRef};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::secret::SecretBytes;

/// What stands beside the algorithm's object identifier.
#[derive(Clone, Copy)]
pub(crate) enum Parameters {
    Absent,
    Null,
    Curve(ObjectIdentifier),
}

impl Parameters {
    fn encoded(&self) -> Option<AnyRef<'_>> {
        match self {
            Self::Absent => None,
            Self::Null => Some(AnyRef::NULL),
            Self::Curve(curve) => Some(AnyRef::from(curve)),
        }
    }
}

/// Why a frame was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FrameError {
    /// No such structure, or not in canonical form.
    Malformed,
    /// The structure is sound, and belongs to another algorithm.
    OtherAlgorithm,
}

/// Wraps `inner` as the private key of a PKCS#8 v1 structure.
pub(crate) fn private_key(
    oid: ObjectIdentifier,
    parameters: Parameters,
    inner: &[u8],
) -> Result<SecretBytes, pkcs8::der::Error> {
    let algorithm = AlgorithmIdentifierRef { oid, parameters: parameters.encoded() };
    let der = PrivateKeyInfoRef::new(algorithm, OctetStringRef::new(inner)?).to_der()?;
    Ok(Zeroizing::new(der).into())
}

/// The private key inside a PKCS#8 v1 structure of exactly this algorithm.
pub(crate) fn open_private_key(
    oid: ObjectIdentifier,
    parameters: Parameters,
    der: &[u8],
) -> Result<&[u8], FrameError> {
    let info = PrivateKeyInfoRef::from_der(der).map_err(malformed)?;
    check_algorithm(oid, parameters, info.algorithm)?;
    // Attributes, extensions and an embedded public key are dropped or changed by encoding it
    // again, so one comparison finds everything that is not the canonical form.
    let again = Zeroizing::new(
        PrivateKeyInfoRef::new(info.algorithm, info.private_key).to_der().map_err(malformed)?,
    );
    if !bool::from(again.ct_eq(der)) {
        return Err(FrameError::Malformed);
    }
    Ok(info.private_key.as_bytes())
}

/// Wraps `key` as a public key.
pub(crate) fn public_key(
    oid: ObjectIdentifier,
    parameters: Parameters,
    key: &[u8],
) -> Result<Vec<u8>, pkcs8::der::Error> {
    SubjectPublicKeyInfoRef {
        algorithm: AlgorithmIdentifierRef { oid, parameters: parameters.encoded() },
        subject_public_key: BitStringRef::from_bytes(key)?,
    }
    .to_der()
}

/// The public key inside a `SubjectPublicKeyInfo` of exactly this algorithm.
pub(crate) fn open_public_key(
    oid: ObjectIdentifier,
    parameters: Parameters,
    der: &[u8],
) -> Result<&[u8], FrameError> {
    let info = SubjectPublicKeyInfoRef::from_der(der).map_err(malformed)?;
    check_algorithm(oid, parameters, info.algorithm)?;
    info.subject_public_key.as_bytes().ok_or(FrameError::Malformed)
}

fn check_algorithm(
    oid: ObjectIdentifier,
    parameters: Parameters,
    found: AlgorithmIdentifierRef<'_>,
) -> Result<(), FrameError> {
    if found == (AlgorithmIdentifierRef { oid, parameters: parameters.encoded() }) {
        Ok(())
    } else {
        Err(FrameError::OtherAlgorithm)
    }
}

fn malformed(_: pkcs8::der::Error) -> FrameError {
    FrameError::Malformed
}

//! ML-KEM (FIPS 203), framed as RFC 9935 says, with the private key in its `expandedKey` form.

use aws_lc_rs::digest::{SHA3_256, digest};
use aws_lc_rs::kem::{self, AlgorithmId, DecapsulationKey, EncapsulationKey};
use pkcs8::ObjectIdentifier;
use pkcs8::der::asn1::{AnyRef, OctetStringRef};
use pkcs8::der::{Decode as _, Encode as _, Tag, Tagged as _};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::frame::{self, FrameError, Parameters};
use crate::adopt::{AdoptError, malformed};
use crate::secret::SecretBytes;

/// `expandedKey ::= OCTET STRING` of 256 to 65535 bytes: a tag and three bytes of length.
const INNER_PREFIX_LEN: usize = 4;
const HASH_LEN: usize = 32;
const REJECTION_SEED_LEN: usize = 32;

pub(crate) struct ParameterSet {
    pub(crate) oid: ObjectIdentifier,
    /// FIPS 203's parameter k.
    k: usize,
    kem: &'static kem::Algorithm<AlgorithmId>,
}

pub(crate) static ML_KEM_512: ParameterSet = ParameterSet {
    oid: ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.4.1"),
    k: 2,
    kem: &kem::ML_KEM_512,
};
pub(crate) static ML_KEM_768: ParameterSet = ParameterSet {
    oid: ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.4.2"),
    k: 3,
    kem: &kem::ML_KEM_768,
};
pub(crate) static ML_KEM_1024: ParameterSet = ParameterSet {
    oid: ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.4.3"),
    k: 4,
    kem: &kem::ML_KEM_1024,
};

impl ParameterSet {
    /// The encapsulation key's length in bytes.
    fn public_len(&self) -> usize {
        384 * self.k + 32
    }

    /// The decapsulation key's length in bytes: dk_pke ‖ ek ‖ H(ek) ‖ z.
    fn private_len(&self) -> usize {
        384 * self.k + self.public_len() + HASH_LEN + REJECTION_SEED_LEN
    }

    pub(crate) fn make(&self) -> Option<SecretBytes> {
        let key = DecapsulationKey::generate(self.kem).ok()?.key_bytes().ok()?;
        let octets = OctetStringRef::new(key.as_ref()).ok()?;
        let inner = Zeroizing::new(octets.to_der().ok()?);
        frame::private_key(self.oid, Parameters::Absent, &inner).ok()
    }

    /// Whether the encapsulation key's numbers are below the modulus (FIPS 203, 7.2): AWS-LC looks when it encapsulates.
    pub(crate) fn takes(&self, encapsulation_key: &[u8]) -> bool {
        EncapsulationKey::new(self.kem, encapsulation_key)
            .is_ok_and(|key| key.encapsulate().is_ok())
    }

    /// The material of one of RFC 9935's three choices. The seed alone is not expanded here; where
    /// both stand, the expanded key is kept.
    pub(crate) fn adopt_inner(&self, inner: &[u8]) -> Result<SecretBytes, AdoptError> {
        let choice = AnyRef::from_der(inner).map_err(malformed)?;
        let expanded = match choice.tag() {
            Tag::OctetString => <&OctetStringRef>::try_from(choice).map_err(malformed)?,
            Tag::Sequence => choice
                .sequence(|parts| -> Result<_, pkcs8::der::Error> {
                    <&OctetStringRef>::decode(parts)?;
                    <&OctetStringRef>::decode(parts)
                })
                .map_err(malformed)?,
            _ => return Err(AdoptError::Unsupported("ML-KEM kept as its seed alone".into())),
        };
        let inner = Zeroizing::new(expanded.to_der().map_err(malformed)?);
        frame::private_key(self.oid, Parameters::Absent, &inner).map_err(malformed)
    }

    /// The decapsulation key, and the encapsulation key inside it.
    pub(crate) fn private_parts<'a>(
        &self,
        der: &'a [u8],
    ) -> Result<(&'a [u8], &'a [u8]), FrameError> {
        let inner = frame::open_private_key(self.oid, Parameters::Absent, der)?;
        let (prefix, decapsulation_key) =
            inner.split_at_checked(INNER_PREFIX_LEN).ok_or(FrameError::Malformed)?;
        let [0x04, 0x82, high, low] = *prefix else {
            return Err(FrameError::Malformed);
        };
        if decapsulation_key.len() != self.private_len()
            || usize::from(u16::from_be_bytes([high, low])) != self.private_len()
        {
            return Err(FrameError::Malformed);
        }
        let start = 384 * self.k;
        let encapsulation_key =
            decapsulation_key.get(start..start + self.public_len()).ok_or(FrameError::Malformed)?;
        Ok((decapsulation_key, encapsulation_key))
    }

    /// The public half, once the two halves have been seen to work together.
    ///
    /// FIPS 203 section 7.3 asks for the hash check; a secret sent to the public half and
    /// received with the private half shows the rest.
    pub(crate) fn public_der(
        &self,
        decapsulation_key: &[u8],
        encapsulation_key: &[u8],
    ) -> Option<Vec<u8>> {
        let start = 384 * self.k + self.public_len();
        let stored_hash = decapsulation_key.get(start..start + HASH_LEN)?;
        if digest(&SHA3_256, encapsulation_key).as_ref() != stored_hash {
            return None;
        }
        let public = EncapsulationKey::new(self.kem, encapsulation_key).ok()?;
        let private = DecapsulationKey::new(self.kem, decapsulation_key).ok()?;
        let (ciphertext, sent) = public.encapsulate().ok()?;
        let received = private.decapsulate(ciphertext).ok()?;
        if !bool::from(sent.as_ref().ct_eq(received.as_ref())) {
            return None;
        }
        frame::public_key(self.oid, Parameters::Absent, encapsulation_key).ok()
    }

    pub(crate) fn public_parts<'a>(&self, der: &'a [u8]) -> Result<&'a [u8], FrameError> {
        let key = frame::open_public_key(self.oid, Parameters::Absent, der)?;
        if key.len() == self.public_len() { Ok(key) } else { Err(FrameError::Malformed) }
    }
}

//! RSA key pairs (RFC 8017) with two primes.

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use pkcs8::ObjectIdentifier;
use pkcs8::der::Decode as _;

use super::frame::{self, FrameError, Parameters};
use crate::parts::RsaPrivateParts;
use crate::secret::SecretBytes;

const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

#[derive(Clone, Copy)]
pub(crate) struct Spec {
    /// The modulus's length in bits.
    bits: usize,
    size: KeySize,
}

pub(crate) const RSA_2048: Spec = Spec { bits: 2048, size: KeySize::Rsa2048 };
pub(crate) const RSA_3072: Spec = Spec { bits: 3072, size: KeySize::Rsa3072 };
pub(crate) const RSA_4096: Spec = Spec { bits: 4096, size: KeySize::Rsa4096 };

impl Spec {
    pub(crate) fn make(self) -> Option<SecretBytes> {
        let der = KeyPair::generate(self.size).ok()?.as_der().ok()?;
        Some(SecretBytes::new(der.as_ref().to_vec()))
    }

    pub(crate) fn private_parts(self, der: &[u8]) -> Result<RsaPrivateParts<'_>, FrameError> {
        let inner = frame::open_private_key(OID, Parameters::Null, der)?;
        let key = pkcs1::RsaPrivateKeyRef::from_der(inner).map_err(malformed)?;
        if key.other_prime_infos.is_some() {
            return Err(FrameError::Malformed);
        }
        self.check_size(key.modulus.as_bytes())?;
        Ok(RsaPrivateParts {
            modulus: key.modulus.as_bytes(),
            public_exponent: key.public_exponent.as_bytes(),
            private_exponent: key.private_exponent.as_bytes(),
            prime1: key.prime1.as_bytes(),
            prime2: key.prime2.as_bytes(),
            exponent1: key.exponent1.as_bytes(),
            exponent2: key.exponent2.as_bytes(),
            coefficient: key.coefficient.as_bytes(),
        })
    }

    /// The public half, once AWS-LC has found that all the numbers belong together.
    pub(crate) fn public_der(der: &[u8]) -> Option<Vec<u8>> {
        let pair = KeyPair::from_pkcs8(der).ok()?;
        Some(pair.public_key().as_der().ok()?.as_ref().to_vec())
    }

    /// Modulus and public exponent.
    pub(crate) fn public_parts(self, der: &[u8]) -> Result<(&[u8], &[u8]), FrameError> {
        let inner = frame::open_public_key(OID, Parameters::Null, der)?;
        let key = pkcs1::RsaPublicKeyRef::from_der(inner).map_err(malformed)?;
        self.check_size(key.modulus.as_bytes())?;
        Ok((key.modulus.as_bytes(), key.public_exponent.as_bytes()))
    }

    fn check_size(self, modulus: &[u8]) -> Result<(), FrameError> {
        let top_bit_set = modulus.first().is_some_and(|top| top & 0x80 != 0);
        if modulus.len() * 8 == self.bits && top_bit_set {
            Ok(())
        } else {
            Err(FrameError::OtherAlgorithm)
        }
    }
}

fn malformed(_: pkcs8::der::Error) -> FrameError {
    FrameError::Malformed
}

//! RSA key pairs (RFC 8017) with two primes.

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use crypto_bigint::{BoxedUint, NonZero};
use pkcs8::ObjectIdentifier;
use pkcs8::der::asn1::UintRef;
use pkcs8::der::{Decode as _, Encode as _};
use zeroize::Zeroizing;

use super::frame::{self, FrameError, Parameters};
use super::roca;
use crate::adopt::{self, AdoptError, Candidate, ForeignRsa};
use crate::algorithm::Algorithm;
use crate::identity::IdentifyError;
use crate::parts::RsaPrivateParts;
use crate::secret::SecretBytes;

pub(crate) const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

#[derive(Clone, Copy)]
pub(crate) struct Spec {
    /// The modulus's length in bits.
    bits: usize,
    size: KeySize,
}

pub(crate) const RSA_2048: Spec = Spec { bits: 2048, size: KeySize::Rsa2048 };
pub(crate) const RSA_3072: Spec = Spec { bits: 3072, size: KeySize::Rsa3072 };
pub(crate) const RSA_4096: Spec = Spec { bits: 4096, size: KeySize::Rsa4096 };

/// Takes in an `RSAPrivateKey`.
pub(crate) fn adopt_pkcs1<'a>(inner: &[u8]) -> Result<Candidate<'a>, AdoptError> {
    let key = pkcs1::RsaPrivateKeyRef::from_der(inner).map_err(adopt::malformed)?;
    if key.other_prime_infos.is_some() {
        return Err(AdoptError::Unsupported("RSA with more than two primes".into()));
    }
    let algorithm = algorithm_of(key.modulus.as_bytes())?;
    let material = frame::private_key(OID, Parameters::Null, inner).map_err(adopt::malformed)?;
    Ok(Candidate { algorithm, material, claimed: None })
}

/// Takes in RSA's numbers. The two exponents that some files leave out are computed; AWS-LC then
/// checks that all eight belong together.
pub(crate) fn adopt_numbers<'a>(numbers: &ForeignRsa<'_>) -> Result<Candidate<'a>, AdoptError> {
    let algorithm = algorithm_of(trimmed(numbers.modulus))?;
    let inconsistent = || AdoptError::from(IdentifyError::Inconsistent(algorithm));
    let exponent = |prime| reduced(numbers.private_exponent, prime).ok_or_else(inconsistent);
    let (exponent1, exponent2) = (exponent(numbers.prime1)?, exponent(numbers.prime2)?);
    let number = |bytes| UintRef::new(trimmed(bytes)).map_err(adopt::malformed);
    let key = pkcs1::RsaPrivateKeyRef {
        modulus: number(numbers.modulus)?,
        public_exponent: number(numbers.public_exponent)?,
        private_exponent: number(numbers.private_exponent)?,
        prime1: number(numbers.prime1)?,
        prime2: number(numbers.prime2)?,
        exponent1: number(&exponent1)?,
        exponent2: number(&exponent2)?,
        coefficient: number(numbers.coefficient)?,
        other_prime_infos: None,
    };
    adopt_pkcs1(&Zeroizing::new(key.to_der().map_err(adopt::malformed)?))
}

/// d mod (p − 1).
fn reduced(private_exponent: &[u8], prime: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (d, mut p) = (trimmed(private_exponent), Zeroizing::new(trimmed(prime).to_vec()));
    // Only an odd p can be a prime, and then p − 1 differs from it in the last bit alone.
    let last = p.last_mut().filter(|last| **last & 1 == 1)?;
    *last &= 0xfe;
    let bits = u32::try_from(d.len().max(p.len()) * 8).ok()?;
    let number = |bytes| BoxedUint::from_be_slice(bytes, bits).ok().map(Zeroizing::new);
    let modulus = Zeroizing::new(NonZero::new(BoxedUint::clone(&*number(&p)?)).into_option()?);
    let rest = Zeroizing::new(number(d)?.rem(&modulus));
    Some(Zeroizing::new(rest.to_be_bytes().into_vec()))
}

/// The algorithm of a public key: `RSAPublicKey` in DER.
pub(crate) fn public_algorithm(der: &[u8]) -> Result<Algorithm, AdoptError> {
    let key = pkcs1::RsaPublicKeyRef::from_der(der).map_err(adopt::malformed)?;
    algorithm_of(key.modulus.as_bytes())
}

/// A `SubjectPublicKeyInfo` of these numbers.
pub(crate) fn spki(modulus: &[u8], public_exponent: &[u8]) -> Result<Vec<u8>, AdoptError> {
    let number = |bytes| UintRef::new(trimmed(bytes)).map_err(adopt::malformed);
    let key = pkcs1::RsaPublicKeyRef {
        modulus: number(modulus)?,
        public_exponent: number(public_exponent)?,
    };
    let key = key.to_der().map_err(adopt::malformed)?;
    frame::public_key(OID, Parameters::Null, &key).map_err(adopt::malformed)
}

/// The algorithm of a modulus without leading zeros, unless it is weak.
fn algorithm_of(modulus: &[u8]) -> Result<Algorithm, AdoptError> {
    let zeros = modulus.first().map_or(0, |top| top.leading_zeros() as usize);
    let algorithm = match (modulus.len() * 8).saturating_sub(zeros) {
        2048 => Algorithm::Rsa2048,
        3072 => Algorithm::Rsa3072,
        4096 => Algorithm::Rsa4096,
        bits @ ..2048 => {
            return Err(AdoptError::Weak(format!(
                "RSA with {bits} bits is too weak to be used; NIST allows 2048 and more"
            )));
        }
        bits => return Err(AdoptError::Unsupported(format!("RSA with {bits} bits"))),
    };
    if roca::has_mark(modulus) {
        return Err(AdoptError::Weak(
            "the key has the mark of the flawed generator in some smartcards and TPMs \
             (ROCA, CVE-2017-15361): its private half can be computed from the public one"
                .into(),
        ));
    }
    Ok(algorithm)
}

fn trimmed(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|&&byte| byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}

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
        let top_bit_set = modulus.first().is_some_and(|top| *top >= 0x80);
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

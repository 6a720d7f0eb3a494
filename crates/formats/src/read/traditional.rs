//! OpenSSL's traditional encrypted PEM: a `DEK-Info` header, and a key made of the passphrase with
//! one round of MD5.

use std::fmt;

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeDecrypt, KeyIvInit};
use cbc::Decryptor;
use keyreeve_crypto::{AdoptError, ForeignKey, SecretBytes, SecretString, adopt};
use md5::{Digest as _, Md5};
use zeroize::Zeroizing;

use super::form::Form;
use super::item::{Found, Item, Locked, LockedKind, Refusal};

/// What the block holds once it is open.
#[derive(Debug, Clone, Copy)]
pub(super) enum Body {
    Pkcs1,
    Sec1,
}

impl Body {
    pub(super) fn key(self, der: &[u8]) -> ForeignKey<'_> {
        match self {
            Self::Pkcs1 => ForeignKey::Pkcs1(der),
            Self::Sec1 => ForeignKey::Sec1(der),
        }
    }
}

/// The ciphers of `DEK-Info` that are read.
#[derive(Debug, Clone, Copy)]
enum Cipher {
    Aes128,
    Aes192,
    Aes256,
    TripleDes,
    Des,
}

/// An encrypted block.
pub(super) struct Traditional {
    body: Body,
    cipher: Cipher,
    iv: Vec<u8>,
    ciphertext: Vec<u8>,
}

impl fmt::Debug for Traditional {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Traditional(..)")
    }
}

/// The refusal of a DSA key.
pub(super) fn dsa() -> Refusal {
    Refusal::Key(AdoptError::Weak(
        "DSA is too weak to be used: OpenSSH and NIST (FIPS 186-5) have dropped it".into(),
    ))
}

pub(super) fn read(info: &str, body: Body, ciphertext: &[u8]) -> Item {
    match parse(info, body, ciphertext) {
        Ok(block) => {
            let locked = Locked { kind: LockedKind::Traditional(block), public: None };
            Item::new(Form::Traditional, Found::Locked(locked)).with_warning(
                "The file's passphrase is cheap to guess: it is stretched with one round of MD5.",
            )
        }
        Err(refusal) => Item::refused(Form::Traditional, refusal),
    }
}

fn parse(info: &str, body: Body, ciphertext: &[u8]) -> Result<Traditional, Refusal> {
    let (name, iv) = info.split_once(',').unwrap_or((info, ""));
    let (cipher, iv_len) = match name.trim().to_ascii_uppercase().as_str() {
        "AES-128-CBC" => (Cipher::Aes128, 16),
        "AES-192-CBC" => (Cipher::Aes192, 16),
        "AES-256-CBC" => (Cipher::Aes256, 16),
        "DES-EDE3-CBC" => (Cipher::TripleDes, 8),
        "DES-CBC" => (Cipher::Des, 8),
        other => {
            let name: String = other.chars().take(40).collect();
            return Err(Refusal::Unread(format!("PEM blocks encrypted with {name}")));
        }
    };
    let iv = hex::decode(iv.trim())
        .ok()
        .filter(|iv| iv.len() == iv_len)
        .ok_or_else(|| Refusal::Damaged("the block's DEK-Info header is damaged".into()))?;
    Ok(Traditional { body, cipher, iv, ciphertext: ciphertext.to_vec() })
}

impl Traditional {
    /// The key inside; `None` when the password is wrong.
    pub(super) fn open(&self, password: &SecretString) -> Option<Found> {
        let der = match self.cipher {
            Cipher::Aes128 => self.decrypt::<Decryptor<aes::Aes128>>(password, 16),
            Cipher::Aes192 => self.decrypt::<Decryptor<aes::Aes192>>(password, 24),
            Cipher::Aes256 => self.decrypt::<Decryptor<aes::Aes256>>(password, 32),
            Cipher::TripleDes => self.decrypt::<Decryptor<des::TdesEde3>>(password, 24),
            Cipher::Des => self.decrypt::<Decryptor<des::Des>>(password, 8),
        };
        // The padding of a wrong key is right once in 256 times; the structure then is not.
        match adopt(&self.body.key(der?.expose())) {
            Err(AdoptError::Malformed) => None,
            key => Some(Found::of(key)),
        }
    }

    fn decrypt<D: BlockModeDecrypt + KeyIvInit>(
        &self,
        password: &SecretString,
        key_len: usize,
    ) -> Option<SecretBytes> {
        let key = self.key(password, key_len)?;
        let cipher = D::new_from_slices(&key, &self.iv).ok()?;
        let mut buffer = Zeroizing::new(self.ciphertext.clone());
        let len = cipher.decrypt_padded::<Pkcs7>(&mut buffer).ok()?.len();
        buffer.truncate(len);
        Some(buffer.into())
    }

    /// OpenSSL's `EVP_BytesToKey` with MD5 and one round: each block of the key is the digest of
    /// the block before, the passphrase and the first 8 bytes of the initialisation vector.
    fn key(&self, password: &SecretString, len: usize) -> Option<Zeroizing<Vec<u8>>> {
        let salt = self.iv.get(..8)?;
        let mut key = Zeroizing::new(Vec::with_capacity(len + 16));
        let mut block = Zeroizing::new([0_u8; 16]);
        while key.len() < len {
            let mut digest = Md5::new();
            if !key.is_empty() {
                digest.update(block.as_slice());
            }
            // EXPOSE: the password is the digest's input.
            digest.update(password.expose().as_bytes());
            digest.update(salt);
            block.copy_from_slice(&digest.finalize());
            key.extend_from_slice(block.as_slice());
        }
        key.truncate(len);
        Some(key)
    }
}

//! JSON Web Encryption under a password, in its compact form: five parts and four dots.

use std::fmt;

use aes::cipher::block_padding::Pkcs7;
use aes::{Aes128, Aes192, Aes256};
use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{AeadInOut as _, KeyInit};
use aes_gcm::{AesGcm, Nonce, Tag};
use aes_kw::AesKw;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use hmac::Hmac;
use keyreeve_crypto::SecretString;
use pbkdf2::pbkdf2_hmac;
use serde::Deserialize;
use sha2::{Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use super::form::Form;
use super::item::{FEW_ROUNDS_WARNING, Found, Item, Locked, LockedKind, Refusal};
use super::jwk;
use super::pbe::MAX_ROUNDS;
use crate::jwe::bound_salt;

#[cfg(test)]
mod tests;

/// Rounds below which a password is cheap to guess.
const FEW_ROUNDS: u32 = 10_000;
/// The longest name of an algorithm repeated in a message.
const MAX_NAME: usize = 40;

/// A file whose costs were looked at.
pub(super) struct Jwe {
    /// The header as it stands there, which the content is bound to.
    header: Vec<u8>,
    wrap: Wrap,
    content: Content,
    salt: Vec<u8>,
    rounds: u32,
    wrapped: Vec<u8>,
    iv: Vec<u8>,
    ciphertext: Vec<u8>,
    tag: Vec<u8>,
}

#[derive(Clone, Copy)]
enum Wrap {
    Hs256A128,
    Hs384A192,
    Hs512A256,
}

#[derive(Clone, Copy)]
enum Content {
    A128Gcm,
    A192Gcm,
    A256Gcm,
    A128CbcHs256,
    A192CbcHs384,
    A256CbcHs512,
}

/// The header's members; what else it says does not change what is inside, except `crit` and `zip`.
#[derive(Deserialize)]
struct Header<'a> {
    alg: String,
    enc: String,
    p2s: Option<String>,
    p2c: Option<u64>,
    zip: Option<String>,
    #[serde(borrow)]
    crit: Option<&'a serde_json::value::RawValue>,
}

impl fmt::Debug for Jwe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Jwe(..)")
    }
}

/// Reads `text` if it looks like one.
pub(super) fn read(text: &str) -> Option<Item> {
    let parts: Vec<_> = text.trim().split('.').collect();
    let &[header, wrapped, iv, ciphertext, tag] = parts.as_slice() else { return None };
    let decoded = BASE64_URL_SAFE_NO_PAD.decode(header).ok()?;
    // Any object with these two members is one, however else it is damaged.
    let named: Header<'_> = serde_json::from_slice(&decoded).ok()?;
    let parse = || -> Result<Jwe, Refusal> {
        let decode = |part| {
            BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_malformed| {
                Refusal::Damaged("the encrypted JWK is damaged or cut short".into())
            })
        };
        let (wrap, content) = named.ways()?;
        let (salt, rounds) = named.stretching()?;
        let iv = decode(iv)?;
        let tag = decode(tag)?;
        if (iv.len(), tag.len()) != content.lens() {
            return Err(Refusal::Damaged("the encrypted JWK is damaged or cut short".into()));
        }
        Ok(Jwe {
            header: header.into(),
            wrap,
            content,
            salt: bound_salt(&named.alg, &decode(&salt)?),
            rounds,
            wrapped: decode(wrapped)?,
            iv,
            ciphertext: decode(ciphertext)?,
            tag,
        })
    };
    Some(match parse() {
        Ok(jwe) => {
            let few = jwe.rounds < FEW_ROUNDS;
            let locked = Locked { kind: LockedKind::Jwe(jwe), public: None };
            Item::new(Form::Jwe, Found::Locked(locked))
                .with_warning(few.then_some(FEW_ROUNDS_WARNING))
        }
        Err(refusal) => Item::refused(Form::Jwe, refusal),
    })
}

impl Header<'_> {
    fn ways(&self) -> Result<(Wrap, Content), Refusal> {
        let unread = |what: &str, name: &str| {
            let name: String = name.chars().take(MAX_NAME).collect();
            Refusal::Unread(format!("JWE with {what} “{name}”"))
        };
        let wrap = match self.alg.as_str() {
            "PBES2-HS256+A128KW" => Wrap::Hs256A128,
            "PBES2-HS384+A192KW" => Wrap::Hs384A192,
            "PBES2-HS512+A256KW" => Wrap::Hs512A256,
            other => return Err(unread("the key encryption", other)),
        };
        let content = match self.enc.as_str() {
            "A128GCM" => Content::A128Gcm,
            "A192GCM" => Content::A192Gcm,
            "A256GCM" => Content::A256Gcm,
            "A128CBC-HS256" => Content::A128CbcHs256,
            "A192CBC-HS384" => Content::A192CbcHs384,
            "A256CBC-HS512" => Content::A256CbcHs512,
            other => return Err(unread("the encryption", other)),
        };
        if let Some(zip) = &self.zip {
            return Err(unread("the compression", zip));
        }
        if let Some(crit) = self.crit {
            return Err(unread("the critical extensions", crit.get()));
        }
        Ok((wrap, content))
    }

    fn stretching(&self) -> Result<(String, u32), Refusal> {
        let (Some(salt), Some(rounds)) = (&self.p2s, self.p2c) else {
            return Err(Refusal::Damaged("the encrypted JWK names no salt or no rounds".into()));
        };
        match u32::try_from(rounds) {
            Ok(0) => Err(Refusal::Damaged("the encrypted JWK asks for no rounds at all".into())),
            Ok(rounds @ 1..=MAX_ROUNDS) => Ok((salt.clone(), rounds)),
            _ => Err(Refusal::TooCostly(format!("{rounds} rounds of PBKDF2"))),
        }
    }
}

impl Content {
    /// The lengths of the initialisation vector and the tag.
    fn lens(self) -> (usize, usize) {
        match self {
            Self::A128Gcm | Self::A192Gcm | Self::A256Gcm => (12, 16),
            Self::A128CbcHs256 => (16, 16),
            Self::A192CbcHs384 => (16, 24),
            Self::A256CbcHs512 => (16, 32),
        }
    }
}

impl Jwe {
    /// What is inside; `None` when the password is wrong.
    pub(super) fn open(&self, password: &SecretString) -> Option<Vec<Item>> {
        // EXPOSE: the password is the KDF's input.
        let password = password.expose().as_bytes();
        macro_rules! unwrapped {
            ($digest:ty, $cipher:ty, $len:literal) => {{
                let mut key = Zeroizing::new([0; $len]);
                pbkdf2_hmac::<$digest>(password, &self.salt, self.rounds, key.as_mut());
                unwrap(AesKw::<$cipher>::new_from_slice(key.as_slice()).ok()?, &self.wrapped)?
            }};
        }
        let key = match self.wrap {
            Wrap::Hs256A128 => unwrapped!(Sha256, Aes128, 16),
            Wrap::Hs384A192 => unwrapped!(Sha384, Aes192, 24),
            Wrap::Hs512A256 => unwrapped!(Sha512, Aes256, 32),
        };
        let text = self.decrypt(&key)?;
        let inside = std::str::from_utf8(&text).ok().and_then(|text| jwk::read(text).ok());
        Some(inside.unwrap_or_else(|| {
            let refusal = Refusal::Unread("JWE that holds something else than a key".into());
            vec![Item::refused(Form::Jwe, refusal)]
        }))
    }

    /// The content under its own key.
    fn decrypt(&self, key: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        match self.content {
            Content::A128Gcm => self.decrypt_gcm(AesGcm::<Aes128, U12>::new_from_slice(key)),
            Content::A192Gcm => self.decrypt_gcm(AesGcm::<Aes192, U12>::new_from_slice(key)),
            Content::A256Gcm => self.decrypt_gcm(AesGcm::<Aes256, U12>::new_from_slice(key)),
            Content::A128CbcHs256 => self.decrypt_cbc::<cbc::Decryptor<Aes128>, Hmac<Sha256>>(key),
            Content::A192CbcHs384 => self.decrypt_cbc::<cbc::Decryptor<Aes192>, Hmac<Sha384>>(key),
            Content::A256CbcHs512 => self.decrypt_cbc::<cbc::Decryptor<Aes256>, Hmac<Sha512>>(key),
        }
    }

    fn decrypt_gcm<C, E>(&self, cipher: Result<AesGcm<C, U12>, E>) -> Option<Zeroizing<Vec<u8>>>
    where
        AesGcm<C, U12>:
            aes_gcm::aead::AeadInOut<NonceSize = U12, TagSize = aes_gcm::aead::consts::U16>,
    {
        let mut text = Zeroizing::new(self.ciphertext.clone());
        let nonce = Nonce::try_from(self.iv.as_slice()).ok()?;
        let tag = Tag::try_from(self.tag.as_slice()).ok()?;
        cipher
            .ok()?
            .decrypt_inout_detached(&nonce, &self.header, text.as_mut_slice().into(), &tag)
            .ok()?;
        Some(text)
    }

    /// RFC 7518, section 5.2.2.2: the first half of the key is the MAC's, the second the cipher's.
    fn decrypt_cbc<D, M>(&self, key: &[u8]) -> Option<Zeroizing<Vec<u8>>>
    where
        D: aes::cipher::BlockModeDecrypt + aes::cipher::KeyIvInit,
        M: hmac::Mac + hmac::KeyInit,
    {
        let (mac_key, cipher_key) = key.split_at_checked(key.len() / 2)?;
        let bits = u64::try_from(self.header.len()).ok()?.checked_mul(8)?;
        <M as hmac::KeyInit>::new_from_slice(mac_key)
            .ok()?
            .chain_update(&self.header)
            .chain_update(&self.iv)
            .chain_update(&self.ciphertext)
            .chain_update(bits.to_be_bytes())
            .verify_truncated_left(&self.tag)
            .ok()?;
        let cipher = D::new_from_slices(cipher_key, &self.iv).ok()?;
        let mut text = Zeroizing::new(self.ciphertext.clone());
        let len = cipher.decrypt_padded::<Pkcs7>(&mut text).ok()?.len();
        text.truncate(len);
        Some(text)
    }
}

/// The content's key, of whatever length from two blocks on (RFC 3394, section 2): of less, the library would take an
/// empty one for sound.
fn unwrap<C>(cipher: AesKw<C>, wrapped: &[u8]) -> Option<Zeroizing<Vec<u8>>>
where
    C: aes::cipher::BlockCipherDecrypt<BlockSize = aes::cipher::consts::U16>,
{
    let len = wrapped.len().checked_sub(8).filter(|len| *len >= 16)?;
    let mut key = Zeroizing::new(vec![0; len]);
    cipher.unwrap_key(wrapped, &mut key).ok()?;
    Some(key)
}

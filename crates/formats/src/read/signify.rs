//! signify's secret keys (signify.c of OpenBSD): the kinds' names, rounds, salt, checksum, the key's
//! number, then the seed and the public half, under `bcrypt_pbkdf`'s stream.

use std::fmt;

use bcrypt_pbkdf::bcrypt_pbkdf;
use keyreeve_crypto::{Algorithm, ForeignKey, SecretString, adopt};
use sha2::{Digest as _, Sha512};
use zeroize::Zeroizing;

use super::form::Form;
use super::item::{Found, Item, Locked, LockedKind, Refusal};
use super::openssh::MAX_BCRYPT_ROUNDS;

pub(super) const SECRET_LEN: usize = 104;

/// A key whose cost was looked at.
pub(super) struct Signify {
    rounds: u32,
    salt: [u8; 16],
    checksum: [u8; 8],
    key: Zeroizing<[u8; 64]>,
}

impl fmt::Debug for Signify {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signify(..)")
    }
}

pub(super) fn read(bytes: &[u8]) -> Item {
    let Some(file) = Signify::parse(bytes) else { return damaged() };
    match file.rounds {
        // Made with `signify -n`: in the clear.
        0 => file.pair(&file.key).map_or_else(damaged, |found| Item::new(Form::Minisign, found)),
        1..=MAX_BCRYPT_ROUNDS => {
            let locked = Locked { kind: LockedKind::Signify(file), public: None };
            Item::new(Form::Minisign, Found::Locked(locked))
        }
        rounds => {
            let cost = Refusal::TooCostly(format!("{rounds} rounds of bcrypt"));
            Item::refused(Form::Minisign, cost)
        }
    }
}

impl Signify {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(b"EdBK")?;
        let (rounds, rest) = rest.split_first_chunk()?;
        let (salt, rest) = rest.split_first_chunk()?;
        let (checksum, rest) = rest.split_first_chunk()?;
        let (_number, key) = rest.split_first_chunk::<8>()?;
        let key = Zeroizing::new(key.try_into().ok()?);
        Some(Self { rounds: u32::from_be_bytes(*rounds), salt: *salt, checksum: *checksum, key })
    }

    /// The key inside; `None` when the password is wrong.
    pub(super) fn open(&self, password: &SecretString) -> Option<Found> {
        let mut stream = Zeroizing::new([0; 64]);
        // EXPOSE: the password is the KDF's input.
        let password = password.expose();
        bcrypt_pbkdf(password, &self.salt, self.rounds, stream.as_mut()).ok()?;
        stream.iter_mut().zip(self.key.iter()).for_each(|(byte, key)| *byte ^= key);
        self.pair(&stream)
    }

    /// The checksum says whether these are the key's bytes.
    fn pair(&self, key: &[u8; 64]) -> Option<Found> {
        if !Sha512::digest(key).starts_with(&self.checksum) {
            return None;
        }
        let (secret, public) = key.split_at_checked(32)?;
        let algorithm = Algorithm::Ed25519;
        Some(Found::of(adopt(&ForeignKey::Seed { algorithm, secret, public: Some(public) })))
    }
}

fn damaged() -> Item {
    let damaged = "the signify key is damaged";
    Item::refused(Form::Minisign, Refusal::Damaged(damaged.into()))
}

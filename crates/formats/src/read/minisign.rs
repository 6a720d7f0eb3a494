//! minisign's keys and signify's, which are alike: a comment, and a line of base64.

use std::fmt;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use keyreeve_crypto::{Algorithm, ForeignKey, SecretString, adopt, adopt_public_bytes};
use minisign::SecretKeyBox;
use zeroize::Zeroizing;

use super::form::Form;
use super::item::{Found, Item, Locked, LockedKind, Refusal};
use super::signify;

const COMMENT: &str = "untrusted comment:";
const PUBLIC_LEN: usize = 42;
const SECRET_LEN: usize = 158;
const SIGNATURE_LEN: usize = 74;
/// scrypt's memory at most, in bytes, which is also what minisign itself asks for.
const MAX_MEMORY: u64 = 1 << 30;
/// scrypt's operations at most: eight times what minisign itself asks for.
const MAX_OPERATIONS: u64 = 1 << 28;

/// An encrypted key whose costs were looked at.
pub(super) struct LockedMinisign(Zeroizing<String>);

impl fmt::Debug for LockedMinisign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LockedMinisign(..)")
    }
}

pub(super) fn is_one(text: &str) -> bool {
    text.trim_start().starts_with(COMMENT)
}

pub(super) fn read(text: &str) -> Item {
    let mut lines = text.trim().lines();
    let comment = lines.next().and_then(|line| line.strip_prefix(COMMENT)).unwrap_or_default();
    let Some(bytes) = lines.next().and_then(|line| BASE64_STANDARD.decode(line.trim()).ok()) else {
        return damaged();
    };
    let bytes = Zeroizing::new(bytes);
    let item = match (bytes.get(..2), bytes.len()) {
        (Some(b"Ed"), PUBLIC_LEN) => {
            let key = bytes.get(10..).unwrap_or_default();
            Item::of_public(Form::Minisign, adopt_public_bytes(Algorithm::Ed25519, key))
        }
        (Some(b"Ed"), SECRET_LEN) => secret(text, &bytes),
        (Some(b"Ed"), signify::SECRET_LEN) => signify::read(&bytes),
        (Some(b"Ed" | b"ED"), SIGNATURE_LEN) => {
            let what = "Signatures of minisign or signify".into();
            Item::refused(Form::Minisign, Refusal::Unread(what))
        }
        _ => return damaged(),
    };
    item.with_comment(comment)
}

fn secret(text: &str, bytes: &[u8]) -> Item {
    let text = Zeroizing::new(text.trim().to_owned());
    if bytes.get(2..4) == Some(&[0, 0]) {
        // minisign itself leaves the checksum out then; the public half is checked all the same.
        let unchecked = bytes.get(126..).is_some_and(|sum| sum.iter().all(|byte| *byte == 0));
        let opened = if unchecked {
            minisign::SecretKey::from_bytes(bytes).ok()
        } else {
            SecretKeyBox::from(text.as_str().to_owned()).into_unencrypted_secret_key().ok()
        };
        return opened
            .and_then(|key| pair(&key.to_bytes()))
            .map_or_else(damaged, |found| Item::new(Form::Minisign, found));
    }
    let number = |at: usize| {
        let eight = bytes.get(at..at + 8).and_then(|eight| eight.try_into().ok());
        eight.map(u64::from_le_bytes).unwrap_or(u64::MAX)
    };
    let (operations, memory) = (number(38), number(46));
    if operations > MAX_OPERATIONS || memory > MAX_MEMORY {
        let asked = format!("{} MiB of memory and {operations} operations", memory >> 20);
        return Item::refused(Form::Minisign, Refusal::TooCostly(asked));
    }
    let kind = LockedKind::Minisign(LockedMinisign(text));
    Item::new(Form::Minisign, Found::Locked(Locked { kind, public: None }))
}

impl LockedMinisign {
    /// The key inside; `None` when the password is wrong.
    pub(super) fn open(&self, password: &SecretString) -> Option<Found> {
        let boxed = SecretKeyBox::from(self.0.as_str().to_owned());
        // EXPOSE: the password is the KDF's input.
        let key = boxed.into_secret_key(Some(password.expose().to_owned())).ok()?;
        pair(&key.to_bytes())
    }
}

/// The key of an opened file: the seed and the public half stand before the checksum.
fn pair(opened: &[u8]) -> Option<Found> {
    let (secret, public) = opened.get(62..126)?.split_at_checked(32)?;
    let algorithm = Algorithm::Ed25519;
    Some(Found::of(adopt(&ForeignKey::Seed { algorithm, secret, public: Some(public) })))
}

fn damaged() -> Item {
    let damaged = "the minisign or signify key is damaged";
    Item::refused(Form::Minisign, Refusal::Damaged(damaged.into()))
}

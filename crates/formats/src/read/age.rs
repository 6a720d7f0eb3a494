//! age's identity files: comment lines, and Bech32 of 32 bytes.

use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32, Hrp};
use keyreeve_crypto::{Algorithm, ForeignKey};
use zeroize::Zeroizing;

use super::MAX_ITEMS;
use super::form::Form;
use super::item::{Item, Refusal};

const BEGINNING: &str = "AGE-SECRET-KEY-1";
const PREFIX: &str = "age-secret-key-";
const SECRET_LEN: usize = 32;

pub(super) fn has_identity(text: &str) -> bool {
    identities(text).next().is_some()
}

pub(super) fn read(text: &str) -> Vec<Item> {
    // More than are told of are not looked at.
    identities(text).take(MAX_ITEMS + 1).map(read_identity).collect()
}

fn identities(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| line.starts_with(BEGINNING))
}

fn read_identity(line: &str) -> Item {
    let Some(secret) = decode(line) else {
        let damaged = "the age identity is damaged: its checksum does not fit";
        return Item::refused(Form::Age, Refusal::Damaged(damaged.into()));
    };
    let key = ForeignKey::Seed { algorithm: Algorithm::X25519, secret: &secret, public: None };
    Item::of_key(Form::Age, &key)
}

fn decode(line: &str) -> Option<Zeroizing<Vec<u8>>> {
    let checked = CheckedHrpstring::new::<Bech32>(line).ok()?;
    if checked.hrp() != Hrp::parse(PREFIX).ok()? {
        return None;
    }
    let mut secret = Zeroizing::new(Vec::with_capacity(SECRET_LEN + 1));
    secret.extend(checked.byte_iter().take(SECRET_LEN + 1));
    (secret.len() == SECRET_LEN).then_some(secret)
}

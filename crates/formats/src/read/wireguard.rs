//! WireGuard's private keys: base64 of 32 bytes, alone or in a configuration.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use keyreeve_crypto::{AdoptedKey, Algorithm, ForeignKey, adopt};
use zeroize::Zeroizing;

use super::form::Form;
use super::item::{Item, Refusal};
use super::{MAX_ITEMS, ReadError};

const KEY_LEN: usize = 32;

/// Whether the text is a configuration as `wg` and `wg-quick` have it.
pub(super) fn is_configuration(text: &str) -> bool {
    lines(text).any(|line| line.eq_ignore_ascii_case("[Interface]"))
}

/// The private keys of a configuration. The peers' keys belong to others.
pub(super) fn read(text: &str) -> Result<Vec<Item>, ReadError> {
    let mut items = Vec::new();
    for value in lines(text).filter_map(private_key) {
        if items.len() >= MAX_ITEMS {
            return Err(ReadError::TooMany);
        }
        items.push(read_key(value));
    }
    if items.is_empty() {
        let none = "the WireGuard configuration has no PrivateKey line";
        items.push(Item::refused(Form::WireGuard, Refusal::Damaged(none.into())));
    }
    Ok(items)
}

/// Lines without comments and space around.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(|line| line.split('#').next().unwrap_or(line).trim())
}

fn private_key(line: &str) -> Option<&str> {
    let (name, value) = line.split_once('=')?;
    name.trim().eq_ignore_ascii_case("PrivateKey").then(|| value.trim())
}

fn read_key(value: &str) -> Item {
    let secret = BASE64_STANDARD.decode(value).map(Zeroizing::new);
    match secret {
        Ok(secret) if secret.len() == KEY_LEN => Item::of_key(Form::WireGuard, &seed(&secret)),
        _ => {
            let damaged = "the PrivateKey line is damaged: it is not base64 of 32 bytes";
            Item::refused(Form::WireGuard, Refusal::Damaged(damaged.into()))
        }
    }
}

/// The key pair of bytes that look like what `wg genkey` prints: it stores the bits set that X25519
/// sets before use (RFC 7748, section 5), as one in 32 random keys happens to have them.
pub(super) fn pair(bytes: &[u8]) -> Option<AdoptedKey> {
    let &[first, .., last] = bytes else { return None };
    if bytes.len() != KEY_LEN || first & 0x07 != 0 || last & 0xc0 != 0x40 {
        return None;
    }
    adopt(&seed(bytes)).ok()
}

fn seed(secret: &[u8]) -> ForeignKey<'_> {
    ForeignKey::Seed { algorithm: Algorithm::X25519, secret, public: None }
}

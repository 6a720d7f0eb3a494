//! Identities that age encrypted with a passphrase.

use std::fmt;
use std::io::Read as _;

use ::age::armor::ArmoredReader;
use ::age::{Decryptor, scrypt};
use keyreeve_crypto::SecretString;
use zeroize::Zeroizing;

use super::form::Form;
use super::item::{Item, Locked, LockedKind, Refusal};
use super::{MAX_FILE_LEN, age, item::Found};

const BEGINNING: &[u8] = b"age-encryption.org/v1\n";
const ARMOUR: &str = "-----BEGIN AGE ENCRYPTED FILE-----";
/// scrypt's work factor at most: 1 GiB of memory. age's own is 18.
const MAX_WORK_FACTOR: u8 = 20;

/// A file under a passphrase whose costs were looked at.
pub(super) struct LockedAge(Vec<u8>);

impl fmt::Debug for LockedAge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LockedAge(..)")
    }
}

pub(super) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(BEGINNING) || bytes.trim_ascii_start().starts_with(ARMOUR.as_bytes())
}

pub(super) fn read(bytes: &[u8]) -> Item {
    let mut file = Vec::new();
    let limit = u64::try_from(MAX_FILE_LEN).unwrap_or(u64::MAX);
    if ArmoredReader::new(bytes).take(limit).read_to_end(&mut file).is_err() {
        return damaged();
    }
    let decryptor = match Decryptor::new_buffered(file.as_slice()) {
        Ok(decryptor) => decryptor,
        Err(_malformed) => return damaged(),
    };
    if !decryptor.is_scrypt() {
        let what = "Files that age encrypted to a recipient".into();
        return Item::refused(Form::AgeEncrypted, Refusal::Unread(what));
    }
    match work_factor(&file) {
        None => return damaged(),
        Some(factor) if factor > MAX_WORK_FACTOR => {
            let asked = format!("2^{factor} rounds of scrypt");
            return Item::refused(Form::AgeEncrypted, Refusal::TooCostly(asked));
        }
        Some(_) => {}
    }
    let kind = LockedKind::Age(LockedAge(file));
    Item::new(Form::AgeEncrypted, Found::Locked(Locked { kind, public: None }))
}

/// The last word of the only stanza.
fn work_factor(file: &[u8]) -> Option<u8> {
    let line = file.split(|byte| *byte == b'\n').nth(1)?;
    std::str::from_utf8(line).ok()?.strip_prefix("-> scrypt ")?.split(' ').nth(1)?.parse().ok()
}

impl LockedAge {
    /// What is inside; `None` when the password is wrong.
    pub(super) fn open(&self, password: &SecretString) -> Option<Vec<Item>> {
        // EXPOSE: the password is scrypt's input.
        let mut identity = scrypt::Identity::new(password.expose().to_owned().into());
        identity.set_max_work_factor(MAX_WORK_FACTOR);
        let decryptor = Decryptor::new_buffered(self.0.as_slice()).ok()?;
        let mut inside =
            decryptor.decrypt(std::iter::once(&identity as &dyn ::age::Identity)).ok()?;
        // A buffer that grows leaves its old bytes behind.
        let mut plain = Zeroizing::new(Vec::with_capacity(self.0.len()));
        inside.read_to_end(&mut plain).ok()?;
        let text = std::str::from_utf8(&plain).ok().filter(|text| age::has_identity(text));
        Some(text.map(age::read).unwrap_or_else(|| {
            let what = "Files encrypted by age that hold no identity".into();
            vec![Item::refused(Form::AgeEncrypted, Refusal::Unread(what))]
        }))
    }
}

fn damaged() -> Item {
    let damaged = "the file that age encrypted is damaged or cut short";
    Item::refused(Form::AgeEncrypted, Refusal::Damaged(damaged.into()))
}

//! Backups of a key of the transit engine of HashiCorp Vault and OpenBao (`transit/backup/NAME`): base64 of JSON in
//! which Go wrote its own structures, large numbers in decimal digits.

use std::borrow::Cow;
use std::collections::BTreeMap;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use crypto_bigint::BoxedUint;
use keyreeve_crypto::{AdoptError, Algorithm, ForeignKey, ForeignRsa, SecretBytes};
use serde::Deserialize;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::form::Form;
use super::item::{Item, Refusal};
use super::{MAX_ITEMS, ReadError, symmetric};

const BEGINNING: &[u8] = br#"{"policy":{"name":"#;

/// The digits of the largest number of an RSA key that is taken, and some more.
const MAX_DIGITS: usize = 5_000;

type Bytes = Zeroizing<Vec<u8>>;

/// What the command line prints with `-format=json`.
#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    data: AnswerData<'a>,
}

#[derive(Deserialize)]
struct AnswerData<'a> {
    #[serde(borrow)]
    backup: &'a str,
}

/// The members borrow from the file, so that no copy is left behind.
#[derive(Deserialize)]
struct Backup<'a> {
    #[serde(borrow)]
    policy: Policy<'a>,
    #[serde(borrow, default)]
    archived_keys: Archive<'a>,
}

#[derive(Deserialize)]
struct Policy<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    keys: BTreeMap<u64, Version<'a>>,
    #[serde(default)]
    derived: bool,
    #[serde(rename = "type")]
    kind: u64,
    /// The version of the archive's first entry.
    #[serde(default)]
    archive_min_version: u64,
}

/// Versions that are no longer used stand here alone; the others stand here too.
#[derive(Default, Deserialize)]
struct Archive<'a> {
    #[serde(borrow, default)]
    keys: Vec<Version<'a>>,
}

#[derive(Deserialize)]
struct Version<'a> {
    #[serde(borrow, default)]
    key: Option<&'a str>,
    #[serde(borrow, default)]
    ec_x: Option<&'a RawValue>,
    #[serde(borrow, default)]
    ec_y: Option<&'a RawValue>,
    #[serde(borrow, default)]
    ec_d: Option<&'a RawValue>,
    #[serde(borrow, default)]
    rsa_key: Option<Rsa<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Rsa<'a> {
    #[serde(borrow)]
    n: &'a RawValue,
    #[serde(borrow)]
    e: &'a RawValue,
    #[serde(borrow)]
    d: &'a RawValue,
    #[serde(borrow)]
    primes: Vec<&'a RawValue>,
    #[serde(borrow)]
    precomputed: Precomputed<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Precomputed<'a> {
    #[serde(borrow)]
    qinv: &'a RawValue,
}

/// Whether it is base64 of a JSON that begins as a backup does, or an answer with it.
pub(super) fn is_one(text: &str) -> bool {
    let text = encoded(text);
    let beginning = text.as_bytes().get(..BEGINNING.len().div_ceil(3) * 4);
    beginning
        .and_then(|beginning| BASE64_STANDARD.decode(beginning).ok())
        .is_some_and(|decoded| decoded.starts_with(BEGINNING))
}

/// Every version of the key, the oldest first.
///
/// # Errors
/// When there are too many.
pub(super) fn read(text: &str) -> Result<Vec<Item>, ReadError> {
    let refused = |why: &str| Ok(vec![Item::refused(Form::TransitBackup, damaged(why))]);
    let Ok(json) = BASE64_STANDARD.decode(encoded(text)).map(Zeroizing::new) else {
        return refused("its base64 is damaged or cut short");
    };
    let Ok(Backup { policy, archived_keys }) = serde_json::from_slice(&json) else {
        return refused("its JSON is damaged");
    };
    let mut versions = policy.keys;
    for (number, version) in (policy.archive_min_version..=u64::MAX).zip(archived_keys.keys) {
        if version.has_key() {
            versions.entry(number).or_insert(version);
        }
    }
    if versions.len() > MAX_ITEMS {
        return Err(ReadError::TooMany);
    }
    if versions.is_empty() {
        return refused("there is no key in it");
    }
    let alone = versions.len() == 1;
    let item = |(number, version): (&u64, &Version<'_>)| {
        let item = if policy.derived {
            Err(unsupported("a key that others are derived from".into()))
        } else {
            item(policy.kind, version)
        };
        let comment = match alone {
            true => policy.name.to_string(),
            false => format!("{} version {number}", policy.name),
        };
        item.unwrap_or_else(|refusal| Item::refused(Form::TransitBackup, refusal))
            .with_comment(&comment)
    };
    Ok(versions.iter().map(item).collect())
}

/// The base64 in it.
fn encoded(text: &str) -> &str {
    let text = text.trim();
    if !text.starts_with('{') {
        return text;
    }
    serde_json::from_str::<Answer<'_>>(text).map_or(text, |answer| answer.data.backup.trim())
}

/// The numbers of the kinds are the ones of `KeyType` in the engine.
fn item(kind: u64, version: &Version<'_>) -> Result<Item, Refusal> {
    match kind {
        0 => version.symmetric(Algorithm::Aes256Gcm),
        1 => version.ec(Algorithm::EcP256),
        2 => version.ed25519(),
        3 | 4 | 9 => version.rsa(),
        5 => version.symmetric(Algorithm::ChaCha20Poly1305),
        6 => version.ec(Algorithm::EcP384),
        7 => version.ec(Algorithm::EcP521),
        8 => version.symmetric(Algorithm::Aes128Gcm),
        10 => version.hmac(),
        other => Err(unsupported(format!("a key of the kind with the number {other}"))),
    }
}

impl Version<'_> {
    fn has_key(&self) -> bool {
        self.key.is_some() || self.ec_d.is_some() || self.rsa_key.is_some()
    }

    fn bytes(&self) -> Result<Bytes, Refusal> {
        let key = self.key.ok_or_else(without_private_half)?;
        let bytes = BASE64_STANDARD.decode(key).map(Zeroizing::new);
        bytes.map_err(|_malformed| damaged("a key in it is no base64"))
    }

    fn symmetric(&self, algorithm: Algorithm) -> Result<Item, Refusal> {
        let material = SecretBytes::from(self.bytes()?);
        if Some(material.len()) != algorithm.symmetric_len() {
            return Err(damaged("a key in it has another length than its kind"));
        }
        Ok(symmetric::item(Form::TransitBackup, material, Some(algorithm)))
    }

    fn hmac(&self) -> Result<Item, Refusal> {
        let material = SecretBytes::from(self.bytes()?);
        let algorithms = [Algorithm::HmacSha256, Algorithm::HmacSha384, Algorithm::HmacSha512];
        let fits = |known: &Algorithm| known.symmetric_len() == Some(material.len());
        match algorithms.into_iter().find(fits) {
            Some(algorithm) => Ok(symmetric::item(Form::TransitBackup, material, Some(algorithm))),
            None => Err(unsupported(format!("an HMAC key of {} bytes", material.len()))),
        }
    }

    fn ed25519(&self) -> Result<Item, Refusal> {
        let bytes = self.bytes()?;
        let Some((secret, public)) = bytes.split_at_checked(32) else {
            return Err(damaged("a key in it is too short"));
        };
        let key = ForeignKey::Seed { algorithm: Algorithm::Ed25519, secret, public: Some(public) };
        Ok(Item::of_key(Form::TransitBackup, &key))
    }

    fn ec(&self, algorithm: Algorithm) -> Result<Item, Refusal> {
        let len = match algorithm {
            Algorithm::EcP384 => 48,
            Algorithm::EcP521 => 66,
            _ => 32,
        };
        let scalar = number(self.ec_d.ok_or_else(without_private_half)?)?;
        let mut point = vec![4];
        for coordinate in [self.ec_x, self.ec_y] {
            let coordinate = number(coordinate.ok_or_else(no_number)?)?;
            let start = coordinate.iter().position(|byte| *byte != 0).unwrap_or(coordinate.len());
            let padding = (len + start).checked_sub(coordinate.len()).ok_or_else(no_number)?;
            point.resize(point.len() + padding, 0);
            point.extend_from_slice(&coordinate[start..]);
        }
        let key = ForeignKey::Ec { algorithm, scalar: &scalar, point: Some(&point) };
        Ok(Item::of_key(Form::TransitBackup, &key))
    }

    fn rsa(&self) -> Result<Item, Refusal> {
        let rsa = self.rsa_key.as_ref().ok_or_else(without_private_half)?;
        let [p, q] = rsa.primes[..] else {
            return Err(unsupported("RSA with another number of primes than two".into()));
        };
        let key = ForeignKey::Rsa(ForeignRsa {
            modulus: &number(rsa.n)?,
            public_exponent: &number(rsa.e)?,
            private_exponent: &number(rsa.d)?,
            prime1: &number(p)?,
            prime2: &number(q)?,
            coefficient: &number(rsa.precomputed.qinv)?,
        });
        Ok(Item::of_key(Form::TransitBackup, &key))
    }
}

/// The bytes of a number in decimal digits, big endian, with or without leading zeros.
fn number(digits: &RawValue) -> Result<Bytes, Refusal> {
    let digits = digits.get();
    if digits.len() > MAX_DIGITS || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(no_number());
    }
    let number = BoxedUint::from_str_radix_vartime(digits, 10).map(Zeroizing::new);
    number
        .map(|number| Zeroizing::new(number.to_be_bytes().into_vec()))
        .map_err(|_malformed| no_number())
}

fn no_number() -> Refusal {
    damaged("a number in it is not right")
}

fn without_private_half() -> Refusal {
    unsupported("a key without its private half".into())
}

fn damaged(why: &str) -> Refusal {
    Refusal::Damaged(format!("the backup of the transit engine is damaged: {why}"))
}

fn unsupported(what: String) -> Refusal {
    Refusal::Key(AdoptError::Unsupported(format!("{what} of the transit engine")))
}

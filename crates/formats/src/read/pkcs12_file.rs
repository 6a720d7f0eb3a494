//! PKCS#12 (RFC 7292): several keys and certificates under one password, which may be none.

use std::fmt;

use cms::content_info::ContentInfo;
use cms::encrypted_data::EncryptedData;
use hmac::{Hmac, KeyInit as _, Mac as _};
use keyreeve_crypto::{ForeignKey, SecretString};
use pkcs8::ObjectIdentifier;
use pkcs8::der::asn1::{AnyRef, ContextSpecific, OctetString, OctetStringRef};
use pkcs8::der::{Decode as _, Encode as _, Tag, TagNumber, Tagged as _};
use pkcs8::spki::AlgorithmIdentifierRef;
use pkcs12::kdf::Pkcs12KeyType;
use pkcs12::pfx::Pfx;
use pkcs12::safe_bag::{SafeBag, SafeContents};
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};
use zeroize::{Zeroize as _, Zeroizing};

use super::encrypted_pkcs8::EncryptedPkcs8;
use super::form::Form;
use super::item::{Found, Item, Locked, LockedKind, Refusal};
use super::pbe::{MAX_ROUNDS, MAX_TOTAL_ROUNDS, NO_PASSWORD, Pbe, bound_rounds, pkcs12_key};
use super::{MAX_ITEMS, certificate, pkcs12_secret, unread};

const DATA: &str = "1.2.840.113549.1.7.1";
const ENCRYPTED_DATA: &str = "1.2.840.113549.1.7.6";
const FRIENDLY_NAME: &str = "1.2.840.113549.1.9.20";
/// The rounds of a hash that are done to see whether a file has no password at all: well below a second.
const MAX_ROUNDS_TO_TRY: u64 = 1_000_000;

/// A file whose costs were looked at, as far as they stand in the open.
pub(super) struct Pkcs12File {
    /// The authenticated contents in DER.
    contents: Zeroizing<Vec<u8>>,
    mac: Option<CheckedMac>,
    /// The work that is left for the keys.
    left: Budget,
}

/// The rounds of a hash that may still be done for a file: many keys of which each may be opened can be too
/// many together.
#[derive(Clone, Copy)]
struct Budget(u64);

struct CheckedMac {
    digest: Digest,
    salt: Vec<u8>,
    rounds: i32,
    expected: Vec<u8>,
}

#[derive(Clone, Copy)]
enum Digest {
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

impl fmt::Debug for Pkcs12File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pkcs12File(..)")
    }
}

/// Reads the file; one with an empty password, or none, is open at once.
pub(super) fn read(der: &[u8]) -> Vec<Item> {
    let file = match Pkcs12File::parse(der) {
        Ok(file) => file,
        Err(refusal) => return vec![Item::refused(Form::Pkcs12, refusal)],
    };
    // What takes longer than one key may is not done before someone asks for it.
    let unasked = u64::from(MAX_ROUNDS).checked_sub(file.known_rounds()).map(Budget);
    if let Some(left) = unasked
        && file.rounds_to_try() <= MAX_ROUNDS_TO_TRY
    {
        for nothing in ["", NO_PASSWORD] {
            if let Some(Ok(items)) = file.open_within(&SecretString::new(nothing.into()), left) {
                return items;
            }
        }
    }
    let locked = Locked { kind: LockedKind::Pkcs12(file), public: None };
    vec![Item::new(Form::Pkcs12, Found::Locked(locked))]
}

impl Pkcs12File {
    fn parse(der: &[u8]) -> Result<Self, Refusal> {
        let pfx = Pfx::from_der(der).map_err(damaged)?;
        let oid = pfx.auth_safe.content_type;
        if oid.to_string() != DATA {
            return Err(Refusal::Unread(format!("PKCS#12 files signed instead of MACed ({oid})")));
        }
        let content = pfx.auth_safe.content.to_der().map_err(damaged)?;
        let contents = <&OctetStringRef>::from_der(&content).map_err(damaged)?.as_bytes().to_vec();
        let contents = Zeroizing::new(contents);
        let safes = Vec::<ContentInfo>::from_der(&contents).map_err(damaged)?;
        // What is encrypted beyond reason is refused before a password is asked for.
        let mut left = Budget::default();
        for safe in &safes {
            if is_encrypted(safe) {
                left.spend(encryption_of(safe)?.0.rounds())?;
            } else if let Some(mut bags) = plain(safe) {
                let rounds = rounds_of(&bags);
                bags.iter_mut().for_each(|bag| bag.bag_value.zeroize());
                left.spend(rounds)?;
            }
        }
        let mac = match pfx.mac_data {
            Some(data) => Some(CheckedMac {
                digest: Digest::named(data.mac.algorithm.oid)?,
                salt: data.mac_salt.into_bytes().into(),
                rounds: bound_rounds(data.iterations)?,
                expected: data.mac.digest.into_bytes().into(),
            }),
            None => None,
        };
        Ok(Self { contents, mac, left })
    }

    /// What finding out costs that a password is wrong, in rounds of a hash.
    fn rounds_to_try(&self) -> u64 {
        let mac = self.mac.as_ref();
        mac.map_or(self.known_rounds(), |mac| u64::try_from(mac.rounds).unwrap_or(u64::MAX))
    }

    /// What opening costs, as far as it stands in the open.
    fn known_rounds(&self) -> u64 {
        MAX_TOTAL_ROUNDS - self.left.0
    }

    /// What is inside; `None` when the password is wrong.
    pub(super) fn open(&self, password: &SecretString) -> Option<Vec<Item>> {
        let opened = self.open_within(password, self.left)?;
        Some(opened.unwrap_or_else(|refusal| vec![Item::refused(Form::Pkcs12, refusal)]))
    }

    /// As `open`; refused when the keys cost more than what is left.
    fn open_within(
        &self,
        password: &SecretString,
        mut left: Budget,
    ) -> Option<Result<Vec<Item>, Refusal>> {
        if let Some(mac) = &self.mac
            && !mac.verifies(password, &self.contents)?
        {
            return None;
        }
        let safes = Vec::<ContentInfo>::from_der(&self.contents).ok()?;
        let mut items = Vec::new();
        for safe in &safes {
            let bags = if is_encrypted(safe) {
                let (encryption, ciphertext) = encryption_of(safe).ok()?;
                let bags = encryption.decrypt(password, &ciphertext)?;
                let bags = SafeContents::from_der(&bags).ok()?;
                if let Err(refusal) = left.spend(rounds_of(&bags)) {
                    return Some(Err(refusal));
                }
                bags
            } else {
                plain(safe)?
            };
            for mut bag in bags {
                let item = read_bag(&bag, password);
                bag.bag_value.zeroize();
                // Without a MAC only the keys inside tell whether the password is right.
                items.push(item?);
                if items.len() > MAX_ITEMS {
                    return None;
                }
            }
        }
        Some(Ok(items))
    }
}

fn is_encrypted(safe: &ContentInfo) -> bool {
    safe.content_type.to_string() == ENCRYPTED_DATA
}

/// The bags of a safe that is not encrypted.
fn plain(safe: &ContentInfo) -> Option<SafeContents> {
    let content = Zeroizing::new(safe.content.to_der().ok()?);
    SafeContents::from_der(<&OctetStringRef>::from_der(&content).ok()?.as_bytes()).ok()
}

/// What opening the keys in these bags costs, in rounds of a hash.
fn rounds_of(bags: &SafeContents) -> u64 {
    let key = |bag: &SafeBag| {
        let value = AnyRef::from_der(&bag.bag_value).ok()?;
        match bag.bag_id {
            pkcs12::PKCS_12_PKCS8_KEY_BAG_OID => EncryptedPkcs8::parse(value.value()).ok(),
            pkcs12::PKCS_12_SECRET_BAG_OID => pkcs12_secret::parse(value.value()).ok(),
            _ => None,
        }
    };
    bags.iter().filter_map(key).map(|key| key.encryption.rounds()).sum()
}

fn encryption_of(safe: &ContentInfo) -> Result<(Pbe, Vec<u8>), Refusal> {
    let content = safe.content.to_der().map_err(damaged)?;
    let data = EncryptedData::from_der(&content).map_err(damaged)?.enc_content_info;
    let algorithm = data.content_enc_alg.to_der().map_err(damaged)?;
    let encryption = Pbe::of(AlgorithmIdentifierRef::from_der(&algorithm).map_err(damaged)?)?;
    let ciphertext = data.encrypted_content.map(|content| content.into_bytes().into());
    Ok((encryption, ciphertext.unwrap_or_default()))
}

/// `None` when a key does not open.
fn read_bag(bag: &SafeBag, password: &SecretString) -> Option<Item> {
    let value = AnyRef::from_der(&bag.bag_value).ok()?;
    let inner = value.value();
    let item = match bag.bag_id {
        pkcs12::PKCS_12_KEY_BAG_OID => Item::of_key(Form::Pkcs12, &ForeignKey::Pkcs8(inner)),
        pkcs12::PKCS_12_PKCS8_KEY_BAG_OID => match EncryptedPkcs8::parse(inner) {
            Ok(key) => Item::new(Form::Pkcs12, key.open(password)?).with_warning(key.warning()),
            Err(refusal) => Item::refused(Form::Pkcs12, refusal),
        },
        pkcs12::PKCS_12_SECRET_BAG_OID => match pkcs12_secret::parse(inner) {
            Ok(key) => pkcs12_secret::open(&key, password)?.with_warning(key.warning()),
            Err(refusal) => Item::refused(Form::Pkcs12, refusal),
        },
        pkcs12::PKCS_12_CERT_BAG_OID => match certificate_of(inner) {
            Some(der) => certificate::read(der.as_bytes()),
            None => unread::of(Form::Certificate),
        },
        pkcs12::PKCS_12_CRL_BAG_OID => unread::of(Form::RevocationList),
        other => {
            let what = format!("PKCS#12 entries of the kind {other}");
            Item::refused(Form::Pkcs12, Refusal::Unread(what))
        }
    };
    Some(match friendly_name(bag) {
        Some(name) => item.with_comment(&name),
        None => item,
    })
}

/// What is in a bag of a certificate: the kind of it, and its bytes in an explicit frame.
fn certificate_of(bag: &[u8]) -> Option<OctetString> {
    let members = AnyRef::from_der(bag).ok()?;
    members
        .sequence(|members| -> Result<_, pkcs8::der::Error> {
            AnyRef::decode(members)?;
            ContextSpecific::<OctetString>::decode_explicit(members, TagNumber(0))
        })
        .ok()?
        .map(|framed| framed.value)
}

fn friendly_name(bag: &SafeBag) -> Option<String> {
    let attributes = bag.bag_attributes.as_ref()?;
    let named = attributes.iter().find(|attribute| attribute.oid.to_string() == FRIENDLY_NAME)?;
    // Java writes pairs of surrogates, which a BMPString has not.
    let value = named.values.iter().next().filter(|value| value.tag() == Tag::BmpString)?;
    let units = value.value().as_chunks().0.iter().map(|pair| u16::from_be_bytes(*pair));
    char::decode_utf16(units).collect::<Result<_, _>>().ok()
}

impl Default for Budget {
    fn default() -> Self {
        Self(MAX_TOTAL_ROUNDS)
    }
}

impl Budget {
    fn spend(&mut self, rounds: u64) -> Result<(), Refusal> {
        let too_costly =
            || Refusal::TooCostly(format!("{MAX_TOTAL_ROUNDS} rounds of a hash, and more"));
        self.0 = self.0.checked_sub(rounds).ok_or_else(too_costly)?;
        Ok(())
    }
}

impl Digest {
    fn named(oid: ObjectIdentifier) -> Result<Self, Refusal> {
        Ok(match oid.to_string().as_str() {
            "1.3.14.3.2.26" => Self::Sha1,
            "2.16.840.1.101.3.4.2.4" => Self::Sha224,
            "2.16.840.1.101.3.4.2.1" => Self::Sha256,
            "2.16.840.1.101.3.4.2.2" => Self::Sha384,
            "2.16.840.1.101.3.4.2.3" => Self::Sha512,
            other => {
                return Err(Refusal::Unread(format!("PKCS#12 files with a rare MAC ({other})")));
            }
        })
    }
}

impl CheckedMac {
    /// `None` when the password cannot be one of PKCS#12's.
    fn verifies(&self, password: &SecretString, contents: &[u8]) -> Option<bool> {
        // EXPOSE: the password is the KDF's input.
        let password = password.expose();
        macro_rules! with {
            ($digest:ty, $len:literal) => {{
                let mac = Pkcs12KeyType::Mac;
                let key = pkcs12_key::<$digest>(password, &self.salt, mac, self.rounds, $len)?;
                let hmac = Hmac::<$digest>::new_from_slice(&key).ok()?.chain_update(contents);
                hmac.verify_slice(&self.expected).is_ok()
            }};
        }
        Some(match self.digest {
            Digest::Sha1 => with!(Sha1, 20),
            Digest::Sha224 => with!(Sha224, 28),
            Digest::Sha256 => with!(Sha256, 32),
            Digest::Sha384 => with!(Sha384, 48),
            Digest::Sha512 => with!(Sha512, 64),
        })
    }
}

fn damaged(_: pkcs8::der::Error) -> Refusal {
    Refusal::Damaged("the PKCS#12 file is damaged, cut short, or encoded in BER".into())
}

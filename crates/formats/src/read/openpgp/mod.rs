//! OpenPGP's keys, secret and public (RFC 4880, RFC 9580): each key and each subkey is an item of its
//! own, and what the owner's signatures say of it goes with it.

mod certificate;
mod packet;
mod public;
mod said;
mod secret;

use keyreeve_domain::Timestamp;
use pgp::packet::{Signature, UserId};
use pgp::types::Tag;

pub use self::certificate::OpenPgpRecipientError;
pub(crate) use self::certificate::{OpenPgpCertificate, certificate};
use self::packet::packets;
use self::public::{Key, Numbers};
use self::said::{Budget, Said};
pub(super) use self::secret::LockedOpenPgp;
use super::MAX_ITEMS;
use super::form::Form;
use super::item::{FEW_ROUNDS_WARNING, Found, Item, Locked, LockedKind, Refusal};
use keyreeve_crypto::Purpose;

/// What OpenPGP says of a key beside its numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenPgpKey {
    /// The fingerprint, in hexadecimal.
    pub fingerprint: String,
    /// When it was made, which is a part of the fingerprint.
    pub created: Timestamp,
    /// What it is for, as its algorithm or the owner's signature says.
    pub purpose: Option<Purpose>,
}

/// A primary key or a subkey, with the signatures behind it.
struct Component<'a> {
    tag: Tag,
    body: &'a [u8],
    signatures: Vec<Signature>,
}

/// A primary key, its subkeys, and the names bound to it.
struct Transferable<'a> {
    keys: Vec<Component<'a>>,
    names: Vec<(UserId, Vec<Signature>)>,
}

/// Whether the bytes begin with a packet of a key (RFC 9580, section 5.5), in the old or the new format.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [0x94 | 0x98, _, 2..=6, ..]
            | [0x95 | 0x99, _, _, 2..=6, ..]
            | [0x96 | 0x9a, _, _, _, _, 2..=6, ..]
            | [0xc5 | 0xc6, 0..=191, 2..=6, ..]
            | [0xc5 | 0xc6, 192..=223, _, 2..=6, ..]
            | [0xc5 | 0xc6, 255, _, _, _, _, 2..=6, ..]
    )
}

/// What stands in packets, as far as it is whole.
struct Grouped<'a> {
    found: Vec<Transferable<'a>>,
    keys: usize,
    /// Whether the bytes end in the middle, or are none of OpenPGP's.
    broken: bool,
}

fn grouped(bytes: &[u8]) -> Grouped<'_> {
    let mut found: Vec<Transferable<'_>> = Vec::new();
    let mut broken = false;
    let mut keys = 0;
    // Whether the packet before was a name, which the signatures behind it speak of.
    let mut after_name = false;
    for packet in packets(bytes) {
        let Some((header, body)) = packet else {
            broken = true;
            break;
        };
        match header.tag() {
            tag @ (Tag::SecretKey | Tag::PublicKey) => {
                let keys = vec![Component { tag, body, signatures: Vec::new() }];
                found.push(Transferable { keys, names: Vec::new() });
                after_name = false;
            }
            tag @ (Tag::SecretSubkey | Tag::PublicSubkey) => {
                let Some(last) = found.last_mut() else { continue };
                last.keys.push(Component { tag, body, signatures: Vec::new() });
                after_name = false;
            }
            Tag::UserId => {
                let name = UserId::try_from_reader(header, body).ok();
                if let (Some(last), Some(name)) = (found.last_mut(), name) {
                    last.names.push((name, Vec::new()));
                }
                after_name = true;
            }
            Tag::Signature => {
                let Ok(signature) = Signature::try_from_reader(header, body) else { continue };
                let Some(last) = found.last_mut() else { continue };
                let behind = match last.names.last_mut() {
                    Some((_, signatures)) if after_name => Some(signatures),
                    _ => last.keys.last_mut().map(|key| &mut key.signatures),
                };
                if let Some(signatures) = behind {
                    signatures.push(signature);
                }
            }
            // A picture, or a mark of GnuPG's own; what is signed behind it says nothing of keys.
            Tag::UserAttribute => after_name = false,
            _ => {}
        }
        keys = found.iter().map(|transferable| transferable.keys.len()).sum();
        if keys > MAX_ITEMS {
            break;
        }
    }
    Grouped { found, keys, broken }
}

/// The keys in packets that are not armoured.
pub(super) fn read(bytes: &[u8]) -> Vec<Item> {
    let Grouped { found, keys, broken } = grouped(bytes);
    let mut budget = Budget::default();
    let mut items: Vec<_> =
        found.iter().flat_map(|transferable| transferable.items(&mut budget)).collect();
    if broken {
        items.push(damaged());
    } else if items.is_empty() && keys == 0 {
        let what = "OpenPGP messages, signatures and revocations".into();
        items.push(Item::refused(Form::OpenPgp, Refusal::Unread(what)));
    }
    items
}

/// What a block is that has no key in it.
pub(super) fn damaged() -> Item {
    Item::refused(Form::OpenPgp, broken())
}

fn broken() -> Refusal {
    Refusal::Damaged("the OpenPGP key is damaged or cut short".into())
}

impl Transferable<'_> {
    fn items(&self, budget: &mut Budget) -> Vec<Item> {
        let primary = self.keys.first().and_then(|key| Key::parse(key.body, key.tag).ok());
        let name = self.names.iter().find_map(|(name, _)| name.as_str()).unwrap_or_default();
        let mut items = Vec::with_capacity(self.keys.len());
        for (number, component) in self.keys.iter().enumerate() {
            let key = match Key::parse(component.body, component.tag) {
                Ok(key) => key,
                Err(refusal) => {
                    items.push(Item::refused(Form::OpenPgp, refusal).with_comment(name));
                    continue;
                }
            };
            let said = match (&primary, number) {
                (Some(primary), 0) => Said::of_primary(primary, component, &self.names, budget),
                (Some(primary), _) => Said::of_subkey(primary, &key, component, budget),
                (None, _) => Said::default(),
            };
            let about = key.about(&said);
            let comment = match (&about, number) {
                (Some(about), 1..) => format!("{name}, subkey {}", about.key_id()),
                _ => name.to_owned(),
            };
            let mut item = key.item(component);
            item.openpgp = about.map(Box::new);
            if said.revoked {
                item = item.with_warning("Its owner has revoked it.");
            }
            items.push(item.with_comment(&comment));
        }
        items
    }
}

impl OpenPgpKey {
    /// As programs print it short: the end of the fingerprint in version 4, its beginning in version 6.
    fn key_id(&self) -> &str {
        let (text, len) = (&self.fingerprint, self.fingerprint.len());
        let short = if len == 40 { text.get(len - 16..) } else { text.get(..16) };
        short.unwrap_or(text)
    }
}

impl Key<'_> {
    fn about(&self, said: &Said) -> Option<OpenPgpKey> {
        let created = Timestamp::from_second(self.created.into()).ok()?;
        let purpose = match self.numbers {
            Numbers::Agree { .. } => Some(Purpose::Agree),
            Numbers::Sign { .. } => said.purpose.or(Some(Purpose::Sign)),
            Numbers::Rsa { .. } => said.purpose,
        };
        Some(OpenPgpKey { fingerprint: self.fingerprint()?, created, purpose })
    }

    fn item(&self, component: &Component<'_>) -> Item {
        let Some(secret) = self.secret else {
            return Item::of_public(Form::OpenPgp, self.adopt_public());
        };
        let secret = match secret::Secret::parse(secret, self.version) {
            Ok(secret) => secret,
            Err(refusal) => return Item::refused(Form::OpenPgp, refusal),
        };
        // The public half stands in the clear, so a weak kind needs no password to be told.
        let public = match self.adopt_public() {
            Ok(public) => public,
            Err(error) => return Item::refused(Form::OpenPgp, error),
        };
        match secret {
            secret::Secret::Plain(numbers) => Item::new(
                Form::OpenPgp,
                self.plain(numbers, self.version).map_or_else(Found::Refused, Found::of),
            ),
            secret::Secret::Locked(ref params, _) => {
                let cheap = secret::is_cheap(params);
                let locked = LockedOpenPgp::new(component.tag, component.body);
                let kind = LockedKind::OpenPgp(locked);
                let found = Found::Locked(Locked { kind, public: Some(public) });
                let warning = cheap.then_some(FEW_ROUNDS_WARNING);
                Item::new(Form::OpenPgp, found).with_warning(warning)
            }
        }
    }
}

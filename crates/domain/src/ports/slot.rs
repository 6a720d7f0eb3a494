//! Unlock slots: their kinds, what they ask for, and what opens them.

use jiff::Timestamp;
use keyreeve_crypto::{Argon2Params, SecretString};
use serde::{Deserialize, Serialize};

use crate::id::SlotId;
use crate::ports::ApplicationInfo;
use crate::role::Role;

/// What kind of way in a slot is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SlotKind {
    /// A passphrase through Argon2id.
    Passphrase,
    /// A random secret kept by the operating system's keyring.
    OsKeyring,
    /// The decryption key of a PIV card.
    PivCard,
    /// The decryption key of an OpenPGP card.
    OpenpgpCard,
    /// A random secret on paper: SLIP-39 shares or one code.
    Recovery,
    /// Several of the others, all of which are needed.
    AllOf,
}

impl SlotKind {
    /// Every kind.
    pub const ALL: &[Self] = &[
        Self::Passphrase,
        Self::OsKeyring,
        Self::PivCard,
        Self::OpenpgpCard,
        Self::Recovery,
        Self::AllOf,
    ];

    /// The stored name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Passphrase => "passphrase",
            Self::OsKeyring => "os_keyring",
            Self::PivCard => "piv_card",
            Self::OpenpgpCard => "openpgp_card",
            Self::Recovery => "recovery",
            Self::AllOf => "all_of",
        }
    }

    /// The kind with this stored name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// Whether it is a card, with a PIN of its own.
    #[must_use]
    pub const fn is_card(self) -> bool {
        matches!(self, Self::PivCard | Self::OpenpgpCard)
    }

    /// Whether it opens on any computer without a device: what must remain when all else is lost.
    #[must_use]
    pub const fn needs_no_device(self) -> bool {
        matches!(self, Self::Passphrase | Self::Recovery)
    }
}

/// One thing that a slot asks for: what may be known of it without unlocking.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PartInfo {
    /// A passphrase, and what deriving a key from it costs.
    Passphrase(Argon2Params),
    /// An item in the operating system's keyring.
    OsKeyring,
    /// A card and its PIN.
    Card(CardInfo),
    /// Shares or a code on paper.
    Recovery(RecoveryForm),
}

impl PartInfo {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> SlotKind {
        match self {
            Self::Passphrase(_) => SlotKind::Passphrase,
            Self::OsKeyring => SlotKind::OsKeyring,
            Self::Card(card) => card.kind,
            Self::Recovery(_) => SlotKind::Recovery,
        }
    }
}

/// What the header says of a card, so that the right one can be asked for before any PIN is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardInfo {
    /// [`SlotKind::PivCard`] or [`SlotKind::OpenpgpCard`].
    pub kind: SlotKind,
    /// The card's serial number, as people read it.
    pub serial: String,
    /// The algorithm of the card's key.
    pub algorithm: String,
    /// The card's public key, by which it is told.
    pub public_key: Vec<u8>,
}

impl CardInfo {
    /// Whether this is the card: by its public key where that can be read without a PIN, and else by
    /// its serial number.
    #[must_use]
    pub fn is_on(&self, found: &ApplicationInfo) -> bool {
        match &found.key {
            _ if found.application.slot_kind() != self.kind => false,
            Some(key) if !key.public_key.is_empty() => key.public_key == self.public_key,
            Some(_) => false,
            // A PIV card's number need not be its own alone, and a slot is made only of a key that can be seen.
            None => self.kind == SlotKind::OpenpgpCard && found.serial == self.serial,
        }
    }
}

/// How a recovery secret stands on paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RecoveryForm {
    /// SLIP-39 shares, any `threshold` of which suffice.
    Shares {
        /// How many there are; 2 to 16.
        shares: u8,
        /// How many are needed; 2 to `shares`.
        threshold: u8,
    },
    /// One code.
    Code,
}

/// What the header says of a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotInfo {
    /// The slot.
    pub id: SlotId,
    /// What kind of way in.
    pub kind: SlotKind,
    /// The name a person gave it.
    pub name: String,
    /// What it lets one do.
    pub role: Role,
    /// When it was made.
    pub created_at: Timestamp,
    /// What it asks for: one thing, or for [`SlotKind::AllOf`] each of several.
    pub parts: Vec<PartInfo>,
}

impl SlotInfo {
    /// Whether it asks for a part of this kind.
    #[must_use]
    pub fn has(&self, kind: SlotKind) -> bool {
        self.parts.iter().any(|part| part.kind() == kind)
    }

    /// The card that it asks for; no slot asks for two.
    #[must_use]
    pub fn card(&self) -> Option<&CardInfo> {
        self.parts.iter().find_map(|part| match part {
            PartInfo::Card(card) => Some(card),
            _ => None,
        })
    }

    /// Whether it opens on any computer without a device.
    #[must_use]
    pub fn needs_no_device(&self) -> bool {
        self.parts.iter().all(|part| part.kind().needs_no_device())
    }
}

/// How to choose a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SlotChoice {
    /// Every slot that asks for exactly what was given, in their order.
    Any,
    /// Every slot of this kind.
    Kind(SlotKind),
    /// This one.
    Id(SlotId),
}

/// What someone who wants in can show. What is absent is not asked for anywhere.
#[derive(Debug, Clone, Copy, Default)]
pub struct Credentials<'a> {
    /// A passphrase.
    pub passphrase: Option<&'a SecretString>,
    /// A card's PIN. An empty one says: it is typed on the reader's PIN pad.
    pub pin: Option<&'a SecretString>,
    /// The card to use, by its serial number; the one that fits, if absent.
    pub card: Option<&'a str>,
    /// Recovery shares in any order, or one recovery code.
    pub recovery: &'a [SecretString],
    /// Whether the operating system's keyring may be asked. It proves nothing about who is there.
    pub keyring: bool,
}

impl<'a> Credentials<'a> {
    /// A passphrase and nothing else.
    #[must_use]
    pub fn passphrase(passphrase: &'a SecretString) -> Self {
        Self { passphrase: Some(passphrase), ..Self::default() }
    }

    /// Recovery shares or a code and nothing else.
    #[must_use]
    pub fn recovery(recovery: &'a [SecretString]) -> Self {
        Self { recovery, ..Self::default() }
    }

    /// The operating system's keyring and nothing else.
    #[must_use]
    pub fn keyring() -> Self {
        Self { keyring: true, ..Self::default() }
    }

    /// Whether a card's PIN is to be typed on its reader's PIN pad.
    #[must_use]
    pub fn on_pad(&self) -> bool {
        self.pin.is_some_and(SecretString::is_empty)
    }

    /// What a part of `kind` needs and is not here, in words.
    #[must_use]
    pub fn lacks(&self, kind: SlotKind) -> Option<&'static str> {
        let (here, what) = match kind {
            SlotKind::Passphrase => (self.passphrase.is_some(), "a passphrase"),
            SlotKind::OsKeyring => (self.keyring, "the operating system's keyring"),
            SlotKind::PivCard | SlotKind::OpenpgpCard => (self.pin.is_some(), "a card's PIN"),
            SlotKind::Recovery => {
                (!self.recovery.is_empty(), "a recovery code, or recovery shares,")
            }
            SlotKind::AllOf => (true, ""),
        };
        (!here).then_some(what)
    }

    /// Whether `slot` uses every secret that is here, and needs none that is not: a passphrase that
    /// was typed must never be passed over because the keyring opens too.
    #[must_use]
    pub fn fit(&self, slot: &SlotInfo) -> bool {
        slot.parts.iter().all(|part| self.lacks(part.kind()).is_none())
            && (self.passphrase.is_none() || slot.has(SlotKind::Passphrase))
            && (self.pin.is_none() || slot.parts.iter().any(|part| part.kind().is_card()))
            && (self.recovery.is_empty() || slot.has(SlotKind::Recovery))
    }
}

/// What a new slot is to be.
#[derive(Debug, Clone, Copy)]
pub struct NewSlot<'a> {
    /// The name a person gives it.
    pub name: &'a str,
    /// What it lets one do.
    pub role: Role,
    /// The way in.
    pub way: NewWay<'a>,
    /// When it is made.
    pub created_at: Timestamp,
}

/// The way in that a new slot is to be, with what makes and then proves it.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum NewWay<'a> {
    /// A passphrase.
    Passphrase(&'a SecretString),
    /// An item that is put into the operating system's keyring.
    OsKeyring,
    /// Recovery shares (all of them) or a code, as [`Headers::make_recovery`](crate::ports::Headers::make_recovery) made them.
    Recovery(&'a [SecretString]),
    /// A key on a card.
    Card(NewCard<'a>),
    /// All of these, none of them of this kind itself.
    AllOf(&'a [NewWay<'a>]),
}

impl NewWay<'_> {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> SlotKind {
        match self {
            Self::Passphrase(_) => SlotKind::Passphrase,
            Self::OsKeyring => SlotKind::OsKeyring,
            Self::Recovery(_) => SlotKind::Recovery,
            Self::Card(card) => card.kind,
            Self::AllOf(_) => SlotKind::AllOf,
        }
    }
}

/// A card that becomes a way in. Its key is there already.
#[derive(Debug, Clone, Copy)]
pub struct NewCard<'a> {
    /// [`SlotKind::PivCard`] or [`SlotKind::OpenpgpCard`].
    pub kind: SlotKind,
    /// The card's serial number.
    pub serial: &'a str,
    /// Its PIN, for the unlock that proves the slot; an empty one says that it is typed on the reader's PIN pad.
    pub pin: &'a SecretString,
}

/// A recovery secret that was made for paper. Nothing keeps it.
#[derive(Debug)]
pub struct RecoverySheet {
    /// The shares in their order, or the one code.
    pub texts: Vec<SecretString>,
}

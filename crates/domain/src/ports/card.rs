//! Smartcards: what is in the readers, what they can be asked to do, and why a card does not do it.

use keyreeve_crypto::SecretString;

use crate::ports::SlotKind;

/// An application on a card that holds a decryption key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CardApplication {
    /// PIV (NIST SP 800-73): its key-management slot, 9D.
    Piv,
    /// An OpenPGP card, version 3: its decryption key.
    Openpgp,
}

impl CardApplication {
    /// The kind of slot that it opens.
    #[must_use]
    pub const fn slot_kind(self) -> SlotKind {
        match self {
            Self::Piv => SlotKind::PivCard,
            Self::Openpgp => SlotKind::OpenpgpCard,
        }
    }

    /// The application that opens slots of this kind.
    #[must_use]
    pub const fn of_slot(kind: SlotKind) -> Option<Self> {
        match kind {
            SlotKind::PivCard => Some(Self::Piv),
            SlotKind::OpenpgpCard => Some(Self::Openpgp),
            _ => None,
        }
    }

    /// Its name for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Piv => "piv",
            Self::Openpgp => "openpgp",
        }
    }
}

/// A card reader, and what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardReader {
    /// The system's name for it.
    pub name: String,
    /// The card in it, or why it cannot be looked at; `None` when it is empty.
    pub card: Option<Result<PresentCard, CardError>>,
}

/// What is seen of the cards at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardSight {
    /// Every reader and what is in it, or why none can be seen.
    pub readers: Result<Vec<CardReader>, CardError>,
    /// Whether a card that was just put in is still being read; its reader is shown empty until then.
    pub reading: bool,
}

/// A card in a reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresentCard {
    /// What it said when it was powered up.
    pub atr: Vec<u8>,
    /// The applications on it that Keyreeve can use; none on a card of another kind.
    pub applications: Vec<ApplicationInfo>,
}

/// What an application says of itself without a PIN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationInfo {
    /// Which it is.
    pub application: CardApplication,
    /// The serial number, as people read it.
    pub serial: String,
    /// Whether it has a PIN; what does not say is taken to have one.
    pub pin_set: bool,
    /// How many tries the PIN has left; `None` where the card does not tell.
    pub tries_left: Option<u8>,
    /// How many tries the admin PIN of an OpenPGP card has left; `None` on other cards.
    pub admin_tries_left: Option<u8>,
    /// Its decryption key, if it has one that can be seen.
    pub key: Option<CardKey>,
    /// The kinds of key that it could make, best first; none where it seems to hold one.
    pub makes: Vec<CardKeyKind>,
    /// Whether it waits for a touch whenever its key is used.
    pub touch: bool,
    /// Whether its PIN can be typed on the PIN pad of the reader that it is in.
    pub pin_pad: bool,
}

/// A reader's PIN pad that waits for someone to type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PadRequest {
    /// The reader.
    pub reader: String,
    /// Which PIN it waits for.
    pub pin: PadPin,
    /// How many tries that has left; `None` where the card does not tell.
    pub tries_left: Option<u8>,
}

/// A PIN that is typed on a reader's PIN pad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PadPin {
    /// The one that uses the card.
    User,
    /// An OpenPGP card's admin PIN, which changes the card.
    Admin,
}

/// A kind of key that a card can make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardKeyKind {
    /// X25519 (RFC 7748).
    X25519,
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
    /// NIST P-521.
    P521,
    /// RSA with a modulus of 2048 bits.
    Rsa2048,
    /// RSA with a modulus of 3072 bits.
    Rsa3072,
    /// RSA with a modulus of 4096 bits.
    Rsa4096,
}

impl CardKeyKind {
    /// All of them, best first: keys on curves are made and used in a moment.
    pub const ALL: [Self; 7] = [
        Self::X25519,
        Self::P256,
        Self::P384,
        Self::P521,
        Self::Rsa2048,
        Self::Rsa3072,
        Self::Rsa4096,
    ];

    /// Its name, as [`CardKey::algorithm`] has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::X25519 => "x25519",
            Self::P256 => "p256",
            Self::P384 => "p384",
            Self::P521 => "p521",
            Self::Rsa2048 => "rsa-2048",
            Self::Rsa3072 => "rsa-3072",
            Self::Rsa4096 => "rsa-4096",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether it is RSA.
    #[must_use]
    pub const fn is_rsa(self) -> bool {
        matches!(self, Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096)
    }
}

/// A key that a card is to make in its empty place for a decryption key.
#[derive(Debug, Clone, Copy)]
pub struct NewCardKey<'a> {
    /// In which application.
    pub application: CardApplication,
    /// On which card.
    pub serial: &'a str,
    /// Of which kind.
    pub kind: CardKeyKind,
    /// The card's PIN; an empty one says that it is typed on the reader's PIN pad. It is given first, so that
    /// no key is made that its owner could not use.
    pub pin: &'a SecretString,
    /// What lets one change the card: the management key of a PIV card in hexadecimal (empty for the one
    /// that a YubiKey keeps under its PIN, or else the one that cards come with), or the admin PIN of an OpenPGP card (empty: on the reader's PIN pad).
    pub authority: &'a SecretString,
}

/// A decryption key on a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardKey {
    /// Its algorithm: `p256`, `p384`, `p521`, `x25519`, `rsa-2048`, `rsa-3072` or `rsa-4096`; what cannot
    /// unlock has another name.
    pub algorithm: String,
    /// Its public half: an uncompressed point, 32 bytes of X25519, or an `RSAPublicKey` in DER; empty for
    /// other algorithms.
    pub public_key: Vec<u8>,
}

/// Why a card does not do what is asked of it. Unless it says so, no try of the PIN was used up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CardError {
    /// The smartcard service does not run.
    #[error("the smartcard service does not run on this computer")]
    NoService,
    /// The smartcard service went away in between.
    #[error("the smartcard service stopped while it was in use")]
    ServiceStopped,
    /// No reader is connected.
    #[error("no card reader is connected")]
    NoReader,
    /// The reader was unplugged.
    #[error("the card reader was unplugged")]
    ReaderGone,
    /// No reader has a card in it.
    #[error("no card is in any reader")]
    NoCard,
    /// The card was pulled while it was in use.
    #[error("the card was pulled out while it was in use")]
    Removed,
    /// Another program does not share the card.
    #[error("{} holds the card for itself alone", holder.as_deref().unwrap_or("another program"))]
    Held {
        /// The program, where it could be found.
        holder: Option<String>,
    },
    /// Another program reset the card.
    #[error("another program reset the card while it was in use")]
    Disturbed,
    /// The card has not the application that is needed.
    #[error("the card in “{reader}” is of another kind than the one that is needed")]
    Unsupported {
        /// Where it is.
        reader: String,
    },
    /// The card answers nothing.
    #[error("the card in “{reader}” does not answer: it may be the wrong way round, or damaged")]
    Mute {
        /// Where it is.
        reader: String,
    },
    /// Cards are there, but not the one that is needed.
    #[error("the card {wanted} is needed, and {found} is in the reader")]
    Wrong {
        /// The serial number of the card that is needed.
        wanted: String,
        /// The serial numbers of those that are there.
        found: String,
    },
    /// Several cards fit.
    #[error("several cards fit: {serials}")]
    Several {
        /// Their serial numbers.
        serials: String,
    },
    /// The PIN is wrong. A try was used up.
    #[error("the PIN is wrong; {}", tries(*tries_left))]
    WrongPin {
        /// How many tries are left.
        tries_left: Option<u8>,
    },
    /// No try is left.
    #[error("the card's PIN is blocked: it was wrong too often")]
    PinBlocked,
    /// The card has no PIN yet.
    #[error("the card has no PIN yet")]
    PinNotSet,
    /// The OpenPGP application was reset and is in its initialisation state, in which it has no PIN.
    #[error("the card's OpenPGP application was reset and not set up again: it has no PIN")]
    NotActivated,
    /// The PIN cannot be this card's. It was not sent to the card.
    #[error("a PIN of this card has {min} to {max} characters; this one was not sent to it")]
    PinLength {
        /// The fewest.
        min: u8,
        /// The most.
        max: u8,
    },
    /// Someone pressed the cancel key of the reader's PIN pad. No PIN was sent to the card.
    #[error("the PIN entry was cancelled on the reader")]
    PadCancelled,
    /// Nobody typed on the reader's PIN pad. No PIN was sent to the card.
    #[error("no PIN was typed on the reader in time")]
    PadTimedOut,
    /// What was typed on the reader's PIN pad cannot be this card's PIN. It was not sent to the card.
    #[error(
        "what was typed on the reader is too short or too long for a PIN of this card; it was not sent to the card"
    )]
    PadPinLength,
    /// The reader that was to take the PIN has no PIN pad that could.
    #[error("the reader “{reader}” has no PIN pad for this card")]
    NoPad {
        /// The reader.
        reader: String,
    },
    /// The reader's PIN pad does not work with this card.
    #[error("the reader's PIN pad did not take the PIN: it answered {answer}")]
    PadFailed {
        /// What it answered.
        answer: String,
    },
    /// The card has no key that could be used.
    #[error("the card {serial} has no {} that can be seen", key_of(*application))]
    NoKey {
        /// Which application.
        application: CardApplication,
        /// The card.
        serial: String,
    },
    /// The card's key is of a kind that Keyreeve cannot use for unlocking.
    #[error("the card's key is of the kind {algorithm}, which cannot unlock a vault")]
    KeyUnsupported {
        /// Its algorithm.
        algorithm: String,
    },
    /// The card has a key where one was to be made, or its certificate. Nothing was changed.
    #[error(
        "the card {serial} has a key or certificate there already, and none is ever overwritten"
    )]
    KeyExists {
        /// The card.
        serial: String,
    },
    /// The card does not tell whether it has a key where one was to be made. Nothing was changed.
    #[error(
        "the card {serial} does not tell whether it has a key there already, and none is ever overwritten"
    )]
    KeyUncertain {
        /// The card.
        serial: String,
    },
    /// The card made a key, which stays on it, and something went wrong then.
    #[error("the card {serial} made its key, but then this happened: {then}")]
    KeyUnfinished {
        /// The card.
        serial: String,
        /// What.
        then: Box<CardError>,
    },
    /// The card does not make keys of this kind. Nothing was changed.
    #[error("the card does not make keys of the kind {}", kind.name())]
    KindUnsupported {
        /// The kind.
        kind: CardKeyKind,
    },
    /// The management key of a PIV card is wrong, or cannot be one. Nothing was changed.
    #[error("the card's management key is wrong: {why}")]
    WrongManagementKey {
        /// What is wrong with it.
        why: &'static str,
    },
    /// The admin PIN of an OpenPGP card is wrong. A try was used up, and nothing was changed.
    #[error("the admin PIN is wrong; {}", tries(*tries_left))]
    WrongAdminPin {
        /// How many tries are left.
        tries_left: Option<u8>,
    },
    /// The admin PIN cannot be this card's. It was not sent to the card.
    #[error("an admin PIN of this card has {min} to {max} characters; this one was not sent to it")]
    AdminPinLength {
        /// The fewest.
        min: u8,
        /// The most.
        max: u8,
    },
    /// No try of the admin PIN is left.
    #[error("the card's admin PIN is blocked: it was wrong too often")]
    AdminPinBlocked,
    /// Nobody touched the card in time.
    #[error("nobody touched the card in time")]
    NotTouched,
    /// Someone let go of it before it had answered.
    #[error(
        "it was cancelled before the card had answered; what is typed on its reader now opens nothing"
    )]
    LetGo,
    /// It is still at work on what was let go of.
    #[error("the reader “{reader}” or its card is still at work on what was cancelled")]
    StillAtWork {
        /// Where it is.
        reader: String,
    },
    /// The card refused.
    #[error("the card refused {what} with the status {status:04X}")]
    Refused {
        /// To do what.
        what: &'static str,
        /// Its answer.
        status: u16,
    },
    /// The card's answer made no sense.
    #[error("the card's answer to {what} could not be understood")]
    Garbled {
        /// The question.
        what: &'static str,
    },
    /// The system failed in another way.
    #[error("the card could not be used: {0}")]
    Failed(String),
}

impl ApplicationInfo {
    /// Refuses a card that has no PIN to be asked for, or one without a try left.
    ///
    /// # Errors
    /// [`CardError::PinNotSet`], [`CardError::PinBlocked`].
    pub const fn check_pin(&self) -> Result<(), CardError> {
        match self.tries_left {
            _ if !self.pin_set => Err(CardError::PinNotSet),
            Some(0) => Err(CardError::PinBlocked),
            _ => Ok(()),
        }
    }
}

/// The one card that fits; what stands in the way is the error.
///
/// # Errors
/// [`CardError::NoReader`], [`CardError::NoCard`], [`CardError::Wrong`], [`CardError::Several`],
/// [`CardError::Unsupported`], or what was wrong with a card.
pub fn choose_card<'a>(
    readers: &'a [CardReader],
    application: CardApplication,
    wanted: &str,
    fits: impl Fn(&ApplicationInfo) -> bool,
) -> Result<(&'a CardReader, &'a ApplicationInfo), CardError> {
    let mut candidates = Vec::new();
    let (mut problem, mut present) = (None, None);
    for reader in readers {
        match &reader.card {
            None => continue,
            Some(Err(error)) => problem = problem.or(Some(error)),
            Some(Ok(card)) => {
                let found = card.applications.iter().filter(|a| a.application == application);
                candidates.extend(found.map(|found| (reader, found)));
            }
        }
        present = present.or(Some(reader));
    }
    let fitting: Vec<_> = candidates.iter().filter(|(_, info)| fits(info)).copied().collect();
    let serials = |cards: &[(_, &ApplicationInfo)]| {
        cards.iter().map(|(_, info)| info.serial.as_str()).collect::<Vec<_>>().join(", ")
    };
    match (fitting.as_slice(), problem, present) {
        ([card], ..) => Ok(*card),
        ([_, _, ..], ..) => Err(CardError::Several { serials: serials(&fitting) }),
        ([], Some(problem), _) => Err(problem.clone()),
        ([], None, Some(_)) if !candidates.is_empty() => {
            Err(CardError::Wrong { wanted: wanted.into(), found: serials(&candidates) })
        }
        ([], None, Some(reader)) => Err(CardError::Unsupported { reader: reader.name.clone() }),
        ([], None, None) if readers.is_empty() => Err(CardError::NoReader),
        ([], None, None) => Err(CardError::NoCard),
    }
}

fn tries(left: Option<u8>) -> String {
    match left {
        None => "the card does not say how many tries are left".into(),
        Some(0) => "no try is left, and the PIN is now blocked".into(),
        Some(1) => "one try is left".into(),
        Some(many) => format!("{many} tries are left"),
    }
}

const fn key_of(application: CardApplication) -> &'static str {
    match application {
        CardApplication::Piv => "key in its slot 9D (key management)",
        CardApplication::Openpgp => "decryption key",
    }
}

/// The cards of this computer.
pub trait Cards: Send + Sync {
    /// Every reader and what is in it. Asks no PIN, uses up no try and changes nothing on a card.
    ///
    /// # Errors
    /// [`CardError::NoService`], [`CardError::ServiceStopped`]. What is wrong with one card is said
    /// at its reader.
    fn readers(&self) -> Result<Vec<CardReader>, CardError>;

    /// Lets a card make a key, and answers in which reader it is and what it says of itself then. A key that is there is never
    /// overwritten. On a PIV card a certificate is put beside it, by which other programs find it.
    ///
    /// # Errors
    /// As for an unlock, and [`CardError::KeyExists`], [`CardError::KeyUncertain`],
    /// [`CardError::KindUnsupported`], [`CardError::WrongManagementKey`], [`CardError::WrongAdminPin`],
    /// [`CardError::AdminPinBlocked`]. [`CardError::KeyUnfinished`] says that there is a key all the same.
    fn make_key(&self, new: &NewCardKey<'_>) -> Result<(String, ApplicationInfo), CardError>;
}

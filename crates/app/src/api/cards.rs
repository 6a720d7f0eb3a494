//! Smartcards.

use keyreeve_crypto::SecretString;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Credentials, ErrorView};

/// Every reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CardListResponse {
    /// The readers.
    pub readers: Vec<CardReaderView>,
}

/// A reader, and what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CardReaderView {
    /// The system's name for it.
    pub name: String,
    /// The card in it.
    pub card: Option<CardView>,
    /// Why the card in it cannot be looked at.
    pub problem: Option<ErrorView>,
}

/// A card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CardView {
    /// What it said when it was powered up, in hexadecimal.
    pub atr: String,
    /// The applications on it that Keyreeve can use; none on a card of another kind.
    pub applications: Vec<CardApplicationView>,
}

/// An application on a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CardApplicationView {
    /// `piv` or `openpgp`.
    pub application: String,
    /// The serial number.
    pub serial: String,
    /// Whether it has a PIN; what does not say is taken to have one.
    pub pin_set: bool,
    /// How many tries the PIN has left; absent where the card does not tell.
    pub tries_left: Option<u8>,
    /// How many tries the admin PIN of an OpenPGP card has left.
    pub admin_tries_left: Option<u8>,
    /// The algorithm of its decryption key, if it has one.
    pub key: Option<String>,
    /// Whether that key can unlock a vault.
    pub usable: bool,
    /// The kinds of key that it could make, best first; none where it has one.
    pub makes: Vec<String>,
    /// Whether it waits for a touch whenever its key is used.
    pub touch: bool,
    /// The reader on whose PIN pad its PIN can be typed; absent where it has none that could.
    pub pin_pad: Option<String>,
}

/// A reader's PIN pad that waits for someone to type (told by the event `pin-pad`, and that it waits no more by the
/// same event with nothing).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PadRequestView {
    /// The reader.
    pub reader: String,
    /// Whether it waits for an OpenPGP card's admin PIN, not for the PIN.
    pub admin: bool,
    /// How many tries that has left; absent where the card does not tell.
    pub tries_left: Option<u8>,
}

/// Lets a card make a key that can become a way in.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MakeCardKeyRequest {
    /// `piv` or `openpgp`.
    pub application: String,
    /// The card's serial number.
    pub serial: String,
    /// One of the kinds that it makes.
    pub kind: String,
    /// Its PIN; empty where it is typed on the reader's PIN pad.
    #[ts(type = "string")]
    pub pin: SecretString,
    /// The management key of a PIV card in hexadecimal, empty for the one that cards come with; or the admin
    /// PIN of an OpenPGP card, empty where it is typed on the reader's PIN pad.
    #[ts(type = "string")]
    pub authority: SecretString,
    /// Who is there, shown again.
    pub proof: Credentials,
}

/// A card that made a key.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MakeCardKeyResponse {
    /// What it says of itself now.
    pub card: CardApplicationView,
    /// The event's number.
    pub audit_seq: u64,
}

/// Begins to watch the cards, or reads them again where they are watched already.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WatchCardsRequest {
    /// The vault whose slots are to be told of.
    #[serde(default)]
    #[ts(optional)]
    pub vault: Option<String>,
}

/// What is seen of the cards (also told by the event `cards-seen` whenever it changes).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CardSightView {
    /// Every reader.
    pub readers: Vec<CardReaderView>,
    /// Whether a card that was just put in is still being read.
    pub reading: bool,
    /// Why there is no card at all.
    pub problem: Option<ErrorView>,
    /// The vault's slots that ask for a card.
    pub slots: Vec<SlotCardView>,
}

/// A slot that asks for a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SlotCardView {
    /// The slot.
    pub slot: String,
    /// Its card, if that is there.
    pub card: Option<CardApplicationView>,
    /// What stands in the way; both are absent while a card is being read.
    pub problem: Option<ErrorView>,
}

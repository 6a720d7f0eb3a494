//! Slot keys from a card's decryption key.
//!
//! The algorithm in the header is `ecdh-` and the curve. The card is told by its public key where that
//! can be read without a PIN, and else by its serial number.

use std::ffi::CString;

use keyreeve_crypto::{
    CardCurve, SecretBytes, SecretString, SlotKey, derive_card_key, make_card_agreement,
};
use keyreeve_domain::ports::{
    CardApplication, CardError, Cards as _, Credentials, HeaderError, NewWay, SlotKind, choose_card,
};

use super::link::{After, Link};
use super::service::Service;
use super::{PcscCards, openpgp, piv};
use crate::part::{CardPart, Part};
use crate::slot::not_its_own;
use crate::source::{KeySource, Place};

const PREFIX: &str = "ecdh-";

/// The cards with an application.
#[derive(Debug, Clone, Copy)]
pub struct CardSource(pub CardApplication);

impl KeySource for CardSource {
    fn kind(&self) -> SlotKind {
        self.0.slot_kind()
    }

    /// The key is on the card already. Its PIN is not needed to enrol it: the unlock that proves the
    /// slot gives it to the card.
    fn enrol(&self, place: Place, way: &NewWay<'_>) -> Result<(Part, SlotKey), HeaderError> {
        let NewWay::Card(new) = way else { return Err(not_its_own(self.kind())) };
        let readers = PcscCards.readers()?;
        let any = new.serial.is_empty();
        let (_, card) =
            choose_card(&readers, self.0, new.serial, |card| any || card.serial == new.serial)?;
        if card.tries_left == Some(0) {
            return Err(CardError::PinBlocked.into());
        }
        let key = card
            .key
            .as_ref()
            .ok_or_else(|| CardError::NoKey { application: self.0, serial: card.serial.clone() })?;
        let unsupported = || CardError::KeyUnsupported { algorithm: key.algorithm.clone() };
        let curve = CardCurve::named(&key.algorithm).ok_or_else(unsupported)?;
        let agreed = make_card_agreement(curve, &key.public_key)
            .map_err(|error| HeaderError::Crypto(error.to_string()))?;
        let part = CardPart {
            kind: self.kind(),
            serial: card.serial.clone(),
            algorithm: format!("{PREFIX}{}", curve.name()),
            public_key: key.public_key.clone(),
            challenge: agreed.challenge,
        };
        let key = slot_key(place, &part, &agreed.secret);
        Ok((Part::Card(part), key))
    }

    fn key(
        &self,
        place: Place,
        part: &Part,
        credentials: &Credentials<'_>,
    ) -> Result<SlotKey, HeaderError> {
        let Part::Card(part) = part else { return Err(not_its_own(self.kind())) };
        let pin = credentials.pin.ok_or(HeaderError::CredentialMissing { what: "a card's PIN" })?;
        let curve = part
            .algorithm
            .strip_prefix(PREFIX)
            .and_then(CardCurve::named)
            .ok_or_else(|| CardError::KeyUnsupported { algorithm: part.algorithm.clone() })?;
        if let Some(asked) = credentials.card.filter(|asked| !asked.is_empty())
            && asked != part.serial
        {
            let (wanted, found) = (part.serial.clone(), asked.to_owned());
            return Err(CardError::Wrong { wanted, found }.into());
        }
        let readers = PcscCards.readers()?;
        let wanted = part.info();
        let (reader, card) =
            choose_card(&readers, self.0, &part.serial, |card| wanted.is_on(card))?;
        if card.tries_left == Some(0) {
            return Err(CardError::PinBlocked.into());
        }
        let use_of = Use { curve, challenge: &part.challenge, pin, touch: card.touch };
        let secret = self.agree(&reader.name, &use_of)?;
        Ok(slot_key(place, part, &secret))
    }
}

/// One use of a card's key.
pub struct Use<'a> {
    /// Its curve.
    pub curve: CardCurve,
    /// What the card is to agree on a secret with.
    pub challenge: &'a [u8],
    /// The PIN.
    pub pin: &'a SecretString,
    /// Whether the card waits for a touch.
    pub touch: bool,
}

impl Use<'_> {
    /// What a refusal to use the key means, once the PIN was right.
    pub fn refused(&self, status: u16) -> CardError {
        if self.touch && matches!(status, 0x6600 | 0x6982 | 0x6985) {
            return CardError::NotTouched;
        }
        CardError::Refused { what: "the use of its key", status }
    }

    /// The shared secret: the first coordinate of the point, which some cards give in full.
    pub fn secret(&self, answer: &[u8]) -> Result<SecretBytes, CardError> {
        let len = self.curve.secret_len();
        let coordinate = match answer {
            [4, point @ ..] if point.len() == 2 * len => point.get(..len),
            _ => Some(answer),
        };
        match coordinate {
            Some(coordinate) if coordinate.len() == len => {
                Ok(SecretBytes::new(coordinate.to_vec()))
            }
            _ => Err(CardError::Garbled { what: "the use of its key" }),
        }
    }
}

impl CardSource {
    fn agree(&self, reader: &str, key: &Use<'_>) -> Result<SecretBytes, CardError> {
        let service = Service::open()?;
        let gone = |_: std::ffi::NulError| CardError::ReaderGone;
        let reader = CString::new(reader).map_err(gone)?;
        let link = Link::open(&service, &reader, After::Reset)?;
        match self.0 {
            CardApplication::Piv => piv::agree(link, key),
            CardApplication::Openpgp => openpgp::agree(link, key),
        }
    }
}

fn slot_key(place: Place, part: &CardPart, secret: &SecretBytes) -> SlotKey {
    let (vault, slot) = (place.vault.as_bytes(), place.slot.as_bytes());
    derive_card_key(secret, &part.public_key, &part.challenge, vault, slot)
}

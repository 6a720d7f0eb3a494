//! Slot keys from a card's decryption key.
//!
//! The algorithm in the header is the name of a [`CardScheme`]. The card is told by its public key where
//! that can be read without a PIN, and else by its serial number.

use std::ffi::CString;

use keyreeve_crypto::{
    CardCurve, CardRsaKey, CardScheme, SecretBytes, SecretString, SlotKey, derive_card_key,
};
use keyreeve_domain::ports::{
    CardApplication, CardError, CardKey, CardReader, Cards as _, Credentials, HeaderError, NewWay,
    SlotKind, choose_card,
};

use super::attendant::{AtWork, Attendant, Attended, none};
use super::link::{After, Link};
use super::service::Service;
use super::{PcscCards, openpgp, owned, piv};
use crate::part::{CardPart, Part};
use crate::slot::not_its_own;
use crate::source::{KeySource, Place};

/// The cards with an application.
#[derive(Clone)]
pub struct CardSource {
    /// The application.
    pub application: CardApplication,
    /// Who sits in front of them.
    pub attendant: Attendant,
}

impl KeySource for CardSource {
    fn kind(&self) -> SlotKind {
        self.application.slot_kind()
    }

    /// The key is on the card already. Its PIN is not needed to enrol it: the unlock that proves the
    /// slot gives it to the card.
    fn enrol(&self, place: Place, way: &NewWay<'_>) -> Result<(Part, SlotKey), HeaderError> {
        let NewWay::Card(new) = way else { return Err(not_its_own(self.kind())) };
        let readers = self.readers()?;
        let any = new.serial.is_empty();
        let (_, card) = choose_card(&readers, self.application, new.serial, |card| {
            any || card.serial == new.serial
        })?;
        card.check_pin()?;
        let key = card.key.as_ref().ok_or_else(|| CardError::NoKey {
            application: self.application,
            serial: card.serial.clone(),
        })?;
        if CardRsaKey::from_der(&key.public_key).is_some_and(|key| key.is_flawed()) {
            let algorithm = format!("{} with the flaw of CVE-2017-15361 (ROCA)", key.algorithm);
            return Err(CardError::KeyUnsupported { algorithm }.into());
        }
        let unsupported = || CardError::KeyUnsupported { algorithm: key.algorithm.clone() };
        let scheme = scheme(self.application, key).ok_or_else(unsupported)?;
        let made =
            scheme.make(&key.public_key).map_err(|error| HeaderError::Crypto(error.to_string()))?;
        let part = CardPart {
            kind: self.kind(),
            serial: card.serial.clone(),
            algorithm: scheme.name().into(),
            public_key: key.public_key.clone(),
            challenge: made.challenge,
        };
        let key = slot_key(place, &part, &made.secret);
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
        let unsupported = || CardError::KeyUnsupported { algorithm: part.algorithm.clone() };
        let scheme = CardScheme::named(&part.algorithm).ok_or_else(unsupported)?;
        let secret_len = scheme.secret_len(&part.public_key).ok_or_else(unsupported)?;
        if let Some(asked) = credentials.card.filter(|asked| !asked.is_empty())
            && asked != part.serial
        {
            let (wanted, found) = (part.serial.clone(), asked.to_owned());
            return Err(CardError::Wrong { wanted, found }.into());
        }
        let readers = self.readers()?;
        let wanted = part.info();
        let (reader, card) =
            choose_card(&readers, self.application, &part.serial, |card| wanted.is_on(card))?;
        card.check_pin()?;
        let (challenge, pin) = (part.challenge.clone(), owned(pin));
        let use_of = Use { scheme, secret_len, challenge, pin, touch: card.touch };
        let secret = self.find(&reader.name, use_of)?;
        Ok(slot_key(place, part, &secret))
    }
}

/// One use of a card's key.
pub struct Use {
    /// How it finds the secret.
    pub scheme: CardScheme,
    /// How many bytes that has.
    pub secret_len: usize,
    /// What the card is to find the secret from.
    pub challenge: Vec<u8>,
    /// The PIN; an empty one is typed on the reader's PIN pad.
    pub pin: SecretString,
    /// Whether the card waits for a touch.
    pub touch: bool,
}

impl Use {
    /// What a refusal to use the key means, once the PIN was right.
    pub fn refused(&self, status: u16) -> CardError {
        if self.touch && matches!(status, 0x6600 | 0x6982 | 0x6985) {
            return CardError::NotTouched;
        }
        CardError::Refused { what: "the use of its key", status }
    }

    /// The secret. Of a point some cards give both coordinates, of which the first is the secret.
    pub fn secret(&self, answer: &[u8]) -> Result<SecretBytes, CardError> {
        let len = self.secret_len;
        let secret = match (self.scheme, answer) {
            (CardScheme::Ecdh(_), [4, point @ ..]) if point.len() == 2 * len => point.get(..len),
            _ => Some(answer),
        };
        match secret {
            Some(secret) if secret.len() == len => Ok(SecretBytes::new(secret.to_vec())),
            _ => Err(CardError::Garbled { what: "the use of its key" }),
        }
    }
}

impl CardSource {
    /// What is in the readers. A card that another program has in its hands may be long in answering.
    fn readers(&self) -> Result<Vec<CardReader>, CardError> {
        self.attendant.attend(|_| PcscCards::default().readers()).map_err(none)?
    }

    fn find(&self, reader: &str, key: Use) -> Result<SecretBytes, CardError> {
        let gone = |_: std::ffi::NulError| CardError::ReaderGone;
        let reader = CString::new(reader).map_err(gone)?;
        let application = self.application;
        let find = move |attended: Attended| {
            let _at_work = AtWork::at(&reader, &attended.let_go);
            let service = Service::open()?.attended(attended);
            let link = Link::open(&service, &reader, After::Reset)?;
            match application {
                CardApplication::Piv => piv::find(link, &key),
                CardApplication::Openpgp => openpgp::find(link, &key),
            }
        };
        self.attendant.attend(find).map_err(none)?
    }
}

/// How a card's key finds a secret, by the key and by what its application does with one.
fn scheme(application: CardApplication, key: &CardKey) -> Option<CardScheme> {
    match CardCurve::named(&key.algorithm) {
        Some(curve) => Some(CardScheme::Ecdh(curve)),
        None => CardRsaKey::from_der(&key.public_key).map(|_sound| match application {
            CardApplication::Piv => CardScheme::RsaSve,
            CardApplication::Openpgp => CardScheme::RsaPkcs1,
        }),
    }
}

/// An RSA key as a card shows it. One that cannot unlock shows no public half.
pub fn rsa_key(key: Option<CardRsaKey<'_>>) -> CardKey {
    let named = |key: CardRsaKey<'_>| {
        Some(CardKey { algorithm: format!("rsa-{}", key.bits()), public_key: key.to_der()? })
    };
    let unusable = || CardKey { algorithm: "rsa".into(), public_key: Vec::new() };
    key.and_then(named).unwrap_or_else(unusable)
}

fn slot_key(place: Place, part: &CardPart, secret: &SecretBytes) -> SlotKey {
    let (vault, slot) = (place.vault.as_bytes(), place.slot.as_bytes());
    derive_card_key(secret, &part.public_key, &part.challenge, vault, slot)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(scheme: CardScheme, touch: bool) -> Use {
        let pin = SecretString::new("123456".into());
        Use { scheme, secret_len: 32, challenge: Vec::new(), pin, touch }
    }

    #[test]
    fn only_a_card_that_waits_for_a_touch_was_not_touched() {
        let scheme = CardScheme::Ecdh(CardCurve::P256);
        for status in [0x6600, 0x6982, 0x6985] {
            assert_eq!(key(scheme, true).refused(status), CardError::NotTouched, "{status:04X}");
            let refused = CardError::Refused { what: "the use of its key", status };
            assert_eq!(key(scheme, false).refused(status), refused);
        }
        let refused = CardError::Refused { what: "the use of its key", status: 0x6F00 };
        assert_eq!(key(scheme, true).refused(0x6F00), refused);
    }

    #[test]
    fn a_secret_is_as_long_as_it_must_be_or_the_first_half_of_a_point() {
        let (first, second) = ([7; 32], [8; 32]);
        let (ecdh, rsa) = (CardScheme::Ecdh(CardCurve::P256), CardScheme::RsaPkcs1);
        let secret = |scheme, answer: &[u8]| key(scheme, false).secret(answer);
        let point = [&[4][..], &first, &second].concat();
        for scheme in [ecdh, rsa] {
            assert!(secret(scheme, &first).unwrap() == SecretBytes::new(first.to_vec()));
        }
        assert!(secret(ecdh, &point).unwrap() == SecretBytes::new(first.to_vec()));
        let garbled = Some(CardError::Garbled { what: "the use of its key" });
        assert_eq!(secret(rsa, &point).err(), garbled, "RSA has no points");
        // A coordinate that begins with the mark of a point, cut short by one byte.
        let marked = [&[4][..], &first[1..]].concat();
        assert!(secret(ecdh, &marked).unwrap() == SecretBytes::new(marked));
        for wrong in [&[][..], &first[1..], &[7; 33], &[4; 34], &point[..64], &[7; 65], &[4; 66]] {
            assert_eq!(secret(ecdh, wrong).err(), garbled, "{}", wrong.len());
        }
    }
}

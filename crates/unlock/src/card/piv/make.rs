//! Lets a PIV card make a key in its slot 9D.
//!
//! What is there is never overwritten. Whether something is there, a card tells without a PIN by its
//! certificate and by its metadata; where that leaves it open, the key is asked for with the PIN, in every
//! algorithm, and only a card that answers each time that there is none is asked to make one.

use keyreeve_crypto::{CardManagementKey, ManagementCipher, SecretBytes};
use keyreeve_domain::ports::{CardError, CardKey, CardKeyKind, NewCardKey};

use super::{
    GENERAL_AUTHENTICATE, Given, KEY_MANAGEMENT, NOT_FOUND, Place, Seen, YUBICO_GET_METADATA,
    apply, certificate::certificate, data_object, number, public_key, select, verify,
    waits_for_touch,
};
use crate::card::fields::{field, made};
use crate::card::link::{Answer, Link, Talk};
use crate::card::unfinished;

/// The management key.
const MANAGEMENT: u8 = 0x9B;
const GENERATE: u8 = 0x47;
const PUT_DATA: u8 = 0xDB;

/// A label that stands in what a Nitrokey says of itself. It answers [`NO_KEY`] to the use of a key exactly
/// when it has none (the crate `piv-authenticator`, which it runs), while it tells no metadata.
const NITROKEY: &[u8] = b"Nitrokey";
/// Security status not satisfied: nobody touched it.
const UNTOUCHED: u16 = 0x6982;
/// Conditions of use not satisfied.
const NO_KEY: u16 = 0x6985;

/// What Yubico's tools note of a YubiKey's management key, for everyone to read.
const YUBICO_ADMIN_DATA: [u8; 3] = [0x5F, 0xFF, 0x00];
/// In those flags: the management key is kept on the card, where only the PIN opens it.
const KEPT_UNDER_PIN: u8 = 0x02;
/// Where it is kept: in the object for PIV's printed information.
const PRINTED_INFORMATION: [u8; 3] = [0x5F, 0xC1, 0x09];

/// Makes a key and puts its certificate beside it.
pub fn make(mut link: Link<'_>, new: &NewCardKey<'_>) -> Result<CardKey, CardError> {
    let wrong = |why| CardError::WrongManagementKey { why };
    let management = CardManagementKey::parse(new.authority)
        .ok_or(wrong("it has 32, 48 or 64 hexadecimal digits; this was not sent to the card"))?;
    let number = number(new.kind).ok_or(CardError::KindUnsupported { kind: new.kind })?;
    let pin = Given::of(new.pin)?;
    link.talk(|talk| {
        let selected = select(talk)?;
        if !selected.is_ok() {
            return Err(CardError::Removed);
        }
        let place = Seen::of(talk)?.place();
        match place {
            Place::Full => return Err(CardError::KeyExists { serial: new.serial.into() }),
            Place::Hidden => return Err(CardError::KeyUncertain { serial: new.serial.into() }),
            Place::Empty | Place::Untold => {}
        }
        verify(talk, &pin)?;
        if matches!(place, Place::Untold) {
            let is_nitrokey = selected.data.windows(NITROKEY.len()).any(|part| part == NITROKEY);
            require_no_key(talk, is_nitrokey, new.serial)?;
        }
        let kept = if new.authority.is_empty() { kept_key(talk)? } else { None };
        authenticate(talk, kept.as_ref().unwrap_or(&management))?;
        talk.go_through()?;
        let answer = talk.ask(GENERATE, 0, KEY_MANAGEMENT, &[0xAC, 3, 0x80, 1, number])?;
        match answer.status {
            0x9000 => {}
            // Incorrect parameter in the data field, function not supported, incorrect P1 or P2.
            0x6A80 | 0x6A81 | 0x6A86 => return Err(CardError::KindUnsupported { kind: new.kind }),
            status => return Err(CardError::Refused { what: "the making of a key", status }),
        }
        let made = field(&answer.data, 0x7F49).and_then(|public| public_key(number, public));
        let made = made.ok_or(CardError::Garbled { what: "the making of a key" });
        let certified = made.and_then(|made| {
            put_certificate(talk, &certificate(&made)?)?;
            Ok(made)
        });
        certified.map_err(|then| unfinished(new, then))
    })
}

/// Asks the card to use a key of each algorithm, on a public point or the number one. Only where it answers
/// each time that there is none is the slot empty: some cards keep one for each.
fn require_no_key(talk: &Talk<'_>, is_nitrokey: bool, serial: &str) -> Result<(), CardError> {
    for kind in CardKeyKind::ALL {
        let Some(number) = number(kind) else { continue };
        let (tag, challenge) = harmless(kind);
        match apply(talk, number, tag, &challenge)?.status {
            NOT_FOUND => {}
            NO_KEY if is_nitrokey => {}
            0x9000 => return Err(CardError::KeyExists { serial: serial.into() }),
            _ => return Err(CardError::KeyUncertain { serial: serial.into() }),
        }
    }
    Ok(())
}

/// What a key can be applied to that tells nothing of it: the curve's base point (SP 800-186, 3.2.1) gives
/// the public key, and one gives one.
fn harmless(kind: CardKeyKind) -> (u16, Vec<u8>) {
    const P256: &str = "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296\
                        4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
    const P384: &str = "04aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a38\
                        5502f25dbf55296c3a545e3872760ab73617de4a96262c6f5d9e98bf9292dc29f8\
                        f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f";
    let one = |len: usize| {
        let mut number = vec![0; len];
        number.last_mut().into_iter().for_each(|last| *last = 1);
        number
    };
    match kind {
        CardKeyKind::P384 => (0x85, hex::decode(P384).unwrap_or_default()),
        CardKeyKind::Rsa2048 => (0x81, one(256)),
        CardKeyKind::Rsa3072 => (0x81, one(384)),
        CardKeyKind::Rsa4096 => (0x81, one(512)),
        _ => (0x85, hex::decode(P256).unwrap_or_default()),
    }
}

/// The management key that a YubiKey keeps under its PIN, which was given; `None` where it is not said to keep one.
fn kept_key(talk: &Talk<'_>) -> Result<Option<CardManagementKey>, CardError> {
    let admin_data = data_object(talk, YUBICO_ADMIN_DATA)?;
    let flags = admin_data.as_ref().and_then(|data| field(field(data, 0x80)?, 0x81)?.first());
    if flags.is_none_or(|flags| flags & KEPT_UNDER_PIN == 0) {
        return Ok(None);
    }
    let kept = data_object(talk, PRINTED_INFORMATION)?;
    let key = kept.as_ref().and_then(|data| field(field(data, 0x88)?, 0x89));
    let key = key.and_then(|key| CardManagementKey::from_bytes(SecretBytes::new(key.to_vec())));
    let wrong = CardError::WrongManagementKey { why: "the card is said to keep it, and does not" };
    key.map(Some).ok_or(wrong)
}

/// Card and computer prove to each other that they know the management key (SP 800-73-4, part 2, A.1.2), which
/// itself is not sent.
fn authenticate(talk: &Talk<'_>, key: &CardManagementKey) -> Result<(), CardError> {
    let wrong = |why| CardError::WrongManagementKey { why };
    let metadata = talk.ask(YUBICO_GET_METADATA, 0, MANAGEMENT, &[])?;
    let waits_for_touch = waits_for_touch(&metadata.data);
    let (cipher, witness) = witness(talk, key, &metadata.data)?;
    let garbled = CardError::Garbled { what: "the proof of its management key" };
    let witness = key.decrypt(cipher, &witness).ok_or(garbled.clone())?;
    let challenge = SecretBytes::make(cipher.block_len())
        .map_err(|error| CardError::Failed(error.to_string()))?;
    // EXPOSE: both are random numbers, used in this proof and never again.
    let (witness, challenge) = (witness.expose(), challenge.expose());
    let parts = (made(0x80, witness), made(0x81, challenge));
    let (Some(witness), Some(asked)) = parts else { return Err(garbled) };
    let answer = general_authenticate(talk, cipher, &[witness, asked].concat())?;
    match answer.status {
        0x9000 => {}
        UNTOUCHED if waits_for_touch => return Err(CardError::NotTouched),
        _ => return Err(wrong("the card does not accept it")),
    }
    let proof = field(&answer.data, 0x7C).and_then(|template| field(template, 0x82));
    let expected = key.encrypt(cipher, challenge).ok_or(garbled)?;
    match proof {
        Some(proof) if SecretBytes::new(proof.to_vec()) == expected => Ok(()),
        _ => Err(wrong("the card did not prove that it knows it")),
    }
}

/// The cipher of the card's management key, and a number encrypted with it. Asking for one uses up nothing, so
/// a card that does not tell its cipher is asked with each that the key could be for.
fn witness(
    talk: &Talk<'_>,
    key: &CardManagementKey,
    metadata: &[u8],
) -> Result<(ManagementCipher, Vec<u8>), CardError> {
    let told = field(metadata, 1).and_then(|number| number.first()).copied();
    let mut refusal = None;
    for cipher in ManagementCipher::ALL {
        if !key.fits(cipher) || told.is_some_and(|told| told != cipher.number()) {
            continue;
        }
        let answer = general_authenticate(talk, cipher, &[0x80, 0])?;
        let witness = field(&answer.data, 0x7C).and_then(|template| field(template, 0x80));
        match witness.filter(|_| answer.is_ok()) {
            Some(witness) => return Ok((cipher, witness.to_vec())),
            None => refusal = refusal.or(Some(answer.status)),
        }
    }
    Err(match refusal {
        // Another algorithm, or no such key for it.
        None | Some(0x6A80 | 0x6A81 | 0x6A86 | NOT_FOUND) => {
            CardError::WrongManagementKey { why: "the card's has another cipher or length" }
        }
        Some(status) => CardError::Refused { what: "the proof of its management key", status },
    })
}

fn general_authenticate(
    talk: &Talk<'_>,
    cipher: ManagementCipher,
    content: &[u8],
) -> Result<Answer, CardError> {
    let request = made(0x7C, content).ok_or(CardError::Garbled { what: "nothing" })?;
    talk.ask(GENERAL_AUTHENTICATE, cipher.number(), MANAGEMENT, &request)
}

/// The object that holds a certificate: uncompressed, and without an error-detection code.
fn put_certificate(talk: &Talk<'_>, certificate: &[u8]) -> Result<(), CardError> {
    let [a, b, c] = super::CERTIFICATE;
    let object = made(0x70, certificate)
        .map(|certificate| [&certificate, &[0x71, 1, 0, 0xFE, 0][..]].concat())
        .and_then(|content| made(0x53, &content))
        .ok_or(CardError::Garbled { what: "nothing" })?;
    let request = [&[0x5C, 3, a, b, c], object.as_slice()].concat();
    match talk.tell(PUT_DATA, 0x3F, 0xFF, &request)? {
        0x9000 => Ok(()),
        status => {
            Err(CardError::Refused { what: "the certificate of the key that it made", status })
        }
    }
}

#[cfg(test)]
mod tests {
    use keyreeve_crypto::CardScheme;

    use super::*;

    #[test]
    fn the_points_that_are_asked_with_are_on_their_curves() {
        for kind in [CardKeyKind::P256, CardKeyKind::P384] {
            let scheme = CardScheme::named(&format!("ecdh-{}", kind.name())).unwrap();
            let (tag, point) = harmless(kind);
            assert!(tag == 0x85 && scheme.make(&point).is_ok(), "{kind:?}");
        }
        for (kind, len) in
            [(CardKeyKind::Rsa2048, 256), (CardKeyKind::Rsa3072, 384), (CardKeyKind::Rsa4096, 512)]
        {
            let one = [&vec![0; len - 1][..], &[1]].concat();
            assert_eq!(harmless(kind), (0x81, one), "{kind:?}");
        }
    }
}

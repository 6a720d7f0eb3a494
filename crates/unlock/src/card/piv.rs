//! PIV cards (NIST SP 800-73-4): their key-management slot, 9D.
//!
//! Keyreeve keeps to what the standard says. The two exceptions are asked only where the standard has
//! no answer: the serial number and the key's metadata of YubiKeys and what behaves like them.

use iso7816_tlv::ber::Value;
use keyreeve_crypto::{CardCurve, CardRsaKey, CardScheme, SecretBytes, SecretString};
use keyreeve_domain::ports::{ApplicationInfo, CardApplication, CardError, CardKey};
use x509_cert::der::Decode as _;
use zeroize::Zeroizing;

use super::fields::field;
use super::link::{Link, Talk, object};
use super::source::{Use, rsa_key};

/// The application's full identifier. Some cards do not know it by its beginning alone.
const AID: [u8; 11] = [0xA0, 0, 0, 3, 8, 0, 0, 0x10, 0, 1, 0];
/// The application PIN.
const PIN: u8 = 0x80;
/// What fills a PIN up to eight bytes.
const PIN_FILL: u8 = 0xFF;
const PIN_MIN: u8 = 6;
const PIN_MAX: u8 = 8;
/// The slot for key management.
const KEY_MANAGEMENT: u8 = 0x9D;
/// Card Holder Unique Identifier.
const CHUID: [u8; 3] = [0x5F, 0xC1, 0x02];
/// The certificate of the slot for key management.
const CERTIFICATE: [u8; 3] = [0x5F, 0xC1, 0x0B];

const SELECT: u8 = 0xA4;
const VERIFY: u8 = 0x20;
const GENERAL_AUTHENTICATE: u8 = 0x87;
const GET_DATA: u8 = 0xCB;
const YUBICO_GET_SERIAL: u8 = 0xF8;
const YUBICO_GET_METADATA: u8 = 0xF7;

/// What the application says of itself; `None` on a card without it.
pub fn look(link: &mut Link<'_>) -> Result<Option<ApplicationInfo>, CardError> {
    link.talk(|talk| {
        if !select(talk)? {
            return Ok(None);
        }
        let key = key(talk)?;
        Ok(Some(ApplicationInfo {
            application: CardApplication::Piv,
            serial: serial(talk)?,
            tries_left: tries_left(talk)?,
            touch: key.as_ref().is_some_and(|found| found.touch),
            key: key.map(|found| found.key),
        }))
    })
}

/// Gives the PIN, once, and lets the card find a secret.
pub fn find(mut link: Link<'_>, key: &Use<'_>) -> Result<SecretBytes, CardError> {
    let (algorithm, tag) = key_use(key)?;
    let pin = padded(key.pin)?;
    link.talk(|talk| {
        if !select(talk)? {
            return Err(CardError::Removed);
        }
        let tries = tries_left(talk)?;
        if tries == Some(0) {
            return Err(CardError::PinBlocked);
        }
        verify(talk, &*pin, tries)?;
        let empty = object(0x82, Value::Primitive(Vec::new()))?;
        let challenge = object(tag, Value::Primitive(key.challenge.to_vec()))?;
        let request = object(0x7C, Value::Constructed(vec![empty, challenge]))?.to_vec();
        let answer = talk.ask(GENERAL_AUTHENTICATE, algorithm, KEY_MANAGEMENT, &request)?;
        if !answer.is_ok() {
            return Err(key.refused(answer.status));
        }
        let secret = field(&answer.data, 0x7C).and_then(|template| field(template, 0x82));
        key.secret(secret.ok_or(CardError::Garbled { what: "the use of its key" })?)
    })
}

/// The algorithm's number (SP 800-78-5, table 9), and the tag of what the key is applied to: a point to
/// agree with, or a number to be raised to the private exponent.
fn key_use(key: &Use<'_>) -> Result<(u8, u64), CardError> {
    let algorithm = match (key.scheme, key.secret_len) {
        (CardScheme::Ecdh(CardCurve::P256), _) => return Ok((0x11, 0x85)),
        (CardScheme::Ecdh(CardCurve::P384), _) => return Ok((0x14, 0x85)),
        (CardScheme::RsaSve, 256) => 0x07,
        (CardScheme::RsaSve, 384) => 0x05,
        // Not in the standard; YubiKeys and others have it so.
        (CardScheme::RsaSve, 512) => 0x16,
        (other, _) => return Err(CardError::KeyUnsupported { algorithm: other.name().into() }),
    };
    Ok((algorithm, 0x81))
}

/// A PIN as it is sent: eight bytes, filled up. What cannot be a PIN is not sent.
fn padded(pin: &SecretString) -> Result<Zeroizing<[u8; PIN_MAX as usize]>, CardError> {
    // EXPOSE: the bytes that go to the card.
    let pin = pin.expose().as_bytes();
    let mut padded = Zeroizing::new([PIN_FILL; PIN_MAX as usize]);
    match padded.get_mut(..pin.len()) {
        Some(place) if pin.len() >= usize::from(PIN_MIN) => place.copy_from_slice(pin),
        _ => return Err(CardError::PinLength { min: PIN_MIN, max: PIN_MAX }),
    }
    Ok(padded)
}

fn verify(talk: &Talk<'_>, pin: &[u8], tries: Option<u8>) -> Result<(), CardError> {
    let status = talk.tell(VERIFY, 0, PIN, pin)?;
    match status {
        0x9000 => Ok(()),
        0x63C0..=0x63CF => Err(CardError::WrongPin { tries_left: Some(low_nibble(status)) }),
        0x6300 => Err(CardError::WrongPin { tries_left: None }),
        // There was a try left, and this one used it up.
        0x6983 if tries.is_some() => Err(CardError::WrongPin { tries_left: Some(0) }),
        0x6983 => Err(CardError::PinBlocked),
        // No such reference data, or it cannot be used: what cards say whose PIN was never set.
        0x6A88 | 0x6984 => Err(CardError::PinNotSet),
        status => Err(CardError::Refused { what: "its PIN", status }),
    }
}

fn select(talk: &Talk<'_>) -> Result<bool, CardError> {
    Ok(talk.ask(SELECT, 4, 0, &AID)?.is_ok())
}

/// The card's identifier in its CHUID; else the number of its holder there; else what a YubiKey says.
fn serial(talk: &Talk<'_>) -> Result<String, CardError> {
    if let Some(number) = data_object(talk, CHUID)?.and_then(|chuid| identifier(&chuid)) {
        return Ok(number);
    }
    let answer = talk.ask(YUBICO_GET_SERIAL, 0, 0, &[])?;
    match <[u8; 4]>::try_from(answer.data.as_slice()) {
        Ok(number) if answer.is_ok() => Ok(u32::from_be_bytes(number).to_string()),
        _ => Ok("unknown".into()),
    }
}

/// The card's own identifier, or else the holder's number.
fn identifier(chuid: &[u8]) -> Option<String> {
    let numbers = [0x34, 0x30].into_iter().filter_map(|tag| field(chuid, tag));
    numbers.map(hex::encode).find(|number| number.bytes().any(|digit| digit != b'0'))
}

/// An empty VERIFY asks how many tries are left, and uses none up.
fn tries_left(talk: &Talk<'_>) -> Result<Option<u8>, CardError> {
    let status = talk.tell(VERIFY, 0, PIN, &[])?;
    Ok(match status {
        0x63C0..=0x63CF => Some(low_nibble(status)),
        0x6983 => Some(0),
        // Some cards say only whether the PIN was given.
        _ => None,
    })
}

fn low_nibble(status: u16) -> u8 {
    (status & 0xF) as u8
}

/// A key, and whether its use waits for a touch.
struct Found {
    key: CardKey,
    touch: bool,
}

/// The key in slot 9D, from its certificate, or from what a YubiKey says of it.
fn key(talk: &Talk<'_>) -> Result<Option<Found>, CardError> {
    let metadata = talk.ask(YUBICO_GET_METADATA, 0, KEY_MANAGEMENT, &[])?;
    let metadata = if metadata.is_ok() { metadata.data } else { Zeroizing::default() };
    // Its second byte: 1 never, 2 always, 3 once in a while.
    let touch = field(&metadata, 2).is_some_and(|policy| policy.get(1).is_some_and(|p| *p > 1));
    let certificate = match data_object(talk, CERTIFICATE)? {
        Some(object) => field(&object, 0x70).map(<[u8]>::to_vec),
        None => None,
    };
    // A certificate that cannot be read, a compressed one say, does not hide what a YubiKey says itself.
    let key = match (
        certificate.filter(|certificate| !certificate.is_empty()),
        metadata_key(&metadata),
    ) {
        (Some(certificate), known) => {
            Some(certified_key(&certificate).or_else(|error| known.ok_or(error))?)
        }
        (None, known) => known,
    };
    Ok(key.map(|key| Found { key, touch }))
}

fn certified_key(certificate: &[u8]) -> Result<CardKey, CardError> {
    let garbled = |_| CardError::Garbled { what: "the request for its certificate" };
    let certificate = x509_cert::Certificate::from_der(certificate).map_err(garbled)?;
    let spki = certificate.tbs_certificate().subject_public_key_info();
    let point = spki.subject_public_key.raw_bytes();
    let parameters = spki.algorithm.parameters.as_ref().map(|any| any.value());
    Ok(named_key(&spki.algorithm.oid.to_string(), parameters, point))
}

/// By the object identifiers of RFC 5480 and RFC 3279.
fn named_key(oid: &str, parameters: Option<&[u8]>, point: &[u8]) -> CardKey {
    const P256: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7];
    const P384: &[u8] = &[0x2B, 0x81, 4, 0, 0x22];
    let (algorithm, public_key) = match (oid, parameters) {
        ("1.2.840.10045.2.1", Some(P256)) => ("p256".into(), point.to_vec()),
        ("1.2.840.10045.2.1", Some(P384)) => ("p384".into(), point.to_vec()),
        ("1.2.840.113549.1.1.1", _) => return rsa_key(CardRsaKey::from_der(point)),
        (other, _) => (other.into(), Vec::new()),
    };
    CardKey { algorithm, public_key }
}

/// A YubiKey's metadata: tag 1 has the algorithm, tag 4 the public key, in tag 86 a point, or in tags 81
/// and 82 RSA's modulus and exponent.
fn metadata_key(metadata: &[u8]) -> Option<CardKey> {
    let algorithm = field(metadata, 1)?.first().copied()?;
    let public = field(metadata, 4)?;
    let point = field(public, 0x86).unwrap_or_default();
    let rsa = || CardRsaKey::from_numbers(field(public, 0x81)?, field(public, 0x82)?);
    let key = |algorithm: &str, point: &[u8]| {
        Some(CardKey { algorithm: algorithm.into(), public_key: point.to_vec() })
    };
    match algorithm {
        0x11 => key("p256", point),
        0x14 => key("p384", point),
        0x05 | 0x06 | 0x07 | 0x16 => Some(rsa_key(rsa())),
        _ => None,
    }
}

/// A data object's content, without its outer tag; `None` when the card has none.
fn data_object(talk: &Talk<'_>, name: [u8; 3]) -> Result<Option<Zeroizing<Vec<u8>>>, CardError> {
    let [a, b, c] = name;
    let answer = talk.ask(GET_DATA, 0x3F, 0xFF, &[0x5C, 3, a, b, c])?;
    let content = field(&answer.data, 0x53).filter(|_| answer.is_ok());
    Ok(content.map(|content| Zeroizing::new(content.to_vec())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(hex: &str) -> Option<String> {
        identifier(&hex::decode(hex.replace(' ', "")).unwrap())
    }

    #[test]
    fn a_card_is_named_by_its_own_identifier_or_else_by_its_holders_number() {
        // As NIST's test cards have it, with a signature whose length only BER knows.
        let both = "30 03 D4E739 34 04 0A0B0C0D 35 02 3230 3E 82 0100";
        assert_eq!(number(both), Some("0a0b0c0d".into()));
        assert_eq!(number("30 03 D4E739 34 04 00000000 3E 00 FE 00"), Some("d4e739".into()));
        assert_eq!(number("30 03 000000 34 04 00000000"), None);
        assert_eq!(number(""), None);
        assert_eq!(number("34 10 0A"), None);
    }
}

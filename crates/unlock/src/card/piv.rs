//! PIV cards (NIST SP 800-73-4): their key-management slot, 9D.
//!
//! Keyreeve keeps to what the standard says. The two exceptions are asked only where the standard has
//! no answer: the serial number and the key's metadata of YubiKeys and what behaves like them.

use iso7816_tlv::simple;
use keyreeve_domain::ports::{ApplicationInfo, CardApplication, CardError, CardKey};
use x509_cert::der::Decode as _;
use zeroize::Zeroizing;

use super::link::{Link, Talk, find};

/// The application's full identifier. Some cards do not know it by its beginning alone.
const AID: [u8; 11] = [0xA0, 0, 0, 3, 8, 0, 0, 0x10, 0, 1, 0];
/// The application PIN.
const PIN: u8 = 0x80;
/// The slot for key management.
const KEY_MANAGEMENT: u8 = 0x9D;
/// Card Holder Unique Identifier.
const CHUID: [u8; 3] = [0x5F, 0xC1, 0x02];
/// The certificate of the slot for key management.
const CERTIFICATE: [u8; 3] = [0x5F, 0xC1, 0x0B];

const SELECT: u8 = 0xA4;
const VERIFY: u8 = 0x20;
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

/// The card's own identifier (tag 34), or else the holder's number (tag 30). The tags of this object
/// are not those of BER: they say nothing of what is inside.
fn identifier(chuid: &[u8]) -> Option<String> {
    let (mut card, mut holder) = (None, None);
    let mut rest = chuid;
    while let (Ok(field), after) = simple::Tlv::parse(rest) {
        match Into::<u8>::into(field.tag()) {
            0x34 => card = Some(hex::encode(field.value())),
            0x30 => holder = Some(hex::encode(field.value())),
            _ => {}
        }
        rest = after;
    }
    [card, holder].into_iter().flatten().find(|number| number.bytes().any(|digit| digit != b'0'))
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
    let touch = find(&metadata, 2).is_some_and(|policy| policy.get(1).is_some_and(|p| *p > 1));
    let certificate = match data_object(talk, CERTIFICATE)? {
        Some(object) => find(&object, 0x70).filter(|certificate| !certificate.is_empty()),
        None => None,
    };
    let key = match certificate {
        Some(certificate) => Some(certified_key(&certificate)?),
        None => metadata_key(&metadata),
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
        ("1.2.840.113549.1.1.1", _) => ("rsa".into(), Vec::new()),
        (other, _) => (other.into(), Vec::new()),
    };
    CardKey { algorithm, public_key }
}

/// A YubiKey's metadata: tag 1 has the algorithm, tag 4 the public key, in tag 86 a point.
fn metadata_key(metadata: &[u8]) -> Option<CardKey> {
    let algorithm = find(metadata, 1)?.first().copied()?;
    let public = find(metadata, 4)?;
    let point = find(&public, 0x86).unwrap_or_default();
    let key = |algorithm: &str, point: &[u8]| {
        Some(CardKey { algorithm: algorithm.into(), public_key: point.to_vec() })
    };
    match algorithm {
        0x11 => key("p256", &point),
        0x14 => key("p384", &point),
        0x05 | 0x06 | 0x07 | 0x16 => key("rsa", &[]),
        _ => None,
    }
}

/// A data object's content, without its outer tag; `None` when the card has none.
fn data_object(talk: &Talk<'_>, name: [u8; 3]) -> Result<Option<Zeroizing<Vec<u8>>>, CardError> {
    let [a, b, c] = name;
    let answer = talk.ask(GET_DATA, 0x3F, 0xFF, &[0x5C, 3, a, b, c])?;
    Ok(if answer.is_ok() { find(&answer.data, 0x53) } else { None })
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

//! PIV cards (NIST SP 800-73-4): their key-management slot, 9D.
//!
//! Keyreeve keeps to what the standard says. The exceptions are asked only where the standard has no
//! answer: the serial number, the version and the metadata of keys of YubiKeys and what behaves like them.

mod certificate;
mod make;
mod makes;

use keyreeve_crypto::{CardCurve, CardRsaKey, CardScheme, SecretBytes, SecretString};
use keyreeve_domain::ports::{ApplicationInfo, CardApplication, CardError, CardKey, CardKeyKind};
use x509_cert::der::Decode as _;
use zeroize::Zeroizing;

use super::fields::{field, made};
use super::link::{Answer, Link, Talk};
use super::pad::{Entry, VERIFY};
use super::source::{Use, rsa_key};
pub use make::make;
pub use makes::is_flawed;

/// The application's full identifier. Some cards do not know it by its beginning alone.
const AID: [u8; 11] = [0xA0, 0, 0, 3, 8, 0, 0, 0x10, 0, 1, 0];
/// The application PIN.
const PIN: u8 = 0x80;
/// What fills a PIN up to eight bytes.
const PIN_FILL: u8 = 0xFF;
const PIN_MIN: u8 = 6;
const PIN_MAX: u8 = 8;
/// How a PIV card takes its PIN from a reader's PIN pad.
const PIN_ENTRY: Entry = Entry { reference: PIN, min: PIN_MIN, max: PIN_MAX, filled: PIN_MAX };
/// The slot for key management.
const KEY_MANAGEMENT: u8 = 0x9D;
/// Card Holder Unique Identifier.
const CHUID: [u8; 3] = [0x5F, 0xC1, 0x02];
/// The certificate of the slot for key management.
const CERTIFICATE: [u8; 3] = [0x5F, 0xC1, 0x0B];

const SELECT: u8 = 0xA4;
const GENERAL_AUTHENTICATE: u8 = 0x87;
const GET_DATA: u8 = 0xCB;
const YUBICO_GET_SERIAL: u8 = 0xF8;
const YUBICO_GET_METADATA: u8 = 0xF7;

/// Referenced data not found (ISO 7816-4): there is no such key.
const NOT_FOUND: u16 = 0x6A88;
/// Reference data not usable: with [`NOT_FOUND`], what cards say whose PIN was never set.
const NOT_USABLE: u16 = 0x6984;
/// File or application not found: there is no such data object.
const FILE_NOT_FOUND: u16 = 0x6A82;

/// What the application says of itself; `None` on a card without it.
pub fn look(link: &mut Link<'_>) -> Result<Option<ApplicationInfo>, CardError> {
    link.talk(|talk| {
        let selected = select(talk)?;
        if !selected.is_ok() {
            return Ok(None);
        }
        let seen = Seen::of(talk)?;
        let makes = match seen.place() {
            Place::Empty | Place::Untold => makes::kinds(talk, &selected.data)?,
            Place::Full | Place::Hidden => Vec::new(),
        };
        let pin = Pin::of(talk)?;
        Ok(Some(ApplicationInfo {
            application: CardApplication::Piv,
            serial: serial(talk)?,
            pin_set: pin.set,
            tries_left: pin.tries_left,
            admin_tries_left: None,
            touch: waits_for_touch(&seen.metadata),
            key: seen.key()?,
            makes,
            pin_pad: talk.pad(PIN_ENTRY).is_some(),
        }))
    })
}

/// Gives the PIN, once, and lets the card find a secret.
pub fn find(mut link: Link<'_>, key: &Use) -> Result<SecretBytes, CardError> {
    let (algorithm, tag) = key_use(key)?;
    let pin = Given::of(&key.pin)?;
    link.talk(|talk| {
        if !select(talk)?.is_ok() {
            return Err(CardError::Removed);
        }
        verify(talk, &pin)?;
        let answer = apply(talk, algorithm, tag, &key.challenge)?;
        if !answer.is_ok() {
            return Err(key.refused(answer.status));
        }
        let secret = field(&answer.data, 0x7C).and_then(|template| field(template, 0x82));
        key.secret(secret.ok_or(CardError::Garbled { what: "the use of its key" })?)
    })
}

/// Applies the key in slot 9D: with tag 85 to a point to agree with, with tag 81 to a number that is raised
/// to the private exponent.
fn apply(talk: &Talk<'_>, algorithm: u8, tag: u16, challenge: &[u8]) -> Result<Answer, CardError> {
    let challenge = made(tag, challenge).ok_or(CardError::Garbled { what: "nothing" })?;
    let request = made(0x7C, &[&[0x82, 0], challenge.as_slice()].concat());
    let request = request.ok_or(CardError::Garbled { what: "nothing" })?;
    talk.ask(GENERAL_AUTHENTICATE, algorithm, KEY_MANAGEMENT, &request)
}

/// The number of the key's algorithm, and the tag of what it is applied to.
fn key_use(key: &Use) -> Result<(u8, u16), CardError> {
    let kind = match (key.scheme, key.secret_len) {
        (CardScheme::Ecdh(CardCurve::P256), _) => CardKeyKind::P256,
        (CardScheme::Ecdh(CardCurve::P384), _) => CardKeyKind::P384,
        (CardScheme::RsaSve, 256) => CardKeyKind::Rsa2048,
        (CardScheme::RsaSve, 384) => CardKeyKind::Rsa3072,
        (CardScheme::RsaSve, 512) => CardKeyKind::Rsa4096,
        (other, _) => return Err(CardError::KeyUnsupported { algorithm: other.name().into() }),
    };
    let number = number(kind).ok_or(CardError::KindUnsupported { kind })?;
    Ok((number, if kind.is_rsa() { 0x81 } else { 0x85 }))
}

/// The number of an algorithm (SP 800-78-5, table 9).
fn number(kind: CardKeyKind) -> Option<u8> {
    match kind {
        CardKeyKind::P256 => Some(0x11),
        CardKeyKind::P384 => Some(0x14),
        CardKeyKind::Rsa2048 => Some(0x07),
        CardKeyKind::Rsa3072 => Some(0x05),
        // Not in the standard; YubiKeys and others have it so.
        CardKeyKind::Rsa4096 => Some(0x16),
        CardKeyKind::X25519 | CardKeyKind::P521 => None,
    }
}

/// How the card is given its PIN.
enum Given {
    /// As it is sent: eight bytes, filled up.
    Typed(Zeroizing<[u8; PIN_MAX as usize]>),
    /// By the reader, on whose PIN pad it is typed.
    OnPad,
}

impl Given {
    /// What cannot be a PIN is not sent.
    fn of(pin: &SecretString) -> Result<Self, CardError> {
        if pin.is_empty() {
            return Ok(Self::OnPad);
        }
        // EXPOSE: the bytes that go to the card.
        let pin = pin.expose().as_bytes();
        let mut padded = Zeroizing::new([PIN_FILL; PIN_MAX as usize]);
        match padded.get_mut(..pin.len()) {
            Some(place) if pin.len() >= usize::from(PIN_MIN) => place.copy_from_slice(pin),
            _ => return Err(CardError::PinLength { min: PIN_MIN, max: PIN_MAX }),
        }
        Ok(Self::Typed(padded))
    }
}

/// Gives the PIN, once, if it has a try left.
fn verify(talk: &Talk<'_>, pin: &Given) -> Result<(), CardError> {
    let tries = Pin::of(talk)?.tries_left;
    if tries == Some(0) {
        return Err(CardError::PinBlocked);
    }
    talk.require_wanted()?;
    let status = match pin {
        Given::Typed(pin) => talk.tell(VERIFY, 0, PIN, pin.as_slice())?,
        Given::OnPad => talk.tell_on_pad(PIN_ENTRY, tries)?,
    };
    match status {
        0x9000 => Ok(()),
        0x63C0..=0x63CF => Err(CardError::WrongPin { tries_left: Some(low_nibble(status)) }),
        0x6300 => Err(CardError::WrongPin { tries_left: None }),
        // There was a try left, and this one used it up.
        0x6983 if tries.is_some() => Err(CardError::WrongPin { tries_left: Some(0) }),
        0x6983 => Err(CardError::PinBlocked),
        NOT_FOUND | NOT_USABLE => Err(CardError::PinNotSet),
        status => Err(CardError::Refused { what: "its PIN", status }),
    }
}

/// Selects the application, and gives what it says of itself: its application property template.
fn select(talk: &Talk<'_>) -> Result<Answer, CardError> {
    talk.ask(SELECT, 4, 0, &AID)
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

/// What a card says of its PIN.
struct Pin {
    set: bool,
    tries_left: Option<u8>,
}

impl Pin {
    /// An empty VERIFY asks how many tries are left, and uses none up.
    fn of(talk: &Talk<'_>) -> Result<Self, CardError> {
        let status = talk.tell(VERIFY, 0, PIN, &[])?;
        let tries_left = match status {
            0x63C0..=0x63CF => Some(low_nibble(status)),
            0x6983 => Some(0),
            // Some cards say only whether the PIN was given.
            _ => None,
        };
        Ok(Self { set: !matches!(status, NOT_FOUND | NOT_USABLE), tries_left })
    }
}

fn low_nibble(status: u16) -> u8 {
    (status & 0xF) as u8
}

/// What a card shows of its slot 9D without a PIN.
struct Seen {
    /// What a YubiKey says of the key; empty on other cards.
    metadata: Zeroizing<Vec<u8>>,
    /// The status with which it answered that.
    metadata_status: u16,
    /// The object for the slot's certificate; empty where the card has none, `None` where it is not shown.
    certificate: Option<Zeroizing<Vec<u8>>>,
}

/// Whether the slot 9D holds something.
enum Place {
    /// It does.
    Full,
    /// The card says that it does not.
    Empty,
    /// There is no certificate, and the card does not say whether there is a key.
    Untold,
    /// The card does not show whether there is a certificate.
    Hidden,
}

impl Seen {
    fn of(talk: &Talk<'_>) -> Result<Self, CardError> {
        let answer = talk.ask(YUBICO_GET_METADATA, 0, KEY_MANAGEMENT, &[])?;
        let metadata_status = answer.status;
        let metadata = if answer.is_ok() { answer.data } else { Zeroizing::default() };
        Ok(Self { metadata, metadata_status, certificate: shown(talk, CERTIFICATE)? })
    }

    fn place(&self) -> Place {
        match &self.certificate {
            None => Place::Hidden,
            Some(certificate) if !certificate.is_empty() => Place::Full,
            Some(_) if field(&self.metadata, 1).is_some() => Place::Full,
            Some(_) if self.metadata_status == NOT_FOUND => Place::Empty,
            Some(_) => Place::Untold,
        }
    }

    /// The key, from its certificate, or from what a YubiKey says of it.
    fn key(&self) -> Result<Option<CardKey>, CardError> {
        let object = self.certificate.as_ref().and_then(|object| field(object, 0x70));
        let known = metadata_key(&self.metadata);
        match object.filter(|certificate| !certificate.is_empty()) {
            // One that cannot be read, a compressed one say, does not hide what a YubiKey says itself.
            Some(certificate) => {
                certified_key(certificate).or_else(|error| known.ok_or(error)).map(Some)
            }
            None => Ok(known),
        }
    }
}

fn certified_key(certificate: &[u8]) -> Result<CardKey, CardError> {
    let garbled = |_| CardError::Garbled { what: "the request for its certificate" };
    let certificate = x509_cert::Certificate::from_der(certificate).map_err(garbled)?;
    let spki = certificate.tbs_certificate().subject_public_key_info();
    let point = spki.subject_public_key.raw_bytes();
    let parameters = spki.algorithm.parameters.as_ref().map(|any| any.value());
    Ok(named_key(&spki.algorithm.oid.to_string(), parameters, point))
}

/// The curves' object identifiers (RFC 5480).
const P256: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7];
const P384: &[u8] = &[0x2B, 0x81, 4, 0, 0x22];

/// By the object identifiers of RFC 5480 and RFC 3279.
fn named_key(oid: &str, parameters: Option<&[u8]>, point: &[u8]) -> CardKey {
    let (algorithm, public_key) = match (oid, parameters) {
        ("1.2.840.10045.2.1", Some(P256)) => ("p256".into(), point.to_vec()),
        ("1.2.840.10045.2.1", Some(P384)) => ("p384".into(), point.to_vec()),
        ("1.2.840.113549.1.1.1", _) => return rsa_key(CardRsaKey::from_der(point)),
        (other, _) => (other.into(), Vec::new()),
    };
    CardKey { algorithm, public_key }
}

/// Whether a key waits for a touch, by a YubiKey's metadata: the second byte of tag 2 is 1 for never, 2 for always, 3 for
/// once in a while.
fn waits_for_touch(metadata: &[u8]) -> bool {
    field(metadata, 2).is_some_and(|policy| policy.get(1).is_some_and(|p| *p > 1))
}

/// A YubiKey's metadata: tag 1 has the algorithm, tag 4 the public key.
fn metadata_key(metadata: &[u8]) -> Option<CardKey> {
    let algorithm = field(metadata, 1)?.first().copied()?;
    public_key(algorithm, field(metadata, 4)?)
}

/// A public key as cards give it: in tag 86 a point, or in tags 81 and 82 RSA's modulus and exponent.
fn public_key(algorithm: u8, public: &[u8]) -> Option<CardKey> {
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
    Ok(shown(talk, name)?.filter(|content| !content.is_empty()))
}

/// The same, empty when the card has none, and `None` when it does not say.
fn shown(talk: &Talk<'_>, name: [u8; 3]) -> Result<Option<Zeroizing<Vec<u8>>>, CardError> {
    let [a, b, c] = name;
    let answer = talk.ask(GET_DATA, 0x3F, 0xFF, &[0x5C, 3, a, b, c])?;
    Ok(match answer.status {
        0x9000 => {
            let content = field(&answer.data, 0x53);
            content.map(|content| Zeroizing::new(content.to_vec()))
        }
        FILE_NOT_FOUND | NOT_FOUND => Some(Zeroizing::default()),
        _ => None,
    })
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

    #[test]
    fn what_cannot_be_a_pin_is_not_sent_and_what_can_is_filled_up() {
        let given = |pin: &str| Given::of(&SecretString::new(pin.into()));
        assert!(matches!(given(""), Ok(Given::OnPad)));
        for (pin, sent) in [("123456", b"123456\xFF\xFF"), ("12345678", b"12345678")] {
            assert!(matches!(given(pin), Ok(Given::Typed(typed)) if typed.as_slice() == sent));
        }
        for wrong in ["1", "12345", "123456789"] {
            assert_eq!(given(wrong).err(), Some(CardError::PinLength { min: 6, max: 8 }));
        }
    }

    #[test]
    fn each_kind_of_key_is_used_by_its_own_number() {
        let used = |scheme, secret_len| {
            let pin = SecretString::new(String::new());
            key_use(&Use { scheme, secret_len, challenge: Vec::new(), pin, touch: false })
        };
        for (scheme, secret_len, expected) in [
            (CardScheme::Ecdh(CardCurve::P256), 32, (0x11, 0x85)),
            (CardScheme::Ecdh(CardCurve::P384), 48, (0x14, 0x85)),
            (CardScheme::RsaSve, 256, (0x07, 0x81)),
            (CardScheme::RsaSve, 384, (0x05, 0x81)),
            (CardScheme::RsaSve, 512, (0x16, 0x81)),
        ] {
            assert_eq!(used(scheme, secret_len), Ok(expected), "{scheme:?}");
        }
        let unsupported = CardError::KeyUnsupported { algorithm: "ecdh-x25519".into() };
        assert_eq!(used(CardScheme::Ecdh(CardCurve::X25519), 32), Err(unsupported));
    }

    fn hexed(hex: &str) -> Vec<u8> {
        hex::decode(hex.replace(' ', "")).unwrap()
    }

    fn seen(metadata: &str, metadata_status: u16, certificate: Option<&str>) -> Seen {
        let metadata = hexed(metadata).into();
        Seen { metadata, metadata_status, certificate: certificate.map(|hex| hexed(hex).into()) }
    }

    #[test]
    fn a_slot_is_empty_only_where_the_card_says_so() {
        let place = |metadata, status, certificate| seen(metadata, status, certificate).place();
        assert!(matches!(place("", NOT_FOUND, None), Place::Hidden));
        assert!(matches!(place("", NOT_FOUND, Some("70 01 00")), Place::Full));
        assert!(matches!(place("01 01 11", 0x9000, Some("")), Place::Full));
        assert!(matches!(place("", NOT_FOUND, Some("")), Place::Empty));
        assert!(matches!(place("", 0x6D00, Some("")), Place::Untold));
        assert!(matches!(place("02 02 02 01", 0x9000, Some("")), Place::Untold));
    }

    #[test]
    fn a_certificate_that_cannot_be_read_does_not_hide_what_a_yubikey_says_of_its_key() {
        let told = "01 01 11 04 05 86 03 04 07 08";
        let key = CardKey { algorithm: "p256".into(), public_key: vec![4, 7, 8] };
        for certificate in [None, Some(""), Some("70 00"), Some("70 02 1F 8B")] {
            assert_eq!(seen(told, 0x9000, certificate).key(), Ok(Some(key.clone())));
        }
        assert_eq!(seen("", 0x6D00, Some("70 00")).key(), Ok(None));
        let garbled = CardError::Garbled { what: "the request for its certificate" };
        assert_eq!(seen("", 0x6D00, Some("70 02 1F 8B")).key(), Err(garbled));
    }

    #[test]
    fn keys_are_named_by_the_number_of_their_algorithm() {
        let named = |number: u8, public: &[u8]| {
            public_key(number, public).map(|key| (key.algorithm, key.public_key))
        };
        assert_eq!(named(0x11, &[0x86, 2, 4, 7]), Some(("p256".into(), vec![4, 7])));
        assert_eq!(named(0x14, &[0x86, 2, 4, 7]), Some(("p384".into(), vec![4, 7])));
        assert_eq!(named(0xE0, &[0x86, 2, 4, 7]), None);
        let rsa = |len: usize| {
            let modulus = made(0x81, &vec![0xA7; len]).unwrap();
            [modulus, made(0x82, &[1, 0, 1]).unwrap()].concat()
        };
        for (number, len, algorithm) in
            [(0x07, 256, "rsa-2048"), (0x05, 384, "rsa-3072"), (0x16, 512, "rsa-4096")]
        {
            let key = public_key(number, &rsa(len)).unwrap();
            assert_eq!(key.algorithm, algorithm);
            assert!(CardRsaKey::from_der(&key.public_key).is_some());
        }
        assert_eq!(named(0x06, &rsa(128)), Some(("rsa".into(), Vec::new())), "too short");
        assert_eq!(named(0x07, &[]), Some(("rsa".into(), Vec::new())));
    }

    #[test]
    fn a_touch_is_waited_for_by_every_policy_but_never() {
        for (policy, waits) in [(0, false), (1, false), (2, true), (3, true)] {
            assert_eq!(waits_for_touch(&[1, 1, 0x11, 2, 2, 2, policy]), waits, "{policy}");
        }
        assert!(!waits_for_touch(&[2, 1, 2]));
        assert!(!waits_for_touch(&[]));
    }
}

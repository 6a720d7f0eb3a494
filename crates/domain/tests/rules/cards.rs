//! Which card is the one that is meant, and what is said when none is.

use keyreeve_domain::ports::{
    ApplicationInfo, CardApplication, CardError, CardKey, CardKeyKind, CardReader, PresentCard,
    SlotKind, choose_card,
};

/// An application that is ready for use.
pub fn application(application: CardApplication, serial: &str) -> ApplicationInfo {
    ApplicationInfo {
        application,
        serial: serial.into(),
        pin_set: true,
        tries_left: Some(3),
        admin_tries_left: None,
        key: None,
        makes: Vec::new(),
        touch: false,
        pin_pad: false,
    }
}

/// A key with this public half.
pub fn key_on(public_key: &[u8]) -> CardKey {
    CardKey { algorithm: "p256".into(), public_key: public_key.to_vec() }
}

fn reader(name: &str, card: Option<Result<Vec<ApplicationInfo>, CardError>>) -> CardReader {
    let present = |applications| PresentCard { atr: vec![0x3b], applications };
    CardReader { name: name.into(), card: card.map(|card| card.map(present)) }
}

fn with(name: &str, serials: &[&str]) -> CardReader {
    let applications =
        serials.iter().map(|serial| application(CardApplication::Piv, serial)).collect();
    reader(name, Some(Ok(applications)))
}

/// The reader and the number of the PIV card that is chosen, where `1…` fit and 1a is meant.
fn chosen(readers: &[CardReader]) -> Result<(&str, &str), CardError> {
    choose_card(readers, CardApplication::Piv, "1a", |info| info.serial.starts_with('1'))
        .map(|(reader, info)| (reader.name.as_str(), info.serial.as_str()))
}

#[test]
fn the_one_card_that_fits_is_taken_wherever_it_is() {
    let mute = || reader("mute", Some(Err(CardError::NoCard)));
    let openpgp = || reader("openpgp", Some(Ok(vec![application(CardApplication::Openpgp, "1c")])));
    for readers in [
        vec![with("a", &["1a"])],
        vec![reader("empty", None), with("a", &["1a"])],
        vec![with("b", &["2b"]), with("a", &["1a"])],
        vec![mute(), with("a", &["1a"]), reader("empty", None)],
        vec![openpgp(), with("a", &["2b", "1a"])],
    ] {
        assert_eq!(chosen(&readers), Ok(("a", "1a")));
    }
}

#[test]
fn when_no_card_fits_it_is_said_what_stands_in_the_way() {
    let mute = || CardError::Failed("mute".into());
    let disturbed = || CardError::Failed("disturbed".into());
    let wrong = |found: &str| CardError::Wrong { wanted: "1a".into(), found: found.into() };
    for (readers, error) in [
        (vec![], CardError::NoReader),
        (vec![reader("empty", None)], CardError::NoCard),
        (
            vec![reader("empty", None), with("other", &[])],
            CardError::Unsupported { reader: "other".into() },
        ),
        (vec![with("b", &["2b"])], wrong("2b")),
        (vec![with("b", &["2b"]), with("c", &["2c"])], wrong("2b, 2c")),
        // What cannot be looked at may be the card that is meant.
        (vec![with("b", &["2b"]), reader("mute", Some(Err(mute())))], mute()),
        (vec![reader("mute", Some(Err(mute()))), reader("too", Some(Err(disturbed())))], mute()),
        (
            vec![with("b", &["1b"]), with("a", &["1a"])],
            CardError::Several { serials: "1b, 1a".into() },
        ),
    ] {
        assert_eq!(chosen(&readers), Err(error));
    }
}

#[test]
fn a_card_without_a_pin_or_without_a_try_is_not_asked_for_one() {
    let piv = |pin_set, tries_left| {
        let ready = application(CardApplication::Piv, "1a");
        ApplicationInfo { pin_set, tries_left, ..ready }.check_pin()
    };
    for left in [None, Some(1), Some(3)] {
        assert_eq!(piv(true, left), Ok(()));
    }
    assert_eq!(piv(true, Some(0)), Err(CardError::PinBlocked));
    for left in [None, Some(0), Some(3)] {
        assert_eq!(piv(false, left), Err(CardError::PinNotSet));
    }
}

#[test]
fn an_application_opens_the_slots_of_its_kind() {
    use {CardApplication as A, SlotKind as K};
    for (application, kind, name) in
        [(A::Piv, K::PivCard, "piv"), (A::Openpgp, K::OpenpgpCard, "openpgp")]
    {
        assert_eq!(application.slot_kind(), kind);
        assert_eq!(A::of_slot(kind), Some(application));
        assert_eq!(application.name(), name);
    }
    for kind in K::ALL.iter().filter(|kind| !kind.is_card()) {
        assert_eq!(A::of_slot(*kind), None);
    }
}

#[test]
fn every_kind_of_key_has_a_name_that_is_read_back() {
    for kind in CardKeyKind::ALL {
        assert_eq!(CardKeyKind::named(kind.name()), Some(kind));
        assert_eq!(kind.is_rsa(), kind.name().starts_with("rsa-"));
    }
    assert_eq!(CardKeyKind::named("rsa-1024"), None);
}

#[test]
fn an_error_says_how_many_tries_are_left_and_which_key_is_missing() {
    let wrong = |tries_left| CardError::WrongPin { tries_left }.to_string();
    assert_eq!(wrong(Some(2)), "the PIN is wrong; 2 tries are left");
    assert_eq!(wrong(Some(1)), "the PIN is wrong; one try is left");
    assert_eq!(wrong(Some(0)), "the PIN is wrong; no try is left, and the PIN is now blocked");
    assert!(wrong(None).ends_with("does not say how many tries are left"));
    let none = |application| CardError::NoKey { serial: "1a".into(), application }.to_string();
    assert!(none(CardApplication::Piv).contains("no key in its slot 9D"));
    assert!(none(CardApplication::Openpgp).contains("no decryption key"));
}

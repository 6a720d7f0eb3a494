//! Keys that a card makes: what lets it, what is never overwritten, and what is said once there is a key.

use keyreeve_domain::ports::{
    ApplicationInfo, CardApplication, CardError, CardKeyKind, Cards as _, NewCardKey,
};
use keyreeve_unlock::{Attendant, PcscCards, Waits};

use crate::card_rig::CardRig;
use crate::looking::{NEW_OPENPGP, YUBIKEY};
use crate::{
    ADMIN_PIN, Kind, OPENPGP, PIN, PIV, READER, Vault, WRONG, card, let_go_at_the_card, refused,
    secret, with_rigs,
};

use CardKeyKind::{P256, P384, P521, Rsa2048, X25519};

#[test]
fn a_piv_card_makes_its_key_where_it_has_none_for_who_knows_pin_and_management_key() {
    with_rigs(
        "making::a_piv_card_makes_its_key_where_it_has_none_for_who_knows_pin_and_management_key",
        &[
            piv_makes,
            other_management_keys,
            taken_places,
            untold_places,
            proofs_that_are_none,
            refused_keys,
            unfinished_keys,
            |rig| made_and_let_go_of(rig, &PIV),
        ],
    );
}

#[test]
fn an_openpgp_card_makes_its_key_where_it_has_none_for_who_knows_both_pins() {
    with_rigs(
        "making::an_openpgp_card_makes_its_key_where_it_has_none_for_who_knows_both_pins",
        &[openpgp_makes, admin_pins, unmade_openpgp_keys, |rig| made_and_let_go_of(rig, &OPENPGP)],
    );
}

/// Lets the first card make a key.
fn make(
    application: CardApplication,
    kind: CardKeyKind,
    pin: &str,
    authority: &str,
) -> Result<ApplicationInfo, CardError> {
    let serial = card(0)?.applications[0].serial.clone();
    make_attended(&Attendant::default(), application, &serial, kind, pin, authority)
}

pub fn make_attended(
    attendant: &Attendant,
    application: CardApplication,
    serial: &str,
    kind: CardKeyKind,
    pin: &str,
    authority: &str,
) -> Result<ApplicationInfo, CardError> {
    let (pin, authority) = (secret(pin), secret(authority));
    let new = NewCardKey { application, serial, kind, pin: &pin, authority: &authority };
    let (reader, made) = PcscCards::attended(attendant.clone()).make_key(&new)?;
    assert_eq!(reader, READER);
    Ok(made)
}

/// The PIV card in the first slot.
fn piv(kind: CardKeyKind, pin: &str, management: &str) -> Result<ApplicationInfo, CardError> {
    make(CardApplication::Piv, kind, pin, management)
}

fn openpgp(kind: CardKeyKind, pin: &str, admin: &str) -> Result<ApplicationInfo, CardError> {
    make(CardApplication::Openpgp, kind, pin, admin)
}

fn wrong_management_key(why: &'static str) -> Result<ApplicationInfo, CardError> {
    Err(CardError::WrongManagementKey { why })
}

const NOT_ACCEPTED: &str = "the card does not accept it";
const ANOTHER_CIPHER: &str = "the card's has another cipher or length";

fn exists(serial: &str) -> Result<ApplicationInfo, CardError> {
    Err(CardError::KeyExists { serial: serial.into() })
}

fn unfinished(serial: &str, then: CardError) -> Result<ApplicationInfo, CardError> {
    Err(CardError::KeyUnfinished { serial: serial.into(), then: Box::new(then) })
}

/// What was made is what the card shows from then on, opens a slot, and is not made again.
fn is_a_way_in(kind: &Kind, made: &ApplicationInfo, algorithm: &str) {
    assert_eq!(made, &kind.seen());
    let key = made.key.as_ref().unwrap();
    assert_eq!((key.algorithm.as_str(), made.makes.as_slice()), (algorithm, &[][..]));
    assert!(!kind.pin_is_given(), "another program could use the card");
    let vault = Vault::new();
    let slot = vault.add(kind, kind.serial, PIN).unwrap();
    assert_eq!(vault.unlock(&slot, PIN), Ok(()));
}

fn piv_makes(mut rig: CardRig) {
    rig.say("start");
    PIV.insert(&mut rig, "");
    for kind in [X25519, P521] {
        assert_eq!(piv(kind, WRONG, ""), Err(CardError::KindUnsupported { kind }));
    }
    assert_eq!(piv(P256, "12345", ""), Err(CardError::PinLength { min: 6, max: 8 }));
    let length = "it has 32, 48 or 64 hexadecimal digits; this was not sent to the card";
    assert_eq!(piv(P256, WRONG, "0102"), wrong_management_key(length));
    let another = Attendant::default();
    let another = make_attended(&another, PIV.application, "another", P256, WRONG, "");
    assert!(matches!(another, Err(CardError::Wrong { .. })));
    assert_eq!(PIV.seen().tries_left, Some(3), "none of these was sent");
    assert_eq!(piv(P256, WRONG, ""), Err(CardError::WrongPin { tries_left: Some(2) }));
    assert_eq!(piv(P256, PIN, &"0".repeat(48)), wrong_management_key(NOT_ACCEPTED));
    assert_eq!(piv(P256, PIN, &"0".repeat(64)), wrong_management_key(ANOTHER_CIPHER));
    assert_eq!(PIV.seen().key, None);
    let made = piv(P256, PIN, "").unwrap();
    is_a_way_in(&PIV, &made, "p256");
    assert_eq!(piv(P256, PIN, ""), exists(PIV.serial));
    assert_eq!(PIV.seen(), made);
}

fn other_management_keys(mut rig: CardRig) {
    let (own, zeros) = ("a5".repeat(32), "0".repeat(64));
    rig.say("start");
    PIV.insert(&mut rig, "management-key=aes256");
    assert_eq!(piv(P384, PIN, ""), wrong_management_key(ANOTHER_CIPHER));
    assert_eq!(piv(P384, PIN, &zeros), wrong_management_key(NOT_ACCEPTED));
    is_a_way_in(&PIV, &piv(P384, PIN, &own).unwrap(), "p384");
    // The card keeps it under its PIN; another that was typed is the one that counts.
    rig.say("insert 0 piv keeps serial=0a0b0c0d management-key=kept");
    assert_eq!(piv(P256, PIN, &zeros), wrong_management_key(NOT_ACCEPTED));
    assert_eq!(piv(P256, PIN, "").unwrap().key.unwrap().algorithm, "p256");
    rig.say("insert 0 piv lost serial=0a0b0c0d management-key=lost");
    let lost = "the card is said to keep it, and does not";
    assert_eq!(piv(P256, PIN, ""), wrong_management_key(lost));
}

fn taken_places(mut rig: CardRig) {
    rig.say("start");
    // The second does not say that it has none when it is asked for one of another algorithm.
    let uncertain = Err(CardError::KeyUncertain { serial: PIV.serial.into() });
    for (name, taken, expected) in [
        ("first", "piv-key=p256 certificate=none", exists(PIV.serial)),
        ("second", "piv-key=p384 certificate=none", uncertain),
        ("third", "certificate=alone", exists(PIV.serial)),
    ] {
        rig.say(&format!("insert 0 piv {name} serial=0a0b0c0d {taken}"));
        assert_eq!(piv(P256, PIN, ""), expected, "{taken}");
    }
}

fn untold_places(mut rig: CardRig) {
    rig.say("start");
    let uncertain = Err(CardError::KeyUncertain { serial: "unknown".into() });
    for (answers, expected) in [
        // A Nitrokey means with this that it has no key, and others mean something else.
        ("answer=87:6985", uncertain.clone()),
        ("answer=87:6A88", wrong_management_key(ANOTHER_CIPHER)),
        ("answer=cb:6982", uncertain),
    ] {
        let card = "insert 0 piv other answer=20:9000 answer=f7:6D00 answer=f8:6D00";
        rig.say(&format!("{card} {YUBIKEY} {answers}"));
        assert_eq!(piv(P256, PIN, ""), expected, "{answers}");
    }
}

fn proofs_that_are_none(mut rig: CardRig) {
    rig.say("start");
    // Both the number that is asked for and an answer to the computer's, which it does not fit.
    let proof = format!("7C148008{}8208{}9000", "42".repeat(8), "42".repeat(8));
    PIV.insert(&mut rig, &format!("answer=f7:6A88 answer=87:{proof}"));
    let unproven = "the card did not prove that it knows it";
    assert_eq!(piv(P256, PIN, ""), wrong_management_key(unproven));
    PIV.insert(&mut rig, "answer=f7:6A88 answer=87:6F42");
    assert_eq!(piv(P256, PIN, ""), Err(refused("the proof of its management key", 0x6F42)));
    // Nobody waits any more: the PIN is not sent then.
    PIV.insert(&mut rig, "");
    card(0).unwrap();
    let nobody = Attendant { waits: Waits::until(|| true), ..Attendant::default() };
    let let_go = make_attended(&nobody, PIV.application, PIV.serial, P256, WRONG, "");
    assert_eq!(let_go, Err(CardError::LetGo));
    rig.until("the reader to be free", || card(0).is_ok());
    assert_eq!(PIV.seen().tries_left, Some(3));
}

fn refused_keys(mut rig: CardRig) {
    rig.say("start");
    for (oddity, expected) in [
        ("answer=47:6A80", CardError::KindUnsupported { kind: P256 }),
        ("answer=47:6F42", refused("the making of a key", 0x6F42)),
        ("pull-at=47", CardError::Removed),
    ] {
        PIV.insert(&mut rig, oddity);
        assert_eq!(piv(P256, PIN, ""), Err(expected), "{oddity}");
    }
    PIV.insert(&mut rig, "");
    assert_eq!(piv(P256, PIN, "").unwrap(), PIV.seen(), "none was made before");
}

fn unfinished_keys(mut rig: CardRig) {
    rig.say("start");
    for (oddity, then) in [
        ("answer=47:9000", CardError::Garbled { what: "the making of a key" }),
        ("answer=db:9000", CardError::Garbled { what: "the question which key it made" }),
    ] {
        PIV.insert(&mut rig, oddity);
        assert_eq!(piv(P256, PIN, ""), unfinished(PIV.serial, then), "{oddity}");
    }
    rig.say("insert 0 piv another serial=0a0b0c0d answer=db:6A84");
    let then = refused("the certificate of the key that it made", 0x6A84);
    assert_eq!(piv(P256, PIN, ""), unfinished(PIV.serial, then));
    assert_eq!(piv(P256, PIN, ""), exists(PIV.serial), "it is found by asking for it");
}

/// A key that the card has begun to make is there, for all one knows, when one lets go of it.
fn made_and_let_go_of(mut rig: CardRig, kind: &Kind) {
    rig.say("start");
    let (new, authority, stop_at) = match kind.application {
        CardApplication::Piv => (P256, "", "47"),
        // The public key is asked for by the same instruction; this is the choice of an algorithm.
        CardApplication::Openpgp => (X25519, ADMIN_PIN, "da"),
    };
    kind.insert(&mut rig, &format!("stop-at={stop_at}"));
    card(0).unwrap();
    let attendant = Attendant::default();
    let (application, serial) = (kind.application, kind.serial);
    let answer = let_go_at_the_card(&mut rig, &attendant.waits, || {
        make_attended(&attendant, application, serial, new, PIN, authority)
    });
    assert_eq!(answer, unfinished(kind.serial, CardError::LetGo));
}

fn openpgp_makes(mut rig: CardRig) {
    rig.say("start");
    OPENPGP.insert(&mut rig, "");
    assert_eq!(openpgp(P256, WRONG, ADMIN_PIN), Err(CardError::WrongPin { tries_left: Some(2) }));
    let made = openpgp(P256, PIN, ADMIN_PIN).unwrap();
    is_a_way_in(&OPENPGP, &made, "p256");
    assert_eq!(openpgp(P256, PIN, ADMIN_PIN), exists(OPENPGP.serial));
    assert_eq!(OPENPGP.seen(), made);
}

fn admin_pins(mut rig: CardRig) {
    rig.say("start");
    OPENPGP.insert(&mut rig, "");
    let no_pad = CardError::NoPad { reader: READER.into() };
    for pin in [WRONG, ""] {
        assert_eq!(openpgp(X25519, pin, ""), Err(no_pad.clone()));
    }
    assert_eq!(openpgp(X25519, "", ADMIN_PIN), Err(no_pad));
    for never in ["1234567", &"1".repeat(128)] {
        let length = CardError::AdminPinLength { min: 8, max: 127 };
        assert_eq!(openpgp(X25519, WRONG, never), Err(length));
    }
    let seen = OPENPGP.seen();
    assert_eq!((seen.tries_left, seen.admin_tries_left), (Some(3), Some(3)), "nothing was sent");
    for left in [2, 1, 0] {
        let wrong = CardError::WrongAdminPin { tries_left: Some(left) };
        assert_eq!(openpgp(X25519, PIN, "87654321"), Err(wrong));
        assert_eq!(OPENPGP.seen().admin_tries_left, Some(left));
    }
    assert_eq!(openpgp(X25519, WRONG, ADMIN_PIN), Err(CardError::AdminPinBlocked));
    let seen = OPENPGP.seen();
    assert_eq!((seen.tries_left, seen.key), (Some(3), None));
}

fn unmade_openpgp_keys(mut rig: CardRig) {
    rig.say("start");
    OPENPGP.insert(&mut rig, "answer=da:6F42");
    let choice = refused("the choice of an algorithm", 0x6F42);
    assert_eq!(openpgp(X25519, PIN, ADMIN_PIN), Err(choice));
    // What is written beside the key is refused, which needs no other algorithm.
    let then = refused("the making of a key", 0x6F42);
    assert_eq!(openpgp(Rsa2048, PIN, ADMIN_PIN), unfinished(OPENPGP.serial, then.clone()));
    rig.say("insert 0 openpgp another serial=0a0b0c0d answer=47:6F42");
    assert_eq!(openpgp(X25519, PIN, ADMIN_PIN), Err(then));
    rig.say(&format!("insert 0 openpgp another serial=0a0b0c0d answer=ca:{NEW_OPENPGP}9000"));
    let unsupported = CardError::KindUnsupported { kind: P256 };
    assert_eq!(openpgp(P256, WRONG, ADMIN_PIN), Err(unsupported));
}

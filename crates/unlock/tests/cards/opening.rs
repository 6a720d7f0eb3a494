//! Cards as ways in: what opens, what is refused before any PIN is sent, and that no PIN stays given.

use keyreeve_domain::ports::{CardError, SlotInfo};
use keyreeve_unlock::Attendant;

use crate::card_rig::CardRig;
use crate::{
    Kind, OPENPGP, PIN, PIV, READER, Vault, WRONG, card, let_go_at_the_card, pull, refused,
    with_rigs,
};

#[test]
fn a_card_opens_its_own_slot_with_its_pin_and_forgets_it_again() {
    with_rigs(
        "opening::a_card_opens_its_own_slot_with_its_pin_and_forgets_it_again",
        &[
            |rig| opens(rig, &PIV),
            |rig| opens(rig, &OPENPGP),
            |rig| opens_with(rig, &PIV, "piv-key=rsa2048", "rsasve"),
            |rig| opens_with(rig, &OPENPGP, "key=rsa2048", "rsaes-pkcs1-v1_5"),
            |rig| is_told_from_another(rig, &PIV),
            |rig| is_told_from_another(rig, &OPENPGP),
        ],
    );
}

#[test]
fn a_card_that_does_not_do_it_is_named_with_its_reason_and_can_be_let_go_of() {
    with_rigs(
        "opening::a_card_that_does_not_do_it_is_named_with_its_reason_and_can_be_let_go_of",
        &[
            piv_uses,
            piv_touches,
            piv_pins,
            |rig| answers(rig, &PIV, &[("pull-at=87", CardError::Removed)]),
            openpgp_uses,
            openpgp_pins,
            |rig| answers(rig, &OPENPGP, &[("pull-at=2a", CardError::Removed)]),
            |rig| is_let_go_of(rig, &PIV),
            |rig| is_let_go_of(rig, &OPENPGP),
        ],
    );
}

/// A vault with the first card as a way in.
fn with_slot(rig: &mut CardRig, kind: &Kind) -> (Vault, SlotInfo) {
    rig.say("start");
    kind.insert(rig, kind.key);
    card(0).unwrap();
    let vault = Vault::new();
    let slot = vault.add(kind, "", PIN).unwrap();
    (vault, slot)
}

fn opens(mut rig: CardRig, kind: &Kind) {
    rig.say("start");
    kind.insert(&mut rig, kind.key);
    card(0).unwrap();
    let vault = Vault::new();
    let wrong = |left| Err(CardError::WrongPin { tries_left: Some(left) });
    assert_eq!(vault.add(kind, "", WRONG).map(drop), wrong(2));
    assert_eq!(vault.slots(), 1);

    let slot = vault.add(kind, "", PIN).unwrap();
    let found = slot.card().unwrap();
    assert_eq!((found.serial.as_str(), found.algorithm.as_str()), (kind.serial, kind.algorithm));
    assert_eq!(found.public_key, kind.seen().key.unwrap().public_key);
    for card in [None, Some(""), Some(kind.serial)] {
        assert_eq!(vault.unlock_with(&slot, PIN, card), Ok(()));
        assert!(!kind.pin_is_given(), "another program could use the card");
    }
    assert!(matches!(
        vault.unlock_with(&slot, WRONG, Some("another")),
        Err(CardError::Wrong { .. })
    ));
    let too_long = "1".repeat(usize::from(kind.pin_max) + 1);
    for never in ["12345", &too_long] {
        let length = CardError::PinLength { min: 6, max: kind.pin_max };
        assert_eq!(vault.unlock(&slot, never), Err(length));
    }
    assert_eq!(kind.seen().tries_left, Some(3), "none of these was sent");

    for left in [2, 1] {
        assert_eq!(vault.unlock(&slot, WRONG), wrong(left));
        assert_eq!(kind.seen().tries_left, Some(left));
    }
    assert_eq!(vault.unlock(&slot, PIN), Ok(()), "the right one gives all tries back");
    for left in [2, 1, 0] {
        assert_eq!(vault.unlock(&slot, WRONG), wrong(left));
    }
    assert_eq!(vault.unlock(&slot, PIN), Err(CardError::PinBlocked));
}

fn is_told_from_another(mut rig: CardRig, kind: &Kind) {
    let (vault, slot) = with_slot(&mut rig, kind);
    rig.say(&format!("insert 1 {} other serial=00000042 {}", kind.name, kind.key));
    let other = card(1).unwrap().applications[0].serial.clone();
    let serials = format!("{}, {other}", kind.serial);
    assert_eq!(vault.add(kind, "", PIN).map(drop), Err(CardError::Several { serials }));
    assert_eq!(vault.unlock(&slot, PIN), Ok(()));
    let second = vault.add(kind, &other, PIN).unwrap();
    assert_eq!(second.card().unwrap().serial, other);
    pull(&mut rig, 0);
    let wrong = CardError::Wrong { wanted: kind.serial.into(), found: other.clone() };
    assert_eq!(vault.unlock(&slot, WRONG), Err(wrong.clone()));
    assert_eq!(vault.add(kind, kind.serial, WRONG).map(drop), Err(wrong));
    assert_eq!(card(1).unwrap().applications[0].tries_left, Some(3));
    assert_eq!(vault.unlock(&second, PIN), Ok(()));
    pull(&mut rig, 1);
    assert_eq!(vault.unlock(&slot, PIN), Err(CardError::NoCard));
    rig.say(&format!("insert 1 {} empty", kind.name));
    let none = card(1).unwrap().applications[0].serial.clone();
    let missing = CardError::NoKey { application: kind.application, serial: none };
    assert_eq!(vault.add(kind, "", PIN).map(drop), Err(missing));
    rig.say("stop");
    assert_eq!(vault.unlock(&slot, PIN), Err(CardError::NoService));
}

fn opens_with(mut rig: CardRig, kind: &Kind, key: &'static str, algorithm: &'static str) {
    let kind = Kind { key, algorithm, ..*kind };
    let (vault, slot) = with_slot(&mut rig, &kind);
    assert_eq!(slot.card().unwrap().algorithm, algorithm);
    assert_eq!(vault.unlock(&slot, PIN), Ok(()));
    assert!(!kind.pin_is_given(), "another program could use the card");
}

const USE: &str = "the use of its key";

fn piv_uses(rig: CardRig) {
    let garbled = CardError::Garbled { what: USE };
    let empty = ("answer=87:7C0282009000", garbled.clone());
    answers(
        rig,
        &PIV,
        &[("answer=87:6F00", refused(USE, 0x6F00)), empty, ("answer=87:9000", garbled)],
    );
}

fn piv_touches(rig: CardRig) {
    // As a YubiKey says of its key that it waits for a touch.
    let touched = ("answer=f7:020201029000 answer=87:6982", CardError::NotTouched);
    answers(rig, &PIV, &[touched, ("answer=87:6982", refused(USE, 0x6982))]);
}

fn piv_pins(rig: CardRig) {
    let wrong = |tries_left| CardError::WrongPin { tries_left };
    let untold = ("answer=20:6300", wrong(None));
    answers(
        rig,
        &PIV,
        &[untold, ("answer=20:63C1", wrong(Some(1))), ("answer=20:6A88", CardError::PinNotSet)],
    );
}

fn openpgp_uses(rig: CardRig) {
    let garbled = CardError::Garbled { what: USE };
    let untouched = ("answer=2a:6600", refused(USE, 0x6600));
    let unverified = ("answer=2a:6982", refused(USE, 0x6982));
    answers(rig, &OPENPGP, &[untouched, unverified, ("answer=2a:9000", garbled)]);
}

fn openpgp_pins(rig: CardRig) {
    let wrong = |left| CardError::WrongPin { tries_left: Some(left) };
    // The second says only that it is wrong, and is asked for the tries then.
    let (told, asked) = (("answer=20:63C1", wrong(1)), ("answer=20:6982", wrong(3)));
    answers(rig, &OPENPGP, &[told, asked, ("answer=20:6983", wrong(0))]);
}

/// Puts the first card in with one oddity after the other, unlocks, and then with none.
fn answers(mut rig: CardRig, kind: &Kind, oddities: &[(&str, CardError)]) {
    let (vault, slot) = with_slot(&mut rig, kind);
    for (oddity, expected) in oddities {
        kind.insert(&mut rig, oddity);
        _ = card(0);
        assert_eq!(vault.unlock(&slot, PIN), Err(expected.clone()), "{oddity}");
    }
    kind.insert(&mut rig, "");
    assert_eq!(kind.seen().tries_left, Some(3));
    assert_eq!(vault.unlock(&slot, PIN), Ok(()));
}

fn is_let_go_of(mut rig: CardRig, kind: &Kind) {
    rig.say("start");
    kind.insert(&mut rig, kind.key);
    card(0).unwrap();
    let attendant = Attendant::default();
    let vault = Vault::attended(&attendant);
    let slot = vault.add(kind, "", PIN).unwrap();
    kind.insert(&mut rig, &format!("stop-at={}", kind.used_by));
    card(0).unwrap();
    let unlocking = || vault.unlock(&slot, PIN);
    let answer = let_go_at_the_card(&mut rig, &attendant.waits, unlocking);
    assert_eq!(answer, Err(CardError::LetGo));
    let at_work = CardError::StillAtWork { reader: READER.into() };
    assert_eq!(card(0), Err(at_work.clone()));
    assert_eq!(vault.unlock(&slot, PIN), Err(at_work));
    // The card comes out of it by being pulled; the try was a good one.
    kind.insert(&mut rig, "");
    rig.until("the reader to be free", || card(0).is_ok());
    assert_eq!(kind.seen().tries_left, Some(3));
    assert_eq!(vault.unlock(&slot, PIN), Ok(()));
    let closed = attendant.waits.close();
    assert_eq!(vault.unlock(&slot, WRONG), Err(CardError::LetGo));
    drop(closed);
    assert_eq!(kind.seen().tries_left, Some(3));
}

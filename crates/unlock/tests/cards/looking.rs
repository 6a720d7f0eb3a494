//! What is in the readers: what a card says of itself, and that looking at it leaves it as it was.

use std::thread;

use keyreeve_domain::ports::{
    ApplicationInfo, CardApplication, CardError, CardKey, CardKeyKind, CardReader, Cards as _,
};
use keyreeve_unlock::{CardGuard, PcscCards};

use crate::card_rig::CardRig;
use crate::{OPENPGP, OtherProgram, PIV, card, with_rigs};

use CardKeyKind::{P256, P384, P521, Rsa2048, Rsa3072, Rsa4096, X25519};

#[test]
fn a_card_is_seen_with_all_that_it_says_of_itself() {
    with_rigs(
        "looking::a_card_is_seen_with_all_that_it_says_of_itself",
        &[new_card, incomplete_cards, yubikeys, hostile_cards, other_openpgp_cards],
    );
}

fn new_card(mut rig: CardRig) {
    let cards = PcscCards::default();
    assert_eq!(format!("{cards:?}"), "PcscCards { .. }");
    assert_eq!(cards.readers(), Err(CardError::NoService));
    rig.say("start-without-reader");
    assert_eq!(cards.readers(), Ok(Vec::new()));
    rig.say("start");
    rig.say("insert 0 piv,openpgp card serial=0a0b0c0d");
    let present = card(0).unwrap();
    let seen = cards.readers().unwrap();
    assert_eq!(seen[0].name, "Virtual PCD 00 00");
    assert_eq!(seen[1], CardReader { name: "Virtual PCD 00 01".into(), card: None });
    assert_eq!(present.atr[0], 0x3B);
    let piv = ApplicationInfo {
        application: CardApplication::Piv,
        serial: PIV.serial.into(),
        pin_set: true,
        tries_left: Some(3),
        admin_tries_left: None,
        key: None,
        makes: vec![P256, P384, Rsa2048, Rsa3072, Rsa4096],
        touch: false,
        pin_pad: false,
    };
    let openpgp = ApplicationInfo {
        application: CardApplication::Openpgp,
        serial: OPENPGP.serial.into(),
        pin_set: true,
        tries_left: Some(3),
        admin_tries_left: Some(3),
        key: None,
        makes: vec![X25519, P256, P384, P521, Rsa2048, Rsa3072, Rsa4096],
        touch: false,
        pin_pad: false,
    };
    assert_eq!(present.applications, [piv, openpgp]);
    for _ in 0..3 {
        assert_eq!(cards.readers().as_ref(), Ok(&seen), "looking uses up no try");
    }
}

fn incomplete_cards(mut rig: CardRig) {
    rig.say("start");
    rig.say("insert 0 none other");
    assert_eq!(card(0).unwrap().applications, []);
    // What is wrong with one application hides no other, and is said where there is no other.
    rig.say("insert 1 piv,openpgp reset serial=0a0b0c0d terminated");
    let applications: Vec<_> =
        card(1).unwrap().applications.iter().map(|found| found.application).collect();
    assert_eq!(applications, [CardApplication::Piv]);
    rig.say("insert 0 openpgp another serial=0a0b0c0d terminated");
    assert_eq!(card(0), Err(CardError::NotActivated));
    rig.say("insert 1 piv mute mute");
    assert_eq!(card(1), Err(CardError::Mute { reader: "Virtual PCD 00 01".into() }));
}

/// What a YubiKey answers when its application is selected.
pub const YUBIKEY: &str = "answer=a4:61114F0600001000010079074F05A0000003089000";

/// The PIV application of a card that answers so in the second slot.
fn piv_that(rig: &mut CardRig, answers: &str) -> ApplicationInfo {
    rig.say(&format!("insert 1 piv yubikey {YUBIKEY} {answers}"));
    let [found] = <[_; 1]>::try_from(card(1).unwrap().applications).unwrap();
    assert_eq!(found.application, CardApplication::Piv);
    found
}

fn yubikeys(mut rig: CardRig) {
    rig.say("start");
    // With a key on P-256 that waits for a touch, no PIN try, and a number.
    let found = piv_that(
        &mut rig,
        "answer=f8:00BC614E9000 answer=20:6983 answer=f7:010111020201020405860304070890009000",
    );
    assert_eq!((found.serial.as_str(), found.touch), ("12345678", true));
    assert_eq!((found.pin_set, found.tries_left), (true, Some(0)));
    let key = CardKey { algorithm: "p256".into(), public_key: vec![4, 7, 8] };
    assert_eq!((found.key, found.makes), (Some(key), vec![]));
    // Without a key, of a version whose RSA keys can be computed, and with no PIN yet.
    let found = piv_that(
        &mut rig,
        "answer=f8:00BC614E6A82 answer=20:6984 answer=f7:6A88 answer=fd:0403019000",
    );
    assert_eq!((found.serial.as_str(), found.touch), ("unknown", false));
    assert_eq!((found.pin_set, found.tries_left), (false, None));
    assert_eq!((found.key, found.makes), (None, vec![P256, P384]));
}

fn hostile_cards(mut rig: CardRig) {
    rig.say("start");
    // Certificates and numbers that the card does not show: the place may be taken.
    let found = piv_that(&mut rig, "answer=20:9000 answer=cb:6982 answer=f8:0102039000");
    assert_eq!((found.serial.as_str(), found.key, found.makes), ("unknown", None, vec![]));
    assert_eq!((found.pin_set, found.tries_left), (true, None));
    // An answer in pieces that never ends.
    rig.say("insert 0 piv endless answer=cb:6110 answer=c0:01026110");
    assert_eq!(card(0), Err(CardError::Garbled { what: "a command" }));
    // The service ends while a card does not answer.
    rig.say("insert 1 piv stuck stop-at=cb");
    let looking = thread::spawn(|| PcscCards::default().readers());
    rig.say("await 1");
    rig.say("stop");
    // It may be said of all the readers at once.
    let stuck = looking.join().unwrap().and_then(|readers| readers[1].card.clone().unwrap());
    assert_eq!(stuck, Err(CardError::ServiceStopped));
}

/// What a new OpenPGP card answers when it is asked for all that it says of itself.
pub const NEW_OPENPGP: &str = "4f10d27600012401030400000a0b0c0d0000\
                           5f520a0031f573c001600590007f660802021db902021db9\
                           7381cbc00a3f001000100010000001c106010800002000c206010800002000c306010800002000\
                           c407007f7f7f030003c53c\
                           0000000000000000000000000000000000000000000000000000000000000000000000000000000000\
                           00000000000000000000000000000000000000c63c\
                           0000000000000000000000000000000000000000000000000000000000000000000000000000000000\
                           00000000000000000000000000000000000000cd0c000000000000000000000000\
                           de06010002000300d6020020d7020020d8020020";

/// The OpenPGP application of a card that says so of itself, lists no algorithms, and is set to RSA-2048.
fn openpgp_that(rig: &mut CardRig, says: &str, version: &str) -> ApplicationInfo {
    rig.say(&format!("insert 1 openpgp other answer=ca:{says}9000 answer=f1:{version}9000"));
    let [found] = <[_; 1]>::try_from(card(1).unwrap().applications).unwrap();
    found
}

fn other_openpgp_cards(mut rig: CardRig) {
    rig.say("start");
    let yubikey = NEW_OPENPGP.replacen("03040000", "03040006", 1);
    let found = openpgp_that(&mut rig, &yubikey, "040206");
    assert_eq!((found.serial.as_str(), found.makes), ("0006:0A0B0C0D", vec![]));
    let found = openpgp_that(&mut rig, NEW_OPENPGP, "040206");
    assert_eq!((found.serial.as_str(), found.makes), (OPENPGP.serial, vec![Rsa2048]));
    // A card that tells no state of its keys, and has a fingerprint in the place of the decryption key.
    let taken = NEW_OPENPGP.replacen("de06010002000300", "", 1).replacen("7381cb", "7381c3", 1);
    let taken = taken.replacen(
        &format!("c53c{}", "00".repeat(60)),
        &format!("c53c{}{}{}", "00".repeat(20), "42".repeat(20), "00".repeat(20)),
        1,
    );
    assert_eq!(openpgp_that(&mut rig, &taken, "050000").makes, []);
}

#[test]
fn looking_leaves_a_card_as_another_program_has_it() {
    with_rigs(
        "looking::looking_leaves_a_card_as_another_program_has_it",
        &[shared_card, card_of_another_program],
    );
}

fn shared_card(mut rig: CardRig) {
    rig.say("start");
    PIV.insert(&mut rig, PIV.key);
    let other = OtherProgram::at_the_card();
    assert!(other.says("00A404000BA000000308000010000100").ends_with("9000"));
    assert_eq!(other.says("0020008008313233343536FFFF"), "9000");
    for _ in 0..2 {
        assert_eq!(PIV.seen().tries_left, None, "its PIN is given, and it tells no tries then");
    }
    assert_eq!(other.says("00200080"), "9000");
}

fn card_of_another_program(mut rig: CardRig) {
    rig.say("start");
    OPENPGP.insert(&mut rig, OPENPGP.key);
    let info = crate::watching::info(&rig, OPENPGP.serial);
    let holder = rig.held_by_scdaemon();
    assert_eq!(card(0), Err(CardError::Held { holder: Some("GnuPG's scdaemon".into()) }));
    // It may be this one, and its reader is watched then.
    let guarded = CardGuard::start(&info, || {});
    assert!(guarded.is_ok());
    drop(holder);
    rig.until("the card to be free", || card(0).is_ok());
    let alone = OtherProgram::alone_at_the_card();
    assert!(matches!(card(0), Err(CardError::Held { .. })));
    drop(alone);
    assert!(card(0).is_ok());
}

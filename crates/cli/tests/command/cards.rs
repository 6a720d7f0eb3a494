//! `keyreeve card list`, over the real smartcard service with virtual cards.

use serde_json::{Value, json};

use crate::card_rig::CardRig;
use crate::desk::{Desk, Done, members};

/// Runs the command where this rig's service is the computer's.
fn with(desk: &Desk, rig: &CardRig, args: &[&str]) -> Done {
    let (variable, socket) = rig.socket();
    Done::of(desk.command(args).env(variable, socket).output().unwrap())
}

fn listed(desk: &Desk, rig: &CardRig) -> Value {
    let done = with(desk, rig, &["card", "list", "--json"]);
    assert_eq!(done.exit, 0, "{done:?}");
    done.json()["readers"].clone()
}

#[test]
fn a_card_is_listed_with_its_applications_serials_and_tries() {
    let (desk, rig) = (Desk::empty(), CardRig::with_card("piv,openpgp"));
    let readers = listed(&desk, &rig);
    assert_eq!(readers.as_array().unwrap().len(), 2);
    assert_eq!(members(&readers[0]), ["card", "name", "problem"]);
    assert_eq!(readers[0]["name"], "Virtual PCD 00 00");
    assert_eq!(readers[0]["problem"], Value::Null);
    assert_eq!(
        readers[0]["card"]["applications"],
        json!([
            {
                "application": "piv",
                "serial": "0a0b0c0d6b657972656576652d726967",
                "pinSet": true,
                "triesLeft": 3,
                "adminTriesLeft": null,
                "key": null,
                "usable": false,
                "makes": ["p256", "p384", "rsa-2048", "rsa-3072", "rsa-4096"],
                "touch": false,
                "pinPad": null,
            },
            {
                "application": "openpgp",
                "serial": "0000:0A0B0C0D",
                "pinSet": true,
                "triesLeft": 3,
                "adminTriesLeft": 3,
                "key": null,
                "usable": false,
                "makes": ["x25519", "p256", "p384", "p521", "rsa-2048", "rsa-3072", "rsa-4096"],
                "touch": false,
                "pinPad": null,
            },
        ])
    );
    assert_eq!(readers[1], json!({ "name": "Virtual PCD 00 01", "card": null, "problem": null }));
}

#[test]
fn the_list_in_words_says_what_is_where() {
    let (desk, mut rig) = (Desk::empty(), CardRig::with_card("piv"));
    rig.say("insert 1 none other");
    let done = with(&desk, &rig, &["card", "list"]);
    let lines: Vec<_> = done
        .out
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(
        lines,
        [
            "READER CARD SERIAL TRIES LEFT KEY",
            "Virtual PCD 00 00 PIV 0a0b0c0d6b657972656576652d726967 3 none",
            "Virtual PCD 00 01 of another kind",
        ]
    );
}

#[test]
fn two_cards_are_told_apart() {
    let (desk, mut rig) = (Desk::empty(), CardRig::with_card("openpgp"));
    rig.say("insert 1 openpgp other serial=00000042");
    let readers = listed(&desk, &rig);
    let serial = |reader: usize| readers[reader]["card"]["applications"][0]["serial"].clone();
    assert_eq!([serial(0), serial(1)], ["0000:0A0B0C0D", "0000:00000042"]);
}

#[test]
fn looking_at_a_card_uses_up_no_try() {
    let (desk, rig) = (Desk::empty(), CardRig::with_card("piv,openpgp"));
    let first = listed(&desk, &rig);
    for _ in 0..4 {
        assert_eq!(listed(&desk, &rig), first);
    }
}

#[test]
fn a_pulled_card_is_no_longer_listed() {
    let (desk, mut rig) = (Desk::empty(), CardRig::with_card("piv"));
    assert_ne!(listed(&desk, &rig)[0]["card"], Value::Null);
    rig.say("pull 0");
    // The reader notices when it next looks, some tenths of a second later.
    rig.until("the reader to be empty", || listed(&desk, &rig)[0]["card"].is_null());
    rig.say("insert 0 piv card");
    assert_ne!(listed(&desk, &rig)[0]["card"], Value::Null);
}

#[test]
fn no_reader_is_no_error() {
    let (desk, mut rig) = (Desk::empty(), CardRig::without_service());
    rig.say("start-without-reader");
    assert_eq!(listed(&desk, &rig), json!([]));
    assert_eq!(with(&desk, &rig, &["card", "list"]).out, "No card reader is connected.\n");
}

#[test]
fn an_absent_service_is_named() {
    let (desk, mut rig) = (Desk::empty(), CardRig::without_service());
    let done = with(&desk, &rig, &["card", "list", "--json"]);
    done.refused(7, "card_service_absent");

    rig.say("start");
    assert_eq!(listed(&desk, &rig).as_array().unwrap().len(), 2);
    rig.say("stop");
    let done = with(&desk, &rig, &["card", "list"]);
    assert_eq!(done.exit, 7);
    assert!(done.err.contains("pcscd"), "{done:?}");
    rig.say("start");
    assert_eq!(listed(&desk, &rig).as_array().unwrap().len(), 2);
}

#[test]
fn a_card_that_another_program_holds_is_named_with_its_holder() {
    let (desk, rig) = (Desk::empty(), CardRig::with_card("openpgp"));
    let holder = rig.held_by_scdaemon();
    let problem = listed(&desk, &rig)[0]["problem"].clone();
    assert_eq!(problem["code"], "card_held", "{problem}");
    assert!(problem["message"].as_str().unwrap().contains("scdaemon"), "{problem}");
    assert!(problem["cure"].as_str().unwrap().contains("pcsc-shared"), "{problem}");
    drop(holder);
    rig.until("the card to be free", || listed(&desk, &rig)[0]["problem"].is_null());
}

#[test]
fn a_card_without_a_pin_says_so() {
    let (desk, mut rig) = (Desk::empty(), CardRig::new());
    // Reference data not usable, and not found: what cards answer whose PIN was never set.
    for status in ["6984", "6A88"] {
        rig.say(&format!("insert 0 piv card serial=0a0b0c0d piv-key=p256 answer=20:{status}"));
        let card = listed(&desk, &rig)[0]["card"]["applications"][0].clone();
        assert_eq!((&card["pinSet"], &card["key"]), (&json!(false), &json!("p256")), "{card}");
        let words = with(&desk, &rig, &["card", "list"]).out;
        assert!(words.contains("no PIN yet"), "{words}");
    }
    rig.say("insert 0 openpgp reset serial=0a0b0c0d terminated");
    let problem = listed(&desk, &rig)[0]["problem"].clone();
    assert_eq!(problem["code"], "pin_not_set", "{problem}");
    assert!(problem["cure"].as_str().unwrap().contains("factory-reset"), "{problem}");
}

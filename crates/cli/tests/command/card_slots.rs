//! Unlocking with smartcards, over the real smartcard service with virtual cards.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use crate::card_table::{KINDS, PIV_SERIAL, Table};
use crate::desk::{Done, QUICK};

/// The same with RSA keys, and how the header names their use.
const OF_RSA: [((&str, &str, &str), &str); 2] = [
    (("piv", "piv-key=rsa2048", "piv"), "rsasve"),
    (("openpgp", "key=rsa2048", "openpgp-card"), "rsaes-pkcs1-v1_5"),
];

#[test]
fn a_card_becomes_a_way_in_and_opens_with_its_pin() {
    for kind in KINDS {
        let table = Table::with_slot(kind);
        let done = table.unlock("pin");
        assert_eq!(done.exit, 0, "{done:?}");
        let slot = &done.json()["slots"][1];
        assert_eq!(slot["name"], "card");
        assert!(slot["lastUsedAt"].is_string(), "{slot}");
        assert!(slot["parts"][0]["algorithm"].as_str().unwrap().starts_with("ecdh-"), "{slot}");

        let pin = table.desk.text("pin");
        let tested = table.command(&["slot", "test", "card", "--pin-file", &pin]).output().unwrap();
        assert_eq!(Done::of(tested).exit, 0);
    }
}

#[test]
fn keys_on_the_other_curves_open_too() {
    for (application, key, kind, scheme) in [
        ("openpgp", "key=p256", "openpgp-card", "ecdh-p256"),
        ("openpgp", "key=p384", "openpgp-card", "ecdh-p384"),
        ("openpgp", "key=p521", "openpgp-card", "ecdh-p521"),
        ("piv", "piv-key=p384", "piv", "ecdh-p384"),
    ] {
        let table = Table::with_slot((application, key, kind));
        let done = table.unlock("pin");
        assert_eq!(done.exit, 0, "{scheme}: {done:?}");
        assert_eq!(done.json()["slots"][1]["parts"][0]["algorithm"], scheme);
    }
}

#[test]
fn an_rsa_key_opens_too_and_another_is_another_card() {
    for (kind, scheme) in OF_RSA {
        let mut table = Table::with_slot(kind);
        let found = Done::of(table.command(&["card", "list"]).output().unwrap()).json();
        let application = &found["readers"][0]["card"]["applications"][0];
        assert_eq!(application["key"], "rsa-2048", "{found}");
        assert_eq!(application["usable"], true, "{found}");

        let done = table.unlock("pin");
        assert_eq!(done.exit, 0, "{done:?}");
        assert_eq!(done.json()["slots"][1]["parts"][0]["algorithm"], scheme);
        table.unlock("wrong").refused(3, "pin_wrong");
        assert_eq!(table.tries_left(), 2);

        let (application, key, _) = kind;
        table.rig.say("pull 0");
        table.rig.say(&format!("insert 0 {application} other serial=0a0b0c0d {key}"));
        table.unlock("wrong").refused(3, "card_wrong");
        assert_eq!(table.tries_left(), 3);

        table.rig.say("pull 0");
        table.rig.say(&format!("insert 0 {application} card serial=0a0b0c0d"));
        assert_eq!(table.unlock("pin").exit, 0);
    }
}

#[test]
fn a_card_remembers_its_key_when_it_was_pulled() {
    for kind in KINDS {
        let mut table = Table::with_slot(kind);
        table.rig.say("pull 0");
        table.rig.say(&format!("insert 0 {} card serial=0a0b0c0d", kind.0));
        assert_eq!(table.unlock("pin").exit, 0);
    }
}

#[test]
fn a_wrong_pin_uses_up_one_try_and_the_last_one_blocks() {
    for kind in KINDS {
        let table = Table::with_slot(kind);
        for left in ["2 tries are left", "one try is left", "no try is left"] {
            let message = table.unlock("wrong").refused(3, "pin_wrong");
            assert!(message.contains(left), "{message}");
        }
        assert_eq!(table.tries_left(), 0);
        // The right one is not even sent now.
        table.unlock("pin").refused(3, "pin_blocked");
        assert_eq!(table.desk.run(&["slot", "list"]).exit, 0);
    }
}

#[test]
fn the_right_pin_after_a_wrong_one_gives_all_tries_back_and_the_slip_is_logged() {
    for kind in KINDS {
        let table = Table::with_slot(kind);
        table.unlock("wrong").refused(3, "pin_wrong");
        assert_eq!(table.tries_left(), 2);
        let done = table.unlock("pin");
        assert_eq!(done.exit, 0, "{done:?}");
        assert!(done.err.contains("One unlock failed"), "{done:?}");
        assert_eq!(table.tries_left(), 3);
    }
}

#[test]
fn a_pin_that_cannot_be_one_is_not_sent() {
    for kind in KINDS {
        let table = Table::with_slot(kind);
        table.desk.secret("short", "12345");
        table.unlock("short").refused(3, "pin_length");
        assert_eq!(table.tries_left(), 3);
    }
}

#[test]
fn a_pulled_card_a_missing_reader_and_a_missing_service_are_told_apart() {
    for kind in KINDS {
        let mut table = Table::with_slot(kind);
        table.rig.say("pull 0");
        table.rig.until("the reader to be empty", || table.tries_left().is_null());
        table.unlock("pin").refused(7, "card_missing");
        table.rig.say("start-without-reader");
        table.unlock("pin").refused(7, "card_reader_missing");
        table.rig.say("stop");
        table.unlock("pin").refused(7, "card_service_absent");
        // The vault stays reachable by its other ways in.
        assert_eq!(table.desk.run(&["slot", "list"]).exit, 0);
        // And the card by its service, once it is back.
        table.rig.say("start");
        table.rig.say(&format!("insert 0 {} card serial=0a0b0c0d", kind.0));
        assert_eq!(table.unlock("pin").exit, 0);
    }
}

#[test]
fn no_pin_is_sent_to_another_card() {
    for (application, key, kind) in KINDS {
        let mut table = Table::with_slot((application, key, kind));
        table.rig.say("pull 0");
        table.rig.say(&format!("insert 0 {application} other serial=00000042 {key}"));
        let message = table.unlock("wrong").refused(3, "card_wrong");
        assert!(message.contains("0a0b0c0d") || message.contains("0A0B0C0D"), "{message}");
        assert_eq!(table.tries_left(), 3);
        table.rig.say("insert 0 none third");
        table.unlock("wrong").refused(7, "card_unsupported");
    }
}

#[test]
fn a_card_with_the_same_serial_but_another_key_is_another_card() {
    for (application, key, kind) in KINDS {
        let mut table = Table::with_slot((application, key, kind));
        table.rig.say("pull 0");
        table.rig.say(&format!("insert 0 {application} other serial=0a0b0c0d {key}"));
        table.unlock("wrong").refused(3, "card_wrong");
        assert_eq!(table.tries_left(), 3);
    }
}

#[test]
fn a_card_pulled_in_the_moment_of_its_use_is_named() {
    for (kind, instruction) in KINDS.into_iter().zip(["87", "2a"]) {
        let mut table = Table::with_slot(kind);
        table.rig.say("pull 0");
        let card = format!("insert 0 {} card serial=0a0b0c0d", kind.0);
        table.rig.say(&format!("{card} pull-at={instruction}"));
        table.unlock("pin").refused(7, "card_removed");
        table.rig.say(&card);
        assert_eq!(table.tries_left(), 3);
        assert_eq!(table.unlock("pin").exit, 0);
    }
}

#[test]
fn a_card_that_scdaemon_holds_is_named_and_free_again_afterwards() {
    let table = Table::with_slot(KINDS[1]);
    let holder = table.rig.held_by_scdaemon();
    let message = table.unlock("pin").refused(7, "card_held");
    assert!(message.contains("scdaemon"), "{message}");
    drop(holder);
    table.rig.until("the card to be free", || table.unlock("pin").exit == 0);
}

#[test]
fn with_two_cards_the_pin_goes_to_the_slots_own() {
    for (application, key, kind) in KINDS {
        let mut table = Table::with_slot((application, key, kind));
        table.rig.say(&format!("insert 1 {application} other serial=00000042 {key}"));
        let done = table.unlock("pin");
        assert_eq!(done.exit, 0, "{done:?}");
        // Which of the two is to become a way in has to be said.
        table.add(kind, "second").refused(3, "card_ambiguous");
    }
}

#[test]
fn with_slots_of_two_cards_a_pin_is_tried_on_neither_unless_one_is_named() {
    let mut table = Table::with_slot(KINDS[0]);
    table.rig.say("insert 1 openpgp other serial=00000042 key=x25519");
    let added = table.add("openpgp-card", "second");
    assert_eq!(added.exit, 0, "{added:?}");
    let wrong = table.desk.text("wrong");
    let done = table.command(&["slot", "list", "--pin-file", &wrong]).output().unwrap();
    let message = Done::of(done).refused(3, "card_ambiguous");
    assert!(message.contains(PIV_SERIAL) && message.contains("0000:00000042"), "{message}");
    assert_eq!(table.tries_left(), 3);
}

#[test]
fn a_card_without_a_key_cannot_become_a_way_in() {
    for (application, _, kind) in KINDS {
        let mut table = Table::new();
        table.rig.say(&format!("insert 0 {application} card"));
        table.add(kind, "card").refused(3, "card_key_missing");
        assert_eq!(table.tries_left(), 3);
    }
}

#[test]
fn a_card_without_a_pin_is_named_before_one_is_sent() {
    let mut table = Table::new();
    table.rig.say("insert 0 piv card serial=0a0b0c0d piv-key=p256 answer=20:6984");
    table.add("piv", "card").refused(3, "pin_not_set");
    table.rig.say("insert 0 openpgp reset serial=0a0b0c0d terminated");
    table.add("openpgp-card", "card").refused(3, "pin_not_set");

    let mut table = Table::with_slot(KINDS[0]);
    table.rig.say("insert 0 piv card serial=0a0b0c0d answer=20:6A88");
    table.unlock("pin").refused(3, "pin_not_set");
    table.rig.say("insert 0 piv card serial=0a0b0c0d");
    assert_eq!(table.tries_left(), 3);
}

#[test]
fn a_card_whose_pin_is_wrong_at_its_enrolment_does_not_become_a_way_in() {
    for (application, key, kind) in KINDS {
        let mut table = Table::new();
        table.rig.say(&format!("insert 0 {application} card serial=0a0b0c0d {key}"));
        table.desk.secret("pin", "654321");
        table.add(kind, "card").refused(3, "pin_wrong");
        let list = table.desk.ok(&["slot", "list"]);
        assert_eq!(list["slots"].as_array().unwrap().len(), 1, "{list}");
        assert_eq!(table.tries_left(), 2);
    }
}

#[test]
fn a_service_killed_while_a_card_is_used_is_named() {
    let mut table = Table::with_slot(KINDS[0]);
    table.rig.say("pull 0");
    table.rig.say("insert 0 piv card serial=0a0b0c0d stop-at=87");
    let pin = table.desk.text("pin");
    let args = ["slot", "list", "--slot", "card", "--pin-file", &pin];
    let mut command = table.command(&args);
    let waiting = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    table.rig.say("await 0");
    table.rig.say("stop");
    Done::of(waiting.wait_with_output().unwrap()).refused(7, "card_service_stopped");
}

#[test]
fn ctrl_c_while_a_card_takes_long_ends_at_once() {
    // The use of the key: GENERAL AUTHENTICATE, and PERFORM SECURITY OPERATION.
    for (kind, instruction) in KINDS.into_iter().zip(["87", "2a"]) {
        let mut table = Table::with_slot(kind);
        let card = format!("{} card serial=0a0b0c0d", kind.0);
        table.rig.say(&format!("insert 0 {card} stop-at={instruction}"));
        let pin = table.desk.text("pin");
        let args = ["slot", "list", "--slot", "card", "--pin-file", &pin];
        let waiting = table.command(&args).stdout(Stdio::piped()).spawn().unwrap();
        table.rig.say("await 0");
        let interrupted = Command::new("kill").args(["-INT", &waiting.id().to_string()]).status();
        assert!(interrupted.unwrap().success());
        Done::of(waiting.wait_with_output().unwrap()).refused(1, "cancelled");
        // The card comes out of it by being pulled; the try was a good one.
        table.rig.say(&format!("insert 0 {card}"));
        assert_eq!(table.tries_left(), 3);
        assert_eq!(table.unlock("pin").exit, 0);
    }
}

#[test]
fn a_card_that_nobody_touches_is_named() {
    let mut table = Table::with_slot(KINDS[0]);
    // As a YubiKey says it of its key, and refuses its use.
    table.rig.say("insert 0 piv card serial=0a0b0c0d answer=f7:020201029000 answer=87:6982");
    assert_eq!(table.card()["touch"], true);
    table.unlock("pin").refused(7, "card_not_touched");
    assert_eq!(table.tries_left(), 3);
    table.rig.say("insert 0 piv card serial=0a0b0c0d");
    assert_eq!(table.card()["touch"], false);
    assert_eq!(table.unlock("pin").exit, 0);
}

#[test]
fn a_card_that_does_not_answer_is_named() {
    for kind in KINDS {
        let mut table = Table::with_slot(kind);
        let card = format!("{} card serial=0a0b0c0d", kind.0);
        table.rig.say(&format!("insert 0 {card} mute"));
        table.unlock("pin").refused(7, "card_mute");
        table.add(kind.2, "second").refused(7, "card_mute");
        table.rig.say(&format!("insert 0 {card}"));
        assert_eq!(table.unlock("pin").exit, 0);
        assert_eq!(table.tries_left(), 3);
    }
}

#[test]
fn a_card_that_refuses_the_use_of_its_key_is_named_with_its_answer() {
    for (kind, (instruction, says)) in
        KINDS.into_iter().zip([("87", "6F00"), ("2a", "No precise diagnosis")])
    {
        let mut table = Table::with_slot(kind);
        let card = format!("{} card serial=0a0b0c0d", kind.0);
        table.rig.say(&format!("insert 0 {card} answer={instruction}:6F00"));
        let message = table.unlock("pin").refused(7, "card_failed");
        assert!(message.contains(says), "{message}");
        assert_eq!(table.tries_left(), 3);
        table.rig.say(&format!("insert 0 {card}"));
        assert_eq!(table.unlock("pin").exit, 0);
    }
}

#[test]
fn while_a_card_takes_long_a_touch_is_asked_for() {
    let mut table = Table::with_slot(KINDS[0]);
    table.rig.say("insert 0 piv card serial=0a0b0c0d stop-at=87");
    let pin = table.desk.text("pin");
    let args = ["slot", "list", "--slot", "card", "--pin-file", &pin];
    let mut waiting =
        table.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (mut line, mut words) = (String::new(), BufReader::new(waiting.stderr.take().unwrap()));
    words.read_line(&mut line).unwrap();
    assert!(line.contains("If the card blinks, touch it."), "{line}");
    table.rig.say("stop");
    Done::of(waiting.wait_with_output().unwrap()).refused(7, "card_service_stopped");
}

#[test]
fn a_card_and_a_passphrase_are_needed_both_at_once() {
    for (application, key, kind) in KINDS {
        let mut table = Table::new();
        table.rig.say(&format!("insert 0 {application} card serial=0a0b0c0d {key}"));
        let second = table.desk.secret("second", "violet harbour plum ladder");
        let (passphrase, pin) = (table.desk.text("passphrase"), table.desk.text("pin"));
        let parts = format!("passphrase,{kind}");
        let slot = ["slot", "add", "all-of", "--name", "both", "--parts", &parts];
        let secrets = ["--passphrase-file", &passphrase, "--new-passphrase-file", &second];
        let args = [&slot[..], &QUICK, &secrets, &["--pin-file", &pin]].concat();
        let added = Done::of(table.command(&args).output().unwrap());
        assert_eq!(added.exit, 0, "{added:?}");
        assert_eq!(added.json()["slot"]["kind"], "all_of");

        let unlock = |passphrase: &str, pin: &str| {
            let (passphrase, pin) = (table.desk.text(passphrase), table.desk.text(pin));
            let secrets = ["--passphrase-file", &passphrase, "--pin-file", &pin];
            let args = [&["slot", "list", "--slot", "both"], &secrets[..]].concat();
            Done::of(table.command(&args).output().unwrap())
        };
        assert_eq!(unlock("second", "pin").exit, 0);
        unlock("passphrase", "pin").refused(3, "wrong_passphrase");
        assert_eq!(table.tries_left(), 3);
        unlock("second", "wrong").refused(3, "pin_wrong");
        assert_eq!(table.tries_left(), 2);
        // Neither opens it alone, and no PIN is sent for nothing.
        let args = ["slot", "list", "--slot", "both", "--pin-file", &pin];
        Done::of(table.command(&args).output().unwrap()).refused(3, "reauthentication_needed");
        assert_eq!(table.tries_left(), 2);
    }
}

#[test]
fn two_cards_at_once_cannot_be_one_slots_parts() {
    let mut table = Table::with_slot(KINDS[0]);
    table.rig.say("insert 1 openpgp other serial=00000042 key=x25519");
    let (passphrase, pin) = (table.desk.text("passphrase"), table.desk.text("pin"));
    let slot = ["slot", "add", "all-of", "--name", "both", "--parts", "piv,openpgp-card"];
    let secrets = ["--passphrase-file", &passphrase, "--pin-file", &pin];
    let args = [&slot[..], &secrets].concat();
    Done::of(table.command(&args).output().unwrap()).refused(2, "invalid_request");
    assert_eq!(table.tries_left(), 3);
}

//! Keys that a smartcard makes while it becomes a way in, over the real smartcard service with virtual cards.

use std::process::{Command, Stdio};

use serde_json::Value;

use crate::card_table::{KINDS, PIV_SERIAL, Table};
use crate::desk::Done;

/// The management key and the admin PIN of new virtual cards: the first is the one that cards come with.
const ADMIN_PIN: &str = "12345678";

/// What a card without a key is told to make, and what the header calls its use then.
const MAKES: [(&str, &str, &str, &str); 6] = [
    ("piv", "piv", "p256", "ecdh-p256"),
    ("piv", "piv", "p384", "ecdh-p384"),
    ("piv", "piv", "rsa-2048", "rsasve"),
    ("openpgp", "openpgp-card", "x25519", "ecdh-x25519"),
    ("openpgp", "openpgp-card", "p256", "ecdh-p256"),
    ("openpgp", "openpgp-card", "rsa-2048", "rsaes-pkcs1-v1_5"),
];

/// Long RSA keys, whose challenges and answers go to and fro in pieces: one of each application, for virtual cards take long
/// to make them.
const LONG: [(&str, &str, &str, &str); 2] = [
    ("piv", "piv", "rsa-3072", "rsasve"),
    ("openpgp", "openpgp-card", "rsa-4096", "rsaes-pkcs1-v1_5"),
];

/// The same for one key of each application.
const ONE_EACH: [(&str, &str, &str); 2] =
    [("piv", "piv", "p256"), ("openpgp", "openpgp-card", "x25519")];

/// A table with a card in the first slot, and what the rig is told of it beside its name.
fn with_card(application: &str, more: &str) -> Table {
    let mut table = Table::new();
    table.desk.secret("management", "");
    table.desk.secret("admin", ADMIN_PIN);
    table.rig.say(&format!("insert 0 {application} card serial=0a0b0c0d {more}"));
    table
}

/// Adds the slot `card` with a key that the card makes.
fn make(table: &Table, kind: &str, key: &str) -> Done {
    make_with(table, kind, key, "pin", &["--yes"])
}

fn make_with(table: &Table, kind: &str, key: &str, pin: &str, more: &[&str]) -> Done {
    Done::of(make_command(table, kind, key, pin, more).output().unwrap())
}

fn make_command(table: &Table, kind: &str, key: &str, pin: &str, more: &[&str]) -> Command {
    let (passphrase, pin) = (table.desk.text("passphrase"), table.desk.text(pin));
    let slot = ["slot", "add", kind, "--name", "card", "--make-key", key];
    let secrets = ["--passphrase-file", &passphrase, "--pin-file", &pin];
    let (option, file) = match kind {
        "piv" => ("--management-key-file", table.desk.text("management")),
        _ => ("--admin-pin-file", table.desk.text("admin")),
    };
    let args = [&slot[..], &secrets, &[option, &file], more].concat();
    table.command(&args)
}

fn slots(table: &Table) -> usize {
    table.desk.ok(&["slot", "list"])["slots"].as_array().unwrap().len()
}

/// The events of keys that a card made.
fn made(table: &Table) -> Vec<Value> {
    let list = table.desk.ok(&["audit", "list", "--action", "card.make_key"]);
    list["events"].as_array().unwrap().clone()
}

#[test]
fn a_card_makes_its_key_and_becomes_a_way_in() {
    become_ways_in(&MAKES);
}

#[test]
fn long_rsa_keys_are_made_and_open_too() {
    become_ways_in(&LONG);
}

fn become_ways_in(makes: &[(&str, &str, &str, &str)]) {
    for &(application, kind, key, scheme) in makes {
        let mut table = with_card(application, "");
        let added = make(&table, kind, key);
        assert_eq!(added.exit, 0, "{kind} {key}: {added:?}");
        let done = table.unlock("pin");
        assert_eq!(done.exit, 0, "{kind} {key}: {done:?}");
        assert_eq!(done.json()["slots"][1]["parts"][0]["algorithm"], scheme);

        // It is seen on the card from then on, by its kind, and after the card was away, too.
        table.rig.say("pull 0");
        table.rig.say(&format!("insert 0 {application} card serial=0a0b0c0d"));
        let card = table.card();
        assert_eq!((&card["key"], &card["usable"]), (&key.into(), &true.into()), "{card}");
        assert_eq!(card["makes"].as_array().unwrap().len(), 0, "{card}");
        assert_eq!(table.unlock("pin").exit, 0);

        let events = made(&table);
        assert_eq!(events.len(), 1);
        let details = &events[0]["details"];
        assert_eq!(
            (&details["application"], &details["algorithm"]),
            (&application.into(), &key.into())
        );
        assert_eq!(details["card"], card["serial"]);
    }
}

#[test]
fn a_key_that_is_there_is_never_overwritten() {
    for (application, key, kind) in KINDS {
        let table = Table::with_slot((application, key, kind));
        table.desk.secret("management", "");
        table.desk.secret("admin", ADMIN_PIN);
        make(&table, kind, "p256").refused(3, "card_key_exists");
        // It is the same as before.
        let done = table.unlock("pin");
        assert_eq!(done.exit, 0, "{done:?}");
        assert_eq!(made(&table).len(), 0);
    }
}

#[test]
fn a_key_without_a_certificate_is_found_by_asking_for_it_and_not_overwritten() {
    for key in ["p256", "p384", "rsa2048"] {
        let mut table = with_card("piv", &format!("piv-key={key} certificate=none"));
        assert_eq!(table.card()["key"], Value::Null, "nothing shows it");
        make(&table, "piv", "p256").refused(3, "card_key_exists");
        assert_eq!((slots(&table), made(&table).len()), (1, 0));
        // And a certificate without a key is somebody's as well.
        table.rig.say("pull 0");
        table.rig.say("insert 0 piv other serial=0a0b0c0d certificate=alone");
        make(&table, "piv", "p256").refused(3, "card_key_exists");
    }
}

#[test]
fn a_wrong_pin_makes_no_key() {
    for (application, kind, key) in ONE_EACH {
        let table = with_card(application, "");
        make_with(&table, kind, key, "wrong", &["--yes"]).refused(3, "pin_wrong");
        let card = table.card();
        assert_eq!((&card["key"], &card["triesLeft"]), (&Value::Null, &2.into()), "{card}");
        assert_eq!((slots(&table), made(&table).len()), (1, 0));
        // The right one makes it, and gives all tries back.
        let added = make(&table, kind, key);
        assert_eq!(added.exit, 0, "{added:?}");
        assert_eq!(table.tries_left(), 3);
    }
}

#[test]
fn a_wrong_management_key_makes_no_key() {
    let table = with_card("piv", "");
    let zeros = "0".repeat(48);
    let aes = "0".repeat(64);
    for wrong in [zeros.as_str(), &aes, "0102", "not hexadecimal"] {
        table.desk.secret("management", wrong);
        make(&table, "piv", "p256").refused(3, "management_key_wrong");
        assert_eq!(table.card()["key"], Value::Null, "{wrong}");
    }
    assert_eq!((slots(&table), made(&table).len()), (1, 0));
    // Written out, it is the one that cards come with.
    table.desk.secret("management", &"0102030405060708".repeat(3));
    let added = make(&table, "piv", "p256");
    assert_eq!(added.exit, 0, "{added:?}");
}

#[test]
fn a_management_key_of_aes_is_proven_too() {
    let table = with_card("piv", "management-key=aes256");
    make(&table, "piv", "p256").refused(3, "management_key_wrong");
    table.desk.secret("management", &"a5".repeat(32));
    let added = make(&table, "piv", "p256");
    assert_eq!(added.exit, 0, "{added:?}");
    assert_eq!(table.unlock("pin").exit, 0);
}

#[test]
fn a_management_key_that_the_card_keeps_under_its_pin_need_not_be_typed() {
    let table = with_card("piv", "management-key=kept");
    // Another that was typed is the one that counts.
    table.desk.secret("management", &"0".repeat(64));
    make(&table, "piv", "p256").refused(3, "management_key_wrong");
    table.desk.secret("management", "");
    make_with(&table, "piv", "p256", "wrong", &["--yes"]).refused(3, "pin_wrong");
    let added = make(&table, "piv", "p256");
    assert_eq!(added.exit, 0, "{added:?}");
    assert_eq!(table.unlock("pin").exit, 0);

    let table = with_card("piv", "management-key=lost");
    let message = make(&table, "piv", "p256").refused(3, "management_key_wrong");
    assert!(message.contains("is said to keep it"), "{message}");
    table.desk.secret("management", &"a5".repeat(32));
    assert_eq!(make(&table, "piv", "p256").exit, 0);
}

#[test]
fn a_wrong_admin_pin_uses_up_one_try_and_the_last_one_blocks() {
    let table = with_card("openpgp", "");
    let left = || table.card()["adminTriesLeft"].clone();
    assert_eq!(left(), 3);
    table.desk.secret("admin", "1234567");
    make(&table, "openpgp-card", "x25519").refused(3, "admin_pin_wrong");
    assert_eq!(left(), 3, "what cannot be one is not sent");
    table.desk.secret("admin", "87654321");
    for words in ["2 tries are left", "one try is left", "no try is left"] {
        let message = make(&table, "openpgp-card", "x25519").refused(3, "admin_pin_wrong");
        assert!(message.contains(words), "{message}");
    }
    // The right one is not even sent now.
    table.desk.secret("admin", ADMIN_PIN);
    make(&table, "openpgp-card", "x25519").refused(3, "admin_pin_blocked");
    assert_eq!((table.card()["key"].clone(), table.tries_left()), (Value::Null, 3.into()));
    assert_eq!((slots(&table), made(&table).len()), (1, 0));
}

#[test]
fn a_kind_that_the_card_does_not_make_is_refused_with_those_that_it_does() {
    for key in ["x25519", "p521"] {
        let table = with_card("piv", "");
        let done = make(&table, "piv", key);
        done.refused(3, "card_key_unsupported");
        let cure = done.json()["error"]["cure"].clone();
        assert!(cure.as_str().unwrap().contains("p256"), "{cure}");
        assert_eq!(table.tries_left(), 3);
    }
}

#[test]
fn nobody_who_could_be_asked_means_no_key() {
    for (application, kind, key) in ONE_EACH {
        let table = with_card(application, "");
        make_with(&table, kind, key, "pin", &[]).refused(2, "invalid_request");
        assert_eq!(table.card()["key"], Value::Null);
    }
}

#[test]
fn a_card_pulled_while_it_makes_a_key_makes_none_and_the_next_time_does() {
    let mut table = with_card("piv", "pull-at=47");
    make(&table, "piv", "p256").refused(7, "card_removed");
    table.rig.say("insert 0 piv card serial=0a0b0c0d");
    assert_eq!((table.card()["key"].clone(), made(&table).len()), (Value::Null, 0));
    let added = make(&table, "piv", "p256");
    assert_eq!(added.exit, 0, "{added:?}");
}

#[test]
fn a_key_that_a_card_has_begun_to_make_is_logged_although_one_lets_go_of_it() {
    let mut table = with_card("piv", "stop-at=47");
    let making = make_command(&table, "piv", "p256", "pin", &["--yes"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    table.rig.say("await 0");
    let interrupted = Command::new("kill").args(["-INT", &making.id().to_string()]).status();
    assert!(interrupted.unwrap().success());
    let done = Done::of(making.wait_with_output().unwrap());
    let message = done.refused(7, "card_key_unfinished");
    assert!(message.contains("cancelled"), "{message}");
    assert_eq!((slots(&table), made(&table).len()), (1, 1));
}

#[test]
fn a_key_whose_certificate_the_card_refuses_is_logged_and_stays() {
    let mut table = with_card("piv", "answer=db:6A84");
    let message = make(&table, "piv", "p256").refused(7, "card_key_unfinished");
    assert!(message.contains("certificate") && message.contains("6A84"), "{message}");
    let events = made(&table);
    assert_eq!((slots(&table), events.len()), (1, 1));
    let details = &events[0]["details"];
    assert_eq!((&details["algorithm"], &details["card"]), (&"p256".into(), &PIV_SERIAL.into()));
    // It is there, and is not overwritten by another try; that this card does not show it is said.
    table.rig.say("insert 0 piv card serial=0a0b0c0d");
    make(&table, "piv", "p256").refused(3, "card_key_exists");
    table.add("piv", "card").refused(3, "card_key_missing");
    assert_eq!(made(&table).len(), 1);
}

#[test]
fn only_an_administrator_lets_a_card_make_a_key() {
    let table = with_card("piv", "");
    let second = table.desk.secret("second", "violet harbour plum ladder");
    table.desk.ok(&[
        "slot",
        "add",
        "passphrase",
        "--name",
        "Second",
        "--new-passphrase-file",
        &second,
        "--kdf-memory-kib",
        "65536",
        "--kdf-passes",
        "3",
    ]);
    let (pin, management) = (table.desk.text("pin"), table.desk.text("management"));
    let slot = ["slot", "add", "piv", "--name", "card", "--make-key", "p256", "--slot", "Second"];
    let secrets = ["--passphrase-file", &second, "--pin-file", &pin, "--yes"];
    let args = [&slot[..], &secrets, &["--management-key-file", &management]].concat();
    Done::of(table.command(&args).output().unwrap()).refused(1, "refused_by_role");
    assert_eq!((table.card()["key"].clone(), table.tries_left()), (Value::Null, 3.into()));
}

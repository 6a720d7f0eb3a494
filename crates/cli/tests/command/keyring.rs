//! Slots that a real GNOME Keyring keeps, on a session bus of each test's own.

use std::fs;

use crate::card_rig::CardRig;
use crate::desk::{Desk, Done, QUICK};
use crate::keyring_session::Session;

const ADD: [&str; 5] = ["slot", "add", "os-keyring", "--name", "Desk"];
const OPEN: [&str; 4] = ["key", "list", "--slot", "os-keyring"];

#[test]
fn the_keyring_opens_the_vault_until_it_cannot() {
    let desk = Desk::with_keys();
    let mut session = Session::with_keyring(&desk);
    let added = session.with_passphrase(&ADD);
    assert_eq!(added.exit, 0, "{added:?}");
    assert_eq!(added.json()["slot"]["kind"], "os_keyring");
    let opened = session.run(&OPEN);
    assert_eq!(opened.exit, 0, "{opened:?}");
    assert_eq!(session.run(&["slot", "test", "Desk"]).exit, 0);
    // A passphrase that was given is never passed over because the keyring opens too.
    let wrong = desk.secret("wrong", "not the passphrase");
    session.run(&["key", "list", "--passphrase-file", &wrong]).refused(3, "wrong_passphrase");

    // Restarted and unlocked again: it opens again. Restarted and locked: told, and not waited for.
    session.rig.stop();
    session.run(&OPEN).refused(7, "keyring_absent");
    session.rig.start(true);
    let opened = session.run(&OPEN);
    assert_eq!(opened.exit, 0, "{opened:?}");
    session.rig.stop();
    session.rig.start(false);
    session.run(&OPEN).refused(7, "keyring_locked");
    assert_eq!(session.with_passphrase(&["key", "list"]).exit, 0, "the other slot still opens");

    // Without a session at all.
    let bare = [&OPEN[..], &["--json", "--no-input"]].concat();
    desk.bare(&bare).refused(7, "keyring_no_bus");
}

#[test]
fn an_item_that_is_gone_and_a_slot_that_is_removed() {
    let desk = Desk::new();
    let session = Session::with_keyring(&desk);
    assert_eq!(session.with_passphrase(&ADD).exit, 0);
    let copy = desk.path("copy.keyreeve");
    fs::create_dir(&copy).unwrap();
    for entry in fs::read_dir(desk.vault()).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), copy.join(entry.file_name())).unwrap();
    }
    // Removing the slot takes its item along: the copy's slot asks for it in vain.
    assert_eq!(session.with_passphrase(&["slot", "remove", "Desk", "--yes"]).exit, 0);
    session.run(&OPEN).refused(3, "no_such_slot");
    let copy = copy.to_str().unwrap();
    session.run(&[&OPEN[..], &["--vault", copy]].concat()).refused(3, "keyring_item_missing");
    assert_eq!(session.with_passphrase(&["key", "list", "--vault", copy]).exit, 0);
}

#[test]
fn no_slot_is_left_where_the_keyring_cannot_take_its_secret() {
    let desk = Desk::new();
    let session = Session::without_keyring(&desk);
    session.with_passphrase(&ADD).refused(7, "keyring_absent");
    desk.refused(&ADD, 7, "keyring_no_bus");
    let list = desk.ok(&["slot", "list"]);
    assert_eq!(list["slots"].as_array().unwrap().len(), 1);
}

#[test]
fn passphrase_and_keyring_together_are_both_needed() {
    let desk = Desk::new();
    let session = Session::with_keyring(&desk);
    let second = desk.secret("second", "violet harbour plum ladder");
    let mut add = vec!["slot", "add", "all-of", "--name", "Both", "--role", "administrator"];
    add.extend(["--new-passphrase-file", &second]);
    add.extend(QUICK);
    let added = session.with_passphrase(&add);
    assert_eq!(added.exit, 0, "{added:?}");
    let open = ["key", "list", "--slot", "Both", "--passphrase-file"];
    let with = |file: &str| session.run(&[&open[..], &[file]].concat());
    let opened = with(&second);
    assert_eq!(opened.exit, 0, "{opened:?}");
    with(&desk.text("passphrase")).refused(3, "wrong_passphrase");
    // The right passphrase without the keyring, and the keyring without the passphrase.
    let mut alone = open.to_vec();
    alone.extend([second.as_str(), "--json", "--no-input"]);
    desk.bare(&alone).refused(7, "keyring_no_bus");
    session.run(&open[..4]).refused(3, "reauthentication_needed");
    session.run(&["key", "list", "--passphrase-file", &second]).refused(3, "wrong_passphrase");
    // It does not count as a way in that needs no device.
    let list = session.with_passphrase(&["slot", "list"]).json();
    let first = list["slots"][0]["id"].as_str().unwrap();
    session.with_passphrase(&["slot", "remove", first, "--yes"]).refused(1, "last_slot");
}

#[test]
fn a_card_and_the_keyring_together_are_both_needed() {
    let desk = Desk::new();
    let mut session = Session::with_keyring(&desk);
    let mut rig = CardRig::new();
    rig.say("insert 0 openpgp card serial=0a0b0c0d key=x25519");
    let (passphrase, pin) = (desk.text("passphrase"), desk.secret("pin", "123456"));
    let run = |session: &Session<'_>, args: &[&str]| {
        let (variable, socket) = rig.socket();
        let mut command = desk.command(args);
        session.at_session(&mut command).env(variable, socket).args(["--json", "--no-input"]);
        Done::of(command.args(["--pin-file", &pin]).output().unwrap())
    };
    let add = ["slot", "add", "all-of", "--name", "Both", "--parts", "os-keyring,openpgp-card"];
    let added = run(&session, &[&add[..], &["--passphrase-file", &passphrase]].concat());
    assert_eq!(added.exit, 0, "{added:?}");
    let open = ["key", "list", "--slot", "Both"];
    let opened = run(&session, &open);
    assert_eq!(opened.exit, 0, "{opened:?}");
    session.rig.stop();
    run(&session, &open).refused(7, "keyring_absent");
    session.rig.start(true);
    session.run(&open).refused(7, "card_service_absent");
    assert_eq!(run(&session, &open).exit, 0);
}

#[test]
fn an_old_copy_put_back_together_with_the_state_folder_is_noticed() {
    let desk = Desk::new();
    let mut session = Session::with_keyring(&desk);
    let list = ["key", "list"];
    assert_eq!(session.with_passphrase(&list).exit, 0);
    let old: Vec<_> = ["v.keyreeve", "state/keyreeve/anchors"]
        .iter()
        .flat_map(|folder| fs::read_dir(desk.path(folder)).unwrap())
        .map(|entry| entry.unwrap().path())
        .map(|file| (fs::read(&file).unwrap(), file))
        .collect();
    assert_eq!(session.with_passphrase(&list).exit, 0);
    for (bytes, file) in &old {
        fs::write(file, bytes).unwrap();
    }
    session.with_passphrase(&list).refused(6, "rollback");
    // Without the keyring nothing tells of it: what was put back fits together.
    session.rig.stop();
    assert_eq!(session.with_passphrase(&list).exit, 0);
    // The keyring has now seen the one, and the file the other; going on is possible by name.
    session.rig.start(true);
    session.with_passphrase(&list).refused(6, "rollback");
    let accepted = session.with_passphrase(&["key", "list", "--accept-rollback"]);
    assert_eq!(accepted.exit, 0, "{accepted:?}");
    assert_eq!(session.with_passphrase(&list).exit, 0);
}

//! Every way in which the desktop's keyring can fail the command, with a real GNOME Keyring: each has a code, an exit code
//! and a cure of its own, and the passphrase opens the vault all the same.

use std::process::Command;

use crate::desk::{Desk, Done};
use crate::keyring_others::{SECRETS, answer_for, connect, question_window};
use crate::keyring_session::Session;

const ADD: [&str; 5] = ["slot", "add", "os-keyring", "--name", "Desk"];
const OPEN: [&str; 4] = ["key", "list", "--slot", "os-keyring"];
/// Where the keyring keeps what nothing else was said of.
const COLLECTION: &str = "/org/freedesktop/secrets/aliases/default";

/// A session whose keyring opens the vault.
fn with_slot(desk: &Desk) -> Session<'_> {
    let session = Session::with_keyring(desk);
    let added = session.with_passphrase(&ADD);
    assert_eq!(added.exit, 0, "{added:?}");
    opens(&session);
    session
}

fn opens(session: &Session<'_>) {
    let opened = session.run(&OPEN);
    assert_eq!(opened.exit, 0, "{opened:?}");
}

/// It is refused so, with this in the cure, and the other slot opens.
fn fails(session: &Session<'_>, done: &Done, (exit, code, cure): (i32, &str, &str)) {
    done.refused(exit, code);
    let said = done.json()["error"]["cure"].as_str().unwrap().to_owned();
    assert!(said.contains(cure), "{code}: {said}");
    assert_eq!(session.with_passphrase(&["key", "list"]).exit, 0, "{code}: the other slot");
}

/// Runs the command at a display, which is only named: what asks is the question window.
fn at_display(session: &Session<'_>, args: &[&str]) -> Done {
    Done::of(session.command(args).env("DISPLAY", ":0").output().unwrap())
}

/// Another program of the same user calls the keyring.
fn call(
    session: &Session<'_>,
    path: &str,
    interface: &str,
    method: &str,
    argument: &[&str],
) -> String {
    let address = format!("unix:path={}", session.home().join("bus").display());
    let called = Command::new("dbus-send")
        .args([&format!("--bus={address}"), "--print-reply", &format!("--dest={SECRETS}")])
        .args([path, &format!("org.freedesktop.{interface}.{method}")])
        .args(argument)
        .output()
        .unwrap();
    assert!(called.status.success(), "{}", String::from_utf8_lossy(&called.stderr));
    String::from_utf8(called.stdout).unwrap()
}

/// The items that the keyring holds.
fn items(session: &Session<'_>) -> Vec<String> {
    let of = ["string:org.freedesktop.Secret.Collection", "string:Items"];
    let said = call(session, COLLECTION, "DBus.Properties", "Get", &of);
    said.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn a_question_that_is_closed() {
    let desk = Desk::new();
    let mut session = with_slot(&desk);
    session.rig.stop();
    session.rig.start(false);
    let dismissed = (7, "keyring_dismissed", "answer the keyring's question");
    let questions = question_window(&session.home(), true);
    fails(&session, &at_display(&session, &OPEN), dismissed);
    assert!(questions.try_iter().count() >= 1, "nobody was asked");
    // No slot comes of it either.
    let passphrase = desk.text("passphrase");
    let add = [&ADD[..4], &["Second", "--passphrase-file", &passphrase]].concat();
    fails(&session, &at_display(&session, &add), dismissed);
    let list = session.with_passphrase(&["slot", "list"]).json();
    assert_eq!(list["slots"].as_array().unwrap().len(), 2);
}

#[test]
fn a_question_that_nobody_answers_and_a_keyring_that_is_silent() {
    let desk = Desk::new();
    let mut session = with_slot(&desk);
    let late = (7, "keyring_timeout", "in a window of its own");
    let run = |session: &Session<'_>| {
        let mut command = session.command(&OPEN);
        command.envs([("DISPLAY", ":0"), ("KEYREEVE_KEYRING_SECONDS", "1")]);
        Done::of(command.output().unwrap())
    };
    session.rig.stop();
    session.rig.start(false);
    let questions = question_window(&session.home(), false);
    let done = run(&session);
    questions.try_recv().expect("nobody was asked");
    fails(&session, &done, late);
    assert!(done.refused(7, "keyring_timeout").contains("1 second"), "{done:?}");

    session.rig.stop();
    answer_for(&session.home(), SECRETS, |_, _| true);
    fails(&session, &run(&session), late);
}

#[test]
fn ctrl_c_while_the_keyring_asks_ends_at_once() {
    let desk = Desk::new();
    let mut session = with_slot(&desk);
    session.rig.stop();
    session.rig.start(false);
    let questions = question_window(&session.home(), false);
    let mut command = session.command(&OPEN);
    let asking = command.env("DISPLAY", ":0").stdout(std::process::Stdio::piped()).spawn().unwrap();
    questions.recv().unwrap();
    let interrupted = Command::new("kill").args(["-INT", &asking.id().to_string()]).status();
    assert!(interrupted.unwrap().success());
    Done::of(asking.wait_with_output().unwrap()).refused(1, "cancelled");
}

#[test]
fn a_keyring_that_ends_while_it_is_asked_and_one_that_is_started_again_between_two_commands() {
    let desk = Desk::new();
    let mut session = with_slot(&desk);
    for _ in 0..2 {
        session.rig.stop();
        fails(&session, &session.run(&OPEN), (7, "keyring_absent", "Start your desktop's keyring"));
        session.rig.start(true);
        opens(&session);
    }
    session.rig.stop();
    answer_for(&session.home(), SECRETS, |_, _| false);
    session.run(&OPEN).refused(7, "keyring_restarted");
    session.rig.start(true);
    opens(&session);
}

#[test]
fn a_keyring_that_refuses_for_a_reason_of_its_own() {
    let desk = Desk::new();
    let mut session = with_slot(&desk);
    session.rig.stop();
    answer_for(&session.home(), SECRETS, |connection, call| {
        let error = ("the drawer is stuck",);
        connection.reply_error(&call.header(), "org.example.Stuck", &error).unwrap();
        true
    });
    let done = session.run(&OPEN);
    fails(&session, &done, (7, "keyring_refused", "See to the keyring"));
    assert!(done.out.contains("the drawer is stuck"), "{done:?}");
}

#[test]
fn a_keyring_that_another_program_locks() {
    let desk = Desk::new();
    let mut session = with_slot(&desk);
    let locked = (7, "keyring_locked", "Unlock your desktop's keyring");
    let all = format!("array:objpath:{COLLECTION}");
    call(&session, "/org/freedesktop/secrets", "Secret.Service", "Lock", &[&all]);
    fails(&session, &session.run(&OPEN), locked);
    session.rig.stop();
    session.rig.start(false);
    fails(&session, &session.run(&OPEN), locked);
    session.rig.stop();
    session.rig.start(true);
    opens(&session);
}

#[test]
fn no_bus_and_no_keyring() {
    let desk = Desk::new();
    let mut session = with_slot(&desk);
    session.rig.stop();
    fails(&session, &session.run(&OPEN), (7, "keyring_absent", "Start your desktop's keyring"));
    drop(session);
    let no_bus = desk.bare(&[&OPEN[..], &["--json", "--no-input"]].concat());
    no_bus.refused(7, "keyring_no_bus");
    let cure = no_bus.json()["error"]["cure"].as_str().unwrap().to_owned();
    assert!(cure.contains("from your desktop session"), "{cure}");
    assert_eq!(desk.ok(&["slot", "list"])["slots"].as_array().unwrap().len(), 2);
}

#[test]
fn an_item_that_another_program_deletes_or_writes_over() {
    let desk = Desk::new();
    let session = with_slot(&desk);
    let own = |session: &Session<'_>| {
        let of = ["string:org.freedesktop.Secret.Item", "string:Attributes"];
        let slots = session.with_passphrase(&["slot", "list"]).json();
        let slot = slots["slots"][1]["id"].as_str().unwrap().to_owned();
        let found: Vec<_> = items(session)
            .into_iter()
            .filter(|item| call(session, item, "DBus.Properties", "Get", &of).contains(&slot))
            .collect();
        assert_eq!(found.len(), 1, "{found:?}");
        found[0].clone()
    };
    let item = own(&session);
    // As long as a secret of ours, and not one.
    let bus = connect(&session.home());
    let opened: (zbus::zvariant::OwnedValue, zbus::zvariant::OwnedObjectPath) = bus
        .call_method(
            Some(SECRETS),
            "/org/freedesktop/secrets",
            Some("org.freedesktop.Secret.Service"),
            "OpenSession",
            &("plain", zbus::zvariant::Value::from("")),
        )
        .unwrap()
        .body()
        .deserialize()
        .unwrap();
    let secret = (opened.1, Vec::<u8>::new(), vec![0x5a_u8; 32], "text/plain");
    let of_item = Some("org.freedesktop.Secret.Item");
    bus.call_method(Some(SECRETS), item.as_str(), of_item, "SetSecret", &(secret,)).unwrap();
    fails(
        &session,
        &session.run(&OPEN),
        (3, "keyring_foreign", "remove this one and add it again"),
    );

    call(&session, &item, "Secret.Item", "Delete", &[]);
    let missing = (3, "keyring_item_missing", "remove this one and add it again");
    fails(&session, &session.run(&OPEN), missing);
    // Which is the cure.
    assert_eq!(session.with_passphrase(&["slot", "remove", "Desk", "--yes"]).exit, 0);
    assert_eq!(session.with_passphrase(&ADD).exit, 0);
    opens(&session);
}

//! PINs that are typed on a reader's PIN pad, over the real smartcard service with a virtual reader that has one.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::card_rig::CardRig;
use crate::card_table::{KINDS, PIN, Table};
use crate::desk::{Desk, Done, QUICK};
use crate::terminal::Terminal;

const READER: &str = "Virtual PCD 00 00";
const WRONG: &str = "654321";
const ADMIN_PIN: &str = "12345678";

/// What the reader is given for a PIV card and for an OpenPGP card: half a minute, ASCII, 6 to 8 or to 15 digits, and a
/// command with a place of eight bytes, or none.
const REQUESTS: [&str; 2] = [
    "1e1e820800080602010904000000000d000000002000800\
     8ffffffffffffffff",
    "1e1e8200000f0602010904000000000500000000200082\
     00",
];

/// A table whose reader has a PIN pad.
fn with_pad() -> Table {
    let desk = Desk::new();
    desk.secret("pin", PIN);
    desk.secret("management", "");
    let mut rig = CardRig::without_service();
    rig.say("start-with-pad");
    Table { desk, rig }
}

/// With a card that is a way in, added with its PIN from a file, as a script would.
fn with_slot((application, key, kind): (&str, &str, &str)) -> Table {
    let mut table = with_pad();
    table.rig.say(&format!("insert 0 {application} card serial=0a0b0c0d {key}"));
    let added = table.add(kind, "card");
    assert_eq!(added.exit, 0, "{added:?}");
    assert_eq!(asked(&table).len(), 0);
    table
}

/// Runs the command as someone would who can be asked, and has no terminal.
fn run(table: &Table, args: &[&str]) -> Done {
    let (variable, socket) = table.rig.socket();
    let mut command = table.desk.command(args);
    Done::of(command.env(variable, socket).arg("--json").output().unwrap())
}

fn start(table: &Table, args: &[&str]) -> Child {
    let (variable, socket) = table.rig.socket();
    let mut command = table.desk.command(args);
    command.env(variable, socket).arg("--json").stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

const UNLOCK: [&str; 4] = ["slot", "list", "--slot", "card"];

/// Every request that the PIN pad was given.
fn asked(table: &Table) -> Vec<String> {
    let folder = table.rig.folder().join("pad/asked");
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    names.iter().map(|name| fs::read_to_string(name).unwrap()).collect()
}

#[test]
fn a_card_becomes_a_way_in_and_opens_with_the_pin_that_is_typed_on_its_reader() {
    for ((application, key, kind), request) in KINDS.into_iter().zip(REQUESTS) {
        let mut table = with_pad();
        table.rig.say(&format!("insert 0 {application} card serial=0a0b0c0d {key}"));
        assert_eq!(table.card()["pinPad"], READER);
        let passphrase = table.desk.text("passphrase");
        table.rig.say(&format!("keys {PIN} {PIN}"));
        let slot = ["slot", "add", kind, "--name", "card", "--passphrase-file", &passphrase];
        let added = run(&table, &slot);
        assert_eq!(added.exit, 0, "{added:?}");
        assert!(added.err.contains(&format!("Type the PIN on the reader “{READER}”")), "{added:?}");
        assert!(added.err.contains("3 tries left"), "{added:?}");
        assert_eq!(asked(&table), [request]);

        let done = run(&table, &UNLOCK);
        assert_eq!(done.exit, 0, "{done:?}");
        assert_eq!(asked(&table), [request, request]);
        assert!(!done.err.contains("touch"), "{done:?}");
    }
}

#[test]
fn what_goes_wrong_at_the_pin_pad_has_a_name_each_and_uses_up_no_try() {
    for kind in KINDS {
        let mut table = with_slot(kind);
        let mut times = 0;
        for (keys, exit, code) in [
            ("cancel", 3, "pad_cancelled"),
            ("timeout", 3, "pad_timed_out"),
            ("12345", 3, "pin_length"),
            ("answer=6402", 3, "pin_length"),
            ("answer=6B80", 7, "pad_failed"),
            ("broken", 7, "pad_failed"),
        ] {
            table.rig.say(&format!("keys {keys}"));
            let message = run(&table, &UNLOCK).refused(exit, code);
            times += 1;
            assert_eq!(asked(&table).len(), times, "{keys}: asked once: {message}");
            assert_eq!(table.tries_left(), 3, "{keys}: {message}");
        }
    }
}

#[test]
fn a_wrong_pin_on_the_reader_uses_up_one_try_and_the_last_one_blocks() {
    for kind in KINDS {
        let mut table = with_slot(kind);
        for left in ["2 tries are left", "one try is left", "no try is left"] {
            table.rig.say(&format!("keys {WRONG}"));
            let message = run(&table, &UNLOCK).refused(3, "pin_wrong");
            assert!(message.contains(left), "{message}");
        }
        // It is not even asked for now.
        table.rig.say(&format!("keys {PIN}"));
        run(&table, &UNLOCK).refused(3, "pin_blocked");
        assert_eq!(asked(&table).len(), 3);
    }
}

#[test]
fn a_pin_from_a_file_and_no_input_at_all_leave_the_pin_pad_alone() {
    for kind in KINDS {
        let table = with_slot(kind);
        assert_eq!(table.unlock("pin").exit, 0);
        for more in ["--no-input", "--no-pin-pad"] {
            let done = run(&table, &[&UNLOCK[..], &[more]].concat());
            done.refused(3, "reauthentication_needed");
        }
        // An empty one is none that was typed, and not one for the PIN pad either.
        table.desk.secret("pin", "");
        table.unlock("pin").refused(3, "pin_length");
        assert_eq!((asked(&table).len(), table.tries_left()), (0, 3.into()));
    }
}

#[test]
fn at_a_terminal_the_pin_is_typed_here_once_one_says_so() {
    let table = with_slot(KINDS[0]);
    let (variable, socket) = table.rig.socket();
    let args = [&UNLOCK[..], &["--no-pin-pad"]].concat();
    let mut terminal =
        Terminal::start_with(&table.desk, &[(variable, socket.to_str().unwrap())], &args);
    terminal.wait_for("PIN of the card");
    terminal.wait_for("(3 tries left): ");
    terminal.type_in(&format!("{PIN}\n"));
    let (exit, screen) = terminal.end();
    assert_eq!(exit, 0, "{screen}");
    assert_eq!(asked(&table).len(), 0);
}

#[test]
fn a_reader_that_says_nonsense_of_itself_has_no_pin_pad() {
    let mut table = with_slot(KINDS[0]);
    for nonsense in [
        // Cut short; a length that is none; a tag alone; another feature alone.
        "06044233",
        "06ff42330006",
        "0600",
        "06",
        "120442330012",
        "ffffffffffffffff",
    ] {
        table.rig.say(&format!("announce {nonsense}"));
        assert_eq!(table.card()["pinPad"], Value::Null, "{nonsense}");
        assert_eq!(table.unlock("pin").exit, 0, "{nonsense}");
    }
    let long = "42".repeat(600);
    table.rig.say(&format!("announce {long}"));
    assert_eq!(table.card()["pinPad"], Value::Null);
    // A PIN pad that is announced and not there.
    table.rig.say("announce 060442339999");
    assert_eq!(table.card()["pinPad"], READER);
    run(&table, &UNLOCK).refused(7, "pad_failed");
    assert_eq!((asked(&table).len(), table.tries_left()), (0, 3.into()));
}

#[test]
fn a_reader_whose_pin_pad_takes_no_pin_of_that_length_is_one_without() {
    for kind in KINDS {
        let mut table = with_slot(kind);
        for (properties, expected) in [
            ("060104070105", Value::Null),
            ("060110070119", if kind.2 == "piv" { Value::Null } else { READER.into() }),
            ("06010407010c", READER.into()),
            ("0601", READER.into()),
        ] {
            table.rig.say(&format!("properties {properties}"));
            assert_eq!(table.card()["pinPad"], expected, "{kind:?} {properties}");
        }
    }
}

#[test]
fn a_card_pulled_and_a_service_killed_while_the_pin_pad_waits_are_named() {
    for kind in KINDS {
        let mut table = with_slot(kind);
        let waiting = start(&table, &UNLOCK);
        table.rig.say("await-pad");
        table.rig.say("pull 0");
        Done::of(waiting.wait_with_output().unwrap()).refused(7, "card_removed");
        table.rig.say(&format!("insert 0 {} card serial=0a0b0c0d", kind.0));
        assert_eq!(table.tries_left(), 3);

        let mut waiting = start(&table, &UNLOCK);
        let (mut line, mut words) = (String::new(), BufReader::new(waiting.stderr.take().unwrap()));
        words.read_line(&mut line).unwrap();
        assert!(line.contains("its cancel key or Ctrl-C stops it"), "{line}");
        table.rig.say("await-pad");
        table.rig.say("stop");
        Done::of(waiting.wait_with_output().unwrap()).refused(7, "card_service_stopped");
    }
}

#[test]
fn ctrl_c_while_the_pin_pad_waits_ends_at_once_and_what_is_typed_later_opens_nothing() {
    for kind in KINDS {
        let mut table = with_slot(kind);
        for signal in ["-INT", "-TERM"] {
            let waiting = start(&table, &UNLOCK);
            table.rig.say("await-pad");
            let process = waiting.id().to_string();
            assert!(Command::new("kill").args([signal, &process]).status().unwrap().success());
            let message = Done::of(waiting.wait_with_output().unwrap()).refused(1, "cancelled");
            assert!(message.contains("opens nothing"), "{message}");
            // The reader still waits, and gives what is typed now to the card: the right PIN.
            table.rig.say(&format!("keys {PIN}"));
            // Told once the reader is free, and the service has reset the card of a program that is gone.
            table.rig.until("the card to be as it was", || table.tries_left() == 3);
            assert!(!is_verified(&table, kind.0), "{kind:?} after {signal}");
        }
        // The card is as it was.
        table.rig.say(&format!("keys {PIN}"));
        let done = run(&table, &UNLOCK);
        assert_eq!(done.exit, 0, "{done:?}");
        assert!(!is_verified(&table, kind.0), "{kind:?} after an unlock");
    }
}

/// Whether another program finds the card with its PIN given.
fn is_verified(table: &Table, application: &str) -> bool {
    if application == "piv" {
        // It tells the tries only while it was not.
        return table.tries_left().is_null();
    }
    // An empty VERIFY by GnuPG's scdaemon.
    let home = table.desk.path("gnupg");
    fs::create_dir_all(&home).unwrap();
    fs::write(home.join("scdaemon.conf"), "disable-ccid\npcsc-shared\n").unwrap();
    let (variable, socket) = table.rig.socket();
    let mut scdaemon = Command::new("/usr/lib/gnupg/scdaemon")
        .env(variable, socket)
        .arg("--homedir")
        .arg(&home)
        .arg("--server")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let words = b"SERIALNO openpgp\nAPDU 00200082\nBYE\n";
    scdaemon.stdin.take().unwrap().write_all(words).unwrap();
    let said = scdaemon.wait_with_output().unwrap().stdout;
    let answer = said.split(|byte| *byte == b'\n').find_map(|line| line.strip_prefix(b"D "));
    match answer {
        Some([0x90, 0]) => true,
        Some([0x63, 0xC3]) => false,
        _ => panic!("{}", String::from_utf8_lossy(&said)),
    }
}

#[test]
fn a_reader_that_is_unplugged_while_it_is_used_is_named() {
    for kind in KINDS {
        let mut table = with_slot(kind);
        let waiting = start(&table, &UNLOCK);
        table.rig.say("await-pad");
        table.rig.say("unplug");
        Done::of(waiting.wait_with_output().unwrap()).refused(7, "card_reader_missing");
    }
}

#[test]
fn a_card_makes_its_key_with_the_pins_that_are_typed_on_its_reader() {
    for (application, kind, key, keys, words) in [
        ("piv", "piv", "p256", vec![PIN, PIN], vec!["PIN", "PIN"]),
        (
            "openpgp",
            "openpgp-card",
            "x25519",
            vec![PIN, ADMIN_PIN, PIN],
            vec!["PIN", "admin PIN", "PIN"],
        ),
    ] {
        let mut table = with_pad();
        table.rig.say(&format!("insert 0 {application} card serial=0a0b0c0d"));
        let (passphrase, management) =
            (table.desk.text("passphrase"), table.desk.text("management"));
        let slot = ["slot", "add", kind, "--name", "card", "--make-key", key, "--yes"];
        let secrets = ["--passphrase-file", &passphrase];
        let management = ["--management-key-file", management.as_str()];
        let more = if kind == "piv" { &management[..] } else { &[] };
        let args = [&slot[..], &secrets, more].concat();

        table.rig.say("keys cancel");
        run(&table, &args).refused(3, "pad_cancelled");
        assert_eq!(table.card()["key"], Value::Null);
        if kind == "openpgp-card" {
            table.rig.say(&format!("keys {PIN} 87654321"));
            let message = run(&table, &args).refused(3, "admin_pin_wrong");
            assert!(message.contains("2 tries are left"), "{message}");
            table.rig.say(&format!("keys {PIN} cancel"));
            run(&table, &args).refused(3, "pad_cancelled");
            assert_eq!(table.card()["adminTriesLeft"], 2);
        }

        table.rig.say(&format!("keys {}", keys.join(" ")));
        let added = run(&table, &args);
        assert_eq!(added.exit, 0, "{added:?}");
        let said: Vec<_> = added
            .err
            .lines()
            .filter_map(|line| line.split_once("Type the ")?.1.split_once(" on the reader"))
            .map(|(pin, _)| pin)
            .collect();
        assert_eq!(said, words, "{added:?}");
    }
}

#[test]
fn a_pin_is_typed_once_although_another_part_was_wrong() {
    let mut table = with_pad();
    table.rig.say("insert 0 piv card serial=0a0b0c0d piv-key=p256");
    let second = table.desk.secret("second", "violet harbour plum ladder");
    let passphrase = table.desk.text("passphrase");
    let slot = ["slot", "add", "all-of", "--name", "both", "--parts", "passphrase,piv"];
    let secrets = ["--passphrase-file", &passphrase, "--new-passphrase-file", &second];
    table.rig.say(&format!("keys {PIN} {PIN} {PIN}"));
    let added = run(&table, &[&slot[..], &QUICK, &secrets].concat());
    assert_eq!(added.exit, 0, "{added:?}");
    let both = ["slot", "list", "--slot", "both", "--passphrase-file"];
    run(&table, &[&both[..], &[&passphrase]].concat()).refused(3, "wrong_passphrase");
    assert_eq!(asked(&table).len(), 2);
    let done = run(&table, &[&both[..], &[&second]].concat());
    assert_eq!(done.exit, 0, "{done:?}");
    assert_eq!(asked(&table).len(), 3);
}

//! What someone at a terminal sees. `script` gives the command one.

use std::io::{BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};

use crate::desk::{Desk, KEYREEVE, PASSPHRASE, QUICK};

/// A command at a terminal of its own.
pub struct Terminal {
    child: Child,
    keyboard: ChildStdin,
    screen: BufReader<std::process::ChildStdout>,
    seen: String,
}

impl Terminal {
    pub fn start(desk: &Desk, args: &[&str]) -> Self {
        Self::start_with(desk, &[], args)
    }

    /// The same with more in the environment.
    pub fn start_with(desk: &Desk, more: &[(&str, &str)], args: &[&str]) -> Self {
        let words: Vec<_> = args.iter().map(|arg| format!("'{arg}'")).collect();
        let line = format!("exec '{KEYREEVE}' {}", words.join(" "));
        let mut command = Command::new("script");
        desk.at_home(&mut command).envs(more.iter().copied()).args([
            "-q",
            "-e",
            "-c",
            &line,
            "/dev/null",
        ]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let keyboard = child.stdin.take().unwrap();
        let screen = BufReader::new(child.stdout.take().unwrap());
        Self { child, keyboard, screen, seen: String::new() }
    }

    /// Reads the screen until `text` is on it.
    pub fn wait_for(&mut self, text: &str) {
        let mut bytes = self.seen.clone().into_bytes();
        let mut byte = [0];
        while !String::from_utf8_lossy(&bytes).contains(text) {
            let read = self.screen.read(&mut byte).unwrap();
            assert_ne!(read, 0, "never came: {text}; but {}", String::from_utf8_lossy(&bytes));
            bytes.push(byte[0]);
        }
        // What was waited for is gone, so that the same can be waited for again.
        self.seen.clear();
    }

    pub fn type_in(&mut self, text: &str) {
        self.keyboard.write_all(text.as_bytes()).unwrap();
        self.keyboard.flush().unwrap();
    }

    /// Waits for the end; gives the exit code and the rest of the screen.
    pub fn end(mut self) -> (i32, String) {
        let mut rest = Vec::new();
        self.screen.read_to_end(&mut rest).unwrap();
        let exit = self.child.wait().unwrap().code().unwrap();
        (exit, String::from_utf8_lossy(&rest).into_owned())
    }
}

#[test]
fn a_new_passphrase_is_typed_twice_and_an_old_one_once() {
    let desk = Desk::empty();
    let mut init = vec!["init"];
    init.extend(QUICK);
    let mut terminal = Terminal::start(&desk, &init);
    terminal.wait_for("Passphrase for the new vault: ");
    terminal.type_in(&format!("{PASSPHRASE}\n"));
    terminal.wait_for("The same again: ");
    terminal.type_in("something else\n");
    let (exit, screen) = terminal.end();
    assert_eq!(exit, 2, "{screen}");
    assert!(screen.contains("do not match") && !desk.vault().exists());

    let mut terminal = Terminal::start(&desk, &init);
    for prompt in ["Passphrase for the new vault: ", "The same again: "] {
        terminal.wait_for(prompt);
        terminal.type_in(&format!("{PASSPHRASE}\n"));
    }
    assert_eq!(terminal.end().0, 0);

    let mut terminal = Terminal::start(&desk, &["status", "--unlock"]);
    terminal.wait_for("Passphrase of v: ");
    terminal.type_in(&format!("{PASSPHRASE}\n"));
    let (exit, screen) = terminal.end();
    assert_eq!(exit, 0, "{screen}");
    assert!(screen.contains("Audit events"));
}

#[test]
fn what_takes_something_away_is_shown_and_asked() {
    let desk = Desk::with_keys();
    desk.ok(&["key", "edit", "signer", "--where-used", "host=web-1"]);
    let file = desk.text("passphrase");
    let deactivate = ["key", "deactivate", "signer", "--passphrase-file", &file];
    for no in ["n\n", "\n", "nope\n", "\x03"] {
        let mut terminal = Terminal::start(&desk, &deactivate);
        terminal.wait_for("web-1");
        terminal.wait_for("[y/N] ");
        terminal.type_in(no);
        let (exit, screen) = terminal.end();
        assert_eq!(exit, 1, "{no:?}: {screen}");
        assert!(screen.contains("Cancelled"), "{no:?}: {screen}");
    }
    assert_eq!(desk.ok(&["key", "show", "signer"])["key"]["state"], "active");
    let mut terminal = Terminal::start(&desk, &deactivate);
    terminal.wait_for("[y/N] ");
    terminal.type_in("y\n");
    assert_eq!(terminal.end().0, 0);
    assert_eq!(desk.ok(&["key", "show", "signer"])["key"]["state"], "deactivated");
}

#[test]
fn ctrl_c_stops_long_work_and_nothing_of_it_stays() {
    let desk = Desk::with_keys();
    let file = desk.text("passphrase");
    let mut args = vec!["key", "create", "--name", "many", "--algorithm", "aes-256-gcm"];
    args.extend(["--purpose", "encrypt", "--count", "1000000", "--passphrase-file", &file]);
    let mut terminal = Terminal::start(&desk, &args);
    terminal.wait_for("Making keys: ");
    terminal.type_in("\x03");
    let (exit, screen) = terminal.end();
    assert_eq!(exit, 1, "{screen}");
    assert!(screen.contains("Cancelled") || screen.contains("cancelled"), "{screen}");
    assert_eq!(desk.names(), ["sealer", "signer"]);
    assert_eq!(desk.ok(&["audit", "verify"])["keys"], 2);
}

#[test]
fn ctrl_c_at_a_passphrase_ends_it() {
    let desk = Desk::with_keys();
    let mut terminal = Terminal::start(&desk, &["key", "list", "--json"]);
    terminal.wait_for("Passphrase of v: ");
    // Whether the terminal still makes a signal of it or the command reads it by itself.
    terminal.type_in("half a passph\x03");
    let (exit, screen) = terminal.end();
    assert_eq!(exit, 1, "{screen}");
    assert!(screen.contains("\"code\":\"cancelled\""), "{screen}");
    assert!(desk.run(&["key", "list"]).err.is_empty(), "no failed unlock");
}

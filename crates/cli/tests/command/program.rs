//! The program itself: its help, its scripts, how it fails, what it links.

use std::fs;
use std::io::Read as _;
use std::process::{Command, Stdio};

use crate::desk::{Desk, Done, KEYREEVE};

#[test]
fn it_links_no_web_view() {
    let linked = Command::new("ldd").arg(KEYREEVE).output().unwrap();
    let linked = String::from_utf8(linked.stdout).unwrap().to_lowercase();
    assert!(linked.contains("libc"), "{linked}");
    for library in ["webkit", "gtk", "gdk", "javascriptcore", "soup", "x11", "wayland"] {
        assert!(!linked.contains(library), "{library}: {linked}");
    }
}

#[test]
fn its_help_names_what_there_is_and_nothing_that_is_not() {
    let desk = Desk::empty();
    let help = desk.bare(&["--help"]);
    assert_eq!(help.exit, 0);
    for word in [
        "init",
        "status",
        "key",
        "audit",
        "backup",
        "slot",
        "card",
        "cert",
        "examine",
        "byok",
        "inventory",
        "run-due",
        "lock",
        "completions",
        "Exit codes",
    ] {
        assert!(help.out.contains(word), "{word}");
    }
    let commands = help.out.split("Commands:").nth(1).unwrap().split("Options:").next().unwrap();
    let listed = commands.lines().any(|line| line.trim_start().starts_with("generate"));
    assert!(!listed, "{commands}");
    assert!(desk.bare(&["--version"]).out.starts_with("keyreeve 0."));
}

#[test]
fn a_wrong_use_exits_2_in_words_and_in_json() {
    let desk = Desk::empty();
    for args in
        [&["juggle"][..], &["key", "juggle"], &["key", "show"], &["key", "list", "--limit", "x"]]
    {
        let words = desk.bare(args);
        assert_eq!((words.exit, words.out.as_str()), (2, ""), "{words:?}");
        assert!(!words.err.is_empty());
        let mut json = args.to_vec();
        json.push("--json");
        let message = desk.bare(&json).refused(2, "invalid_request");
        assert!(!message.contains('\n'), "{message}");
    }
    assert_eq!(desk.bare(&["--json"]).refused(2, "invalid_request"), "No command is named.");
    assert_eq!(desk.bare(&["key", "--json"]).refused(2, "invalid_request"), "No command is named.");
    let nothing = desk.bare(&[]);
    assert_eq!((nothing.exit, nothing.out.as_str()), (2, ""));
    assert!(nothing.err.contains("Usage"));
}

#[test]
fn it_writes_its_completions_and_manual_pages() {
    let desk = Desk::empty();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let done = desk.bare(&["completions", shell]);
        assert_eq!(done.exit, 0);
        assert!(done.out.contains("keyreeve") && done.out.contains("cancel-destroy"), "{shell}");
    }
    desk.bare(&["completions", "cmd", "--json"]).refused(2, "invalid_request");
    for (command, file) in
        [("generate-man", "keyreeve.1"), ("generate-completions", "keyreeve.bash")]
    {
        let folder = desk.text(command);
        desk.bare(&[command, &folder, "--json"]).refused(8, "io");
        fs::create_dir(&folder).unwrap();
        assert_eq!(desk.bare(&[command, &folder]).exit, 0);
        assert!(desk.path(command).join(file).exists());
    }
    let page = fs::read_to_string(desk.path("generate-man").join("keyreeve-key-rotate.1")).unwrap();
    assert!(page.contains(".TH"), "{page}");
    let script = desk.path("generate-completions/keyreeve.bash");
    assert!(Command::new("bash").arg("-n").arg(script).status().unwrap().success());
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let desk = Desk::with_keys();
    let file = desk.text("passphrase");
    let mut command = desk.command(&["audit", "list", "--passphrase-file", &file]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!((child.wait().unwrap().code(), err.as_str()), (Some(0), ""));
    let text = "\"$0\" completions zsh | head -n 1; \"$0\" --help | head -n 1";
    let mut shell = Command::new("sh");
    let done = Done::of(desk.at_home(&mut shell).args(["-c", text, KEYREEVE]).output().unwrap());
    assert_eq!((done.exit, done.err.as_str()), (0, ""));
}

#[test]
fn what_must_be_confirmed_by_nobody_is_refused_before_anything_is_done() {
    let desk = Desk::with_keys();
    let before = desk.vault_bytes();
    for args in [
        &["key", "destroy", "signer"][..],
        &["key", "revoke", "signer", "--reason", "x"],
        &["key", "deactivate", "signer"],
        &["key", "bulk", "rotate", "--all"],
        &["key", "bulk", "deactivate", "--tag", "web"],
        &["slot", "remove", "Passphrase"],
    ] {
        let mut all = args.to_vec();
        all.push("--json");
        let done = desk.run(&all);
        done.refused(2, "invalid_request");
        assert!(done.out.contains("--yes"), "{done:?}");
    }
    assert_eq!(desk.vault_bytes(), before);
}

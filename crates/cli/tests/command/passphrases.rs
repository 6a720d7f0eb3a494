//! Where passphrases come from, and where never.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use crate::desk::{Desk, Done, KEYREEVE, PASSPHRASE};

#[test]
fn a_passphrase_comes_from_a_file_stdin_or_a_descriptor() {
    let desk = Desk::with_keys();
    desk.secret("with newline", &format!("{PASSPHRASE}\n"));
    let file = desk.text("with newline");
    assert_eq!(desk.bare(&["key", "list", "--no-input", "--passphrase-file", &file]).exit, 0);
    for option in [["--passphrase-file", "-"], ["--passphrase-fd", "0"]] {
        let mut command = desk.command(&["key", "list", "--no-input", option[0], option[1]]);
        let done = Done::of(command.stdin(File::open(&file).unwrap()).output().unwrap());
        assert_eq!(done.exit, 0, "{option:?}: {done:?}");
    }
    // Descriptors other than the first three come from a shell: a pipe, and a file.
    for source in [
        "cat 'with newline' | { \"$0\" key list --passphrase-fd 3 3<&0 </dev/null; }",
        "\"$0\" key list --passphrase-fd 7 7<'with newline'",
    ] {
        let mut shell = std::process::Command::new("sh");
        let done = desk.at_home(&mut shell).args(["-c", source, KEYREEVE]).output().unwrap();
        let done = Done::of(done);
        assert_eq!(done.exit, 0, "{source}: {done:?}");
    }
}

#[test]
fn a_wrong_passphrase_opens_nothing_and_is_noted_for_the_log() {
    let desk = Desk::with_keys();
    let before = desk.vault_bytes();
    for wrong in ["wrong", "", " ledger brass tulip orbit", "LEDGER BRASS TULIP ORBIT"] {
        let file = desk.secret("wrong", wrong);
        let done = desk.bare(&["key", "list", "--json", "--passphrase-file", &file]);
        let message = done.refused(3, "wrong_passphrase");
        assert!(wrong.is_empty() || !message.contains(wrong), "{message}");
    }
    assert_eq!(desk.vault_bytes(), before);
    let list = desk.run(&["key", "list"]);
    assert!(list.err.contains("4 unlocks failed"), "{list:?}");
    let failed = desk.ok(&["audit", "list", "--action", "vault.unlock_failed"]);
    assert_eq!(failed["events"].as_array().unwrap().len(), 4);
    assert!(desk.run(&["key", "list"]).err.is_empty());
}

#[test]
fn without_a_source_and_without_anyone_to_ask_nothing_unlocks() {
    let desk = Desk::with_keys();
    let done = desk.bare(&["key", "list", "--json", "--no-input"]);
    done.refused(3, "reauthentication_needed");
    assert!(done.out.contains("--passphrase-fd") && done.out.contains("--passphrase-file"));
}

#[test]
fn no_passphrase_comes_from_an_argument_or_the_environment() {
    let desk = Desk::with_keys();
    for option in ["--passphrase", "--new-passphrase", "--password"] {
        desk.bare(&["key", "list", "--json", option, PASSPHRASE]).refused(2, "invalid_request");
    }
    let mut command = desk.command(&["key", "list", "--json", "--no-input"]);
    command.env("KEYREEVE_PASSPHRASE", PASSPHRASE).env("PASSPHRASE", PASSPHRASE);
    Done::of(command.output().unwrap()).refused(3, "reauthentication_needed");
}

#[test]
fn one_source_does_not_serve_two_secrets() {
    let desk = Desk::new();
    let file = desk.text("passphrase");
    let new = ["--passphrase-file", &file, "--new-passphrase-file", &file];
    let mut args = vec!["slot", "change", "Passphrase", "--json"];
    args.extend(new);
    desk.bare(&args).refused(2, "invalid_request");
    let both = ["--passphrase-fd", "0", "key", "list", "--passphrase-file", "-", "--json"];
    desk.bare(&both).refused(2, "invalid_request");
    let out = desk.text("b");
    let args = ["backup", "create", "--out", &out, "--backup-passphrase-file", &file];
    desk.refused(&args, 2, "invalid_request");
}

#[test]
fn what_cannot_be_a_passphrase_file_is_refused() {
    let desk = Desk::new();
    let with =
        |file: &str| desk.bare(&["key", "list", "--json", "--no-input", "--passphrase-file", file]);
    with(&desk.text("nowhere")).refused(5, "bad_input_file");
    with(desk.path("").to_str().unwrap()).refused(5, "bad_input_file");
    File::create(desk.path("huge")).unwrap().set_len(5 << 30).unwrap();
    with(&desk.text("huge")).refused(5, "bad_input_file");
    fs::write(desk.path("binary"), [0xFF; 20]).unwrap();
    with(&desk.text("binary")).refused(5, "bad_input_file");
    let empty = desk.secret("empty", "");
    with(&empty).refused(3, "wrong_passphrase");
    let closed = desk.bare(&["key", "list", "--json", "--passphrase-fd", "77"]);
    closed.refused(5, "bad_input_file");
}

#[test]
fn a_file_that_others_read_is_warned_about() {
    let desk = Desk::new();
    let file = desk.path("passphrase");
    for (mode, warned) in [(0o600, false), (0o640, true), (0o604, true), (0o400, false)] {
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        let done = desk.run(&["key", "list"]);
        assert_eq!((done.exit, done.err.contains("chmod 600")), (0, warned), "{mode:o}: {done:?}");
    }
}

#[test]
fn no_secret_is_printed_or_kept_in_the_clear() {
    let desk = Desk::with_keys();
    let other = desk.secret("other", "copper window sable forty");
    let mut said = String::new();
    for args in [
        &["status"][..],
        &["key", "show", "signer"],
        &["slot", "list"],
        &["slot", "test", "Passphrase"],
        &["audit", "list"],
        &["slot", "add", "passphrase", "--name", "B", "--new-passphrase-file", &other],
    ] {
        let done = desk.run(args);
        assert_eq!(done.exit, 0, "{done:?}");
        said.push_str(&done.out);
        said.push_str(&done.err);
    }
    for secret in [PASSPHRASE, "copper window sable forty", "PRIVATE KEY"] {
        assert!(!said.contains(secret), "{secret}");
        for (name, bytes) in desk.vault_bytes() {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret} in {name}");
        }
    }
}

#[test]
fn a_vault_must_be_named() {
    let desk = Desk::new();
    let mut command = desk.command(&["status", "--json"]);
    let done = command.env_remove("KEYREEVE_VAULT").stdin(Stdio::null()).output().unwrap();
    Done::of(done).refused(2, "invalid_request");
    let path = desk.text("v.keyreeve");
    let mut command = desk.command(&["status", "--json", "--vault", &path]);
    let done = command.env("KEYREEVE_VAULT", "/nowhere").output().unwrap();
    assert_eq!(Done::of(done).exit, 0);
}

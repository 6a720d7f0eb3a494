//! Files of nothing and of five gigabytes where a small one is expected.

use std::fs::{self, File};

use crate::desk::Desk;

const HUGE: u64 = 5 << 30;

#[test]
fn an_exported_log_of_nothing_or_five_gigabytes() {
    let desk = Desk::empty();
    let file = desk.text("log");
    File::create(&file).unwrap();
    let verify = || desk.bare(&["audit", "verify", &file, "--json"]);
    verify().refused(5, "export_damaged");
    File::options().write(true).open(&file).unwrap().set_len(HUGE).unwrap();
    verify().refused(5, "export_damaged");
    fs::write(&file, "not a log\n".repeat(100)).unwrap();
    verify().refused(5, "export_damaged");
    fs::remove_file(&file).unwrap();
    verify().refused(5, "bad_input_file");
    fs::create_dir(&file).unwrap();
    assert_ne!(verify().exit, 0);
}

#[test]
fn a_backup_of_nothing_or_five_gigabytes() {
    let desk = Desk::empty();
    let file = desk.text("b.keyreeve-backup.age");
    let passphrase = desk.text("passphrase");
    let verify = || {
        let args = ["backup", "verify", &file, "--backup-passphrase-file", &passphrase, "--json"];
        let done = desk.bare(&args);
        let mut restore = args;
        restore[1] = "restore";
        assert_eq!(desk.bare(&restore).json(), done.json());
        assert!(!desk.vault().exists());
        done
    };
    File::create(&file).unwrap();
    verify().refused(5, "not_a_backup");
    File::options().write(true).open(&file).unwrap().set_len(HUGE).unwrap();
    verify().refused(5, "not_a_backup");
    fs::write(&file, "hello").unwrap();
    verify().refused(5, "not_a_backup");
    fs::remove_file(&file).unwrap();
    verify().refused(5, "bad_input_file");
    // Nothing is left of the scratch folders.
    let left: Vec<_> =
        fs::read_dir(desk.path("")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, ["passphrase"]);
}

#[test]
fn an_identity_of_nothing_or_five_gigabytes() {
    let desk = Desk::with_keys_and_code();
    let out = desk.text("b.keyreeve-backup.age");
    let recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
    desk.ok(&["backup", "create", "--out", &out, "--to", recipient]);
    let identity = desk.text("identity");
    let verify = || desk.bare(&["backup", "verify", &out, "--identity", &identity, "--json"]);
    verify().refused(5, "bad_input_file");
    File::create(&identity).unwrap();
    verify().refused(2, "invalid_request");
    File::options().write(true).open(&identity).unwrap().set_len(HUGE).unwrap();
    verify().refused(5, "bad_input_file");
}

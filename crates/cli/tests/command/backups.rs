//! Backups: made, proven, opened by stock tools, restored; and those that are not what they should be.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::certificates::openssl_ok;
use crate::desk::{Desk, members};
use crate::terminal::Terminal;

/// An age identity from the stock tool: its file and its recipient.
fn identity(desk: &Desk, name: &str) -> (String, String) {
    let file = desk.text(name);
    let made = Command::new("age-keygen").args(["-o", &file]).output().unwrap();
    assert!(made.status.success(), "{made:?}");
    let text = fs::read_to_string(&file).unwrap();
    let recipient = text.lines().find_map(|line| line.strip_prefix("# public key: ")).unwrap();
    (file.clone(), recipient.to_owned())
}

#[test]
fn a_backup_is_made_listed_verified_and_restored() {
    let desk = Desk::with_keys();
    let (identity, recipient) = identity(&desk, "identity");
    let made = desk.ok(&["backup", "create", "--out", &desk.text("b"), "--to", &recipient]);
    assert_eq!(members(&made), ["bytes", "file", "keys", "verified"]);
    let file = made["file"].as_str().unwrap().to_owned();
    assert_eq!(file, desk.text("b.keyreeve-backup.age"));
    assert_eq!(made["bytes"].as_u64().unwrap(), fs::metadata(&file).unwrap().len());
    assert_eq!((&made["keys"], &made["verified"]), (&2.into(), &true.into()));

    // The last good one is never overwritten.
    let before = fs::read(&file).unwrap();
    desk.refused(&["backup", "create", "--out", &file, "--to", &recipient], 1, "exists");
    assert_eq!(fs::read(&file).unwrap(), before);

    let list = desk.ok(&["backup", "list"]);
    assert_eq!(
        (&list["backups"][0]["file"], &list["backups"][0]["present"]),
        (&file.as_str().into(), &true.into())
    );
    let held = desk.ok(&["key", "show", "signer"]);
    assert_eq!(held["key"]["versions"][0]["backups"][0]["file"], file.as_str());

    // Without the vault, and with it.
    let bare = desk.bare(&["backup", "verify", &file, "--identity", &identity, "--json"]).json();
    assert_eq!((&bare["verified"], &bare["keys"]), (&true.into(), &2.into()));
    assert_eq!(desk.ok(&["backup", "verify", &file, "--identity", &identity])["verified"], true);
    let verified = desk.ok(&["audit", "list", "--action", "backup.verify"]);
    assert_eq!(verified["events"].as_array().unwrap().len(), 1);

    let restored = desk.text("restored.keyreeve");
    let args =
        ["backup", "restore", &file, "--identity", &identity, "--vault", &restored, "--json"];
    let answer = desk.bare(&args).json();
    assert_eq!(members(&answer), ["keys", "vault"]);
    assert_eq!(answer["vault"]["path"], restored.as_str());
    let there = desk.ok(&["key", "list", "--vault", &restored]);
    assert_eq!(there["total"], 2);
    assert_eq!(desk.ok(&["audit", "verify", "--vault", &restored])["ok"], true);
    desk.bare(&args).refused(1, "exists");
}

#[test]
fn an_identity_file_with_a_passphrase_of_its_own() {
    let desk = Desk::with_keys();
    let key = desk.text("id_ed25519");
    let own = "granite 🗝 for the key";
    let made = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", own, "-f", &key])
        .status()
        .unwrap();
    assert!(made.success());
    let recipient = fs::read_to_string(format!("{key}.pub")).unwrap();
    let out = desk.text("b.keyreeve-backup.age");
    desk.ok(&["backup", "create", "--out", &out, "--to", recipient.trim_end()]);
    let (right, wrong) = (desk.secret("right", own), desk.secret("wrong", "granite"));
    let new = desk.text("new.keyreeve");
    for verb in ["verify", "restore"] {
        let args = ["backup", verb, &out, "--identity", &key, "--vault", &new, "--json"];
        let with = |more: &[&str]| desk.bare(&[&args[..], more].concat());
        // Nobody is there to ask.
        with(&[]).refused(3, "reauthentication_needed");
        with(&["--identity-passphrase-file", &wrong]).refused(3, "wrong_identity_passphrase");
        assert!(!desk.path("new.keyreeve").exists());
        let done = with(&["--identity-passphrase-file", &right]);
        assert_eq!((done.exit, &done.json()["keys"]), (0, &2.into()), "{done:?}");
    }
    // At a terminal it is asked for; where no passphrase is needed, it is not.
    let mut terminal = Terminal::start(&desk, &["backup", "verify", &out, "--identity", &key]);
    terminal.wait_for(&format!("Passphrase of {key}: "));
    terminal.type_in(&format!("{own}\n"));
    let (exit, screen) = terminal.end();
    assert_eq!(exit, 0, "{screen}");
    let alone = ["backup", "verify", &out, "--identity-passphrase-file", &right, "--json"];
    desk.bare(&alone).refused(2, "invalid_request");
    let vaults = desk.text("passphrase");
    let shared = ["backup", "verify", &out, "--identity", &key];
    let shared = [&shared[..], &["--identity-passphrase-file", &vaults]].concat();
    desk.refused(&shared, 2, "invalid_request");
    desk.bare(&["backup", "verify", &out, "--identity", &format!("{key}.pub"), "--json"])
        .refused(2, "invalid_request");
}

#[test]
fn a_backup_with_a_passphrase() {
    let desk = Desk::with_keys();
    let passphrase = desk.secret("backup passphrase", "velvet harbor nine candle");
    let out = desk.text("b.keyreeve-backup.age");
    desk.ok(&["backup", "create", "--out", &out, "--backup-passphrase-file", &passphrase]);
    let verify = |file: &str| {
        desk.bare(&["backup", "verify", &out, "--backup-passphrase-file", file, "--json"])
    };
    assert_eq!(verify(&passphrase).exit, 0);
    verify(&desk.text("passphrase")).refused(3, "wrong_passphrase");
    let weak = desk.secret("weak", "password");
    let args = ["backup", "create", "--out", "c", "--backup-passphrase-file", &weak];
    desk.refused(&args, 1, "weak_passphrase");
    let nobody = ["backup", "create", "--out", "c"];
    desk.refused(&nobody, 3, "reauthentication_needed");
    let both =
        ["backup", "create", "--out", "c", "--to", "age1x", "--backup-passphrase-file", &weak];
    desk.refused(&both, 2, "invalid_request");
    desk.refused(
        &["backup", "create", "--out", "c", "--to", "carrier pigeon"],
        2,
        "invalid_request",
    );
    assert!(!desk.path("c.keyreeve-backup.age").exists());
}

#[test]
fn stock_tools_open_what_is_inside() {
    let desk = Desk::with_keys();
    let (identity, recipient) = identity(&desk, "identity");
    let out = desk.text("b.keyreeve-backup.age");
    desk.ok(&["cert", "self-sign", "signer", "--subject", "CN=a/../b c", "--out", "own.pem"]);
    openssl_ok(&desk, &["genpkey", "-algorithm", "ed25519", "-out", "theirs.key"]);
    openssl_ok(&desk, &["pkey", "-in", "theirs.key", "-pubout", "-out", "theirs.pem"]);
    desk.ok(&["key", "import", "theirs.pem"]);
    let args = ["backup", "create", "--out", &out, "--to", &recipient, "--with-standard-files"];
    desk.ok(&args);
    let mut age = Command::new("age")
        .args(["--decrypt", "-i", &identity, &out])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    fs::create_dir(desk.path("opened")).unwrap();
    let tar = Command::new("tar")
        .args(["-x", "-C", &desk.text("opened")])
        .stdin(age.stdout.take().unwrap())
        .status()
        .unwrap();
    assert!(age.wait().unwrap().success() && tar.success());
    let vault = desk.path("opened/vault");
    assert_eq!(fs::read(vault.join("header.json")).unwrap(), desk.vault_bytes()["header.json"]);
    let mut found = Vec::new();
    all_files(&desk.path("opened"), &mut found);
    let signer = found.iter().find(|path| path.contains("signer") && !path.ends_with(".pub"));
    assert!(signer.is_some(), "{found:?}");
    assert!(!found.iter().any(|path| path.contains("sealer")), "not exportable: {found:?}");
    for (begins, original) in
        [("plain/certificates/a____b_c-", "own.pem"), ("plain/public-keys/theirs-", "theirs.pem")]
    {
        let copy =
            found.iter().find(|path| path.contains(begins)).unwrap_or_else(|| panic!("{found:?}"));
        assert_eq!(fs::read(copy).unwrap(), fs::read(desk.path(original)).unwrap());
    }
}

fn all_files(folder: &Path, into: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all_files(&path, into);
        } else {
            into.push(path.to_str().unwrap().to_owned());
        }
    }
}

#[test]
fn backups_that_are_truncated_changed_or_for_someone_else() {
    let desk = Desk::with_keys();
    let (mine, recipient) = identity(&desk, "mine");
    let (other, _) = identity(&desk, "other");
    let out = desk.text("b.keyreeve-backup.age");
    desk.ok(&["backup", "create", "--out", &out, "--to", &recipient]);
    let good = fs::read(&out).unwrap();
    let new = desk.text("new.keyreeve");
    let both = |identity: &str, exit: i32, code: &str| {
        for verb in ["verify", "restore"] {
            let args = ["backup", verb, &out, "--identity", identity, "--vault", &new, "--json"];
            desk.bare(&args).refused(exit, code);
            assert!(!desk.path("new.keyreeve").exists());
        }
    };
    both(&other, 5, "backup_not_for_you");
    let passphrase = desk.text("passphrase");
    let args = ["backup", "verify", &out, "--backup-passphrase-file", &passphrase, "--json"];
    desk.bare(&args).refused(2, "invalid_request");
    for cut in [good.len() - 1, good.len() - 17, good.len() / 2, 300] {
        fs::write(&out, &good[..cut]).unwrap();
        both(&mine, 5, "backup_damaged");
    }
    for at in [good.len() / 3, good.len() - 5] {
        let mut bytes = good.clone();
        bytes[at] ^= 0x10;
        fs::write(&out, bytes).unwrap();
        both(&mine, 5, "backup_damaged");
    }
    // An age file to the right recipient, but with something else inside.
    let plain = desk.text("letter");
    fs::write(&plain, "dear diary").unwrap();
    fs::remove_file(&out).unwrap();
    let age = Command::new("age").args(["-r", &recipient, "-o", &out, &plain]).status().unwrap();
    assert!(age.success());
    both(&mine, 5, "backup_damaged");
    let left = fs::read_dir(desk.path("")).unwrap();
    let scratch = left.filter(|entry| {
        entry.as_ref().unwrap().file_name().to_str().unwrap().starts_with(".keyreeve-")
    });
    assert_eq!(scratch.count(), 0);
    assert_eq!(desk.names(), ["sealer", "signer"]);
}

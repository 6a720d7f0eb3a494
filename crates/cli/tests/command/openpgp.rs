//! OpenPGP keys come in from GnuPG, and keys leave as OpenPGP keys that GnuPG takes.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::desk::{Desk, members};

const FILE_PASSWORD: &str = "pebble orbit lunar crayon";
const SOMEONE: &str = "Someone <someone@example.org>";

/// A keyring of GnuPG's, with an agent of its own.
struct Gpg(TempDir);

impl Drop for Gpg {
    fn drop(&mut self) {
        let home = self.0.path();
        let _ = Command::new("gpgconf").arg("--homedir").arg(home).args(["--kill", "all"]).status();
    }
}

impl Gpg {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    #[track_caller]
    fn run(&self, args: &[&str], input: &[u8]) -> Vec<u8> {
        let base = ["--batch", "--no-tty", "--quiet", "--pinentry-mode", "loopback"];
        let mut child = Command::new("gpg")
            .arg("--homedir")
            .arg(self.0.path())
            .args(base)
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("apt install gnupg");
        child.stdin.take().unwrap().write_all(input).unwrap();
        let done = child.wait_with_output().unwrap();
        assert!(done.status.success(), "{args:?}: {done:?}");
        done.stdout
    }

    /// The lines of the keyring whose first field is one of `kinds`.
    fn listed(&self, what: &str, kinds: &[&str]) -> Vec<Vec<String>> {
        let list = self.run(&["--with-colons", "--with-subkey-fingerprint", what], b"");
        let list = String::from_utf8(list).unwrap();
        let lines = list.lines().map(|line| line.split(':').map(str::to_owned).collect::<Vec<_>>());
        lines.filter(|line| kinds.contains(&line[0].as_str())).collect()
    }

    fn fingerprints(&self, what: &str) -> Vec<String> {
        self.listed(what, &["fpr"]).into_iter().map(|mut line| line.swap_remove(9)).collect()
    }
}

#[test]
fn a_key_of_gnupgs_comes_in_and_leaves_with_the_fingerprint_that_it_had() {
    let (desk, gpg) = (Desk::with_code(), Gpg::new());
    let phrase = ["--passphrase", FILE_PASSWORD];
    gpg.run(
        &[&phrase[..], &["--quick-generate-key", SOMEONE, "ed25519", "sign", "never"]].concat(),
        b"",
    );
    let [fingerprint] = gpg.fingerprints("-K").try_into().unwrap();
    gpg.run(
        &[&phrase[..], &["--quick-add-key", &fingerprint, "cv25519", "encr", "never"]].concat(),
        b"",
    );
    let file = desk.text("someone.asc");
    let armoured = gpg.run(&[&phrase[..], &["--armor", "--export-secret-keys"]].concat(), b"");
    fs::write(&file, armoured).unwrap();

    let closed = desk.bare(&["examine", &file, "--no-input", "--json"]);
    assert_eq!(
        (closed.exit, members(&closed.json()["items"][0]).contains(&"fingerprints")),
        (0, true)
    );
    let password = desk.secret("password", FILE_PASSWORD);
    let done = desk.ok(&["key", "import", &file, "--password-file", &password]);
    assert_eq!(done["imported"], 2, "{done}");
    let items = done["items"].as_array().unwrap();
    let said: Vec<_> = items
        .iter()
        .map(|item| (item["purpose"].as_str().unwrap(), item["form"].as_str().unwrap()))
        .collect();
    assert_eq!(said, [("sign", "openpgp"), ("agree", "openpgp")]);
    let shown = items[0]["fingerprints"]["openpgp"].as_str().unwrap();
    assert_eq!(shown.to_uppercase(), fingerprint);

    // Out again, into another keyring: the same fingerprint, because the key's time was kept.
    let name = items[0]["name"].as_str().unwrap();
    let out = desk.text("out.asc");
    let export =
        ["key", "export", name, "--format", "openpgp", "--out", &out, "--user-id", SOMEONE];
    let done = desk.ok(&[&export[..], &["--encrypt-passphrase-file", &password]].concat());
    let beside = [desk.text("out.pub.asc"), desk.text("out.rev.asc")];
    assert_eq!(done["beside"].as_array().unwrap(), &beside);
    let other = Gpg::new();
    other.run(&[&phrase[..], &["--import", &out]].concat(), b"");
    assert_eq!(other.fingerprints("-K"), [fingerprint.as_str()]);
    assert_eq!(other.listed("-K", &["uid"])[0][9], SOMEONE);
    // It signs, and what it signs verifies by the certificate alone.
    let signed = other.run(&[&phrase[..], &["--sign"]].concat(), b"a message");
    let public = Gpg::new();
    public.run(&["--import", &beside[0]], b"");
    assert_eq!(public.run(&["--decrypt"], &signed), b"a message");
    assert!(public.fingerprints("-K").is_empty(), "the certificate holds no secret");
    // And the last file revokes it.
    assert_ne!(public.listed("-k", &["pub"])[0][1], "r");
    public.run(&["--import", &beside[1]], b"");
    assert_eq!(public.listed("-k", &["pub"])[0][1], "r");
}

#[test]
fn every_kind_of_key_that_signs_is_one_that_gnupg_takes() {
    let desk = Desk::with_code();
    let password = desk.secret("password", FILE_PASSWORD);
    for (number, (algorithm, purpose, usage)) in [
        ("rsa-2048", "sign", "scSC"),
        ("rsa-3072", "authenticate", "caCA"),
        ("ec-p256", "sign", "scSC"),
        ("ec-p384", "authenticate", "caCA"),
        ("ec-p521", "sign", "scSC"),
        ("ec-secp256k1", "sign", "scSC"),
        ("ed25519", "authenticate", "caCA"),
        ("ed25519", "sign", "scSC"),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("key {number}");
        desk.make(&name, algorithm, purpose, &["--exportable"]);
        for (how, extra) in [
            ("plain", vec!["--plaintext"]),
            ("locked", vec!["--encrypt-passphrase-file", password.as_str()]),
        ] {
            let out = desk.text(&format!("{number} {how}.asc"));
            let export = ["key", "export", &name, "--format", "openpgp", "--out", &out];
            desk.ok(&[&export[..], &extra].concat());
            let gpg = Gpg::new();
            gpg.run(&["--passphrase", FILE_PASSWORD, "--import", &out], b"");
            let line = gpg.listed("-K", &["sec"]).remove(0);
            assert_eq!(line[11], usage, "{algorithm} {purpose}");
            assert_eq!(gpg.listed("-K", &["uid"])[0][9], name);
            if purpose == "sign" {
                let signed = gpg.run(&["--passphrase", FILE_PASSWORD, "--sign"], b"a message");
                assert_eq!(gpg.run(&["--decrypt"], &signed), b"a message");
            }
            let packets = gpg.run(&["--list-packets", &out], b"");
            let packets = String::from_utf8(packets).unwrap();
            assert_eq!(packets.contains("protect count: 65011712"), how == "locked", "{packets}");
            // What we wrote we read: the key that is there already.
            let again = desk.run(&["key", "import", &out, "--json", "--password-file", &password]);
            assert_eq!(again.json()["items"][0]["outcome"], "duplicate", "{again:?}");
        }
        // Twice the same, under the same name; the library draws lots for signatures on P-521.
        let certificates =
            ["plain", "locked"].map(|how| desk.path(&format!("{number} {how}.pub.asc")));
        let [first, second] = certificates.map(|file| fs::read(file).unwrap());
        assert_eq!(first == second, algorithm != "ec-p521", "{algorithm}");
    }
}

#[test]
fn what_cannot_be_an_openpgp_key_is_refused_and_nothing_is_written() {
    let desk = Desk::with_code();
    for (name, algorithm, purpose) in [
        ("agrees", "x25519", "agree"),
        ("opens", "rsa-2048", "encrypt"),
        ("seals", "aes-256-gcm", "encrypt"),
    ] {
        desk.make(name, algorithm, purpose, &["--exportable"]);
        let out = desk.text("no.asc");
        let export = ["key", "export", name, "--format", "openpgp", "--out", &out];
        for how in ["--plaintext", "--public"] {
            let message = desk.refused(&[&export[..], &[how]].concat(), 1, "format_unsupported");
            assert!(message.contains("sign or authenticate"), "{message}");
        }
        assert!(!desk.path("no.asc").exists());
    }

    // One that may not leave still has a certificate, but its secret part stays.
    desk.make("stays", "ed25519", "sign", &[]);
    let out = desk.text("stays.asc");
    let export = ["key", "export", "stays", "--format", "openpgp", "--out", &out];
    desk.refused(&[&export[..], &["--plaintext"]].concat(), 1, "refused_by_policy");
    assert!(!desk.path("stays.asc").exists() && !desk.path("stays.rev.asc").exists());
    desk.ok(&[&export[..], &["--public"]].concat());
    let gpg = Gpg::new();
    gpg.run(&["--import", &out], b"");
    assert_eq!((gpg.fingerprints("-k").len(), gpg.fingerprints("-K").len()), (1, 0));

    // A file that is there already is left alone, and then none is written.
    desk.make("leaves", "ed25519", "sign", &["--exportable"]);
    fs::write(desk.path("taken.rev.asc"), "mine").unwrap();
    let out = desk.text("taken.asc");
    let export = ["key", "export", "leaves", "--format", "openpgp", "--out", &out, "--plaintext"];
    desk.refused(&export, 1, "exists");
    assert!(!desk.path("taken.asc").exists() && !desk.path("taken.pub.asc").exists());
    assert_eq!(fs::read(desk.path("taken.rev.asc")).unwrap(), b"mine");
    for bad in ["", "two\nlines", &"x".repeat(201)] {
        let out = desk.text("bad.asc");
        let export =
            ["key", "export", "leaves", "--format", "openpgp", "--out", &out, "--plaintext"];
        desk.refused(&[&export[..], &["--user-id", bad]].concat(), 2, "invalid_request");
    }

    // A key that was reported signs nothing any more, itself included.
    desk.ok(&["key", "revoke", "leaves", "--reason", "key_compromise", "--yes"]);
    let out = desk.text("revoked.asc");
    let export = ["key", "export", "leaves", "--format", "openpgp", "--out", &out, "--public"];
    desk.refused(&export, 1, "refused_by_state");
}

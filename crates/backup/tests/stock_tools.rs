//! A backup opens without anything of ours: with Debian's `age`, `tar`, `openssl` and `ssh-keygen`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use common::{Scene, age_key, database, secret, with_passphrase};
use keyreeve_backup::{Identity, IdentityError, OpenError, RecipientError, Recipients, verify};
use keyreeve_domain::ports::Silent;

/// Runs a tool that the tests need; its absence is a failure, not a reason to pass.
fn run(command: &mut Command) -> Output {
    let output = command
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("{command:?} is needed for this test: {error}"));
    assert!(
        output.status.success(),
        "{command:?}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// Extracts a plaintext tar with stock tar and checks what comes out.
fn assert_tar_holds_everything(scene: &Scene, tar: &Path) {
    let listed =
        run(Command::new("tar").arg("--list").arg("--quoting-style=literal").arg("-f").arg(tar));
    assert_eq!(
        String::from_utf8(listed.stdout).unwrap().lines().collect::<Vec<_>>(),
        [
            "manifest.json",
            "manifest.json.sig",
            "vault/header.json",
            "vault/vault.db",
            "plain/Schlüssel 🗝/private.pem",
            "inventory.cdx.json"
        ]
    );
    let out = scene.path("extracted");
    fs::create_dir(&out).unwrap();
    run(Command::new("tar").arg("--extract").arg("-f").arg(tar).arg("-C").arg(&out));
    assert_eq!(fs::read(out.join("vault/vault.db")).unwrap(), database());
    assert_eq!(
        fs::read(out.join("plain/Schlüssel 🗝/private.pem")).unwrap(),
        b"-----BEGIN PRIVATE KEY-----\n"
    );
    assert_eq!(fs::metadata(out.join("inventory.cdx.json")).unwrap().len(), 0);
    assert_openssl_verifies(scene, &out);
    assert_sha256sum_agrees(&out);
}

/// The signature is plain Ed25519 over one line and the manifest.
fn assert_openssl_verifies(scene: &Scene, out: &Path) {
    use base64::Engine as _;
    let base64 = base64::engine::general_purpose::STANDARD;
    let manifest = fs::read(out.join("manifest.json")).unwrap();
    let mut signed = b"keyreeve-backup-manifest-v1\n".to_vec();
    signed.extend_from_slice(&manifest);
    fs::write(scene.path("signed"), signed).unwrap();
    let line = fs::read_to_string(out.join("manifest.json.sig")).unwrap();
    fs::write(scene.path("signature"), base64.decode(line.trim_end()).unwrap()).unwrap();
    let parsed: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    let key = hex::decode(parsed["audit"]["publicKey"].as_str().unwrap()).unwrap();
    // RFC 8410: the one fixed beginning of an Ed25519 SubjectPublicKeyInfo.
    let spki = [&hex::decode("302a300506032b6570032100").unwrap()[..], &key].concat();
    fs::write(scene.path("key.der"), spki).unwrap();
    run(Command::new("openssl")
        .args(["pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey"])
        .arg(scene.path("key.der"))
        .arg("-sigfile")
        .arg(scene.path("signature"))
        .arg("-in")
        .arg(scene.path("signed")));
}

fn assert_sha256sum_agrees(out: &Path) {
    let manifest = fs::read(out.join("manifest.json")).unwrap();
    let parsed: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    let list: String = parsed["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| {
            format!("{}  {}\n", file["sha256"].as_str().unwrap(), file["path"].as_str().unwrap())
        })
        .collect();
    fs::write(out.join("SHA256SUMS"), list).unwrap();
    run(Command::new("sha256sum").args(["--check", "--strict", "SHA256SUMS"]).current_dir(out));
}

fn decrypt_with(scene: &Scene, backup: &Path, identity: &Path) {
    let tar = scene.path("plain.tar");
    run(Command::new("age").arg("-d").arg("-i").arg(identity).arg("-o").arg(&tar).arg(backup));
    assert_tar_holds_everything(scene, &tar);
}

fn make_ssh_key(scene: &Scene, kind: &str, passphrase: &str) -> (String, String) {
    let file = scene.path("ssh_key");
    run(Command::new("ssh-keygen")
        .args(["-q", "-t", kind, "-C", "a comment with spaces", "-N", passphrase, "-f"])
        .arg(&file));
    let public = fs::read_to_string(scene.path("ssh_key.pub")).unwrap();
    (public, fs::read_to_string(file).unwrap())
}

#[test]
fn stock_age_opens_it_with_a_key_of_age_keygen() {
    let scene = Scene::new();
    let key = scene.path("id.txt");
    run(Command::new("age-keygen").arg("-o").arg(&key));
    let recipient = run(Command::new("age-keygen").arg("-y").arg(&key)).stdout;
    let recipients = Recipients::parse(&String::from_utf8(recipient).unwrap()).unwrap();
    let backup = scene.path("out.age");
    scene.back_up(&backup, &recipients).unwrap();
    decrypt_with(&scene, &backup, &key);
    let identity = secret(&fs::read_to_string(&key).unwrap());
    verify(&backup, &Identity::parse(&identity, None).unwrap(), &Silent).unwrap();
}

#[test]
fn stock_age_opens_it_with_a_key_of_ssh_keygen() {
    for kind in ["ed25519", "rsa"] {
        let scene = Scene::new();
        let (public, private) = make_ssh_key(&scene, kind, "");
        // Beside another recipient, as people do.
        let recipients = Recipients::parse(&format!("{}\n{public}", age_key().0)).unwrap();
        assert!(!recipients.words()[1].contains("comment"));
        let backup = scene.path("out.age");
        scene.back_up(&backup, &recipients).unwrap();
        decrypt_with(&scene, &backup, &scene.path("ssh_key"));
        verify(&backup, &Identity::parse(&secret(&private), None).unwrap(), &Silent).unwrap();
    }
}

#[test]
fn an_ssh_key_with_a_passphrase_of_its_own_opens_it() {
    let scene = Scene::new();
    let (public, private) = make_ssh_key(&scene, "ed25519", "the key's own");
    let backup = scene.path("out.age");
    scene.back_up(&backup, &Recipients::parse(&public).unwrap()).unwrap();
    let private = secret(&private);
    let parsed =
        |passphrase: Option<&str>| Identity::parse(&private, passphrase.map(secret).as_ref());
    assert_eq!(parsed(None).unwrap_err(), IdentityError::PassphraseNeeded);
    verify(&backup, &parsed(Some("the key's own")).unwrap(), &Silent).unwrap();
    let wrong = verify(&backup, &parsed(Some("another")).unwrap(), &Silent);
    assert!(matches!(wrong, Err(OpenError::WrongKeyPassphrase)), "{wrong:?}");
}

#[test]
fn ssh_keys_that_age_does_not_take_are_named() {
    let scene = Scene::new();
    let (public, private) = make_ssh_key(&scene, "ecdsa", "");
    let refused = Recipients::parse(&public).unwrap_err();
    assert_eq!(
        refused,
        RecipientError::UnsupportedSsh { line: 1, kind: "ecdsa-sha2-nistp256".into() }
    );
    let refused = Identity::parse(&secret(&private), None).unwrap_err();
    assert_eq!(refused, IdentityError::UnsupportedSsh);
}

/// Stock age asks a terminal for a passphrase; `script` is one.
#[test]
fn stock_age_opens_it_with_the_passphrase() {
    let scene = Scene::new();
    let backup = scene.path("out.age");
    scene.back_up(&backup, &with_passphrase("correct horse 🗝")).unwrap();
    let mut child = Command::new("script")
        .args(["--quiet", "--return", "--command", "age -d -o plain.tar out.age", "/dev/null"])
        .current_dir(scene.scratch.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("script is needed for this test");
    let mut terminal = child.stdin.take().unwrap();
    terminal.write_all("correct horse 🗝\n".as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    drop(terminal);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_tar_holds_everything(&scene, &scene.path("plain.tar"));
}

#[test]
fn what_stock_tools_made_is_no_backup_but_opens() {
    let scene = Scene::new();
    let (recipient, identity) = age_key();
    fs::write(scene.path("plain"), "just a letter").unwrap();
    run(Command::new("age")
        .args(["-r", &recipient, "-o"])
        .arg(scene.path("letter.age"))
        .arg(scene.path("plain")));
    let identity = Identity::parse(&identity, None).unwrap();
    let refused = verify(&scene.path("letter.age"), &identity, &Silent);
    assert!(
        matches!(refused, Err(OpenError::NotABackup | OpenError::Damaged { .. })),
        "{refused:?}"
    );
}

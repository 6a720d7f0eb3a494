//! A backup opens without anything of ours: with Debian's `age`, `tar`, `openssl` and `ssh-keygen`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use common::{Scene, age_key, database, identity_file, secret, with_passphrase};
use keyreeve_backup::{Identity, IdentityError, OpenError, RecipientError, Recipients, verify};
use keyreeve_domain::ports::Silent;
use keyreeve_formats::AgeRecipientError;

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
    make_ssh_key_with(scene, kind, passphrase, &[])
}

fn make_ssh_key_with(
    scene: &Scene,
    kind: &str,
    passphrase: &str,
    more: &[&str],
) -> (String, String) {
    let file = scene.path("ssh_key");
    run(Command::new("ssh-keygen")
        .args(["-q", "-t", kind, "-C", "a comment with spaces", "-N", passphrase])
        .args(more)
        .arg("-f")
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
    let identity = identity_file(fs::read(&key).unwrap());
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
        let private = identity_file(private);
        assert!(!Identity::needs_passphrase(&private).unwrap());
        verify(&backup, &Identity::parse(&private, None).unwrap(), &Silent).unwrap();
    }
}

#[test]
fn an_ssh_key_with_a_passphrase_of_its_own_opens_it() {
    for (kind, cipher) in
        [("ed25519", "aes256-ctr"), ("ed25519", "aes256-gcm@openssh.com"), ("rsa", "aes256-cbc")]
    {
        let scene = Scene::new();
        let (public, private) = make_ssh_key_with(&scene, kind, "the key's own", &["-Z", cipher]);
        let backup = scene.path("out.age");
        scene.back_up(&backup, &Recipients::parse(&public).unwrap()).unwrap();
        let private = identity_file(private);
        assert!(Identity::needs_passphrase(&private).unwrap());
        let parsed =
            |passphrase: Option<&str>| Identity::parse(&private, passphrase.map(secret).as_ref());
        assert_eq!(parsed(None).unwrap_err(), IdentityError::PassphraseNeeded);
        verify(&backup, &parsed(Some("the key's own")).unwrap(), &Silent).unwrap();
        for wrong in ["another", "", "the key's own "] {
            assert_eq!(
                parsed(Some(wrong)).unwrap_err(),
                IdentityError::WrongPassphrase,
                "{cipher}"
            );
        }
    }
}

#[test]
fn an_ssh_key_that_would_take_minutes_to_open_is_refused_at_once() {
    let scene = Scene::new();
    let (_, private) = make_ssh_key_with(&scene, "ed25519", "p", &["-a", "32"]);
    // The number of rounds stands in the clear, after the salt.
    let lines: Vec<_> = private.lines().collect();
    let mut bytes = base64_decoded(&lines[1..lines.len() - 1].concat());
    let rounds = bytes.windows(4).position(|four| four == 32u32.to_be_bytes()).unwrap();
    let refused = |bytes: &[u8]| Identity::parse(&openssh_file(bytes), Some(&secret("p")));
    refused(&bytes).unwrap();
    bytes[rounds..rounds + 4].copy_from_slice(&1025u32.to_be_bytes());
    let error = refused(&bytes).unwrap_err();
    assert!(matches!(error, IdentityError::ExcessiveWork { .. }), "{error:?}");
    bytes[rounds..rounds + 4].copy_from_slice(&u32::MAX.to_be_bytes());
    let error = refused(&bytes).unwrap_err();
    assert!(error.to_string().contains("4294967295"), "{error}");
}

fn base64_decoded(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.decode(text).unwrap()
}

/// A private key's bytes as OpenSSH writes them into a file.
fn openssh_file(bytes: &[u8]) -> keyreeve_crypto::SecretBytes {
    use base64::Engine as _;
    let base64 = base64::engine::general_purpose::STANDARD.encode(bytes);
    let lines: String = base64
        .as_bytes()
        .chunks(70)
        .map(|line| format!("{}\n", std::str::from_utf8(line).unwrap()))
        .collect();
    let (begin, end) = ("-----BEGIN OPENSSH PRIVATE KEY-----", "-----END OPENSSH PRIVATE KEY-----");
    identity_file(format!("{begin}\n{lines}{end}\n"))
}

/// `age --passphrase` asks a terminal twice; `script` is one.
#[test]
fn an_identity_file_that_stock_age_encrypted_opens_it() {
    let scene = Scene::new();
    let (recipient, identity) = age_key();
    let backup = scene.path("out.age");
    scene.back_up(&backup, &Recipients::parse(&recipient).unwrap()).unwrap();
    fs::write(scene.path("id.txt"), identity.expose()).unwrap();
    for (name, armour) in [("binary", ""), ("armoured", "-a")] {
        let command = format!("age -p {armour} -o {name} id.txt");
        at_terminal(&scene, &command, "the file's 🗝\nthe file's 🗝\n");
        let locked = identity_file(fs::read(scene.path(name)).unwrap());
        assert!(Identity::needs_passphrase(&locked).unwrap());
        let parsed =
            |passphrase: Option<&str>| Identity::parse(&locked, passphrase.map(secret).as_ref());
        assert_eq!(parsed(None).unwrap_err(), IdentityError::PassphraseNeeded);
        verify(&backup, &parsed(Some("the file's 🗝")).unwrap(), &Silent).unwrap();
        assert_eq!(parsed(Some("another")).unwrap_err(), IdentityError::WrongPassphrase);
        // Cut short, it is no identity file any more, whatever the passphrase.
        let cut = locked.expose()[..locked.len() - 20].to_vec();
        let cut = Identity::parse(&identity_file(cut), Some(&secret("the file's 🗝")));
        assert_eq!(cut.unwrap_err(), IdentityError::Malformed);
    }
}

#[test]
fn an_identity_file_that_is_encrypted_for_keys_or_a_trap_is_named() {
    let scene = Scene::new();
    let (recipient, identity) = age_key();
    fs::write(scene.path("id.txt"), identity.expose()).unwrap();
    run(Command::new("age")
        .args(["-r", &recipient, "-o", "for-keys", "id.txt"])
        .current_dir(scene.scratch.path()));
    let parsed = |name: &str| {
        let file = identity_file(fs::read(scene.path(name)).unwrap());
        Identity::parse(&file, Some(&secret("p"))).unwrap_err()
    };
    assert_eq!(parsed("for-keys"), IdentityError::EncryptedForKeys);
    // The header says how much work it takes; nobody checks it before it is done.
    let trap = "age-encryption.org/v1\n-> scrypt c2FsdHNhbHRzYWx0c2FsdA 30\n\
                AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n\
                --- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n0123456789abcdef";
    fs::write(scene.path("trap"), trap).unwrap();
    assert_eq!(parsed("trap"), IdentityError::ExcessiveWork { work: "2^30".into() });
}

#[test]
fn ssh_keys_that_age_does_not_take_are_named() {
    let scene = Scene::new();
    let (public, private) = make_ssh_key(&scene, "ecdsa", "");
    let refused = Recipients::parse(&public).unwrap_err();
    assert_eq!(
        refused,
        RecipientError::Line {
            line: 1,
            error: AgeRecipientError::UnsupportedSsh { kind: "ecdsa-sha2-nistp256".into() },
        }
    );
    let refused = Identity::parse(&identity_file(private), None).unwrap_err();
    assert_eq!(refused, IdentityError::UnsupportedSsh);
    // The passphrase is not even asked for where it would help nothing.
    fs::remove_file(scene.path("ssh_key")).unwrap();
    let (_, locked) = make_ssh_key(&scene, "ecdsa", "the key's own");
    let refused = Identity::needs_passphrase(&identity_file(locked)).unwrap_err();
    assert_eq!(refused, IdentityError::UnsupportedSsh);
}

/// Stock age asks a terminal for a passphrase.
#[test]
fn stock_age_opens_it_with_the_passphrase() {
    let scene = Scene::new();
    let backup = scene.path("out.age");
    scene.back_up(&backup, &with_passphrase("correct horse 🗝")).unwrap();
    at_terminal(&scene, "age -d -o plain.tar out.age", "correct horse 🗝\n");
    assert_tar_holds_everything(&scene, &scene.path("plain.tar"));
}

/// Runs `command` at a terminal, which `script` gives it, at which `typed` is typed.
fn at_terminal(scene: &Scene, command: &str, typed: &str) {
    let mut child = Command::new("script")
        .args(["--quiet", "--return", "--command", command, "/dev/null"])
        .current_dir(scene.scratch.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("script is needed for this test");
    let mut terminal = child.stdin.take().unwrap();
    terminal.write_all(typed.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    drop(terminal);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
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

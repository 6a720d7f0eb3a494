//! What Keyreeve writes is read by programs that share nothing with it: `tests/independent`,
//! written in Python from `docs/vault-format.md`.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use keyreeve_app::api::ErrorCode;
use keyreeve_app::{UnlockedSession, audit, certificates, keys, known_keys, slots, vault};
use keyreeve_domain::ports::Silent;
use keyreeve_tests::{PASSPHRASE, TestWorld, new_key, request};
use serde_json::{Value, json};

/// Runs a program of `tests/independent` with the Python that the setup installed.
fn python(program: &str, arguments: &[&Path]) -> Output {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = tests.join("../.venv/bin/python3");
    assert!(python.exists(), "no {}: run `node scripts/setup.mjs test` first", python.display());
    Command::new(python)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .arg(tests.join("independent").join(program))
        .args(arguments)
        .output()
        .unwrap()
}

fn accepted(output: Output) -> Value {
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn refused(output: Output) -> String {
    assert!(!output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stderr).unwrap()
}

fn passphrase_file(world: &TestWorld, passphrase: &str) -> PathBuf {
    let file = world.folder.path().join(format!("passphrase-{}", passphrase.len()));
    std::fs::write(&file, format!("{passphrase}\n")).unwrap();
    file
}

fn read(world: &TestWorld, passphrase: &Path, key: &[&str]) -> Output {
    let vault = world.path("v");
    let mut arguments = vec![vault.as_path(), passphrase];
    arguments.extend(key.iter().map(Path::new));
    python("read_vault.py", &arguments)
}

/// Exports `key` with its material and answers the file's bytes.
fn exported(world: &TestWorld, session: &UnlockedSession, key: &str, format: &str) -> Vec<u8> {
    let out = world.folder.path().join(format!("{key}.{format}"));
    let export = request(json!({
        "key": key, "format": format, "out": out, "plaintext": true, "proof": { "passphrase": PASSPHRASE }
    }));
    keys::export_key(session, &export).unwrap();
    std::fs::read(out).unwrap()
}

/// A vault in which every kind of thing happened to keys.
fn lived_in(world: &TestWorld) -> UnlockedSession {
    let session = world.create("v");
    let described = request(json!({
        "name": "Größe 🔑 «x»", "algorithm": "aes-256-gcm", "purpose": "encrypt",
        "exportable": true, "owner": "storage", "note": "two\nlines", "tags": ["prod", "Äther", "a"],
        "whereUsed": [{ "kind": "host", "value": "db1.example" }, { "kind": "url", "value": "https://x" }],
        "fields": [{ "name": "ticket", "value": "OPS-7" }, { "name": "empty", "value": "" }]
    }));
    keys::create_key(&session, &described).unwrap();
    for (name, algorithm, purpose) in [
        ("login", "ed25519", "authenticate"),
        ("tls", "ec-p384", "sign"),
        ("old", "ec-p256", "sign"),
        ("leaked", "hmac-sha256", "mac"),
        ("later", "x25519", "agree"),
    ] {
        let mut new = new_key(name, algorithm, purpose);
        new.activate_at = (name == "later").then(|| "2027-12-01T00:00:00Z".into());
        keys::create_key(&session, &new).unwrap();
    }
    let on = |key: &str| json!({ "key": key, "reason": "test “reason”", "waitDays": 7 });
    keys::rotate_key(&session, &request(json!({ "key": "login", "reason": "yearly" }))).unwrap();
    keys::suspend_key(&session, &request(json!({ "key": "login" }))).unwrap();
    keys::revoke_key(&session, &request(json!({ "key": "leaked", "reason": "seen" }))).unwrap();
    keys::deactivate_key(&session, &request(json!({ "key": "old", "reason": "retired" }))).unwrap();
    keys::destroy_key(&session, &request(on("old"))).unwrap();
    keys::destroy_key(&session, &request(on("leaked"))).unwrap();
    certify(world, &session);
    know(&session);
    world.clock.advance_days(8);
    vault::run_due(&session).unwrap();
    session
}

/// Has certificates made, renewed and revoked.
fn certify(world: &TestWorld, session: &UnlockedSession) {
    let file = |name: &str| world.folder.path().join(name);
    let root = certificates::self_sign(
        session,
        &request(json!({
            "wish": { "key": "tls", "subject": "CN=Wurzel Ω", "out": file("root.pem") },
            "authority": true
        })),
    )
    .unwrap();
    let wish = json!({ "key": "tls", "subject": "CN=leaf", "out": file("leaf.csr"),
        "alternativeNames": ["dns:leaf.example"] });
    certificates::request_certificate(session, &request(wish)).unwrap();
    let issue = json!({ "key": "tls", "request": file("leaf.csr"), "template": "tls-server",
        "out": file("leaf.pem") });
    let leaf = certificates::issue_certificate(session, &request(issue)).unwrap();
    certificates::renew_certificate(session, &request(json!({ "certificate": root.certificate })))
        .unwrap();
    let revoke =
        json!({ "certificate": leaf.certificate, "code": "key-compromise", "reason": "x" });
    certificates::revoke_certificate(session, &request(revoke)).unwrap();
    let said = json!({ "owner": "ops", "note": "Ω", "tags": ["z", "a", "Äther"] });
    let edit = json!({ "certificate": leaf.certificate, "description": said });
    certificates::edit_certificate(session, &request(edit)).unwrap();
}

/// A key that is too short for the vault to make one.
const RSA_1024: &str = "AAAAB3NzaC1yc2EAAAADAQABAAAAgQCyy0rYCkAd8b87nLmHeD0hz0WULMzOm/3AaZhCj0vfGpaHAv/w\
         kkQ8l3Nkktegv7/be6XoeypH46doFPNsdoqLfaLTyVTpOU7sm+OVdziWXKkr27aSpAfCRLRRt5VqM0Hd\
         UFZNFGzG7wwzu/acd6DzE22a31INbayrZeu5qJhciw==";

/// Has public keys of others kept, changed and removed.
fn know(session: &UnlockedSession) {
    let line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI";
    let lines = format!(
        "{line}LdrYI7fMvzmQY1wI5kSXNQn2b5w4cL1wgZe3YivwbMU one\n\
         {line}BybUe5lEKdKjKjg+sa6/+2bzlVUf9Hy22LyqXP4vPxK two\n\
         ssh-rsa {RSA_1024} three\n"
    );
    let staged = json!({ "text": lines });
    let found = keys::stage_import(session, &request(staged), &Silent).unwrap();
    let choices: Vec<_> = found.items.iter().map(|item| json!({ "number": item.number })).collect();
    let import = json!({ "choices": choices, "exportable": true, "tags": ["b", "a"] });
    let done = keys::import_keys(session, &request(import), &Silent).unwrap();
    assert_eq!(done.public_keys, 3);
    let edit = json!({ "publicKey": "one", "name": "Größe", "description": { "note": "x" } });
    known_keys::edit_known_key(session, &request(edit)).unwrap();
    known_keys::remove_known_key(session, &request(json!({ "publicKey": "two" }))).unwrap();
}

#[test]
fn another_program_reads_the_vault_and_finds_every_check_holding() {
    let world = TestWorld::new();
    let session = lived_in(&world);
    let raw = exported(&world, &session, "Größe 🔑 «x»", "raw");
    let pkcs8 = exported(&world, &session, "tls", "pkcs8-der");
    let verified = audit::verify_audit(&session, &request(json!({})), &Silent).unwrap();
    vault::lock_vault(session, "user").unwrap();

    let passphrase = passphrase_file(&world, PASSPHRASE);
    let checked = accepted(python("check_vault.py", &[&world.path("v"), &passphrase]));
    // The verification and the lock were logged after it.
    assert_eq!(checked["size"], verified.size + 2);
    assert_eq!(checked["keys"], serde_json::json!(verified.keys));
    assert_eq!((&checked["certificates"], verified.certificates), (&json!(3), Some(3)));
    assert_eq!((&checked["public_keys"], verified.public_keys), (&json!(2), Some(2)));
    assert!(checked["checkpoints"].as_u64().unwrap() >= 2);

    let found = accepted(read(&world, &passphrase, &[]));
    let mut states: Vec<_> = found["keys"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| format!("{} {} {}", key["name"], key["state"], key["versions"]).replace('"', ""))
        .collect();
    states.sort_unstable();
    assert_eq!(
        states,
        [
            "Größe 🔑 «x» active [active]",
            "later pre_active [pre_active]",
            "leaked destroyed [destroyed]",
            "login suspended [deactivated,suspended]",
            "old destroyed [destroyed]",
            "tls active [active]",
        ]
    );

    let material = |key: &[&str]| {
        let found = accepted(read(&world, &passphrase, key));
        hex::decode(found["material"].as_str().unwrap()).unwrap()
    };
    assert_eq!(material(&["Größe 🔑 «x»"]), raw);
    assert_eq!(material(&["tls"]), pkcs8);
    // Its state keeps the newer version in the vault; both are read all the same.
    assert_ne!(material(&["login", "1"]), material(&["login", "2"]));
    assert!(refused(read(&world, &passphrase, &["old"])).contains("destroyed"));
}

#[test]
fn another_program_follows_a_rotated_material_key_done_and_half_done() {
    let world = TestWorld::new();
    let session = lived_in(&world);
    let raw = exported(&world, &session, "tls", "pkcs8-der");
    let passphrase = passphrase_file(&world, PASSPHRASE);
    let old = std::fs::read(world.path("v").join("header.json")).unwrap();
    let agrees = || {
        accepted(python("check_vault.py", &[&world.path("v"), &passphrase]));
        let found = accepted(read(&world, &passphrase, &["tls"]));
        assert_eq!(hex::decode(found["material"].as_str().unwrap()).unwrap(), raw);
        accepted(read(&world, &passphrase, &["login", "1"]));
    };
    let proof = session.reauthenticate(&request(json!({ "passphrase": PASSPHRASE }))).unwrap();
    let rotate = || slots::rotate_material_key(&session, "", &proof, &Silent);
    // A folder in the place of the file that the header is first written to.
    let in_the_way = world.path("v").join("header.json.new");
    std::fs::create_dir(&in_the_way).unwrap();
    rotate().unwrap_err();
    agrees();
    std::fs::remove_dir(&in_the_way).unwrap();
    drop(session);
    vault::lock_vault(world.unlock("v").unwrap(), "user").unwrap();
    agrees();

    for copy in ["header.json", "header.backup.json"] {
        std::fs::write(world.path("v").join(copy), &old).unwrap();
    }
    assert!(refused(read(&world, &passphrase, &["tls"])).contains("older than"));
}

#[test]
fn another_program_recovers_with_shares_and_with_a_code() {
    let world = TestWorld::new();
    let session = world.create("v");
    keys::create_key(&session, &new_key("k", "ed25519", "sign")).unwrap();
    let proof = session.reauthenticate(&request(json!({ "passphrase": PASSPHRASE }))).unwrap();
    for (name, form) in [("shares", json!({ "shares": 5, "threshold": 3 })), ("code", json!({}))] {
        let mut make = form.clone();
        make["proof"] = json!({});
        let sheet = slots::make_recovery(&session, &request(make), &proof).unwrap();
        let add = request(json!({
            "name": name, "role": "administrator", "proof": {},
            "parts": [{ "kind": "recovery", "texts": sheet.texts }]
        }));
        slots::add_slot(&session, &add, &proof).unwrap();

        let file = world.folder.path().join(name);
        let needed: Vec<_> = sheet.texts.iter().rev().take(3).map(String::as_str).collect();
        std::fs::write(&file, format!("{}\n", needed.join("\n"))).unwrap();
        accepted(read(&world, &file, &["k"]));
        let few = needed[1..].join("\n");
        std::fs::write(&file, format!("{few}\n")).unwrap();
        assert!(refused(read(&world, &file, &[])).contains("opens no slot"));
    }
}

#[test]
fn another_program_refuses_what_keyreeve_refuses() {
    let world = TestWorld::new();
    vault::lock_vault(lived_in(&world), "user").unwrap();
    let right = passphrase_file(&world, PASSPHRASE);
    let wrong = passphrase_file(&world, "not the passphrase");
    assert!(refused(read(&world, &wrong, &[])).contains("opens no slot"));

    // A changed header has a wrong checksum; the other copy stands in for it.
    let header = world.path("v").join("header.json");
    let text = std::fs::read_to_string(&header).unwrap();
    std::fs::write(&header, text.replacen("\"sequence\":", "\"sequence\":1", 1)).unwrap();
    accepted(read(&world, &right, &[]));
    std::fs::remove_file(world.path("v").join("header.backup.json")).unwrap();
    assert!(refused(read(&world, &right, &[])).contains("no valid header"));
    std::fs::write(&header, text).unwrap();
    accepted(read(&world, &right, &[]));
}

#[test]
fn a_weak_public_key_that_is_given_out_as_a_sound_one_is_noticed_by_both() {
    let world = TestWorld::new();
    vault::lock_vault(lived_in(&world), "user").unwrap();
    let passphrase = passphrase_file(&world, PASSPHRASE);
    let arguments = [world.path("v"), passphrase];
    let arguments = arguments.each_ref().map(PathBuf::as_path);
    accepted(python("check_vault.py", &arguments));
    assert_eq!(accepted(python("change_row.py", &arguments))["changed"], 1);
    let said = refused(python("check_vault.py", &arguments));
    assert!(said.contains("not what the log last said"), "{said}");
    let session = world.unlock("v").unwrap();
    let said = audit::verify_audit(&session, &request(json!({})), &Silent).unwrap_err();
    assert_eq!(said.code(), ErrorCode::Tampered, "{said:?}");
}

#[test]
fn another_program_verifies_an_exported_log() {
    let world = TestWorld::new();
    let session = lived_in(&world);
    let file = world.folder.path().join("log.jsonl");
    let export = audit::export_audit(&session, &request(json!({ "out": file })), &Silent).unwrap();
    let ours = audit::verify_audit_file(&file).unwrap();
    let theirs = accepted(python("verify_export.py", &[&file]));
    assert_eq!((&theirs["size"], &theirs["root"]), (&json!(export.entries), &json!(ours.root)));

    let text = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<_> = text.lines().collect();
    let without = |index: usize| {
        let kept = lines.iter().enumerate().filter(|(at, _)| *at != index);
        kept.map(|(_, line)| format!("{line}\n")).collect::<String>()
    };
    for changed in [
        text.replacen("key.rotate", "key.rename", 1),
        text.replacen("\"publicKey\":\"", "\"publicKey\":\"00", 1),
        text.replacen("\\n\\n— ", "\\n\\n- ", 1),
        without(1),
        without(3),
        without(lines.len() - 2),
        without(lines.len() - 1),
        text.trim_end().to_owned(),
    ] {
        let changed_file = world.folder.path().join("changed.jsonl");
        std::fs::write(&changed_file, &changed).unwrap();
        refused(python("verify_export.py", &[&changed_file]));
        assert!(audit::verify_audit_file(&changed_file).is_err());
    }
}

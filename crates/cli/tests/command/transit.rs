//! Keys go to a real transit engine, OpenBao's, and come from it.

use std::fs;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::Value;
use tempfile::TempDir;

use crate::desk::Desk;
use crate::openbao_rig::OpenBaoRig;

/// What the server is asked for when a key is to leave it again.
const MAY_LEAVE: &str = "exportable=true allow_plaintext_backup=true";

struct Engine {
    rig: OpenBaoRig,
    _home: TempDir,
}

impl Engine {
    fn new() -> Self {
        let home = TempDir::new().unwrap();
        Self { rig: OpenBaoRig::new(home.path()), _home: home }
    }

    /// Writes the backup of a key of the engine into a file of the desk's.
    fn back_up(&self, key: &str, desk: &Desk) -> String {
        let file = desk.text(&format!("{key}.backup"));
        let place = format!("transit/backup/{key}");
        fs::write(&file, self.rig.ok(&["read", "-field=backup", &place])).unwrap();
        file
    }

    /// What the engine says of a key's latest version.
    fn public(&self, key: &str) -> String {
        let place = format!("transit/keys/{key}");
        let said: Value =
            serde_json::from_str(&self.rig.ok(&["read", "-format=json", &place])).unwrap();
        let latest = said["data"]["latest_version"].to_string();
        said["data"]["keys"][latest]["public_key"].as_str().unwrap().to_owned()
    }

    /// The bytes of one version of a symmetric key.
    fn bytes(&self, key: &str, class: &str, version: &str) -> Vec<u8> {
        let place = format!("transit/export/{class}/{key}");
        let said: Value =
            serde_json::from_str(&self.rig.ok(&["read", "-format=json", &place])).unwrap();
        BASE64_STANDARD.decode(said["data"]["keys"][version].as_str().unwrap()).unwrap()
    }
}

/// The public half as the engine writes it: Ed25519's as bytes, the others as PEM.
fn public(desk: &Desk, key: &str) -> String {
    let out = desk.text(&format!("{key}.spki"));
    desk.ok(&["key", "export", key, "--format", "spki-pem", "--out", &out]);
    let pem = fs::read_to_string(out).unwrap();
    if !key.starts_with("ed25519") {
        return pem;
    }
    let der: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = BASE64_STANDARD.decode(der).unwrap();
    BASE64_STANDARD.encode(&der[der.len() - 32..])
}

fn raw(desk: &Desk, key: &str) -> Vec<u8> {
    let out = desk.text(&format!("{key}.raw"));
    desk.ok(&["key", "export", key, "--format", "raw", "--plaintext", "--out", &out]);
    fs::read(out).unwrap()
}

#[test]
fn openbao_takes_each_package_by_the_command_that_was_printed() {
    let (engine, desk) = (Engine::new(), Desk::with_code());
    let wrapping = desk.text("wrapping.pem");
    fs::write(&wrapping, engine.rig.ok(&["read", "-field=public_key", "transit/wrapping_key"]))
        .unwrap();
    for (key, purpose, class) in [
        ("aes-128-gcm", "encrypt", "encryption-key"),
        ("aes-256-gcm", "encrypt", "encryption-key"),
        ("chacha20-poly1305", "encrypt", "encryption-key"),
        ("hmac-sha256", "mac", "hmac-key"),
        ("hmac-sha512", "mac", "hmac-key"),
        ("rsa-2048", "sign", ""),
        ("rsa-4096", "sign", ""),
        ("ec-p256", "sign", ""),
        ("ec-p384", "sign", ""),
        ("ec-p521", "sign", ""),
        ("ed25519", "sign", ""),
    ] {
        desk.make(key, key, purpose, &["--exportable"]);
        let package = desk.text(&format!("{key} for the engine"));
        let args = ["byok", "transit", key, "--wrapping-key", &wrapping, "--out", &package];
        let said = desk.ok(&args);
        let command = said["command"].as_str().unwrap().replace("NAME", key);
        engine.rig.shell(&format!("{command} {MAY_LEAVE}"));
        if class.is_empty() {
            assert_eq!(engine.public(key), public(&desk, key), "{key}");
        } else {
            assert!(engine.bytes(key, class, "1") == raw(&desk, key), "{key}");
        }
        // What the engine backs up is the key, whole.
        let shown = desk.ok(&["key", "import", &engine.back_up(key, &desk), "--dry-run"]);
        let item = &shown["items"][0];
        assert_eq!(item["outcome"], "duplicate", "{shown}");
        assert_eq!(item["form"], "transit-backup", "{shown}");
    }
}

#[test]
fn keys_that_openbao_made_come_in_from_its_backups() {
    let (engine, desk) = (Engine::new(), Desk::with_code());
    let made = |name: &str, kind: &str, more: &str| {
        engine
            .rig
            .shell(&format!("vault write transit/keys/{name} type={kind} {MAY_LEAVE} {more}"));
        engine.back_up(name, &desk)
    };
    for kind in ["ecdsa-p256", "ecdsa-p384", "ecdsa-p521", "ed25519", "rsa-2048", "rsa-3072"] {
        let done = desk.ok(&["key", "import", &made(kind, kind, "")]);
        assert_eq!(done["imported"], 1, "{done}");
        assert_eq!(done["items"][0]["name"], kind, "{done}");
        assert_eq!(engine.public(kind), public(&desk, kind), "{kind}");
    }
    for (kind, class, more, algorithm) in [
        ("aes128-gcm96", "encryption-key", "", "aes-128-gcm"),
        ("aes256-gcm96", "encryption-key", "", "aes-256-gcm"),
        ("chacha20-poly1305", "encryption-key", "", "chacha20-poly1305"),
        ("hmac", "hmac-key", "key_size=64", "hmac-sha512"),
    ] {
        let done = desk.ok(&["key", "import", &made(kind, kind, more)]);
        assert_eq!(done["items"][0]["algorithm"], algorithm, "{done}");
        assert!(engine.bytes(kind, class, "1") == raw(&desk, kind), "{kind}");
    }

    // Versions that are no longer used are there too, and what the command prints as JSON is read as well.
    made("turned", "aes256-gcm96", "");
    engine.rig.ok(&["write", "-f", "transit/keys/turned/rotate"]);
    engine.rig.ok(&["write", "-f", "transit/keys/turned/rotate"]);
    let versions = ["1", "2", "3"].map(|each| engine.bytes("turned", "encryption-key", each));
    engine.rig.ok(&["write", "transit/keys/turned/config", "min_decryption_version=3"]);
    let json = desk.text("turned.json");
    let place = ["read", "-format=json", "transit/backup/turned"];
    fs::write(&json, engine.rig.ok(&place)).unwrap();
    let done = desk.ok(&["key", "import", &json]);
    assert_eq!(done["imported"], 3, "{done}");
    for (version, bytes) in (1..).zip(versions) {
        assert!(raw(&desk, &format!("turned version {version}")) == bytes, "version {version}");
    }
    // Versions that were trimmed away are not miscounted.
    engine.rig.ok(&["write", "transit/keys/turned/config", "min_encryption_version=3"]);
    engine.rig.ok(&["write", "transit/keys/turned/trim", "min_available_version=2"]);
    let args = ["key", "import", &engine.back_up("turned", &desk), "--dry-run"];
    let done = desk.ok(&args);
    let items = done["items"].as_array().unwrap().iter();
    let found: Vec<_> = items.map(|item| (&item["comment"], &item["outcome"])).collect();
    let known = |version: &str| (Value::from(version), Value::from("duplicate"));
    let (second, third) = (known("turned version 2"), known("turned version 3"));
    assert_eq!(found, [(&second.0, &second.1), (&third.0, &third.1)], "{done}");

    for (name, kind, more) in [
        ("derived", "aes256-gcm96", "derived=true"),
        ("extended", "xchacha20-poly1305", ""),
        ("odd", "hmac", "key_size=77"),
    ] {
        let file = made(name, kind, more);
        let done = desk.run(&["key", "import", &file, "--json"]);
        assert_eq!(done.exit, 5, "{done:?}");
        let done = done.json();
        assert_eq!(
            (&done["imported"], &done["items"][0]["outcome"]),
            (&0.into(), &"unsupported".into())
        );
        let problem = done["items"][0]["problem"].as_str().unwrap();
        assert!(problem.contains("transit engine"), "{problem}");
    }
}

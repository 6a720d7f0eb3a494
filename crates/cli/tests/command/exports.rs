//! Exported keys load in stock tools, and are the keys that `key show` tells of.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use serde_json::Value;

use crate::desk::{Desk, members};

const FILE_PASSPHRASE: &str = "pebble orbit lunar crayon";

fn tool(program: &str, args: &[&str]) -> (bool, String, String) {
    let output = Command::new(program).args(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

fn must(program: &str, args: &[&str]) -> String {
    let (fine, out, err) = tool(program, args);
    assert!(fine, "{program} {args:?}: {out}{err}");
    out
}

/// Exports into a new file and gives its path.
fn export(desk: &Desk, key: &str, format: &str, more: &[&str]) -> String {
    let out = desk.text(&format!("{key}.{format}.{}", more.len()));
    let mut args = vec!["key", "export", key, "--format", format, "--out", &out];
    args.extend(more);
    let done = desk.ok(&args);
    assert_eq!(members(&done), ["bytes", "file", "format"]);
    assert_eq!((&done["file"], &done["format"]), (&out.as_str().into(), &format.into()));
    let found = fs::metadata(&out).unwrap();
    assert_eq!(done["bytes"].as_u64().unwrap(), found.len());
    assert_eq!(found.permissions().mode() & 0o777, 0o600);
    out
}

fn version(shown: &Value) -> &Value {
    &shown["key"]["versions"][0]
}

#[test]
fn every_asymmetric_key_that_openssl_knows_loads_and_has_the_public_half_shown() {
    let desk = Desk::with_code();
    let file_passphrase = desk.secret("file passphrase", FILE_PASSPHRASE);
    for (algorithm, purpose) in [
        ("rsa-2048", "sign"),
        ("rsa-3072", "authenticate"),
        ("rsa-4096", "sign"),
        ("ec-p256", "sign"),
        ("ec-p384", "agree"),
        ("ec-p521", "sign"),
        ("ec-secp256k1", "sign"),
        ("ed25519", "sign"),
        ("x25519", "agree"),
    ] {
        let shown = desk.make(algorithm, algorithm, purpose, &["--exportable"]);
        let public_key = version(&shown)["publicKey"].as_str().unwrap();
        let plain = export(&desk, algorithm, "pkcs8-pem", &["--plaintext"]);
        assert_eq!(must("openssl", &["pkey", "-in", &plain, "-pubout"]), public_key, "{algorithm}");
        let der = export(&desk, algorithm, "pkcs8-der", &["--plaintext"]);
        let out = must("openssl", &["pkey", "-inform", "DER", "-in", &der, "-pubout"]);
        assert_eq!(out, public_key, "{algorithm}");
        let sealed =
            export(&desk, algorithm, "pkcs8-pem", &["--encrypt-passphrase-file", &file_passphrase]);
        let pass = format!("file:{file_passphrase}");
        let out = must("openssl", &["pkey", "-in", &sealed, "-passin", &pass, "-pubout"]);
        assert_eq!(out, public_key, "{algorithm}");
        assert!(!tool("openssl", &["pkey", "-in", &sealed, "-passin", "pass:x", "-noout"]).0);
        let spki = export(&desk, algorithm, "spki-pem", &["--public"]);
        assert_eq!(fs::read_to_string(&spki).unwrap(), public_key);
        let digest = spki_sha256(&desk, &spki);
        assert_eq!(version(&shown)["fingerprints"]["spki-sha256"], digest.as_str(), "{algorithm}");
    }
    for algorithm in ["ec-p256", "ec-p384", "ec-p521", "ec-secp256k1"] {
        let file = export(&desk, algorithm, "sec1-pem", &["--plaintext"]);
        must("openssl", &["ec", "-in", &file, "-noout", "-check"]);
    }
}

/// SHA-256 of a public half, by openssl.
fn spki_sha256(desk: &Desk, pem: &str) -> String {
    let der = desk.text("spki.der");
    must("openssl", &["pkey", "-pubin", "-in", pem, "-outform", "DER", "-out", &der]);
    let said = must("openssl", &["dgst", "-sha256", "-r", &der]);
    said.split_whitespace().next().unwrap().to_owned()
}

#[test]
fn every_key_that_openssh_knows_loads_and_has_the_fingerprint_shown() {
    let desk = Desk::with_code();
    let file_passphrase = desk.secret("file passphrase", FILE_PASSPHRASE);
    for algorithm in
        ["rsa-2048", "rsa-3072", "rsa-4096", "ec-p256", "ec-p384", "ec-p521", "ed25519"]
    {
        let shown = desk.make(algorithm, algorithm, "authenticate", &["--exportable"]);
        let fingerprint = version(&shown)["fingerprints"]["ssh-sha256"].as_str().unwrap();
        let plain = export(&desk, algorithm, "openssh", &["--plaintext"]);
        let said = must("ssh-keygen", &["-l", "-f", &plain]);
        assert!(said.contains(fingerprint), "{algorithm}: {said} {fingerprint}");
        let public = export(&desk, algorithm, "openssh-public", &["--public"]);
        assert!(must("ssh-keygen", &["-l", "-f", &public]).contains(fingerprint));
        let derived = must("ssh-keygen", &["-y", "-P", "", "-f", &plain]);
        let line = fs::read_to_string(&public).unwrap();
        let two = |text: &str| text.split(' ').take(2).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(two(derived.trim_end()), two(line.trim_end()), "{algorithm}");
        let sealed =
            export(&desk, algorithm, "openssh", &["--encrypt-passphrase-file", &file_passphrase]);
        must("ssh-keygen", &["-y", "-P", FILE_PASSPHRASE, "-f", &sealed]);
        assert!(!tool("ssh-keygen", &["-y", "-P", "x", "-f", &sealed]).0);
    }
}

#[test]
fn symmetric_keys_leave_in_every_form_the_same() {
    let desk = Desk::with_code();
    for (algorithm, purpose, bytes) in [
        ("aes-128-gcm", "encrypt", 16),
        ("aes-192-gcm", "encrypt", 24),
        ("aes-256-gcm", "encrypt", 32),
        ("chacha20-poly1305", "encrypt", 32),
        ("aes-256-kwp", "wrap", 32),
        ("hmac-sha256", "mac", 32),
        ("hmac-sha384", "mac", 48),
        ("hmac-sha512", "mac", 64),
    ] {
        desk.make(algorithm, algorithm, purpose, &["--exportable"]);
        let raw = fs::read(export(&desk, algorithm, "raw", &["--plaintext"])).unwrap();
        assert_eq!(raw.len(), bytes, "{algorithm}");
        let hex: String = raw.iter().map(|byte| format!("{byte:02x}")).collect();
        let text = |format| {
            fs::read_to_string(export(&desk, algorithm, format, &["--plaintext"])).unwrap()
        };
        assert_eq!(text("hex").trim_end(), hex);
        let file = export(&desk, algorithm, "raw", &["--plaintext", "--reason", "again"]);
        assert_eq!(text("base64").trim_end(), must("openssl", &["base64", "-A", "-in", &file]));
        let jwk: Value = serde_json::from_str(&text("jwk")).unwrap();
        assert_eq!(jwk["kty"], "oct");
    }
}

#[test]
fn post_quantum_keys_leave_too() {
    let desk = Desk::with_code();
    for (algorithm, purpose) in [
        ("ml-kem-512", "agree"),
        ("ml-kem-768", "agree"),
        ("ml-kem-1024", "agree"),
        ("ml-dsa-44", "sign"),
        ("ml-dsa-65", "sign"),
        ("ml-dsa-87", "sign"),
    ] {
        let made = desk.run(&[
            "key",
            "create",
            "--json",
            "--name",
            algorithm,
            "--algorithm",
            algorithm,
            "--purpose",
            purpose,
            "--exportable",
        ]);
        assert_eq!(made.exit, 0, "{algorithm}: {made:?}");
        let file = export(&desk, algorithm, "pkcs8-pem", &["--plaintext"]);
        assert!(fs::read_to_string(file).unwrap().starts_with("-----BEGIN PRIVATE KEY-----"));
        export(&desk, algorithm, "spki-pem", &["--public"]);
    }
}

/// Forms that only a passphrase protects, or that only another program knows: out here, opened there,
/// and brought into another vault.
#[test]
fn scrypt_pkcs12_encrypted_jwk_and_wireguard() {
    let (desk, other) = (Desk::with_code(), Desk::with_code());
    let file_passphrase = desk.secret("file passphrase", FILE_PASSPHRASE);
    let pass = format!("file:{file_passphrase}");
    let encrypt = ["--encrypt-passphrase-file", &file_passphrase];
    let shown = desk.make("web", "ec-p256", "sign", &["--exportable"]);
    let public_key = version(&shown)["publicKey"].as_str().unwrap();

    let file = export(&desk, "web", "pkcs8-pem", &[encrypt[0], encrypt[1], "--scrypt"]);
    assert_eq!(must("openssl", &["pkey", "-in", &file, "-passin", &pass, "-pubout"]), public_key);
    assert!(must("openssl", &["asn1parse", "-in", &file]).contains(":scrypt"));

    let file = export(&desk, "web", "pkcs12", &encrypt);
    let key = desk.text("web.key");
    must("openssl", &["pkcs12", "-in", &file, "-passin", &pass, "-nodes", "-out", &key]);
    assert!(fs::read_to_string(&key).unwrap().contains("friendlyName: web v1"));
    assert_eq!(must("openssl", &["pkey", "-in", &key, "-pubout"]), public_key);

    let file = export(&desk, "web", "jwk", &encrypt);
    other.refused(&["examine", &file, "--password-file", &key], 3, "wrong_passphrase");
    let done = other.ok(&["key", "import", &file, "--password-file", &file_passphrase]);
    assert_eq!((&done["imported"], &done["items"][0]["form"]), (&1.into(), &"jwk".into()));
    let name = done["items"][0]["name"].as_str().unwrap();
    let there = other.ok(&["key", "show", name]);
    assert_eq!(version(&there)["publicKey"], public_key);

    let shown = desk.make("tunnel", "x25519", "agree", &["--exportable"]);
    let file = export(&desk, "tunnel", "wireguard", &["--plaintext"]);
    let public = export(&desk, "tunnel", "wireguard", &["--public", "--reason", "peer"]);
    let derived = must("sh", &["-c", "wg pubkey < \"$0\"", &file]);
    assert_eq!(derived, fs::read_to_string(public).unwrap());
    // The file could hold a symmetric key: what it is is said.
    other.ok(&["key", "import", &file, "--name", "tunnel", "--algorithm", "x25519"]);
    let there = other.ok(&["key", "show", "tunnel"]);
    assert_eq!(version(&there)["publicKey"], version(&shown)["publicKey"]);
    let again = ["key", "import", &file, "--name", "again", "--algorithm", "x25519"];
    other.refused(&again, 1, "exists");
}

#[test]
fn what_may_not_leave_does_not() {
    let desk = Desk::with_keys_and_code();
    let out = desk.text("out");
    let export = |key: &str, format: &str, more: &[&str], exit: i32, code: &str| {
        let mut args = vec!["key", "export", key, "--format", format, "--out", &out];
        args.extend(more);
        desk.refused(&args, exit, code);
        assert!(!desk.path("out").exists());
    };
    export("sealer", "raw", &["--plaintext"], 1, "refused_by_policy");
    export("signer", "pkcs8-pem", &[], 1, "plaintext_not_confirmed");
    export("signer", "raw", &["--plaintext"], 1, "format_unsupported");
    export("signer", "pkcs12", &["--plaintext"], 1, "format_unsupported");
    export("signer", "pkcs8-pem", &["--plaintext", "--scrypt"], 2, "invalid_request");
    export("signer", "pkcs8-pem", &["--scrypt"], 2, "invalid_request");
    export("sealer", "spki-pem", &["--public"], 1, "format_unsupported");
    export("nobody", "raw", &["--plaintext"], 4, "not_found");
    export("signer", "pkcs8-pem", &["--plaintext", "--version", "2"], 4, "not_found");
    export("signer", "pkcs8-pem", &["--plaintext", "--public"], 2, "invalid_request");
    let denied = desk.ok(&["audit", "list", "--action", "key.export", "--limit", "1"]);
    assert_eq!(denied["events"][0]["outcome"], "denied");
    desk.ok(&["key", "suspend", "signer"]);
    export("signer", "pkcs8-pem", &["--plaintext"], 1, "refused_by_state");

    fs::write(&out, "mine").unwrap();
    let args = ["key", "export", "signer", "--format", "spki-pem", "--public", "--out", &out];
    desk.refused(&args, 1, "exists");
    assert_eq!(fs::read_to_string(&out).unwrap(), "mine");
    let nowhere = desk.text("no/such/folder/out");
    let args = ["key", "export", "signer", "--format", "spki-pem", "--public", "--out", &nowhere];
    assert_ne!(desk.run(&args).exit, 0);
}

#[test]
fn pkcs12_takes_the_keys_certificate_along() {
    let desk = Desk::with_code();
    desk.make("site", "ec-p256", "sign", &["--exportable"]);
    desk.make("other", "ec-p256", "sign", &["--exportable"]);
    for key in ["site", "other"] {
        let out = desk.text(&format!("{key}.pem"));
        desk.ok(&["cert", "self-sign", key, "--subject", "CN=example.org", "--out", &out]);
    }
    let phrase = desk.secret("phrase", FILE_PASSPHRASE);
    let own = desk.text("site.pem");
    let protect = ["--encrypt-passphrase-file", phrase.as_str(), "--certificate"];
    let file = export(&desk, "site", "pkcs12", &[&protect[..], &[own.as_str()]].concat());
    let pass = format!("file:{phrase}");
    let found = must("openssl", &["pkcs12", "-in", &file, "-passin", &pass, "-nokeys", "-clcerts"]);
    assert!(found.contains(fs::read_to_string(&own).unwrap().trim()), "{found}");

    // The vault keeps it too; and for a program that is too old, with the ways of its time.
    let kept = desk.ok(&["cert", "list"]);
    let kept = kept["certificates"].as_array().unwrap();
    let of = |key: &str| {
        let one = kept.iter().find(|one| one["key"]["name"] == key).unwrap();
        one["id"].as_str().unwrap().to_owned()
    };
    let protect_kept = ["--encrypt-passphrase-file", phrase.as_str(), "--kept-certificate"];
    for legacy in [false, true] {
        let out = desk.text(&format!("kept {legacy}.p12"));
        let args = ["key", "export", "site", "--format", "pkcs12", "--out", &out];
        let more = if legacy { &["--legacy"][..] } else { &[] };
        desk.ok(&[&args[..], &protect_kept, &[&of("site")], more].concat());
        let open = ["pkcs12", "-in", &out, "-passin", &pass, "-nokeys", "-clcerts", "-info"];
        let (_, found, how) = tool("openssl", &open);
        assert!(found.contains(fs::read_to_string(&own).unwrap().trim()), "{found}");
        let wanted = if legacy {
            ["MAC: sha1", "pbeWithSHA1And3-KeyTripleDES-CBC"]
        } else {
            ["MAC: sha256", "AES-256-CBC"]
        };
        assert!(wanted.iter().all(|wanted| how.contains(wanted)), "{legacy}: {how}");
    }
    let events = desk.ok(&["audit", "list"]);
    let mut events = events["events"].as_array().unwrap().iter();
    let event = events.find(|event| event["action"] == "key.export").unwrap();
    assert_eq!(event["details"]["profile"], "legacy");

    // Another key's, none, and one that has no place.
    let out = desk.text("none.p12");
    let pkcs12 = ["key", "export", "site", "--format", "pkcs12", "--out", &out];
    for (certificate, words) in [
        (desk.text("other.pem"), "not one of this key"),
        (desk.text("missing.pem"), "could not be read"),
    ] {
        let args = [&pkcs12[..], &protect, &[certificate.as_str()]].concat();
        let message = desk.refused(&args, 5, "bad_input_file");
        assert!(message.contains(words), "{message}");
    }
    for format in ["pkcs8-pem", "spki-pem", "openpgp"] {
        let elsewhere = ["key", "export", "site", "--format", format, "--out", &out];
        let args = [&elsewhere[..], &protect, &[own.as_str()]].concat();
        desk.refused(&args, 2, "invalid_request");
    }
    let of_other = of("other");
    let args = [&pkcs12[..], &protect_kept, &[of_other.as_str()]].concat();
    assert!(desk.refused(&args, 5, "bad_input_file").contains("not one of this key"));
    let args = [&pkcs12[..], &protect_kept, &["0123456789"]].concat();
    desk.refused(&args, 4, "not_found");
    let legacy = ["--encrypt-passphrase-file", phrase.as_str(), "--legacy"];
    let args = ["key", "export", "site", "--format", "pkcs8-pem", "--out", &out];
    desk.refused(&[&args[..], &legacy].concat(), 2, "invalid_request");
    assert!(!desk.path("none.p12").exists());
}

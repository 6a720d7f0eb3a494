//! Keys for the key services of clouds, opened as these would open them.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use serde_json::Value;

use crate::desk::Desk;

const KEK: &str = "https://example.vault.azure.net/keys/kek/1";

const SIZES: [&str; 3] = ["2048", "3072", "4096"];

/// What the services gave out, and what they keep: making such keys takes long.
static WRAPPING_KEYS: LazyLock<[[Vec<u8>; 2]; 3]> = LazyLock::new(|| {
    SIZES.map(|bits| {
        let private = openssl(&["genrsa", bits], &[]);
        let public = openssl(&["rsa", "-pubout"], &private);
        [private, public]
    })
});

/// A desk with wrapping keys as `kek-BITS` and `kek-BITS.pub`.
fn desk() -> Desk {
    let desk = Desk::with_code();
    for (bits, [private, public]) in SIZES.iter().zip(&*WRAPPING_KEYS) {
        fs::write(desk.path(&format!("kek-{bits}")), private).unwrap();
        fs::write(desk.path(&format!("kek-{bits}.pub")), public).unwrap();
    }
    desk
}

fn openssl(args: &[&str], input: &[u8]) -> Vec<u8> {
    let mut command = Command::new("openssl");
    let piped = command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = piped.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let done = child.wait_with_output().unwrap();
    assert!(done.status.success(), "{args:?}: {done:?}");
    done.stdout
}

/// Wraps a key, and gives what the command said.
fn wrap(desk: &Desk, target: &str, key: &str, bits: &str, out: &str, more: &[&str]) -> Value {
    let public = desk.text(&format!("kek-{bits}.pub"));
    let args = ["byok", target, key, "--wrapping-key", &public, "--out", out];
    desk.ok(&[&args[..], more].concat())
}

/// What the services find in packages, each with the size of the key that wraps it, in hexadecimal.
fn opened(desk: &Desk, packages: &[(Value, &str)]) -> Vec<String> {
    let python = std::env::var("KEYREEVE_PYTHON").expect("KEYREEVE_PYTHON: npm test sets it");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/independent/unwrap_byok.py");
    let mut command = Command::new(python);
    command.arg(script);
    for (said, bits) in packages {
        let text = |name: &str| said[name].as_str().unwrap();
        command.args([
            text("target"),
            text("method"),
            &desk.text(&format!("kek-{bits}")),
            text("file"),
        ]);
    }
    let done = command.output().unwrap();
    assert!(done.status.success(), "{done:?}");
    String::from_utf8(done.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// The key as it is, in hexadecimal: its bytes, or PKCS #8.
fn exported(desk: &Desk, key: &str) -> String {
    let format = if key.starts_with("aes") || key.starts_with("hmac") || key.starts_with("cha") {
        "raw"
    } else {
        "pkcs8-der"
    };
    let out = desk.text(&format!("{key}.{format}"));
    if !fs::exists(&out).unwrap() {
        desk.ok(&["key", "export", key, "--format", format, "--plaintext", "--out", &out]);
    }
    hex::encode(fs::read(out).unwrap())
}

const EVERY: &[(&str, &str)] = &[
    ("aes-128-gcm", "encrypt"),
    ("aes-256-gcm", "encrypt"),
    ("chacha20-poly1305", "encrypt"),
    ("hmac-sha256", "mac"),
    ("hmac-sha512", "mac"),
    ("rsa-2048", "sign"),
    ("ec-p256", "sign"),
    ("ec-p521", "sign"),
    ("ec-secp256k1", "sign"),
    ("ed25519", "sign"),
    ("ml-dsa-65", "sign"),
];

/// What each service takes, of the keys above.
const TAKEN: &[(&str, &str, &[&str])] = &[
    (
        "aws-kms",
        "2048",
        &[
            "aes-256-gcm",
            "hmac-sha256",
            "hmac-sha512",
            "rsa-2048",
            "ec-p256",
            "ec-p521",
            "ec-secp256k1",
        ],
    ),
    (
        "google-kms",
        "3072",
        &["aes-256-gcm", "hmac-sha256", "hmac-sha512", "rsa-2048", "ec-p256", "ec-secp256k1"],
    ),
    (
        "azure-key-vault",
        "2048",
        &["aes-128-gcm", "aes-256-gcm", "rsa-2048", "ec-p256", "ec-p521", "ec-secp256k1"],
    ),
    (
        "transit",
        "4096",
        &[
            "aes-128-gcm",
            "aes-256-gcm",
            "chacha20-poly1305",
            "hmac-sha256",
            "hmac-sha512",
            "rsa-2048",
            "ec-p256",
            "ec-p521",
            "ed25519",
        ],
    ),
];

#[test]
fn each_service_finds_the_key_that_it_takes_and_is_given_no_other() {
    let desk = desk();
    for (algorithm, purpose) in EVERY {
        desk.make(algorithm, algorithm, purpose, &["--exportable"]);
    }
    let (mut packages, mut keys) = (Vec::new(), Vec::new());
    for (target, bits, taken) in TAKEN {
        for key in *taken {
            let out = desk.text(&format!("{key}.{target}"));
            let said = wrap(&desk, target, key, bits, &out, &["--key-identifier", KEK]);
            assert_eq!(said["legacy"], false, "{said}");
            assert!(said["command"].as_str().unwrap().contains(&out), "{said}");
            packages.push((said, *bits));
            keys.push(exported(&desk, key));
        }
        for (key, _) in EVERY.iter().filter(|(key, _)| !taken.contains(key)).take(2) {
            let (out, public) = (desk.text(&format!("{key}.{target}")), format!("kek-{bits}.pub"));
            let args = ["byok", target, key, "--wrapping-key", &desk.text(&public), "--out", &out];
            let said = desk.refused(&args, 1, "format_unsupported");
            assert!(said.contains(key), "{said}");
            assert!(!fs::exists(&out).unwrap(), "nothing is written");
        }
    }
    assert_eq!(opened(&desk, &packages), keys);
}

#[test]
fn every_way_of_wrapping_is_opened() {
    let desk = desk();
    desk.make("aes-256-gcm", "aes-256-gcm", "encrypt", &["--exportable"]);
    desk.make("ec-p256", "ec-p256", "sign", &["--exportable"]);
    let (mut packages, mut keys) = (Vec::new(), Vec::new());
    for (target, bits, key, method, legacy) in [
        ("aws-kms", "3072", "aes-256-gcm", "RSAES_OAEP_SHA_1", true),
        ("aws-kms", "4096", "aes-256-gcm", "RSAES_OAEP_SHA_256", false),
        ("aws-kms", "4096", "ec-p256", "RSA_AES_KEY_WRAP_SHA_256", false),
        ("aws-kms", "4096", "ec-p256", "RSA_AES_KEY_WRAP_SHA_1", true),
        ("google-kms", "3072", "ec-p256", "rsa-oaep-3072-sha256", false),
        ("google-kms", "4096", "ec-p256", "rsa-oaep-4096-sha256-aes-256", false),
        ("google-kms", "4096", "ec-p256", "rsa-oaep-4096-sha1-aes-256", true),
    ] {
        let out = desk.text(&format!("{target} {method} {bits}"));
        let said = wrap(&desk, target, key, bits, &out, &["--method", method]);
        assert_eq!((&said["method"], &said["legacy"]), (&method.into(), &legacy.into()), "{said}");
        packages.push((said, bits));
        keys.push(exported(&desk, key));
    }
    assert_eq!(opened(&desk, &packages), keys);
}

/// What AWS's command line prints has the wrapping key, what it belongs to, and a token that has to go back.
#[test]
fn the_import_token_of_aws_lies_beside_its_package() {
    let desk = desk();
    desk.make("aes-256-gcm", "aes-256-gcm", "encrypt", &["--exportable"]);
    let der = openssl(&["rsa", "-pubin", "-outform", "DER"], &WRAPPING_KEYS[0][1]);
    let base64 = |bytes: &[u8]| String::from_utf8(openssl(&["base64", "-A"], bytes)).unwrap();
    let token: Vec<u8> = (0..=255).collect();
    let parameters = |key: &str, token: &str| {
        let name = "kek-aws.pub";
        let json = serde_json::json!({
            "KeyId": "arn:aws:kms:eu-central-1:000000000000:key/1 2",
            "ImportToken": token, "PublicKey": key, "ParametersValidTo": "2026-11-30T12:00:00+00:00",
        });
        fs::write(desk.path(name), json.to_string()).unwrap();
        desk.text(name)
    };
    let file = parameters(&base64(&der), &base64(&token));
    let out = desk.text("package");
    let said = wrap(&desk, "aws-kms", "aes-256-gcm", "aws", &out, &[]);
    let beside = format!("{out}.import-token");
    assert_eq!(said["beside"], beside.as_str());
    assert_eq!(fs::read(&beside).unwrap(), token);
    let command = said["command"].as_str().unwrap();
    assert!(command.contains(&format!("--import-token fileb://{beside}")), "{command}");
    assert!(
        command.contains("--key-id 'arn:aws:kms:eu-central-1:000000000000:key/1 2'"),
        "{command}"
    );
    assert_eq!(opened(&desk, &[(said, "2048")]), [exported(&desk, "aes-256-gcm")]);

    // Nothing is written where one of the two places is taken.
    fs::remove_file(&out).unwrap();
    let again = ["byok", "aws-kms", "aes-256-gcm", "--wrapping-key", &file, "--out", &out];
    desk.refused(&again, 1, "exists");
    assert!(!fs::exists(&out).unwrap());
    fs::remove_file(&beside).unwrap();

    // Another service gives out no such thing; and what is damaged is no wrapping key.
    let other = ["byok", "transit", "aes-256-gcm", "--wrapping-key", &file, "--out", &out];
    desk.refused(&other, 5, "bad_input_file");
    for (key, token) in [("*", "AAAA"), ("AAAA", "*"), ("AAAA", "AAAA"), ("", "")] {
        parameters(key, token);
        desk.refused(&again, 5, "bad_input_file");
        assert!(!fs::exists(&out).unwrap() && !fs::exists(&beside).unwrap());
    }
}

/// The same by OpenSSL, step by step as AWS describes it.
#[test]
fn openssl_opens_a_package_too() {
    let desk = desk();
    desk.make("ec-p256", "ec-p256", "sign", &["--exportable"]);
    let out = desk.text("package");
    wrap(&desk, "aws-kms", "ec-p256", "2048", &out, &["--method", "RSA_AES_KEY_WRAP_SHA_256"]);
    let package = fs::read(&out).unwrap();
    let (for_rsa, under_aes) = package.split_at(256);
    let private = desk.text("kek-2048");
    let padding = ["-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt", "rsa_oaep_md:sha256"];
    let decrypt = ["pkeyutl", "-decrypt", "-inkey", &private];
    let key = hex::encode(openssl(&[&decrypt[..], &padding].concat(), for_rsa));
    let unwrap = ["enc", "-d", "-id-aes256-wrap-pad", "-K", &key, "-iv", "A65959A6"];
    assert_eq!(hex::encode(openssl(&unwrap, under_aes)), exported(&desk, "ec-p256"));
}

#[test]
fn what_cannot_be_is_refused_by_name_and_nothing_is_written() {
    let desk = desk();
    desk.make("secret", "aes-256-gcm", "encrypt", &["--exportable"]);
    desk.make("stays", "aes-256-gcm", "encrypt", &[]);
    desk.make("rsa", "rsa-2048", "sign", &["--exportable"]);
    let out = desk.text("package");
    let refused = |target: &str, key: &str, file: &str, more: &[&str], exit: i32, code: &str| {
        let file = desk.text(file);
        let args = ["byok", target, key, "--wrapping-key", &file, "--out", &out];
        let said = desk.refused(&[&args[..], more].concat(), exit, code);
        assert!(!fs::exists(&out).unwrap(), "{said}");
        said
    };
    refused("aws-kms", "stays", "kek-2048.pub", &[], 1, "refused_by_policy");
    refused("aws-kms", "nobody", "kek-2048.pub", &[], 4, "not_found");
    let said = refused("azure-key-vault", "rsa", "kek-2048.pub", &[], 2, "invalid_request");
    assert!(said.contains("key identifier"), "{said}");
    let method = ["--method", "RSAES_OAEP_SHA_256"];
    let said = refused("aws-kms", "rsa", "kek-2048.pub", &method, 2, "invalid_request");
    assert!(said.contains("RSA_AES_KEY_WRAP_SHA_256"), "{said}");
    refused("transit", "secret", "kek-2048.pub", &[], 5, "bad_input_file");
    refused("google-kms", "secret", "kek-2048.pub", &[], 5, "bad_input_file");
    // A private key is not what a service gives out; nor are these.
    refused("aws-kms", "secret", "kek-2048", &[], 5, "bad_input_file");
    refused("aws-kms", "secret", "missing", &[], 5, "bad_input_file");
    for (name, bytes) in
        [("empty", Vec::new()), ("noise", vec![7; 300]), ("long", vec![b'a'; 70_000])]
    {
        fs::write(desk.path(name), bytes).unwrap();
        refused("aws-kms", "secret", name, &[], 5, "bad_input_file");
    }
    let curve = openssl(&["ecparam", "-name", "prime256v1", "-genkey", "-noout"], &[]);
    fs::write(desk.path("curve"), openssl(&["ec", "-pubout"], &curve)).unwrap();
    refused("aws-kms", "secret", "curve", &[], 5, "bad_input_file");

    let denied = desk.ok(&["audit", "list", "--action", "key.hand_over"]);
    let events = denied["events"].as_array().unwrap();
    assert_eq!(events.len(), 1, "{denied}");
    assert_eq!(events[0]["outcome"], "denied", "{denied}");

    wrap(&desk, "aws-kms", "secret", "2048", &out, &[]);
    let before = fs::read(&out).unwrap();
    let public = desk.text("kek-2048.pub");
    let again = ["byok", "aws-kms", "secret", "--wrapping-key", &public, "--out", &out];
    desk.refused(&again, 1, "exists");
    assert_eq!(fs::read(&out).unwrap(), before);
    let done = desk.ok(&["audit", "list", "--action", "key.hand_over"]);
    let details = &done["events"][0]["details"];
    assert_eq!(details["protection"], "RSAES_OAEP_SHA_256", "{done}");
    let spki = openssl(&["rsa", "-pubin", "-outform", "DER"], &fs::read(&public).unwrap());
    let sum = String::from_utf8(openssl(&["dgst", "-sha256", "-r"], &spki)).unwrap();
    assert_eq!(details["wrapping_key"], sum.split(' ').next().unwrap(), "{done}");
}

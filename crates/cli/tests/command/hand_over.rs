//! Keys handed over to those who can open them, and who has which version.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use crate::desk::Desk;

fn must(program: &str, args: &[&str]) -> Vec<u8> {
    let done = Command::new(program).args(args).output().unwrap();
    assert!(done.status.success(), "{program} {args:?}: {done:?}");
    done.stdout
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

/// An age identity's file, and its recipient.
fn identity(desk: &Desk, name: &str) -> (String, String) {
    let file = desk.text(name);
    must("age-keygen", &["-o", &file]);
    let recipient = text(must("age-keygen", &["-y", &file])).trim().to_owned();
    (file, recipient)
}

/// An SSH key's file, and its public line.
fn ssh_key(desk: &Desk, name: &str) -> (String, String) {
    let file = desk.text(name);
    must("ssh-keygen", &["-q", "-t", "ed25519", "-N", "", "-C", "root at web-1", "-f", &file]);
    let line = fs::read_to_string(format!("{file}.pub")).unwrap();
    (file, line.trim().to_owned())
}

fn distribution(desk: &Desk, key: &str) -> Value {
    desk.ok(&["key", "distribution", key])
}

/// The holders as identifier, version and whether that is the newest.
fn holders(said: &Value) -> Vec<(String, Value, bool)> {
    let of = |holder: &Value| {
        let id = holder["id"].as_str().unwrap().to_owned();
        (id, holder["version"].clone(), holder["upToDate"].as_bool().unwrap())
    };
    said["holders"].as_array().unwrap().iter().map(of).collect()
}

#[test]
fn what_is_handed_over_opens_for_its_recipients_and_is_on_record() {
    let desk = Desk::with_keys_and_code();
    let (identity, recipient) = identity(&desk, "identity.txt");
    let (ssh, line) = ssh_key(&desk, "host");
    let out = desk.text("signer.age");
    let said = desk.ok(&[
        "key",
        "export",
        "signer",
        "--format",
        "pkcs8-pem",
        "--out",
        &out,
        "--to",
        &recipient,
        "--to",
        &format!("{ssh}.pub"),
        "--reason",
        "the new web server",
    ]);
    assert_eq!(said["handedOver"]["envelope"], "age");
    assert_eq!(said["handedOver"]["recipients"][0]["fingerprint"], recipient.as_str());
    assert_eq!(said["handedOver"]["recipients"][1]["name"], "root at web-1");
    let file = fs::read_to_string(&out).unwrap();
    assert!(file.starts_with("-----BEGIN AGE ENCRYPTED FILE-----"), "{file}");

    let plain = desk.text("plain.pem");
    desk.ok(&["key", "export", "signer", "--format", "pkcs8-pem", "--plaintext", "--out", &plain]);
    for key in [&identity, &ssh] {
        let opened = must("age", &["-d", "-i", key, &out]);
        assert_eq!(opened, fs::read(&plain).unwrap(), "{key}");
    }

    let events = desk.ok(&["audit", "list"]);
    let events = events["events"].as_array().unwrap().iter();
    let ours: Vec<_> = events.filter(|event| event["action"] == "key.hand_over").collect();
    assert_eq!(ours.len(), 2);
    for event in &ours {
        assert_eq!(event["reason"], "the new web server");
        assert_eq!(event["version"], 1);
        assert_eq!(event["details"]["how"], "age");
        assert_eq!(event["details"]["format"], "pkcs8-pem");
    }
    let fingerprint = text(must("ssh-keygen", &["-lf", &format!("{ssh}.pub")]));
    let fingerprint = fingerprint.split(' ').nth(1).unwrap();
    let who: Vec<_> = ours.iter().map(|event| event["details"]["recipient"].clone()).collect();
    assert!(who.contains(&json!(fingerprint)) && who.contains(&json!(recipient)), "{who:?}");
    // The line may be given as it is too.
    let again = desk.text("again.age");
    desk.ok(&["key", "export", "signer", "--format", "openssh", "--out", &again, "--to", &line]);
    assert_eq!(holders(&distribution(&desk, "signer")).len(), 2);
}

#[test]
fn certificates_and_rsa_keys_are_recipients_too() {
    let desk = Desk::with_keys_and_code();
    desk.make("aes", "aes-256-gcm", "encrypt", &["--exportable"]);
    let (key, certificate) = (desk.text("owner.key"), desk.text("owner.crt"));
    must(
        "openssl",
        &[
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            &key,
            "-out",
            &certificate,
            "-subj",
            "/O=Example Bank/CN=Key custody",
            "-days",
            "2",
            "-addext",
            "keyUsage=keyEncipherment",
        ],
    );
    let export = |key: &str, format: &str, to: &str, out: &str| {
        desk.ok(&["key", "export", key, "--format", format, "--out", out, "--to", to])
    };
    let out = desk.text("signer.cms");
    let said = export("signer", "pkcs8-der", &certificate, &out);
    assert_eq!(said["handedOver"]["envelope"], "cms");
    assert_eq!(said["handedOver"]["recipients"][0]["name"], "CN=Key custody,O=Example Bank");
    // As the answer says it is opened.
    let opened = desk.text("opened");
    let command = said["handedOver"]["openedWith"].as_str().unwrap();
    let command = command
        .replace("PRIVATE_KEY", &key)
        .replace("CERTIFICATE", &certificate)
        .replace("KEY", &opened)
        .replace("FILE", &out);
    must("sh", &["-c", &command]);
    let plain = desk.text("plain.der");
    desk.ok(&["key", "export", "signer", "--format", "pkcs8-der", "--plaintext", "--out", &plain]);
    assert_eq!(fs::read(&opened).unwrap(), fs::read(&plain).unwrap());

    let public = desk.text("module.pub");
    must("openssl", &["pkey", "-in", &key, "-pubout", "-out", &public]);
    let said = export("aes", "raw", &public, &desk.text("aes.wrapped"));
    assert_eq!(said["handedOver"]["envelope"], "rsa-aes-key-wrap");
    // OAEP for 2,048 bits, and 32 bytes wrapped with padding.
    assert_eq!(said["bytes"], 256 + 40);
    let out = desk.text("unwritten");
    let args = ["key", "export", "aes", "--format", "hex", "--out", &out, "--to", &public];
    desk.refused(&args, 1, "format_unsupported");
    assert!(!fs::exists(&out).unwrap());
}

/// A keyring of GnuPG's, whose agent ends with it.
struct Gpg(String);

impl Gpg {
    fn new(desk: &Desk) -> Self {
        let home = desk.text("gnupg");
        must("mkdir", &["-m", "700", &home]);
        Self(home)
    }

    fn run(&self, args: &[&str]) -> Vec<u8> {
        must("gpg", &[&["--homedir", &self.0, "--batch", "--no-tty", "--quiet"], args].concat())
    }
}

impl Drop for Gpg {
    fn drop(&mut self) {
        let _ = Command::new("gpgconf").args(["--homedir", &self.0, "--kill", "all"]).status();
    }
}

#[test]
fn gpg_opens_what_is_for_an_openpgp_certificate() {
    let desk = Desk::with_keys_and_code();
    let gpg = Gpg::new(&desk);
    let make = ["--passphrase", "", "--quick-gen-key", "Ann <ann@example.org>"];
    gpg.run(&[&make[..], &["default", "default", "never"]].concat());
    let armoured = text(gpg.run(&["--armor", "--export"]));
    let file = desk.text("ann.pgp");
    fs::write(&file, gpg.run(&["--export"])).unwrap();
    let listed = text(gpg.run(&["--with-colons", "-k"]));
    let primary = listed.lines().find(|line| line.starts_with("fpr:")).unwrap();
    let primary = primary.split(':').nth(9).unwrap().to_lowercase();
    let plain = desk.text("plain.pem");
    desk.ok(&["key", "export", "signer", "--format", "pkcs8-pem", "--plaintext", "--out", &plain]);
    for (out, to) in [("1.asc", &file), ("2.asc", &armoured)] {
        let out = desk.text(out);
        // A pasted block begins with dashes, as options do.
        let to = format!("--to={to}");
        let args = ["key", "export", "signer", "--format", "pkcs8-pem", "--out", &out, &to];
        let said = desk.ok(&args);
        assert_eq!(said["handedOver"]["envelope"], "openpgp");
        assert_eq!(said["handedOver"]["recipients"][0]["name"], "Ann <ann@example.org>");
        assert_eq!(said["handedOver"]["recipients"][0]["fingerprint"], primary.as_str());
        assert_eq!(gpg.run(&["--decrypt", &out]), fs::read(&plain).unwrap());
    }
    assert_eq!(holders(&distribution(&desk, "signer")), [(primary, json!(1), true)]);
    let out = desk.text("unwritten");
    let secret = desk.text("secret.pgp");
    fs::write(&secret, gpg.run(&["--export-secret-keys"])).unwrap();
    let args = ["key", "export", "signer", "--format", "pkcs8-pem", "--out", &out, "--to", &secret];
    let said = desk.refused(&args, 5, "bad_recipient");
    assert!(said.contains("OpenPGP private key"), "{said}");
    assert!(!fs::exists(&out).unwrap());
}

#[test]
fn a_jwk_goes_to_a_bare_public_key_as_jwe() {
    const OPEN: &str = "import sys
from jwcrypto import jwe, jwk
token = jwe.JWE()
token.deserialize(open(sys.argv[1]).read().strip(), jwk.JWK.from_pem(open(sys.argv[2], 'rb').read()))
sys.stdout.write(token.payload.decode())";
    const AS_JWK: &str = "import sys
from jwcrypto import jwk
key = jwk.JWK.from_pem(open(sys.argv[1], 'rb').read())
key.update(kid='Ann')
sys.stdout.write(key.export_public())";
    let python = std::env::var("KEYREEVE_PYTHON").expect("KEYREEVE_PYTHON: npm test sets it");
    let desk = Desk::with_keys_and_code();
    let key = desk.text("x25519.pem");
    must("openssl", &["genpkey", "-algorithm", "X25519", "-out", &key]);
    let public = text(must(&python, &["-c", AS_JWK, &key]));
    let plain = desk.text("plain.jwk");
    desk.ok(&["key", "export", "signer", "--format", "jwk", "--plaintext", "--out", &plain]);
    let file = desk.text("ann.jwk");
    fs::write(&file, &public).unwrap();
    // As a file, and as the text itself.
    for (place, to) in [(desk.text("1.jwe"), &file), (desk.text("2.jwe"), &public)] {
        let args = ["key", "export", "signer", "--format", "jwk", "--out", &place, "--to", to];
        let said = desk.ok(&args);
        assert_eq!(said["handedOver"]["envelope"], "jwe");
        assert_eq!(said["handedOver"]["recipients"][0]["name"], "Ann");
        let opened = text(must(&python, &["-c", OPEN, &place, &key]));
        assert_eq!(opened, fs::read_to_string(&plain).unwrap());
    }
    assert_eq!(holders(&distribution(&desk, "signer")).len(), 1);
    let events = desk.ok(&["audit", "list"]);
    let mut events = events["events"].as_array().unwrap().iter();
    let event = events.find(|event| event["action"] == "key.hand_over").unwrap();
    assert_eq!(
        (&event["details"]["how"], &event["details"]["name"]),
        (&json!("jwe"), &json!("Ann"))
    );

    let out = desk.text("unwritten");
    let args = ["key", "export", "signer", "--format", "pkcs8-pem", "--out", &out, "--to", &file];
    let said = desk.refused(&args, 1, "format_unsupported");
    assert!(said.contains("as jwk"), "{said}");
    let private = text(must(&python, &["-c", &AS_JWK.replace("public()", "private()"), &key]));
    let args = ["key", "export", "signer", "--format", "jwk", "--out", &out, "--to", &private];
    let said = desk.refused(&args, 5, "bad_recipient");
    assert!(said.contains("private key") && !said.contains("\"d\""), "{said}");
    let args = ["key", "export", "signer", "--format", "jwk", "--out", &out, "--to", "{\"kty\":"];
    desk.refused(&args, 5, "bad_recipient");
    assert!(!fs::exists(&out).unwrap());
}

#[test]
fn after_a_rotation_the_list_says_who_still_has_the_old_version() {
    let desk = Desk::with_keys_and_code();
    let (_, ann) = identity(&desk, "ann");
    let (_, web) = ssh_key(&desk, "web");
    desk.ok(&[
        "key",
        "edit",
        "signer",
        "--where-used",
        "host=web-1",
        "--where-used",
        "path=/etc/a",
    ]);
    let hand = |to: &str, out: &str| {
        let out = desk.text(out);
        desk.ok(&["key", "export", "signer", "--format", "openssh", "--out", &out, "--to", to])
    };
    hand(&ann, "1.age");
    hand(&web, "2.age");
    let done = |holder: &str| desk.ok(&["key", "distribution", "signer", "--done", holder]);
    done("host=web-1");
    let said = done("path=/etc/a");
    assert_eq!((&said["behind"], &said["primaryVersion"]), (&json!(0), &json!(1)));
    assert!(said["auditSeq"].is_number());

    desk.ok(&["key", "rotate", "signer"]);
    let said = distribution(&desk, "signer");
    assert_eq!((&said["behind"], &said["primaryVersion"]), (&json!(4), &json!(2)));
    hand(&ann, "3.age");
    done("host=web-1");
    done("root at web-1");
    let said = distribution(&desk, "signer");
    assert_eq!(said["behind"], 1);
    let list = holders(&said);
    assert_eq!(list[0], ("path=/etc/a".into(), json!(1), false));
    assert!(list[1..].iter().all(|(_, version, fits)| *version == 2 && *fits), "{list:?}");

    // Who needs it no more is no holder, and neither is a place that was crossed out.
    desk.ok(&["key", "distribution", "signer", "--ended", &ann]);
    desk.ok(&["key", "edit", "signer", "--where-used", "host=web-1"]);
    let said = distribution(&desk, "signer");
    let ids: Vec<_> = holders(&said).into_iter().map(|(id, ..)| id).collect();
    assert_eq!(ids.len(), 2, "{ids:?}");
    assert!(!ids.contains(&ann) && ids.contains(&"host=web-1".to_owned()));
    // The old one can be put down for a version that it kept.
    let args = ["key", "distribution", "signer", "--done", "host=web-1", "--version", "1"];
    assert_eq!(desk.ok(&args)["behind"], 1);
    desk.refused(&["key", "distribution", "signer", "--done", "nobody"], 4, "not_found");
    // A place is crossed out on the key itself, and is not taken for one that has the version.
    let args = ["key", "distribution", "signer", "--ended", "host=web-1"];
    desk.refused(&args, 2, "invalid_request");
    assert_eq!(distribution(&desk, "signer")["behind"], 1);
    let args = ["key", "distribution", "signer", "--done", "host=web-1", "--version", "9"];
    desk.refused(&args, 4, "not_found");
    assert_eq!(desk.ok(&["audit", "verify"])["ok"], true);
}

#[test]
fn a_file_with_a_recipients_name_does_not_take_its_place() {
    let desk = Desk::with_keys_and_code();
    let (identity, recipient) = identity(&desk, "ann.txt");
    let (_, stranger) = self::identity(&desk, "stranger.txt");
    fs::write(desk.path(&recipient), &stranger).unwrap();
    let out = desk.text("signer.age");
    let args =
        ["key", "export", "signer", "--format", "openssh", "--out", &out, "--to", &recipient];
    let said = desk.ok(&args);
    assert_eq!(said["handedOver"]["recipients"][0]["fingerprint"], recipient.as_str());
    must("age", &["-d", "-i", &identity, &out]);
    // And one that only begins as a key does is a file.
    let (_, line) = ssh_key(&desk, "host");
    fs::write(desk.path("ssh-host.pub"), line).unwrap();
    let again = desk.text("again.age");
    let args =
        ["key", "export", "signer", "--format", "openssh", "--out", &again, "--to", "ssh-host.pub"];
    assert_eq!(desk.ok(&args)["handedOver"]["recipients"][0]["name"], "root at web-1");
}

#[test]
fn what_cannot_be_handed_over_stays() {
    let desk = Desk::with_keys_and_code();
    let (identity, recipient) = identity(&desk, "identity");
    let out = desk.text("never");
    let export = |key: &str, to: &[&str], exit: i32, code: &str| {
        let mut args = vec!["key", "export", key, "--format", "raw", "--out", &out];
        if key == "signer" {
            args[4] = "pkcs8-der";
        }
        let to: Vec<_> = to.iter().map(|to| format!("--to={to}")).collect();
        args.extend(to.iter().map(String::as_str));
        let refused = desk.refused(&args, exit, code);
        assert!(!fs::exists(&out).unwrap());
        refused
    };
    let secret = fs::read_to_string(&identity).unwrap();
    let secret = secret.lines().last().unwrap();
    for wrong in [
        "no/such/file",
        &identity,
        secret,
        "age1qqqq",
        "ssh-dss AAAA",
        "-----BEGIN X",
        "/dev/zero",
        ".",
    ] {
        let said = export("signer", &[wrong], 5, "bad_recipient");
        assert!(!said.contains(secret), "{wrong}");
    }
    export("signer", &[&recipient, &recipient], 5, "bad_recipient");
    // Its policy does not let it out, and the log says who asked for whom.
    export("sealer", &[&recipient], 1, "refused_by_policy");
    let events = desk.ok(&["audit", "list"]);
    let mut events = events["events"].as_array().unwrap().iter();
    let denied = events.find(|event| event["action"] == "key.hand_over").unwrap();
    assert_eq!(denied["outcome"], "denied");
    assert_eq!(denied["details"]["recipient"], recipient.as_str());
    assert_eq!(holders(&distribution(&desk, "sealer")), []);
    let args =
        ["key", "export", "signer", "--format", "openpgp", "--out", &out, "--to", &recipient];
    desk.refused(&args, 1, "format_unsupported");
    assert!(!fs::exists(&out).unwrap());
    // One way of protecting it at a time.
    for other in ["--plaintext", "--public", "--encrypt", "--scrypt"] {
        let args = ["key", "export", "signer", "--format", "pkcs8-der", "--out", &out, other];
        let done = desk.run(&[&args[..], &["--to", &recipient]].concat());
        assert_eq!(done.exit, 2, "{other}");
    }
    let there = desk.secret("there", "already");
    let args = ["key", "export", "signer", "--format", "raw", "--out", &there, "--to", &recipient];
    desk.refused(&args, 1, "exists");
}

#[test]
fn a_package_for_a_key_service_is_on_the_list() {
    let desk = Desk::with_code();
    desk.make("aes", "aes-256-gcm", "encrypt", &["--exportable"]);
    let (key, public) = (desk.text("kek"), desk.text("kek.pub"));
    must("openssl", &["genrsa", "-out", &key, "2048"]);
    must("openssl", &["rsa", "-in", &key, "-pubout", "-out", &public]);
    let out = desk.text("package");
    desk.ok(&["byok", "aws-kms", "aes", "--wrapping-key", &public, "--out", &out]);
    let said = distribution(&desk, "aes");
    assert_eq!(holders(&said), [("aws-kms".into(), json!(1), true)]);
    assert_eq!(said["holders"][0]["how"], "byok");
}

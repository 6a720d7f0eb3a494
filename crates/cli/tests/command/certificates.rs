//! Certificates and requests, judged by OpenSSL.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use crate::desk::{Desk, members};

const SIGNING: [&str; 7] =
    ["rsa-2048", "rsa-3072", "rsa-4096", "ec-p256", "ec-p384", "ec-p521", "ed25519"];

/// What OpenSSL says, and whether it succeeded.
pub fn openssl(desk: &Desk, args: &[&str]) -> (bool, String) {
    let mut command = Command::new("openssl");
    let done = desk.at_home(&mut command).args(args).output().unwrap();
    let text = [done.stdout, done.stderr].concat();
    (done.status.success(), String::from_utf8_lossy(&text).into_owned())
}

pub fn openssl_ok(desk: &Desk, args: &[&str]) -> String {
    let (ok, text) = openssl(desk, args);
    assert!(ok, "{args:?}: {text}");
    text
}

/// A desk with a CA `ca` (path length 0, in ca.pem) and an exportable key `web` with a request web.csr.
pub fn desk_with_ca() -> Desk {
    let desk = Desk::with_code();
    desk.make("ca", "ec-p384", "sign", &["--exportable"]);
    desk.make("web", "ec-p256", "authenticate", &["--exportable"]);
    let root = ["cert", "self-sign", "ca", "--subject", "CN=Root,O=Example,C=CH", "--ca"];
    desk.ok(&[&root[..], &["--path-length", "0", "--out", "ca.pem"]].concat());
    let names = ["--san", "dns:localhost", "--san", "ip:127.0.0.1"];
    desk.ok(&[
        &["cert", "csr", "web", "--subject", "CN=localhost", "--out", "web.csr"],
        &names[..],
    ]
    .concat());
    desk
}

pub fn issue<'a>(template: &'a str, csr: &'a str, out: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let args = ["cert", "issue", "ca", "--ca-certificate", "ca.pem", "--csr", csr];
    [&args[..], &["--template", template, "--out", out], more].concat()
}

#[test]
fn every_signing_algorithm_requests_and_self_signs() {
    let desk = Desk::with_code();
    for algorithm in SIGNING {
        desk.make(algorithm, algorithm, "sign", &[]);
        let (csr, pem) = (format!("{algorithm}.csr"), format!("{algorithm}.pem"));
        let wish = ["--subject", "CN=a,O=Zoë\\, AG,C=CH", "--san", "dns:*.example.org"];
        let more = ["--san", "ip:2001:db8::1", "--san", "email:a@example.org"];
        let last =
            ["--san", "uri:https://example.org/", "--extended-key-usage", "tls-server,email"];
        let wish = [wish, more, last].concat();
        let said = desk.ok(&[&["cert", "csr", algorithm, "--out", &csr], &wish[..]].concat());
        assert_eq!(members(&said), ["bytes", "file"]);
        openssl_ok(&desk, &["req", "-in", &csr, "-verify", "-noout"]);
        let text = openssl_ok(&desk, &["req", "-in", &csr, "-noout", "-text", "-nameopt", "utf8"]);
        let said = desk.ok(&[&["cert", "self-sign", algorithm, "--out", &pem], &wish[..]].concat());
        openssl_ok(&desk, &["verify", "-x509_strict", "-check_ss_sig", "-CAfile", &pem, &pem]);
        let whole = openssl_ok(&desk, &["x509", "-in", &pem, "-noout", "-text", "-serial"]);
        for shown in [
            "DNS:*.example.org, IP Address:2001:DB8:0:0:0:0:0:1, email:a@example.org, URI:https://example.org/",
            "TLS Web Server Authentication, E-mail Protection",
            "Digital Signature",
        ] {
            assert!(text.contains(shown) && whole.contains(shown), "{shown}: {text} {whole}");
        }
        for shown in
            ["CA:FALSE", "Subject Key Identifier", "Authority Key Identifier", "Version: 3"]
        {
            assert!(whole.contains(shown), "{shown}: {whole}");
        }
        let serial = said["serial"].as_str().unwrap().to_uppercase();
        assert_eq!(serial.len(), 32);
        assert!(whole.contains(&format!("serial={serial}")), "{whole}");
    }
    let log = desk.ok(&["audit", "list", "--action", "key.self_sign"]);
    let events = log["events"].as_array().unwrap();
    assert_eq!(events.len(), SIGNING.len());
    assert!(events.iter().all(|event| event["details"]["serial"].as_str().unwrap().len() == 32));
    desk.ok(&["audit", "verify"]);
}

#[test]
fn other_keys_are_refused_by_name_and_a_file_is_never_overwritten() {
    let desk = Desk::with_keys_and_code();
    for (name, algorithm, purpose) in
        [("x", "x25519", "agree"), ("pq", "ml-dsa-65", "sign"), ("k1", "ec-secp256k1", "sign")]
    {
        desk.make(name, algorithm, purpose, &[]);
        let args = ["cert", "csr", name, "--subject", "CN=a", "--out", "a.csr"];
        let message = desk.refused(&args, 1, "format_unsupported");
        assert!(message.contains(algorithm), "{message}");
    }
    let sealer = ["cert", "csr", "sealer", "--subject", "CN=a", "--out", "a.csr"];
    assert!(desk.refused(&sealer, 1, "format_unsupported").contains("aes-256-gcm"));
    desk.make("agrees", "ec-p256", "agree", &[]);
    let agrees = ["cert", "csr", "agrees", "--subject", "CN=a", "--out", "a.csr"];
    assert!(desk.refused(&agrees, 1, "refused_by_policy").contains("agree"));
    desk.make("login", "ed25519", "authenticate", &[]);
    let ca = ["cert", "self-sign", "login", "--subject", "CN=a", "--out", "a.csr", "--ca"];
    assert!(desk.refused(&ca, 1, "refused_by_policy").contains("authenticate"));
    assert!(!desk.path("a.csr").exists());
    fs::write(desk.path("a.csr"), "mine").unwrap();
    desk.refused(&["cert", "csr", "signer", "--subject", "CN=a", "--out", "a.csr"], 1, "exists");
    assert_eq!(fs::read(desk.path("a.csr")).unwrap(), b"mine");
}

#[test]
fn only_an_active_version_of_an_open_vault_signs() {
    let desk = Desk::with_code();
    let later = ["--activate-at", "2090-01-01T00:00:00Z"];
    desk.make("later", "ed25519", "sign", &later);
    for name in ["retired", "stolen", "paused"] {
        desk.make(name, "ed25519", "sign", &[]);
    }
    desk.ok(&["key", "deactivate", "retired", "--yes"]);
    desk.ok(&["key", "revoke", "stolen", "--reason", "lost", "--yes"]);
    desk.ok(&["key", "suspend", "paused"]);
    for (name, state) in [
        ("later", "pre_active"),
        ("retired", "deactivated"),
        ("stolen", "compromised"),
        ("paused", "suspended"),
    ] {
        for command in ["csr", "self-sign"] {
            let args = ["cert", command, name, "--subject", "CN=a", "--out", "a"];
            assert!(desk.refused(&args, 1, "refused_by_state").contains(state), "{name}");
        }
    }
    let log = desk.ok(&["audit", "list", "--action", "key.request_certificate"]);
    let events = log["events"].as_array().unwrap();
    assert_eq!(events.len(), 4);
    assert!(events.iter().all(|event| event["outcome"] == "denied"));
    let args = ["cert", "csr", "later", "--subject", "CN=a", "--out", "a", "--no-input", "--json"];
    assert_eq!(desk.bare(&args).exit, 3);
    assert!(!desk.path("a").exists());
}

#[test]
fn a_private_authority_serves_a_tls_handshake() {
    let desk = desk_with_ca();
    let said = desk.ok(&issue("tls-server", "web.csr", "web.pem", &["--days", "30"]));
    assert_eq!(said["subject"], "CN=localhost");
    let verify = ["verify", "-x509_strict", "-CAfile", "ca.pem", "-purpose", "sslserver"];
    openssl_ok(&desk, &[&verify[..], &["-verify_hostname", "localhost", "web.pem"]].concat());
    let (as_client, text) =
        openssl(&desk, &["verify", "-CAfile", "ca.pem", "-purpose", "sslclient", "web.pem"]);
    assert!(!as_client, "{text}");
    let export = ["key", "export", "web", "--format", "pkcs8-pem", "--plaintext"];
    desk.ok(&[&export[..], &["--out", "web.key"]].concat());

    let mut server = Command::new("openssl");
    let serve = ["s_server", "-accept", "127.0.0.1:0", "-naccept", "1"];
    desk.at_home(&mut server).args(serve).args(["-cert", "web.pem", "-key", "web.key"]);
    let mut server = server.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines().map_while(Result::ok);
    let accept = lines.find(|line| line.starts_with("ACCEPT")).unwrap();
    let port = accept.rsplit(':').next().unwrap();
    let to = format!("127.0.0.1:{port}");
    let connect = ["s_client", "-connect", &to, "-CAfile", "ca.pem", "-verify_return_error"];
    let (ok, text) =
        openssl(&desk, &[&connect[..], &["-verify_hostname", "localhost", "-brief"]].concat());
    // It ends by itself after one client.
    drop(server.stdin.take());
    assert!(server.wait().unwrap().success());
    drop(lines);
    assert!(ok && text.contains("Verification: OK"), "{text}");
}

#[test]
fn each_template_says_what_it_is_for() {
    let desk = desk_with_ca();
    desk.make("me", "rsa-2048", "sign", &[]);
    let wish =
        ["cert", "csr", "me", "--subject", "CN=Me,O=Example", "--san", "email:me@example.org"];
    // What a request asks for beyond its names is not taken over.
    let more = ["--extended-key-usage", "code-signing,tls-server", "--out", "me.csr"];
    desk.ok(&[&wish[..], &more].concat());
    for (template, purpose, shown) in [
        ("tls-client", "sslclient", "TLS Web Client Authentication"),
        ("smime", "smimesign", "E-mail Protection"),
        ("code-signing", "any", "Code Signing"),
    ] {
        let out = format!("{template}.pem");
        desk.ok(&issue(template, "me.csr", &out, &[]));
        openssl_ok(
            &desk,
            &["verify", "-x509_strict", "-CAfile", "ca.pem", "-purpose", purpose, &out],
        );
        let text = openssl_ok(&desk, &["x509", "-in", &out, "-noout", "-ext", "extendedKeyUsage"]);
        assert_eq!(text.lines().last().unwrap().trim(), shown);
    }
    let message = desk.refused(&issue("tls-server", "me.csr", "x.pem", &[]), 5, "bad_input_file");
    assert!(message.contains("dns:"), "{message}");
}

#[test]
fn an_authority_does_not_exceed_its_certificate() {
    let desk = desk_with_ca();
    let refuse = |args: &[&str], exit, code: &str, word: &str| {
        let message = desk.refused(args, exit, code);
        assert!(message.contains(word), "{word}: {message}");
        assert!(!desk.path("x.pem").exists());
    };
    let web = |more: &[&'static str]| issue("tls-server", "web.csr", "x.pem", more);
    let intermediate = issue("intermediate", "web.csr", "x.pem", &[]);
    refuse(&intermediate, 1, "refused_by_policy", "path length");
    refuse(&web(&["--path-length", "0"]), 2, "invalid_request", "intermediate");
    refuse(&web(&["--days", "399"]), 2, "invalid_request", "398");
    refuse(&web(&["--days", "0"]), 2, "invalid_request", "398");
    refuse(&issue("wizard", "web.csr", "x.pem", &[]), 2, "invalid_request", "smime");
    refuse(&issue("tls-server", "none.csr", "x.pem", &[]), 5, "bad_input_file", "none.csr");
    refuse(&issue("tls-server", "ca.pem", "x.pem", &[]), 5, "bad_input_file", "CERTIFICATE");

    let with_ca = |file: &'static str| {
        let mut args = web(&[]);
        let at = args.iter().position(|arg| *arg == "ca.pem").unwrap();
        args[at] = file;
        args
    };
    // The CA's own key, and its certificate is none of a CA; another key's; one that ends soon.
    desk.ok(&["cert", "self-sign", "ca", "--subject", "CN=Leaf", "--out", "leaf.pem"]);
    refuse(&with_ca("leaf.pem"), 5, "bad_input_file", "may not issue");
    desk.make("other", "ed25519", "sign", &[]);
    desk.ok(&["cert", "self-sign", "other", "--subject", "CN=O", "--ca", "--out", "other.pem"]);
    refuse(&with_ca("other.pem"), 5, "bad_input_file", "another key");
    let soon = ["cert", "self-sign", "ca", "--subject", "CN=Root", "--ca", "--days", "10"];
    desk.ok(&[&soon[..], &["--out", "soon.pem"]].concat());
    refuse(&with_ca("soon.pem"), 1, "refused_by_policy", "outlive");
    refuse(&with_ca("web.csr"), 5, "bad_input_file", "CERTIFICATE REQUEST");

    // What has expired, and what limits names, OpenSSL makes.
    let export = ["key", "export", "ca", "--format", "pkcs8-pem", "--plaintext", "--out", "ca.key"];
    desk.ok(&export);
    let made = |out: &str, more: &[&str]| {
        let args = ["req", "-x509", "-key", "ca.key", "-subj", "/CN=Root", "-out", out];
        openssl_ok(&desk, &[&args[..], more].concat());
    };
    let past = ["x509", "-in", "ca.pem", "-signkey", "ca.key", "-days", "-1", "-out", "past.pem"];
    openssl_ok(&desk, &past);
    refuse(&with_ca("past.pem"), 1, "refused_by_policy", "expired");
    made("named.pem", &["-addext", "nameConstraints=critical,permitted;DNS:example.org"]);
    refuse(&with_ca("named.pem"), 5, "bad_input_file", "does not check");

    // A request whose signature is another's.
    let mut csr = openssl_der(&desk, "web.csr");
    *csr.last_mut().unwrap() ^= 1;
    fs::write(desk.path("forged.csr"), csr).unwrap();
    let forged = issue("tls-server", "forged.csr", "x.pem", &[]);
    refuse(&forged, 5, "bad_input_file", "signature");
}

fn openssl_der(desk: &Desk, csr: &str) -> Vec<u8> {
    openssl_ok(desk, &["req", "-in", csr, "-outform", "DER", "-out", "der"]);
    fs::read(desk.path("der")).unwrap()
}

#[test]
fn hostile_names_are_refused_on_the_command_line_and_in_a_request() {
    let desk = desk_with_ca();
    let many: Vec<_> = (0..10_000).map(|n| format!("dns:h{n}.example")).collect();
    let mut args = vec!["cert", "csr", "web", "--subject", "CN=a", "--out", "a.csr"];
    args.extend(many.iter().flat_map(|name| ["--san", name]));
    assert!(desk.refused(&args, 2, "invalid_request").contains("10000"));
    for (subject, san) in
        [("CN", "dns:a"), ("CN=a\nb", "dns:a"), ("CN=\\00", "dns:a"), ("CN=a", "dns:a\nb")]
    {
        let args = ["cert", "csr", "web", "--subject", subject, "--san", san, "--out", "a.csr"];
        desk.refused(&args, 2, "invalid_request");
    }
    assert!(!desk.path("a.csr").exists());

    let export =
        ["key", "export", "web", "--format", "pkcs8-pem", "--plaintext", "--out", "web.key"];
    desk.ok(&export);
    let many: Vec<_> = (0..10_000).map(|n| format!("DNS:h{n}.example")).collect();
    for (subject, san, word) in [
        ("/CN=a", many.join(","), "10000"),
        ("/CN=a", "DNS:a b".into(), "host"),
        ("/CN=a", "DNS:a,dirName:dir".into(), "kind"),
        ("/CN=a", "DNS:a,otherName:1.2.3.4;UTF8:x".into(), "kind"),
        ("/CN=a\u{202e}b", "DNS:a".into(), "invisible"),
        ("/CN=a\nb", "DNS:a".into(), "invisible"),
        ("/description=a", "DNS:a".into(), "attribute"),
    ] {
        let configuration = format!(
            "[req]\ndistinguished_name=dn\nreq_extensions=ext\n[dn]\n[ext]\nsubjectAltName=@san\n[dir]\nCN=x\n[san]\n{}",
            san.split(',')
                .enumerate()
                .map(|(n, name)| {
                    let (kind, name) = name.split_once(':').unwrap();
                    format!("{kind}.{n}={name}\n")
                })
                .collect::<String>()
        );
        fs::write(desk.path("req.cnf"), configuration).unwrap();
        let made =
            ["req", "-new", "-utf8", "-key", "web.key", "-config", "req.cnf", "-subj", subject];
        openssl_ok(&desk, &[&made[..], &["-out", "bad.csr"]].concat());
        let args = issue("tls-server", "bad.csr", "x.pem", &[]);
        let message = desk.refused(&args, 5, "bad_input_file");
        assert!(message.contains(word), "{word}: {message}");
    }
    assert!(!desk.path("x.pem").exists());
}

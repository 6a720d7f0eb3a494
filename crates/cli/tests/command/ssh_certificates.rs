//! Certificates of OpenSSH and lists of revoked keys, judged by ssh-keygen.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::desk::{Desk, members};

/// What ssh-keygen says, and whether it succeeded.
fn ssh_keygen(desk: &Desk, args: &[&str]) -> (bool, String) {
    let mut command = Command::new("ssh-keygen");
    let done = desk.at_home(&mut command).args(args).output().unwrap();
    let text = [done.stdout, done.stderr].concat();
    (done.status.success(), String::from_utf8_lossy(&text).into_owned())
}

fn made(desk: &Desk, name: &str, kind: &str) {
    let (ok, said) = ssh_keygen(desk, &["-q", "-t", kind, "-C", name, "-N", "", "-f", name]);
    assert!(ok, "{said}");
}

/// Issues a certificate of ann.pub.
fn issue(ca: &str, out: &str, more: &[&str]) -> Vec<String> {
    let args = ["cert", "ssh", ca, "--public-key", "ann.pub", "--principal", "ann", "--id"];
    let args = [&args[..], &["Ann’s laptop", "--out", out], more].concat();
    args.into_iter().map(str::to_owned).collect()
}

fn ok(desk: &Desk, args: Vec<String>) -> Value {
    desk.ok(&args.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn every_signing_algorithm_issues_what_ssh_keygen_shows() {
    let desk = Desk::with_code();
    made(&desk, "ann", "ed25519");
    for (algorithm, signed) in [
        ("rsa-2048", "using rsa-sha2-256"),
        ("ec-p256", "using ecdsa-sha2-nistp256"),
        ("ec-p384", "using ecdsa-sha2-nistp384"),
        ("ec-p521", "using ecdsa-sha2-nistp521"),
        ("ed25519", "using ssh-ed25519"),
    ] {
        desk.make(algorithm, algorithm, "sign", &[]);
        let out = format!("{algorithm}-cert.pub");
        let said = ok(&desk, issue(algorithm, &out, &["--days", "3"]));
        assert_eq!(
            members(&said),
            ["bytes", "file", "keyId", "principals", "serial", "validUntil"]
        );
        let (shown, text) = ssh_keygen(&desk, &["-L", "-f", &out]);
        assert!(shown, "{algorithm}: {text}");
        let serial = format!("Serial: {}", said["serial"].as_str().unwrap());
        for word in ["user certificate", "Key ID: \"Ann", &serial, signed, "permit-pty"] {
            assert!(text.contains(word), "{algorithm}: {word}: {text}");
        }
        assert!(!text.contains("permit-port-forwarding"), "{text}");
        // ssh-keygen does not check the signature; what reads it again here does.
        let found = desk.ok(&["examine", &out]);
        let item = &found["items"][0];
        assert_eq!((&item["kind"], &item["outcome"]), (&"ssh_certificate".into(), &"sound".into()));
        assert_eq!(item["sshCertificate"]["signatureHolds"], true);
        assert!(text.contains(item["sshCertificate"]["authority"].as_str().unwrap()), "{text}");
    }
}

#[test]
fn hosts_limits_and_keys_of_the_vault() {
    let desk = Desk::with_code();
    desk.make("ca", "ec-p256", "sign", &[]);
    desk.make("web", "ec-p384", "authenticate", &[]);
    let host = ["cert", "ssh", "ca", "--subject-key", "web", "--host", "--id", "web-1"];
    let names = ["--principal", "web-1.example.org", "--principal", "web-1", "--out", "h-cert.pub"];
    desk.ok(&[&host[..], &names[..]].concat());
    let (_, text) = ssh_keygen(&desk, &["-L", "-f", "h-cert.pub"]);
    for word in [
        "host certificate",
        "web-1.example.org\n",
        "Critical Options: (none)",
        "Extensions: (none)",
    ] {
        assert!(text.contains(word), "{word}: {text}");
    }
    made(&desk, "ann", "rsa");
    let limits =
        ["--force-command", "/usr/bin/true", "--source-address", "192.0.2.0/24,2001:db8::/32"];
    let permits = ["--permit", "agent-forwarding,pty"];
    ok(&desk, issue("ca", "ann-cert.pub", &[&limits[..], &permits[..]].concat()));
    let (_, text) = ssh_keygen(&desk, &["-L", "-f", "ann-cert.pub"]);
    for word in [
        "force-command /usr/bin/true",
        "source-address 192.0.2.0/24,2001:db8::/32",
        "permit-agent-forwarding",
    ] {
        assert!(text.contains(word), "{word}: {text}");
    }
    ok(&desk, issue("ca", "none-cert.pub", &["--permit", "none"]));
    assert!(ssh_keygen(&desk, &["-L", "-f", "none-cert.pub"]).1.contains("Extensions: (none)"));

    let refused = |args: Vec<String>, exit: i32, code: &str| {
        desk.refused(&args.iter().map(String::as_str).collect::<Vec<_>>(), exit, code)
    };
    refused(issue("ca", "ann-cert.pub", &[]), 1, "exists");
    refused(issue("ca", "x", &["--permit", "everything"]), 2, "invalid_request");
    refused(issue("ca", "x", &["--source-address", "somewhere"]), 2, "invalid_request");
    refused(issue("ca", "x", &["--principal", "a,root"]), 2, "invalid_request");
    refused(issue("ca", "x", &["--days", "900"]), 2, "invalid_request");
    refused(issue("ca", "x", &["--host", "--permit", "pty"]), 2, "invalid_request");
    // A key for logging in vouches for no other key.
    refused(issue("web", "x", &[]), 1, "refused_by_policy");
    for (file, bytes) in [("ann.pub", &b"hello"[..]), ("ann.pub", b"ssh-ed25519 AAAA x\n")] {
        fs::write(desk.path(file), bytes).unwrap();
        refused(issue("ca", "x", &[]), 5, "bad_input_file");
    }
    assert!(!desk.path("x").exists());
    let log = desk.ok(&["audit", "list", "--action", "key.issue_ssh_certificate"]);
    let events = log["events"].as_array().unwrap();
    assert_eq!(events[1]["details"]["principals"], "ann");
    assert_eq!(events[0]["outcome"], "denied");
    desk.ok(&["audit", "verify"]);
}

#[test]
fn what_was_revoked_stays_on_every_list_and_ssh_keygen_finds_it() {
    let desk = Desk::with_code();
    desk.make("ca", "ed25519", "sign", &[]);
    for name in ["ann", "bob", "eve"] {
        made(&desk, name, "ed25519");
    }
    let sign = |name: &str| {
        let (file, out) = (format!("{name}.pub"), format!("{name}-cert.pub"));
        let args = ["cert", "ssh", "ca", "--principal", name, "--id", name];
        let said = desk.ok(&[&args[..], &["--public-key", &file, "--out", &out]].concat());
        said["serial"].as_str().unwrap().to_owned()
    };
    let (ann, _, _) = (sign("ann"), sign("bob"), sign("eve"));
    let revoked = |list: &str, file: &str| {
        let (ok, text) = ssh_keygen(&desk, &["-Q", "-f", list, file]);
        assert!(text.contains(if ok { ": ok" } else { ": REVOKED" }), "{text}");
        !ok
    };
    desk.refused(&["cert", "krl", "ca", "--out", "none.krl"], 2, "invalid_request");
    let first = desk.ok(&["cert", "krl", "ca", "--serial", &ann, "--out", "1.krl"]);
    assert!(revoked("1.krl", "ann-cert.pub") && !revoked("1.krl", "bob-cert.pub"));
    // Another certificate of the same key is not meant.
    assert!(!revoked("1.krl", "ann.pub"));
    let args = ["cert", "krl", "ca", "--id", "bob", "--public-key", "eve.pub", "--out", "2.krl"];
    let second = desk.ok(&[&args[..], &["--reason", "left"]].concat());
    for file in ["ann-cert.pub", "bob-cert.pub", "eve-cert.pub", "eve.pub"] {
        assert!(revoked("2.krl", file), "{file}");
    }
    assert!(!revoked("2.krl", "bob.pub"));
    assert_eq!(
        (&second["serials"], &second["keyIds"], &second["keys"]),
        (&1.into(), &1.into(), &1.into())
    );
    let number = |of: &Value| of["number"].as_str().unwrap().parse::<u64>().unwrap();
    assert!(number(&second) > number(&first));
    // Nothing new: the same list again.
    desk.ok(&["cert", "krl", "ca", "--out", "3.krl"]);
    assert!(revoked("3.krl", "ann-cert.pub") && revoked("3.krl", "eve.pub"));
    // Only this CA's: the same number by another is another certificate.
    desk.make("other", "ed25519", "sign", &[]);
    desk.ok(&["cert", "krl", "other", "--serial", &ann, "--out", "other.krl"]);
    assert!(!revoked("other.krl", "ann-cert.pub"));
    desk.refused(&["cert", "krl", "ca", "--serial", "0", "--out", "x"], 2, "invalid_request");
    desk.refused(&["cert", "krl", "ca", "--out", "3.krl"], 1, "exists");
    let (ok, text) = ssh_keygen(&desk, &["-Q", "-l", "-f", "2.krl"]);
    assert!(ok && text.contains(&format!("serial: {ann}")) && text.contains("id: bob"), "{text}");
    desk.ok(&["audit", "verify"]);
}

#[test]
fn what_was_issued_is_listed_with_what_became_of_it() {
    let desk = Desk::with_code();
    desk.make("ca", "ed25519", "sign", &[]);
    let empty = desk.ok(&["cert", "ssh-list", "ca"]);
    assert_eq!(members(&empty), ["certificates", "revoked", "total", "version"]);
    assert_eq!((&empty["total"], &empty["revoked"]["number"]), (&0.into(), &Value::Null));
    let mut serials = Vec::new();
    for name in ["ann", "bob", "eve", "zoe"] {
        made(&desk, name, "ed25519");
        let (file, out) = (format!("{name}.pub"), format!("{name}-cert.pub"));
        let args = ["cert", "ssh", "ca", "--principal", name, "--principal", "deploy", "--id"];
        let id = format!("{name}, laptop");
        let said = desk.ok(&[&args[..], &[&id, "--public-key", &file, "--out", &out]].concat());
        serials.push(said["serial"].as_str().unwrap().to_owned());
    }
    let krl = ["cert", "krl", "ca", "--serial", &serials[0], "--id", "bob, laptop"];
    desk.ok(&[&krl[..], &["--public-key", "eve.pub", "--out", "1.krl"]].concat());
    let all = desk.ok(&["cert", "ssh-list", "ca"]);
    let states: Vec<_> = all["certificates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["keyId"].as_str().unwrap(), one["state"].as_str().unwrap()))
        .collect();
    assert_eq!(
        states,
        [
            ("zoe, laptop", "valid"),
            ("eve, laptop", "revoked"),
            ("bob, laptop", "revoked"),
            ("ann, laptop", "revoked")
        ]
    );
    let newest = &all["certificates"][0];
    assert_eq!(newest["principals"], serde_json::json!(["zoe", "deploy"]));
    assert_eq!((&newest["host"], &newest["serial"]), (&false.into(), &serials[3].clone().into()));
    let (_, said) = ssh_keygen(&desk, &["-l", "-f", "zoe.pub"]);
    assert!(said.contains(newest["publicKey"].as_str().unwrap()), "{said}");
    let revoked = &all["revoked"];
    assert_eq!(revoked["serials"], serde_json::json!([serials[0]]));
    assert_eq!(revoked["keyIds"], serde_json::json!(["bob, laptop"]));
    let (_, said) = ssh_keygen(&desk, &["-l", "-f", "eve.pub"]);
    assert!(said.contains(revoked["keys"][0].as_str().unwrap()), "{said}");

    let total =
        |args: &[&str]| desk.ok(&[&["cert", "ssh-list", "ca"], args].concat())["total"].clone();
    for (search, found) in [
        ("ZOE", 1),
        ("deploy", 4),
        (serials[1].as_str(), 1),
        (newest["publicKey"].as_str().unwrap(), 1),
        ("nobody", 0),
    ] {
        assert_eq!(total(&["--search", search]), found, "{search}");
    }
    let first = desk.ok(&["cert", "ssh-list", "ca", "--limit", "1"]);
    assert_eq!((&first["total"], first["certificates"].as_array().unwrap().len()), (&4.into(), 1));
    let text = desk.run(&["cert", "ssh-list", "ca", "--limit", "3"]).out;
    assert!(text.contains("3 of 4 are shown") && text.contains("bob, laptop"), "{text}");
    desk.refused(&["cert", "ssh-list", "ca", "--search", &"x".repeat(501)], 2, "invalid_request");
    desk.refused(&["cert", "ssh-list", "nobody"], 4, "not_found");
    desk.refused(&["cert", "ssh-list", "ca", "--version", "2"], 4, "not_found");
    // Another version has issued nothing yet, and its list is its own.
    desk.ok(&["key", "rotate", "ca"]);
    assert_eq!((total(&[]), total(&["--version", "1"])), (0.into(), 4.into()));
}

#[test]
fn a_list_that_openssh_could_not_read_is_never_written() {
    let desk = Desk::with_code();
    desk.make("ca", "ed25519", "sign", &[]);
    made(&desk, "ann", "ed25519");
    let long = "x".repeat(256);
    for bad in [
        &["--id", ""][..],
        &["--id", "a\nb"],
        &["--id", &long],
        &["--serial", "0"],
        &["--serial", "-1"],
        &["--serial", "0x10"],
        &["--serial", "18446744073709551616"],
        &["--serial", ""],
    ] {
        let [option, value] = bad else { panic!() };
        let option = format!("{option}={value}");
        desk.refused(&["cert", "krl", "ca", &option, "--out", "x.krl"], 2, "invalid_request");
    }
    fs::write(desk.path("two.pub"), fs::read_to_string(desk.path("ann.pub")).unwrap().repeat(2))
        .unwrap();
    fs::write(desk.path("none.pub"), "hello").unwrap();
    for bad in ["ann", "none.pub", "absent.pub"] {
        let args = ["cert", "krl", "ca", "--public-key", bad, "--out", "x.krl"];
        desk.refused(&args, 5, "bad_input_file");
    }
    assert!(!desk.path("x.krl").exists());
    // Refused as a whole: nothing of it counts as revoked.
    let args = ["cert", "krl", "ca", "--serial", "7", "--id", "", "--out", "x.krl"];
    desk.refused(&args, 2, "invalid_request");
    assert!(desk.ok(&["cert", "ssh-list", "ca"])["revoked"]["number"].is_null());
    // What more than one line of the log holds is refused, and what fits is read by OpenSSH.
    let many: Vec<String> = (0..3_000).map(|n| format!("--id={n}{}", "y".repeat(90))).collect();
    let too_many = many.iter().map(String::as_str);
    let args: Vec<&str> =
        ["cert", "krl", "ca", "--out", "x.krl"].into_iter().chain(too_many).collect();
    desk.refused(&args, 2, "invalid_request");
    let args: Vec<&str> = args.into_iter().take(1_500).collect();
    desk.ok(&args);
    let (ok, text) = ssh_keygen(&desk, &["-Q", "-f", "x.krl", "ann.pub"]);
    assert!(ok && text.contains(": ok"), "{text}");
    desk.ok(&["audit", "verify"]);
}

#[test]
fn certificates_of_others_are_shown_and_damaged_ones_are_refused() {
    let desk = Desk::with_code();
    for (name, kind) in [("ca", "rsa"), ("ann", "ecdsa")] {
        made(&desk, name, kind);
    }
    let sign = ["-q", "-s", "ca", "-I", "for ever", "-n", "ann,root", "-z", "7", "ann.pub"];
    assert!(ssh_keygen(&desk, &sign).0);
    let shown = |file: &str| desk.bare(&["examine", file, "--json"]).json()["items"][0].clone();
    let item = shown("ann-cert.pub");
    let said = &item["sshCertificate"];
    assert_eq!((&item["outcome"], &said["keyId"]), (&"sound".into(), &"for ever".into()));
    assert!(said["validBefore"].is_null() && said["validAfter"].is_null(), "{said}");
    assert_eq!(said["principals"], serde_json::json!(["ann", "root"]));
    assert_eq!((&said["serial"], &said["signatureHolds"]), (&"7".into(), &true.into()));
    let text = desk.bare(&["examine", "ann-cert.pub"]).out;
    assert!(text.contains("for ever") && text.contains("ann, root"), "{text}");
    // Not brought in, and not taken for the key in it.
    let done = desk.run(&["key", "import", "ann-cert.pub", "--json"]);
    assert_eq!(done.json()["items"][0]["outcome"], "unsupported");
    assert_eq!(desk.ok(&["public", "list"])["total"], 0);

    // An expired one, one whose signature was changed, and cut ones.
    fs::remove_file(desk.path("ann-cert.pub")).unwrap();
    let sign = ["-q", "-s", "ca", "-I", "x", "-n", "ann", "-V", "20200101:20210101", "ann.pub"];
    assert!(ssh_keygen(&desk, &sign).0);
    let item = shown("ann-cert.pub");
    assert!(item["problem"].as_str().unwrap().contains("expired on 2021-01-01"), "{item}");
    let line = fs::read_to_string(desk.path("ann-cert.pub")).unwrap();
    let blob = line.split(' ').nth(1).unwrap();
    let last = blob.len() - 9;
    let flipped = if blob.as_bytes()[last] == b'A' { "B" } else { "A" };
    let changed = format!("{}{flipped}{}", &blob[..last], &blob[last + 1..]);
    fs::write(desk.path("c-cert.pub"), line.replace(blob, &changed)).unwrap();
    assert!(shown("c-cert.pub")["problem"].as_str().unwrap().contains("signature"));
    for cut in [40, 100, blob.len() / 2, blob.len() - 4] {
        fs::write(desk.path("c-cert.pub"), line.replace(blob, &blob[..cut])).unwrap();
        let item = shown("c-cert.pub");
        assert_eq!(item["outcome"], "problem", "{cut}: {item}");
    }
}

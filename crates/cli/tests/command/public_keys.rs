//! Public keys whose private halves are elsewhere: an inventory that holds nothing secret.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::certificates::openssl_ok;
use crate::desk::{Desk, members};
use crate::inventory::strictly;

/// A file `all` with two public lines of OpenSSH, one PEM block and one JWK Set's worth of keys, and the
/// private half of the first in `ann`.
fn keys_of_others(desk: &Desk) {
    for (name, kind) in [("ann", "ed25519"), ("bob", "ecdsa")] {
        let file = desk.text(name);
        let args = ["-q", "-t", kind, "-C", &format!("{name}@desk"), "-N", "", "-f", &file];
        assert!(Command::new("ssh-keygen").args(args).status().unwrap().success());
    }
    openssl_ok(desk, &["genrsa", "-out", "old.key", "2048"]);
    openssl_ok(desk, &["rsa", "-in", "old.key", "-pubout", "-out", "old.pem"]);
    let read = |name: &str| fs::read_to_string(desk.path(name)).unwrap();
    fs::write(
        desk.path("authorized_keys"),
        format!("# mine\n{}{}", read("ann.pub"), read("bob.pub")),
    )
    .unwrap();
    // The key of RFC 8037, appendix A.2.
    let okp = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"rfc8037"}"#;
    fs::write(desk.path("set.json"), format!("{{\"keys\":[{okp}]}}")).unwrap();
}

fn listed(desk: &Desk, search: &str) -> Vec<Value> {
    let all = desk.ok(&["public", "list", "--search", search]);
    assert_eq!(members(&all), ["publicKeys", "total"]);
    all["publicKeys"].as_array().unwrap().clone()
}

fn names(all: &[Value]) -> Vec<&str> {
    all.iter().map(|one| one["name"].as_str().unwrap()).collect()
}

#[test]
fn a_list_of_public_keys_becomes_items_that_nothing_can_be_done_with() {
    let desk = Desk::with_code();
    keys_of_others(&desk);
    let files = ["authorized_keys", "old.pem", "set.json"];
    let import = [&["key", "import", "--tag", "partners", "--owner", "Ops"], &files[..]].concat();
    let seen = desk.ok(&[&import[..], &["--dry-run"]].concat());
    assert!(
        seen["items"].as_array().unwrap().iter().all(|item| item["outcome"] == "new"),
        "{seen}"
    );
    assert_eq!(listed(&desk, "").len(), 0);
    let done = desk.ok(&import);
    assert_eq!((&done["imported"], &done["publicKeys"]), (&0.into(), &4.into()), "{done}");
    let all = listed(&desk, "");
    assert_eq!(names(&all), ["ann@desk", "bob@desk", "old", "set"]);
    assert_eq!(
        (&all[2]["algorithm"], &all[2]["strengthBits"], &all[2]["description"]["owner"]),
        (&"rsa-2048".into(), &112.into(), &"Ops".into())
    );
    assert_eq!(all[2]["pem"], fs::read_to_string(desk.path("old.pem")).unwrap());
    let ssh = Command::new("ssh-keygen").args(["-lf", &desk.text("bob.pub")]).output().unwrap();
    let ssh = String::from_utf8(ssh.stdout).unwrap();
    assert!(ssh.contains(all[1]["fingerprints"]["ssh-sha256"].as_str().unwrap()), "{ssh}");

    // They are found by what is shown of them, named by it, changed and noticed when they come again.
    assert_eq!(names(&listed(&desk, "ED25519")), ["ann@desk", "set"]);
    assert_eq!(listed(&desk, "partners").len(), 4);
    let id = all[0]["id"].as_str().unwrap();
    let edit = ["public", "edit", &id[..8], "--name", "Ann", "--note", "left", "--add-tag", "gone"];
    let edited = desk.ok(&edit)["publicKey"].clone();
    assert_eq!(edited["description"]["tags"], serde_json::json!(["gone", "partners"]));
    desk.refused(&edit, 2, "invalid_request");
    assert_eq!(desk.ok(&["public", "show", "Ann"])["publicKey"], edited);
    let again = desk.ok(&import);
    assert_eq!(again["publicKeys"], 0);
    let first = &again["items"][0];
    assert_eq!(first["outcome"], "duplicate");
    assert!(first["problem"].as_str().unwrap().contains("Ann"), "{first}");

    // No key of the vault: nothing signs, exports, rotates or hands over with them.
    assert!(desk.names().is_empty());
    for args in [
        &["key", "show", "bob@desk"][..],
        &["key", "export", "bob@desk", "--format", "openssh", "--plaintext", "--out", "x"],
        &["key", "rotate", id],
        &["cert", "self-sign", id, "--subject", "CN=x", "--out", "x"],
    ] {
        desk.refused(args, 4, "not_found");
    }
    desk.ok(&["public", "remove", "bob@desk", "--yes", "--reason", "project ended"]);
    desk.refused(&["public", "show", "bob@desk"], 4, "not_found");
    desk.refused(&["public", "show", "zz"], 4, "not_found");
    let log = desk.ok(&["audit", "list", "--action", "public_key.remove"]);
    assert_eq!(log["events"][0]["reason"], "project ended");
    let checked = desk.ok(&["audit", "verify"]);
    assert_eq!(checked["publicKeys"], 3);
}

#[test]
fn a_private_half_takes_the_place_of_its_public_one_with_what_was_said_of_it() {
    let desk = Desk::with_code();
    keys_of_others(&desk);
    desk.ok(&["key", "import", "ann.pub", "--owner", "Ann", "--tag", "laptop"]);
    let done = desk.ok(&["key", "import", "ann", "ann.pub", "--tag", "new"]);
    assert_eq!((&done["imported"], &done["publicKeys"]), (&1.into(), &0.into()));
    assert_eq!(listed(&desk, "").len(), 0);
    let key = &desk.ok(&["key", "show", "ann"])["key"];
    assert_eq!(
        (&key["owner"], &key["tags"]),
        (&"Ann".into(), &serde_json::json!(["laptop", "new"]))
    );
    // Now the vault has the key, and its public half alone is nothing new.
    let again = desk.ok(&["key", "import", "ann.pub"]);
    assert_eq!(
        (&again["publicKeys"], &again["items"][0]["outcome"]),
        (&0.into(), &"duplicate".into())
    );
    desk.ok(&["audit", "verify"]);
}

#[test]
fn a_certificate_from_elsewhere_has_a_description_and_can_be_removed() {
    let desk = Desk::with_code();
    desk.make("ca", "ec-p256", "sign", &[]);
    desk.ok(&["cert", "self-sign", "ca", "--subject", "CN=Own", "--ca", "--out", "ca.pem"]);
    let make = ["req", "-x509", "-newkey", "ed25519", "-nodes", "-keyout", "k", "-subj"];
    openssl_ok(&desk, &[&make[..], &["/CN=Elsewhere", "-out", "e.pem"]].concat());
    desk.ok(&["key", "import", "e.pem", "--owner", "Ops", "--tag", "watch"]);
    let list = || desk.ok(&["cert", "list"])["certificates"].as_array().unwrap().clone();
    let all = list();
    let foreign = all.iter().find(|one| one["subject"] == "CN=Elsewhere").unwrap();
    assert_eq!(foreign["description"]["tags"][0], "watch");
    let id = foreign["id"].as_str().unwrap();
    let edited =
        desk.ok(&["cert", "edit", id, "--note", "renewed by Ann", "--remove-tag", "watch"]);
    assert_eq!(
        edited["description"],
        serde_json::json!({ "owner": "Ops", "note": "renewed by Ann", "tags": [] })
    );
    let own = all.iter().find(|one| one["subject"] == "CN=Own").unwrap();
    let remove = ["cert", "remove", own["id"].as_str().unwrap(), "--yes"];
    assert!(desk.refused(&remove, 1, "refused_by_policy").contains("revoked"));
    desk.ok(&["cert", "remove", id, "--yes"]);
    assert_eq!(list().len(), 1);
    desk.ok(&["audit", "verify"]);
    // And back again.
    assert_eq!(desk.ok(&["cert", "import", "e.pem"])["known"], 0);
    desk.ok(&["audit", "verify"]);
}

/// Public keys that the vault makes none of, made by OpenSSL and OpenSSH; with the name that each gets.
fn foreign_keys(desk: &Desk) -> Vec<(&'static str, &'static str)> {
    let pair = |name: &str, args: &[&str]| {
        let (key, out) = (format!("{name}.key"), format!("{name}.pem"));
        openssl_ok(desk, &[&["genpkey"], args, &["-out", &key]].concat());
        openssl_ok(desk, &["pkey", "-in", &key, "-pubout", "-out", &out]);
    };
    for (name, bits) in [("rsa1024", "1024"), ("rsa1536", "1536"), ("rsa5120", "5120")] {
        pair(name, &["-algorithm", "RSA", "-pkeyopt", &format!("rsa_keygen_bits:{bits}")]);
    }
    for (name, bits) in [("dsa1024", "1024"), ("dsa2048", "2048")] {
        let bits = format!("dsa_paramgen_bits:{bits}");
        let out = ["-out", "dsa.params"];
        let args = ["genpkey", "-genparam", "-algorithm", "DSA", "-pkeyopt", &bits];
        openssl_ok(desk, &[&args[..], &out].concat());
        pair(name, &["-paramfile", "dsa.params"]);
    }
    for (name, curve) in [("brainpool", "brainpoolP256r1"), ("p192", "prime192v1")] {
        let curve = format!("ec_paramgen_curve:{curve}");
        pair(
            name,
            &["-algorithm", "EC", "-pkeyopt", &curve, "-pkeyopt", "ec_param_enc:named_curve"],
        );
    }
    pair("ed448", &["-algorithm", "ED448"]);
    pair("x448", &["-algorithm", "X448"]);
    for (name, args) in [("ssh-rsa", &["-t", "rsa", "-b", "1024"][..]), ("ssh-dss", &["-t", "dsa"])]
    {
        let file = desk.text(name);
        let args = [&["-q", "-N", "", "-C", name, "-f", &file], args].concat();
        assert!(Command::new("ssh-keygen").args(args).status().unwrap().success());
    }
    vec![
        ("brainpool.pem", "ec-brainpool-p256r1"),
        ("dsa1024.pem", "dsa-1024"),
        ("dsa2048.pem", "dsa-2048"),
        ("ed448.pem", "ed448"),
        ("p192.pem", "ec-p192"),
        ("rsa1024.pem", "rsa-1024"),
        ("rsa1536.pem", "rsa-1536"),
        ("rsa5120.pem", "rsa-5120"),
        ("ssh-dss.pub", "dsa-1024"),
        ("ssh-rsa.pub", "rsa-1024"),
        ("x448.pem", "x448"),
    ]
}

#[test]
fn weak_and_foreign_public_keys_are_items_that_say_so() {
    let desk = Desk::with_code();
    let keys = foreign_keys(&desk);
    let files: Vec<&str> = keys.iter().map(|(file, _)| *file).collect();
    let weak = ["rsa-1024", "rsa-1536", "dsa-1024", "dsa-2048", "ec-p192"];
    let seen = desk.ok(&[&["key", "import", "--dry-run"], &files[..]].concat());
    for (item, (file, algorithm)) in seen["items"].as_array().unwrap().iter().zip(&keys) {
        assert_eq!((&item["kind"], &item["outcome"]), (&"public".into(), &"new".into()), "{item}");
        assert_eq!(item["foreign"]["name"], *algorithm, "{file}");
        assert!(item["algorithm"].is_null() && item["purpose"].is_null(), "{item}");
        let said = item["warnings"].as_array().unwrap();
        assert_eq!(said.len(), usize::from(weak.contains(algorithm)), "{item}");
    }
    let done = desk.ok(&[&["key", "import"], &files[..]].concat());
    assert_eq!((&done["imported"], &done["publicKeys"]), (&0.into(), &11.into()), "{done}");
    let all = listed(&desk, "");
    for (one, (file, algorithm)) in all.iter().zip(&keys) {
        assert_eq!((&one["algorithm"], &one["quantumSafe"]), (&(*algorithm).into(), &false.into()));
        assert_eq!(one["foreign"]["weakness"].is_string(), weak.contains(algorithm), "{one}");
        if file.ends_with(".pem") {
            assert_eq!(one["pem"], fs::read_to_string(desk.path(file)).unwrap());
        } else {
            let said = Command::new("ssh-keygen").args(["-l", "-f", &desk.text(file)]).output();
            let said = String::from_utf8_lossy(&said.unwrap().stdout).into_owned();
            let told = one["fingerprints"]["ssh-sha256"].as_str().unwrap();
            assert!(said.contains(told), "{said} {told}");
        }
    }
    let text = desk.run(&["public", "list"]).out;
    assert!(text.contains("rsa-1024 (weak)") && !text.contains("ed448 (weak)"), "{text}");
    let text = desk.run(&["public", "show", "dsa1024"]).out;
    assert!(text.contains("Weak") && text.contains("FIPS 186-5"), "{text}");
    assert_eq!(names(&listed(&desk, "brainpoolP256r1")), ["brainpool"]);

    told_in_each_inventory(&desk, &keys);

    // Known already, and in whatever form.
    let again = desk.ok(&[&["key", "import", "--dry-run"], &files[..]].concat());
    assert!(again["items"].as_array().unwrap().iter().all(|item| item["outcome"] == "duplicate"));
    // Private halves stay outside, and nothing takes such a key for another's certificate or message.
    for key in ["rsa1024.key", "dsa2048.key", "brainpool.key", "ed448.key", "x448.key", "ssh-dss"] {
        let done = desk.run(&["key", "import", key, "--json"]);
        assert_eq!(done.json()["imported"], 0, "{key}: {}", done.out);
    }
    desk.make("ca", "ed25519", "sign", &["--exportable"]);
    let args =
        ["cert", "ssh", "ca", "--public-key", "ssh-rsa.pub", "--principal", "a", "--id", "a"];
    desk.refused(&[&args[..], &["--out", "x"]].concat(), 5, "bad_input_file");
    let to = ["--format", "jwk", "--to", "rsa1024.pem", "--out", "x"];
    assert_ne!(desk.run(&[&["key", "export", "ca"], &to[..]].concat()).exit, 0);
    assert!(!desk.path("x").exists());

    desk.ok(&["public", "edit", "rsa1024", "--owner", "Ops", "--note", "in the lift"]);
    desk.ok(&["public", "remove", "rsa1536", "--yes"]);
    desk.ok(&["audit", "verify"]);
    assert_eq!(desk.ok(&["audit", "verify"])["publicKeys"], 10);
}

fn told_in_each_inventory(desk: &Desk, keys: &[(&str, &str)]) {
    let write = |format: &str| {
        let out = desk.text(&format!("weak.{format}"));
        desk.ok(&["inventory", "--format", format, "--out", &out]);
        fs::read_to_string(out).unwrap()
    };
    let bom: Value = serde_json::from_str(&write("cdx")).unwrap();
    let checked = strictly(&desk.text("weak.cdx"));
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    let components = bom["components"].as_array().unwrap();
    let named = |name: &str| components.iter().find(|one| one["bom-ref"] == *name).unwrap();
    for (name, parameter, curve, classical) in [
        ("rsa-1024", "1024", "", 80),
        ("rsa-5120", "5120", "", 152),
        ("dsa-2048", "2048", "", 112),
        ("ec-brainpool-p256r1", "", "brainpool/brainpoolP256r1", 128),
        ("ec-p192", "", "nist/P-192", 96),
        ("ed448", "", "other/Ed448", 224),
        ("x448", "", "other/Curve448", 224),
    ] {
        let said = &named(&format!("algorithm/{name}"))["cryptoProperties"]["algorithmProperties"];
        assert_eq!(
            said["parameterSetIdentifier"].as_str().unwrap_or_default(),
            parameter,
            "{said}"
        );
        assert_eq!(said["ellipticCurve"].as_str().unwrap_or_default(), curve, "{said}");
        assert_eq!(said["classicalSecurityLevel"], classical, "{said}");
        assert_eq!(said["nistQuantumSecurityLevel"], 0, "{said}");
    }
    let weak = components.iter().filter(|one| {
        let properties = one["properties"].as_array();
        properties.is_some_and(|all| all.iter().any(|one| one["name"] == "keyreeve:weak"))
    });
    assert_eq!(weak.count(), 7);
    let json: Value = serde_json::from_str(&write("json")).unwrap();
    for (entry, (_, algorithm)) in json["entries"].as_array().unwrap().iter().zip(keys) {
        assert_eq!(
            (&entry["algorithm"], &entry["quantumSafe"]),
            (&(*algorithm).into(), &false.into())
        );
    }
    let csv = write("csv");
    assert!(csv.lines().any(|line| line.contains("rsa-1024,") && line.ends_with(",true")), "{csv}");
}

#[test]
fn damaged_and_hostile_foreign_keys_are_refused() {
    let desk = Desk::with_code();
    let keys = foreign_keys(&desk);
    let files = keys.iter().filter(|(file, _)| file.ends_with(".pem"));
    for (file, _) in files {
        openssl_ok(&desk, &["pkey", "-pubin", "-in", file, "-outform", "DER", "-out", "whole.der"]);
        let whole = fs::read(desk.path("whole.der")).unwrap();
        // Cut short at each seventh byte, all in one call.
        let mut names = Vec::new();
        for len in (1..whole.len()).step_by(7) {
            let name = format!("cut-{len}.der");
            fs::write(desk.path(&name), &whole[..len]).unwrap();
            names.push(name);
        }
        let args = ["examine", "--json"].into_iter().chain(names.iter().map(String::as_str));
        let found = desk.bare(&args.collect::<Vec<_>>()).json();
        for item in found["items"].as_array().unwrap() {
            assert!(item["foreign"].is_null(), "{file}: {item}");
        }
    }
}

#[test]
fn a_point_that_is_not_on_its_curve_is_refused() {
    let desk = Desk::with_code();
    let curve = ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
    openssl_ok(&desk, &[&curve[..], &["-out", "key.pem"]].concat());
    openssl_ok(&desk, &["pkey", "-in", "key.pem", "-pubout", "-outform", "DER", "-out", "off.der"]);
    let mut spki = fs::read(desk.path("off.der")).unwrap();
    *spki.last_mut().unwrap() ^= 1;
    fs::write(desk.path("off.der"), spki).unwrap();
    let examined = desk.bare(&["examine", "off.der", "--json"]).json();
    let problem = examined["items"][0]["problem"].as_str().unwrap();
    assert!(problem.contains("none that a key has"), "{problem}");
    assert_ne!(desk.run(&["key", "import", "off.der"]).exit, 0);
    assert_eq!(desk.ok(&["public", "list"])["total"], 0);
}

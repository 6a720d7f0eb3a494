//! Public keys whose private halves are elsewhere: an inventory that holds nothing secret.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::certificates::openssl_ok;
use crate::desk::{Desk, members};

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
    let desk = Desk::new();
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
    let desk = Desk::new();
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
    let desk = Desk::new();
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

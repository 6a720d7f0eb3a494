//! The whole life of a vault and its keys, with the shape of every answer.

use serde_json::Value;

use crate::desk::{Desk, QUICK, members};

#[test]
fn a_vault_is_made_and_looked_at() {
    let desk = Desk::empty();
    let mut args = vec!["init", "--slot-name", "Mine"];
    args.extend(QUICK);
    let made = desk.ok(&args);
    assert_eq!(members(&made), ["audit", "vault"]);
    assert_eq!(members(&made["vault"]), ["id", "path"]);
    assert_eq!(made["vault"]["path"], desk.text("v.keyreeve"));
    let public_key = made["audit"]["publicKey"].as_str().unwrap();
    assert!(public_key.contains('+'), "a signed-note verifier key: {public_key}");

    let locked = desk.bare(&["status", "--json"]).json();
    assert_eq!(locked["vault"]["id"], made["vault"]["id"]);
    assert_eq!(locked["vault"]["slots"][0]["name"], "Mine");
    assert_eq!(locked["vault"]["slots"][0]["role"], "administrator");
    assert!(locked["counts"].is_null() && locked["auditSize"].is_null());

    let open = desk.ok(&["status"]);
    assert_eq!(open["counts"]["total"], 0);
    assert_eq!(open["auditPublicKey"], public_key);
    assert!(open["auditSize"].as_u64().unwrap() >= 3);
    assert!(open["lastBackupAt"].is_null());

    let text = desk.run(&["status"]);
    assert!(text.out.contains("Mine") && text.out.contains("never"), "{text:?}");
}

#[test]
fn a_second_vault_in_the_same_place_is_refused() {
    let desk = Desk::with_keys();
    let before = desk.vault_bytes();
    desk.refused(&["init"], 1, "exists");
    assert_eq!(desk.vault_bytes(), before);
}

#[test]
fn a_key_lives_from_creation_to_destruction() {
    let desk = Desk::with_code();
    let made = desk.make(
        "web",
        "ec-p256",
        "sign",
        &[
            "--exportable",
            "--tag",
            "prod",
            "--tag",
            "tls",
            "--note",
            "front door",
            "--owner",
            "ops",
            "--where-used",
            "host=web-1",
            "--field",
            "ticket=42",
            "--originator-usage",
            "P2Y",
            "--recipient-usage",
            "",
        ],
    );
    assert_eq!(members(&made), ["auditSeq", "key"]);
    assert!(made["auditSeq"].as_u64().is_some());
    let key = &made["key"];
    for member in
        ["id", "name", "purpose", "algorithm", "exportable", "state", "primaryVersion", "tags"]
    {
        assert!(!key[member].is_null(), "{member}: {key}");
    }
    assert_eq!(key["tags"], serde_json::json!(["prod", "tls"]));
    assert_eq!(key["note"], "front door");
    assert_eq!(key["whereUsed"][0]["value"], "web-1");
    assert_eq!(key["fields"][0]["value"], "42");
    assert_eq!(key["policy"]["originatorUsage"], "P2Y");
    assert_eq!(key["state"], "active");
    let version = &key["versions"][0];
    for member in [
        "version",
        "state",
        "createdAt",
        "activatedAt",
        "deactivatedAt",
        "compromisedAt",
        "destroyScheduledAt",
        "destroyedAt",
        "fingerprints",
        "kcv",
        "publicKey",
    ] {
        assert!(version.get(member).is_some(), "{member}: {version}");
    }
    assert!(version["publicKey"].as_str().unwrap().starts_with("-----BEGIN PUBLIC KEY-----"));

    let id = key["id"].as_str().unwrap();
    assert_eq!(desk.ok(&["key", "show", &id[..8]])["key"]["name"], "web");
    assert_eq!(desk.ok(&["key", "show", id])["auditSeq"], Value::Null);

    let tried = desk.ok(&["key", "rotate", "web", "--dry-run"]);
    assert_eq!((&tried["key"]["primaryVersion"], &tried["auditSeq"]), (&2.into(), &Value::Null));
    assert_eq!(desk.ok(&["key", "show", "web"])["key"]["primaryVersion"], 1);

    let rotated = desk.ok(&["key", "rotate", "web", "--reason", "yearly"]);
    assert_eq!(rotated["key"]["primaryVersion"], 2);
    let only = desk.ok(&["key", "show", "web", "--version", "1"]);
    assert_eq!(only["key"]["versions"].as_array().unwrap().len(), 1);
    assert_eq!(only["key"]["versions"][0]["replacedBy"], 2);
    desk.refused(&["key", "show", "web", "--version", "9"], 4, "not_found");

    assert_eq!(desk.ok(&["key", "suspend", "web"])["key"]["state"], "suspended");
    desk.refused(&["key", "destroy", "web", "--version", "2", "--yes"], 1, "refused_by_state");
    assert_eq!(desk.ok(&["key", "resume", "web"])["key"]["state"], "active");
    let stale = ["key", "suspend", "web", "--expect-revision", "1"];
    desk.refused(&stale, 1, "stale");

    assert_eq!(desk.ok(&["key", "rename", "web", "web-2"])["key"]["name"], "web-2");
    desk.refused(&["key", "show", "web"], 4, "not_found");
    let edited = desk.ok(&[
        "key",
        "edit",
        "web-2",
        "--add-tag",
        "edge",
        "--remove-tag",
        "tls",
        "--note",
        "",
        "--no-fields",
        "--warn-before",
        "P60D",
    ]);
    assert_eq!(edited["key"]["tags"], serde_json::json!(["edge", "prod"]));
    assert_eq!(edited["key"]["note"], "");
    assert_eq!(edited["key"]["fields"], serde_json::json!([]));
    assert_eq!(edited["key"]["policy"]["warnBefore"], "P60D");
    assert_eq!(edited["key"]["policy"]["originatorUsage"], "P2Y");

    assert_eq!(desk.ok(&["key", "deactivate", "web-2", "--yes"])["key"]["state"], "deactivated");
    let scheduled = desk.ok(&["key", "destroy", "web-2", "--after", "P7D", "--yes"]);
    assert!(scheduled["key"]["versions"][0]["destroyScheduledAt"].is_string());
    desk.refused(&["key", "destroy", "web-2", "--after", "P6D", "--yes"], 2, "invalid_request");
    let cancelled = desk.ok(&["key", "cancel-destroy", "web-2"]);
    assert_eq!(cancelled["key"]["state"], "deactivated");
    assert!(cancelled["key"]["versions"][0]["destroyScheduledAt"].is_null());
    let revoked = desk.ok(&["key", "revoke", "web-2", "--reason", "laptop lost", "--yes"]);
    assert_eq!(revoked["key"]["state"], "compromised");
    assert_eq!(revoked["key"]["versions"][0]["compromiseReason"], "laptop lost");

    let due = desk.ok(&["run-due"]);
    assert_eq!(due, serde_json::json!({ "done": [] }));
    assert_eq!(desk.ok(&["audit", "verify"])["ok"], true);
}

#[test]
fn a_future_key_is_activated_by_hand() {
    let desk = Desk::with_code();
    let at = ["--activate-at", "2999-01-01T00:00:00Z"];
    let made = desk.make("later", "hmac-sha256", "mac", &at);
    assert_eq!(made["key"]["state"], "pre_active");
    assert!(made["key"]["versions"][0]["kcv"].is_string());
    assert_eq!(desk.ok(&["key", "activate", "later"])["key"]["state"], "active");
}

#[test]
fn many_keys_are_made_listed_and_changed_at_once() {
    let desk = Desk::with_code();
    let made = desk.make("bulk", "aes-256-gcm", "encrypt", &["--count", "120", "--tag", "a"]);
    assert_eq!(members(&made), ["created", "keys"]);
    assert_eq!(made["created"], 120);
    assert_eq!(made["keys"].as_array().unwrap().len(), 100);
    assert_eq!(made["keys"][0]["name"], "bulk-000001");

    let first = desk.ok(&["key", "list", "--limit", "50"]);
    assert_eq!(members(&first), ["keys", "next", "total"]);
    assert_eq!((first["total"].as_u64(), first["keys"].as_array().unwrap().len()), (Some(120), 50));
    let next = first["next"].as_str().unwrap();
    let second = desk.ok(&["key", "list", "--limit", "50", "--after", next]);
    assert_eq!(second["keys"][0]["name"], "bulk-000051");
    desk.refused(&["key", "list", "--after", "zz"], 2, "invalid_request");

    let total = |args: &[&str]| {
        let mut all = vec!["key", "list"];
        all.extend(args);
        desk.ok(&all)["total"].as_u64().unwrap()
    };
    assert_eq!(total(&["--search", "bulk-00000"]), 9);
    assert_eq!(total(&["--tag", "a", "--algorithm", "aes-256-gcm", "--purpose", "encrypt"]), 120);
    assert_eq!(total(&["--state", "suspended"]), 0);
    assert_eq!(total(&["--expiring-within", "P30D"]), 0);
    assert_eq!(total(&["--expiring-within", "P10Y"]), 120);
    assert_eq!(total(&["--filter", "overdue"]), 0);

    let tagged = desk.ok(&["key", "bulk", "tag", "--add", "b", "--search", "bulk-00001"]);
    assert_eq!((&tagged["changed"], &tagged["skippedTotal"]), (&10.into(), &0.into()));
    let rotated = desk.ok(&["key", "bulk", "rotate", "--tag", "b", "--yes"]);
    assert_eq!(rotated["changed"], 10);
    let retired = desk.ok(&[
        "key",
        "bulk",
        "deactivate",
        "--key",
        "bulk-000001",
        "--key",
        "bulk-000002",
        "--yes",
    ]);
    assert_eq!(retired["changed"], 2);
    let again = desk.ok(&["key", "bulk", "deactivate", "--key", "bulk-000001", "--yes"]);
    assert_eq!((&again["changed"], &again["skippedTotal"]), (&0.into(), &1.into()));
    assert_eq!(again["skipped"][0]["name"], "bulk-000001");
    assert_eq!(desk.ok(&["key", "bulk", "tag", "--remove", "a", "--all"])["changed"], 120);
    desk.refused(&["key", "bulk", "rotate", "--yes"], 2, "invalid_request");
    desk.refused(&["key", "bulk", "rotate", "--all", "--tag", "b", "--yes"], 2, "invalid_request");
    assert_eq!(desk.ok(&["audit", "verify"])["keys"], 120);
}

#[test]
fn what_an_algorithm_cannot_serve_is_refused_by_name() {
    let desk = Desk::with_code();
    let args = ["key", "create", "--name", "x", "--algorithm", "ed25519", "--purpose", "encrypt"];
    let message = desk.refused(&args, 1, "refused_by_policy");
    let message = message.to_lowercase();
    assert!(message.contains("ed25519") && message.contains("encrypt"), "{message}");
    assert!(desk.names().is_empty());
}

#[test]
fn the_log_is_listed_proved_exported_and_verified() {
    let desk = Desk::with_keys_and_code();
    desk.ok(&["key", "rotate", "signer"]);
    let list = desk.ok(&["audit", "list", "--key", "signer"]);
    let event = &list["events"][0];
    for member in [
        "seq", "time", "actor", "source", "action", "object", "version", "outcome", "reason",
        "details",
    ] {
        assert!(event.get(member).is_some(), "{member}: {event}");
    }
    assert_eq!((&event["action"], &event["source"]), (&"key.rotate".into(), &"cli".into()));
    let created = desk.ok(&["audit", "list", "--action", "key.create", "--limit", "1"]);
    assert_eq!(created["events"].as_array().unwrap().len(), 1);
    assert_eq!(created["events"][0]["objectName"], "sealer");
    let none = desk.ok(&["audit", "list", "--until", "2000-01-01T00:00:00Z"]);
    assert_eq!(none["events"], serde_json::json!([]));

    let verified = desk.ok(&["audit", "verify"]);
    assert_eq!((&verified["ok"], &verified["keys"]), (&true.into(), &2.into()));
    assert_eq!(verified["root"].as_str().unwrap().len(), 64);
    assert!(verified["size"].as_u64().unwrap() > 5);
    assert!(verified["checkpoint"].is_string());

    let inclusion = desk.ok(&["audit", "prove", "--entry", "3"]);
    assert_eq!((&inclusion["kind"], &inclusion["of"]), (&"inclusion".into(), &3.into()));
    assert!(inclusion["entry"].is_string());
    let consistency = desk.ok(&["audit", "prove", "--since-size", "2"]);
    assert_eq!(consistency["kind"], "consistency");
    desk.refused(&["audit", "prove", "--entry", "99999"], 4, "not_found");
    desk.refused(&["audit", "prove"], 2, "invalid_request");

    let out = desk.text("log.jsonl");
    let exported = desk.ok(&["audit", "export", "--out", &out]);
    assert_eq!(members(&exported), ["bytes", "entries", "file"]);
    assert_eq!(exported["bytes"].as_u64().unwrap(), std::fs::metadata(&out).unwrap().len());
    desk.refused(&["audit", "export", "--out", &out], 1, "exists");
    let checked = desk.bare(&["audit", "verify", &out, "--json"]).json();
    assert_eq!((&checked["ok"], &checked["size"]), (&true.into(), &exported["entries"]));
    // There are no keys beside an exported log, so that none is said to be compared with it.
    let of_a_file = ["checkpoint", "checkpoints", "ok", "root", "size", "verifiedAt"];
    assert_eq!(members(&checked), of_a_file);

    let good = std::fs::read_to_string(&out).unwrap();
    let changed = good.replacen("key.rotate", "key.resume", 1);
    assert_ne!(changed, good);
    std::fs::write(&out, changed).unwrap();
    desk.bare(&["audit", "verify", &out, "--json"]).refused(5, "export_damaged");
}

#[test]
fn every_command_locks_the_vault_again() {
    let desk = Desk::with_code();
    desk.ok(&["key", "list"]);
    let list = desk.ok(&["audit", "list", "--limit", "3"]);
    let actions: Vec<_> =
        list["events"].as_array().unwrap().iter().map(|event| event["action"].clone()).collect();
    assert_eq!(actions, ["vault.unlock", "vault.lock", "vault.unlock"]);
}

#[test]
fn people_read_tables() {
    let desk = Desk::with_keys();
    let list = desk.run(&["key", "list"]);
    assert_eq!((list.exit, list.err.as_str()), (0, ""));
    let lines: Vec<_> = list.out.lines().collect();
    assert!(lines[0].starts_with("NAME    ALGORITHM"), "{list:?}");
    assert_eq!(lines.len(), 3);
    let show = desk.run(&["key", "show", "signer"]);
    for word in ["Version 1: active, primary", "ssh-sha256", "-----BEGIN PUBLIC KEY-----", "Tags"] {
        assert!(show.out.contains(word), "{word}: {show:?}");
    }
    for args in
        [&["audit", "list"][..], &["audit", "verify"], &["slot", "list"], &["backup", "list"]]
    {
        let done = desk.run(args);
        assert_eq!((done.exit, done.err.as_str()), (0, ""), "{args:?}: {done:?}");
        assert!(!done.out.is_empty());
    }
    let refused = desk.run(&["key", "show", "nobody"]);
    assert_eq!((refused.exit, refused.out.as_str()), (4, ""));
    assert_eq!(refused.err.lines().count(), 2, "what happened, and what to do: {refused:?}");
}

//! Several ways in, each added, tested, changed and removed alone.

use crate::desk::{Desk, QUICK, members};

const OTHER: &str = "copper window sable forty";

#[test]
fn slots_come_and_go_alone() {
    let desk = Desk::with_keys();
    let other = desk.secret("other", OTHER);
    let mut add = vec!["slot", "add", "passphrase", "--name", "Spare", "--role", "administrator"];
    add.extend(["--new-passphrase-file", &other]);
    add.extend(QUICK);
    let added = desk.ok(&add);
    assert_eq!(members(&added), ["auditSeq", "slot"]);
    for member in ["id", "kind", "name", "role", "createdAt", "lastUsedAt"] {
        assert!(added["slot"].get(member).is_some(), "{member}");
    }
    let list = desk.ok(&["slot", "list"]);
    assert_eq!(members(&list), ["materialKeyRotatedAt", "slots"]);
    assert_eq!(list["slots"].as_array().unwrap().len(), 2);

    let with = |args: &[&str], file: &str| {
        let mut all = args.to_vec();
        all.extend(["--json", "--no-input", "--passphrase-file", file]);
        desk.bare(&all)
    };
    assert_eq!(with(&["key", "list", "--slot", "Spare"], &other).exit, 0);
    assert_eq!(with(&["key", "list", "--slot", "passphrase"], &other).exit, 0);
    let first = list["slots"][0]["id"].as_str().unwrap();
    with(&["key", "list", "--slot", first], &other).refused(3, "wrong_passphrase");
    with(&["key", "list", "--slot", "piv"], &other).refused(3, "no_such_slot");
    assert_eq!(with(&["slot", "test", "Spare"], &other).json()["slot"]["name"], "Spare");
    with(&["slot", "test", "Spare"], &desk.text("passphrase")).refused(3, "wrong_passphrase");

    let third = desk.secret("third", "marble engine quiet lantern");
    let mut change = vec!["slot", "change", "Spare", "--new-passphrase-file", &third];
    change.extend(QUICK);
    desk.ok(&change);
    with(&["key", "list"], &other).refused(3, "wrong_passphrase");
    assert_eq!(with(&["key", "list"], &third).exit, 0);

    assert_eq!(desk.ok(&["slot", "rename", "Spare", "--name", "Other"])["slot"]["name"], "Other");
    assert_eq!(with(&["key", "list", "--slot", "Other"], &third).exit, 0);
    with(&["key", "list", "--slot", "Spare"], &third).refused(3, "no_such_slot");

    desk.ok(&["slot", "remove", "Other", "--yes"]);
    with(&["key", "list"], &third).refused(3, "wrong_passphrase");
    desk.refused(&["slot", "remove", first, "--yes"], 1, "last_slot");
    assert_eq!(desk.names(), ["sealer", "signer"]);
}

#[test]
fn a_passphrase_is_made_costlier_to_guess_and_stays_the_same() {
    let desk = Desk::with_keys();
    let other = desk.secret("other", OTHER);
    let dearer = ["--kdf-memory-kib", "65536", "--kdf-passes", "5"];
    let slot = desk.ok(&["slot", "list"])["slots"][0]["name"].as_str().unwrap().to_owned();
    let recalibrate = ["slot", "recalibrate", slot.as_str()];
    let mut wrong = [&recalibrate[..], &dearer].concat();
    wrong.extend(["--json", "--no-input", "--passphrase-file", &other]);
    desk.bare(&wrong).refused(3, "wrong_passphrase");

    let done = desk.ok(&[&recalibrate[..], &dearer].concat());
    assert_eq!(members(&done), ["auditSeq", "before", "now", "slot"]);
    assert_eq!((&done["before"]["passes"], &done["now"]["passes"]), (&3.into(), &5.into()));
    let header = std::fs::read_to_string(desk.path("v.keyreeve").join("header.json")).unwrap();
    assert!(header.contains(r#""timeCost":5"#), "{header}");
    assert_eq!(desk.names(), ["sealer", "signer"], "the passphrase opens as before");
    // It never goes down again.
    let again = desk.ok(&[&recalibrate[..], &QUICK].concat());
    assert!(again["auditSeq"].is_null() && again["now"]["passes"] == 5);

    let out = desk.text("code.html");
    desk.ok(&["slot", "add", "recovery", "--code", "--name", "Paper", "--out", &out]);
    desk.refused(&["slot", "recalibrate", "Paper"], 2, "invalid_request");
}

#[test]
fn a_removed_slot_and_an_old_header_reach_no_material() {
    let desk = Desk::with_keys();
    let other = desk.secret("other", OTHER);
    let mut add = vec!["slot", "add", "passphrase", "--name", "Spare", "--role", "administrator"];
    add.extend(["--new-passphrase-file", &other]);
    add.extend(QUICK);
    desk.ok(&add);
    assert!(desk.ok(&["slot", "list"])["materialKeyRotatedAt"].is_null());
    let vault = desk.text("v.keyreeve");
    let header = std::path::Path::new(&vault).join("header.json");
    let old = std::fs::read(&header).unwrap();
    let removed = desk.ok(&["slot", "remove", "Spare", "--rotate-material-key", "--yes"]);
    assert_eq!(members(&removed), ["auditSeq", "materialKey", "slot"]);
    assert_eq!(removed["materialKey"]["number"], 2);
    assert!(removed["materialKey"]["auditSeq"].as_u64() > removed["auditSeq"].as_u64());
    let again = desk.ok(&["slot", "rotate-material-key", "--reason", "a laptop was lost"]);
    assert_eq!(again["number"], 3);
    assert_eq!(members(&again), ["auditSeq", "keys", "number", "rotatedAt", "versions"]);
    assert_eq!(desk.ok(&["slot", "list"])["materialKeyRotatedAt"], again["rotatedAt"]);
    let words = desk.bare(&[
        "slot",
        "rotate-material-key",
        "--no-input",
        "--passphrase-file",
        &desk.text("passphrase"),
    ]);
    assert!(words.exit == 0 && words.out.contains("number 4"), "{words:?}");
    let out = desk.text("out.pem");
    let export = ["key", "export", "signer", "--format", "pkcs8-pem", "--out", &out, "--plaintext"];
    desk.ok(&export);
    std::fs::remove_file(&out).unwrap();

    for copy in ["header.json", "header.backup.json"] {
        std::fs::write(header.with_file_name(copy), &old).unwrap();
    }
    let mut with = export.to_vec();
    with.extend(["--json", "--no-input", "--passphrase-file", &other]);
    desk.bare(&with).refused(6, "rollback");
    with.push("--accept-rollback");
    desk.bare(&with).refused(1, "material_key_changed");
    assert!(!desk.path("out.pem").exists());
}

#[test]
fn an_auditor_reads_the_books_and_no_material() {
    let desk = Desk::with_keys();
    let other = desk.secret("other", OTHER);
    let mut add = vec!["slot", "add", "passphrase", "--name", "Auditor", "--role", "auditor"];
    add.extend(["--new-passphrase-file", &other]);
    add.extend(QUICK);
    desk.ok(&add);
    let out = desk.text("out.pem");
    for (args, exit) in [
        (&["audit", "verify"][..], 0),
        (&["key", "list"], 0),
        (&["key", "rotate", "signer"], 1),
        (&["key", "export", "signer", "--format", "pkcs8-pem", "--out", &out, "--plaintext"], 1),
        (&["slot", "remove", "Auditor", "--yes"], 1),
    ] {
        let mut all = args.to_vec();
        all.extend(["--json", "--no-input", "--passphrase-file", &other]);
        let done = desk.bare(&all);
        assert_eq!(done.exit, exit, "{args:?}: {done:?}");
        if exit == 1 {
            done.refused(1, "refused_by_role");
        }
    }
    assert!(!desk.path("out.pem").exists());
}

#[test]
fn a_weak_passphrase_is_taken_only_by_name() {
    let desk = Desk::empty();
    desk.secret("passphrase", "password1");
    let mut init = vec!["init"];
    init.extend(QUICK);
    desk.refused(&init, 1, "weak_passphrase");
    assert!(!desk.vault().exists());
    init.push("--accept-weak-passphrase");
    desk.ok(&init);

    let new = desk.secret("new", "12345678");
    let mut change = vec!["slot", "change", "Passphrase", "--new-passphrase-file", &new];
    change.extend(QUICK);
    desk.refused(&change, 1, "weak_passphrase");
    desk.ok(&["key", "list"]);
}

#[test]
fn the_cost_never_goes_below_the_floor() {
    let desk = Desk::empty();
    for low in [["--kdf-memory-kib", "1024"], ["--kdf-passes", "1"]] {
        let mut init = vec!["init"];
        init.extend(low);
        desk.refused(&init, 2, "invalid_request");
        assert!(!desk.vault().exists());
    }
}

//! Names that people and programs come up with.

use crate::desk::Desk;

fn create(name: &str) -> Vec<&str> {
    vec!["key", "create", "--name", name, "--algorithm", "hmac-sha256", "--purpose", "mac"]
}

#[test]
fn names_in_any_script_are_kept_and_found() {
    let desk = Desk::with_code();
    let names = [
        "🔑 Schlüssel 👩‍🚀",
        "مفتاح الخادم",
        "מפתח",
        "鍵",
        "a/b:c\"d'e",
        "-dash",
        "x".repeat(200).as_str(),
    ]
    .map(str::to_owned);
    for name in &names {
        let mut args = create(name);
        if name.starts_with('-') {
            args[2] = "--name=-dash";
            args.remove(3);
        }
        assert_eq!(desk.ok(&args)["key"]["name"], *name);
    }
    let found = desk.names();
    assert!(names.iter().all(|name| found.contains(name)), "{found:?}");
    assert_eq!(desk.ok(&["key", "show", "مفتاح الخادم"])["key"]["name"], "مفتاح الخادم");
    assert_eq!(desk.run(&["key", "list"]).exit, 0);
}

#[test]
fn names_that_deceive_or_are_too_long_are_refused() {
    let desk = Desk::with_code();
    let long = "x".repeat(10_000);
    let emoji = "🔑".repeat(10_000);
    for bad in [
        "",
        "   ",
        &long,
        &emoji,
        "a\nb",
        "a\tb",
        "a\u{1b}[31mred",
        "a\u{7f}",
        "evil\u{202e}gpj.exe",
        "a\u{2066}b",
        "a\u{feff}b",
    ] {
        let message = desk.refused(&create(bad), 2, "invalid_name");
        assert!(message.len() < 500, "{message}");
        assert!(!message.contains(['\u{1b}', '\u{202e}', '\n']), "{message:?}");
        let tag = [&create("fine")[..], &["--tag", bad]].concat();
        desk.refused(&tag, 2, "invalid_request");
    }
    assert!(desk.names().is_empty());
}

#[test]
fn a_name_that_is_taken_is_refused_however_it_is_written() {
    let desk = Desk::with_keys_and_code();
    desk.ok(&create("Café"));
    for taken in ["signer", "Signer", " signer ", "Cafe\u{301}", "CAFÉ"] {
        desk.refused(&create(taken), 1, "name_taken");
        desk.refused(&["key", "rename", "sealer", taken], 1, "name_taken");
    }
    // Among many, too: then none of them is made.
    desk.ok(&create("many-000007"));
    let many = [&create("many")[..], &["--count", "10"]].concat();
    desk.refused(&many, 1, "name_taken");
    assert_eq!(desk.names().len(), 4);
    assert_eq!(desk.ok(&["audit", "verify"])["keys"], 4);
}

#[test]
fn keys_that_are_not_there_or_not_alone() {
    let desk = Desk::with_keys_and_code();
    let long = "x".repeat(10_000);
    let file = desk.text("passphrase");
    for nobody in ["nobody", "", &long, "00000000", "\u{202e}", "--", "../../etc/passwd"] {
        let args = ["--passphrase-file", &file, "--json", "key", "show", "--", nobody];
        let message = desk.bare(&args).refused(4, "not_found");
        assert!(message.len() < 500, "{message}");
    }
    desk.refused(&["key", "rotate", "nobody"], 4, "not_found");
}

#[test]
fn nonsense_is_refused_as_a_wrong_use() {
    let desk = Desk::with_keys_and_code();
    for args in [
        &["key", "create", "--name", "x", "--algorithm", "rot13", "--purpose", "sign"][..],
        &["key", "create", "--name", "x", "--algorithm", "ed25519", "--purpose", "magic"],
        &["key", "create", "--name", "x", "--algorithm", "ed25519"],
        &[
            "key",
            "create",
            "--name",
            "x",
            "--algorithm",
            "ed25519",
            "--purpose",
            "sign",
            "--count",
            "0",
        ],
        &[
            "key",
            "create",
            "--name",
            "x",
            "--algorithm",
            "ed25519",
            "--purpose",
            "sign",
            "--count",
            "-1",
        ],
        &[
            "key",
            "create",
            "--name",
            "x",
            "--algorithm",
            "ed25519",
            "--purpose",
            "sign",
            "--activate-at",
            "soon",
        ],
        &[
            "key",
            "create",
            "--name",
            "x",
            "--algorithm",
            "ed25519",
            "--purpose",
            "sign",
            "--overlap",
            "1 year",
        ],
        &["key", "revoke", "signer", "--yes"],
        &["key", "revoke", "signer", "--yes", "--reason", "  "],
        &["key", "revoke", "signer", "--yes", "--reason", "x", "--at", "2999-01-01T00:00:00Z"],
        &["key", "destroy", "signer", "--after", "30", "--yes"],
        &["key", "destroy", "signer", "--after", "P91D", "--yes"],
        &["key", "edit", "signer"],
        &["key", "list", "--expiring-within", "soon"],
        &["key", "list", "--state", "asleep"],
        &["audit", "list", "--action", "key.juggle"],
        &["key", "export", "signer", "--format", "floppy", "--out", "x", "--plaintext"],
        &["slot", "add", "passphrase", "--name", "x", "--role", "king"],
    ] {
        desk.refused(args, 2, "invalid_request");
    }
    assert_eq!(desk.names(), ["sealer", "signer"]);
}

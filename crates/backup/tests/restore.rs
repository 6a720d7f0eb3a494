//! Backups made and opened again, and everything in between that may go wrong.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::cell::Cell;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use common::{
    DATABASE_LEN, Scene, age_key, bytes, database, facts, identity_file, names, secret,
    with_passphrase,
};
use keyreeve_backup::{
    BackupFile, CreateError, Identity, IdentityError, OpenError, RecipientError, Recipients,
    Source, Unpacked, create, open, verify,
};
use keyreeve_domain::ports::{Progress, Silent};
use keyreeve_formats::AgeRecipientError as Why;

fn open_into(file: &Path, identity: &Identity, into: &Path) -> Result<Unpacked, OpenError> {
    fs::create_dir(into).unwrap();
    open(file, identity, into, &Silent)
}

#[test]
fn what_went_in_comes_out() {
    let scene = Scene::new();
    let (recipient, identity) = age_key();
    let recipients = Recipients::parse(&recipient).unwrap();
    let out = scene.path("v.keyreeve-backup.age");
    let info = scene.back_up(&out, &recipients).unwrap();

    let identity = Identity::parse(&identity, None).unwrap();
    let into = scene.path("restored");
    let unpacked = open_into(&out, &identity, &into).unwrap();
    assert_eq!((unpacked.bytes, unpacked.sha256), (info.bytes, info.sha256));
    assert_eq!(unpacked.bytes, fs::metadata(&out).unwrap().len());
    assert_eq!(unpacked.manifest, info.manifest);
    let manifest = unpacked.manifest;
    assert_eq!(manifest.vault_id, facts().vault_id);
    assert_eq!(manifest.created_at, facts().created_at);
    assert_eq!((manifest.audit.size, manifest.audit.root, manifest.keys), (1234, [2; 32], 56));
    assert_eq!(manifest.audit.public_key, scene.signing_key.public().0);
    let paths: Vec<_> = manifest.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "vault/header.json",
            "vault/vault.db",
            "plain/Schlüssel 🗝/private.pem",
            "inventory.cdx.json"
        ]
    );
    assert_eq!(unpacked.vault.unwrap(), into.join("vault"));
    assert_eq!(names(&into), ["vault"], "keys in the clear never touch the disk");
    assert_eq!(names(&into.join("vault")), ["header.json", "vault.db"]);
    assert_eq!(fs::read(into.join("vault/vault.db")).unwrap(), database());

    let verified = verify(&out, &identity, &Silent).unwrap();
    assert_eq!((verified.sha256, verified.vault), (info.sha256, None));
}

#[cfg(unix)]
#[test]
fn files_are_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    let scene = Scene::new();
    let out = scene.path("out.age");
    let seen = Cell::new(0);
    let recipients = with_passphrase("p");
    let mut plan = scene.plan(&out, &recipients);
    let prove = |unpacked: &Unpacked| {
        let vault = unpacked.vault.as_deref().unwrap();
        seen.set(mode(vault.parent().unwrap()));
        Ok(())
    };
    plan.prove = &prove;
    create(&plan, &Silent).unwrap();
    assert_eq!(seen.get(), 0o700);
    assert_eq!(mode(&out), 0o600);
    let into = scene.path("restored");
    open_into(&out, &Identity::passphrase(&secret("p")), &into).unwrap();
    assert_eq!(mode(&into.join("vault")), 0o700);
    assert_eq!(mode(&into.join("vault/vault.db")), 0o600);
}

#[test]
fn each_of_several_recipients_opens_it_and_nobody_else() {
    let scene = Scene::new();
    let (one, two, other) = (age_key(), age_key(), age_key());
    let recipients = Recipients::parse(&format!("# both\n\n{}\n  {} \n", one.0, two.0)).unwrap();
    assert_eq!(recipients.words(), [one.0, two.0]);
    let out = scene.path("out.age");
    scene.back_up(&out, &recipients).unwrap();
    let opened = |text| verify(&out, &Identity::parse(text, None).unwrap(), &Silent).map(drop);
    opened(&one.1).unwrap();
    opened(&two.1).unwrap();
    assert!(matches!(opened(&other.1), Err(OpenError::OtherRecipient)));
    let passphrase = Identity::passphrase(&secret("p"));
    assert!(matches!(verify(&out, &passphrase, &Silent), Err(OpenError::KeyNeeded)));
}

#[test]
fn a_passphrase_opens_it_and_no_other() {
    let scene = Scene::new();
    let out = scene.path("out.age");
    let recipients = with_passphrase("emoji 🗝️ welcome");
    assert_eq!(recipients.words(), ["passphrase"]);
    scene.back_up(&out, &recipients).unwrap();
    let opened = |text| verify(&out, &Identity::passphrase(&secret(text)), &Silent).map(drop);
    opened("emoji 🗝️ welcome").unwrap();
    assert!(matches!(opened("emoji 🗝 welcome"), Err(OpenError::WrongPassphrase)));
    assert!(matches!(opened(""), Err(OpenError::WrongPassphrase)));
    let key = Identity::parse(&age_key().1, None).unwrap();
    assert!(matches!(verify(&out, &key, &Silent), Err(OpenError::PassphraseNeeded)));
}

#[test]
fn an_earlier_backup_is_never_touched() {
    let scene = Scene::new();
    let out = scene.path("out.age");
    fs::write(&out, "the last good one").unwrap();
    let refused = scene.back_up(&out, &with_passphrase("p"));
    assert!(matches!(refused, Err(CreateError::Exists { .. })));
    assert_eq!(fs::read(&out).unwrap(), b"the last good one");

    // One that appears while the backup is being made.
    let late = scene.path("late.age");
    let recipients = with_passphrase("p");
    let mut plan = scene.plan(&late, &recipients);
    let prove = |_: &Unpacked| Ok(fs::write(&late, "somebody else's")?);
    plan.prove = &prove;
    assert!(matches!(create(&plan, &Silent), Err(CreateError::Exists { .. })));
    assert_eq!(fs::read(&late).unwrap(), b"somebody else's");
    assert_eq!(scene.names(), ["drills", "late.age", "out.age", "vault.db"]);
}

#[test]
fn what_does_not_open_is_no_backup() {
    let scene = Scene::new();
    let out = scene.path("out.age");
    let recipients = with_passphrase("p");
    let mut plan = scene.plan(&out, &recipients);
    let seen = Cell::new(0);
    let prove = |unpacked: &Unpacked| {
        let vault = unpacked.vault.as_deref().unwrap();
        seen.set(fs::read(vault.join("vault.db"))?.len());
        Err("it does not open".into())
    };
    plan.prove = &prove;
    assert!(matches!(create(&plan, &Silent), Err(CreateError::Unproven(_))));
    assert_eq!(seen.get(), DATABASE_LEN);
    assert_eq!(scene.names(), ["drills", "vault.db"]);
}

#[test]
fn sources_that_change_or_are_missing_are_named() {
    let scene = Scene::new();
    let out = scene.path("out.age");
    let recipients = with_passphrase("p");
    let plan_with = |path: &Path| {
        let mut plan = scene.plan(&out, &recipients);
        let source = Source::File(path.to_owned());
        plan.files = vec![BackupFile { path: "vault/vault.db".into(), source }];
        plan
    };
    for missing in [scene.path("nowhere.db"), scene.path("drills")] {
        match create(&plan_with(&missing), &Silent) {
            Err(CreateError::Source { name, .. }) => assert_eq!(name, "vault/vault.db"),
            other => panic!("{other:?}"),
        }
    }

    /// Changes the source once it has been hashed.
    struct Meddler<'a>(&'a Path, u64, AtomicU64);
    impl Progress for Meddler<'_> {
        fn report(&self, done: u64, total: u64) {
            if done * 3 >= total && self.2.fetch_add(1, Ordering::Relaxed) == 0 {
                let file = fs::OpenOptions::new().write(true).open(self.0).unwrap();
                file.set_len(self.1).unwrap();
            }
        }
        fn cancelled(&self) -> bool {
            false
        }
    }
    let source = scene.path("vault.db");
    let shrinks = Meddler(&source, 1000, AtomicU64::new(0));
    let failed = create(&plan_with(&source), &shrinks);
    assert!(matches!(failed, Err(CreateError::SourceChanged { .. })), "{failed:?}");

    /// Changes a byte of the source once it has been hashed.
    struct Scribbler<'a>(&'a Path, AtomicU64);
    impl Progress for Scribbler<'_> {
        fn report(&self, done: u64, total: u64) {
            if done * 3 >= total && self.1.fetch_add(1, Ordering::Relaxed) == 0 {
                let mut bytes = fs::read(self.0).unwrap();
                *bytes.last_mut().unwrap() ^= 1;
                fs::write(self.0, bytes).unwrap();
            }
        }
        fn cancelled(&self) -> bool {
            false
        }
    }
    fs::write(&source, database()).unwrap();
    let failed = create(&plan_with(&source), &Scribbler(&source, AtomicU64::new(0)));
    assert!(matches!(failed, Err(CreateError::Drill(OpenError::Damaged { .. }))), "{failed:?}");
    assert_eq!(scene.names(), ["drills", "vault.db"]);
}

#[test]
fn cancelling_at_any_step_leaves_nothing() {
    struct After(u64, AtomicU64);
    impl Progress for After {
        fn report(&self, _done: u64, _total: u64) {}
        fn cancelled(&self) -> bool {
            self.1.fetch_add(1, Ordering::Relaxed) >= self.0
        }
    }
    let scene = Scene::new();
    let recipients = with_passphrase("p");
    let out = scene.path("out.age");
    let whole = After(u64::MAX, AtomicU64::new(0));
    create(&scene.plan(&out, &recipients), &whole).unwrap();
    let steps = whole.1.into_inner();
    assert!(steps > 20, "{steps}");
    let opened = After(u64::MAX, AtomicU64::new(0));
    let identity = Identity::passphrase(&secret("p"));
    verify(&out, &identity, &opened).unwrap();
    for after in 0..opened.1.into_inner() {
        let cancelled = verify(&out, &identity, &After(after, AtomicU64::new(0)));
        assert!(matches!(cancelled, Err(OpenError::Cancelled)), "{after}");
    }
    fs::remove_file(&out).unwrap();
    for after in 0..steps {
        let cancelled = create(&scene.plan(&out, &recipients), &After(after, AtomicU64::new(0)));
        assert!(matches!(cancelled, Err(CreateError::Cancelled)), "{after}: {cancelled:?}");
        assert_eq!(scene.names(), ["drills", "vault.db"], "{after}");
    }
}

#[test]
fn progress_goes_up_to_its_end() {
    #[derive(Default)]
    struct Heard(std::sync::Mutex<Vec<(u64, u64)>>);
    impl Progress for Heard {
        fn report(&self, done: u64, total: u64) {
            self.0.lock().unwrap().push((done, total));
        }
        fn cancelled(&self) -> bool {
            false
        }
    }
    let scene = Scene::new();
    let heard = Heard::default();
    let out = scene.path("out.age");
    create(&scene.plan(&out, &with_passphrase("p")), &heard).unwrap();
    let heard = heard.0.into_inner().unwrap();
    assert!(heard.is_sorted());
    assert!(heard.iter().all(|(_, total)| *total == heard[0].1));
    assert_eq!(heard.last().unwrap().0, heard[0].1);
}

#[test]
fn names_that_lead_elsewhere_do_not_go_in() {
    let scene = Scene::new();
    let recipients = with_passphrase("p");
    let out = scene.path("out.age");
    for files in [
        vec![bytes("../up", b"x")],
        vec![bytes("/abs", b"x")],
        vec![bytes("manifest.json", b"x")],
        vec![bytes("vault/sub/file", b"x")],
        vec![bytes(&format!("plain/{}", "n".repeat(300)), b"x")],
        vec![bytes("plain/a", b"x"), bytes("plain/a", b"y")],
    ] {
        let mut plan = scene.plan(&out, &recipients);
        plan.files = files;
        assert!(matches!(create(&plan, &Silent), Err(CreateError::BadName { .. })));
    }
    let nowhere = scene.path("no/such/folder/out.age");
    let refused = scene.back_up(&nowhere, &recipients);
    assert!(matches!(refused, Err(CreateError::NoFolder { .. })));
    assert!(matches!(
        scene.back_up(Path::new("/"), &recipients),
        Err(CreateError::NoFolder { .. })
    ));
    assert_eq!(scene.names(), ["drills", "vault.db"]);
}

#[cfg(target_os = "linux")]
#[test]
fn places_that_cannot_be_written_are_named() {
    let scene = Scene::new();
    let recipients = with_passphrase("p");
    // Nobody makes files there, not even an administrator.
    let refused = scene.back_up(Path::new("/proc/self/out.age"), &recipients);
    assert!(matches!(refused, Err(CreateError::ReadOnly | CreateError::Io(_))), "{refused:?}");
    // A folder that has been unpacked into before.
    let into = scene.path("restored");
    fs::create_dir(&into).unwrap();
    let out = scene.path("out.age");
    scene.back_up(&out, &recipients).unwrap();
    fs::create_dir(into.join("vault")).unwrap();
    let refused = open(&out, &Identity::passphrase(&secret("p")), &into, &Silent);
    assert!(matches!(refused, Err(OpenError::Exists { .. })), "{refused:?}");
}

#[test]
fn text_that_names_no_recipient_is_refused_without_being_repeated() {
    let (recipient, identity) = age_key();
    let identity = std::str::from_utf8(identity.expose()).unwrap();
    let secret_line = identity.lines().last().unwrap();
    let refused = |text: &str| Recipients::parse(text).unwrap_err();
    let in_line = |line, error| RecipientError::Line { line, error };
    assert_eq!(refused(""), RecipientError::Nobody);
    assert_eq!(refused("# only this\n"), RecipientError::Nobody);
    assert_eq!(refused("hello"), in_line(1, Why::Malformed));
    assert_eq!(refused(&format!("{recipient}\n{recipient}")), RecipientError::Repeated { line: 2 });
    let private = refused(&format!("{recipient}\n{secret_line}"));
    assert_eq!(private, in_line(2, Why::PrivateKey));
    let last = if recipient.ends_with('q') { "p" } else { "q" };
    let typo = format!("{}{last}", &recipient[..recipient.len() - 1]);
    assert_eq!(refused(&typo), in_line(1, Why::Malformed));
    let yubikey = "age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t";
    assert_eq!(refused(yubikey), in_line(1, Why::Plugin { plugin: "yubikey".into() }));
    let ecdsa = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTY= someone";
    let kind = "ecdsa-sha2-nistp256".into();
    assert_eq!(refused(ecdsa), in_line(1, Why::UnsupportedSsh { kind }));
    let many = "x\n".repeat(65);
    assert_eq!(refused(&many), RecipientError::TooMany { count: 65 });
}

#[test]
fn a_file_that_holds_no_private_key_is_refused() {
    let (recipient, _) = age_key();
    let refused = |text: &str| {
        let file = identity_file(text);
        let error = Identity::parse(&file, Some(&secret("p"))).unwrap_err();
        assert_eq!(Identity::needs_passphrase(&file).unwrap_err(), error, "{text:.20}");
        error
    };
    assert_eq!(refused(""), IdentityError::Empty);
    assert_eq!(refused("# nothing\n"), IdentityError::Empty);
    assert_eq!(refused("hello"), IdentityError::Malformed);
    assert_eq!(refused(&recipient), IdentityError::PublicKey);
    assert_eq!(refused("ssh-ed25519 AAAA"), IdentityError::PublicKey);
    assert_eq!(refused("-----BEGIN OPENSSH PRIVATE KEY-----\n"), IdentityError::Malformed);
    assert_eq!(refused("-----BEGIN CERTIFICATE-----\nAAAA\n"), IdentityError::Malformed);
    assert_eq!(refused(&"x".repeat(2 << 20)), IdentityError::TooLarge);
    let binary = Identity::parse(&identity_file(*b"\xff\xfe\0"), None);
    assert_eq!(binary.unwrap_err(), IdentityError::Malformed);
    // What begins as an encrypted file is opened before it is judged.
    for cut in ["age-encryption.org/v1\n", "-----BEGIN AGE ENCRYPTED FILE-----\n"] {
        let cut = Identity::parse(&identity_file(cut), Some(&secret("p")));
        assert_eq!(cut.unwrap_err(), IdentityError::Malformed);
    }
}

#[test]
fn secrets_do_not_show_themselves() {
    let identity = Identity::passphrase(&secret("hunter2"));
    assert_eq!(format!("{identity:?}"), "Identity::Passphrase([redacted])");
    assert_eq!(format!("{:?}", with_passphrase("hunter2")), "Recipients([\"passphrase\"])");
}

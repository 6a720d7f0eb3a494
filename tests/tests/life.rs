//! The life of a vault and its keys through the use cases, over the real adapters.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use keyreeve_app::api::{ErrorCode, KeyResponse};
use keyreeve_app::{audit, backup, keys, overview, slots, vault};
use keyreeve_crypto::Algorithm;
use keyreeve_domain::State;
use keyreeve_domain::audit::Source;
use keyreeve_domain::ports::Silent;
use keyreeve_tests::{PASSPHRASE, TestWorld, new_key, request};
use serde_json::json;

#[test]
fn a_key_of_every_algorithm_lives_from_creation_to_destruction() {
    let world = TestWorld::new();
    let session = world.create("life");
    for algorithm in Algorithm::ALL {
        // RSA keys take long to make, and no purpose makes another kind of key.
        for purpose in &algorithm.purposes()[..1] {
            let name = format!("{algorithm} for {purpose}");
            let made =
                keys::create_key(&session, &new_key(&name, algorithm.name(), purpose.name()));
            let key = made.unwrap().key;
            assert_eq!(key.state, State::Active, "{name}");
            let version = &key.versions[0];
            assert_eq!(version.public_key.is_some(), algorithm.is_asymmetric(), "{name}");
            assert_eq!(version.kcv.is_some(), !algorithm.is_asymmetric(), "{name}");
        }
    }
    let name = "ed25519 for sign";
    let change = || request(json!({ "key": name, "reason": "test" }));
    let state = |response: KeyResponse| response.key.state;
    assert_eq!(state(keys::suspend_key(&session, &change()).unwrap()), State::Suspended);
    let resume = |passphrase: Option<&str>| {
        let mut text = json!({ "key": name, "reason": "found again" });
        if let Some(passphrase) = passphrase {
            text["proof"] = json!({ "passphrase": passphrase });
        }
        keys::resume_key(&session, &request(text))
    };
    assert_eq!(resume(None).unwrap_err().code(), ErrorCode::ReauthenticationNeeded);
    assert_eq!(resume(Some("not the one")).unwrap_err().code(), ErrorCode::WrongPassphrase);
    let still = keys::show_key(&session, &request(json!({ "key": name }))).unwrap();
    assert_eq!(state(still), State::Suspended);
    assert_eq!(state(resume(Some(PASSPHRASE)).unwrap()), State::Active);
    let rotated = keys::rotate_key(&session, &change()).unwrap().key;
    assert_eq!((rotated.primary_version, rotated.versions.len()), (2, 2));
    assert_eq!(rotated.versions[1].state, State::Deactivated);
    let revoke = request(json!({ "key": name, "version": 1, "reason": "laptop stolen" }));
    let revoked = keys::revoke_key(&session, &revoke).unwrap().key;
    assert_eq!(revoked.versions[1].state, State::Compromised);
    assert_eq!(revoked.state, State::Active);

    let early = keys::destroy_key(&session, &request(json!({ "key": name }))).unwrap_err();
    assert_eq!(early.code(), ErrorCode::RefusedByState);
    keys::deactivate_key(&session, &change()).unwrap();
    keys::destroy_key(&session, &request(json!({ "key": name, "waitDays": 7 }))).unwrap();
    keys::cancel_destroy_key(&session, &change()).unwrap();
    keys::destroy_key(&session, &request(json!({ "key": name, "waitDays": 7 }))).unwrap();
    world.clock.advance_days(8);
    let done = vault::run_due(&session).unwrap().done;
    assert_eq!(done.len(), 2);
    let gone = keys::show_key(&session, &request(json!({ "key": name }))).unwrap().key;
    assert!(gone.versions.iter().all(|version| version.state == State::Destroyed));

    let verified = audit::verify_audit(&session, &request(json!({})), &Silent).unwrap();
    assert!(verified.ok && verified.keys == Some(Algorithm::ALL.len() as u64));
    vault::lock_vault(session, "user").unwrap();
    let session = world.unlock("life").unwrap();
    assert_eq!(Some(overview(&session).unwrap().counts.total), verified.keys);
}

#[test]
fn paper_that_nobody_tried_for_a_year_is_named_until_it_is_tested() {
    let world = TestWorld::new();
    let session = world.create("paper");
    let proof = session.reauthenticate(&request(json!({ "passphrase": PASSPHRASE }))).unwrap();
    let sheet = slots::make_recovery(&session, &request(json!({ "proof": {} })), &proof).unwrap();
    let add = request(json!({
        "name": "Paper", "role": "administrator", "proof": {},
        "parts": [{ "kind": "recovery", "texts": sheet.texts }]
    }));
    let paper = slots::add_slot(&session, &add, &proof).unwrap().slot.id;
    let named = || {
        let overview = overview(&session).unwrap();
        let shown: Vec<_> = overview.recovery_untested.into_iter().map(|slot| slot.name).collect();
        assert_eq!(vault::session_view(&session).unwrap().recovery_untested, shown);
        shown
    };
    world.clock.advance_days(364);
    assert!(named().is_empty());
    world.clock.advance_days(2);
    assert_eq!(named(), ["Paper"]);
    let test = |texts: &[String]| {
        let test = json!({ "slot": paper, "credentials": { "recovery": texts } });
        slots::test_slot(&session, &request(test))
    };
    assert!(test(&["KRV1-NOT-IT".into()]).is_err());
    assert_eq!(named(), ["Paper"], "a test that failed is none");
    test(&sheet.texts).unwrap();
    assert!(named().is_empty());
    world.clock.advance_days(366);
    assert_eq!(named(), ["Paper"]);
}

#[test]
fn what_falls_due_while_locked_is_done_at_unlock() {
    let world = TestWorld::new();
    let session = world.create("due");
    let mut later = new_key("later", "aes-256-gcm", "encrypt");
    later.activate_at = Some("2026-12-01T00:00:00Z".into());
    assert_eq!(keys::create_key(&session, &later).unwrap().key.state, State::PreActive);
    vault::lock_vault(session, "user").unwrap();
    world.clock.advance_days(30);
    let session = world.unlock("due").unwrap();
    let view = vault::session_view(&session).unwrap();
    assert_eq!(view.done_at_unlock.len(), 1);
    assert_eq!(view.done_at_unlock[0].action, "key.activate");
}

#[test]
fn a_clock_set_back_is_refused_until_accepted_and_that_is_logged() {
    let world = TestWorld::new();
    vault::lock_vault(world.create("clock"), "user").unwrap();
    world.clock.advance_days(-2);
    let refused = world.unlock("clock").map(|_| ()).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::ClockBehind);
    let mut accept = world.unlock_request("clock");
    accept.accept_clock = true;
    let source = keyreeve_domain::audit::Source::Gui;
    let session = vault::unlock_vault(&world.world, &accept, source).unwrap();
    let events = audit::list_events(&session, &request(json!({ "action": "vault.accept_clock" })));
    assert_eq!(events.unwrap().events.len(), 1);
    keys::create_key(&session, &new_key("k", "ed25519", "sign")).unwrap();
    audit::verify_audit(&session, &request(json!({})), &Silent).unwrap();
}

#[test]
fn wrong_passphrases_are_counted_and_logged_at_the_next_unlock() {
    let world = TestWorld::new();
    vault::lock_vault(world.create("wrong"), "user").unwrap();
    for _ in 0..3 {
        let mut wrong = world.unlock_request("wrong");
        wrong.credentials.passphrase = Some(keyreeve_tests::secret("not it"));
        let source = keyreeve_domain::audit::Source::Gui;
        let refused = vault::unlock_vault(&world.world, &wrong, source).map(|_| ()).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::WrongPassphrase);
    }
    let session = world.unlock("wrong").unwrap();
    assert_eq!(vault::session_view(&session).unwrap().failed_unlocks, 3);
    let failed = request(json!({ "action": "vault.unlock_failed" }));
    assert_eq!(audit::list_events(&session, &failed).unwrap().events.len(), 3);
}

#[test]
fn an_old_copy_of_the_vault_put_back_is_noticed() {
    let world = TestWorld::new();
    vault::lock_vault(world.create("old"), "user").unwrap();
    let path = world.path("old");
    let aside = world.folder.path().join("aside");
    copy_folder(&path, &aside);
    vault::lock_vault(world.unlock("old").unwrap(), "user").unwrap();
    std::fs::remove_dir_all(&path).unwrap();
    copy_folder(&aside, &path);
    let refused = world.unlock("old").map(|_| ()).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Rollback);
    let mut accept = world.unlock_request("old");
    accept.accept_rollback = true;
    let source = keyreeve_domain::audit::Source::Gui;
    let session = vault::unlock_vault(&world.world, &accept, source).unwrap();
    let accepted = request(json!({ "action": "vault.accept_rollback" }));
    assert_eq!(audit::list_events(&session, &accepted).unwrap().events.len(), 1);
    vault::lock_vault(session, "user").unwrap();
    world.unlock("old").unwrap();
}

fn copy_folder(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

#[test]
fn a_backup_restores_into_a_vault_that_opens_and_knows_it_was_restored() {
    let world = TestWorld::new();
    let session = world.create("backed-up");
    for name in ["one", "two"] {
        keys::create_key(&session, &new_key(name, "ed25519", "sign")).unwrap();
    }
    let file = world.folder.path().join("b.keyreeve-backup.age");
    let create = || {
        request(json!({
            "out": file, "backupPassphrase": "harbour lantern cobalt seven",
        }))
    };
    let made = backup::create_backup(&session, &create(), &Silent).unwrap();
    assert_eq!((made.keys, made.verified), (2, true));
    let again = backup::create_backup(&session, &create(), &Silent).unwrap_err();
    assert_eq!(again.code(), ErrorCode::Exists);
    let shown = keys::show_key(&session, &request(json!({ "key": "one" }))).unwrap().key;
    assert_eq!(shown.versions[0].backups.len(), 1);
    keys::create_key(&session, &new_key("three", "ed25519", "sign")).unwrap();
    let shown = keys::show_key(&session, &request(json!({ "key": "three" }))).unwrap().key;
    assert!(shown.versions[0].backups.is_empty(), "made after the backup");

    let restore = request(json!({
        "file": file, "backupPassphrase": "harbour lantern cobalt seven",
        "path": world.path("restored"),
    }));
    let restored = backup::restore_backup(&world.world, &restore, &Silent).unwrap();
    assert_eq!(restored.keys, 2);
    let session = world.unlock("restored").unwrap();
    assert_eq!(keys::list_keys(&session, &request(json!({}))).unwrap().total, 2);
    let events = audit::list_events(&session, &request(json!({ "action": "vault.restore" })));
    assert_eq!(events.unwrap().events.len(), 1);
    audit::verify_audit(&session, &request(json!({})), &Silent).unwrap();
}

#[test]
fn bulk_rotation_is_all_or_nothing_and_names_what_it_left() {
    let world = TestWorld::new();
    let session = world.create("bulk");
    let many = request(json!({
        "name": "k", "algorithm": "aes-256-gcm", "purpose": "encrypt", "count": 250
    }));
    assert_eq!(keys::create_keys(&session, &many, &Silent).unwrap().created, 250);
    let destroyed = json!({ "key": "k-000007" });
    keys::deactivate_key(&session, &request(destroyed.clone())).unwrap();
    keys::destroy_key(&session, &request(destroyed)).unwrap();
    let rotate = || {
        request(json!({
            "selection": { "kind": "query", "query": { "search": "k" } },
            "change": { "kind": "rotate" },
        }))
    };
    let done = keys::bulk_change(&session, &rotate(), &Silent).unwrap();
    assert_eq!((done.changed, done.skipped_total), (249, 1));
    assert_eq!(done.skipped[0].name, "k-000007");

    let stop = StopAfter(100.into());
    let stopped = keys::bulk_change(&session, &rotate(), &stop).unwrap_err();
    assert_eq!(stopped.code(), ErrorCode::Cancelled);
    let shown = keys::show_key(&session, &request(json!({ "key": "k-000001" }))).unwrap().key;
    assert_eq!(shown.primary_version, 2, "the cancelled rotation left nothing");
    audit::verify_audit(&session, &request(json!({})), &Silent).unwrap();
}

struct StopAfter(std::sync::atomic::AtomicU64);

impl keyreeve_domain::ports::Progress for StopAfter {
    fn report(&self, _done: u64, _total: u64) {
        self.0.fetch_sub(1, std::sync::atomic::Ordering::Relaxed);
    }

    fn cancelled(&self) -> bool {
        self.0.load(std::sync::atomic::Ordering::Relaxed) == 0
    }
}

#[test]
fn material_leaves_only_after_the_passphrase_and_only_as_allowed() {
    let world = TestWorld::new();
    let session = world.create("export");
    keys::create_key(&session, &new_key("may", "ed25519", "sign")).unwrap();
    let mut may_not = new_key("may not", "ed25519", "sign");
    may_not.exportable = false;
    keys::create_key(&session, &may_not).unwrap();
    let out = world.folder.path().join("key.pem");
    let export = |key: &str, plaintext: bool, passphrase: Option<&str>| {
        let request = request(json!({
            "key": key, "format": "pkcs8-pem", "out": out, "plaintext": plaintext,
            "proof": passphrase.map(|passphrase| json!({ "passphrase": passphrase })),
        }));
        keys::export_key(&session, &request).map_err(|error| error.code())
    };
    let right = Some(PASSPHRASE);
    assert_eq!(export("may", false, right), Err(ErrorCode::PlaintextNotConfirmed));
    assert_eq!(export("may", true, None), Err(ErrorCode::ReauthenticationNeeded));
    assert_eq!(export("may", true, Some("wrong")), Err(ErrorCode::WrongPassphrase));
    assert_eq!(export("may not", true, right), Err(ErrorCode::RefusedByPolicy));
    assert!(!out.exists());
    assert!(export("may", true, right).is_ok());
    assert!(std::fs::read_to_string(&out).unwrap().starts_with("-----BEGIN PRIVATE KEY-----"));
    assert_eq!(export("may", true, right), Err(ErrorCode::Exists));
    let denied = request(json!({ "action": "key.export" }));
    let events = audit::list_events(&session, &denied).unwrap().events;
    assert_eq!(events.len(), 2, "the export and the refusal are both in the log");
}

#[test]
fn where_the_log_cannot_be_written_the_slots_stay() {
    let world = TestWorld::new();
    let session = world.create("v");
    let header = || std::fs::read(world.path("v").join("header.json")).unwrap();
    let before = header();
    let slot = vault::session_view(&session).unwrap().slot.id;
    let change = json!({ "slot": slot, "newPassphrase": "another brass tulip orbit", "proof": {} });
    let proof = session.reauthenticate(&world.unlock_request("v").credentials).unwrap();

    world.clock.advance_hours(-1);
    let refused = slots::change_passphrase(&session, &request(change), &proof).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::ClockBehind);
    assert_eq!(header(), before);
    world.clock.advance_hours(1);
    drop(session);
    world.unlock("v").map(drop).unwrap();
}

#[test]
fn only_an_administrator_changes_anothers_passphrase() {
    let world = TestWorld::new();
    let session = world.create("v");
    let proof = session.reauthenticate(&world.unlock_request("v").credentials).unwrap();
    let theirs = "copper window sable forty";
    let add = json!({
        "name": "Operator", "role": "operator", "proof": {},
        "parts": [{ "kind": "passphrase", "passphrase": theirs }],
    });
    let own = slots::add_slot(&session, &request(add), &proof).unwrap().slot.id;
    let administrators = vault::session_view(&session).unwrap().slot.id;
    drop(session);

    let mut unlock = world.unlock_request("v");
    unlock.credentials = request(json!({ "passphrase": theirs }));
    let operator = vault::unlock_vault(&world.world, &unlock, Source::Gui).unwrap();
    let proof = operator.reauthenticate(&unlock.credentials).unwrap();
    let change = |slot: &str| {
        let change =
            json!({ "slot": slot, "newPassphrase": "another brass tulip orbit", "proof": {} });
        slots::change_passphrase(&operator, &request(change), &proof).map_err(|e| e.code())
    };
    assert_eq!(change(&administrators).map(drop), Err(ErrorCode::RefusedByRole));
    change(&own).map(drop).unwrap();
    drop(operator);
    world.unlock("v").map(drop).unwrap();
}

#[cfg(unix)]
#[test]
fn a_vault_made_through_a_link_is_whole_or_leaves_nothing() {
    let world = TestWorld::new();
    let place = world.folder.path().join("place");
    std::fs::create_dir(&place).unwrap();
    std::os::unix::fs::symlink(&place, world.path("v")).unwrap();
    drop(world.create("v"));
    assert!(place.join("header.json").exists() && place.join("vault.db").exists());
    world.unlock("v").map(drop).unwrap();

    // It fails once the header is there: nothing of it may stay in the folder that the link leads to.
    let other = world.folder.path().join("other");
    std::fs::create_dir(&other).unwrap();
    std::os::unix::fs::symlink(&other, world.path("w")).unwrap();
    let refusing =
        keyreeve_app::World { stores: std::sync::Arc::new(Refusing), ..world.world.clone() };
    let create = json!({ "path": world.path("w"), "passphrase": PASSPHRASE });
    let refused = vault::create_vault(&refusing, &request(create), Source::Gui).map(drop);
    assert_eq!(refused.unwrap_err().code(), ErrorCode::DiskFull);
    assert!(!other.join("header.json").exists() && !other.join("header.backup.json").exists());
    // A link that leads nowhere is something that is there.
    std::os::unix::fs::symlink(world.folder.path().join("nowhere"), world.path("x")).unwrap();
    let create = json!({ "path": world.path("x"), "passphrase": PASSPHRASE });
    let refused = vault::create_vault(&world.world, &request(create), Source::Gui).map(drop);
    assert_eq!(refused.unwrap_err().code(), ErrorCode::Exists);
}

/// A disk that is full as soon as a database is to be made.
#[cfg(unix)]
struct Refusing;

#[cfg(unix)]
impl keyreeve_domain::ports::StoreOpener for Refusing {
    fn create(
        &self,
        _vault: &std::path::Path,
        _key: &keyreeve_crypto::DatabaseKey,
        _meta: &keyreeve_domain::ports::VaultMeta,
        _first: keyreeve_domain::audit::AuditDraft,
    ) -> Result<Box<dyn keyreeve_domain::ports::VaultStore>, keyreeve_domain::ports::StoreError>
    {
        Err(keyreeve_domain::ports::StoreError::DiskFull)
    }

    fn open(
        &self,
        _vault: &std::path::Path,
        _key: &keyreeve_crypto::DatabaseKey,
    ) -> Result<Box<dyn keyreeve_domain::ports::VaultStore>, keyreeve_domain::ports::StoreError>
    {
        Err(keyreeve_domain::ports::StoreError::DiskFull)
    }
}

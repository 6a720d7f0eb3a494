//! Rotating the material key: whatever comes in between, every way in opens, and an old header does
//! not reach material any more.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::sync::atomic::{AtomicU64, Ordering};

use keyreeve_app::api::{ErrorCode, RotateMaterialKeyResponse};
use keyreeve_app::{Error, UnlockedSession, audit, keys, slots, vault};
use keyreeve_domain::audit::{Action, Source};
use keyreeve_domain::ports::{Progress, Silent};
use keyreeve_tests::{PASSPHRASE, TestWorld, new_key, request, secret};
use serde_json::json;

const OTHER: &str = "copper window sable forty";

/// Two keys, one of them with two versions and one with none left, and a second administrator.
fn furnished(world: &TestWorld) -> UnlockedSession {
    drop(world.create("v"));
    let session = unlock(world, PASSPHRASE, false).unwrap();
    for name in ["one", "two", "gone"] {
        keys::create_key(&session, &new_key(name, "aes-256-gcm", "encrypt")).unwrap();
    }
    keys::rotate_key(&session, &request(json!({ "key": "two" }))).unwrap();
    keys::deactivate_key(&session, &request(json!({ "key": "gone" }))).unwrap();
    keys::destroy_key(&session, &request(json!({ "key": "gone", "waitDays": 7 }))).unwrap();
    world.clock.advance_days(8);
    vault::run_due(&session).unwrap();
    let proof = session.just_authenticated().unwrap();
    for (name, role, passphrase) in
        [("Second", "administrator", OTHER), ("Books", "auditor", "marble engine quiet lantern")]
    {
        let add = request(json!({
            "name": name, "role": role, "proof": {},
            "parts": [{ "kind": "passphrase", "passphrase": passphrase }]
        }));
        slots::add_slot(&session, &add, &proof).unwrap();
    }
    session
}

fn rotate(session: &UnlockedSession) -> Result<RotateMaterialKeyResponse, Error> {
    rotate_with(session, &Silent)
}

fn rotate_with(
    session: &UnlockedSession,
    progress: &dyn Progress,
) -> Result<RotateMaterialKeyResponse, Error> {
    let proof = session.just_authenticated().unwrap();
    slots::rotate_material_key(session, "a member left", &proof, progress)
}

fn unlock(world: &TestWorld, passphrase: &str, accept: bool) -> Result<UnlockedSession, Error> {
    let mut unlock = world.unlock_request("v");
    unlock.credentials.passphrase = Some(secret(passphrase));
    unlock.accept_rollback = accept;
    // As the command line does it: who is there was shown a moment ago, and is not asked each time.
    vault::unlock_vault(&world.world, &unlock, Source::Cli)
}

/// The material of a version, as it is taken out.
fn material(
    world: &TestWorld,
    session: &UnlockedSession,
    (key, version): (&str, u32),
) -> Result<Vec<u8>, ErrorCode> {
    let out = world.folder.path().join("out.raw");
    let export = request(json!({
        "key": key, "version": version, "format": "raw", "out": out, "plaintext": true
    }));
    keys::export_key(session, &export).map_err(|error| error.code())?;
    let bytes = fs::read(&out).unwrap();
    fs::remove_file(&out).unwrap();
    Ok(bytes)
}

const VERSIONS: [(&str, u32); 2] = [("one", 1), ("two", 2)];

fn all(world: &TestWorld, session: &UnlockedSession) -> Vec<Vec<u8>> {
    VERSIONS.map(|version| material(world, session, version).unwrap()).to_vec()
}

fn verifies(session: &UnlockedSession) {
    assert!(audit::verify_audit(session, &request(json!({})), &Silent).unwrap().ok);
}

fn put_back(world: &TestWorld, header: &[u8]) {
    for copy in ["header.json", "header.backup.json"] {
        fs::write(world.path("v").join(copy), header).unwrap();
    }
}

#[test]
fn every_way_in_reaches_all_material_and_an_old_header_none() {
    let world = TestWorld::new();
    let session = furnished(&world);
    let before = all(&world, &session);
    let old = fs::read(world.path("v").join("header.json")).unwrap();
    assert_eq!(slots::list_slots(&session).unwrap().material_key_rotated_at, None);

    let rotated = rotate(&session).unwrap();
    assert_eq!((rotated.number, rotated.keys, rotated.versions), (2, 3, 3));
    assert_eq!(
        slots::list_slots(&session).unwrap().material_key_rotated_at,
        Some(rotated.rotated_at)
    );
    let logged = audit::list_events(&session, &request(json!({ "limit": 100 }))).unwrap().events;
    let of = |action| logged.iter().filter(|event| event.action == action).count();
    assert_eq!((of(Action::VaultRotateMaterialKey), of(Action::KeyRewrap)), (1, 2));
    let event = logged.iter().find(|event| event.seq == rotated.audit_seq).unwrap();
    assert_eq!(event.reason.as_deref(), Some("a member left"));
    verifies(&session);
    // The session goes on with the new key, and so does who opens with any other slot.
    assert_eq!(all(&world, &session), before);
    keys::create_key(&session, &new_key("after", "aes-256-gcm", "encrypt")).unwrap();
    vault::lock_vault(session, "user").unwrap();
    for passphrase in [PASSPHRASE, OTHER] {
        let session = unlock(&world, passphrase, false).unwrap();
        assert_eq!(all(&world, &session), before);
        material(&world, &session, ("after", 1)).unwrap();
        vault::lock_vault(session, "user").unwrap();
    }
    let books = unlock(&world, "marble engine quiet lantern", false).unwrap();
    verifies(&books);
    vault::lock_vault(books, "user").unwrap();
    let session = unlock(&world, OTHER, false).unwrap();
    assert_eq!(rotate(&session).unwrap().number, 3, "and once more");
    vault::lock_vault(session, "user").unwrap();

    put_back(&world, &old);
    assert_eq!(unlock(&world, PASSPHRASE, false).err().unwrap().code(), ErrorCode::Rollback);
    let old = unlock(&world, PASSPHRASE, true).unwrap();
    let refused = Err(ErrorCode::MaterialKeyChanged);
    assert_eq!(material(&world, &old, ("one", 1)), refused);
    assert_eq!(material(&world, &old, ("after", 1)), refused);
    let made = keys::create_key(&old, &new_key("new", "aes-256-gcm", "encrypt"));
    assert_eq!(made.unwrap_err().code(), ErrorCode::MaterialKeyChanged);
    verifies(&old);
}

#[test]
fn a_header_that_cannot_follow_yet_follows_at_the_next_unlock() {
    let world = TestWorld::new();
    let session = furnished(&world);
    let before = all(&world, &session);
    let header = || fs::read(world.path("v").join("header.json")).unwrap();
    let old = header();
    // A folder in the place of the file that the header is first written to.
    let in_the_way = world.path("v").join("header.json.new");
    fs::create_dir(&in_the_way).unwrap();
    assert_eq!(rotate(&session).unwrap_err().code(), ErrorCode::MaterialKeyPending);
    assert_eq!(header(), old);
    assert_eq!(all(&world, &session), before, "the session goes on");
    keys::create_key(&session, &new_key("after", "aes-256-gcm", "encrypt")).unwrap();
    vault::lock_vault(session, "user").unwrap();

    let session = unlock(&world, OTHER, false).unwrap();
    assert_eq!(header(), old, "there is still no way to follow");
    assert_eq!(all(&world, &session), before);
    material(&world, &session, ("after", 1)).unwrap();
    vault::lock_vault(session, "user").unwrap();

    fs::remove_dir(&in_the_way).unwrap();
    // An auditor has no material key to give to others, and is not in the way of those who have.
    vault::lock_vault(unlock(&world, "marble engine quiet lantern", false).unwrap(), "user")
        .unwrap();
    assert_eq!(header(), old);
    vault::lock_vault(unlock(&world, OTHER, false).unwrap(), "user").unwrap();
    let new = header();
    assert_ne!(new, old);
    for passphrase in [PASSPHRASE, OTHER] {
        let session = unlock(&world, passphrase, false).unwrap();
        assert_eq!(all(&world, &session), before);
        verifies(&session);
        vault::lock_vault(session, "user").unwrap();
    }
    assert_eq!(header(), new, "it followed once");
    put_back(&world, &old);
    let old = unlock(&world, PASSPHRASE, true).unwrap();
    let refused = Err(ErrorCode::MaterialKeyChanged);
    assert_eq!(material(&world, &old, ("one", 1)), refused);
}

#[test]
fn a_session_that_was_open_meanwhile_is_told_and_harms_nothing() {
    let world = TestWorld::new();
    let session = furnished(&world);
    let stale = unlock(&world, OTHER, false).unwrap();
    let before = all(&world, &session);
    rotate(&session).unwrap();
    let code = ErrorCode::MaterialKeyChanged;
    assert_eq!(material(&world, &stale, ("one", 1)), Err(code));
    let made = keys::create_key(&stale, &new_key("new", "aes-256-gcm", "encrypt"));
    assert_eq!(made.unwrap_err().code(), code);
    assert_eq!(
        keys::rotate_key(&stale, &request(json!({ "key": "one" }))).unwrap_err().code(),
        code
    );
    let proof = stale.just_authenticated().unwrap();
    let add = request(json!({
        "name": "Third", "role": "administrator", "proof": {},
        "parts": [{ "kind": "passphrase", "passphrase": "velvet anchor museum river" }]
    }));
    assert_eq!(slots::add_slot(&stale, &add, &proof).unwrap_err().code(), code);
    let again = slots::rotate_material_key(&stale, "", &proof, &Silent);
    assert!(again.is_err());
    drop(stale);
    verifies(&session);
    assert_eq!(all(&world, &session), before);
    let fresh = unlock(&world, OTHER, false).unwrap();
    assert_eq!(all(&world, &fresh), before);
}

/// Stops at a step.
struct StopAt(u64, AtomicU64);

impl Progress for StopAt {
    fn report(&self, done: u64, _total: u64) {
        self.1.store(done, Ordering::Relaxed);
    }

    fn cancelled(&self) -> bool {
        self.1.load(Ordering::Relaxed) >= self.0
    }
}

#[test]
fn cancelled_or_refused_it_changes_nothing() {
    let world = TestWorld::new();
    let session = furnished(&world);
    let header = || fs::read(world.path("v").join("header.json")).unwrap();
    let (old, before) = (header(), all(&world, &session));
    for stop in [0, 1, 2] {
        let cancelled = rotate_with(&session, &StopAt(stop, AtomicU64::new(0)));
        assert_eq!(cancelled.unwrap_err().code(), ErrorCode::Cancelled);
    }
    let books = unlock(&world, "marble engine quiet lantern", false).unwrap();
    let proof = books.just_authenticated();
    let refused = slots::rotate_material_key(&books, "", &proof.unwrap(), &Silent);
    assert_eq!(refused.unwrap_err().code(), ErrorCode::RefusedByRole);
    assert_eq!(header(), old);
    assert_eq!(slots::list_slots(&session).unwrap().material_key_rotated_at, None);
    assert_eq!(all(&world, &session), before);
    verifies(&session);
}

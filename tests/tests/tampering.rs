//! Bytes changed, and older bytes put back, by someone who holds no key: everything a vault is made of,
//! from unlocking to the full verification, over the real adapters.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::PathBuf;

use keyreeve_app::api::{ErrorCode, KeyListResponse};
use keyreeve_app::{Error, UnlockedSession, audit, keys, slots, vault};
use keyreeve_domain::audit::Source;
use keyreeve_domain::ports::Silent;
use keyreeve_tests::{PASSPHRASE, TestWorld, new_key, request};
use serde_json::json;

const PAGE: usize = 4096;

/// The files that a vault is opened from, in this order: both headers, the database.
type Files = [(PathBuf, Vec<u8>); 3];

fn files(world: &TestWorld) -> Files {
    let vault = world.path("v");
    ["header.json", "header.backup.json", "vault.db"].map(|name| {
        let path = vault.join(name);
        (path.clone(), fs::read(path).unwrap())
    })
}

fn put(files: &[(PathBuf, Vec<u8>)]) {
    for (path, bytes) in files {
        fs::write(path, bytes).unwrap();
    }
}

/// What is remembered outside the vault.
fn anchors(world: &TestWorld) -> Vec<(PathBuf, Vec<u8>)> {
    fs::read_dir(world.folder.path().join("anchors"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect()
}

/// When something was noticed.
#[derive(Debug)]
enum Noticed {
    InUse(ErrorCode),
    OnVerifying(ErrorCode),
}

/// Unlocks, lists, reads every key's material, and verifies the log and all that it vouches for.
fn look_through(world: &TestWorld) -> Result<UnlockedSession, Noticed> {
    let session = in_use(world).map_err(|error| Noticed::InUse(error.code()))?;
    match audit::verify_audit(&session, &request(json!({})), &Silent) {
        Ok(_) => Ok(session),
        Err(error) => Err(Noticed::OnVerifying(error.code())),
    }
}

fn in_use(world: &TestWorld) -> Result<UnlockedSession, Error> {
    // As the command line does it, which need not ask for the passphrase again.
    let session = vault::unlock_vault(&world.world, &world.unlock_request("v"), Source::Cli)?;
    for key in keys::list_keys(&session, &request(json!({ "algorithm": "aes-256-gcm" })))?.keys {
        let out = world.folder.path().join("out");
        let export = json!({ "key": key.id, "format": "raw", "out": out, "plaintext": true });
        let exported = keys::export_key(&session, &request(export));
        fs::remove_file(out).ok();
        exported?;
    }
    Ok(session)
}

/// A vault of at least 64 pages, some of which nothing uses any more.
fn vault_with_free_pages(world: &TestWorld) {
    let session = world.create("v");
    for number in 0..8 {
        let create = new_key(&format!("key {number}"), "aes-256-gcm", "encrypt");
        keys::create_key(&session, &create).unwrap();
    }
    // Material that needs pages of its own, until it is destroyed.
    for number in 0..24 {
        let name = format!("short-lived {number}");
        keys::create_key(&session, &new_key(&name, "ml-kem-1024", "agree")).unwrap();
        keys::deactivate_key(&session, &request(json!({ "key": name }))).unwrap();
        keys::destroy_key(&session, &request(json!({ "key": name, "waitDays": 7 }))).unwrap();
    }
    world.clock.advance_days(8);
    vault::run_due(&session).unwrap();
    vault::lock_vault(session, "user").unwrap();
}

#[test]
fn every_bit_of_both_headers_counts() {
    let world = TestWorld::new();
    vault::lock_vault(world.create("v"), "user").unwrap();
    let path = world.path("v");
    let headers = &world.world.headers;
    let whole = headers.read(&path).unwrap();
    let [first, second] = ["header.json", "header.backup.json"].map(|name| (path.join(name), name));
    let bytes = fs::read(&first.0).unwrap();
    assert_eq!(fs::read(&second.0).unwrap(), bytes);
    for bit in 0..bytes.len() * 8 {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        // One copy alone: the other stands in for it, unchanged.
        for (copy, name) in [&first, &second] {
            fs::write(copy, &changed).unwrap();
            assert_eq!(headers.read(&path).unwrap(), whole, "bit {bit} of {name}");
            fs::write(copy, &bytes).unwrap();
        }
        // Both: this is what unlocking reads first, before any passphrase is tried.
        fs::write(&first.0, &changed).unwrap();
        fs::write(&second.0, &changed).unwrap();
        assert!(headers.read(&path).is_err(), "bit {bit} of both copies");
        fs::write(&first.0, &bytes).unwrap();
        fs::write(&second.0, &bytes).unwrap();
    }
}

#[test]
fn a_changed_page_is_noticed_whether_it_is_used_or_not() {
    let world = TestWorld::new();
    vault_with_free_pages(&world);
    let (whole, remembered) = (files(&world), anchors(&world));
    let pages = whole[2].1.len() / PAGE;
    assert!(pages >= 64, "{pages} pages");
    let (mut on_verifying, mut written_over) = (0, 0);
    for page in 0..pages {
        let mut changed = whole.clone();
        // Another byte and bit in every page; the store's own tests try them all.
        changed[2].1[page * PAGE + (page * 61) % PAGE] ^= 1 << (page % 8);
        put(&changed);
        put(&remembered);
        match look_through(&world).map(drop) {
            Err(Noticed::InUse(ErrorCode::DatabaseDamaged | ErrorCode::DatabaseForeign)) => {}
            Err(Noticed::OnVerifying(ErrorCode::DatabaseDamaged)) => on_verifying += 1,
            // A free page that the unlock's own events were written over: what was changed is gone.
            Ok(()) => {
                let at = page * PAGE..(page + 1) * PAGE;
                let now = fs::read(&whole[2].0).unwrap();
                assert!(now[at.clone()] != changed[2].1[at], "page {}", page + 1);
                written_over += 1;
            }
            other => panic!("page {}: {other:?}", page + 1),
        }
    }
    assert!(written_over <= 2, "{written_over} pages were written over");
    // Pages that nothing reads any more, and those of what was not asked for.
    assert!(on_verifying > 8, "{on_verifying} of {pages}");
}

/// The log vouches for keys, material and itself. An old page of the search index, of the list of
/// signed checkpoints or of the times of last use may pass, and then none of those is any different.
#[test]
fn an_old_page_put_back_is_noticed_or_changes_nothing_that_counts() {
    let world = TestWorld::new();
    vault_with_free_pages(&world);
    let old = files(&world);
    let session = world.unlock("v").unwrap();
    keys::rotate_key(&session, &request(json!({ "key": "key 1", "reason": "test" }))).unwrap();
    keys::create_key(&session, &new_key("key 9", "aes-256-gcm", "encrypt")).unwrap();
    let size = vault::session_view(&session).unwrap().audit_size;
    let listed = keys::list_keys(&session, &request(json!({ "limit": 200 }))).unwrap();
    vault::lock_vault(session, "user").unwrap();
    let (new, remembered) = (files(&world), anchors(&world));
    let (before, after) = (&old[2].1, &new[2].1);
    let (mut noticed, mut passed) = (0, Vec::new());
    for page in 0..before.len().min(after.len()) / PAGE {
        let at = page * PAGE..(page + 1) * PAGE;
        if before[at.clone()] == after[at.clone()] {
            continue;
        }
        let mut mixed = new.clone();
        mixed[2].1[at.clone()].copy_from_slice(&before[at]);
        put(&mixed);
        put(&remembered);
        let Ok(session) = look_through(&world) else {
            noticed += 1;
            continue;
        };
        passed.push(page + 1);
        assert!(vault::session_view(&session).unwrap().audit_size > size);
        let now = keys::list_keys(&session, &request(json!({ "limit": 200 }))).unwrap();
        let essence = |list: &KeyListResponse| -> Vec<_> {
            list.keys.iter().map(|key| (key.id.clone(), key.name.clone(), key.state)).collect()
        };
        assert_eq!(essence(&now), essence(&listed), "page {}", page + 1);
    }
    assert!(noticed >= 4 * passed.len() && noticed > 20, "{noticed} noticed, not {passed:?}");
}

#[test]
fn an_old_header_put_back_is_noticed_and_can_be_accepted_by_name() {
    let world = TestWorld::new();
    let session = world.create("v");
    let old = files(&world);
    let view = vault::session_view(&session).unwrap();
    let change = json!({ "slot": view.slot.id, "newPassphrase": "another brass tulip orbit",
        "proof": {"passphrase": PASSPHRASE} });
    let proof = session.reauthenticate(&world.unlock_request("v").credentials).unwrap();
    slots::change_passphrase(&session, &request(change), &proof).unwrap();
    vault::lock_vault(session, "user").unwrap();

    // The passphrase that was changed opens the old header, and the vault says so.
    put(&old[..2]);
    let refused = world.unlock("v").map(drop).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Rollback);
    assert!(refused.to_string().contains("header"), "{refused}");

    let mut accepting = world.unlock_request("v");
    accepting.accept_rollback = true;
    let session = vault::unlock_vault(&world.world, &accepting, Source::Gui).unwrap();
    let accepted = request(json!({ "action": "vault.accept_rollback" }));
    assert_eq!(audit::list_events(&session, &accepted).unwrap().events.len(), 1);
    vault::lock_vault(session, "user").unwrap();
    // That was the beginning of a new count.
    vault::lock_vault(world.unlock("v").unwrap(), "user").unwrap();
}

#[test]
fn an_old_header_put_back_while_the_vault_is_open_proves_and_changes_nothing() {
    let world = TestWorld::new();
    let session = world.create("v");
    let old = files(&world);
    let slot = vault::session_view(&session).unwrap().slot.id;
    let change = |passphrase: &str| {
        request(json!({ "slot": slot, "newPassphrase": passphrase, "proof": {} }))
    };
    let former = world.unlock_request("v").credentials;
    let proof = session.reauthenticate(&former).unwrap();
    slots::change_passphrase(&session, &change("another brass tulip orbit"), &proof).unwrap();

    put(&old[..2]);
    let refused = session.reauthenticate(&former).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Rollback);
    let change = change("a third brass tulip orbit");
    let refused = slots::change_passphrase(&session, &change, &proof).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Rollback);
    assert_eq!(&files(&world)[..2], &old[..2]);
}

#[test]
fn an_old_database_beside_the_new_header_is_noticed() {
    let world = TestWorld::new();
    let session = world.create("v");
    let old = files(&world);
    keys::create_key(&session, &new_key("key", "aes-256-gcm", "encrypt")).unwrap();
    vault::lock_vault(session, "user").unwrap();
    put(&old[2..]);
    assert_eq!(world.unlock("v").map(drop).unwrap_err().code(), ErrorCode::Rollback);
}

#[test]
fn a_header_that_came_further_than_the_database_heard_of_is_fine() {
    let world = TestWorld::new();
    let session = world.create("v");
    let (before, remembered) = (files(&world), anchors(&world));
    let add = json!({ "name": "second", "role": "operator", "proof": {"passphrase": PASSPHRASE},
        "parts": [{"kind": "passphrase", "passphrase": "another brass tulip orbit"}] });
    let proof = session.reauthenticate(&world.unlock_request("v").credentials).unwrap();
    slots::add_slot(&session, &request(add), &proof).unwrap();
    drop(session);
    // The power was cut between the header and the database.
    put(&before[2..]);
    put(&remembered);
    vault::lock_vault(world.unlock("v").unwrap(), "user").unwrap();
}

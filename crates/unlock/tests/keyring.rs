//! Every way in which the desktop's keyring can fail a vault, with a real GNOME Keyring.
//!
//! A program finds its session by its environment. So each test is run a second time as a process
//! in a session of its own, and that process stays the same while the keyring comes and goes.
#![cfg(all(unix, not(target_os = "macos")))]
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../../../tests/rigs/keyring_others.rs"]
mod keyring_others;
#[path = "../../../tests/rigs/keyring_rig.rs"]
mod keyring_rig;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use keyreeve_crypto::{Argon2Params, MaterialKey, SecretString, VaultKey, VaultKeys};
use keyreeve_domain::ports::{
    Anchor, Anchors, Credentials, HeaderError, Headers, KeyringError, NewSlot, NewWay, SlotChoice,
    SlotInfo, SlotKind,
};
use keyreeve_domain::{Role, VaultId};
use keyreeve_unlock::{FileAnchors, FileHeaders, KeyringSource, UserAnchors};
use keyring_others::{SECRETS, answer_for, question_window};
use keyring_rig::KeyringRig;
use secret_service::EncryptionType;
use secret_service::blocking::SecretService;
use tempfile::TempDir;

/// Where the second run of a test finds the folder of its session.
const HOME: &str = "KEYREEVE_TEST_SESSION";

/// Runs a test's body in a process and a session of their own, where nobody can be asked anything.
fn in_session(test: &str, body: impl FnOnce(&Path)) {
    in_session_at("", test, body);
}

/// The same at a display, which is only named: what asks is [`question_window`].
fn in_session_at(display: &str, test: &str, body: impl FnOnce(&Path)) {
    if let Some(home) = std::env::var_os(HOME) {
        return body(Path::new(&home));
    }
    let home = TempDir::new().unwrap();
    let done = Command::new(std::env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture"])
        .env_remove("WAYLAND_DISPLAY")
        .env("DISPLAY", display)
        .env(HOME, home.path())
        .envs(keyring_rig::environment(home.path()))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(
        done.status.success() && said.contains("1 passed"),
        "{said}{}",
        String::from_utf8_lossy(&done.stderr)
    );
}

/// A vault with a passphrase and a slot that the keyring keeps.
struct Vault {
    _folder: TempDir,
    path: PathBuf,
    headers: FileHeaders,
    passphrase: SecretString,
    slot: Option<SlotInfo>,
}

impl Vault {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let vault = Self {
            path: folder.path().join("v.keyreeve"),
            _folder: folder,
            headers: FileHeaders::with_params(Argon2Params::floor(2)),
            passphrase: SecretString::new("correct horse battery staple".into()),
            slot: None,
        };
        let main = slot("Main", NewWay::Passphrase(&vault.passphrase));
        vault.headers.create(&vault.path, id(), &keys(), &main).unwrap();
        vault
    }

    fn with_slot() -> Self {
        let mut vault = Self::new();
        vault.slot = Some(vault.add().unwrap());
        vault.opens();
        vault
    }

    /// Waits only so long for the keyring from now on.
    fn with_patience(mut self, patience: Duration) -> Self {
        self.headers = self.headers.with_source(KeyringSource::with_patience(patience));
        self
    }

    fn add(&self) -> Result<SlotInfo, HeaderError> {
        self.headers.add_slot(&self.path, &keys(), &slot("Desk", NewWay::OsKeyring))
    }

    fn unlock(&self, kind: SlotKind, shown: &Credentials<'_>) -> Result<VaultKey, HeaderError> {
        let unlocked = self.headers.unlock(&self.path, &SlotChoice::Kind(kind), shown);
        unlocked.map(|unlocked| unlocked.keys.vault)
    }

    fn by_keyring(&self) -> Result<VaultKey, HeaderError> {
        let shown = Credentials { keyring: true, ..Credentials::default() };
        self.unlock(SlotKind::OsKeyring, &shown)
    }

    fn opens(&self) {
        assert_eq!(self.by_keyring().unwrap(), keys().vault);
    }

    /// The keyring fails so, and the passphrase opens the vault all the same.
    fn fails(&self, expected: &KeyringError) {
        match self.by_keyring() {
            Err(HeaderError::Keyring(error)) => assert_eq!(error, *expected),
            other => panic!("{expected:?} was expected, not {other:?}"),
        }
        let shown = Credentials::passphrase(&self.passphrase);
        assert_eq!(self.unlock(SlotKind::Passphrase, &shown).unwrap(), keys().vault);
    }

    /// By what the keyring finds the slot's item.
    fn account(&self) -> String {
        format!("{}/{}", id(), self.slot.as_ref().unwrap().id)
    }
}

fn slot<'a>(name: &'a str, way: NewWay<'a>) -> NewSlot<'a> {
    NewSlot { name, role: Role::Administrator, way, created_at: Timestamp::UNIX_EPOCH }
}

fn keys() -> VaultKeys {
    VaultKeys {
        vault: VaultKey::from_bytes(&[0x11; 32]),
        material: Some(MaterialKey::from_bytes(&[0x22; 32])),
    }
}

fn id() -> VaultId {
    VaultId::from_bytes([7; 16])
}

/// Another program of the same user at the same keyring.
fn neighbour() -> SecretService<'static> {
    SecretService::connect(EncryptionType::Plain).unwrap()
}

/// Puts a secret in the place of the slot's, as another program would.
fn put(vault: &Vault, secret: &[u8]) {
    let account = vault.account();
    let attributes = HashMap::from([("service", "keyreeve"), ("username", account.as_str())]);
    let neighbour = neighbour();
    let found = neighbour.search_items(attributes).unwrap();
    found.unlocked[0].set_secret(secret, "application/octet-stream").unwrap();
}

#[test]
fn no_session_bus() {
    in_session("no_session_bus", |home| {
        let vault = Vault::new();
        assert!(!home.join("bus").exists());
        assert!(matches!(vault.add(), Err(HeaderError::Keyring(KeyringError::NoBus))));
        let rig = KeyringRig::new(home);
        let vault = Vault::with_slot();
        drop(rig);
        vault.fails(&KeyringError::NoBus);
    });
}

#[test]
fn no_keyring_and_a_keyring_that_is_started_again() {
    in_session("no_keyring_and_a_keyring_that_is_started_again", |home| {
        let mut rig = KeyringRig::new(home);
        let vault = Vault::with_slot();
        rig.stop();
        vault.fails(&KeyringError::NoProvider);
        assert!(matches!(vault.add(), Err(HeaderError::Keyring(KeyringError::NoProvider))));
        rig.start(true);
        vault.opens();
        vault.opens();
    });
}

#[test]
fn a_locked_keyring_where_nobody_can_be_asked() {
    in_session("a_locked_keyring_where_nobody_can_be_asked", |home| {
        let mut rig = KeyringRig::new(home);
        let vault = Vault::with_slot();
        // While it runs, as a desktop locks it; and after a start.
        neighbour().get_default_collection().unwrap().lock().unwrap();
        vault.fails(&KeyringError::Locked);
        rig.stop();
        rig.start(false);
        vault.fails(&KeyringError::Locked);
        assert!(matches!(vault.add(), Err(HeaderError::Keyring(KeyringError::Locked))));
        rig.stop();
        rig.start(true);
        vault.opens();
    });
}

#[test]
fn a_question_that_is_closed() {
    in_session_at(":0", "a_question_that_is_closed", |home| {
        let mut rig = KeyringRig::new(home);
        let vault = Vault::with_slot();
        rig.stop();
        rig.start(false);
        let questions = question_window(home, true);
        vault.fails(&KeyringError::Dismissed);
        assert!(questions.try_iter().count() >= 1, "nobody was asked");
        assert!(matches!(vault.add(), Err(HeaderError::Keyring(KeyringError::Dismissed))));
        rig.stop();
        rig.start(true);
        vault.opens();
    });
}

#[test]
fn a_question_that_nobody_answers() {
    in_session_at(":0", "a_question_that_nobody_answers", |home| {
        let mut rig = KeyringRig::new(home);
        let vault = Vault::with_slot().with_patience(Duration::from_secs(1));
        rig.stop();
        rig.start(false);
        let questions = question_window(home, false);
        vault.fails(&KeyringError::Timeout { seconds: 1 });
        questions.try_recv().expect("nobody was asked");
    });
}

#[test]
fn an_item_that_was_deleted() {
    in_session("an_item_that_was_deleted", |home| {
        let _rig = KeyringRig::new(home);
        let vault = Vault::with_slot();
        let neighbour = neighbour();
        let collection = neighbour.get_default_collection().unwrap();
        for item in collection.get_all_items().unwrap() {
            item.delete().unwrap();
        }
        vault.fails(&KeyringError::ItemMissing);
        // The cure: another slot.
        let lost = vault.slot.as_ref().unwrap().id;
        vault.headers.remove_slot(&vault.path, &keys(), lost).unwrap();
        vault.add().unwrap();
        vault.opens();
    });
}

#[test]
fn an_item_of_another_program() {
    in_session("an_item_of_another_program", |home| {
        let _rig = KeyringRig::new(home);
        let vault = Vault::with_slot();
        for bad in [&[0x5a; 32][..], &[0x5a; 31], &[0x5a; 33], &[], &[0x5a; 100_000]] {
            put(&vault, bad);
            vault.fails(&KeyringError::Foreign);
        }
        // Two items where one is meant.
        let account = vault.account();
        let also = [("service", "keyreeve"), ("username", account.as_str()), ("of", "another")];
        let neighbour = neighbour();
        let collection = neighbour.get_default_collection().unwrap();
        collection
            .create_item("Theirs", HashMap::from(also), &[0x5a; 32], false, "text/plain")
            .unwrap();
        vault.fails(&KeyringError::Foreign);
    });
}

#[test]
fn a_keyring_that_never_answers() {
    in_session("a_keyring_that_never_answers", |home| {
        let mut rig = KeyringRig::new(home);
        let vault = Vault::with_slot().with_patience(Duration::from_secs(1));
        // The real one, stopped in its tracks: once it goes on it opens again.
        let signal = |name: &str| {
            let process = rig.process().to_string();
            assert!(Command::new("kill").args([name, &process]).status().unwrap().success());
        };
        signal("-STOP");
        vault.fails(&KeyringError::Timeout { seconds: 1 });
        signal("-CONT");
        vault.opens();
        // And one that was never going to.
        rig.stop();
        answer_for(home, SECRETS, |_, _| true);
        vault.fails(&KeyringError::Timeout { seconds: 1 });
    });
}

#[test]
fn a_keyring_that_ends_while_it_is_asked() {
    in_session("a_keyring_that_ends_while_it_is_asked", |home| {
        let mut rig = KeyringRig::new(home);
        let vault = Vault::with_slot();
        rig.stop();
        answer_for(home, SECRETS, |_, _| false);
        vault.fails(&KeyringError::Restarted);
        rig.start(true);
        vault.opens();
    });
}

const SEEN: Anchor = Anchor { size: 12, root: [3; 32], restored: false };
const NEWER: Anchor = Anchor { size: 15, root: [4; 32], restored: false };

/// Anchors beside a state folder of the test's own, however slow the computer is today.
fn anchors(folder: &TempDir) -> UserAnchors {
    UserAnchors::beside(FileAnchors::in_folder(folder.path().into()))
        .with_patience(Duration::from_secs(20))
}

fn seen(anchors: &UserAnchors) -> Vec<Anchor> {
    anchors.load(id(), Path::new("/v")).unwrap()
}

fn see(anchors: &UserAnchors, anchor: &Anchor) {
    anchors.store(id(), Path::new("/v"), anchor).unwrap();
}

#[test]
fn the_keyring_remembers_what_the_state_folder_forgot() {
    in_session("the_keyring_remembers_what_the_state_folder_forgot", |home| {
        let mut rig = KeyringRig::new(home);
        let (folder, emptied) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        see(&anchors(&folder), &SEEN);
        see(&anchors(&folder), &NEWER);
        assert_eq!(seen(&anchors(&folder)), [NEWER], "both say the same");
        assert_eq!(seen(&anchors(&emptied)), [NEWER]);
        // The folder as it was before: each of the two has to be extended.
        FileAnchors::in_folder(emptied.path().into()).store(id(), Path::new("/v"), &SEEN).unwrap();
        assert_eq!(seen(&anchors(&emptied)), [SEEN, NEWER]);
        // Another path is another story, and what is no anchor is none.
        assert_eq!(anchors(&folder).load(id(), Path::new("/copy")).unwrap(), []);
        let neighbour = neighbour();
        let collection = neighbour.get_default_collection().unwrap();
        let items = collection.get_all_items().unwrap();
        assert_eq!(items.len(), 1, "one item, however often it is written");
        items[0].set_secret(b"12 nonsense", "text/plain").unwrap();
        assert_eq!(seen(&anchors(&folder)), [NEWER]);
        assert_eq!(seen(&anchors(&emptied)), [SEEN]);
        rig.stop();
        see(&anchors(&folder), &SEEN);
        assert_eq!(seen(&anchors(&folder)), [SEEN], "the file alone");
    });
}

#[test]
fn no_question_is_asked_for_an_anchor() {
    in_session_at(":0", "no_question_is_asked_for_an_anchor", |home| {
        let mut rig = KeyringRig::new(home);
        let folder = TempDir::new().unwrap();
        let anchors = anchors(&folder);
        see(&anchors, &SEEN);
        let questions = question_window(home, true);
        neighbour().get_default_collection().unwrap().lock().unwrap();
        assert_eq!(seen(&anchors), [SEEN]);
        see(&anchors, &NEWER);
        assert_eq!(seen(&anchors), [NEWER]);
        rig.stop();
        rig.start(false);
        see(&anchors, &SEEN);
        assert_eq!(seen(&anchors), [SEEN]);
        assert!(questions.try_recv().is_err(), "someone was asked");
    });
}

#[test]
fn a_silent_keyring_holds_up_one_load_and_no_change() {
    in_session("a_silent_keyring_holds_up_one_load_and_no_change", |home| {
        let _rig = KeyringRig::without_keyring(home);
        let (asked, calls) = channel();
        answer_for(home, SECRETS, move |_, _| asked.send(()).is_ok());
        let folder = TempDir::new().unwrap();
        let anchors = UserAnchors::beside(FileAnchors::in_folder(folder.path().into()));
        let begun = Instant::now();
        assert_eq!(seen(&anchors), []);
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
        assert_eq!(calls.iter().take(1).count(), 1);
        for anchor in [SEEN, NEWER] {
            see(&anchors, &anchor);
        }
        assert_eq!(calls.try_iter().count(), 0, "it was asked again before the next unlock");
        assert_eq!(seen(&anchors), [NEWER]);
        assert_eq!(calls.iter().take(1).count(), 1, "the next unlock asks again");
    });
}

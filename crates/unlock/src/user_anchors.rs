//! A person's anchors: in files, and where a keyring answers in it as well.
//!
//! Whoever puts an old copy of a vault back together with the state folder (a snapshot, a backup of
//! the home folder, someone who can write there) does not reach an open keyring with it.
//!
//! The keyring is a help and never a hindrance: only an open one is asked, so that no question is
//! shown for this, and only for a moment. Where it does not answer, the file is what there is.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use keyreeve_domain::VaultId;
use keyreeve_domain::ports::{Anchor, AnchorError, Anchors};

use crate::anchor::{FileAnchors, line, name, parse};

/// How long the keyring is waited for: many times what an open one takes, and less than deriving
/// a key from a passphrase.
const PATIENCE: Duration = Duration::from_millis(400);

/// Anchors in files and in the keyring.
#[derive(Debug)]
pub struct UserAnchors {
    files: FileAnchors,
    patience: Duration,
    /// Whether the keyring answered when it was last asked. A silent one is asked again at the next
    /// unlock, and holds up no change and no lock until then.
    answers: AtomicBool,
}

impl UserAnchors {
    /// Anchors in the user's state folder and keyring.
    #[must_use]
    pub fn of_user() -> Self {
        Self::beside(FileAnchors::of_user())
    }

    /// Anchors in `files` and in the user's keyring.
    #[must_use]
    pub fn beside(files: FileAnchors) -> Self {
        Self { files, patience: PATIENCE, answers: AtomicBool::new(true) }
    }

    /// With a keyring that is waited for at most `patience`.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// What the keyring says to `call`; `None` where it has nothing to say, or says it too late.
    fn ask<T: Send + 'static>(
        &self,
        call: impl FnOnce() -> Option<T> + Send + 'static,
    ) -> Option<T> {
        let (answer, answered) = channel();
        let asked = move || _ = answer.send(call());
        let asked = thread::Builder::new().name("keyring-anchor".into()).spawn(asked);
        let outcome = asked.ok().and_then(|_| answered.recv_timeout(self.patience).ok());
        self.answers.store(outcome.is_some(), Ordering::Relaxed);
        outcome.flatten()
    }
}

impl Anchors for UserAnchors {
    fn load(&self, vault: VaultId, path: &Path) -> Result<Vec<Anchor>, AnchorError> {
        let account = name(vault, path);
        let kept = self.ask(move || platform::load(&account)).and_then(|text| parse(&text));
        let filed = self.files.load(vault, path);
        let Some(kept) = kept else { return filed };
        let mut anchors = filed.unwrap_or_default();
        if !anchors.contains(&kept) {
            anchors.push(kept);
        }
        Ok(anchors)
    }

    fn store(&self, vault: VaultId, path: &Path, anchor: &Anchor) -> Result<(), AnchorError> {
        if self.answers.load(Ordering::Relaxed) {
            let (account, text) = (name(vault, path), line(anchor));
            self.ask(move || platform::store(&account, &text));
        }
        self.files.store(vault, path, anchor)
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
mod platform {
    use std::collections::HashMap;

    use secret_service::EncryptionType;
    use secret_service::blocking::SecretService;

    /// Attributes of their own: no slot's item is ever found by them.
    fn attributes(account: &str) -> HashMap<&str, &str> {
        HashMap::from([("service", "keyreeve"), ("anchor", account)])
    }

    /// An anchor is no secret.
    fn connect() -> Option<SecretService<'static>> {
        SecretService::connect(EncryptionType::Plain).ok()
    }

    pub fn load(account: &str) -> Option<String> {
        let service = connect()?;
        let found = service.search_items(attributes(account)).ok()?;
        String::from_utf8(found.unlocked.first()?.get_secret().ok()?).ok()
    }

    pub fn store(account: &str, text: &str) -> Option<()> {
        let service = connect()?;
        let collection = service.get_default_collection().ok()?;
        if collection.is_locked().ok()? {
            return None;
        }
        let label = "Keyreeve: how far a vault's log had come";
        let attributes = attributes(account);
        collection.create_item(label, attributes, text.as_bytes(), true, "text/plain").ok()?;
        Some(())
    }
}

// Neither Keychain nor Credential Manager can be asked in such a way that they are sure to show
// no question.
#[cfg(not(all(unix, not(target_os = "macos"))))]
mod platform {
    pub fn load(_account: &str) -> Option<String> {
        None
    }

    pub fn store(_account: &str, _text: &str) -> Option<()> {
        None
    }
}

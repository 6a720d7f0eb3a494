//! What the tests that cross crates share: a world of the real adapters in a folder of its own,
//! with a clock that only moves when told.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use keyreeve_app::api::{CreateKeyRequest, CreateVaultRequest, Credentials, UnlockVaultRequest};
use keyreeve_app::{Error, UnlockedSession, World, vault};
use keyreeve_backup::AgeBackups;
use keyreeve_crypto::{Argon2Params, SecretString};
use keyreeve_domain::audit::Source;
use keyreeve_domain::ports::Clock;
use keyreeve_store::SqlcipherOpener;
use keyreeve_unlock::{FileAnchors, FileHeaders};
use tempfile::TempDir;

/// The passphrase of every vault made here.
pub const PASSPHRASE: &str = "ledger brass tulip orbit";

/// A clock that only moves when told.
#[derive(Debug)]
pub struct TestClock(Mutex<Timestamp>);

impl TestClock {
    /// Moves the clock by `hours`, backwards if negative.
    pub fn advance_hours(&self, hours: i64) {
        let mut now = self.0.lock().unwrap();
        *now += SignedDuration::from_hours(hours);
    }

    /// Moves the clock by `days`.
    pub fn advance_days(&self, days: i64) {
        self.advance_hours(24 * days);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// The real adapters over a folder of its own.
pub struct TestWorld {
    /// The folder; gone afterwards.
    pub folder: TempDir,
    /// The clock.
    pub clock: Arc<TestClock>,
    /// The adapters.
    pub world: World,
}

impl TestWorld {
    /// A world in which it is 2026-11-24T09:00:00Z.
    #[must_use]
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(TestClock(Mutex::new("2026-11-24T09:00:00Z".parse().unwrap())));
        let world = World {
            stores: Arc::new(SqlcipherOpener),
            headers: Arc::new(FileHeaders::with_params(Argon2Params::floor(1))),
            backups: Arc::new(AgeBackups),
            anchors: Arc::new(FileAnchors::in_folder(folder.path().join("anchors"))),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
        };
        Self { folder, clock, world }
    }

    /// Where the vault `name` is.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("{name}.keyreeve"))
    }

    /// Makes the vault `name`, which stays unlocked.
    #[must_use]
    pub fn create(&self, name: &str) -> UnlockedSession {
        let request = CreateVaultRequest {
            path: self.path(name).to_string_lossy().into_owned(),
            passphrase: secret(PASSPHRASE),
            slot_name: None,
            accept_weak_passphrase: false,
        };
        vault::create_vault(&self.world, &request, Source::Gui).unwrap()
    }

    /// Unlocks the vault `name`.
    ///
    /// # Errors
    /// As the use case says.
    pub fn unlock(&self, name: &str) -> Result<UnlockedSession, Error> {
        vault::unlock_vault(&self.world, &self.unlock_request(name), Source::Gui)
    }

    /// The request to unlock the vault `name`.
    #[must_use]
    pub fn unlock_request(&self, name: &str) -> UnlockVaultRequest {
        UnlockVaultRequest {
            path: self.path(name).to_string_lossy().into_owned(),
            slot: None,
            kind: None,
            credentials: Credentials::of_passphrase(secret(PASSPHRASE)),
            accept_clock: false,
            accept_rollback: false,
        }
    }
}

impl Default for TestWorld {
    fn default() -> Self {
        Self::new()
    }
}

/// A request's secret.
#[must_use]
pub fn secret(text: &str) -> SecretString {
    SecretString::new(text.into())
}

/// A request from its JSON, as the window sends it.
#[must_use]
pub fn request<T: serde::de::DeserializeOwned>(json: serde_json::Value) -> T {
    serde_json::from_value(json).unwrap()
}

/// The request for an exportable key.
#[must_use]
pub fn new_key(name: &str, algorithm: &str, purpose: &str) -> CreateKeyRequest {
    request(serde_json::json!({
        "name": name, "algorithm": algorithm, "purpose": purpose, "exportable": true
    }))
}

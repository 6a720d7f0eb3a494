//! The real adapters in a folder of their own, with the parts that are timed apart.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use keyreeve_app::api::{CreateVaultRequest, Credentials as Shown, UnlockVaultRequest};
use keyreeve_app::{SystemClock, UnlockedSession, World, vault};
use keyreeve_backup::AgeBackups;
use keyreeve_crypto::{Argon2Params, DatabaseKey, MaterialKey, SecretString, VaultKeys};
use keyreeve_domain::audit::{AuditDraft, Source};
use keyreeve_domain::ports::{
    Credentials, HeaderError, HeaderInfo, Headers, NewSlot, RecoveryForm, RecoverySheet,
    SlotChoice, SlotInfo, StoreError, StoreOpener, Unlocked, VaultMeta, VaultStore,
};
use keyreeve_domain::{SlotId, VaultId};
use keyreeve_store::SqlcipherOpener;
use keyreeve_unlock::{FileAnchors, FileHeaders};
use tempfile::TempDir;

use crate::Outcome;
use crate::samples::timed;

/// The passphrase of every vault made here.
pub(crate) const PASSPHRASE: &str = "ledger brass tulip orbit";

/// The real adapters in a folder that is gone afterwards.
pub(crate) struct BenchWorld {
    folder: TempDir,
    world: World,
    parts: Arc<PartsOfUnlock>,
}

/// How long the parts of the last unlock took.
#[derive(Debug, Default)]
struct PartsOfUnlock(Mutex<Parts>);

#[derive(Debug, Default, Clone, Copy)]
struct Parts {
    header: Duration,
    database: Duration,
}

/// An unlock, taken apart.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UnlockTime {
    /// Everything but deriving the key from the passphrase.
    pub(crate) beyond_kdf: Duration,
    /// Opening and keying the database; part of the former.
    pub(crate) database: Duration,
}

impl BenchWorld {
    /// A world in a new folder inside `parent`.
    pub(crate) fn inside(parent: &Path) -> Outcome<Self> {
        let folder = tempfile::Builder::new().prefix("keyreeve-bench-").tempdir_in(parent)?;
        let parts = Arc::new(PartsOfUnlock::default());
        // The cheapest derivation accepted: it is not what is measured.
        let headers = FileHeaders::with_params(Argon2Params::floor(1));
        let world = World {
            stores: Arc::new(TimedStores(Arc::clone(&parts))),
            headers: Arc::new(TimedHeaders(headers, Arc::clone(&parts))),
            backups: Arc::new(AgeBackups),
            anchors: Arc::new(FileAnchors::in_folder(folder.path().join("anchors"))),
            clock: Arc::new(SystemClock),
        };
        Ok(Self { folder, world, parts })
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where this world's vault is.
    pub(crate) fn vault(&self) -> PathBuf {
        self.folder.path().join("bench.keyreeve")
    }

    /// Makes the vault.
    pub(crate) fn create(&self) -> Outcome<UnlockedSession> {
        let request = CreateVaultRequest {
            path: self.vault().to_string_lossy().into_owned(),
            passphrase: secret(PASSPHRASE),
            slot_name: None,
            accept_weak_passphrase: false,
        };
        Ok(vault::create_vault(&self.world, &request, Source::Gui)?)
    }

    /// Unlocks the vault.
    pub(crate) fn unlock(&self) -> Outcome<(UnlockedSession, UnlockTime)> {
        let request = UnlockVaultRequest {
            path: self.vault().to_string_lossy().into_owned(),
            slot: None,
            kind: None,
            credentials: Shown::of_passphrase(secret(PASSPHRASE)),
            accept_clock: false,
            accept_rollback: false,
        };
        let (session, whole) = timed(|| vault::unlock_vault(&self.world, &request, Source::Gui));
        let parts = *self.parts.0.lock().unwrap_or_else(PoisonError::into_inner);
        // The header's reading is inside the derivation's call; measured again, it is put back.
        let (read, reading) = timed(|| self.world.headers.read(&self.vault()));
        read?;
        let time = UnlockTime {
            beyond_kdf: whole.saturating_sub(parts.header) + reading,
            database: parts.database,
        };
        Ok((session?, time))
    }

    /// A copy of this vault in a new folder inside `parent`.
    pub(crate) fn copy_to(&self, parent: &Path) -> Outcome<Self> {
        let copy = Self::inside(parent)?;
        std::fs::create_dir(copy.vault())?;
        for entry in std::fs::read_dir(self.vault())? {
            let entry = entry?;
            std::fs::copy(entry.path(), copy.vault().join(entry.file_name()))?;
        }
        Ok(copy)
    }

    /// The database's size in bytes.
    pub(crate) fn database_bytes(&self) -> Outcome<u64> {
        Ok(self.vault().join("vault.db").metadata()?.len())
    }
}

pub(crate) fn secret(text: &str) -> SecretString {
    SecretString::new(text.into())
}

/// A request from its JSON, as the window sends it.
pub(crate) fn request<T: serde::de::DeserializeOwned>(json: serde_json::Value) -> Outcome<T> {
    Ok(serde_json::from_value(json)?)
}

impl PartsOfUnlock {
    fn note(&self, note: impl FnOnce(&mut Parts)) {
        note(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

struct TimedStores(Arc<PartsOfUnlock>);

impl StoreOpener for TimedStores {
    fn create(
        &self,
        vault: &Path,
        key: &DatabaseKey,
        meta: &VaultMeta,
        first: AuditDraft,
    ) -> Result<Box<dyn VaultStore>, StoreError> {
        SqlcipherOpener.create(vault, key, meta, first)
    }

    fn open(&self, vault: &Path, key: &DatabaseKey) -> Result<Box<dyn VaultStore>, StoreError> {
        let (opened, taken) = timed(|| SqlcipherOpener.open(vault, key));
        self.0.note(|parts| parts.database = taken);
        opened
    }
}

struct TimedHeaders(FileHeaders, Arc<PartsOfUnlock>);

impl Headers for TimedHeaders {
    fn unlock(
        &self,
        vault: &Path,
        choice: &SlotChoice,
        credentials: &Credentials<'_>,
    ) -> Result<Unlocked, HeaderError> {
        let (unlocked, taken) = timed(|| self.0.unlock(vault, choice, credentials));
        self.1.note(|parts| parts.header = taken);
        unlocked
    }

    fn read(&self, vault: &Path) -> Result<HeaderInfo, HeaderError> {
        self.0.read(vault)
    }

    fn create(
        &self,
        vault: &Path,
        vault_id: VaultId,
        keys: &VaultKeys,
        slot: &NewSlot<'_>,
    ) -> Result<SlotInfo, HeaderError> {
        self.0.create(vault, vault_id, keys, slot)
    }

    fn make_recovery(&self, form: RecoveryForm) -> Result<RecoverySheet, HeaderError> {
        self.0.make_recovery(form)
    }

    fn add_slot(
        &self,
        vault: &Path,
        keys: &VaultKeys,
        slot: &NewSlot<'_>,
    ) -> Result<SlotInfo, HeaderError> {
        self.0.add_slot(vault, keys, slot)
    }

    fn todays_cost(&self) -> Result<Argon2Params, HeaderError> {
        self.0.todays_cost()
    }

    fn change_passphrase(
        &self,
        vault: &Path,
        keys: &VaultKeys,
        slot: SlotId,
        passphrase: &SecretString,
    ) -> Result<SlotInfo, HeaderError> {
        self.0.change_passphrase(vault, keys, slot, passphrase)
    }

    fn rename_slot(
        &self,
        vault: &Path,
        keys: &VaultKeys,
        slot: SlotId,
        name: &str,
    ) -> Result<SlotInfo, HeaderError> {
        self.0.rename_slot(vault, keys, slot, name)
    }

    fn remove_slot(
        &self,
        vault: &Path,
        keys: &VaultKeys,
        slot: SlotId,
    ) -> Result<SlotInfo, HeaderError> {
        self.0.remove_slot(vault, keys, slot)
    }

    fn hand_over(
        &self,
        vault: &Path,
        keys: &VaultKeys,
        before: &MaterialKey,
    ) -> Result<HeaderInfo, HeaderError> {
        self.0.hand_over(vault, keys, before)
    }

    fn check_hand_over(&self, vault: &Path, keys: &VaultKeys) -> Result<(), HeaderError> {
        self.0.check_hand_over(vault, keys)
    }

    fn note_failed_unlock(&self, vault: &Path, at: Timestamp) -> Result<(), HeaderError> {
        self.0.note_failed_unlock(vault, at)
    }

    fn failed_unlocks(&self, vault: &Path) -> Result<Vec<Timestamp>, HeaderError> {
        self.0.failed_unlocks(vault)
    }

    fn clear_failed_unlocks(&self, vault: &Path) -> Result<(), HeaderError> {
        self.0.clear_failed_unlocks(vault)
    }

    fn raw(&self, vault: &Path) -> Result<Vec<u8>, HeaderError> {
        self.0.raw(vault)
    }

    fn restore(&self, vault: &Path, header: &[u8]) -> Result<HeaderInfo, HeaderError> {
        self.0.restore(vault, header)
    }
}

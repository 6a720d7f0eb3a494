//! [`FileHeaders`]: the port [`Headers`] over files.

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use keyreeve_crypto::{Argon2Params, MaterialKey, SecretString, VaultKeys};
use keyreeve_domain::ports::{
    CardApplication, Credentials, HeaderError, HeaderInfo, Headers, NewSlot, NewWay, RecoveryForm,
    RecoverySheet, SlotChoice, SlotInfo, SlotKind, Unlocked,
};
use keyreeve_domain::{KeyName, Role, SlotId, VaultId};

use crate::card::{Attendant, CardSource};
use crate::failures;
use crate::files::{Disk, Files, write_error};
use crate::format::{Body, Header, MAX_SLOTS, Slot, parse};
use crate::keyring::KeyringSource;
use crate::recovery;
use crate::slot::{check_remaining, check_removal, hand_over, make_slot, open_slot, random_error};
use crate::source::{KeySource, Place, Sources};
use crate::unlocking::Proof;
use crate::writing::{check_mac, damaged, encode_body};

/// Where failed unlocks are noted.
const FAILURES: &str = "failed-unlocks";

/// How long to wait for another process that is changing the header: it derives at most one key
/// while it holds the lock.
const LOCK_WAIT: Duration = Duration::from_secs(10);

/// Headers in files: `header.json` and its second copy in the vault's folder.
pub struct FileHeaders {
    pub(crate) files: Box<dyn Files>,
    pub(crate) lock_wait: Duration,
    pub(crate) sources: Sources,
}

impl Default for FileHeaders {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for FileHeaders {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileHeaders")
            .field("passphrase", &self.sources.passphrase)
            .finish_non_exhaustive()
    }
}

impl FileHeaders {
    /// Headers whose new passphrase slots cost about 0.7 s on this computer, measured when the first
    /// is made.
    #[must_use]
    pub fn new() -> Self {
        Self::over(Disk, LOCK_WAIT)
    }

    /// Headers whose new passphrase slots cost `params`; for tests and benchmarks. Existing slots
    /// keep theirs.
    ///
    /// Parameters outside the accepted range are refused when a slot is made.
    #[must_use]
    pub fn with_params(params: Argon2Params) -> Self {
        let headers = Self::new();
        headers.set_params(params);
        headers
    }

    /// With another source of slot keys in the place of that of its kind.
    #[must_use]
    pub fn with_source(mut self, source: impl KeySource + 'static) -> Self {
        self.sources.put(Box::new(source));
        self
    }

    /// The same, with someone in front of the cards, who may let go of them and of the keyring.
    #[must_use]
    pub fn attended(self, attendant: &Attendant) -> Self {
        let card = |application| CardSource { application, attendant: attendant.clone() };
        self.with_source(card(CardApplication::Piv))
            .with_source(card(CardApplication::Openpgp))
            .with_source(KeyringSource::default().waited_for(attendant.waits.clone()))
    }

    pub(crate) fn set_params(&self, params: Argon2Params) {
        self.sources.passphrase.set_params(params);
    }

    /// Headers over other files than the disk's, or with another patience.
    pub(crate) fn over(files: impl Files + 'static, lock_wait: Duration) -> Self {
        Self { files: Box::new(files), lock_wait, sources: Sources::of_this_computer() }
    }

    /// Unlocks with a slot once, as the next unlock will.
    fn prove_slot(
        &self,
        header: &Header,
        id: SlotId,
        way: &NewWay<'_>,
        keys: &VaultKeys,
    ) -> Result<(), HeaderError> {
        let slot = header.body.slots.iter().find(|slot| slot.id == id);
        let slot = slot.ok_or_else(|| no_such_slot(id))?;
        let proof = Proof::of(way, slot);
        let opened = open_slot(header.body.vault_id, slot, &proof.credentials(), &self.sources)?;
        let same = opened.is_some_and(|opened| {
            opened.vault == keys.vault
                && (slot.role == Role::Auditor || opened.material == keys.material)
        });
        if same { Ok(()) } else { Err(damaged("the new slot does not open")) }
    }

    /// What came of a change that a new slot was made for: where it does not count, nothing of it
    /// is kept outside the header either.
    fn kept<T>(
        &self,
        vault: VaultId,
        made: &Slot,
        outcome: Result<T, HeaderError>,
    ) -> Result<T, HeaderError> {
        outcome.inspect_err(|_| self.forget(vault, made))
    }

    fn forget(&self, vault: VaultId, slot: &Slot) {
        self.sources.forget(Place { vault, slot: slot.id }, &slot.parts);
    }
}

impl Headers for FileHeaders {
    fn read(&self, vault: &Path) -> Result<HeaderInfo, HeaderError> {
        Ok(self.load(vault)?.header.header.body.info())
    }

    fn create(
        &self,
        vault: &Path,
        vault_id: VaultId,
        keys: &VaultKeys,
        slot: &NewSlot<'_>,
    ) -> Result<SlotInfo, HeaderError> {
        if slot.role != Role::Administrator {
            return Err(HeaderError::LastAdministrator);
        }
        // Looked at before the key derivation, for a quick answer; and again under the lock.
        if self.files.list(vault).is_ok() {
            self.refuse_full(vault)?;
        }
        let made = make_slot(vault_id, None, slot, keys, &self.sources)?;
        let found = check_remaining(&[made.info()]).and_then(|()| {
            let body = Body::new(vault_id, slot.created_at, made.clone());
            let bytes = encode_body(&body, keys)?;
            let header = parse(&bytes).map_err(|error| damaged(&error.to_string()))?;
            self.prove_slot(&header, made.id, &slot.way, keys)?;
            self.found_vault(vault, &bytes)
        });
        self.kept(vault_id, &made, found)?;
        Ok(made.info())
    }

    fn unlock(
        &self,
        vault: &Path,
        choice: &SlotChoice,
        credentials: &Credentials<'_>,
    ) -> Result<Unlocked, HeaderError> {
        self.unlock_with(vault, choice, credentials)
    }

    fn make_recovery(&self, form: RecoveryForm) -> Result<RecoverySheet, HeaderError> {
        recovery::make(form)
    }

    fn add_slot(
        &self,
        vault: &Path,
        keys: &VaultKeys,
        slot: &NewSlot<'_>,
    ) -> Result<SlotInfo, HeaderError> {
        let vault_id = self.read(vault)?.vault_id;
        // The slow part, before the lock is taken.
        let made = make_slot(vault_id, None, slot, keys, &self.sources)?;
        let added = self.change(
            vault,
            vault_id,
            keys,
            |body| {
                if body.slots.len() >= MAX_SLOTS {
                    return Err(HeaderError::TooManySlots { max: MAX_SLOTS });
                }
                body.slots.push(made.clone());
                Ok(())
            },
            |header| self.prove_slot(header, made.id, &slot.way, keys),
        );
        self.kept(vault_id, &made, added)?;
        Ok(made.info())
    }

    fn todays_cost(&self) -> Result<Argon2Params, HeaderError> {
        let cost = self.sources.passphrase.params()?;
        cost.check()?;
        Ok(cost)
    }

    fn change_passphrase(
        &self,
        vault: &Path,
        keys: &VaultKeys,
        slot: SlotId,
        passphrase: &SecretString,
    ) -> Result<SlotInfo, HeaderError> {
        let header = self.read(vault)?;
        let old = header.slots.into_iter().find(|found| found.id == slot);
        let old = old.ok_or_else(|| no_such_slot(slot))?;
        if old.kind != SlotKind::Passphrase {
            return Err(HeaderError::NotAPassphrase { kind: old.kind });
        }
        let way = NewWay::Passphrase(passphrase);
        let new = NewSlot { name: &old.name, role: old.role, way, created_at: old.created_at };
        let made = make_slot(header.vault_id, Some(slot), &new, keys, &self.sources)?;
        self.change(
            vault,
            header.vault_id,
            keys,
            |body| {
                let found = slot_of(body, slot)?;
                // What the new key was sealed for was read before the header was authenticated.
                if (found.kind, found.role) != (made.kind, made.role) {
                    return Err(HeaderError::Tampered);
                }
                (found.parts, found.sealed, found.pair) = (made.parts, made.sealed, made.pair);
                Ok(found.info())
            },
            |header| self.prove_slot(header, slot, &way, keys),
        )
    }

    fn rename_slot(
        &self,
        vault: &Path,
        keys: &VaultKeys,
        slot: SlotId,
        name: &str,
    ) -> Result<SlotInfo, HeaderError> {
        let name = KeyName::parse(name)?;
        let vault_id = self.read(vault)?.vault_id;
        self.change(
            vault,
            vault_id,
            keys,
            |body| {
                let slot = slot_of(body, slot)?;
                name.as_str().clone_into(&mut slot.name);
                Ok(slot.info())
            },
            |_| Ok(()),
        )
    }

    fn remove_slot(
        &self,
        vault: &Path,
        keys: &VaultKeys,
        slot: SlotId,
    ) -> Result<SlotInfo, HeaderError> {
        let vault_id = self.read(vault)?.vault_id;
        let removed = self.change(
            vault,
            vault_id,
            keys,
            |body| {
                let at = body.slots.iter().position(|found| found.id == slot);
                let at = at.ok_or_else(|| no_such_slot(slot))?;
                check_removal(body, slot)?;
                Ok(body.slots.remove(at))
            },
            |_| Ok(()),
        )?;
        self.forget(vault_id, &removed);
        Ok(removed.info())
    }

    fn hand_over(
        &self,
        vault: &Path,
        keys: &VaultKeys,
        before: &MaterialKey,
    ) -> Result<HeaderInfo, HeaderError> {
        let next = material_of(keys)?;
        let mut body = self.load(vault)?.header.header.body;
        if !handed_over(&mut body, before, next)? {
            return Ok(body.info());
        }
        let vault_id = body.vault_id;
        let edit = |body: &mut Body| handed_over(body, before, next).map(drop);
        self.change(vault, vault_id, keys, edit, |_| Ok(()))?;
        self.read(vault)
    }

    fn check_hand_over(&self, vault: &Path, keys: &VaultKeys) -> Result<(), HeaderError> {
        let found = self.load(vault)?.header.header;
        check_mac(&found, keys)?;
        let next = MaterialKey::make().map_err(random_error)?;
        handed_over(&mut found.body.clone(), material_of(keys)?, &next).map(drop)
    }

    fn note_failed_unlock(&self, vault: &Path, at: Timestamp) -> Result<(), HeaderError> {
        let path = vault.join(FAILURES);
        match self.files.read(&path, failures::MAX_BYTES - 1) {
            Err(error) if error.kind() == std::io::ErrorKind::FileTooLarge => Ok(()),
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(write_error(error)),
            _ => self.files.append(&path, failures::line(at).as_bytes()).map_err(write_error),
        }
    }

    fn failed_unlocks(&self, vault: &Path) -> Result<Vec<Timestamp>, HeaderError> {
        // Twice the bound: two processes may have appended to it at the same moment.
        match self.files.read(&vault.join(FAILURES), failures::MAX_BYTES * 2) {
            Ok(bytes) => Ok(failures::parse(&bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(HeaderError::Io(error)),
        }
    }

    fn clear_failed_unlocks(&self, vault: &Path) -> Result<(), HeaderError> {
        match self.files.remove(&vault.join(FAILURES)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(write_error(error)),
            _ => Ok(()),
        }
    }

    fn raw(&self, vault: &Path) -> Result<Vec<u8>, HeaderError> {
        Ok(self.load(vault)?.header.bytes)
    }

    fn restore(&self, vault: &Path, header: &[u8]) -> Result<HeaderInfo, HeaderError> {
        let info = parse(header)?;
        self.found_vault(vault, header)?;
        Ok(info.body.info())
    }
}

/// Gives every slot that reaches material the next MK; answers whether any of them had it not.
fn handed_over(
    body: &mut Body,
    before: &MaterialKey,
    next: &MaterialKey,
) -> Result<bool, HeaderError> {
    let vault_id = body.vault_id;
    let mut any = false;
    for slot in &mut body.slots {
        any |= hand_over(vault_id, slot, before, next)?;
    }
    Ok(any)
}

fn material_of(keys: &VaultKeys) -> Result<&MaterialKey, HeaderError> {
    let missing = || HeaderError::Crypto("an auditor's session holds no material key".into());
    keys.material.as_ref().ok_or_else(missing)
}

fn slot_of(body: &mut Body, id: SlotId) -> Result<&mut Slot, HeaderError> {
    body.slots.iter_mut().find(|slot| slot.id == id).ok_or_else(|| no_such_slot(id))
}

pub fn no_such_slot(id: SlotId) -> HeaderError {
    HeaderError::NoSuchSlot { asked: id.to_string() }
}

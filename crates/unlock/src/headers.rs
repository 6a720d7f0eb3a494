//! [`FileHeaders`]: the port [`Headers`] over files.

use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use jiff::Timestamp;
use keyreeve_crypto::{Argon2Params, SecretString, VaultKeys};
use keyreeve_domain::ports::{
    HeaderError, HeaderInfo, Headers, NewPassphraseSlot, SlotChoice, SlotInfo, SlotKind, Unlocked,
};
use keyreeve_domain::{Role, SlotId, VaultId};

use crate::cost::measure;
use crate::failures;
use crate::files::{Disk, Files, write_error};
use crate::format::{Body, FORMAT, FormatError, Header, MAX_SLOTS, parse};
use crate::normal::normalise;
use crate::slot::{check_removal, make_slot, open_slot};
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
    params: OnceLock<Argon2Params>,
}

impl Default for FileHeaders {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for FileHeaders {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileHeaders").field("params", &self.params).finish_non_exhaustive()
    }
}

impl FileHeaders {
    /// Headers whose new slots cost about 0.7 s on this computer, measured when the first is made.
    #[must_use]
    pub fn new() -> Self {
        Self::over(Disk, LOCK_WAIT)
    }

    /// Headers whose new slots cost `params`; for tests and benchmarks. Existing slots keep theirs.
    ///
    /// Parameters outside the accepted range are refused when a slot is made.
    #[must_use]
    pub fn with_params(params: Argon2Params) -> Self {
        let headers = Self::new();
        headers.set_params(params);
        headers
    }

    pub(crate) fn set_params(&self, params: Argon2Params) {
        let _ = self.params.set(params);
    }

    /// Headers over other files than the disk's, or with another patience.
    pub(crate) fn over(files: impl Files + 'static, lock_wait: Duration) -> Self {
        Self { files: Box::new(files), lock_wait, params: OnceLock::new() }
    }

    /// The cost of new slots.
    fn params(&self) -> Result<Argon2Params, HeaderError> {
        if let Some(params) = self.params.get() {
            return Ok(*params);
        }
        let measured = measure()?;
        Ok(*self.params.get_or_init(|| measured))
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
        slot: &NewPassphraseSlot<'_>,
    ) -> Result<SlotInfo, HeaderError> {
        if slot.role != Role::Administrator {
            return Err(HeaderError::LastAdministrator);
        }
        // Looked at before the key derivation, for a quick answer; and again under the lock.
        if self.files.list(vault).is_ok() {
            self.refuse_full(vault)?;
        }
        let passphrase = normalise(slot.passphrase);
        let slot = NewPassphraseSlot { passphrase: &passphrase, ..*slot };
        let made = make_slot(vault_id, None, &slot, keys, self.params()?)?;
        let info = made.info();
        let bytes = encode_body(&Body::new(vault_id, slot.created_at, made), keys)?;
        let header = parse(&bytes).map_err(|error| damaged(&error.to_string()))?;
        prove_slot(&header, info.id, &passphrase, keys)?;
        self.found_vault(vault, &bytes)?;
        Ok(info)
    }

    fn unlock_with_passphrase(
        &self,
        vault: &Path,
        choice: &SlotChoice,
        passphrase: &SecretString,
    ) -> Result<Unlocked, HeaderError> {
        let found = self.load(vault)?;
        let body = &found.header.header.body;
        let chosen: Vec<_> = body
            .slots
            .iter()
            .filter(|slot| slot.kind == SlotKind::Passphrase)
            .filter(|slot| match choice {
                SlotChoice::Any => true,
                SlotChoice::Id(id) => slot.id == *id,
            })
            .collect();
        if let (SlotChoice::Id(id), []) = (choice, chosen.as_slice()) {
            return Err(no_such_slot(*id));
        }
        let passphrase = normalise(passphrase);
        for slot in chosen {
            if let Some(keys) = open_slot(body.vault_id, slot, &passphrase)? {
                check_mac(&found.header.header, &keys)?;
                self.repair(vault, &found);
                return Ok(Unlocked { keys, slot: slot.info(), header: body.info() });
            }
        }
        Err(HeaderError::WrongPassphrase)
    }

    fn add_passphrase_slot(
        &self,
        vault: &Path,
        keys: &VaultKeys,
        slot: &NewPassphraseSlot<'_>,
    ) -> Result<SlotInfo, HeaderError> {
        let vault_id = self.read(vault)?.vault_id;
        let passphrase = normalise(slot.passphrase);
        let slot = NewPassphraseSlot { passphrase: &passphrase, ..*slot };
        // The slow part, before the lock is taken.
        let made = make_slot(vault_id, None, &slot, keys, self.params()?)?;
        let info = made.info();
        self.change(
            vault,
            vault_id,
            keys,
            |body| {
                if body.slots.len() >= MAX_SLOTS {
                    return Err(HeaderError::TooManySlots { max: MAX_SLOTS });
                }
                body.slots.push(made);
                Ok(())
            },
            |header| prove_slot(header, info.id, &passphrase, keys),
        )?;
        Ok(info)
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
        let passphrase = normalise(passphrase);
        let new = NewPassphraseSlot {
            name: &old.name,
            role: old.role,
            passphrase: &passphrase,
            created_at: old.created_at,
        };
        let made = make_slot(header.vault_id, Some(slot), &new, keys, self.params()?)?;
        let info = made.info();
        self.change(
            vault,
            header.vault_id,
            keys,
            |body| {
                let place = body.slots.iter_mut().find(|found| found.id == slot);
                *place.ok_or_else(|| no_such_slot(slot))? = made;
                Ok(())
            },
            |header| prove_slot(header, slot, &passphrase, keys),
        )?;
        Ok(info)
    }

    fn remove_slot(
        &self,
        vault: &Path,
        keys: &VaultKeys,
        slot: SlotId,
    ) -> Result<SlotInfo, HeaderError> {
        let vault_id = self.read(vault)?.vault_id;
        self.change(
            vault,
            vault_id,
            keys,
            |body| {
                let at = body.slots.iter().position(|found| found.id == slot);
                let at = at.ok_or_else(|| no_such_slot(slot))?;
                check_removal(body, slot)?;
                Ok(body.slots.remove(at).info())
            },
            |_| Ok(()),
        )
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
        let info = parse(header).map_err(|error| match error {
            FormatError::Newer { found } => HeaderError::Newer { found, known: FORMAT },
            FormatError::Parameters(error) => HeaderError::Parameters(error),
            FormatError::Invalid(what) => HeaderError::Damaged { what },
        })?;
        self.found_vault(vault, header)?;
        Ok(info.body.info())
    }
}

/// Unlocks with a slot once, as the next unlock will.
fn prove_slot(
    header: &Header,
    id: SlotId,
    passphrase: &SecretString,
    keys: &VaultKeys,
) -> Result<(), HeaderError> {
    let slot = header.body.slots.iter().find(|slot| slot.id == id);
    let slot = slot.ok_or_else(|| no_such_slot(id))?;
    let opened = open_slot(header.body.vault_id, slot, passphrase)?;
    let same = opened.is_some_and(|opened| {
        opened.vault == keys.vault
            && (slot.role == Role::Auditor || opened.material == keys.material)
    });
    if same { Ok(()) } else { Err(damaged("the new slot does not open")) }
}

fn no_such_slot(id: SlotId) -> HeaderError {
    HeaderError::NoSuchSlot { asked: id.to_string() }
}

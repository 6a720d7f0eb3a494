//! [`FileHeaders`]: the port [`Headers`] over files.

use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use jiff::Timestamp;
use keyreeve_crypto::{Argon2Params, SecretString, VaultKeys, calibrate};
use keyreeve_domain::ports::{
    HeaderError, HeaderInfo, Headers, NewPassphraseSlot, SlotChoice, SlotInfo, SlotKind, Unlocked,
};
use keyreeve_domain::{Role, SlotId, VaultId};

use crate::failures;
use crate::files::{Disk, Files, write_error};
use crate::format::{Body, FORMAT, FormatError, Header, MAX_BYTES, MAX_SLOTS, encode, parse};
use crate::normal::normalise;
use crate::slot::{check_removal, make_slot, open_slot};

const HEADER: &str = "header.json";
const BACKUP: &str = "header.backup.json";
const DATABASE: &str = "vault.db";
const LOCK: &str = "lock";
const FAILURES: &str = "failed-unlocks";

/// How long to wait for another process that is changing the header: it derives at most one key
/// while it holds the lock.
const LOCK_WAIT: Duration = Duration::from_secs(10);
/// A repair is not worth waiting for.
const REPAIR_WAIT: Duration = Duration::from_millis(100);

/// How long a new slot's key derivation is to take.
const KDF_TARGET: Duration = Duration::from_millis(700);
/// The most memory a new slot may ask for, in KiB: 1 GiB.
const KDF_MEMORY_KIB: u32 = 1024 * 1024;
/// The most memory where this computer's is not known, in KiB: 256 MiB.
const KDF_MEMORY_UNKNOWN_KIB: u32 = 256 * 1024;

/// Headers in files: `header.json` and its second copy in the vault's folder.
pub struct FileHeaders {
    files: Box<dyn Files>,
    lock_wait: Duration,
    params: OnceLock<Argon2Params>,
}

impl Default for FileHeaders {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for FileHeaders {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileHeaders")
            .field("params", &self.params)
            .finish_non_exhaustive()
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
        let _ = headers.params.set(params);
        headers
    }

    pub(crate) fn over(files: impl Files + 'static, lock_wait: Duration) -> Self {
        Self {
            files: Box::new(files),
            lock_wait,
            params: OnceLock::new(),
        }
    }

    /// The cost of new slots.
    fn params(&self) -> Result<Argon2Params, HeaderError> {
        if let Some(params) = self.params.get() {
            return Ok(*params);
        }
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let measured = calibrate(KDF_TARGET, memory_ceiling_kib(), cores)?;
        Ok(*self.params.get_or_init(|| measured))
    }

    /// Reads both copies and answers the one that counts.
    fn load(&self, vault: &Path) -> Result<Found, HeaderError> {
        let first = self.read_copy(vault, HEADER)?;
        let second = self.read_copy(vault, BACKUP)?;
        for copy in [&first, &second] {
            if let Copy::Bad(FormatError::Newer { found }) = copy {
                return Err(HeaderError::Newer {
                    found: *found,
                    known: FORMAT,
                });
            }
        }
        match (first, second) {
            (Copy::Good(first), Copy::Good(second)) => {
                let stale = (first != second).then_some(if second.newer_than(&first) {
                    HEADER
                } else {
                    BACKUP
                });
                let header = if second.newer_than(&first) {
                    second
                } else {
                    first
                };
                Ok(Found { header, stale })
            }
            (Copy::Good(header), _) => Ok(Found {
                header,
                stale: Some(BACKUP),
            }),
            (_, Copy::Good(header)) => Ok(Found {
                header,
                stale: Some(HEADER),
            }),
            (Copy::Absent, Copy::Absent) if self.files.has_file(&vault.join(DATABASE)) => {
                Err(HeaderError::Missing {
                    path: vault.to_owned(),
                })
            }
            (Copy::Absent, Copy::Absent) => Err(HeaderError::NotAVault {
                path: vault.to_owned(),
            }),
            (first, second) => Err(both_bad(&first, &second)),
        }
    }

    fn read_copy(&self, vault: &Path, name: &str) -> Result<Copy, HeaderError> {
        use std::io::ErrorKind;
        match self.files.read(&vault.join(name), MAX_BYTES) {
            Ok(bytes) => Ok(match parse(&bytes) {
                Ok(header) => Copy::Good(Box::new(GoodCopy { header, bytes })),
                Err(error) => Copy::Bad(error),
            }),
            Err(error) => match error.kind() {
                ErrorKind::NotFound | ErrorKind::NotADirectory => Ok(Copy::Absent),
                ErrorKind::FileTooLarge => Ok(Copy::Bad(FormatError::Invalid(
                    "it is too large to be a header".into(),
                ))),
                ErrorKind::InvalidInput => Ok(Copy::Bad(FormatError::Invalid(
                    "it is not a regular file".into(),
                ))),
                // One unreadable sector must not keep the other copy from opening.
                _ if error.kind() != ErrorKind::PermissionDenied => Ok(Copy::Bad(
                    FormatError::Invalid(format!("it cannot be read: {error}")),
                )),
                _ => Err(HeaderError::Io(error)),
            },
        }
    }

    /// Rewrites the copy that lost, now that the winner's HMAC is known to be right. A medium that
    /// cannot be written, or another process at work, is no reason to refuse the unlock.
    fn repair(&self, vault: &Path, found: &Found) {
        let Some(stale) = found.stale else { return };
        let Ok(_lock) = self.files.lock(&vault.join(LOCK), REPAIR_WAIT) else {
            return;
        };
        // Read again under the lock: a change that happened meanwhile must not be undone.
        if let Ok(now) = self.load(vault)
            && now.header.bytes == found.header.bytes
            && now.stale == Some(stale)
        {
            let _ = self.replace(vault, stale, &found.header.bytes);
        }
    }

    /// Changes the header under the lock: `edit` gets the body as it is and leaves it as it shall
    /// be; `prove` sees the new header as it was read back from the disk, before it counts.
    fn change<T>(
        &self,
        vault: &Path,
        vault_id: VaultId,
        keys: &VaultKeys,
        edit: impl FnOnce(&mut Body) -> Result<T, HeaderError>,
        prove: impl FnOnce(&Header) -> Result<(), HeaderError>,
    ) -> Result<T, HeaderError> {
        let _lock = self
            .files
            .lock(&vault.join(LOCK), self.lock_wait)
            .map_err(write_error)?;
        let found = self.load(vault)?;
        let old = &found.header.header;
        if old.body.vault_id != vault_id {
            return Err(HeaderError::Tampered);
        }
        check_mac(old, keys)?;

        let mut body = old.body.clone();
        let answer = edit(&mut body)?;
        body.sequence = body
            .sequence
            .checked_add(1)
            .ok_or_else(|| damaged("its sequence number cannot grow any more"))?;
        let bytes = encode_body(&body, keys)?;

        let fresh = self.write_fresh(vault, HEADER, &bytes)?;
        let proven = parse(&fresh)
            .map_err(|error| damaged(&error.to_string()))
            .and_then(|header| check_mac(&header, keys).map(|()| header))
            .and_then(|header| prove(&header));
        if let Err(error) = proven {
            let _ = self.files.remove(&vault.join(new_name(HEADER)));
            return Err(error);
        }
        self.switch(vault, HEADER)?;
        // From here the change counts. A second copy that cannot follow is better gone than stale:
        // it would still open to what was just changed or removed.
        if self.replace(vault, BACKUP, &bytes).is_err() {
            let _ = self.files.remove(&vault.join(BACKUP));
        }
        Ok(answer)
    }

    /// Puts `bytes` in the place of one copy.
    fn replace(&self, vault: &Path, name: &str, bytes: &[u8]) -> Result<(), HeaderError> {
        self.write_fresh(vault, name, bytes)?;
        self.switch(vault, name)
    }

    /// Writes a copy's sibling and answers what the disk gives back.
    fn write_fresh(&self, vault: &Path, name: &str, bytes: &[u8]) -> Result<Vec<u8>, HeaderError> {
        let fresh = vault.join(new_name(name));
        // The lock is held: what is there is what a crash left.
        match self.files.remove(&fresh) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(write_error(error));
            }
            _ => {}
        }
        let read = self.files.write_new(&fresh, bytes);
        let read = read.and_then(|()| self.files.read(&fresh, MAX_BYTES));
        let same = read.and_then(|read| {
            let other = std::io::Error::other("the disk gave back other bytes than it was given");
            if read == bytes { Ok(read) } else { Err(other) }
        });
        same.map_err(|error| {
            let _ = self.files.remove(&fresh);
            write_error(error)
        })
    }

    /// Moves a copy's sibling into its place.
    fn switch(&self, vault: &Path, name: &str) -> Result<(), HeaderError> {
        let fresh = vault.join(new_name(name));
        self.files
            .rename(&fresh, &vault.join(name))
            .map_err(|error| {
                let _ = self.files.remove(&fresh);
                write_error(error)
            })?;
        self.files.sync_folder(vault).map_err(write_error)
    }

    /// Makes the folder of a new vault and puts both copies into it; leaves nothing behind when
    /// that fails.
    fn found_vault(&self, vault: &Path, header: &[u8]) -> Result<(), HeaderError> {
        let made = match self.files.make_folder(vault) {
            Ok(()) => true,
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                self.refuse_full(vault)?;
                false
            }
            Err(error) => return Err(write_error(error)),
        };
        let founded = self.fill_vault(vault, header);
        if founded.is_err() && made {
            // Only goes where it is empty, that is, where nobody else came in between.
            let _ = self.files.remove_folder(vault);
        }
        founded
    }

    fn fill_vault(&self, vault: &Path, header: &[u8]) -> Result<(), HeaderError> {
        let lock = self.files.lock(&vault.join(LOCK), self.lock_wait);
        let _lock = lock.map_err(|error| match error.kind() {
            // Whoever holds it is founding a vault here.
            std::io::ErrorKind::WouldBlock => HeaderError::Exists {
                path: vault.to_owned(),
            },
            _ => write_error(error),
        })?;
        self.refuse_full(vault)?;
        let filled = self.write_both(vault, header);
        if filled.is_err() {
            for name in [HEADER, BACKUP, LOCK] {
                let _ = self.files.remove(&vault.join(name));
            }
        }
        filled
    }

    fn write_both(&self, vault: &Path, header: &[u8]) -> Result<(), HeaderError> {
        self.files.close_folder(vault).map_err(write_error)?;
        self.replace(vault, HEADER, header)?;
        self.replace(vault, BACKUP, header)?;
        let parent = vault
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        self.files
            .sync_folder(parent.unwrap_or(Path::new(".")))
            .map_err(write_error)
    }

    fn refuse_full(&self, vault: &Path) -> Result<(), HeaderError> {
        let exists = || HeaderError::Exists {
            path: vault.to_owned(),
        };
        let names = self.files.list(vault).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotADirectory => exists(),
            _ => HeaderError::Io(error),
        })?;
        if names.iter().all(|name| name == LOCK) {
            Ok(())
        } else {
            Err(exists())
        }
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
        let slot = NewPassphraseSlot {
            passphrase: &passphrase,
            ..*slot
        };
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
                return Ok(Unlocked {
                    keys,
                    slot: slot.info(),
                    header: body.info(),
                });
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
        let slot = NewPassphraseSlot {
            passphrase: &passphrase,
            ..*slot
        };
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
            _ => self
                .files
                .append(&path, failures::line(at).as_bytes())
                .map_err(write_error),
        }
    }

    fn failed_unlocks(&self, vault: &Path) -> Result<Vec<Timestamp>, HeaderError> {
        // Twice the bound: two processes may have appended to it at the same moment.
        match self
            .files
            .read(&vault.join(FAILURES), failures::MAX_BYTES * 2)
        {
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
            FormatError::Newer { found } => HeaderError::Newer {
                found,
                known: FORMAT,
            },
            FormatError::Parameters(error) => HeaderError::Parameters(error),
            FormatError::Invalid(what) => HeaderError::Damaged { what },
        })?;
        self.found_vault(vault, header)?;
        Ok(info.body.info())
    }
}

/// The copy that counts.
struct Found {
    header: Box<GoodCopy>,
    /// The copy that is missing, damaged, older or different.
    stale: Option<&'static str>,
}

/// What one copy turned out to be.
enum Copy {
    Absent,
    Bad(FormatError),
    Good(Box<GoodCopy>),
}

#[derive(PartialEq, Eq)]
struct GoodCopy {
    header: Header,
    bytes: Vec<u8>,
}

impl GoodCopy {
    fn newer_than(&self, other: &Self) -> bool {
        self.header.body.sequence > other.header.body.sequence
    }
}

fn both_bad(first: &Copy, second: &Copy) -> HeaderError {
    let in_words = |copy: &Copy| match copy {
        Copy::Bad(error) => error.to_string(),
        _ => "it is missing".to_owned(),
    };
    for copy in [first, second] {
        if let Copy::Bad(FormatError::Parameters(error)) = copy {
            return HeaderError::Parameters(*error);
        }
    }
    let what = format!(
        "{HEADER}: {}; {BACKUP}: {}",
        in_words(first),
        in_words(second)
    );
    HeaderError::Damaged { what }
}

fn check_mac(header: &Header, keys: &VaultKeys) -> Result<(), HeaderError> {
    let key = keys
        .vault
        .derive_header_mac_key(header.body.vault_id.as_bytes());
    key.verify(header.body_text.as_bytes(), &header.hmac)
        .or_else(|_refused| Err(HeaderError::Tampered))
}

fn encode_body(body: &Body, keys: &VaultKeys) -> Result<Vec<u8>, HeaderError> {
    let text = body
        .text()
        .map_err(|error| HeaderError::Crypto(error.to_string()))?;
    let key = keys.vault.derive_header_mac_key(body.vault_id.as_bytes());
    Ok(encode(&text, &key.mac(text.as_bytes())))
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
    if same {
        Ok(())
    } else {
        Err(damaged("the new slot does not open"))
    }
}

fn damaged(what: &str) -> HeaderError {
    HeaderError::Damaged {
        what: what.to_owned(),
    }
}

fn no_such_slot(id: SlotId) -> HeaderError {
    HeaderError::NoSuchSlot {
        asked: id.to_string(),
    }
}

fn new_name(name: &str) -> String {
    format!("{name}.new")
}

/// At most a quarter of this computer's memory, so that an unlock never pushes other programs out.
fn memory_ceiling_kib() -> u32 {
    std::fs::read_to_string("/proc/meminfo")
        .ok()
        .and_then(|text| total_memory_kib(&text))
        .map_or(KDF_MEMORY_UNKNOWN_KIB, |total| {
            u32::try_from(total / 4)
                .unwrap_or(u32::MAX)
                .min(KDF_MEMORY_KIB)
        })
}

fn total_memory_kib(meminfo: &str) -> Option<u64> {
    let line = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

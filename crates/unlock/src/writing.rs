//! Writing a header: new, changed, or repaired; one copy after the other.

use std::path::Path;
use std::time::Duration;

use keyreeve_crypto::VaultKeys;
use keyreeve_domain::VaultId;
use keyreeve_domain::ports::HeaderError;

use crate::copies::{BACKUP, Found, HEADER};
use crate::files::write_error;
use crate::format::{Body, Header, MAX_BYTES, MAX_COST, encode, parse};
use crate::headers::FileHeaders;

/// What is locked while the header changes.
const LOCK: &str = "lock";
/// A repair is not worth waiting for.
const REPAIR_WAIT: Duration = Duration::from_millis(100);

impl FileHeaders {
    /// Rewrites the copy that lost, now that the winner's HMAC is known to be right. A medium that
    /// cannot be written, or another process at work, is no reason to refuse the unlock.
    pub(crate) fn repair(&self, vault: &Path, found: &Found) {
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
    pub(crate) fn change<T>(
        &self,
        vault: &Path,
        vault_id: VaultId,
        keys: &VaultKeys,
        edit: impl FnOnce(&mut Body) -> Result<T, HeaderError>,
        prove: impl FnOnce(&Header) -> Result<(), HeaderError>,
    ) -> Result<T, HeaderError> {
        let _lock = self.files.lock(&vault.join(LOCK), self.lock_wait).map_err(write_error)?;
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
        if body.cost() > MAX_COST {
            return Err(HeaderError::HeaderFull);
        }
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
        if let Err(error) = self.switch(vault, HEADER) {
            // Moved but perhaps not durable: what is reported as failed must not count.
            let _ = self.replace(vault, HEADER, &found.header.bytes);
            return Err(error);
        }
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
        self.files.rename(&fresh, &vault.join(name)).map_err(|error| {
            let _ = self.files.remove(&fresh);
            write_error(error)
        })?;
        self.files.sync_folder(vault).map_err(write_error)
    }

    /// Makes the folder of a new vault and puts both copies into it; leaves nothing behind when
    /// that fails.
    pub(crate) fn found_vault(&self, vault: &Path, header: &[u8]) -> Result<(), HeaderError> {
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
            std::io::ErrorKind::WouldBlock => HeaderError::Exists { path: vault.to_owned() },
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
        let parent = vault.parent().filter(|parent| !parent.as_os_str().is_empty());
        self.files.sync_folder(parent.unwrap_or(Path::new("."))).map_err(write_error)
    }

    pub(crate) fn refuse_full(&self, vault: &Path) -> Result<(), HeaderError> {
        let exists = || HeaderError::Exists { path: vault.to_owned() };
        let names = self.files.list(vault).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotADirectory => exists(),
            _ => HeaderError::Io(error),
        })?;
        if names.iter().all(|name| name == LOCK) { Ok(()) } else { Err(exists()) }
    }
}

/// Checks that the header is what someone who held VK wrote.
pub fn check_mac(header: &Header, keys: &VaultKeys) -> Result<(), HeaderError> {
    let key = keys.vault.derive_header_mac_key(header.body.vault_id.as_bytes());
    key.verify(header.body_text.as_bytes(), &header.hmac).map_err(|_refused| HeaderError::Tampered)
}

/// A whole file from a body.
pub fn encode_body(body: &Body, keys: &VaultKeys) -> Result<Vec<u8>, HeaderError> {
    let text = body.text().map_err(|error| HeaderError::Crypto(error.to_string()))?;
    let key = keys.vault.derive_header_mac_key(body.vault_id.as_bytes());
    let bytes = encode(&text, &key.mac(text.as_bytes()));
    if bytes.len() as u64 > MAX_BYTES { Err(HeaderError::HeaderFull) } else { Ok(bytes) }
}

/// A header that is not as it should be, in words.
pub fn damaged(what: &str) -> HeaderError {
    HeaderError::Damaged { what: what.to_owned() }
}

fn new_name(name: &str) -> String {
    format!("{name}.new")
}

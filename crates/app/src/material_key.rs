//! Which material key the database's data keys are wrapped under, and rotating it.
//!
//! The database and the header are two files, so they cannot change in one moment. The database goes
//! first: its data keys are wrapped under the new key, and with them, in the same transaction, the new
//! key is kept sealed under the one before it. Then the header's slots are given the new key, and then
//! the database forgets the sealed one. Whatever ends the program in between, every slot opens: where
//! the header still has the key before, that opens the new one, and the next unlock goes on.

use std::sync::PoisonError;

use keyreeve_crypto::{
    MaterialKey, MaterialKeyCheck, VaultKey, VaultKeys, open_data_key, open_next_material_key,
    seal_data_key, seal_next_material_key, sha256,
};
use keyreeve_domain::audit::{Action, ObjectKind};
use keyreeve_domain::ports::{Progress, ReadTransaction, SealedVersion, StoreError};
use keyreeve_domain::{KeyChange, KeyQuery, KeyRecord, VaultId};
use serde::{Deserialize, Serialize};

use crate::api::{ErrorCode, RotateMaterialKeyResponse};
use crate::error::Error;
use crate::session::{Fresh, UnlockedSession, Write};

/// The setting in which the database remembers it.
const SETTING: &str = "materialKey";
/// The number of the key that a vault was made with.
const FIRST: u32 = 1;

/// What the database says of the material key. A vault whose key was never rotated says nothing.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Remembered {
    /// Grows by one with every rotation.
    number: u32,
    /// Tells the key from others.
    #[serde(with = "hex")]
    check: [u8; 32],
    /// When it was made.
    since: String,
    /// The key itself, sealed under the one before it, until the slots have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    sealed: Option<String>,
}

/// The keys that a session holds, and which material key that is.
pub(crate) struct Held {
    pub(crate) keys: VaultKeys,
    number: u32,
    /// Whether the slot should reach material, and its header has an old material key.
    outdated: bool,
}

/// What is left to do of a rotation that was not finished.
pub(crate) enum Unfinished {
    /// Nothing.
    No,
    /// The slots are to be given the key that follows this one.
    HandOver(MaterialKey),
    /// The slots have it, and the database is to forget the sealed one.
    Forget,
}

impl Held {
    /// The keys of a vault that is being made.
    pub(crate) fn first(keys: VaultKeys) -> Self {
        Self { keys, number: FIRST, outdated: false }
    }

    /// What a slot yielded, seen beside what the database says.
    ///
    /// # Errors
    /// When the database fails or is damaged.
    pub(crate) fn of(
        mut keys: VaultKeys,
        tx: &dyn ReadTransaction,
        vault: VaultId,
    ) -> Result<(Self, Unfinished), Error> {
        let Some(remembered) = remembered(tx)? else {
            return Ok((Self::first(keys), Unfinished::No));
        };
        let number = remembered.number;
        let held = |keys, outdated| Self { keys, number, outdated };
        let Some(material) = keys.material.take() else {
            return Ok((held(keys, false), Unfinished::No));
        };
        let is_it =
            |key: &MaterialKey| key.check(vault.as_bytes()) == MaterialKeyCheck(remembered.check);
        if is_it(&material) {
            keys.material = Some(material);
            let unfinished =
                if remembered.sealed.is_some() { Unfinished::Forget } else { Unfinished::No };
            return Ok((held(keys, false), unfinished));
        }
        let sealed = remembered.sealed.and_then(|sealed| hex::decode(sealed).ok());
        let next = sealed
            .and_then(|sealed| open_next_material_key(&material, &sealed, vault.as_bytes()).ok())
            .filter(is_it);
        Ok(match next {
            Some(next) => {
                keys.material = Some(next);
                (held(keys, false), Unfinished::HandOver(material))
            }
            // An older header: what it opens is there to be read, and its material out of reach.
            None => (held(keys, true), Unfinished::No),
        })
    }

    /// Whether the database still has the material key that is held, or none is held.
    pub(crate) fn is_current(&self, tx: &dyn ReadTransaction) -> Result<bool, Error> {
        Ok(self.keys.material.is_none() || number(tx)? == self.number)
    }

    pub(crate) fn require_current(&self, tx: &dyn ReadTransaction) -> Result<(), Error> {
        if self.is_current(tx)? { Ok(()) } else { Err(changed_meanwhile()) }
    }

    /// The material key.
    ///
    /// # Errors
    /// When the slot is an auditor's, or its header is older than the database's material key.
    pub(crate) fn material_key(&self) -> Result<&MaterialKey, Error> {
        self.keys.material.as_ref().ok_or_else(|| {
            if self.outdated {
                return Error::new(
                    ErrorCode::MaterialKeyChanged,
                    "the vault's header is of a time before its material key was rotated, and does not reach key material any more",
                );
            }
            Error::new(ErrorCode::RefusedByRole, "an auditor's slot does not reach key material")
        })
    }
}

/// When the material key was last rotated; `None` when it is the first.
///
/// # Errors
/// When the database fails or is damaged.
pub(crate) fn rotated_at(tx: &dyn ReadTransaction) -> Result<Option<String>, Error> {
    Ok(remembered(tx)?.map(|remembered| remembered.since))
}

/// Makes a new material key, wraps every version's data key under it, and gives it to every slot that
/// reaches material. A way in that was removed then opens, with an old copy of the header, no material
/// of this vault as it is now; an old copy of the whole vault stays what it is.
///
/// # Errors
/// When the session's slot is no administrator's, a slot is of an earlier Keyreeve, a key is not what
/// the log says of it, the disk is full, or the caller cancels: nothing was changed then.
/// [`ErrorCode::MaterialKeyPending`] says that the slots have yet to follow.
pub fn rotate_material_key(
    session: &UnlockedSession,
    reason: &str,
    _proof: &Fresh,
    progress: &dyn Progress,
) -> Result<RotateMaterialKeyResponse, Error> {
    session.may_administer()?;
    let before = session.held();
    session.world.headers.check_hand_over(&session.path, &before.keys)?;
    let next = MaterialKey::make()?;
    let vault = session.vault_id();
    let mut write = session.write()?;
    let rotating = session.rotating.lock().unwrap_or_else(PoisonError::into_inner);
    session.require_current(session.world.headers.read(&session.path)?.sequence)?;
    let before = session.held();
    let number = before
        .number
        .checked_add(1)
        .ok_or_else(|| Error::internal("the material key was rotated too often"))?;

    let (keys, versions) = rewrap_all(&mut write, vault, before.material_key()?, &next, progress)?;
    let mut draft =
        write.draft(Action::VaultRotateMaterialKey, ObjectKind::Vault, vault.to_string());
    draft.details.insert("number".into(), number.to_string());
    draft.details.insert("keys".into(), keys.to_string());
    draft.details.insert("versions".into(), versions.to_string());
    let reason = reason.trim();
    draft.reason = (!reason.is_empty()).then(|| reason.to_owned());
    let audit_seq = write.tx.append(draft)?;
    let sealed = seal_next_material_key(before.material_key()?, &next, vault.as_bytes())?;
    let rotated_at = write.stamp.time.to_string();
    remember(
        &mut write,
        &Remembered {
            number,
            check: next.check(vault.as_bytes()).0,
            since: rotated_at.clone(),
            sealed: Some(hex::encode(sealed)),
        },
    )?;
    write.commit_with_checkpoint()?;
    // EXPOSE: the same VK beside another MK.
    let same = VaultKey::from_bytes(before.keys.vault.expose());
    let keys_now = VaultKeys { vault: same, material: Some(next) };
    session.hold(Held { keys: keys_now, number, outdated: false });
    drop(rotating);

    finish(session, Some(before.material_key()?)).map_err(|error| {
        let message = "the material key was rotated, but the slots could not be given it yet";
        Error::caused(ErrorCode::MaterialKeyPending, message, error)
    })?;
    Ok(RotateMaterialKeyResponse { number, keys, versions, rotated_at, audit_seq })
}

/// Goes on with a rotation that was not finished. What cannot be done now is done at another unlock.
pub(crate) fn go_on(session: &UnlockedSession, unfinished: Unfinished) {
    _ = match unfinished {
        Unfinished::No => Ok(()),
        Unfinished::HandOver(before) => finish(session, Some(&before)),
        Unfinished::Forget => finish(session, None),
    };
}

/// Gives the slots the key that follows `before`, unless they have it, and then forgets the sealed one.
fn finish(session: &UnlockedSession, before: Option<&MaterialKey>) -> Result<(), Error> {
    let mut write = session.write()?;
    let headers = &session.world.headers;
    if let Some(before) = before {
        let header = headers.hand_over(&session.path, &session.held().keys, before)?;
        write.remember_header(header.sequence)?;
    }
    if let Some(remembered) = remembered(&*write.tx)? {
        remember(&mut write, &Remembered { sealed: None, ..remembered })?;
    }
    write.commit()
}

/// Wraps every data key under `next`. Answers how many keys and versions there are.
fn rewrap_all(
    write: &mut Write<'_>,
    vault: VaultId,
    before: &MaterialKey,
    next: &MaterialKey,
    progress: &dyn Progress,
) -> Result<(u64, u64), Error> {
    let ids = write.tx.ids(&KeyQuery::default(), write.stamp.time)?;
    let mut versions = 0;
    for (done, id) in ids.iter().enumerate() {
        if progress.cancelled() {
            return Err(StoreError::Cancelled.into());
        }
        let record = write.tx.trusted_key(*id)?.ok_or_else(|| {
            Error::new(ErrorCode::Tampered, "a key vanished while it was wrapped anew")
        })?;
        let (change, sealed) = rewrap(&*write.tx, &record, vault, before, next)?;
        // A key whose every version is destroyed has nothing to wrap.
        if !sealed.is_empty() {
            versions += sealed.len() as u64;
            write.tx.save_key(&change, &sealed, &write.stamp)?;
        }
        progress.report(done as u64 + 1, ids.len() as u64);
    }
    Ok((ids.len() as u64, versions))
}

fn rewrap(
    tx: &dyn ReadTransaction,
    record: &KeyRecord,
    vault: VaultId,
    before: &MaterialKey,
    next: &MaterialKey,
) -> Result<(KeyChange, Vec<SealedVersion>), Error> {
    let (mut sealed, mut digests) = (Vec::new(), Vec::new());
    for version in &record.versions {
        let Some(stored) = tx.sealed(record.id, version.version)? else { continue };
        let context = record.material_context(vault, version.version);
        let data_key = open_data_key(before, &context, &stored.data_key)?;
        let data_key = seal_data_key(next, &context, &data_key)?;
        digests.push((version.version, sha256(&data_key)));
        sealed.push(SealedVersion { data_key, ..stored });
    }
    let change = record.rewrap(&digests).map_err(|error| Error::internal(error.to_string()))?;
    Ok((change, sealed))
}

fn number(tx: &dyn ReadTransaction) -> Result<u32, Error> {
    Ok(remembered(tx)?.map_or(FIRST, |remembered| remembered.number))
}

fn remembered(tx: &dyn ReadTransaction) -> Result<Option<Remembered>, Error> {
    let Some(text) = tx.setting(SETTING)? else { return Ok(None) };
    serde_json::from_str(&text).map(Some).map_err(|_malformed| {
        Error::new(
            ErrorCode::DatabaseDamaged,
            "what the database says of its material key is malformed",
        )
    })
}

fn remember(write: &mut Write<'_>, remembered: &Remembered) -> Result<(), Error> {
    let text =
        serde_json::to_string(remembered).map_err(|error| Error::internal(error.to_string()))?;
    Ok(write.tx.put_setting(SETTING, &text)?)
}

fn changed_meanwhile() -> Error {
    Error::new(
        ErrorCode::MaterialKeyChanged,
        "another program rotated the vault's material key since it was opened here; nothing was changed",
    )
}

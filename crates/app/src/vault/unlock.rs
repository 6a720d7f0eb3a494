//! Unlocks a vault.

use std::sync::atomic::AtomicBool;

use keyreeve_domain::audit::{Action, Actor, ObjectKind, Outcome, Source};
use keyreeve_domain::ports::{
    Anchor, CardError, HeaderError, ReadTransaction, SlotChoice, Unlocked,
};

use crate::api::{ErrorCode, UnlockVaultRequest};
use crate::error::Error;
use crate::material_key::{Held, go_on};
use crate::parse;
use crate::session::{UnlockedSession, older_header, remembered_header};
use crate::vault::run_due::run_due_in;
use crate::world::World;

/// Unlocks a vault, logs that together with the failures since the last time, and does what fell
/// due meanwhile.
///
/// # Errors
/// When nothing opens with what was shown; when the header or database is missing, damaged,
/// foreign or newer; when the vault is older than the one last used here, or the clock runs far
/// behind its log, and that was not accepted by name.
pub fn unlock_vault(
    world: &World,
    request: &UnlockVaultRequest,
    source: Source,
) -> Result<UnlockedSession, Error> {
    let path = parse::vault_path(&request.path);
    let path = &std::path::absolute(&path).unwrap_or(path);
    let choice = match (&request.slot, &request.kind) {
        (Some(slot), _) => SlotChoice::Id(parse::slot_id(slot)?),
        (None, Some(kind)) => SlotChoice::Kind(parse::slot_kind(kind)?),
        (None, None) => SlotChoice::Any,
    };
    let unlocked = world.headers.unlock(path, &choice, &request.credentials.shown());
    if unlocked.as_ref().is_err_and(is_wrong) {
        // On a read-only medium this cannot be noted; what was wrong is what to tell.
        _ = world.headers.note_failed_unlock(path, world.clock.now());
    }
    let Unlocked { keys, slot, header } = unlocked?;

    let database_key = keys.vault.derive_database_key(header.vault_id.as_bytes());
    let store = world.stores.open(path, &database_key)?;
    let meta = store.read()?.meta()?;
    if meta.vault_id != header.vault_id {
        return Err(Error::new(
            ErrorCode::DatabaseForeign,
            "vault.db belongs to another vault than header.json",
        ));
    }
    let (held, unfinished) = Held::of(keys, &*store.read()?, header.vault_id)?;
    let failures = world.headers.failed_unlocks(path)?;
    let mut session = UnlockedSession {
        world: world.clone(),
        store,
        held: std::sync::RwLock::new(std::sync::Arc::new(held)),
        rotating: std::sync::Mutex::default(),
        meta,
        path: path.clone(),
        slot,
        source,
        unlocked_at: world.clock.now(),
        clock_accepted: AtomicBool::new(request.accept_clock),
        failed_unlocks: u32::try_from(failures.len()).unwrap_or(u32::MAX),
        staged: std::sync::Mutex::default(),
        done_at_unlock: Vec::new(),
    };
    // An anchor that cannot be read is like none: it must not keep people out of their vault.
    let anchors = world.anchors.load(session.vault_id(), path).unwrap_or_default();
    let mut rolled_back = None;
    for anchor in &anchors {
        rolled_back = rolled_back.or(rollback(&session, anchor)?);
    }
    if rolled_back.is_none() {
        rolled_back = older_header_of(&session, header.sequence)?;
    }
    if let Some(rollback) = rolled_back.as_ref().filter(|_| !request.accept_rollback) {
        return Err(Error::new(ErrorCode::Rollback, rollback.clone()));
    }

    let mut write = session.write()?;
    let vault = session.vault_id().to_string();
    for at in failures {
        let mut failed = write.draft(Action::VaultUnlockFailed, ObjectKind::Vault, vault.clone());
        failed.actor = Actor { member: "unknown".into(), slot: None };
        failed.outcome = Outcome::Denied;
        failed.details.insert("triedAt".into(), at.to_string());
        write.tx.append(failed)?;
    }
    let sequence = match &rolled_back {
        None => remembered_header(&*write.tx)?.max(Some(header.sequence)),
        Some(_) => Some(header.sequence),
    };
    let mut accepted = |action, detail: Option<String>| -> Result<(), Error> {
        let mut draft = write.draft(action, ObjectKind::Vault, vault.clone());
        draft.details.extend(detail.map(|detail| ("what".to_owned(), detail)));
        write.tx.append(draft)?;
        Ok(())
    };
    if request.accept_clock {
        accepted(Action::VaultAcceptClock, None)?;
    }
    if let Some(rollback) = rolled_back {
        accepted(Action::VaultAcceptRollback, Some(rollback))?;
    }
    if anchors.iter().any(|anchor| anchor.restored) {
        accepted(Action::VaultRestore, Some("a backup was restored here".into()))?;
    }
    accepted(Action::VaultUnlock, None)?;
    if let Some(sequence) = sequence {
        write.remember_header(sequence)?;
    }
    write.tx.touch_slot(session.slot.id, write.stamp.time)?;
    let done = run_due_in(&mut write, session.slot.role)?;
    write.commit_with_checkpoint()?;
    world.headers.clear_failed_unlocks(path)?;
    go_on(&session, unfinished);
    session.done_at_unlock = done;
    Ok(session)
}

/// Whether someone showed something wrong, which the log is to tell of.
fn is_wrong(error: &HeaderError) -> bool {
    use HeaderError as H;
    matches!(error, H::WrongPassphrase | H::Recovery(_) | H::Card(CardError::WrongPin { .. }))
}

/// Says how the log falls short of a checkpoint remembered outside the vault; `None` when it
/// extends it.
fn rollback(session: &UnlockedSession, anchor: &Anchor) -> Result<Option<String>, Error> {
    let tx = session.read()?;
    let frontier = tx.frontier()?;
    if frontier.size() < anchor.size {
        return Ok(Some(format!(
            "this vault is older than the one last used here: its log has {} entries, and {} were seen",
            frontier.size(),
            anchor.size
        )));
    }
    let root = if frontier.size() == anchor.size {
        Some(frontier.root())
    } else {
        checkpoint_root(&*tx, session, anchor.size)?
    };
    Ok((root != Some(anchor.root)).then(|| {
        "this vault's log is not a continuation of the one last seen here: it is another copy that went its own way"
            .to_owned()
    }))
}

/// Says whether the header is older than the one that the database knows of; `None` when it is not.
fn older_header_of(session: &UnlockedSession, sequence: u64) -> Result<Option<String>, Error> {
    let known = remembered_header(&*session.read()?)?.unwrap_or(0);
    // Another process may have changed the header, and told the database, since it was read here.
    if known <= sequence || known <= session.world.headers.read(&session.path)?.sequence {
        return Ok(None);
    }
    Ok(Some(older_header(sequence, known)))
}

/// The root that the vault's own signed checkpoint of `size` names.
fn checkpoint_root(
    tx: &dyn ReadTransaction,
    session: &UnlockedSession,
    size: u64,
) -> Result<Option<[u8; 32]>, Error> {
    let stored = tx.checkpoints()?.into_iter().rev().find(|checkpoint| checkpoint.size == size);
    Ok(stored.and_then(|stored| session.verify_checkpoint(&stored.note)).map(|c| c.root))
}

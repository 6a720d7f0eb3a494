//! An unlocked vault.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use jiff::{SignedDuration, Timestamp};
use keyreeve_crypto::{AuditPublicKey, AuditSigningKey, open_audit_key};
use keyreeve_domain::audit::{
    Action, Actor, AuditDraft, Checkpoint, ObjectKind, Outcome, Source, checkpoint_origin,
};
use keyreeve_domain::ports::{
    Anchor, AuditQuery, CardInfo, HeaderError, ReadTransaction, SlotChoice, SlotInfo, SlotKind,
    Stamp, StoredCheckpoint, VaultMeta, VaultStore, WriteTransaction,
};
use keyreeve_domain::{KeyRecord, VaultId, ports};

use crate::api::{Credentials, DueDone, ErrorCode};
use crate::error::Error;
use crate::keys::Examined;
use crate::material_key::Held;
use crate::parse;
use crate::world::World;

/// How far the clock may run behind the log before a change is refused.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_mins(5);
/// The setting that remembers how often the header was changed.
const HEADER_SEQUENCE: &str = "headerSequence";
/// A checkpoint is signed at least every so many entries.
const CHECKPOINT_EVERY: u64 = 1_000;

/// An unlocked vault: its open database and its keys. Dropping it locks the vault; every secret
/// wipes itself.
pub struct UnlockedSession {
    pub(crate) world: World,
    pub(crate) store: Box<dyn VaultStore>,
    /// What the slot yielded; another only once the material key was rotated here.
    pub(crate) held: RwLock<Arc<Held>>,
    /// Taken while the material key is rotated here.
    pub(crate) rotating: Mutex<()>,
    pub(crate) meta: VaultMeta,
    pub(crate) path: PathBuf,
    pub(crate) slot: SlotInfo,
    pub(crate) source: Source,
    pub(crate) unlocked_at: Timestamp,
    pub(crate) clock_accepted: AtomicBool,
    pub(crate) failed_unlocks: u32,
    /// What was found in files and may be brought in.
    pub(crate) staged: Mutex<Option<Examined>>,
    pub(crate) done_at_unlock: Vec<DueDone>,
}

/// Proof that the person in front is still the one who may: for reading material out, and for
/// changing slots.
#[derive(Debug)]
pub struct Fresh(());

/// A write with the stamp that its events carry.
pub(crate) struct Write<'a> {
    pub(crate) tx: Box<dyn WriteTransaction + 'a>,
    pub(crate) stamp: Stamp,
    session: &'a UnlockedSession,
}

impl UnlockedSession {
    /// The vault's folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The card that opened it, if one did.
    #[must_use]
    pub fn card(&self) -> Option<&CardInfo> {
        self.slot.card()
    }

    /// Whether shares or a code on paper opened it, which then are no secret of their place any more.
    #[must_use]
    pub fn was_recovered(&self) -> bool {
        self.slot.has(SlotKind::Recovery)
    }

    /// The vault's identifier.
    #[must_use]
    pub fn vault_id(&self) -> VaultId {
        self.meta.vault_id
    }

    /// Whether `proof` opens a slot right now: the session's own, or another that may do as much.
    /// The keyring alone is no proof, since it answers whoever sits there.
    ///
    /// # Errors
    /// When it does not; the vault stays unlocked.
    pub fn reauthenticate(&self, proof: &Credentials) -> Result<Fresh, Error> {
        let shown = proof.shown();
        if shown.passphrase.is_none() && shown.pin.is_none() && shown.recovery.is_empty() {
            return Err(Error::new(
                ErrorCode::ReauthenticationNeeded,
                "a passphrase, a card's PIN or recovery shares must be entered again",
            ));
        }
        // Beside a secret the keyring may be asked too: a slot may want both.
        let shown = ports::Credentials { keyring: true, ..shown };
        // The session's own slot first: a passphrase is then derived once, and a PIN never sent to
        // another card.
        let choice =
            if shown.fit(&self.slot) { SlotChoice::Id(self.slot.id) } else { SlotChoice::Any };
        let headers = &self.world.headers;
        let unlocked =
            headers.unlock(&self.path, &choice, &shown).or_else(|error| match error {
                // A PIN is typed on a reader once.
                HeaderError::WrongPassphrase if choice != SlotChoice::Any && !shown.on_pad() => {
                    headers.unlock(&self.path, &SlotChoice::Any, &shown)
                }
                other => Err(other),
            })?;
        if unlocked.keys.vault != self.held().keys.vault {
            return Err(Error::new(
                ErrorCode::HeaderTampered,
                "the slot opened another vault's keys",
            ));
        }
        self.require_current(unlocked.header.sequence)?;
        if !unlocked.slot.role.may_stand_in_for(self.slot.role) {
            return Err(Error::new(
                ErrorCode::RefusedByRole,
                format!("the slot “{}” may do less than the one in use", unlocked.slot.name),
            ));
        }
        Ok(Fresh(()))
    }

    /// Refuses a header that has come less far than the database knows: while the vault was open, an
    /// older one was put back, and with it a way in that was changed or removed since.
    pub(crate) fn require_current(&self, sequence: u64) -> Result<(), Error> {
        let known = remembered_header(&*self.read()?)?.unwrap_or(0);
        if sequence >= known {
            return Ok(());
        }
        Err(Error::new(ErrorCode::Rollback, older_header(sequence, known)))
    }

    /// For a process that unlocked the vault for this very operation, as the command line does.
    ///
    /// # Errors
    /// When this is not such a process.
    pub fn just_authenticated(&self) -> Result<Fresh, Error> {
        if self.source == Source::Cli {
            return Ok(Fresh(()));
        }
        Err(Error::new(ErrorCode::ReauthenticationNeeded, "the passphrase must be entered again"))
    }

    /// Re-authenticates with `proof` where one was given, else relies on having just done so.
    pub(crate) fn fresh(&self, proof: Option<&Credentials>) -> Result<Fresh, Error> {
        proof.map_or_else(|| self.just_authenticated(), |proof| self.reauthenticate(proof))
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.world.clock.now()
    }

    pub(crate) fn read(&self) -> Result<Box<dyn ReadTransaction + '_>, Error> {
        Ok(self.store.read()?)
    }

    /// Begins a write. Time never runs backwards in the log: a clock slightly behind is moved up
    /// to the newest entry's time, one far behind is refused.
    pub(crate) fn write(&self) -> Result<Write<'_>, Error> {
        let mut tx = self.store.write()?;
        if !self.held().is_current(&*tx)? {
            drop(tx);
            // It may be this very session that rotates the material key, and about to say so.
            drop(self.rotating.lock().unwrap_or_else(PoisonError::into_inner));
            tx = self.store.write()?;
            self.held().require_current(&*tx)?;
        }
        let now = self.now();
        let newest = newest_time(&*tx)?.unwrap_or(now);
        if newest.duration_since(now) > CLOCK_TOLERANCE
            && !self.clock_accepted.load(Ordering::Relaxed)
        {
            return Err(clock_behind(now, newest));
        }
        let stamp = Stamp { time: now.max(newest), actor: self.actor(), source: self.source };
        Ok(Write { tx, stamp, session: self })
    }

    fn actor(&self) -> Actor {
        Actor { member: self.slot.name.clone(), slot: Some(self.slot.id.to_string()) }
    }

    /// The keys that are held now.
    pub(crate) fn held(&self) -> Arc<Held> {
        Arc::clone(&self.held.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Holds other keys from now on.
    pub(crate) fn hold(&self, held: Held) {
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(held);
    }

    /// Refuses a slot whose role may not change keys.
    pub(crate) fn may_change_keys(&self) -> Result<(), Error> {
        if self.slot.role.may_change_keys() {
            return Ok(());
        }
        Err(Error::new(ErrorCode::RefusedByRole, "an auditor's slot changes nothing"))
    }

    /// Refuses a slot that is no administrator's.
    pub(crate) fn may_administer(&self) -> Result<(), Error> {
        if self.slot.role == keyreeve_domain::Role::Administrator {
            return Ok(());
        }
        Err(Error::new(
            ErrorCode::RefusedByRole,
            "only a slot with the role administrator may do that",
        ))
    }

    /// Reads a checkpoint that this vault's log signed; `None` for any other note.
    pub(crate) fn verify_checkpoint(&self, note: &str) -> Option<Checkpoint> {
        let key = AuditPublicKey(self.meta.audit_public_key);
        let checkpoint = Checkpoint::verify(note, &key).ok()?;
        (checkpoint.origin == checkpoint_origin(self.vault_id())).then_some(checkpoint)
    }

    pub(crate) fn audit_key(&self) -> Result<AuditSigningKey, Error> {
        let seal_key = self.held().keys.vault.derive_audit_seal_key(self.meta.vault_id.as_bytes());
        Ok(open_audit_key(&seal_key, self.meta.vault_id.as_bytes(), &self.meta.sealed_audit_key)?)
    }
}

impl Write<'_> {
    /// Loads a key that is to be changed, after comparing it with the log.
    pub(crate) fn load(&self, key: &str, expected: Option<u64>) -> Result<KeyRecord, Error> {
        let id = parse::find_key(&*self.tx, key)?;
        let record = self.tx.trusted_key(id)?.ok_or_else(|| {
            Error::new(ErrorCode::NotFound, format!("there is no key “{}”", parse::short(key)))
        })?;
        match expected {
            Some(expected) if expected != record.revision => Err(Error::new(
                ErrorCode::Stale,
                format!(
                    "the key was changed meanwhile (revision {}, expected {expected})",
                    record.revision
                ),
            )),
            _ => Ok(record),
        }
    }

    /// The draft of an event that is not a key's change.
    pub(crate) fn draft(&self, action: Action, kind: ObjectKind, object: String) -> AuditDraft {
        draft(&self.stamp, action, kind, object)
    }

    /// Remembers how far the header has come. The header is durable first, so one that has come less
    /// far than this was put back.
    pub(crate) fn remember_header(&mut self, sequence: u64) -> Result<(), Error> {
        if remembered_header(&*self.tx)? != Some(sequence) {
            self.tx.put_setting(HEADER_SEQUENCE, &sequence.to_string())?;
        }
        Ok(())
    }

    /// Makes it durable, with a signed checkpoint where one is due.
    pub(crate) fn commit(self) -> Result<(), Error> {
        let covered = self.tx.latest_checkpoint()?.map_or(0, |checkpoint| checkpoint.size);
        if self.tx.frontier()?.size() >= covered + CHECKPOINT_EVERY {
            return self.commit_with_checkpoint().map(|_| ());
        }
        Ok(self.tx.commit()?)
    }

    /// Makes it durable together with a signed checkpoint, which is then anchored.
    pub(crate) fn commit_with_checkpoint(mut self) -> Result<StoredCheckpoint, Error> {
        let frontier = self.tx.frontier()?;
        let checkpoint = Checkpoint::of(self.session.vault_id(), &frontier);
        let stored = StoredCheckpoint {
            size: frontier.size(),
            time: self.stamp.time,
            note: checkpoint.sign(&self.session.audit_key()?),
        };
        self.tx.put_checkpoint(&stored)?;
        self.tx.commit()?;
        // The change is durable; an anchor that lags behind only notices less, and the next
        // checkpoint moves it on.
        let anchor = Anchor { size: frontier.size(), root: frontier.root(), restored: false };
        _ = self.session.world.anchors.store(self.session.vault_id(), &self.session.path, &anchor);
        Ok(stored)
    }
}

pub(crate) fn draft(stamp: &Stamp, action: Action, kind: ObjectKind, object: String) -> AuditDraft {
    AuditDraft {
        time: stamp.time,
        actor: stamp.actor.clone(),
        source: stamp.source,
        action,
        object_kind: kind,
        object,
        version: None,
        outcome: Outcome::Done,
        reason: None,
        details: std::collections::BTreeMap::new(),
        digest: None,
    }
}

/// What a header is called that has come less far than the database knows.
pub(crate) fn older_header(sequence: u64, known: u64) -> String {
    format!(
        "the vault's header, with its ways in, is older than the one last used: it was changed \
         {sequence} times, and {known} times were seen"
    )
}

/// The header's sequence number when the database last heard of it; `None` in a vault that has not
/// been unlocked since this is kept.
pub(crate) fn remembered_header(tx: &dyn ReadTransaction) -> Result<Option<u64>, Error> {
    Ok(tx.setting(HEADER_SEQUENCE)?.and_then(|text| text.parse().ok()))
}

/// When the newest entry was written.
pub(crate) fn newest_time(tx: &dyn ReadTransaction) -> Result<Option<Timestamp>, Error> {
    let newest = tx.events(&AuditQuery { limit: 1, ..AuditQuery::default() })?;
    Ok(newest.first().map(|entry| entry.time))
}

fn clock_behind(now: Timestamp, newest: Timestamp) -> Error {
    Error::new(
        ErrorCode::ClockBehind,
        format!("the clock says {now}, but the newest audit event is of {newest}"),
    )
}

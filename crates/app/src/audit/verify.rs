//! Verifies the log, and the state that it vouches for.

use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::mpsc::{SyncSender, sync_channel};

use keyreeve_crypto::AuditPublicKey;
use keyreeve_domain::audit::{Action, LogVerifier, ObjectKind, VerifiedLog, verify_export};
use keyreeve_domain::ports::{Progress, ReadTransaction, StoreError, VaultStore};
use keyreeve_domain::{CertificateId, CertificateQuery, KeyId, KnownKeyId, VaultId};

use crate::api::{AuditVerifyResponse, ErrorCode, JobRequest};
use crate::error::{Error, io_code};
use crate::session::UnlockedSession;

/// Entries read in one transaction, so that a writer need not wait for all of them.
const BATCH: u64 = 50_000;
/// Entries handed on at once.
const PIECE: usize = 2_048;
/// How many pieces may wait to be verified.
const PIECES_AHEAD: usize = 4;

/// What was verified.
pub(crate) struct VerifiedState {
    pub(crate) log: VerifiedLog,
    pub(crate) keys: u64,
    pub(crate) certificates: u64,
    pub(crate) known_keys: u64,
    pub(crate) newest_checkpoint: Option<String>,
}

/// Verifies every page, every entry, the tree, every checkpoint's signature and root, and that the
/// rows of every key, certificate and public key, and sealed bytes, are what the newest event about it
/// says. The verification is itself logged.
///
/// # Errors
/// When anything does not fit, or the caller cancels.
pub fn verify_audit(
    session: &UnlockedSession,
    _request: &JobRequest,
    progress: &dyn Progress,
) -> Result<AuditVerifyResponse, Error> {
    let public_key = session.meta.audit_public_key;
    let state = verify_all(&*session.store, public_key, session.vault_id(), progress)?;
    let response = AuditVerifyResponse {
        ok: true,
        size: state.log.size,
        root: hex::encode(state.log.root),
        checkpoint: state.newest_checkpoint,
        checkpoints: state.log.checkpoints.len() as u64,
        keys: Some(state.keys),
        certificates: Some(state.certificates),
        public_keys: Some(state.known_keys),
        verified_at: session.now().to_string(),
    };
    let mut write = session.write()?;
    let mut draft =
        write.draft(Action::AuditVerify, ObjectKind::Audit, session.vault_id().to_string());
    draft.details.insert("size".into(), response.size.to_string());
    draft.details.insert("root".into(), response.root.clone());
    write.tx.append(draft)?;
    write.commit()?;
    Ok(response)
}

/// Verifies an exported log, with no vault.
///
/// # Errors
/// When the file cannot be read, or anything in it does not fit.
pub fn verify_audit_file(file: &Path) -> Result<AuditVerifyResponse, Error> {
    let opened = File::open(file).map_err(|error| {
        Error::new(io_code(&error), format!("{} could not be read: {error}", file.display()))
    })?;
    let verified = verify_export(&mut BufReader::with_capacity(1 << 20, opened), None)
        .map_err(|error| Error::new(ErrorCode::ExportDamaged, error.to_string()))?;
    Ok(AuditVerifyResponse {
        ok: true,
        size: verified.log.size,
        root: hex::encode(verified.log.root),
        checkpoint: Some(verified.newest_note),
        checkpoints: verified.log.checkpoints.len() as u64,
        keys: None,
        certificates: None,
        public_keys: None,
        verified_at: jiff::Timestamp::now().to_string(),
    })
}

/// Verifies every page of a store, its log, and every key against the log.
pub(crate) fn verify_all(
    store: &dyn VaultStore,
    public_key: [u8; 32],
    vault: VaultId,
    progress: &dyn Progress,
) -> Result<VerifiedState, Error> {
    std::thread::scope(|scope| {
        // Pages that nothing uses are read by this alone.
        let pages = scope.spawn(|| store.check_integrity());
        let state = verify_state(store, public_key, vault, progress);
        let died = |_| Err(StoreError::Database("the check of the pages came to no end".into()));
        // A damaged page says more than the entry that could not be read from it.
        pages.join().unwrap_or_else(died)?;
        state
    })
}

/// Verifies a store's log and compares every key with it.
pub(crate) fn verify_state(
    store: &dyn VaultStore,
    public_key: [u8; 32],
    vault: VaultId,
    progress: &dyn Progress,
) -> Result<VerifiedState, Error> {
    let (size, notes) = {
        let tx = store.read()?;
        (tx.frontier()?.size(), tx.checkpoints()?)
    };
    let newest_checkpoint = notes.last().map(|stored| stored.note.clone());
    let notes = notes.iter().map(|stored| stored.note.as_str());
    let mut verifier = LogVerifier::new(vault, &AuditPublicKey(public_key), notes)?;
    // Deciphering pages takes about as long as hashing and reading what is on them, so each has a
    // thread.
    std::thread::scope(|scope| {
        let (sender, pieces) = sync_channel(PIECES_AHEAD);
        scope.spawn(move || read_ahead(store, size, &sender));
        for piece in pieces {
            piece?.lines().try_for_each(|line| verifier.push(line))?;
            if progress.cancelled() {
                return Err(StoreError::Cancelled.into());
            }
            progress.report(verifier.size(), size);
        }
        Ok::<_, Error>(())
    })?;
    let log = verifier.finish()?;
    let tx = store.read()?;
    if tx.frontier()?.size() == size {
        if tx.frontier()?.root() != log.root {
            let what = "the stored tree is not that of the stored entries";
            return Err(Error::new(ErrorCode::AuditAlarm, what));
        }
        let keys = compare_keys(&*tx, &log.newest)?;
        let certificates = compare_certificates(&*tx, &log.newest_certificates)?;
        let known_keys = compare_known_keys(&*tx, &log.newest_known_keys)?;
        return Ok(VerifiedState { log, keys, certificates, known_keys, newest_checkpoint });
    }
    drop(tx);
    // Someone wrote meanwhile: what the keys are now is not what this part of the log says.
    verify_state(store, public_key, vault, progress)
}

/// Entries as they were read, one after the other.
#[derive(Default)]
struct Piece {
    bytes: Vec<u8>,
    /// Where each entry ends.
    ends: Vec<usize>,
}

impl Piece {
    fn add(&mut self, entry: &[u8]) {
        self.bytes.extend_from_slice(entry);
        self.ends.push(self.bytes.len());
    }

    fn lines(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).filter_map(|(start, end)| self.bytes.get(start..*end))
    }
}

/// Reads the entries and sends them on; ends early when nobody listens any more.
fn read_ahead(store: &dyn VaultStore, size: u64, to: &SyncSender<Result<Piece, StoreError>>) {
    let mut at = 0;
    while at < size {
        let end = size.min(at + BATCH);
        let mut piece = Piece::default();
        let send = |piece: &mut Piece| {
            to.send(Ok(std::mem::take(piece))).map_err(|_nobody| StoreError::Cancelled)
        };
        let read = store.read().and_then(|tx| {
            tx.each_entry(at..end, &mut |_seq, entry| {
                piece.add(entry);
                if piece.ends.len() < PIECE { Ok(()) } else { send(&mut piece) }
            })?;
            send(&mut piece)
        });
        if let Err(error) = read {
            // Whoever no longer listens has an error of their own.
            _ = to.send(Err(error));
            return;
        }
        at = end;
    }
}

/// Compares every key's rows with the newest digest that the log has of it, both ways. The rows vouch
/// for the sealed bytes.
fn compare_keys(
    tx: &dyn ReadTransaction,
    newest: &HashMap<KeyId, (u64, [u8; 32])>,
) -> Result<u64, Error> {
    let mut keys = 0;
    tx.each_key(&mut |record| {
        keys += 1;
        match newest.get(&record.id) {
            Some((_, digest)) if *digest == record.state_digest() => Ok(()),
            _ => Err(StoreError::Tampered { object: format!("the key “{}”", record.name) }),
        }
    })?;
    if keys != newest.len() as u64 {
        return Err(Error::new(
            ErrorCode::Tampered,
            format!("the log tells of {} keys, but the vault has {keys}", newest.len()),
        ));
    }
    Ok(keys)
}

/// The same for every certificate.
fn compare_certificates(
    tx: &dyn ReadTransaction,
    newest: &HashMap<CertificateId, (u64, [u8; 32])>,
) -> Result<u64, Error> {
    let kept = tx.certificates(&CertificateQuery::default())?;
    for record in &kept {
        if newest.get(&record.id).is_none_or(|(_, digest)| *digest != record.state_digest()) {
            let object = format!("the certificate of “{}”", record.subject);
            return Err(StoreError::Tampered { object }.into());
        }
    }
    let kept = kept.len() as u64;
    if kept != newest.len() as u64 {
        return Err(Error::new(
            ErrorCode::Tampered,
            format!("the log tells of {} certificates, but the vault has {kept}", newest.len()),
        ));
    }
    Ok(kept)
}

/// The same for every public key that is kept alone.
fn compare_known_keys(
    tx: &dyn ReadTransaction,
    newest: &HashMap<KnownKeyId, (u64, [u8; 32])>,
) -> Result<u64, Error> {
    let kept = tx.known_keys(None)?;
    for record in &kept {
        if newest.get(&record.id).is_none_or(|(_, digest)| *digest != record.state_digest()) {
            let object = format!("the public key “{}”", record.name);
            return Err(StoreError::Tampered { object }.into());
        }
    }
    let kept = kept.len() as u64;
    if kept != newest.len() as u64 {
        return Err(Error::new(
            ErrorCode::Tampered,
            format!("the log tells of {} public keys, but the vault has {kept}", newest.len()),
        ));
    }
    Ok(kept)
}

//! Makes a backup and proves it by a restore.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use keyreeve_domain::audit::{Action, ObjectKind};
use keyreeve_domain::ports::{
    BackupItem, BackupPlan, BackupRecipients, BackupRecord, BackupSubject, Progress, Silent,
    WrittenBackup,
};

use crate::api::{CreateBackupRequest, CreateBackupResponse, ErrorCode};
use crate::audit::{VerifiedState, verify_all, verify_state};
use crate::backup::BACKUP_ENDING;
use crate::backup::standard_files::standard_files;
use crate::error::Error;
use crate::scratch::Scratch;
use crate::session::UnlockedSession;
use crate::vault::require_strong;

/// Writes a backup, restores it in a scratch folder, opens that with this vault's key, verifies
/// its log and keys, and only then calls it good and remembers it.
///
/// # Errors
/// When the recipients are not understood, the file exists or cannot be written, the restore does
/// not prove it, or the caller cancels; no earlier backup is touched.
pub fn create_backup(
    session: &UnlockedSession,
    request: &CreateBackupRequest,
    progress: &dyn Progress,
) -> Result<CreateBackupResponse, Error> {
    let out = out_path(&request.out)?;
    let recipients = recipients(request)?;
    if request.with_standard_files {
        session.may_administer()?;
        session.fresh(request.proof.as_ref())?;
    }
    // The checkpoint vouches for the copy.
    session.write()?.commit_with_checkpoint()?;
    write_backup(session, request, &out, recipients, progress)
}

fn write_backup(
    session: &UnlockedSession,
    request: &CreateBackupRequest,
    out: &Path,
    recipients: BackupRecipients<'_>,
    progress: &dyn Progress,
) -> Result<CreateBackupResponse, Error> {
    let scratch = Scratch::beside(out)?;
    let copy = scratch.path().join("vault.db");
    let header = session.world.headers.raw(&session.path)?;
    session.store.copy_to(&copy, progress)?;
    // The two belong together: a material key that was rotated in between would be in one alone.
    if session.world.headers.raw(&session.path)? != header {
        let message = "the vault's slots were changed while the backup was being made";
        return Err(Error::new(ErrorCode::Busy, message));
    }

    let database_key = session.held().keys.vault.derive_database_key(session.vault_id().as_bytes());
    let copied = session.world.stores.open(scratch.path(), &database_key)?;
    let (subject, extra) = {
        let tx = copied.read()?;
        let frontier = tx.frontier()?;
        let subject = BackupSubject {
            vault_id: session.vault_id(),
            created_at: session.now(),
            keys: tx.counts(session.now())?.total,
            audit_size: frontier.size(),
            audit_root: frontier.root(),
            audit_public_key: session.meta.audit_public_key,
        };
        let extra = if request.with_standard_files {
            standard_files(session, &*tx, progress)?
        } else {
            Vec::new()
        };
        (subject, extra)
    };
    drop(copied);

    let header_bytes = keyreeve_crypto::SecretBytes::new(header);
    let mut items = vec![
        BackupItem::Bytes { name: "vault/header.json".into(), bytes: header_bytes },
        BackupItem::File { name: "vault/vault.db".into(), path: copy },
    ];
    items.extend(extra);
    let audit_key = session.audit_key()?;
    let alarm = RefCell::new(None);
    let drill = |restored: &Path| {
        drill(session, restored, &subject).map_err(|error| {
            let words = error.to_string();
            // Was the vault's copy at fault, or is it the vault that does not verify? Or the disk, which
            // says nothing of either?
            let (key, vault) = (subject.audit_public_key, subject.vault_id);
            let of_vault = verify_state(&*session.store, key, vault, progress).err();
            alarm.replace(of_vault.or_else(|| of_disk(error)));
            words
        })
    };
    let plan = BackupPlan {
        out,
        recipients,
        subject: subject.clone(),
        items,
        signing_key: &audit_key,
        scratch: scratch.path(),
        drill: &drill,
    };
    let made = session.world.backups.create(plan, progress);
    // What is wrong with the vault says more than what then went wrong with its copy.
    let written = made.map_err(|error| alarm.take().unwrap_or_else(|| error.into()))?;
    remember(session, request, out, &subject, &written)?;
    Ok(CreateBackupResponse {
        file: out.to_string_lossy().into_owned(),
        bytes: written.bytes,
        keys: subject.keys,
        verified: true,
    })
}

/// The error, where it is the disk that failed.
fn of_disk(error: Error) -> Option<Error> {
    let message = "the backup could not be restored to prove it, so it was removed";
    matches!(error.code(), ErrorCode::Io | ErrorCode::DiskFull | ErrorCode::ReadOnly)
        .then(|| Error::caused(error.code(), message, error))
}

/// Opens what was restored as a vault of this one's and verifies it in full.
pub(super) fn drill(
    session: &UnlockedSession,
    restored: &Path,
    subject: &BackupSubject,
) -> Result<(), Error> {
    session.world.headers.read(restored)?;
    let database_key = session.held().keys.vault.derive_database_key(session.vault_id().as_bytes());
    let store = session.world.stores.open(restored, &database_key)?;
    let VerifiedState { log, keys, .. } =
        verify_all(&*store, subject.audit_public_key, subject.vault_id, &Silent)?;
    if (log.size, log.root, keys) != (subject.audit_size, subject.audit_root, subject.keys) {
        return Err(Error::new(
            ErrorCode::BackupDamaged,
            "the restored copy does not have the log and keys that went in",
        ));
    }
    Ok(())
}

fn remember(
    session: &UnlockedSession,
    request: &CreateBackupRequest,
    out: &Path,
    subject: &BackupSubject,
    written: &WrittenBackup,
) -> Result<(), Error> {
    let file = std::path::absolute(out).unwrap_or_else(|_| out.into());
    let recipients = match request.backup_passphrase {
        Some(_) => vec!["passphrase".to_owned()],
        None => request.recipients.clone(),
    };
    let mut write = session.write()?;
    let mut draft =
        write.draft(Action::BackupCreate, ObjectKind::Backup, hex::encode(written.sha256));
    draft.details.insert("file".into(), file.to_string_lossy().into_owned());
    draft.details.insert("keys".into(), subject.keys.to_string());
    draft.details.insert("auditSize".into(), subject.audit_size.to_string());
    let standard_files = request.with_standard_files;
    draft.details.insert("standardFiles".into(), standard_files.to_string());
    write.tx.append(draft)?;
    write.tx.put_backup(&BackupRecord {
        id: 0,
        time: subject.created_at,
        file: file.to_string_lossy().into_owned(),
        bytes: written.bytes,
        sha256: written.sha256,
        keys: subject.keys,
        audit_size: subject.audit_size,
        recipients,
        verified_at: Some(write.stamp.time),
        standard_files,
    })?;
    write.commit()
}

fn out_path(text: &str) -> Result<PathBuf, Error> {
    if text.trim().is_empty() {
        return Err(Error::invalid("say where the backup is to be written"));
    }
    if text.ends_with(BACKUP_ENDING) {
        return Ok(text.into());
    }
    Ok(format!("{text}{BACKUP_ENDING}").into())
}

fn recipients(request: &CreateBackupRequest) -> Result<BackupRecipients<'_>, Error> {
    match (&request.backup_passphrase, request.recipients.as_slice()) {
        (Some(passphrase), []) => {
            require_strong(passphrase, false)?;
            Ok(BackupRecipients::Passphrase(passphrase))
        }
        (None, [_, ..]) => Ok(BackupRecipients::Keys(&request.recipients)),
        (Some(_), _) => Err(Error::invalid(
            "a backup is encrypted either with a passphrase or to recipients, not both",
        )),
        (None, []) => Err(Error::invalid("name recipients for the backup, or a passphrase")),
    }
}

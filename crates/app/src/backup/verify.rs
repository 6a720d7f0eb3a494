//! Verifies a backup by restoring it into a scratch folder.

use std::path::Path;

use keyreeve_domain::audit::{Action, ObjectKind};
use keyreeve_domain::ports::{Progress, UnpackedBackup};

use crate::api::{VerifyBackupRequest, VerifyBackupResponse};
use crate::backup::source::Opener;
use crate::error::Error;
use crate::scratch::Scratch;
use crate::session::UnlockedSession;
use crate::world::World;

/// Restores a backup into a scratch folder and checks its manifest, files and header. With the
/// vault it is of unlocked, its database and log are opened and verified too, and the vault
/// remembers that.
///
/// # Errors
/// When it does not open, is damaged, or the caller cancels.
pub fn verify_backup(
    world: &World,
    session: Option<&UnlockedSession>,
    request: &VerifyBackupRequest,
    progress: &dyn Progress,
) -> Result<VerifyBackupResponse, Error> {
    let file = Path::new(&request.file);
    let opener = Opener::of(
        request.backup_passphrase.as_ref(),
        request.identity_file.as_deref(),
        request.identity_passphrase.as_ref(),
    )?;
    let scratch = Scratch::beside(file)?;
    let UnpackedBackup { subject, vault } =
        world.backups.unpack(file, &opener.identity(), scratch.path(), progress)?;
    world.headers.read(&vault)?;
    if let Some(session) = session.filter(|session| session.vault_id() == subject.vault_id) {
        super::create::drill(session, &vault, &subject)?;
        let mut write = session.write()?;
        let file = std::path::absolute(file).unwrap_or_else(|_| file.into());
        let file = file.to_string_lossy();
        let known = write.tx.backups()?.into_iter().find(|backup| backup.file == file);
        if let Some(backup) = known {
            let at = write.stamp.time;
            write.tx.set_backup_verified(backup.id, at)?;
        }
        let mut draft =
            write.draft(Action::BackupVerify, ObjectKind::Backup, subject.vault_id.to_string());
        draft.details.insert("file".into(), file.into_owned());
        write.tx.append(draft)?;
        write.commit()?;
    }
    Ok(VerifyBackupResponse {
        file: request.file.clone(),
        vault_id: subject.vault_id.to_string(),
        created_at: subject.created_at.to_string(),
        keys: subject.keys,
        audit_size: subject.audit_size,
        verified: true,
    })
}

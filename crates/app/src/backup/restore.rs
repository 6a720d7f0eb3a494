//! Restores a backup into a new vault.

use std::path::Path;

use keyreeve_domain::ports::{Anchor, Progress, UnpackedBackup};

use crate::api::{RestoreBackupRequest, RestoreBackupResponse, RestoredVault};
use crate::backup::scratch::Scratch;
use crate::backup::source::Opener;
use crate::error::{Error, io_code};
use crate::parse;
use crate::world::World;

/// Makes a new vault of a backup; it opens with the passphrase it had when the backup was made.
/// Nothing that exists is touched.
///
/// # Errors
/// When the backup does not open or is damaged, something is at the path, the file system fails,
/// or the caller cancels; nothing is then left behind.
pub fn restore_backup(
    world: &World,
    request: &RestoreBackupRequest,
    progress: &dyn Progress,
) -> Result<RestoreBackupResponse, Error> {
    let path = parse::new_vault_path(&request.path)?;
    let path = std::path::absolute(&path).unwrap_or(path);
    let opener = Opener::of(
        request.backup_passphrase.as_ref(),
        request.identity_file.as_deref(),
        request.identity_passphrase.as_ref(),
    )?;
    if path.exists() {
        let message = format!("there is already something at {}", path.display());
        return Err(Error::new(crate::api::ErrorCode::Exists, message));
    }
    let scratch = Scratch::beside(&path)?;
    let file = Path::new(&request.file);
    let UnpackedBackup { subject, vault } =
        world.backups.unpack(file, &opener.identity(), scratch.path(), progress)?;
    let header = world.headers.raw(&vault)?;
    world.headers.restore(&path, &header)?;
    let moved = std::fs::rename(vault.join("vault.db"), path.join("vault.db"))
        .and_then(|()| std::fs::File::open(&path)?.sync_all());
    moved.map_err(|error| {
        // Only what was made a moment ago.
        _ = std::fs::remove_dir_all(&path);
        Error::new(io_code(&error), format!("the vault could not be put in place: {error}"))
    })?;
    // Outside the vault, so that only a restore made here can say so. Where it cannot be written,
    // the first unlock merely does not log the restore.
    let anchor = Anchor { size: subject.audit_size, root: subject.audit_root, restored: true };
    _ = world.anchors.store(subject.vault_id, &path, &anchor);
    Ok(RestoreBackupResponse {
        vault: RestoredVault {
            id: subject.vault_id.to_string(),
            path: path.to_string_lossy().into_owned(),
        },
        keys: subject.keys,
    })
}

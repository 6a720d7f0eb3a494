//! Restores a backup into a new vault.

use std::path::Path;

use keyreeve_domain::ports::{Anchor, Progress, UnpackedBackup};

use crate::api::{RestoreBackupRequest, RestoreBackupResponse, RestoredVault};
use crate::backup::source::Opener;
use crate::error::Error;
use crate::parse;
use crate::vault::founding::{Founding, not_in_place};
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
    let mut founding = Founding::beside(&path)?;
    let file = Path::new(&request.file);
    let UnpackedBackup { subject, vault } =
        world.backups.unpack(file, &opener.identity(), founding.scratch(), progress)?;
    let folder = founding.folder();
    world.headers.restore(&folder, &world.headers.raw(&vault)?)?;
    std::fs::rename(vault.join("vault.db"), folder.join("vault.db"))
        .and_then(|()| std::fs::File::open(&folder)?.sync_all())
        .map_err(|error| not_in_place(&error))?;
    founding.put()?;
    founding.keep();
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

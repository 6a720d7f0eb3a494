//! Lists the backups that the vault knows of.

use std::path::Path;

use keyreeve_domain::ports::BackupRecord;

use crate::api::{BackupListResponse, BackupView};
use crate::error::Error;
use crate::session::UnlockedSession;

/// The backups, newest first, and how much changed since.
///
/// # Errors
/// When the database fails.
pub fn list_backups(session: &UnlockedSession) -> Result<BackupListResponse, Error> {
    let tx = session.read()?;
    let backups = tx.backups()?;
    let covered = backups.first().map_or(0, |backup| backup.audit_size);
    Ok(BackupListResponse {
        events_since: tx.key_changes_since(covered)?,
        backups: backups.into_iter().map(view).collect(),
    })
}

fn view(backup: BackupRecord) -> BackupView {
    let found = std::fs::metadata(Path::new(&backup.file));
    BackupView {
        id: backup.id,
        time: backup.time.to_string(),
        present: found.is_ok_and(|found| found.is_file() && found.len() == backup.bytes),
        file: backup.file,
        bytes: backup.bytes,
        keys: backup.keys,
        recipients: backup.recipients,
        verified_at: backup.verified_at.map(|at| at.to_string()),
        standard_files: backup.standard_files,
    }
}

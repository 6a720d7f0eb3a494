//! Exports the log into a file that anyone can verify.

use std::io::{BufWriter, Write as _};
use std::path::Path;

use keyreeve_crypto::AuditPublicKey;
use keyreeve_domain::audit::{Action, ExportHeader, ObjectKind, export_checkpoint_line};
use keyreeve_domain::ports::{Progress, StoreError};

use crate::api::{AuditExportRequest, AuditExportResponse};
use crate::error::Error;
use crate::output;
use crate::session::UnlockedSession;

/// Entries between two looks at whether to go on.
const TELL_EVERY: u64 = 10_000;

/// Writes every entry and a checkpoint of just these into a new file. The export is logged first,
/// so that the file tells of itself.
///
/// # Errors
/// When the file cannot be written, or the caller cancels; no part of it then stays.
pub fn export_audit(
    session: &UnlockedSession,
    request: &AuditExportRequest,
    progress: &dyn Progress,
) -> Result<AuditExportResponse, Error> {
    let out = Path::new(&request.out);
    let mut file = output::create_new(out)?;
    let written = write_all(session, request, &mut file, progress);
    if written.is_err() {
        output::discard(out);
    }
    written
}

fn write_all(
    session: &UnlockedSession,
    request: &AuditExportRequest,
    file: &mut std::fs::File,
    progress: &dyn Progress,
) -> Result<AuditExportResponse, Error> {
    let failed = |error: &std::io::Error| output::refused(Path::new(&request.out), error);
    let mut write = session.write()?;
    let mut draft =
        write.draft(Action::AuditExport, ObjectKind::Audit, session.vault_id().to_string());
    draft.details.insert("file".into(), request.out.clone());
    write.tx.append(draft)?;
    let checkpoint = write.commit_with_checkpoint()?;

    let mut writer = BufWriter::with_capacity(1 << 20, &mut *file);
    let header = ExportHeader {
        vault_id: session.vault_id(),
        public_key: AuditPublicKey(session.meta.audit_public_key),
        created_at: session.now(),
    };
    let mut result = writer.write_all(header.line().as_bytes());
    let mut bytes = 0;
    session
        .read()?
        .each_entry(0..checkpoint.size, &mut |seq, entry| {
            result = writer.write_all(entry).and_then(|()| writer.write_all(b"\n"));
            bytes += entry.len() as u64 + 1;
            if seq % TELL_EVERY == 0 {
                progress.report(seq, checkpoint.size);
            }
            if result.is_err() || progress.cancelled() {
                Err(StoreError::Cancelled)
            } else {
                Ok(())
            }
        })
        .or_else(|stopped| if result.is_err() { Ok(()) } else { Err(stopped) })?;
    result.map_err(|error| failed(&error))?;
    writer
        .write_all(export_checkpoint_line(&checkpoint.note).as_bytes())
        .and_then(|()| writer.flush())
        .map_err(|error| failed(&error))?;
    drop(writer);
    file.sync_all().map_err(|error| failed(&error))?;
    let bytes = file.metadata().map_or(bytes, |found| found.len());
    Ok(AuditExportResponse { file: request.out.clone(), entries: checkpoint.size, bytes })
}

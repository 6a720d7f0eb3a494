//! Writes what a vault holds into a file that other tools read; never a value.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use keyreeve_crypto::make_array;
use keyreeve_domain::audit::{Action, ObjectKind};
use keyreeve_domain::ports::{Progress, StoreError};
use keyreeve_domain::{CertificateQuery, DocumentId};
use keyreeve_formats::{InventoryFormat, InventoryHead, InventoryWriter};

use crate::api::{InventoryRequest, InventoryResponse};
use crate::error::Error;
use crate::session::UnlockedSession;
use crate::{output, parse};

/// Keys between two looks at whether to go on.
const TELL_EVERY: u64 = 1_000;

/// Writes an inventory of all keys, certificates and public keys into a new file, and logs it.
///
/// # Errors
/// When the format is not known, the file cannot be written, a key is not what the log says, or the caller
/// cancels; no part of the file then stays.
pub fn export_inventory(
    session: &UnlockedSession,
    request: &InventoryRequest,
    progress: &dyn Progress,
) -> Result<InventoryResponse, Error> {
    let format: InventoryFormat =
        request.format.parse().map_err(|error| Error::invalid(format!("{error}")))?;
    let out = Path::new(&request.out);
    let mut file = output::create_new(out)?;
    let written = write_all(session, format, &mut file, out, progress).and_then(|counts| {
        let mut write = session.write()?;
        let vault = session.vault_id().to_string();
        let mut draft = write.draft(Action::InventoryExport, ObjectKind::Vault, vault);
        draft.details.insert("file".into(), request.out.clone());
        draft.details.insert("format".into(), format.name().into());
        draft.details.insert("keys".into(), counts.keys.to_string());
        draft.details.insert("certificates".into(), counts.certificates.to_string());
        draft.details.insert("public_keys".into(), counts.known_keys.to_string());
        write.tx.append(draft)?;
        write.commit()?;
        Ok(counts)
    });
    if written.is_err() {
        output::discard(out);
    }
    let counts = written?;
    Ok(InventoryResponse {
        keys: counts.keys,
        certificates: counts.certificates,
        public_keys: counts.known_keys,
        reminders: counts.reminders,
        file: request.out.clone(),
        format: format.name().into(),
        bytes: file.metadata().map_or(0, |found| found.len()),
    })
}

/// How much an inventory tells of.
struct Told {
    keys: u64,
    certificates: u64,
    known_keys: u64,
    reminders: Option<u64>,
}

fn write_all(
    session: &UnlockedSession,
    format: InventoryFormat,
    file: &mut File,
    out: &Path,
    progress: &dyn Progress,
) -> Result<Told, Error> {
    let now = session.now();
    let failed = |error: &std::io::Error| output::refused(out, error);
    let about = InventoryHead {
        vault: session.vault_id(),
        name: parse::vault_name(session.path()),
        created_at: now,
        serial: DocumentId::from_random(make_array()?),
        app_version: env!("CARGO_PKG_VERSION").into(),
    };
    let tx = session.read()?;
    let total = tx.counts(now)?.total;
    let writer = BufWriter::with_capacity(1 << 20, &mut *file);
    let mut writer =
        InventoryWriter::begin(writer, format, &about).map_err(|error| failed(&error))?;
    let (mut keys, mut result) = (0, Ok(()));
    tx.each_key(&mut |record| {
        result = writer.add(&record);
        keys += 1;
        if keys % TELL_EVERY == 0 {
            progress.report(keys, total);
        }
        if result.is_err() || progress.cancelled() { Err(StoreError::Cancelled) } else { Ok(()) }
    })
    .or_else(|stopped| if result.is_err() { Ok(()) } else { Err(stopped) })?;
    result.map_err(|error| failed(&error))?;
    let certificates = tx.certificates(&CertificateQuery::default())?;
    for record in &certificates {
        writer.add_certificate(record, now).map_err(|error| failed(&error))?;
    }
    let known_keys = tx.known_keys(None)?;
    for record in &known_keys {
        writer.add_known_key(record).map_err(|error| failed(&error))?;
    }
    let reminders = writer.reminders();
    drop(writer.finish().map_err(|error| failed(&error))?);
    file.sync_all().map_err(|error| failed(&error))?;
    let (certificates, known_keys) = (certificates.len() as u64, known_keys.len() as u64);
    Ok(Told { keys, certificates, known_keys, reminders })
}

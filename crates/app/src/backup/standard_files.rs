//! Every exportable key as a standard file, and what is kept beside keys, for a backup that can be used
//! without Keyreeve.

use keyreeve_crypto::{Algorithm, Family, SecretBytes};
use keyreeve_domain::ports::{BackupItem, Progress, ReadTransaction, StoreError};
use keyreeve_domain::{CertificateQuery, KeyRecord, Operation, Permission};
use keyreeve_formats::{Format, Protection, certificate_pem, export_private, public_pem};

use crate::error::Error;
use crate::keys::open_material_of;
use crate::session::UnlockedSession;

/// The standard files of all versions that may go into a backup.
pub(super) fn standard_files(
    session: &UnlockedSession,
    tx: &dyn ReadTransaction,
    progress: &dyn Progress,
) -> Result<Vec<BackupItem>, Error> {
    let mut ids = Vec::new();
    tx.each_key(&mut |record| {
        if record.exportable {
            ids.push(record.id);
        }
        if progress.cancelled() { Err(StoreError::Cancelled) } else { Ok(()) }
    })?;
    let mut items = Vec::new();
    for id in ids {
        let Some(record) = tx.trusted_key(id)? else { continue };
        for version in &record.versions {
            let now = session.now();
            let permission =
                version.permits(Operation::Backup, &record.policy, record.exportable, now);
            if !matches!(permission, Permission::Granted | Permission::Warned(_)) {
                continue;
            }
            let material = open_material_of(session, tx, &record, version.version)?;
            for format in formats(record.algorithm) {
                let comment = format!("{} v{}", record.name, version.version);
                let bytes = export_private(
                    record.algorithm,
                    &material,
                    *format,
                    Protection::Plain,
                    &comment,
                );
                let bytes = bytes.map_err(|error| Error::internal(error.to_string()))?;
                let name = file_name(&record, version.version, *format);
                items.push(BackupItem::Bytes { name, bytes });
            }
        }
    }
    items.extend(kept_beside(tx)?);
    Ok(items)
}

/// Certificates, and public keys whose private halves are elsewhere.
fn kept_beside(tx: &dyn ReadTransaction) -> Result<Vec<BackupItem>, Error> {
    let item = |folder: &str, name: &str, id: String, bytes: Vec<u8>| BackupItem::Bytes {
        name: format!("plain/{folder}/{}-{}.pem", safe(name), &id[..8]),
        bytes: SecretBytes::new(bytes),
    };
    let mut items = Vec::new();
    for record in tx.certificates(&CertificateQuery::default())? {
        let pem =
            certificate_pem(&record.der).map_err(|error| Error::internal(error.to_string()))?;
        let name = record.subject.split(',').next().unwrap_or_default();
        let name = name.strip_prefix("CN=").unwrap_or(name);
        items.push(item("certificates", name, record.id.to_string(), pem.into_bytes()));
    }
    for record in tx.known_keys(None)? {
        let pem =
            public_pem(&record.public_key).map_err(|error| Error::internal(error.to_string()))?;
        let name = record.name.as_str();
        items.push(item("public-keys", name, record.id.to_string(), pem.into_bytes()));
    }
    Ok(items)
}

/// The forms that the stock tools of each kind take.
fn formats(algorithm: Algorithm) -> &'static [Format] {
    match (algorithm.family(), algorithm) {
        (Family::Symmetric, _) => &[Format::Jwk, Format::Raw],
        (_, Algorithm::Ed25519 | Algorithm::EcP256 | Algorithm::EcP384 | Algorithm::EcP521)
        | (Family::Rsa, _) => &[Format::Pkcs8Pem, Format::OpenSsh],
        (_, Algorithm::X25519) => &[Format::Pkcs8Pem, Format::Age],
        _ => &[Format::Pkcs8Pem],
    }
}

/// A name reduced to what every file system takes.
fn safe(name: &str) -> String {
    let safe = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '_' };
    name.chars().take(40).map(safe).collect()
}

/// `plain/<name>-<start of the identifier>/v<version>.<ending>`.
fn file_name(record: &KeyRecord, version: u32, format: Format) -> String {
    let name = safe(record.name.as_str());
    let id = record.id.to_string();
    let ending = match format {
        Format::Pkcs8Pem => "pem",
        Format::OpenSsh => "openssh",
        Format::Jwk => "jwk",
        Format::Age => "age",
        _ => "bin",
    };
    format!("plain/{name}-{}/v{version}.{ending}", &id[..8])
}

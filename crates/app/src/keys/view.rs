//! A key as people see it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use keyreeve_domain::ports::{BackupRecord, ReadTransaction};
use keyreeve_domain::{KeyRecord, KeyRow, KeyVersion, Operation, Permission};
use keyreeve_formats::{
    Format, can_be_openpgp, export_public, private_formats_for, public_formats_for,
};

use crate::api::{
    FieldView, HeldByBackup, KeyResponse, KeyRowView, KeyView, PolicyView, VersionPermissions,
    VersionView, WhereUsedView,
};
use crate::certificates::signs_certificates;
use crate::error::Error;

/// The answer to a change or a look.
pub(crate) fn response(
    tx: &dyn ReadTransaction,
    record: &KeyRecord,
    audit_seq: Option<u64>,
    now: Timestamp,
) -> Result<KeyResponse, Error> {
    Ok(KeyResponse { key: view(tx, record, now)?, audit_seq })
}

fn view(tx: &dyn ReadTransaction, record: &KeyRecord, now: Timestamp) -> Result<KeyView, Error> {
    let backups = tx.backups()?;
    let entries = tx.version_entries(record.id)?;
    let names = |formats: &[Format], keep: fn(Format) -> bool| -> Vec<String> {
        formats.iter().filter(|f| keep(**f)).map(|format| format.name().into()).collect()
    };
    let with_openpgp = |formats: &[Format]| {
        let by_itself = can_be_openpgp(record.algorithm, record.purpose);
        [formats, if by_itself { &[Format::OpenPgp][..] } else { &[] }].concat()
    };
    let private = with_openpgp(private_formats_for(record.algorithm));
    let public = with_openpgp(public_formats_for(record.algorithm));
    Ok(KeyView {
        id: record.id.to_string(),
        name: record.name.to_string(),
        purpose: record.purpose,
        algorithm: record.algorithm,
        strength_bits: record.algorithm.strength_bits(),
        quantum_safe: record.algorithm.is_quantum_safe(),
        exportable: record.exportable,
        state: record.state(),
        primary_version: record.primary_version,
        owner: record.owner.to_string(),
        note: record.note.to_string(),
        tags: record.tags.iter().map(ToString::to_string).collect(),
        where_used: record
            .where_used
            .iter()
            .map(|entry| WhereUsedView { kind: entry.kind, value: entry.value().into() })
            .collect(),
        fields: record
            .fields
            .iter()
            .map(|field| FieldView { name: field.name().into(), value: field.value().into() })
            .collect(),
        policy: PolicyView::from(&record.policy),
        created_at: record.created_at.to_string(),
        last_used_at: text(record.last_used_at),
        rotate_by: text(record.rotate_by()),
        revision: record.revision,
        versions: record
            .versions
            .iter()
            .rev()
            .map(|version| version_view(record, version, &entries, &backups, now))
            .collect(),
        public_formats: names(&public, |_| true),
        private_formats: names(&private, |_| true),
        protectable_formats: names(&private, Format::takes_passphrase),
        protected_formats: names(&private, Format::needs_passphrase),
        scrypt_formats: names(&private, Format::takes_scrypt),
        signs_certificates: signs_certificates(record),
    })
}

fn version_view(
    record: &KeyRecord,
    version: &KeyVersion,
    entries: &BTreeMap<u32, (u64, Option<u64>)>,
    backups: &[BackupRecord],
    now: Timestamp,
) -> VersionView {
    let public_key = version
        .public_key
        .as_deref()
        .and_then(|spki| export_public(record.algorithm, spki, Format::SpkiPem, "").ok())
        .and_then(|pem| String::from_utf8(pem).ok());
    VersionView {
        version: version.version,
        state: version.state,
        created_at: version.created_at.to_string(),
        activate_at: text(version.activate_at),
        activated_at: text(version.activated_at),
        suspended_at: text(version.suspended_at),
        deactivate_at: text(version.deactivate_at),
        deactivated_at: text(version.deactivated_at),
        compromised_at: text(version.compromised_at),
        compromise_reason: version.compromise_reason.clone(),
        destroy_scheduled_at: text(version.destroy_scheduled_at),
        destroyed_at: text(version.destroyed_at),
        replaced_by: version.replaced_by,
        origin: version.origin.name().into(),
        generator: version.generator.clone(),
        creator: version.creator.clone(),
        originator_usage_end: text(version.originator_usage_end(&record.policy)),
        recipient_usage_end: text(version.recipient_usage_end(&record.policy)),
        fingerprints: version.fingerprints.clone(),
        kcv: version.kcv.clone(),
        public_key,
        encryptions: version.encryptions,
        backups: held_by(entries.get(&version.version), backups),
        permissions: VersionPermissions {
            protect: permission(record, version, Operation::Protect, now),
            process: permission(record, version, Operation::Process, now),
            export: permission(record, version, Operation::Export, now),
        },
    }
}

/// A backup holds a version that was created before the backup's log ended and destroyed, if at
/// all, after it.
fn held_by(entry: Option<&(u64, Option<u64>)>, backups: &[BackupRecord]) -> Vec<HeldByBackup> {
    let Some((created, destroyed)) = entry else { return Vec::new() };
    backups
        .iter()
        .filter(|backup| {
            *created < backup.audit_size && destroyed.is_none_or(|seq| seq >= backup.audit_size)
        })
        .map(|backup| HeldByBackup { time: backup.time.to_string(), file: backup.file.clone() })
        .collect()
}

fn permission(
    record: &KeyRecord,
    version: &KeyVersion,
    operation: Operation,
    now: Timestamp,
) -> &'static str {
    match version.permits(operation, &record.policy, record.exportable, now) {
        Permission::Granted => "yes",
        Permission::Warned(_) => "warn",
        Permission::OverrideNeeded => "override",
        Permission::Refused(_) => "no",
    }
}

pub(crate) fn row_view(row: KeyRow) -> KeyRowView {
    KeyRowView {
        id: row.id.to_string(),
        name: row.name,
        algorithm: row.algorithm,
        purpose: row.purpose,
        state: row.state,
        rotate_by: text(row.rotate_by),
        destroy_scheduled_at: text(row.destroy_scheduled_at),
        created_at: row.created_at.to_string(),
        last_used_at: text(row.last_used_at),
        primary_version: row.primary_version,
        owner: row.owner,
        tags: row.tags,
        revision: row.revision,
    }
}

/// The row that the list will show for `record`.
pub(crate) fn row_of(record: &KeyRecord) -> KeyRowView {
    row_view(KeyRow {
        id: record.id,
        name: record.name.to_string(),
        algorithm: record.algorithm,
        purpose: record.purpose,
        state: record.state(),
        rotate_by: record.rotate_by(),
        destroy_scheduled_at: record
            .versions
            .iter()
            .filter_map(|version| version.destroy_scheduled_at)
            .min(),
        created_at: record.created_at,
        last_used_at: record.last_used_at,
        primary_version: record.primary_version,
        owner: record.owner.to_string(),
        tags: record.tags.iter().map(ToString::to_string).collect(),
        revision: record.revision,
    })
}

fn text(at: Option<Timestamp>) -> Option<String> {
    at.map(|at| at.to_string())
}

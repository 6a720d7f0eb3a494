//! Certificates: rows to records and back.

use keyreeve_domain::audit::ObjectKind;
use keyreeve_domain::ports::{Stamp, StoreError};
use keyreeve_domain::{
    CertificateChange, CertificateCounts, CertificateId, CertificateOrigin, CertificateQuery,
    CertificateRecord, KeyId, KeyVersionId, Revocation, RevocationReason, Timestamp,
};
use rusqlite::types::FromSqlError;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::fault::{Fault, damaged};
use crate::known_keys::description;
use crate::log::{self, Log};
use crate::stored::{Json, Millis, Natural};

/// The columns that [`certificate`] takes, and from where.
const SELECT: &str = "SELECT one.id, der, subject, issuer, serial, not_before, not_after, sha256,
        public_key_sha256, authority, origin, own.id, key_version, issuing.id, issuer_version,
        revoked_at, revocation_reason, replaced_by, one.created_at, one.owner, one.note, one.tags
    FROM certificates AS one
    LEFT JOIN keys AS own ON own.key = one.key
    LEFT JOIN keys AS issuing ON issuing.key = issuer_key";

/// Saves a change and its event. Answers the event's sequence number.
pub(crate) fn save(
    connection: &Connection,
    log: &mut Log,
    change: &CertificateChange,
    stamp: &Stamp,
) -> Result<u64, Fault> {
    let record = &change.record;
    if change.action.removes() {
        connection
            .prepare_cached("DELETE FROM certificates WHERE id = ?1")?
            .execute([record.id.as_bytes()])?;
        return log.append(connection, stamp.draft_of_certificate(change));
    }
    let own = record.key.map(|id| row_of(connection, id.key)).transpose()?;
    let issuing = record.issued_by.map(|id| row_of(connection, id.key)).transpose()?;
    connection
        .prepare_cached(
            "INSERT INTO certificates (id, der, subject, issuer, serial, not_before, not_after,
                 sha256, public_key_sha256, authority, origin, key, key_version, issuer_key,
                 issuer_version, revoked_at, revocation_reason, replaced_by, created_at, owner,
                 note, tags)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
                 ?18, ?19, ?20, ?21, ?22)
             ON CONFLICT (id) DO UPDATE SET
                 key = excluded.key, key_version = excluded.key_version,
                 issuer_key = excluded.issuer_key, issuer_version = excluded.issuer_version,
                 revoked_at = excluded.revoked_at,
                 revocation_reason = excluded.revocation_reason,
                 replaced_by = excluded.replaced_by, owner = excluded.owner,
                 note = excluded.note, tags = excluded.tags",
        )?
        .execute(params![
            record.id.as_bytes(),
            record.der,
            record.subject,
            record.issuer,
            record.serial,
            Millis(record.not_before),
            Millis(record.not_after),
            record.sha256,
            record.public_key_sha256,
            record.authority,
            record.origin.name(),
            own,
            record.key.map(|id| id.version),
            issuing,
            record.issued_by.map(|id| id.version),
            record.revoked.map(|revoked| Millis(revoked.at)),
            record.revoked.map(|revoked| revoked.reason.name()),
            record.replaced_by.as_ref().map(CertificateId::as_bytes),
            Millis(record.created_at),
            record.description.owner.as_str(),
            record.description.note.as_str(),
            Json(&record.description.tags),
        ])?;
    log.append(connection, stamp.draft_of_certificate(change))
}

fn row_of(connection: &Connection, key: KeyId) -> Result<i64, Fault> {
    connection
        .prepare_cached("SELECT key FROM keys WHERE id = ?1")?
        .query_row([key.as_bytes()], |row| row.get(0))
        .optional()?
        .ok_or_else(|| damaged(format!("a certificate is of key {key}, which is not there")))
}

/// The certificate `id`, checked against the newest entry that carries a digest of it.
pub(crate) fn trusted(
    connection: &Connection,
    id: CertificateId,
) -> Result<Option<CertificateRecord>, Fault> {
    let stored = connection
        .prepare_cached(&format!("{SELECT} WHERE one.id = ?1"))?
        .query_row([id.as_bytes()], certificate)
        .optional()?;
    let digest = stored.as_ref().map(CertificateRecord::state_digest);
    if log::vouches(connection, ObjectKind::Certificate, &id.to_string(), digest)? {
        Ok(stored)
    } else {
        Err(StoreError::Tampered { object: format!("certificate {id}") }.into())
    }
}

/// The certificates that `query` has, those that end first before the others.
pub(crate) fn list(
    connection: &Connection,
    query: &CertificateQuery,
) -> Result<Vec<CertificateRecord>, Fault> {
    let mut select = connection.prepare_cached(&list_statement(query))?;
    let found = select
        .query_map(
            params![
                query.search.as_ref().map(|text| text.to_ascii_lowercase()),
                query.named.as_ref().map(|text| text.to_ascii_lowercase().replace(['-', ':'], "")),
                query.key.as_ref().map(KeyId::as_bytes),
                query.issued_by.as_ref().map(KeyId::as_bytes),
                query.public_key_sha256,
                query.subject,
                query.issuer,
                query.sha256,
                i64::MAX,
            ],
            certificate,
        )?
        .collect::<Result<_, _>>()?;
    Ok(found)
}

/// The statement for the filters that `query` has, so that the index of each can serve it.
fn list_statement(query: &CertificateQuery) -> String {
    let search = "(instr(lower(subject), ?1) OR instr(lower(issuer), ?1)
        OR instr(serial, ?1) OR instr(lower(hex(sha256)), ?1) OR instr(lower(one.owner), ?1)
        OR instr(lower(one.note), ?1) OR instr(lower(one.tags), ?1))";
    let named = "(serial = ?2 OR instr(lower(hex(one.id)), ?2) = 1
        OR instr(lower(hex(sha256)), ?2) = 1)";
    let filters: Vec<_> = [
        (query.search.is_some(), search),
        (query.named.is_some(), named),
        (query.key.is_some(), "own.id = ?3"),
        (query.issued_by.is_some(), "issuing.id = ?4"),
        (query.public_key_sha256.is_some(), "public_key_sha256 = ?5"),
        (query.subject.is_some(), "subject = ?6"),
        (query.issuer.is_some(), "issuer = ?7"),
        (query.sha256.is_some(), "sha256 = ?8"),
        // The parameter with the highest number must stand somewhere.
        (true, "?9"),
    ]
    .into_iter()
    .filter_map(|(wanted, filter)| wanted.then_some(filter))
    .collect();
    format!("{SELECT} WHERE {} ORDER BY not_after, one.id", filters.join(" AND "))
}

/// How many there are at `now`.
pub(crate) fn counts(connection: &Connection, now: Timestamp) -> Result<CertificateCounts, Fault> {
    let soon = now.checked_add(CertificateRecord::WARNING).unwrap_or(Timestamp::MAX);
    let counts = connection
        .prepare_cached(
            "SELECT count(*),
                 count(*) FILTER (WHERE not_after BETWEEN ?1 AND ?2 AND not_before <= ?1
                                  AND revoked_at IS NULL AND replaced_by IS NULL),
                 count(*) FILTER (WHERE not_after < ?1
                                  AND revoked_at IS NULL AND replaced_by IS NULL)
             FROM certificates",
        )?
        .query_row(params![Millis(now), Millis(soon)], |row| {
            Ok(CertificateCounts {
                total: row.get::<_, Natural>(0)?.0,
                expiring_soon: row.get::<_, Natural>(1)?.0,
                expired: row.get::<_, Natural>(2)?.0,
            })
        })?;
    Ok(counts)
}

fn certificate(row: &Row<'_>) -> rusqlite::Result<CertificateRecord> {
    let key = |id: usize, version: usize| -> rusqlite::Result<Option<KeyVersionId>> {
        let key: Option<[u8; 16]> = row.get(id)?;
        let version: Option<u32> = row.get(version)?;
        Ok(key
            .zip(version)
            .map(|(key, version)| KeyVersionId { key: KeyId::from_bytes(key), version }))
    };
    let unknown = || rusqlite::Error::from(FromSqlError::InvalidType);
    let reason: Option<String> = row.get(16)?;
    let reason =
        reason.map(|name| RevocationReason::named(&name).ok_or_else(unknown)).transpose()?;
    let revoked_at = row.get::<_, Option<Millis>>(15)?;
    Ok(CertificateRecord {
        id: CertificateId::from_bytes(row.get(0)?),
        der: row.get(1)?,
        subject: row.get(2)?,
        issuer: row.get(3)?,
        serial: row.get(4)?,
        not_before: row.get::<_, Millis>(5)?.0,
        not_after: row.get::<_, Millis>(6)?.0,
        sha256: row.get(7)?,
        public_key_sha256: row.get(8)?,
        authority: row.get(9)?,
        origin: CertificateOrigin::named(row.get_ref(10)?.as_str()?).ok_or_else(unknown)?,
        key: key(11, 12)?,
        issued_by: key(13, 14)?,
        revoked: revoked_at.zip(reason).map(|(Millis(at), reason)| Revocation { at, reason }),
        replaced_by: row.get::<_, Option<[u8; 16]>>(17)?.map(CertificateId::from_bytes),
        created_at: row.get::<_, Millis>(18)?.0,
        description: description(row, 19)?,
    })
}

//! Writes the list of the certificates that a key of the vault revoked.

use keyreeve_domain::audit::{Action, Outcome};
use keyreeve_domain::ports::{AuditQuery, ReadTransaction};
use keyreeve_domain::{CertificateQuery, KeyId, Revocation, Timestamp};
use keyreeve_formats::CrlRequest;

use super::authority::{Chosen, trusted};
use super::sign::{OpenKey, UseOfKey, refused, within};
use crate::api::{WriteCrlRequest, WriteCrlResponse};
use crate::error::Error;
use crate::output;
use crate::session::UnlockedSession;

/// In how many days the next list is there: unless the caller says so, and at most.
const DAYS: (u32, u32) = (7, 365);
/// How many of the newest events about a key are searched for the list before.
const SEARCHED: u32 = 100;

/// Writes a list of every certificate that a version of an authority's key issued and that was revoked
/// (RFC 5280, section 5) into a new file. The event is durable before the file is.
///
/// # Errors
/// When there is no such key or version, it may not sign, the vault has no valid certificate of it that
/// lets it sign lists, or the file cannot be written.
pub fn write_crl(
    session: &UnlockedSession,
    request: &WriteCrlRequest,
) -> Result<WriteCrlResponse, Error> {
    let out = output::free_place(&request.out)?;
    let days = within(request.days, DAYS)?;
    let mut open = OpenKey::open(
        session,
        &UseOfKey {
            key: &request.key,
            version: request.version,
            action: Action::KeySignCrl,
            for_others: true,
            out: Some(&request.out),
            reason: &request.reason,
        },
    )?;
    let (id, now) = (open.id(), open.write.stamp.time);
    let tx = &*open.write.tx;
    let chosen = Chosen::kept(tx, id, now)?;
    chosen.check(tx, now)?;
    let mut revoked: Vec<(String, Revocation)> = Vec::new();
    let query = CertificateQuery { issued_by: Some(id.key), ..CertificateQuery::default() };
    for listed in tx.certificates(&query)? {
        let record = trusted(tx, &listed)?;
        if let Some(revocation) = record.revoked
            && record.issued_by == Some(id)
            && record.issuer == chosen.authority.subject()
        {
            revoked.push((record.serial, revocation));
        }
    }
    let number = number(tx, id.key, now)?;
    let wanted = CrlRequest { revoked: &revoked, number, now, days };
    let made = chosen.authority.revocation_list(&open.key, &open.spki, &wanted).map_err(refused)?;
    open.log([
        ("number", number.to_string()),
        ("revoked", revoked.len().to_string()),
        ("next_update", made.next_update.to_string()),
    ])?;
    open.write.commit()?;
    let bytes = if request.der { &made.der } else { made.pem.as_bytes() };
    output::write_new(out, bytes)?;
    Ok(WriteCrlResponse {
        file: request.out.clone(),
        bytes: bytes.len() as u64,
        issuer: chosen.authority.subject(),
        number: number.to_string(),
        revoked: revoked.len() as u64,
        this_update: now.to_string(),
        next_update: made.next_update.to_string(),
    })
}

/// The list's number: larger than that of the list before, and no smaller than the time in seconds, so
/// that it also rises in a vault that was restored from a backup made before that list.
fn number(tx: &dyn ReadTransaction, key: KeyId, now: Timestamp) -> Result<u64, Error> {
    let query = AuditQuery {
        object: Some(key.to_string()),
        action: Some(Action::KeySignCrl),
        limit: SEARCHED,
        ..AuditQuery::default()
    };
    let events = tx.events(&query)?;
    let numbers = events.iter().filter(|event| event.outcome == Outcome::Done);
    let last: Option<u64> =
        numbers.filter_map(|event| event.details.get("number")?.parse().ok()).max();
    let seconds = u64::try_from(now.as_second()).unwrap_or_default();
    Ok(last.map_or(0, |last| last.saturating_add(1)).max(seconds))
}

//! Lists audit events.

use std::collections::HashMap;

use keyreeve_domain::audit::{AuditEntry, ObjectKind};
use keyreeve_domain::ports::{AuditQuery, ReadTransaction};

use crate::api::{EventListRequest, EventListResponse, EventView};
use crate::error::Error;
use crate::parse;
use crate::session::UnlockedSession;

/// Events of a page when none are named.
const DEFAULT_LIMIT: u32 = 100;
/// Events of a page at most.
const MAX_LIMIT: u32 = 1_000;

/// A page of the log, newest first.
///
/// # Errors
/// When a part of the question is not understood, or the database fails.
pub fn list_events(
    session: &UnlockedSession,
    request: &EventListRequest,
) -> Result<EventListResponse, Error> {
    let tx = session.read()?;
    let object = match &request.key {
        Some(key) => Some(parse::find_key(&*tx, key)?.to_string()),
        None => None,
    };
    let events = tx.events(&AuditQuery {
        object,
        action: request.action,
        since: request.since.as_deref().map(parse::timestamp).transpose()?,
        until: request.until.as_deref().map(parse::timestamp).transpose()?,
        before_seq: request.before_seq,
        limit: request.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT),
    })?;
    let mut names = HashMap::new();
    let events = events.into_iter().map(|entry| event_view(&*tx, entry, &mut names));
    Ok(EventListResponse { events: events.collect::<Result<_, _>>()?, size: tx.frontier()?.size() })
}

fn event_view(
    tx: &dyn ReadTransaction,
    entry: AuditEntry,
    names: &mut HashMap<String, Option<String>>,
) -> Result<EventView, Error> {
    let object_name = match names.get(&entry.object) {
        Some(name) => name.clone(),
        None => {
            let name = key_name(tx, &entry)?;
            names.insert(entry.object.clone(), name.clone());
            name
        }
    };
    Ok(EventView {
        seq: entry.seq,
        time: entry.time.to_string(),
        actor: entry.actor.member,
        source: entry.source,
        action: entry.action,
        object_kind: entry.object_kind,
        object: entry.object,
        object_name,
        version: entry.version,
        outcome: entry.outcome,
        reason: entry.reason,
        details: entry.details,
    })
}

fn key_name(tx: &dyn ReadTransaction, entry: &AuditEntry) -> Result<Option<String>, Error> {
    if entry.object_kind == ObjectKind::Certificate {
        return Ok(entry.details.get("subject").cloned());
    }
    if entry.object_kind != ObjectKind::Key {
        return Ok(None);
    }
    let Ok(id) = entry.object.parse() else { return Ok(None) };
    Ok(tx.key(id)?.map(|record| record.name.to_string()))
}

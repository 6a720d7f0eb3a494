//! Who and what has a key: to whom it was handed over, where it is used, and which version is there.

use std::collections::BTreeMap;

use keyreeve_domain::KeyRecord;
use keyreeve_domain::audit::{Action, AuditEntry, ObjectKind, Outcome};
use keyreeve_domain::ports::{AuditQuery, ReadTransaction};

use crate::api::{
    DistributionItem, DistributionRequest, DistributionResponse, ErrorCode, HolderKind,
    NoteRollOutRequest,
};
use crate::error::Error;
use crate::keys::hand_over::{HOW, NAME, RECIPIENT};
use crate::parse;
use crate::session::UnlockedSession;

/// In an event's details: the place that has a version now.
const PLACE: &str = "place";
/// Likewise: that the holder is none any more.
const ENDED: &str = "ended";
/// How many events are read at once.
const PAGE: u32 = 500;

/// Who and what has the key, those first that lack its primary version. The log says so: each hand-over and
/// each note of a roll-out is an event.
///
/// # Errors
/// When there is no such key, or the database fails.
pub fn distribution(
    session: &UnlockedSession,
    request: &DistributionRequest,
) -> Result<DistributionResponse, Error> {
    let tx = session.read()?;
    let id = parse::find_key(&*tx, &request.key)?;
    let record = tx.trusted_key(id)?.ok_or_else(|| Error::internal("the key vanished"))?;
    Ok(response(&record, holders(&*tx, &record)?, None))
}

/// Writes into the log that a holder has a version now, by whatever way it came there, or that it needs
/// the key no more.
///
/// # Errors
/// When there is no such key, version or holder, a place is said to need it no more, the slot's role refuses,
/// or the database fails.
pub fn note_roll_out(
    session: &UnlockedSession,
    request: &NoteRollOutRequest,
) -> Result<DistributionResponse, Error> {
    session.may_change_keys()?;
    let mut write = session.write()?;
    let id = parse::find_key(&*write.tx, &request.key)?;
    let record = write.tx.trusted_key(id)?.ok_or_else(|| Error::internal("the key vanished"))?;
    let number = request.version.unwrap_or(record.primary_version);
    if record.version(number).is_none() {
        return Err(Error::new(
            ErrorCode::NotFound,
            format!("“{}” has no version {number}", record.name),
        ));
    }
    let holder = named(holders(&*write.tx, &record)?, &request.holder, &record)?;
    if request.ended && holder.kind == HolderKind::Place {
        return Err(Error::invalid(
            "a place is taken off the list where it is written down: among the key's places of use",
        ));
    }
    let mut draft = write.draft(Action::KeyRollOut, ObjectKind::Key, id.to_string());
    draft.version = Some(number);
    draft.reason = Some(request.reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    draft.digest = Some(record.state_digest());
    let detail = if holder.kind == HolderKind::Place { PLACE } else { RECIPIENT };
    draft.details.insert(detail.into(), holder.id);
    if let Some(name) = holder.name {
        draft.details.insert(NAME.into(), name);
    }
    if request.ended {
        draft.details.insert(ENDED.into(), "yes".into());
    }
    let seq = write.tx.append(draft)?;
    let holders = holders(&*write.tx, &record)?;
    write.commit()?;
    Ok(response(&record, holders, Some(seq)))
}

fn response(
    record: &KeyRecord,
    mut holders: Vec<DistributionItem>,
    audit_seq: Option<u64>,
) -> DistributionResponse {
    holders.sort_by(|a, b| (a.up_to_date, &a.id).cmp(&(b.up_to_date, &b.id)));
    DistributionResponse {
        primary_version: record.primary_version,
        behind: holders.iter().filter(|holder| !holder.up_to_date).count(),
        holders,
        audit_seq,
    }
}

/// The holder of this identifier or name.
fn named(
    holders: Vec<DistributionItem>,
    asked: &str,
    record: &KeyRecord,
) -> Result<DistributionItem, Error> {
    let fits =
        |holder: &DistributionItem| holder.id == asked || holder.name.as_deref() == Some(asked);
    let mut found = holders.into_iter().filter(fits);
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (Some(_), Some(_)) => Err(Error::new(
            ErrorCode::Ambiguous,
            format!("several holders of “{}” are called “{}”", record.name, parse::short(asked)),
        )),
        (None, _) => Err(Error::new(
            ErrorCode::NotFound,
            format!("“{}” has no holder “{}”", record.name, parse::short(asked)),
        )),
    }
}

/// The places written down on the key, and everyone whom the log names.
fn holders(tx: &dyn ReadTransaction, record: &KeyRecord) -> Result<Vec<DistributionItem>, Error> {
    let mut holders: BTreeMap<(HolderKind, String), DistributionItem> = BTreeMap::new();
    for place in &record.where_used {
        let id = format!("{}={}", place.kind.name(), place.value());
        let holder = DistributionItem::new(HolderKind::Place, id.clone());
        holders.insert((HolderKind::Place, id), holder);
    }
    for event in events(tx, record)? {
        let Some((kind, id)) = holder_of(&event) else { continue };
        let key = (kind, id.to_owned());
        if kind == HolderKind::Place {
            // A place that was crossed out on the key is none.
            let Some(holder) = holders.get_mut(&key) else { continue };
            note(holder, &event, record);
        } else if event.details.contains_key(ENDED) {
            holders.remove(&key);
        } else {
            let holder =
                holders.entry(key).or_insert_with(|| DistributionItem::new(kind, id.to_owned()));
            note(holder, &event, record);
        }
    }
    Ok(holders.into_values().collect())
}

fn holder_of(event: &AuditEntry) -> Option<(HolderKind, &str)> {
    if let Some(place) = event.details.get(PLACE) {
        return Some((HolderKind::Place, place));
    }
    Some((HolderKind::Recipient, event.details.get(RECIPIENT)?))
}

fn note(holder: &mut DistributionItem, event: &AuditEntry, record: &KeyRecord) {
    holder.version = event.version;
    holder.time = Some(event.time.to_string());
    holder.reason.clone_from(&event.reason);
    holder.up_to_date = event.version == Some(record.primary_version);
    if let Some(name) = event.details.get(NAME) {
        holder.name = Some(name.clone());
    }
    if let Some(how) = event.details.get(HOW) {
        holder.how = Some(how.clone());
    }
}

/// The key's hand-overs and roll-outs that were not refused, oldest first.
fn events(tx: &dyn ReadTransaction, record: &KeyRecord) -> Result<Vec<AuditEntry>, Error> {
    let mut found = Vec::new();
    for action in [Action::KeyHandOver, Action::KeyRollOut] {
        let mut before_seq = None;
        loop {
            let page = tx.events(&AuditQuery {
                object: Some(record.id.to_string()),
                action: Some(action),
                since: None,
                until: None,
                before_seq,
                limit: PAGE,
            })?;
            before_seq = page.last().map(|event| event.seq);
            let is_last = page.len() < PAGE as usize;
            found.extend(page);
            if is_last {
                break;
            }
        }
    }
    found.retain(|event| event.outcome == Outcome::Done);
    found.sort_by_key(|event| event.seq);
    Ok(found)
}

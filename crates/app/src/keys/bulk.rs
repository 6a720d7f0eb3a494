//! Changes many keys in one transaction: all of them, or none.

use std::collections::BTreeSet;

use keyreeve_domain::ports::{Progress, ReadTransaction, SealedVersion, StoreError};
use keyreeve_domain::{Edit, KeyChange, KeyId, KeyQuery, KeyRecord, Tag, TransitionError};

use crate::api::{BulkChange, BulkChangeRequest, BulkChangeResponse, BulkSelection, SkippedKey};
use crate::error::Error;
use crate::keys::list::query;
use crate::keys::material::{Made, imagined, make};
use crate::parse;
use crate::session::{UnlockedSession, Write};

/// How many skipped keys the answer names.
const SHOWN: usize = 100;

/// Changes many keys. Keys to which the change does not apply are left as they are and named.
///
/// # Errors
/// When a part of the request is not understood, a key is gone, or the caller cancels: then
/// nothing was changed.
pub fn bulk_change(
    session: &UnlockedSession,
    request: &BulkChangeRequest,
    progress: &dyn Progress,
) -> Result<BulkChangeResponse, Error> {
    session.may_change_keys()?;
    let ids = selected(session, &request.selection)?;
    let mut made = match &request.change {
        BulkChange::Rotate => make_slow(session, &ids, progress)?,
        _ => Vec::new(),
    }
    .into_iter()
    .peekable();
    let mut write = session.write()?;
    let mut answer = BulkChangeResponse { changed: 0, skipped: Vec::new(), skipped_total: 0 };
    for (done, id) in ids.iter().enumerate() {
        if progress.cancelled() {
            return Err(StoreError::Cancelled.into());
        }
        let record = trusted(&*write.tx, *id)?;
        let ready = made.next_if(|(key, _)| key == id).map(|(_, made)| made);
        match change(session, &write, &record, request, ready)? {
            Ok((change, sealed)) => {
                write.tx.save_key(&change, sealed.as_slice(), &write.stamp)?;
                answer.changed += 1;
            }
            Err(refused) => {
                answer.skipped_total += 1;
                if answer.skipped.len() < SHOWN {
                    let name = record.name.to_string();
                    answer.skipped.push(SkippedKey { name, why: refused.to_string() });
                }
            }
        }
        progress.report(done as u64 + 1, ids.len() as u64);
    }
    write.commit()?;
    Ok(answer)
}

fn selected(session: &UnlockedSession, selection: &BulkSelection) -> Result<Vec<KeyId>, Error> {
    let tx = session.read()?;
    match selection {
        BulkSelection::Keys { keys } => {
            let ids = keys.iter().map(|key| parse::find_key(&*tx, key));
            // A key named twice is changed once.
            Ok(ids.collect::<Result<BTreeSet<_>, _>>()?.into_iter().collect())
        }
        BulkSelection::Query { query: request } => {
            let now = session.now();
            let query = KeyQuery { after: None, ..query(request, now)? };
            Ok(tx.ids(&query, now)?)
        }
    }
}

fn trusted(tx: &dyn ReadTransaction, id: KeyId) -> Result<KeyRecord, Error> {
    tx.trusted_key(id)?.ok_or_else(|| {
        Error::new(crate::api::ErrorCode::NotFound, "a selected key is no longer there")
    })
}

/// Makes the material that takes long before the transaction begins, so that other programs need
/// not wait for it. What is quick is made on the way.
fn make_slow(
    session: &UnlockedSession,
    ids: &[KeyId],
    progress: &dyn Progress,
) -> Result<Vec<(KeyId, Made)>, Error> {
    let mut slow = Vec::new();
    {
        let tx = session.read()?;
        for id in ids {
            // Compared with the log when it is changed; here it only says what is to be made.
            let Some(record) = tx.key(*id)? else { continue };
            let rotates = record.rotate(imagined(session), "", session.now()).is_ok();
            if rotates && record.algorithm.is_asymmetric() {
                slow.push((*id, record.algorithm));
            }
        }
    }
    let total = slow.len() as u64;
    let mut made = Vec::with_capacity(slow.len());
    for (id, algorithm) in slow {
        if progress.cancelled() {
            return Err(StoreError::Cancelled.into());
        }
        made.push((id, make(algorithm)?));
        progress.report(made.len() as u64, total + ids.len() as u64);
    }
    Ok(made)
}

type Changed = Result<(KeyChange, Option<SealedVersion>), TransitionError>;

fn change(
    session: &UnlockedSession,
    write: &Write<'_>,
    record: &KeyRecord,
    request: &BulkChangeRequest,
    made: Option<Made>,
) -> Result<Changed, Error> {
    let now = write.stamp.time;
    let plain = |change: Result<KeyChange, TransitionError>| change.map(|change| (change, None));
    Ok(match &request.change {
        BulkChange::Rotate => {
            if let Err(refused) = record.rotate(imagined(session), &request.reason, now) {
                return Ok(Err(refused));
            }
            let made = made.map_or_else(|| make(record.algorithm), Ok)?;
            let context = record.material_context(session.vault_id(), record.next_version());
            let (version, sealed) = made.seal(session, &context)?;
            record.rotate(version, &request.reason, now).map(|change| (change, Some(sealed)))
        }
        BulkChange::Deactivate => plain(record.deactivate(None, &request.reason, now)),
        BulkChange::AddTag { tag } => {
            let mut tags = record.tags.clone();
            tags.insert(Tag::parse(tag)?);
            plain(record.edit(Edit { tags: Some(tags), ..Edit::default() }))
        }
        BulkChange::RemoveTag { tag } => {
            let mut tags = record.tags.clone();
            tags.remove(&Tag::parse(tag)?);
            plain(record.edit(Edit { tags: Some(tags), ..Edit::default() }))
        }
    })
}

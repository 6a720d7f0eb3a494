//! The changes of a key's state that need nothing but a version and a reason.

use jiff::Timestamp;
use keyreeve_domain::{KeyChange, KeyRecord, TransitionError};

use crate::api::{ChangeKeyRequest, KeyResponse, ResumeKeyRequest};
use crate::error::Error;
use crate::keys::view;
use crate::session::UnlockedSession;

/// Makes a pre-active key active before its date.
///
/// # Errors
/// When there is no such key, it was changed meanwhile, or its state refuses.
pub fn activate_key(
    session: &UnlockedSession,
    request: &ChangeKeyRequest,
) -> Result<KeyResponse, Error> {
    change(session, request, |record, now| Ok(record.activate(now)?.with_reason(&request.reason)))
}

/// Pauses the use of a version.
///
/// # Errors
/// When there is no such key, it was changed meanwhile, or its state refuses.
pub fn suspend_key(
    session: &UnlockedSession,
    request: &ChangeKeyRequest,
) -> Result<KeyResponse, Error> {
    change(session, request, |record, now| record.suspend(request.version, &request.reason, now))
}

/// Takes the use of a version up again, for someone who has just shown that they may.
///
/// # Errors
/// When the passphrase was not entered again or is wrong, there is no such key, it was changed
/// meanwhile, or its state or period refuses.
pub fn resume_key(
    session: &UnlockedSession,
    request: &ResumeKeyRequest,
) -> Result<KeyResponse, Error> {
    session.may_change_keys()?;
    if !request.dry_run {
        session.fresh(request.proof.as_ref())?;
    }
    apply(session, &request.key, request.expected_revision, request.dry_run, |record, now| {
        Ok(record.resume(request.version, now)?.with_reason(&request.reason))
    })
}

/// Retires a version, or all that are in use.
///
/// # Errors
/// When there is no such key, it was changed meanwhile, or its state refuses.
pub fn deactivate_key(
    session: &UnlockedSession,
    request: &ChangeKeyRequest,
) -> Result<KeyResponse, Error> {
    change(session, request, |record, now| record.deactivate(request.version, &request.reason, now))
}

/// Cancels a scheduled destruction.
///
/// # Errors
/// When there is no such key, it was changed meanwhile, or no destruction is scheduled.
pub fn cancel_destroy_key(
    session: &UnlockedSession,
    request: &ChangeKeyRequest,
) -> Result<KeyResponse, Error> {
    change(session, request, |record, _now| {
        Ok(record.cancel_destruction(request.version)?.with_reason(&request.reason))
    })
}

fn change(
    session: &UnlockedSession,
    request: &ChangeKeyRequest,
    rule: impl FnOnce(&KeyRecord, Timestamp) -> Result<KeyChange, TransitionError>,
) -> Result<KeyResponse, Error> {
    apply(session, &request.key, request.expected_revision, request.dry_run, rule)
}

/// Loads a key, applies a rule to it, and saves what comes of it with its event; with `dry_run`
/// only tells.
pub(super) fn apply(
    session: &UnlockedSession,
    key: &str,
    expected_revision: Option<u64>,
    dry_run: bool,
    rule: impl FnOnce(&KeyRecord, Timestamp) -> Result<KeyChange, TransitionError>,
) -> Result<KeyResponse, Error> {
    session.may_change_keys()?;
    let mut write = session.write()?;
    let record = write.load(key, expected_revision)?;
    let change = rule(&record, write.stamp.time)?;
    if dry_run {
        return view::response(&*write.tx, &change.record, None, write.stamp.time);
    }
    let seq = write.tx.save_key(&change, &[], &write.stamp)?;
    let response = view::response(&*write.tx, &change.record, Some(seq), write.stamp.time)?;
    write.commit()?;
    Ok(response)
}

//! Schedules the destruction of a key's material.

use keyreeve_domain::DEFAULT_DESTRUCTION_WAIT_DAYS;

use crate::api::{DestroyKeyRequest, KeyResponse};
use crate::error::Error;
use crate::keys::change::apply;
use crate::session::UnlockedSession;

/// Schedules the destruction of a version, or of all that have material.
///
/// # Errors
/// When there is no such key, it was changed meanwhile, a version is still in use, or the waiting
/// period is out of range.
pub fn destroy_key(
    session: &UnlockedSession,
    request: &DestroyKeyRequest,
) -> Result<KeyResponse, Error> {
    let days = request.wait_days.unwrap_or(DEFAULT_DESTRUCTION_WAIT_DAYS);
    apply(session, &request.key, request.expected_revision, false, |record, now| {
        record.schedule_destruction(request.version, days, &request.reason, now)
    })
}

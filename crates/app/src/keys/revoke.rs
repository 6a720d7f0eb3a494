//! Reports a version compromised.

use crate::api::{KeyResponse, RevokeKeyRequest};
use crate::error::Error;
use crate::keys::change::apply;
use crate::parse;
use crate::session::UnlockedSession;

/// Reports a version compromised, for a reason and as of a time.
///
/// # Errors
/// When there is no such key, it was changed meanwhile, no reason is given, the time is in the
/// future, or it was reported before.
pub fn revoke_key(
    session: &UnlockedSession,
    request: &RevokeKeyRequest,
) -> Result<KeyResponse, Error> {
    let at = request.at.as_deref().map(parse::timestamp).transpose()?;
    apply(session, &request.key, request.expected_revision, false, |record, now| {
        record.revoke(request.version, &request.reason, at.unwrap_or(now), now)
    })
}

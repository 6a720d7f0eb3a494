//! Renames a key.

use crate::api::{KeyResponse, RenameKeyRequest};
use crate::error::Error;
use crate::keys::change::apply;
use crate::parse;
use crate::session::UnlockedSession;

/// Gives a key another name.
///
/// # Errors
/// When there is no such key, it was changed meanwhile, or the name is taken or cannot be one.
pub fn rename_key(
    session: &UnlockedSession,
    request: &RenameKeyRequest,
) -> Result<KeyResponse, Error> {
    let name = parse::name(&request.name)?;
    apply(session, &request.key, request.expected_revision, false, |record, _now| {
        record.rename(name)
    })
}

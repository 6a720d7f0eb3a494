//! Shows a key in full.

use crate::api::{ErrorCode, KeyRequest, KeyResponse};
use crate::error::Error;
use crate::keys::view;
use crate::parse;
use crate::session::UnlockedSession;

/// A key in full, compared with the log.
///
/// # Errors
/// When there is no such key, or it is not what the log says of it.
pub fn show_key(session: &UnlockedSession, request: &KeyRequest) -> Result<KeyResponse, Error> {
    let tx = session.read()?;
    let id = parse::find_key(&*tx, &request.key)?;
    let record = tx.trusted_key(id)?.ok_or_else(|| {
        let key = parse::short(&request.key);
        Error::new(ErrorCode::NotFound, format!("there is no key “{key}”"))
    })?;
    view::response(&*tx, &record, None, session.now())
}

//! Rotates a key.

use crate::api::{ChangeKeyRequest, KeyResponse};
use crate::error::Error;
use crate::keys::material::{imagined, make};
use crate::keys::view;
use crate::session::{UnlockedSession, Write};

/// Makes a new primary version; the one before is retired as the policy says.
///
/// # Errors
/// When there is no such key, it was changed meanwhile, or its state or policy refuses.
pub fn rotate_key(
    session: &UnlockedSession,
    request: &ChangeKeyRequest,
) -> Result<KeyResponse, Error> {
    session.may_change_keys()?;
    // Refused before any material is made; and all that is asked for in a dry run.
    let seen = {
        let write = session.write()?;
        let record = load(&write, request)?;
        let change = record.rotate(imagined(session), &request.reason, write.stamp.time)?;
        if request.dry_run {
            return view::response(&*write.tx, &change.record, None, write.stamp.time);
        }
        record
    };
    let made = make(seen.algorithm)?;
    let mut write = session.write()?;
    let record = load(&write, request)?;
    let number = record.next_version();
    let context = record.material_context(session.vault_id(), number);
    let (version, sealed) = made.seal(session, &context)?;
    let change = record.rotate(version, &request.reason, write.stamp.time)?;
    let seq = write.tx.save_key(&change, &[sealed], &write.stamp)?;
    let response = view::response(&*write.tx, &change.record, Some(seq), write.stamp.time)?;
    write.commit()?;
    Ok(response)
}

fn load(
    write: &Write<'_>,
    request: &ChangeKeyRequest,
) -> Result<keyreeve_domain::KeyRecord, Error> {
    write.load(&request.key, request.expected_revision)
}

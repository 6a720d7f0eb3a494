//! Removes a slot, and with it, where that is wanted, what its old copies still reach.

use keyreeve_domain::audit::Action;
use keyreeve_domain::ports::Progress;

use crate::api::{RemoveSlotRequest, RemoveSlotResponse, SlotResponse};
use crate::error::Error;
use crate::material_key::rotate_material_key;
use crate::parse;
use crate::session::{Fresh, UnlockedSession};
use crate::slots::changed;

/// Removes a slot. An old copy of the header still opens with it: an old copy of the vault, and this
/// one too as long as the material key stays. So that is rotated afterwards, where it is wanted; never
/// before, or a copy of the header made in between would hold the new key for the slot.
///
/// # Errors
/// When the session's slot is no administrator's, it is the last way in of its kind, or the header
/// cannot be changed. An error of the rotation says that the slot is removed all the same.
pub fn remove_slot(
    session: &UnlockedSession,
    request: &RemoveSlotRequest,
    proof: &Fresh,
    progress: &dyn Progress,
) -> Result<RemoveSlotResponse, Error> {
    session.may_administer()?;
    let slot = parse::slot_id(&request.slot)?;
    let removed = changed(session, Action::SlotRemove, || {
        session.world.headers.remove_slot(&session.path, &session.held().keys, slot)
    })?;
    let SlotResponse { slot, audit_seq } = removed;
    let mut material_key = None;
    if request.rotate_material_key {
        let reason = format!("the slot “{}” was removed", slot.name);
        let rotated = rotate_material_key(session, &reason, proof, progress);
        material_key = Some(rotated.map_err(|error| {
            let message = "the slot was removed, but the material key could not be rotated";
            Error::caused(error.code(), message, error)
        })?);
    }
    Ok(RemoveSlotResponse { slot, audit_seq, material_key })
}

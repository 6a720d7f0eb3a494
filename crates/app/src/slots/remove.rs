//! Removes a slot.

use keyreeve_domain::audit::Action;

use crate::api::{RemoveSlotRequest, SlotResponse};
use crate::error::Error;
use crate::parse;
use crate::session::{Fresh, UnlockedSession};
use crate::slots::changed;

/// Removes a slot. An old copy of the header still opens an old copy of the vault with it.
///
/// # Errors
/// When the session's slot is no administrator's, it is the last way in of its kind, or the header
/// cannot be changed.
pub fn remove_slot(
    session: &UnlockedSession,
    request: &RemoveSlotRequest,
    _proof: &Fresh,
) -> Result<SlotResponse, Error> {
    session.may_administer()?;
    let slot = parse::slot_id(&request.slot)?;
    changed(session, Action::SlotRemove, || {
        session.world.headers.remove_slot(&session.path, &session.keys, slot)
    })
}

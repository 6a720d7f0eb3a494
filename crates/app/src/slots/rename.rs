//! Renames a slot.

use keyreeve_domain::audit::Action;

use crate::api::{RenameSlotRequest, SlotResponse};
use crate::error::Error;
use crate::parse;
use crate::session::UnlockedSession;
use crate::slots::changed;

/// Gives a slot another name. It opens as before, so nobody is asked again who they are.
///
/// # Errors
/// When the session's slot is no administrator's, the name is not acceptable, or the header cannot
/// be changed.
pub fn rename_slot(
    session: &UnlockedSession,
    request: &RenameSlotRequest,
) -> Result<SlotResponse, Error> {
    session.may_administer()?;
    let slot = parse::slot_id(&request.slot)?;
    let headers = &session.world.headers;
    changed(session, Action::SlotRename, || {
        headers.rename_slot(&session.path, &session.held().keys, slot, &request.name)
    })
}

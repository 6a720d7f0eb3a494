//! Tries whether a slot opens.

use keyreeve_domain::audit::Action;
use keyreeve_domain::ports::SlotChoice;

use crate::api::{SlotResponse, TestSlotRequest};
use crate::error::Error;
use crate::parse;
use crate::session::UnlockedSession;
use crate::slots::logged;

/// Unlocks with the slot once, changes nothing, and logs that.
///
/// # Errors
/// When what was shown does not open the slot.
pub fn test_slot(
    session: &UnlockedSession,
    request: &TestSlotRequest,
) -> Result<SlotResponse, Error> {
    let slot = parse::slot_id(&request.slot)?;
    let choice = SlotChoice::Id(slot);
    let headers = &session.world.headers;
    let opened = headers.unlock(&session.path, &choice, &request.credentials.shown())?;
    session.require_current(opened.header.sequence)?;
    logged(session, session.write()?, Action::SlotTest, &opened.slot, Some(slot))
}

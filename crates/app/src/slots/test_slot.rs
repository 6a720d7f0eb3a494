//! Tries whether a passphrase opens a slot.

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
/// When the passphrase does not open the slot.
pub fn test_slot(
    session: &UnlockedSession,
    request: &TestSlotRequest,
) -> Result<SlotResponse, Error> {
    let slot = parse::slot_id(&request.slot)?;
    let choice = SlotChoice::Id(slot);
    let headers = &session.world.headers;
    let opened = headers.unlock_with_passphrase(&session.path, &choice, &request.passphrase)?;
    logged(session, Action::SlotTest, &opened.slot, Some(slot))
}

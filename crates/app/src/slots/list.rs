//! Lists the slots.

use crate::api::SlotListResponse;
use crate::error::Error;
use crate::session::UnlockedSession;
use crate::vault::slot_view;

/// The ways in, with when each was last used.
///
/// # Errors
/// When the header or the database cannot be read.
pub fn list_slots(session: &UnlockedSession) -> Result<SlotListResponse, Error> {
    let uses = session.read()?.slot_uses()?;
    let header = session.world.headers.read(&session.path)?;
    Ok(SlotListResponse { slots: header.slots.iter().map(|slot| slot_view(slot, &uses)).collect() })
}

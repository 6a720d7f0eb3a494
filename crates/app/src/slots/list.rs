//! Lists the slots.

use crate::api::SlotListResponse;
use crate::error::Error;
use crate::material_key::rotated_at;
use crate::session::UnlockedSession;
use crate::vault::slot_view;

/// The ways in, with when each was last used.
///
/// # Errors
/// When the header or the database cannot be read.
pub fn list_slots(session: &UnlockedSession) -> Result<SlotListResponse, Error> {
    let tx = session.read()?;
    let uses = tx.slot_uses()?;
    let header = session.world.headers.read(&session.path)?;
    Ok(SlotListResponse {
        slots: header.slots.iter().map(|slot| slot_view(slot, &uses)).collect(),
        material_key_rotated_at: rotated_at(&*tx)?,
    })
}

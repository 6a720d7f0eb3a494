//! Unlock slots: listing, adding, changing, renaming, testing, removing.

mod add;
mod change;
mod drill;
mod list;
mod make_recovery;
mod recalibrate;
mod remove;
mod rename;
mod test_slot;

use keyreeve_domain::SlotId;
use keyreeve_domain::audit::{Action, ObjectKind};
use keyreeve_domain::ports::{HeaderError, SlotInfo};

pub use add::add_slot;
pub use change::change_passphrase;
pub(crate) use drill::untested;
pub use list::list_slots;
pub use make_recovery::make_recovery;
pub use recalibrate::{recalibrate_slot, slot_costs};
pub use remove::remove_slot;
pub use rename::rename_slot;
pub use test_slot::test_slot;

pub use crate::material_key::rotate_material_key;

use crate::api::{ErrorCode, SlotResponse};
use crate::error::Error;
use crate::session::{UnlockedSession, Write};
use crate::vault::slot_view;

/// Changes the slots, and logs that. The log's turn is taken first: where it is busy or refused, the
/// slots stay as they are. A disk that is full only then is told as what it is: changed, not logged.
fn changed(
    session: &UnlockedSession,
    action: Action,
    change: impl FnOnce() -> Result<SlotInfo, HeaderError>,
) -> Result<SlotResponse, Error> {
    let write = session.write()?;
    session.require_current(session.world.headers.read(&session.path)?.sequence)?;
    let slot = change()?;
    logged(session, write, action, &slot, None).map_err(|error| {
        let message =
            format!("the slot “{}” was changed, but the log could not tell of it", slot.name);
        Error::caused(ErrorCode::SlotNotLogged, message, error)
    })
}

/// Logs what was done with a slot, and answers with it.
fn logged(
    session: &UnlockedSession,
    mut write: Write<'_>,
    action: Action,
    slot: &SlotInfo,
    used: Option<SlotId>,
) -> Result<SlotResponse, Error> {
    let mut draft = write.draft(action, ObjectKind::Slot, slot.id.to_string());
    draft.details.insert("name".into(), slot.name.clone());
    draft.details.insert("kind".into(), slot.kind.name().into());
    draft.details.insert("role".into(), slot.role.name().into());
    let header = session.world.headers.read(&session.path)?;
    draft.details.insert("headerSequence".into(), header.sequence.to_string());
    let audit_seq = write.tx.append(draft)?;
    write.remember_header(header.sequence)?;
    if let Some(used) = used {
        write.tx.touch_slot(used, write.stamp.time)?;
    }
    let view = slot_view(slot, &write.tx.slot_uses()?);
    write.commit()?;
    Ok(SlotResponse { slot: view, audit_seq })
}

//! Unlock slots: listing, adding, changing, renaming, testing, removing.

mod add;
mod change;
mod list;
mod make_recovery;
mod remove;
mod rename;
mod test_slot;

use keyreeve_domain::SlotId;
use keyreeve_domain::audit::{Action, ObjectKind};
use keyreeve_domain::ports::SlotInfo;

pub use add::add_slot;
pub use change::change_passphrase;
pub use list::list_slots;
pub use make_recovery::make_recovery;
pub use remove::remove_slot;
pub use rename::rename_slot;
pub use test_slot::test_slot;

use crate::api::SlotResponse;
use crate::error::Error;
use crate::session::UnlockedSession;
use crate::vault::slot_view;

/// Logs what was done to a slot, and answers with it.
fn logged(
    session: &UnlockedSession,
    action: Action,
    slot: &SlotInfo,
    used: Option<SlotId>,
) -> Result<SlotResponse, Error> {
    let mut write = session.write()?;
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

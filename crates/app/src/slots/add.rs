//! Adds a slot.

use keyreeve_crypto::{VaultKey, VaultKeys};
use keyreeve_domain::Role;
use keyreeve_domain::audit::Action;
use keyreeve_domain::ports::{NewCard, NewSlot, NewWay, SlotKind};

use crate::api::{AddSlotRequest, NewSlotPart, SlotResponse};
use crate::error::Error;
use crate::parse;
use crate::session::{Fresh, UnlockedSession};
use crate::slots::changed;
use crate::vault::require_strong;

/// Adds a slot; an auditor's does not get the material key.
///
/// # Errors
/// When the session's slot is no administrator's, a new passphrase is weak and not accepted, a
/// device or service is absent, the log is busy, or the header cannot be changed; the slots are then
/// as before. [`ErrorCode::SlotNotLogged`](crate::api::ErrorCode::SlotNotLogged) says that they are not.
pub fn add_slot(
    session: &UnlockedSession,
    request: &AddSlotRequest,
    _proof: &Fresh,
) -> Result<SlotResponse, Error> {
    session.may_administer()?;
    let role = parse::role(&request.role)?;
    let name = parse::name(&request.name)?;
    let ways = request.parts.iter().map(way).collect::<Result<Vec<_>, _>>()?;
    let way = if let [way] = ways.as_slice() { *way } else { NewWay::AllOf(&ways) };
    let slot = NewSlot { name: name.as_str(), role, way, created_at: session.now() };
    let headers = &session.world.headers;
    changed(session, Action::SlotAdd, || {
        if role != Role::Auditor {
            return headers.add_slot(&session.path, &session.held().keys, &slot);
        }
        // EXPOSE: the same key under the newtype of a payload without the material key.
        let vault = VaultKey::from_bytes(session.held().keys.vault.expose());
        headers.add_slot(&session.path, &VaultKeys { vault, material: None }, &slot)
    })
}

fn way(part: &NewSlotPart) -> Result<NewWay<'_>, Error> {
    let card = |kind, serial, pin| NewWay::Card(NewCard { kind, serial, pin });
    Ok(match part {
        NewSlotPart::Passphrase { passphrase, accept_weak } => {
            require_strong(passphrase, *accept_weak)?;
            NewWay::Passphrase(passphrase)
        }
        NewSlotPart::OsKeyring {} => NewWay::OsKeyring,
        NewSlotPart::Recovery { texts } => NewWay::Recovery(texts),
        NewSlotPart::PivCard { serial, pin } => card(SlotKind::PivCard, serial.as_str(), pin),
        NewSlotPart::OpenpgpCard { serial, pin } => {
            card(SlotKind::OpenpgpCard, serial.as_str(), pin)
        }
    })
}

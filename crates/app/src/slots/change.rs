//! Changes a slot's passphrase.

use keyreeve_domain::audit::Action;

use crate::api::{ChangePassphraseRequest, SlotResponse};
use crate::error::Error;
use crate::parse;
use crate::session::{Fresh, UnlockedSession};
use crate::slots::changed;
use crate::vault::require_strong;

/// Changes a slot's passphrase: the session's own, or any if it is an administrator's.
///
/// # Errors
/// When the role refuses, the new passphrase is weak and not accepted, the log is busy, or the header
/// cannot be changed; the old passphrase then still opens the slot. As for adding.
pub fn change_passphrase(
    session: &UnlockedSession,
    request: &ChangePassphraseRequest,
    _proof: &Fresh,
) -> Result<SlotResponse, Error> {
    let slot = parse::slot_id(&request.slot)?;
    if slot != session.slot.id {
        session.may_administer()?;
    }
    require_strong(&request.new_passphrase, request.accept_weak_passphrase)?;
    let headers = &session.world.headers;
    changed(session, Action::SlotChange, || {
        headers.change_passphrase(
            &session.path,
            &session.held().keys,
            slot,
            &request.new_passphrase,
        )
    })
}

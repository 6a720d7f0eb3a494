//! Adds a passphrase slot.

use keyreeve_crypto::{VaultKey, VaultKeys};
use keyreeve_domain::audit::Action;
use keyreeve_domain::ports::NewPassphraseSlot;
use keyreeve_domain::{KeyName, Role};

use crate::api::{AddPassphraseSlotRequest, SlotResponse};
use crate::error::Error;
use crate::parse;
use crate::session::{Fresh, UnlockedSession};
use crate::slots::logged;
use crate::vault::require_strong;

/// Adds a passphrase slot; an auditor's slot does not get the material key.
///
/// # Errors
/// When the session's slot is no administrator's, the new passphrase is weak and not accepted, or
/// the header cannot be changed; the slots are then as before.
pub fn add_passphrase_slot(
    session: &UnlockedSession,
    request: &AddPassphraseSlotRequest,
    _proof: &Fresh,
) -> Result<SlotResponse, Error> {
    session.may_administer()?;
    let role = parse::role(&request.role)?;
    let accept_weak = request.accept_weak_passphrase;
    require_strong(&request.new_passphrase, accept_weak)?;
    let name = KeyName::parse(&request.name)?;
    let slot = NewPassphraseSlot {
        name: name.as_str(),
        role,
        passphrase: &request.new_passphrase,
        created_at: session.now(),
    };
    let added = if role == Role::Auditor {
        // EXPOSE: the same key under the newtype of a payload without the material key.
        let vault = VaultKey::from_bytes(session.keys.vault.expose());
        let keys = VaultKeys { vault, material: None };
        session.world.headers.add_passphrase_slot(&session.path, &keys, &slot)?
    } else {
        session.world.headers.add_passphrase_slot(&session.path, &session.keys, &slot)?
    };
    logged(session, Action::SlotAdd, &added, None)
}

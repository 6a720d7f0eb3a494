//! Unlock slots. What changes one asks for the passphrase again.

use keyreeve_app::api::*;
use keyreeve_app::slots;

use crate::commands::session_commands;

session_commands! {
    list_slots() -> SlotListResponse = |session| slots::list_slots(session);
    add_passphrase_slot(AddPassphraseSlotRequest) -> SlotResponse = |session, request| {
        slots::add_passphrase_slot(session, request, &session.reauthenticate(&request.passphrase)?)
    };
    change_passphrase(ChangePassphraseRequest) -> SlotResponse = |session, request| {
        slots::change_passphrase(session, request, &session.reauthenticate(&request.passphrase)?)
    };
    remove_slot(RemoveSlotRequest) -> SlotResponse = |session, request| {
        slots::remove_slot(session, request, &session.reauthenticate(&request.passphrase)?)
    };
    test_slot(TestSlotRequest) -> SlotResponse = slots::test_slot;
}

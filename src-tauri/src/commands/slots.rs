//! Unlock slots. What changes one asks again who is there.

use keyreeve_app::api::*;
use keyreeve_app::slots;

use crate::commands::session_commands;

session_commands! {
    list_slots() -> SlotListResponse = |session| slots::list_slots(session);
    add_slot(AddSlotRequest) -> SlotResponse = |session, request| {
        slots::add_slot(session, request, &session.reauthenticate(&request.proof)?)
    };
    make_recovery(MakeRecoveryRequest) -> RecoverySheetResponse = |session, request| {
        slots::make_recovery(session, request, &session.reauthenticate(&request.proof)?)
    };
    rename_slot(RenameSlotRequest) -> SlotResponse = slots::rename_slot;
    change_passphrase(ChangePassphraseRequest) -> SlotResponse = |session, request| {
        slots::change_passphrase(session, request, &session.reauthenticate(&request.proof)?)
    };
    remove_slot(RemoveSlotRequest) -> SlotResponse = |session, request| {
        slots::remove_slot(session, request, &session.reauthenticate(&request.proof)?)
    };
    test_slot(TestSlotRequest) -> SlotResponse = slots::test_slot;
}

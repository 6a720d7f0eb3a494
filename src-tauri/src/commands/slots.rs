//! Unlock slots. What changes one asks again who is there.

use keyreeve_app::api::*;
use keyreeve_app::{Error, UnlockedSession, slots};
use keyreeve_domain::ports::Progress;

use crate::commands::{job_commands, session_commands};

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
    slot_costs() -> SlotCostsResponse = |session| slots::slot_costs(session);
    recalibrate_slot(RecalibrateSlotRequest) -> RecalibrateSlotResponse = slots::recalibrate_slot;
    test_slot(TestSlotRequest) -> SlotResponse = slots::test_slot;
}

job_commands! {
    remove_slot(RemoveSlotRequest) -> RemoveSlotResponse = remove;
    rotate_material_key(RotateMaterialKeyRequest) -> RotateMaterialKeyResponse = rotate;
}

fn remove(
    session: &UnlockedSession,
    request: &RemoveSlotRequest,
    job: &dyn Progress,
) -> Result<RemoveSlotResponse, Error> {
    slots::remove_slot(session, request, &session.reauthenticate(&request.proof)?, job)
}

fn rotate(
    session: &UnlockedSession,
    request: &RotateMaterialKeyRequest,
    job: &dyn Progress,
) -> Result<RotateMaterialKeyResponse, Error> {
    let proof = session.reauthenticate(&request.proof)?;
    slots::rotate_material_key(session, &request.reason, &proof, job)
}

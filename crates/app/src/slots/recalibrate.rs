//! Makes guessing a passphrase as costly as it would be made today: computers grow faster, and a
//! vault made on a slow one is moved to a quick one.

use keyreeve_crypto::Argon2Params;
use keyreeve_domain::audit::Action;
use keyreeve_domain::ports::{Credentials, HeaderError, PartInfo, SlotChoice, SlotInfo};

use crate::api::{CostView, RecalibrateSlotRequest, RecalibrateSlotResponse, SlotCostsResponse};
use crate::error::Error;
use crate::parse;
use crate::session::UnlockedSession;
use crate::slots::changed;
use crate::vault::slot_view;

/// Which passphrase slots cost less than half of what a new one would on this computer. The first
/// time it is measured, which takes a moment.
///
/// # Errors
/// When the header cannot be read.
pub fn slot_costs(session: &UnlockedSession) -> Result<SlotCostsResponse, Error> {
    let headers = &session.world.headers;
    let today = headers.todays_cost()?;
    let header = headers.read(&session.path)?;
    let weaker =
        header.slots.iter().filter(|slot| cost_of(slot).is_some_and(|c| is_weak(c, today)));
    Ok(SlotCostsResponse {
        today: view(today),
        weaker: weaker.map(|slot| slot.id.to_string()).collect(),
    })
}

/// Derives the slot's key anew from the same passphrase, at today's cost, where that is more.
///
/// # Errors
/// When the passphrase does not open the slot, which need not be the session's own; when the session
/// may not change it, the log is busy, or the header cannot be changed: the slot then stays as it is.
pub fn recalibrate_slot(
    session: &UnlockedSession,
    request: &RecalibrateSlotRequest,
) -> Result<RecalibrateSlotResponse, Error> {
    let id = parse::slot_id(&request.slot)?;
    if id != session.slot.id {
        session.may_administer()?;
    }
    let headers = &session.world.headers;
    let shown = Credentials::passphrase(&request.passphrase);
    let opened = headers.unlock(&session.path, &SlotChoice::Id(id), &shown)?;
    session.require_current(opened.header.sequence)?;
    let kind = opened.slot.kind;
    let before = cost_of(&opened.slot).ok_or(HeaderError::NotAPassphrase { kind })?;
    let today = headers.todays_cost()?;
    if !is_more(today, before) {
        let uses = session.read()?.slot_uses()?;
        return Ok(RecalibrateSlotResponse {
            slot: slot_view(&opened.slot, &uses),
            before: view(before),
            now: view(before),
            audit_seq: None,
        });
    }
    let done = changed(session, Action::SlotRecalibrate, || {
        headers.change_passphrase(&session.path, &session.held().keys, id, &request.passphrase)
    })?;
    Ok(RecalibrateSlotResponse {
        slot: done.slot,
        before: view(before),
        now: view(today),
        audit_seq: Some(done.audit_seq),
    })
}

/// The cost of a slot that asks for a passphrase alone.
fn cost_of(slot: &SlotInfo) -> Option<Argon2Params> {
    match slot.parts.as_slice() {
        [PartInfo::Passphrase(cost)] => Some(*cost),
        _ => None,
    }
}

/// What one guess takes, in KiB times passes.
fn work(cost: Argon2Params) -> u64 {
    u64::from(cost.memory_kib) * u64::from(cost.time_cost)
}

/// Measurements differ from run to run: only what differs by much is worth a word.
fn is_weak(cost: Argon2Params, today: Argon2Params) -> bool {
    work(cost) * 2 < work(today)
}

fn is_more(today: Argon2Params, cost: Argon2Params) -> bool {
    work(today) > work(cost)
}

fn view(cost: Argon2Params) -> CostView {
    CostView { memory_kib: cost.memory_kib, passes: cost.time_cost }
}

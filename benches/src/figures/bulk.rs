//! Rotating many keys in one transaction.

use std::time::Duration;

use keyreeve_app::{UnlockedSession, keys};
use keyreeve_domain::ports::Silent;
use serde_json::json;

use crate::Outcome;
use crate::samples::timed;
use crate::world::request;

/// What rotating took.
pub(crate) struct Figures {
    pub(crate) keys: u32,
    pub(crate) whole: Duration,
}

pub(crate) fn measure(session: &UnlockedSession) -> Outcome<Figures> {
    // A tenth of the keys: see the fixture.
    let chosen = json!({ "algorithm": "aes-256-gcm", "tag": "prod" });
    let change = request(json!({
        "selection": { "kind": "query", "query": chosen },
        "change": { "kind": "rotate" },
        "reason": "yearly rotation",
    }))?;
    let (rotated, whole) = timed(|| keys::bulk_change(session, &change, &Silent));
    Ok(Figures { keys: rotated?.changed, whole })
}

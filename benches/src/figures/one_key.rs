//! Creating and rotating one key, durable and in the log.

use keyreeve_app::keys;
use serde_json::json;

use crate::Outcome;
use crate::samples::{Samples, timed};
use crate::world::{BenchWorld, request};

const ROUNDS: usize = 60;

/// What one key took.
pub(crate) struct Figures {
    pub(crate) create: Samples,
    pub(crate) rotate: Samples,
}

pub(crate) fn measure(world: &BenchWorld) -> Outcome<Figures> {
    let (session, _) = world.unlock()?;
    let mut figures = Figures { create: Samples::default(), rotate: Samples::default() };
    for round in 0..ROUNDS {
        let name = format!("one more {round}");
        let create = json!({ "name": name, "algorithm": "ed25519", "purpose": "sign" });
        let create = request(create)?;
        let (made, taken) = timed(|| keys::create_key(&session, &create));
        made?;
        figures.create.add(taken);
        let rotate = request(json!({ "key": name, "reason": "bench" }))?;
        let (rotated, taken) = timed(|| keys::rotate_key(&session, &rotate));
        rotated?;
        figures.rotate.add(taken);
    }
    Ok(figures)
}

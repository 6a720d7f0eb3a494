//! Writing the cryptographic bill of materials.

use keyreeve_app::{UnlockedSession, export_inventory};
use keyreeve_domain::ports::Silent;
use serde_json::json;

use crate::Outcome;
use crate::samples::{Samples, timed};
use crate::world::{BenchWorld, request};

const ROUNDS: u32 = 3;

pub(crate) fn measure(world: &BenchWorld, session: &UnlockedSession) -> Outcome<Samples> {
    let mut whole = Samples::default();
    for round in 0..ROUNDS {
        let file = world.folder().join(format!("{round}.cdx.json"));
        let wanted = request(json!({ "format": "cdx", "out": file }))?;
        let (written, taken) = timed(|| export_inventory(session, &wanted, &Silent));
        written?;
        whole.add(taken);
        std::fs::remove_file(&file)?;
    }
    Ok(whole)
}

//! Backing up, with the restore that proves the backup.

use keyreeve_app::{UnlockedSession, backup};
use keyreeve_domain::ports::Silent;
use serde_json::json;

use crate::Outcome;
use crate::samples::{Samples, timed};
use crate::world::{BenchWorld, request};

const ROUNDS: u32 = 3;

/// A recipient whose identity was thrown away: nobody opens these backups again.
const NOBODY: &str = "age1fsymkkxa7veala0n7v64xzn99a72pjafqzxruryeqlwakmyv64nswjmycv";

/// What backing up took.
pub(crate) struct Figures {
    pub(crate) bytes: u64,
    pub(crate) whole: Samples,
}

pub(crate) fn measure(world: &BenchWorld, session: &UnlockedSession) -> Outcome<Figures> {
    let mut figures = Figures { bytes: 0, whole: Samples::default() };
    for round in 0..ROUNDS {
        let file = world.folder().join(format!("{round}.keyreeve-backup.age"));
        let create = request(json!({ "out": file, "recipients": [NOBODY] }))?;
        let (made, taken) = timed(|| backup::create_backup(session, &create, &Silent));
        figures.bytes = made?.bytes;
        figures.whole.add(taken);
        std::fs::remove_file(&file)?;
    }
    Ok(figures)
}

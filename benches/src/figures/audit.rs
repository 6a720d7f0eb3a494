//! Verifying the log, and that every key is what the log says of it.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use keyreeve_app::{UnlockedSession, audit};
use keyreeve_domain::ports::Progress;
use serde_json::json;

use crate::Outcome;
use crate::samples::Samples;
use crate::world::request;

const ROUNDS: usize = 3;

/// What verifying took.
pub(crate) struct Figures {
    /// How many entries the log had.
    pub(crate) entries: u64,
    /// How many signed checkpoints were verified.
    pub(crate) checkpoints: u64,
    /// Every entry, the tree and the checkpoints.
    pub(crate) log: Samples,
    /// And with that the comparison of every key.
    pub(crate) whole: Samples,
}

pub(crate) fn measure(session: &UnlockedSession) -> Outcome<Figures> {
    let mut figures =
        Figures { entries: 0, checkpoints: 0, log: Samples::default(), whole: Samples::default() };
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let log = LogDone(start, Mutex::default());
        let verified = audit::verify_audit(session, &request(json!({}))?, &log)?;
        figures.whole.add(start.elapsed());
        figures.log.add(*log.1.lock().unwrap_or_else(PoisonError::into_inner));
        figures.entries = verified.size;
        figures.checkpoints = verified.checkpoints;
    }
    Ok(figures)
}

/// Notes when the last entry was verified.
struct LogDone(Instant, Mutex<Duration>);

impl Progress for LogDone {
    fn report(&self, done: u64, total: u64) {
        if done == total {
            *self.1.lock().unwrap_or_else(PoisonError::into_inner) = self.0.elapsed();
        }
    }

    fn cancelled(&self) -> bool {
        false
    }
}

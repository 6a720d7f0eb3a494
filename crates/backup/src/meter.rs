//! Progress in bytes, and cancelling in the middle of a stream.

use std::io;

use keyreeve_domain::ports::Progress;

/// Counts bytes of `total` and asks after each step whether to stop.
pub struct Meter<'a> {
    progress: &'a dyn Progress,
    done: u64,
    reported: u64,
    total: u64,
}

/// What a cancelled read or write fails with.
#[derive(Debug, thiserror::Error)]
#[error("cancelled")]
struct Cancelled;

impl<'a> Meter<'a> {
    pub fn new(progress: &'a dyn Progress, total: u64) -> Self {
        Self { progress, done: 0, reported: 0, total }
    }

    /// Counts `bytes` more.
    pub fn step(&mut self, bytes: usize) -> io::Result<()> {
        self.done = self.done.saturating_add(bytes as u64).min(self.total);
        // A window has no use for more than some hundred steps.
        if self.done - self.reported > self.total / 256 || self.done == self.total {
            self.reported = self.done;
            self.progress.report(self.done, self.total);
        }
        if self.progress.cancelled() { Err(io::Error::other(Cancelled)) } else { Ok(()) }
    }
}

/// Whether a stream failed because it was cancelled.
pub fn is_cancelled(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<Cancelled>())
}

//! How far long work is, on stderr; and Ctrl-C, which stops it.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use keyreeve_domain::ports::Progress;
use signal_hook::consts::{SIGINT, SIGTERM};

use crate::failure::Failure;

/// The exit code of a second Ctrl-C, which ends the process where it stands.
const CANCELLED: i32 = 1;

/// What the process listens to.
static OF_PROCESS: OnceLock<Interrupt> = OnceLock::new();

/// Whether the user wants the work to stop.
#[derive(Debug, Clone, Default)]
pub(crate) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Listens for Ctrl-C, a termination and a closed terminal. The first asks the work to stop;
    /// a second ends the process.
    ///
    /// # Errors
    /// When the system refuses.
    pub(crate) fn on_signals() -> io::Result<Self> {
        let wanted = Arc::new(AtomicBool::new(false));
        for signal in signals() {
            // In this order: the first signal finds the flag still down.
            signal_hook::flag::register_conditional_shutdown(
                signal,
                CANCELLED,
                Arc::clone(&wanted),
            )?;
            signal_hook::flag::register(signal, Arc::clone(&wanted))?;
        }
        Ok(OF_PROCESS.get_or_init(|| Self(wanted)).clone())
    }

    /// What this process listens to, for where it is not handed on.
    pub(crate) fn of_process() -> Self {
        OF_PROCESS.get().cloned().unwrap_or_default()
    }

    /// Whether a signal came.
    pub(crate) fn wanted(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Stops here when a signal came.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        if self.wanted() { Err(Failure::cancelled()) } else { Ok(()) }
    }
}

fn signals() -> Vec<i32> {
    let mut signals = vec![SIGINT, SIGTERM];
    #[cfg(unix)]
    signals.push(signal_hook::consts::SIGHUP);
    signals
}

/// A line on stderr, where that is a terminal.
pub(crate) struct Line {
    what: &'static str,
    shown: bool,
    /// The last per mille shown, so that a million steps do not write a million lines.
    last: AtomicU64,
    interrupt: Interrupt,
}

impl Line {
    pub(crate) fn new(what: &'static str, interrupt: &Interrupt) -> Self {
        Self {
            what,
            shown: io::stderr().is_terminal(),
            last: AtomicU64::new(u64::MAX),
            interrupt: interrupt.clone(),
        }
    }
}

impl Progress for Line {
    fn report(&self, done: u64, total: u64) {
        if !self.shown {
            return;
        }
        let step = done.saturating_mul(1_000).checked_div(total).unwrap_or(done / 1_000);
        if self.last.swap(step, Ordering::Relaxed) == step {
            return;
        }
        let text = if total == 0 { done.to_string() } else { format!("{} %", step / 10) };
        // Nothing depends on it.
        _ = write!(io::stderr().lock(), "\r\x1b[K{}: {text}", self.what);
    }

    fn cancelled(&self) -> bool {
        self.interrupt.wanted()
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if self.shown && self.last.load(Ordering::Relaxed) != u64::MAX {
            _ = write!(io::stderr().lock(), "\r\x1b[K");
        }
    }
}

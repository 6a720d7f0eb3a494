//! What the app does by itself while a vault is unlocked: locks it when nobody is there, and does
//! what falls due.

use std::time::{Duration, Instant};

use keyreeve_app::vault::run_due;
use tauri::{AppHandle, Emitter as _};

use crate::state::AppState;

/// How often the idle time is looked at.
const TICK: Duration = Duration::from_secs(1);
/// How often something may fall due.
const DUE_EVERY: Duration = Duration::from_secs(60);

/// Starts the thread; it ends with the app.
pub(crate) fn start(app: AppHandle, state: AppState) -> std::io::Result<()> {
    let work = move || {
        let mut last_due = Instant::now();
        loop {
            std::thread::sleep(TICK);
            match state.locks_in() {
                Some(left) if left.is_zero() => {
                    state.lock(&app, "idle");
                }
                Some(_) if last_due.elapsed() >= DUE_EVERY => {
                    last_due = Instant::now();
                    do_due(&app, &state);
                }
                _ => {}
            }
        }
    };
    std::thread::Builder::new().name("background".into()).spawn(work).map(|_| ())
}

/// An auditor's session, or a vault that cannot be written just now, leaves it to the next time.
fn do_due(app: &AppHandle, state: &AppState) {
    let done = state.with_session(run_due);
    if let Some(done) = done.ok().filter(|done| !done.done.is_empty()) {
        _ = app.emit("due-done", done);
    }
}

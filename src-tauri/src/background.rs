//! What the app does by itself while a vault is unlocked: locks it when nobody is there, and does
//! what falls due.

use std::time::{Duration, Instant};

use keyreeve_app::Error;
use keyreeve_app::vault::run_due;
use tauri::{AppHandle, Emitter as _};
use tokio::time::MissedTickBehavior;

use crate::state::AppState;

/// How often the idle time is looked at.
const TICK: Duration = Duration::from_secs(1);
/// How often something may fall due.
const DUE_EVERY: Duration = Duration::from_secs(60);

/// Starts it; it ends with the app.
pub(crate) fn start(app: AppHandle, state: AppState) {
    tauri::async_runtime::spawn(async move {
        let mut ticks = tokio::time::interval(TICK);
        // After a suspend there is one look at the clock, not one for every second slept through.
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut last_due = Instant::now();
        loop {
            ticks.tick().await;
            let due = last_due.elapsed() >= DUE_EVERY;
            let app = app.clone();
            match state.locks_in() {
                Some(left) if left.is_zero() => {
                    // Nothing more can be done about a lock that failed than what it does itself.
                    _ = state.run(move |state| Ok(state.lock(&app, "idle"))).await;
                }
                Some(_) if due => {
                    last_due = Instant::now();
                    _ = state.run(move |state| do_due(&app, state)).await;
                }
                _ => {}
            }
        }
    });
}

/// An auditor's session, or a vault that cannot be written just now, leaves it to the next time.
fn do_due(app: &AppHandle, state: &AppState) -> Result<(), Error> {
    let done = state.with_session(run_due)?;
    if !done.done.is_empty() {
        _ = app.emit("due-done", done);
    }
    Ok(())
}

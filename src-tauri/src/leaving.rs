//! Locks when the person leaves: before sleep, with the screen, for another person, and when another program asks.

use keyreeve_agent::{DesktopEvent, Locked, answer_requests, door_of_user, watch_desktop};
use tauri::AppHandle;

use crate::state::AppState;

/// Begins to watch; it ends with the app.
pub(crate) fn start(app: &AppHandle, state: &AppState) {
    let (handle, watching) = (app.clone(), state.clone());
    watch_desktop(move |event| {
        let preferences = watching.preferences();
        let (wanted, why) = match event {
            DesktopEvent::Sleep => (preferences.lock_on_sleep, "sleep"),
            DesktopEvent::ScreenLocked => (preferences.lock_with_screen, "screen"),
            DesktopEvent::UserSwitched => (preferences.lock_on_user_switch, "user_switch"),
        };
        if wanted {
            watching.lock(&handle, why);
        }
    });
    let (handle, asked) = (app.clone(), state.clone());
    if let Some(door) = door_of_user() {
        let lock = move || match asked.lock(&handle, "outside") {
            true => Locked::Now,
            false => Locked::NothingOpen,
        };
        // A window that cannot be asked is locked in all other ways; `keyreeve lock` says that none runs.
        _ = answer_requests(&door, lock);
    }
}

//! `keyreeve lock`: asks a running window to lock.

use keyreeve_agent::{Locked, ask_to_lock, door_of_user};
use keyreeve_app::api::ErrorCode;
use serde::Serialize;

use crate::failure::Failure;
use crate::output::Answer;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LockResponse {
    /// Whether a window runs.
    window: bool,
    /// Whether it had a vault open, which is locked now.
    locked: bool,
}

pub(crate) fn run() -> Result<Answer, Failure> {
    let door = door_of_user();
    let said = door.as_deref().map_or(Ok(None), ask_to_lock).map_err(|error| {
        let what = format!("The window could not be asked: {error}.");
        Failure::of(ErrorCode::WindowUnreachable, what)
    })?;
    let text = match said {
        Some(Locked::Now) => "The window locked its vault.",
        Some(Locked::NothingOpen) => "The window has no vault open.",
        None => "No window runs.",
    };
    let response = LockResponse { window: said.is_some(), locked: said == Some(Locked::Now) };
    Answer::new(&response, text)
}

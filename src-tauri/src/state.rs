//! What the commands share.

/// The state of the running app. It holds a session only while a vault is unlocked.
#[derive(Default)]
pub(crate) struct AppState {}

//! How an error crosses to the window.

use serde::Serialize;

/// What the window is told of a failure. The interface branches on `code` alone and has the words and the cure for
/// each; `message` is for the person when a code is one that the interface does not know.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CommandError {
    /// A stable name for what happened, for instance `vault-locked`.
    pub(crate) code: &'static str,
    /// What happened, what was not lost, what to do. Never a secret, never a key's name.
    pub(crate) message: String,
}

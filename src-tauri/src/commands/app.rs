//! The app itself.

use serde::Serialize;

use crate::error::CommandError;

/// What the About page shows.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AppInfo {
    /// Keyreeve's version, for instance `0.1.0`.
    version: &'static str,
}

/// Says which Keyreeve this is.
#[tauri::command]
#[expect(
    clippy::unnecessary_wraps,
    reason = "every command answers with a result, so that the interface treats them alike"
)]
pub(crate) fn app_info() -> Result<AppInfo, CommandError> {
    Ok(AppInfo {
        version: env!("CARGO_PKG_VERSION"),
    })
}

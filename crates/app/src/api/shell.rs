//! What the desktop shell itself answers: about the app, its preferences and jobs.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::vault::SessionView;

/// About the app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AppInfo {
    /// The app's version.
    pub version: String,
    /// Where a new vault is proposed.
    pub default_vault_path: String,
    /// Where a new backup is proposed.
    pub default_backup_folder: String,
    /// Whether this is a build for development.
    pub debug: bool,
}

/// The light or dark look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// What the app remembers between starts; never a secret. Kept in the user's configuration folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Preferences {
    /// The look.
    pub theme: Theme,
    /// Minutes without input after which the vault locks; 1 to 240.
    pub idle_lock_minutes: u16,
    /// Whether the vault locks before the computer sleeps.
    pub lock_on_sleep: bool,
    /// Whether it locks when the screen is locked.
    pub lock_with_screen: bool,
    /// Whether it locks when another person's session comes to the front.
    pub lock_on_user_switch: bool,
    /// Whether the vault locks when the card is pulled that opened it.
    pub lock_on_card_removal: bool,
    /// Whether a card's PIN is typed on the PIN pad of a reader that has one.
    pub use_pin_pad: bool,
    /// Vaults that were open, newest first; paths only, at most 10.
    pub recent_vaults: Vec<String>,
    /// Columns shown in the list of keys.
    pub key_columns: Vec<String>,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            idle_lock_minutes: 5,
            lock_on_sleep: true,
            lock_with_screen: true,
            lock_on_user_switch: true,
            lock_on_card_removal: false,
            use_pin_pad: true,
            recent_vaults: Vec::new(),
            key_columns: ["algorithm", "purpose", "state", "rotateBy"].map(Into::into).to_vec(),
        }
    }
}

/// What the app was started to open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Opening {
    /// A vault, to be unlocked.
    Vault {
        /// Its folder.
        path: String,
    },
    /// A backup, to be restored.
    Backup {
        /// The file.
        path: String,
    },
}

/// What the app was started to open and the window has not been told of yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TakeOpeningResponse {
    /// Nothing when it was started without a path, or the window has taken it before.
    pub opening: Option<Opening>,
}

/// Names a job.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CancelJobRequest {
    /// The job.
    pub job: String,
}

/// The unlocked vault, if one is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CurrentSessionResponse {
    /// The vault; `null` when locked.
    pub session: Option<SessionView>,
    /// Milliseconds until the idle lock; `null` when locked.
    #[ts(type = "number | null")]
    pub locks_in_ms: Option<u64>,
}

/// Tells how far a job is (event `job-progress`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JobProgress {
    /// The job.
    pub job: String,
    /// Steps done.
    #[ts(type = "number")]
    pub done: u64,
    /// Steps in all; 0 while unknown.
    #[ts(type = "number")]
    pub total: u64,
}

/// Tells that the vault was locked (event `vault-locked`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VaultLocked {
    /// `user`, `idle`, `card` or `exit`.
    pub why: String,
}

//! Why a window could not be asked, or cannot be asked by others.

use std::io;

/// Why a window could not be asked, or cannot be asked by others.
#[derive(Debug, thiserror::Error)]
pub enum DoorError {
    /// There is a door, but what is behind it did not answer as a window does.
    #[error("what answered is not Keyreeve's window")]
    Stranger,
    /// The operating system failed.
    #[error(transparent)]
    System(#[from] io::Error),
}

//! The anchor: the newest checkpoint, remembered outside the vault.

use std::path::Path;

use crate::id::VaultId;

/// The anchor could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("the newest checkpoint could not be remembered outside the vault")]
pub struct AnchorError(#[from] std::io::Error);

/// What is remembered of a vault's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// The log's size.
    pub size: u64,
    /// The tree's root at that size.
    pub root: [u8; 32],
    /// Whether a backup was restored here since the last unlock, which the next one logs.
    pub restored: bool,
}

/// Remembers, outside the vault, how far each vault's log had come.
pub trait Anchors: Send + Sync {
    /// The anchors of the vault at `path`, all of which its log must extend; none when it was never
    /// used there.
    ///
    /// # Errors
    /// When it cannot be read.
    fn load(&self, vault: VaultId, path: &Path) -> Result<Vec<Anchor>, AnchorError>;

    /// Remembers an anchor.
    ///
    /// # Errors
    /// When it cannot be written.
    fn store(&self, vault: VaultId, path: &Path, anchor: &Anchor) -> Result<(), AnchorError>;
}

//! The adapters that the shell and the command line wire in.

use std::sync::Arc;

use jiff::Timestamp;
use keyreeve_domain::ports::{Anchors, BackupFiles, Clock, Headers, StoreOpener};

/// The world as use cases see it.
#[derive(Clone)]
pub struct World {
    /// Makes and opens databases.
    pub stores: Arc<dyn StoreOpener>,
    /// Reads and changes headers.
    pub headers: Arc<dyn Headers>,
    /// Writes and reads backups.
    pub backups: Arc<dyn BackupFiles>,
    /// Remembers the newest checkpoint outside the vault.
    pub anchors: Arc<dyn Anchors>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

/// The computer's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }
}

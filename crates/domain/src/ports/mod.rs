//! The ports: what use cases need of the world, as traits that adapters implement.

mod anchor;
mod backup;
mod card;
mod header;
mod header_error;
mod rows;
mod slot;
mod store;

use jiff::Timestamp;

pub use anchor::{Anchor, AnchorError, Anchors};
pub use backup::{
    BackupError, BackupFiles, BackupIdentity, BackupItem, BackupPlan, BackupRecipients,
    BackupSubject, UnpackedBackup, WrittenBackup,
};
pub use card::{
    ApplicationInfo, CardApplication, CardError, CardKey, CardKeyKind, CardReader, CardSight,
    Cards, NewCardKey, PadPin, PadRequest, PresentCard, choose_card,
};
pub use header::{HeaderInfo, Headers, Unlocked};
pub use header_error::{HeaderError, KeyringError, RecoveryError};
pub use rows::{
    AuditQuery, BackupRecord, SealedVersion, Stamp, StoreError, StoredCheckpoint, VaultMeta,
};
pub use slot::{
    CardInfo, Credentials, NewCard, NewSlot, NewWay, PartInfo, RecoveryForm, RecoverySheet,
    SlotChoice, SlotInfo, SlotKind,
};
pub use store::{EntryVisitor, ReadTransaction, StoreOpener, VaultStore, WriteTransaction};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now, in UTC, in whole milliseconds.
    fn now(&self) -> Timestamp;
}

/// Hears how far long work is, and may stop it.
pub trait Progress: Send + Sync {
    /// `done` of `total` steps are done.
    fn report(&self, done: u64, total: u64);

    /// Whether the user wants the work to stop; nothing of it is then kept.
    fn cancelled(&self) -> bool;
}

/// Hears nothing and never stops anything.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn report(&self, _done: u64, _total: u64) {}

    fn cancelled(&self) -> bool {
        false
    }
}

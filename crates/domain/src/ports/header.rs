//! The vault's header and its unlock slots.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use keyreeve_crypto::{SecretString, VaultKeys};
use serde::{Deserialize, Serialize};

use crate::id::{SlotId, VaultId};
use crate::role::Role;

/// What kind of way in a slot is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SlotKind {
    /// A passphrase through Argon2id.
    Passphrase,
}

impl SlotKind {
    /// The stored name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Passphrase => "passphrase",
        }
    }
}

/// What the header says of a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotInfo {
    /// The slot.
    pub id: SlotId,
    /// What kind of way in.
    pub kind: SlotKind,
    /// The name a person gave it.
    pub name: String,
    /// What it lets one do.
    pub role: Role,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What the header says before unlocking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderInfo {
    /// The format.
    pub format: u32,
    /// The vault.
    pub vault_id: VaultId,
    /// When it was made.
    pub created_at: Timestamp,
    /// Grows with every change of the header.
    pub sequence: u64,
    /// The slots.
    pub slots: Vec<SlotInfo>,
}

/// Why a header could not be read, opened or changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HeaderError {
    /// There is no vault there.
    #[error("there is no vault at {path}")]
    NotAVault {
        /// Where.
        path: PathBuf,
    },
    /// A database without a readable header.
    #[error("the vault at {path} has lost its header: both copies are missing")]
    Missing {
        /// Where.
        path: PathBuf,
    },
    /// Something is there already.
    #[error("there is already something at {path}; it was not touched")]
    Exists {
        /// Where.
        path: PathBuf,
    },
    /// Neither copy is a valid header.
    #[error("both copies of the vault's header are damaged: {what}")]
    Damaged {
        /// What is wrong with them.
        what: String,
    },
    /// Made by a newer app.
    #[error("the vault has format {found}; this app knows formats up to {known}")]
    Newer {
        /// The format found.
        found: u32,
        /// The newest format known.
        known: u32,
    },
    /// No slot opened with this passphrase.
    #[error("the passphrase opens no slot of this vault")]
    WrongPassphrase,
    /// The slot asked for is not there.
    #[error("the vault has no slot “{asked}”")]
    NoSuchSlot {
        /// What was asked for.
        asked: String,
    },
    /// The slots opened, but the header's HMAC is wrong.
    #[error("the vault's header was changed outside Keyreeve")]
    Tampered,
    /// The last administrator's way in.
    #[error("this is the last administrator slot: without it nobody could change the vault again")]
    LastAdministrator,
    /// The last way in that needs no device.
    #[error(
        "this is the last passphrase or recovery slot: without it a lost device would lose the vault"
    )]
    LastIndependent,
    /// A slot's name is empty, too long, or has a deceiving character.
    #[error(transparent)]
    SlotName(#[from] crate::text::TextError),
    /// No room for another slot.
    #[error("the vault has {max} slots already, which is the most it can have")]
    TooManySlots {
        /// The most it can have.
        max: usize,
    },
    /// A slot's key-derivation parameters are outside the accepted range.
    #[error(transparent)]
    Parameters(#[from] keyreeve_crypto::Argon2ParamsError),
    /// Another process is changing the header.
    #[error("another program is changing the vault's slots")]
    Busy,
    /// The disk is full.
    #[error("the disk is full")]
    DiskFull,
    /// The folder cannot be written.
    #[error("the vault's folder is read-only")]
    ReadOnly,
    /// Sealing or opening failed.
    #[error("{0}")]
    Crypto(String),
    /// The operating system failed to read or write.
    #[error("reading or writing the vault's header failed")]
    Io(#[source] std::io::Error),
}

/// How to choose a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SlotChoice {
    /// Every slot that fits the credential, in their order.
    Any,
    /// This one.
    Id(SlotId),
}

/// What a new passphrase slot is to be.
#[derive(Debug)]
pub struct NewPassphraseSlot<'a> {
    /// The name a person gives it.
    pub name: &'a str,
    /// What it lets one do.
    pub role: Role,
    /// The passphrase.
    pub passphrase: &'a SecretString,
    /// When it is made.
    pub created_at: Timestamp,
}

/// What an unlock yields.
#[derive(Debug)]
pub struct Unlocked {
    /// The keys.
    pub keys: VaultKeys,
    /// The slot that opened.
    pub slot: SlotInfo,
    /// The header, its HMAC checked.
    pub header: HeaderInfo,
}

/// Reads and changes headers.
pub trait Headers: Send + Sync {
    /// Reads the header of the vault in the folder `vault`.
    ///
    /// # Errors
    /// When there is no vault, or its header is missing, damaged or newer.
    fn read(&self, vault: &Path) -> Result<HeaderInfo, HeaderError>;

    /// Makes the folder `vault` (which must not exist, or be empty) with the header of a new vault
    /// whose first slot is `slot`.
    ///
    /// # Errors
    /// When something is there, or the file system fails; nothing is then left behind.
    fn create(
        &self,
        vault: &Path,
        vault_id: VaultId,
        keys: &VaultKeys,
        slot: &NewPassphraseSlot<'_>,
    ) -> Result<SlotInfo, HeaderError>;

    /// Unlocks with a passphrase.
    ///
    /// # Errors
    /// [`HeaderError::WrongPassphrase`]; when the header is missing, damaged, newer or tampered.
    fn unlock_with_passphrase(
        &self,
        vault: &Path,
        choice: &SlotChoice,
        passphrase: &SecretString,
    ) -> Result<Unlocked, HeaderError>;

    /// Adds a passphrase slot, unlocking with it once before it counts.
    ///
    /// # Errors
    /// When the header is damaged, busy, or cannot be written; the old header then still counts.
    fn add_passphrase_slot(
        &self,
        vault: &Path,
        keys: &VaultKeys,
        slot: &NewPassphraseSlot<'_>,
    ) -> Result<SlotInfo, HeaderError>;

    /// Replaces the passphrase of a slot, unlocking with it once before the old one goes.
    ///
    /// # Errors
    /// As for adding; [`HeaderError::NoSuchSlot`].
    fn change_passphrase(
        &self,
        vault: &Path,
        keys: &VaultKeys,
        slot: SlotId,
        passphrase: &SecretString,
    ) -> Result<SlotInfo, HeaderError>;

    /// Removes a slot.
    ///
    /// # Errors
    /// [`HeaderError::LastAdministrator`], [`HeaderError::LastIndependent`]; as for adding.
    fn remove_slot(
        &self,
        vault: &Path,
        keys: &VaultKeys,
        slot: SlotId,
    ) -> Result<SlotInfo, HeaderError>;

    /// Notes an unlock that failed at `at`, beside the header, for the log at the next unlock.
    ///
    /// # Errors
    /// When the file system fails.
    fn note_failed_unlock(&self, vault: &Path, at: Timestamp) -> Result<(), HeaderError>;

    /// Takes the noted failures, oldest first. They are gone only once `clear_failed_unlocks` is
    /// called, after they are in the log.
    ///
    /// # Errors
    /// When the file system fails.
    fn failed_unlocks(&self, vault: &Path) -> Result<Vec<Timestamp>, HeaderError>;

    /// Forgets the noted failures.
    ///
    /// # Errors
    /// When the file system fails.
    fn clear_failed_unlocks(&self, vault: &Path) -> Result<(), HeaderError>;

    /// The header's bytes as they are, for a backup.
    ///
    /// # Errors
    /// When the header is missing or damaged.
    fn raw(&self, vault: &Path) -> Result<Vec<u8>, HeaderError>;

    /// Makes the folder `vault` (which must not exist, or be empty) with these header bytes, for a
    /// restore.
    ///
    /// # Errors
    /// When something is there, the bytes are no header, or the file system fails.
    fn restore(&self, vault: &Path, header: &[u8]) -> Result<HeaderInfo, HeaderError>;
}

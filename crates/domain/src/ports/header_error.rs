//! Why a header could not be read, opened or changed.

use std::path::PathBuf;

use crate::ports::{CardError, SlotKind};

/// Why the operating system's keyring did not give or take an item.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyringError {
    /// There is no D-Bus session.
    #[error("there is no D-Bus session, so no keyring can be asked")]
    NoBus,
    /// Nobody answers for the keyring.
    #[error("no keyring is running in this session")]
    NoProvider,
    /// The collection is locked.
    #[error("the keyring is locked")]
    Locked,
    /// The keyring asked, and the person closed the question.
    #[error("the keyring's question was closed without an answer")]
    Dismissed,
    /// The item is gone.
    #[error("the keyring no longer holds this slot's secret")]
    ItemMissing,
    /// What is there is not this slot's.
    #[error("the keyring holds another secret than this slot's")]
    Foreign,
    /// The keyring went away while it was asked.
    #[error("the keyring was restarted while it was being asked")]
    Restarted,
    /// It did not answer.
    #[error("the keyring did not answer within {seconds} seconds")]
    Timeout {
        /// How long it was waited for.
        seconds: u64,
    },
    /// Someone let go of it before it had answered.
    #[error("it was cancelled before the keyring had answered")]
    LetGo,
    /// Anything else, in the keyring's words.
    #[error("the keyring refused: {what}")]
    Refused {
        /// What it said.
        what: String,
    },
}

/// Why recovery shares or a code were not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecoveryError {
    /// No such share or code can be.
    #[error("{what}")]
    Malformed {
        /// Which, and why.
        what: String,
    },
    /// Shares of two sets.
    #[error("share {which} belongs to another set than the first share")]
    Mixed {
        /// Its place among those given, from 1.
        which: usize,
    },
    /// One share twice.
    #[error("share {which} is the same as an earlier one")]
    Duplicate {
        /// Its place among those given, from 1.
        which: usize,
    },
    /// More are needed.
    #[error("{given} of the {needed} shares that are needed were given")]
    TooFew {
        /// How many there are.
        given: usize,
        /// How many are needed.
        needed: u8,
    },
    /// Right in themselves, but not of this vault.
    #[error("the recovery shares or code belong to another vault, or to a slot that was removed")]
    OtherVault,
    /// No such set can be made.
    #[error("2 to 16 shares can be made, and at least 2 and at most all of them be needed")]
    BadForm,
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
    /// A slot of a kind that only a newer app knows.
    #[error("the vault has a slot of the kind “{kind}”, which this app does not know")]
    NewerKind {
        /// The kind's stored name.
        kind: String,
    },
    /// No slot opened with this passphrase.
    #[error("the passphrase opens no slot of this vault")]
    WrongPassphrase,
    /// Nothing was given that a slot could be opened with.
    #[error("{what} is needed to unlock with that slot")]
    CredentialMissing {
        /// What the slot asks for.
        what: &'static str,
    },
    /// This build or this computer cannot do that kind.
    #[error("slots of the kind “{}” do not work on this computer", kind.name())]
    KindUnavailable {
        /// The kind.
        kind: SlotKind,
    },
    /// A change that only another kind of slot knows.
    #[error("the slot is of the kind “{}”, and has no passphrase of its own to change", kind.name())]
    NotAPassphrase {
        /// The slot's kind.
        kind: SlotKind,
    },
    /// A slot of several parts that cannot be.
    #[error("{0}")]
    Parts(&'static str),
    /// The operating system's keyring did not do it.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// The card did not do it.
    #[error(transparent)]
    Card(#[from] CardError),
    /// Recovery shares or a code that do not do.
    #[error(transparent)]
    Recovery(#[from] RecoveryError),
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
    /// The last administrator's way in that needs no device.
    #[error(
        "this is the last administrator's passphrase or recovery slot: without it a lost device would lose the vault"
    )]
    LastIndependent,
    /// A slot's name is empty, too long, or has a deceiving character.
    #[error(transparent)]
    SlotName(#[from] crate::text::TextError),
    /// A slot that no other material key can be given to while it is closed.
    #[error(
        "the slot “{name}” was made by an earlier Keyreeve, and cannot be given another material key while it is closed"
    )]
    CannotHandOver {
        /// The slot's name.
        name: String,
    },
    /// No room for another slot.
    #[error("the vault has {max} slots already, which is the most it can have")]
    TooManySlots {
        /// The most it can have.
        max: usize,
    },
    /// The slots' parameters have no room together.
    #[error("the vault's header has no room for another slot")]
    HeaderFull,
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

//! The vault's header.

use std::path::Path;

use jiff::Timestamp;
use keyreeve_crypto::{Argon2Params, MaterialKey, SecretString, VaultKeys};

use crate::id::{SlotId, VaultId};
use crate::ports::{
    Credentials, HeaderError, NewSlot, RecoveryForm, RecoverySheet, SlotChoice, SlotInfo,
};

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
    /// whose first slot is `slot`: an administrator's that needs no device.
    ///
    /// # Errors
    /// When something is there, or the file system fails; nothing is then left behind.
    fn create(
        &self,
        vault: &Path,
        vault_id: VaultId,
        keys: &VaultKeys,
        slot: &NewSlot<'_>,
    ) -> Result<SlotInfo, HeaderError>;

    /// Unlocks with what someone can show.
    ///
    /// # Errors
    /// [`HeaderError::WrongPassphrase`] and its like for the other kinds;
    /// [`HeaderError::CredentialMissing`]; when the header is missing, damaged, newer or tampered.
    fn unlock(
        &self,
        vault: &Path,
        choice: &SlotChoice,
        credentials: &Credentials<'_>,
    ) -> Result<Unlocked, HeaderError>;

    /// Makes a recovery secret for paper. The vault does not know it until a slot is added with it.
    ///
    /// # Errors
    /// When there are too few or too many shares; when randomness fails.
    fn make_recovery(&self, form: RecoveryForm) -> Result<RecoverySheet, HeaderError>;

    /// Adds a slot, unlocking with it once before it counts.
    ///
    /// # Errors
    /// When the header is damaged, busy, or cannot be written; the old header then still counts.
    fn add_slot(
        &self,
        vault: &Path,
        keys: &VaultKeys,
        slot: &NewSlot<'_>,
    ) -> Result<SlotInfo, HeaderError>;

    /// What deriving a key from a new passphrase would cost: measured once on this computer, which
    /// takes a moment, unless it was set.
    ///
    /// # Errors
    /// When what was set is outside the accepted range.
    fn todays_cost(&self) -> Result<Argon2Params, HeaderError>;

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

    /// Gives a slot another name.
    ///
    /// # Errors
    /// As for adding; [`HeaderError::NoSuchSlot`].
    fn rename_slot(
        &self,
        vault: &Path,
        keys: &VaultKeys,
        slot: SlotId,
        name: &str,
    ) -> Result<SlotInfo, HeaderError>;

    /// Removes a slot, and what it kept outside the header.
    ///
    /// # Errors
    /// [`HeaderError::LastAdministrator`], [`HeaderError::LastIndependent`]; as for adding.
    fn remove_slot(
        &self,
        vault: &Path,
        keys: &VaultKeys,
        slot: SlotId,
    ) -> Result<SlotInfo, HeaderError>;

    /// Gives every slot that reaches material the MK of `keys` in the place of the one `before` it,
    /// though nobody is there who could open them. Changes nothing where they have it already.
    ///
    /// # Errors
    /// [`HeaderError::CannotHandOver`]; [`HeaderError::Tampered`] when a slot is not what someone who
    /// held `before` made; as for adding.
    fn hand_over(
        &self,
        vault: &Path,
        keys: &VaultKeys,
        before: &MaterialKey,
    ) -> Result<HeaderInfo, HeaderError>;

    /// Whether every slot could be given another MK than that of `keys`; changes nothing.
    ///
    /// # Errors
    /// As for handing over.
    fn check_hand_over(&self, vault: &Path, keys: &VaultKeys) -> Result<(), HeaderError>;

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

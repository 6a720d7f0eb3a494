//! One audit event and its encoding.
//!
//! An entry is encoded as one line of JSON (RFC 8259): UTF-8, no white space between tokens,
//! members in the order of [`AuditEntry`]'s fields, absent ones left out, details sorted by name.
//! These bytes are what is hashed into the tree, stored, and exported, so a verifier never encodes
//! anything again: it hashes the line it was given.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The version of the entry's encoding, its first member.
const ENTRY_VERSION: u8 = 1;

macro_rules! actions {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// What was done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum Action {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)+
        }

        impl Action {
            /// Every action.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The name in the log.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

actions!(
    /// A vault was made.
    VaultCreate = "vault.create",
    /// A vault was unlocked.
    VaultUnlock = "vault.unlock",
    /// An unlock was tried in vain.
    VaultUnlockFailed = "vault.unlock_failed",
    /// A vault was locked.
    VaultLock = "vault.lock",
    /// A vault was restored from a backup, which starts a new epoch.
    VaultRestore = "vault.restore",
    /// Going on although the clock runs behind the log was accepted.
    VaultAcceptClock = "vault.accept_clock",
    /// Going on although the vault is older than the one last used here was accepted.
    VaultAcceptRollback = "vault.accept_rollback",
    /// A setting of the vault was changed.
    VaultSetting = "vault.setting",
    /// An unlock slot was added.
    SlotAdd = "slot.add",
    /// An unlock slot was tested.
    SlotTest = "slot.test",
    /// An unlock slot's credential was changed.
    SlotChange = "slot.change",
    /// An unlock slot was removed.
    SlotRemove = "slot.remove",
    /// A key was made.
    KeyCreate = "key.create",
    /// A key was brought in.
    KeyImport = "key.import",
    /// A version became active.
    KeyActivate = "key.activate",
    /// A key was rotated.
    KeyRotate = "key.rotate",
    /// A version was suspended.
    KeySuspend = "key.suspend",
    /// A version was resumed.
    KeyResume = "key.resume",
    /// A version was deactivated.
    KeyDeactivate = "key.deactivate",
    /// A version was reported compromised.
    KeyRevoke = "key.revoke",
    /// Destruction was scheduled.
    KeyScheduleDestruction = "key.schedule_destruction",
    /// A scheduled destruction was cancelled.
    KeyCancelDestruction = "key.cancel_destruction",
    /// A version's material was destroyed.
    KeyDestroy = "key.destroy",
    /// A key was renamed.
    KeyRename = "key.rename",
    /// A key's descriptive parts or policy were changed.
    KeyEdit = "key.edit",
    /// A key's public half was taken out.
    KeyExportPublic = "key.export_public",
    /// A key's material was taken out.
    KeyExport = "key.export",
    /// A key's material was shown.
    KeyReveal = "key.reveal",
    /// The log was verified.
    AuditVerify = "audit.verify",
    /// The log was exported.
    AuditExport = "audit.export",
    /// A backup was made and proven by a restore.
    BackupCreate = "backup.create",
    /// A backup was verified by a restore.
    BackupVerify = "backup.verify",
);

/// Where an operation came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The window.
    Gui,
    /// The command line.
    Cli,
    /// An agent.
    Agent,
    /// Something that fell due.
    Scheduler,
}

/// Who did it: the unlock slot that was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Actor {
    /// The member: for now, the slot's name.
    pub member: String,
    /// The slot's identifier; absent where no slot opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<String>,
}

/// What kind of thing an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectKind {
    /// The vault.
    Vault,
    /// An unlock slot.
    Slot,
    /// A key.
    Key,
    /// The log.
    Audit,
    /// A backup.
    Backup,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Done.
    Done,
    /// Refused by a rule.
    Denied,
    /// Failed.
    Failed,
}

/// What a use case says of an event; the store adds the sequence number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditDraft {
    /// When.
    pub time: Timestamp,
    /// Who.
    pub actor: Actor,
    /// From where.
    pub source: Source,
    /// What.
    pub action: Action,
    /// To what kind of thing.
    pub object_kind: ObjectKind,
    /// To which thing.
    pub object: String,
    /// To which version of it.
    pub version: Option<u32>,
    /// How it ended.
    pub outcome: Outcome,
    /// Why, in the user's words.
    pub reason: Option<String>,
    /// More; never a secret.
    pub details: BTreeMap<String, String>,
    /// SHA-256 of the object's rows after the change.
    pub digest: Option<[u8; 32]>,
}

/// An event as the log keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AuditEntry {
    /// The encoding's version: 1.
    pub v: u8,
    /// The position in the log, from 0.
    pub seq: u64,
    /// When, in UTC.
    pub time: Timestamp,
    /// Who.
    pub actor: Actor,
    /// From where.
    pub source: Source,
    /// What.
    pub action: Action,
    /// To what kind of thing.
    pub object_kind: ObjectKind,
    /// To which thing.
    pub object: String,
    /// To which version of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// How it ended.
    pub outcome: Outcome,
    /// Why, in the user's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// More.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<String, String>,
    /// SHA-256 of the object's rows after the change, in lower-case hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

/// Bytes that are no entry.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EntryError {
    /// Not the JSON of an entry.
    #[error("this is not an audit entry")]
    Malformed(#[from] serde_json::Error),
    /// Of a version this build does not know.
    #[error("the audit entry has version {0}, which this build does not know")]
    Version(u8),
}

impl AuditDraft {
    /// The entry at position `seq`.
    #[must_use]
    pub fn into_entry(self, seq: u64) -> AuditEntry {
        AuditEntry {
            v: ENTRY_VERSION,
            seq,
            time: self.time,
            actor: self.actor,
            source: self.source,
            action: self.action,
            object_kind: self.object_kind,
            object: self.object,
            version: self.version,
            outcome: self.outcome,
            reason: self.reason,
            details: self.details,
            digest: self.digest.map(hex::encode),
        }
    }
}

impl AuditEntry {
    /// The one line that is hashed, stored and exported (without a line feed).
    ///
    /// # Errors
    /// Never for an entry made by [`AuditDraft::into_entry`].
    pub fn encode(&self) -> Result<Vec<u8>, EntryError> {
        Ok(serde_json::to_vec(self)?)
    }

    /// Reads an encoded entry.
    ///
    /// # Errors
    /// When the bytes are not an entry, or of an unknown version.
    pub fn decode(line: &[u8]) -> Result<Self, EntryError> {
        let entry: Self = serde_json::from_slice(line)?;
        if entry.v != ENTRY_VERSION {
            return Err(EntryError::Version(entry.v));
        }
        Ok(entry)
    }
}

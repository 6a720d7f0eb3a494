//! One audit event and its encoding.
//!
//! An entry is encoded as one line of JSON (RFC 8259): UTF-8, no white space between tokens,
//! members in the order of [`AuditEntry`]'s fields, absent ones left out, details sorted by name,
//! times in UTC with exactly three digits of milliseconds (`2026-01-02T03:04:05.060Z`).
//! These bytes are what is hashed into the tree, stored, and exported, so a verifier never encodes
//! anything again: it hashes the line it was given.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::fmt::temporal::DateTimePrinter;
use serde::{Deserialize, Serialize, Serializer};

/// The version of the entry's encoding, its first member.
pub(super) const ENTRY_VERSION: u8 = 1;

/// The longest entry, in bytes.
pub const MAX_ENTRY_LEN: usize = 256 * 1024;

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

            /// Whether the thing is no longer there after it.
            #[must_use]
            pub const fn removes(self) -> bool {
                matches!(self, Self::CertificateRemove | Self::KnownKeyRemove)
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
    /// The material key was changed.
    VaultRotateMaterialKey = "vault.rotate_material_key",
    /// An unlock slot was added.
    SlotAdd = "slot.add",
    /// An unlock slot was tested.
    SlotTest = "slot.test",
    /// A slot got another name.
    SlotRename = "slot.rename",
    /// An unlock slot's credential was changed.
    SlotChange = "slot.change",
    /// A slot's key derivation was made as costly as this computer allows today.
    SlotRecalibrate = "slot.recalibrate",
    /// An unlock slot was removed.
    SlotRemove = "slot.remove",
    /// A smartcard made a key on itself.
    CardMakeKey = "card.make_key",
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
    /// A key's versions were sealed under another material key.
    KeyRewrap = "key.rewrap",
    /// A key was renamed.
    KeyRename = "key.rename",
    /// A key's descriptive parts or policy were changed.
    KeyEdit = "key.edit",
    /// A key's public half was taken out.
    KeyExportPublic = "key.export_public",
    /// A key's material was taken out.
    KeyExport = "key.export",
    /// A key's material was taken out for one recipient, and encrypted to it.
    KeyHandOver = "key.hand_over",
    /// A holder of a key was noted as having a version, or as needing it no more.
    KeyRollOut = "key.roll_out",
    /// A key signed a request for a certificate of its own.
    KeyRequestCertificate = "key.request_certificate",
    /// A key signed a certificate of its own.
    KeySelfSign = "key.self_sign",
    /// A key signed a certificate for another one.
    KeyIssueCertificate = "key.issue_certificate",
    /// A key signed a certificate of OpenSSH.
    KeyIssueSshCertificate = "key.issue_ssh_certificate",
    /// A key signed a list of the certificates that it revoked.
    KeySignCrl = "key.sign_crl",
    /// An authority of OpenSSH revoked certificates or keys, and wrote the list of them.
    KeyWriteKrl = "key.write_krl",
    /// A key's material was shown.
    KeyReveal = "key.reveal",
    /// A certificate was kept.
    CertificateAdd = "certificate.add",
    /// A certificate was found to be of a key that came later.
    CertificateAttach = "certificate.attach",
    /// A certificate was found to be issued by a key that came later.
    CertificateAttachIssuer = "certificate.attach_issuer",
    /// A certificate was replaced by a newer one.
    CertificateRenew = "certificate.renew",
    /// A certificate was revoked.
    CertificateRevoke = "certificate.revoke",
    /// A certificate was taken out.
    CertificateExport = "certificate.export",
    /// A certificate's description was changed.
    CertificateEdit = "certificate.edit",
    /// A certificate was removed from the vault.
    CertificateRemove = "certificate.remove",
    /// A public key alone was kept.
    KnownKeyAdd = "public_key.add",
    /// The name or description of a public key alone was changed.
    KnownKeyEdit = "public_key.edit",
    /// A public key alone was removed from the vault.
    KnownKeyRemove = "public_key.remove",
    /// The log was verified.
    AuditVerify = "audit.verify",
    /// The log was exported.
    AuditExport = "audit.export",
    /// An inventory of the keys was written.
    InventoryExport = "inventory.export",
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
#[serde(rename_all = "camelCase", deny_unknown_fields)]
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
    /// A certificate.
    Certificate,
    /// A public key that is kept without its private half.
    #[serde(rename = "public_key")]
    KnownKey,
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
    /// SHA-256 of the object's rows after the change; of a removal, of those that were there.
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
    /// When, in UTC, in whole milliseconds.
    #[serde(serialize_with = "milliseconds")]
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
    /// Longer than entries get.
    #[error("the audit entry is {len} bytes long; at most {MAX_ENTRY_LEN} are kept")]
    TooLong {
        /// Its length in bytes.
        len: usize,
    },
    /// The digest is not 64 lower-case hexadecimal digits.
    #[error("the audit entry's digest is not a SHA-256 digest")]
    Digest,
    /// An entry, but not encoded the one way there is.
    #[error("the audit entry is not encoded as Keyreeve encodes it")]
    NotCanonical,
}

impl AuditDraft {
    /// The entry at position `seq`. What is finer than a millisecond of its time is cut off.
    #[must_use]
    pub fn into_entry(self, seq: u64) -> AuditEntry {
        AuditEntry {
            v: ENTRY_VERSION,
            seq,
            time: Timestamp::from_millisecond(self.time.as_millisecond()).unwrap_or(self.time),
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
    /// [`EntryError::TooLong`].
    pub fn encode(&self) -> Result<Vec<u8>, EntryError> {
        let line = serde_json::to_vec(self)?;
        within_bound(&line)?;
        Ok(line)
    }

    /// Reads an encoded entry. Only the very bytes that [`AuditEntry::encode`] makes are accepted.
    ///
    /// # Errors
    /// When the bytes are not an entry, or of an unknown version.
    pub fn decode(line: &[u8]) -> Result<Self, EntryError> {
        within_bound(line)?;
        known_version(line)?;
        let entry: Self = serde_json::from_slice(line)?;
        entry.digest.as_deref().map(parse_digest).transpose()?;
        if entry.encode()? != line {
            return Err(EntryError::NotCanonical);
        }
        Ok(entry)
    }
}

/// The digest written in an entry. By hand, because a verifier does this a million times.
pub(super) fn parse_digest(text: &str) -> Result<[u8; 32], EntryError> {
    let mut digest = [0; 32];
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != digest.len() || !rest.is_empty() {
        return Err(EntryError::Digest);
    }
    for (byte, [high, low]) in digest.iter_mut().zip(pairs) {
        let (high, low) = (nibble(*high), nibble(*low));
        *byte = high.zip(low).map(|(high, low)| high * 16 + low).ok_or(EntryError::Digest)?;
    }
    Ok(digest)
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

pub(super) fn within_bound(line: &[u8]) -> Result<(), EntryError> {
    if line.len() > MAX_ENTRY_LEN {
        return Err(EntryError::TooLong { len: line.len() });
    }
    Ok(())
}

/// Names a version that this build does not know, whatever else such an entry has.
fn known_version(line: &[u8]) -> Result<(), EntryError> {
    #[derive(Deserialize)]
    struct Versioned {
        v: u8,
    }
    match serde_json::from_slice::<Versioned>(line)?.v {
        ENTRY_VERSION => Ok(()),
        other => Err(EntryError::Version(other)),
    }
}

fn milliseconds<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    const PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(3));
    serializer.serialize_str(&PRINTER.timestamp_to_string(time))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_read_to_its_very_bytes() {
        let digest: [u8; 32] = std::array::from_fn(|at| (at * 0x27 % 256) as u8);
        assert_eq!(parse_digest(&hex::encode(digest)).unwrap(), digest);
        for digit in *b"/:`gAF" {
            let text = format!("{}{}", "0".repeat(63), char::from(digit));
            assert!(matches!(parse_digest(&text), Err(EntryError::Digest)), "{text}");
        }
    }
}

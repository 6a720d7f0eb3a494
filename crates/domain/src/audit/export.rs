//! The log as a file that anyone can verify without the vault.
//!
//! JSON Lines, UTF-8, every line ended by a line feed:
//! 1. the header, [`ExportHeader`];
//! 2. every entry from the first, each line exactly the bytes that were hashed into the tree;
//! 3. checkpoints, `{"checkpoint":"<signed note>"}`. One covers the entries above it, all of them
//!    and no other. The last line is one, so that a file cut off at any place is noticed.

use std::io::{self, BufRead};

use jiff::Timestamp;
use keyreeve_crypto::AuditPublicKey;
use serde::{Deserialize, Serialize};

use super::verify::{AuditAlarm, LogVerifier, VerifiedLog};
use crate::id::VaultId;

/// The format of export files, the header's first member.
const EXPORT_VERSION: u32 = 1;
/// The longest line that is read, in bytes, its line feed included.
pub const MAX_EXPORT_LINE: usize = 1024 * 1024;

/// What starts a checkpoint's line.
const CHECKPOINT_START: &[u8] = b"{\"checkpoint\":";

/// The first line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportHeader {
    /// The vault whose log it is.
    pub vault_id: VaultId,
    /// The key that signed the checkpoints.
    pub public_key: AuditPublicKey,
    /// When the file was made.
    pub created_at: Timestamp,
}

/// A file without a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedExport {
    /// The first line. Unless the key was known from elsewhere, the file only proves that it is
    /// as its maker made it, not who its maker is.
    pub header: ExportHeader,
    /// The log in it.
    pub log: VerifiedLog,
    /// The signed note of the last line, which covers all of it.
    pub newest_note: String,
}

/// Why a file is not a log to rely on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// Does not begin with an export's header.
    #[error("the file is not an audit log exported by Keyreeve")]
    NotAnExport,
    /// Made by a newer app.
    #[error("the exported log has format {found}; this app knows formats up to {EXPORT_VERSION}")]
    Newer {
        /// The format found.
        found: u32,
    },
    /// Made with another key than the one expected.
    #[error("the exported log is signed by another key ({found}) than the one expected")]
    OtherKey {
        /// The file's key, in hexadecimal.
        found: String,
    },
    /// Longer than any line of an export.
    #[error("line {line} is longer than {MAX_EXPORT_LINE} bytes")]
    LineTooLong {
        /// The line, from 1.
        line: u64,
    },
    /// Begins like a checkpoint's line, but is none.
    #[error("line {line} is not a checkpoint")]
    NotACheckpoint {
        /// The line, from 1.
        line: u64,
    },
    /// Ends within a line, or with entries that no checkpoint covers.
    #[error("the file ends without a checkpoint over its last entries: its end was cut off")]
    CutOff,
    /// The log in it has a fault.
    #[error("line {line}: {alarm}")]
    Alarm {
        /// The line, from 1.
        line: u64,
        /// The fault.
        #[source]
        alarm: AuditAlarm,
    },
    /// The file could not be read.
    #[error("the file could not be read")]
    Io(#[from] io::Error),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct HeaderLine {
    keyreeve_audit_export: u32,
    vault_id: VaultId,
    /// 64 hexadecimal digits.
    public_key: String,
    created_at: Timestamp,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FormatOnly {
    keyreeve_audit_export: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckpointLine {
    checkpoint: String,
}

impl ExportHeader {
    /// The header of a file made at `created_at`.
    #[must_use]
    pub fn new(vault_id: VaultId, public_key: AuditPublicKey, created_at: Timestamp) -> Self {
        Self { vault_id, public_key, created_at }
    }

    /// The line, its line feed included.
    #[must_use]
    pub fn line(&self) -> String {
        line_of(&HeaderLine {
            keyreeve_audit_export: EXPORT_VERSION,
            vault_id: self.vault_id,
            public_key: hex::encode(self.public_key.0),
            created_at: self.created_at,
        })
    }

    fn read(line: &[u8]) -> Result<Self, ExportError> {
        let not_an_export = |_: serde_json::Error| ExportError::NotAnExport;
        let format: FormatOnly = serde_json::from_slice(line).map_err(not_an_export)?;
        if format.keyreeve_audit_export > EXPORT_VERSION {
            return Err(ExportError::Newer { found: format.keyreeve_audit_export });
        }
        let header: HeaderLine = serde_json::from_slice(line).map_err(not_an_export)?;
        let mut public_key = [0; 32];
        let decoded = hex::decode_to_slice(&header.public_key, &mut public_key);
        if decoded.is_err() || header.keyreeve_audit_export != EXPORT_VERSION {
            return Err(ExportError::NotAnExport);
        }
        Ok(Self {
            vault_id: header.vault_id,
            public_key: AuditPublicKey(public_key),
            created_at: header.created_at,
        })
    }
}

/// The line of a checkpoint, its line feed included. It goes right below the last entry that the
/// signed `note` covers.
#[must_use]
pub fn export_checkpoint_line(note: &str) -> String {
    line_of(&CheckpointLine { checkpoint: note.to_owned() })
}

/// Verifies an exported log.
///
/// `expected` is the audit key that the reader knows from elsewhere (the app shows it when a vault
/// is made); without it the file is only checked against the key it names itself.
///
/// Reads a line at a time and keeps none.
///
/// # Errors
/// When the file is no export, cannot be read, or its log has any fault: an entry changed, added,
/// removed or moved, a checkpoint not signed by the key, or the end cut off.
pub fn verify_export(
    reader: &mut dyn BufRead,
    expected: Option<&AuditPublicKey>,
) -> Result<VerifiedExport, ExportError> {
    let mut lines = Lines { reader, number: 0, line: Vec::new() };
    let header = match lines.next()? {
        Some(line) => ExportHeader::read(line)?,
        None => return Err(ExportError::NotAnExport),
    };
    let key = header.public_key;
    if expected.is_some_and(|expected| *expected != key) {
        return Err(ExportError::OtherKey { found: hex::encode(key.0) });
    }
    let alarm = |line| move |alarm| ExportError::Alarm { line, alarm };
    let mut verifier = LogVerifier::new(header.vault_id, &key, []).map_err(alarm(1))?;
    let mut newest_note = None;
    while let Some(line) = lines.next()? {
        let checked = if line.starts_with(CHECKPOINT_START) {
            let note: CheckpointLine = serde_json::from_slice(line)
                .map_err(|_malformed| ExportError::NotACheckpoint { line: lines.number })?;
            verifier.push_checkpoint(newest_note.insert(note.checkpoint), &key)
        } else {
            newest_note = None;
            verifier.push(line)
        };
        checked.map_err(alarm(lines.number))?;
    }
    let newest_note = newest_note.ok_or(ExportError::CutOff)?;
    let log = verifier.finish().map_err(alarm(lines.number))?;
    Ok(VerifiedExport { header, log, newest_note })
}

struct Lines<'a> {
    reader: &'a mut dyn BufRead,
    number: u64,
    line: Vec<u8>,
}

impl Lines<'_> {
    /// The next line without its line feed; `None` at the end.
    fn next(&mut self) -> Result<Option<&[u8]>, ExportError> {
        self.line.clear();
        self.number += 1;
        let limit = MAX_EXPORT_LINE as u64;
        let read = io::Read::take(&mut *self.reader, limit).read_until(b'\n', &mut self.line)?;
        match self.line.split_last() {
            None => Ok(None),
            Some((b'\n', line)) => Ok(Some(line)),
            Some(_) if read == MAX_EXPORT_LINE => {
                Err(ExportError::LineTooLong { line: self.number })
            }
            Some(_) if self.number == 1 => Err(ExportError::NotAnExport),
            Some(_) => Err(ExportError::CutOff),
        }
    }
}

fn line_of(value: &impl Serialize) -> String {
    #[expect(clippy::expect_used, reason = "strings and numbers always have a JSON form")]
    let mut line = serde_json::to_string(value).expect("a line of an export is JSON");
    line.push('\n');
    line
}

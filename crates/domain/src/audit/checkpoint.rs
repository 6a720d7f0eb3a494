//! Checkpoints (<https://c2sp.org/tlog-checkpoint>): the log's size and root at one moment, as a
//! signed note.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use keyreeve_crypto::{AuditPublicKey, AuditSigningKey, Sha256};

use super::merkle::Frontier;
use super::note::{self, NoteError};
use crate::id::VaultId;

/// The log's size and root at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: `keyreeve/<vault id>`; also the name under which its key signs.
    pub origin: String,
    /// How many entries the log had.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Sha256,
}

/// Why a note is no checkpoint to rely on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// No signed note, or not signed by the log's key.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// A signed note, but not of a log.
    #[error("the note is not a checkpoint of an audit log: {0}")]
    Malformed(&'static str),
}

/// The origin of the log of `vault`.
#[must_use]
pub fn checkpoint_origin(vault: VaultId) -> String {
    format!("keyreeve/{vault}")
}

impl Checkpoint {
    /// The checkpoint of the log of `vault` whose right edge is `frontier`.
    #[must_use]
    pub fn of(vault: VaultId, frontier: &Frontier) -> Self {
        Self { origin: checkpoint_origin(vault), size: frontier.size(), root: frontier.root() }
    }

    /// The text that is signed: origin, size and root (base64), a line each.
    #[must_use]
    pub fn body(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root))
    }

    /// The signed note. The same checkpoint and key always give the same note.
    #[must_use]
    pub fn sign(&self, key: &AuditSigningKey) -> String {
        note::sign(&self.body(), &self.origin, key)
    }

    /// Reads a signed note and checks that `key` signed it under the name of the origin it states.
    /// Signatures of others (witnesses) are passed over.
    ///
    /// # Errors
    /// When it is no checkpoint, or `key` did not sign it.
    pub fn verify(note: &str, key: &AuditPublicKey) -> Result<Self, CheckpointError> {
        let parsed = note::parse(note)?;
        let checkpoint = Self::from_body(parsed.text)?;
        parsed.verify(&checkpoint.origin, key)?;
        Ok(checkpoint)
    }

    fn from_body(body: &str) -> Result<Self, CheckpointError> {
        let malformed = CheckpointError::Malformed;
        let lines = body.strip_suffix('\n').unwrap_or(body).split('\n').collect::<Vec<_>>();
        let &[origin, size, root] = lines.as_slice() else {
            return Err(malformed("it does not have the three lines origin, size and root"));
        };
        if origin.is_empty() || origin.contains(|c: char| c.is_whitespace() || c == '+') {
            return Err(malformed("its origin is empty or has a space or plus sign"));
        }
        // Comparing with what it parses to refuses signs and leading zeros.
        let size = size
            .parse::<u64>()
            .ok()
            .filter(|parsed| parsed.to_string() == size)
            .ok_or(malformed("its size is no decimal number"))?;
        let root = STANDARD
            .decode(root)
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or(malformed("its root is not 32 bytes in base64"))?;
        Ok(Self { origin: origin.to_owned(), size, root })
    }
}

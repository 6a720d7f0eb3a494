//! Verifies a log from its first entry to its last, one entry at a time.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use jiff::Timestamp;
use keyreeve_crypto::{AuditPublicKey, Sha256};
use serde::Deserialize;

use super::checkpoint::{Checkpoint, CheckpointError, checkpoint_origin};
use super::entry::{
    Action, ENTRY_VERSION, EntryError, ObjectKind, Outcome, Source, parse_digest, within_bound,
};
use super::merkle::{Frontier, leaf_hash};
use crate::id::{CertificateId, KeyId, KnownKeyId, VaultId};

/// What is wrong with a log.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuditAlarm {
    /// The bytes at a place of the log are no entry.
    #[error("entry {seq} of the log cannot be read: {source}")]
    NotAnEntry {
        /// The place, from 0.
        seq: u64,
        /// What is wrong with it.
        source: EntryError,
    },
    /// An entry is missing, doubled or moved.
    #[error(
        "entry {found} stands where entry {expected} belongs: the log has a gap or was reordered"
    )]
    Gap {
        /// The place, from 0.
        expected: u64,
        /// What the entry there says of its place.
        found: u64,
    },
    /// An entry is older than the one before it.
    #[error("entry {seq} is of {time}, but the entry before it is of {before}")]
    TimeWentBack {
        /// The entry.
        seq: u64,
        /// The time of the entry before it.
        before: Timestamp,
        /// Its own time.
        time: Timestamp,
    },
    /// A checkpoint that the log's key did not sign as it stands.
    #[error("a checkpoint cannot be relied on: {0}")]
    BadCheckpoint(#[source] CheckpointError),
    /// A checkpoint of another log, though signed by this log's key.
    #[error("a checkpoint is of the log “{found}”, not of “{expected}”")]
    OtherLog {
        /// This log's origin.
        expected: String,
        /// The checkpoint's origin.
        found: String,
    },
    /// The entries are not those that the checkpoint was signed over.
    #[error(
        "the first {size} entries are not those that were signed: one was changed, added or removed"
    )]
    RootMismatch {
        /// The checkpoint's size.
        size: u64,
    },
    /// A checkpoint stands elsewhere than right below the entries it covers.
    #[error("a checkpoint over {signed} entries stands below {size} of them")]
    MisplacedCheckpoint {
        /// How many entries stand above it.
        size: u64,
        /// How many it covers.
        signed: u64,
    },
    /// The log ends before a signed checkpoint.
    #[error("the log ends after {size} entries, but {signed} were signed: its end was cut off")]
    CutOff {
        /// The log's size.
        size: u64,
        /// The checkpoint's size.
        signed: u64,
    },
}

/// A log without a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedLog {
    /// How many entries it has.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Sha256,
    /// The tree's right edge.
    pub frontier: Frontier,
    /// For each key, the newest entry that vouches for its rows, and the digest it vouches for.
    pub newest: HashMap<KeyId, (u64, [u8; 32])>,
    /// The same for each certificate that was not removed.
    pub newest_certificates: HashMap<CertificateId, (u64, [u8; 32])>,
    /// The same for each public key alone.
    pub newest_known_keys: HashMap<KnownKeyId, (u64, [u8; 32])>,
    /// The checkpoints that it bears out, smallest first.
    pub checkpoints: Vec<Checkpoint>,
    /// When the newest entry was made.
    pub newest_time: Option<Timestamp>,
}

/// Is fed the log's encoded entries in order.
#[derive(Debug)]
pub struct LogVerifier {
    origin: String,
    frontier: Frontier,
    newest: HashMap<KeyId, (u64, [u8; 32])>,
    newest_certificates: HashMap<CertificateId, (u64, [u8; 32])>,
    newest_known_keys: HashMap<KnownKeyId, (u64, [u8; 32])>,
    newest_time: Option<Timestamp>,
    /// Checkpoints not reached yet, largest first.
    ahead: Vec<Checkpoint>,
    reached: Vec<Checkpoint>,
}

impl LogVerifier {
    /// Begins with the log of `vault`, whose key is `key`, and the signed `notes` known of it.
    ///
    /// # Errors
    /// When one of the notes is no checkpoint of this log signed by its key.
    pub fn new<'a>(
        vault: VaultId,
        key: &AuditPublicKey,
        notes: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, AuditAlarm> {
        let origin = checkpoint_origin(vault);
        let mut ahead = notes
            .into_iter()
            .map(|note| own_checkpoint(note, key, &origin))
            .collect::<Result<Vec<_>, _>>()?;
        ahead.sort_by_key(|checkpoint| std::cmp::Reverse(checkpoint.size));
        let mut verifier = Self {
            origin,
            frontier: Frontier::default(),
            newest: HashMap::new(),
            newest_certificates: HashMap::new(),
            newest_known_keys: HashMap::new(),
            newest_time: None,
            ahead,
            reached: Vec::new(),
        };
        verifier.meet_checkpoints()?;
        Ok(verifier)
    }

    /// How many entries were fed.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// Takes the next entry's bytes.
    ///
    /// # Errors
    /// The first fault found; the log is then not to be relied on, and nothing more is to be fed.
    pub fn push(&mut self, line: &[u8]) -> Result<(), AuditAlarm> {
        let seq = self.frontier.size();
        let broken = |source| AuditAlarm::NotAnEntry { seq, source };
        let entry = ReadEntry::read(line).map_err(broken)?;
        if entry.seq != seq {
            return Err(AuditAlarm::Gap { expected: seq, found: entry.seq });
        }
        if let Some(before) = self.newest_time.filter(|before| *before > entry.time) {
            return Err(AuditAlarm::TimeWentBack { seq, before, time: entry.time });
        }
        self.newest_time = Some(entry.time);
        match entry.vouches_for().map_err(broken)? {
            Some((Vouched::Key(key), digest)) => _ = self.newest.insert(key, (seq, digest)),
            Some((Vouched::Certificate(id), digest)) => {
                note(&mut self.newest_certificates, id, &entry, digest);
            }
            Some((Vouched::KnownKey(id), digest)) => {
                note(&mut self.newest_known_keys, id, &entry, digest);
            }
            None => {}
        }
        self.frontier.push(leaf_hash(line));
        self.meet_checkpoints()
    }

    /// Takes a signed note over exactly the entries fed so far.
    ///
    /// # Errors
    /// When it is none, or over other entries.
    pub fn push_checkpoint(&mut self, note: &str, key: &AuditPublicKey) -> Result<(), AuditAlarm> {
        let checkpoint = own_checkpoint(note, key, &self.origin)?;
        let size = self.size();
        if checkpoint.size != size {
            return Err(AuditAlarm::MisplacedCheckpoint { size, signed: checkpoint.size });
        }
        self.meet(checkpoint)
    }

    /// Ends the log.
    ///
    /// # Errors
    /// [`AuditAlarm::CutOff`] when a checkpoint lies beyond its end.
    pub fn finish(self) -> Result<VerifiedLog, AuditAlarm> {
        let size = self.size();
        if let Some(beyond) = self.ahead.first() {
            return Err(AuditAlarm::CutOff { size, signed: beyond.size });
        }
        Ok(VerifiedLog {
            size,
            root: self.frontier.root(),
            frontier: self.frontier,
            newest: self.newest,
            newest_certificates: self.newest_certificates,
            newest_known_keys: self.newest_known_keys,
            checkpoints: self.reached,
            newest_time: self.newest_time,
        })
    }

    fn meet_checkpoints(&mut self) -> Result<(), AuditAlarm> {
        let size = self.frontier.size();
        while let Some(checkpoint) = self.ahead.pop_if(|next| next.size <= size) {
            self.meet(checkpoint)?;
        }
        Ok(())
    }

    fn meet(&mut self, checkpoint: Checkpoint) -> Result<(), AuditAlarm> {
        if checkpoint.root != self.frontier.root() {
            return Err(AuditAlarm::RootMismatch { size: checkpoint.size });
        }
        self.reached.push(checkpoint);
        Ok(())
    }
}

fn own_checkpoint(
    note: &str,
    key: &AuditPublicKey,
    origin: &str,
) -> Result<Checkpoint, AuditAlarm> {
    let checkpoint = Checkpoint::verify(note, key).map_err(AuditAlarm::BadCheckpoint)?;
    if checkpoint.origin != origin {
        return Err(AuditAlarm::OtherLog { expected: origin.to_owned(), found: checkpoint.origin });
    }
    Ok(checkpoint)
}

/// An entry, borrowed from its line: the same members as [`super::AuditEntry`], at a fraction of
/// the cost.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ReadEntry<'a> {
    v: u8,
    seq: u64,
    time: Timestamp,
    #[serde(borrow, rename = "actor")]
    _actor: ReadActor<'a>,
    #[serde(rename = "source")]
    _source: Source,
    action: Action,
    object_kind: ObjectKind,
    #[serde(borrow)]
    object: Cow<'a, str>,
    #[serde(rename = "version")]
    _version: Option<u32>,
    #[serde(rename = "outcome")]
    _outcome: Outcome,
    #[serde(borrow, rename = "reason")]
    _reason: Option<Cow<'a, str>>,
    #[serde(default, borrow, rename = "details")]
    _details: BTreeMap<Cow<'a, str>, Cow<'a, str>>,
    #[serde(borrow)]
    digest: Option<Cow<'a, str>>,
}

/// Whose rows an entry vouches for.
enum Vouched {
    Key(KeyId),
    Certificate(CertificateId),
    KnownKey(KnownKeyId),
}

/// Notes what an entry vouches for; nothing any more where the thing was removed.
fn note<I: Eq + Hash>(
    newest: &mut HashMap<I, (u64, [u8; 32])>,
    id: I,
    entry: &ReadEntry<'_>,
    digest: [u8; 32],
) {
    if entry.action.removes() {
        newest.remove(&id);
    } else {
        newest.insert(id, (entry.seq, digest));
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadActor<'a> {
    #[serde(borrow, rename = "member")]
    _member: Cow<'a, str>,
    #[serde(borrow, rename = "slot")]
    _slot: Option<Cow<'a, str>>,
}

impl<'a> ReadEntry<'a> {
    fn read(line: &'a [u8]) -> Result<Self, EntryError> {
        within_bound(line)?;
        let entry: Self = serde_json::from_slice(line)?;
        if entry.v != ENTRY_VERSION {
            return Err(EntryError::Version(entry.v));
        }
        Ok(entry)
    }

    fn vouches_for(&self) -> Result<Option<(Vouched, [u8; 32])>, EntryError> {
        let Some(digest) = &self.digest else { return Ok(None) };
        let digest = parse_digest(digest)?;
        let object = match self.object_kind {
            ObjectKind::Key => self.object.parse().ok().map(Vouched::Key),
            ObjectKind::Certificate => self.object.parse().ok().map(Vouched::Certificate),
            ObjectKind::KnownKey => self.object.parse().ok().map(Vouched::KnownKey),
            _ => None,
        };
        Ok(object.map(|object| (object, digest)))
    }
}

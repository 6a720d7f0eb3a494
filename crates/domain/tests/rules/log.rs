//! Logs to verify.

use std::collections::BTreeMap;

use keyreeve_crypto::AuditSigningKey;
use keyreeve_domain::audit::{
    Action, Actor, AuditDraft, Checkpoint, Frontier, ObjectKind, Outcome, Source, leaf_hash,
};
use keyreeve_domain::{KeyId, Timestamp, VaultId};

use crate::fixture::start;

pub fn vault() -> VaultId {
    VaultId::from_bytes([0x11; 16])
}

pub fn key() -> AuditSigningKey {
    AuditSigningKey::from_seed(&[7; 32])
}

/// One of three keys, by turns.
pub fn object(seq: u64) -> KeyId {
    KeyId::from_bytes([u8::try_from(seq % 3).unwrap(); 16])
}

pub fn digest(seq: u64) -> [u8; 32] {
    [u8::try_from(seq % 256).unwrap(); 32]
}

pub fn time(seq: u64) -> Timestamp {
    // Two entries a second, so that times repeat.
    start() + jiff::SignedDuration::from_secs(i64::try_from(seq / 2).unwrap())
}

pub fn draft(seq: u64) -> AuditDraft {
    AuditDraft {
        time: time(seq),
        actor: Actor { member: "main".into(), slot: Some("slot".into()) },
        source: Source::Cli,
        action: Action::KeyRotate,
        object_kind: ObjectKind::Key,
        object: object(seq).to_string(),
        version: Some(1),
        outcome: Outcome::Done,
        reason: Some("says \"so\"".into()),
        details: BTreeMap::from([("from".to_owned(), "a\nb".to_owned())]),
        digest: Some(digest(seq)),
    }
}

/// The encoded entries of a log.
pub fn entries(size: u64) -> Vec<Vec<u8>> {
    (0..size).map(|seq| draft(seq).into_entry(seq).encode().unwrap()).collect()
}

pub fn frontier(entries: &[Vec<u8>]) -> Frontier {
    let mut frontier = Frontier::default();
    entries.iter().for_each(|entry| frontier.push(leaf_hash(entry)));
    frontier
}

/// A signed note over `entries`.
pub fn note(entries: &[Vec<u8>]) -> String {
    Checkpoint::of(vault(), &frontier(entries)).sign(&key())
}

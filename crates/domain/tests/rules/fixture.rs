//! Keys to try the rules on.

use std::collections::{BTreeMap, BTreeSet};

use keyreeve_crypto::{Algorithm, Purpose};
use keyreeve_domain::{
    CustomField, KeyChange, KeyId, KeyName, KeyRecord, NewKey, NewVersion, Note, Origin, Owner,
    Period, Policy, PolicyTemplate, State, Tag, Timestamp, WhereUsed, WhereUsedKind,
};

/// When the keys are made.
pub const START: &str = "2026-01-01T00:00:00Z";

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn start() -> Timestamp {
    at(START)
}

pub fn days(from: Timestamp, days: i64) -> Timestamp {
    from + jiff::SignedDuration::from_hours(24 * days)
}

/// Two years of originator use, five of recipient use, use ends by itself.
pub fn policy() -> Policy {
    PolicyTemplate::NistSp80057.policy(Algorithm::Aes256Gcm, Purpose::Encrypt)
}

/// No period ends anything.
pub fn endless() -> Policy {
    Policy { originator_usage: None, recipient_usage: None, overlap: None, ..policy() }
}

pub fn with_overlap(overlap: &str) -> Policy {
    Policy { overlap: Some(overlap.parse::<Period>().unwrap()), ..policy() }
}

pub fn new_key(policy: Policy, activate_at: Option<Timestamp>) -> NewKey {
    NewKey {
        id: KeyId::from_bytes([0x22; 16]),
        name: KeyName::parse("backup key").unwrap(),
        purpose: Purpose::Encrypt,
        algorithm: Algorithm::Aes256Gcm,
        exportable: true,
        owner: Owner::parse("storage team").unwrap(),
        note: Note::parse("rotated\nyearly").unwrap(),
        tags: BTreeSet::from([Tag::parse("prod").unwrap(), Tag::parse("backup").unwrap()]),
        where_used: vec![
            WhereUsed::parse(WhereUsedKind::Host, "db1.example").unwrap(),
            WhereUsed::parse(WhereUsedKind::Path, "/etc/backup.key").unwrap(),
        ],
        fields: vec![CustomField::parse("ticket", "OPS-7").unwrap()],
        policy,
        activate_at,
    }
}

pub fn material(seed: u8) -> NewVersion {
    NewVersion {
        origin: Origin::Generated,
        generator: "keyreeve 0.1.0".into(),
        creator: "main".into(),
        public_key: None,
        fingerprints: BTreeMap::from([("kcv".to_owned(), "a1b2c3".to_owned())]),
        kcv: Some("a1b2c3".into()),
        data_key_digest: [seed; 32],
        material_digest: [seed ^ 0xff; 32],
    }
}

pub fn created(policy: Policy) -> KeyRecord {
    KeyRecord::create(new_key(policy, None), material(1), start()).unwrap().record
}

/// A version's state, and whether its destruction is scheduled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Situation {
    pub state: State,
    pub scheduled: bool,
}

impl Situation {
    /// Every situation there is: only what is out of use can be scheduled for destruction.
    pub const ALL: [Self; 8] = [
        Self { state: State::PreActive, scheduled: false },
        Self { state: State::Active, scheduled: false },
        Self { state: State::Suspended, scheduled: false },
        Self { state: State::Deactivated, scheduled: false },
        Self { state: State::Compromised, scheduled: false },
        Self { state: State::Destroyed, scheduled: false },
        Self { state: State::Deactivated, scheduled: true },
        Self { state: State::Compromised, scheduled: true },
    ];

    pub fn of(record: &KeyRecord, version: u32) -> Self {
        let version = record.version(version).unwrap();
        Self { state: version.state, scheduled: version.destroy_scheduled_at.is_some() }
    }

    /// A key with one version in this situation, and a time at which it is.
    pub fn reached(self, policy: Policy) -> (KeyRecord, Timestamp) {
        let key = created(policy.clone());
        let step = |n| days(start(), n);
        let retire = |key: &KeyRecord| key.deactivate(None, "", step(1)).unwrap().record;
        let revoke = |key: &KeyRecord| key.revoke(None, "leaked", step(1), step(1)).unwrap().record;
        let record = match self.state {
            State::PreActive => {
                let later = new_key(policy, Some(step(30)));
                KeyRecord::create(later, material(1), start()).unwrap().record
            }
            State::Active => key,
            State::Suspended => key.suspend(None, "", step(1)).unwrap().record,
            State::Deactivated => retire(&key),
            State::Compromised => revoke(&key),
            State::Destroyed => {
                let waiting =
                    retire(&key).schedule_destruction(None, 7, "", step(1)).unwrap().record;
                last(waiting.run_due(step(8))).record
            }
        };
        if !self.scheduled {
            return (record, step(9));
        }
        (record.schedule_destruction(None, 30, "", step(2)).unwrap().record, step(9))
    }
}

pub fn last(changes: Vec<KeyChange>) -> KeyChange {
    changes.into_iter().next_back().unwrap()
}

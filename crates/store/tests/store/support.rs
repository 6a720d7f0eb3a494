//! A vault in a temporary folder, keys to put into it, and a way around the store.

use std::collections::BTreeMap;
use std::path::PathBuf;

use keyreeve_crypto::{Algorithm, DatabaseKey, Purpose, VaultKey, sha256};
use keyreeve_domain::audit::{Action, Actor, AuditDraft, ObjectKind, Outcome, Source};
use keyreeve_domain::ports::{
    SealedVersion, Stamp, StoreError, StoreOpener as _, VaultMeta, VaultStore,
};
use keyreeve_domain::{
    KeyChange, KeyId, KeyName, KeyRecord, NewKey, NewVersion, Note, Origin, Owner, PolicyTemplate,
    Tag, Timestamp, VaultId,
};
use keyreeve_store::SqlcipherOpener;
use tempfile::TempDir;

/// A vault that goes with its folder.
pub struct Vault {
    pub folder: TempDir,
    pub store: Box<dyn VaultStore>,
}

impl Vault {
    pub fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let store = SqlcipherOpener
            .create(folder.path(), &database_key(1), &meta(), draft(Action::VaultCreate))
            .unwrap();
        Self { folder, store }
    }

    pub fn file(&self) -> PathBuf {
        self.folder.path().join("vault.db")
    }

    pub fn reopened(self) -> Self {
        let Self { folder, store } = self;
        drop(store);
        let store = SqlcipherOpener.open(folder.path(), &database_key(1)).unwrap();
        Self { folder, store }
    }

    /// Saves a change in a transaction of its own.
    pub fn save(&self, change: &KeyChange, sealed: &[SealedVersion]) -> Result<u64, StoreError> {
        let mut write = self.store.write()?;
        let seq = write.save_key(change, sealed, &stamp())?;
        write.commit()?;
        Ok(seq)
    }

    /// Makes and saves a key.
    pub fn add(&self, number: u8, name: &str) -> KeyRecord {
        let (change, sealed) = new_key(number, name);
        self.save(&change, &[sealed]).unwrap();
        change.record
    }

    /// Runs SQL on the file itself, with the key but without the store: what an attacker with the
    /// database key would do.
    pub fn tamper(&self, sql: &str) -> usize {
        raw(&self.file()).execute(sql, []).unwrap()
    }
}

/// The file with the key, and without the store.
pub fn raw(file: &std::path::Path) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(file).unwrap();
    let digits = hex::encode(database_key(1).expose());
    connection.execute_batch(&format!("PRAGMA key = \"x'{digits}'\"")).unwrap();
    connection
}

pub fn database_key(seed: u8) -> DatabaseKey {
    VaultKey::from_bytes(&[seed; 32]).derive_database_key(&[7; 16])
}

pub fn meta() -> VaultMeta {
    VaultMeta {
        vault_id: VaultId::from_bytes([7; 16]),
        created_at: at(0),
        audit_public_key: [3; 32],
        sealed_audit_key: vec![9; 80],
    }
}

/// `days` days after the tests' first day.
pub fn at(days: i64) -> Timestamp {
    let first: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    first + jiff::Span::new().hours(24 * days)
}

pub fn stamp() -> Stamp {
    let actor = Actor { member: "tests".into(), slot: None };
    Stamp { time: at(1), actor, source: Source::Cli }
}

pub fn draft(action: Action) -> AuditDraft {
    AuditDraft {
        time: at(0),
        actor: Actor { member: "tests".into(), slot: None },
        source: Source::Cli,
        action,
        object_kind: ObjectKind::Vault,
        object: "vault".into(),
        version: None,
        outcome: Outcome::Done,
        reason: None,
        details: BTreeMap::new(),
        digest: None,
    }
}

pub fn key_id(number: u8) -> KeyId {
    KeyId::from_random([number; 16])
}

/// A new Ed25519 key with sealed bytes that its number tells apart.
pub fn new_key(number: u8, name: &str) -> (KeyChange, SealedVersion) {
    let sealed = sealed_version(1, number);
    let new = plain_key(key_id(number), name);
    (KeyRecord::create(new, new_version(&sealed), at(1)).unwrap(), sealed)
}

/// What a key of that name is to be, with nothing that the tests do not need.
pub fn plain_key(id: KeyId, name: &str) -> NewKey {
    let (algorithm, purpose) = (Algorithm::Ed25519, Purpose::Sign);
    NewKey {
        id,
        name: KeyName::parse(name).unwrap(),
        purpose,
        algorithm,
        exportable: true,
        owner: Owner::parse("Platform group").unwrap(),
        note: Note::parse("signs releases").unwrap(),
        tags: [Tag::parse("prod").unwrap()].into(),
        where_used: Vec::new(),
        fields: Vec::new(),
        policy: PolicyTemplate::NistSp80057.policy(algorithm, purpose),
        activate_at: None,
    }
}

/// Sealed bytes that `seed` tells apart.
pub fn sealed_version(version: u32, seed: u8) -> SealedVersion {
    let bytes = |kind: u8, len: u8| -> Vec<u8> {
        (0..len).flat_map(|n| sha256(&[kind, seed, n, version as u8])).collect()
    };
    SealedVersion { version, data_key: bytes(1, 2), material: bytes(2, 4) }
}

/// A version with these sealed bytes.
pub fn new_version(sealed: &SealedVersion) -> NewVersion {
    NewVersion {
        origin: Origin::Generated,
        generator: "keyreeve 0.1.0".into(),
        creator: "tests".into(),
        public_key: Some(vec![0x30; 44]),
        fingerprints: BTreeMap::from([(
            "SHA256".into(),
            format!("SHA256:{}", hex::encode(&sealed.material[..8])),
        )]),
        kcv: None,
        data_key_digest: sha256(&sealed.data_key),
        material_digest: sha256(&sealed.material),
    }
}

//! A vault for tests that look inside the store.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use keyreeve_crypto::{DatabaseKey, VaultKey};
use keyreeve_domain::audit::{Action, Actor, AuditDraft, ObjectKind, Outcome, Source};
use keyreeve_domain::ports::VaultMeta;
use keyreeve_domain::{Timestamp, VaultId};

use crate::opener::{FILE_NAME, create};
use crate::store::SqlcipherStore;

/// A temporary folder.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new() -> io::Result<Self> {
        tempfile::tempdir().map(Self)
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Every file's name and bytes.
    pub(crate) fn contents(&self) -> BTreeMap<String, Vec<u8>> {
        let files = fs::read_dir(self.path()).unwrap().map(Result::unwrap);
        let name = |file: &fs::DirEntry| file.file_name().to_string_lossy().into_owned();
        files.map(|file| (name(&file), fs::read(file.path()).unwrap())).collect()
    }
}

pub(crate) fn vault(migrations: &'static [&'static str]) -> (Folder, SqlcipherStore) {
    let folder = Folder::new().unwrap();
    let path = folder.path().join(FILE_NAME);
    let first = draft(Action::VaultCreate);
    let store = create(&path, &key(), &meta(), first, migrations)
        .unwrap_or_else(|fault| panic!("{fault:?}"));
    (folder, store)
}

pub(crate) fn key() -> DatabaseKey {
    VaultKey::from_bytes(&[1; 32]).derive_database_key(&[7; 16])
}

pub(crate) fn meta() -> VaultMeta {
    VaultMeta {
        vault_id: VaultId::from_bytes([7; 16]),
        created_at: Timestamp::UNIX_EPOCH,
        audit_public_key: [3; 32],
        sealed_audit_key: vec![9; 80],
    }
}

pub(crate) fn draft(action: Action) -> AuditDraft {
    AuditDraft {
        time: Timestamp::UNIX_EPOCH,
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

//! A vault's files, and plans to back them up.
#![allow(dead_code, reason = "each test file uses its own part of this")]

use std::fs;
use std::path::{Path, PathBuf};

use keyreeve_backup::{
    BackupFile, BackupInfo, BackupPlan, CreateError, Facts, Recipients, Source, create,
};
use keyreeve_crypto::{AuditSigningKey, SecretBytes, SecretString};
use keyreeve_domain::VaultId;
use keyreeve_domain::ports::Silent;
use tempfile::TempDir;

/// age's and SSH's keys cost a thread of Argon2 or scrypt nothing here: the least work there is.
pub const LEAST_WORK: u8 = 1;

/// Larger than several of age's pieces of 64 KiB, and no multiple of a tar block.
pub const DATABASE_LEN: usize = 300_001;

pub struct Scene {
    pub scratch: TempDir,
    pub signing_key: AuditSigningKey,
}

impl Scene {
    pub fn new() -> Self {
        let scratch = tempfile::tempdir().unwrap();
        fs::write(scratch.path().join("vault.db"), database()).unwrap();
        fs::create_dir(scratch.path().join("drills")).unwrap();
        Self { scratch, signing_key: AuditSigningKey::from_seed(&[5; 32]) }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.scratch.path().join(name)
    }

    /// What a vault's backup holds: two files of the vault, and a key in the clear.
    pub fn files(&self) -> Vec<BackupFile> {
        vec![
            bytes("vault/header.json", b"{\"body\":{}}\n"),
            BackupFile {
                path: "vault/vault.db".into(),
                source: Source::File(self.path("vault.db")),
            },
            bytes("plain/Schlüssel 🗝/private.pem", b"-----BEGIN PRIVATE KEY-----\n"),
            bytes("inventory.cdx.json", b""),
        ]
    }

    pub fn plan<'a>(&'a self, out: &'a Path, recipients: &'a Recipients) -> BackupPlan<'a> {
        BackupPlan {
            out,
            scratch: Path::new(self.scratch.path()),
            recipients,
            facts: facts(),
            files: self.files(),
            signing_key: &self.signing_key,
            prove: &|_| Ok(()),
        }
    }

    pub fn back_up(&self, out: &Path, recipients: &Recipients) -> Result<BackupInfo, CreateError> {
        create(&self.plan(out, recipients), &Silent)
    }

    /// What is in the scene's folder, hidden files too.
    pub fn names(&self) -> Vec<String> {
        names(self.scratch.path())
    }
}

pub fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

pub fn facts() -> Facts<'static> {
    Facts {
        vault_id: VaultId::from_bytes([1; 16]),
        created_at: "2026-01-31T08:15:00Z".parse().unwrap(),
        app: "keyreeve 0.1.0",
        audit_size: 1234,
        audit_root: [2; 32],
        keys: 56,
    }
}

/// Bytes that no two blocks have in common.
pub fn database() -> Vec<u8> {
    (0..DATABASE_LEN as u64)
        .map(|at| (at.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56) as u8)
        .collect()
}

pub fn bytes(path: &str, bytes: &[u8]) -> BackupFile {
    BackupFile { path: path.into(), source: Source::Bytes(SecretBytes::new(bytes.to_vec())) }
}

pub fn secret(text: &str) -> SecretString {
    SecretString::new(text.into())
}

pub fn with_passphrase(text: &str) -> Recipients {
    Recipients::passphrase(&secret(text)).with_work_factor(LEAST_WORK)
}

/// An identity file's bytes.
pub fn identity_file(bytes: impl Into<Vec<u8>>) -> SecretBytes {
    SecretBytes::new(bytes.into())
}

/// A new age key: its recipient and its identity file.
pub fn age_key() -> (String, SecretBytes) {
    use age::secrecy::ExposeSecret as _;
    let identity = age::x25519::Identity::generate();
    let text = format!("# created for a test\n{}\n", identity.to_string().expose_secret());
    (identity.to_public().to_string(), identity_file(text))
}

//! `manifest.json`: what a backup holds, signed by the audit key.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use keyreeve_crypto::{AuditPublicKey, AuditSigningKey};
use keyreeve_domain::VaultId;
use serde::{Deserialize, Serialize};

use crate::open::OpenError;
use crate::path::is_safe;

/// The newest manifest version this build knows.
pub const VERSION: u32 = 1;
/// The most bytes a manifest may have.
pub const MAX_MANIFEST: u64 = 128 * 1024 * 1024;
/// The most bytes a file inside may have: 1 TiB.
const MAX_FILE: u64 = 1 << 40;
/// The most bytes a signature's line may have.
pub const MAX_SIGNATURE: u64 = 256;

/// What stands before the manifest when it is signed, so that the signature is good for nothing
/// else.
const SIGNED_AS: &[u8] = b"keyreeve-backup-manifest-v1\n";

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Manifest {
    /// The manifest's version.
    pub version: u32,
    /// The vault.
    pub vault_id: VaultId,
    /// When the backup was made.
    pub created_at: Timestamp,
    /// The program that made it, and its version.
    pub app: String,
    /// Where the audit log stood.
    pub audit: AuditFacts,
    /// How many keys the vault holds.
    pub keys: u64,
    /// The files, in the order in which they follow.
    pub files: Vec<FileEntry>,
}

/// Where the audit log stood, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AuditFacts {
    /// How many entries the log had.
    pub size: u64,
    /// The root of its Merkle tree.
    #[serde(with = "hex")]
    pub root: [u8; 32],
    /// The Ed25519 key that signs the log, and this manifest.
    #[serde(with = "hex")]
    pub public_key: [u8; 32],
}

/// A file inside the backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileEntry {
    /// Its name, with `/` between folders.
    pub path: String,
    /// Its length in bytes.
    pub size: u64,
    /// Its SHA-256.
    #[serde(with = "hex")]
    pub sha256: [u8; 32],
}

impl Manifest {
    /// The bytes that are stored and signed.
    pub(crate) fn encode(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Reads and checks a manifest from a backup whose file has `backup_len` bytes.
    pub(crate) fn parse(
        bytes: &[u8],
        signature: &[u8],
        backup_len: u64,
    ) -> Result<Self, OpenError> {
        refuse_newer(bytes)?;
        let manifest: Self = serde_json::from_slice(bytes)
            .map_err(|error| OpenError::Damaged { what: format!("its manifest: {error}") })?;
        if manifest.version != VERSION {
            return Err(OpenError::Damaged {
                what: format!("its manifest has version {}", manifest.version),
            });
        }
        let key = AuditPublicKey(manifest.audit.public_key);
        let signature = signature.strip_suffix(b"\n").unwrap_or(signature);
        let signature = STANDARD.decode(signature).map_err(|_malformed| OpenError::Forged)?;
        key.verify(&to_be_signed(bytes), &signature).map_err(|_refused| OpenError::Forged)?;
        manifest.check_files(backup_len)?;
        Ok(manifest)
    }

    fn check_files(&self, backup_len: u64) -> Result<(), OpenError> {
        let mut seen = BTreeSet::new();
        let mut total: u64 = 0;
        for file in &self.files {
            if !is_safe(&file.path) {
                return Err(OpenError::HostileName { name: file.path.clone() });
            }
            if !seen.insert(file.path.as_str()) {
                let what = format!("“{}” is in it twice", file.path);
                return Err(OpenError::Damaged { what });
            }
            if file.size > MAX_FILE {
                return Err(OpenError::TooLarge { what: file.path.clone(), size: file.size });
            }
            total = total.saturating_add(file.size);
            // Nothing is compressed: what is inside cannot be larger than the file around it.
            if total > backup_len {
                return Err(OpenError::Truncated);
            }
        }
        Ok(())
    }
}

/// The line of `manifest.json.sig` for a manifest's bytes.
pub fn sign(manifest: &[u8], key: &AuditSigningKey) -> Vec<u8> {
    let mut line = STANDARD.encode(key.sign(&to_be_signed(manifest))).into_bytes();
    line.push(b'\n');
    line
}

fn to_be_signed(manifest: &[u8]) -> Vec<u8> {
    [SIGNED_AS, manifest].concat()
}

/// Looks at the version alone, before anything that a newer version may have changed.
fn refuse_newer(bytes: &[u8]) -> Result<(), OpenError> {
    #[derive(Deserialize)]
    struct AnyManifest {
        version: u32,
    }
    match serde_json::from_slice::<AnyManifest>(bytes) {
        Ok(AnyManifest { version }) if version > VERSION => {
            Err(OpenError::NewerManifest { found: version, known: VERSION })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> AuditSigningKey {
        AuditSigningKey::from_seed(&[7; 32])
    }

    fn manifest() -> Manifest {
        Manifest {
            version: 1,
            vault_id: VaultId::from_bytes([1; 16]),
            created_at: "2026-01-31T08:15:00Z".parse().unwrap(),
            app: "keyreeve 0.1.0".into(),
            audit: AuditFacts { size: 3, root: [2; 32], public_key: key().public().0 },
            keys: 5,
            files: vec![file("vault/header.json", 4), file("vault/vault.db", 6)],
        }
    }

    fn file(path: &str, size: u64) -> FileEntry {
        FileEntry { path: path.into(), size, sha256: [9; 32] }
    }

    fn parse(manifest: &Manifest) -> Result<Manifest, OpenError> {
        let bytes = manifest.encode().unwrap();
        Manifest::parse(&bytes, &sign(&bytes, &key()), 1_000)
    }

    #[test]
    fn a_signed_manifest_comes_back_as_it_was() {
        assert_eq!(parse(&manifest()).unwrap(), manifest());
    }

    #[test]
    fn any_other_byte_or_signature_is_refused() {
        let bytes = manifest().encode().unwrap();
        let signature = sign(&bytes, &key());
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert!(Manifest::parse(&changed, &signature, 1_000).is_err(), "byte {at}");
        }
        for other in [
            &b""[..],
            b"\n",
            b"no base64!",
            &signature[..80],
            &sign(&bytes, &AuditSigningKey::from_seed(&[8; 32])),
            // A signature that the same key made for another purpose.
            STANDARD.encode(key().sign(&bytes)).as_bytes(),
        ] {
            assert!(matches!(Manifest::parse(&bytes, other, 1_000), Err(OpenError::Forged)));
        }
    }

    #[test]
    fn hostile_files_are_refused_although_signed() {
        let with = |files| parse(&Manifest { files, ..manifest() });
        for name in ["../up", "/etc/passwd", "vault/../../up", "manifest.json", "vault/a/b"] {
            match with(vec![file(name, 1)]) {
                Err(OpenError::HostileName { name: found }) => assert_eq!(found, name),
                other => panic!("{name}: {other:?}"),
            }
        }
        let twice = with(vec![file("vault/a", 1), file("vault/a", 1)]);
        assert!(matches!(twice, Err(OpenError::Damaged { .. })));
        for size in [MAX_FILE + 1, u64::MAX] {
            let absurd = with(vec![file("vault/a", size)]);
            assert!(matches!(absurd, Err(OpenError::TooLarge { .. })), "{size}");
        }
        for sizes in [[1_001, 0], [600, 600], [MAX_FILE, MAX_FILE]] {
            let more = with(vec![file("vault/a", sizes[0]), file("vault/b", sizes[1])]);
            assert!(matches!(more, Err(OpenError::Truncated)), "{sizes:?}");
        }
    }

    #[test]
    fn a_newer_manifest_is_named_so() {
        let bytes = br#"{"version": 2, "surprise": true}"#;
        assert!(matches!(
            Manifest::parse(bytes, b"", 1_000),
            Err(OpenError::NewerManifest { found: 2, known: 1 })
        ));
        let bytes = br#"{"version": 0}"#;
        assert!(matches!(Manifest::parse(bytes, b"", 1_000), Err(OpenError::Damaged { .. })));
    }
}

//! The domain's port for backups, by age and tar.

use std::path::Path;

use keyreeve_crypto::SecretBytes;
use keyreeve_domain::ports::{
    BackupError, BackupFiles, BackupIdentity, BackupItem, BackupPlan as Plan, BackupRecipients,
    BackupSubject, Progress, UnpackedBackup, WrittenBackup,
};

use crate::create::{BackupFile, BackupPlan, CreateError, Facts, Source, create};
use crate::identity::{Identity, IdentityError};
use crate::open::{OpenError, open};
use crate::recipients::{RecipientError, Recipients};

/// What the manifest says made it.
const APP: &str = concat!("keyreeve ", env!("CARGO_PKG_VERSION"));

/// Backups as age files with a tar inside.
#[derive(Debug, Clone, Copy, Default)]
pub struct AgeBackups;

impl BackupFiles for AgeBackups {
    fn create(
        &self,
        plan: Plan<'_>,
        progress: &dyn Progress,
    ) -> Result<WrittenBackup, BackupError> {
        let recipients = match &plan.recipients {
            BackupRecipients::Keys(lines) => Recipients::parse(&lines.join("\n"))?,
            BackupRecipients::Passphrase(passphrase) => Recipients::passphrase(passphrase),
        };
        let subject = &plan.subject;
        let info = create(
            &BackupPlan {
                out: plan.out,
                scratch: plan.scratch,
                recipients: &recipients,
                facts: Facts {
                    vault_id: subject.vault_id,
                    created_at: subject.created_at,
                    app: APP,
                    audit_size: subject.audit_size,
                    audit_root: subject.audit_root,
                    keys: subject.keys,
                },
                files: plan.items.into_iter().map(file).collect(),
                signing_key: plan.signing_key,
                prove: &|unpacked| match &unpacked.vault {
                    Some(vault) => Ok((plan.drill)(vault)?),
                    None => Err("no vault came back".into()),
                },
            },
            progress,
        )?;
        Ok(WrittenBackup { bytes: info.bytes, sha256: info.sha256 })
    }

    fn identity_needs_passphrase(&self, identity: &SecretBytes) -> Result<bool, BackupError> {
        Ok(Identity::needs_passphrase(identity)?)
    }

    fn unpack(
        &self,
        file: &Path,
        identity: &BackupIdentity<'_>,
        into: &Path,
        progress: &dyn Progress,
    ) -> Result<UnpackedBackup, BackupError> {
        let identity = match identity {
            BackupIdentity::Key { file, passphrase } => Identity::parse(file, *passphrase)?,
            BackupIdentity::Passphrase(passphrase) => Identity::passphrase(passphrase),
        };
        let unpacked = open(file, &identity, into, progress)?;
        let manifest = unpacked.manifest;
        let no_vault = || BackupError::Damaged { what: "there is no vault inside".into() };
        Ok(UnpackedBackup {
            vault: unpacked.vault.ok_or_else(no_vault)?,
            subject: BackupSubject {
                vault_id: manifest.vault_id,
                created_at: manifest.created_at,
                keys: manifest.keys,
                audit_size: manifest.audit.size,
                audit_root: manifest.audit.root,
                audit_public_key: manifest.audit.public_key,
            },
        })
    }
}

fn file(item: BackupItem) -> BackupFile {
    match item {
        BackupItem::File { name, path } => BackupFile { path: name, source: Source::File(path) },
        BackupItem::Bytes { name, bytes } => {
            BackupFile { path: name, source: Source::Bytes(bytes) }
        }
    }
}

impl From<RecipientError> for BackupError {
    fn from(error: RecipientError) -> Self {
        Self::BadRecipient { why: error.to_string() }
    }
}

impl From<IdentityError> for BackupError {
    fn from(error: IdentityError) -> Self {
        use IdentityError as I;
        match error {
            I::PassphraseNeeded => Self::IdentityPassphraseNeeded,
            I::WrongPassphrase => Self::WrongIdentityPassphrase,
            I::TooLarge | I::ExcessiveWork { .. } => Self::TooLarge { what: error.to_string() },
            I::Malformed | I::PublicKey | I::Empty | I::EncryptedForKeys | I::UnsupportedSsh => {
                Self::BadIdentity { why: error.to_string() }
            }
        }
    }
}

impl From<CreateError> for BackupError {
    fn from(error: CreateError) -> Self {
        use CreateError as C;
        match error {
            C::Exists { path } => Self::Exists { path },
            C::NoFolder { path } => Self::NotFound { path },
            C::DiskFull => Self::DiskFull,
            C::ReadOnly => Self::ReadOnly,
            C::Cancelled => Self::Cancelled,
            C::Io(error) | C::Source { error, .. } => Self::Io(error),
            C::Drill(OpenError::DiskFull) => Self::DiskFull,
            C::Drill(OpenError::Cancelled) => Self::Cancelled,
            C::Drill(error) => Self::Unproven { why: error.to_string() },
            C::Unproven(error) => Self::Unproven { why: error.to_string() },
            other @ (C::BadName { .. } | C::SourceChanged { .. } | C::Encrypt(_)) => {
                Self::Crypto(other.to_string())
            }
        }
    }
}

impl From<OpenError> for BackupError {
    fn from(error: OpenError) -> Self {
        use OpenError as O;
        match error {
            O::NotAge | O::NotABackup | O::NewerAge => Self::NotABackup { why: error.to_string() },
            O::OtherRecipient => Self::NotForYou,
            O::WrongPassphrase => Self::WrongPassphrase,
            O::PassphraseNeeded | O::KeyNeeded => Self::BadIdentity { why: error.to_string() },
            O::NewerManifest { found, known } => Self::Newer { found, known },
            O::Damaged { what } => Self::Damaged { what },
            O::Truncated | O::Forged | O::HostileName { .. } => {
                Self::Damaged { what: error.to_string() }
            }
            O::TooLarge { .. } | O::ExcessiveWork { .. } => {
                Self::TooLarge { what: error.to_string() }
            }
            O::Exists { path } => Self::Exists { path },
            O::DiskFull => Self::DiskFull,
            O::ReadOnly => Self::ReadOnly,
            O::Cancelled => Self::Cancelled,
            O::Io(error) if error.kind() == std::io::ErrorKind::NotFound => Self::Missing,
            O::Io(error) => Self::Io(error),
        }
    }
}

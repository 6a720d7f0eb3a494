//! Making a backup, and proving it by a restore before it gets its name.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Seek as _, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use keyreeve_crypto::{AuditSigningKey, SecretBytes, sha256};
use keyreeve_domain::VaultId;
use keyreeve_domain::ports::Progress;
use tempfile::{NamedTempFile, TempDir};

use crate::file_key::{Kept, Remembering};
use crate::manifest::{AuditFacts, FileEntry, Manifest, VERSION, sign};
use crate::meter::{Meter, is_cancelled};
use crate::open::{OpenError, Unpacked, read};
use crate::path::{MANIFEST, SIGNATURE, is_safe};
use crate::recipients::{Kind, Recipients};
use crate::tally::Tally;
use crate::unpack::Target;

/// How much is read from a source at once.
const PIECE: usize = 256 * 1024;

/// What a backup is to be.
pub struct BackupPlan<'a> {
    /// The file to make; nothing may be there.
    pub out: &'a Path,
    /// The folder in which the file grows until it gets its name, and in which the drill unpacks:
    /// in a folder of its own, for the owner alone, which is gone afterwards. Only `vault/` files are
    /// written there. On the same disk as `out`.
    pub scratch: &'a Path,
    /// For whom it is encrypted.
    pub recipients: &'a Recipients,
    /// What the manifest says.
    pub facts: Facts<'a>,
    /// What goes in, in this order.
    pub files: Vec<BackupFile>,
    /// Signs the manifest.
    pub signing_key: &'a AuditSigningKey,
    /// Opens what the drill unpacked, as a restore would.
    pub prove: &'a dyn Fn(&Unpacked) -> Proof,
}

/// What opening an unpacked vault came to.
pub type Proof = Result<(), Box<dyn std::error::Error + Send + Sync>>;

/// What the manifest says beside the files.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The vault.
    pub vault_id: VaultId,
    /// When the backup is made.
    pub created_at: Timestamp,
    /// The program and its version.
    pub app: &'a str,
    /// The audit log's size.
    pub audit_size: u64,
    /// The audit log's root.
    pub audit_root: [u8; 32],
    /// How many keys the vault holds.
    pub keys: u64,
}

/// A file that goes into a backup.
#[derive(Debug)]
pub struct BackupFile {
    /// Its name inside, with `/` between folders.
    pub path: String,
    /// Where its bytes come from.
    pub source: Source,
}

/// Where a file's bytes come from.
#[derive(Debug)]
pub enum Source {
    /// A file that does not change meanwhile.
    File(PathBuf),
    /// Bytes in memory.
    Bytes(SecretBytes),
}

/// A backup that a restore has proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupInfo {
    /// Its size in bytes.
    pub bytes: u64,
    /// Its SHA-256.
    pub sha256: [u8; 32],
    /// What it says of itself.
    pub manifest: Manifest,
}

/// Why a backup could not be made. Nothing is left of it, and no earlier backup was touched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CreateError {
    /// Something is there already.
    #[error("there is already something at {path}; it was not touched")]
    Exists {
        /// Where.
        path: PathBuf,
    },
    /// No file name, or no folder for it.
    #[error("there is no folder for a backup at {path}")]
    NoFolder {
        /// Where.
        path: PathBuf,
    },
    /// A name that a tar cannot hold, or that leads elsewhere, or twice the same.
    #[error("a file named “{name}” cannot go into a backup")]
    BadName {
        /// The name.
        name: String,
    },
    /// A file that should go in could not be read.
    #[error("“{name}” could not be read for the backup")]
    Source {
        /// Its name inside.
        name: String,
        /// Why.
        #[source]
        error: io::Error,
    },
    /// A file changed while it was being read.
    #[error("“{name}” changed while the backup was being made; try again")]
    SourceChanged {
        /// Its name inside.
        name: String,
    },
    /// The disk is full.
    #[error("the disk is full")]
    DiskFull,
    /// The folder cannot be written.
    #[error("the folder is read-only")]
    ReadOnly,
    /// The caller cancelled.
    #[error("cancelled; no backup was made")]
    Cancelled,
    /// The operating system failed to write.
    #[error("writing the backup failed")]
    Io(#[source] io::Error),
    /// age or the manifest's encoding failed.
    #[error("the backup could not be encrypted: {0}")]
    Encrypt(String),
    /// What was written does not come back.
    #[error("the backup was written but could not be restored, so it was removed")]
    Drill(#[source] OpenError),
    /// What came back does not open.
    #[error("the backup was restored but its vault does not open, so it was removed")]
    Unproven(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Makes a backup: writes it on the same disk, flushes it, restores it from the disk, lets the
/// caller open the restored vault, and only then gives it its name — never over another file.
///
/// # Errors
/// See [`CreateError`].
pub fn create(plan: &BackupPlan<'_>, progress: &dyn Progress) -> Result<BackupInfo, CreateError> {
    let (folder, name) = place(plan.out)?;
    check_names(&plan.files)?;
    let sources: u64 = plan.files.iter().map(|file| file.source.len()).sum();
    // Each byte is hashed, written and read back.
    let mut meter = Meter::new(progress, sources.saturating_mul(3));
    let manifest = describe(plan, &mut meter)?;

    let mut partial = partial_file(plan.scratch, name)?;
    let (opener, bytes, sha256) = write(plan, &manifest, partial.as_file_mut(), &mut meter)?;
    partial.as_file().sync_all().map_err(write_error)?;
    drill(plan, &partial, &opener, (bytes, sha256), &manifest, &mut meter)?;

    partial.persist_noclobber(plan.out).map_err(|error| match error.error.kind() {
        io::ErrorKind::AlreadyExists => CreateError::Exists { path: plan.out.to_owned() },
        _ => write_error(error.error),
    })?;
    sync_folder(folder)?;
    Ok(BackupInfo { bytes, sha256, manifest })
}

impl Source {
    /// Its length now, for the progress alone.
    fn len(&self) -> u64 {
        match self {
            Self::File(path) => std::fs::metadata(path).map_or(0, |found| found.len()),
            Self::Bytes(bytes) => bytes.len() as u64,
        }
    }
}

/// The folder and the name of the file to make.
fn place(out: &Path) -> Result<(&Path, OsString), CreateError> {
    let no_folder = || CreateError::NoFolder { path: out.to_owned() };
    let name = out.file_name().ok_or_else(no_folder)?.to_owned();
    let folder = match out.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if !folder.is_dir() {
        return Err(no_folder());
    }
    // Looked at early for a quick answer; the final rename is what never overwrites.
    if out.symlink_metadata().is_ok() {
        return Err(CreateError::Exists { path: out.to_owned() });
    }
    Ok((folder, name))
}

fn check_names(files: &[BackupFile]) -> Result<(), CreateError> {
    let mut seen = std::collections::BTreeSet::new();
    match files.iter().find(|file| !is_safe(&file.path) || !seen.insert(&file.path)) {
        Some(bad) => Err(CreateError::BadName { name: bad.path.clone() }),
        None => Ok(()),
    }
}

fn partial_file(folder: &Path, name: OsString) -> Result<NamedTempFile, CreateError> {
    let mut prefix = OsString::from(".");
    prefix.push(name);
    prefix.push(".");
    tempfile::Builder::new()
        .prefix(&prefix)
        .suffix(".partial")
        .tempfile_in(folder)
        .map_err(write_error)
}

/// Hashes the sources into a manifest.
fn describe(plan: &BackupPlan<'_>, meter: &mut Meter<'_>) -> Result<Manifest, CreateError> {
    let mut files = Vec::with_capacity(plan.files.len());
    let mut piece = vec![0; PIECE];
    for BackupFile { path, source } in &plan.files {
        let (size, sha256) = match source {
            Source::Bytes(bytes) => {
                meter.step(bytes.len()).map_err(write_error)?;
                // EXPOSE: hashed for the signed manifest.
                (bytes.len() as u64, sha256(bytes.expose()))
            }
            Source::File(from) => {
                let mut tally = Tally::new(open_source(path, from)?);
                loop {
                    let read = tally.read(&mut piece).map_err(|error| unreadable(path, error))?;
                    if read == 0 {
                        break tally.finish();
                    }
                    meter.step(read).map_err(write_error)?;
                }
            }
        };
        files.push(FileEntry { path: path.clone(), size, sha256 });
    }
    Ok(Manifest {
        version: VERSION,
        vault_id: plan.facts.vault_id,
        created_at: plan.facts.created_at,
        app: plan.facts.app.to_owned(),
        audit: AuditFacts {
            size: plan.facts.audit_size,
            root: plan.facts.audit_root,
            public_key: plan.signing_key.public().0,
        },
        keys: plan.facts.keys,
        files,
    })
}

/// What opens the file that is being made.
enum Opener {
    FileKey(Kept),
    Passphrase(crate::identity::Identity),
}

/// Writes the whole file; answers what opens it, its length and its hash.
fn write(
    plan: &BackupPlan<'_>,
    manifest: &Manifest,
    file: &mut File,
    meter: &mut Meter<'_>,
) -> Result<(Opener, u64, [u8; 32]), CreateError> {
    let (encryptor, opener) = encryptor(plan.recipients)?;
    let mut tally = Tally::new(file);
    let mut stream = encryptor.wrap_output(&mut tally).map_err(write_error)?;
    write_tar(plan, manifest, &mut stream, meter)?;
    stream.finish().map_err(write_error)?;
    let (bytes, sha256) = tally.finish();
    Ok((opener, bytes, sha256))
}

fn encryptor(recipients: &Recipients) -> Result<(age::Encryptor, Opener), CreateError> {
    let failed = |error: age::EncryptError| CreateError::Encrypt(error.to_string());
    match &recipients.0 {
        Kind::Keys(keys) => {
            let nobody = || CreateError::Encrypt("there is no recipient".into());
            let (first, rest) = keys.split_first().ok_or_else(nobody)?;
            let first = Remembering::new(first.key());
            let mut all: Vec<&dyn age::Recipient> = vec![&first];
            all.extend(rest.iter().map(|key| key.key() as &dyn age::Recipient));
            let encryptor = age::Encryptor::with_recipients(all.into_iter()).map_err(failed)?;
            let kept = first.into_kept(keys.len()).ok_or_else(nobody)?;
            Ok((encryptor, Opener::FileKey(kept)))
        }
        Kind::Passphrase { passphrase, work_factor } => {
            let mut recipient = age::scrypt::Recipient::new(passphrase.clone());
            recipient.set_work_factor(*work_factor);
            let encryptor = age::Encryptor::with_recipients(std::iter::once(&recipient as _))
                .map_err(failed)?;
            let identity = crate::identity::Kind::Passphrase(passphrase.clone());
            Ok((encryptor, Opener::Passphrase(crate::identity::Identity(identity))))
        }
    }
}

fn write_tar(
    plan: &BackupPlan<'_>,
    manifest: &Manifest,
    stream: impl Write,
    meter: &mut Meter<'_>,
) -> Result<(), CreateError> {
    let bytes = manifest.encode().map_err(|error| CreateError::Encrypt(error.to_string()))?;
    let signature = sign(&bytes, plan.signing_key);
    let time = manifest.created_at;
    let mut tar = tar::Builder::new(stream);
    tar.append(&entry(MANIFEST, bytes.len() as u64, time)?, bytes.as_slice())
        .map_err(write_error)?;
    tar.append(&entry(SIGNATURE, signature.len() as u64, time)?, signature.as_slice())
        .map_err(write_error)?;
    for (file, described) in plan.files.iter().zip(&manifest.files) {
        let header = entry(&file.path, described.size, time)?;
        match &file.source {
            // EXPOSE: what is encrypted.
            Source::Bytes(bytes) => {
                let mut source = Exactly::new(bytes.expose(), described.size, meter);
                tar.append(&header, &mut source).map_err(write_error)?;
            }
            Source::File(from) => {
                let mut source =
                    Exactly::new(open_source(&file.path, from)?, described.size, meter);
                let written = tar.append(&header, &mut source);
                match source.failure.take() {
                    Some(Failure::Short) => {
                        return Err(CreateError::SourceChanged { name: file.path.clone() });
                    }
                    Some(Failure::Read(error)) => return Err(unreadable(&file.path, error)),
                    None => written.map_err(write_error)?,
                }
            }
        }
    }
    tar.finish().map_err(write_error)
}

/// A plain ustar header, the same for the same facts whoever makes the backup.
fn entry(path: &str, size: u64, time: Timestamp) -> Result<tar::Header, CreateError> {
    let mut header = tar::Header::new_ustar();
    header.set_path(path).map_err(|_too_long| CreateError::BadName { name: path.into() })?;
    header.set_size(size);
    header.set_mode(0o600);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(u64::try_from(time.as_second()).unwrap_or(0));
    header.set_entry_type(tar::EntryType::Regular);
    header.set_cksum();
    Ok(header)
}

/// Reads the file back from the disk and restores it.
fn drill(
    plan: &BackupPlan<'_>,
    partial: &NamedTempFile,
    opener: &Opener,
    written: (u64, [u8; 32]),
    manifest: &Manifest,
    meter: &mut Meter<'_>,
) -> Result<(), CreateError> {
    forget_cached(partial.as_file());
    let mut file = partial.reopen().map_err(CreateError::Io)?;
    file.rewind().map_err(CreateError::Io)?;
    let scratch = scratch_folder(plan.scratch)?;
    let target = Some(Target { folder: scratch.path(), durable: false });
    let unpacked = match opener {
        Opener::FileKey(kept) => read(&file, &[kept], false, target, meter),
        Opener::Passphrase(identity) => {
            identity.with_age(|keys| read(&file, keys, true, target, meter))
        }
    };
    let unpacked = unpacked.map_err(|error| match error {
        OpenError::Cancelled => CreateError::Cancelled,
        OpenError::DiskFull => CreateError::DiskFull,
        OpenError::ReadOnly => CreateError::ReadOnly,
        OpenError::Io(error) => CreateError::Io(error),
        other => CreateError::Drill(other),
    })?;
    if (unpacked.bytes, unpacked.sha256) != written || unpacked.manifest != *manifest {
        let what = "the disk gave back other bytes than it was given".into();
        return Err(CreateError::Drill(OpenError::Damaged { what }));
    }
    (plan.prove)(&unpacked).map_err(CreateError::Unproven)
}

fn scratch_folder(parent: &Path) -> Result<TempDir, CreateError> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".keyreeve-drill.");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder.tempdir_in(parent).map_err(write_error)
}

/// Lets the system forget what it keeps of the file in memory, so that the drill reads the disk.
/// Only a hint: where it is not followed, the drill reads what the system would give to anyone.
fn forget_cached(file: &File) {
    #[cfg(target_os = "linux")]
    let _ = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed);
    #[cfg(not(target_os = "linux"))]
    let _ = file;
}

fn sync_folder(folder: &Path) -> Result<(), CreateError> {
    #[cfg(unix)]
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        // Some file systems, on sticks and shares, know no such thing.
        Err(error)
            if !matches!(
                error.kind(),
                io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
            ) =>
        {
            return Err(write_error(error));
        }
        _ => {}
    }
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

fn open_source(name: &str, path: &Path) -> Result<File, CreateError> {
    // Looked at before opening: opening a named pipe would wait for its writer.
    match std::fs::metadata(path) {
        Ok(found) if found.is_file() => {}
        Ok(_) => return Err(unreadable(name, io::ErrorKind::InvalidInput.into())),
        Err(error) => return Err(unreadable(name, error)),
    }
    File::open(path).map_err(|error| unreadable(name, error))
}

fn unreadable(name: &str, error: io::Error) -> CreateError {
    CreateError::Source { name: name.into(), error }
}

fn write_error(error: io::Error) -> CreateError {
    if is_cancelled(&error) {
        return CreateError::Cancelled;
    }
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => CreateError::DiskFull,
        io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => {
            CreateError::ReadOnly
        }
        _ => CreateError::Io(error),
    }
}

/// Reads a source up to the length its tar header says, and remembers what went wrong with it, so
/// that it is not taken for a failure to write.
struct Exactly<'m, 'p, R> {
    inner: R,
    left: u64,
    meter: &'m mut Meter<'p>,
    failure: Option<Failure>,
}

enum Failure {
    Short,
    Read(io::Error),
}

impl<'m, 'p, R> Exactly<'m, 'p, R> {
    fn new(inner: R, size: u64, meter: &'m mut Meter<'p>) -> Self {
        Self { inner, left: size, meter, failure: None }
    }
}

impl<R: Read> Read for Exactly<'_, '_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        if most == 0 {
            return Ok(0);
        }
        match self.inner.read(&mut buffer[..most]) {
            Ok(0) => {
                self.failure = Some(Failure::Short);
                Err(io::ErrorKind::UnexpectedEof.into())
            }
            Ok(len) => {
                self.left -= len as u64;
                self.meter.step(len)?;
                Ok(len)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => {
                let kind = error.kind();
                self.failure = Some(Failure::Read(error));
                Err(kind.into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_to_write_are_named() {
        let named = |kind: io::ErrorKind| format!("{:?}", write_error(kind.into()));
        assert_eq!(named(io::ErrorKind::StorageFull), "DiskFull");
        assert_eq!(named(io::ErrorKind::QuotaExceeded), "DiskFull");
        assert_eq!(named(io::ErrorKind::ReadOnlyFilesystem), "ReadOnly");
        assert_eq!(named(io::ErrorKind::PermissionDenied), "ReadOnly");
        assert!(named(io::ErrorKind::BrokenPipe).starts_with("Io"));
    }

    #[test]
    fn a_source_that_ends_early_is_no_failure_to_write() {
        let mut meter = Meter::new(&keyreeve_domain::ports::Silent, 10);
        let mut source = Exactly::new(&b"short"[..], 10, &mut meter);
        assert!(io::copy(&mut source, &mut io::sink()).is_err());
        assert!(matches!(source.failure, Some(Failure::Short)));
    }

    #[test]
    fn a_source_that_grows_is_read_as_far_as_its_header_says() {
        let mut meter = Meter::new(&keyreeve_domain::ports::Silent, 10);
        let mut source = Exactly::new(&b"longer than that"[..], 6, &mut meter);
        let mut read = Vec::new();
        source.read_to_end(&mut read).unwrap();
        assert_eq!(read, b"longer");
    }
}

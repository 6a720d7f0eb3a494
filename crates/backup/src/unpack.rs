//! The tar inside a backup: nothing is taken from it that the signed manifest does not say.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write as _};
use std::path::Path;

use sha2::{Digest as _, Sha256};
use tar::{Archive, Entry, EntryType};

use crate::manifest::{MAX_MANIFEST, MAX_SIGNATURE, Manifest};
use crate::open::{OpenError, write_error};
use crate::path::{MANIFEST, SIGNATURE, VAULT, vault_name};

/// How much is read at once.
const PIECE: usize = 256 * 1024;

/// The most zeros that may follow the last file: more than any tar's padding.
const MAX_PADDING: usize = 1024 * 1024;

/// Where files go, and whether they must survive a power cut.
#[derive(Clone, Copy)]
pub struct Target<'a> {
    pub folder: &'a Path,
    pub durable: bool,
}

/// A checked manifest, and how long the tar is that holds all of it.
pub struct Known {
    pub manifest: Manifest,
    pub tar_len: u64,
}

/// Reads the tar to its end; the manifest is left in `known` as soon as it is, for those who have
/// to explain a failure after it.
pub fn unpack(
    plaintext: impl Read,
    backup_len: u64,
    target: Option<Target<'_>>,
    known: &mut Option<Known>,
) -> Result<(), OpenError> {
    let mut archive = Archive::new(plaintext);
    let mut entries = archive.entries().map_err(tar_error)?.raw(true);
    let mut next = || entries.next().transpose().map_err(tar_error);

    let not_a_backup = || OpenError::NotABackup;
    let mut first = next()?.ok_or_else(not_a_backup)?;
    if first.path_bytes() != MANIFEST.as_bytes() {
        return Err(OpenError::NotABackup);
    }
    let bytes = read_small(&mut first, MANIFEST, MAX_MANIFEST)?;
    let mut second = next()?.ok_or_else(not_a_backup)?;
    check_entry(&second, SIGNATURE, None)?;
    let signature = read_small(&mut second, SIGNATURE, MAX_SIGNATURE)?;
    let manifest = Manifest::parse(&bytes, &signature, backup_len)?;
    let tar_len = tar_len(&manifest, bytes.len() as u64, signature.len() as u64);
    let Known { manifest, .. } = known.insert(Known { manifest, tar_len });

    if let Some(target) = target {
        make_folder(&target.folder.join(VAULT))?;
    }
    let mut piece = vec![0; PIECE];
    for file in &manifest.files {
        let mut entry = next()?.ok_or_else(|| damaged(format!("“{}” is missing", file.path)))?;
        check_entry(&entry, &file.path, Some(file.size))?;
        let to = match (target, vault_name(&file.path)) {
            (Some(target), Some(name)) => {
                let path = target.folder.join(VAULT).join(name);
                Some((make_file(&path)?, target.durable))
            }
            _ => None,
        };
        let sha256 = copy(&mut entry, to, &mut piece)?;
        if sha256 != file.sha256 {
            return Err(damaged(format!("“{}” is not what its manifest says", file.path)));
        }
    }
    if let Some(extra) = next()? {
        let name = String::from_utf8_lossy(&extra.path_bytes()).into_owned();
        return Err(damaged(format!("“{name}” is not in its manifest")));
    }
    drain(archive.into_inner())
}

/// Each file is a header of 512 bytes and its bytes, rounded up; two empty blocks end it all.
fn tar_len(manifest: &Manifest, manifest_len: u64, signature_len: u64) -> u64 {
    let files = manifest.files.iter().map(|file| file.size);
    let entries = files.chain([manifest_len, signature_len]);
    entries.map(|size| 512 + size.div_ceil(512) * 512).sum::<u64>() + 1024
}

/// Whether an entry is a plain file with the name and size that it should have.
fn check_entry(
    entry: &Entry<'_, impl Read>,
    name: &str,
    size: Option<u64>,
) -> Result<(), OpenError> {
    let found = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
    if found != name {
        return Err(damaged(format!("“{found}” stands where “{name}” should")));
    }
    if entry.header().entry_type() != EntryType::Regular || entry.header().as_ustar().is_none() {
        return Err(damaged(format!("“{name}” is not a plain file")));
    }
    match size {
        Some(size) if entry.size() != size => {
            Err(damaged(format!("“{name}” has {} bytes instead of {size}", entry.size())))
        }
        _ => Ok(()),
    }
}

fn read_small(
    entry: &mut Entry<'_, impl Read>,
    name: &str,
    limit: u64,
) -> Result<Vec<u8>, OpenError> {
    check_entry(entry, name, None)?;
    let size = entry.size();
    if size > limit {
        return Err(OpenError::TooLarge { what: name.into(), size });
    }
    // Grows with what is there, whatever the size says.
    let mut bytes = Vec::new();
    entry.take(limit).read_to_end(&mut bytes).map_err(tar_error)?;
    if bytes.len() as u64 != size {
        return Err(damaged(format!("“{name}” is cut short")));
    }
    Ok(bytes)
}

/// Reads an entry to its end, into `to` where given, and answers its SHA-256.
fn copy(
    entry: &mut Entry<'_, impl Read>,
    to: Option<(File, bool)>,
    piece: &mut [u8],
) -> Result<[u8; 32], OpenError> {
    let mut hasher = Sha256::new();
    loop {
        let len = match entry.read(piece) {
            Ok(0) => break,
            Ok(len) => len,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(tar_error(error)),
        };
        hasher.update(&piece[..len]);
        if let Some((file, _)) = &to {
            let mut file = file;
            file.write_all(&piece[..len]).map_err(write_error)?;
        }
    }
    if let Some((file, true)) = to {
        file.sync_all().map_err(write_error)?;
    }
    Ok(hasher.finalize().into())
}

/// Reads what follows the last file: to the end, so that the age file's own last piece is checked.
fn drain(mut rest: impl Read) -> Result<(), OpenError> {
    let mut piece = [0; 4096];
    let mut drained = 0;
    loop {
        let len = match rest.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(len) => len,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(tar_error(error)),
        };
        drained += len;
        if drained > MAX_PADDING || piece[..len].iter().any(|byte| *byte != 0) {
            return Err(damaged("something follows its last file".into()));
        }
    }
}

fn make_folder(path: &Path) -> Result<(), OpenError> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| make_error(error, path))
}

fn make_file(path: &Path) -> Result<File, OpenError> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.write(true).create_new(true).open(path);
    file.map_err(|error| make_error(error, path))
}

fn make_error(error: io::Error, path: &Path) -> OpenError {
    match error.kind() {
        io::ErrorKind::AlreadyExists => OpenError::Exists { path: path.to_owned() },
        _ => write_error(error),
    }
}

fn damaged(what: String) -> OpenError {
    OpenError::Damaged { what }
}

/// What the tar reader says, unless the stream below it failed.
fn tar_error(error: io::Error) -> OpenError {
    OpenError::of_stream(error).unwrap_or_else(|error| damaged(format!("its archive: {error}")))
}

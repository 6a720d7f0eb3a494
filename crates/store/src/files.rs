//! The file itself: made so that it replaces nothing, looked at before it is opened.

use std::collections::BTreeMap;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use keyreeve_domain::ports::StoreError;

use crate::connection::PAGE_SIZE;
use crate::fault::Fault;

/// What every unencrypted SQLite database begins with. A SQLCipher one begins with random salt.
const PLAINTEXT_HEADER: &[u8; 16] = b"SQLite format 3\0";

/// The name of a copy of a vault's database that is not whole yet; one that is left by a crash is
/// worthless.
pub(crate) const UNFINISHED_COPY: &str = "vault.db.new";

/// An empty file that was made here and goes again unless it is kept.
pub(crate) struct NewFile {
    path: PathBuf,
    kept: bool,
}

impl NewFile {
    /// Makes `path`, which must not exist, readable by its owner alone.
    pub(crate) fn make(path: &Path) -> Result<Self, Fault> {
        // A journal without its database is what is left of somebody's vault: SQLite would delete
        // it on sight of an empty database beside it.
        for remains in companions(path) {
            if remains.symlink_metadata().is_ok() {
                return Err(StoreError::Exists { path: remains }.into());
            }
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(path) {
            Ok(_) => Ok(Self { path: path.to_owned(), kept: false }),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(StoreError::Exists { path: path.to_owned() }.into())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Makes the file's name durable, and keeps it. Its bytes were synced by SQLite.
    pub(crate) fn keep(mut self) -> Result<(), Fault> {
        sync_folder(&self.path)?;
        self.kept = true;
        Ok(())
    }

    /// Gives the file a name that says that it is whole, durably, and keeps it.
    pub(crate) fn keep_as(mut self, whole: &Path) -> Result<(), Fault> {
        std::fs::rename(&self.path, whole)?;
        self.kept = true;
        Ok(sync_folder(whole)?)
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.kept {
            // Nothing better is left to do where even this fails; the error that led here is told.
            let _ = remove(&self.path);
        }
    }
}

/// Removes a database and the files that SQLite keeps beside it, as far as they are there.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    let mut removed = Ok(());
    for path in companions(path).iter().map(PathBuf::as_path).chain([path]) {
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => removed = Err(error),
            _ => {}
        }
    }
    removed
}

/// Says, for as long as it lives, that this process has connections to a database.
///
/// A process that closes any handle of a file loses all POSIX locks it holds on that file, also
/// those of other handles. So a file that is in use is never opened beside SQLite.
pub(crate) struct InUse(FileId);

/// The files in use, and by how many.
static IN_USE: Mutex<BTreeMap<FileId, usize>> = Mutex::new(BTreeMap::new());

impl InUse {
    /// Looks at a file that should be a vault's database, without touching anything, and says that
    /// it is in use.
    ///
    /// Refuses what is missing, too short, unencrypted, or no file at all.
    pub(crate) fn examine(path: &Path) -> Result<Self, Fault> {
        let metadata = match std::fs::metadata(path) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(StoreError::Missing { path: path.to_owned() }.into());
            }
            Err(error) => return Err(error.into()),
        };
        if !metadata.is_file() {
            return Err(StoreError::Foreign { path: path.to_owned() }.into());
        }
        let id = FileId::of(path, &metadata);
        // Held until the file is marked, so that nobody looks while somebody begins to lock.
        let mut in_use = IN_USE.lock().unwrap_or_else(PoisonError::into_inner);
        // What is in use was looked at before.
        if !in_use.contains_key(&id) {
            refuse_impossible(path, metadata.len())?;
        }
        *in_use.entry(id.clone()).or_default() += 1;
        Ok(Self(id))
    }

    /// Says that a file that was made here is in use.
    pub(crate) fn mark(path: &Path) -> Result<Self, Fault> {
        let id = FileId::of(path, &std::fs::metadata(path)?);
        let mut in_use = IN_USE.lock().unwrap_or_else(PoisonError::into_inner);
        *in_use.entry(id.clone()).or_default() += 1;
        Ok(Self(id))
    }
}

impl Drop for InUse {
    fn drop(&mut self) {
        let mut in_use = IN_USE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = in_use.get_mut(&self.0) {
            *count -= 1;
            if *count == 0 {
                in_use.remove(&self.0);
            }
        }
    }
}

fn refuse_impossible(path: &Path, size: u64) -> Result<(), Fault> {
    let mut start = Vec::with_capacity(PLAINTEXT_HEADER.len());
    File::open(path)?.take(PLAINTEXT_HEADER.len() as u64).read_to_end(&mut start)?;
    if start == PLAINTEXT_HEADER {
        return Err(StoreError::Plaintext { path: path.to_owned() }.into());
    }
    if size < PAGE_SIZE {
        return Err(StoreError::TooShort { path: path.to_owned(), size }.into());
    }
    Ok(())
}

/// What tells files apart: on Unix by whatever name they are reached. Locks of Windows belong to
/// their handle, so that any name will do there.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct FileId {
    #[cfg(unix)]
    device_and_inode: (u64, u64),
    #[cfg(not(unix))]
    path: PathBuf,
}

impl FileId {
    #[cfg(unix)]
    fn of(_path: &Path, metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        Self { device_and_inode: (metadata.dev(), metadata.ino()) }
    }

    #[cfg(not(unix))]
    fn of(path: &Path, _metadata: &Metadata) -> Self {
        Self { path: path.to_owned() }
    }
}

/// The names under which SQLite keeps what belongs to a database.
fn companions(path: &Path) -> [PathBuf; 2] {
    ["-journal", "-wal"].map(|suffix| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        name.into()
    })
}

#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// Windows keeps names durable by itself.
#[cfg(not(unix))]
fn sync_folder(_path: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_removed_is_told_and_what_is_not_there_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("vault.db");
        remove(&database).unwrap();
        std::fs::write(&database, b"x").unwrap();
        std::fs::create_dir(&companions(&database)[0]).unwrap();
        assert!(remove(&database).is_err());
        assert!(!database.exists(), "the rest of it goes nevertheless");
    }
}

//! The file itself: made so that it replaces nothing, looked at before it is opened.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use keyreeve_domain::ports::StoreError;

use crate::connection::PAGE_SIZE;
use crate::fault::Answer;

/// What every unencrypted SQLite database begins with. A SQLCipher one begins with random salt.
const PLAINTEXT_HEADER: &[u8; 16] = b"SQLite format 3\0";

/// An empty file that was made here and goes again unless it is kept.
pub(crate) struct NewFile {
    path: PathBuf,
    kept: bool,
}

impl NewFile {
    /// Makes `path`, which must not exist, readable by its owner alone.
    pub(crate) fn make(path: &Path) -> Answer<Self> {
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

    /// Makes the file and its name durable, and keeps it.
    pub(crate) fn keep(mut self) -> Answer<()> {
        OpenOptions::new().write(true).open(&self.path)?.sync_all()?;
        sync_folder(&self.path)?;
        self.kept = true;
        Ok(())
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.kept {
            // Nothing better is left to do where even this fails; the error that led here is told.
            let _ = std::fs::remove_file(&self.path);
            companions(&self.path).iter().for_each(|path| drop(std::fs::remove_file(path)));
        }
    }
}

/// Refuses what cannot be a vault's database, by looking and without touching anything.
pub(crate) fn refuse_impossible(path: &Path) -> Answer<()> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(StoreError::Missing { path: path.to_owned() }.into());
        }
        Err(error) => return Err(error.into()),
    };
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(StoreError::Foreign { path: path.to_owned() }.into());
    }
    let size = metadata.len();
    let mut start = Vec::with_capacity(PLAINTEXT_HEADER.len());
    (&mut file).take(PLAINTEXT_HEADER.len() as u64).read_to_end(&mut start)?;
    if start == PLAINTEXT_HEADER {
        return Err(StoreError::Plaintext { path: path.to_owned() }.into());
    }
    if size < PAGE_SIZE {
        return Err(StoreError::TooShort { path: path.to_owned(), size }.into());
    }
    Ok(())
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

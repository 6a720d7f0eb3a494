//! A new vault, made beside its place and put there whole: whatever ends the program meanwhile, there
//! is no vault, or one that opens.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::api::ErrorCode;
use crate::error::{Error, io_code};
use crate::scratch::Scratch;

/// A vault that is being made. Dropped before it is kept, it leaves nothing.
pub(crate) struct Founding {
    target: PathBuf,
    scratch: Option<Scratch>,
    /// Whether what is at the target was made here.
    ours: bool,
}

impl Founding {
    /// For a place where nothing is. An empty folder that someone made there is filled as it is,
    /// because who may write into it need not be allowed to write beside it.
    pub(crate) fn at(target: &Path) -> Result<Self, Error> {
        if target.symlink_metadata().is_ok() {
            // Where a link leads, so that what is made there is also what goes again.
            let target = target.canonicalize().map_err(|error| {
                let message = format!("nothing can be made at {}: {error}", target.display());
                Error::new(ErrorCode::Exists, message)
            })?;
            return Ok(Self { target, scratch: None, ours: false });
        }
        Self::beside(target)
    }

    /// For a place where nothing is.
    pub(crate) fn beside(target: &Path) -> Result<Self, Error> {
        let scratch = Some(Scratch::beside(target)?);
        Ok(Self { target: target.into(), scratch, ours: false })
    }

    /// A folder for what is needed on the way: on the same disk, and gone afterwards.
    pub(crate) fn scratch(&self) -> &Path {
        self.scratch.as_ref().map_or(&self.target, Scratch::path)
    }

    /// Where the vault's folder is to be made.
    pub(crate) fn folder(&self) -> PathBuf {
        match (&self.scratch, self.target.file_name()) {
            (Some(scratch), Some(name)) => scratch.path().join(name),
            _ => self.target.clone(),
        }
    }

    /// Says that the folder has its header: from here on it is this vault's, and goes with it.
    pub(crate) fn begun(&mut self) {
        self.ours = self.scratch.is_none();
    }

    /// Puts the complete vault in its place, durably; nothing that is there is replaced.
    pub(crate) fn put(&mut self) -> Result<(), Error> {
        if self.scratch.is_none() {
            return Ok(());
        }
        std::fs::rename(self.folder(), &self.target).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists | ErrorKind::DirectoryNotEmpty | ErrorKind::NotADirectory => {
                let message = format!("there is already something at {}", self.target.display());
                Error::new(ErrorCode::Exists, message)
            }
            _ => not_in_place(&error),
        })?;
        self.ours = true;
        sync_parent(&self.target).map_err(|error| not_in_place(&error))
    }

    /// The vault is whole and stays.
    pub(crate) fn keep(mut self) {
        self.ours = false;
    }
}

impl Drop for Founding {
    fn drop(&mut self) {
        if self.ours {
            // Only what was made a moment ago: half a vault helps nobody.
            _ = std::fs::remove_dir_all(&self.target);
        }
    }
}

/// What a failure to move or flush the vault is called.
pub(crate) fn not_in_place(error: &std::io::Error) -> Error {
    Error::new(io_code(error), format!("the vault could not be put in place: {error}"))
}

#[cfg(unix)]
fn sync_parent(path: &Path) -> std::io::Result<()> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    std::fs::File::open(parent.unwrap_or(Path::new(".")))?.sync_all()
}

/// Windows keeps names durable by itself.
#[cfg(not(unix))]
fn sync_parent(_path: &Path) -> std::io::Result<()> {
    Ok(())
}

//! The few things this crate does to files, as a trait, so that tests can cut the power.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use keyreeve_domain::ports::HeaderError;

/// How long to sleep between two tries for the lock.
const LOCK_PAUSE: Duration = Duration::from_millis(10);

/// What is done to files.
pub trait Files: Send + Sync {
    /// Reads a regular file of at most `limit` bytes; `FileTooLarge` beyond.
    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>>;

    /// Whether there is a regular file.
    fn has_file(&self, path: &Path) -> bool;

    /// The names in a folder.
    fn list(&self, folder: &Path) -> io::Result<Vec<OsString>>;

    /// Makes a folder for the owner alone; `AlreadyExists` where something is.
    fn make_folder(&self, folder: &Path) -> io::Result<()>;

    /// Keeps everyone but the owner out of a folder.
    fn close_folder(&self, folder: &Path) -> io::Result<()>;

    /// Writes a new file for the owner alone and flushes it; `AlreadyExists` where something is.
    fn write_new(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;

    /// Appends to a file for the owner alone, which is made where missing, and flushes it.
    fn append(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;

    /// Moves a file over another.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Removes an empty folder.
    fn remove_folder(&self, folder: &Path) -> io::Result<()>;

    /// Makes what was made, renamed and removed in a folder survive a power cut.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;

    /// Takes the lock at `path`, waiting at most `wait`; `WouldBlock` after it. Dropping the answer
    /// lets go.
    fn lock(&self, path: &Path, wait: Duration) -> io::Result<Box<dyn Send>>;
}

/// The real disk.
#[derive(Debug, Clone, Copy, Default)]
pub struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        // Looked at before opening: opening a named pipe would wait for its writer.
        let found = fs::metadata(path)?;
        if !found.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
        }
        if found.len() > limit {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let mut bytes = Vec::new();
        File::open(path)?.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(bytes)
    }

    fn has_file(&self, path: &Path) -> bool {
        path.is_file()
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<OsString>> {
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.file_name())).collect()
    }

    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)
    }

    fn close_folder(&self, folder: &Path) -> io::Result<()> {
        #[cfg(unix)]
        fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
        #[cfg(not(unix))]
        let _ = folder;
        Ok(())
    }

    fn write_new(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut file = for_owner().write(true).create_new(true).open(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    }

    fn append(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut file = for_owner().append(true).create(true).open(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn remove_folder(&self, folder: &Path) -> io::Result<()> {
        fs::remove_dir(folder)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        // Windows has no such thing; its file system orders the changes itself.
        #[cfg(unix)]
        File::open(folder)?.sync_all()?;
        #[cfg(not(unix))]
        let _ = folder;
        Ok(())
    }

    fn lock(&self, path: &Path, wait: Duration) -> io::Result<Box<dyn Send>> {
        let file = for_owner().write(true).create(true).truncate(false).open(path)?;
        let until = Instant::now() + wait;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Box::new(file)),
                Err(TryLockError::WouldBlock) if Instant::now() < until => {
                    thread::sleep(LOCK_PAUSE)
                }
                Err(refused) => return Err(refused.into()),
            }
        }
    }
}

fn for_owner() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// What a failure to change files is called.
pub fn write_error(error: io::Error) -> HeaderError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => HeaderError::DiskFull,
        io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => {
            HeaderError::ReadOnly
        }
        io::ErrorKind::WouldBlock => HeaderError::Busy,
        _ => HeaderError::Io(error),
    }
}

//! A folder of one's own for the time of an operation, gone afterwards.

use std::fs::{DirBuilder, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use keyreeve_crypto::make_array;

use crate::api::ErrorCode;
use crate::error::{Error, io_code};

/// What every such folder's name begins with.
const PREFIX: &str = ".keyreeve-";
/// How many random bytes follow, in hexadecimal digits.
const RANDOM: usize = 8;
/// For how long nothing happened in a folder that is taken for left behind. A lock alone does not
/// say that it is: on a disk that several computers share, some locks are seen by one of them only.
const LEFT_ALONE: Duration = Duration::from_secs(24 * 60 * 60);

/// A folder with mode 0700 beside where the result will be, so that what is in it is on the same
/// disk and as well guarded. Removed when dropped; where the program is killed before, a later one
/// removes it.
pub(crate) struct Scratch {
    path: PathBuf,
    /// Locked, where that is possible: says that somebody is at work here.
    _held: Option<File>,
}

impl Scratch {
    pub(crate) fn beside(target: &Path) -> Result<Self, Error> {
        let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty());
        let parent = parent.unwrap_or(Path::new("."));
        sweep(parent, SystemTime::now());
        let path = parent.join(format!("{PREFIX}{}", hex::encode(make_array::<RANDOM>()?)));
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path).map_err(|error| {
            let message = format!("no folder could be made in {}: {error}", parent.display());
            let code = match error.kind() {
                std::io::ErrorKind::NotFound => ErrorCode::Io,
                _ => io_code(&error),
            };
            Error::new(code, message)
        })?;
        // A folder as new as this one is never swept, so that no lock is no danger.
        let held = lock(&path);
        Ok(Self { path, _held: held })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What stays behind is encrypted as the vault is; the next step does not depend on it.
        _ = std::fs::remove_dir_all(&self.path);
    }
}

/// Removes the folders that killed programs left in `parent`. What cannot be looked at or removed
/// stays; nothing depends on it.
fn sweep(parent: &Path, now: SystemTime) {
    let Ok(entries) = std::fs::read_dir(parent) else { return };
    for entry in entries.flatten() {
        let left_alone = || {
            let folder = entry.metadata().ok().filter(std::fs::Metadata::is_dir)?;
            now.duration_since(folder.modified().ok()?).ok()
        };
        if !is_of_scratch(&entry.file_name()) || left_alone().is_none_or(|since| since < LEFT_ALONE)
        {
            continue;
        }
        // Held until it is gone.
        if let Some(_held) = lock(&entry.path()) {
            _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

fn is_of_scratch(name: &std::ffi::OsStr) -> bool {
    let digits = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
    digits.is_some_and(|digits| {
        digits.len() == 2 * RANDOM && digits.bytes().all(|d| matches!(d, b'0'..=b'9' | b'a'..=b'f'))
    })
}

/// Locks a folder as long as the answer lives; `None` where somebody else has, or it cannot be
/// locked.
#[cfg(unix)]
fn lock(folder: &Path) -> Option<File> {
    let folder = File::open(folder).ok()?;
    folder.try_lock().ok()?;
    Some(folder)
}

/// Windows locks no folders: what is left behind there stays.
#[cfg(not(unix))]
fn lock(_folder: &Path) -> Option<File> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// A place with a folder `.keyreeve-…` that has a file in it, as a killed program leaves it.
    fn place(name: &str) -> (PathBuf, PathBuf) {
        let random = hex::encode(make_array::<RANDOM>().unwrap());
        let place = std::env::temp_dir().join(format!("scratch-{random}"));
        let left = place.join(name);
        std::fs::create_dir_all(left.join("vault")).unwrap();
        std::fs::write(left.join("vault/vault.db"), b"sealed").unwrap();
        (place, left)
    }

    const NAME: &str = ".keyreeve-0123456789abcdef";

    #[test]
    fn what_a_killed_program_left_is_swept_a_day_later() {
        let (place, left) = place(NAME);
        sweep(&place, SystemTime::now());
        assert!(left.exists(), "it is new");
        sweep(&place, SystemTime::now() + LEFT_ALONE);
        assert!(!left.exists());
        std::fs::remove_dir_all(place).unwrap();
    }

    #[test]
    fn what_somebody_works_in_stays_however_old_it_is() {
        let (place, left) = place(NAME);
        let working = Scratch::beside(&place.join("new.keyreeve")).unwrap();
        let elsewhere = lock(&left).unwrap();
        sweep(&place, SystemTime::now() + LEFT_ALONE);
        assert!(left.exists() && working.path().exists());
        drop(elsewhere);
        sweep(&place, SystemTime::now() + LEFT_ALONE);
        assert!(!left.exists() && working.path().exists());
        drop(working);
        assert_eq!(std::fs::read_dir(&place).unwrap().count(), 0);
        std::fs::remove_dir_all(place).unwrap();
    }

    #[test]
    fn what_only_looks_alike_stays() {
        for name in [".keyreeve-notes", ".keyreeve-0123456789ABCDEF", "keyreeve-0123456789abcdef"] {
            let (place, left) = place(name);
            // A link leads to somebody else's folder.
            std::os::unix::fs::symlink(&left, place.join(NAME)).unwrap();
            sweep(&place, SystemTime::now() + LEFT_ALONE * 2);
            assert!(left.join("vault/vault.db").exists(), "{name}");
            std::fs::remove_dir_all(place).unwrap();
        }
    }
}

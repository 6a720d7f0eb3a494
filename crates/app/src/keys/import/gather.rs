//! Files, read whole and bounded, and the files of folders.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use keyreeve_crypto::SecretBytes;
use keyreeve_formats::MAX_FILE_LEN;
use zeroize::Zeroizing;

use crate::error::Error;

/// The most files looked at for one request.
const MAX_FILES: usize = 10_000;
/// How deep folders are looked into.
const MAX_DEPTH: u32 = 8;

/// A file to look at.
pub(super) struct Source {
    pub(super) path: PathBuf,
    /// Whether it was named itself, and not only its folder.
    pub(super) named: bool,
}

/// The named files, and the files of named folders in the order of their names. Links inside a
/// folder are not followed.
///
/// # Errors
/// When there are too many files.
pub(super) fn sources(paths: &[String]) -> Result<Vec<Source>, Error> {
    let mut sources = Vec::new();
    for path in paths {
        let path = PathBuf::from(path);
        if path.is_dir() {
            walk(&path, MAX_DEPTH, &mut sources)?;
        } else {
            add(&mut sources, Source { path, named: true })?;
        }
    }
    Ok(sources)
}

fn add(sources: &mut Vec<Source>, source: Source) -> Result<(), Error> {
    if sources.len() >= MAX_FILES {
        return Err(Error::invalid(format!("at most {MAX_FILES} files are looked at at once")));
    }
    sources.push(source);
    Ok(())
}

fn walk(folder: &Path, depth: u32, sources: &mut Vec<Source>) -> Result<(), Error> {
    // A folder that cannot be listed is told of as a file that cannot be read.
    let Ok(entries) = fs::read_dir(folder) else {
        return add(sources, Source { path: folder.to_path_buf(), named: true });
    };
    let mut entries: Vec<_> = entries.filter_map(Result::ok).collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_file() {
            add(sources, Source { path: entry.path(), named: false })?;
        } else if kind.is_dir() && depth > 0 {
            walk(&entry.path(), depth - 1, sources)?;
        }
    }
    Ok(())
}

/// Reads a file. One that is larger than any file of keys is read one byte beyond that, which the
/// reader then refuses.
///
/// # Errors
/// In words, when it cannot be read or is no file.
pub(crate) fn contents(path: &Path) -> Result<SecretBytes, String> {
    let said = |error: std::io::Error| format!("the file could not be read: {error}");
    // A pipe or a device could keep us waiting for ever.
    let found = fs::metadata(path).map_err(said)?;
    if !found.is_file() {
        return Err("this is no file".into());
    }
    let len = usize::try_from(found.len()).unwrap_or(usize::MAX).min(MAX_FILE_LEN);
    // One buffer of its final size: nothing is left behind by growing.
    let mut bytes = Zeroizing::new(Vec::with_capacity(len + 1));
    let bound = u64::try_from(len + 1).unwrap_or(u64::MAX);
    File::open(path).map_err(said)?.take(bound).read_to_end(&mut bytes).map_err(said)?;
    Ok(bytes.into())
}

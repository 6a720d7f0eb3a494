//! Files that people asked for: made new, for the owner alone, complete or not at all.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use crate::error::{Error, io_code};

/// Writes a new file with mode 0600 and makes it durable. What cannot be written in full is
/// removed again; there is never a temporary file.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut file = create_new(path)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    written.map_err(|error| {
        discard(path);
        refused(path, &error)
    })
}

/// The same for several files: all of them are written, or none is left.
pub(crate) fn write_all_new(files: &[(&Path, &[u8])]) -> Result<(), Error> {
    for (number, (path, bytes)) in files.iter().enumerate() {
        write_new(path, bytes).inspect_err(|_failed| {
            files.iter().take(number).for_each(|(written, _)| discard(written));
        })?;
    }
    Ok(())
}

/// Where a new file is to be, said before any work is done for it.
///
/// # Errors
/// When something is there already.
pub(crate) fn free_place(out: &str) -> Result<&Path, Error> {
    let out = Path::new(out);
    if out.exists() {
        let message = format!("there is already a file at {}", out.display());
        return Err(Error::new(crate::api::ErrorCode::Exists, message));
    }
    Ok(out)
}

/// Makes a new file with mode 0600.
pub(crate) fn create_new(path: &Path) -> Result<File, Error> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|error| refused(path, &error))
}

/// Removes a file that was not completed.
pub(crate) fn discard(path: &Path) {
    // The error that led here is the one to tell; a file that cannot be removed is incomplete
    // and says nothing secret beyond what it was to hold anyway.
    _ = std::fs::remove_file(path);
}

/// Tells which file could not be written, and why.
pub(crate) fn refused(path: &Path, error: &std::io::Error) -> Error {
    let what = match error.kind() {
        std::io::ErrorKind::AlreadyExists => "there is already a file there".to_owned(),
        std::io::ErrorKind::NotFound => "its folder does not exist".to_owned(),
        _ => error.to_string(),
    };
    let code = match error.kind() {
        std::io::ErrorKind::NotFound => crate::api::ErrorCode::InvalidRequest,
        _ => io_code(error),
    };
    Error::new(code, format!("{} could not be written: {what}", path.display()))
}

//! Files and folders, and what a process was started with.

use std::path::Path;
use std::{fs, io};

/// Looks at the name and content of everything below `path`. What goes away meanwhile holds nothing any more.
pub fn below(path: &Path, look: &mut impl FnMut(&str, &[u8])) -> io::Result<()> {
    match below_or_gone(path, look) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        looked => looked,
    }
}

fn below_or_gone(path: &Path, look: &mut impl FnMut(&str, &[u8])) -> io::Result<()> {
    let kind = fs::symlink_metadata(path)?.file_type();
    let place = path.to_string_lossy();
    look(&format!("the name of {place}"), path.as_os_str().as_encoded_bytes());
    if kind.is_dir() {
        for entry in fs::read_dir(path)? {
            below(&entry?.path(), look)?;
        }
    } else if kind.is_file() {
        look(&place, &fs::read(path)?);
    } else if kind.is_symlink() {
        look(&place, fs::read_link(path)?.as_os_str().as_encoded_bytes());
    }
    Ok(())
}

/// Looks at the arguments and the environment of a process.
pub fn start_of(process: u32, look: &mut impl FnMut(&str, &[u8])) -> io::Result<()> {
    for part in ["cmdline", "environ"] {
        let path = format!("/proc/{process}/{part}");
        look(&path, &fs::read(&path)?);
    }
    Ok(())
}

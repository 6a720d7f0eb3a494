//! Where a running window listens.

use std::path::PathBuf;

/// Where this user's window listens, and other programs of the same user find it: a socket in a folder
/// that is theirs alone; on Windows a pipe with their name.
///
/// None where the system says neither where such a socket belongs nor who the user is.
#[must_use]
pub fn door_of_user() -> Option<PathBuf> {
    #[cfg(windows)]
    {
        let user = std::env::var("USERNAME").ok().filter(|name| !name.is_empty())?;
        Some(PathBuf::from(format!(r"\\.\pipe\keyreeve-{user}")))
    }
    #[cfg(not(windows))]
    {
        let folder = |name: &str| std::env::var_os(name).map(PathBuf::from);
        // macOS has no folder for this; its own for temporary files is each user's alone.
        let of_system = if cfg!(target_os = "macos") { "TMPDIR" } else { "XDG_RUNTIME_DIR" };
        let base = folder(of_system).filter(|path| path.is_absolute())?;
        Some(base.join("keyreeve").join("window"))
    }
}

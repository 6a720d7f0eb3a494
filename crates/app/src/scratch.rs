//! A folder of one's own for the time of an operation, gone afterwards.

use std::fs::DirBuilder;
use std::path::{Path, PathBuf};

use keyreeve_crypto::make_array;

use crate::api::ErrorCode;
use crate::error::{Error, io_code};

/// A folder with mode 0700 beside where the result will be, so that what is in it is on the same
/// disk and as well guarded. Removed when dropped.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn beside(target: &Path) -> Result<Self, Error> {
        let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty());
        let parent = parent.unwrap_or(Path::new("."));
        let path = parent.join(format!(".keyreeve-{}", hex::encode(make_array::<8>()?)));
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
        Ok(Self(path))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What stays behind is encrypted as the vault is; the next step does not depend on it.
        _ = std::fs::remove_dir_all(&self.0);
    }
}

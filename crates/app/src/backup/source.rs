//! What opens a backup, read from a request.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use keyreeve_crypto::SecretString;
use keyreeve_domain::ports::BackupIdentity;
use zeroize::Zeroizing;

use crate::api::ErrorCode;
use crate::error::{Error, io_code};

/// No identity file is larger: an SSH RSA key of 16384 bits has about 13 KiB.
const MAX_IDENTITY: u64 = 64 * 1024;

/// What opens a backup.
pub(super) enum Opener<'a> {
    Passphrase(&'a SecretString),
    Key(SecretString),
}

impl<'a> Opener<'a> {
    pub(super) fn of(
        passphrase: Option<&'a SecretString>,
        identity_file: Option<&str>,
    ) -> Result<Self, Error> {
        match (passphrase, identity_file) {
            (Some(passphrase), None) => Ok(Self::Passphrase(passphrase)),
            (None, Some(file)) => Ok(Self::Key(read_identity(Path::new(file))?)),
            _ => Err(Error::invalid(
                "give either the backup's passphrase or an identity file, not both",
            )),
        }
    }

    pub(super) fn identity(&self) -> BackupIdentity<'_> {
        match self {
            Self::Passphrase(passphrase) => BackupIdentity::Passphrase(passphrase),
            Self::Key(text) => BackupIdentity::Key(text),
        }
    }
}

fn read_identity(path: &Path) -> Result<SecretString, Error> {
    let refused = |error: &std::io::Error| {
        let message = format!("the identity file {} could not be read: {error}", path.display());
        Error::new(io_code(error), message)
    };
    let file = File::open(path).map_err(|error| refused(&error))?;
    let mut text = Zeroizing::new(Vec::with_capacity(MAX_IDENTITY as usize + 1));
    file.take(MAX_IDENTITY + 1).read_to_end(&mut text).map_err(|error| refused(&error))?;
    if text.len() as u64 > MAX_IDENTITY {
        let message = format!("{} is too large to be an identity file", path.display());
        return Err(Error::new(ErrorCode::BadInputFile, message));
    }
    let text = String::from_utf8(std::mem::take(&mut *text)).map_err(|not_text| {
        drop(Zeroizing::new(not_text.into_bytes()));
        let message = format!("{} is not an identity file", path.display());
        Error::new(ErrorCode::BadInputFile, message)
    })?;
    Ok(SecretString::new(text))
}

//! What opens a backup, read from a request.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use keyreeve_crypto::{SecretBytes, SecretString};
use keyreeve_domain::ports::BackupIdentity;
use zeroize::Zeroizing;

use crate::api::ErrorCode;
use crate::error::{Error, io_code};

/// No identity file is larger: an SSH RSA key of 16384 bits has about 13 KiB.
const MAX_IDENTITY: u64 = 64 * 1024;

/// What opens a backup.
pub(super) enum Opener<'a> {
    Passphrase(&'a SecretString),
    Key { file: SecretBytes, passphrase: Option<&'a SecretString> },
}

impl<'a> Opener<'a> {
    pub(super) fn of(
        passphrase: Option<&'a SecretString>,
        identity_file: Option<&str>,
        identity_passphrase: Option<&'a SecretString>,
    ) -> Result<Self, Error> {
        match (passphrase, identity_file) {
            (Some(passphrase), None) => Ok(Self::Passphrase(passphrase)),
            (None, Some(file)) => Ok(Self::Key {
                file: read_identity(Path::new(file))?,
                passphrase: identity_passphrase,
            }),
            _ => Err(Error::invalid(
                "give either the backup's passphrase or an identity file, not both",
            )),
        }
    }

    pub(super) fn identity(&self) -> BackupIdentity<'_> {
        match self {
            Self::Passphrase(passphrase) => BackupIdentity::Passphrase(passphrase),
            Self::Key { file, passphrase } => BackupIdentity::Key { file, passphrase: *passphrase },
        }
    }
}

pub(super) fn read_identity(path: &Path) -> Result<SecretBytes, Error> {
    let refused = |error: &std::io::Error| {
        let message = format!("the identity file {} could not be read: {error}", path.display());
        Error::new(io_code(error), message)
    };
    let file = File::open(path).map_err(|error| refused(&error))?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_IDENTITY as usize + 1));
    file.take(MAX_IDENTITY + 1).read_to_end(&mut bytes).map_err(|error| refused(&error))?;
    if bytes.len() as u64 > MAX_IDENTITY {
        let message = format!("{} is too large to be an identity file", path.display());
        return Err(Error::new(ErrorCode::BadInputFile, message));
    }
    Ok(bytes.into())
}

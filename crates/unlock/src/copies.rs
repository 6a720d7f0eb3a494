//! The two copies of a header, and which of them counts.

use std::io::ErrorKind;
use std::path::Path;

use keyreeve_domain::ports::HeaderError;

use crate::format::{FormatError, Header, MAX_BYTES, parse};
use crate::headers::FileHeaders;

/// The first copy.
pub const HEADER: &str = "header.json";
/// The second copy.
pub const BACKUP: &str = "header.backup.json";
/// The database, of which this crate only knows where it is.
const DATABASE: &str = "vault.db";

/// The copy that counts.
pub struct Found {
    pub header: Box<GoodCopy>,
    /// The copy that is missing, damaged, older or different.
    pub stale: Option<&'static str>,
}

impl FileHeaders {
    /// Reads both copies and answers the one that counts.
    pub(crate) fn load(&self, vault: &Path) -> Result<Found, HeaderError> {
        let first = self.read_copy(vault, HEADER)?;
        let second = self.read_copy(vault, BACKUP)?;
        for copy in [&first, &second] {
            if let Copy::Bad(newer @ (FormatError::Newer { .. } | FormatError::NewerKind { .. })) =
                copy
            {
                return Err(newer.clone().into());
            }
        }
        match (first, second) {
            (Copy::Good(first), Copy::Good(second)) => {
                let stale = (first != second).then_some(if second.newer_than(&first) {
                    HEADER
                } else {
                    BACKUP
                });
                let header = if second.newer_than(&first) { second } else { first };
                Ok(Found { header, stale })
            }
            (Copy::Good(header), _) => Ok(Found { header, stale: Some(BACKUP) }),
            (_, Copy::Good(header)) => Ok(Found { header, stale: Some(HEADER) }),
            (Copy::Absent, Copy::Absent) if self.files.has_file(&vault.join(DATABASE)) => {
                Err(HeaderError::Missing { path: vault.to_owned() })
            }
            (Copy::Absent, Copy::Absent) => Err(HeaderError::NotAVault { path: vault.to_owned() }),
            // What the disk did not give back may be in order.
            (Copy::Unread(error), _) | (_, Copy::Unread(error)) => Err(HeaderError::Io(error)),
            (first, second) => Err(both_bad(&first, &second)),
        }
    }

    fn read_copy(&self, vault: &Path, name: &str) -> Result<Copy, HeaderError> {
        match self.files.read(&vault.join(name), MAX_BYTES) {
            Ok(bytes) => Ok(match parse(&bytes) {
                Ok(header) => Copy::Good(Box::new(GoodCopy { header, bytes })),
                Err(error) => Copy::Bad(error),
            }),
            Err(error) => match error.kind() {
                ErrorKind::NotFound | ErrorKind::NotADirectory => Ok(Copy::Absent),
                ErrorKind::FileTooLarge => {
                    Ok(Copy::Bad(FormatError::Invalid("it is too large to be a header".into())))
                }
                ErrorKind::InvalidInput => {
                    Ok(Copy::Bad(FormatError::Invalid("it is not a regular file".into())))
                }
                ErrorKind::PermissionDenied => Err(HeaderError::Io(error)),
                // One unreadable sector must not keep the other copy from opening.
                _ => Ok(Copy::Unread(error)),
            },
        }
    }
}

/// What one copy turned out to be.
enum Copy {
    Absent,
    Bad(FormatError),
    /// The disk failed to give it back.
    Unread(std::io::Error),
    Good(Box<GoodCopy>),
}

/// A copy that is in order, as far as can be told without a key.
#[derive(PartialEq, Eq)]
pub struct GoodCopy {
    pub header: Header,
    pub bytes: Vec<u8>,
}

impl GoodCopy {
    fn newer_than(&self, other: &Self) -> bool {
        self.header.body.sequence > other.header.body.sequence
    }
}

fn both_bad(first: &Copy, second: &Copy) -> HeaderError {
    let in_words = |copy: &Copy| match copy {
        Copy::Bad(error) => error.to_string(),
        _ => "it is missing".to_owned(),
    };
    for copy in [first, second] {
        if let Copy::Bad(FormatError::Parameters(error)) = copy {
            return HeaderError::Parameters(*error);
        }
    }
    let what = format!("{HEADER}: {}; {BACKUP}: {}", in_words(first), in_words(second));
    HeaderError::Damaged { what }
}

//! Opening a backup.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _};
use std::path::{Path, PathBuf};

use keyreeve_domain::ports::Progress;

use crate::identity::{Identity, Kind};
use crate::manifest::Manifest;
use crate::meter::{Meter, is_cancelled};
use crate::tally::Tally;
use crate::unpack::{Known, Target, unpack};

/// The most bytes an age header may have: some thousand recipients.
const MAX_AGE_HEADER: u64 = 1024 * 1024;
/// How much is read from the file at once.
const BUFFER: usize = 1024 * 1024;
const AGE_MAGIC: &[u8] = b"age-encryption.org/";
const AGE_VERSION: &[u8] = b"age-encryption.org/v1\n";
/// What starts the last line of an age header; 43 characters and a line feed follow.
const LAST_LINE: &[u8] = b"\n--- ";
const LAST_LINE_LEN: usize = LAST_LINE.len() + 43 + 1;
/// What a piece that does not decrypt is called.
const REFUSED: &str = "a piece of it does not decrypt: it was changed or is cut short";
const AGE_NONCE: u64 = 16;
const AGE_PIECE: u64 = 64 * 1024;
const AGE_TAG: u64 = 16;

/// Why a backup could not be opened. The backup itself is never changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// No age file at all.
    #[error("this is not an age file, so it is no Keyreeve backup")]
    NotAge,
    /// An age file of a later version.
    #[error("this age file has a version that this app does not know; use a newer app")]
    NewerAge,
    /// An age file with something else inside.
    #[error("this age file opens, but it holds no Keyreeve backup")]
    NotABackup,
    /// The end is missing.
    #[error("its end is missing, perhaps from a copy that was interrupted")]
    Truncated,
    /// None of the private keys is a recipient's.
    #[error("the backup is encrypted for other keys than the ones given")]
    OtherRecipient,
    /// Private keys for a file with a passphrase.
    #[error("the backup opens with a passphrase, not with a private key")]
    PassphraseNeeded,
    /// A passphrase for a file with recipients.
    #[error("the backup opens with a private key, not with a passphrase")]
    KeyNeeded,
    /// Another passphrase.
    #[error("the passphrase does not open this backup")]
    WrongPassphrase,
    /// Deliberately slow to open.
    #[error("opening this backup would take 2^{work_factor} steps of work; it may be a trap")]
    ExcessiveWork {
        /// scrypt's cost, as a power of two.
        work_factor: u8,
    },
    /// Bytes that are not what they should be.
    #[error("the backup is damaged: {what}")]
    Damaged {
        /// What is wrong.
        what: String,
    },
    /// The manifest's signature is not by the key that the manifest names.
    #[error(
        "the backup's manifest is not signed by the vault's audit key: it was changed or made by another program"
    )]
    Forged,
    /// A later manifest.
    #[error("the backup has format {found}; this app knows formats up to {known}")]
    NewerManifest {
        /// The version found.
        found: u32,
        /// The newest version known.
        known: u32,
    },
    /// A name that leads out of the folder.
    #[error("the backup names a file “{name}”, which could be written outside its folder")]
    HostileName {
        /// The name.
        name: String,
    },
    /// A size beyond reason.
    #[error("the backup says that “{what}” has {size} bytes, which cannot be")]
    TooLarge {
        /// Which file.
        what: String,
        /// The size it states.
        size: u64,
    },
    /// Something is where a file would be unpacked.
    #[error("there is already something at {path}; it was not touched")]
    Exists {
        /// Where.
        path: PathBuf,
    },
    /// The disk is full.
    #[error("the disk is full")]
    DiskFull,
    /// The folder cannot be written.
    #[error("the folder is read-only")]
    ReadOnly,
    /// The caller cancelled.
    #[error("cancelled")]
    Cancelled,
    /// The operating system failed to read or write.
    #[error("reading the backup or writing its files failed")]
    Io(#[source] io::Error),
}

/// A backup whose every byte was checked.
#[derive(Debug)]
pub struct Unpacked {
    /// What it says of itself. Its signature is good for the key that it names; compare that with
    /// the key that the restored vault holds.
    pub manifest: Manifest,
    /// The folder with the vault's files; `None` when nothing was to be written.
    pub vault: Option<PathBuf>,
    /// The backup's size in bytes.
    pub bytes: u64,
    /// The backup's SHA-256.
    pub sha256: [u8; 32],
}

/// Opens the backup `file`, checks all of it, and unpacks its `vault/` files, durably, into the
/// folder `into`, which the caller made for the owner alone. Other files are checked and passed
/// over. After an error, what is in `into` is worthless.
///
/// # Errors
/// See [`OpenError`].
pub fn open(
    file: &Path,
    identity: &Identity,
    into: &Path,
    progress: &dyn Progress,
) -> Result<Unpacked, OpenError> {
    let target = Target { folder: into, durable: true };
    with_identity(file, identity, Some(target), progress)
}

/// Opens the backup `file` and checks all of it, writing nothing.
///
/// # Errors
/// See [`OpenError`].
pub fn verify(
    file: &Path,
    identity: &Identity,
    progress: &dyn Progress,
) -> Result<Unpacked, OpenError> {
    with_identity(file, identity, None, progress)
}

fn with_identity(
    path: &Path,
    identity: &Identity,
    target: Option<Target<'_>>,
    progress: &dyn Progress,
) -> Result<Unpacked, OpenError> {
    let file = File::open(path).map_err(OpenError::Io)?;
    let len = file.metadata().map_err(OpenError::Io)?.len();
    let has_passphrase = matches!(identity.0, Kind::Passphrase(_));
    identity
        .with_age(|keys| read(&file, keys, has_passphrase, target, &mut Meter::new(progress, len)))
}

/// Reads a backup with whatever opens it.
pub(crate) fn read(
    mut file: &File,
    keys: &[&dyn age::Identity],
    has_passphrase: bool,
    target: Option<Target<'_>>,
    meter: &mut Meter<'_>,
) -> Result<Unpacked, OpenError> {
    let found = file.metadata().map_err(OpenError::Io)?;
    if !found.is_file() {
        return Err(OpenError::NotAge);
    }
    let len = found.len();
    let header_len = age_header_len(file)?;
    file.rewind().map_err(OpenError::Io)?;

    let mut tally = Tally::new(Metered { inner: file, meter });
    let buffered = BufReader::with_capacity(BUFFER, &mut tally);
    let decryptor = age::Decryptor::new_buffered(buffered).map_err(age_error)?;
    if decryptor.is_scrypt() != has_passphrase {
        let passphrase_file = decryptor.is_scrypt();
        return Err(if passphrase_file {
            OpenError::PassphraseNeeded
        } else {
            OpenError::KeyNeeded
        });
    }
    let stream = decryptor.decrypt(keys.iter().copied()).map_err(|error| match error {
        age::DecryptError::DecryptionFailed if has_passphrase => OpenError::WrongPassphrase,
        other => age_error(other),
    })?;

    let mut known = None;
    let unpacked = unpack(Marked(stream), len, target, &mut known);
    match (unpacked, known) {
        (Ok(()), Some(Known { manifest, .. })) => {
            let (bytes, sha256) = tally.finish();
            let vault = target.map(|target| target.folder.join("vault"));
            Ok(Unpacked { manifest, vault, bytes, sha256 })
        }
        (Ok(()), None) => Err(OpenError::NotABackup),
        // A cut and a flipped bit look alike to a cipher; the sizes tell them apart.
        (Err(OpenError::Damaged { what }), Some(Known { tar_len, .. }))
            if what == REFUSED && len < age_len(header_len, tar_len) =>
        {
            Err(OpenError::Truncated)
        }
        (Err(error), _) => Err(error),
    }
}

/// Finds the end of the age header without trusting its length.
fn age_header_len(file: &File) -> Result<u64, OpenError> {
    let mut start = Vec::new();
    file.take(MAX_AGE_HEADER).read_to_end(&mut start).map_err(OpenError::Io)?;
    if !start.starts_with(AGE_MAGIC) {
        let cut = !start.is_empty() && AGE_MAGIC.starts_with(&start);
        return Err(if cut { OpenError::Truncated } else { OpenError::NotAge });
    }
    if !start.starts_with(AGE_VERSION) {
        let cut = AGE_VERSION.starts_with(&start);
        return Err(if cut { OpenError::Truncated } else { OpenError::NewerAge });
    }
    match start.windows(LAST_LINE.len()).position(|window| window == LAST_LINE) {
        Some(at) if at + LAST_LINE_LEN <= start.len() => Ok((at + LAST_LINE_LEN) as u64),
        None if start.len() as u64 == MAX_AGE_HEADER => {
            Err(OpenError::Damaged { what: "its age header has no end".into() })
        }
        _ => Err(OpenError::Truncated),
    }
}

/// How long an age file is that holds so many bytes.
fn age_len(header_len: u64, plaintext_len: u64) -> u64 {
    header_len + AGE_NONCE + plaintext_len + plaintext_len.div_ceil(AGE_PIECE) * AGE_TAG
}

fn age_error(error: age::DecryptError) -> OpenError {
    use age::DecryptError as Age;
    match error {
        Age::NoMatchingKeys => OpenError::OtherRecipient,
        Age::UnknownFormat => OpenError::NewerAge,
        Age::ExcessiveWork { required, .. } => OpenError::ExcessiveWork { work_factor: required },
        Age::Io(error) if is_cancelled(&error) => OpenError::Cancelled,
        Age::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => OpenError::Truncated,
        Age::Io(error) => OpenError::Io(error),
        _ => OpenError::Damaged { what: "its age header was changed".into() },
    }
}

/// What a failure to write files is called.
pub(crate) fn write_error(error: io::Error) -> OpenError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => OpenError::DiskFull,
        io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => OpenError::ReadOnly,
        _ => OpenError::Io(error),
    }
}

/// How the decrypting stream failed, carried through the readers above it.
#[derive(Debug, thiserror::Error)]
enum StreamError {
    #[error("cut short")]
    Truncated,
    #[error("refused")]
    Refused,
    #[error("the disk failed")]
    Disk(io::ErrorKind),
}

impl OpenError {
    /// The failure of the decrypting stream; the error itself where it was another's.
    pub(crate) fn of_stream(error: io::Error) -> Result<Self, io::Error> {
        if is_cancelled(&error) {
            return Ok(Self::Cancelled);
        }
        match error.get_ref().and_then(|inner| inner.downcast_ref::<StreamError>()) {
            Some(StreamError::Truncated) => Ok(Self::Truncated),
            Some(StreamError::Refused) => Ok(Self::Damaged { what: REFUSED.into() }),
            Some(StreamError::Disk(kind)) => Ok(Self::Io((*kind).into())),
            None => Err(error),
        }
    }
}

/// Marks the failures of the decrypting stream as such.
struct Marked<R>(R);

impl<R: Read> Read for Marked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| {
            if is_cancelled(&error) {
                return error;
            }
            io::Error::other(match error.kind() {
                io::ErrorKind::UnexpectedEof => StreamError::Truncated,
                io::ErrorKind::InvalidData => StreamError::Refused,
                kind => StreamError::Disk(kind),
            })
        })
    }
}

/// Tells the meter what is read.
struct Metered<'m, 'p, R> {
    inner: R,
    meter: &'m mut Meter<'p>,
}

impl<R: Read> Read for Metered<'_, '_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = self.inner.read(buffer)?;
        self.meter.step(len)?;
        Ok(len)
    }
}

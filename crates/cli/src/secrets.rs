//! Where passphrases, PINs and recovery shares come from: the terminal, a file descriptor or a file. Never an argument or
//! the environment.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use clap::Args;
use keyreeve_app::api::ErrorCode;
use keyreeve_crypto::SecretString;
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::output::note;

/// No passphrase file is larger.
const MAX_BYTES: usize = 64 * 1024;

/// Where the vault's passphrase and a new one come from.
#[derive(Debug, Clone, Args)]
pub(crate) struct PassphraseArgs {
    /// Reads the passphrase from this file descriptor
    #[arg(
        long,
        global = true,
        value_name = "N",
        conflicts_with = "passphrase_file",
        help_heading = "Passphrases"
    )]
    passphrase_fd: Option<u16>,
    /// Reads the passphrase from this file; `-` is stdin
    #[arg(long, global = true, value_name = "FILE", help_heading = "Passphrases")]
    passphrase_file: Option<String>,
    /// Reads a new passphrase from this file descriptor
    #[arg(
        long,
        global = true,
        value_name = "N",
        conflicts_with = "new_passphrase_file",
        help_heading = "Passphrases"
    )]
    new_passphrase_fd: Option<u16>,
    /// Reads a new passphrase from this file; `-` is stdin
    #[arg(long, global = true, value_name = "FILE", help_heading = "Passphrases")]
    new_passphrase_file: Option<String>,
    /// Reads a card's PIN from this file descriptor
    #[arg(
        long,
        global = true,
        value_name = "N",
        conflicts_with = "pin_file",
        help_heading = "Passphrases"
    )]
    pin_fd: Option<u16>,
    /// Reads a card's PIN from this file; `-` is stdin
    #[arg(long, global = true, value_name = "FILE", help_heading = "Passphrases")]
    pin_file: Option<String>,
    /// Reads recovery shares, one a line, or a recovery code from this file descriptor
    #[arg(
        long,
        global = true,
        value_name = "N",
        conflicts_with = "recovery_file",
        help_heading = "Passphrases"
    )]
    recovery_fd: Option<u16>,
    /// Reads recovery shares, one a line, or a recovery code from this file; `-` is stdin
    #[arg(long, global = true, value_name = "FILE", help_heading = "Passphrases")]
    recovery_file: Option<String>,
}

impl PassphraseArgs {
    /// Where the vault's passphrase comes from, if not from the terminal.
    pub(crate) fn current(&self) -> Result<Option<SecretSource>, Failure> {
        SecretSource::of(self.passphrase_fd, self.passphrase_file.as_deref(), "passphrase")
    }

    /// Where a card's PIN comes from, if not from the terminal.
    pub(crate) fn pin(&self) -> Result<Option<SecretSource>, Failure> {
        SecretSource::of(self.pin_fd, self.pin_file.as_deref(), "pin")
    }

    /// Where recovery shares or a code come from, if not from the terminal.
    pub(crate) fn recovery(&self) -> Result<Option<SecretSource>, Failure> {
        SecretSource::of(self.recovery_fd, self.recovery_file.as_deref(), "recovery")
    }

    /// Where a new passphrase comes from, if not from the terminal.
    pub(crate) fn fresh(&self) -> Result<Option<SecretSource>, Failure> {
        SecretSource::of(
            self.new_passphrase_fd,
            self.new_passphrase_file.as_deref(),
            "new-passphrase",
        )
    }
}

/// Where what lets one change a card comes from.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct CardAuthorityArgs {
    /// Reads a PIV card's management key, in hexadecimal, from this file descriptor
    #[arg(long, value_name = "N", requires = "make_key", conflicts_with = "management_key_file")]
    management_key_fd: Option<u16>,
    /// Reads a PIV card's management key, in hexadecimal, from this file; `-` is stdin
    #[arg(long, value_name = "FILE", requires = "make_key")]
    management_key_file: Option<String>,
    /// Reads an OpenPGP card's admin PIN from this file descriptor
    #[arg(long, value_name = "N", requires = "make_key", conflicts_with = "admin_pin_file")]
    admin_pin_fd: Option<u16>,
    /// Reads an OpenPGP card's admin PIN from this file; `-` is stdin
    #[arg(long, value_name = "FILE", requires = "make_key")]
    admin_pin_file: Option<String>,
}

impl CardAuthorityArgs {
    /// Where a PIV card's management key comes from, if not from the terminal.
    pub(crate) fn management_key(&self) -> Result<Option<SecretSource>, Failure> {
        let file = self.management_key_file.as_deref();
        SecretSource::of(self.management_key_fd, file, "management-key")
    }

    /// Where an OpenPGP card's admin PIN comes from, if not from the terminal.
    pub(crate) fn admin_pin(&self) -> Result<Option<SecretSource>, Failure> {
        SecretSource::of(self.admin_pin_fd, self.admin_pin_file.as_deref(), "admin-pin")
    }
}

/// Where a backup's passphrase comes from.
#[derive(Debug, Clone, Args)]
pub(crate) struct BackupPassphraseArgs {
    /// Reads the backup's passphrase from this file descriptor
    #[arg(long, value_name = "N", conflicts_with = "backup_passphrase_file")]
    backup_passphrase_fd: Option<u16>,
    /// Reads the backup's passphrase from this file; `-` is stdin
    #[arg(long, value_name = "FILE")]
    backup_passphrase_file: Option<String>,
}

impl BackupPassphraseArgs {
    /// Where it comes from, if not from the terminal.
    pub(crate) fn source(&self) -> Result<Option<SecretSource>, Failure> {
        SecretSource::of(
            self.backup_passphrase_fd,
            self.backup_passphrase_file.as_deref(),
            "backup-passphrase",
        )
    }
}

/// Where the passphrase that protects an identity file comes from.
#[derive(Debug, Clone, Args)]
pub(crate) struct IdentityPassphraseArgs {
    /// Reads the passphrase that protects the identity file from this file descriptor
    #[arg(
        long,
        value_name = "N",
        requires = "identity",
        conflicts_with = "identity_passphrase_file"
    )]
    identity_passphrase_fd: Option<u16>,
    /// Reads the passphrase that protects the identity file from this file; `-` is stdin
    #[arg(long, value_name = "FILE", requires = "identity")]
    identity_passphrase_file: Option<String>,
}

impl IdentityPassphraseArgs {
    /// Where it comes from, if not from the terminal.
    pub(crate) fn source(&self) -> Result<Option<SecretSource>, Failure> {
        SecretSource::of(
            self.identity_passphrase_fd,
            self.identity_passphrase_file.as_deref(),
            "identity-passphrase",
        )
    }
}

/// Where the passphrase that protects an exported file comes from.
#[derive(Debug, Clone, Args)]
pub(crate) struct EncryptPassphraseArgs {
    /// Protects the file with a passphrase from this file descriptor
    #[arg(long, value_name = "N", conflicts_with = "encrypt_passphrase_file")]
    encrypt_passphrase_fd: Option<u16>,
    /// Protects the file with a passphrase from this file; `-` is stdin
    #[arg(long, value_name = "FILE")]
    encrypt_passphrase_file: Option<String>,
}

impl EncryptPassphraseArgs {
    /// Where it comes from, if not from the terminal.
    pub(crate) fn source(&self) -> Result<Option<SecretSource>, Failure> {
        SecretSource::of(
            self.encrypt_passphrase_fd,
            self.encrypt_passphrase_file.as_deref(),
            "encrypt-passphrase",
        )
    }
}

/// Where the passwords of encrypted key files come from.
#[derive(Debug, Clone, Args)]
pub(crate) struct FilePasswordArgs {
    /// Tries a password from this file descriptor on encrypted files
    #[arg(long, value_name = "N", conflicts_with = "password_file")]
    password_fd: Option<u16>,
    /// Tries a password from this file on encrypted files; `-` is stdin; may be given several times
    #[arg(long, value_name = "FILE")]
    password_file: Vec<String>,
}

impl FilePasswordArgs {
    /// Where they come from, if not from the terminal.
    pub(crate) fn sources(&self) -> Result<Vec<SecretSource>, Failure> {
        let of = |file| SecretSource::of(self.password_fd, file, "password").transpose();
        if self.password_file.is_empty() {
            return of(None).into_iter().collect();
        }
        self.password_file.iter().filter_map(|file| of(Some(file))).collect()
    }
}

/// Where a secret comes from, when not from the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SecretSource {
    /// Standard input.
    Stdin,
    /// An open file descriptor.
    Fd(u16),
    /// A file.
    File(String),
}

impl SecretSource {
    fn of(fd: Option<u16>, file: Option<&str>, what: &str) -> Result<Option<Self>, Failure> {
        Ok(match (fd, file) {
            // Told here too: clap does not see it when one stands before the command's name.
            (Some(_), Some(_)) => {
                return Err(Failure::usage(
                    format!("Both --{what}-fd and --{what}-file are given."),
                    "Give one of them.",
                ));
            }
            (Some(0), None) | (None, Some("-")) => Some(Self::Stdin),
            (Some(fd), None) => Some(Self::Fd(fd)),
            (None, Some(file)) => Some(Self::File(file.into())),
            (None, None) => None,
        })
    }

    /// Reads the secret: at most 64 KiB of UTF-8, without one newline at its end.
    ///
    /// # Errors
    /// When it cannot be read, is too large, or is no text.
    pub(crate) fn read(&self) -> Result<SecretString, Failure> {
        let text = match self {
            Self::Stdin => self.secret(&mut io::stdin().lock()),
            Self::Fd(fd) => open_fd(*fd).map_err(Cannot::Io).and_then(|mut f| self.secret(&mut f)),
            Self::File(path) => {
                warn_if_others_read(path);
                File::open(path).map_err(Cannot::Io).and_then(|mut file| self.secret(&mut file))
            }
        };
        text.map_err(|cannot| self.refuse(&cannot))
    }

    /// Reads secrets that stand one on a line; empty lines are passed over.
    ///
    /// # Errors
    /// As for one.
    pub(crate) fn read_lines(&self) -> Result<Vec<SecretString>, Failure> {
        let text = self.read()?;
        // EXPOSE: each line becomes a secret of its own.
        let lines = text.expose().lines().map(str::trim).filter(|line| !line.is_empty());
        Ok(lines.map(|line| SecretString::new(line.to_owned())).collect())
    }

    fn secret(&self, from: &mut impl Read) -> Result<SecretString, Cannot> {
        // One buffer of its final size: nothing is left behind by growing.
        let mut bytes = Zeroizing::new(vec![0; MAX_BYTES + 1]);
        let mut len = 0;
        while len < bytes.len() {
            match from.read(&mut bytes[len..]) {
                Ok(0) => break,
                Ok(read) => len += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Cannot::Io(error)),
            }
        }
        if len > MAX_BYTES {
            return Err(Cannot::TooLarge);
        }
        let text = std::str::from_utf8(&bytes[..len]).map_err(|_binary| Cannot::NotText)?;
        let text = text.strip_suffix("\r\n").or_else(|| text.strip_suffix('\n')).unwrap_or(text);
        Ok(SecretString::new(text.to_owned()))
    }

    fn refuse(&self, cannot: &Cannot) -> Failure {
        let name = match self {
            Self::Stdin => "stdin".to_owned(),
            Self::Fd(fd) => format!("file descriptor {fd}"),
            Self::File(path) => path.clone(),
        };
        let what = match cannot {
            Cannot::TooLarge => format!("is larger than {MAX_BYTES} bytes"),
            Cannot::NotText => "is not UTF-8 text".to_owned(),
            Cannot::Io(error) => format!("could not be read ({error})"),
        };
        Failure::with_cure(
            ErrorCode::BadInputFile,
            format!("The secret's source {what}: {name}."),
            "Name a file, or an open file descriptor, that holds the secret and nothing else.",
        )
    }
}

/// Why a source gave no secret.
#[derive(Debug)]
enum Cannot {
    TooLarge,
    NotText,
    Io(io::Error),
}

/// Refuses one source for two secrets.
pub(crate) fn refuse_shared(sources: &[Option<&SecretSource>]) -> Result<(), Failure> {
    let given: Vec<_> = sources.iter().flatten().collect();
    let shared = given.iter().enumerate().any(|(at, source)| given[at + 1..].contains(source));
    if shared {
        return Err(Failure::usage(
            "One source is named for two different secrets.",
            "Give each of them a file or file descriptor of its own.",
        ));
    }
    Ok(())
}

/// A descriptor that the caller left open for us. Without `unsafe` a number cannot be taken over,
/// so it is duplicated through the kernel, or opened anew where that is not allowed.
#[cfg(target_os = "linux")]
fn open_fd(fd: u16) -> io::Result<File> {
    use rustix::process::{PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open};

    let duplicate = pidfd_open(getpid(), PidfdFlags::empty())
        .and_then(|own| pidfd_getfd(own, fd.into(), PidfdGetfdFlags::empty()));
    match duplicate {
        Ok(duplicate) => Ok(duplicate.into()),
        Err(_not_allowed) => open_anew(fd),
    }
}

#[cfg(all(unix, not(target_os = "linux")))]
fn open_fd(fd: u16) -> io::Result<File> {
    open_anew(fd)
}

#[cfg(unix)]
fn open_anew(fd: u16) -> io::Result<File> {
    File::open(Path::new("/dev/fd").join(fd.to_string()))
}

#[cfg(not(unix))]
fn open_fd(_fd: u16) -> io::Result<File> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "this system has no numbered descriptors"))
}

#[cfg(unix)]
fn warn_if_others_read(path: &str) {
    use std::os::unix::fs::PermissionsExt as _;

    let Ok(found) = Path::new(path).metadata() else { return };
    if found.is_file() && found.permissions().mode() & 0o077 != 0 {
        note(&format!("Others may read {path}; `chmod 600` keeps the passphrase in it yours."));
    }
}

#[cfg(not(unix))]
fn warn_if_others_read(_path: &str) {}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<String, Cannot> {
        let secret = SecretSource::Stdin.secret(&mut &bytes[..])?;
        // EXPOSE: a test's own text.
        Ok(secret.expose().to_owned())
    }

    #[test]
    fn exactly_one_newline_is_taken_off() {
        assert_eq!(read(b"pass phrase\n").unwrap(), "pass phrase");
        assert_eq!(read(b"pass phrase\r\n").unwrap(), "pass phrase");
        assert_eq!(read(b"pass phrase\n\n").unwrap(), "pass phrase\n");
        assert_eq!(read(b" pass\tphrase ").unwrap(), " pass\tphrase ");
        assert_eq!(read(b"pass phrase\r").unwrap(), "pass phrase\r");
        assert_eq!(read(b"").unwrap(), "");
    }

    #[test]
    fn what_is_too_large_or_no_text_is_refused() {
        assert!(read(&[b'x'; MAX_BYTES]).is_ok());
        assert!(matches!(read(&[b'x'; MAX_BYTES + 1]), Err(Cannot::TooLarge)));
        assert!(matches!(read(b"\xff\xfe"), Err(Cannot::NotText)));
    }

    #[test]
    fn one_source_serves_one_secret() {
        let source = |fd, file| SecretSource::of(fd, file, "x").unwrap();
        let stdin = source(Some(0), None);
        assert_eq!(stdin, source(None, Some("-")));
        assert!(refuse_shared(&[stdin.as_ref(), source(Some(3), None).as_ref()]).is_ok());
        assert!(refuse_shared(&[stdin.as_ref(), None, source(None, Some("-")).as_ref()]).is_err());
        assert!(SecretSource::of(Some(3), Some("f"), "x").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_descriptor_that_is_not_open_is_refused() {
        assert!(SecretSource::Fd(9_999).read().is_err());
    }
}

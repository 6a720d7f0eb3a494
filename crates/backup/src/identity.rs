//! What opens a backup.

use std::fmt;
use std::io::{self, Read as _};

use age::secrecy::SecretString as AgeSecret;
use age::ssh::Identity as Ssh;
use keyreeve_crypto::{SecretBytes, SecretString};
use zeroize::Zeroizing;

/// The most bytes a file with private keys may have.
const MAX_LEN: usize = 1024 * 1024;

/// More scrypt work than 2 to this power is refused: 4 GiB of memory.
const MAX_WORK_FACTOR: u8 = 22;

/// More rounds of bcrypt are refused: some seconds. `ssh-keygen` takes 16 to 24 by itself.
const MAX_BCRYPT_ROUNDS: u32 = 1024;

/// A passphrase, or private keys.
pub struct Identity(pub(crate) Kind);

/// Both kinds of identity.
pub enum Kind {
    Passphrase(AgeSecret),
    Keys(AgeIdentities),
}

type AgeIdentities = Vec<Box<dyn age::Identity + Send + Sync>>;

/// Why a file holds no identity. What it says is never repeated here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdentityError {
    /// Nothing that looks like a private key.
    #[error("this is neither an age identity file nor an OpenSSH private key")]
    Malformed,
    /// A public key.
    #[error("this is a public key; a backup opens with the private one")]
    PublicKey,
    /// Comments alone.
    #[error("there is no private key in this file")]
    Empty,
    /// Far too large.
    #[error("this file is too large to hold private keys")]
    TooLarge,
    /// Private keys that are themselves encrypted.
    #[error("this identity file is protected by a passphrase of its own, which is needed too")]
    PassphraseNeeded,
    /// Another passphrase than that of the private keys.
    #[error("the passphrase does not open the identity file")]
    WrongPassphrase,
    /// Deliberately slow to open.
    #[error("opening this identity file would take {work} steps of work; it may be a trap")]
    ExcessiveWork {
        /// How many, and of what.
        work: String,
    },
    /// An age identity file that is itself an age file, for other private keys.
    #[error(
        "this identity file is itself encrypted for other keys; decrypt it with “age -d” first"
    )]
    EncryptedForKeys,
    /// An SSH key that age cannot use.
    #[error(
        "age cannot use this SSH key; it takes ssh-ed25519 and ssh-rsa keys in OpenSSH's format"
    )]
    UnsupportedSsh,
}

impl Identity {
    /// A passphrase.
    #[must_use]
    pub fn passphrase(passphrase: &SecretString) -> Self {
        Self(Kind::Passphrase(age_secret(passphrase)))
    }

    /// Reads an age identity file or an OpenSSH private key. Either may be protected by
    /// `passphrase`, and is then opened here, once; where it is not, `passphrase` is passed over.
    ///
    /// # Errors
    /// When the file holds no private key that can be used, or does not open.
    pub fn parse(
        file: &SecretBytes,
        passphrase: Option<&SecretString>,
    ) -> Result<Self, IdentityError> {
        let keys = match Form::of(file)? {
            Form::Age(text) => parse_age(text)?,
            Form::EncryptedAge(bytes) => {
                let passphrase = passphrase.ok_or(IdentityError::PassphraseNeeded)?;
                open_age(bytes, passphrase)?
            }
            Form::Ssh(text) => vec![parse_ssh(text, passphrase)?],
        };
        if keys.is_empty() { Err(IdentityError::Empty) } else { Ok(Self(Kind::Keys(keys))) }
    }

    /// Whether the private keys in `file` are protected by a passphrase. Nothing is opened.
    ///
    /// # Errors
    /// When the file holds no private key that can be used, as far as can be seen.
    pub fn needs_passphrase(file: &SecretBytes) -> Result<bool, IdentityError> {
        match Self::parse(file, None) {
            Ok(_) => Ok(false),
            Err(IdentityError::PassphraseNeeded) => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// Calls `open` with what age takes.
    pub(crate) fn with_age<T>(&self, open: impl FnOnce(&[&dyn age::Identity]) -> T) -> T {
        match &self.0 {
            Kind::Keys(keys) => {
                let keys: Vec<&dyn age::Identity> =
                    keys.iter().map(|key| key.as_ref() as &dyn age::Identity).collect();
                open(&keys)
            }
            Kind::Passphrase(passphrase) => open(&[&scrypt_identity(passphrase.clone())]),
        }
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            Kind::Passphrase(_) => "Identity::Passphrase([redacted])",
            Kind::Keys(_) => "Identity::Keys([redacted])",
        })
    }
}

/// What a file of private keys looks like.
enum Form<'a> {
    Age(&'a str),
    EncryptedAge(&'a [u8]),
    Ssh(&'a str),
}

impl<'a> Form<'a> {
    fn of(file: &'a SecretBytes) -> Result<Self, IdentityError> {
        // EXPOSE: the parsers' input.
        let bytes = file.expose();
        if bytes.len() > MAX_LEN {
            return Err(IdentityError::TooLarge);
        }
        let start = bytes.trim_ascii_start();
        let is = |beginning: &str| start.starts_with(beginning.as_bytes());
        if is("age-encryption.org/") || is("-----BEGIN AGE ENCRYPTED") {
            return Ok(Self::EncryptedAge(start));
        }
        if is("ssh-") || is("age1") || is("ecdsa-") {
            return Err(IdentityError::PublicKey);
        }
        let text = std::str::from_utf8(start).map_err(|_binary| IdentityError::Malformed)?;
        Ok(if is("-----BEGIN") { Self::Ssh(text) } else { Self::Age(text) })
    }
}

fn parse_age(text: &str) -> Result<AgeIdentities, IdentityError> {
    age::IdentityFile::from_buffer(text.as_bytes())
        .map_err(|_malformed| IdentityError::Malformed)?
        .into_identities()
        .map_err(|_unusable| IdentityError::Malformed)
}

/// Opens an identity file that `age --passphrase` encrypted, armoured or not.
fn open_age(bytes: &[u8], passphrase: &SecretString) -> Result<AgeIdentities, IdentityError> {
    let decryptor = age::Decryptor::new_buffered(age::armor::ArmoredReader::new(bytes))
        .map_err(|_malformed| IdentityError::Malformed)?;
    if !decryptor.is_scrypt() {
        return Err(IdentityError::EncryptedForKeys);
    }
    let identity = scrypt_identity(age_secret(passphrase));
    let stream =
        decryptor.decrypt(std::iter::once(&identity as _)).map_err(|error| match error {
            age::DecryptError::DecryptionFailed => IdentityError::WrongPassphrase,
            age::DecryptError::ExcessiveWork { required, .. } => {
                IdentityError::ExcessiveWork { work: format!("2^{required}") }
            }
            _ => IdentityError::Malformed,
        })?;
    // Of its final size at once: a buffer that grows leaves copies behind.
    let mut text = Zeroizing::new(Vec::with_capacity(bytes.len()));
    let cut_or_changed = |_: io::Error| IdentityError::Malformed;
    stream.take(bytes.len() as u64).read_to_end(&mut text).map_err(cut_or_changed)?;
    parse_age(std::str::from_utf8(&text).map_err(|_binary| IdentityError::Malformed)?)
}

fn parse_ssh(
    text: &str,
    passphrase: Option<&SecretString>,
) -> Result<Box<dyn age::Identity + Send + Sync>, IdentityError> {
    let identity = Ssh::from_buffer(text.as_bytes(), None).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::Interrupted => IdentityError::Malformed,
        _ => IdentityError::UnsupportedSsh,
    })?;
    match identity {
        Ssh::Unsupported(_) => Err(IdentityError::UnsupportedSsh),
        Ssh::Unencrypted(_) => Ok(Box::new(identity)),
        Ssh::Encrypted(key) => {
            refuse_unusable(text)?;
            let passphrase = passphrase.ok_or(IdentityError::PassphraseNeeded)?;
            // Opened here rather than at each stanza of a backup, which a stranger may have made
            // with thousands of them.
            let key = key
                .decrypt(age_secret(passphrase))
                .map_err(|_refused| IdentityError::WrongPassphrase)?;
            Ok(Box::new(Ssh::Unencrypted(key)))
        }
    }
}

/// Refuses what can be seen from outside to be no key for age, or to take very long to open: age
/// calls the former a wrong passphrase, and does not look at the latter.
fn refuse_unusable(text: &str) -> Result<(), IdentityError> {
    let key = ssh_key::PrivateKey::from_openssh(text)
        .map_err(|_unknown| IdentityError::UnsupportedSsh)?;
    if !matches!(key.algorithm(), ssh_key::Algorithm::Ed25519 | ssh_key::Algorithm::Rsa { .. }) {
        return Err(IdentityError::UnsupportedSsh);
    }
    match key.kdf() {
        ssh_key::Kdf::Bcrypt { rounds, .. } if *rounds <= MAX_BCRYPT_ROUNDS => Ok(()),
        ssh_key::Kdf::Bcrypt { rounds, .. } => {
            Err(IdentityError::ExcessiveWork { work: format!("{rounds} long") })
        }
        _ => Err(IdentityError::UnsupportedSsh),
    }
}

fn scrypt_identity(passphrase: AgeSecret) -> age::scrypt::Identity {
    let mut identity = age::scrypt::Identity::new(passphrase);
    identity.set_max_work_factor(MAX_WORK_FACTOR);
    identity
}

fn age_secret(passphrase: &SecretString) -> AgeSecret {
    // EXPOSE: age takes its own kind of secret; the copy wipes itself.
    AgeSecret::from(passphrase.expose())
}

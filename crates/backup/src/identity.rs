//! What opens a backup.

use std::fmt;
use std::io;

use age::secrecy::SecretString as AgeSecret;
use keyreeve_crypto::SecretString;

/// The most characters a file with private keys may have.
const MAX_TEXT: usize = 1024 * 1024;

/// More scrypt work than 2 to this power is refused: 4 GiB of memory.
const MAX_WORK_FACTOR: u8 = 22;

/// A passphrase, or private keys.
pub struct Identity(pub(crate) Kind);

/// Both kinds of identity.
pub enum Kind {
    Passphrase(AgeSecret),
    Keys(Vec<Box<dyn age::Identity + Send + Sync>>),
}

/// Why text holds no identity. What it says is never repeated here.
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
    /// A private key that is itself encrypted.
    #[error("this private key is protected by a passphrase, which is needed too")]
    PassphraseNeeded,
    /// An age identity file that is itself an age file.
    #[error(
        "this identity file is itself encrypted; decrypt it with “age -d” first, or give its content"
    )]
    EncryptedIdentityFile,
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
        // EXPOSE: age takes its own kind of secret; the copy wipes itself.
        Self(Kind::Passphrase(AgeSecret::from(passphrase.expose())))
    }

    /// Reads the text of an age identity file or of an OpenSSH private key, which may be protected
    /// by `key_passphrase`.
    ///
    /// # Errors
    /// When the text holds no private key that can be used.
    pub fn parse(
        text: &SecretString,
        key_passphrase: Option<&SecretString>,
    ) -> Result<Self, IdentityError> {
        // EXPOSE: the parsers' input.
        let text = text.expose();
        if text.len() > MAX_TEXT {
            return Err(IdentityError::TooLarge);
        }
        let start = text.trim_start();
        if start.starts_with("age-encryption.org/") || start.starts_with("-----BEGIN AGE ENCRYPTED")
        {
            return Err(IdentityError::EncryptedIdentityFile);
        }
        if start.starts_with("age1") || start.starts_with("ssh-") {
            return Err(IdentityError::PublicKey);
        }
        let keys = if start.starts_with("-----BEGIN") {
            parse_ssh(start, key_passphrase)?
        } else {
            parse_age(text)?
        };
        if keys.is_empty() { Err(IdentityError::Empty) } else { Ok(Self(Kind::Keys(keys))) }
    }

    /// Calls `open` with what age takes.
    pub(crate) fn with_age<T>(&self, open: impl FnOnce(&[&dyn age::Identity]) -> T) -> T {
        match &self.0 {
            Kind::Keys(keys) => {
                let keys: Vec<&dyn age::Identity> =
                    keys.iter().map(|key| key.as_ref() as &dyn age::Identity).collect();
                open(&keys)
            }
            Kind::Passphrase(passphrase) => {
                let mut identity = age::scrypt::Identity::new(passphrase.clone());
                identity.set_max_work_factor(MAX_WORK_FACTOR);
                open(&[&identity])
            }
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

type AgeIdentities = Vec<Box<dyn age::Identity + Send + Sync>>;

fn parse_age(text: &str) -> Result<AgeIdentities, IdentityError> {
    age::IdentityFile::from_buffer(text.as_bytes())
        .map_err(|_malformed| IdentityError::Malformed)?
        .into_identities()
        .map_err(|_unusable| IdentityError::Malformed)
}

fn parse_ssh(
    text: &str,
    key_passphrase: Option<&SecretString>,
) -> Result<AgeIdentities, IdentityError> {
    use age::ssh::Identity as Ssh;
    let identity = Ssh::from_buffer(text.as_bytes(), None).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::Interrupted => IdentityError::Malformed,
        _ => IdentityError::UnsupportedSsh,
    })?;
    match (&identity, key_passphrase) {
        (Ssh::Unsupported(_), _) => Err(IdentityError::UnsupportedSsh),
        (Ssh::Encrypted(_), None) => Err(IdentityError::PassphraseNeeded),
        (_, passphrase) => {
            // EXPOSE: age takes its own kind of secret; the copy wipes itself.
            let passphrase = passphrase.map(|passphrase| AgeSecret::from(passphrase.expose()));
            Ok(vec![Box::new(identity.with_callbacks(Answer(passphrase)))])
        }
    }
}

/// Answers age's one question: the passphrase of the private key.
#[derive(Clone)]
struct Answer(Option<AgeSecret>);

impl age::Callbacks for Answer {
    fn display_message(&self, _message: &str) {}

    fn confirm(&self, _message: &str, _yes: &str, _no: Option<&str>) -> Option<bool> {
        None
    }

    fn request_public_string(&self, _description: &str) -> Option<String> {
        None
    }

    fn request_passphrase(&self, _description: &str) -> Option<AgeSecret> {
        self.0.clone()
    }
}

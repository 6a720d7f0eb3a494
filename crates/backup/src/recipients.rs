//! For whom a backup is encrypted.

use std::fmt;

use age::secrecy::SecretString as AgeSecret;
use keyreeve_crypto::SecretString;

/// The most recipients a backup may have.
const MAX_RECIPIENTS: usize = 64;

/// scrypt's cost, as a power of two: what the reference `age` writes, about a second. It is not
/// measured on the spot, since a computer that happens to be busy would weaken the backup.
const WORK_FACTOR: u8 = 18;

/// Public keys, or one passphrase alone, as age demands.
pub struct Recipients(pub(crate) Kind);

/// Both kinds of recipients.
pub enum Kind {
    Keys(Vec<Key>),
    Passphrase { passphrase: AgeSecret, work_factor: u8 },
}

/// A parsed public key.
pub struct Key {
    text: String,
    pub recipient: Box<dyn age::Recipient + Send + Sync>,
}

/// Why text names no recipients.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecipientError {
    /// Nobody.
    #[error("a backup needs at least one recipient or a passphrase")]
    Nobody,
    /// Too many.
    #[error("there are {count} recipients; at most {MAX_RECIPIENTS} are possible")]
    TooMany {
        /// How many.
        count: usize,
    },
    /// A line that is no public key.
    #[error("line {line} is no public key; one begins with age1, ssh-ed25519 or ssh-rsa")]
    Malformed {
        /// Which line, from 1.
        line: usize,
    },
    /// A private key where a public one belongs. It is not repeated here.
    #[error(
        "line {line} is a private key; give the public one, and keep the private one elsewhere"
    )]
    PrivateKey {
        /// Which line, from 1.
        line: usize,
    },
    /// An SSH key of a kind that age cannot encrypt to.
    #[error(
        "line {line}: age cannot encrypt to keys of the kind {kind}; use ssh-ed25519 or ssh-rsa"
    )]
    UnsupportedSsh {
        /// Which line, from 1.
        line: usize,
        /// The key's kind.
        kind: String,
    },
    /// An RSA key of a size that age does not take.
    #[error("line {line}: the RSA key is too {how}; age takes 2048 to 4096 bits")]
    RsaSize {
        /// Which line, from 1.
        line: usize,
        /// `small` or `large`.
        how: &'static str,
    },
    /// A recipient for an age plugin.
    #[error("line {line} is for the age plugin {plugin}, which is not supported yet")]
    Plugin {
        /// Which line, from 1.
        line: usize,
        /// The plugin's name.
        plugin: String,
    },
    /// The same key twice.
    #[error("line {line} repeats an earlier recipient")]
    Repeated {
        /// Which line, from 1.
        line: usize,
    },
}

impl Recipients {
    /// Reads public keys, one a line; empty lines and those that begin with `#` are passed over.
    ///
    /// # Errors
    /// When a line is no public key that age can encrypt to, or there is none or too many.
    pub fn parse(text: &str) -> Result<Self, RecipientError> {
        let lines = text.lines().map(str::trim).enumerate();
        let lines: Vec<_> =
            lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')).collect();
        if lines.len() > MAX_RECIPIENTS {
            return Err(RecipientError::TooMany { count: lines.len() });
        }
        let mut keys: Vec<Key> = Vec::with_capacity(lines.len());
        for (index, line) in lines {
            let key = parse_key(line, index + 1)?;
            if keys.iter().any(|earlier| earlier.text == key.text) {
                return Err(RecipientError::Repeated { line: index + 1 });
            }
            keys.push(key);
        }
        if keys.is_empty() { Err(RecipientError::Nobody) } else { Ok(Self(Kind::Keys(keys))) }
    }

    /// A passphrase, alone. Its bytes are used as they are, so that stock `age` finds the same key.
    #[must_use]
    pub fn passphrase(passphrase: &SecretString) -> Self {
        // EXPOSE: age takes its own kind of secret; the copy wipes itself.
        let passphrase = AgeSecret::from(passphrase.expose());
        Self(Kind::Passphrase { passphrase, work_factor: WORK_FACTOR })
    }

    /// Changes scrypt's cost to 2 to the power of `work_factor` (1 to 22): for tests and benchmarks.
    #[must_use]
    pub fn with_work_factor(self, work_factor: u8) -> Self {
        match self.0 {
            Kind::Passphrase { passphrase, .. } => {
                Self(Kind::Passphrase { passphrase, work_factor: work_factor.clamp(1, 22) })
            }
            keys @ Kind::Keys(_) => Self(keys),
        }
    }

    /// The recipients in words: public keys without comments, or `passphrase`.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        match &self.0 {
            Kind::Keys(keys) => keys.iter().map(|key| key.text.clone()).collect(),
            Kind::Passphrase { .. } => vec!["passphrase".into()],
        }
    }
}

impl fmt::Debug for Recipients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Recipients").field(&self.words()).finish()
    }
}

fn parse_key(text: &str, line: usize) -> Result<Key, RecipientError> {
    use age::ssh::ParseRecipientKeyError as SshError;
    if text.starts_with("AGE-SECRET-KEY-") || text.starts_with("-----BEGIN") {
        return Err(RecipientError::PrivateKey { line });
    }
    if let Ok(recipient) = text.parse::<age::x25519::Recipient>() {
        return Ok(Key { text: recipient.to_string(), recipient: Box::new(recipient) });
    }
    if let Some(plugin) = plugin_of(text) {
        return Err(RecipientError::Plugin { line, plugin });
    }
    match text.parse::<age::ssh::Recipient>() {
        Ok(recipient) => Ok(Key { text: recipient.to_string(), recipient: Box::new(recipient) }),
        Err(SshError::RsaModulusTooLarge) => Err(RecipientError::RsaSize { line, how: "large" }),
        Err(SshError::RsaModulusTooSmall) => Err(RecipientError::RsaSize { line, how: "small" }),
        Err(SshError::Unsupported(kind)) => Err(RecipientError::UnsupportedSsh { line, kind }),
        Err(_) => match text.split(' ').next() {
            Some(kind) if kind.starts_with("ecdsa-sha2-") || kind.starts_with("sk-") => {
                Err(RecipientError::UnsupportedSsh { line, kind: kind.into() })
            }
            _ => Err(RecipientError::Malformed { line }),
        },
    }
}

/// `yubikey` of `age1yubikey1…`: an own human-readable part, as the age specification has it.
fn plugin_of(text: &str) -> Option<String> {
    let (name, data) = text.strip_prefix("age1")?.rsplit_once('1')?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    (is_name && data.len() > 6).then(|| name.to_owned())
}

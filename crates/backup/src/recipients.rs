//! For whom a backup is encrypted.

use std::fmt;

use age::secrecy::SecretString as AgeSecret;
use keyreeve_crypto::SecretString;
use keyreeve_formats::{AgeRecipient, AgeRecipientError, MAX_RECIPIENTS};

/// scrypt's cost, as a power of two: what the reference `age` writes, about a second. It is not
/// measured on the spot, since a computer that happens to be busy would weaken the backup.
const WORK_FACTOR: u8 = 18;

/// Public keys, or one passphrase alone, as age demands.
pub struct Recipients(pub(crate) Kind);

/// Both kinds of recipients.
pub enum Kind {
    Keys(Vec<AgeRecipient>),
    Passphrase { passphrase: AgeSecret, work_factor: u8 },
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
    /// A line that is no public key to encrypt to.
    #[error("line {line} {error}")]
    Line {
        /// Which line, from 1.
        line: usize,
        /// What is wrong with it.
        error: AgeRecipientError,
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
        let mut keys: Vec<AgeRecipient> = Vec::with_capacity(lines.len());
        for (index, text) in lines {
            let line = index + 1;
            let key =
                AgeRecipient::parse(text).map_err(|error| RecipientError::Line { line, error })?;
            if keys.iter().any(|earlier| earlier.text() == key.text()) {
                return Err(RecipientError::Repeated { line });
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
            Kind::Keys(keys) => keys.iter().map(|key| key.text().to_owned()).collect(),
            Kind::Passphrase { .. } => vec!["passphrase".into()],
        }
    }
}

impl fmt::Debug for Recipients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Recipients").field(&self.words()).finish()
    }
}

//! Public keys that age encrypts to (the age v1 specification): X25519, and SSH's Ed25519 and RSA.

use std::io::Write as _;

use age::armor::{ArmoredWriter, Format as Armor};
use age::ssh::ParseRecipientKeyError as SshError;
use keyreeve_crypto::SecretBytes;
use ssh_key::{HashAlg, PublicKey};

use super::{Kind, MAX_RECIPIENTS, Recipient, RecipientError};

/// A public key that age encrypts to.
pub struct AgeRecipient {
    text: String,
    recipient: Box<dyn age::Recipient + Send + Sync>,
}

/// Why text is no public key that age encrypts to; it reads on from `line 2 …`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AgeRecipientError {
    /// Something else.
    #[error("is no public key; one begins with age1, ssh-ed25519 or ssh-rsa")]
    Malformed,
    /// A private key where a public one belongs. It is not repeated here.
    #[error("is a private key; give the public one, and keep the private one elsewhere")]
    PrivateKey,
    /// An SSH key of a kind that age cannot encrypt to.
    #[error("is a key of the kind {kind}, which age cannot encrypt to; use ssh-ed25519 or ssh-rsa")]
    UnsupportedSsh {
        /// The key's kind.
        kind: String,
    },
    /// An RSA key of a size that age does not take.
    #[error("is an RSA key that is too {how}; age takes 2048 to 4096 bits")]
    RsaSize {
        /// `small` or `large`.
        how: &'static str,
    },
    /// A recipient for an age plugin.
    #[error("is for the age plugin {plugin}, which is not supported yet")]
    Plugin {
        /// The plugin's name.
        plugin: String,
    },
}

impl AgeRecipient {
    /// Reads one public key, which may have a comment behind it.
    ///
    /// # Errors
    /// When age cannot encrypt to it.
    pub fn parse(text: &str) -> Result<Self, AgeRecipientError> {
        use AgeRecipientError as E;
        if text.starts_with("AGE-SECRET-KEY-") || text.starts_with("-----BEGIN") {
            return Err(E::PrivateKey);
        }
        if let Ok(recipient) = text.parse::<age::x25519::Recipient>() {
            return Ok(Self { text: recipient.to_string(), recipient: Box::new(recipient) });
        }
        if let Some(plugin) = plugin_of(text) {
            return Err(E::Plugin { plugin });
        }
        match text.parse::<age::ssh::Recipient>() {
            Ok(recipient) => {
                Ok(Self { text: recipient.to_string(), recipient: Box::new(recipient) })
            }
            Err(SshError::RsaModulusTooLarge) => Err(E::RsaSize { how: "large" }),
            Err(SshError::RsaModulusTooSmall) => Err(E::RsaSize { how: "small" }),
            Err(SshError::Unsupported(kind)) => Err(E::UnsupportedSsh { kind }),
            Err(_) => match text.split(' ').next() {
                Some(kind) if kind.starts_with("ecdsa-sha2-") || kind.starts_with("sk-") => {
                    Err(E::UnsupportedSsh { kind: kind.into() })
                }
                _ => Err(E::Malformed),
            },
        }
    }

    /// The public key without a comment.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The key as age takes it.
    #[must_use]
    pub fn key(&self) -> &(dyn age::Recipient + Send + Sync) {
        self.recipient.as_ref()
    }
}

/// `yubikey` of `age1yubikey1…`: an own human-readable part, as the age specification has it.
fn plugin_of(text: &str) -> Option<String> {
    let (name, data) = text.strip_prefix("age1")?.rsplit_once('1')?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    (is_name && data.len() > 6).then(|| name.to_owned())
}

/// The lines that are neither empty nor a comment, with their numbers from 1.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().map(str::trim).enumerate().map(|(index, line)| (index + 1, line));
    lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

/// Whether the text begins as lines of public keys do, or as an age identity that was mistaken for one.
pub(super) fn has_line(text: &str) -> bool {
    const BEGINNINGS: [&str; 5] = ["age1", "ssh-", "ecdsa-sha2-", "sk-", "AGE-SECRET-KEY-"];
    lines(text)
        .next()
        .is_some_and(|(_, line)| BEGINNINGS.iter().any(|beginning| line.starts_with(beginning)))
}

pub(super) fn read_lines(text: &str) -> Result<Vec<Recipient>, RecipientError> {
    let mut found = Vec::new();
    for (line, key) in lines(text) {
        if found.len() == MAX_RECIPIENTS {
            return Err(RecipientError::TooMany);
        }
        let recipient =
            AgeRecipient::parse(key).map_err(|error| RecipientError::Line { line, error })?;
        found.push(match PublicKey::from_openssh(key) {
            Ok(ssh) => {
                let fingerprint = ssh.fingerprint(HashAlg::Sha256).to_string();
                Recipient::new(Kind::Age(recipient), fingerprint, Some(ssh.comment()))
            }
            Err(_not_of_ssh) => {
                let text = recipient.text.clone();
                Recipient::new(Kind::Age(recipient), text, None)
            }
        });
    }
    Ok(found)
}

/// An armoured age file.
pub(super) fn encrypt<'a>(
    keys: impl Iterator<Item = &'a AgeRecipient>,
    content: &SecretBytes,
) -> Result<Vec<u8>, String> {
    let keys = keys.map(|key| key.recipient.as_ref() as &dyn age::Recipient);
    let encryptor = age::Encryptor::with_recipients(keys).map_err(|error| error.to_string())?;
    let write = || -> std::io::Result<Vec<u8>> {
        let armour = ArmoredWriter::wrap_output(Vec::new(), Armor::AsciiArmor)?;
        let mut file = encryptor.wrap_output(armour)?;
        // EXPOSE: what is encrypted.
        file.write_all(content.expose())?;
        file.finish()?.finish()
    };
    write().map_err(|error| error.to_string())
}

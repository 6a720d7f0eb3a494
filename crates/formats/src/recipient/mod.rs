//! Handing a key over: a file that only its recipients can open, each with a tool of their own.
//!
//! | recipient | file | opened with |
//! | --- | --- | --- |
//! | age X25519, SSH Ed25519 and RSA | age v1, armoured | `age`, `rage` |
//! | X.509 certificate | CMS `AuthEnvelopedData` (RFC 5083) in PEM | `openssl cms` |
//! | OpenPGP certificate | OpenPGP message (RFC 9580), armoured | `gpg`, `sq` |
//! | RSA, X25519 or NIST curve's public key, for a JWK | JWE in the compact form (RFC 7516) | JOSE libraries |
//! | RSA public key, for other forms | OAEP, then AES-KWP: PKCS #11's `CKM_RSA_AES_KEY_WRAP` | a security module |

mod age_key;
mod certificate;
mod cms_file;
mod jwe_file;
mod openpgp_file;
mod public_key;

use keyreeve_crypto::{SecretBytes, WrapError, WrappingKey};
use keyreeve_domain::Timestamp;

pub use age_key::{AgeRecipient, AgeRecipientError};
use certificate::CertificateRecipient;
use public_key::AgreementKey;

use crate::format::Format;
use crate::read::openpgp::{self, OpenPgpCertificate, OpenPgpRecipientError};
use crate::text;

/// The most recipients that one file may have.
pub const MAX_RECIPIENTS: usize = 64;
/// The longest file that recipients are read from, in bytes.
pub const MAX_RECIPIENT_FILE: usize = 256 * 1024;
/// The longest name of a recipient that is kept, in characters.
const MAX_NAME: usize = 100;

/// Whose key a file is encrypted to.
#[derive(Debug)]
pub struct Recipient {
    kind: Kind,
    /// What tells this recipient from others: the age recipient itself, an SSH key's `SHA256:…`, or
    /// SHA-256 of a certificate or of a `SubjectPublicKeyInfo` in hexadecimal, or an OpenPGP certificate's
    /// fingerprint, which is its primary key's.
    pub fingerprint: String,
    /// What its key says of whose it is: an SSH key's comment, a certificate's subject or an OpenPGP user ID.
    pub name: Option<String>,
}

enum Kind {
    Age(AgeRecipient),
    Certificate(Box<CertificateRecipient>),
    OpenPgp(Box<OpenPgpCertificate>),
    Rsa(WrappingKey),
    Agreement(AgreementKey),
}

/// What the file is that a recipient can open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Envelope {
    /// An age file.
    Age,
    /// A CMS message.
    Cms,
    /// An OpenPGP message.
    OpenPgp,
    /// A JSON Web Key as a JWE.
    Jwe,
    /// A wrapped key alone.
    RsaAesKeyWrap,
}

impl Envelope {
    /// Its name in the log and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Age => "age",
            Self::Cms => "cms",
            Self::OpenPgp => "openpgp",
            Self::Jwe => "jwe",
            Self::RsaAesKeyWrap => "rsa-aes-key-wrap",
        }
    }

    /// What opens such a file, with words in capitals for what only its recipient knows.
    #[must_use]
    pub const fn opened_with(self) -> &'static str {
        match self {
            Self::Age => "age --decrypt --identity IDENTITY --output KEY FILE",
            Self::Cms => {
                "openssl cms -decrypt -inform PEM -in FILE -recip CERTIFICATE -inkey PRIVATE_KEY -out KEY"
            }
            Self::OpenPgp => "gpg --output KEY --decrypt FILE",
            Self::Jwe => "a JOSE library: JWE with RSA-OAEP-256 or ECDH-ES+A256KW, and A256GCM",
            Self::RsaAesKeyWrap => "CKM_RSA_AES_KEY_WRAP with SHA-256 and MGF1-SHA-256 (PKCS #11)",
        }
    }
}

/// Why nothing was encrypted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecipientError {
    /// No recipient in it.
    #[error("holds no public key or certificate to encrypt to")]
    Nobody,
    /// More than a file may have.
    #[error("there are more than {MAX_RECIPIENTS} recipients")]
    TooMany,
    /// Longer than a file of public keys.
    #[error("is longer than {MAX_RECIPIENT_FILE} bytes, which no public key or certificate is")]
    TooLong,
    /// A line of it.
    #[error("line {line} {error}")]
    Line {
        /// Which, from 1.
        line: usize,
        /// What is wrong with it.
        error: AgeRecipientError,
    },
    /// A private key where a public one belongs.
    #[error("holds a private key: give the public half, and keep the private one to its owner")]
    PrivateKey,
    /// An OpenPGP certificate that cannot be encrypted to.
    #[error(transparent)]
    OpenPgp(#[from] OpenPgpRecipientError),
    /// A key that cannot be encrypted to, in words.
    #[error("{0}")]
    Unfit(String),
    /// Files of several kinds would be needed.
    #[error(
        "the recipients need files of different kinds ({}): hand the key over once for each",
        names(.0)
    )]
    Mixed(Vec<Envelope>),
    /// The same recipient twice.
    #[error("the recipient {0} is named twice")]
    Repeated(String),
    /// Such a file has no room for more than one.
    #[error("a file for a bare public key has one recipient; hand the key over once for each")]
    OneAlone,
    /// What is wrapped for an RSA key must be what a security module or a JOSE library takes.
    #[error("a key is encrypted to an RSA public key as jwk, raw or pkcs8-der, not as {0}")]
    Format(Format),
    /// To a public key on a curve there is JWE alone.
    #[error("a key is encrypted to an EC or X25519 public key as jwk, not as {0}")]
    JwkAlone(Format),
    /// Wrapping.
    #[error("the key could not be encrypted for {recipient}: {why}")]
    Failed {
        /// For whom.
        recipient: String,
        /// Why.
        why: String,
    },
}

fn names(envelopes: &[Envelope]) -> String {
    envelopes.iter().map(|envelope| envelope.name()).collect::<Vec<_>>().join(", ")
}

impl Recipient {
    /// Reads recipients: lines with age recipients or SSH public keys, or one certificate (X.509 or OpenPGP) or one public
    /// key (RSA, X25519 or on a NIST curve) in any form that is read. A certificate must be valid at `now` and for encryption.
    ///
    /// # Errors
    /// When there is none, or one that cannot be encrypted to; a private key is not repeated in words.
    pub fn read(bytes: &[u8], now: Timestamp) -> Result<Vec<Self>, RecipientError> {
        if bytes.len() > MAX_RECIPIENT_FILE {
            return Err(RecipientError::TooLong);
        }
        if let Some(certificate) = openpgp::certificate(bytes, now) {
            return Ok(vec![openpgp_file::recipient(certificate?)]);
        }
        match str::from_utf8(bytes) {
            Ok(text) if age_key::has_line(text) => age_key::read_lines(text),
            _ => match CertificateRecipient::read(bytes, now)? {
                Some(found) => Ok(vec![found]),
                None => Ok(vec![public_key::read(bytes)?]),
            },
        }
    }

    fn new(kind: Kind, fingerprint: String, name: Option<&str>) -> Self {
        let name = name.map(|name| text::one_line(name).chars().take(MAX_NAME).collect::<String>());
        Self { kind, fingerprint, name: name.filter(|name| !name.is_empty()) }
    }

    /// The kind of file that this recipient can open, with a key in `format` inside.
    fn envelope(&self, format: Format) -> Envelope {
        match self.kind {
            Kind::Age(_) => Envelope::Age,
            Kind::Certificate(_) => Envelope::Cms,
            Kind::OpenPgp(_) => Envelope::OpenPgp,
            Kind::Rsa(_) if format != Format::Jwk => Envelope::RsaAesKeyWrap,
            Kind::Rsa(_) | Kind::Agreement(_) => Envelope::Jwe,
        }
    }
}

/// The kind of file that all of `recipients` can open, with a key in `format` inside.
///
/// # Errors
/// When there is none or too many, one is named twice, or no one kind of file serves all.
pub fn envelope_for(recipients: &[Recipient], format: Format) -> Result<Envelope, RecipientError> {
    let first = recipients.first().ok_or(RecipientError::Nobody)?.envelope(format);
    if recipients.len() > MAX_RECIPIENTS {
        return Err(RecipientError::TooMany);
    }
    let mut envelopes = vec![first];
    for (index, recipient) in recipients.iter().enumerate() {
        if recipients[..index].iter().any(|other| other.fingerprint == recipient.fingerprint) {
            return Err(RecipientError::Repeated(recipient.fingerprint.clone()));
        }
        let envelope = recipient.envelope(format);
        if !envelopes.contains(&envelope) {
            envelopes.push(envelope);
        }
    }
    if envelopes.len() > 1 {
        return Err(RecipientError::Mixed(envelopes));
    }
    match first {
        Envelope::Jwe | Envelope::RsaAesKeyWrap if recipients.len() > 1 => {
            Err(RecipientError::OneAlone)
        }
        Envelope::Jwe if format != Format::Jwk => Err(RecipientError::JwkAlone(format)),
        Envelope::RsaAesKeyWrap if !matches!(format, Format::Raw | Format::Pkcs8Der) => {
            Err(RecipientError::Format(format))
        }
        _ => Ok(first),
    }
}

/// Encrypts `content`, a key in `format`, so that each of `recipients`, and nobody else, can open it. See [`envelope_for`]
/// for which may stand together.
///
/// # Errors
/// When a recipient's key or the randomness fails.
pub fn encrypt_to(
    recipients: &[Recipient],
    format: Format,
    content: &SecretBytes,
) -> Result<Vec<u8>, RecipientError> {
    let first = recipients.first().ok_or(RecipientError::Nobody)?;
    let failed = |why: String| RecipientError::Failed {
        recipient: first.name.clone().unwrap_or_else(|| first.fingerprint.clone()),
        why,
    };
    match &first.kind {
        Kind::Rsa(key) if format == Format::Jwk => jwe_file::for_rsa(key, content).map_err(failed),
        Kind::Rsa(key) => {
            public_key::wrap(key, content).map_err(|e: WrapError| failed(e.to_string()))
        }
        Kind::Agreement(key) => jwe_file::for_agreement(key, content).map_err(failed),
        Kind::Age(_) => {
            age_key::encrypt(recipients.iter().filter_map(Recipient::age), content).map_err(failed)
        }
        Kind::OpenPgp(_) => {
            let certificates: Vec<_> = recipients.iter().filter_map(Recipient::openpgp).collect();
            openpgp_file::encrypt(&certificates, content).map_err(failed)
        }
        Kind::Certificate(_) => {
            let certificates: Vec<_> =
                recipients.iter().filter_map(Recipient::certificate).collect();
            cms_file::encrypt(&certificates, content).map_err(failed)
        }
    }
}

impl Recipient {
    fn age(&self) -> Option<&AgeRecipient> {
        if let Kind::Age(key) = &self.kind { Some(key) } else { None }
    }

    fn certificate(&self) -> Option<&CertificateRecipient> {
        if let Kind::Certificate(key) = &self.kind { Some(key) } else { None }
    }

    fn openpgp(&self) -> Option<&OpenPgpCertificate> {
        if let Kind::OpenPgp(key) = &self.kind { Some(key) } else { None }
    }
}

impl std::fmt::Debug for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Age(_) => "age",
            Self::Certificate(_) => "certificate",
            Self::OpenPgp(_) => "openpgp",
            Self::Rsa(_) => "rsa",
            Self::Agreement(_) => "agreement",
        })
    }
}

//! What is found in a file.

use keyreeve_crypto::{
    AdoptError, AdoptedKey, AdoptedPublicKey, Algorithm, ForeignKey, ForeignPublicKey,
    RecognisedKey, SecretBytes, SecretString, adopt,
};

use super::age_file::LockedAge;
use super::certificate::Certificate;
use super::encrypted_pkcs8::EncryptedPkcs8;
use super::form::Form;
use super::java_keystore::{JavaKeystore, LockedJavaKey};
use super::jwe::Jwe;
use super::minisign::LockedMinisign;
use super::openpgp::{LockedOpenPgp, OpenPgpKey};
use super::openssh::LockedOpenSsh;
use super::pkcs12_file::Pkcs12File;
use super::putty::LockedPutty;
use super::revocation_list::RevocationList;
use super::signify::Signify;
use super::ssh_certificate::SshCertificate;
use super::traditional::Traditional;
use crate::text;

/// The longest comment kept, in characters.
const MAX_COMMENT: usize = 200;

/// What is said of a file whose passphrase is stretched too little.
pub(super) const FEW_ROUNDS_WARNING: &str =
    "The file's passphrase is cheap to guess: it is stretched with few rounds.";

/// Something found in a file.
#[derive(Debug)]
pub struct Item {
    /// In which form it was.
    pub form: Form,
    /// What the file says of it: an OpenSSH comment, a JWK's `kid`, a friendly name.
    pub comment: Option<String>,
    /// What is to be known of it beside, in sentences: an outdated protection, say.
    pub warnings: Vec<String>,
    /// What it is.
    pub found: Found,
    /// What OpenPGP says of it, if it came in that form.
    pub openpgp: Option<Box<OpenPgpKey>>,
}

/// What an item is.
#[derive(Debug)]
#[non_exhaustive]
pub enum Found {
    /// A private key, checked, with its public half.
    Pair(AdoptedKey),
    /// A symmetric key.
    Symmetric(SymmetricKey),
    /// A public key alone.
    Public(AdoptedPublicKey),
    /// A public key alone, of a kind that the vault makes no keys of.
    Foreign(ForeignPublicKey),
    /// A certificate or a request for one.
    Certificate(Box<Certificate>),
    /// A list of revoked certificates.
    RevocationList(Box<RevocationList>),
    /// A certificate of OpenSSH.
    SshCertificate(Box<SshCertificate>),
    /// An encrypted private key.
    Locked(Locked),
    /// Something that cannot be taken in.
    Refused(Refusal),
}

/// Bytes that are a symmetric key.
#[derive(Debug)]
pub struct SymmetricKey {
    /// The bytes.
    pub material: SecretBytes,
    /// The algorithms whose keys have that length; the likeliest first, and at least one.
    pub algorithms: Vec<Algorithm>,
    /// The X25519 key that it is as well, if it came as WireGuard's private keys do.
    pub pair: Option<AdoptedKey>,
}

/// Why an item cannot be taken in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The key itself.
    #[error(transparent)]
    Key(#[from] AdoptError),
    /// Damaged, in words.
    #[error("{0}")]
    Damaged(String),
    /// A form that is known and not read.
    #[error("{0}: Keyreeve does not read these yet")]
    Unread(String),
    /// An encrypted file that asks for too much work.
    #[error("the file asks for {0} to be opened, which is more than Keyreeve spends")]
    TooCostly(String),
}

impl Refusal {
    /// Whether there is nothing wrong with it beside that Keyreeve does not keep or read it.
    #[must_use]
    pub fn is_unsupported(&self) -> bool {
        matches!(self, Self::Unread(_) | Self::Key(AdoptError::Unsupported(_)))
    }
}

/// An encrypted private key, still closed.
#[derive(Debug)]
pub struct Locked {
    pub(super) kind: LockedKind,
    /// The public half, where the file shows it.
    pub public: Option<AdoptedPublicKey>,
}

#[derive(Debug)]
pub(super) enum LockedKind {
    Pkcs8(EncryptedPkcs8),
    Pkcs12(Pkcs12File),
    JavaKeystore(JavaKeystore),
    JavaKey(LockedJavaKey),
    Jwe(Jwe),
    Putty(LockedPutty),
    Minisign(LockedMinisign),
    Age(LockedAge),
    OpenPgp(LockedOpenPgp),
    Signify(Signify),
    OpenSsh(Box<LockedOpenSsh>),
    Traditional(Traditional),
}

impl Item {
    pub(super) fn new(form: Form, found: Found) -> Self {
        Self { form, comment: None, warnings: Vec::new(), found, openpgp: None }
    }

    pub(super) fn refused(form: Form, refusal: impl Into<Refusal>) -> Self {
        Self::new(form, Found::Refused(refusal.into()))
    }

    /// A private key, or why it is none.
    pub(super) fn of_key(form: Form, key: &ForeignKey<'_>) -> Self {
        Self::new(form, Found::of(adopt(key)))
    }

    /// A public key, or why it is none.
    pub(super) fn of_public(form: Form, key: Result<AdoptedPublicKey, AdoptError>) -> Self {
        Self::new(form, key.map_or_else(|error| Found::Refused(error.into()), Found::Public))
    }

    /// A public key that may be of a foreign kind, or why it is none.
    pub(super) fn of_recognised(form: Form, key: Result<RecognisedKey, AdoptError>) -> Self {
        Self::new(form, key.map_or_else(|error| Found::Refused(error.into()), Found::from))
    }

    pub(super) fn with_comment(mut self, comment: &str) -> Self {
        self.comment = shown(comment);
        self
    }

    /// With a warning, if there is one.
    pub(super) fn with_warning<'a>(mut self, warning: impl Into<Option<&'a str>>) -> Self {
        self.warnings.extend(warning.into().map(str::to_owned));
        self
    }

    /// Whether a password is needed to say more.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        matches!(self.found, Found::Locked(_))
    }

    /// What is inside an encrypted item, if `password` fits: one key of most files, several of
    /// some. An item that is not encrypted takes none.
    #[must_use]
    pub fn open(&self, password: &SecretString) -> Option<Vec<Self>> {
        let Found::Locked(locked) = &self.found else { return None };
        let (found, comment) = match &locked.kind {
            LockedKind::Pkcs12(file) => return file.open(password),
            LockedKind::JavaKeystore(file) => return file.open(password),
            LockedKind::JavaKey(key) => return key.open(password).map(|item| vec![item]),
            LockedKind::Jwe(file) => return file.open(password),
            LockedKind::Age(file) => return file.open(password),
            LockedKind::Putty(file) => (file.open(password)?, None),
            LockedKind::Minisign(file) => (file.open(password)?, None),
            LockedKind::Signify(file) => (file.open(password)?, None),
            LockedKind::OpenPgp(packet) => (packet.open(password)?, None),
            LockedKind::Pkcs8(file) => (file.open(password)?, None),
            LockedKind::Traditional(block) => (block.open(password)?, None),
            LockedKind::OpenSsh(file) => {
                let (found, comment) = file.open(password)?;
                (found, shown(&comment))
            }
        };
        let comment = comment.or_else(|| self.comment.clone());
        Some(vec![Self {
            form: self.form,
            comment,
            warnings: self.warnings.clone(),
            found,
            openpgp: self.openpgp.clone(),
        }])
    }
}

impl Found {
    pub(super) fn of(key: Result<AdoptedKey, AdoptError>) -> Self {
        key.map_or_else(|error| Self::Refused(error.into()), Self::Pair)
    }
}

impl From<RecognisedKey> for Found {
    fn from(key: RecognisedKey) -> Self {
        match key {
            RecognisedKey::Own(key) => Self::Public(key),
            RecognisedKey::Foreign(key) => Self::Foreign(key),
        }
    }
}

/// A comment on one line and of bounded length; `None` when nothing is left.
fn shown(comment: &str) -> Option<String> {
    let comment: String = text::one_line(comment).chars().take(MAX_COMMENT).collect();
    Some(comment.trim_end().to_owned()).filter(|comment| !comment.is_empty())
}

//! The record that JKS and JCEKS share (`engineLoad` of the JDK's `JavaKeyStore` and `JceKeyStore`): a
//! kind, a version, a number of entries, the entries, and a digest over all of it and the password.

use keyreeve_crypto::SecretString;
use sha1::{Digest as _, Sha1};
use subtle::ConstantTimeEq as _;

use super::MAX_ITEMS;
use super::item::Refusal;
use super::java_fields::Fields;
use super::java_object::Sealed;
use super::java_pbe::utf16;

const JKS: [u8; 4] = [0xfe, 0xed, 0xfe, 0xed];
const JCEKS: [u8; 4] = [0xce, 0xce, 0xce, 0xce];
/// What Java digests between the password and the record.
const WHITENER: &[u8] = b"Mighty Aphrodite";
/// The only kind of certificate that Java knows; one of version 1 does not say it.
const X509: &str = "X.509";

/// A keystore's record, taken apart where it lies.
pub(super) struct Record<'a> {
    pub(super) entries: Vec<Entry<'a>>,
    digested: &'a [u8],
    digest: &'a [u8],
}

/// One entry, called by its alias.
pub(super) struct Entry<'a> {
    pub(super) alias: String,
    pub(super) content: Content<'a>,
}

pub(super) enum Content<'a> {
    Private {
        /// An `EncryptedPrivateKeyInfo`.
        protected: &'a [u8],
        /// Its own certificate comes first.
        chain: Vec<Stored<'a>>,
    },
    Trusted(Stored<'a>),
    Secret(Sealed<'a>),
}

/// A certificate in DER, or the name of its kind if that is another than X.509.
pub(super) type Stored<'a> = Result<&'a [u8], String>;

pub(super) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(&JKS) || bytes.starts_with(&JCEKS)
}

impl<'a> Record<'a> {
    /// # Errors
    /// When it is damaged, of another version, too large, or holds an object of another class.
    pub(super) fn parse(file: &'a [u8]) -> Result<Self, Refusal> {
        let mut fields = Fields(file);
        let kind = fields.bytes(JKS.len()).ok_or_else(damaged)?;
        let version = fields.number().ok_or_else(damaged)?;
        if !matches!(version, 1 | 2) {
            return Err(Refusal::Unread(format!("Java keystores of version {version}")));
        }
        let mut reader = Reader { fields, version, left: MAX_ITEMS };
        let count = reader.fields.number().ok_or_else(damaged)?;
        let mut entries = Vec::new();
        for _ in 0..count {
            entries.push(reader.entry(kind == JCEKS)?);
        }
        let digest = reader.fields.0;
        let digested = file.get(..file.len() - digest.len()).ok_or_else(damaged)?;
        if digest.len() != Sha1::output_size() {
            return Err(damaged());
        }
        Ok(Self { entries, digested, digest })
    }

    /// Whether this is the keystore's password and nothing was changed since Java wrote it: which of the
    /// two it is not, the digest does not tell.
    pub(super) fn verifies(&self, password: &SecretString) -> bool {
        // EXPOSE: the password is the digest's input.
        let digest = Sha1::new().chain_update(utf16(password.expose()));
        let digest = digest.chain_update(WHITENER).chain_update(self.digested).finalize();
        digest.as_slice().ct_eq(self.digest).into()
    }
}

struct Reader<'a> {
    fields: Fields<'a>,
    version: u32,
    /// How many more items there may be.
    left: usize,
}

impl<'a> Reader<'a> {
    fn entry(&mut self, with_secrets: bool) -> Result<Entry<'a>, Refusal> {
        self.count()?;
        let tag = self.fields.number().ok_or_else(damaged)?;
        let alias = self.fields.text().ok_or_else(damaged)?;
        let _date = self.fields.bytes(8).ok_or_else(damaged)?;
        let content = match tag {
            1 => {
                let protected = self.fields.long_bytes().ok_or_else(damaged)?;
                let count = self.fields.number().ok_or_else(damaged)?;
                let mut chain = Vec::new();
                for _ in 0..count {
                    self.count()?;
                    chain.push(self.certificate().ok_or_else(damaged)?);
                }
                Content::Private { protected, chain }
            }
            2 => Content::Trusted(self.certificate().ok_or_else(damaged)?),
            3 if with_secrets => {
                Content::Secret(Sealed::take(&mut self.fields)?.ok_or_else(damaged)?)
            }
            _ => return Err(damaged()),
        };
        Ok(Entry { alias, content })
    }

    fn certificate(&mut self) -> Option<Stored<'a>> {
        let kind = if self.version == 1 { X509.into() } else { self.fields.text()? };
        let der = self.fields.long_bytes()?;
        Some(if kind == X509 { Ok(der) } else { Err(kind) })
    }

    fn count(&mut self) -> Result<(), Refusal> {
        let too_many =
            || Refusal::Damaged(format!("the keystore holds more than {MAX_ITEMS} items"));
        self.left = self.left.checked_sub(1).ok_or_else(too_many)?;
        Ok(())
    }
}

fn damaged() -> Refusal {
    Refusal::Damaged("the Java keystore is damaged or cut short".into())
}

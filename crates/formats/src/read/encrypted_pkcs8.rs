//! PKCS#8 under a passphrase.

use keyreeve_crypto::{ForeignKey, SecretString, adopt};
use pkcs8::PrivateKeyInfoRef;
use pkcs8::der::Decode as _;
use pkcs8::der::asn1::{AnyRef, OctetStringRef};
use pkcs8::spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

use super::form::Form;
use super::item::{Found, Item, Locked, LockedKind, Refusal};
use super::pbe::Pbe;

/// An `EncryptedPrivateKeyInfo` whose costs were looked at.
#[derive(Debug)]
pub(super) struct EncryptedPkcs8 {
    pub(super) encryption: Pbe,
    ciphertext: Vec<u8>,
}

pub(super) fn read(der: &[u8]) -> Item {
    let file = match EncryptedPkcs8::parse(der) {
        Ok(file) => file,
        Err(refusal) => return Item::refused(Form::EncryptedPkcs8, refusal),
    };
    let warning = file.warning();
    let locked = Locked { kind: LockedKind::Pkcs8(file), public: None };
    Item::new(Form::EncryptedPkcs8, Found::Locked(locked)).with_warning(warning)
}

impl EncryptedPkcs8 {
    /// # Errors
    /// When it is damaged, encrypted in another way, or asks for too much work.
    pub(super) fn parse(der: &[u8]) -> Result<Self, Refusal> {
        let damaged = |_: pkcs8::der::Error| {
            Refusal::Damaged("the encrypted key is damaged or cut short".into())
        };
        let outer = AnyRef::from_der(der).map_err(damaged)?;
        let (algorithm, ciphertext) = outer
            .sequence(|members| -> Result<_, pkcs8::der::Error> {
                Ok((AlgorithmIdentifierRef::decode(members)?, <&OctetStringRef>::decode(members)?))
            })
            .map_err(damaged)?;
        let encryption = Pbe::of(algorithm)?;
        Ok(Self { encryption, ciphertext: ciphertext.as_bytes().to_vec() })
    }

    /// What is to be said of an outdated protection.
    pub(super) fn warning(&self) -> Option<&'static str> {
        self.encryption.warning()
    }

    /// The key inside; `None` when the password is wrong.
    pub(super) fn open(&self, password: &SecretString) -> Option<Found> {
        let der = self.plaintext(password)?;
        PrivateKeyInfoRef::from_der(&der).ok()?;
        Some(Found::of(adopt(&ForeignKey::Pkcs8(&der))))
    }

    /// What is inside; `None` when the password is wrong.
    pub(super) fn plaintext(&self, password: &SecretString) -> Option<Zeroizing<Vec<u8>>> {
        self.encryption.decrypt(password, &self.ciphertext)
    }
}

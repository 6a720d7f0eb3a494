//! Secret keys in PKCS#12 files, as Java writes them: a private key's encrypted frame, with the secret
//! key's algorithm and its bytes in the places of the private key's.

use keyreeve_crypto::{SecretBytes, SecretString};
use pkcs8::der::asn1::{AnyRef, OctetStringRef};
use pkcs8::der::{self, Decode as _};
use pkcs8::{ObjectIdentifier, PrivateKeyInfoRef};

use super::encrypted_pkcs8::EncryptedPkcs8;
use super::form::Form;
use super::item::{Item, Refusal};
use super::java_object;

/// The encrypted key in a secret bag (RFC 7292, section 4.2.5).
///
/// # Errors
/// When it is damaged, of another kind, or asks for too much work.
pub(super) fn parse(bag: &[u8]) -> Result<EncryptedPkcs8, Refusal> {
    let members = |bag: AnyRef<'_>| {
        bag.sequence(|members| -> der::Result<_> {
            Ok((ObjectIdentifier::decode(members)?, AnyRef::decode(members)?.value().to_vec()))
        })
    };
    let (kind, framed) = AnyRef::from_der(bag).and_then(members).map_err(damaged)?;
    if kind != pkcs12::PKCS_12_PKCS8_KEY_BAG_OID {
        return Err(Refusal::Unread(format!("PKCS#12 secrets of the kind {kind}")));
    }
    let key = <&OctetStringRef>::from_der(&framed).map_err(damaged)?;
    EncryptedPkcs8::parse(key.as_bytes())
}

/// The key; `None` when the password is wrong.
pub(super) fn open(key: &EncryptedPkcs8, password: &SecretString) -> Option<Item> {
    let plaintext = key.plaintext(password)?;
    let info = PrivateKeyInfoRef::from_der(&plaintext).ok()?;
    let material = SecretBytes::new(info.private_key.as_bytes().to_vec());
    let named = info.algorithm.oid.to_string();
    Some(java_object::secret_key(Form::Pkcs12, name_of(&named), material))
}

/// Java's name of an algorithm; its number where it has none here.
fn name_of(oid: &str) -> &str {
    match oid {
        "2.16.840.1.101.3.4.1" => "AES",
        "1.2.840.113549.1.9.16.3.18" => "ChaCha20-Poly1305",
        "1.2.840.113549.2.7" => "HmacSHA1",
        "1.2.840.113549.2.9" => "HmacSHA256",
        "1.2.840.113549.2.10" => "HmacSHA384",
        "1.2.840.113549.2.11" => "HmacSHA512",
        "1.2.840.113549.3.4" => "ARCFOUR",
        "1.3.14.3.2.17" => "DESede",
        other => other,
    }
}

fn damaged(_: der::Error) -> Refusal {
    Refusal::Damaged("a secret key in the PKCS#12 file is damaged".into())
}

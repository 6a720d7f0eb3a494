//! PKCS#12 files of one key (RFC 7292), protected as today's tools do it: PBES2 for the key, and a MAC
//! with HMAC-SHA-256 over all.

use cms::content_info::ContentInfo;
use hmac::{Hmac, KeyInit as _, Mac as _};
use keyreeve_crypto::{SecretBytes, SecretString, make_array};
use pkcs8::ObjectIdentifier;
use pkcs8::der::asn1::{Any, BmpString, Null, OctetString, SetOfVec};
use pkcs8::der::{Decode as _, Encode as _, Error};
use pkcs8::spki::AlgorithmIdentifierOwned;
use pkcs12::PKCS_12_PKCS8_KEY_BAG_OID;
use pkcs12::kdf::{Pkcs12KeyType, derive_key_bmp};
use pkcs12::safe_bag::SafeBag;
use sha2::Sha256;
use x509_cert::attr::Attribute;
use zeroize::Zeroizing;

use crate::error::ExportError;
use crate::format::Format;
use crate::pkcs8_file;

/// As many as .NET takes: <https://learn.microsoft.com/dotnet/api/system.security.cryptography.x509certificates.pkcs12loaderlimits>.
const ROUNDS: u32 = 300_000;
const MAC_ROUNDS: i32 = 300_000;
const PFX_VERSION: u8 = 3;

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const FRIENDLY_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.20");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");

/// A file with the key and no certificate.
pub(crate) fn private(
    material: &SecretBytes,
    passphrase: &SecretString,
    name: &str,
) -> Result<Option<SecretBytes>, ExportError> {
    // EXPOSE: the passphrase is the KDF's input.
    let text = passphrase.expose();
    let Ok(password) = BmpString::from_utf8(text) else {
        return Err(ExportError::Passphrase(Format::Pkcs12));
    };
    let Some(key) = pkcs8_file::encrypted_with(material, text.as_bytes(), ROUNDS)? else {
        return Ok(None);
    };
    let salt: [u8; 16] = make_array()?;
    // EXPOSE: what is encrypted already.
    let contents = contents(key.expose(), name);
    Ok(contents.and_then(|contents| sealed(contents, password, &salt)).ok().map(SecretBytes::new))
}

/// The authenticated contents: one bag with the encrypted key.
fn contents(encrypted_key: &[u8], name: &str) -> Result<Vec<u8>, Error> {
    let attributes = match friendly_name(name) {
        Some(name) => {
            let values = SetOfVec::try_from(vec![Any::encode_from(&name)?])?;
            let attribute = Attribute { oid: FRIENDLY_NAME, values };
            Some(SetOfVec::try_from(vec![attribute])?)
        }
        None => None,
    };
    let bag = SafeBag {
        bag_id: PKCS_12_PKCS8_KEY_BAG_OID,
        bag_value: encrypted_key.to_vec(),
        bag_attributes: attributes,
    };
    vec![data(vec![bag].to_der()?)?].to_der()
}

fn sealed(contents: Vec<u8>, password: BmpString, salt: &[u8]) -> Result<Vec<u8>, Error> {
    let mac_key = Pkcs12KeyType::Mac;
    let mac_key = Zeroizing::new(derive_key_bmp::<Sha256>(password, salt, mac_key, MAC_ROUNDS, 32));
    let mac = Hmac::<Sha256>::new_from_slice(&mac_key)
        .map_err(|_any_length_will_do| Error::from(pkcs8::der::ErrorKind::Failed))?
        .chain_update(&contents)
        .finalize();
    let sha256 =
        AlgorithmIdentifierOwned { oid: SHA256, parameters: Some(Any::encode_from(&Null)?) };
    let octets = |bytes: &[u8]| Any::encode_from(&OctetString::new(bytes)?);
    let digest = sequence(vec![Any::encode_from(&sha256)?, octets(&mac.into_bytes())?])?;
    let mac_data = sequence(vec![digest, octets(salt)?, Any::encode_from(&MAC_ROUNDS)?])?;
    let contents = Any::encode_from(&data(contents)?)?;
    sequence(vec![Any::encode_from(&PFX_VERSION)?, contents, mac_data])?.to_der()
}

/// The library has types for these, and keeps some of them to itself.
fn sequence(members: Vec<Any>) -> Result<Any, Error> {
    Any::from_der(&members.to_der()?)
}

fn data(bytes: Vec<u8>) -> Result<ContentInfo, Error> {
    let content = Any::encode_from(&OctetString::new(bytes)?)?;
    Ok(ContentInfo { content_type: DATA, content })
}

/// The name without what its two-byte characters cannot spell; `None` when nothing is left.
fn friendly_name(name: &str) -> Option<BmpString> {
    let name: String = name.chars().filter(|c| u32::from(*c) <= 0xffff).collect();
    let name = name.trim();
    if name.is_empty() { None } else { BmpString::from_utf8(name).ok() }
}

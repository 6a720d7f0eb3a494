//! PKCS#12 files of one key, with or without its certificates (RFC 7292), protected as today's tools do it: PBES2 for the key, and a MAC
//! with HMAC-SHA-256 over all; or as programs need it that know only what RFC 7292 itself has.

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeEncrypt as _, KeyIvInit as _};
use cms::content_info::ContentInfo;
use hmac::{Hmac, KeyInit as _, Mac as _};
use keyreeve_crypto::{SecretBytes, SecretString, make_array};
use pkcs8::ObjectIdentifier;
use pkcs8::der::asn1::{Any, BmpString, ContextSpecific, Null, OctetString, SetOfVec};
use pkcs8::der::{Decode as _, Encode as _, Error, TagMode, TagNumber, pem};
use pkcs8::spki::AlgorithmIdentifierOwned;
use pkcs12::kdf::{Pkcs12KeyType, derive_key_bmp};
use pkcs12::safe_bag::SafeBag;
use pkcs12::{PKCS_12_CERT_BAG_OID, PKCS_12_PKCS8_KEY_BAG_OID};
use sha1::{Digest as _, Sha1};
use sha2::Sha256;
use x509_cert::attr::Attribute;
use x509_cert::certificate::{CertificateInner, Raw};
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
const LOCAL_KEY_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.21");
const X509: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.22.1");
/// The most certificates that go into a file: several times the longest chain.
const MAX_CHAIN: usize = 20;
const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
/// `pbeWithSHAAnd3-KeyTripleDES-CBC`.
const SHA1_AND_3DES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.3");

/// How a PKCS#12 file is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pkcs12Profile {
    /// PBES2 with AES-256-CBC, and a MAC with HMAC-SHA-256.
    Modern,
    /// Triple DES and HMAC-SHA-1, for programs that are too old for the other.
    Legacy,
}

/// The MAC over the contents (RFC 7292, section 4): its key is as long as the hash.
macro_rules! mac {
    ($digest:ty, $len:literal, $password:expr, $salt:expr, $contents:expr) => {{
        let kind = Pkcs12KeyType::Mac;
        let key = derive_key_bmp::<$digest>($password, $salt, kind, MAC_ROUNDS, $len);
        Hmac::<$digest>::new_from_slice(&Zeroizing::new(key))
            .map_err(|_any_length_will_do| Error::from(pkcs8::der::ErrorKind::Failed))?
            .chain_update($contents)
            .finalize()
            .into_bytes()
            .to_vec()
    }};
}

/// A file with the key, and with its certificate and those above it, if there are any.
pub(crate) fn private(
    material: &SecretBytes,
    passphrase: &SecretString,
    name: &str,
    chain: &[Vec<u8>],
    profile: Pkcs12Profile,
) -> Result<Option<SecretBytes>, ExportError> {
    // EXPOSE: the passphrase is the KDF's input.
    let text = passphrase.expose();
    let Ok(password) = BmpString::from_utf8(text) else {
        return Err(ExportError::Passphrase(Format::Pkcs12));
    };
    let key = match profile {
        Pkcs12Profile::Modern => pkcs8_file::encrypted_with(material, text.as_bytes(), ROUNDS)?,
        Pkcs12Profile::Legacy => encrypted_for_old(material, &password, make_array()?).ok(),
    };
    let Some(key) = key else { return Ok(None) };
    let salt: [u8; 16] = make_array()?;
    // EXPOSE: what is encrypted already.
    let contents = contents(key.expose(), name, chain);
    let sealed = contents.and_then(|contents| sealed(contents, password, &salt, profile));
    Ok(sealed.ok().map(SecretBytes::new))
}

/// `EncryptedPrivateKeyInfo` by RFC 7292, appendix C.
fn encrypted_for_old(
    material: &SecretBytes,
    password: &BmpString,
    salt: [u8; 8],
) -> Result<SecretBytes, Error> {
    let derive = |kind, len| {
        Zeroizing::new(derive_key_bmp::<Sha1>(password.clone(), &salt, kind, MAC_ROUNDS, len))
    };
    let key = derive(Pkcs12KeyType::EncryptionKey, 24);
    let iv = derive(Pkcs12KeyType::Iv, 8);
    let failed = || Error::from(pkcs8::der::ErrorKind::Failed);
    let cipher = cbc::Encryptor::<des::TdesEde3>::new_from_slices(&key, &iv)
        .map_err(|_lengths_fit| failed())?;
    let mut body = Zeroizing::new(vec![0; material.len() + 8]);
    // EXPOSE: the plaintext, which is encrypted where it lies.
    body[..material.len()].copy_from_slice(material.expose());
    let encrypted = cipher
        .encrypt_padded::<Pkcs7>(&mut body, material.len())
        .map_err(|_there_is_room| failed())?;
    let parameters = sequence(vec![octets(&salt)?, Any::encode_from(&MAC_ROUNDS)?])?;
    let algorithm = AlgorithmIdentifierOwned { oid: SHA1_AND_3DES, parameters: Some(parameters) };
    let info = sequence(vec![Any::encode_from(&algorithm)?, octets(encrypted)?])?;
    Ok(SecretBytes::new(info.to_der()?))
}

/// The authenticated contents: one bag with the encrypted key, and bags with certificates in the clear. The key
/// and its certificate are marked alike, by which Java finds that they belong together.
fn contents(encrypted_key: &[u8], name: &str, chain: &[Vec<u8>]) -> Result<Vec<u8>, Error> {
    let mut marks = Vec::new();
    if let Some(name) = friendly_name(name) {
        marks.push(attribute(FRIENDLY_NAME, Any::encode_from(&name)?)?);
    }
    if let Some(own) = chain.first() {
        let id = OctetString::new(Sha1::digest(own).to_vec())?;
        marks.push(attribute(LOCAL_KEY_ID, Any::encode_from(&id)?)?);
    }
    let marks = if marks.is_empty() { None } else { Some(SetOfVec::try_from(marks)?) };
    let key = SafeBag {
        bag_id: PKCS_12_PKCS8_KEY_BAG_OID,
        bag_value: encrypted_key.to_vec(),
        bag_attributes: marks.clone(),
    };
    let mut safes = vec![data(vec![key].to_der()?)?];
    if !chain.is_empty() {
        let mut bags = Vec::with_capacity(chain.len());
        for (number, certificate) in chain.iter().enumerate() {
            let value = OctetString::new(certificate.as_slice())?;
            let framed =
                ContextSpecific { tag_number: TagNumber(0), tag_mode: TagMode::Explicit, value };
            let members = vec![Any::encode_from(&X509)?, Any::encode_from(&framed)?];
            bags.push(SafeBag {
                bag_id: PKCS_12_CERT_BAG_OID,
                bag_value: members.to_der()?,
                bag_attributes: if number == 0 { marks.clone() } else { None },
            });
        }
        safes.push(data(bags.to_der()?)?);
    }
    safes.to_der()
}

fn attribute(oid: ObjectIdentifier, value: Any) -> Result<Attribute, Error> {
    Ok(Attribute { oid, values: SetOfVec::try_from(vec![value])? })
}

/// The certificates in a file of PEM, or the one that is DER, with that of the key `spki` first.
///
/// # Errors
/// When one is damaged, none is the key's, or there are too many.
pub(crate) fn chain(file: &[u8], spki: &[u8]) -> Result<Vec<Vec<u8>>, ExportError> {
    let refused = |why: &str| ExportError::Certificate(why.into());
    let mut chain = Vec::new();
    if file.first() == Some(&0x30) {
        chain.push(file.to_vec());
    } else {
        let text =
            std::str::from_utf8(file).map_err(|_binary| refused("is neither PEM nor DER"))?;
        for block in
            text.split_inclusive(END).filter_map(|part| part.find(BEGIN).map(|at| &part[at..]))
        {
            let decoded = pem::decode_vec(block.as_bytes());
            chain.push(decoded.map_err(|_damaged| refused("is damaged"))?.1);
        }
    }
    if chain.len() > MAX_CHAIN {
        return Err(refused("stands in a file with too many others"));
    }
    let mut own = None;
    for (number, der) in chain.iter().enumerate() {
        let certificate = CertificateInner::<Raw>::from_der(der)
            .map_err(|_damaged| refused("is damaged, or something else"))?;
        let of = certificate.tbs_certificate().subject_public_key_info().to_der();
        if own.is_none() && of.is_ok_and(|of| of == spki) {
            own = Some(number);
        }
    }
    let own = own.ok_or_else(|| refused("is not one of this key"))?;
    let first = chain.remove(own);
    chain.insert(0, first);
    Ok(chain)
}

fn sealed(
    contents: Vec<u8>,
    password: BmpString,
    salt: &[u8],
    profile: Pkcs12Profile,
) -> Result<Vec<u8>, Error> {
    let (oid, mac) = match profile {
        Pkcs12Profile::Modern => (SHA256, mac!(Sha256, 32, password, salt, &contents)),
        Pkcs12Profile::Legacy => (SHA1, mac!(Sha1, 20, password, salt, &contents)),
    };
    let hash = AlgorithmIdentifierOwned { oid, parameters: Some(Any::encode_from(&Null)?) };
    let digest = sequence(vec![Any::encode_from(&hash)?, octets(&mac)?])?;
    let mac_data = sequence(vec![digest, octets(salt)?, Any::encode_from(&MAC_ROUNDS)?])?;
    let contents = Any::encode_from(&data(contents)?)?;
    sequence(vec![Any::encode_from(&PFX_VERSION)?, contents, mac_data])?.to_der()
}

fn octets(bytes: &[u8]) -> Result<Any, Error> {
    Any::encode_from(&OctetString::new(bytes)?)
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

//! A CMS message (RFC 5652) that the owners of certificates can open: `AuthEnvelopedData` (RFC 5083)
//! with AES-256-GCM (RFC 5084), so that a changed message is noticed.
//!
//! The content key goes to RSA keys by RSAES-OAEP with SHA-256 (RFC 3560), and to keys on NIST curves
//! by ephemeral-static ECDH, the KDF of ANSI X9.63 with SHA-256, and AES-256 key wrap (RFC 5753).

use aes_gcm::aead::{AeadInOut as _, KeyInit as _};
use aes_gcm::{Aes256Gcm, Nonce};
use aes_kw::KwAes256;
use ansi_x963_kdf::derive_key_into;
use cms::authenveloped_data::AuthEnvelopedData;
use cms::content_info::{CmsVersion, ContentInfo};
use cms::enveloped_data::{
    EncryptedContentInfo, KeyAgreeRecipientIdentifier, KeyAgreeRecipientInfo,
    KeyTransRecipientInfo, OriginatorIdentifierOrKey, OriginatorPublicKey, RecipientEncryptedKey,
    RecipientIdentifier, RecipientInfo, RecipientInfos,
};
use keyreeve_crypto::{
    CardAgreement, CardCurve, CardScheme, OaepHash, SecretBytes, WrappingKey, make_array,
};
use pkcs8::ObjectIdentifier;
use pkcs8::der::asn1::{BitString, Null, OctetString, SetOfVec};
use pkcs8::der::{Any, Encode as _, Tag, TagNumber};
use pkcs8::spki::AlgorithmIdentifierOwned as AlgorithmIdentifier;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::certificate::{CertificateKey, CertificateRecipient};
use crate::certificate::to_pem;

const ID_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const AUTH_ENVELOPED_DATA: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.23");
const AES_256_GCM: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.46");
const AES_256_WRAP: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.45");
const RSAES_OAEP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.7");
const MGF1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.8");
const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
/// `dhSinglePass-stdDH-sha256kdf-scheme` (RFC 5753, section 7.1.4).
const ECDH_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.1.11.1");
const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");

const KEY_LEN: usize = 32;
const NONCE_LEN: usize = 12;
const TAG_LEN: u8 = 16;

type ContentKey = Zeroizing<[u8; KEY_LEN]>;

/// A message in PEM.
pub(super) fn encrypt(
    recipients: &[&CertificateRecipient],
    content: &SecretBytes,
) -> Result<Vec<u8>, String> {
    let key: ContentKey = Zeroizing::new(make_array().map_err(words)?);
    let infos = recipients.iter().map(|recipient| info_for(recipient, &key));
    let infos = infos.collect::<Result<Vec<_>, _>>()?;
    let (encrypted, mac) = sealed(&key, content)?;
    let message = AuthEnvelopedData {
        version: CmsVersion::V0,
        originator_info: None,
        recip_infos: RecipientInfos(SetOfVec::try_from(infos).map_err(words)?),
        auth_encrypted_content_info: encrypted,
        auth_attrs: None,
        mac,
        unauth_attrs: None,
    };
    let file = ContentInfo {
        content_type: AUTH_ENVELOPED_DATA,
        content: Any::encode_from(&message).map_err(words)?,
    };
    Ok(to_pem("CMS", &file).map_err(words)?.into_bytes())
}

/// The content under the content key, and its tag (RFC 5084, section 3.2).
fn sealed(
    key: &ContentKey,
    content: &SecretBytes,
) -> Result<(EncryptedContentInfo, OctetString), String> {
    let nonce: [u8; NONCE_LEN] = make_array().map_err(words)?;
    // EXPOSE: the plaintext, which is encrypted where it lies.
    let mut body = Zeroizing::new(content.expose().to_vec());
    let tag = Aes256Gcm::new_from_slice(key.as_slice())
        .map_err(words)?
        .encrypt_inout_detached(&Nonce::from(nonce), &[], body.as_mut_slice().into())
        .map_err(words)?;
    let parameters = vec![
        Any::encode_from(&OctetString::new(nonce).map_err(words)?).map_err(words)?,
        Any::encode_from(&TAG_LEN).map_err(words)?,
    ];
    let encrypted = EncryptedContentInfo {
        content_type: ID_DATA,
        content_enc_alg: algorithm(AES_256_GCM, Some(sequence(&parameters)?)),
        encrypted_content: Some(OctetString::new(body.as_slice()).map_err(words)?),
    };
    Ok((encrypted, OctetString::new(tag.as_slice()).map_err(words)?))
}

fn info_for(recipient: &CertificateRecipient, key: &ContentKey) -> Result<RecipientInfo, String> {
    Ok(match &recipient.key {
        CertificateKey::Rsa(rsa) => RecipientInfo::Ktri(by_rsa(recipient, rsa, key)?),
        CertificateKey::Ec { curve, point } => {
            RecipientInfo::Kari(by_ecdh(recipient, *curve, point, key)?)
        }
    })
}

fn by_rsa(
    recipient: &CertificateRecipient,
    rsa: &WrappingKey,
    key: &ContentKey,
) -> Result<KeyTransRecipientInfo, String> {
    let hash = algorithm(SHA_256, Some(Any::encode_from(&Null).map_err(words)?));
    let mask = algorithm(MGF1, Some(Any::encode_from(&hash).map_err(words)?));
    // RSAES-OAEP-params (RFC 8017, A.2.1): [0] hash, [1] mask; the empty label is the default.
    let parameters = vec![explicit(TagNumber(0), &hash)?, explicit(TagNumber(1), &mask)?];
    let content_key = SecretBytes::new(key.to_vec());
    let wrapped = rsa.oaep(OaepHash::Sha256, &content_key).map_err(words)?;
    Ok(KeyTransRecipientInfo {
        version: CmsVersion::V0,
        rid: RecipientIdentifier::IssuerAndSerialNumber(recipient.id.clone()),
        key_enc_alg: algorithm(RSAES_OAEP, Some(sequence(&parameters)?)),
        enc_key: OctetString::new(wrapped).map_err(words)?,
    })
}

fn by_ecdh(
    recipient: &CertificateRecipient,
    curve: CardCurve,
    point: &[u8],
    key: &ContentKey,
) -> Result<KeyAgreeRecipientInfo, String> {
    let CardAgreement { challenge, secret } = CardScheme::Ecdh(curve).make(point).map_err(words)?;
    let wrap = algorithm(AES_256_WRAP, None);
    // ECC-CMS-SharedInfo (RFC 5753, section 7.2): the key's length in bits is its suppPubInfo.
    let bits = OctetString::new((u32::try_from(KEY_LEN * 8).map_err(words)?).to_be_bytes());
    let shared_info = sequence(&[
        Any::encode_from(&wrap).map_err(words)?,
        explicit(TagNumber(2), &bits.map_err(words)?)?,
    ])?;
    let mut wrapping_key = Zeroizing::new([0; KEY_LEN]);
    // EXPOSE: the derivation's input.
    let derived = derive_key_into::<Sha256>(
        secret.expose(),
        &shared_info.to_der().map_err(words)?,
        wrapping_key.as_mut(),
    );
    derived.map_err(words)?;
    let mut wrapped = [0; KEY_LEN + 8];
    KwAes256::new_from_slice(wrapping_key.as_slice())
        .map_err(words)?
        .wrap_key(key.as_slice(), &mut wrapped)
        .map_err(words)?;
    Ok(KeyAgreeRecipientInfo {
        version: CmsVersion::V3,
        originator: OriginatorIdentifierOrKey::OriginatorKey(OriginatorPublicKey {
            algorithm: algorithm(EC_PUBLIC_KEY, None),
            public_key: BitString::from_bytes(&challenge).map_err(words)?,
        }),
        ukm: None,
        key_enc_alg: algorithm(ECDH_SHA_256, Some(Any::encode_from(&wrap).map_err(words)?)),
        recipient_enc_keys: vec![RecipientEncryptedKey {
            rid: KeyAgreeRecipientIdentifier::IssuerAndSerialNumber(recipient.id.clone()),
            enc_key: OctetString::new(wrapped).map_err(words)?,
        }],
    })
}

fn algorithm(oid: ObjectIdentifier, parameters: Option<Any>) -> AlgorithmIdentifier {
    AlgorithmIdentifier { oid, parameters }
}

fn sequence(parts: &[Any]) -> Result<Any, String> {
    let mut content = Vec::new();
    for part in parts {
        content.extend(part.to_der().map_err(words)?);
    }
    Any::new(Tag::Sequence, content).map_err(words)
}

/// `[number] EXPLICIT value`.
fn explicit(number: TagNumber, value: &impl pkcs8::der::Encode) -> Result<Any, String> {
    let tag = Tag::ContextSpecific { constructed: true, number };
    Any::new(tag, value.to_der().map_err(words)?).map_err(words)
}

fn words(error: impl std::fmt::Display) -> String {
    error.to_string()
}

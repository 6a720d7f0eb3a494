//! Certificates and requests for them (RFC 5280, RFC 2986): what they say, for people.

use core::net::{Ipv4Addr, Ipv6Addr};

use cms::cert::CertificateChoices;
use cms::content_info::ContentInfo;
use cms::signed_data::SignedData;
use keyreeve_crypto::{AdoptError, AdoptedPublicKey, adopt_public};
use keyreeve_domain::Timestamp;
use pkcs8::ObjectIdentifier;
use pkcs8::der::oid::db::DB;
use pkcs8::der::{Decode as _, Encode as _};
use sha1::{Digest as _, Sha1};
use sha2::Sha256;
use x509_cert::certificate::{CertificateInner, Raw};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages,
    SubjectAltName, SubjectKeyIdentifier,
};
use x509_cert::name::Name;
use x509_cert::request::{CertReq, ExtensionReq};
use x509_cert::time::Time;

use super::form::Form;
use super::item::{Found, Item, Refusal};
use super::{MAX_ITEMS, unread};
use crate::text;

/// The longest text of a certificate that is shown, in characters.
const MAX_TEXT: usize = 500;
/// The most entries of one list that are shown.
const MAX_ENTRIES: usize = 1_000;
const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";

/// What a certificate or a request says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// For whom it is, as RFC 4514 writes names.
    pub subject: String,
    /// What only a certificate has; `None` of a request.
    pub issued: Option<Issued>,
    /// With what it is signed.
    pub signature_algorithm: String,
    /// Its public key, or why Keyreeve does not keep such a key.
    pub public_key: Result<AdoptedPublicKey, AdoptError>,
    /// Its other names, such as `DNS:example.org`.
    pub alternative_names: Vec<String>,
    /// What its key may do.
    pub key_usage: Vec<&'static str>,
    /// What it is for.
    pub extended_key_usage: Vec<String>,
    /// Whether it may issue others, and below how many more; `None` where it does not say.
    pub authority: Option<(bool, Option<u8>)>,
    /// The identifier of its key, in hexadecimal.
    pub subject_key_id: Option<String>,
    /// The identifier of its issuer's key, in hexadecimal.
    pub authority_key_id: Option<String>,
    /// Its other extensions by name, and whether a reader must know them.
    pub other_extensions: Vec<(String, bool)>,
    /// All of it, in DER.
    pub der: Vec<u8>,
    /// Its key's SubjectPublicKeyInfo in DER: as the vault keeps such keys, or else as it stands.
    pub spki: Vec<u8>,
    /// SHA-256 of all of it, in hexadecimal.
    pub sha256: String,
    /// SHA-1 of all of it, in hexadecimal.
    pub sha1: String,
}

/// What a certificate has and a request has not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// Who issued it.
    pub issuer: String,
    /// Its number, in hexadecimal.
    pub serial: String,
    /// From when it is valid.
    pub not_before: Timestamp,
    /// Until when it is valid.
    pub not_after: Timestamp,
}

/// A certificate, or why it cannot be read.
pub(super) fn read(der: &[u8]) -> Item {
    parse(der).map_or_else(
        || damaged(Form::Certificate, "the certificate is damaged or cut short"),
        |found| Item::new(Form::Certificate, Found::Certificate(Box::new(found))),
    )
}

/// A request, or why it cannot be read.
pub(super) fn read_request(der: &[u8]) -> Item {
    parse_request(der).map_or_else(
        || damaged(Form::CertificateRequest, "the request is damaged or cut short"),
        |found| Item::new(Form::CertificateRequest, Found::Certificate(Box::new(found))),
    )
}

/// The certificates of a PKCS#7 bundle.
pub(super) fn read_pkcs7(der: &[u8]) -> Vec<Item> {
    let Some(content) = ContentInfo::from_der(der).ok() else {
        return vec![damaged(
            Form::Pkcs7,
            "the PKCS#7 bundle is damaged, cut short, or encoded in BER",
        )];
    };
    if content.content_type.to_string() != SIGNED_DATA {
        return vec![unread::of(Form::Pkcs7)];
    }
    let signed = content.content.decode_as::<SignedData>().ok();
    let Some(certificates) = signed.and_then(|signed| signed.certificates) else {
        return vec![damaged(Form::Pkcs7, "the PKCS#7 bundle is damaged, or holds no certificate")];
    };
    let items = certificates.0.iter().take(MAX_ITEMS).map(|choice| match choice {
        CertificateChoices::Certificate(certificate) => {
            certificate.to_der().map_or_else(|_| unread::of(Form::Pkcs7), |der| read(&der))
        }
        CertificateChoices::Other(_) => unread::of(Form::Pkcs7),
    });
    items.collect()
}

fn parse(der: &[u8]) -> Option<Certificate> {
    let certificate = CertificateInner::<Raw>::from_der(der).ok()?;
    let body = certificate.tbs_certificate();
    let validity = body.validity();
    let issued = Issued {
        issuer: shown(body.issuer()),
        serial: serial(body.serial_number().as_bytes()),
        not_before: time(&validity.not_before)?,
        not_after: time(&validity.not_after)?,
    };
    let signature = certificate.signature_algorithm().oid;
    let spki = body.subject_public_key_info().to_der().ok()?;
    let extensions = body.extensions().map(Vec::as_slice).unwrap_or_default();
    described(der, body.subject(), Some(issued), signature, &spki, extensions)
}

fn parse_request(der: &[u8]) -> Option<Certificate> {
    let request = CertReq::from_der(der).ok()?;
    let asked = request.info.attributes.iter().find_map(|attribute| {
        let values = attribute.values.iter().next()?;
        let wanted = attribute.oid.to_string() == "1.2.840.113549.1.9.14";
        if wanted { values.decode_as::<ExtensionReq>().ok() } else { None }
    });
    let extensions = asked.map(|asked| asked.0).unwrap_or_default();
    let spki = request.info.public_key.to_der().ok()?;
    described(der, &request.info.subject, None, request.algorithm.oid, &spki, &extensions)
}

fn described(
    der: &[u8],
    subject: &Name,
    issued: Option<Issued>,
    signature: ObjectIdentifier,
    spki: &[u8],
    extensions: &[Extension],
) -> Option<Certificate> {
    let public_key = adopt_public(spki);
    let mut found = Certificate {
        subject: shown(subject),
        issued,
        signature_algorithm: named(signature),
        der: der.to_vec(),
        spki: public_key.as_ref().map_or_else(|_| spki.to_vec(), |key| key.spki.clone()),
        public_key,
        alternative_names: Vec::new(),
        key_usage: Vec::new(),
        extended_key_usage: Vec::new(),
        authority: None,
        subject_key_id: None,
        authority_key_id: None,
        other_extensions: Vec::new(),
        sha256: hex::encode(Sha256::digest(der)),
        sha1: hex::encode(Sha1::digest(der)),
    };
    for extension in extensions.iter().take(MAX_ENTRIES) {
        // One that does not decode is named like one that is not known.
        if found.take(extension).is_none() {
            found.other_extensions.push((named(extension.extn_id), extension.critical));
        }
    }
    Some(found)
}

impl Certificate {
    /// What the certificate in `der` says; `None` when it is damaged or none.
    #[must_use]
    pub fn from_der(der: &[u8]) -> Option<Self> {
        parse(der).filter(|found| found.issued.is_some())
    }

    fn take(&mut self, extension: &Extension) -> Option<()> {
        let value = extension.extn_value.as_bytes();
        match extension.extn_id.to_string().as_str() {
            "2.5.29.17" => {
                let names = SubjectAltName::from_der(value).ok()?.0;
                self.alternative_names = names.iter().take(MAX_ENTRIES).map(general).collect();
            }
            "2.5.29.15" => self.key_usage = usages(&KeyUsage::from_der(value).ok()?),
            "2.5.29.37" => {
                let purposes = ExtendedKeyUsage::from_der(value).ok()?.0;
                let purposes = purposes.into_iter().take(MAX_ENTRIES);
                self.extended_key_usage = purposes.map(purpose).collect();
            }
            "2.5.29.19" => {
                let constraints = BasicConstraints::from_der(value).ok()?;
                self.authority = Some((constraints.ca, constraints.path_len_constraint));
            }
            "2.5.29.14" => {
                let id = SubjectKeyIdentifier::from_der(value).ok()?.0;
                self.subject_key_id = Some(shortened(&hex::encode(id.as_bytes())));
            }
            "2.5.29.35" => {
                let id = AuthorityKeyIdentifier::from_der(value).ok()?.key_identifier?;
                self.authority_key_id = Some(shortened(&hex::encode(id.as_bytes())));
            }
            _ => return None,
        }
        Some(())
    }
}

fn usages(usage: &KeyUsage) -> Vec<&'static str> {
    const NAMES: [(KeyUsages, &str); 9] = [
        (KeyUsages::DigitalSignature, "digital signature"),
        (KeyUsages::NonRepudiation, "non-repudiation"),
        (KeyUsages::KeyEncipherment, "key encipherment"),
        (KeyUsages::DataEncipherment, "data encipherment"),
        (KeyUsages::KeyAgreement, "key agreement"),
        (KeyUsages::KeyCertSign, "certificate signing"),
        (KeyUsages::CRLSign, "CRL signing"),
        (KeyUsages::EncipherOnly, "encipher only"),
        (KeyUsages::DecipherOnly, "decipher only"),
    ];
    let set = NAMES.into_iter().filter(|(bit, _)| usage.0.contains(*bit));
    set.map(|(_, name)| name).collect()
}

fn purpose(oid: ObjectIdentifier) -> String {
    match oid.to_string().as_str() {
        "1.3.6.1.5.5.7.3.1" => "TLS server".into(),
        "1.3.6.1.5.5.7.3.2" => "TLS client".into(),
        "1.3.6.1.5.5.7.3.3" => "code signing".into(),
        "1.3.6.1.5.5.7.3.4" => "e-mail protection".into(),
        "1.3.6.1.5.5.7.3.8" => "time stamping".into(),
        "1.3.6.1.5.5.7.3.9" => "OCSP signing".into(),
        "2.5.29.37.0" => "any purpose".into(),
        _ => named(oid),
    }
}

fn general(found: &GeneralName) -> String {
    match found {
        GeneralName::DnsName(text) => format!("DNS:{}", shortened(text.as_str())),
        GeneralName::Rfc822Name(text) => format!("email:{}", shortened(text.as_str())),
        GeneralName::UniformResourceIdentifier(text) => format!("URI:{}", shortened(text.as_str())),
        GeneralName::IpAddress(bytes) => {
            let bytes = bytes.as_bytes();
            let four = <[u8; 4]>::try_from(bytes).map(|four| Ipv4Addr::from(four).to_string());
            let six = || <[u8; 16]>::try_from(bytes).map(|six| Ipv6Addr::from(six).to_string());
            let shown = four.or_else(|_| six()).unwrap_or_else(|_| hex::encode(bytes));
            format!("IP:{}", shortened(&shown))
        }
        GeneralName::DirectoryName(found) => format!("directory:{}", shown(found)),
        GeneralName::RegisteredId(oid) => format!("OID:{oid}"),
        GeneralName::OtherName(other) => format!("other:{}", other.type_id),
        GeneralName::EdiPartyName(_) => "EDI party".into(),
    }
}

/// The name of an object, or its number.
fn named(oid: ObjectIdentifier) -> String {
    let known = DB.by_oid(&oid).map(|name| {
        let prefixes = ["id-ce-", "id-pe-", "id-kp-", "id-"];
        prefixes.iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name)
    });
    known.map_or_else(|| oid.to_string(), str::to_owned)
}

/// The number without the zero that keeps it from being negative.
pub(super) fn serial(bytes: &[u8]) -> String {
    let number = match bytes {
        [0, rest @ ..] if !rest.is_empty() => rest,
        all => all,
    };
    hex::encode(number)
}

/// A name as it is shown, as RFC 4514 writes it.
pub(crate) fn shown(name: &Name) -> String {
    shortened(&name.to_string())
}

fn shortened(said: &str) -> String {
    text::one_line(said).chars().take(MAX_TEXT).collect()
}

fn time(time: &Time) -> Option<Timestamp> {
    Timestamp::from_second(i64::try_from(time.to_unix_duration().as_secs()).ok()?).ok()
}

fn damaged(form: Form, what: &str) -> Item {
    Item::refused(form, Refusal::Damaged(what.into()))
}

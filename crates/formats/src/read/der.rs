//! One DER structure that fills the file.

use keyreeve_crypto::{ForeignKey, recognise_public};
use pkcs8::ObjectIdentifier;
use pkcs8::der::asn1::AnyRef;
use pkcs8::der::{Decode as _, Reader as _, Tag, Tagged as _};

use super::form::Form;
use super::item::Item;
use super::{certificate, encrypted_pkcs8, pkcs12_file, revocation_list};

/// The first two members' tags tell the structures apart.
pub(super) fn read(bytes: &[u8]) -> Option<Vec<Item>> {
    let outer = AnyRef::from_der(bytes).ok().filter(|outer| outer.tag() == Tag::Sequence)?;
    let (first, second) = outer
        .sequence(|members| -> Result<_, pkcs8::der::Error> {
            let first = AnyRef::decode(members)?;
            let second = AnyRef::decode(members)?;
            while !members.is_finished() {
                AnyRef::decode(members)?;
            }
            Ok((first, second))
        })
        .ok()?;
    let item = match (first.tag(), second.tag()) {
        // PrivateKeyInfo and PFX begin alike: a version, then a SEQUENCE.
        (Tag::Integer, Tag::Sequence) if first.value() == [3] => {
            return Some(pkcs12_file::read(bytes));
        }
        (Tag::Integer, Tag::Sequence) => Item::of_key(Form::Pkcs8, &ForeignKey::Pkcs8(bytes)),
        (Tag::Integer, Tag::Integer) => Item::of_key(Form::Pkcs1, &ForeignKey::Pkcs1(bytes)),
        (Tag::Integer, Tag::OctetString) => Item::of_key(Form::Sec1, &ForeignKey::Sec1(bytes)),
        (Tag::Sequence, Tag::OctetString) => encrypted_pkcs8::read(bytes),
        (Tag::Sequence, Tag::BitString) => Item::of_recognised(Form::Spki, recognise_public(bytes)),
        (Tag::Sequence, Tag::Sequence) => match form_of(first) {
            Form::CertificateRequest => certificate::read_request(bytes),
            Form::Certificate => certificate::read(bytes),
            _ => revocation_list::read(bytes),
        },
        (Tag::ObjectIdentifier, _) if is_pkcs7(first) => {
            return Some(certificate::read_pkcs7(bytes));
        }
        _ => return None,
    };
    Some(vec![item])
}

/// A certificate's body begins with its version or a serial number and goes on with an algorithm;
/// a request's begins with a version and a name; a list's has a time behind its issuer's name.
fn form_of(body: AnyRef<'_>) -> Form {
    let tags = body.sequence(|members| -> Result<_, pkcs8::der::Error> {
        let mut tags = Vec::new();
        while !members.is_finished() {
            tags.push(AnyRef::decode(members)?.tag());
        }
        Ok(tags)
    });
    match tags.as_deref() {
        Ok([Tag::Integer, Tag::Sequence, Tag::Sequence, Tag::ContextSpecific { .. }]) => {
            Form::CertificateRequest
        }
        Ok(
            [Tag::Sequence, ..]
            | [Tag::Integer, Tag::Sequence, Tag::Sequence, Tag::UtcTime | Tag::GeneralizedTime, ..],
        ) => Form::RevocationList,
        _ => Form::Certificate,
    }
}

fn is_pkcs7(oid: AnyRef<'_>) -> bool {
    <ObjectIdentifier>::try_from(oid)
        .is_ok_and(|oid| oid.to_string().starts_with("1.2.840.113549.1.7."))
}

//! Lists of revoked certificates (RFC 5280, section 5): what they say.

use keyreeve_domain::{Revocation, RevocationReason, Timestamp};
use x509_cert::certificate::Raw;
use x509_cert::crl::{CertificateList, RevokedCert};
use x509_cert::der::Decode as _;
use x509_cert::der::oid::AssociatedOid as _;
use x509_cert::ext::pkix::crl::dp::IssuingDistributionPoint;
use x509_cert::ext::pkix::{CrlNumber, CrlReason};

use super::certificate::{serial, shown};
use super::form::Form;
use super::item::{Found, Item, Refusal};
use crate::certificate::timestamp;

/// The longest list, in certificates.
const MAX_REVOKED: usize = 100_000;

/// What a list of revoked certificates says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevocationList {
    /// Who revoked them, as RFC 4514 writes names.
    pub issuer: String,
    /// When it was made.
    pub this_update: Timestamp,
    /// When the next one is there at the latest, if it says so.
    pub next_update: Option<Timestamp>,
    /// Its number in hexadecimal, if it has one.
    pub number: Option<String>,
    /// The numbers of the certificates in hexadecimal, when and why.
    pub revoked: Vec<(String, Revocation)>,
    /// All of it, in DER.
    pub der: Vec<u8>,
}

/// A list, or why it cannot be read.
pub(super) fn read(der: &[u8]) -> Item {
    match parse(der) {
        Ok(list) => Item::new(Form::RevocationList, Found::RevocationList(Box::new(list))),
        Err(why) => Item::refused(Form::RevocationList, Refusal::Damaged(why.into())),
    }
}

fn parse(der: &[u8]) -> Result<RevocationList, &'static str> {
    const DAMAGED: &str = "the revocation list is damaged or cut short";
    let list = CertificateList::<Raw>::from_der(der).map_err(|_malformed| DAMAGED)?;
    let body = &list.tbs_cert_list;
    let entries = body.revoked_certificates.as_deref().unwrap_or_default();
    if entries.len() > MAX_REVOKED {
        return Err("the revocation list is longer than Keyreeve reads");
    }
    // Whoever does not know such an extension must not rely on the list (section 5.2).
    let others = body
        .crl_extensions
        .iter()
        .flatten()
        .chain(entries.iter().flat_map(|one| one.crl_entry_extensions.iter().flatten()));
    for other in others.filter(|other| other.critical) {
        let point = (other.extn_id == IssuingDistributionPoint::OID)
            .then(|| IssuingDistributionPoint::from_der(other.extn_value.as_bytes()).ok());
        if point.flatten().is_none_or(|point| point.indirect_crl) {
            return Err("the revocation list has a limit that Keyreeve does not check");
        }
    }
    let number = body.crl_extensions.iter().flatten().find(|one| one.extn_id == CrlNumber::OID);
    let number = number.and_then(|one| CrlNumber::from_der(one.extn_value.as_bytes()).ok());
    let revoked: Option<Vec<_>> = entries.iter().filter_map(entry).collect();
    Ok(RevocationList {
        issuer: shown(&body.issuer),
        this_update: timestamp(&body.this_update).map_err(|_beyond| DAMAGED)?,
        next_update: body
            .next_update
            .as_ref()
            .map(timestamp)
            .transpose()
            .map_err(|_beyond| DAMAGED)?,
        number: number.map(|number| hex::encode(number.0.as_bytes())),
        revoked: revoked.ok_or(DAMAGED)?,
        der: der.to_vec(),
    })
}

/// An entry; none where it takes a revocation back or only holds it, `None` inside where it is damaged.
fn entry(one: &RevokedCert<Raw>) -> Option<Option<(String, Revocation)>> {
    let reason = one.crl_entry_extensions.iter().flatten().find(|e| e.extn_id == CrlReason::OID);
    let reason = match reason {
        Some(reason) => match CrlReason::from_der(reason.extn_value.as_bytes()) {
            Ok(reason) => reason,
            Err(_damaged) => return Some(None),
        },
        None => CrlReason::Unspecified,
    };
    let reason = match reason {
        CrlReason::KeyCompromise => RevocationReason::KeyCompromise,
        CrlReason::CaCompromise => RevocationReason::CaCompromise,
        CrlReason::AffiliationChanged => RevocationReason::AffiliationChanged,
        CrlReason::Superseded => RevocationReason::Superseded,
        CrlReason::CessationOfOperation => RevocationReason::CessationOfOperation,
        CrlReason::PrivilegeWithdrawn => RevocationReason::PrivilegeWithdrawn,
        CrlReason::AaCompromise => RevocationReason::AaCompromise,
        CrlReason::Unspecified => RevocationReason::Unspecified,
        CrlReason::CertificateHold | CrlReason::RemoveFromCRL => return None,
    };
    let Ok(at) = timestamp(&one.revocation_date) else { return Some(None) };
    Some(Some((serial(one.serial_number.as_bytes()), Revocation { at, reason })))
}

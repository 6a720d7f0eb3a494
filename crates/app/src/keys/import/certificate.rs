//! Certificates as they are shown; none is verified.

use std::collections::BTreeMap;

use jiff::Timestamp;
use keyreeve_crypto::public_fingerprints;
use keyreeve_formats::{Certificate, RevocationList};

use crate::api::{CertificateView, ExtensionView, FoundOutcome, RevocationListView, Validity};

/// What would come of it: what is out of its time or names a bad key is a problem, and a request is not
/// kept.
pub(super) fn outcome(
    found: &Certificate,
    now: Timestamp,
    to_keep: bool,
) -> (FoundOutcome, Option<String>) {
    let issued = found.issued.as_ref();
    if let Some(issued) = issued.filter(|issued| now > issued.not_after) {
        let said = format!("it expired on {}", day(issued.not_after));
        return (FoundOutcome::Problem, Some(said));
    }
    if let Some(issued) = issued.filter(|issued| now < issued.not_before) {
        let said = format!("it is not valid before {}", day(issued.not_before));
        return (FoundOutcome::Problem, Some(said));
    }
    match &found.public_key {
        Err(error @ keyreeve_crypto::AdoptError::Unsupported(_)) => {
            (FoundOutcome::Unsupported, Some(error.to_string()))
        }
        Err(error) => (FoundOutcome::Problem, Some(error.to_string())),
        Ok(_) if to_keep && issued.is_some() => (FoundOutcome::New, None),
        Ok(_) if to_keep => {
            let said = "a request is not kept; the certificate that comes of it is".to_owned();
            (FoundOutcome::Unsupported, Some(said))
        }
        Ok(_) => (FoundOutcome::Sound, None),
    }
}

/// Of all of it, and of its key.
pub(crate) fn fingerprints(found: &Certificate) -> BTreeMap<String, String> {
    let key = found.public_key.as_ref().ok();
    let mut all =
        key.and_then(|key| public_fingerprints(key.algorithm, &key.spki).ok()).unwrap_or_default();
    all.insert("sha256".into(), found.sha256.clone());
    all.insert("sha1".into(), found.sha1.clone());
    all
}

/// What it says.
pub(crate) fn view(found: &Certificate, now: Timestamp) -> CertificateView {
    let issued = found.issued.as_ref();
    let validity = issued.map(|issued| match now {
        now if now < issued.not_before => Validity::NotYet,
        now if now > issued.not_after => Validity::Expired,
        _ => Validity::Valid,
    });
    let extensions = found.other_extensions.iter();
    CertificateView {
        subject: found.subject.clone(),
        issuer: issued.map(|issued| issued.issuer.clone()),
        serial: issued.map(|issued| issued.serial.clone()),
        not_before: issued.map(|issued| issued.not_before.to_string()),
        not_after: issued.map(|issued| issued.not_after.to_string()),
        validity,
        signature_algorithm: found.signature_algorithm.clone(),
        alternative_names: found.alternative_names.clone(),
        key_usage: found.key_usage.iter().copied().map(str::to_owned).collect(),
        extended_key_usage: found.extended_key_usage.clone(),
        authority: found.authority.map(|(authority, _)| authority),
        path_length: found.authority.and_then(|(_, length)| length),
        subject_key_id: found.subject_key_id.clone(),
        authority_key_id: found.authority_key_id.clone(),
        other_extensions: extensions
            .map(|(name, critical)| ExtensionView { name: name.clone(), critical: *critical })
            .collect(),
        issued_by: None,
    }
}

/// The number of the first of `others` that `found` names as its issuer; none for one that names itself.
pub(super) fn issuer_of<'c>(
    found: &Certificate,
    mut others: impl Iterator<Item = (u32, &'c Certificate)>,
) -> Option<u32> {
    let issuer = &found.issued.as_ref()?.issuer;
    if *issuer == found.subject {
        return None;
    }
    let fits = |other: &Certificate| {
        let same_key = match (&found.authority_key_id, &other.subject_key_id) {
            (Some(wanted), Some(its)) => wanted == its,
            _ => true,
        };
        other.issued.is_some() && other.subject == *issuer && same_key
    };
    others.find(|(_, other)| fits(other)).map(|(number, _)| number)
}

/// What a list of revoked certificates says.
pub(super) fn list_view(list: &RevocationList) -> RevocationListView {
    const SHOWN: usize = 100;
    let line = |(serial, revocation): &(String, keyreeve_domain::Revocation)| {
        format!("{serial}, {}, {}", day(revocation.at), revocation.reason.name())
    };
    RevocationListView {
        issuer: list.issuer.clone(),
        this_update: list.this_update.to_string(),
        next_update: list.next_update.map(|at| at.to_string()),
        number: list.number.clone(),
        total: u32::try_from(list.revoked.len()).unwrap_or(u32::MAX),
        revoked: list.revoked.iter().take(SHOWN).map(line).collect(),
    }
}

fn day(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d").to_string()
}

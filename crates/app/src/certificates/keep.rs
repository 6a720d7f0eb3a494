//! Keeps certificates, with the keys of the vault that they are of and that issued them.

use keyreeve_crypto::{make_array, public_fingerprints, sha256};
use keyreeve_domain::ports::{ReadTransaction, Stamp, WriteTransaction};
use keyreeve_domain::{
    CertificateId, CertificateOrigin, CertificateQuery, CertificateRecord, Description, KeyQuery,
    KeyRecord, KeyVersionId, Timestamp,
};
use keyreeve_formats::{Certificate, check_issued_by};

use super::authority::{kept_as, trusted};
use crate::api::ErrorCode;
use crate::error::Error;
use crate::session::Write;

/// Who signed a certificate that was made here.
pub(super) struct Signed {
    pub(super) by: KeyVersionId,
    pub(super) origin: CertificateOrigin,
}

/// Keeps a certificate that was just made, or (without `signed`) brought in.
///
/// # Errors
/// When it is none, or is kept already.
pub(super) fn keep(
    write: &mut Write<'_>,
    der: &[u8],
    signed: Option<Signed>,
    reason: &str,
) -> Result<CertificateRecord, Error> {
    let found = Certificate::from_der(der).ok_or_else(|| {
        Error::new(ErrorCode::BadInputFile, "the certificate is damaged or cut short")
    })?;
    keep_as(write, &found, signed, reason, Description::default())
}

/// Keeps a certificate that was found in a file.
///
/// # Errors
/// When it is a request only, or is kept already.
pub(crate) fn keep_found(
    write: &mut Write<'_>,
    found: &Certificate,
    description: Description,
) -> Result<CertificateRecord, Error> {
    keep_as(write, found, None, "", description)
}

fn keep_as(
    write: &mut Write<'_>,
    found: &Certificate,
    signed: Option<Signed>,
    reason: &str,
    description: Description,
) -> Result<CertificateRecord, Error> {
    let tx = &*write.tx;
    let now = write.stamp.time;
    let issued = found.issued.as_ref().ok_or_else(|| {
        Error::new(ErrorCode::BadInputFile, "a request is no certificate, and is not kept")
    })?;
    let fingerprint = sha256(&found.der);
    if kept_as(tx, fingerprint)?.is_some() {
        let message = format!("the certificate of “{}” is in the vault", found.subject);
        return Err(Error::new(ErrorCode::Exists, message));
    }
    let key = own_version(tx, found, now)?;
    let (issued_by, origin) = match signed {
        Some(signed) => (Some(signed.by), signed.origin),
        None => (issuing_key(tx, found, key, &issued.issuer)?, CertificateOrigin::Imported),
    };
    let record = CertificateRecord {
        id: CertificateId::from_random(make_array()?),
        der: found.der.clone(),
        subject: found.subject.clone(),
        issuer: issued.issuer.clone(),
        serial: issued.serial.clone(),
        not_before: issued.not_before,
        not_after: issued.not_after,
        sha256: fingerprint,
        public_key_sha256: sha256(&found.spki),
        authority: matches!(found.authority, Some((true, _))),
        origin,
        key,
        issued_by,
        revoked: None,
        replaced_by: None,
        description,
        created_at: now,
    };
    let change = record.keep().with_reason(reason);
    write.tx.save_certificate(&change, &write.stamp)?;
    attach_issued(&mut *write.tx, &write.stamp, &change.record)?;
    Ok(change.record)
}

/// The version of a key of the vault that has the certificate's public key.
fn own_version(
    tx: &dyn ReadTransaction,
    found: &Certificate,
    now: Timestamp,
) -> Result<Option<KeyVersionId>, Error> {
    let Ok(public) = &found.public_key else { return Ok(None) };
    let fingerprints = public_fingerprints(public.algorithm, &public.spki).unwrap_or_default();
    let Some(fingerprint) = fingerprints.get("spki-sha256") else { return Ok(None) };
    let query = KeyQuery { search: Some(fingerprint.clone()), ..KeyQuery::default() };
    for id in tx.ids(&query, now)? {
        let Some(record) = tx.key(id)? else { continue };
        let alike = |spki: &Option<Vec<u8>>| spki.as_ref() == Some(&public.spki);
        if let Some(version) = record.versions.iter().find(|version| alike(&version.public_key)) {
            return Ok(Some(KeyVersionId { key: id, version: version.version }));
        }
    }
    Ok(None)
}

/// The key of the vault that issued what was brought in: its own, or that of a kept certificate.
fn issuing_key(
    tx: &dyn ReadTransaction,
    found: &Certificate,
    own: Option<KeyVersionId>,
    issuer: &str,
) -> Result<Option<KeyVersionId>, Error> {
    if own.is_some() && check_issued_by(&found.der, &found.der).is_ok() {
        return Ok(own);
    }
    Ok(issuer_of(tx, &found.der, issuer)?.and_then(|above| above.key))
}

/// The kept certificate whose key signed the one in `der`, which names its issuer `issuer`: of several
/// the one that was not revoked, and then the one that is valid for the longest.
pub(super) fn issuer_of(
    tx: &dyn ReadTransaction,
    der: &[u8],
    issuer: &str,
) -> Result<Option<CertificateRecord>, Error> {
    let query = CertificateQuery { subject: Some(issuer.into()), ..CertificateQuery::default() };
    let mut above: Vec<_> = tx
        .certificates(&query)?
        .into_iter()
        .filter(|record| record.der != der && check_issued_by(der, &record.der).is_ok())
        .collect();
    above.sort_by_key(|record| (record.revoked.is_none(), record.not_after));
    above.last().map(|record| trusted(tx, record)).transpose()
}

/// What the vault calls the certificate that was found, if it is kept.
pub(crate) fn kept_twin(
    tx: &dyn ReadTransaction,
    found: &Certificate,
) -> Result<Option<String>, Error> {
    Ok(kept_as(tx, sha256(&found.der))?.map(|kept| kept.subject))
}

/// Attaches the certificates that waited for this new key: its own, and those that it issued.
pub(crate) fn attach_waiting(
    tx: &mut dyn WriteTransaction,
    stamp: &Stamp,
    record: &KeyRecord,
) -> Result<(), Error> {
    for version in &record.versions {
        let Some(spki) = &version.public_key else { continue };
        let query = CertificateQuery {
            public_key_sha256: Some(sha256(spki)),
            ..CertificateQuery::default()
        };
        for waiting in tx.certificates(&query)?.iter().filter(|found| found.key.is_none()) {
            let key = KeyVersionId { key: record.id, version: version.version };
            let own = trusted(tx, waiting)?.attach(key);
            tx.save_certificate(&own, stamp)?;
            attach_issued(tx, stamp, &own.record)?;
        }
    }
    Ok(())
}

/// Attaches the certificates that waited for the issuer whose certificate `above` is, where its key is
/// in the vault.
fn attach_issued(
    tx: &mut dyn WriteTransaction,
    stamp: &Stamp,
    above: &CertificateRecord,
) -> Result<(), Error> {
    let Some(key) = above.key else { return Ok(()) };
    let query =
        CertificateQuery { issuer: Some(above.subject.clone()), ..CertificateQuery::default() };
    for waiting in tx.certificates(&query)?.iter().filter(|found| found.issued_by.is_none()) {
        if check_issued_by(&waiting.der, &above.der).is_ok() {
            tx.save_certificate(&trusted(tx, waiting)?.attach_issuer(key), stamp)?;
        }
    }
    Ok(())
}

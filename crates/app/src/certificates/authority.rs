//! The certificate with which an authority signs, and whether it is one to rely on.

use jiff::Timestamp;
use keyreeve_crypto::sha256;
use keyreeve_domain::ports::ReadTransaction;
use keyreeve_domain::{CertificateQuery, CertificateRecord, KeyVersionId};
use keyreeve_formats::{Authority, check_issued_by};

use super::keep::{issuer_of, keep};
use super::sign::refused;
use crate::api::ErrorCode;
use crate::error::Error;
use crate::session::Write;

/// An authority's certificate, from a file or from the vault.
pub(super) struct Chosen {
    pub(super) authority: Authority,
}

impl Chosen {
    /// The one in a file, in PEM or DER.
    pub(super) fn read(file: &[u8]) -> Result<Self, Error> {
        Ok(Self { authority: Authority::read(file).map_err(refused)? })
    }

    /// Of the kept ones of that version of a key the one that is valid for the longest.
    ///
    /// # Errors
    /// When none is kept that is valid.
    pub(super) fn kept(
        tx: &dyn ReadTransaction,
        key: KeyVersionId,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let query = CertificateQuery { key: Some(key.key), ..CertificateQuery::default() };
        let fit = |record: &&CertificateRecord| {
            record.key == Some(key)
                && record.authority
                && record.revoked.is_none()
                && (record.not_before..=record.not_after).contains(&now)
        };
        let all = tx.certificates(&query)?;
        let newest = all.iter().filter(fit).max_by_key(|record| record.not_after);
        let none = || {
            Error::new(
                ErrorCode::NotFound,
                "the vault has no valid CA certificate of this key: make one (cert self-sign --ca), \
                 or bring it in (cert import)",
            )
        };
        Self::read(&trusted(tx, newest.ok_or_else(none)?)?.der)
    }

    /// Checks the certificate's own signature, and its issuer where that is another one: one step up,
    /// as RFC 5280 (section 6.1) has it.
    ///
    /// # Errors
    /// When one of the two is not to be relied on, or the issuer's certificate is not in the vault.
    pub(super) fn check(&self, tx: &dyn ReadTransaction, now: Timestamp) -> Result<(), Error> {
        let der = self.authority.der();
        let not_relied_on = |why: String| {
            Error::new(ErrorCode::RefusedByPolicy, format!("the CA certificate is not used: {why}"))
        };
        if let Some(kept) = kept_as(tx, sha256(der))? {
            not_revoked(&kept).map_err(not_relied_on)?;
        }
        if self.authority.names_itself() {
            return check_issued_by(der, der).map_err(not_relied_on);
        }
        let above = issuer_of(tx, der, &self.authority.issuer())?.ok_or_else(|| {
            not_relied_on(format!(
                "the vault has no certificate of its issuer, “{}”, to check it with; bring that in \
                 first (cert import)",
                self.authority.issuer()
            ))
        })?;
        not_revoked(&above).map_err(not_relied_on)?;
        let above =
            Authority::read(&above.der).map_err(|error| not_relied_on(error.to_string()))?;
        above.may_stand_above_another(now).map_err(|error| not_relied_on(error.to_string()))
    }

    /// Keeps the certificate, unless it is kept already: what it issues is to have its chain.
    pub(super) fn keep(&self, write: &mut Write<'_>) -> Result<(), Error> {
        if kept_as(&*write.tx, sha256(self.authority.der()))?.is_none() {
            keep(write, self.authority.der(), None, "")?;
        }
        Ok(())
    }
}

fn not_revoked(record: &CertificateRecord) -> Result<(), String> {
    record.revoked.map_or(Ok(()), |revoked| {
        Err(format!("the certificate of “{}” was revoked on {}", record.subject, revoked.at))
    })
}

/// The kept certificate with this fingerprint, compared with the log.
pub(super) fn kept_as(
    tx: &dyn ReadTransaction,
    sha256: [u8; 32],
) -> Result<Option<CertificateRecord>, Error> {
    let query = CertificateQuery { sha256: Some(sha256), ..CertificateQuery::default() };
    tx.certificates(&query)?.first().map(|record| trusted(tx, record)).transpose()
}

/// A listed certificate, compared with the log.
pub(super) fn trusted(
    tx: &dyn ReadTransaction,
    listed: &CertificateRecord,
) -> Result<CertificateRecord, Error> {
    let record = tx.trusted_certificate(listed.id)?;
    record.ok_or_else(|| Error::internal("the certificate vanished"))
}

//! Lists kept certificates.

use keyreeve_domain::ports::ReadTransaction;
use keyreeve_domain::{CertificateQuery, CertificateState, Timestamp};

use super::sign::unknown;
use super::view::Names;
use crate::api::{CertificateCountsView, CertificateListRequest, CertificateListResponse};
use crate::error::Error;
use crate::parse;
use crate::session::UnlockedSession;

/// Rows when none are named, and at most.
const LIMITS: (u32, u32) = (500, 10_000);
/// Characters of a search at most.
const MAX_SEARCH: usize = 500;

/// The certificates that the question has, those that end first before the others.
///
/// # Errors
/// When a part of the question is not understood, or the database fails.
pub fn list_certificates(
    session: &UnlockedSession,
    request: &CertificateListRequest,
) -> Result<CertificateListResponse, Error> {
    let now = session.now();
    let search = request.search.as_deref().map(str::trim).filter(|search| !search.is_empty());
    if search.is_some_and(|search| search.chars().count() > MAX_SEARCH) {
        return Err(Error::invalid(format!("a search has at most {MAX_SEARCH} characters")));
    }
    let state = request.state.as_deref().map(|name| {
        CertificateState::named(name)
            .ok_or_else(|| unknown("state of a certificate", name, CertificateState::NAMES))
    });
    let state = state.transpose()?;
    let tx = session.read()?;
    let key = request.key.as_deref().map(|key| parse::find_key(&*tx, key)).transpose()?;
    let query =
        CertificateQuery { search: search.map(str::to_owned), key, ..CertificateQuery::default() };
    let mut found = tx.certificates(&query)?;
    found.retain(|record| state.is_none_or(|state| record.state(now) == state));
    let total = found.len() as u64;
    let limit = request.limit.unwrap_or(LIMITS.0).clamp(1, LIMITS.1);
    let mut names = Names::default();
    let shown = found.iter().take(limit as usize).map(|record| names.view(&*tx, record, now));
    Ok(CertificateListResponse { certificates: shown.collect::<Result<_, _>>()?, total })
}

/// Numbers for the overview.
pub(crate) fn counts_at(
    tx: &dyn ReadTransaction,
    now: Timestamp,
) -> Result<CertificateCountsView, Error> {
    let counts = tx.certificate_counts(now)?;
    Ok(CertificateCountsView {
        total: counts.total,
        expiring_soon: counts.expiring_soon,
        expired: counts.expired,
    })
}

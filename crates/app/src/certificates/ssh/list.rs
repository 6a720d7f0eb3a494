//! Lists what an authority issued and revoked.

use std::collections::BTreeSet;

use keyreeve_domain::audit::{Action, AuditEntry};
use keyreeve_domain::{KeyVersionId, Timestamp};
use keyreeve_formats::ssh_fingerprint;

use super::super::sign::refused;
use super::revoked::Revoked;
use super::{done, not_understood};
use crate::api::{
    IssuedSshCertificateView, RevokedSshView, SshCertificateListRequest,
    SshCertificateListResponse, SshCertificateState,
};
use crate::error::Error;
use crate::keys::find_version;
use crate::session::UnlockedSession;

/// Rows when none are named, and at most.
const LIMITS: (u32, u32) = (100, 10_000);
/// Characters of a search at most.
const MAX_SEARCH: usize = 500;

/// What a version of an authority's key issued, newest first, and what it revoked, as the log tells.
///
/// # Errors
/// When there is no such key or version, the search is too long, or the database fails.
pub fn list_ssh_certificates(
    session: &UnlockedSession,
    request: &SshCertificateListRequest,
) -> Result<SshCertificateListResponse, Error> {
    let now = session.now();
    let search = request.search.as_deref().unwrap_or_default().trim().to_lowercase();
    if search.chars().count() > MAX_SEARCH {
        return Err(Error::invalid(format!("a search has at most {MAX_SEARCH} characters")));
    }
    let tx = session.read()?;
    let (record, version) = find_version(&*tx, &request.key, request.version)?;
    let id = KeyVersionId { key: record.id, version };
    let before = Revoked::before(&*tx, id)?;
    let fingerprints = before.revoked.keys.iter().map(|blob| ssh_fingerprint(blob));
    let fingerprints: BTreeSet<_> = fingerprints.collect::<Result<_, _>>().map_err(refused)?;
    let issued = done(&*tx, id, Action::KeyIssueSshCertificate)?;
    let issued = issued.iter().map(|event| {
        Issued::told(event).ok_or_else(not_understood).map(|one| {
            let revoked = before.revoked.serials.contains(&one.serial)
                || before.revoked.key_ids.contains(&one.key_id)
                || one.public_key.as_ref().is_some_and(|key| fingerprints.contains(key));
            one.view(revoked, now)
        })
    });
    let mut certificates: Vec<_> = issued.collect::<Result<_, Error>>()?;
    certificates.retain(|one| matches(one, &search));
    let total = certificates.len() as u64;
    certificates.truncate(request.limit.unwrap_or(LIMITS.0).clamp(1, LIMITS.1) as usize);
    let revoked = RevokedSshView {
        number: before.number.map(|number| number.to_string()),
        serials: before.revoked.serials.iter().map(u64::to_string).collect(),
        key_ids: before.revoked.key_ids.into_iter().collect(),
        keys: fingerprints.into_iter().collect(),
    };
    Ok(SshCertificateListResponse { version, certificates, total, revoked })
}

/// A certificate, as the log tells of it.
struct Issued {
    serial: u64,
    key_id: String,
    principals: Vec<String>,
    host: bool,
    public_key: Option<String>,
    issued_at: Timestamp,
    valid_until: Timestamp,
}

impl Issued {
    fn told(event: &AuditEntry) -> Option<Self> {
        let said = |name: &str| event.details.get(name);
        Some(Self {
            serial: said("serial")?.parse().ok()?,
            key_id: said("key_id")?.clone(),
            principals: said("principals")?.split(',').map(str::to_owned).collect(),
            host: said("kind")? == "host",
            // Entries of before do not have it.
            public_key: said("public_key").cloned(),
            issued_at: event.time,
            valid_until: said("until")?.parse().ok()?,
        })
    }

    fn view(self, revoked: bool, now: Timestamp) -> IssuedSshCertificateView {
        let state = match (revoked, self.valid_until <= now) {
            (true, _) => SshCertificateState::Revoked,
            (false, true) => SshCertificateState::Expired,
            (false, false) => SshCertificateState::Valid,
        };
        IssuedSshCertificateView {
            serial: self.serial.to_string(),
            key_id: self.key_id,
            principals: self.principals,
            host: self.host,
            public_key: self.public_key,
            issued_at: self.issued_at.to_string(),
            valid_until: self.valid_until.to_string(),
            state,
        }
    }
}

/// Whether one of the texts by which people know it has the words in it.
fn matches(one: &IssuedSshCertificateView, search: &str) -> bool {
    let known_by = [&one.serial, &one.key_id].into_iter().chain(&one.principals);
    known_by.chain(&one.public_key).any(|text| text.to_lowercase().contains(search))
}

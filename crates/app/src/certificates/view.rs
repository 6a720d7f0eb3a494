//! Kept certificates as they are shown.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use keyreeve_domain::ports::ReadTransaction;
use keyreeve_domain::{CertificateRecord, KeyId, KeyVersionId, Timestamp};

use crate::api::{CertificateKeyView, KeptCertificateView};
use crate::error::Error;
use crate::known_keys::description;

/// The names of keys, each looked up once.
#[derive(Default)]
pub(super) struct Names {
    known: HashMap<KeyId, String>,
}

impl Names {
    /// A row of the list.
    pub(super) fn view(
        &mut self,
        tx: &dyn ReadTransaction,
        record: &CertificateRecord,
        now: Timestamp,
    ) -> Result<KeptCertificateView, Error> {
        Ok(KeptCertificateView {
            id: record.id.to_string(),
            subject: record.subject.clone(),
            issuer: record.issuer.clone(),
            serial: record.serial.clone(),
            not_before: record.not_before.to_string(),
            not_after: record.not_after.to_string(),
            state: record.state(now).name().into(),
            sha256: hex::encode(record.sha256),
            authority: record.authority,
            origin: record.origin.name().into(),
            key: record.key.map(|id| self.key(tx, id)).transpose()?,
            issued_by: record.issued_by.map(|id| self.key(tx, id)).transpose()?,
            revoked_at: record.revoked.map(|revoked| revoked.at.to_string()),
            revocation_reason: record.revoked.map(|revoked| revoked.reason.name().into()),
            replaced_by: record.replaced_by.map(|id| id.to_string()),
            description: description(&record.description),
            created_at: record.created_at.to_string(),
        })
    }

    fn key(
        &mut self,
        tx: &dyn ReadTransaction,
        id: KeyVersionId,
    ) -> Result<CertificateKeyView, Error> {
        let name = match self.known.entry(id.key) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(place) => {
                let name = tx.key(id.key)?.map(|record| record.name.to_string());
                place.insert(name.unwrap_or_default()).clone()
            }
        };
        Ok(CertificateKeyView { id: id.key.to_string(), name, version: id.version })
    }
}

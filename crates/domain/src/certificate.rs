//! Certificates that are kept: what the vault says of them, and what may be done with them.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use keyreeve_crypto::Sha256;

use crate::audit::Action;
use crate::description::{Description, DescriptionEdit};
use crate::id::{CertificateId, KeyId};
use crate::named;

named! {
    /// Why a certificate was revoked (RFC 5280, section 5.3.1). Left out are a hold, which Keyreeve
    /// could not lift again, and the removal of one.
    RevocationReason {
        /// Nobody said why.
        Unspecified = "unspecified",
        /// Its private key is known to others, or may be.
        KeyCompromise = "key-compromise",
        /// An authority's private key is known to others, or may be.
        CaCompromise = "ca-compromise",
        /// What it says of its owner is no longer true.
        AffiliationChanged = "affiliation-changed",
        /// Another one is in its place.
        Superseded = "superseded",
        /// It is needed no more.
        CessationOfOperation = "cessation-of-operation",
        /// Its owner may no longer do what it says.
        PrivilegeWithdrawn = "privilege-withdrawn",
        /// An attribute authority's private key is known to others, or may be.
        AaCompromise = "aa-compromise",
    }
}

named! {
    /// Where a certificate came from.
    CertificateOrigin {
        /// A key of the vault signed it for itself.
        SelfSigned = "self_signed",
        /// A key of the vault issued it.
        Issued = "issued",
        /// Someone brought it in.
        Imported = "imported",
    }
}

named! {
    /// Of what use a certificate is at a time.
    CertificateState {
        /// It will be valid.
        NotYet = "not_yet",
        /// It is valid.
        Valid = "valid",
        /// It is valid, ends soon, and nothing is in its place yet.
        ExpiringSoon = "expiring_soon",
        /// It was valid.
        Expired = "expired",
        /// It was revoked.
        Revoked = "revoked",
    }
}

/// A version of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyVersionId {
    /// The key.
    pub key: KeyId,
    /// Its version.
    pub version: u32,
}

/// When and why a certificate was revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revocation {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: RevocationReason,
}

/// Everything the vault keeps about a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateRecord {
    /// Its identifier in the vault.
    pub id: CertificateId,
    /// The certificate itself, in DER.
    pub der: Vec<u8>,
    /// For whom it is, as RFC 4514 writes names; like the next seven it follows from `der`.
    pub subject: String,
    /// Who issued it.
    pub issuer: String,
    /// Its number, in hexadecimal.
    pub serial: String,
    /// From when it is valid.
    pub not_before: Timestamp,
    /// Until when it is valid.
    pub not_after: Timestamp,
    /// SHA-256 of `der`.
    pub sha256: Sha256,
    /// SHA-256 of its key's SubjectPublicKeyInfo.
    pub public_key_sha256: Sha256,
    /// Whether it may issue others.
    pub authority: bool,
    /// Where it came from.
    pub origin: CertificateOrigin,
    /// The vault's key that it is of, if it is of one.
    pub key: Option<KeyVersionId>,
    /// The vault's key that issued it, if one did.
    pub issued_by: Option<KeyVersionId>,
    /// When and why it was revoked, if it was.
    pub revoked: Option<Revocation>,
    /// The certificate that is in its place.
    pub replaced_by: Option<CertificateId>,
    /// What people say of it.
    pub description: Description,
    /// When it was kept first.
    pub created_at: Timestamp,
}

/// A changed certificate and what the audit log is to say about the change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateChange {
    /// The record after the change; of a removal, the one that was there.
    pub record: CertificateRecord,
    /// What was done.
    pub action: Action,
    /// Why, in the user's words.
    pub reason: Option<String>,
    /// More about it; never a secret.
    pub details: BTreeMap<String, String>,
}

/// Why a certificate is not revoked, renewed or removed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateRefusal {
    /// It was revoked before.
    #[error("it was revoked on {at} ({reason})", reason = .reason.name())]
    Revoked {
        /// When.
        at: Timestamp,
        /// Why.
        reason: RevocationReason,
    },
    /// Its time is over, and who checks it refuses it already.
    #[error("it expired on {at}")]
    Expired {
        /// When.
        at: Timestamp,
    },
    /// No key of the vault issued it.
    #[error("no key of this vault issued it: only “{issuer}” can revoke it")]
    IssuedElsewhere {
        /// Who did.
        issuer: String,
    },
    /// Its own key signed it: no list says that it is revoked.
    #[error(
        "it is signed by its own key, and no revocation list speaks of such a certificate: take it \
         out of wherever it is trusted"
    )]
    SelfSigned,
    /// Another one is in its place already.
    #[error("it was renewed already")]
    Replaced,
    /// A key of the vault issued it.
    #[error("a key of this vault issued it: it stays, so that it can be revoked")]
    IssuedHere,
}

/// A question to the list of certificates. Every filter narrows; an empty question lists all.
#[derive(Debug, Clone, Default)]
pub struct CertificateQuery {
    /// Part of the subject, the issuer, the number or the fingerprint, in any case.
    pub search: Option<String>,
    /// Only that one, by the beginning of its identifier or fingerprint, or by its number.
    pub named: Option<String>,
    /// Only those of this key.
    pub key: Option<KeyId>,
    /// Only those that this key issued.
    pub issued_by: Option<KeyId>,
    /// Only those of this public key.
    pub public_key_sha256: Option<Sha256>,
    /// Only those for this subject.
    pub subject: Option<String>,
    /// Only those that name this issuer.
    pub issuer: Option<String>,
    /// Only the one with this fingerprint.
    pub sha256: Option<Sha256>,
}

/// How many certificates are in which state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CertificateCounts {
    /// All.
    pub total: u64,
    /// Those that end soon.
    pub expiring_soon: u64,
    /// Those that ended, were not revoked, and nothing is in their place.
    pub expired: u64,
}

impl CertificateRecord {
    /// How long before its end a certificate counts as ending soon.
    pub const WARNING: SignedDuration = SignedDuration::from_hours(30 * 24);

    /// Of what use it is at `now`.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> CertificateState {
        if self.revoked.is_some() {
            CertificateState::Revoked
        } else if now > self.not_after {
            CertificateState::Expired
        } else if now < self.not_before {
            CertificateState::NotYet
        } else if self.replaced_by.is_none() && self.not_after.duration_since(now) <= Self::WARNING
        {
            CertificateState::ExpiringSoon
        } else {
            CertificateState::Valid
        }
    }

    /// Whether the key in it signed it.
    #[must_use]
    pub fn is_self_signed(&self) -> bool {
        self.subject == self.issuer && self.key.is_some() && self.key == self.issued_by
    }

    /// Keeps it.
    #[must_use]
    pub fn keep(self) -> CertificateChange {
        let mut change = CertificateChange::of(self, Action::CertificateAdd);
        let record = &change.record;
        let mut details = BTreeMap::from([
            ("subject".to_owned(), record.subject.clone()),
            ("issuer".to_owned(), record.issuer.clone()),
            ("serial".to_owned(), record.serial.clone()),
            ("origin".to_owned(), record.origin.name().to_owned()),
        ]);
        details.extend(record.key.map(|id| ("key".to_owned(), id.key.to_string())));
        change.details = details;
        change
    }

    /// Notes that it is of `key`, which came after it.
    #[must_use]
    pub fn attach(&self, key: KeyVersionId) -> CertificateChange {
        let record = Self { key: Some(key), ..self.clone() };
        CertificateChange::of(record, Action::CertificateAttach)
            .with_detail("key", key.key)
            .with_detail("subject", &self.subject)
    }

    /// Notes that `key`, which came after it or whose own certificate did, issued it.
    #[must_use]
    pub fn attach_issuer(&self, key: KeyVersionId) -> CertificateChange {
        let record = Self { issued_by: Some(key), ..self.clone() };
        CertificateChange::of(record, Action::CertificateAttachIssuer)
            .with_detail("issued_by", key.key)
            .with_detail("subject", &self.subject)
    }

    /// Changes its description; nothing when nothing would change.
    #[must_use]
    pub fn edit(&self, edit: DescriptionEdit) -> Option<CertificateChange> {
        let (description, parts) = self.description.edited(edit);
        let record = Self { description, ..self.clone() };
        (!parts.is_empty()).then(|| {
            CertificateChange::of(record, Action::CertificateEdit)
                .with_detail("changed", parts.join(", "))
                .with_detail("subject", &self.subject)
        })
    }

    /// Whether it may be removed.
    ///
    /// # Errors
    /// When a key of the vault issued it.
    pub fn may_remove(&self) -> Result<(), CertificateRefusal> {
        if self.issued_by.is_some() { Err(CertificateRefusal::IssuedHere) } else { Ok(()) }
    }

    /// Removes it.
    ///
    /// # Errors
    /// As [`Self::may_remove`].
    pub fn remove(&self) -> Result<CertificateChange, CertificateRefusal> {
        self.may_remove()?;
        Ok(CertificateChange::of(self.clone(), Action::CertificateRemove)
            .with_detail("serial", &self.serial)
            .with_detail("subject", &self.subject))
    }

    /// Whether another one may be put in its place.
    ///
    /// # Errors
    /// When it was revoked, or has one in its place already.
    pub fn may_renew(&self) -> Result<(), CertificateRefusal> {
        match (self.revoked, self.replaced_by) {
            (Some(Revocation { at, reason }), _) => Err(CertificateRefusal::Revoked { at, reason }),
            (None, Some(_)) => Err(CertificateRefusal::Replaced),
            (None, None) => Ok(()),
        }
    }

    /// Puts `newer` in its place.
    ///
    /// # Errors
    /// As [`Self::may_renew`].
    pub fn replace(&self, newer: CertificateId) -> Result<CertificateChange, CertificateRefusal> {
        self.may_renew()?;
        let record = Self { replaced_by: Some(newer), ..self.clone() };
        Ok(CertificateChange::of(record, Action::CertificateRenew)
            .with_detail("replaced_by", newer)
            .with_detail("subject", &self.subject))
    }

    /// Whether the vault may revoke it at `now`.
    ///
    /// # Errors
    /// When it was revoked before, has expired, signs itself, or is another authority's.
    pub fn may_revoke(&self, now: Timestamp) -> Result<(), CertificateRefusal> {
        if let Some(Revocation { at, reason }) = self.revoked {
            return Err(CertificateRefusal::Revoked { at, reason });
        }
        if self.is_self_signed() {
            return Err(CertificateRefusal::SelfSigned);
        }
        if self.issued_by.is_none() {
            return Err(CertificateRefusal::IssuedElsewhere { issuer: self.issuer.clone() });
        }
        if now > self.not_after {
            return Err(CertificateRefusal::Expired { at: self.not_after });
        }
        Ok(())
    }

    /// Revokes it.
    ///
    /// # Errors
    /// As [`Self::may_revoke`].
    pub fn revoke(
        &self,
        reason: RevocationReason,
        now: Timestamp,
    ) -> Result<CertificateChange, CertificateRefusal> {
        self.may_revoke(now)?;
        let record = Self { revoked: Some(Revocation { at: now, reason }), ..self.clone() };
        Ok(CertificateChange::of(record, Action::CertificateRevoke)
            .with_detail("code", reason.name())
            .with_detail("serial", &self.serial)
            .with_detail("subject", &self.subject))
    }
}

impl CertificateRecord {
    /// Notes that its issuer's list says that it was revoked; nothing where that is known.
    #[must_use]
    pub fn found_revoked(&self, revocation: Revocation) -> Option<CertificateChange> {
        let record = Self { revoked: Some(revocation), ..self.clone() };
        self.revoked.is_none().then(|| {
            CertificateChange::of(record, Action::CertificateRevoke)
                .with_detail("code", revocation.reason.name())
                .with_detail("serial", &self.serial)
                .with_detail("subject", &self.subject)
                .with_detail("by", "list")
        })
    }
}

impl CertificateChange {
    fn of(record: CertificateRecord, action: Action) -> Self {
        Self { record, action, reason: None, details: BTreeMap::new() }
    }

    fn with_detail(mut self, name: &str, value: impl ToString) -> Self {
        self.details.insert(name.to_owned(), value.to_string());
        self
    }

    /// The change with why it was made, in the user's words; without any when there are none.
    #[must_use]
    pub fn with_reason(mut self, reason: &str) -> Self {
        let reason = reason.trim();
        self.reason = (!reason.is_empty()).then(|| reason.to_owned());
        self
    }
}

//! Renews a certificate: one that says the same, with the same key or its newest version.

use keyreeve_domain::audit::Action;
use keyreeve_domain::ports::ReadTransaction;
use keyreeve_domain::{
    CertificateOrigin, CertificateRecord, KeyRecord, KeyVersionId, Operation, Permission, Timestamp,
};
use keyreeve_formats::{Certificate, MadeCertificate, Renewal};

use super::authority::{Chosen, trusted};
use super::find::find;
use super::keep::{Signed, keep};
use super::revoke::refusal;
use super::sign::{OpenKey, UseOfKey, may_sign, refused, response, within};
use crate::api::{CertificateResponse, ErrorCode, RenewCertificateRequest};
use crate::error::Error;
use crate::output;
use crate::session::UnlockedSession;

const SECONDS_OF_A_DAY: i64 = 24 * 60 * 60;

/// Keeps a newer certificate in the place of one that a key of the vault issued, and writes it into a new
/// file where one is named. Subject, alternative names, usages and path length stay; the key is the
/// certificate's own, in its primary version unless the same is asked for.
///
/// # Errors
/// When there is no such certificate, it was revoked or renewed before, another authority issued it, it
/// says what Keyreeve does not issue, a key may not be used, or the file cannot be written.
pub fn renew_certificate(
    session: &UnlockedSession,
    request: &RenewCertificateRequest,
) -> Result<CertificateResponse, Error> {
    let out = request.out.as_deref().map(output::free_place).transpose()?;
    let plan = Plan::of(session, request)?;
    let mut open = OpenKey::open(
        session,
        &UseOfKey {
            key: &plan.signer.key.to_string(),
            version: Some(plan.signer.version),
            action: if plan.itself { Action::KeySelfSign } else { Action::KeyIssueCertificate },
            for_others: !plan.itself || plan.old.authority,
            out: request.out.as_deref(),
            reason: &request.reason,
        },
    )?;
    let now = open.write.stamp.time;
    // It may have been revoked or renewed since.
    let old = trusted(&*open.write.tx, &plan.old)?;
    old.may_renew().map_err(refusal)?;
    let made = plan.sign(&open, now)?;
    open.log_certificate(&made)?;
    let origin =
        if plan.itself { CertificateOrigin::SelfSigned } else { CertificateOrigin::Issued };
    let by = Signed { by: open.id(), origin };
    let newer = keep(&mut open.write, &made.der, Some(by), &request.reason)?;
    let change = old.replace(newer.id).map_err(refusal)?.with_reason(&request.reason);
    open.write.tx.save_certificate(&change, &open.write.stamp)?;
    open.write.commit()?;
    if let Some(out) = out {
        output::write_new(out, made.pem.as_bytes())?;
    }
    Ok(response(request.out.as_deref(), &made, &newer.id.to_string()))
}

/// What is to be signed, and with what.
struct Plan {
    old: CertificateRecord,
    renewal: Renewal,
    /// Whether the key signs for itself.
    itself: bool,
    signer: KeyVersionId,
    /// The public key that the newer certificate is of.
    subject_key: Vec<u8>,
    /// The authority's certificate, where one issues it.
    chosen: Option<Chosen>,
    days: u32,
}

impl Plan {
    fn of(session: &UnlockedSession, request: &RenewCertificateRequest) -> Result<Self, Error> {
        let tx = session.read()?;
        let now = session.now();
        let old = find(&*tx, &request.certificate)?;
        old.may_renew().map_err(refusal)?;
        let renewal = Renewal::read(&old.der).map_err(refused)?;
        let itself = old.is_self_signed();
        let most = renewal.most_days(itself);
        let seconds = old.not_after.as_second() - old.not_before.as_second();
        let usual = u32::try_from(seconds / SECONDS_OF_A_DAY).unwrap_or(u32::MAX).clamp(1, most);
        let days = within(request.days, (usual, most))?;
        let own = old.key.map(|id| own_version(&*tx, id, request.same_key, now)).transpose()?;
        let subject_key = match &own {
            Some((_, spki)) => spki.clone(),
            None => foreign_key(&old)?,
        };
        let (signer, chosen) = match (&own, old.issued_by) {
            (Some((own, _)), _) if itself => (*own, None),
            (_, Some(issuer)) => {
                let (signer, chosen) = issuing(&*tx, issuer, now)?;
                (signer, Some(chosen))
            }
            (_, None) => {
                return Err(Error::new(
                    ErrorCode::RefusedByPolicy,
                    format!(
                        "no key of this vault issued it: write a request (cert csr), have “{}” \
                         sign it, and bring the new certificate in",
                        old.issuer
                    ),
                ));
            }
        };
        Ok(Self { old, renewal, itself, signer, subject_key, chosen, days })
    }

    fn sign(&self, open: &OpenKey<'_>, now: Timestamp) -> Result<MadeCertificate, Error> {
        let made = match &self.chosen {
            None => self.renewal.self_signed(&open.key, &open.spki, now, self.days),
            Some(chosen) => {
                chosen.check(&*open.write.tx, now)?;
                let signer = (&open.key, open.spki.as_slice());
                chosen.authority.renew(signer, &self.renewal, &self.subject_key, now, self.days)
            }
        };
        made.map_err(refused)
    }
}

/// The version of the vault's key that the newer certificate is of, and its public half.
fn own_version(
    tx: &dyn ReadTransaction,
    id: KeyVersionId,
    same: bool,
    now: Timestamp,
) -> Result<(KeyVersionId, Vec<u8>), Error> {
    let record = key(tx, id)?;
    let version = if same { id.version } else { record.primary_version };
    if !matches!(
        record.permits(version, Operation::Protect, now),
        Permission::Granted | Permission::Warned(_)
    ) {
        let state = record.version(version).map(|version| version.state.name()).unwrap_or_default();
        return Err(Error::new(
            ErrorCode::RefusedByState,
            format!(
                "version {version} of “{}” is {state}: no certificate is made for it",
                record.name
            ),
        ));
    }
    let spki = record.version(version).and_then(|version| version.public_key.clone());
    let spki = spki.ok_or_else(|| Error::internal("the key has no public half"))?;
    Ok((KeyVersionId { key: id.key, version }, spki))
}

/// The public key of a certificate that is of no key of the vault.
fn foreign_key(old: &CertificateRecord) -> Result<Vec<u8>, Error> {
    let found = Certificate::from_der(&old.der);
    let found = found.ok_or_else(|| Error::internal("a kept certificate is damaged"))?;
    match found.public_key {
        Ok(key) => Ok(key.spki),
        Err(error) => Err(Error::new(
            ErrorCode::RefusedByPolicy,
            format!("its key is not certified again: {error}"),
        )),
    }
}

/// With what the authority that issued a certificate signs today: its newest version that may sign and
/// has a valid certificate.
fn issuing(
    tx: &dyn ReadTransaction,
    issuer: KeyVersionId,
    now: Timestamp,
) -> Result<(KeyVersionId, Chosen), Error> {
    let record = key(tx, issuer)?;
    for version in record.versions.iter().rev().map(|version| version.version) {
        let id = KeyVersionId { key: issuer.key, version };
        if may_sign(&record, version, true, now).is_ok()
            && let Ok(chosen) = Chosen::kept(tx, id, now)
        {
            return Ok((id, chosen));
        }
    }
    // Of none of them: what stands in the way of the primary one is told.
    let primary = KeyVersionId { version: record.primary_version, ..issuer };
    may_sign(&record, primary.version, true, now)?;
    Ok((primary, Chosen::kept(tx, primary, now)?))
}

fn key(tx: &dyn ReadTransaction, id: KeyVersionId) -> Result<KeyRecord, Error> {
    tx.trusted_key(id.key)?.ok_or_else(|| Error::internal("the key vanished"))
}

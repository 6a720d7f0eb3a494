//! Revokes a certificate that a key of the vault issued.

use keyreeve_domain::{CertificateRefusal, RevocationReason};

use super::find::find;
use super::sign::unknown;
use super::view::Names;
use crate::api::{ErrorCode, KeptCertificateView, RevokeCertificateRequest};
use crate::error::Error;
use crate::session::UnlockedSession;

/// Marks a certificate as revoked, from now on and for good. Whoever checks certificates hears of it from
/// the next list ([`write_crl`](super::write_crl)).
///
/// # Errors
/// When the slot's role does not allow it, there is no such certificate, it was revoked or has expired,
/// signs itself, or is another authority's.
pub fn revoke_certificate(
    session: &UnlockedSession,
    request: &RevokeCertificateRequest,
) -> Result<KeptCertificateView, Error> {
    session.may_change_keys()?;
    let code = RevocationReason::named(&request.code)
        .ok_or_else(|| unknown("reason", &request.code, RevocationReason::NAMES))?;
    let mut write = session.write()?;
    let record = find(&*write.tx, &request.certificate)?;
    let now = write.stamp.time;
    let change = record.revoke(code, now).map_err(refusal)?.with_reason(&request.reason);
    write.tx.save_certificate(&change, &write.stamp)?;
    let view = Names::default().view(&*write.tx, &change.record, now)?;
    write.commit()?;
    Ok(view)
}

pub(super) fn refusal(refusal: CertificateRefusal) -> Error {
    use CertificateRefusal as R;
    let code = match refusal {
        R::Revoked { .. } | R::Expired { .. } | R::Replaced => ErrorCode::RefusedByState,
        _ => ErrorCode::RefusedByPolicy,
    };
    Error::new(code, refusal.to_string())
}

//! Changes what people say of a certificate, or removes one that came from elsewhere.

use keyreeve_domain::TransitionError;

use super::find::find;
use super::view::Names;
use crate::api::{
    EditCertificateRequest, ErrorCode, KeptCertificateView, RemoveCertificateRequest,
};
use crate::error::Error;
use crate::known_keys::description_edit;
use crate::session::UnlockedSession;

/// Changes the owner, the note or the tags of a certificate.
///
/// # Errors
/// When there is no such certificate, a part is not understood, nothing would change, or the slot's role
/// does not allow it.
pub fn edit_certificate(
    session: &UnlockedSession,
    request: &EditCertificateRequest,
) -> Result<KeptCertificateView, Error> {
    session.may_change_keys()?;
    let edit = description_edit(&request.description)?;
    let mut write = session.write()?;
    let record = find(&*write.tx, &request.certificate)?;
    let change = record.edit(edit).ok_or(TransitionError::NothingToDo)?;
    write.tx.save_certificate(&change, &write.stamp)?;
    let view = Names::default().view(&*write.tx, &change.record, write.stamp.time)?;
    write.commit()?;
    Ok(view)
}

/// Removes a certificate that no key of the vault issued.
///
/// # Errors
/// When there is no such certificate, a key of the vault issued it, or the slot's role does not allow it.
pub fn remove_certificate(
    session: &UnlockedSession,
    request: &RemoveCertificateRequest,
) -> Result<KeptCertificateView, Error> {
    session.may_change_keys()?;
    let mut write = session.write()?;
    let record = find(&*write.tx, &request.certificate)?;
    let view = Names::default().view(&*write.tx, &record, write.stamp.time)?;
    let change = record
        .remove()
        .map_err(|refused| Error::new(ErrorCode::RefusedByPolicy, refused.to_string()))?
        .with_reason(&request.reason);
    write.tx.save_certificate(&change, &write.stamp)?;
    write.commit()?;
    Ok(view)
}

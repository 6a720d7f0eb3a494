//! Makes recovery shares or a code, for paper.

use keyreeve_domain::ports::RecoveryForm;

use crate::api::{MakeRecoveryRequest, RecoverySheetResponse};
use crate::error::Error;
use crate::session::{Fresh, UnlockedSession};

/// Makes a new recovery secret as it will stand on paper. Nothing keeps it, and the vault does not
/// know it until a slot is added with exactly these shares or this code.
///
/// # Errors
/// When the session's slot is no administrator's, or there are too few or too many shares.
pub fn make_recovery(
    session: &UnlockedSession,
    request: &MakeRecoveryRequest,
    _proof: &Fresh,
) -> Result<RecoverySheetResponse, Error> {
    session.may_administer()?;
    let form = match (request.shares, request.threshold) {
        (None, None) => RecoveryForm::Code,
        (Some(shares), Some(threshold)) => RecoveryForm::Shares { shares, threshold },
        _ => return Err(Error::invalid("shares and threshold are given together")),
    };
    let sheet = session.world.headers.make_recovery(form)?;
    // EXPOSE: the shares leave for paper: this answer is what the person asked for.
    let texts = sheet.texts.iter().map(|text| text.expose().to_owned()).collect();
    Ok(RecoverySheetResponse { texts })
}

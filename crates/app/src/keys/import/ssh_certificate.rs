//! Certificates of OpenSSH as they are shown.

use jiff::Timestamp;
use keyreeve_formats::SshCertificate;

use crate::api::{FoundOutcome, SshCertificateView};

/// What is wrong with it, if anything; it is never kept.
pub(super) fn outcome(
    found: &SshCertificate,
    now: Timestamp,
    to_keep: bool,
) -> (FoundOutcome, Option<String>) {
    let problem = |said: String| (FoundOutcome::Problem, Some(said));
    if !found.signature_holds {
        return problem("its signature does not hold, or is made with SHA-1".into());
    }
    if let Some(before) = found.valid_before.filter(|before| now >= *before) {
        return problem(format!("it expired on {}", before.strftime("%Y-%m-%d")));
    }
    if let Some(after) = found.valid_after.filter(|after| now < *after) {
        return problem(format!("it is not valid before {}", after.strftime("%Y-%m-%d")));
    }
    match &found.public_key {
        Err(refusal) if refusal.is_unsupported() => {
            (FoundOutcome::Unsupported, Some(refusal.to_string()))
        }
        Err(refusal) => problem(refusal.to_string()),
        Ok(_) if to_keep => {
            let said = "a certificate of OpenSSH is shown, and not kept".to_owned();
            (FoundOutcome::Unsupported, Some(said))
        }
        Ok(_) => (FoundOutcome::Sound, None),
    }
}

/// What it says.
pub(super) fn view(found: &SshCertificate) -> SshCertificateView {
    let option = |(name, value): &(String, String)| match value.as_str() {
        "" => name.clone(),
        value => format!("{name}={value}"),
    };
    SshCertificateView {
        host: found.host,
        key_id: found.key_id.clone(),
        serial: found.serial.to_string(),
        principals: found.principals.clone(),
        valid_after: found.valid_after.map(|at| at.to_string()),
        valid_before: found.valid_before.map(|at| at.to_string()),
        critical_options: found.critical_options.iter().map(option).collect(),
        extensions: found.extensions.clone(),
        authority: found.authority.clone(),
        signature_holds: found.signature_holds,
    }
}

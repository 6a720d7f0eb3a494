//! An authority of OpenSSH: it issues certificates, and lists what it revoked. Neither certificates nor
//! what was revoked is kept beside the log, which tells of both.

mod issue;
mod krl;
mod list;
mod revoked;

use keyreeve_crypto::AdoptedPublicKey;
use keyreeve_domain::KeyVersionId;
use keyreeve_domain::audit::{Action, AuditEntry, Outcome};
use keyreeve_domain::ports::{AuditQuery, ReadTransaction};
use keyreeve_formats::{Found, read};

pub use issue::issue_ssh_certificate;
pub use krl::write_krl;
pub use list::list_ssh_certificates;

use crate::api::ErrorCode;
use crate::error::Error;
use crate::keys::contents;

/// The one public key in a file.
fn public_key(path: &str) -> Result<AdoptedPublicKey, Error> {
    let refused =
        |why: String| Error::new(ErrorCode::BadInputFile, format!("the file {path}: {why}"));
    let contents = contents(std::path::Path::new(path)).map_err(refused)?;
    let items = read(&contents).map_err(|error| refused(error.to_string()))?;
    let mut found = items.into_iter().filter_map(|item| match item.found {
        Found::Public(key) => Some(key),
        _ => None,
    });
    match (found.next(), found.next()) {
        (Some(key), None) => Ok(key),
        (Some(_), Some(_)) => Err(refused("several public keys are in it; name one".into())),
        (None, _) => Err(refused("no public key that Keyreeve knows is in it".into())),
    }
}

/// What a version of a key did, newest first.
fn done(
    tx: &dyn ReadTransaction,
    id: KeyVersionId,
    action: Action,
) -> Result<Vec<AuditEntry>, Error> {
    let mut events = tx.events(&AuditQuery {
        object: Some(id.key.to_string()),
        action: Some(action),
        limit: u32::MAX,
        ..AuditQuery::default()
    })?;
    events.retain(|event| event.outcome == Outcome::Done && event.version == Some(id.version));
    Ok(events)
}

fn not_understood() -> Error {
    Error::internal("an entry of the log is not understood")
}

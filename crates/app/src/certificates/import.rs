//! Brings certificates in.

use keyreeve_domain::Description;
use keyreeve_formats::{Certificate, Found, read};

use super::authority::kept_as;
use super::keep::keep_found;
use super::view::Names;
use crate::api::{ErrorCode, ImportCertificatesRequest, ImportCertificatesResponse};
use crate::error::Error;
use crate::keys::contents;
use crate::session::UnlockedSession;

/// Keeps every certificate of the files, each with the key that it is of: all of them, or none. What is
/// kept already is counted.
///
/// # Errors
/// When the slot's role does not allow it, a file cannot be read, or holds no certificate.
pub fn import_certificates(
    session: &UnlockedSession,
    request: &ImportCertificatesRequest,
) -> Result<ImportCertificatesResponse, Error> {
    session.may_change_keys()?;
    if request.paths.is_empty() {
        return Err(Error::invalid("name a file"));
    }
    let mut found = Vec::new();
    for path in &request.paths {
        found.extend(certificates(path)?);
    }
    found.sort_by_key(above_first);
    let mut write = session.write()?;
    let (mut kept, mut known) = (Vec::new(), 0);
    for one in &found {
        if kept_as(&*write.tx, keyreeve_crypto::sha256(&one.der))?.is_some() {
            known += 1;
        } else {
            kept.push(keep_found(&mut write, one, Description::default())?);
        }
    }
    let now = write.stamp.time;
    let mut names = Names::default();
    let views = kept.iter().map(|record| names.view(&*write.tx, record, now));
    let certificates = views.collect::<Result<_, _>>()?;
    if !kept.is_empty() {
        write.commit()?;
    }
    Ok(ImportCertificatesResponse { certificates, known })
}

/// By which certificates are sorted, so that an issuer is there before what it issued.
pub(crate) fn above_first(one: &Certificate) -> (bool, bool) {
    let names_itself = one.issued.as_ref().is_some_and(|issued| issued.issuer == one.subject);
    (!names_itself, !matches!(one.authority, Some((true, _))))
}

/// The certificates in a file; whatever else it holds is left.
fn certificates(path: &str) -> Result<Vec<Certificate>, Error> {
    let refused =
        |why: String| Error::new(ErrorCode::BadInputFile, format!("the file {path}: {why}"));
    let contents = contents(std::path::Path::new(path)).map_err(refused)?;
    let items = read(&contents).map_err(|error| refused(error.to_string()))?;
    if items.iter().any(|item| item.is_locked()) {
        let why = "a part of it is encrypted; bring it in with its key (key import)";
        return Err(refused(why.into()));
    }
    let found: Vec<_> = items
        .into_iter()
        .filter_map(|item| match item.found {
            Found::Certificate(found) if found.issued.is_some() => Some(*found),
            _ => None,
        })
        .collect();
    if found.is_empty() { Err(refused("no certificate is in it".into())) } else { Ok(found) }
}

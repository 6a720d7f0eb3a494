//! Brings certificates in.

use keyreeve_domain::Description;
use keyreeve_formats::{Certificate, Found, RevocationList, read};

use super::authority::kept_as;
use super::keep::keep_found;
use super::lists::follow;
use super::view::Names;
use crate::api::{ErrorCode, ImportCertificatesRequest, ImportCertificatesResponse};
use crate::error::Error;
use crate::keys::contents;
use crate::session::UnlockedSession;

/// Keeps every certificate of the files, each with the key that it is of, and marks those that a list in
/// them revokes: all of it, or nothing. What is kept already is counted.
///
/// # Errors
/// When the slot's role does not allow it, a file cannot be read or holds neither, or a list's issuer is
/// not known or did not sign it.
pub fn import_certificates(
    session: &UnlockedSession,
    request: &ImportCertificatesRequest,
) -> Result<ImportCertificatesResponse, Error> {
    session.may_change_keys()?;
    if request.paths.is_empty() {
        return Err(Error::invalid("name a file"));
    }
    let (mut found, mut lists) = (Vec::new(), Vec::new());
    for path in &request.paths {
        let (certificates, of_revoked) = contents_of(path)?;
        found.extend(certificates);
        lists.extend(of_revoked);
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
    // After the certificates, of which they may speak.
    let mut marked = Vec::new();
    for list in &lists {
        marked.extend(follow(&mut write, list)?);
    }
    let now = write.stamp.time;
    let mut names = Names::default();
    let views = kept.iter().map(|record| names.view(&*write.tx, record, now));
    let certificates = views.collect::<Result<_, _>>()?;
    let revoked = marked.iter().map(|record| names.view(&*write.tx, record, now));
    let revoked = revoked.collect::<Result<_, _>>()?;
    if !kept.is_empty() || !marked.is_empty() {
        write.commit()?;
    }
    let lists = u32::try_from(lists.len()).unwrap_or(u32::MAX);
    Ok(ImportCertificatesResponse { certificates, known, revoked, lists })
}

/// By which certificates are sorted, so that an issuer is there before what it issued.
pub(crate) fn above_first(one: &Certificate) -> (bool, bool) {
    let names_itself = one.issued.as_ref().is_some_and(|issued| issued.issuer == one.subject);
    (!names_itself, !matches!(one.authority, Some((true, _))))
}

/// The certificates in a file, and the lists of revoked ones; whatever else it holds is left.
fn contents_of(path: &str) -> Result<(Vec<Certificate>, Vec<RevocationList>), Error> {
    let refused =
        |why: String| Error::new(ErrorCode::BadInputFile, format!("the file {path}: {why}"));
    let contents = contents(std::path::Path::new(path)).map_err(refused)?;
    let items = read(&contents).map_err(|error| refused(error.to_string()))?;
    if items.iter().any(|item| item.is_locked()) {
        let why = "a part of it is encrypted; bring it in with its key (key import)";
        return Err(refused(why.into()));
    }
    let (mut found, mut lists) = (Vec::new(), Vec::new());
    for item in items {
        match item.found {
            Found::Certificate(one) if one.issued.is_some() => found.push(*one),
            Found::RevocationList(list) => lists.push(*list),
            _ => {}
        }
    }
    if found.is_empty() && lists.is_empty() {
        return Err(refused("no certificate is in it".into()));
    }
    Ok((found, lists))
}

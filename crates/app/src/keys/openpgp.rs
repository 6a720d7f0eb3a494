//! Takes a key out as an OpenPGP key, or its certificate alone: both are signed by the key itself.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use keyreeve_domain::KeyRecord;
use keyreeve_domain::audit::Action;
use keyreeve_formats::{
    Format, OpenPgpFiles, OpenPgpIdentity, Protection, can_be_openpgp, export_openpgp,
};

use super::export::{denied, draft_of, find_version, may_leave, protection_of, unsupported};
use super::import::OPENPGP_CREATED;
use super::material::open_material_of;
use crate::api::{ErrorCode, ExportKeyRequest, ExportKeyResponse};
use crate::certificates::may_sign;
use crate::error::Error;
use crate::output;
use crate::session::UnlockedSession;

const FORMAT: Format = Format::OpenPgp;
/// The longest user ID, in characters.
const MAX_USER_ID: usize = 200;

/// Writes the secret key, its certificate and what revokes it, or for `public` the certificate alone. The
/// event is durable before the files are written.
///
/// # Errors
/// As [`super::export_key`]; and when the key's purpose or state does not let it sign.
pub(super) fn export(
    session: &UnlockedSession,
    request: &ExportKeyRequest,
) -> Result<ExportKeyResponse, Error> {
    let out = output::free_place(&request.out)?;
    let beside = if request.public { Vec::new() } else { beside(out)? };
    let files = make(session, request)?;
    // EXPOSE: written to the file that the user asked for.
    let first = if request.public { files.certificate.as_slice() } else { files.secret.expose() };
    let all = [first, files.certificate.as_slice(), files.revocation.as_slice()];
    let places = std::iter::once(out).chain(beside.iter().map(PathBuf::as_path));
    output::write_all_new(&places.zip(all).collect::<Vec<_>>())?;
    Ok(ExportKeyResponse {
        file: request.out.clone(),
        format: FORMAT.name().into(),
        bytes: first.len() as u64,
        handed_over: None,
        beside: beside.iter().map(|path| path.to_string_lossy().into_owned()).collect(),
    })
}

/// Where the certificate and the revocation certificate go.
fn beside(out: &Path) -> Result<Vec<PathBuf>, Error> {
    let places = ["pub.asc", "rev.asc"].map(|ending| out.with_extension(ending));
    for place in &places {
        output::free_place(&place.to_string_lossy())?;
    }
    Ok(places.into())
}

fn make(session: &UnlockedSession, request: &ExportKeyRequest) -> Result<OpenPgpFiles, Error> {
    session.held().material_key()?;
    let (action, protection) = if request.public {
        (Action::KeyExportPublic, Protection::Plain)
    } else {
        let protection = protection_of(request, FORMAT)?;
        session.fresh(request.proof.as_ref())?;
        (Action::KeyExport, protection)
    };
    let mut write = session.write()?;
    let (record, number) = find_version(&*write.tx, &request.key, request.version)?;
    if !can_be_openpgp(record.algorithm, record.purpose) {
        let message = format!(
            "“{}” is a key of {} for the purpose {}: an OpenPGP key certifies its own name, so that it is an RSA, EC or \
             Ed25519 key for sign or authenticate",
            record.name, record.algorithm, record.purpose
        );
        return Err(Error::new(ErrorCode::FormatUnsupported, message));
    }
    let user_id = user_id(request, &record)?;
    let created = created(&record, number);
    let now = write.stamp.time;
    let mut draft = draft_of(&write, &record, number, action, request, FORMAT);
    draft.details.insert("subject".into(), user_id.clone());
    let leaves = if request.public { Ok(()) } else { may_leave(session, &record, number, now) };
    if let Err(refused) = leaves.and_then(|()| may_sign(&record, number, false, now)) {
        return Err(denied(write, draft, refused)?);
    }
    let material = open_material_of(session, &*write.tx, &record, number)?;
    let about = OpenPgpIdentity { user_id: &user_id, created, purpose: record.purpose };
    let files =
        export_openpgp(record.algorithm, &material, protection, &about).map_err(unsupported)?;
    write.tx.append(draft)?;
    write.tx.touch_key(record.id, now)?;
    write.commit()?;
    Ok(files)
}

fn user_id(request: &ExportKeyRequest, record: &KeyRecord) -> Result<String, Error> {
    let wanted = match &request.user_id {
        Some(wanted) => wanted.trim().to_owned(),
        None => record.name.to_string(),
    };
    if wanted.is_empty()
        || wanted.chars().count() > MAX_USER_ID
        || wanted.chars().any(char::is_control)
    {
        let message = format!("a user ID has 1 to {MAX_USER_ID} characters on one line");
        return Err(Error::invalid(message));
    }
    Ok(wanted)
}

/// The time in the fingerprint: that of the OpenPGP key that came in, which a field of the key keeps, else
/// when the version was made in the vault.
fn created(record: &KeyRecord, number: u32) -> Timestamp {
    let kept = record.fields.iter().find(|field| field.name() == OPENPGP_CREATED);
    let kept = kept.filter(|_| number == 1).and_then(|field| field.value().parse().ok());
    let made = record.version(number).map(|version| version.created_at);
    kept.or(made).unwrap_or(record.created_at)
}

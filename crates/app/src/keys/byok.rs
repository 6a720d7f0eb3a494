//! Takes a key out for a cloud's key service, wrapped so that only that service can open it.

use std::fs::File;
use std::io::Read as _;

use keyreeve_crypto::{SecretBytes, WrappingKey, sha256};
use keyreeve_domain::KeyRecord;
use keyreeve_domain::audit::{Action, AuditDraft, ObjectKind};
use keyreeve_formats::{self as formats, ByokError, ByokTarget, Found, read};

use crate::api::{ByokRequest, ByokResponse, ErrorCode};
use crate::error::{Error, io_code};
use crate::keys::export::{denied, find_version, may_leave};
use crate::keys::hand_over::{HOW, RECIPIENT};
use crate::keys::material::open_material_of;
use crate::output;
use crate::session::{UnlockedSession, Write};

/// A wrapping key's file is never longer, in bytes.
const MAX_WRAPPING_KEY: u64 = 64 * 1024;

/// Writes a key's material, wrapped for a key service, into a new file. The event is durable before the
/// file is written: what left the vault is always in the log.
///
/// # Errors
/// When there is no such key or version, its state, policy or the slot's role refuses, the service takes
/// no such key or not so wrapped, the wrapping key cannot be read, the passphrase was not entered again, or
/// the file cannot be written. A refused export is logged.
pub fn byok(session: &UnlockedSession, request: &ByokRequest) -> Result<ByokResponse, Error> {
    session.held().material_key()?;
    let target = ByokTarget::named(&request.target).ok_or_else(|| {
        let known = ByokTarget::ALL.map(ByokTarget::name).join(", ");
        Error::invalid(format!("“{}” is none of {known}", request.target))
    })?;
    let out = output::free_place(&request.out)?;
    let spki = wrapping_key(&request.wrapping_key)?;
    let wrapping_key = WrappingKey::from_spki(&spki)
        .map_err(|error| Error::new(ErrorCode::BadInputFile, error.to_string()))?;
    let fingerprint = hex::encode(sha256(&spki));
    session.fresh(request.proof.as_ref())?;

    let mut write = session.write()?;
    let (record, number) = find_version(&*write.tx, &request.key, request.version)?;
    let draft = |write: &Write<'_>| draft_of(write, &record, number, request, &fingerprint);
    if let Err(refused) = may_leave(session, &record, number, write.stamp.time) {
        let draft = draft(&write);
        return Err(denied(write, draft, refused)?);
    }
    let material = open_material_of(session, &*write.tx, &record, number)?;
    let package = formats::byok(&formats::ByokRequest {
        target,
        algorithm: record.algorithm,
        purpose: record.purpose,
        material: &material,
        wrapping_key: &wrapping_key,
        method: request.method.as_deref(),
        key_identifier: request.key_identifier.as_deref(),
        file: &request.out,
    })
    .map_err(refused)?;
    let mut done = draft(&write);
    done.details.insert("protection".into(), package.method.into());
    write.tx.append(done)?;
    write.tx.touch_key(record.id, write.stamp.time)?;
    write.commit()?;
    output::write_new(out, &package.bytes)?;
    Ok(ByokResponse {
        file: request.out.clone(),
        bytes: package.bytes.len() as u64,
        target: target.name().into(),
        method: package.method.into(),
        legacy: package.legacy,
        wrapping_key: fingerprint,
        command: package.command,
    })
}

/// The one public RSA key in a file, as `SubjectPublicKeyInfo`.
fn wrapping_key(file: &str) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    File::open(file)
        .and_then(|file| file.take(MAX_WRAPPING_KEY + 1).read_to_end(&mut bytes))
        .map_err(|error| {
            Error::new(io_code(&error), format!("{file} could not be read: {error}"))
        })?;
    let unfit = |what: &str| Error::new(ErrorCode::BadInputFile, format!("{file} {what}"));
    if bytes.len() as u64 > MAX_WRAPPING_KEY {
        return Err(unfit("is too long for a wrapping key"));
    }
    let items =
        read(&SecretBytes::new(bytes)).map_err(|error| unfit(&format!("is no key: {error}")))?;
    match <[_; 1]>::try_from(items) {
        Ok([item]) => match item.found {
            Found::Public(public) => Ok(public.spki),
            _ => Err(unfit("holds something else than a public key")),
        },
        Err(_none_or_many) => Err(unfit("does not hold exactly one key")),
    }
}

fn refused(error: ByokError) -> Error {
    let code = match error {
        ByokError::KeyIdentifier(_) | ByokError::Method { .. } => ErrorCode::InvalidRequest,
        ByokError::WrappingKey { .. } => ErrorCode::BadInputFile,
        _ => ErrorCode::FormatUnsupported,
    };
    Error::new(code, error.to_string())
}

fn draft_of(
    write: &Write<'_>,
    record: &KeyRecord,
    number: u32,
    request: &ByokRequest,
    wrapping_key: &str,
) -> AuditDraft {
    let mut draft = write.draft(Action::KeyHandOver, ObjectKind::Key, record.id.to_string());
    draft.version = Some(number);
    draft.reason = Some(request.reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    draft.digest = Some(record.state_digest());
    draft.details.insert(RECIPIENT.into(), request.target.clone());
    draft.details.insert(HOW.into(), "byok".into());
    draft.details.insert("file".into(), request.out.clone());
    draft.details.insert("wrapping_key".into(), wrapping_key.into());
    draft
}

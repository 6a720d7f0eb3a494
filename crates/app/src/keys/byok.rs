//! Takes a key out for a cloud's key service, wrapped so that only that service can open it.

use keyreeve_crypto::{SecretBytes, WrappingKey, sha256};
use keyreeve_domain::KeyRecord;
use keyreeve_domain::audit::{Action, AuditDraft, ObjectKind};
use keyreeve_formats::{
    self as formats, AwsParameters, ByokError, ByokTarget, Found, byok_ways, read,
};

use crate::api::{
    ByokRequest, ByokResponse, ErrorCode, KeyServiceView, KeyServicesRequest, KeyServicesResponse,
    WrappingMethodView,
};
use crate::error::Error;
use crate::keys::contents;
use crate::keys::export::{denied, find_version, may_leave};
use crate::keys::hand_over::{HOW, RECIPIENT};
use crate::keys::material::open_material_of;
use crate::output;
use crate::parse;
use crate::session::{UnlockedSession, Write};

/// A wrapping key's file is never longer, in bytes.
const MAX_WRAPPING_KEY: usize = 64 * 1024;
/// What the name of the file with AWS's import token ends in, after that of the package.
const TOKEN_ENDING: &str = "import-token";

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
    let given = given_out(&request.wrapping_key, target)?;
    let wrapping_key = WrappingKey::from_spki(&given.spki)
        .map_err(|error| Error::new(ErrorCode::BadInputFile, error.to_string()))?;
    let fingerprint = hex::encode(sha256(&given.spki));
    let beside = given.token.as_ref().map(|_token| out.with_added_extension(TOKEN_ENDING));
    if let Some(place) = &beside {
        output::free_place(&place.to_string_lossy())?;
    }
    let beside_text = beside.as_ref().map(|place| place.to_string_lossy().into_owned());
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
        into: given.key_id.as_deref().zip(beside_text.as_deref()),
    })
    .map_err(refused)?;
    let mut done = draft(&write);
    done.details.insert("protection".into(), package.method.into());
    write.tx.append(done)?;
    write.tx.touch_key(record.id, write.stamp.time)?;
    write.commit()?;
    let mut files = vec![(out, package.bytes.as_slice())];
    files.extend(beside.as_deref().zip(given.token.as_deref()));
    output::write_all_new(&files)?;
    Ok(ByokResponse {
        file: request.out.clone(),
        bytes: package.bytes.len() as u64,
        beside: beside_text,
        target: target.name().into(),
        method: package.method.into(),
        legacy: package.legacy,
        wrapping_key: fingerprint,
        command: package.command,
    })
}

/// Tells which key services take a key, and how.
///
/// # Errors
/// When there is no such key, or the database fails.
pub fn key_services(
    session: &UnlockedSession,
    request: &KeyServicesRequest,
) -> Result<KeyServicesResponse, Error> {
    let tx = session.read()?;
    let id = parse::find_key(&*tx, &request.key)?;
    let record = tx.trusted_key(id)?.ok_or_else(|| Error::internal("the key vanished"))?;
    let services = ByokTarget::ALL.into_iter().filter_map(|target| {
        let ways = byok_ways(target, record.algorithm, record.purpose);
        let methods: Vec<_> = ways
            .into_iter()
            .map(|way| WrappingMethodView {
                name: way.method.into(),
                legacy: way.legacy,
                wrapping_key_command: way.wrapping_key_command,
            })
            .collect();
        (!methods.is_empty()).then(|| KeyServiceView {
            target: target.name().into(),
            names_wrapping_key: target == ByokTarget::AzureKeyVault,
            methods,
        })
    });
    Ok(KeyServicesResponse { services: services.collect() })
}

/// What a service gave out.
struct GivenOut {
    /// Its wrapping key, as `SubjectPublicKeyInfo`.
    spki: Vec<u8>,
    /// The key there into which the material goes.
    key_id: Option<String>,
    /// What it asks back beside the package.
    token: Option<Vec<u8>>,
}

/// The one public RSA key in a file, alone or in what AWS's command line answered.
fn given_out(file: &str, target: ByokTarget) -> Result<GivenOut, Error> {
    let unfit = |what: &str| Error::new(ErrorCode::BadInputFile, format!("{file} {what}"));
    let bytes = contents(file.as_ref())
        .map_err(|why| Error::new(ErrorCode::BadInputFile, format!("{file}: {why}")))?;
    // EXPOSE: only its length.
    if bytes.expose().len() > MAX_WRAPPING_KEY {
        return Err(unfit("is too long for a wrapping key"));
    }
    // EXPOSE: a service's public key.
    let parameters = match target {
        ByokTarget::AwsKms => AwsParameters::read(bytes.expose())
            .map_err(|error| unfit(&format!("is damaged: {error}")))?,
        _ => None,
    };
    Ok(match parameters {
        Some(AwsParameters { key_id, wrapping_key, import_token }) => GivenOut {
            spki: public_key(&SecretBytes::new(wrapping_key)).map_err(unfit)?,
            key_id: Some(key_id),
            token: Some(import_token),
        },
        None => GivenOut { spki: public_key(&bytes).map_err(unfit)?, key_id: None, token: None },
    })
}

/// The one public key in these bytes, or what they are instead.
fn public_key(bytes: &SecretBytes) -> Result<Vec<u8>, &'static str> {
    let items = read(bytes).map_err(|_unknown| "is no key")?;
    match <[_; 1]>::try_from(items) {
        Ok([item]) => match item.found {
            Found::Public(public) => Ok(public.spki),
            Found::Foreign(_) => Err("holds a public key of a kind that wraps nothing here"),
            _ => Err("holds something else than a public key"),
        },
        Err(_none_or_many) => Err("does not hold exactly one key"),
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

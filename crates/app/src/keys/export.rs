//! Takes a key out into a file.

use keyreeve_crypto::{SecretBytes, SecretString};
use keyreeve_domain::audit::{Action, AuditDraft, ObjectKind, Outcome};
use keyreeve_domain::ports::ReadTransaction;
use keyreeve_domain::{KeyRecord, Operation, Permission, Refusal};
use keyreeve_formats::{
    ExportError, Format, Pkcs12Profile, Protection, UnknownFormat, export_pkcs12, export_private,
};

use crate::api::{ErrorCode, ExportKeyRequest, ExportKeyResponse};
use crate::certificates;
use crate::error::Error;
use crate::keys::hand_over::hand_over;
use crate::keys::material::open_material_of;
use crate::keys::openpgp;
use crate::keys::public_key::public_bytes;
use crate::output;
use crate::parse;
use crate::session::{UnlockedSession, Write};
use crate::vault::require_strong;

/// Writes a key's public half or material into a new file, for recipients where some are named. The
/// event is durable before the file is written: what left the vault is always in the log.
///
/// # Errors
/// When there is no such key or version, its state, policy or the slot's role refuses, the format
/// does not fit, a recipient cannot be encrypted to, plaintext was not confirmed, the passphrase was not
/// entered again, or the file cannot be written. A refused export of material is logged.
pub fn export_key(
    session: &UnlockedSession,
    request: &ExportKeyRequest,
) -> Result<ExportKeyResponse, Error> {
    let format = format_named(&request.format)?;
    check_pkcs12(request, format)?;
    if format == Format::OpenPgp && request.to.is_empty() {
        return openpgp::export(session, request);
    }
    if request.user_id.is_some() {
        return Err(Error::invalid("only an OpenPGP key has a user ID"));
    }
    let out = output::free_place(&request.out)?;
    let (bytes, handed_over) = if !request.to.is_empty() {
        if request.public || request.plaintext || request.encrypt_passphrase.is_some() {
            return Err(Error::invalid(
                "a file for recipients is neither public, nor in the clear, nor under a passphrase",
            ));
        }
        let (bytes, told) = hand_over(session, request, format)?;
        (bytes, Some(told))
    } else if request.public || format.is_public() {
        (export_public_half(session, request, format)?, None)
    } else {
        (export_material(session, request, format)?, None)
    };
    // EXPOSE: written to the file that the user asked for.
    output::write_new(out, bytes.expose())?;
    Ok(ExportKeyResponse {
        file: request.out.clone(),
        format: format.name().into(),
        bytes: bytes.len() as u64,
        handed_over,
        beside: Vec::new(),
    })
}

fn export_public_half(
    session: &UnlockedSession,
    request: &ExportKeyRequest,
    format: Format,
) -> Result<SecretBytes, Error> {
    let mut write = session.write()?;
    let (record, number) = find_version(&*write.tx, &request.key, request.version)?;
    let bytes = public_bytes(&record, number, format)?;
    log(&mut write, &record, number, Action::KeyExportPublic, request, format)?;
    write.commit()?;
    Ok(SecretBytes::new(bytes))
}

fn export_material(
    session: &UnlockedSession,
    request: &ExportKeyRequest,
    format: Format,
) -> Result<SecretBytes, Error> {
    session.held().material_key()?;
    let protection = protection_of(request, format)?;
    let certificate = request.certificate.as_deref().map(certificates::file).transpose()?;
    session.fresh(request.proof.as_ref())?;

    let mut write = session.write()?;
    let (record, number) = find_version(&*write.tx, &request.key, request.version)?;
    let allowed = may_leave(session, &record, number, write.stamp.time);
    if let Err(refused) = allowed {
        let draft = draft_of(&write, &record, number, Action::KeyExport, request, format);
        return Err(denied(write, draft, refused)?);
    }
    let material = open_material_of(session, &*write.tx, &record, number)?;
    let comment = comment_of(&record, number);
    let certificate = match &request.kept_certificate {
        Some(kept) => Some(certificates::kept_chain(&*write.tx, kept)?),
        None => certificate,
    };
    let bytes = match protection {
        Protection::Passphrase(passphrase) if format == Format::Pkcs12 => {
            let (certificate, profile) = (certificate.as_deref(), profile_of(request));
            export_pkcs12(record.algorithm, &material, passphrase, &comment, certificate, profile)
        }
        _ => export_private(record.algorithm, &material, format, protection, &comment),
    };
    let bytes = bytes.map_err(unsupported)?;
    log(&mut write, &record, number, Action::KeyExport, request, format)?;
    write.tx.touch_key(record.id, write.stamp.time)?;
    write.commit()?;
    Ok(bytes)
}

/// Whether what is asked of PKCS#12 alone is asked of it.
fn check_pkcs12(request: &ExportKeyRequest, format: Format) -> Result<(), Error> {
    let is_pkcs12 = format == Format::Pkcs12 && !request.public;
    if request.certificate.is_some() && request.kept_certificate.is_some() {
        return Err(Error::invalid("give a file with the certificate, or a kept one, not both"));
    }
    if (request.certificate.is_some() || request.kept_certificate.is_some()) && !is_pkcs12 {
        return Err(Error::invalid("a certificate goes into PKCS#12 only, beside the private key"));
    }
    if request.legacy && !is_pkcs12 {
        return Err(Error::invalid("the legacy protection is PKCS#12's only"));
    }
    Ok(())
}

const fn profile_of(request: &ExportKeyRequest) -> Pkcs12Profile {
    if request.legacy { Pkcs12Profile::Legacy } else { Pkcs12Profile::Modern }
}

/// How the file is to be protected, as the request says.
pub(super) fn protection_of(
    request: &ExportKeyRequest,
    format: Format,
) -> Result<Protection<'_>, Error> {
    match &request.encrypt_passphrase {
        Some(passphrase) => {
            if !format.takes_passphrase() {
                let message = format!("{} files cannot carry a passphrase", format.name());
                return Err(Error::new(ErrorCode::FormatUnsupported, message));
            }
            require_strong(passphrase, true)?;
            if request.scrypt {
                Ok(Protection::Scrypt(passphrase))
            } else {
                Ok(Protection::Passphrase(passphrase))
            }
        }
        None if request.scrypt => {
            Err(Error::invalid("scrypt stretches a passphrase, and none was given"))
        }
        None if request.plaintext => Ok(Protection::Plain),
        None => Err(Error::new(
            ErrorCode::PlaintextNotConfirmed,
            "the key would be written in the clear",
        )),
    }
}

/// Writes into the log that something was refused, and why.
pub(crate) fn denied(
    mut write: Write<'_>,
    mut draft: AuditDraft,
    refused: Error,
) -> Result<Error, Error> {
    draft.outcome = Outcome::Denied;
    draft.details.insert("why".into(), refused.to_string());
    write.tx.append(draft)?;
    write.commit()?;
    Ok(refused)
}

/// Whether the state, the policy and the slot's role let the material out.
pub(super) fn may_leave(
    session: &UnlockedSession,
    record: &KeyRecord,
    number: u32,
    now: jiff::Timestamp,
) -> Result<(), Error> {
    session.may_change_keys()?;
    let Some(version) = record.version(number) else { return Ok(()) };
    match version.permits(Operation::Export, &record.policy, record.exportable, now) {
        Permission::Granted => Ok(()),
        // Before it was ever active, only an administrator takes it out.
        Permission::Warned(_) => session.may_administer(),
        Permission::Refused(Refusal::NotExportable) => Err(Error::new(
            ErrorCode::RefusedByPolicy,
            format!("“{}” was made as not exportable: its material never leaves", record.name),
        )),
        Permission::Refused(Refusal::DestructionScheduled) => Err(Error::new(
            ErrorCode::RefusedByState,
            format!("version {number} is scheduled for destruction"),
        )),
        Permission::Refused(_) | Permission::OverrideNeeded => Err(Error::new(
            ErrorCode::RefusedByState,
            format!("version {number} is {}: its material does not leave", version.state),
        )),
    }
}

/// The key and the version's number, which exists; the primary one when none is named.
pub(crate) fn find_version(
    tx: &dyn ReadTransaction,
    key: &str,
    version: Option<u32>,
) -> Result<(KeyRecord, u32), Error> {
    let id = parse::find_key(tx, key)?;
    let record = tx.trusted_key(id)?.ok_or_else(|| Error::internal("the key vanished"))?;
    let number = version.unwrap_or(record.primary_version);
    if record.version(number).is_none() {
        return Err(Error::new(
            ErrorCode::NotFound,
            format!("“{}” has no version {number}", record.name),
        ));
    }
    Ok((record, number))
}

pub(super) fn format_named(name: &str) -> Result<Format, Error> {
    name.parse().map_err(|error: UnknownFormat| Error::invalid(error.to_string()))
}

/// What a file says of the key it holds: its name and version.
pub(super) fn comment_of(record: &KeyRecord, number: u32) -> String {
    format!("{} v{number}", record.name)
}

pub(super) fn unsupported(error: ExportError) -> Error {
    let code = match error {
        ExportError::Certificate(_) => ErrorCode::BadInputFile,
        _ => ErrorCode::FormatUnsupported,
    };
    Error::new(code, error.to_string())
}

fn log(
    write: &mut Write<'_>,
    record: &KeyRecord,
    number: u32,
    action: Action,
    request: &ExportKeyRequest,
    format: Format,
) -> Result<(), Error> {
    let draft = draft_of(write, record, number, action, request, format);
    write.tx.append(draft)?;
    Ok(())
}

pub(super) fn draft_of(
    write: &Write<'_>,
    record: &KeyRecord,
    number: u32,
    action: Action,
    request: &ExportKeyRequest,
    format: Format,
) -> AuditDraft {
    let mut draft = write.draft(action, ObjectKind::Key, record.id.to_string());
    draft.version = Some(number);
    draft.reason = Some(request.reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    draft.digest = Some(record.state_digest());
    draft.details.insert("format".into(), format.name().into());
    draft.details.insert("file".into(), request.out.clone());
    if action == Action::KeyExport {
        let protection = protection_name(request.encrypt_passphrase.as_ref());
        draft.details.insert("protection".into(), protection.into());
        if request.legacy {
            draft.details.insert("profile".into(), "legacy".into());
        }
    }
    draft
}

fn protection_name(passphrase: Option<&SecretString>) -> &'static str {
    if passphrase.is_some() { "passphrase" } else { "none" }
}

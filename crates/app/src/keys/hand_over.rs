//! Hands a key over: takes it out into a file that only its recipients can open, and records to whom.

use std::path::Path;

use jiff::Timestamp;
use keyreeve_crypto::SecretBytes;
use keyreeve_domain::KeyRecord;
use keyreeve_domain::audit::{Action, AuditDraft, ObjectKind};
use keyreeve_formats::{
    Envelope, Format, Protection, Recipient, RecipientError, encrypt_to, envelope_for,
    export_private,
};

use crate::api::{ErrorCode, ExportKeyRequest, HandedOver, RecipientView};
use crate::error::Error;
use crate::keys::export::{comment_of, denied, find_version, may_leave, unsupported};
use crate::keys::import;
use crate::keys::material::open_material_of;
use crate::session::{UnlockedSession, Write};

/// In an event's details: what tells the recipient from others.
pub(super) const RECIPIENT: &str = "recipient";
/// What its key says of whose it is.
pub(super) const NAME: &str = "name";
/// How the key was encrypted for it.
pub(super) const HOW: &str = "how";

/// The encrypted file, and what to say of it. Each recipient has an event of its own, durable before the
/// file is written.
pub(super) fn hand_over(
    session: &UnlockedSession,
    request: &ExportKeyRequest,
    format: Format,
) -> Result<(SecretBytes, HandedOver), Error> {
    session.held().material_key()?;
    let recipients = recipients(&request.to, session.now())?;
    let envelope = envelope_for(&recipients, format).map_err(|error| refused(None, &error))?;
    session.fresh(request.proof.as_ref())?;

    let mut write = session.write()?;
    let (record, number) = find_version(&*write.tx, &request.key, request.version)?;
    let draft = |write: &Write<'_>, recipient: &Recipient| {
        let mut draft = draft_of(write, &record, number, request);
        draft.details.insert(RECIPIENT.into(), recipient.fingerprint.clone());
        if let Some(name) = &recipient.name {
            draft.details.insert(NAME.into(), name.clone());
        }
        draft.details.insert(HOW.into(), envelope.name().into());
        draft.details.insert("format".into(), format.name().into());
        draft
    };
    if let Err(why) = may_leave(session, &record, number, write.stamp.time) {
        let mut draft = draft_of(&write, &record, number, request);
        let all: Vec<_> = recipients.iter().map(|one| one.fingerprint.as_str()).collect();
        draft.details.insert(RECIPIENT.into(), all.join(" "));
        return Err(denied(write, draft, why)?);
    }
    let material = open_material_of(session, &*write.tx, &record, number)?;
    let comment = comment_of(&record, number);
    let content = export_private(record.algorithm, &material, format, Protection::Plain, &comment)
        .map_err(unsupported)?;
    let sealed =
        encrypt_to(&recipients, format, &content).map_err(|error| refused(None, &error))?;
    for recipient in &recipients {
        let draft = draft(&write, recipient);
        write.tx.append(draft)?;
    }
    write.tx.touch_key(record.id, write.stamp.time)?;
    write.commit()?;
    Ok((SecretBytes::new(sealed), told(&recipients, envelope)))
}

fn told(recipients: &[Recipient], envelope: Envelope) -> HandedOver {
    let view = |recipient: &Recipient| RecipientView {
        fingerprint: recipient.fingerprint.clone(),
        name: recipient.name.clone(),
    };
    HandedOver {
        envelope: envelope.name().into(),
        opened_with: envelope.opened_with().into(),
        recipients: recipients.iter().map(view).collect(),
    }
}

/// Whom the lines and files name.
fn recipients(named: &[String], now: Timestamp) -> Result<Vec<Recipient>, Error> {
    let mut found = Vec::new();
    for named in named {
        let named = named.trim();
        let (bytes, place) = if is_key(named) {
            (SecretBytes::new(named.as_bytes().to_vec()), None)
        } else {
            let bytes = import::contents(Path::new(named)).map_err(|why| {
                Error::new(ErrorCode::BadRecipient, format!("the recipient's file {named}: {why}"))
            })?;
            (bytes, Some(named))
        };
        // EXPOSE: a recipient's public key; that it may be another file is why it was read as a secret.
        let read = Recipient::read(bytes.expose(), now).map_err(|error| refused(place, &error))?;
        found.extend(read);
    }
    Ok(found)
}

/// Whether that is a public key itself and no file's name. Whether there is such a file is not asked: one
/// that someone put there under the name of a recipient would take its place.
fn is_key(named: &str) -> bool {
    let begins_with = |beginnings: &[&str]| beginnings.iter().any(|text| named.starts_with(text));
    begins_with(&["AGE-SECRET-KEY-", "-----BEGIN ", "{"])
        || (named.starts_with("age1") && named.chars().all(|c| c.is_ascii_alphanumeric()))
        || (begins_with(&["ssh-", "ecdsa-sha2-", "sk-"]) && named.contains(' '))
}

fn refused(file: Option<&str>, error: &RecipientError) -> Error {
    let code = match error {
        RecipientError::Format(_) | RecipientError::JwkAlone(_) => ErrorCode::FormatUnsupported,
        _ => ErrorCode::BadRecipient,
    };
    let message = match (file, error) {
        (Some(file), error) => format!("{file} {error}"),
        (
            None,
            RecipientError::Nobody
            | RecipientError::TooLong
            | RecipientError::PrivateKey
            | RecipientError::Unfit(_)
            | RecipientError::OpenPgp(_)
            | RecipientError::Line { .. },
        ) => format!("what was given {error}"),
        (None, error) => error.to_string(),
    };
    Error::new(code, message)
}

fn draft_of(
    write: &Write<'_>,
    record: &KeyRecord,
    number: u32,
    request: &ExportKeyRequest,
) -> AuditDraft {
    let mut draft = write.draft(Action::KeyHandOver, ObjectKind::Key, record.id.to_string());
    draft.version = Some(number);
    draft.reason = Some(request.reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    draft.digest = Some(record.state_digest());
    draft.details.insert("file".into(), request.out.clone());
    draft
}

//! A key's public half as text.

use keyreeve_formats::{Format, export_public};

use crate::api::{ErrorCode, PublicKeyRequest, PublicKeyResponse};
use crate::error::Error;
use crate::keys::export::{comment_of, find_version, format_named, unsupported};
use crate::session::UnlockedSession;

/// The public half of a version, to show or copy.
///
/// # Errors
/// When there is no such key or version, it has no public half, or the format does not fit.
pub fn public_key(
    session: &UnlockedSession,
    request: &PublicKeyRequest,
) -> Result<PublicKeyResponse, Error> {
    let tx = session.read()?;
    let (record, number) = find_version(&*tx, &request.key, request.version)?;
    let format = format_named(&request.format)?;
    let bytes = public_bytes(&record, number, format)?;
    let text = String::from_utf8(bytes).map_err(|_binary| {
        Error::new(ErrorCode::FormatUnsupported, format!("{} is not text", format.name()))
    })?;
    Ok(PublicKeyResponse { text })
}

pub(super) fn public_bytes(
    record: &keyreeve_domain::KeyRecord,
    number: u32,
    format: Format,
) -> Result<Vec<u8>, Error> {
    let spki = record.version(number).and_then(|version| version.public_key.as_deref());
    let spki = spki.ok_or_else(|| {
        Error::new(
            ErrorCode::FormatUnsupported,
            format!("{} keys have no public half", record.algorithm),
        )
    })?;
    export_public(record.algorithm, spki, format, &comment_of(record, number)).map_err(unsupported)
}

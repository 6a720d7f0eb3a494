//! Format 1 of a header: bytes to a [`Header`] and back, without any key.

mod body;
mod slot;
mod time;

use keyreeve_crypto::{Argon2ParamsError, MAX_MEMORY_KIB, MAX_TIME_COST, sha256_parts};
use keyreeve_domain::ports::{HeaderError, SlotKind};
use serde::Deserialize;
use serde_json::value::RawValue;

pub use body::Body;
pub use slot::{Pair, Slot};
pub use time::{parse_time, time_text, whole_milliseconds};

/// The newest format this build knows.
pub const FORMAT: u32 = 1;
/// The most bytes a header may have.
pub const MAX_BYTES: u64 = 64 * 1024;
/// The most slots a header may have.
pub const MAX_SLOTS: usize = 32;
/// The most that all slots together may cost to try, in KiB times passes: no more than one of them
/// alone could. Who wrote a header decides how long a wrong passphrase is thought about.
pub const MAX_COST: u64 = MAX_MEMORY_KIB as u64 * MAX_TIME_COST as u64;

/// Why bytes are no header.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// Made by a newer app, and undamaged.
    #[error("format {found} is newer than this app")]
    Newer {
        /// The format found.
        found: u32,
    },
    /// Of this format, undamaged, and with a slot of a kind that only a newer app knows.
    #[error("it has a slot of the kind “{kind}”, which is newer than this app")]
    NewerKind {
        /// The kind's stored name.
        kind: String,
    },
    /// A slot's cost parameters are outside the accepted range.
    #[error(transparent)]
    Parameters(#[from] Argon2ParamsError),
    /// Anything else, in words.
    #[error("{0}")]
    Invalid(String),
}

impl From<FormatError> for HeaderError {
    fn from(error: FormatError) -> Self {
        match error {
            FormatError::Newer { found } => Self::Newer { found, known: FORMAT },
            FormatError::NewerKind { kind } => Self::NewerKind { kind },
            FormatError::Parameters(error) => Self::Parameters(error),
            FormatError::Invalid(what) => Self::Damaged { what },
        }
    }
}

/// A header whose every rule that needs no key holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// What the body says.
    pub body: Body,
    /// The body's bytes as they stand in the file: what is hashed and MACed.
    pub body_text: String,
    /// The HMAC in the file, not yet checked.
    pub hmac: [u8; 32],
}

/// A whole file from a body's text and its HMAC.
pub fn encode(body_text: &str, hmac: &[u8; 32]) -> Vec<u8> {
    let hmac = hex::encode(hmac);
    let sha256 = hex::encode(checksum(body_text, &hmac));
    format!("{{\"body\":{body_text},\"sha256\":\"{sha256}\",\"hmac\":\"{hmac}\"}}\n").into_bytes()
}

/// Parses a whole file.
pub fn parse(bytes: &[u8]) -> Result<Header, FormatError> {
    if bytes.len() as u64 > MAX_BYTES {
        return Err(FormatError::Invalid("it is too large to be a header".into()));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| FormatError::Invalid(format!("it is not text: {error}")))?;
    refuse_newer(text)?;

    let envelope: Envelope<'_> = json(text)?;
    let body_text = envelope.body.get();
    let body: Body = json(body_text)?;
    if body.format != FORMAT {
        return Err(FormatError::Invalid(format!("its format is {}", body.format)));
    }
    if envelope.sha256 != checksum(body_text, envelope.hmac) {
        return Err(FormatError::Invalid("its checksum is wrong".into()));
    }
    let mut hmac = [0; 32];
    hex::decode_to_slice(envelope.hmac, &mut hmac)
        .map_err(|error| FormatError::Invalid(format!("its HMAC is malformed: {error}")))?;
    // One value has one encoding: what we would not have written, nobody should have.
    if body.text()? != body_text || encode(body_text, &hmac) != bytes {
        return Err(FormatError::Invalid("it is not in canonical form".into()));
    }
    body.check()?;
    Ok(Header { body_text: body_text.to_owned(), hmac, body })
}

/// Looks at the format and the slots' kinds alone, before anything that a newer app may write
/// otherwise. A wrong checksum means damage, not a newer app.
fn refuse_newer(text: &str) -> Result<(), FormatError> {
    #[derive(Deserialize)]
    struct AnyBody {
        format: u32,
    }
    let Ok(envelope) = serde_json::from_str::<Envelope<'_>>(text) else {
        return Ok(());
    };
    if envelope.sha256 != checksum(envelope.body.get(), envelope.hmac) {
        return Ok(());
    }
    match serde_json::from_str(envelope.body.get()) {
        Ok(AnyBody { format }) if format > FORMAT => Err(FormatError::Newer { found: format }),
        _ => refuse_newer_kind(envelope.body.get()),
    }
}

fn refuse_newer_kind(body: &str) -> Result<(), FormatError> {
    #[derive(Deserialize)]
    struct AnySlots {
        slots: Vec<AnySlot>,
    }
    #[derive(Deserialize)]
    struct AnySlot {
        kind: String,
        #[serde(default)]
        parts: Vec<AnySlot>,
    }
    let Ok(AnySlots { slots }) = serde_json::from_str(body) else { return Ok(()) };
    let known = |slot: &&AnySlot| SlotKind::named(&slot.kind).is_none();
    let every = slots.iter().flat_map(|slot| std::iter::once(slot).chain(&slot.parts));
    // A kind's name is short and plain; anything else is no name to show to people.
    let plain = |kind: &str| {
        kind.len() <= 32
            && kind.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    match every.filter(known).find(|slot| plain(&slot.kind)) {
        Some(slot) => Err(FormatError::NewerKind { kind: slot.kind.clone() }),
        None => Ok(()),
    }
}

/// A file's members. Others are refused by the comparison with the canonical form.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    body: &'a RawValue,
    #[serde(with = "hex")]
    sha256: [u8; 32],
    hmac: &'a str,
}

/// Covers the HMAC too, so that damage to it is not taken for tampering.
fn checksum(body_text: &str, hmac: &str) -> [u8; 32] {
    sha256_parts(&[body_text.as_bytes(), hmac.as_bytes()])
}

fn json<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, FormatError> {
    serde_json::from_str(text)
        .map_err(|error| FormatError::Invalid(format!("it is not a header: {error}")))
}

#[cfg(test)]
mod tests;

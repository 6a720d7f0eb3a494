//! Reading what other programs wrote: the format is found from the content, never asked for.

mod age;
mod age_file;
mod certificate;
mod der;
mod encrypted_pkcs8;
mod form;
mod item;
mod java_fields;
mod java_keystore;
mod java_object;
mod java_pbe;
mod java_record;
mod jwe;
mod jwk;
mod keepass;
mod keepass_xml;
mod minisign;
pub(crate) mod openpgp;
mod openssh;
mod openssh_scalar;
mod pbe;
mod pbes1;
mod pem;
mod pkcs12_file;
mod pkcs12_secret;
mod putty;
mod revocation_list;
mod signify;
mod ssh_certificate;
mod symmetric;
mod traditional;
mod transit;
mod unread;
mod wireguard;

use keyreeve_crypto::SecretBytes;

pub(crate) use certificate::shown;
pub use certificate::{Certificate, Issued};
pub use form::Form;
pub use item::{Found, Item, Locked, Refusal, SymmetricKey};
pub use openpgp::{OpenPgpKey, OpenPgpRecipientError};
pub use revocation_list::RevocationList;
pub use ssh_certificate::SshCertificate;

/// The largest file looked at, in bytes.
pub const MAX_FILE_LEN: usize = 4 * 1024 * 1024;
/// The most items one file may hold.
pub const MAX_ITEMS: usize = 10_000;

/// Why nothing was found in a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Larger than any file of keys.
    #[error("the file is larger than {MAX_FILE_LEN} bytes")]
    TooLarge,
    /// More items than are looked at.
    #[error("the file holds more than {MAX_ITEMS} items")]
    TooMany,
    /// No format was recognised.
    #[error("no key was found in the file")]
    NothingFound,
}

/// Finds the keys in a file, in their order. What is encrypted is a [`Found::Locked`] item; what
/// cannot be taken in is a [`Found::Refused`] one that says why.
///
/// Every private key is checked in full before it is answered. The costs that an encrypted file
/// asks for are bounded: one that asks for more is refused before anything runs.
///
/// # Errors
/// When nothing in the file is recognised, or it is empty or too large.
pub fn read(file: &SecretBytes) -> Result<Vec<Item>, ReadError> {
    // EXPOSE: the bytes are looked at where they are.
    let bytes = file.expose();
    if bytes.is_empty() {
        return Err(ReadError::Empty);
    }
    if bytes.len() > MAX_FILE_LEN {
        return Err(ReadError::TooLarge);
    }
    let items = read_bytes(bytes)?;
    match items.len() {
        0 => Err(ReadError::NothingFound),
        len if len > MAX_ITEMS => Err(ReadError::TooMany),
        _ => Ok(items),
    }
}

fn read_bytes(bytes: &[u8]) -> Result<Vec<Item>, ReadError> {
    match text_of(bytes) {
        Some(text) => read_text(text),
        None => Ok(read_binary(bytes)),
    }
}

/// The content as text, if it is nothing but text.
fn text_of(bytes: &[u8]) -> Option<&str> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).ok()?;
    let shown = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t' | '\u{c}');
    text.chars().all(shown).then_some(text)
}

fn read_text(text: &str) -> Result<Vec<Item>, ReadError> {
    if age_file::is_one(text.as_bytes()) {
        return Ok(vec![age_file::read(text.as_bytes())]);
    }
    if keepass::is_one(text) {
        return keepass::read(text);
    }
    if pem::has_block(text) {
        return pem::read(text);
    }
    if wireguard::is_configuration(text) {
        return wireguard::read(text);
    }
    if putty::is_one(text) {
        return Ok(vec![putty::read(text)]);
    }
    if minisign::is_one(text) {
        return Ok(vec![minisign::read(text)]);
    }
    if transit::is_one(text) {
        return transit::read(text);
    }
    if let Some(item) = unread::text(text) {
        return Ok(vec![item]);
    }
    if text.trim_start().starts_with(['{', '[']) {
        return jwk::read(text);
    }
    if let Some(item) = jwe::read(text) {
        return Ok(vec![item]);
    }
    if age::has_identity(text) {
        return Ok(age::read(text));
    }
    if openssh::has_public_line(text) {
        return openssh::read_lines(text);
    }
    Ok(symmetric::read_text(text))
}

fn read_binary(bytes: &[u8]) -> Vec<Item> {
    if age_file::is_one(bytes) {
        return vec![age_file::read(bytes)];
    }
    if let Some(items) = der::read(bytes) {
        return items;
    }
    if java_keystore::is_one(bytes) {
        return java_keystore::read(bytes);
    }
    if openpgp::is_one(bytes) {
        return openpgp::read(bytes);
    }
    if let Some(item) = unread::binary(bytes) {
        return vec![item];
    }
    symmetric::read_raw(bytes).into_iter().collect()
}

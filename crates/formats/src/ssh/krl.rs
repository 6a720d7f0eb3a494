//! OpenSSH's lists of revoked keys (PROTOCOL.krl, format 1), without a signature, which OpenSSH no longer
//! looks at.

use std::collections::BTreeSet;

use keyreeve_crypto::Algorithm;
use keyreeve_domain::Timestamp;

use super::certificate::ssh_blob;
use crate::certificate::CertificateError;

/// `SSHKRL\n\0`.
const MAGIC: u64 = 0x5353_484b_524c_0a00;
const FORMAT: u32 = 1;
const SECTION_CERTIFICATES: u8 = 1;
const SECTION_EXPLICIT_KEYS: u8 = 2;
const CERTIFICATES_SERIALS: u8 = 0x20;
const CERTIFICATES_KEY_IDS: u8 = 0x23;

/// Things on one list at most.
const MAX_REVOKED: usize = 10_000;

/// What a list is to say.
#[derive(Debug)]
pub struct KrlRequest<'a> {
    /// The algorithm of the authority's key, whose certificates the numbers and identifiers are of.
    pub algorithm: Algorithm,
    /// That key's SubjectPublicKeyInfo.
    pub authority: &'a [u8],
    /// The list's number, larger than that of every list before it.
    pub number: u64,
    /// When it is made.
    pub now: Timestamp,
    /// Numbers of certificates; 0 is none.
    pub serials: &'a BTreeSet<u64>,
    /// Identifiers of certificates.
    pub key_ids: &'a BTreeSet<String>,
    /// Keys as SSH sends them, whichever certificate they come with.
    pub keys: &'a BTreeSet<Vec<u8>>,
}

/// Writes the list.
///
/// # Errors
/// When OpenSSH has no such key, a number is 0, or there is too much.
pub fn revoked_keys(wanted: &KrlRequest<'_>) -> Result<Vec<u8>, CertificateError> {
    let many = wanted.serials.len() + wanted.key_ids.len() + wanted.keys.len();
    if many > MAX_REVOKED {
        let said = format!("a list has at most {MAX_REVOKED} revoked keys and certificates");
        return Err(CertificateError::Invalid(said));
    }
    if wanted.serials.contains(&0) {
        let said = "certificates without a number cannot be revoked by it: name their identifier";
        return Err(CertificateError::Invalid(said.into()));
    }
    let authority = ssh_blob(wanted.algorithm, wanted.authority)?;
    let seconds = u64::try_from(wanted.now.as_second()).unwrap_or_default();
    let mut list = Vec::new();
    list.extend_from_slice(&MAGIC.to_be_bytes());
    list.extend_from_slice(&FORMAT.to_be_bytes());
    list.extend_from_slice(&wanted.number.to_be_bytes());
    list.extend_from_slice(&seconds.to_be_bytes());
    // Flags; what is reserved; a comment.
    list.extend_from_slice(&0_u64.to_be_bytes());
    string(&mut list, b"")?;
    string(&mut list, b"")?;

    let mut certificates = Vec::new();
    string(&mut certificates, &authority)?;
    string(&mut certificates, b"")?;
    if !wanted.serials.is_empty() {
        let serials: Vec<u8> =
            wanted.serials.iter().flat_map(|serial| serial.to_be_bytes()).collect();
        section(&mut certificates, CERTIFICATES_SERIALS, &serials)?;
    }
    if !wanted.key_ids.is_empty() {
        let mut ids = Vec::new();
        for id in wanted.key_ids {
            string(&mut ids, id.as_bytes())?;
        }
        section(&mut certificates, CERTIFICATES_KEY_IDS, &ids)?;
    }
    if !wanted.serials.is_empty() || !wanted.key_ids.is_empty() {
        section(&mut list, SECTION_CERTIFICATES, &certificates)?;
    }
    if !wanted.keys.is_empty() {
        let mut keys = Vec::new();
        for key in wanted.keys {
            string(&mut keys, key)?;
        }
        section(&mut list, SECTION_EXPLICIT_KEYS, &keys)?;
    }
    Ok(list)
}

fn section(into: &mut Vec<u8>, kind: u8, data: &[u8]) -> Result<(), CertificateError> {
    into.push(kind);
    string(into, data)
}

/// A length and bytes (RFC 4251, section 5).
fn string(into: &mut Vec<u8>, data: &[u8]) -> Result<(), CertificateError> {
    let len = u32::try_from(data.len()).map_err(|_too_long| CertificateError::Encoding)?;
    into.extend_from_slice(&len.to_be_bytes());
    into.extend_from_slice(data);
    Ok(())
}

//! Sealing: AES-256-GCM (SP 800-38D) with a random 96-bit nonce and bound associated data.
//!
//! Sealed bytes are: version byte `0x01`, nonce (12), ciphertext, tag (16).

use aes_gcm::aead::{Aead as _, KeyInit as _, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use zeroize::Zeroizing;

use crate::random::{RandomError, make_array};
use crate::secret::SecretBytes;

const SEAL_VERSION: u8 = 1;
const NONCE_LEN: usize = 12;
const TAG_LEN: usize = 16;

/// Sealed bytes: version, nonce, ciphertext and tag.
pub type SealedBytes = Vec<u8>;

/// Why something could not be sealed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// No randomness for the nonce.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// More than 64 GiB in one piece.
    #[error("the data is too large to seal in one piece")]
    TooLarge,
}

/// Why sealed bytes could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Shorter than the smallest sealed value.
    #[error("the sealed data is cut short")]
    Truncated,
    /// A version this build does not know.
    #[error("the sealed data has version {0}, which this build does not know")]
    Version(u8),
    /// Wrong key, or the data or what it is bound to was changed.
    #[error("the sealed data does not open: the key is wrong or the data was changed")]
    Refused,
}

/// Seals `plaintext` under `key`, bound to `associated_data`.
///
/// # Errors
/// When no nonce can be drawn or the plaintext is beyond AES-GCM's bound.
///
/// # Security
/// Nonces are random, so no key may seal more than 2³² values; the vault's keys each seal one.
pub fn seal(
    key: &[u8; 32],
    associated_data: &[u8],
    plaintext: &[u8],
) -> Result<SealedBytes, SealError> {
    let nonce: [u8; NONCE_LEN] = make_array()?;
    let sealed = Aes256Gcm::new(key.into())
        .encrypt(&Nonce::from(nonce), Payload { msg: plaintext, aad: associated_data })
        .map_err(too_large)?;
    let mut out = Vec::with_capacity(1 + NONCE_LEN + sealed.len());
    out.push(SEAL_VERSION);
    out.extend_from_slice(&nonce);
    out.extend_from_slice(&sealed);
    Ok(out)
}

/// Opens what [`seal`] made with the same `key` and `associated_data`.
///
/// # Errors
/// When the bytes are cut short, of an unknown version, or refused by the tag.
pub fn open(
    key: &[u8; 32],
    associated_data: &[u8],
    sealed: &[u8],
) -> Result<SecretBytes, OpenError> {
    let (&version, rest) = sealed.split_first().ok_or(OpenError::Truncated)?;
    if version != SEAL_VERSION {
        return Err(OpenError::Version(version));
    }
    let (nonce, ciphertext) = rest.split_first_chunk::<NONCE_LEN>().ok_or(OpenError::Truncated)?;
    if ciphertext.len() < TAG_LEN {
        return Err(OpenError::Truncated);
    }
    Aes256Gcm::new(key.into())
        .decrypt(&Nonce::from(*nonce), Payload { msg: ciphertext, aad: associated_data })
        .map(|plaintext| Zeroizing::new(plaintext).into())
        .map_err(refused)
}

fn too_large(_: aes_gcm::Error) -> SealError {
    SealError::TooLarge
}

fn refused(_: aes_gcm::Error) -> OpenError {
    OpenError::Refused
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [3; 32];

    #[test]
    fn opens_what_it_sealed() {
        let sealed = seal(&KEY, b"bound", b"material").unwrap();
        assert_eq!(open(&KEY, b"bound", &sealed).unwrap().expose(), b"material");
    }

    #[test]
    fn pinned_vector_of_version_1() {
        let sealed = hex::decode(concat!(
            "01",
            "000000000000000000000000",
            "cea7403d4d606b6e074ec5d3baf39d18",
            "d0d1c8a799996bf0265b98b5d48ab919"
        ))
        .unwrap();
        // McGrew & Viega, "The Galois/Counter Mode of Operation", test case 14.
        assert_eq!(open(&[0; 32], b"", &sealed).unwrap().expose(), [0; 16]);
    }

    #[test]
    fn every_flipped_bit_is_refused() {
        let sealed = seal(&KEY, b"bound", b"material").unwrap();
        for bit in 0..sealed.len() * 8 {
            let mut changed = sealed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(open(&KEY, b"bound", &changed).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn every_truncation_is_refused() {
        let sealed = seal(&KEY, b"bound", b"material").unwrap();
        for len in 0..sealed.len() {
            assert!(open(&KEY, b"bound", &sealed[..len]).is_err(), "length {len}");
        }
    }

    #[test]
    fn other_key_or_other_binding_is_refused() {
        let sealed = seal(&KEY, b"bound", b"material").unwrap();
        assert_eq!(open(&[4; 32], b"bound", &sealed), Err(OpenError::Refused));
        assert_eq!(open(&KEY, b"other", &sealed), Err(OpenError::Refused));
    }
}

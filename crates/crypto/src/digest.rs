//! SHA-256, as used by the audit log, state digests and file manifests.

use sha2::Digest;

/// A SHA-256 digest (FIPS 180-4), 32 bytes.
pub type Sha256 = [u8; 32];

/// The SHA-256 digest of `bytes`.
#[must_use]
pub fn sha256(bytes: &[u8]) -> Sha256 {
    sha2::Sha256::digest(bytes).into()
}

/// The SHA-256 digest of `parts`, one after another, with nothing between them.
///
/// Use it only where the parts' lengths are fixed by their position; otherwise hash a
/// [`crate::pre_auth_encode`].
#[must_use]
pub fn sha256_parts(parts: &[&[u8]]) -> Sha256 {
    let mut hasher = sha2::Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 180-4's example of three letters.
    #[test]
    fn parts_are_digested_as_one_text() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hex::encode(sha256(b"abc")), abc);
        assert_eq!(hex::encode(sha256_parts(&[b"a", b"", b"bc"])), abc);
    }
}

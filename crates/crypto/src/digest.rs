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

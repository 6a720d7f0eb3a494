//! Key derivation by HKDF-SHA-256 (RFC 5869).

use hkdf::Hkdf;
use zeroize::Zeroizing;

use crate::pre_auth::pre_auth_encode;

/// Derives 32 bytes from `input_key` for the purpose named by `label` and the `context` parts.
///
/// HKDF-SHA-256 with an empty salt; the `info` is `pre_auth_encode([label, context…])`, so that
/// neither two labels nor two contexts can run into each other.
#[must_use]
pub fn derive_key(input_key: &[u8], label: &str, context: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    let mut parts = Vec::with_capacity(context.len() + 1);
    parts.push(label.as_bytes());
    parts.extend_from_slice(context);
    let mut out = Zeroizing::new([0; 32]);
    #[expect(clippy::expect_used, reason = "32 bytes are far below HKDF's limit of 255 × 32")]
    Hkdf::<sha2::Sha256>::new(None, input_key)
        .expand(&pre_auth_encode(&parts), out.as_mut())
        .expect("HKDF output length");
    out
}

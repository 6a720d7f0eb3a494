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

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 5869's vectors have infos that this function never makes. This one is from an HKDF in
    /// Python that gives RFC 5869's test case 3.
    #[test]
    fn pinned_vector_of_version_1() {
        let key = derive_key(&[0x0b; 22], "keyreeve/v1/test", &[&[1; 16]]);
        assert_eq!(
            hex::encode(*key),
            "56916454c1aeeebbe23947db3b651b841b3c25e27c3835aeda3cc44f89091a65"
        );
    }

    #[test]
    fn agrees_with_an_independent_hkdf() {
        use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
        let info = pre_auth_encode(&[b"label", b"context"]);
        let mut expected = [0; 32];
        let pseudorandom_key = Salt::new(HKDF_SHA256, &[]).extract(&[7; 32]);
        let info = [info.as_slice()];
        let out = pseudorandom_key.expand(&info, HKDF_SHA256).unwrap();
        out.fill(&mut expected).unwrap();
        assert_eq!(*derive_key(&[7; 32], "label", &[b"context"]), expected);
    }
}

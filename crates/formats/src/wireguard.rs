//! WireGuard's keys as `wg` prints and takes them: base64 of 32 bytes and a line end.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use keyreeve_crypto::{PrivateParts, PublicParts, SecretBytes};
use zeroize::Zeroizing;

use crate::text;

/// The private key with the bits set that every user of X25519 sets before use (RFC 7748,
/// section 5): `wg genkey` stores them set.
pub(crate) fn private(parts: &PrivateParts<'_>) -> Option<SecretBytes> {
    let PrivateParts::Okp(secret) = parts else {
        return None;
    };
    let mut clamped = Zeroizing::new(secret.to_vec());
    *clamped.first_mut()? &= 0xf8;
    let last = clamped.last_mut()?;
    *last = *last & 0x7f | 0x40;
    text::base64(&clamped.into())
}

pub(crate) fn public(parts: &PublicParts<'_>) -> Option<Vec<u8>> {
    let PublicParts::Okp { curve: "X25519", key } = parts else {
        return None;
    };
    Some(format!("{}\n", BASE64_STANDARD.encode(key.as_slice())).into_bytes())
}

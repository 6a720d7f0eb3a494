//! age's X25519 identities and recipients (the age v1 specification): Bech32 of 32 bytes.

use bech32::{Bech32, Hrp};
use keyreeve_crypto::{Algorithm, PrivateParts, PublicParts, SecretBytes};

use crate::text::SecretText;

const IDENTITY_PREFIX: &str = "age-secret-key-";
const RECIPIENT_PREFIX: &str = "age";
/// The prefix, `1`, 52 characters of data, 6 of checksum, with room to spare.
const IDENTITY_LEN: usize = 80;

/// An identity file as `age-keygen` writes it: comment lines, then the identity.
pub(crate) fn identity(
    parts: &PrivateParts<'_>,
    algorithm: Algorithm,
    spki: Option<&[u8]>,
    comment: &str,
) -> Option<SecretBytes> {
    let PrivateParts::Okp(secret) = parts else {
        return None;
    };
    let recipient = recipient(&PublicParts::from_spki(algorithm, spki?).ok()?)?;
    let header = format!("# {comment}\n# public key: {recipient}\n");
    let mut file = SecretText::with_capacity(header.len() + IDENTITY_LEN);
    file.push(&header)?;
    let prefix = Hrp::parse(IDENTITY_PREFIX).ok()?;
    bech32::encode_upper_to_fmt::<Bech32, _>(&mut file, prefix, secret.as_slice()).ok()?;
    file.push("\n")?;
    Some(file.into_secret())
}

/// The recipient, `age1…`.
pub(crate) fn recipient(parts: &PublicParts<'_>) -> Option<String> {
    let PublicParts::Okp { curve: "X25519", key } = parts else {
        return None;
    };
    bech32::encode::<Bech32>(Hrp::parse(RECIPIENT_PREFIX).ok()?, key.as_slice()).ok()
}

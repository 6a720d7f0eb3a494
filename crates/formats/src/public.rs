//! Writing the public half of a key.

use keyreeve_crypto::{Algorithm, PublicParts};
use pkcs8::LineEnding;
use pkcs8::der::pem;

use crate::error::ExportError;
use crate::format::{Format, public_formats_for};
use crate::{age, jwk, openssh, text, wireguard};

/// Writes the public key `spki` (`SubjectPublicKeyInfo` in DER, as
/// [`keyreeve_crypto::identify`] gives it) in `format`.
///
/// `comment` names the key inside formats that have room for it: OpenSSH's comment, a JWK's
/// `kid`; control characters in it become spaces.
///
/// # Errors
/// When `spki` is no `algorithm` key, or the algorithm's public keys have no such format.
pub fn export_public(
    algorithm: Algorithm,
    spki: &[u8],
    format: Format,
    comment: &str,
) -> Result<Vec<u8>, ExportError> {
    if !public_formats_for(algorithm).contains(&format) {
        return Err(ExportError::UnsupportedPublic { algorithm, format });
    }
    let parts = PublicParts::from_spki(algorithm, spki)?;
    let comment = text::one_line(comment);
    let written = match format {
        Format::SpkiPem => public_pem(spki).ok().map(String::into_bytes),
        Format::OpenSshPublic => openssh::public(&parts, &comment),
        Format::Jwk => jwk::public(&parts, &comment),
        Format::Age => age::recipient(&parts).map(|recipient| format!("{recipient}\n").into()),
        Format::WireGuard => wireguard::public(&parts),
        _ => None,
    };
    written.ok_or(ExportError::Encoding(format))
}

/// Writes a public key of whatever kind (`SubjectPublicKeyInfo` in DER) in PEM.
///
/// # Errors
/// When it is longer than PEM allows.
pub fn public_pem(spki: &[u8]) -> Result<String, ExportError> {
    pem::encode_string("PUBLIC KEY", LineEnding::LF, spki)
        .map_err(|_too_long| ExportError::Encoding(Format::SpkiPem))
}

//! Writing a private or symmetric key.

use keyreeve_crypto::{Algorithm, PrivateParts, SecretBytes, SecretString, identify};

use crate::error::ExportError;
use crate::format::{Format, private_formats_for};
use crate::pkcs12_file::Pkcs12Profile;
use crate::{age, jwe, jwk, openssh, pkcs8_file, pkcs12_file, putty, text, wireguard};

/// How an exported private key is protected.
#[derive(Debug, Clone, Copy)]
pub enum Protection<'a> {
    /// Not at all: whoever reads the file has the key.
    Plain,
    /// Encrypted with a passphrase, by the format's own means.
    Passphrase(&'a SecretString),
    /// Likewise, and the passphrase is stretched with scrypt, where the format leaves the choice.
    Scrypt(&'a SecretString),
}

/// Writes the private or symmetric key `material` in `format`.
///
/// The material is checked in full first. `comment` names the key inside formats that have room
/// for it: OpenSSH's comment, a JWK's `kid`, a comment line of an age identity, PKCS#12's friendly
/// name; control characters in it become spaces.
///
/// With a passphrase, PKCS#8 is encrypted with PBES2 (RFC 8018): PBKDF2 with HMAC-SHA-256,
/// 600,000 iterations and a 16-byte salt, or scrypt with N = 2^14, r = 8 and p = 5, then AES-256-CBC.
/// OpenSSH's file uses its `bcrypt` KDF with 24 rounds and AES-256-CTR, PuTTY's Argon2id with 64 MiB and 3 passes, and
/// AES-256-CBC. A JWK becomes the content of a
/// JWE with PBES2-HS512+A256KW, 210,000 iterations, and AES-256-GCM. PKCS#12 has PBES2 with 300,000
/// iterations and HMAC-SHA-256 with as many.
///
/// # Errors
/// When the material is not a sound key of `algorithm`, the algorithm has no such format, or the
/// format cannot be encrypted with a passphrase.
pub fn export_private(
    algorithm: Algorithm,
    material: &SecretBytes,
    format: Format,
    protection: Protection<'_>,
    comment: &str,
) -> Result<SecretBytes, ExportError> {
    check_request(algorithm, format, protection)?;
    let identity = identify(algorithm, material)?;
    let parts = PrivateParts::from_material(algorithm, material)?;
    let spki = identity.public_key.as_deref();
    let comment = text::one_line(comment);
    let written = match format {
        Format::Pkcs8Pem => pkcs8_file::pem(material, protection)?,
        Format::Pkcs8Der => pkcs8_file::der(material, protection)?,
        Format::Sec1Pem => pkcs8_file::sec1_pem(algorithm, &parts),
        Format::OpenSsh => openssh::private(&parts, algorithm, spki, protection, &comment)?,
        Format::Putty => putty::private(&parts, algorithm, spki, protection, &comment)?,
        Format::Jwk => match (jwk::private(algorithm, &parts, spki, &comment), protection) {
            (Some(jwk), Protection::Passphrase(passphrase)) => jwe::encrypt(&jwk, passphrase)?,
            (jwk, _) => jwk,
        },
        // EXPOSE: the bytes are what was asked for.
        Format::Raw => Some(SecretBytes::new(material.expose().to_vec())),
        Format::Hex => text::hex(material),
        Format::Base64 => text::base64(material),
        Format::Age => age::identity(&parts, algorithm, spki, &comment),
        Format::WireGuard => wireguard::private(&parts),
        Format::Pkcs12 => match protection {
            Protection::Passphrase(passphrase) => {
                let profile = Pkcs12Profile::Modern;
                pkcs12_file::private(material, passphrase, &comment, &[], profile)?
            }
            _ => None,
        },
        Format::SpkiPem | Format::OpenSshPublic | Format::OpenPgp => None,
    };
    written.ok_or(ExportError::Encoding(format))
}

/// Writes the key as PKCS#12 with a passphrase; together with its certificate and those above it where they are given:
/// PEM, or the one certificate in DER.
///
/// # Errors
/// As [`export_private`]; and when no certificate is the key's, or one is damaged.
pub fn export_pkcs12(
    algorithm: Algorithm,
    material: &SecretBytes,
    passphrase: &SecretString,
    comment: &str,
    certificates: Option<&[u8]>,
    profile: Pkcs12Profile,
) -> Result<SecretBytes, ExportError> {
    let format = Format::Pkcs12;
    check_request(algorithm, format, Protection::Passphrase(passphrase))?;
    let spki = identify(algorithm, material)?.public_key.unwrap_or_default();
    let chain = certificates.map(|file| pkcs12_file::chain(file, &spki)).transpose()?;
    let comment = text::one_line(comment);
    let chain = chain.unwrap_or_default();
    let written = pkcs12_file::private(material, passphrase, &comment, &chain, profile)?;
    written.ok_or(ExportError::Encoding(format))
}

fn check_request(
    algorithm: Algorithm,
    format: Format,
    protection: Protection<'_>,
) -> Result<(), ExportError> {
    if format.is_public() {
        return Err(ExportError::PublicFormat(format));
    }
    if !private_formats_for(algorithm).contains(&format) {
        return Err(ExportError::Unsupported { algorithm, format });
    }
    match protection {
        Protection::Plain if format.needs_passphrase() => Err(ExportError::NeedsPassphrase(format)),
        Protection::Plain => Ok(()),
        Protection::Passphrase(_) | Protection::Scrypt(_) if !format.takes_passphrase() => {
            Err(ExportError::NoPassphrase(format))
        }
        Protection::Scrypt(_) if !format.takes_scrypt() => Err(ExportError::NoScrypt(format)),
        // EXPOSE: only whether it is empty.
        Protection::Passphrase(passphrase) | Protection::Scrypt(passphrase)
            if passphrase.expose().is_empty() =>
        {
            Err(ExportError::EmptyPassphrase)
        }
        Protection::Passphrase(_) | Protection::Scrypt(_) => Ok(()),
    }
}

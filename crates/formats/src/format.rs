//! The formats there are, and which of them each algorithm has.

use std::fmt;
use std::str::FromStr;

use keyreeve_crypto::Algorithm;
use serde::{Deserialize, Serialize};

/// A key file's format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Format {
    /// PKCS#8 in PEM; with a passphrase, `ENCRYPTED PRIVATE KEY` (RFC 5958, RFC 7468).
    Pkcs8Pem,
    /// PKCS#8 in DER; with a passphrase, `EncryptedPrivateKeyInfo`.
    Pkcs8Der,
    /// `EC PRIVATE KEY` in PEM (RFC 5915), as old OpenSSL writes it.
    Sec1Pem,
    /// OpenSSH's own private key file.
    #[serde(rename = "openssh")]
    OpenSsh,
    /// PuTTY's private key file of version 3.
    Putty,
    /// JSON Web Key (RFC 7517, 7518, 8037, 8812, 9964).
    Jwk,
    /// The bytes alone.
    Raw,
    /// Lower-case hexadecimal and a line end.
    Hex,
    /// Standard base64 with padding and a line end (RFC 4648).
    Base64,
    /// PKCS#12, always under a passphrase (RFC 7292).
    Pkcs12,
    /// `PUBLIC KEY` in PEM: `SubjectPublicKeyInfo` (RFC 5280, RFC 7468).
    SpkiPem,
    /// One line for `authorized_keys` or a `.pub` file.
    #[serde(rename = "openssh-public")]
    OpenSshPublic,
    /// An age identity (`AGE-SECRET-KEY-1…`), or as a public half its recipient (`age1…`).
    Age,
    /// An OpenPGP key of version 4, armoured (RFC 9580), which [`crate::export_openpgp`] writes.
    #[serde(rename = "openpgp")]
    OpenPgp,
    /// WireGuard's keys: base64 of 32 bytes.
    #[serde(rename = "wireguard")]
    WireGuard,
}

/// A name that is no format's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not one of the formats: {known}", known = names(Format::ALL))]
pub struct UnknownFormat(pub String);

impl Format {
    /// Every format, in the order users see them.
    pub const ALL: &[Self] = &[
        Self::Pkcs8Pem,
        Self::Pkcs8Der,
        Self::Sec1Pem,
        Self::OpenSsh,
        Self::Putty,
        Self::Jwk,
        Self::Raw,
        Self::Hex,
        Self::Base64,
        Self::Pkcs12,
        Self::SpkiPem,
        Self::OpenSshPublic,
        Self::Age,
        Self::WireGuard,
        Self::OpenPgp,
    ];

    /// The name used on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pkcs8Pem => "pkcs8-pem",
            Self::Pkcs8Der => "pkcs8-der",
            Self::Sec1Pem => "sec1-pem",
            Self::OpenSsh => "openssh",
            Self::Putty => "putty",
            Self::Jwk => "jwk",
            Self::Raw => "raw",
            Self::Hex => "hex",
            Self::Base64 => "base64",
            Self::Pkcs12 => "pkcs12",
            Self::SpkiPem => "spki-pem",
            Self::OpenSshPublic => "openssh-public",
            Self::Age => "age",
            Self::WireGuard => "wireguard",
            Self::OpenPgp => "openpgp",
        }
    }

    /// Whether a file of this format never holds a secret.
    #[must_use]
    pub const fn is_public(self) -> bool {
        matches!(self, Self::SpkiPem | Self::OpenSshPublic)
    }

    /// Whether a private key in this format can be encrypted with a passphrase.
    #[must_use]
    pub const fn takes_passphrase(self) -> bool {
        matches!(
            self,
            Self::Pkcs8Pem
                | Self::Pkcs8Der
                | Self::OpenSsh
                | Self::Putty
                | Self::Jwk
                | Self::Pkcs12
                | Self::OpenPgp
        )
    }

    /// Whether a private key in this format is always encrypted with a passphrase.
    #[must_use]
    pub const fn needs_passphrase(self) -> bool {
        matches!(self, Self::Pkcs12)
    }

    /// Whether the passphrase can be stretched with scrypt.
    #[must_use]
    pub const fn takes_scrypt(self) -> bool {
        matches!(self, Self::Pkcs8Pem | Self::Pkcs8Der)
    }

    /// The usual ending of a file's name, without the dot.
    #[must_use]
    pub const fn file_extension(self) -> &'static str {
        match self {
            Self::Pkcs8Pem | Self::Sec1Pem | Self::SpkiPem => "pem",
            Self::Pkcs8Der => "der",
            Self::OpenSsh => "key",
            Self::Putty => "ppk",
            Self::Jwk => "jwk.json",
            Self::Raw => "bin",
            Self::Hex => "hex",
            Self::Base64 => "b64",
            Self::Pkcs12 => "p12",
            Self::OpenSshPublic => "pub",
            Self::Age => "age.txt",
            Self::WireGuard => "wg.txt",
            Self::OpenPgp => "asc",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        Self::ALL
            .iter()
            .copied()
            .find(|known| known.name() == name)
            .ok_or_else(|| UnknownFormat(name.into()))
    }
}

/// The formats a private key of `algorithm` can be written in; the usual one first.
#[must_use]
pub const fn private_formats_for(algorithm: Algorithm) -> &'static [Format] {
    use Algorithm as A;
    use Format as F;
    match algorithm {
        A::Aes128Gcm
        | A::Aes192Gcm
        | A::Aes256Gcm
        | A::ChaCha20Poly1305
        | A::Aes256Kwp
        | A::HmacSha256
        | A::HmacSha384
        | A::HmacSha512 => &[F::Raw, F::Hex, F::Base64, F::Jwk],
        A::Rsa2048 | A::Rsa3072 | A::Rsa4096 | A::Ed25519 => {
            &[F::Pkcs8Pem, F::Pkcs8Der, F::OpenSsh, F::Putty, F::Jwk, F::Pkcs12]
        }
        A::EcP256 | A::EcP384 | A::EcP521 => {
            &[F::Pkcs8Pem, F::Pkcs8Der, F::Sec1Pem, F::OpenSsh, F::Putty, F::Jwk, F::Pkcs12]
        }
        A::EcSecp256k1 => &[F::Pkcs8Pem, F::Pkcs8Der, F::Sec1Pem, F::Jwk, F::Pkcs12],
        A::X25519 => &[F::Age, F::WireGuard, F::Pkcs8Pem, F::Pkcs8Der, F::Jwk, F::Pkcs12],
        A::MlKem512 | A::MlKem768 | A::MlKem1024 => &[F::Pkcs8Pem, F::Pkcs8Der],
        A::MlDsa44 | A::MlDsa65 | A::MlDsa87 => &[F::Pkcs8Pem, F::Pkcs8Der, F::Jwk],
    }
}

/// The formats the public half of an `algorithm` key can be written in; none for a symmetric one.
#[must_use]
pub const fn public_formats_for(algorithm: Algorithm) -> &'static [Format] {
    use Algorithm as A;
    use Format as F;
    match algorithm {
        A::Aes128Gcm
        | A::Aes192Gcm
        | A::Aes256Gcm
        | A::ChaCha20Poly1305
        | A::Aes256Kwp
        | A::HmacSha256
        | A::HmacSha384
        | A::HmacSha512 => &[],
        A::Rsa2048 | A::Rsa3072 | A::Rsa4096 | A::EcP256 | A::EcP384 | A::EcP521 | A::Ed25519 => {
            &[F::SpkiPem, F::OpenSshPublic, F::Jwk]
        }
        A::EcSecp256k1 | A::MlDsa44 | A::MlDsa65 | A::MlDsa87 => &[F::SpkiPem, F::Jwk],
        A::X25519 => &[F::Age, F::WireGuard, F::SpkiPem, F::Jwk],
        A::MlKem512 | A::MlKem768 | A::MlKem1024 => &[F::SpkiPem],
    }
}

/// Every format that a key of `algorithm` has, private ones first; [`Format::OpenPgp`] depends on what the key is
/// for, and is not among them.
///
/// [`Format::Jwk`], [`Format::Age`] and [`Format::WireGuard`] have a private and a public form; the others are one or
/// the other, as [`Format::is_public`] says.
#[must_use]
pub fn formats_for(algorithm: Algorithm) -> Vec<Format> {
    let mut formats = private_formats_for(algorithm).to_vec();
    formats.extend(public_formats_for(algorithm).iter().filter(|format| format.is_public()));
    formats
}

pub(crate) fn names(formats: &[Format]) -> String {
    formats.iter().map(|format| format.name()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_and_unknown_ones_are_named() {
        for format in Format::ALL {
            assert_eq!(format.name().parse::<Format>().unwrap(), *format);
            assert_eq!(serde_json::to_string(format).unwrap(), format!("\"{format}\""));
        }
        let error = "pkcs9".parse::<Format>().unwrap_err().to_string();
        assert!(error.contains("pkcs9") && error.contains("openssh-public"), "{error}");
    }

    #[test]
    fn every_algorithm_has_a_private_format_and_pairs_have_a_public_one() {
        for &algorithm in Algorithm::ALL {
            let private = private_formats_for(algorithm);
            assert!(private.iter().all(|format| !format.is_public()) && !private.is_empty());
            assert_eq!(public_formats_for(algorithm).is_empty(), !algorithm.is_asymmetric());
        }
    }
}

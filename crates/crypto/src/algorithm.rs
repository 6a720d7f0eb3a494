//! Which algorithms Keyreeve knows, and which purposes each can serve.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A name that is no algorithm's or purpose's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{name}” is not one of the {what}s: {known}")]
pub struct UnknownName {
    /// What was named: "algorithm" or "purpose".
    pub what: &'static str,
    /// The name given.
    pub name: String,
    /// The names there are.
    pub known: String,
}

macro_rules! named {
    ($(#[$doc:meta])* $type:ident, $what:literal, { $($(#[$vdoc:meta])* $variant:ident = $name:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $type {
            $($(#[$vdoc])* #[serde(rename = $name)] $variant,)+
        }

        impl $type {
            /// Every one there is, in the order users see them.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The name used on the command line, in files and in the database.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }

        impl FromStr for $type {
            type Err = UnknownName;

            fn from_str(name: &str) -> Result<Self, UnknownName> {
                Self::ALL.iter().copied().find(|known| known.name() == name).ok_or_else(|| {
                    let known: Vec<_> = Self::ALL.iter().map(|known| known.name()).collect();
                    UnknownName { what: $what, name: name.into(), known: known.join(" ") }
                })
            }
        }
    };
}

named!(
    /// A key's algorithm.
    Algorithm, "algorithm", {
        /// AES-128 in Galois/Counter Mode (SP 800-38D).
        Aes128Gcm = "aes-128-gcm",
        /// AES-192 in Galois/Counter Mode.
        Aes192Gcm = "aes-192-gcm",
        /// AES-256 in Galois/Counter Mode.
        Aes256Gcm = "aes-256-gcm",
        /// ChaCha20-Poly1305 (RFC 8439).
        ChaCha20Poly1305 = "chacha20-poly1305",
        /// AES-256 key wrap with padding (RFC 5649).
        Aes256Kwp = "aes-256-kwp",
        /// HMAC with SHA-256 (RFC 2104).
        HmacSha256 = "hmac-sha256",
        /// HMAC with SHA-384.
        HmacSha384 = "hmac-sha384",
        /// HMAC with SHA-512.
        HmacSha512 = "hmac-sha512",
        /// RSA with a 2048-bit modulus.
        Rsa2048 = "rsa-2048",
        /// RSA with a 3072-bit modulus.
        Rsa3072 = "rsa-3072",
        /// RSA with a 4096-bit modulus.
        Rsa4096 = "rsa-4096",
        /// Elliptic curve P-256.
        EcP256 = "ec-p256",
        /// Elliptic curve P-384.
        EcP384 = "ec-p384",
        /// Elliptic curve P-521.
        EcP521 = "ec-p521",
        /// Elliptic curve secp256k1.
        EcSecp256k1 = "ec-secp256k1",
        /// Ed25519 signatures (RFC 8032).
        Ed25519 = "ed25519",
        /// X25519 key agreement (RFC 7748).
        X25519 = "x25519",
        /// ML-KEM-512 (FIPS 203).
        MlKem512 = "ml-kem-512",
        /// ML-KEM-768.
        MlKem768 = "ml-kem-768",
        /// ML-KEM-1024.
        MlKem1024 = "ml-kem-1024",
        /// ML-DSA-44 (FIPS 204).
        MlDsa44 = "ml-dsa-44",
        /// ML-DSA-65.
        MlDsa65 = "ml-dsa-65",
        /// ML-DSA-87.
        MlDsa87 = "ml-dsa-87",
    }
);

named!(
    /// The one thing a key is for.
    Purpose, "purpose", {
        /// Encrypt data.
        Encrypt = "encrypt",
        /// Wrap other keys.
        Wrap = "wrap",
        /// Authenticate messages with a MAC.
        Mac = "mac",
        /// Sign.
        Sign = "sign",
        /// Prove an identity (SSH, client TLS).
        Authenticate = "authenticate",
        /// Agree on or transport a shared key.
        Agree = "agree",
        /// Derive other keys.
        Derive = "derive",
    }
);

/// What kind of thing an algorithm's material is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Raw secret bytes.
    Symmetric,
    /// An RSA key pair.
    Rsa,
    /// A key pair on a Weierstraß curve.
    Ec,
    /// A key pair on an Edwards or Montgomery curve.
    Okp,
    /// A lattice key pair for key encapsulation.
    MlKem,
    /// A lattice key pair for signatures.
    MlDsa,
}

impl Algorithm {
    /// The kind of material.
    #[must_use]
    pub const fn family(self) -> Family {
        use Algorithm as A;
        match self {
            A::Aes128Gcm
            | A::Aes192Gcm
            | A::Aes256Gcm
            | A::ChaCha20Poly1305
            | A::Aes256Kwp
            | A::HmacSha256
            | A::HmacSha384
            | A::HmacSha512 => Family::Symmetric,
            A::Rsa2048 | A::Rsa3072 | A::Rsa4096 => Family::Rsa,
            A::EcP256 | A::EcP384 | A::EcP521 | A::EcSecp256k1 => Family::Ec,
            A::Ed25519 | A::X25519 => Family::Okp,
            A::MlKem512 | A::MlKem768 | A::MlKem1024 => Family::MlKem,
            A::MlDsa44 | A::MlDsa65 | A::MlDsa87 => Family::MlDsa,
        }
    }

    /// Whether there is a public half.
    #[must_use]
    pub fn is_asymmetric(self) -> bool {
        self.family() != Family::Symmetric
    }

    /// The length in bytes of a symmetric key; `None` for key pairs.
    #[must_use]
    pub const fn symmetric_len(self) -> Option<usize> {
        use Algorithm as A;
        match self {
            A::Aes128Gcm => Some(16),
            A::Aes192Gcm => Some(24),
            A::Aes256Gcm | A::ChaCha20Poly1305 | A::Aes256Kwp | A::HmacSha256 => Some(32),
            A::HmacSha384 => Some(48),
            A::HmacSha512 => Some(64),
            _ => None,
        }
    }

    /// The purposes this algorithm can serve; the first is the usual one.
    #[must_use]
    pub const fn purposes(self) -> &'static [Purpose] {
        use Algorithm as A;
        use Purpose as P;
        match self {
            A::Aes128Gcm | A::Aes192Gcm | A::Aes256Gcm => &[P::Encrypt, P::Wrap, P::Derive],
            A::ChaCha20Poly1305 => &[P::Encrypt, P::Derive],
            A::Aes256Kwp => &[P::Wrap],
            A::HmacSha256 | A::HmacSha384 | A::HmacSha512 => &[P::Mac, P::Derive],
            A::Rsa2048 | A::Rsa3072 | A::Rsa4096 => {
                &[P::Sign, P::Authenticate, P::Encrypt, P::Wrap]
            }
            A::EcP256 | A::EcP384 | A::EcP521 => &[P::Sign, P::Authenticate, P::Agree],
            A::EcSecp256k1 => &[P::Sign, P::Agree],
            A::Ed25519 => &[P::Sign, P::Authenticate],
            A::X25519 => &[P::Agree, P::Encrypt],
            A::MlKem512 | A::MlKem768 | A::MlKem1024 => &[P::Agree, P::Wrap],
            A::MlDsa44 | A::MlDsa65 | A::MlDsa87 => &[P::Sign, P::Authenticate],
        }
    }

    /// Whether the algorithm can serve `purpose`.
    #[must_use]
    pub fn serves(self, purpose: Purpose) -> bool {
        self.purposes().contains(&purpose)
    }

    /// Security strength in bits against classical attack (SP 800-57 Part 1 Rev. 5, table 2).
    #[must_use]
    pub const fn strength_bits(self) -> u16 {
        use Algorithm as A;
        match self {
            A::Rsa2048 => 112,
            A::Aes128Gcm
            | A::Rsa3072
            | A::EcP256
            | A::EcSecp256k1
            | A::Ed25519
            | A::X25519
            | A::MlKem512
            | A::MlDsa44 => 128,
            A::Rsa4096 => 152,
            A::Aes192Gcm | A::EcP384 | A::MlKem768 | A::MlDsa65 => 192,
            A::Aes256Gcm
            | A::ChaCha20Poly1305
            | A::Aes256Kwp
            | A::HmacSha256
            | A::HmacSha384
            | A::HmacSha512
            | A::EcP521
            | A::MlKem1024
            | A::MlDsa87 => 256,
        }
    }

    /// Whether no known quantum attack breaks it below 128-bit effort.
    #[must_use]
    pub fn is_quantum_safe(self) -> bool {
        match self.family() {
            Family::Symmetric => self.strength_bits() >= 192,
            Family::MlKem | Family::MlDsa => true,
            Family::Rsa | Family::Ec | Family::Okp => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SP 800-57 Part 1 Rev. 5, table 2, and the categories of FIPS 203 and 204.
    #[test]
    fn strengths_and_what_withstands_a_quantum_computer() {
        for (strength, safe, names) in [
            (112, false, "rsa-2048"),
            (128, false, "aes-128-gcm rsa-3072 ec-p256 ec-secp256k1 ed25519 x25519"),
            (128, true, "ml-kem-512 ml-dsa-44"),
            (152, false, "rsa-4096"),
            (192, false, "ec-p384"),
            (192, true, "aes-192-gcm ml-kem-768 ml-dsa-65"),
            (256, false, "ec-p521"),
            (
                256,
                true,
                "aes-256-gcm chacha20-poly1305 aes-256-kwp hmac-sha256 hmac-sha384 hmac-sha512 ml-kem-1024 \
                 ml-dsa-87",
            ),
        ] {
            let has = |a: &Algorithm| a.strength_bits() == strength && a.is_quantum_safe() == safe;
            let found: Vec<_> =
                Algorithm::ALL.iter().filter(|a| has(a)).map(|a| a.name()).collect();
            assert_eq!(found.join(" "), names);
        }
    }

    #[test]
    fn an_algorithm_serves_its_purposes_alone() {
        use Algorithm as A;
        for (purpose, names) in [
            (Purpose::Mac, [A::HmacSha256, A::HmacSha384, A::HmacSha512].as_slice()),
            (
                Purpose::Derive,
                &[
                    A::Aes128Gcm,
                    A::Aes192Gcm,
                    A::Aes256Gcm,
                    A::ChaCha20Poly1305,
                    A::HmacSha256,
                    A::HmacSha384,
                    A::HmacSha512,
                ],
            ),
            (
                Purpose::Agree,
                &[
                    A::EcP256,
                    A::EcP384,
                    A::EcP521,
                    A::EcSecp256k1,
                    A::X25519,
                    A::MlKem512,
                    A::MlKem768,
                    A::MlKem1024,
                ],
            ),
        ] {
            let found: Vec<_> =
                Algorithm::ALL.iter().copied().filter(|a| a.serves(purpose)).collect();
            assert_eq!(found, names);
        }
    }

    #[test]
    fn names_round_trip_and_unknown_ones_are_named() {
        for algorithm in Algorithm::ALL {
            assert_eq!(algorithm.name().parse::<Algorithm>().unwrap(), *algorithm);
            assert!(!algorithm.purposes().is_empty());
        }
        for purpose in Purpose::ALL {
            assert_eq!(purpose.name().parse::<Purpose>().unwrap(), *purpose);
        }
        let error = "rot13".parse::<Algorithm>().unwrap_err();
        assert!(error.to_string().contains("rot13") && error.to_string().contains("ed25519"));
    }
}

//! Identifiers: 128 random bits, shown as a UUID.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Text that is no identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not an identifier; one looks like 0b0e6c1e-6f0a-4a44-9d3c-7f3d3c1a2b4c")]
pub struct IdError(String);

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Makes an identifier of 16 random bytes (UUID version 4, RFC 9562).
            #[must_use]
            pub fn from_random(bytes: [u8; 16]) -> Self {
                Self(uuid::Builder::from_random_bytes(bytes).into_uuid())
            }

            /// Takes 16 stored bytes as they are.
            #[must_use]
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// The 16 bytes.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Uuid::try_parse(text).map(Self).or_else(|_malformed| Err(IdError(text.into())))
            }
        }
    };
}

id!(
    /// Identifies a vault.
    VaultId
);
id!(
    /// Identifies a key for its whole life.
    KeyId
);
id!(
    /// Identifies an unlock slot.
    SlotId
);
id!(
    /// Identifies a kept certificate.
    CertificateId
);
id!(
    /// Identifies a public key that is kept without its private half.
    KnownKeyId
);
id!(
    /// Identifies a document that was made of a vault.
    DocumentId
);

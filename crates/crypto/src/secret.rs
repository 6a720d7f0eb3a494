//! Newtypes for secrets: wiped when dropped, `[redacted]` in `Debug`, compared in constant time,
//! and without `Clone`, `Display` or `Serialize`.

use std::fmt;

use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize as _, ZeroizeOnDrop, Zeroizing};

use crate::random::{RandomError, fill_random};

macro_rules! secret_key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(ZeroizeOnDrop)]
        pub struct $name(Box<[u8; 32]>);

        impl $name {
            /// Makes a new random key.
            ///
            /// # Errors
            /// When the operating system's generator fails.
            pub fn make() -> Result<Self, RandomError> {
                let mut key = Self(Box::new([0; 32]));
                fill_random(key.0.as_mut())?;
                Ok(key)
            }

            /// Takes a copy of `bytes`, which the caller wipes.
            #[must_use]
            pub fn from_bytes(bytes: &[u8; 32]) -> Self {
                Self(Box::new(*bytes))
            }

            /// The key's bytes. Say beside each use, in an `EXPOSE:` comment, why it is needed.
            #[must_use]
            pub fn expose(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "([redacted])"))
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.0.ct_eq(other.0.as_ref()).into()
            }
        }

        impl Eq for $name {}
    };
}

secret_key!(
    /// VK: from it the database key, the header's HMAC key and the audit sealing key are derived.
    VaultKey
);
secret_key!(
    /// MK: wraps the data-encryption key of every key version.
    MaterialKey
);
secret_key!(
    /// DEK: seals the material of one key version.
    DataKey
);
secret_key!(
    /// KEK: what an unlock slot yields; opens the slot's payload.
    SlotKey
);
secret_key!(
    /// The private half of a slot's key pair, to which MK is sealed.
    SlotPrivateKey
);
secret_key!(
    /// Seals the audit log's signing key.
    AuditSealKey
);

/// Secret bytes of any length: key material, an exported file, a PIN.
#[derive(ZeroizeOnDrop)]
pub struct SecretBytes(Vec<u8>);

impl SecretBytes {
    /// Takes ownership of `bytes`.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// Makes `len` random bytes.
    ///
    /// # Errors
    /// When the operating system's generator fails.
    pub fn make(len: usize) -> Result<Self, RandomError> {
        let mut bytes = Self(vec![0; len]);
        fill_random(&mut bytes.0)?;
        Ok(bytes)
    }

    /// The bytes. Say beside each use, in an `EXPOSE:` comment, why it is needed.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// The length in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Zeroizing<Vec<u8>>> for SecretBytes {
    fn from(mut bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(std::mem::take(&mut *bytes))
    }
}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretBytes([redacted], {} bytes)", self.0.len())
    }
}

impl PartialEq for SecretBytes {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for SecretBytes {}

/// Secret text: a passphrase. It can be deserialised, never serialised.
pub struct SecretString(String);

impl SecretString {
    /// Takes ownership of `text`.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// Whether it is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text. Say beside each use, in an `EXPOSE:` comment, why it is needed.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl Drop for SecretString {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl ZeroizeOnDrop for SecretString {}

impl fmt::Debug for SecretString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretString([redacted])")
    }
}

impl PartialEq for SecretString {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for SecretString {}

impl<'de> serde::Deserialize<'de> for SecretString {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_secret() {
        assert_eq!(
            format!("{:?}", SecretString::new("hunter2".into())),
            "SecretString([redacted])"
        );
        assert_eq!(format!("{:?}", VaultKey::from_bytes(&[7; 32])), "VaultKey([redacted])");
        assert_eq!(
            format!("{:?}", SecretBytes::new(vec![7; 3])),
            "SecretBytes([redacted], 3 bytes)"
        );
    }

    #[test]
    fn made_keys_differ() {
        assert_ne!(DataKey::make().unwrap(), DataKey::make().unwrap());
        assert_ne!(SecretBytes::make(32).unwrap(), SecretBytes::make(32).unwrap());
    }

    #[test]
    fn lengths_and_texts_are_what_was_given() {
        for len in [0, 1, 33] {
            let bytes = SecretBytes::make(len).unwrap();
            assert_eq!((bytes.len(), bytes.is_empty()), (len, len == 0));
        }
        let text: SecretString = serde_json::from_str(r#""ledger brass""#).unwrap();
        // EXPOSE: a test's passphrase.
        assert_eq!((text.expose(), text.is_empty()), ("ledger brass", false));
        assert!(SecretString::new(String::new()).is_empty());
        let moved = SecretBytes::from(Zeroizing::new(vec![1, 2]));
        assert_eq!(moved, SecretBytes::new(vec![1, 2]));
    }
}

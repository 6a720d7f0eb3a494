//! Slot keys that a smartcard's decryption key opens: a secret that only the card can find again, then
//! HKDF-SHA-256.
//!
//! The secret is made once, when the slot is, and forgotten; its *challenge* is kept. With a key on a
//! curve that is ephemeral-static ECDH: the challenge is the ephemeral public key. With an RSA key see
//! [`crate::card_rsa`].

use aws_lc_rs::agreement::{
    Algorithm, ECDH_P256, ECDH_P384, ECDH_P521, EphemeralPrivateKey, UnparsedPublicKey, X25519,
    agree_ephemeral,
};
use aws_lc_rs::rand::SystemRandom;

use crate::card_rsa::{self, CardRsaKey};
use crate::derive::derive_key;
use crate::secret::{SecretBytes, SlotKey};

/// How a card's decryption key finds a secret again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardScheme {
    /// Ephemeral-static ECDH with a key on this curve.
    Ecdh(CardCurve),
    /// RSASVE (SP 800-56B Rev. 2, 7.2.1): the secret is a number below the modulus, and the card applies
    /// its bare private operation.
    RsaSve,
    /// RSAES-PKCS1-v1_5 (RFC 8017, 7.2), which is what an OpenPGP card takes off by itself.
    RsaPkcs1,
}

impl CardScheme {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Ecdh(CardCurve::P256),
        Self::Ecdh(CardCurve::P384),
        Self::Ecdh(CardCurve::P521),
        Self::Ecdh(CardCurve::X25519),
        Self::RsaSve,
        Self::RsaPkcs1,
    ];

    /// Its name in a header.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ecdh(CardCurve::P256) => "ecdh-p256",
            Self::Ecdh(CardCurve::P384) => "ecdh-p384",
            Self::Ecdh(CardCurve::P521) => "ecdh-p521",
            Self::Ecdh(CardCurve::X25519) => "ecdh-x25519",
            Self::RsaSve => "rsasve",
            Self::RsaPkcs1 => "rsaes-pkcs1-v1_5",
        }
    }

    /// The scheme of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scheme| scheme.name() == name)
    }

    /// How many bytes the secret has that a card with this public key finds; `None` where that is no
    /// public key.
    #[must_use]
    pub fn secret_len(self, public_key: &[u8]) -> Option<usize> {
        match self {
            Self::Ecdh(curve) => Some(curve.secret_len()),
            Self::RsaSve => Some(CardRsaKey::from_der(public_key)?.bytes()),
            Self::RsaPkcs1 => Some(card_rsa::TRANSPORTED),
        }
    }

    /// Makes a secret that only the card with this public key finds again: an uncompressed point, 32
    /// bytes of X25519, or an `RSAPublicKey` in DER.
    ///
    /// # Errors
    /// When it is no public key for this scheme.
    pub fn make(self, public_key: &[u8]) -> Result<CardAgreement, CardAgreementError> {
        let rsa = || CardRsaKey::from_der(public_key).ok_or(CardAgreementError);
        match self {
            Self::Ecdh(curve) => make_card_agreement(curve, public_key),
            Self::RsaSve => rsa()?.encapsulate(),
            Self::RsaPkcs1 => rsa()?.transport(),
        }
    }
}

/// The curve of a card's decryption key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardCurve {
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
    /// NIST P-521.
    P521,
    /// Curve25519 (RFC 7748).
    X25519,
}

impl CardCurve {
    const ALL: [Self; 4] = [Self::P256, Self::P384, Self::P521, Self::X25519];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::P256 => "p256",
            Self::P384 => "p384",
            Self::P521 => "p521",
            Self::X25519 => "x25519",
        }
    }

    /// The curve of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|curve| curve.name() == name)
    }

    /// How many bytes a shared secret has: one coordinate.
    #[must_use]
    pub const fn secret_len(self) -> usize {
        match self {
            Self::P256 | Self::X25519 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }

    fn algorithm(self) -> &'static Algorithm {
        match self {
            Self::P256 => &ECDH_P256,
            Self::P384 => &ECDH_P384,
            Self::P521 => &ECDH_P521,
            Self::X25519 => &X25519,
        }
    }
}

/// The card's public key is no key of its kind, or randomness failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no secret can be made for the card's key")]
pub struct CardAgreementError;

/// What a card slot is made of.
#[derive(Debug)]
pub struct CardAgreement {
    /// The ephemeral public key, or the ciphertext: what the card is given.
    pub challenge: Vec<u8>,
    /// What the card will answer.
    pub secret: SecretBytes,
}

/// Agrees on a new secret with a card's public key: an uncompressed point, or 32 bytes of X25519.
fn make_card_agreement(
    curve: CardCurve,
    public_key: &[u8],
) -> Result<CardAgreement, CardAgreementError> {
    let failed = |_unspecified| CardAgreementError;
    let private =
        EphemeralPrivateKey::generate(curve.algorithm(), &SystemRandom::new()).map_err(failed)?;
    let challenge = private.compute_public_key().map_err(failed)?.as_ref().to_vec();
    let card = UnparsedPublicKey::new(curve.algorithm(), public_key);
    let secret = agree_ephemeral(private, card, CardAgreementError, |secret| {
        Ok(SecretBytes::new(secret.to_vec()))
    })?;
    Ok(CardAgreement { challenge, secret })
}

/// Derives a slot key from the secret that a card found.
#[must_use]
pub fn derive_card_key(
    secret: &SecretBytes,
    public_key: &[u8],
    challenge: &[u8],
    vault_id: &[u8],
    slot_id: &[u8],
) -> SlotKey {
    // EXPOSE: the derivation's input.
    let key = derive_key(
        secret.expose(),
        "keyreeve/v1/slot/card",
        &[public_key, challenge, vault_id, slot_id],
    );
    SlotKey::from_bytes(&key)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// They are in the headers of vaults.
    #[test]
    fn names_stay_as_they_are_and_lead_back() {
        assert_eq!(
            CardScheme::ALL.map(CardScheme::name),
            ["ecdh-p256", "ecdh-p384", "ecdh-p521", "ecdh-x25519", "rsasve", "rsaes-pkcs1-v1_5"]
        );
        for scheme in CardScheme::ALL {
            assert_eq!(CardScheme::named(scheme.name()), Some(scheme));
        }
        for curve in CardCurve::ALL {
            assert_eq!(CardCurve::named(curve.name()), Some(curve));
            assert_eq!(CardScheme::Ecdh(curve).name().strip_prefix("ecdh-"), Some(curve.name()));
        }
        for unknown in ["", "ecdh", "ecdh-p224", "RSASVE", "rsasve "] {
            assert_eq!(CardScheme::named(unknown), None, "{unknown}");
        }
        assert_eq!(CardCurve::named("p224"), None);
    }

    #[test]
    fn the_other_side_agrees_on_the_same_secret() {
        for curve in CardCurve::ALL {
            let card =
                EphemeralPrivateKey::generate(curve.algorithm(), &SystemRandom::new()).unwrap();
            let public = card.compute_public_key().unwrap();
            let made = make_card_agreement(curve, public.as_ref()).unwrap();
            let challenge = UnparsedPublicKey::new(curve.algorithm(), &made.challenge);
            agree_ephemeral(card, challenge, CardAgreementError, |secret| {
                assert_eq!(secret, made.secret.expose(), "{curve:?}");
                assert_eq!(secret.len(), curve.secret_len());
                Ok(())
            })
            .unwrap();
        }
    }

    #[test]
    fn what_is_no_key_of_the_curve_is_refused() {
        let mut off_the_curve = vec![4; 65];
        off_the_curve[64] = 1;
        for (curve, public) in [
            (CardCurve::P256, off_the_curve),
            (CardCurve::P256, vec![4; 64]),
            (CardCurve::P384, vec![4; 65]),
            (CardCurve::X25519, vec![0; 32]),
            (CardCurve::X25519, vec![9; 31]),
            (CardCurve::P521, Vec::new()),
        ] {
            assert_eq!(make_card_agreement(curve, &public).unwrap_err(), CardAgreementError);
        }
    }

    /// From the same HKDF in Python as the vector in `derive.rs`.
    #[test]
    fn everything_that_a_slot_is_bound_to_changes_its_key() {
        let secret = SecretBytes::new(vec![7; 32]);
        let key = derive_card_key(&secret, b"public", b"challenge", &[1; 16], &[2; 16]);
        for other in [
            derive_card_key(
                &SecretBytes::new(vec![8; 32]),
                b"public",
                b"challenge",
                &[1; 16],
                &[2; 16],
            ),
            derive_card_key(&secret, b"publi", b"cchallenge", &[1; 16], &[2; 16]),
            derive_card_key(&secret, b"public", b"challengf", &[1; 16], &[2; 16]),
            derive_card_key(&secret, b"public", b"challenge", &[2; 16], &[2; 16]),
            derive_card_key(&secret, b"public", b"challenge", &[1; 16], &[1; 16]),
        ] {
            assert_ne!(key.expose(), other.expose());
        }
        assert_eq!(
            hex::encode(key.expose()),
            "55a62e821dba4ec449494f3d5fbe91b8be0d5d77e99f8d07d15a1b09407bfe05"
        );
    }
}

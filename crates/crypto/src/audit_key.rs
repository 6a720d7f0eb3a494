//! The audit log's signing key: Ed25519 (RFC 8032), sealed under a key derived from VK.

use std::fmt;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use subtle::ConstantTimeEq as _;
use zeroize::ZeroizeOnDrop;

use crate::pre_auth::pre_auth_encode;
use crate::random::{RandomError, fill_random};
use crate::seal::{OpenError, SealError, SealedBytes, open, seal};
use crate::secret::AuditSealKey;

/// The length of an Ed25519 signature in bytes.
pub const AUDIT_SIGNATURE_LEN: usize = 64;

const SEAL_LABEL: &[u8] = b"audit-signing-key";

/// Signs the audit log's checkpoints. Holds the Ed25519 seed, wiped when dropped.
#[derive(ZeroizeOnDrop)]
pub struct AuditSigningKey(Box<[u8; 32]>);

/// The public half of an [`AuditSigningKey`]: 32 bytes as RFC 8032 encodes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AuditPublicKey(pub [u8; 32]);

/// The signature is not this key's over this message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not belong to this audit key and this text")]
pub struct SignatureRefused;

impl AuditSigningKey {
    /// Makes a new random key.
    ///
    /// # Errors
    /// When the operating system's generator fails.
    pub fn make() -> Result<Self, RandomError> {
        let mut key = Self(Box::new([0; 32]));
        fill_random(key.0.as_mut())?;
        Ok(key)
    }

    /// Takes a copy of an Ed25519 `seed`, which the caller wipes.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(Box::new(*seed))
    }

    /// The Ed25519 seed. Say beside each use, in an `EXPOSE:` comment, why it is needed.
    #[must_use]
    pub fn expose_seed(&self) -> &[u8; 32] {
        &self.0
    }

    /// Signs `message` with Ed25519. The same message always gives the same signature.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; AUDIT_SIGNATURE_LEN] {
        let signature = self.key_pair().sign(message);
        #[expect(clippy::expect_used, reason = "Ed25519 signatures have 64 bytes")]
        signature.as_ref().try_into().expect("Ed25519 signature length")
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> AuditPublicKey {
        #[expect(clippy::expect_used, reason = "Ed25519 public keys have 32 bytes")]
        AuditPublicKey(
            self.key_pair().public_key().as_ref().try_into().expect("Ed25519 public key length"),
        )
    }

    /// AWS-LC wipes its own copy when the pair is dropped.
    fn key_pair(&self) -> Ed25519KeyPair {
        // EXPOSE: the signing implementation takes the seed.
        #[expect(clippy::expect_used, reason = "every 32-byte string is an Ed25519 seed")]
        Ed25519KeyPair::from_seed_unchecked(self.expose_seed()).expect("Ed25519 seed length")
    }
}

impl fmt::Debug for AuditSigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuditSigningKey([redacted])")
    }
}

impl PartialEq for AuditSigningKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(other.0.as_ref()).into()
    }
}

impl Eq for AuditSigningKey {}

impl AuditPublicKey {
    /// Checks that `signature` is this key's over `message`.
    ///
    /// # Errors
    /// When it is not, whatever the reason: another key, another message, a changed or
    /// wrongly sized signature, a public key that is no point.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), SignatureRefused> {
        UnparsedPublicKey::new(&ED25519, self.0).verify(message, signature).map_err(refused)
    }
}

/// Seals the audit signing key of the vault `vault_id`.
///
/// The plaintext is the 32-byte seed; the associated data is
/// `pre_auth_encode(["audit-signing-key", vault_id])`.
///
/// # Errors
/// When no nonce can be drawn.
pub fn seal_audit_key(
    seal_key: &AuditSealKey,
    vault_id: &[u8; 16],
    signing_key: &AuditSigningKey,
) -> Result<SealedBytes, SealError> {
    // EXPOSE: the sealing key and the plaintext of the sealing.
    seal(seal_key.expose(), &associated_data(vault_id), signing_key.expose_seed())
}

/// Opens what [`seal_audit_key`] made for the same vault.
///
/// # Errors
/// When the bytes are not the audit signing key of exactly this vault under this key.
pub fn open_audit_key(
    seal_key: &AuditSealKey,
    vault_id: &[u8; 16],
    sealed: &[u8],
) -> Result<AuditSigningKey, OpenError> {
    // EXPOSE: the opening key; the opened seed becomes its newtype.
    let opened = open(seal_key.expose(), &associated_data(vault_id), sealed)?;
    opened
        .expose()
        .first_chunk::<32>()
        .filter(|_| opened.len() == 32)
        .map_or(Err(OpenError::Truncated), |seed| Ok(AuditSigningKey::from_seed(seed)))
}

fn associated_data(vault_id: &[u8; 16]) -> Vec<u8> {
    pre_auth_encode(&[SEAL_LABEL, vault_id])
}

fn refused(_: aws_lc_rs::error::Unspecified) -> SignatureRefused {
    SignatureRefused
}

#[cfg(test)]
mod tests {
    use super::*;

    fn array<const N: usize>(hex_text: &str) -> [u8; N] {
        hex::decode(hex_text).unwrap().try_into().unwrap()
    }

    /// Seed, public key, message and signature of RFC 8032, section 7.1: tests 1, 2, 3 and SHA(abc).
    const RFC_8032: [[&str; 4]; 4] = [
        [
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ],
        [
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ],
        [
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ],
        [
            "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
            "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
        ],
    ];

    #[test]
    fn signs_as_rfc_8032_section_7_1_says() {
        for [seed, public, message, signature] in RFC_8032 {
            let key = AuditSigningKey::from_seed(&array(seed));
            assert_eq!(key.public().0, array(public));
            let message = hex::decode(message).unwrap();
            assert_eq!(key.sign(&message), array::<64>(signature));
            assert_eq!(key.public().verify(&message, &array::<64>(signature)), Ok(()));
        }
    }

    /// Points of low order and in other than their one encoding, from C2SP's CCTV/ed25519: a key or
    /// a commitment like these makes a signature that some verifiers take and others do not. Nobody
    /// but the vault makes audit keys, so what counts is that no release changes its mind unseen.
    #[test]
    fn a_commitment_in_another_encoding_is_refused() {
        // The identity, and its other encodings: sign of x set, y ≥ p, both.
        let identity = "0100000000000000000000000000000000000000000000000000000000000000";
        let others = [
            "0100000000000000000000000000000000000000000000000000000000000080",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        ];
        let key = AuditPublicKey(array(identity));
        let signature = |r: &str| [array::<32>(r), [0; 32]].concat();
        // Key and commitment are both the identity, so s = 0 fits every message.
        assert_eq!(key.verify(b"any", &signature(identity)), Ok(()));
        for other in others {
            assert_eq!(key.verify(b"any", &signature(other)), Err(SignatureRefused), "{other}");
        }
    }

    #[test]
    fn other_message_key_or_signature_is_refused() {
        let key = AuditSigningKey::make().unwrap();
        let signature = key.sign(b"checkpoint");
        assert_eq!(key.public().verify(b"checkpoint", &signature), Ok(()));
        assert_eq!(key.public().verify(b"checkpoinu", &signature), Err(SignatureRefused));
        let other = AuditSigningKey::make().unwrap();
        assert_eq!(other.public().verify(b"checkpoint", &signature), Err(SignatureRefused));
        for bit in 0..signature.len() * 8 {
            let mut changed = signature;
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(key.public().verify(b"checkpoint", &changed).is_err(), "bit {bit}");
        }
        for len in 0..signature.len() {
            assert!(key.public().verify(b"checkpoint", &signature[..len]).is_err());
        }
        assert!(AuditPublicKey([0xff; 32]).verify(b"checkpoint", &signature).is_err());
    }

    #[test]
    fn opens_only_for_its_own_vault_and_key() {
        let seal_key = AuditSealKey::make().unwrap();
        let key = AuditSigningKey::make().unwrap();
        let sealed = seal_audit_key(&seal_key, &[1; 16], &key).unwrap();
        assert_eq!(open_audit_key(&seal_key, &[1; 16], &sealed), Ok(key));
        assert_eq!(open_audit_key(&seal_key, &[2; 16], &sealed), Err(OpenError::Refused));
        let other = AuditSealKey::make().unwrap();
        assert_eq!(open_audit_key(&other, &[1; 16], &sealed), Err(OpenError::Refused));
        assert_eq!(open_audit_key(&seal_key, &[1; 16], &sealed[..40]), Err(OpenError::Refused));
    }

    #[test]
    fn a_sealed_seed_of_another_length_is_refused() {
        let seal_key = AuditSealKey::make().unwrap();
        for len in [0, 31, 33] {
            // EXPOSE: the test makes a seal by hand.
            let sealed =
                seal(seal_key.expose(), &associated_data(&[1; 16]), &vec![7; len]).unwrap();
            assert_eq!(open_audit_key(&seal_key, &[1; 16], &sealed), Err(OpenError::Truncated));
        }
    }

    #[test]
    fn debug_shows_no_seed() {
        let key = AuditSigningKey::from_seed(&[7; 32]);
        assert_eq!(format!("{key:?}"), "AuditSigningKey([redacted])");
    }
}

//! A slot's key pair: MK is sealed to its public half, so that a new MK reaches every slot while
//! nobody is there to open it.
//!
//! The public half is no secret, and no proof either: whoever knows VK could put another in its
//! place. So it is kept sealed under MK, and only who holds the MK of today can name a recipient
//! for the MK of tomorrow.

use aws_lc_rs::agreement::{
    EphemeralPrivateKey, PrivateKey, UnparsedPublicKey, X25519, agree, agree_ephemeral,
};
use aws_lc_rs::rand::SystemRandom;
use zeroize::Zeroizing;

use crate::derive::derive_key;
use crate::pre_auth::pre_auth_encode;
use crate::seal::{open, seal};
use crate::secret::{MaterialKey, SlotPrivateKey};

const KEY_LEN: usize = 32;
/// What sealing adds: version, nonce and tag.
const SEAL_OVERHEAD: usize = 1 + 12 + 16;
/// How many bytes a sealed public half has.
pub const RECIPIENT_LEN: usize = SEAL_OVERHEAD + KEY_LEN;
/// How many bytes MK has, sealed to a slot.
pub const SEALED_MATERIAL_KEY_LEN: usize = KEY_LEN + SEAL_OVERHEAD + KEY_LEN;

/// What is sealed does not open, or is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the slot's key pair does not open what was sealed to it")]
pub struct SlotPairError;

/// The slot that something is sealed to.
#[derive(Debug, Clone, Copy)]
pub struct SlotContext<'a> {
    /// The vault.
    pub vault_id: &'a [u8; 16],
    /// The slot.
    pub slot_id: &'a [u8; 16],
    /// The role's name.
    pub role: &'a str,
}

/// The public half of a slot's key pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlotPublicKey([u8; KEY_LEN]);

impl SlotContext<'_> {
    fn bound(&self, label: &str) -> Vec<u8> {
        pre_auth_encode(&[label.as_bytes(), self.vault_id, self.slot_id, self.role.as_bytes()])
    }

    fn recipient_key(&self, material_key: &MaterialKey) -> Zeroizing<[u8; 32]> {
        // EXPOSE: HKDF's input.
        let key = material_key.expose();
        derive_key(key, "keyreeve/v1/slot/recipient", &[self.vault_id, self.slot_id])
    }

    /// Seals MK to the slot whose key pair's public half is `to`: an ephemeral public key, then the
    /// sealed MK.
    ///
    /// # Errors
    /// When `to` is no public key, or randomness fails.
    pub fn seal_material_key(
        &self,
        to: &SlotPublicKey,
        material_key: &MaterialKey,
    ) -> Result<Vec<u8>, SlotPairError> {
        let ephemeral = EphemeralPrivateKey::generate(&X25519, &SystemRandom::new())
            .map_err(|_unspecified| SlotPairError)?;
        let public = ephemeral.compute_public_key().map_err(|_unspecified| SlotPairError)?;
        let mut sealed = public.as_ref().to_vec();
        let theirs = UnparsedPublicKey::new(&X25519, to.0);
        let key = agree_ephemeral(ephemeral, theirs, SlotPairError, |secret| {
            Ok(self.agreed(secret, to, public.as_ref()))
        })?;
        // EXPOSE: the plaintext of the sealing.
        let text = material_key.expose();
        let material_key = seal(&key, &self.bound("slot-material-key"), text);
        sealed.extend(material_key.map_err(|_error| SlotPairError)?);
        Ok(sealed)
    }

    /// Opens what [`Self::seal_material_key`] sealed.
    ///
    /// # Errors
    /// When it was sealed to another slot, or changed.
    pub fn open_material_key(
        &self,
        private: &SlotPrivateKey,
        sealed: &[u8],
    ) -> Result<MaterialKey, SlotPairError> {
        let (ephemeral, sealed) = sealed.split_first_chunk::<KEY_LEN>().ok_or(SlotPairError)?;
        let public = private.public()?;
        let theirs = UnparsedPublicKey::new(&X25519, ephemeral);
        let key = agree(&private.pair()?, theirs, SlotPairError, |secret| {
            Ok(self.agreed(secret, &public, ephemeral))
        })?;
        let opened =
            open(&key, &self.bound("slot-material-key"), sealed).map_err(|_error| SlotPairError)?;
        // EXPOSE: MK's own bytes become its newtype.
        let bytes = opened.expose().try_into().map_err(|_length| SlotPairError)?;
        Ok(MaterialKey::from_bytes(bytes))
    }

    /// Seals a public half under MK.
    ///
    /// # Errors
    /// When randomness fails.
    pub fn seal_recipient(
        &self,
        material_key: &MaterialKey,
        recipient: &SlotPublicKey,
    ) -> Result<Vec<u8>, SlotPairError> {
        let key = self.recipient_key(material_key);
        seal(&key, &self.bound("slot-recipient"), &recipient.0).map_err(|_error| SlotPairError)
    }

    /// Opens a public half that was sealed under this MK.
    ///
    /// # Errors
    /// When it was sealed under another MK or for another slot, or changed.
    pub fn open_recipient(
        &self,
        material_key: &MaterialKey,
        sealed: &[u8],
    ) -> Result<SlotPublicKey, SlotPairError> {
        let key = self.recipient_key(material_key);
        let opened =
            open(&key, &self.bound("slot-recipient"), sealed).map_err(|_error| SlotPairError)?;
        // EXPOSE: a public key, which was sealed only so that it is known to be the slot's.
        let bytes = opened.expose().try_into().map_err(|_length| SlotPairError)?;
        Ok(SlotPublicKey(bytes))
    }

    fn agreed(&self, secret: &[u8], to: &SlotPublicKey, from: &[u8]) -> Zeroizing<[u8; 32]> {
        let context = [&to.0, from, self.vault_id, self.slot_id];
        derive_key(secret, "keyreeve/v1/slot/material-key", &context)
    }
}

impl SlotPrivateKey {
    /// The public half.
    ///
    /// # Errors
    /// Never for 32 bytes; the library has it so.
    pub fn public(&self) -> Result<SlotPublicKey, SlotPairError> {
        let public = self.pair()?.compute_public_key().map_err(|_unspecified| SlotPairError)?;
        public.as_ref().try_into().map(SlotPublicKey).map_err(|_length| SlotPairError)
    }

    fn pair(&self) -> Result<PrivateKey, SlotPairError> {
        // EXPOSE: the scalar of the agreement.
        PrivateKey::from_private_key(&X25519, self.expose()).map_err(|_rejected| SlotPairError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SLOT: SlotContext<'_> =
        SlotContext { vault_id: &[1; 16], slot_id: &[2; 16], role: "administrator" };
    const OTHERS: [SlotContext<'_>; 3] = [
        SlotContext { vault_id: &[9; 16], ..SLOT },
        SlotContext { slot_id: &[9; 16], ..SLOT },
        SlotContext { role: "operator", ..SLOT },
    ];

    fn key(byte: u8) -> MaterialKey {
        MaterialKey::from_bytes(&[byte; 32])
    }

    #[test]
    fn what_is_sealed_to_a_slot_opens_with_its_private_half_alone() {
        let private = SlotPrivateKey::make().unwrap();
        let sealed = SLOT.seal_material_key(&private.public().unwrap(), &key(5)).unwrap();
        assert_eq!(sealed.len(), SEALED_MATERIAL_KEY_LEN);
        assert_eq!(SLOT.open_material_key(&private, &sealed).unwrap(), key(5));

        let other = SlotPrivateKey::make().unwrap();
        assert_eq!(SLOT.open_material_key(&other, &sealed), Err(SlotPairError));
        for other in OTHERS {
            assert_eq!(other.open_material_key(&private, &sealed), Err(SlotPairError), "{other:?}");
        }
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(SLOT.open_material_key(&private, &changed), Err(SlotPairError), "byte {at}");
            assert_eq!(SLOT.open_material_key(&private, &sealed[..at]), Err(SlotPairError));
        }
    }

    #[test]
    fn only_who_holds_the_material_key_names_a_recipient_for_the_next() {
        let public = SlotPrivateKey::make().unwrap().public().unwrap();
        let sealed = SLOT.seal_recipient(&key(5), &public).unwrap();
        assert_eq!(sealed.len(), RECIPIENT_LEN);
        assert_eq!(SLOT.open_recipient(&key(5), &sealed).unwrap(), public);
        assert_eq!(SLOT.open_recipient(&key(6), &sealed), Err(SlotPairError));
        for other in OTHERS {
            assert_eq!(other.open_recipient(&key(5), &sealed), Err(SlotPairError), "{other:?}");
        }
    }

    #[test]
    fn a_public_half_of_small_order_is_refused() {
        for small in [[0; 32], {
            let mut one = [0; 32];
            one[0] = 1;
            one
        }] {
            let sealed = SLOT.seal_material_key(&SlotPublicKey(small), &key(5));
            assert_eq!(sealed, Err(SlotPairError));
        }
    }

    /// RFC 7748, section 6.1: Alice's pair.
    #[test]
    fn the_public_half_is_that_of_rfc_7748() {
        let bytes = hex::decode("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a")
            .unwrap();
        let private = SlotPrivateKey::from_bytes(&bytes.try_into().unwrap());
        assert_eq!(
            hex::encode(private.public().unwrap().0),
            "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"
        );
    }
}

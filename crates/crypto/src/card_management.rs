//! The management key of a PIV card (SP 800-73-4, part 2, section 3.2.4; key reference 9B), with which
//! card and computer prove to each other that they know it.
//!
//! A proof is one block in ECB, whatever the cipher: what is encrypted is random and used once.

use aes::cipher::{Array, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use aes::{Aes128, Aes192, Aes256};
use des::TdesEde3;
use zeroize::Zeroizing;

use crate::secret::{SecretBytes, SecretString};

/// The key that cards come with; it is no secret.
const FACTORY: [u8; 24] = [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8];

/// The cipher of a management key (SP 800-78-5, table 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ManagementCipher {
    /// Triple DES with three keys.
    Tdes,
    /// AES-128.
    Aes128,
    /// AES-192.
    Aes192,
    /// AES-256.
    Aes256,
}

impl ManagementCipher {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Tdes, Self::Aes128, Self::Aes192, Self::Aes256];

    /// Its number in a command.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Tdes => 0x03,
            Self::Aes128 => 0x08,
            Self::Aes192 => 0x0A,
            Self::Aes256 => 0x0C,
        }
    }

    /// How many bytes a block has.
    #[must_use]
    pub const fn block_len(self) -> usize {
        if matches!(self, Self::Tdes) { 8 } else { 16 }
    }

    const fn key_len(self) -> usize {
        match self {
            Self::Aes128 => 16,
            Self::Tdes | Self::Aes192 => 24,
            Self::Aes256 => 32,
        }
    }
}

/// The management key of a PIV card.
#[derive(Debug)]
pub struct CardManagementKey(SecretBytes);

impl CardManagementKey {
    /// Reads 32, 48 or 64 hexadecimal digits; without any, the key that cards come with. `None` for
    /// anything else.
    #[must_use]
    pub fn parse(text: &SecretString) -> Option<Self> {
        // EXPOSE: the digits become the key's bytes.
        let text = text.expose().trim();
        if text.is_empty() {
            return Some(Self(SecretBytes::new(FACTORY.to_vec())));
        }
        let mut key = Zeroizing::new(vec![0; text.len() / 2]);
        hex::decode_to_slice(text, &mut key).ok()?;
        Self::from_bytes(key.into())
    }

    /// Takes a key as it is; `None` where no cipher has one of its length.
    #[must_use]
    pub fn from_bytes(key: SecretBytes) -> Option<Self> {
        let is_one = ManagementCipher::ALL.iter().any(|cipher| cipher.key_len() == key.len());
        is_one.then_some(Self(key))
    }

    /// Whether it is a key of this cipher, by its length.
    #[must_use]
    pub fn fits(&self, cipher: ManagementCipher) -> bool {
        self.0.len() == cipher.key_len()
    }

    /// Encrypts one block; `None` where key or block have not the cipher's length.
    #[must_use]
    pub fn encrypt(&self, cipher: ManagementCipher, block: &[u8]) -> Option<SecretBytes> {
        match cipher {
            ManagementCipher::Tdes => self.encrypt_with::<TdesEde3>(block),
            ManagementCipher::Aes128 => self.encrypt_with::<Aes128>(block),
            ManagementCipher::Aes192 => self.encrypt_with::<Aes192>(block),
            ManagementCipher::Aes256 => self.encrypt_with::<Aes256>(block),
        }
    }

    /// Decrypts one block; `None` where key or block have not the cipher's length.
    #[must_use]
    pub fn decrypt(&self, cipher: ManagementCipher, block: &[u8]) -> Option<SecretBytes> {
        match cipher {
            ManagementCipher::Tdes => self.decrypt_with::<TdesEde3>(block),
            ManagementCipher::Aes128 => self.decrypt_with::<Aes128>(block),
            ManagementCipher::Aes192 => self.decrypt_with::<Aes192>(block),
            ManagementCipher::Aes256 => self.decrypt_with::<Aes256>(block),
        }
    }

    fn encrypt_with<C: KeyInit + BlockCipherEncrypt>(&self, block: &[u8]) -> Option<SecretBytes> {
        // EXPOSE: the cipher's key.
        let cipher = C::new_from_slice(self.0.expose()).ok()?;
        let mut block = Array::try_from(block).ok()?;
        cipher.encrypt_block(&mut block);
        Some(SecretBytes::new(block.to_vec()))
    }

    fn decrypt_with<C: KeyInit + BlockCipherDecrypt>(&self, block: &[u8]) -> Option<SecretBytes> {
        // EXPOSE: the cipher's key.
        let cipher = C::new_from_slice(self.0.expose()).ok()?;
        let mut block = Array::try_from(block).ok()?;
        cipher.decrypt_block(&mut block);
        Some(SecretBytes::new(block.to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Option<CardManagementKey> {
        CardManagementKey::parse(&SecretString::new(text.into()))
    }

    /// SP 800-78-5, table 9.
    #[test]
    fn ciphers_have_the_standard_s_numbers_and_blocks() {
        let numbers = ManagementCipher::ALL.map(ManagementCipher::number);
        assert_eq!(numbers, [0x03, 0x08, 0x0a, 0x0c]);
        assert_eq!(ManagementCipher::ALL.map(ManagementCipher::block_len), [8, 16, 16, 16]);
    }

    /// FIPS 197, appendix C, and the 3DES vector of SP 800-20's variable-plaintext test with three equal
    /// keys, which is DES.
    #[test]
    fn blocks_are_encrypted_as_the_standards_say_and_back() {
        let plain = "00112233445566778899aabbccddeeff";
        for (cipher, digits, plain, sealed) in [
            (
                ManagementCipher::Aes128,
                "000102030405060708090a0b0c0d0e0f",
                plain,
                "69c4e0d86a7b0430d8cdb78070b4c55a",
            ),
            (
                ManagementCipher::Aes192,
                "000102030405060708090a0b0c0d0e0f1011121314151617",
                plain,
                "dda97ca4864cdfe06eaf70a0ec0d7191",
            ),
            (
                ManagementCipher::Aes256,
                "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
                plain,
                "8ea2b7ca516745bfeafc49904b496089",
            ),
            (
                ManagementCipher::Tdes,
                "010101010101010101010101010101010101010101010101",
                "8000000000000000",
                "95f8a5e5dd31d900",
            ),
        ] {
            let key = key(digits).unwrap();
            let plain = hex::decode(plain).unwrap();
            let encrypted = key.encrypt(cipher, &plain).unwrap();
            assert_eq!(hex::encode(encrypted.expose()), sealed, "{cipher:?}");
            let decrypted = key.decrypt(cipher, encrypted.expose()).unwrap();
            assert_eq!(decrypted.expose(), plain);
            assert!(key.fits(cipher));
            assert!(key.encrypt(cipher, &plain[1..]).is_none());
        }
    }

    #[test]
    fn what_cannot_be_a_management_key_is_refused_and_an_empty_one_is_the_factorys() {
        assert_eq!(key("").unwrap().0.expose(), FACTORY);
        assert_eq!(key(" \n").unwrap().0.expose(), FACTORY);
        for text in ["0", "01", "123456", &"g".repeat(48), &"0".repeat(47), &"0".repeat(50)] {
            assert!(key(text).is_none(), "{text}");
        }
        assert!(!key(&"0".repeat(32)).unwrap().fits(ManagementCipher::Tdes));
        assert!(!format!("{:?}", key("").unwrap()).contains("1, 2, 3"));
    }
}

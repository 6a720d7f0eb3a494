//! Symmetric keys: their length and their check values.

use aes::cipher::{BlockCipherEncrypt as _, KeyInit as _};
use aes::{Aes128, Aes192, Aes256, Block};
use cmac::{Cmac, Mac};
use sha1::{Digest as _, Sha1};

#[derive(Clone, Copy)]
pub(crate) struct Spec {
    /// The key's length in bytes.
    pub(crate) len: usize,
    pub(crate) check: CheckValue,
}

/// How a key check value is made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum CheckValue {
    /// From the block cipher itself.
    Aes,
    /// From SHA-1 of the key, as PKCS #11 has it for keys that are no block cipher's.
    Sha1,
}

/// The first 3 bytes of the encryption of a zero block: PKCS #11's `CKA_CHECK_VALUE` and the
/// classical KCV of payment systems. `None` when the length is no AES key's.
pub(crate) fn ecb_check_value(key: &[u8]) -> Option<String> {
    let mut block = Block::default();
    match key.len() {
        16 => Aes128::new_from_slice(key).ok()?.encrypt_block(&mut block),
        24 => Aes192::new_from_slice(key).ok()?.encrypt_block(&mut block),
        32 => Aes256::new_from_slice(key).ok()?.encrypt_block(&mut block),
        _ => return None,
    }
    Some(hex::encode_upper(block.get(..3)?))
}

/// The first 5 bytes of AES-CMAC over a zero block: the check value of ANSI X9.24-1 for AES.
/// `None` when the length is no AES key's.
pub(crate) fn cmac_check_value(key: &[u8]) -> Option<String> {
    match key.len() {
        16 => cmac_of_zero::<Cmac<Aes128>>(key),
        24 => cmac_of_zero::<Cmac<Aes192>>(key),
        32 => cmac_of_zero::<Cmac<Aes256>>(key),
        _ => None,
    }
}

fn cmac_of_zero<C: Mac + cmac::KeyInit>(key: &[u8]) -> Option<String> {
    let tag = <C as cmac::KeyInit>::new_from_slice(key).ok()?.chain_update([0; 16]).finalize();
    Some(hex::encode_upper(tag.into_bytes().get(..5)?))
}

/// The first 3 bytes of SHA-1 of the key: PKCS #11's `CKA_CHECK_VALUE` of a generic secret.
pub(crate) fn sha1_check_value(key: &[u8]) -> Option<String> {
    Some(hex::encode_upper(Sha1::digest(key).get(..3)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aes_check_values_of_published_keys() {
        // NIST AESAVS, appendix D (variable key, 128 bits, first entry): key 80 00 …, zero block.
        let key = hex::decode("80000000000000000000000000000000").unwrap();
        assert_eq!(ecb_check_value(&key).unwrap(), "0EDD33");
        // The zero key of every size encrypts the zero block to these, in every HSM's manual.
        assert_eq!(ecb_check_value(&[0; 16]).unwrap(), "66E94B");
        assert_eq!(ecb_check_value(&[0; 24]).unwrap(), "AAE069");
        assert_eq!(ecb_check_value(&[0; 32]).unwrap(), "DC95C0");
        assert_eq!(ecb_check_value(&[0; 17]), None);
    }

    #[test]
    fn cmac_check_value_agrees_with_an_independent_cmac() {
        use aws_lc_rs::cmac::{AES_128, AES_192, AES_256, Key, sign};
        for (algorithm, len) in [(AES_128, 16), (AES_192, 24), (AES_256, 32)] {
            let bytes: Vec<u8> = (0..len).collect();
            let tag = sign(&Key::new(algorithm, &bytes).unwrap(), &[0; 16]).unwrap();
            assert_eq!(cmac_check_value(&bytes).unwrap(), hex::encode_upper(&tag.as_ref()[..5]));
        }
        assert_eq!(cmac_check_value(&[0; 15]), None);
    }

    #[test]
    fn generic_check_value_of_a_published_digest() {
        // FIPS 180-1's example: SHA-1("abc") = A9993E36 …
        assert_eq!(sha1_check_value(b"abc").unwrap(), "A9993E");
    }
}

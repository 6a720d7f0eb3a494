//! Key material of every algorithm: made, identified, told apart, and refused when it is not right.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use keyreeve_crypto::{
    Algorithm, Family, IdentifyError, PrivateParts, PublicParts, SecretBytes, identify, make_key,
    public_fingerprints,
};
use pkcs8::der::asn1::{AnyRef, BitStringRef, OctetStringRef, UintRef};
use pkcs8::der::{Decode as _, Encode as _};
use pkcs8::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use pkcs8::{ObjectIdentifier, PrivateKeyInfoRef};
use proptest::prelude::*;

/// One key of each algorithm; making RSA keys anew in each test would take most of its time.
static MADE: LazyLock<BTreeMap<Algorithm, SecretBytes>> = LazyLock::new(|| {
    Algorithm::ALL.iter().map(|&algorithm| (algorithm, make_key(algorithm).unwrap())).collect()
});

/// EXPOSE: these tests look at the encoding itself.
fn made(algorithm: Algorithm) -> &'static [u8] {
    MADE[&algorithm].expose()
}

fn secret(bytes: &[u8]) -> SecretBytes {
    SecretBytes::new(bytes.to_vec())
}

fn unhex(text: &str) -> Vec<u8> {
    hex::decode(text).unwrap()
}

fn b64(text: &str) -> Vec<u8> {
    BASE64_URL_SAFE_NO_PAD.decode(text).unwrap()
}

#[test]
fn every_algorithm_makes_keys_that_differ_and_are_identified() {
    for &algorithm in Algorithm::ALL {
        let first = identify(algorithm, &MADE[&algorithm]).unwrap();
        assert_eq!(first, identify(algorithm, &MADE[&algorithm]).unwrap(), "{algorithm}");

        let other = make_key(algorithm).unwrap();
        assert_ne!(MADE[&algorithm], other, "{algorithm}");
        let second = identify(algorithm, &other).unwrap();
        assert_ne!(first, second, "{algorithm}");

        assert_eq!(first.public_key.is_some(), algorithm.is_asymmetric(), "{algorithm}");
        assert_eq!(first.kcv.is_some(), !algorithm.is_asymmetric(), "{algorithm}");
        if let Some(public) = &first.public_key {
            assert_eq!(public_fingerprints(algorithm, public).unwrap(), first.fingerprints);
        }
    }
}

#[test]
fn each_family_has_its_own_fingerprints_and_check_values() {
    use Algorithm as A;
    for &algorithm in Algorithm::ALL {
        let identity = identify(algorithm, &MADE[&algorithm]).unwrap();
        let names: Vec<_> = identity.fingerprints.keys().map(String::as_str).collect();
        let expected: &[&str] = match algorithm {
            A::Aes128Gcm | A::Aes192Gcm | A::Aes256Gcm | A::Aes256Kwp => &["cmac-kcv"],
            A::ChaCha20Poly1305 | A::HmacSha256 | A::HmacSha384 | A::HmacSha512 => &[],
            A::X25519 | A::EcSecp256k1 | A::MlDsa44 | A::MlDsa65 | A::MlDsa87 => {
                &["jwk-thumbprint", "spki-sha256"]
            }
            A::MlKem512 | A::MlKem768 | A::MlKem1024 => &["spki-sha256"],
            _ => &["jwk-thumbprint", "spki-sha256", "ssh-sha256"],
        };
        assert_eq!(names, expected, "{algorithm}");
        if let Some(kcv) = identity.kcv {
            assert!(kcv.len() == 6 && kcv == kcv.to_uppercase(), "{kcv}");
        }
    }
}

#[test]
fn material_of_one_algorithm_is_refused_for_every_other() {
    for &of in Algorithm::ALL {
        for &wanted in Algorithm::ALL {
            let result = identify(wanted, &MADE[&of]);
            match wanted.symmetric_len() {
                // Raw bytes have no structure: only the length can be wrong. What the bytes are
                // for is bound when they are sealed.
                Some(len) => assert_eq!(result.is_ok(), made(of).len() == len, "{of} as {wanted}"),
                None if of == wanted => assert!(result.is_ok(), "{of}"),
                None if of.is_asymmetric() => {
                    assert_eq!(result, Err(IdentifyError::OtherAlgorithm(wanted)), "{of}");
                }
                None => assert_eq!(result, Err(IdentifyError::Malformed(wanted)), "{of}"),
            }
        }
    }
}

#[test]
fn every_truncation_and_every_extension_is_refused() {
    for &algorithm in Algorithm::ALL {
        let bytes = made(algorithm);
        for len in 0..bytes.len() {
            assert!(identify(algorithm, &secret(&bytes[..len])).is_err(), "{algorithm} {len}");
        }
        let mut longer = bytes.to_vec();
        longer.push(0);
        assert!(identify(algorithm, &secret(&longer)).is_err(), "{algorithm}");
    }
}

#[test]
fn huge_material_is_refused_without_being_parsed() {
    let huge = SecretBytes::new(vec![0x30; 64 << 20]);
    for &algorithm in Algorithm::ALL {
        assert_eq!(
            identify(algorithm, &huge),
            Err(IdentifyError::TooLarge { algorithm, found: 64 << 20 })
        );
    }
    let largest = SecretBytes::new(vec![0x30; 16 * 1024]);
    assert_eq!(
        identify(Algorithm::Rsa4096, &largest),
        Err(IdentifyError::Malformed(Algorithm::Rsa4096))
    );
    let huge = vec![0x30; 1 << 20];
    for &algorithm in Algorithm::ALL {
        assert!(public_fingerprints(algorithm, &huge).is_err());
    }
}

#[test]
fn the_length_within_an_ml_kem_key_must_be_its_own() {
    for (algorithm, len) in
        [(Algorithm::MlKem512, 1632), (Algorithm::MlKem768, 2400), (Algorithm::MlKem1024, 3168)]
    {
        // EXPOSE: the test changes the number before the key itself.
        let mut material = MADE[&algorithm].expose().to_vec();
        let low = material.len() - len - 1;
        assert_eq!(material[low], 0x60);
        material[low] ^= 1;
        assert_eq!(
            identify(algorithm, &secret(&material)),
            Err(IdentifyError::Malformed(algorithm))
        );
    }
}

#[test]
fn a_changed_bit_in_a_redundant_part_is_refused() {
    // Seeds and scalars of 32 bytes carry no redundancy: another seed is another sound key.
    for algorithm in [Algorithm::Rsa2048, Algorithm::EcP256, Algorithm::EcP521] {
        let bytes = made(algorithm);
        for bit in (0..bytes.len() * 8).step_by(23) {
            let mut changed = bytes.to_vec();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(identify(algorithm, &secret(&changed)).is_err(), "{algorithm} bit {bit}");
        }
    }
    for algorithm in [Algorithm::MlKem512, Algorithm::MlKem768, Algorithm::MlKem1024] {
        let bytes = made(algorithm);
        // The last 32 bytes are z, the implicit rejection seed: any 32 bytes are right.
        for bit in (0..(bytes.len() - 32) * 8).step_by(331) {
            let mut changed = bytes.to_vec();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(identify(algorithm, &secret(&changed)).is_err(), "{algorithm} bit {bit}");
        }
    }
}

#[test]
fn halves_of_two_pairs_do_not_pass_as_one() {
    for algorithm in [
        Algorithm::EcP256,
        Algorithm::EcP384,
        Algorithm::EcP521,
        Algorithm::EcSecp256k1,
        Algorithm::MlKem512,
        Algorithm::MlKem1024,
    ] {
        let mine = made(algorithm);
        let other = make_key(algorithm).unwrap();
        let public_of =
            |material: &SecretBytes| match PrivateParts::from_material(algorithm, material) {
                Ok(PrivateParts::Ec { point, .. }) => point.to_vec(),
                Ok(PrivateParts::MlKem { encapsulation_key, .. }) => encapsulation_key.to_vec(),
                _ => panic!("{algorithm} has a public part"),
            };
        let (own_public, other_public) = (public_of(&MADE[&algorithm]), public_of(&other));
        let at = mine.windows(own_public.len()).position(|found| found == own_public).unwrap();
        let mut mixed = mine.to_vec();
        mixed[at..at + own_public.len()].copy_from_slice(&other_public);
        assert_eq!(
            identify(algorithm, &secret(&mixed)),
            Err(IdentifyError::Inconsistent(algorithm)),
            "{algorithm}"
        );
    }
}

#[test]
fn rsa_numbers_that_do_not_belong_together_are_refused() {
    let algorithm = Algorithm::Rsa2048;
    let info = PrivateKeyInfoRef::from_der(made(algorithm)).unwrap();
    let good = pkcs1::RsaPrivateKeyRef::from_der(info.private_key.as_bytes()).unwrap();
    let other = make_key(algorithm).unwrap();
    let PrivateParts::Rsa(other) = PrivateParts::from_material(algorithm, &other).unwrap() else {
        panic!("an RSA key has RSA parts");
    };
    let number = |bytes| UintRef::new(bytes).unwrap();
    let mixtures = [
        pkcs1::RsaPrivateKeyRef { modulus: number(other.modulus), ..good.clone() },
        pkcs1::RsaPrivateKeyRef { public_exponent: number(&[3]), ..good.clone() },
        pkcs1::RsaPrivateKeyRef {
            private_exponent: number(other.private_exponent),
            ..good.clone()
        },
        pkcs1::RsaPrivateKeyRef { prime1: number(other.prime1), ..good.clone() },
        pkcs1::RsaPrivateKeyRef { prime2: number(other.prime2), ..good.clone() },
        pkcs1::RsaPrivateKeyRef { exponent1: number(other.exponent1), ..good.clone() },
        pkcs1::RsaPrivateKeyRef { exponent2: number(other.exponent2), ..good.clone() },
        pkcs1::RsaPrivateKeyRef { coefficient: number(other.coefficient), ..good.clone() },
        pkcs1::RsaPrivateKeyRef { prime1: number(&[0]), ..good.clone() },
        pkcs1::RsaPrivateKeyRef { public_exponent: number(&[1]), ..good.clone() },
    ];
    let frame = |key: &pkcs1::RsaPrivateKeyRef<'_>| {
        let inner = key.to_der().unwrap();
        secret(
            &PrivateKeyInfoRef::new(info.algorithm, OctetStringRef::new(&inner).unwrap())
                .to_der()
                .unwrap(),
        )
    };
    assert_eq!(frame(&good), MADE[&algorithm]);
    for (index, mixture) in mixtures.iter().enumerate() {
        assert_eq!(
            identify(algorithm, &frame(mixture)),
            Err(IdentifyError::Inconsistent(algorithm)),
            "mixture {index}"
        );
    }
}

#[test]
fn only_the_canonical_frame_is_accepted() {
    let algorithm = Algorithm::Ed25519;
    let oid = "06032b6570";
    let seed = "0420".to_owned() + &"11".repeat(32);
    let good = format!("302e0201003005{oid}0422{seed}");
    assert!(identify(algorithm, &secret(&unhex(&good))).is_ok());
    for (what, bad) in [
        ("a NULL parameter", format!("30300201003007{oid}05000422{seed}")),
        ("an empty attribute set", format!("30300201003005{oid}0422{seed}a000")),
        ("a public key", format!("30510201013005{oid}0422{seed}812100{}", "22".repeat(32))),
        ("a long length", format!("30812e0201003005{oid}0422{seed}")),
        ("version 2", format!("302e0201023005{oid}0422{seed}")),
        ("a short seed", format!("302d0201003005{oid}0421041f{}", "11".repeat(31))),
        ("a seed that is not wrapped", format!("302c0201003005{oid}0420{}", "11".repeat(32))),
    ] {
        assert!(identify(algorithm, &secret(&unhex(&bad))).is_err(), "{what}");
    }
}

#[test]
fn material_begins_with_the_pinned_frame_of_version_1() {
    use Algorithm as A;
    for (algorithm, len, frame) in [
        (A::Ed25519, 48, "302e020100300506032b657004220420"),
        (A::X25519, 48, "302e020100300506032b656e04220420"),
        (A::EcP256, 138, "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b02010104"),
        (A::EcP384, 185, "3081b6020100301006072a8648ce3d020106052b8104002204819e30819b02010104"),
        (A::EcP521, 241, "3081ee020100301006072a8648ce3d020106052b810400230481d63081d302010104"),
        (A::EcSecp256k1, 135, "308184020100301006072a8648ce3d020106052b8104000a046d306b02010104"),
        (A::MlDsa44, 54, "3034020100300b060960864801650304031104228020"),
        (A::MlDsa65, 54, "3034020100300b060960864801650304031204228020"),
        (A::MlDsa87, 54, "3034020100300b060960864801650304031304228020"),
        (A::MlKem512, 1660, "30820678020100300b0609608648016503040401048206640482066"),
        (A::MlKem768, 2428, "30820978020100300b0609608648016503040402048209640482096"),
        (A::MlKem1024, 3196, "30820c78020100300b060960864801650304040304820c6404820c6"),
    ] {
        assert_eq!(made(algorithm).len(), len, "{algorithm}");
        assert!(hex::encode(made(algorithm)).starts_with(frame), "{algorithm}");
    }
    for algorithm in [A::Rsa2048, A::Rsa3072, A::Rsa4096] {
        let rsa = "020100300d06092a864886f70d010101050004";
        assert_eq!(&hex::encode(made(algorithm))[8..][..rsa.len()], rsa, "{algorithm}");
    }
}

#[test]
fn ed25519_thumbprint_of_rfc_8037_appendix_a() {
    let mut material = unhex("302e020100300506032b657004220420");
    material.extend(b64("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"));
    let identity = identify(Algorithm::Ed25519, &secret(&material)).unwrap();
    let spki = identity.public_key.unwrap();
    let PublicParts::Okp { curve, key } =
        PublicParts::from_spki(Algorithm::Ed25519, &spki).unwrap()
    else {
        panic!("an Ed25519 key has OKP parts");
    };
    assert_eq!(curve, "Ed25519");
    assert_eq!(key.to_vec(), b64("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"));
    assert_eq!(
        identity.fingerprints["jwk-thumbprint"],
        "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    );
}

#[test]
fn x25519_public_half_of_rfc_7748_section_6_1() {
    let mut material = unhex("302e020100300506032b656e04220420");
    material.extend(unhex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"));
    let material = secret(&material);
    let spki = identify(Algorithm::X25519, &material).unwrap().public_key.unwrap();
    let mut expected = unhex("302a300506032b656e032100");
    expected.extend(unhex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"));
    assert_eq!(hex::encode(spki), hex::encode(expected));
}

#[test]
fn ml_dsa_44_thumbprint_of_rfc_9964() {
    let mut material = unhex("3034020100300b060960864801650304031104228020");
    material.extend([0; 32]);
    let identity = identify(Algorithm::MlDsa44, &secret(&material)).unwrap();
    assert_eq!(
        identity.fingerprints["jwk-thumbprint"],
        "T4xl70S7MT6Zeq6r9V9fPJGVn76wfnXJ21-gyo0Gu6o"
    );
}

#[test]
fn rsa_thumbprint_of_rfc_7638_section_3_1() {
    let modulus = b64(concat!(
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJE",
        "CPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2Q",
        "vzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6",
        "WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
    ));
    let key = pkcs1::RsaPublicKeyRef {
        modulus: UintRef::new(&modulus).unwrap(),
        public_exponent: UintRef::new(&[1, 0, 1]).unwrap(),
    }
    .to_der()
    .unwrap();
    let spki = SubjectPublicKeyInfoRef {
        algorithm: AlgorithmIdentifierRef {
            oid: ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1"),
            parameters: Some(AnyRef::NULL),
        },
        subject_public_key: BitStringRef::from_bytes(&key).unwrap(),
    }
    .to_der()
    .unwrap();
    assert_eq!(
        public_fingerprints(Algorithm::Rsa2048, &spki).unwrap()["jwk-thumbprint"],
        "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    );
    assert_eq!(
        public_fingerprints(Algorithm::Rsa3072, &spki),
        Err(IdentifyError::OtherAlgorithm(Algorithm::Rsa3072))
    );
}

#[test]
fn ec_key_of_rfc_7515_appendix_a_3() {
    let x = b64("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU");
    let y = b64("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");
    let point = [vec![4], x, y].concat();
    let mut material =
        unhex("308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420");
    material.extend(b64("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"));
    material.extend(unhex("a144034200"));
    material.extend(&point);
    let identity = identify(Algorithm::EcP256, &secret(&material)).unwrap();
    let spki = identity.public_key.unwrap();
    assert_eq!(
        PublicParts::from_spki(Algorithm::EcP256, &spki).unwrap(),
        PublicParts::Ec { curve: "P-256", point: &point }
    );
}

#[test]
fn zero_keys_have_the_check_values_that_hsm_manuals_show() {
    let identity = identify(Algorithm::Aes128Gcm, &secret(&[0; 16])).unwrap();
    assert_eq!(identity.kcv.as_deref(), Some("66E94B"));
    let identity = identify(Algorithm::Aes256Gcm, &secret(&[0; 32])).unwrap();
    assert_eq!(identity.kcv.as_deref(), Some("DC95C0"));
    // SHA-1 of 32 zero bytes, as `head -c 32 /dev/zero | sha1sum` prints it.
    let identity = identify(Algorithm::HmacSha256, &secret(&[0; 32])).unwrap();
    assert_eq!(identity.kcv.as_deref(), Some("DE8A84"));
    assert!(identity.fingerprints.is_empty());
}

#[test]
fn no_fingerprint_is_a_digest_of_a_symmetric_key() {
    for &algorithm in Algorithm::ALL {
        if algorithm.family() != Family::Symmetric {
            continue;
        }
        let identity = identify(algorithm, &MADE[&algorithm]).unwrap();
        assert!(identity.fingerprints.values().all(|value| value.len() <= 10), "{algorithm}");
    }
}

#[test]
fn debug_of_parts_shows_no_secret() {
    for &algorithm in Algorithm::ALL {
        let parts = PrivateParts::from_material(algorithm, &MADE[&algorithm]).unwrap();
        assert_eq!(format!("{parts:?}"), "PrivateParts([redacted])");
        if let PrivateParts::Rsa(numbers) = parts {
            assert_eq!(format!("{numbers:?}"), "RsaPrivateParts([redacted])");
        }
    }
}

fn any_algorithm() -> impl Strategy<Value = Algorithm> {
    prop::sample::select(Algorithm::ALL)
}

proptest! {
    #[test]
    fn garbage_is_refused_without_panic(
        algorithm in any_algorithm(),
        bytes in prop::collection::vec(any::<u8>(), 0..5000),
    ) {
        let accepted = identify(algorithm, &secret(&bytes)).is_ok();
        prop_assert_eq!(accepted, algorithm.symmetric_len() == Some(bytes.len()));
        prop_assert!(public_fingerprints(algorithm, &bytes).is_err());
    }

    #[test]
    fn damaged_keys_never_panic(
        algorithm in any_algorithm(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = made(algorithm).to_vec();
        for (index, value) in changes {
            let at = index.index(bytes.len());
            bytes[at] = value;
        }
        // Either answer is right here (another seed is another key); a panic is not.
        let _either = identify(algorithm, &secret(&bytes));
        bytes.truncate(cut.index(bytes.len()));
        prop_assert!(identify(algorithm, &secret(&bytes)).is_err());
    }
}

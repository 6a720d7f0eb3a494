//! Public keys of kinds that the vault makes none of: what they are told to be, and what is no such key.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use keyreeve_crypto::{
    AdoptError, Algorithm, IdentifyError, PublicAlgorithm, RecognisedKey, identify,
    known_fingerprints, make_key, recognise_public, recognise_public_dsa, recognise_public_rsa,
    sha256,
};
use pkcs8::ObjectIdentifier;
use pkcs8::der::Encode as _;
use pkcs8::der::asn1::{AnyRef, BitStringRef};
use pkcs8::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};

/// A `SubjectPublicKeyInfo` of these parts.
fn spki(oid: &str, parameters: Option<AnyRef<'_>>, key: &[u8]) -> Vec<u8> {
    let algorithm = AlgorithmIdentifierRef { oid: ObjectIdentifier::new_unwrap(oid), parameters };
    let subject_public_key = BitStringRef::from_bytes(key).unwrap();
    SubjectPublicKeyInfoRef { algorithm, subject_public_key }.to_der().unwrap()
}

fn on_curve(curve: &str, point: &[u8]) -> Vec<u8> {
    let curve = ObjectIdentifier::new_unwrap(curve);
    spki("1.2.840.10045.2.1", Some(AnyRef::from(&curve)), point)
}

/// The name of the foreign kind that a key is told to be of.
fn told(spki: &[u8]) -> Result<String, AdoptError> {
    match recognise_public(spki)? {
        RecognisedKey::Foreign(key) => {
            assert_eq!(key.spki, spki);
            Ok(key.algorithm.to_string())
        }
        RecognisedKey::Own(key) => panic!("{}", key.algorithm),
    }
}

/// An odd number of this many bits.
fn odd(bits: usize) -> Vec<u8> {
    let mut number = vec![0xff; bits.div_ceil(8)];
    number[0] >>= (8 - bits % 8) % 8;
    number
}

const CURVES: [(&str, &str, usize); 6] = [
    ("ec-p192", "1.2.840.10045.3.1.1", 24),
    ("ec-p224", "1.3.132.0.33", 28),
    ("ec-brainpool-p256r1", "1.3.36.3.3.2.8.1.1.7", 32),
    ("ec-brainpool-p320r1", "1.3.36.3.3.2.8.1.1.9", 40),
    ("ec-brainpool-p384r1", "1.3.36.3.3.2.8.1.1.11", 48),
    ("ec-brainpool-p512r1", "1.3.36.3.3.2.8.1.1.13", 64),
];

#[test]
fn points_have_the_length_of_their_curve_s_field() {
    for (name, oid, field) in CURVES {
        let point = |first: u8, len: usize| on_curve(oid, &[vec![first], vec![7; len]].concat());
        assert_eq!(told(&point(4, 2 * field)), Ok(name.into()));
        for first in [2, 3] {
            assert_eq!(told(&point(first, field)), Ok(name.into()));
        }
        for (first, len) in [
            (4, field),
            (4, 2 * field - 1),
            (4, 2 * field + 1),
            (2, 2 * field),
            (3, field - 1),
            (5, 2 * field),
            (0, 0),
        ] {
            assert_eq!(told(&point(first, len)), Err(AdoptError::Malformed), "{name} {first}");
        }
        assert_eq!(name.parse::<PublicAlgorithm>().unwrap().foreign().unwrap().oid(), oid);
    }
    // A curve that not even this tells is refused by its name.
    let unknown = told(&on_curve("1.3.132.0.1", &[4; 43]));
    assert!(matches!(unknown, Err(AdoptError::Unsupported(_))), "{unknown:?}");
    let without = spki("1.2.840.10045.2.1", None, &[4; 49]);
    assert_eq!(told(&without), Err(AdoptError::Malformed));
}

#[test]
fn keys_of_the_448_curves_have_one_length_and_no_parameters() {
    for (name, oid, len) in [("ed448", "1.3.101.113", 57), ("x448", "1.3.101.111", 56)] {
        assert_eq!(told(&spki(oid, None, &vec![7; len])), Ok(name.into()));
        for len in [len - 1, len + 1, 0] {
            assert_eq!(told(&spki(oid, None, &vec![7; len])), Err(AdoptError::Malformed));
        }
        let with = spki(oid, Some(AnyRef::NULL), &vec![7; len]);
        assert_eq!(told(&with), Err(AdoptError::Malformed));
        assert_eq!(name.parse::<PublicAlgorithm>().unwrap().foreign().unwrap().oid(), oid);
    }
}

#[test]
fn rsa_and_dsa_are_told_by_the_length_of_their_numbers() {
    let rsa = |bits| match recognise_public_rsa(&odd(bits), &[1, 0, 1]) {
        Ok(RecognisedKey::Foreign(key)) => Some(key.algorithm.to_string()),
        _ => None,
    };
    for bits in [512, 1_023, 1_024, 1_025, 2_047, 2_049, 16_384] {
        assert_eq!(rsa(bits), Some(format!("rsa-{bits}")));
    }
    assert_eq!((rsa(511), rsa(16_385)), (None, None));
    assert!(matches!(
        recognise_public_rsa(&odd(2_048), &[1, 0, 1]),
        Ok(RecognisedKey::Own(key)) if key.algorithm == Algorithm::Rsa2048
    ));
    let dsa = |p: usize, q: usize| match recognise_public_dsa(&odd(p), &odd(q), &[2], &[3]) {
        Ok(RecognisedKey::Foreign(key)) => Some(key.algorithm.to_string()),
        _ => None,
    };
    for (p, q) in [(512, 160), (1_024, 160), (2_048, 224), (3_072, 256), (4_096, 256)] {
        assert_eq!(dsa(p, q), Some(format!("dsa-{p}")));
    }
    for (p, q) in [(511, 160), (4_097, 256), (1_024, 159), (1_024, 161), (2_048, 257)] {
        assert_eq!(dsa(p, q), None, "{p} {q}");
    }
    // An exponent is below its modulus.
    for exponent in [odd(1_023), odd(1_024), odd(1_025), vec![1]] {
        let is_key = recognise_public_rsa(&odd(1_024), &exponent).is_ok();
        assert_eq!(is_key, exponent == odd(1_023), "{} bytes", exponent.len());
    }
    // An even prime is none.
    let (mut even, q) = (odd(1_024), odd(160));
    *even.last_mut().unwrap() = 0xfe;
    assert!(recognise_public_dsa(&even, &q, &[2], &[3]).is_err());
    let mut even_q = q.clone();
    *even_q.last_mut().unwrap() = 0xfe;
    assert!(recognise_public_dsa(&odd(1_024), &even_q, &[2], &[3]).is_err());
}

#[test]
fn no_encoding_of_more_than_four_kilobytes_is_looked_at() {
    let lengths = (1_950..2_048).map(|bytes| {
        let key = recognise_public_rsa(&odd(16_384), &odd(bytes * 8)).ok()?;
        let RecognisedKey::Foreign(key) = key else { panic!("the vault has no such kind") };
        Some(key.spki.len())
    });
    let lengths: Vec<_> = lengths.collect();
    assert_eq!(lengths.iter().flatten().max(), Some(&4096));
    assert_eq!(lengths.last(), Some(&None));
}

#[test]
fn a_modulus_of_as_many_bytes_and_one_bit_less_is_no_key_of_ours() {
    let RecognisedKey::Foreign(key) = recognise_public_rsa(&odd(2_047), &[1, 0, 1]).unwrap() else {
        panic!("the vault has no such kind");
    };
    let own = PublicAlgorithm::Own(Algorithm::Rsa2048);
    assert_eq!(
        known_fingerprints(own, &key.spki),
        Err(IdentifyError::OtherAlgorithm(Algorithm::Rsa2048))
    );
}

#[test]
fn rsa_wants_its_parameters_to_be_null() {
    let RecognisedKey::Foreign(key) = recognise_public_rsa(&odd(1_024), &[3]).unwrap() else {
        panic!("the vault has no such kind");
    };
    let info = SubjectPublicKeyInfoRef::try_from(key.spki.as_slice()).unwrap();
    let bits = info.subject_public_key.as_bytes().unwrap();
    let with = |parameters| told(&spki("1.2.840.113549.1.1.1", parameters, bits));
    assert_eq!(with(Some(AnyRef::NULL)), Ok("rsa-1024".into()));
    assert_eq!(with(None), Err(AdoptError::Malformed));
    let other = ObjectIdentifier::new_unwrap("1.3.132.0.33");
    assert_eq!(with(Some(AnyRef::from(&other))), Err(AdoptError::Malformed));
}

/// The strengths of SP 800-57 Part 1 Rev. 5, table 2, on both sides of each of its steps.
#[test]
fn strengths_sizes_and_titles_are_the_standards() {
    for (name, strength, size, title) in [
        ("rsa-512", 56, 512, "RSA-512"),
        ("rsa-1023", 56, 1_023, "RSA-1023"),
        ("rsa-1024", 80, 1_024, "RSA-1024"),
        ("rsa-2047", 80, 2_047, "RSA-2047"),
        ("rsa-2049", 112, 2_049, "RSA-2049"),
        ("rsa-3071", 112, 3_071, "RSA-3071"),
        ("rsa-3073", 128, 3_073, "RSA-3073"),
        ("rsa-4097", 152, 4_097, "RSA-4097"),
        ("rsa-7679", 152, 7_679, "RSA-7679"),
        ("rsa-7680", 192, 7_680, "RSA-7680"),
        ("rsa-15360", 256, 15_360, "RSA-15360"),
        ("dsa-1024", 80, 1_024, "DSA-1024"),
        ("dsa-3072", 128, 3_072, "DSA-3072"),
        ("ec-p192", 96, 192, "EC P-192"),
        ("ec-p224", 112, 224, "EC P-224"),
        ("ec-brainpool-p320r1", 160, 320, "EC brainpoolP320r1"),
        ("ed448", 224, 456, "Ed448"),
        ("x448", 224, 448, "X448"),
    ] {
        let algorithm: PublicAlgorithm = name.parse().unwrap();
        let foreign = algorithm.foreign().unwrap();
        assert_eq!((algorithm.strength_bits(), algorithm.own()), (strength, None), "{name}");
        assert_eq!((foreign.size_bits(), foreign.title()), (size, title.into()), "{name}");
        assert_eq!((algorithm.to_string(), foreign.to_string()), (name.into(), name.into()));
        assert_eq!(serde_json::to_value(algorithm).unwrap(), name);
        assert!(!algorithm.is_quantum_safe());
    }
    for own in [Algorithm::Ed25519, Algorithm::MlKem768, Algorithm::Aes256Gcm] {
        let algorithm = PublicAlgorithm::from(own);
        assert_eq!((algorithm.own(), algorithm.foreign()), (Some(own), None));
        assert_eq!(algorithm.strength_bits(), own.strength_bits());
        assert_eq!(algorithm.is_quantum_safe(), own.is_quantum_safe());
        assert_eq!((algorithm.weakness(), algorithm.to_string()), (None, own.to_string()));
    }
    let weakness = |name: &str| name.parse::<PublicAlgorithm>().unwrap().weakness().unwrap();
    assert!(weakness("rsa-1024").starts_with("RSA with 1024 bits"));
    assert!(weakness("dsa-3072").starts_with("DSA"));
    assert!(weakness("ec-p192").contains("P-192"));
    let oid = |name: &str| name.parse::<PublicAlgorithm>().unwrap().foreign().unwrap().oid();
    assert_eq!(
        (oid("rsa-1024").as_str(), oid("dsa-1024").as_str()),
        ("1.2.840.113549.1.1.1", "1.2.840.10040.4.1")
    );
}

#[test]
fn fingerprints_are_of_the_spki_and_of_what_openssh_has() {
    let of = |key: RecognisedKey| match key {
        RecognisedKey::Foreign(key) => (
            known_fingerprints(PublicAlgorithm::Foreign(key.algorithm), &key.spki).unwrap(),
            key.spki,
        ),
        RecognisedKey::Own(key) => panic!("{}", key.algorithm),
    };
    // RFC 4253, section 6.6: each part with its length before it, numbers with a zero before a high bit.
    let wire = |parts: &[&[u8]]| -> Vec<u8> {
        parts.iter().flat_map(|part| [&(part.len() as u32).to_be_bytes(), *part].concat()).collect()
    };
    let high = |number: Vec<u8>| [vec![0], number].concat();
    let ssh = |wire: &[u8]| format!("SHA256:{}", STANDARD_NO_PAD.encode(sha256(wire)));
    let (n, q) = (high(odd(1_024)), high(odd(160)));
    for (key, expected) in [
        (
            recognise_public_rsa(&odd(1_024), &[1, 0, 1]).unwrap(),
            ssh(&wire(&[b"ssh-rsa", &[1, 0, 1], &n])),
        ),
        (
            recognise_public_dsa(&odd(1_024), &odd(160), &[2], &[3]).unwrap(),
            ssh(&wire(&[b"ssh-dss", &n, &q, &[2], &[3]])),
        ),
    ] {
        let (fingerprints, spki) = of(key);
        assert_eq!(fingerprints["ssh-sha256"], expected);
        assert_eq!(fingerprints["spki-sha256"], hex::encode(sha256(&spki)));
        assert_eq!(fingerprints.len(), 2);
    }
    let (fingerprints, _) = of(recognise_public(&spki("1.3.101.113", None, &[7; 57])).unwrap());
    assert_eq!(fingerprints.keys().collect::<Vec<_>>(), ["spki-sha256"]);
    let own = identify(Algorithm::Ed25519, &make_key(Algorithm::Ed25519).unwrap()).unwrap();
    let known = known_fingerprints(Algorithm::Ed25519.into(), &own.public_key.unwrap()).unwrap();
    assert_eq!(known, own.fingerprints);
}

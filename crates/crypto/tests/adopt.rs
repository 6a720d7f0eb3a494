//! Taking in keys in the forms of other programs.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use keyreeve_crypto::{
    AdoptError, Algorithm, Family, ForeignKey, ForeignRsa, IdentifyError, PrivateParts,
    PublicParts, SecretBytes, adopt, adopt_public, adopt_public_bytes, adopt_public_rsa, identify,
    make_key,
};
use pkcs8::der::asn1::{BitStringRef, OctetStringRef};
use pkcs8::der::{Decode as _, Encode as _};
use pkcs8::spki::SubjectPublicKeyInfoRef;
use pkcs8::{ObjectIdentifier, PrivateKeyInfoRef};

/// A pair of each algorithm; making RSA keys anew in each test would take most of its time.
static PAIRS: LazyLock<BTreeMap<Algorithm, SecretBytes>> = LazyLock::new(|| {
    let pairs = Algorithm::ALL.iter().copied().filter(|algorithm| algorithm.is_asymmetric());
    pairs.map(|algorithm| (algorithm, make_key(algorithm).unwrap())).collect()
});

/// The canonical form with something else as the algorithm's own private key.
fn reframed(material: &SecretBytes, inner: &[u8]) -> Vec<u8> {
    // EXPOSE: the tests write the key in other forms.
    let info = PrivateKeyInfoRef::from_der(material.expose()).unwrap();
    PrivateKeyInfoRef::new(info.algorithm, OctetStringRef::new(inner).unwrap()).to_der().unwrap()
}

#[test]
fn a_key_of_ours_is_taken_in_unchanged() {
    for (&algorithm, material) in &*PAIRS {
        // EXPOSE: taken in again.
        let adopted = adopt(&ForeignKey::Pkcs8(material.expose())).unwrap();
        assert!(adopted.algorithm == algorithm && adopted.material == *material);
        assert_eq!(adopted.identity, identify(algorithm, material).unwrap());
        let spki = adopted.identity.public_key.unwrap();
        let public = adopt_public(&spki).unwrap();
        assert_eq!((public.algorithm, &public.spki), (algorithm, &spki));
        assert!(matches!(adopt_public(&spki[..spki.len() - 1]), Err(AdoptError::Malformed)));
    }
}

#[test]
fn a_public_half_beside_the_private_one_must_be_its_own() {
    for (&algorithm, material) in &*PAIRS {
        if matches!(algorithm.family(), Family::Rsa | Family::Ec) {
            continue;
        }
        let with_public = |spki: &[u8]| {
            // EXPOSE: the test writes version 2 of the frame.
            let mut info = PrivateKeyInfoRef::from_der(material.expose()).unwrap();
            let spki = SubjectPublicKeyInfoRef::from_der(spki).unwrap();
            let bits = spki.subject_public_key.as_bytes().unwrap();
            info.public_key = Some(BitStringRef::from_bytes(bits).unwrap());
            info.to_der().unwrap()
        };
        let own = identify(algorithm, material).unwrap().public_key.unwrap();
        let adopted = adopt(&ForeignKey::Pkcs8(&with_public(&own))).unwrap();
        assert!(adopted.material == *material);
        let other = make_key(algorithm).unwrap();
        let other = identify(algorithm, &other).unwrap().public_key.unwrap();
        let refused = adopt(&ForeignKey::Pkcs8(&with_public(&other))).unwrap_err();
        assert_eq!(refused, IdentifyError::Inconsistent(algorithm).into());
    }
}

#[test]
fn the_other_choices_of_lattice_keys() {
    let sequence = |first: &[u8], second: &[u8]| {
        let members = [first, second].map(|bytes| OctetStringRef::new(bytes).unwrap().to_der());
        let [first, second] = members.map(Result::unwrap);
        let inner = [first, second].concat();
        let len = u16::try_from(inner.len()).unwrap().to_be_bytes();
        [&[0x30, 0x82], &len[..], &inner].concat()
    };
    for algorithm in [Algorithm::MlKem512, Algorithm::MlKem768, Algorithm::MlKem1024] {
        let material = make_key(algorithm).unwrap();
        let parts = PrivateParts::from_material(algorithm, &material).unwrap();
        let PrivateParts::MlKem { decapsulation_key, .. } = parts else { panic!() };
        let both = reframed(&material, &sequence(&[7; 64], decapsulation_key));
        assert!(adopt(&ForeignKey::Pkcs8(&both)).unwrap().material == material);
        let seed = reframed(&material, &[&[0x80, 64][..], &[7; 64]].concat());
        let refused = adopt(&ForeignKey::Pkcs8(&seed)).unwrap_err();
        assert!(matches!(refused, AdoptError::Unsupported(_)), "{refused}");
    }
    for algorithm in [Algorithm::MlDsa44, Algorithm::MlDsa65, Algorithm::MlDsa87] {
        let material = make_key(algorithm).unwrap();
        let expanded = |material: &SecretBytes| {
            let parts = PrivateParts::from_material(algorithm, material).unwrap();
            let PrivateParts::MlDsa(seed) = parts else { panic!() };
            (*seed, expand(algorithm, seed))
        };
        let (seed, own) = expanded(&material);
        let both = reframed(&material, &sequence(&seed, &own));
        assert!(adopt(&ForeignKey::Pkcs8(&both)).unwrap().material == material);
        let (_, other) = expanded(&make_key(algorithm).unwrap());
        let mixed = reframed(&material, &sequence(&seed, &other));
        let refused = adopt(&ForeignKey::Pkcs8(&mixed)).unwrap_err();
        assert_eq!(refused, IdentifyError::Inconsistent(algorithm).into());
        let alone = reframed(&material, &OctetStringRef::new(&own).unwrap().to_der().unwrap());
        let refused = adopt(&ForeignKey::Pkcs8(&alone)).unwrap_err();
        assert!(matches!(refused, AdoptError::Unsupported(_)), "{refused}");
    }
}

fn expand(algorithm: Algorithm, seed: &[u8; 32]) -> Vec<u8> {
    use aws_lc_rs::encoding::AsRawBytes as _;
    use aws_lc_rs::signature::{
        ML_DSA_44_SIGNING, ML_DSA_65_SIGNING, ML_DSA_87_SIGNING, PqdsaKeyPair,
    };
    let signing = match algorithm {
        Algorithm::MlDsa44 => &ML_DSA_44_SIGNING,
        Algorithm::MlDsa65 => &ML_DSA_65_SIGNING,
        _ => &ML_DSA_87_SIGNING,
    };
    let pair = PqdsaKeyPair::from_seed(signing, seed).unwrap();
    pair.private_key().as_raw_bytes().unwrap().as_ref().to_vec()
}

#[test]
fn scalars_of_any_length_and_none_that_are_no_key() {
    for algorithm in
        [Algorithm::EcP256, Algorithm::EcP384, Algorithm::EcP521, Algorithm::EcSecp256k1]
    {
        let take = |scalar: &[u8]| {
            let key = adopt(&ForeignKey::Ec { algorithm, scalar, point: None })?;
            let PrivateParts::Ec { scalar, .. } =
                PrivateParts::from_material(algorithm, &key.material)?
            else {
                panic!()
            };
            Ok::<_, AdoptError>(scalar.to_vec())
        };
        assert_eq!(take(&[5]).unwrap(), take(&[0, 0, 0, 5]).unwrap());
        assert_eq!(take(&[5]).unwrap(), take(&[&[0; 100][..], &[5]].concat()).unwrap());
        for scalar in [&[][..], &[0; 32], &[0xff; 66], &[1; 67]] {
            assert!(take(scalar).is_err(), "{algorithm} {scalar:?}");
        }
    }
}

#[test]
fn a_curve_that_is_named_twice_must_be_the_same_and_once_is_the_canonical_form() {
    let algorithm = Algorithm::EcP256;
    let material = &PAIRS[&algorithm];
    let parts = PrivateParts::from_material(algorithm, material).unwrap();
    let PrivateParts::Ec { scalar, point, .. } = parts else { panic!() };
    let named_within = |curve: &str| {
        let curve = ObjectIdentifier::new_unwrap(curve);
        let key = sec1::EcPrivateKey {
            private_key: scalar,
            parameters: Some(sec1::EcParameters::NamedCurve(curve)),
            public_key: Some(point),
        };
        reframed(material, &key.to_der().unwrap())
    };
    let own = named_within("1.2.840.10045.3.1.7");
    assert!(adopt(&ForeignKey::Pkcs8(&own)).unwrap().material == *material);
    assert!(identify(algorithm, &SecretBytes::new(own)).is_err());
    // The numbers of secp256k1 are as long.
    let other = adopt(&ForeignKey::Pkcs8(&named_within("1.3.132.0.10")));
    assert!(matches!(other, Err(AdoptError::Malformed)));
}

#[test]
fn rsa_is_taken_in_by_its_numbers_and_only_when_they_belong_together() {
    let algorithm = Algorithm::Rsa2048;
    let material = &PAIRS[&algorithm];
    let parts = PrivateParts::from_material(algorithm, material).unwrap();
    let PrivateParts::Rsa(own) = parts else { panic!() };
    let numbers = ForeignRsa {
        modulus: own.modulus,
        public_exponent: own.public_exponent,
        private_exponent: own.private_exponent,
        prime1: own.prime1,
        prime2: own.prime2,
        coefficient: own.coefficient,
    };
    let take = |numbers| adopt(&ForeignKey::Rsa(numbers)).map(|key| key.material == *material);
    assert_eq!(take(numbers), Ok(true));
    assert_eq!(format!("{numbers:?}"), "ForeignRsa([redacted])");
    assert_eq!(format!("{:?}", ForeignKey::Rsa(numbers)), "ForeignKey([redacted])");
    // As files have them that write each number at a full length.
    let padded = [numbers.modulus, numbers.private_exponent, numbers.prime1, numbers.coefficient]
        .map(|number| [&[0; 3][..], number].concat());
    let wide = ForeignRsa {
        modulus: &padded[0],
        private_exponent: &padded[1],
        prime1: &padded[2],
        coefficient: &padded[3],
        ..numbers
    };
    assert_eq!(take(wide), Ok(true));
    let changed = |number: &[u8], by: u8| {
        let mut number = number.to_vec();
        *number.last_mut().unwrap() ^= by;
        number
    };
    let (even, other) = (changed(own.prime1, 1), changed(own.prime1, 2));
    let (exponent, coefficient) = (changed(own.private_exponent, 2), changed(own.coefficient, 1));
    for wrong in [
        ForeignRsa { prime1: &even, ..numbers },
        ForeignRsa { prime1: &other, ..numbers },
        ForeignRsa { prime1: &[], ..numbers },
        ForeignRsa { prime1: &[1], ..numbers },
        ForeignRsa { prime2: own.prime1, ..numbers },
        ForeignRsa { private_exponent: &exponent, ..numbers },
        ForeignRsa { private_exponent: &[], ..numbers },
        ForeignRsa { coefficient: &coefficient, ..numbers },
        ForeignRsa { public_exponent: &[3], ..numbers },
    ] {
        assert!(take(wrong).is_err());
    }
    let short = &own.modulus[..own.modulus.len() - 1];
    assert!(matches!(take(ForeignRsa { modulus: short, ..numbers }), Err(AdoptError::Weak(_))));
}

#[test]
fn a_point_beside_a_scalar_must_be_its_own_and_may_be_compressed() {
    for algorithm in
        [Algorithm::EcP256, Algorithm::EcP384, Algorithm::EcP521, Algorithm::EcSecp256k1]
    {
        let (material, other) = (make_key(algorithm).unwrap(), make_key(algorithm).unwrap());
        let halves = |material| match PrivateParts::from_material(algorithm, material).unwrap() {
            PrivateParts::Ec { scalar, point } => (scalar, point),
            _ => panic!(),
        };
        let (scalar, point) = halves(&material);
        let (_, others) = halves(&other);
        let compressed = |point: &[u8]| {
            let half = (point.len() - 1) / 2;
            [&[2 + (point[2 * half] & 1)][..], &point[1..=half]].concat()
        };
        let take = |point: &[u8]| {
            let key = ForeignKey::Ec { algorithm, scalar, point: Some(point) };
            adopt(&key).map(|key| key.material == material)
        };
        assert_eq!((take(point), take(&compressed(point))), (Ok(true), Ok(true)));
        let mut mirrored = compressed(point);
        mirrored[0] ^= 1;
        let refused = Err(IdentifyError::Inconsistent(algorithm).into());
        for wrong in [others, &compressed(others), &mirrored, &mirrored[1..], &[2], &[]] {
            assert_eq!(take(wrong), refused, "{algorithm}");
        }
    }
    // A curve's key is no seed, and a seed no scalar.
    for wrong in [
        ForeignKey::Ec { algorithm: Algorithm::Ed25519, scalar: &[5; 32], point: None },
        ForeignKey::Seed { algorithm: Algorithm::EcP256, secret: &[5; 32], public: None },
    ] {
        assert_eq!(adopt(&wrong).unwrap_err(), AdoptError::Malformed);
    }
}

#[test]
fn seeds_are_of_32_bytes_and_go_with_their_own_public_half() {
    for algorithm in [Algorithm::Ed25519, Algorithm::X25519, Algorithm::MlDsa65] {
        let material = make_key(algorithm).unwrap();
        let secret = match PrivateParts::from_material(algorithm, &material).unwrap() {
            PrivateParts::Okp(seed) | PrivateParts::MlDsa(seed) => *seed,
            _ => panic!(),
        };
        let spki = identify(algorithm, &material).unwrap().public_key.unwrap();
        let own = match PublicParts::from_spki(algorithm, &spki).unwrap() {
            PublicParts::Okp { key, .. } => key.to_vec(),
            PublicParts::MlDsa { key, .. } => key.to_vec(),
            _ => panic!(),
        };
        let take = |secret: &[u8], public: Option<&[u8]>| {
            let key = ForeignKey::Seed { algorithm, secret, public };
            adopt(&key).map(|key| key.material == material)
        };
        assert_eq!((take(&secret, None), take(&secret, Some(&own))), (Ok(true), Ok(true)));
        let mut other = own.clone();
        other[0] ^= 1;
        for wrong in [&other[..], &own[1..], &[]] {
            let refused = Err(IdentifyError::Inconsistent(algorithm).into());
            assert_eq!(take(&secret, Some(wrong)), refused);
        }
        assert!(take(&secret[1..], None).is_err() && take(&[7; 33], None).is_err());
    }
}

#[test]
fn public_halves_are_taken_in_by_their_parts() {
    for (&algorithm, material) in &*PAIRS {
        let spki = identify(algorithm, material).unwrap().public_key.unwrap();
        let (taken, cut) = match PublicParts::from_spki(algorithm, &spki).unwrap() {
            PublicParts::Rsa { modulus, public_exponent } => {
                assert_eq!(adopt_public_bytes(algorithm, modulus), Err(AdoptError::Malformed));
                let wide = [&[0; 2][..], modulus].concat();
                assert_eq!(adopt_public_rsa(&wide, public_exponent).unwrap().spki, spki);
                (
                    adopt_public_rsa(modulus, public_exponent),
                    adopt_public_rsa(&modulus[1..], public_exponent),
                )
            }
            PublicParts::Ec { point: bytes, .. }
            | PublicParts::MlKem(bytes)
            | PublicParts::MlDsa { key: bytes, .. } => (
                adopt_public_bytes(algorithm, bytes),
                adopt_public_bytes(algorithm, &bytes[..bytes.len() - 1]),
            ),
            PublicParts::Okp { key, .. } => {
                (adopt_public_bytes(algorithm, key), adopt_public_bytes(algorithm, &key[1..]))
            }
            _ => panic!("{algorithm}"),
        };
        let taken = taken.unwrap();
        assert_eq!((taken.algorithm, taken.spki), (algorithm, spki));
        assert!(cut.is_err(), "{algorithm}");
    }
    let refused = adopt_public_bytes(Algorithm::Aes256Gcm, &[7; 32]);
    assert_eq!(refused, Err(AdoptError::Malformed));
}

#[test]
fn nothing_larger_than_any_key_is_looked_at() {
    // Sound but for a public half of many bytes.
    let frame = |len: usize| {
        let material = make_key(Algorithm::Ed25519).unwrap();
        // EXPOSE: the test writes version 2 of the frame.
        let mut info = PrivateKeyInfoRef::from_der(material.expose()).unwrap();
        let public = vec![7; len];
        info.public_key = Some(BitStringRef::from_bytes(&public).unwrap());
        info.to_der().unwrap()
    };
    let overhead = frame(20_000).len() - 20_000;
    let take = |len: usize| {
        let file = frame(len - overhead);
        assert_eq!(file.len(), len);
        adopt(&ForeignKey::Pkcs8(&file)).unwrap_err()
    };
    let looked_at = IdentifyError::Inconsistent(Algorithm::Ed25519).into();
    assert_eq!((take(32 * 1024), take(32 * 1024 + 1)), (looked_at, AdoptError::Malformed));
}

#[test]
fn what_is_no_key_is_malformed_and_foreign_kinds_are_named() {
    for bytes in [&[][..], &[0x30], &[0x30, 0], &[0xff; 100], &[0x30; 40_000]] {
        let forms = [ForeignKey::Pkcs8(bytes), ForeignKey::Pkcs1(bytes), ForeignKey::Sec1(bytes)];
        for form in &forms {
            assert_eq!(adopt(form).unwrap_err(), AdoptError::Malformed);
        }
        assert_eq!(adopt_public(bytes).unwrap_err(), AdoptError::Malformed);
    }
    let material = &PAIRS[&Algorithm::Ed25519];
    // EXPOSE: the test writes the key as one of another kind.
    let mut info = PrivateKeyInfoRef::from_der(material.expose()).unwrap();
    for (oid, name) in [("1.3.101.113", "Ed448"), ("1.2.3.4", "1.2.3.4")] {
        info.algorithm.oid = ObjectIdentifier::new(oid).unwrap();
        let refused = adopt(&ForeignKey::Pkcs8(&info.to_der().unwrap())).unwrap_err();
        assert!(refused.to_string().contains(name), "{refused}");
    }
}

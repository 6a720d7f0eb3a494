//! Public halves of ML-KEM and ML-DSA keys as NIST's ACVP server says they are.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use base64::prelude::{BASE64_STANDARD, Engine as _};
use keyreeve_crypto::{Algorithm, PublicParts, SecretBytes, identify, sha256};
use pkcs8::der::Encode as _;
use pkcs8::der::asn1::OctetStringRef;
use pkcs8::spki::AlgorithmIdentifierRef;
use pkcs8::{ObjectIdentifier, PrivateKeyInfoRef};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MlKem {
    set: String,
    tc_id: u32,
    dk: String,
    ek_sha256: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MlDsa {
    set: String,
    tc_id: u32,
    seed: String,
    pk_sha256: String,
}

/// PKCS#8 without parameters, made here and not by the code under test.
fn material(oid: &str, inner: &[u8]) -> SecretBytes {
    let algorithm =
        AlgorithmIdentifierRef { oid: ObjectIdentifier::new(oid).unwrap(), parameters: None };
    let info = PrivateKeyInfoRef::new(algorithm, OctetStringRef::new(inner).unwrap());
    SecretBytes::new(info.to_der().unwrap())
}

#[test]
fn ml_kem_keys_have_the_public_halves_of_nist() {
    let tests: Vec<MlKem> = serde_json::from_str(include_str!("nist/ml-kem-keygen.json")).unwrap();
    assert_eq!(tests.len(), 30);
    for test in tests {
        let (algorithm, oid) = match test.set.as_str() {
            "ML-KEM-512" => (Algorithm::MlKem512, "2.16.840.1.101.3.4.4.1"),
            "ML-KEM-768" => (Algorithm::MlKem768, "2.16.840.1.101.3.4.4.2"),
            "ML-KEM-1024" => (Algorithm::MlKem1024, "2.16.840.1.101.3.4.4.3"),
            other => panic!("{other}"),
        };
        let dk = BASE64_STANDARD.decode(test.dk).unwrap();
        let inner = OctetStringRef::new(&dk).unwrap().to_der().unwrap();
        let identity = identify(algorithm, &material(oid, &inner)).unwrap();
        let spki = identity.public_key.unwrap();
        let PublicParts::MlKem(ek) = PublicParts::from_spki(algorithm, &spki).unwrap() else {
            panic!("{} {}", test.set, test.tc_id);
        };
        assert_eq!(hex::encode(sha256(ek)), test.ek_sha256, "{} {}", test.set, test.tc_id);
    }
}

#[test]
fn ml_dsa_seeds_have_the_public_halves_of_nist() {
    let tests: Vec<MlDsa> = serde_json::from_str(include_str!("nist/ml-dsa-keygen.json")).unwrap();
    assert_eq!(tests.len(), 75);
    for test in tests {
        let (algorithm, oid) = match test.set.as_str() {
            "ML-DSA-44" => (Algorithm::MlDsa44, "2.16.840.1.101.3.4.3.17"),
            "ML-DSA-65" => (Algorithm::MlDsa65, "2.16.840.1.101.3.4.3.18"),
            "ML-DSA-87" => (Algorithm::MlDsa87, "2.16.840.1.101.3.4.3.19"),
            other => panic!("{other}"),
        };
        let inner = [&[0x80, 0x20], hex::decode(test.seed).unwrap().as_slice()].concat();
        let identity = identify(algorithm, &material(oid, &inner)).unwrap();
        let spki = identity.public_key.unwrap();
        let PublicParts::MlDsa { key, .. } = PublicParts::from_spki(algorithm, &spki).unwrap()
        else {
            panic!("{} {}", test.set, test.tc_id);
        };
        assert_eq!(hex::encode(sha256(key)), test.pk_sha256, "{} {}", test.set, test.tc_id);
    }
}

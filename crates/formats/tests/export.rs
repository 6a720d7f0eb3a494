//! What the written files hold, and what is refused.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use keyreeve_crypto::{Algorithm, PrivateParts, SecretBytes, SecretString, identify, make_key};
use keyreeve_formats::{
    ExportError, Format, Protection, export_private, export_public, formats_for,
    private_formats_for, public_formats_for,
};
use pkcs8::der::{Decode as _, Encode as _};
use proptest::prelude::*;
use serde_json::{Value, json};

static MADE: LazyLock<BTreeMap<Algorithm, SecretBytes>> = LazyLock::new(|| {
    Algorithm::ALL.iter().map(|&algorithm| (algorithm, make_key(algorithm).unwrap())).collect()
});

fn plain(algorithm: Algorithm, format: Format) -> Vec<u8> {
    // EXPOSE: the tests read what was written.
    export_private(algorithm, &MADE[&algorithm], format, Protection::Plain, "the key")
        .unwrap()
        .expose()
        .to_vec()
}

fn public(algorithm: Algorithm, format: Format) -> Vec<u8> {
    let spki = identify(algorithm, &MADE[&algorithm]).unwrap().public_key.unwrap();
    export_public(algorithm, &spki, format, "the key").unwrap()
}

fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

fn b64(value: &Value) -> Vec<u8> {
    BASE64_URL_SAFE_NO_PAD.decode(value.as_str().unwrap()).unwrap()
}

/// Member names in the order in which they were written.
fn member_names(bytes: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(bytes).unwrap();
    text.split("\",\"")
        .flat_map(|member| member.trim_start_matches("{\"").split('"').next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_listed_format_is_written_and_every_other_is_refused() {
    for &algorithm in Algorithm::ALL {
        let material = &MADE[&algorithm];
        for &format in Format::ALL {
            let result = export_private(algorithm, material, format, Protection::Plain, "k");
            let listed = private_formats_for(algorithm).contains(&format);
            match result {
                Ok(written) => assert!(listed && !written.is_empty(), "{algorithm} {format}"),
                Err(ExportError::Unsupported { .. }) => assert!(!listed, "{algorithm} {format}"),
                Err(ExportError::NeedsPassphrase(_)) => assert_eq!(format, Format::Pkcs12),
                Err(ExportError::PublicFormat(_)) => assert!(format.is_public()),
                Err(other) => panic!("{algorithm} {format}: {other}"),
            }
            assert_eq!(
                formats_for(algorithm).contains(&format),
                listed || format.is_public() && public_formats_for(algorithm).contains(&format)
            );
        }
        let Some(spki) = identify(algorithm, material).unwrap().public_key else {
            assert!(matches!(
                export_public(algorithm, &[], Format::SpkiPem, "k"),
                Err(ExportError::UnsupportedPublic { .. })
            ));
            continue;
        };
        for &format in Format::ALL {
            let result = export_public(algorithm, &spki, format, "k");
            let listed = public_formats_for(algorithm).contains(&format);
            assert_eq!(result.is_ok(), listed, "{algorithm} {format}");
        }
    }
}

#[test]
fn public_files_hold_no_secret() {
    for &algorithm in Algorithm::ALL {
        let material = &MADE[&algorithm];
        let secret = match PrivateParts::from_material(algorithm, material).unwrap() {
            PrivateParts::Rsa(rsa) => rsa.private_exponent,
            PrivateParts::Ec { scalar, .. } => scalar,
            PrivateParts::Okp(secret) => secret,
            PrivateParts::MlKem { decapsulation_key, .. } => &decapsulation_key[..64],
            PrivateParts::MlDsa(seed) => seed,
            _ => continue,
        };
        for &format in public_formats_for(algorithm) {
            let written = public(algorithm, format);
            let text = String::from_utf8(written).unwrap();
            for encoded in [
                BASE64_URL_SAFE_NO_PAD.encode(&secret[..30]),
                base64::prelude::BASE64_STANDARD_NO_PAD.encode(&secret[..30]),
            ] {
                assert!(!text.contains(&encoded), "{algorithm} {format}");
            }
            assert!(!text.contains("PRIVATE") && !text.contains("SECRET"), "{algorithm} {format}");
            assert!(!text.contains("\"d\"") && !text.contains("\"priv\""), "{algorithm} {format}");
        }
    }
}

#[test]
fn only_formats_with_encryption_take_a_passphrase() {
    let passphrase = SecretString::new("correct horse".into());
    let empty = SecretString::new(String::new());
    for &algorithm in &[Algorithm::EcP256, Algorithm::X25519, Algorithm::Aes256Gcm] {
        for &format in private_formats_for(algorithm) {
            let export = |passphrase| {
                let protection = Protection::Passphrase(passphrase);
                export_private(algorithm, &MADE[&algorithm], format, protection, "k")
            };
            if format.takes_passphrase() {
                assert!(export(&passphrase).is_ok(), "{algorithm} {format}");
                assert!(matches!(export(&empty), Err(ExportError::EmptyPassphrase)));
            } else {
                assert!(matches!(export(&passphrase), Err(ExportError::NoPassphrase(_))));
            }
            let protection = Protection::Scrypt(&passphrase);
            match export_private(algorithm, &MADE[&algorithm], format, protection, "k") {
                Ok(_) => assert!(format.takes_scrypt(), "{algorithm} {format}"),
                Err(ExportError::NoScrypt(_)) => {
                    assert!(format.takes_passphrase() && !format.takes_scrypt());
                }
                Err(ExportError::NoPassphrase(_)) => assert!(!format.takes_passphrase()),
                Err(other) => panic!("{algorithm} {format}: {other}"),
            }
        }
    }
}

#[test]
fn encrypted_pkcs8_opens_with_its_passphrase_only_and_hides_the_key() {
    let passphrase = SecretString::new("correct horse".into());
    for algorithm in [Algorithm::Ed25519, Algorithm::MlKem1024, Algorithm::MlDsa87] {
        let export = || {
            let protection = Protection::Passphrase(&passphrase);
            export_private(algorithm, &MADE[&algorithm], Format::Pkcs8Der, protection, "k").unwrap()
        };
        let (first, second) = (export(), export());
        assert_ne!(first, second, "salt and IV are fresh each time");
        // EXPOSE: the tests read what was written.
        let info = pkcs8::EncryptedPrivateKeyInfoRef::from_der(first.expose()).unwrap();
        let opened = info.decrypt("correct horse").unwrap();
        assert_eq!(SecretBytes::new(opened.as_bytes().to_vec()), MADE[&algorithm]);
        assert!(info.decrypt("correct horsf").is_err());

        let parameters = info.encryption_algorithm.pbes2().unwrap();
        let pbkdf2 = parameters.kdf.pbkdf2().unwrap();
        assert_eq!(pbkdf2.iteration_count, 600_000);
        assert_eq!(pbkdf2.salt.as_ref().len(), 16);
    }
}

#[test]
fn a_damaged_or_foreign_key_is_never_written() {
    let mut bytes = plain(Algorithm::EcP384, Format::Pkcs8Der);
    let damaged_at = bytes.len() - 5;
    bytes[damaged_at] ^= 1;
    let damaged = SecretBytes::new(bytes);
    let passphrase = SecretString::new("correct horse".into());
    for &format in private_formats_for(Algorithm::EcP384) {
        let protection = match format.needs_passphrase() {
            true => Protection::Passphrase(&passphrase),
            false => Protection::Plain,
        };
        let result = export_private(Algorithm::EcP384, &damaged, format, protection, "k");
        assert!(matches!(result, Err(ExportError::Key(_))), "{format}");
    }
    let foreign = &MADE[&Algorithm::EcP256];
    assert!(matches!(
        export_private(Algorithm::EcP384, foreign, Format::Jwk, Protection::Plain, "k"),
        Err(ExportError::Key(_))
    ));
    let spki = identify(Algorithm::EcP256, foreign).unwrap().public_key.unwrap();
    assert!(matches!(
        export_public(Algorithm::EcP384, &spki, Format::SpkiPem, "k"),
        Err(ExportError::Key(_))
    ));
}

#[test]
fn jwk_members_come_in_the_order_of_their_rfcs() {
    use Algorithm as A;
    for (algorithm, private, public_count) in [
        (A::Rsa2048, "kty kid n e d p q dp dq qi", 4),
        (A::EcP256, "kty kid crv x y d", 5),
        (A::EcP384, "kty kid crv x y d", 5),
        (A::EcP521, "kty kid crv x y d", 5),
        (A::EcSecp256k1, "kty kid crv x y d", 5),
        (A::Ed25519, "kty kid crv x d", 4),
        (A::X25519, "kty kid crv x d", 4),
        (A::MlDsa44, "kty kid alg pub priv", 4),
        (A::Aes256Gcm, "kty kid k", 0),
        (A::HmacSha512, "kty kid k", 0),
    ] {
        let names: Vec<_> = private.split(' ').collect();
        assert_eq!(member_names(&plain(algorithm, Format::Jwk)), names, "{algorithm}");
        if public_count > 0 {
            assert_eq!(
                member_names(&public(algorithm, Format::Jwk)),
                names[..public_count],
                "{algorithm}"
            );
        }
    }
}

#[test]
fn jwk_values_are_the_keys_own_numbers() {
    for &algorithm in Algorithm::ALL {
        if !private_formats_for(algorithm).contains(&Format::Jwk) {
            continue;
        }
        let jwk = json(&plain(algorithm, Format::Jwk));
        assert_eq!(jwk["kid"], "the key");
        match PrivateParts::from_material(algorithm, &MADE[&algorithm]).unwrap() {
            PrivateParts::Symmetric(key) => {
                assert_eq!(jwk["kty"], "oct");
                assert_eq!(b64(&jwk["k"]), key);
            }
            PrivateParts::Rsa(rsa) => {
                assert_eq!(jwk["kty"], "RSA");
                for (name, number) in [
                    ("n", rsa.modulus),
                    ("e", rsa.public_exponent),
                    ("d", rsa.private_exponent),
                    ("p", rsa.prime1),
                    ("q", rsa.prime2),
                    ("dp", rsa.exponent1),
                    ("dq", rsa.exponent2),
                    ("qi", rsa.coefficient),
                ] {
                    assert_eq!(b64(&jwk[name]), number, "{name}");
                }
            }
            PrivateParts::Ec { scalar, point } => {
                assert_eq!(jwk["kty"], "EC");
                assert_eq!([vec![4], b64(&jwk["x"]), b64(&jwk["y"])].concat(), point);
                assert_eq!(b64(&jwk["d"]), scalar);
            }
            PrivateParts::Okp(secret) => {
                assert_eq!(jwk["kty"], "OKP");
                assert_eq!(b64(&jwk["d"]), secret);
            }
            PrivateParts::MlDsa(seed) => {
                assert_eq!(jwk["kty"], "AKP");
                assert_eq!(jwk["alg"], algorithm.name().to_uppercase());
                assert_eq!(b64(&jwk["priv"]), seed);
            }
            _ => panic!("{algorithm} has no JWK"),
        }
    }
}

#[test]
fn jwk_of_rfc_8037_appendix_a_1() {
    let mut material = hex::decode("302e020100300506032b657004220420").unwrap();
    material.extend(
        BASE64_URL_SAFE_NO_PAD.decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").unwrap(),
    );
    let material = SecretBytes::new(material);
    let written =
        export_private(Algorithm::Ed25519, &material, Format::Jwk, Protection::Plain, "a").unwrap();
    assert_eq!(
        // EXPOSE: a published test key.
        std::str::from_utf8(written.expose()).unwrap(),
        "{\"kty\":\"OKP\",\"kid\":\"a\",\"crv\":\"Ed25519\",\
         \"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\",\
         \"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\"}\n"
    );
}

/// The private keys of RFC 7517, appendix A.2, from their numbers to the same numbers.
#[test]
fn jwks_of_rfc_7517_appendix_a_2() {
    let [n, d] = [
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
        "X4cTteJY_gn4FYPsXB8rdXix5vwsg1FLN5E3EaG6RJoVH-HLLKD9M7dx5oo7GURknchnrRweUkC7hT5fJLM0WbFAKNLWY2vv7B6NqXSzUvxT0_YSfqijwp3RTzlBaCxWp4doFk5N2o8Gy_nHNKroADIkJ46pRUohsXywbReAdYaMwFs9tv8d_cPVY3i07a3t8MN6TNwm0dSawm9v47UiCl3Sk5ZiG7xojPLu4sbg1U2jx4IBTNBznbJSzFHK66jT8bgkuqsk0GjskDJk19Z4qwjwbsnn4j2WBii3RL-Us2lGVkY8fkFzme1z0HbIkfz0Y6mqnOYtqc0X4jfcKoAC8Q",
    ];
    let [p, q, dp, dq, qi] = [
        "83i-7IvMGXoMXCskv73TKr8637FiO7Z27zv8oj6pbWUQyLPQBQxtPVnwD20R-60eTDmD2ujnMt5PoqMrm8RfmNhVWDtjjMmCMjOpSXicFHj7XOuVIYQyqVWlWEh6dN36GVZYk93N8Bc9vY41xy8B9RzzOGVQzXvNEvn7O0nVbfs",
        "3dfOR9cuYq-0S-mkFLzgItgMEfFzB2q3hWehMuG0oCuqnb3vobLyumqjVZQO1dIrdwgTnCdpYzBcOfW5r370AFXjiWft_NGEiovonizhKpo9VVS78TzFgxkIdrecRezsZ-1kYd_s1qDbxtkDEgfAITAG9LUnADun4vIcb6yelxk",
        "G4sPXkc6Ya9y8oJW9_ILj4xuppu0lzi_H7VTkS8xj5SdX3coE0oimYwxIi2emTAue0UOa5dpgFGyBJ4c8tQ2VF402XRugKDTP8akYhFo5tAA77Qe_NmtuYZc3C3m3I24G2GvR5sSDxUyAN2zq8Lfn9EUms6rY3Ob8YeiKkTiBj0",
        "s9lAH9fggBsoFR8Oac2R_E2gw282rT2kGOAhvIllETE1efrA6huUUvMfBcMpn8lqeW6vzznYY5SSQF7pMdC_agI3nG8Ibp1BUb0JUiraRNqUfLhcQb_d9GF4Dh7e74WbRsobRonujTYN1xCaP6TO61jvWrX-L18txXw494Q_cgk",
        "GyM_p6JrXySiz1toFgKbWV-JdI3jQ4ypu9rbMWx3rQJBfmt0FoYzgUIZEVFEcOqwemRN81zoDAaa-Bk0KWNGDjJHZDdDmFhW3AN7lI-puxk_mHZGJ11rxyR8O55XLSe3SPmRfKwZI6yU24ZxvQKFYItdldUKGzO6Ia6zTKhAVRU",
    ];
    let bytes = |text: &str| BASE64_URL_SAFE_NO_PAD.decode(text).unwrap();
    let numbers = [n, "AQAB", d, p, q, dp, dq, qi].map(bytes);
    let number = |index: usize| pkcs8::der::asn1::UintRef::new(&numbers[index]).unwrap();
    let rsa = pkcs1::RsaPrivateKeyRef {
        modulus: number(0),
        public_exponent: number(1),
        private_exponent: number(2),
        prime1: number(3),
        prime2: number(4),
        exponent1: number(5),
        exponent2: number(6),
        coefficient: number(7),
        other_prime_infos: None,
    };
    let written = framed(Algorithm::Rsa2048, pkcs1::ALGORITHM_ID, &rsa.to_der().unwrap());
    assert_eq!(
        written,
        json!({
            "kty": "RSA", "kid": "2011-04-29", "n": n, "e": "AQAB", "d": d,
            "p": p, "q": q, "dp": dp, "dq": dq, "qi": qi
        })
    );

    let [x, y, d] = [
        "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
        "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE",
    ];
    let point = [&[4], bytes(x).as_slice(), &bytes(y)].concat();
    let scalar = bytes(d);
    let ec =
        sec1::EcPrivateKey { private_key: &scalar, parameters: None, public_key: Some(&point) };
    let curve = pkcs8::ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
    let algorithm = pkcs8::spki::AlgorithmIdentifierRef {
        oid: pkcs8::ObjectIdentifier::new_unwrap("1.2.840.10045.2.1"),
        parameters: Some((&curve).into()),
    };
    let written = framed(Algorithm::EcP256, algorithm, &ec.to_der().unwrap());
    assert_eq!(
        written,
        json!({"kty": "EC", "kid": "2011-04-29", "crv": "P-256", "x": x, "y": y, "d": d})
    );
}

/// The JWK of a key framed here and not by the code under test.
fn framed(
    algorithm: Algorithm,
    identifier: pkcs8::spki::AlgorithmIdentifierRef<'_>,
    inner: &[u8],
) -> Value {
    let octets = pkcs8::der::asn1::OctetStringRef::new(inner).unwrap();
    let der = pkcs8::PrivateKeyInfoRef::new(identifier, octets).to_der().unwrap();
    let material = SecretBytes::new(der);
    let written =
        export_private(algorithm, &material, Format::Jwk, Protection::Plain, "2011-04-29").unwrap();
    // EXPOSE: a published test key.
    serde_json::from_slice(written.expose()).unwrap()
}

/// The symmetric key of RFC 7517, appendix A.3, whose 128 bits are an AES key's.
#[test]
fn jwk_of_rfc_7517_appendix_a_3() {
    let key = BASE64_URL_SAFE_NO_PAD.decode("GawgguFyGrWKav7AX4VKUg").unwrap();
    let written = export_private(
        Algorithm::Aes128Gcm,
        &SecretBytes::new(key),
        Format::Jwk,
        Protection::Plain,
        "a",
    )
    .unwrap();
    assert_eq!(
        // EXPOSE: a published test key.
        json(written.expose()),
        json!({"kty": "oct", "kid": "a", "k": "GawgguFyGrWKav7AX4VKUg"})
    );
}

proptest! {
    #[test]
    fn no_comment_breaks_out_of_its_place(comment in any::<String>()) {
        let key = SecretBytes::new(
            hex::decode(format!("302e020100300506032b657004220420{}", "11".repeat(32))).unwrap(),
        );
        let spki = identify(Algorithm::Ed25519, &key).unwrap().public_key.unwrap();
        let line =
            export_public(Algorithm::Ed25519, &spki, Format::OpenSshPublic, &comment).unwrap();
        let line = String::from_utf8(line).unwrap();
        prop_assert_eq!(line.lines().count(), 1);
        prop_assert!(line.starts_with("ssh-ed25519 "));

        let jwk = export_private(
            Algorithm::Ed25519, &key, Format::Jwk, Protection::Plain, &comment,
        ).unwrap();
        // EXPOSE: a test key.
        prop_assert_eq!(json(jwk.expose()).as_object().unwrap().len(), 5);

        export_private(Algorithm::Ed25519, &key, Format::OpenSsh, Protection::Plain, &comment)
            .unwrap();

        let age = SecretBytes::new(
            hex::decode(format!("302e020100300506032b656e04220420{}", "11".repeat(32))).unwrap(),
        );
        let file =
            export_private(Algorithm::X25519, &age, Format::Age, Protection::Plain, &comment)
                .unwrap();
        let text = std::str::from_utf8(file.expose()).unwrap();
        prop_assert_eq!(text.lines().filter(|line| !line.starts_with('#')).count(), 1);
    }

    #[test]
    fn garbage_is_never_exported(
        algorithm in prop::sample::select(Algorithm::ALL),
        format in prop::sample::select(Format::ALL),
        bytes in prop::collection::vec(any::<u8>(), 0..4000),
    ) {
        prop_assume!(algorithm.symmetric_len() != Some(bytes.len()));
        prop_assert!(export_public(algorithm, &bytes, format, "k").is_err());
        let material = SecretBytes::new(bytes);
        prop_assert!(
            export_private(algorithm, &material, format, Protection::Plain, "k").is_err()
        );
    }
}

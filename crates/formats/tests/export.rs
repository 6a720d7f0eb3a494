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
use pkcs8::der::Decode as _;
use proptest::prelude::*;
use serde_json::Value;

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
                Err(ExportError::NeedsCertificate) => assert_eq!(format, Format::Pkcs12),
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
    for &format in private_formats_for(Algorithm::EcP384) {
        let result = export_private(Algorithm::EcP384, &damaged, format, Protection::Plain, "k");
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

//! PKCS#12 with the key's certificate, as OpenSSL and Java take it.

use keyreeve_crypto::{Algorithm, SecretBytes, SecretString, make_key};
use keyreeve_formats::{
    ExportError, Form, Format, Found, Pkcs12Profile, Protection, Refusal, export_pkcs12,
    export_private,
};

use pkcs8::der::asn1::AnyRef;
use pkcs8::der::{Encode as _, Tag, TagNumber};

use crate::reading::{only, read_bytes, unlocked};
use crate::tool::{Files, KEYTOOL, OPENSSL, text};

const PHRASE: &str = "s3cret phrase";

/// A key, and its certificate of its own.
fn certified(files: &Files, algorithm: Algorithm, name: &str) -> (SecretBytes, Vec<u8>) {
    let material = make_key(algorithm).unwrap();
    let pem =
        export_private(algorithm, &material, Format::Pkcs8Pem, Protection::Plain, "").unwrap();
    // EXPOSE: the stock tool signs with it.
    let file = files.secret(&format!("{name}.pem"), pem.expose());
    let subject = format!("/CN={name}");
    let make = ["req", "-x509", "-key", text(&file), "-subj", &subject, "-days", "30"];
    (material, OPENSSL.accepts(&make, b""))
}

#[test]
fn openssl_and_java_find_the_key_with_its_certificates() {
    let files = Files::new();
    let pass = format!("file:{}", text(&files.secret("pass", PHRASE.as_bytes())));
    let phrase = SecretString::new(PHRASE.into());
    let (_, above) = certified(&files, Algorithm::EcP384, "above");
    for algorithm in [Algorithm::Rsa2048, Algorithm::EcP256, Algorithm::Ed25519] {
        let name = algorithm.name();
        let (material, own) = certified(&files, algorithm, name);
        let der = OPENSSL.accepts(&["x509", "-outform", "DER"], &own);
        // Alone in both forms, and behind one from above with text between.
        let chain = [above.as_slice(), b"some words\n", &own].concat();
        for (number, (file, wanted)) in [(&own, 1), (&der, 1), (&chain, 2)].into_iter().enumerate()
        {
            let modern = Pkcs12Profile::Modern;
            let written =
                export_pkcs12(algorithm, &material, &phrase, "the key", Some(file), modern)
                    .unwrap();
            // EXPOSE: the stock tools read the file.
            let store = files.secret(&format!("{name} {number}.p12"), written.expose());
            let open = ["pkcs12", "-in", text(&store), "-passin", &pass, "-nokeys"];
            let found = OPENSSL.prints(&[&open[..], &["-clcerts"]].concat(), b"");
            let body = String::from_utf8_lossy(&own).into_owned();
            assert!(found.contains(body.trim()), "{algorithm}: {found}");
            let all = OPENSSL.prints(&open, b"");
            assert_eq!(all.matches("BEGIN CERTIFICATE").count(), wanted, "{algorithm}");

            let list = ["-list", "-v", "-keystore", text(&store), "-storetype", "PKCS12"];
            let printed = KEYTOOL.prints(&[&list[..], &["-storepass", PHRASE]].concat(), b"");
            assert!(printed.contains("Entry type: PrivateKeyEntry"), "{printed}");
            assert!(printed.contains("Certificate chain length: 1"), "{printed}");
            assert!(printed.contains(&format!("CN={name}")), "{printed}");

            // And we read what we wrote.
            let locked = only(read_bytes(std::fs::read(&store).unwrap()));
            let items = locked.open(&phrase).unwrap();
            assert_eq!(items.len(), 1 + wanted);
            assert!(matches!(&items[0].found, Found::Pair(key) if key.material == material));
            assert_eq!(items[1].form, Form::Certificate);
        }
    }
    // Without one, nothing has changed.
    let material = make_key(Algorithm::EcP256).unwrap();
    let alone = Protection::Passphrase(&phrase);
    let file = export_private(Algorithm::EcP256, &material, Format::Pkcs12, alone, "k").unwrap();
    // EXPOSE: read again.
    let item = unlocked(only(read_bytes(file.expose().to_vec())), PHRASE);
    assert!(matches!(item.found, Found::Pair(_)));
}

#[test]
fn a_certificate_of_another_key_or_none_is_refused() {
    let files = Files::new();
    let phrase = SecretString::new(PHRASE.into());
    let (material, own) = certified(&files, Algorithm::EcP256, "own");
    let (_, other) = certified(&files, Algorithm::EcP256, "other");
    let mut damaged = own.clone();
    damaged[200] = b'!';
    let der = OPENSSL.accepts(&["x509", "-outform", "DER"], &own);
    let many = own.repeat(21);
    let cases: [(&[u8], &str); 7] = [
        (b"", "not one of this key"),
        (&other, "not one of this key"),
        (&damaged, "damaged"),
        (&der[..der.len() - 1], "damaged"),
        (&[0xff, 0xfe], "neither"),
        (&[own.as_slice(), &damaged].concat(), "damaged"),
        (&many, "too many"),
    ];
    let export = |algorithm, material: &SecretBytes, file: &[u8]| {
        let modern = Pkcs12Profile::Modern;
        export_pkcs12(algorithm, material, &phrase, "k", Some(file), modern).unwrap_err()
    };
    for (file, words) in cases {
        let refused = export(Algorithm::EcP256, &material, file);
        assert!(matches!(refused, ExportError::Certificate(_)), "{refused}");
        assert!(refused.to_string().contains(words), "no {words} in {refused}");
    }
    let symmetric = make_key(Algorithm::Aes256Gcm).unwrap();
    let refused = export(Algorithm::Aes256Gcm, &symmetric, &own);
    assert!(matches!(refused, ExportError::Unsupported { .. }), "{refused}");
}

/// OpenSSL says how it is protected, and takes it with and without its provider of legacy algorithms; so does Java.
#[test]
fn the_legacy_profile_is_what_old_programs_know() {
    let files = Files::new();
    let pass = format!("file:{}", text(&files.secret("pass", PHRASE.as_bytes())));
    let phrase = SecretString::new(PHRASE.into());
    let legacy = Pkcs12Profile::Legacy;
    for algorithm in [Algorithm::Rsa2048, Algorithm::EcP256] {
        let name = algorithm.name();
        let (material, own) = certified(&files, algorithm, name);
        for (number, chain) in [Some(own.as_slice()), None].into_iter().enumerate() {
            let written = export_pkcs12(algorithm, &material, &phrase, "k", chain, legacy).unwrap();
            // EXPOSE: the stock tools read the file.
            let store = files.secret(&format!("{name} {number}.p12"), written.expose());
            let open = ["pkcs12", "-in", text(&store), "-passin", &pass, "-nodes"];
            OPENSSL.accepts(&open, b"");
            let output = OPENSSL.run(&[&open[..], &["-legacy", "-info"]].concat(), b"");
            assert!(output.status.success(), "{output:?}");
            let info = String::from_utf8_lossy(&output.stderr);
            assert!(
                info.contains("MAC: sha1") && info.contains("pbeWithSHA1And3-KeyTripleDES-CBC"),
                "{info}"
            );
            let found = String::from_utf8_lossy(&output.stdout).into_owned();
            let pem = export_private(algorithm, &material, Format::Pkcs8Pem, Protection::Plain, "");
            // EXPOSE: compared with what OpenSSL found.
            let pem = String::from_utf8(pem.unwrap().expose().to_vec()).unwrap();
            assert!(found.contains(pem.trim()), "{algorithm}");
            assert_eq!(found.matches("BEGIN CERTIFICATE").count(), chain.map_or(0, |_| 1));
            OPENSSL.refuses(&["pkcs12", "-in", text(&store), "-passin", "pass:other", "-legacy"]);
            if chain.is_some() {
                let list = ["-list", "-v", "-keystore", text(&store), "-storetype", "PKCS12"];
                let printed = KEYTOOL.prints(&[&list[..], &["-storepass", PHRASE]].concat(), b"");
                assert!(printed.contains("Entry type: PrivateKeyEntry"), "{printed}");
            }
            let items = only(read_bytes(std::fs::read(&store).unwrap())).open(&phrase).unwrap();
            assert!(matches!(&items[0].found, Found::Pair(key) if key.material == material));
        }
    }
}

fn der(tag: Tag, value: &[u8]) -> Vec<u8> {
    AnyRef::new(tag, value).unwrap().to_der().unwrap()
}

/// `number` keys that each ask for the most rounds that one key may, in a file without a MAC.
fn keys_of_most_rounds(number: usize) -> Vec<u8> {
    const DATA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
    const SHROUDED_KEY: &[u8] = b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01\x02";
    const TRIPLE_DES: &[u8] = b"\x06\x0a\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x03";
    let sequence = |members: &[&[u8]]| der(Tag::Sequence, &members.concat());
    let octets = |value: &[u8]| der(Tag::OctetString, value);
    let framed =
        |value: &[u8]| der(Tag::ContextSpecific { constructed: true, number: TagNumber(0) }, value);
    // Such a key is derived twice, for the cipher and for its initialisation vector.
    let rounds = der(Tag::Integer, &5_000_000_u32.to_be_bytes()[1..]);
    let algorithm = sequence(&[TRIPLE_DES, &sequence(&[&octets(b"saltsalt"), &rounds])]);
    let key = sequence(&[&algorithm, &octets(&[7; 64])]);
    let bag = sequence(&[SHROUDED_KEY, &framed(&key)]);
    let data = |content: &[u8]| sequence(&[DATA, &framed(&octets(content))]);
    let safe = data(&sequence(&[&bag.repeat(number)]));
    sequence(&[&[2, 1, 3], &data(&sequence(&[&safe]))])
}

#[test]
fn keys_that_together_would_take_minutes_are_refused_before_any_is_tried() {
    // No password is tried on these without being asked: one key alone takes seconds.
    let many = only(read_bytes(keys_of_most_rounds(10)));
    assert!(matches!(many.found, Found::Locked(_)), "{many:?}");
    let too_many = only(read_bytes(keys_of_most_rounds(11)));
    assert!(matches!(&too_many.found, Found::Refused(Refusal::TooCostly(_))), "{too_many:?}");
}

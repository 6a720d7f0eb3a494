//! Java's own keystores: what keytool makes of every kind of key, and what becomes of damaged ones.

use std::path::{Path, PathBuf};

use keyreeve_crypto::{AdoptError, Algorithm, SecretBytes};
use keyreeve_formats::{Form, Found, Item, MAX_ITEMS, Refusal, read};
use sha1::{Digest as _, Sha1};

use crate::reading::{only, read_bytes, read_file, secret, spki_pem};
use crate::tool::{Files, KEYTOOL, OPENSSL, text};

const STORE: &str = "the store's";
const KEY: &str = "the key's own";
const UNVERIFIED: &str = "checksum could not be checked";
const CHEAP: &str = "stretched with few rounds";
const OUTDATED: &str = "outdated cipher";

/// Of OpenJDK 17, under the password `password`: a pair on P-256, a certificate of another key, and in JCEKS
/// an AES, an HMAC and a Triple DES key. Java writes 200,000 rounds; these are of 20, as it wrote at first, and
/// it reads them to the numbers below.
const JKS: &[u8] = include_bytes!("../vectors/keytool-17.jks");
const JCEKS: &[u8] = include_bytes!("../vectors/keytool-17.jceks");
const PASSWORD: &str = "password";
const JKS_SCALAR: &str = "6ffe92309a68ec1da31679263f8ec56fa540b221ee44ee53aeb16d982659f9dc";
const JCEKS_SCALAR: &str = "e2a4fe88c51ba3610ef1da573ee2e686af53f4703aefa42fbcc36e6e39ab804f";
const AES: &str = "ab3db432e3bc36ad609bd7d96ef2edbb2c06cd36569d26c49a28ec9b85aa9671";
const HMAC: &str = "7063ad783327d4f0aa6a10f301c7504a8f32ad7a2cb0103200f7625d84d965afc0d5ef4e11e1dd021c74cb7351d6f28aead9b122c18671b84f26ada51d121eea";

/// keytool on a keystore. Rounds cost time here and nothing else.
#[track_caller]
fn keytool(kind: &str, store: &Path, storepass: &str, arguments: &[&str]) -> Vec<u8> {
    let on = ["-storetype", kind, "-keystore", text(store), "-storepass", storepass];
    let quick = ["-J-Djdk.jceks.iterationCount=10000"];
    KEYTOOL.accepts(&[arguments, &on, &quick].concat(), b"")
}

/// What keytool makes of a keystore as PKCS#12.
fn in_pkcs12(files: &Files, kind: &str, store: &Path) -> PathBuf {
    let copy = files.path(&format!("{kind}.p12"));
    let source = ["-importkeystore", "-noprompt", "-srckeystore", text(store)];
    let more = ["-srcstoretype", kind, "-srcstorepass", STORE, "-destkeypass", STORE];
    let to = ["-deststoretype", "PKCS12", "-destkeystore", text(&copy), "-deststorepass", STORE];
    KEYTOOL.accepts(&[&source[..], &more, &to].concat(), b"");
    copy
}

fn make_pair(kind: &str, store: &Path, keypass: &str, alias: &str, algorithm: &[&str]) {
    let make = ["-genkeypair", "-alias", alias, "-dname", "CN=x", "-keypass", keypass, "-keyalg"];
    keytool(kind, store, STORE, &[&make[..], algorithm].concat());
}

fn warned(item: &Item, words: &str) -> bool {
    item.warnings.iter().any(|warning| warning.contains(words))
}

fn named<'a>(items: &'a [Item], name: &str) -> &'a Item {
    let same = |item: &&Item| {
        item.comment.as_deref() == Some(name) && !matches!(item.found, Found::Certificate(_))
    };
    items.iter().find(same).unwrap_or_else(|| panic!("no {name} in {items:?}"))
}

fn certificates(items: &[Item]) -> usize {
    items.iter().filter(|item| matches!(item.found, Found::Certificate(_))).count()
}

#[test]
fn every_key_of_keytool_is_the_one_of_its_pkcs12_file() {
    let files = Files::new();
    // keytool keeps aliases in small letters.
    let pairs: [(&str, &[&str]); 5] = [
        ("rsa", &["RSA", "-keysize", "2048"]),
        ("schlüssel – 鍵", &["EC", "-groupname", "secp256r1"]),
        ("p-384", &["EC", "-groupname", "secp384r1"]),
        ("p-521", &["EC", "-groupname", "secp521r1"]),
        ("ed", &["Ed25519"]),
    ];
    let other = files.path("other.p12");
    make_pair("PKCS12", &other, STORE, "other", &["EC", "-groupname", "secp256r1"]);
    let export = ["-exportcert", "-rfc", "-alias", "other"];
    let trusted = files.secret("other.pem", &keytool("PKCS12", &other, STORE, &export));
    for (kind, warning) in [("JKS", CHEAP), ("JCEKS", OUTDATED)] {
        let store = files.path(kind);
        for (alias, algorithm) in pairs {
            make_pair(kind, &store, STORE, alias, algorithm);
        }
        make_pair(kind, &store, STORE, "dsa", &["DSA", "-keysize", "2048"]);
        let import = ["-importcert", "-noprompt", "-alias", "trusted", "-file", text(&trusted)];
        keytool(kind, &store, STORE, &import);
        let locked = only(read_file(&store));
        assert_eq!(locked.form, Form::JavaKeystore);
        for wrong in ["", "the Store's", "the store's "] {
            assert!(locked.open(&secret(wrong)).is_none());
        }
        let items = locked.open(&secret(STORE)).unwrap();
        assert_eq!((items.len(), certificates(&items)), (13, 7), "{items:?}");
        assert!(!items.iter().any(|item| warned(item, UNVERIFIED)));

        let copy = in_pkcs12(&files, kind, &store);
        let theirs = only(read_file(&copy)).open(&secret(STORE)).unwrap();
        let pass = format!("pass:{STORE}");
        let dump = ["pkcs12", "-in", text(&copy), "-passin", &pass, "-nodes", "-nocerts"];
        // It prints names as they come, which is no UTF-8.
        let dump = String::from_utf8_lossy(&OPENSSL.accepts(&dump, b"")).into_owned();
        let publics: Vec<_> = dump
            .split_inclusive("-----END PRIVATE KEY-----\n")
            .filter(|block| block.contains("BEGIN"))
            .map(|block| OPENSSL.prints(&["pkey", "-pubout"], block.as_bytes()))
            .collect();
        assert_eq!(publics.len(), 6);
        for (alias, _) in pairs {
            let (ours, theirs) = (named(&items, alias), named(&theirs, alias));
            let (Found::Pair(our), Found::Pair(their)) = (&ours.found, &theirs.found) else {
                panic!("{ours:?} {theirs:?}")
            };
            assert!(our.algorithm == their.algorithm && our.material == their.material, "{alias}");
            assert!(publics.contains(&spki_pem(ours)), "{alias}");
            assert!(warned(ours, warning), "{ours:?}");
        }
        let dsa = &named(&items, "dsa").found;
        assert!(matches!(dsa, Found::Refused(why) if why.to_string().contains("DSA")), "{dsa:?}");
    }
}

#[test]
fn keys_with_passwords_of_their_own() {
    let files = Files::new();
    for kind in ["JKS", "JCEKS"] {
        let store = files.path(kind);
        make_pair(kind, &store, KEY, "own", &["EC", "-groupname", "secp256r1"]);
        make_pair(kind, &store, STORE, "same", &["Ed25519"]);
        if kind == "JCEKS" {
            let make = ["-genseckey", "-alias", "secret", "-keypass", KEY, "-keyalg", "AES"];
            keytool(kind, &store, STORE, &[&make[..], &["-keysize", "256"]].concat());
        }
        let locked = only(read_file(&store));
        // The store's password first: what it does not open waits for its own.
        let items = locked.open(&secret(STORE)).unwrap();
        let (own, same) = (named(&items, "own"), named(&items, "same"));
        assert!(matches!(same.found, Found::Pair(_)));
        let Found::Locked(closed) = &own.found else { panic!("{own:?}") };
        assert_eq!(closed.public.as_ref().unwrap().algorithm, Algorithm::EcP256);
        assert!(own.open(&secret(STORE)).is_none());
        let opened = only(own.open(&secret(KEY)).unwrap());
        assert!(matches!(opened.found, Found::Pair(_)) && !warned(&opened, UNVERIFIED));
        assert_eq!(opened.comment.as_deref(), Some("own"));
        if kind == "JCEKS" {
            let key = only(named(&items, "secret").open(&secret(KEY)).unwrap());
            assert!(matches!(&key.found, Found::Symmetric(key) if key.material.len() == 32));
        }
        // The key's alone: it proves itself, the rest of the store is not shown to be what it was.
        let items = locked.open(&secret(KEY)).unwrap();
        let own = named(&items, "own");
        assert!(matches!(own.found, Found::Pair(_)) && warned(own, UNVERIFIED));
        assert!(items.iter().all(|item| item.is_locked() || warned(item, UNVERIFIED)));
        let same = only(named(&items, "same").open(&secret(STORE)).unwrap());
        assert!(matches!(same.found, Found::Pair(_)) && !warned(&same, UNVERIFIED));
        if kind == "JCEKS" {
            // Nothing proves this one without the store's password.
            assert!(named(&items, "secret").open(&secret(KEY)).is_none());
        }
        assert!(locked.open(&secret("another")).is_none());
    }
    // Java allows any password for a keystore, and of JCEKS's keys ASCII only.
    let store = files.path("umlaut");
    let make = ["-genkeypair", "-alias", "é 🔑", "-dname", "CN=x", "-keyalg", "Ed25519"];
    keytool("JKS", &store, "päßwörter 鍵", &make);
    let items = only(read_file(&store)).open(&secret("päßwörter 鍵")).unwrap();
    assert!(matches!(named(&items, "é 🔑").found, Found::Pair(_)));
    let store = files.path("umlaut.p12");
    keytool("PKCS12", &store, STORE, &make);
    let items = only(read_file(&store)).open(&secret(STORE)).unwrap();
    assert!(matches!(named(&items, "é 🔑").found, Found::Pair(_)));
}

#[test]
fn secret_keys_of_each_kind_and_stores_without_keys() {
    let files = Files::new();
    let store = files.path("secrets");
    let kinds = [
        ("aes", "AES", "128", Some(Algorithm::Aes128Gcm)),
        ("aes2", "AES", "256", Some(Algorithm::Aes256Gcm)),
        ("mac", "HmacSHA256", "256", Some(Algorithm::HmacSha256)),
        ("short", "HmacSHA256", "128", None),
        ("sha1", "HmacSHA1", "160", None),
        ("desede", "DESede", "168", None),
        ("arcfour", "ARCFOUR", "128", None),
    ];
    for (alias, algorithm, bits, _) in kinds {
        let make = ["-genseckey", "-alias", alias, "-keyalg", algorithm, "-keysize", bits];
        keytool("JCEKS", &store, STORE, &[&make[..], &["-keypass", STORE]].concat());
    }
    let items = only(read_file(&store)).open(&secret(STORE)).unwrap();
    assert_eq!(items.len(), kinds.len());
    for (alias, name, bits, expected) in kinds {
        let item = named(&items, alias);
        match (&item.found, expected) {
            (Found::Symmetric(key), Some(algorithm)) => {
                assert_eq!(key.algorithms[0], algorithm);
                assert_eq!((key.material.len() * 8).to_string(), bits);
                assert!(warned(item, OUTDATED));
            }
            (Found::Refused(why), None) => {
                assert!(why.is_unsupported() && why.to_string().contains(name), "{why}");
            }
            (other, _) => panic!("{alias}: {other:?}"),
        }
    }
    // The same keys in Java's PKCS#12 file, as other classes have to go.
    let theirs = only(read_file(&in_pkcs12(&files, "JCEKS", &store)));
    assert!(theirs.open(&secret(KEY)).is_none());
    let theirs = theirs.open(&secret(STORE)).unwrap();
    assert_eq!(theirs.len(), kinds.len());
    for (alias, name, ..) in kinds {
        let (ours, theirs) = (named(&items, alias), named(&theirs, alias));
        match (&ours.found, &theirs.found) {
            (Found::Symmetric(our), Found::Symmetric(their)) => {
                assert!(our.material == their.material && our.algorithms == their.algorithms);
                assert!(theirs.form == Form::Pkcs12 && theirs.warnings.is_empty(), "{theirs:?}");
            }
            (Found::Refused(_), Found::Refused(why)) => {
                assert!(why.is_unsupported() && why.to_string().contains(name), "{why}");
            }
            (ours, theirs) => panic!("{alias}: {ours:?} {theirs:?}"),
        }
    }
    for (alias, ..) in kinds {
        keytool("JCEKS", &store, STORE, &["-delete", "-alias", alias]);
    }
    let empty = only(read_file(&store));
    assert!(matches!(&empty.found, Found::Refused(why) if why.to_string().contains("empty")));

    let (pair, trusted) = (files.path("pair"), files.path("trusted"));
    make_pair("JKS", &pair, STORE, "ca", &["RSA", "-keysize", "2048"]);
    let pem = keytool("JKS", &pair, STORE, &["-exportcert", "-rfc", "-alias", "ca"]);
    let pem = files.secret("ca.pem", &pem);
    for alias in ["one", "again"] {
        let import = ["-importcert", "-noprompt", "-alias", alias, "-file", text(&pem)];
        keytool("JKS", &trusted, STORE, &import);
    }
    let locked = only(read_file(&trusted));
    assert!(locked.open(&secret(KEY)).is_none());
    let items = locked.open(&secret(STORE)).unwrap();
    assert!(items.len() == 1 && certificates(&items) == 1, "{items:?}");
}

fn hex(digits: &str) -> SecretBytes {
    SecretBytes::new(hex::decode(digits).unwrap())
}

/// The scalar in the material of a key on P-256.
fn has_scalar(item: &Item, scalar: &str) -> bool {
    let Found::Pair(key) = &item.found else { return false };
    // EXPOSE: compared with what Java printed.
    let scalar = hex::decode(scalar).unwrap();
    key.material.expose().windows(scalar.len()).any(|window| window == scalar)
}

#[test]
fn keystores_of_the_past_are_read_to_javas_numbers() {
    let items = only(read_bytes(JKS.to_vec())).open(&secret(PASSWORD)).unwrap();
    assert!(has_scalar(named(&items, "pair"), JKS_SCALAR) && certificates(&items) == 2);
    let items = only(read_bytes(JCEKS.to_vec())).open(&secret(PASSWORD)).unwrap();
    assert!(has_scalar(named(&items, "pair"), JCEKS_SCALAR) && certificates(&items) == 2);
    for (alias, digits) in [("secret", AES), ("mac", HMAC)] {
        let Found::Symmetric(key) = &named(&items, alias).found else { panic!("{items:?}") };
        assert!(key.material == hex(digits), "{alias}");
    }
    let old = &named(&items, "old").found;
    assert!(matches!(old, Found::Refused(why) if why.to_string().contains("DESede")), "{old:?}");
}

/// No other key than the sample's comes out, a secret key only of a whole store, and a pair of a damaged one
/// only with a warning.
#[track_caller]
fn is_honest(bytes: &[u8], scalar: &str) {
    for item in read(&SecretBytes::new(bytes.to_vec())).unwrap_or_default() {
        if !item.is_locked() {
            assert!(matches!(item.found, Found::Refused(_)), "{item:?}");
            continue;
        }
        for inside in item.open(&secret(PASSWORD)).unwrap_or_default() {
            match &inside.found {
                Found::Pair(_) => {
                    assert!(has_scalar(&inside, scalar) && warned(&inside, UNVERIFIED));
                }
                Found::Symmetric(_) => panic!("{inside:?}"),
                _ => {}
            }
        }
    }
}

#[test]
fn damaged_at_every_byte() {
    for (store, scalar) in [(JKS, JKS_SCALAR), (JCEKS, JCEKS_SCALAR)] {
        for len in 4..store.len() {
            let item = only(read_bytes(store[..len].to_vec()));
            assert!(matches!(item.found, Found::Refused(Refusal::Damaged(_))), "{len}: {item:?}");
        }
        for at in 0..store.len() {
            for flip in [0x01, 0x80] {
                let mut damaged = store.to_vec();
                damaged[at] ^= flip;
                is_honest(&damaged, scalar);
            }
            for blown in [[0xff; 4], [0; 4]] {
                let mut damaged = store.to_vec();
                let end = store.len().min(at + 4);
                if damaged[at..end] != blown[..end - at] {
                    damaged[at..end].copy_from_slice(&blown[..end - at]);
                    is_honest(&damaged, scalar);
                }
            }
        }
        is_honest(&[store, b"\0"].concat(), scalar);
    }
}

/// The digest that Java would write behind `body`, so that it is somebody's real keystore.
fn sealed(body: &[u8]) -> Vec<u8> {
    let password: Vec<u8> = PASSWORD.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let digest = Sha1::new().chain_update(password).chain_update(b"Mighty Aphrodite");
    [body, &digest.chain_update(body).finalize()].concat()
}

fn body(store: &[u8]) -> Vec<u8> {
    store[..store.len() - 20].to_vec()
}

#[track_caller]
fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = bytes.windows(from.len()).position(|window| window == from).expect("it is there");
    [&bytes[..at], to, &bytes[at + from.len()..]].concat()
}

#[track_caller]
fn refused(bytes: Vec<u8>) -> Refusal {
    match only(read_bytes(bytes)).found {
        Found::Refused(refusal) => refusal,
        other => panic!("{other:?}"),
    }
}

/// A record of `count` entries, of which these bytes are what is there.
fn record(magic: &[u8], count: u32, entries: &[u8]) -> Vec<u8> {
    sealed(&[magic, &[0, 0, 0, 2], &count.to_be_bytes(), entries].concat())
}

#[test]
fn made_by_someone_who_means_harm() {
    let (jks, jceks) = (&JKS[..4], &JCEKS[..4]);
    assert_eq!(sealed(&body(JKS)), JKS);
    // A version and kinds that nobody has written.
    let version = replaced(&body(JKS), &[0, 0, 0, 2], &[0, 0, 0, 3]);
    assert!(refused(sealed(&version)).to_string().contains("version 3"));
    let kind = replaced(&body(JKS), b"\0\x05X.509", b"\0\x05X.510");
    let items = only(read_bytes(sealed(&kind))).open(&secret(PASSWORD)).unwrap();
    assert!(items.iter().any(|item| {
        matches!(&item.found, Found::Refused(why) if why.to_string().contains("X.510"))
    }));
    let secret_in_jks = [jks, &body(JCEKS)[4..]].concat();
    assert!(matches!(refused(sealed(&secret_in_jks)), Refusal::Damaged(_)));

    // Counts that are not there, and more than anyone keeps.
    let trusted = [&[0, 0, 0, 2, 0, 1, b'a'][..], &[0; 8], b"\0\x05X.509", &[0; 4]].concat();
    assert!(matches!(refused(record(jks, u32::MAX, &trusted)), Refusal::Damaged(_)));
    let many = MAX_ITEMS + 1;
    let refusal = refused(record(jks, many.try_into().unwrap(), &trusted.repeat(many)));
    assert!(refusal.to_string().contains("more than"), "{refusal}");
    let chain = [b"\0\x05X.509".as_slice(), &[0; 4]].concat().repeat(many);
    let count = u32::try_from(many).unwrap().to_be_bytes();
    let entry = [&[0, 0, 0, 1, 0, 1, b'a'][..], &[0; 8], &[0; 4], &count, &chain].concat();
    assert!(refused(record(jks, 1, &entry)).to_string().contains("more than"));

    // Rounds for hours, in one key and in all of them together.
    let place = |name: &[u8]| JCEKS.windows(name.len()).position(|window| window == name).unwrap();
    let entry = &JCEKS[place(b"\0\0\0\x03\0\x06secret")..place(b"\0\0\0\x02\0\x07trusted")];
    let slow = |rounds: [u8; 4]| {
        let entry = replaced(entry, &[2, 1, 20], &[&[2, 4][..], &rounds].concat());
        replaced(&entry, &[0, 0, 0, 15, 0x30, 13], &[0, 0, 0, 18, 0x30, 16])
    };
    let endless = record(jceks, 1, &slow([0x7f, 0xff, 0xff, 0xff]));
    let items = only(read_bytes(endless)).open(&secret(PASSWORD)).unwrap();
    assert!(matches!(items[0].found, Found::Refused(Refusal::TooCostly(_))), "{items:?}");
    let ten_million = slow([0, 0x98, 0x96, 0x80]).repeat(11);
    assert!(matches!(refused(record(jceks, 11, &ten_million)), Refusal::TooCostly(_)));

    // Objects of other classes, nested ones, and ones without an end.
    let class = b"com.sun.crypto.provider.SealedObjectForKeyProtector";
    let mut evil = class.to_vec();
    evil[..4].copy_from_slice(b"evil");
    let refusal = refused(record(jceks, 1, &replaced(entry, class, &evil)));
    assert!(refusal.is_unsupported(), "{refusal}");
    let words = refusal.to_string();
    assert!(words.contains("evilsun") && words.contains("-importkeystore"), "{words}");
    let head = [&[0, 0, 0, 3, 0, 1, b'a'][..], &[0; 8]].concat();
    for nested in [
        [b"\xac\xed\0\x05".as_slice(), &b"sr\0\x01A\0\0\0\0\0\0\0\0\x02\0\0x".repeat(100_000)]
            .concat(),
        [b"\xac\xed\0\x05".as_slice(), &b"ur\0\x02[[\0\0\0\0\0\0\0\0\x02\0\0xp".repeat(100_000)]
            .concat(),
        b"\xac\xed\0\x05sr\xff\xff".to_vec(),
        b"\xac\xed\0\x05".to_vec(),
    ] {
        let refusal = refused(record(jceks, 1, &[head.as_slice(), &nested].concat()));
        assert!(matches!(refusal, Refusal::Damaged(_) | Refusal::Unread(_)), "{refusal}");
    }
    // A key that is encrypted as no Java does it.
    let foreign = replaced(
        &body(JKS),
        &[0x2b, 6, 1, 4, 1, 0x2a, 2, 0x11, 1, 1],
        &[0x2b, 6, 1, 4, 1, 0x2a, 2, 0x11, 1, 2],
    );
    let items = only(read_bytes(sealed(&foreign))).open(&secret(PASSWORD)).unwrap();
    let found = &named(&items, "pair").found;
    assert!(matches!(found, Found::Refused(why) if why.is_unsupported()), "{found:?}");
    assert!(!matches!(found, Found::Refused(Refusal::Key(AdoptError::Malformed))));
}

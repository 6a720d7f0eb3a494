//! Keys of PuTTY, minisign and age under a passphrase: they open with the right one only, and are the
//! keys that those tools know.

use std::fs;

use keyreeve_crypto::{Algorithm, SecretBytes, SecretString};
use keyreeve_formats::{Form, Format, Found, Item, Refusal, export_public, read};

use crate::reading::{PASSPHRASE, only, read_bytes, read_file, unlocked};
use crate::tool::{AGE_KEYGEN, Files, MINISIGN, PUTTYGEN, SCRIPT, SIGNIFY, text};

/// The public half of a pair as OpenSSH writes it, without the comment.
fn line(item: &Item) -> String {
    let Found::Pair(key) = &item.found else { panic!("{item:?}") };
    let spki = key.identity.public_key.as_deref().unwrap();
    let line = export_public(key.algorithm, spki, Format::OpenSshPublic, "").unwrap();
    String::from_utf8(line).unwrap().trim().to_owned()
}

#[test]
fn every_kind_and_version_of_puttys_keys() {
    let files = Files::new();
    let phrase = text(&files.secret("phrase", PASSPHRASE.as_bytes())).to_owned();
    let empty = text(&files.secret("empty", b"")).to_owned();
    let make = |name: &str, kind: &[&str], params: &str, phrase: &str| {
        let file = files.path(name);
        let base = ["-q", "--random-device", "/dev/urandom", "-C", "me@desk", "-o", text(&file)];
        let more = ["--new-passphrase", phrase, "--ppk-param", params, "-t"];
        PUTTYGEN.accepts(&[&base[..], &more, kind].concat(), b"");
        file
    };
    let kinds = [
        (Algorithm::Ed25519, &["ed25519"][..]),
        (Algorithm::EcP256, &["ecdsa", "-b", "256"]),
        (Algorithm::EcP384, &["ecdsa", "-b", "384"]),
        (Algorithm::EcP521, &["ecdsa", "-b", "521"]),
        (Algorithm::Rsa2048, &["rsa", "-b", "2048"]),
        (Algorithm::Rsa3072, &["rsa", "-b", "3072"]),
    ];
    let quick = "passes=2,memory=1024";
    for (algorithm, kind) in kinds {
        for version in ["version=2", "version=3"] {
            let plain = make(&format!("{algorithm} {version}"), kind, version, &empty);
            let public = PUTTYGEN.prints(&["-L", text(&plain)], b"");
            let key = only(read_file(&plain));
            assert_eq!((key.form, key.comment.as_deref()), (Form::Putty, Some("me@desk")));
            assert!(public.starts_with(&line(&key)), "{algorithm} {version}: {public}");

            // The same key under a passphrase.
            let locked = files.path(&format!("{algorithm} {version} locked"));
            let change = ["-q", "-P", "--new-passphrase", &phrase, "--ppk-param"];
            let params = format!("{version},{quick}");
            let out = [params.as_str(), "-o", text(&locked)];
            PUTTYGEN.accepts(&[&[text(&plain)], &change[..], &out].concat(), b"");
            let item = only(read_file(&locked));
            assert_eq!(item.warnings.len(), usize::from(version == "version=2"), "{item:?}");
            let Found::Locked(shown) = &item.found else { panic!("{item:?}") };
            assert_eq!(shown.public.as_ref().unwrap().algorithm, algorithm);
            let opened = unlocked(item, PASSPHRASE);
            assert_eq!(line(&opened), line(&key), "{algorithm} {version}");
        }
    }
    for kdf in ["argon2id", "argon2i", "argon2d"] {
        let params = format!("{quick},kdf={kdf},parallelism=2");
        let file = make(kdf, &["ed25519"], &params, &phrase);
        let public = PUTTYGEN.prints(&["-L", "--old-passphrase", &phrase, text(&file)], b"");
        assert!(public.starts_with(&line(&unlocked(only(read_file(&file)), PASSPHRASE))), "{kdf}");

        let costly = fs::read_to_string(&file).unwrap();
        for (asked, instead) in [
            ("Argon2-Memory: 1024", "Argon2-Memory: 4000000"),
            ("Argon2-Passes: 2", "Argon2-Passes: 4000000000"),
            ("Argon2-Parallelism: 2", "Argon2-Parallelism: 4000"),
        ] {
            let found = only(read_bytes(costly.replace(asked, instead).into_bytes())).found;
            assert!(matches!(found, Found::Refused(Refusal::TooCostly(_))), "{found:?}");
        }
    }
    // What is not kept is named, locked or not.
    for (kind, phrase) in [("dsa", &phrase), ("ed448", &empty)] {
        let name = format!("{kind} {}", files.count());
        let item = only(read_file(&make(&name, &[kind], quick, phrase)));
        assert!(matches!(item.found, Found::Refused(_)), "{kind}: {item:?}");
    }
    // Whatever is changed or cut off is noticed.
    let whole = fs::read(files.path("ed25519 version=3")).unwrap();
    for at in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] ^= 1;
        for bytes in [damaged, whole[..at].to_vec()] {
            for item in read(&SecretBytes::new(bytes)).unwrap_or_default() {
                let sound = matches!(&item.found, Found::Pair(_));
                // The last line end is no part of it.
                assert!(!sound || at + 1 >= whole.len(), "{at}: {item:?}");
            }
        }
    }
}

#[test]
fn minisigns_keys() {
    let files = Files::new();
    let (public, secret) = (files.path("m.pub"), files.path("m.key"));
    let (p, s) = (text(&public).to_owned(), text(&secret).to_owned());
    MINISIGN.accepts(&["-G", "-W", "-p", &p, "-s", &s], b"");
    let plain = only(read_file(&secret));
    let shown = only(read_file(&public));
    let (Found::Pair(pair), Found::Public(half)) = (&plain.found, &shown.found) else {
        panic!("{plain:?} {shown:?}")
    };
    assert_eq!(pair.algorithm, Algorithm::Ed25519);
    assert_eq!(pair.identity.public_key.as_deref(), Some(half.spki.as_slice()));
    assert!(shown.comment.unwrap().starts_with("minisign public key"));

    // minisign asks on the terminal, or takes lines.
    let locked = files.path("locked.key");
    fs::copy(&secret, &locked).unwrap();
    let lines = "correct horse\ncorrect horse\n";
    MINISIGN.accepts(&["-C", "-s", text(&locked)], lines.as_bytes());
    let item = only(read_file(&locked));
    // Each try takes a GiB of memory and seconds.
    assert!(item.open(&SecretString::new("correct horsf".into())).is_none());
    let opened = only(item.open(&SecretString::new("correct horse".into())).unwrap());
    let Found::Pair(again) = &opened.found else { panic!("{opened:?}") };
    assert!(again.material == pair.material);

    let file = fs::read_to_string(&locked).unwrap();
    let (comment, base64) = file.trim().split_once('\n').unwrap();
    let bytes = {
        use base64::prelude::{BASE64_STANDARD, Engine as _};
        let changed = |at: usize, to: u8| {
            let mut bytes = BASE64_STANDARD.decode(base64).unwrap();
            bytes[at] = to;
            format!("{comment}\n{}\n", BASE64_STANDARD.encode(bytes)).into_bytes()
        };
        // The eight bytes of the operations, and of the memory.
        [changed(45, 1), changed(53, 1)]
    };
    for costly in bytes {
        let found = only(read_bytes(costly)).found;
        assert!(matches!(found, Found::Refused(Refusal::TooCostly(_))), "{found:?}");
    }
    // Of a key in the clear minisign writes no checksum, but its halves belong together.
    let plain = fs::read_to_string(&secret).unwrap();
    let start = plain.find('\n').unwrap() + 1;
    for at in (start + 84..start + 167).step_by(3) {
        let mut damaged = plain.clone().into_bytes();
        damaged[at] = if damaged[at] == b'A' { b'B' } else { b'A' };
        for item in read(&SecretBytes::new(damaged)).unwrap_or_default() {
            assert!(!matches!(item.found, Found::Pair(_)), "{at}");
        }
    }
}

#[test]
fn an_identity_that_age_encrypted() {
    let files = Files::new();
    let identity = AGE_KEYGEN.accepts(&[], b"");
    let recipient = AGE_KEYGEN.prints(&["-y"], &identity);
    let plain = text(&files.secret("id.txt", &identity)).to_owned();
    for (name, armour) in [("armoured", "-a"), ("binary", "")] {
        let out = files.path(name);
        let command = format!("age -p {armour} -o {} {plain}", text(&out));
        // age asks on the terminal, twice.
        SCRIPT.accepts(&["-qec", &command, "/dev/null"], b"correct horse\ncorrect horse\n");
        let item = only(read_file(&out));
        assert_eq!(item.form, Form::AgeEncrypted);
        let opened = unlocked(item, "correct horse");
        let Found::Pair(key) = &opened.found else { panic!("{opened:?}") };
        let spki = key.identity.public_key.as_deref().unwrap();
        let ours = export_public(key.algorithm, spki, Format::Age, "").unwrap();
        assert_eq!((opened.form, String::from_utf8(ours).unwrap()), (Form::Age, recipient.clone()));
    }
    let file = fs::read(files.path("binary")).unwrap();
    let at = file.windows(4).position(|four| four == b" 18\n").unwrap();
    let mut costly = file.clone();
    costly[at + 1..at + 3].copy_from_slice(b"40");
    let found = only(read_bytes(costly)).found;
    assert!(matches!(found, Found::Refused(Refusal::TooCostly(_))), "{found:?}");
    for at in (0..file.len()).step_by(7) {
        for item in read(&SecretBytes::new(file[..at].to_vec())).unwrap_or_default() {
            assert!(!matches!(item.found, Found::Pair(_)));
        }
    }
    // To a recipient, and with something else inside.
    let sealed = crate::tool::AGE.accepts(&["-r", recipient.trim()], b"a message");
    let found = only(read_bytes(sealed)).found;
    assert!(matches!(found, Found::Refused(refusal) if refusal.is_unsupported()));
}

#[test]
fn signifys_keys() {
    let files = Files::new();
    let make = |name: &str, plain: bool| {
        let (public, secret) =
            (files.path(&format!("{name}.pub")), files.path(&format!("{name}.sec")));
        let how = if plain { &["-n"][..] } else { &[] };
        let make = ["-G", "-c", "me", "-p", text(&public), "-s", text(&secret)];
        SIGNIFY.accepts(&[&make[..], how].concat(), b"correct horse\ncorrect horse\n");
        (only(read_file(&public)), secret)
    };
    for (name, plain) in [("plain", true), ("locked", false)] {
        let (public, file) = make(name, plain);
        let item = only(read_file(&file));
        let item = if plain { item } else { unlocked(item, "correct horse") };
        let (Found::Pair(pair), Found::Public(half)) = (&item.found, &public.found) else {
            panic!("{item:?} {public:?}")
        };
        assert_eq!(pair.identity.public_key.as_deref(), Some(half.spki.as_slice()));
        assert_eq!(item.comment.as_deref(), Some("me secret key"));

        // Whatever is changed in the key is noticed; the comment and the key's number say nothing of it.
        let contents = fs::read_to_string(&file).unwrap();
        let (comment, base64) = contents.trim().split_once('\n').unwrap();
        use base64::prelude::{BASE64_STANDARD, Engine as _};
        let bytes = BASE64_STANDARD.decode(base64).unwrap();
        let with =
            |bytes: &[u8]| format!("{comment}\n{}\n", BASE64_STANDARD.encode(bytes)).into_bytes();
        for at in
            (0..bytes.len()).filter(|at| plain && !(8..24).contains(at) && !(32..40).contains(at))
        {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            for found in [with(&damaged), with(&bytes[..at])] {
                let found = read(&SecretBytes::new(found)).unwrap_or_default();
                assert!(!found.iter().any(|item| matches!(item.found, Found::Pair(_))), "{at}");
            }
        }
        let mut costly = bytes;
        costly[4] = 0x3f;
        let found = only(read_bytes(with(&costly))).found;
        assert!(matches!(found, Found::Refused(Refusal::TooCostly(_))), "{found:?}");
    }
}

//! Every form of a key that those tools make, read: the same public half, and nothing without the
//! right passphrase.

use std::fs;
use std::path::{Path, PathBuf};

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use keyreeve_crypto::{Algorithm, ForeignKey, SecretBytes, SecretString, adopt};
use keyreeve_formats::{
    Form, Format, Found, Item, Protection, Refusal, export_private, export_public, read,
};

use crate::tool::{AGE_KEYGEN, Files, KEYTOOL, OPENSSL, SSH_KEYGEN, Tool, WG, text};

pub const PASSPHRASE: &str = "Tr0ub4dor & 3 – é";
const WRONG: &str = "Tr0ub4dor & 4";

pub fn secret(text: &str) -> SecretString {
    SecretString::new(text.into())
}

pub fn read_bytes(bytes: Vec<u8>) -> Vec<Item> {
    read(&SecretBytes::new(bytes)).unwrap()
}

pub fn read_file(path: &Path) -> Vec<Item> {
    read_bytes(fs::read(path).unwrap())
}

#[track_caller]
pub fn only(mut items: Vec<Item>) -> Item {
    assert_eq!(items.len(), 1, "{items:?}");
    items.remove(0)
}

/// The public half of a pair as `openssl pkey -pubout` prints it.
#[track_caller]
pub fn spki_pem(item: &Item) -> String {
    let Found::Pair(key) = &item.found else { panic!("{item:?}") };
    let spki = key.identity.public_key.as_deref().unwrap();
    String::from_utf8(export_public(key.algorithm, spki, Format::SpkiPem, "").unwrap()).unwrap()
}

#[track_caller]
pub fn unlocked(item: Item, passphrase: &str) -> Item {
    only(all_unlocked(&item, passphrase))
}

#[track_caller]
fn all_unlocked(item: &Item, passphrase: &str) -> Vec<Item> {
    assert!(item.is_locked(), "{item:?}");
    assert!(item.open(&secret(WRONG)).is_none() && item.open(&secret("")).is_none());
    item.open(&secret(passphrase)).unwrap()
}

pub fn genpkey(arguments: &[&str]) -> Vec<u8> {
    OPENSSL.accepts(&[&["genpkey", "-algorithm"], arguments].concat(), b"")
}

const PAIRS: [(Algorithm, &[&str]); 9] = [
    (Algorithm::Rsa2048, &["RSA", "-pkeyopt", "rsa_keygen_bits:2048"]),
    (Algorithm::Rsa3072, &["RSA", "-pkeyopt", "rsa_keygen_bits:3072"]),
    (Algorithm::Rsa4096, &["RSA", "-pkeyopt", "rsa_keygen_bits:4096"]),
    (Algorithm::EcP256, &["EC", "-pkeyopt", "ec_paramgen_curve:P-256"]),
    (Algorithm::EcP384, &["EC", "-pkeyopt", "ec_paramgen_curve:P-384"]),
    (Algorithm::EcP521, &["EC", "-pkeyopt", "ec_paramgen_curve:P-521"]),
    (Algorithm::EcSecp256k1, &["EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"]),
    (Algorithm::Ed25519, &["ED25519"]),
    (Algorithm::X25519, &["X25519"]),
];

#[test]
fn every_plain_form_of_openssl() {
    for (algorithm, arguments) in PAIRS {
        let pem = genpkey(arguments);
        let public = OPENSSL.prints(&["pkey", "-pubout"], &pem);
        let check = |bytes: Vec<u8>, form: Form| {
            let item = only(read_bytes(bytes));
            assert_eq!((item.form, spki_pem(&item)), (form, public.clone()), "{algorithm}");
            let Found::Pair(key) = item.found else { unreachable!() };
            assert_eq!(key.algorithm, algorithm);
        };
        let der =
            |extra: &[&str]| OPENSSL.accepts(&[&["pkey", "-outform", "DER"], extra].concat(), &pem);
        check(pem.clone(), Form::Pkcs8);
        check(
            OPENSSL.accepts(&["pkcs8", "-topk8", "-nocrypt", "-outform", "DER"], &pem),
            Form::Pkcs8,
        );
        let family = algorithm.name().split('-').next().unwrap();
        if let Some(form) = match family {
            "rsa" => Some(Form::Pkcs1),
            "ec" => Some(Form::Sec1),
            _ => None,
        } {
            let traditional = ["-traditional"];
            check(OPENSSL.accepts(&["pkey", "-traditional"], &pem), form);
            check(der(&traditional), form);
        }
        let spki = der(&["-pubout"]);
        for public in [public.clone().into_bytes(), spki.clone()] {
            let item = only(read_bytes(public));
            let Found::Public(key) = &item.found else { panic!("{item:?}") };
            assert_eq!((key.algorithm, &key.spki), (algorithm, &spki));
        }
    }
}

#[test]
fn forms_of_points_and_parameters() {
    // A curve named by a block of its own, a compressed point, and no point at all.
    let pem = OPENSSL.accepts(&["ecparam", "-name", "prime256v1", "-genkey"], b"");
    assert!(String::from_utf8_lossy(&pem).contains("BEGIN EC PARAMETERS"));
    let public = OPENSSL.prints(&["pkey", "-pubout"], &pem);
    assert_eq!(spki_pem(&only(read_bytes(pem.clone()))), public);
    for arguments in [&["-conv_form", "compressed"][..], &["-no_public"]] {
        let other = OPENSSL.accepts(&[&["ec"], arguments].concat(), &pem);
        assert_eq!(spki_pem(&only(read_bytes(other))), public, "{arguments:?}");
    }
    let explicit = OPENSSL.accepts(&["pkey", "-ec_param_enc", "explicit"], &pem);
    let item = only(read_bytes(explicit));
    assert!(matches!(&item.found, Found::Refused(refusal) if refusal.is_unsupported()), "{item:?}");
}

#[test]
fn every_encryption_of_pkcs8_that_openssl_offers() {
    let files = Files::new();
    let pass = format!("file:{}", text(&files.secret("pass", PASSPHRASE.as_bytes())));
    let pem = genpkey(PAIRS[7].1);
    let public = OPENSSL.prints(&["pkey", "-pubout"], &pem);
    let encrypt = |more: &[&str]| {
        OPENSSL.accepts(&[&["pkcs8", "-topk8", "-passout", &pass], more].concat(), &pem)
    };
    let ciphers = ["aes-128-cbc", "aes-192-cbc", "aes-256-cbc", "des3"];
    let prfs =
        ["hmacWithSHA1", "hmacWithSHA224", "hmacWithSHA256", "hmacWithSHA384", "hmacWithSHA512"];
    for cipher in ciphers {
        for prf in prfs {
            let item = only(read_bytes(encrypt(&["-v2", cipher, "-v2prf", prf, "-iter", "20000"])));
            assert_eq!(item.form, Form::EncryptedPkcs8);
            assert_eq!(item.warnings.is_empty(), cipher != "des3", "{cipher}: {item:?}");
            assert_eq!(spki_pem(&unlocked(item, PASSPHRASE)), public, "{cipher} {prf}");
        }
    }
    let scrypt = encrypt(&["-scrypt", "-outform", "DER"]);
    assert_eq!(spki_pem(&unlocked(only(read_bytes(scrypt)), PASSPHRASE)), public);
    let cheap = only(read_bytes(encrypt(&["-iter", "1000"])));
    assert_eq!(cheap.warnings.len(), 1, "{cheap:?}");
    // PBES1, and PKCS#12's own encryptions, which old OpenSSL used for PKCS#8 too.
    let legacy = |more: &[&str]| {
        encrypt(&[&["-provider", "legacy", "-provider", "default", "-v1"], more].concat())
    };
    let pbes1 = ["PBE-MD5-DES", "PBE-MD5-RC2-64", "PBE-SHA1-DES", "PBE-SHA1-RC2-64"];
    let pkcs12 = ["PBE-SHA1-3DES", "PBE-SHA1-2DES", "PBE-SHA1-RC2-128", "PBE-SHA1-RC2-40"];
    for old in pbes1.iter().chain(&pkcs12) {
        for rounds in ["1", "70000"] {
            let item = only(read_bytes(legacy(&[old, "-iter", rounds])));
            assert_eq!(item.warnings.len(), 1, "{item:?}");
            assert!(item.open(&secret("another passphrase")).is_none(), "{old}");
            assert_eq!(spki_pem(&unlocked(item, PASSPHRASE)), public, "{old}");
        }
    }
    let item = only(read_bytes(legacy(&["PBE-SHA1-RC4-128"])));
    let Found::Refused(refusal) = &item.found else { panic!("{item:?}") };
    assert!(refusal.is_unsupported() && refusal.to_string().contains("RC4"), "{refusal}");
}

#[test]
fn pbes1_made_by_someone_who_means_harm() {
    // MD5 and DES with the salt `saltsalt` and 2048 rounds, around a ciphertext of nothing.
    let with = |oid: u8, salt: &[u8], rounds: &[u8]| {
        let tlv =
            |tag: u8, value: &[u8]| [&[tag, u8::try_from(value.len()).unwrap()], value].concat();
        let parameters = tlv(0x30, &[tlv(4, salt), tlv(2, rounds)].concat());
        let oid = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, oid];
        let algorithm = tlv(0x30, &[tlv(6, &oid), parameters].concat());
        only(read_bytes(tlv(0x30, &[algorithm, tlv(4, &[7; 64])].concat())))
    };
    let refusal = |item: Item| match item.found {
        Found::Refused(refusal) => refusal,
        other => panic!("{other:?}"),
    };
    let (salt, rounds) = (b"saltsalt", [8, 0]);
    let sound = with(3, salt, &rounds);
    assert!(sound.is_locked() && sound.open(&secret(PASSPHRASE)).is_none(), "{sound:?}");
    for rounds in [&[0x7f, 0xff, 0xff, 0xff][..], &[0, 0x98, 0x96, 0x81], &[0xff]] {
        assert!(matches!(refusal(with(3, salt, rounds)), Refusal::TooCostly(_)), "{rounds:?}");
    }
    for (salt, rounds) in [(&b"short"[..], &rounds[..]), (b"", &rounds), (salt, &[0])] {
        assert!(matches!(refusal(with(10, salt, rounds)), Refusal::Damaged(_)), "{salt:?}");
    }
    let md2 = refusal(with(1, salt, &rounds));
    assert!(md2.is_unsupported() && md2.to_string().contains("MD2"), "{md2}");
}

/// A certificate for the key in `key`, in a file.
pub fn certificate(files: &Files, key: &Path, name: &str) -> PathBuf {
    let out = files.path(&format!("{name}.crt"));
    let make = ["req", "-x509", "-new", "-key", text(key), "-subj", "/CN=x", "-out", text(&out)];
    OPENSSL.accepts(&make, b"");
    out
}

#[test]
fn every_encryption_of_pkcs12_that_openssl_offers() {
    let files = Files::new();
    let pass = format!("file:{}", text(&files.secret("pass", PASSPHRASE.as_bytes())));
    let pem = genpkey(PAIRS[3].1);
    let public = OPENSSL.prints(&["pkey", "-pubout"], &pem);
    let key = files.secret("key", &pem);
    let certificate = certificate(&files, &key, "x");
    let export = |passout: &str, more: &[&str]| {
        let base = ["pkcs12", "-export", "-inkey", text(&key), "-in", text(&certificate)];
        let named = ["-name", "web server", "-passout", passout];
        OPENSSL.accepts(&[&base[..], &named, more].concat(), b"")
    };
    let check = |items: Vec<Item>, what: &str, warning: Option<&str>| {
        let keys: Vec<_> =
            items.iter().filter(|item| matches!(item.found, Found::Pair(_))).collect();
        assert!(keys.len() == 1 && items.len() == 2, "{what}: {items:?}");
        assert_eq!(spki_pem(keys[0]), public, "{what}");
        assert_eq!(keys[0].comment.as_deref(), Some("web server"), "{what}");
        let warned = keys[0].warnings.iter().map(|said| warning.is_some_and(|w| said.contains(w)));
        assert_eq!(Vec::from_iter(warned), vec![true; usize::from(warning.is_some())], "{what}");
        assert!(items.iter().any(|item| item.form == Form::Certificate));
    };
    let none = ["-keypbe", "NONE", "-certpbe", "NONE"];
    let many = ["-iter", "10000"];
    let (few, outdated) = (Some("few rounds"), Some("outdated cipher"));
    for (more, warning) in [
        (&[][..], few),
        (&many, None),
        (&["-legacy"], outdated),
        (&["-legacy", "-descert"], outdated),
        (&["-keypbe", "aes-128-cbc", "-certpbe", "aes-192-cbc", "-macalg", "sha512"], few),
        (
            &[
                "-legacy",
                "-keypbe",
                "PBE-SHA1-RC2-128",
                "-certpbe",
                "PBE-SHA1-2DES",
                "-macalg",
                "sha384",
            ],
            outdated,
        ),
        (&["-macalg", "sha224"], few),
        (&["-nomac"], few),
        (&none, None),
    ] {
        let item = only(read_bytes(export(&pass, more)));
        assert_eq!(item.form, Form::Pkcs12);
        check(all_unlocked(&item, PASSPHRASE), &format!("{more:?}"), warning);
    }
    // Nothing protects these.
    check(read_bytes(export("pass:", &many)), "an empty password", None);
    check(read_bytes(export("pass:", &["-legacy"])), "an empty password, the old way", outdated);
    check(read_bytes(export("pass:", &[&none[..], &["-nomac"]].concat())), "no password", None);
}

#[test]
fn several_keys_in_a_keystore_of_javas_keytool() {
    let files = Files::new();
    let store = files.path("store.p12");
    for (alias, algorithm) in
        [("one", &["RSA", "-keysize", "2048"][..]), ("two", &["EC", "-groupname", "secp256r1"])]
    {
        let base = ["-genkeypair", "-keystore", text(&store), "-storetype", "PKCS12", "-storepass"];
        let named = ["s3cret phrase", "-dname", "CN=x", "-alias", alias, "-keyalg"];
        KEYTOOL.accepts(&[&base[..], &named, algorithm].concat(), b"");
    }
    let item = only(read_file(&store));
    let items = all_unlocked(&item, "s3cret phrase");
    let found: Vec<_> = items
        .iter()
        .filter_map(|item| match &item.found {
            Found::Pair(key) => Some((item.comment.as_deref(), key.algorithm)),
            _ => None,
        })
        .collect();
    assert_eq!(found, [(Some("one"), Algorithm::Rsa2048), (Some("two"), Algorithm::EcP256)]);
}

#[test]
fn a_pkcs12_file_that_would_run_for_minutes_and_one_at_every_cut() {
    let files = Files::new();
    let pass = format!("file:{}", text(&files.secret("pass", PASSPHRASE.as_bytes())));
    let key = files.secret("key", &genpkey(PAIRS[7].1));
    let certificate = certificate(&files, &key, "x");
    let base =
        ["pkcs12", "-export", "-inkey", text(&key), "-in", text(&certificate), "-passout", &pass];
    let file = OPENSSL.accepts(&base, b"");
    // The MAC's 2048 rounds stand last.
    assert_eq!(file[file.len() - 4..], [2, 2, 8, 0]);
    let mut negative = file.clone();
    *negative.iter_mut().nth_back(1).unwrap() = 0x88;
    assert!(matches!(only(read_bytes(negative)).found, Found::Refused(Refusal::TooCostly(_))));
    // Nothing protects this one, and its key and certificate together cost more than is done unasked.
    let slow = ["-passout", "pass:", "-iter", "6000000", "-nomaciter"];
    let slow = OPENSSL.accepts(&[&base[..6], &slow].concat(), b"");
    assert!(only(read_bytes(slow)).is_locked());
    for len in (0..file.len()).step_by(3) {
        let items = read(&SecretBytes::new(file[..len].to_vec())).unwrap_or_default();
        assert!(
            items.iter().all(|item| matches!(item.found, Found::Refused(_) | Found::Symmetric(_)))
        );
    }
    for at in (0..file.len()).step_by(5) {
        let mut damaged = file.clone();
        damaged[at] ^= 0x41;
        for item in read(&SecretBytes::new(damaged)).unwrap_or_default() {
            // The MAC is over everything that opens: no other key comes out.
            assert!(
                item.open(&secret(PASSPHRASE)).is_none_or(|items| {
                    items.iter().all(|item| !matches!(&item.found, Found::Pair(_)) || at < 64)
                }),
                "{at}"
            );
        }
    }
}

#[test]
fn kdfs_that_would_run_for_minutes_are_refused_before_they_run() {
    let files = Files::new();
    let pass = format!("file:{}", text(&files.secret("pass", PASSPHRASE.as_bytes())));
    let pem = genpkey(PAIRS[7].1);
    // A number in the file, and the number of four bytes that is put in its place: a thousand million
    // rounds, and 2^30 blocks of a KiB each.
    let rounds =
        (&["-iter", "20000"][..], [2, 2, 0x4e, 0x20], [0x3b, 0x9a, 0xca, 0], "1000000000 rounds");
    let scrypt = &["-scrypt", "-scrypt_N", "16384", "-scrypt_r", "8", "-scrypt_p", "1"][..];
    let memory = (scrypt, [2, 2, 0x40, 0], [0x40, 0, 0, 0], "1048576 MiB of memory");
    for (asked, number, instead, said) in [rounds, memory] {
        let mut arguments = vec!["pkcs8", "-topk8", "-passout", &pass, "-outform", "DER"];
        arguments.extend(asked);
        let mut file = OPENSSL.accepts(&arguments, &pem);
        let at = file.windows(4).position(|four| four == number).unwrap();
        file.splice(at..at + 4, [2, 4].into_iter().chain(instead));
        let item = only(read_bytes(grown(&file, at, 2)));
        assert!(
            matches!(&item.found, Found::Refused(Refusal::TooCostly(what)) if what.contains(said)),
            "{item:?}"
        );
    }
}

/// Adds `by` to the length of every SEQUENCE that encloses the byte at `place`.
fn grown(der: &[u8], place: usize, by: u8) -> Vec<u8> {
    let mut out = der.to_vec();
    let mut at = 0;
    while at < place {
        let (len, header) = match der[at + 1] {
            len @ ..=0x7f => (usize::from(len), 2),
            0x81 => (usize::from(der[at + 2]), 3),
            _ => panic!("a longer structure than expected"),
        };
        let inside = at + header + len > place;
        if der[at] == 0x30 && inside {
            out[at + header - 1] += by;
            at += header;
        } else {
            at += header + len;
        }
    }
    out
}

#[test]
fn the_old_encrypted_pem_of_openssl() {
    let files = Files::new();
    let pass = format!("file:{}", text(&files.secret("pass", PASSPHRASE.as_bytes())));
    for (_, arguments) in [&PAIRS[0], &PAIRS[3]] {
        let pem = genpkey(arguments);
        let public = OPENSSL.prints(&["pkey", "-pubout"], &pem);
        for cipher in ["-aes128", "-aes192", "-aes256", "-des3", "-des"] {
            let provider = ["-provider", "legacy", "-provider", "default"];
            let more = ["pkey", "-traditional", cipher, "-passout", &pass];
            let locked = OPENSSL.accepts(&[&more[..], &provider].concat(), &pem);
            assert!(String::from_utf8_lossy(&locked).contains("DEK-Info"));
            let item = only(read_bytes(locked));
            assert_eq!((item.form, item.warnings.len()), (Form::Traditional, 1));
            assert_eq!(spki_pem(&unlocked(item, PASSPHRASE)), public, "{cipher}");
        }
        let camellia = ["pkey", "-traditional", "-camellia256", "-passout", &pass];
        let item = only(read_bytes(OPENSSL.accepts(&camellia, &pem)));
        assert!(matches!(&item.found, Found::Refused(refusal) if refusal.is_unsupported()));
    }
}

#[test]
fn every_key_and_cipher_of_ssh_keygen() {
    let files = Files::new();
    let keys = [
        (Algorithm::Ed25519, &["-t", "ed25519"][..]),
        (Algorithm::Rsa2048, &["-t", "rsa", "-b", "2048"]),
        (Algorithm::Rsa3072, &["-t", "rsa", "-b", "3072"]),
        (Algorithm::Rsa4096, &["-t", "rsa", "-b", "4096"]),
        (Algorithm::EcP256, &["-t", "ecdsa", "-b", "256"]),
        (Algorithm::EcP384, &["-t", "ecdsa", "-b", "384"]),
        (Algorithm::EcP521, &["-t", "ecdsa", "-b", "521"]),
    ];
    let check = |item: &Item, file: &Path, algorithm: Algorithm| {
        let Found::Pair(key) = &item.found else { panic!("{item:?}") };
        assert_eq!(key.algorithm, algorithm);
        let printed = SSH_KEYGEN.prints(&["-l", "-f", text(file)], b"");
        let fingerprint = &key.identity.fingerprints["ssh-sha256"];
        assert_eq!(printed.split(' ').nth(1), Some(fingerprint.as_str()));
        assert_eq!(item.comment.as_deref(), Some("me at my desk"));
    };
    for (algorithm, arguments) in keys {
        let file = files.path(algorithm.name());
        let make = ["-q", "-C", "me at my desk", "-N", "", "-f", text(&file)];
        SSH_KEYGEN.accepts(&[&make[..], arguments].concat(), b"");
        let item = only(read_file(&file));
        assert_eq!(item.form, Form::OpenSsh);
        check(&item, &file, algorithm);
        let line = only(read_file(&file.with_extension("pub")));
        let Found::Public(public) = &line.found else { panic!("{line:?}") };
        let Found::Pair(key) = &item.found else { unreachable!() };
        assert_eq!(key.identity.public_key.as_ref(), Some(&public.spki));
        assert_eq!(
            (line.form, line.comment.as_deref()),
            (Form::OpenSshPublic, Some("me at my desk"))
        );
    }
    // The file without a passphrase is protected with each cipher in turn.
    let plain = fs::read(files.path("ed25519")).unwrap();
    let ciphers = [
        "3des-cbc",
        "aes128-cbc",
        "aes192-cbc",
        "aes256-cbc",
        "aes128-ctr",
        "aes192-ctr",
        "aes256-ctr",
        "aes128-gcm@openssh.com",
        "aes256-gcm@openssh.com",
        "chacha20-poly1305@openssh.com",
    ];
    for cipher in ciphers {
        let file = files.secret(cipher, &plain);
        SSH_KEYGEN.accepts(
            &["-q", "-p", "-P", "", "-N", PASSPHRASE, "-Z", cipher, "-f", text(&file)],
            b"",
        );
        let item = only(read_file(&file));
        let Found::Locked(locked) = &item.found else { panic!("{cipher}: {item:?}") };
        assert_eq!(locked.public.as_ref().map(|public| public.algorithm), Some(Algorithm::Ed25519));
        check(&unlocked(item, PASSPHRASE), &file, Algorithm::Ed25519);
    }
    // Old OpenSSH wrote OpenSSL's forms.
    for (format, form) in [("PEM", Form::Pkcs1), ("PKCS8", Form::Pkcs8)] {
        let file = files.secret(format, &fs::read(files.path("rsa-2048")).unwrap());
        SSH_KEYGEN.accepts(&["-q", "-p", "-P", "", "-N", "", "-m", format, "-f", text(&file)], b"");
        let item = only(read_file(&file));
        assert_eq!(item.form, form);
        assert!(matches!(item.found, Found::Pair(_)), "{item:?}");
    }
}

#[test]
fn openssh_keys_whose_scalar_begins_with_zeros() {
    let files = Files::new();
    for (algorithm, len) in
        [(Algorithm::EcP256, 32), (Algorithm::EcP384, 48), (Algorithm::EcP521, 66)]
    {
        let scalars =
            [vec![7; len - 1], vec![0x90; len - 1], vec![0x90; len - 2], vec![7; len - 9]];
        for (which, scalar) in scalars.iter().enumerate() {
            let foreign = ForeignKey::Ec { algorithm, scalar, point: None };
            let material = adopt(&foreign).unwrap().material;
            let export = |format| {
                let plain = Protection::Plain;
                export_private(algorithm, &material, format, plain, "").unwrap()
            };
            // EXPOSE: ssh-keygen rewrites the file in OpenSSH's form.
            let file =
                files.secret(&format!("{algorithm}.{which}"), export(Format::Sec1Pem).expose());
            let rewrite = |from: &str, to: &str, more: &[&str]| {
                let base = ["-q", "-p", "-P", from, "-N", to, "-f", text(&file)];
                SSH_KEYGEN.accepts(&[&base[..], more].concat(), b"");
            };
            rewrite("", "", &[]);
            let check = |item: Item| {
                let Found::Pair(key) = &item.found else { panic!("{algorithm}: {item:?}") };
                assert!(key.material == material);
            };
            assert_eq!(only(read_file(&file)).form, Form::OpenSsh);
            check(only(read_file(&file)));
            let mut password = String::new();
            let ciphers = ["aes256-ctr", "3des-cbc", "aes256-gcm@openssh.com"];
            for cipher in ciphers.into_iter().filter(|_| which == 0) {
                rewrite(&password, PASSPHRASE, &["-a", "1", "-Z", cipher]);
                password = PASSPHRASE.into();
                check(unlocked(only(read_file(&file)), PASSPHRASE));
            }
        }
    }
}

#[test]
fn more_rounds_of_bcrypt_than_anyone_waits_for() {
    let files = Files::new();
    let file = files.path("key");
    SSH_KEYGEN
        .accepts(&["-q", "-t", "ed25519", "-N", PASSPHRASE, "-a", "20", "-f", text(&file)], b"");
    let pem = fs::read_to_string(&file).unwrap();
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let mut bytes = OPENSSL.accepts(&["base64", "-d", "-A"], body.as_bytes());
    let at = bytes.windows(4).position(|four| four == [0, 0, 0, 20]).unwrap();
    bytes[at..at + 4].copy_from_slice(&1_000_000_000_u32.to_be_bytes());
    let body = OPENSSL.prints(&["base64"], &bytes);
    let pem =
        format!("-----BEGIN OPENSSH PRIVATE KEY-----\n{body}-----END OPENSSH PRIVATE KEY-----\n");
    let item = only(read_bytes(pem.into_bytes()));
    assert!(
        matches!(&item.found, Found::Refused(Refusal::TooCostly(what)) if what.contains("bcrypt")),
        "{item:?}"
    );
}

#[test]
fn an_authorized_keys_file_with_options_and_comments() {
    let files = Files::new();
    let mut lines = String::from("# people\n\n");
    for name in ["one", "two"] {
        let file = files.path(name);
        SSH_KEYGEN.accepts(&["-q", "-t", "ed25519", "-C", name, "-N", "", "-f", text(&file)], b"");
        let line = fs::read_to_string(file.with_extension("pub")).unwrap();
        lines.push_str(&format!("from=\"10.0.0.0/8\",no-pty {line}"));
    }
    lines.push_str("ssh-ed25519 AAAAnonsense broken\n");
    let items = read_bytes(lines.into_bytes());
    let comments: Vec<_> = items.iter().map(|item| item.comment.as_deref()).collect();
    assert_eq!(comments, [Some("one"), Some("two"), None]);
    assert!(
        matches!(items[0].found, Found::Public(_)) && matches!(items[1].found, Found::Public(_))
    );
    assert!(matches!(items[2].found, Found::Refused(Refusal::Damaged(_))));
}

#[test]
fn an_identity_of_age_keygen() {
    let identity = AGE_KEYGEN.accepts(&[], b"");
    let recipient = AGE_KEYGEN.prints(&["-y"], &identity);
    let item = only(read_bytes(identity.clone()));
    let Found::Pair(key) = &item.found else { panic!("{item:?}") };
    let spki = key.identity.public_key.as_deref().unwrap();
    let ours = export_public(key.algorithm, spki, Format::Age, "").unwrap();
    assert_eq!(String::from_utf8(ours).unwrap(), recipient);
    let mut wrong = identity;
    let last = wrong.iter().rposition(|byte| byte.is_ascii_alphanumeric()).unwrap();
    wrong[last] = if wrong[last] == b'Q' { b'P' } else { b'Q' };
    assert!(matches!(only(read_bytes(wrong)).found, Found::Refused(Refusal::Damaged(_))));
}

#[test]
fn keys_of_wg() {
    let key = WG.prints(&["genkey"], b"");
    let public = WG.prints(&["pubkey"], key.as_bytes());
    let wireguard_public = |key: &keyreeve_crypto::AdoptedKey| {
        let spki = key.identity.public_key.as_deref().unwrap();
        String::from_utf8(export_public(key.algorithm, spki, Format::WireGuard, "").unwrap())
    };
    // Alone it could be a symmetric key too.
    let item = only(read_bytes(key.clone().into_bytes()));
    let Found::Symmetric(alone) = &item.found else { panic!("{item:?}") };
    assert_eq!(alone.algorithms[0], Algorithm::Aes256Gcm);
    assert_eq!(wireguard_public(alone.pair.as_ref().unwrap()).unwrap(), public);

    let peer = WG.prints(&["genkey"], b"");
    let shared = WG.prints(&["genpsk"], b"");
    let configuration = format!(
        "# home\n[Interface]\nAddress = 10.0.0.1/24\nprivatekey={key}\n[Peer]\nPublicKey = {}\
         PresharedKey = {shared}AllowedIPs = 0.0.0.0/0\n",
        WG.prints(&["pubkey"], peer.as_bytes())
    );
    let item = only(read_bytes(configuration.clone().into_bytes()));
    let Found::Pair(found) = &item.found else { panic!("{item:?}") };
    assert_eq!((item.form, wireguard_public(found).unwrap()), (Form::WireGuard, public));

    for (damaged, said) in [
        (configuration.replace(key.trim(), &key.trim()[4..]), "PrivateKey line"),
        (configuration.replace("privatekey", "#privatekey"), "no PrivateKey"),
        ("[Interface]\nPrivateKey = x\n".to_owned(), "PrivateKey line"),
    ] {
        let item = only(read_bytes(damaged.into_bytes()));
        let Found::Refused(refusal) = &item.found else { panic!("{item:?}") };
        assert!(refusal.to_string().contains(said), "{refusal}");
    }
}

/// What jwcrypto writes in every combination, read.
#[test]
fn every_password_encryption_of_a_python_jose_library() {
    const SCRIPT: &str = "import sys
from jwcrypto import jwe, jwk
key = jwk.JWK(kty='OKP', crv='Ed25519', d='nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A', \
    x='11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo', kid='the key')
for alg in ('PBES2-HS256+A128KW', 'PBES2-HS384+A192KW', 'PBES2-HS512+A256KW'):
    for enc in ('A128GCM', 'A192GCM', 'A256GCM', 'A128CBC-HS256', 'A192CBC-HS384', 'A256CBC-HS512'):
        token = jwe.JWE(key.export().encode(), protected={'alg': alg, 'enc': enc, 'p2c': 12000})
        token.add_recipient(jwk.JWK.from_password(sys.argv[1]))
        print(token.serialize(compact=True))
for extra in ({'zip': 'DEF'}, {'alg': 'dir', 'enc': 'A256GCM'}):
    token = jwe.JWE(key.export().encode(), protected={'alg': alg, 'enc': enc, 'p2c': 900} | extra)
    token.add_recipient(jwk.JWK(kty='oct', k='A' * 43) if 'alg' in extra else jwk.JWK.from_password('x'))
    print(token.serialize(compact=True))";
    let python = std::env::var("KEYREEVE_PYTHON").expect("KEYREEVE_PYTHON: npm test sets it");
    let python = Tool { program: python.leak(), package: "python3-venv" };
    let tokens = python.prints(&["-c", SCRIPT, PASSPHRASE], b"");
    let tokens: Vec<_> = tokens.lines().collect();
    assert_eq!(tokens.len(), 20);
    for token in &tokens[..18] {
        let item = only(read_bytes(token.as_bytes().to_vec()));
        assert_eq!((item.form, item.warnings.len()), (Form::Jwe, 0), "{item:?}");
        let key = unlocked(item, PASSPHRASE);
        assert_eq!((key.form, key.comment.as_deref()), (Form::Jwk, Some("the key")));
        assert!(spki_pem(&key).contains("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="));
        // Nothing opens that was changed in any of its parts.
        for part in 0..5 {
            let mut parts: Vec<_> = token.split('.').map(str::to_owned).collect();
            let changed = if parts[part].starts_with('A') { "B" } else { "A" };
            parts[part].replace_range(0..1, changed);
            for item in read(&SecretBytes::new(parts.join(".").into_bytes())).unwrap_or_default() {
                assert!(item.open(&secret(PASSPHRASE)).is_none(), "{item:?}");
            }
        }
    }
    for token in &tokens[18..] {
        let item = only(read_bytes(token.as_bytes().to_vec()));
        let Found::Refused(refusal) = &item.found else { panic!("{item:?}") };
        assert!(refusal.is_unsupported(), "{refusal}");
    }
    let parts: Vec<_> = tokens[0].split('.').collect();
    let header = BASE64_URL_SAFE_NO_PAD.decode(parts[0]).unwrap();
    let header = String::from_utf8(header).unwrap();
    for (rounds, costly) in [("4000000000", true), ("99999999999999", true), ("0", false)] {
        let header = header.replace("12000", rounds);
        let header = BASE64_URL_SAFE_NO_PAD.encode(header);
        let token = [&[header.as_str()], &parts[1..]].concat().join(".");
        let found = only(read_bytes(token.into_bytes())).found;
        let Found::Refused(refusal) = found else { panic!("{found:?}") };
        assert_eq!(matches!(refusal, Refusal::TooCostly(_)), costly, "{refusal}");
    }
}

#[test]
fn a_mix_of_blocks_with_text_around() {
    let files = Files::new();
    let rsa = genpkey(PAIRS[0].1);
    let ec = genpkey(PAIRS[3].1);
    let key = files.secret("key", &ec);
    let subject = ["-subj", "/CN=mixed", "-days", "1"];
    let certificate = OPENSSL
        .accepts(&[&["req", "-x509", "-new", "-key", text(&key)], &subject[..]].concat(), b"");
    let request = OPENSSL.accepts(&["req", "-new", "-key", text(&key), "-subj", "/CN=mixed"], b"");
    let mut file = b"Bag Attributes\r\n    friendlyName: the web server\r\nKey Attributes: <No Attributes>\r\n".to_vec();
    for block in [&rsa, &certificate, &request, &ec] {
        file.extend(String::from_utf8_lossy(block).replace('\n', "\r\n").bytes());
        file.extend(b"\r\nsome words between\r\n");
    }
    let items = read_bytes(file);
    let forms: Vec<_> = items.iter().map(|item| item.form).collect();
    assert_eq!(forms, [Form::Pkcs8, Form::Certificate, Form::CertificateRequest, Form::Pkcs8]);
    assert_eq!(items[0].comment.as_deref(), Some("the web server"));
    assert_eq!(items[3].comment, None);
    assert_eq!(spki_pem(&items[3]), OPENSSL.prints(&["pkey", "-pubout"], &ec));
    for (pem, form) in [(&certificate, "x509"), (&request, "req")] {
        let der = OPENSSL.accepts(&[form, "-outform", "DER"], pem);
        let found = only(read_bytes(der));
        assert_eq!(found.form.name().starts_with("certificate-request"), form == "req");
    }
}

#[test]
fn weak_and_foreign_kinds_are_named() {
    let refusal = |bytes: Vec<u8>| match only(read_bytes(bytes)).found {
        Found::Refused(refusal) => refusal,
        other => panic!("{other:?}"),
    };
    let small = genpkey(&["RSA", "-pkeyopt", "rsa_keygen_bits:1024"]);
    let said = refusal(small);
    assert!(said.to_string().contains("1024 bits") && !said.is_unsupported(), "{said}");
    let dsa = OPENSSL.accepts(&["dsaparam", "-genkey", "-noout", "1024"], b"");
    assert!(refusal(dsa.clone()).to_string().contains("DSA"));
    let pkcs8 = OPENSSL.accepts(&["pkcs8", "-topk8", "-nocrypt"], &dsa);
    assert!(refusal(pkcs8).to_string().contains("DSA"));
    for (arguments, name) in [
        (&["ED448"][..], "Ed448"),
        (&["X448"], "X448"),
        (&["RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"], "PSS"),
        (&["EC", "-pkeyopt", "ec_paramgen_curve:brainpoolP256r1"], "brainpoolP256r1"),
        (&["EC", "-pkeyopt", "ec_paramgen_curve:secp224r1"], "P-224"),
        (&["RSA", "-pkeyopt", "rsa_keygen_bits:2560"], "2560 bits"),
        (&["RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-pkeyopt", "rsa_keygen_primes:3"], "primes"),
    ] {
        let said = refusal(genpkey(arguments));
        assert!(said.to_string().contains(name) && said.is_unsupported(), "{said}");
    }
}

#[test]
fn containers_that_are_not_read_yet_are_named() {
    let files = Files::new();
    let key = files.secret("key", &genpkey(PAIRS[3].1));
    let certificate = certificate(&files, &key, "x");
    let sign = ["cms", "-encrypt", "-outform", "DER", text(&certificate)];
    let enveloped = OPENSSL.accepts(&sign, b"a message");
    for (bytes, form) in [
        (enveloped, Form::Pkcs7),
        (b"PuTTY-User-Key-File-1: ssh-rsa\nEncryption: none\n".to_vec(), Form::Putty),
    ] {
        let item = only(read_bytes(bytes));
        assert_eq!(item.form, form);
        assert!(
            matches!(&item.found, Found::Refused(refusal) if refusal.is_unsupported()),
            "{item:?}"
        );
    }
}

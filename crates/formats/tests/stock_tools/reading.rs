//! Every form of a key that those tools make, read: the same public half, and nothing without the
//! right passphrase.

use std::fs;
use std::path::Path;

use keyreeve_crypto::{Algorithm, SecretBytes, SecretString};
use keyreeve_formats::{Form, Format, Found, Item, Refusal, export_public, read};

use crate::tool::{AGE_KEYGEN, Files, OPENSSL, SSH_KEYGEN, text};

const PASSPHRASE: &str = "Tr0ub4dor & 3 – é";
const WRONG: &str = "Tr0ub4dor & 4";

fn secret(text: &str) -> SecretString {
    SecretString::new(text.into())
}

fn read_bytes(bytes: Vec<u8>) -> Vec<Item> {
    read(&SecretBytes::new(bytes)).unwrap()
}

fn read_file(path: &Path) -> Vec<Item> {
    read_bytes(fs::read(path).unwrap())
}

#[track_caller]
fn only(mut items: Vec<Item>) -> Item {
    assert_eq!(items.len(), 1, "{items:?}");
    items.remove(0)
}

/// The public half of a pair as `openssl pkey -pubout` prints it.
#[track_caller]
fn spki_pem(item: &Item) -> String {
    let Found::Pair(key) = &item.found else { panic!("{item:?}") };
    let spki = key.identity.public_key.as_deref().unwrap();
    String::from_utf8(export_public(key.algorithm, spki, Format::SpkiPem, "").unwrap()).unwrap()
}

#[track_caller]
fn unlocked(mut item: Item, passphrase: &str) -> Item {
    assert!(item.is_locked(), "{item:?}");
    assert!(!item.unlock(&secret(WRONG)) && item.is_locked());
    assert!(!item.unlock(&secret("")) && item.is_locked());
    assert!(item.unlock(&secret(passphrase)), "{item:?}");
    item
}

fn genpkey(arguments: &[&str]) -> Vec<u8> {
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
    // PBES1 and PKCS#12's own are known by name and not read yet.
    for (old, name) in [("PBE-MD5-DES", "MD5 and DES"), ("PBE-SHA1-3DES", "SHA-1 and 3DES")] {
        let provider = ["-provider", "legacy", "-provider", "default", "-v1", old];
        let item = only(read_bytes(encrypt(&provider)));
        let Found::Refused(refusal) = &item.found else { panic!("{item:?}") };
        assert!(refusal.is_unsupported() && refusal.to_string().contains(name), "{refusal}");
    }
}

#[test]
fn kdfs_that_would_run_for_minutes_are_refused_before_they_run() {
    let files = Files::new();
    let pass = format!("file:{}", text(&files.secret("pass", PASSPHRASE.as_bytes())));
    let pem = genpkey(PAIRS[7].1);
    let encrypted = OPENSSL.accepts(
        &["pkcs8", "-topk8", "-passout", &pass, "-iter", "20000", "-outform", "DER"],
        &pem,
    );
    // 20000 is 02 02 4E 20; in its place 02 04 3B 9A CA 00, a thousand million rounds.
    let at = encrypted.windows(4).position(|four| four == [2, 2, 0x4e, 0x20]).unwrap();
    let mut costly = encrypted.clone();
    costly.splice(at..at + 4, [2, 4, 0x3b, 0x9a, 0xca, 0]);
    let costly = grown(&costly, at, 2);
    let item = only(read_bytes(costly));
    assert!(
        matches!(&item.found, Found::Refused(Refusal::TooCostly(what)) if what.contains("1000000000")),
        "{item:?}"
    );
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
    let certificate = files.path("certificate");
    let make =
        ["req", "-x509", "-new", "-key", text(&key), "-subj", "/CN=x", "-out", text(&certificate)];
    OPENSSL.accepts(&make, b"");
    let export = ["pkcs12", "-export", "-passout", "pass:x", "-inkey", text(&key), "-in"];
    let pkcs12 = OPENSSL.accepts(&[&export[..], &[text(&certificate)]].concat(), b"");
    let pkcs7 = ["crl2pkcs7", "-nocrl", "-outform", "DER", "-certfile", text(&certificate)];
    let pkcs7 = OPENSSL.accepts(&pkcs7, b"");
    for (bytes, form) in [
        (pkcs12, Form::Pkcs12),
        (pkcs7, Form::Pkcs7),
        (b"PuTTY-User-Key-File-3: ssh-ed25519\n".to_vec(), Form::Putty),
        (b"\xfe\xed\xfe\xed\0\0\0\x02".to_vec(), Form::JavaKeystore),
        (b"untrusted comment: minisign\nRWQ\n".to_vec(), Form::Minisign),
        (b"age-encryption.org/v1\n-> X25519 x\n".to_vec(), Form::AgeEncrypted),
        (
            b"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQ==\n-----END PGP PRIVATE KEY BLOCK-----\n"
                .to_vec(),
            Form::OpenPgp,
        ),
        (b"[Interface]\nPrivateKey = x\n".to_vec(), Form::WireGuard),
    ] {
        let item = only(read_bytes(bytes));
        assert_eq!(item.form, form);
        assert!(
            matches!(&item.found, Found::Refused(refusal) if refusal.is_unsupported()),
            "{item:?}"
        );
    }
}

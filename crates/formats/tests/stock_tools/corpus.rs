//! Keys made on the spot by every tool, in every form that each has: all are read to the numbers that
//! the tool prints, or refused by name. Nothing of it is kept.

use std::path::Path;

use keyreeve_formats::{Format, Found, Item, Refusal, export_public, public_pem};

use crate::reading::{genpkey, read_bytes, secret};
use crate::tool::{AGE_KEYGEN, Files, KEYTOOL, MINISIGN, OPENSSL, PUTTYGEN, SSH_KEYGEN, WG, text};

const PHRASE: &str = "correct horse";

/// What was made of one kind, counted.
#[derive(Default)]
struct Tally {
    read: usize,
    refused: usize,
    /// Told of, and kept as a public key alone at most.
    foreign: usize,
}

/// The public half as each tool prints it.
#[derive(Clone, Copy)]
enum Printed<'a> {
    /// `PUBLIC KEY` in PEM.
    Spki(&'a str),
    /// A line whose second word is the key.
    Ssh(&'a str),
    /// A line alone.
    Line(Format, &'a str),
}

impl Tally {
    /// A file that holds this one key, whatever else is beside it.
    #[track_caller]
    fn reads(&mut self, file: Vec<u8>, printed: Printed<'_>) {
        let mut items = read_bytes(file);
        if items.len() == 1 && items[0].is_locked() {
            items = items[0].open(&secret(PHRASE)).expect("the password opens it");
        }
        let keys: Vec<_> = items.iter().filter_map(public_of).collect();
        let [(algorithm, spki)] = keys.as_slice() else { panic!("{items:?}") };
        let ours = |format| {
            String::from_utf8(export_public(*algorithm, spki, format, "").unwrap()).unwrap()
        };
        let word = |line: &str| line.split_whitespace().nth(1).map(str::to_owned);
        match printed {
            Printed::Spki(pem) => assert_eq!(ours(Format::SpkiPem), pem),
            Printed::Ssh(line) => assert_eq!(word(&ours(Format::OpenSshPublic)), word(line)),
            Printed::Line(format, line) => assert_eq!(ours(format), line),
        }
        self.read += 1;
    }

    /// A file with a public key that the vault makes none of.
    #[track_caller]
    fn tells(&mut self, file: Vec<u8>, pem: &str) {
        let items = read_bytes(file);
        let [Item { found: Found::Foreign(key), .. }] = items.as_slice() else {
            panic!("{items:?}")
        };
        assert_eq!(public_pem(&key.spki).unwrap(), pem);
        self.foreign += 1;
    }

    /// A file that is refused with these words.
    #[track_caller]
    fn refuses(&mut self, file: Vec<u8>, words: &str) {
        let items = read_bytes(file);
        let [Item { found: Found::Refused(refusal), .. }] = items.as_slice() else {
            panic!("{items:?}")
        };
        assert!(!matches!(refusal, Refusal::Damaged(_)), "{refusal}");
        assert!(refusal.to_string().contains(words), "no {words} in {refusal}");
        self.refused += 1;
    }
}

fn public_of(item: &Item) -> Option<(keyreeve_crypto::Algorithm, Vec<u8>)> {
    match &item.found {
        Found::Pair(key) => Some((key.algorithm, key.identity.public_key.clone()?)),
        Found::Public(key) => Some((key.algorithm, key.spki.clone())),
        _ => None,
    }
}

#[test]
fn openssl() {
    let (files, mut tally) = (Files::new(), Tally::default());
    let pass = format!("file:{}", text(&files.secret("pass", PHRASE.as_bytes())));
    let kinds: [(&[&str], bool); 7] = [
        (&["RSA", "-pkeyopt", "rsa_keygen_bits:2048"], true),
        (&["EC", "-pkeyopt", "ec_paramgen_curve:P-256"], true),
        (&["EC", "-pkeyopt", "ec_paramgen_curve:P-384"], true),
        (&["EC", "-pkeyopt", "ec_paramgen_curve:P-521"], true),
        (&["EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"], true),
        (&["ED25519"], false),
        (&["X25519"], false),
    ];
    for (kind, traditional) in kinds {
        let pem = genpkey(kind);
        let public = OPENSSL.prints(&["pkey", "-pubout"], &pem);
        let printed = Printed::Spki(&public);
        let mut commands: Vec<Vec<&str>> = Vec::new();
        for form in ["PEM", "DER"] {
            commands.push(vec!["pkey", "-outform", form]);
            commands.push(vec!["pkey", "-pubout", "-outform", form]);
            let encrypt = ["pkcs8", "-topk8", "-passout", &pass, "-outform", form];
            for how in [&["-iter", "20000"][..], &["-v2", "aes-128-cbc"], &["-scrypt"]] {
                commands.push([&encrypt[..], how].concat());
            }
            if traditional {
                commands.push(vec!["pkey", "-traditional", "-outform", form]);
            }
        }
        if traditional {
            commands.push(vec!["pkey", "-traditional", "-aes256", "-passout", &pass]);
        }
        commands.push(vec![
            "pkcs12",
            "-export",
            "-nocerts",
            "-passout",
            &pass,
            "-inkey",
            "/dev/stdin",
        ]);
        for command in commands {
            tally.reads(OPENSSL.accepts(&command, &pem), printed);
        }
    }
    for (kind, words) in [
        (&["ED448"][..], "Ed448"),
        (&["X448"], "X448"),
        (&["RSA", "-pkeyopt", "rsa_keygen_bits:1024"], "1024 bits"),
        (&["RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"], "PSS"),
        (&["EC", "-pkeyopt", "ec_paramgen_curve:secp224r1"], "P-224"),
    ] {
        let pem = genpkey(kind);
        tally.refuses(OPENSSL.accepts(&["pkey", "-outform", "DER"], &pem), words);
        let public = OPENSSL.prints(&["pkey", "-pubout"], &pem);
        if words == "PSS" {
            tally.refuses(public.into_bytes(), words);
        } else {
            tally.tells(public.clone().into_bytes(), &public);
        }
    }
    let counted = (tally.read, tally.refused, tally.foreign);
    assert_eq!(counted, (7 * 11 + 5 * 3, 6, 4));
}

#[test]
fn ssh_keygen_and_puttygen() {
    let (files, mut tally) = (Files::new(), Tally::default());
    let phrase = text(&files.secret("phrase", PHRASE.as_bytes())).to_owned();
    let empty = text(&files.secret("empty", b"")).to_owned();
    let kinds: [&[&str]; 5] = [
        &["ed25519"],
        &["ecdsa", "-b", "256"],
        &["ecdsa", "-b", "384"],
        &["ecdsa", "-b", "521"],
        &["rsa", "-b", "2048"],
    ];
    let contents = |path: &Path| std::fs::read(path).unwrap();
    for (number, kind) in kinds.into_iter().enumerate() {
        let file = files.path(&format!("key {number}"));
        let make = ["-q", "-C", "a comment", "-N", "", "-f", text(&file), "-t"];
        SSH_KEYGEN.accepts(&[&make[..], kind].concat(), b"");
        let line = SSH_KEYGEN.prints(&["-y", "-f", text(&file)], b"");
        let printed = Printed::Ssh(&line);
        tally.reads(contents(&file), printed);
        tally.reads(contents(&file.with_extension("pub")), printed);
        for version in ["version=2", "version=3,memory=1024,passes=2"] {
            for phrase in [&empty, &phrase] {
                let out = files.path(&format!("{number} {version} {}", files.count()));
                let convert = [text(&file), "-q", "-O", "private", "-o", text(&out)];
                let more = ["--new-passphrase", phrase, "--ppk-param", version];
                PUTTYGEN.accepts(&[&convert[..], &more].concat(), b"");
                tally.reads(contents(&out), printed);
            }
        }
        for form in ["PEM", "PKCS8", "RFC4716"] {
            // ssh-keygen writes Ed25519 in its own form only, whatever is asked for.
            for phrase in ["", PHRASE] {
                let copy = files.path(&format!("{number} {form} {}", files.count()));
                std::fs::copy(&file, &copy).unwrap();
                let change = ["-p", "-q", "-P", "", "-N", phrase, "-m", form, "-f", text(&copy)];
                SSH_KEYGEN.accepts(&change, b"");
                tally.reads(contents(&copy), printed);
            }
        }
    }
    let out = files.path("dsa");
    let make = ["-q", "--random-device", "/dev/urandom", "-t", "dsa", "-O", "private-openssh"];
    PUTTYGEN.accepts(&[&make[..], &["--new-passphrase", &empty, "-o", text(&out)]].concat(), b"");
    tally.refuses(contents(&out), "DSA");
    assert_eq!((tally.read, tally.refused), (5 * (2 + 4 + 6), 1));
}

#[test]
fn keytool_age_wg_and_minisign() {
    let (files, mut tally) = (Files::new(), Tally::default());
    for (algorithm, more) in
        [("RSA", &["-keysize", "2048"][..]), ("EC", &["-groupname", "secp384r1"]), ("Ed25519", &[])]
    {
        let store = files.path(algorithm);
        let base = ["-keystore", text(&store), "-storepass", PHRASE];
        let make = ["-genkeypair", "-storetype", "PKCS12", "-alias", "a", "-dname", "CN=x"];
        KEYTOOL.accepts(&[&make[..], &["-keyalg", algorithm], more, &base].concat(), b"");
        let export = ["-exportcert", "-rfc", "-alias", "a"];
        let certificate = KEYTOOL.accepts(&[&export[..], &base].concat(), b"");
        let public = OPENSSL.prints(&["x509", "-noout", "-pubkey"], &certificate);
        tally.reads(std::fs::read(&store).unwrap(), Printed::Spki(&public));
    }
    for kind in ["JKS", "JCEKS"] {
        let store = files.path(kind);
        let make = ["-genkeypair", "-storetype", kind, "-alias", "a", "-dname", "CN=x", "-keyalg"];
        let more = ["RSA", "-keystore", text(&store), "-storepass", PHRASE, "-keypass", PHRASE];
        KEYTOOL.accepts(&[&make[..], &more].concat(), b"");
        let export = ["-exportcert", "-rfc", "-alias", "a", "-keystore", text(&store)];
        let certificate = KEYTOOL.accepts(&[&export[..], &["-storepass", PHRASE]].concat(), b"");
        let public = OPENSSL.prints(&["x509", "-noout", "-pubkey"], &certificate);
        tally.reads(std::fs::read(&store).unwrap(), Printed::Spki(&public));
    }
    let identity = AGE_KEYGEN.accepts(&[], b"");
    let recipient = AGE_KEYGEN.prints(&["-y"], &identity);
    tally.reads(identity, Printed::Line(Format::Age, &recipient));

    let key = WG.prints(&["genkey"], b"");
    let public = WG.prints(&["pubkey"], key.as_bytes());
    let configuration = format!("[Interface]\nPrivateKey = {key}").into_bytes();
    tally.reads(configuration, Printed::Line(Format::WireGuard, &public));

    let (public, secret) = (files.path("m.pub"), files.path("m.key"));
    MINISIGN.accepts(&["-G", "-W", "-p", text(&public), "-s", text(&secret)], b"");
    let shown = read_bytes(std::fs::read(&public).unwrap());
    let (algorithm, spki) = public_of(&shown[0]).unwrap();
    let pem = export_public(algorithm, &spki, Format::SpkiPem, "").unwrap();
    let pem = String::from_utf8(pem).unwrap();
    tally.reads(std::fs::read(&secret).unwrap(), Printed::Spki(&pem));
    assert_eq!((tally.read, tally.refused), (8, 0));
}

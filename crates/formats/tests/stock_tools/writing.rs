//! Every file that Keyreeve writes, opened by those tools.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use keyreeve_crypto::{
    Algorithm, Identity, PublicParts, SecretBytes, SecretString, identify, make_key,
};
use keyreeve_formats::{
    Format, Protection, export_private, export_public, private_formats_for, public_formats_for,
};

use crate::tool::{AGE, AGE_KEYGEN, Files, KEYTOOL, OPENSSL, SSH_KEYGEN, Tool, WG, text};

const PASSPHRASE: &str = "Tr0ub4dor & 3 – é";
const WRONG: &str = "Tr0ub4dor & 4";
const COMMENT: &str = "deploy key 🔑";

/// The key pairs that OpenSSL 3.0 knows.
const OPENSSL_KNOWS: &[Algorithm] = &[
    Algorithm::Rsa2048,
    Algorithm::Rsa3072,
    Algorithm::Rsa4096,
    Algorithm::EcP256,
    Algorithm::EcP384,
    Algorithm::EcP521,
    Algorithm::EcSecp256k1,
    Algorithm::Ed25519,
    Algorithm::X25519,
];

const OPENSSH_KNOWS: &[Algorithm] = &[
    Algorithm::Rsa2048,
    Algorithm::Rsa3072,
    Algorithm::Rsa4096,
    Algorithm::EcP256,
    Algorithm::EcP384,
    Algorithm::EcP521,
    Algorithm::Ed25519,
];

/// OpenSSL 3.0 has no lattice algorithms: only the frame can be read.
const LATTICES: &[(Algorithm, &str)] = &[
    (Algorithm::MlKem512, "2.16.840.1.101.3.4.4.1"),
    (Algorithm::MlKem768, "2.16.840.1.101.3.4.4.2"),
    (Algorithm::MlKem1024, "2.16.840.1.101.3.4.4.3"),
    (Algorithm::MlDsa44, "2.16.840.1.101.3.4.3.17"),
    (Algorithm::MlDsa65, "2.16.840.1.101.3.4.3.18"),
    (Algorithm::MlDsa87, "2.16.840.1.101.3.4.3.19"),
];

struct Key {
    material: SecretBytes,
    identity: Identity,
}

static KEYS: LazyLock<BTreeMap<Algorithm, Key>> = LazyLock::new(|| {
    let key = |algorithm: Algorithm| {
        let material = make_key(algorithm).unwrap();
        let identity = identify(algorithm, &material).unwrap();
        (algorithm, Key { material, identity })
    };
    Algorithm::ALL.iter().copied().map(key).collect()
});

fn spki(algorithm: Algorithm) -> &'static [u8] {
    KEYS[&algorithm].identity.public_key.as_deref().unwrap()
}

fn public(algorithm: Algorithm, format: Format) -> String {
    String::from_utf8(export_public(algorithm, spki(algorithm), format, COMMENT).unwrap()).unwrap()
}

impl Files {
    fn private(&self, algorithm: Algorithm, format: Format, protection: Protection<'_>) -> PathBuf {
        let written =
            export_private(algorithm, &KEYS[&algorithm].material, format, protection, COMMENT)
                .unwrap();
        let name = format!("{algorithm}.{format}.{}", self.count());
        // EXPOSE: the stock tool reads the file.
        self.secret(&name, written.expose())
    }

    fn passphrase(&self, name: &str, text: &str) -> String {
        format!("file:{}", self.secret(name, text.as_bytes()).display())
    }
}

#[test]
fn openssl_opens_plain_pkcs8_and_finds_the_same_public_half() {
    let files = Files::new();
    for &algorithm in OPENSSL_KNOWS {
        for (format, form) in [(Format::Pkcs8Pem, "PEM"), (Format::Pkcs8Der, "DER")] {
            let file = files.private(algorithm, format, Protection::Plain);
            let key = ["pkey", "-in", text(&file), "-inform", form];
            let check = OPENSSL.prints(&[&key[..], &["-check", "-noout"]].concat(), b"");
            assert!(check.contains("Key is valid"), "{algorithm}: {check}");
            let found = OPENSSL.prints(&[&key[..], &["-pubout"]].concat(), b"");
            assert_eq!(found, public(algorithm, Format::SpkiPem), "{algorithm}");
        }
    }
}

#[test]
fn openssl_opens_encrypted_pkcs8_with_the_right_passphrase_only() {
    let files = Files::new();
    let passphrase = SecretString::new(PASSPHRASE.into());
    let right = files.passphrase("right", PASSPHRASE);
    let wrong = files.passphrase("wrong", WRONG);
    // The encryption is the same in DER, so one algorithm is enough there.
    let pem = OPENSSL_KNOWS.iter().map(|&algorithm| (algorithm, Format::Pkcs8Pem, "PEM"));
    for (algorithm, format, form) in pem.chain([(Algorithm::EcP256, Format::Pkcs8Der, "DER")]) {
        let file = files.private(algorithm, format, Protection::Passphrase(&passphrase));
        let key = ["pkey", "-in", text(&file), "-inform", form, "-passin"];
        let found = OPENSSL.prints(&[&key[..], &[right.as_str(), "-pubout"]].concat(), b"");
        assert_eq!(found, public(algorithm, Format::SpkiPem), "{algorithm}");
        OPENSSL.refuses(&[&key[..], &[wrong.as_str(), "-noout"]].concat());

        let structure = OPENSSL.prints(&["asn1parse", "-in", text(&file), "-inform", form], b"");
        for part in ["PBES2", "PBKDF2", "hmacWithSHA256", "aes-256-cbc", ":0927C0"] {
            assert!(structure.contains(part), "{algorithm}: no {part} in {structure}");
        }
    }
}

#[test]
fn openssl_opens_pkcs8_that_scrypt_protects() {
    let files = Files::new();
    let passphrase = SecretString::new(PASSPHRASE.into());
    let right = files.passphrase("right", PASSPHRASE);
    let wrong = files.passphrase("wrong", WRONG);
    for (algorithm, format, form) in [
        (Algorithm::Rsa2048, Format::Pkcs8Pem, "PEM"),
        (Algorithm::EcP256, Format::Pkcs8Der, "DER"),
        (Algorithm::Ed25519, Format::Pkcs8Pem, "PEM"),
    ] {
        let file = files.private(algorithm, format, Protection::Scrypt(&passphrase));
        let key = ["pkey", "-in", text(&file), "-inform", form, "-passin"];
        let found = OPENSSL.prints(&[&key[..], &[right.as_str(), "-pubout"]].concat(), b"");
        assert_eq!(found, public(algorithm, Format::SpkiPem), "{algorithm}");
        OPENSSL.refuses(&[&key[..], &[wrong.as_str(), "-noout"]].concat());

        let structure = OPENSSL.prints(&["asn1parse", "-in", text(&file), "-inform", form], b"");
        // N = 2^14, r = 8, p = 5.
        for part in ["PBES2", ":scrypt", ":4000", ":08", ":05", "aes-256-cbc"] {
            assert!(structure.contains(part), "{algorithm}: no {part} in {structure}");
        }
    }
}

#[test]
fn openssl_and_keytool_open_pkcs12() {
    let files = Files::new();
    let passphrase = SecretString::new(PASSPHRASE.into());
    let right = files.passphrase("right", PASSPHRASE);
    let wrong = files.passphrase("wrong", WRONG);
    for &algorithm in OPENSSL_KNOWS {
        let file = files.private(algorithm, Format::Pkcs12, Protection::Passphrase(&passphrase));
        let open = ["pkcs12", "-in", text(&file), "-nodes", "-info", "-passin"];
        let output = OPENSSL.run(&[&open[..], &[right.as_str()]].concat(), b"");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{algorithm}: {said}");
        for part in [
            "MAC: sha256, Iteration 300000",
            "PBES2, PBKDF2, AES-256-CBC, Iteration 300000, PRF hmacWithSHA256",
        ] {
            assert!(said.contains(part), "{algorithm}: no {part} in {said}");
        }
        // What is beyond two bytes does not fit into the name.
        let key = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(key.contains("friendlyName: deploy key\n"), "{key}");
        let found = OPENSSL.prints(&["pkey", "-pubout"], key.as_bytes());
        assert_eq!(found, public(algorithm, Format::SpkiPem), "{algorithm}");
        OPENSSL.refuses(&[&open[..], &[wrong.as_str()]].concat());
    }
    // Java checks the MAC and decrypts when it takes the key over into a store of its own.
    let phrase = SecretString::new("s3cret phrase".into());
    let file = files.private(Algorithm::EcP256, Format::Pkcs12, Protection::Passphrase(&phrase));
    let list = ["-list", "-keystore", text(&file), "-storetype", "PKCS12", "-storepass"];
    let printed = KEYTOOL.prints(&[&list[..], &["s3cret phrase"]].concat(), b"");
    assert!(printed.contains("PrivateKeyEntry") && printed.contains("deploy key"), "{printed}");
    KEYTOOL.refuses(&[&list[..], &["another phrase"]].concat());
}

#[test]
fn pkcs12_refuses_a_passphrase_that_it_cannot_spell() {
    let emoji = SecretString::new("correct horse 🐎 battery".into());
    let refused = export_private(
        Algorithm::Ed25519,
        &KEYS[&Algorithm::Ed25519].material,
        Format::Pkcs12,
        Protection::Passphrase(&emoji),
        COMMENT,
    );
    assert!(refused.unwrap_err().to_string().contains("emoji"));
}

/// Two independent libraries open an encrypted JWK and find the same members.
#[test]
fn python_opens_an_encrypted_jwk() {
    const JWCRYPTO: &str = "import sys
from jwcrypto import jwa, jwe, jwk
jwa.default_max_pbkdf2_iterations = 300000
token = jwe.JWE()
token.deserialize(open(sys.argv[1]).read().strip(), jwk.JWK.from_password(sys.argv[2]))
sys.stdout.write(token.payload.decode())";
    const JOSERFC: &str = "import sys
from joserfc import jwe
from joserfc.jwk import OctKey
token = jwe.decrypt_compact(open(sys.argv[1]).read().strip(), OctKey.import_key(sys.argv[2]),
    registry=jwe.JWERegistry(algorithms=['PBES2-HS512+A256KW', 'A256GCM'], strict_check_header=False))
assert token.protected['cty'] == 'jwk+json' and token.protected['p2c'] == 210000, token.protected
sys.stdout.write(token.plaintext.decode())";
    let python = std::env::var("KEYREEVE_PYTHON").expect("KEYREEVE_PYTHON: npm test sets it");
    let python = Tool { program: python.leak(), package: "python3-venv" };
    let files = Files::new();
    let passphrase = SecretString::new(PASSPHRASE.into());
    for algorithm in [Algorithm::Ed25519, Algorithm::Rsa2048, Algorithm::Aes256Gcm] {
        let plain = files.private(algorithm, Format::Jwk, Protection::Plain);
        let plain = fs::read_to_string(plain).unwrap();
        let file = files.private(algorithm, Format::Jwk, Protection::Passphrase(&passphrase));
        let sealed = fs::read_to_string(&file).unwrap();
        assert!(sealed.trim_end().split('.').count() == 5 && !sealed.contains("kty"));
        for script in [JWCRYPTO, JOSERFC] {
            assert_eq!(python.prints(&["-c", script, text(&file), PASSPHRASE], b""), plain);
            python.refuses(&["-c", script, text(&file), WRONG]);
        }
    }
}

#[test]
fn wg_finds_the_same_public_key() {
    let files = Files::new();
    let file = files.private(Algorithm::X25519, Format::WireGuard, Protection::Plain);
    let key = fs::read(&file).unwrap();
    assert_eq!(key.len(), 45);
    let found = WG.prints(&["pubkey"], &key);
    assert_eq!(found, public(Algorithm::X25519, Format::WireGuard));
    // The same pair as in every other format.
    let spki = OPENSSL.accepts(
        &["pkey", "-pubin", "-outform", "DER"],
        public(Algorithm::X25519, Format::SpkiPem).as_bytes(),
    );
    assert_eq!(base64_of(&spki[spki.len() - 32..]), found.trim());
}

fn base64_of(bytes: &[u8]) -> String {
    OPENSSL.prints(&["base64", "-A"], bytes)
}

#[test]
fn openssl_ec_and_rsa_check_the_numbers() {
    let files = Files::new();
    for &algorithm in OPENSSL_KNOWS {
        if private_formats_for(algorithm).contains(&Format::Sec1Pem) {
            let file = files.private(algorithm, Format::Sec1Pem, Protection::Plain);
            assert!(fs::read_to_string(&file).unwrap().starts_with("-----BEGIN EC PRIVATE KEY"));
            OPENSSL.accepts(&["ec", "-in", text(&file), "-check", "-noout"], b"");
            let found = OPENSSL.prints(&["ec", "-in", text(&file), "-pubout"], b"");
            assert_eq!(found, public(algorithm, Format::SpkiPem), "{algorithm}");
        }
        if algorithm.name().starts_with("rsa") {
            let file = files.private(algorithm, Format::Pkcs8Pem, Protection::Plain);
            let check = OPENSSL.prints(&["rsa", "-in", text(&file), "-check", "-noout"], b"");
            assert!(check.contains("RSA key ok"), "{algorithm}: {check}");
        }
    }
}

#[test]
fn openssl_hashes_the_public_half_to_the_same_fingerprint() {
    let files = Files::new();
    for &algorithm in OPENSSL_KNOWS {
        let pem = files
            .secret(&format!("{algorithm}.pub.pem"), public(algorithm, Format::SpkiPem).as_bytes());
        let der = OPENSSL
            .accepts(&["pkey", "-pubin", "-in", text(&pem), "-pubout", "-outform", "DER"], b"");
        assert_eq!(der, spki(algorithm), "{algorithm}");
        let digest = OPENSSL.prints(&["dgst", "-sha256", "-r"], &der);
        let expected = &KEYS[&algorithm].identity.fingerprints["spki-sha256"];
        assert_eq!(digest.split_whitespace().next(), Some(expected.as_str()), "{algorithm}");
    }
}

#[test]
fn keys_that_openssl_makes_are_in_our_material_encoding() {
    for (algorithm, arguments) in [
        (Algorithm::Rsa2048, &["RSA", "-pkeyopt", "rsa_keygen_bits:2048"][..]),
        (Algorithm::EcP256, &["EC", "-pkeyopt", "ec_paramgen_curve:P-256"]),
        (Algorithm::EcP384, &["EC", "-pkeyopt", "ec_paramgen_curve:P-384"]),
        (Algorithm::EcP521, &["EC", "-pkeyopt", "ec_paramgen_curve:P-521"]),
        (Algorithm::EcSecp256k1, &["EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"]),
        (Algorithm::Ed25519, &["ED25519"]),
        (Algorithm::X25519, &["X25519"]),
    ] {
        let made = OPENSSL.accepts(&[&["genpkey", "-algorithm"], arguments].concat(), b"");
        let to_der = ["pkcs8", "-topk8", "-nocrypt", "-outform", "DER"];
        let made = OPENSSL.accepts(&to_der, &made);
        let found =
            OPENSSL.accepts(&["pkey", "-inform", "DER", "-pubout", "-outform", "DER"], &made);
        let identity = identify(algorithm, &SecretBytes::new(made)).unwrap();
        assert_eq!(identity.public_key.unwrap(), found, "{algorithm}");
    }
}

#[test]
fn openssl_reads_the_frame_of_lattice_keys() {
    let files = Files::new();
    let passphrase = SecretString::new(PASSPHRASE.into());
    for &(algorithm, oid) in LATTICES {
        let file = files.private(algorithm, Format::Pkcs8Pem, Protection::Plain);
        let structure = OPENSSL.prints(&["asn1parse", "-in", text(&file)], b"");
        let lines: Vec<_> = structure.lines().collect();
        assert_eq!(lines.len(), 5, "{structure}");
        for (line, part) in lines.iter().zip(["SEQUENCE", "INTEGER", "SEQUENCE", oid, "OCTET"]) {
            assert!(line.contains(part), "{algorithm}: no {part} in {line}");
        }
        // The private key's own octets: `[0]` of 32 bytes, or an OCTET STRING of the whole dk.
        let offset = lines[4].trim_start().split(':').next().unwrap().to_owned();
        let inner =
            OPENSSL.prints(&["asn1parse", "-in", text(&file), "-strparse", offset.as_str()], b"");
        let expected = if algorithm.name().starts_with("ml-dsa") {
            "l=  32 prim: cont [ 0 ]"
        } else {
            "prim: OCTET STRING"
        };
        assert!(inner.contains(expected) && inner.lines().count() == 1, "{algorithm}: {inner}");

        let encrypted =
            files.private(algorithm, Format::Pkcs8Pem, Protection::Passphrase(&passphrase));
        let structure = OPENSSL.prints(&["asn1parse", "-in", text(&encrypted)], b"");
        assert!(structure.contains("PBES2") && !structure.contains(oid), "{algorithm}");

        let public = public(algorithm, Format::SpkiPem);
        let structure = OPENSSL.prints(&["asn1parse"], public.as_bytes());
        assert!(structure.contains(oid) && structure.contains("BIT STRING"), "{structure}");
    }
}

#[test]
fn ssh_keygen_opens_private_files_and_prints_the_same_public_line() {
    let files = Files::new();
    let passphrase = SecretString::new(PASSPHRASE.into());
    for &algorithm in OPENSSH_KNOWS {
        let line = public(algorithm, Format::OpenSshPublic);
        assert!(line.ends_with(&format!(" {COMMENT}\n")), "{line}");

        let plain = files.private(algorithm, Format::OpenSsh, Protection::Plain);
        assert_eq!(SSH_KEYGEN.prints(&["-y", "-P", "", "-f", text(&plain)], b""), line);

        let protection = Protection::Passphrase(&passphrase);
        let locked = files.private(algorithm, Format::OpenSsh, protection);
        // ssh-keygen reads the comment only with the private part, so it prints it here too.
        assert_eq!(SSH_KEYGEN.prints(&["-y", "-P", PASSPHRASE, "-f", text(&locked)], b""), line);
        SSH_KEYGEN.refuses(&["-y", "-P", WRONG, "-f", text(&locked)]);
        SSH_KEYGEN.refuses(&["-y", "-P", "", "-f", text(&locked)]);
    }
}

#[test]
fn ssh_keygen_prints_the_same_fingerprint() {
    let files = Files::new();
    for &algorithm in OPENSSH_KNOWS {
        let expected = &KEYS[&algorithm].identity.fingerprints["ssh-sha256"];
        let private = files.private(algorithm, Format::OpenSsh, Protection::Plain);
        let line = files.secret(
            &format!("{algorithm}.pub"),
            public(algorithm, Format::OpenSshPublic).as_bytes(),
        );
        for file in [&private, &line] {
            let printed = SSH_KEYGEN.prints(&["-l", "-f", text(file)], b"");
            assert_eq!(printed.split(' ').nth(1), Some(expected.as_str()), "{algorithm}");
            assert!(printed.contains(COMMENT), "{printed}");
        }
    }
}

#[test]
fn ssh_keygen_signs_with_the_private_and_verifies_with_the_public_file() {
    let files = Files::new();
    for &algorithm in OPENSSH_KNOWS {
        let key = files.private(algorithm, Format::OpenSsh, Protection::Plain);
        let signature =
            SSH_KEYGEN.accepts(&["-Y", "sign", "-n", "file", "-f", text(&key)], b"a message");
        let signature = files.secret(&format!("{algorithm}.sig"), &signature);
        let allowed = files.secret(
            &format!("{algorithm}.allowed"),
            format!("me@example.org {}", public(algorithm, Format::OpenSshPublic)).as_bytes(),
        );
        let verify = [
            "-Y",
            "verify",
            "-n",
            "file",
            "-I",
            "me@example.org",
            "-f",
            text(&allowed),
            "-s",
            text(&signature),
        ];
        let printed = SSH_KEYGEN.prints(&verify, b"a message");
        assert!(printed.contains("Good"), "{algorithm}: {printed}");
    }
}

#[test]
fn age_reads_the_identity_and_decrypts_with_it() {
    let files = Files::new();
    let identity = files.private(Algorithm::X25519, Format::Age, Protection::Plain);
    let recipient = public(Algorithm::X25519, Format::Age);
    assert_eq!(AGE_KEYGEN.prints(&["-y", text(&identity)], b""), recipient);
    let sealed = AGE.accepts(&["-r", recipient.trim()], b"a message");
    let opened = AGE.accepts(&["-d", "-i", text(&identity)], &sealed);
    assert_eq!(opened, b"a message");
}

#[test]
fn age_encrypts_to_and_decrypts_with_ssh_files() {
    let files = Files::new();
    for algorithm in [Algorithm::Ed25519, Algorithm::Rsa2048] {
        let key = files.private(algorithm, Format::OpenSsh, Protection::Plain);
        let line = public(algorithm, Format::OpenSshPublic);
        let sealed = AGE.accepts(&["-r", line.trim()], b"a message");
        assert_eq!(AGE.accepts(&["-d", "-i", text(&key)], &sealed), b"a message", "{algorithm}");
    }
}

#[test]
fn openssl_finds_the_same_check_values_of_symmetric_keys() {
    for (algorithm, cipher) in [
        (Algorithm::Aes128Gcm, "aes-128"),
        (Algorithm::Aes192Gcm, "aes-192"),
        (Algorithm::Aes256Gcm, "aes-256"),
        (Algorithm::Aes256Kwp, "aes-256"),
    ] {
        let key = symmetric(algorithm, Format::Hex);
        let key = std::str::from_utf8(&key).unwrap().trim();
        let ecb = format!("-{cipher}-ecb");
        let block = OPENSSL.accepts(&["enc", &ecb, "-K", key, "-nopad"], &[0; 16]);
        let identity = &KEYS[&algorithm].identity;
        assert_eq!(identity.kcv.as_deref(), Some(hex::encode_upper(&block[..3]).as_str()));

        let (cbc, key) = (format!("cipher:{cipher}-cbc"), format!("hexkey:{key}"));
        let mac = ["mac", "-macopt", &cbc, "-macopt", &key, "-in", "/dev/stdin", "CMAC"];
        let tag = OPENSSL.prints(&mac, &[0; 16]);
        assert_eq!(identity.fingerprints["cmac-kcv"], tag[..10], "{algorithm}");
    }
    for algorithm in [
        Algorithm::ChaCha20Poly1305,
        Algorithm::HmacSha256,
        Algorithm::HmacSha384,
        Algorithm::HmacSha512,
    ] {
        let digest = OPENSSL.accepts(&["sha1", "-binary"], &symmetric(algorithm, Format::Raw));
        let expected = hex::encode_upper(&digest[..3]);
        assert_eq!(KEYS[&algorithm].identity.kcv.as_deref(), Some(expected.as_str()));
    }
}

#[test]
fn openssl_decodes_the_text_forms_of_symmetric_keys() {
    for &algorithm in Algorithm::ALL {
        if algorithm.is_asymmetric() {
            continue;
        }
        let raw = symmetric(algorithm, Format::Raw);
        let base64 = symmetric(algorithm, Format::Base64);
        assert_eq!(OPENSSL.accepts(&["base64", "-d", "-A"], &base64), raw, "{algorithm}");
        let hex_text = String::from_utf8(symmetric(algorithm, Format::Hex)).unwrap();
        assert_eq!(hex::decode(hex_text.trim()).unwrap(), raw, "{algorithm}");
    }
}

#[test]
fn openssl_agrees_on_a_secret_with_the_x25519_key() {
    let files = Files::new();
    let mine = files.private(Algorithm::X25519, Format::Pkcs8Pem, Protection::Plain);
    let my_public = files.secret("mine.pub", public(Algorithm::X25519, Format::SpkiPem).as_bytes());
    let other = OPENSSL.accepts(&["genpkey", "-algorithm", "X25519"], b"");
    let other_public = OPENSSL.accepts(&["pkey", "-pubout"], &other);
    let other = files.secret("other", &other);
    let other_public = files.secret("other.pub", &other_public);
    let derive = |private: &Path, public: &Path| {
        let arguments = ["pkeyutl", "-derive", "-inkey", text(private), "-peerkey", text(public)];
        OPENSSL.accepts(&arguments, b"")
    };
    assert_eq!(derive(&mine, &other_public), derive(&other, &my_public));
}

#[test]
fn a_public_file_is_written_for_every_pair() {
    for &algorithm in Algorithm::ALL {
        for &format in public_formats_for(algorithm) {
            assert!(public(algorithm, format).ends_with('\n'), "{algorithm} {format}");
        }
        if algorithm.is_asymmetric() {
            PublicParts::from_spki(algorithm, spki(algorithm)).unwrap();
        }
    }
}

fn symmetric(algorithm: Algorithm, format: Format) -> Vec<u8> {
    let material = &KEYS[&algorithm].material;
    // EXPOSE: the stock tool reads the key.
    export_private(algorithm, material, format, Protection::Plain, COMMENT)
        .unwrap()
        .expose()
        .to_vec()
}

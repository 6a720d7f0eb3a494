//! Files for recipients, opened by the tools that those have.

use std::path::Path;

use keyreeve_crypto::SecretBytes;
use keyreeve_domain::Timestamp;
use keyreeve_formats::{
    AgeRecipientError, Envelope, Format, Found, MAX_RECIPIENT_FILE, Recipient, RecipientError,
    encrypt_to, envelope_for,
};

use crate::reading::genpkey;
use crate::tool::{AGE, AGE_KEYGEN, Files, OPENSSL, SSH_KEYGEN, Tool, text};

const CONTENT: &[u8] = b"\0\x01 what is handed over, of a length that no block has \xff";

const RSA: &[&str] = &["RSA", "-pkeyopt", "rsa_keygen_bits:2048"];
const P256: &[&str] = &["EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
const P384: &[&str] = &["EC", "-pkeyopt", "ec_paramgen_curve:P-384"];
const P521: &[&str] = &["EC", "-pkeyopt", "ec_paramgen_curve:P-521"];

fn content() -> SecretBytes {
    SecretBytes::new(CONTENT.to_vec())
}

fn read(bytes: &[u8]) -> Result<Vec<Recipient>, RecipientError> {
    Recipient::read(bytes, Timestamp::now())
}

#[track_caller]
fn read_error(bytes: &[u8]) -> RecipientError {
    read(bytes).unwrap_err()
}

#[track_caller]
fn one(bytes: &[u8]) -> Recipient {
    let mut found = read(bytes).unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

/// A private key, and a certificate for it that OpenSSL made with this usage.
fn certified(files: &Files, kind: &[&str], usage: &str) -> (String, Vec<u8>) {
    let key = files.secret(&format!("key {}", files.count()), &genpkey(kind));
    let key = text(&key).to_owned();
    let usage = format!("keyUsage={usage}");
    let subject = format!("/O=Example/CN=recipient {}", files.count());
    let make = ["req", "-x509", "-key", &key, "-subj", &subject, "-days", "2", "-addext", &usage];
    let pem = OPENSSL.accepts(&make, b"");
    (key, pem)
}

#[test]
fn age_opens_what_is_for_it_and_for_ssh_keys() {
    let files = Files::new();
    let (first, second) = (files.path("one.txt"), files.path("two.txt"));
    AGE_KEYGEN.accepts(&["-o", text(&first)], b"");
    AGE_KEYGEN.accepts(&["-o", text(&second)], b"");
    let of = |file| AGE_KEYGEN.prints(&["-y", text(file)], b"").trim().to_owned();
    let mut lines = format!("# those who may\n{}\n\n  {}\n", of(&first), of(&second));
    let mut opened_by = vec![first.clone(), second.clone()];
    for kind in ["ed25519", "rsa"] {
        let key = files.path(kind);
        let comment = format!("deploy at {kind}.example.org");
        SSH_KEYGEN.accepts(&["-q", "-t", kind, "-N", "", "-C", &comment, "-f", text(&key)], b"");
        lines.push_str(&std::fs::read_to_string(key.with_extension("pub")).unwrap());
        opened_by.push(key);
    }
    let recipients = read(lines.as_bytes()).unwrap();
    assert_eq!(recipients.len(), 4);
    assert_eq!(recipients[0].fingerprint, of(&first));
    assert_eq!(recipients[0].name, None);
    assert_eq!(recipients[2].name.as_deref(), Some("deploy at ed25519.example.org"));
    let shown = SSH_KEYGEN.prints(&["-lf", text(&opened_by[2])], b"");
    assert_eq!(shown.split(' ').nth(1), Some(recipients[2].fingerprint.as_str()));

    assert_eq!(envelope_for(&recipients, Format::Pkcs8Pem).unwrap(), Envelope::Age);
    let sealed = encrypt_to(&recipients, Format::Pkcs8Der, &content()).unwrap();
    for key in &opened_by {
        assert_eq!(AGE.accepts(&["-d", "-i", text(key)], &sealed), CONTENT, "{}", key.display());
    }
    let stranger = files.path("stranger.txt");
    AGE_KEYGEN.accepts(&["-o", text(&stranger)], b"");
    assert!(!AGE.run(&["-d", "-i", text(&stranger)], &sealed).status.success());
}

#[test]
fn openssl_opens_what_is_for_certificates() {
    let files = Files::new();
    let owners: Vec<_> = [
        (RSA, "keyEncipherment"),
        (P256, "keyAgreement"),
        (P384, "digitalSignature,keyAgreement"),
        (P521, "keyAgreement"),
    ]
    .into_iter()
    .map(|(kind, usage)| certified(&files, kind, usage))
    .collect();
    let recipients: Vec<_> = owners.iter().map(|(_, pem)| one(pem)).collect();
    assert_eq!(recipients[0].name.as_deref(), Some("CN=recipient 1,O=Example"));
    let printed = OPENSSL.prints(&["x509", "-noout", "-fingerprint", "-sha256"], &owners[0].1);
    let printed = printed.trim().split_once('=').unwrap().1.replace(':', "").to_lowercase();
    assert_eq!(recipients[0].fingerprint, printed);
    // DER is the same certificate.
    let der = OPENSSL.accepts(&["x509", "-outform", "DER"], &owners[0].1);
    assert_eq!(one(&der).fingerprint, printed);

    let open = |message: &[u8], (key, pem): &(String, Vec<u8>)| {
        let certificate = files.secret(&format!("certificate {}", files.count()), pem);
        let decrypt = ["cms", "-decrypt", "-inform", "PEM", "-binary"];
        let with = ["-recip", text(&certificate), "-inkey", key];
        OPENSSL.run(&[&decrypt[..], &with].concat(), message)
    };
    assert_eq!(envelope_for(&recipients, Format::Pkcs8Pem).unwrap(), Envelope::Cms);
    let message = encrypt_to(&recipients, Format::Pkcs8Der, &content()).unwrap();
    for owner in &owners {
        assert_eq!(open(&message, owner).stdout, CONTENT);
    }
    // A stranger's certificate, and each recipient alone.
    let stranger = certified(&files, P256, "keyAgreement");
    assert!(!open(&message, &stranger).status.success());
    for (recipient, owner) in recipients.into_iter().zip(&owners) {
        let message = encrypt_to(&[recipient], Format::Pkcs8Der, &content()).unwrap();
        assert_eq!(open(&message, owner).stdout, CONTENT);
    }
}

#[test]
fn a_changed_message_is_not_opened() {
    let files = Files::new();
    let (key, pem) = certified(&files, P256, "keyAgreement");
    let certificate = files.secret("certificate", &pem);
    let message = encrypt_to(&[one(&pem)], Format::Pkcs8Der, &content()).unwrap();
    let message = String::from_utf8(message).unwrap();
    let lines: Vec<_> = message.lines().filter(|line| !line.starts_with('-')).collect();
    let der = OPENSSL.accepts(&["base64", "-d"], (lines.join("\n") + "\n").as_bytes());
    let open = |der: &[u8]| {
        let decrypt = ["cms", "-decrypt", "-inform", "DER", "-binary"];
        let with = ["-recip", text(&certificate), "-inkey", &key];
        OPENSSL.run(&[&decrypt[..], &with].concat(), der)
    };
    assert_eq!(open(&der).stdout, CONTENT);
    // The last byte is the tag's; the encrypted content lies before it.
    for place in [der.len() - 1, der.len() - 20, der.len() - 40] {
        let mut changed = der.clone();
        changed[place] ^= 1;
        assert!(!open(&changed).status.success(), "{place}");
    }
}

#[test]
fn openssl_unwraps_what_is_for_an_rsa_key() {
    let files = Files::new();
    let key = files.secret("key", &genpkey(&["RSA", "-pkeyopt", "rsa_keygen_bits:3072"]));
    for form in ["PEM", "DER"] {
        let public =
            OPENSSL.accepts(&["pkey", "-in", text(&key), "-pubout", "-outform", form], b"");
        let recipient = one(&public);
        let der = OPENSSL.accepts(&["pkey", "-in", text(&key), "-pubout", "-outform", "DER"], b"");
        let digest = OPENSSL.prints(&["dgst", "-sha256", "-r"], &der);
        assert_eq!(digest.split(' ').next(), Some(recipient.fingerprint.as_str()));
        let recipients = [recipient];
        for format in [Format::Raw, Format::Pkcs8Der] {
            assert_eq!(envelope_for(&recipients, format).unwrap(), Envelope::RsaAesKeyWrap);
        }
        let refused = envelope_for(&recipients, Format::Hex).unwrap_err();
        assert_eq!(refused, RecipientError::Format(Format::Hex));

        let wrapped = encrypt_to(&recipients, Format::Pkcs8Der, &content()).unwrap();
        let (for_rsa, under_aes) = wrapped.split_at(384);
        let oaep = ["pkeyutl", "-decrypt", "-inkey", text(&key), "-pkeyopt"];
        let how = ["rsa_padding_mode:oaep", "-pkeyopt", "rsa_oaep_md:sha256"];
        let aes = OPENSSL.accepts(&[&oaep[..], &how].concat(), for_rsa);
        let unwrap = ["enc", "-d", "-id-aes256-wrap-pad", "-iv", "A65959A6", "-K"];
        let opened = OPENSSL.accepts(&[&unwrap[..], &[&hex::encode(aes)]].concat(), under_aes);
        assert_eq!(opened, CONTENT);
    }
}

/// Two independent libraries open what is for a public key, and whoever has another finds nothing.
#[test]
fn python_opens_a_jwe_for_a_public_key() {
    const JWCRYPTO: &str = "import sys
from jwcrypto import jwe, jwk
token = jwe.JWE()
token.deserialize(open(sys.argv[1]).read().strip(), jwk.JWK.from_pem(open(sys.argv[2], 'rb').read()))
sys.stdout.buffer.write(token.payload)";
    const JOSERFC: &str = "import sys
from joserfc import jwe
from joserfc.jwk import RSAKey, ECKey, OKPKey
kinds = {'RSA': RSAKey, 'EC': ECKey, 'X25519': OKPKey}
key = kinds[sys.argv[3]].import_key(open(sys.argv[2]).read())
token = jwe.decrypt_compact(open(sys.argv[1]).read().strip(), key,
    registry=jwe.JWERegistry(algorithms=['RSA-OAEP-256', 'ECDH-ES+A256KW', 'A256GCM']))
assert token.protected['cty'] == 'jwk+json' and token.protected['enc'] == 'A256GCM', token.protected
sys.stdout.buffer.write(token.plaintext)";
    /// The public half as another program would give it: a JWK with a name.
    const AS_JWK: &str = "import sys
from jwcrypto import jwk
key = jwk.JWK.from_pem(sys.stdin.buffer.read())
key.update(kid='key custody, ' + sys.argv[1])
sys.stdout.write(key.export_public())";
    let python = std::env::var("KEYREEVE_PYTHON").expect("KEYREEVE_PYTHON: npm test sets it");
    let python = Tool { program: python.leak(), package: "python3-venv" };
    let files = Files::new();
    for kind in [RSA, P256, P384, P521, &["X25519"]] {
        let private = genpkey(kind);
        let key = files.secret(&format!("key {}", files.count()), &private);
        let stranger = files.secret(&format!("key {}", files.count()), &genpkey(kind));
        let public = OPENSSL.accepts(&["pkey", "-pubout"], &private);
        let recipient = one(&public);
        let jwk = python.accepts(&["-c", AS_JWK, "Ann"], &private);
        let named = one(&jwk);
        assert_eq!(named.fingerprint, recipient.fingerprint, "{kind:?}");
        assert_eq!(named.name.as_deref(), Some("key custody, Ann"));
        assert_eq!(envelope_for(&[named], Format::Jwk).unwrap(), Envelope::Jwe);

        let recipients = [recipient];
        let sealed = encrypt_to(&recipients, Format::Jwk, &content()).unwrap();
        assert_ne!(sealed, encrypt_to(&recipients, Format::Jwk, &content()).unwrap());
        let file = files.secret(&format!("key {}.jwe", files.count()), &sealed);
        for script in [JWCRYPTO, JOSERFC] {
            let opens = |file: &Path, key: &Path| {
                python.run(&["-c", script, text(file), text(key), kind[0]], b"")
            };
            let opened = opens(&file, &key);
            assert_eq!(opened.stdout, CONTENT, "{kind:?}: {opened:?}");
            assert!(!opens(&file, &stranger).status.success(), "{kind:?}");
            // Each part is authenticated.
            let whole = str::from_utf8(&sealed).unwrap().trim_end();
            for part in 0..5 {
                let mut parts: Vec<_> = whole.split('.').map(str::to_owned).collect();
                let other = if parts[part].starts_with('A') { "B" } else { "A" };
                parts[part].replace_range(..1, other);
                let changed = format!("{}.changed", files.count());
                let changed = files.secret(&changed, parts.join(".").as_bytes());
                assert!(!opens(&changed, &key).status.success(), "{kind:?}: part {part}");
            }
        }
        // Taken in as a file of ours, it is named: the private key that opens it is elsewhere.
        let read = keyreeve_formats::read(&SecretBytes::new(sealed)).unwrap();
        let Found::Refused(why) = &read[0].found else { panic!("{read:?}") };
        let alg = if kind == RSA { "RSA-OAEP-256" } else { "ECDH-ES+A256KW" };
        assert!(why.to_string().contains(alg), "{why}");
        // A private JWK is never taken for its public half.
        let private_jwk = AS_JWK.replace("export_public", "export_private");
        let private_jwk = python.accepts(&["-c", &private_jwk, "Ann"], &private);
        assert_eq!(read_error(&private_jwk), RecipientError::PrivateKey);
    }
}

#[test]
fn what_cannot_be_encrypted_to_is_refused_by_name() {
    let files = Files::new();
    let refused = |bytes: &[u8]| read(bytes).unwrap_err();
    for nothing in [&b""[..], b"hello", b"# only this\n", b"\0\x01\x02", b"-----BEGIN x"] {
        assert_eq!(refused(nothing), RecipientError::Nobody, "{}", nothing.escape_ascii());
    }
    assert_eq!(refused(&vec![b'a'; MAX_RECIPIENT_FILE + 1]), RecipientError::TooLong);

    let identity = files.path("identity");
    AGE_KEYGEN.accepts(&["-o", text(&identity)], b"");
    let identity = std::fs::read(&identity).unwrap();
    let error = AgeRecipientError::PrivateKey;
    assert_eq!(refused(&identity), RecipientError::Line { line: 3, error });
    let recipient = AGE_KEYGEN.prints(&["-y"], &identity);
    let broken = recipient.trim().replace("age1", "age1q");
    let two = format!("{recipient}{broken}\n");
    let error = AgeRecipientError::Malformed;
    assert_eq!(refused(two.as_bytes()), RecipientError::Line { line: 2, error });
    assert_eq!(refused(recipient.repeat(65).as_bytes()), RecipientError::TooMany);

    let key = files.path("ecdsa");
    SSH_KEYGEN.accepts(&["-q", "-t", "ecdsa", "-N", "", "-f", text(&key)], b"");
    let line = std::fs::read(key.with_extension("pub")).unwrap();
    let error = AgeRecipientError::UnsupportedSsh { kind: "ecdsa-sha2-nistp256".into() };
    assert_eq!(refused(&line), RecipientError::Line { line: 1, error });
    assert_eq!(refused(&std::fs::read(&key).unwrap()), RecipientError::PrivateKey);
    assert_eq!(refused(&genpkey(RSA)), RecipientError::PrivateKey);

    let unfit = |bytes: &[u8], words: &str| {
        let RecipientError::Unfit(why) = refused(bytes) else { panic!("{words}") };
        assert!(why.contains(words), "{why}");
    };
    for (kind, words) in [
        (&["ED25519"][..], "ed25519"),
        (&["EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"], "ec-secp256k1"),
    ] {
        unfit(&OPENSSL.accepts(&["pkey", "-pubout"], &genpkey(kind)), words);
    }
    let (key, pem) = certified(&files, RSA, "digitalSignature");
    unfit(&pem, "not for key encipherment");
    unfit(&certified(&files, P256, "digitalSignature").1, "not for key agreement");
    unfit(&certified(&files, &["ED25519"], "digitalSignature").1, "ed25519");
    let request = OPENSSL.accepts(&["req", "-new", "-key", &key, "-subj", "/CN=a"], b"");
    unfit(&request, "holds a request");
    let (_, good) = certified(&files, RSA, "keyEncipherment");
    unfit(&[&good[..], &pem].concat(), "several");
    let later = |days: i64| {
        Timestamp::from_second(Timestamp::now().as_second() + days * 24 * 3600).unwrap()
    };
    let RecipientError::Unfit(why) = Recipient::read(&good, later(3)).unwrap_err() else {
        panic!()
    };
    assert!(why.contains("expired on"), "{why}");
    let RecipientError::Unfit(why) = Recipient::read(&good, later(-1)).unwrap_err() else {
        panic!()
    };
    assert!(why.contains("not valid before"), "{why}");
    // Cut short anywhere, it is never taken for another's.
    let der = OPENSSL.accepts(&["x509", "-outform", "DER"], &good);
    for len in 0..der.len() {
        assert!(read(&der[..len]).is_err(), "{len}");
    }
}

#[test]
fn recipients_stand_together_only_where_one_file_serves_all() {
    let files = Files::new();
    let of_age = || {
        let recipient = AGE_KEYGEN.prints(&["-y"], &AGE_KEYGEN.accepts(&[], b""));
        one(recipient.as_bytes())
    };
    let certificate = || one(&certified(&files, P256, "keyAgreement").1);
    let rsa = || one(&OPENSSL.accepts(&["pkey", "-pubout"], &genpkey(RSA)));
    let refused = |recipients: &[Recipient]| envelope_for(recipients, Format::Raw).unwrap_err();
    assert_eq!(refused(&[]), RecipientError::Nobody);
    assert_eq!(refused(&[rsa(), rsa()]), RecipientError::OneAlone);
    let ec = || one(&OPENSSL.accepts(&["pkey", "-pubout"], &genpkey(P256)));
    assert_eq!(refused(&[ec()]), RecipientError::JwkAlone(Format::Raw));
    let as_jwk = envelope_for(&[rsa(), ec()], Format::Jwk).unwrap_err();
    assert_eq!(as_jwk, RecipientError::OneAlone);
    let mixed = RecipientError::Mixed(vec![Envelope::RsaAesKeyWrap, Envelope::Jwe]);
    assert_eq!(refused(&[rsa(), ec()]), mixed);
    let mixed = RecipientError::Mixed(vec![Envelope::Age, Envelope::Cms, Envelope::RsaAesKeyWrap]);
    assert_eq!(refused(&[of_age(), certificate(), rsa()]), mixed);
    assert!(mixed.to_string().contains("age, cms, rsa-aes-key-wrap"), "{mixed}");
    let again = of_age();
    let twice = one(again.fingerprint.as_bytes());
    let named = again.fingerprint.clone();
    assert_eq!(refused(&[of_age(), again, twice]), RecipientError::Repeated(named));
    let many: Vec<_> = (0..65).map(|_| of_age()).collect();
    assert_eq!(refused(&many), RecipientError::TooMany);
}

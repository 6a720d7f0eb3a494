//! Files for recipients, opened by the tools that those have.

use keyreeve_crypto::SecretBytes;
use keyreeve_domain::Timestamp;
use keyreeve_formats::{
    AgeRecipientError, Envelope, Format, MAX_RECIPIENT_FILE, Recipient, RecipientError, encrypt_to,
    envelope_for,
};

use crate::reading::genpkey;
use crate::tool::{AGE, AGE_KEYGEN, Files, OPENSSL, SSH_KEYGEN, text};

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
    let sealed = encrypt_to(&recipients, &content()).unwrap();
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
    let message = encrypt_to(&recipients, &content()).unwrap();
    for owner in &owners {
        assert_eq!(open(&message, owner).stdout, CONTENT);
    }
    // A stranger's certificate, and each recipient alone.
    let stranger = certified(&files, P256, "keyAgreement");
    assert!(!open(&message, &stranger).status.success());
    for (recipient, owner) in recipients.into_iter().zip(&owners) {
        let message = encrypt_to(&[recipient], &content()).unwrap();
        assert_eq!(open(&message, owner).stdout, CONTENT);
    }
}

#[test]
fn a_changed_message_is_not_opened() {
    let files = Files::new();
    let (key, pem) = certified(&files, P256, "keyAgreement");
    let certificate = files.secret("certificate", &pem);
    let message = encrypt_to(&[one(&pem)], &content()).unwrap();
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
        let refused = envelope_for(&recipients, Format::Jwk).unwrap_err();
        assert_eq!(refused, RecipientError::Format(Format::Jwk));

        let wrapped = encrypt_to(&recipients, &content()).unwrap();
        let (for_rsa, under_aes) = wrapped.split_at(384);
        let oaep = ["pkeyutl", "-decrypt", "-inkey", text(&key), "-pkeyopt"];
        let how = ["rsa_padding_mode:oaep", "-pkeyopt", "rsa_oaep_md:sha256"];
        let aes = OPENSSL.accepts(&[&oaep[..], &how].concat(), for_rsa);
        let unwrap = ["enc", "-d", "-id-aes256-wrap-pad", "-iv", "A65959A6", "-K"];
        let opened = OPENSSL.accepts(&[&unwrap[..], &[&hex::encode(aes)]].concat(), under_aes);
        assert_eq!(opened, CONTENT);
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
    let public = OPENSSL.accepts(&["pkey", "-pubout"], &genpkey(P256));
    unfit(&public, "ec-p256");
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

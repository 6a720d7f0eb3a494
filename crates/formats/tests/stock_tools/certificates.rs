//! Certificates, requests and bundles as OpenSSL makes and shows them.

use keyreeve_crypto::{Algorithm, SecretBytes};
use keyreeve_domain::Timestamp;
use keyreeve_formats::{Certificate, Form, Found, Item, read};

use crate::reading::{genpkey, only, read_bytes};
use crate::tool::{Files, KEYTOOL, OPENSSL, text};

#[track_caller]
fn certificate(item: &Item) -> &Certificate {
    let Found::Certificate(found) = &item.found else { panic!("{item:?}") };
    found
}

/// What follows `name=` on its line.
fn said(printed: &str, name: &str) -> String {
    let line = printed.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
    line.unwrap_or_else(|| panic!("no {name} in {printed}")).to_owned()
}

/// A file that OpenSSL reads what is to be in the certificate from.
const EXTENSIONS: &str = "[req]
distinguished_name = dn
[dn]
[leaf]
subjectAltName = DNS:example.org,DNS:*.example.org,IP:192.0.2.7,IP:2001:db8::1,email:me@example.org,URI:https://example.org/x
keyUsage = critical,digitalSignature,keyEncipherment
extendedKeyUsage = serverAuth,clientAuth,1.2.3.4
basicConstraints = critical,CA:FALSE
subjectKeyIdentifier = hash
certificatePolicies = 1.2.3.5
nsComment = critical,ASN1:UTF8:old
[authority]
keyUsage = keyCertSign,cRLSign
basicConstraints = critical,CA:TRUE,pathlen:2
subjectKeyIdentifier = hash
";

#[test]
fn all_that_a_certificate_says() {
    let files = Files::new();
    let config = text(&files.secret("config", EXTENSIONS.as_bytes())).to_owned();
    for (kind, algorithm, signature) in [
        (
            &["EC", "-pkeyopt", "ec_paramgen_curve:P-256"][..],
            Some(Algorithm::EcP256),
            "ecdsa-with-SHA256",
        ),
        (
            &["RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
            Some(Algorithm::Rsa2048),
            "sha256WithRSAEncryption",
        ),
        (&["ED25519"], Some(Algorithm::Ed25519), "Ed25519"),
        (&["RSA", "-pkeyopt", "rsa_keygen_bits:1024"], None, "sha256WithRSAEncryption"),
    ] {
        let key = files.secret(&format!("key {}", files.count()), &genpkey(kind));
        let base = ["req", "-new", "-key", text(&key), "-config", &config];
        let subject = ["-subj", "/C=DE/O=Example, Inc./CN=ex\u{e4}mple", "-utf8", "-sha256"];
        let request = [&base[..], &subject, &["-reqexts", "leaf"]].concat();
        let made = [&base[..], &subject, &["-x509", "-extensions", "leaf", "-days", "30"]].concat();
        let (pem, request) = (OPENSSL.accepts(&made, b""), OPENSSL.accepts(&request, b""));

        let show = ["x509", "-noout", "-serial", "-startdate", "-enddate", "-dateopt", "iso_8601"];
        let printed = OPENSSL.prints(&show, &pem);
        let name = ["x509", "-noout", "-subject", "-nameopt", "RFC2253,-esc_msb,utf8"];
        let subject = said(&OPENSSL.prints(&name, &pem), "subject");
        let fingerprint = |digest: &str| {
            let printed = OPENSSL.prints(&["x509", "-noout", "-fingerprint", digest], &pem);
            printed.trim().split_once('=').unwrap().1.replace(':', "").to_ascii_lowercase()
        };
        let time = |name: &str| -> Timestamp {
            said(&printed, name).replacen(' ', "T", 1).parse().unwrap()
        };
        let der = OPENSSL.accepts(&["x509", "-outform", "DER"], &pem);
        for bytes in [pem.clone(), der] {
            let item = only(read_bytes(bytes));
            assert_eq!(item.form, Form::Certificate);
            let found = certificate(&item);
            let issued = found.issued.as_ref().unwrap();
            assert_eq!((&found.subject, &issued.issuer), (&subject, &subject));
            assert_eq!(issued.serial, said(&printed, "serial").to_ascii_lowercase());
            assert_eq!(
                (issued.not_before, issued.not_after),
                (time("notBefore"), time("notAfter"))
            );
            assert_eq!(
                (&found.sha256, &found.sha1),
                (&fingerprint("-sha256"), &fingerprint("-sha1"))
            );
            leaf(found, algorithm, signature);
        }
        let item = only(read_bytes(request.clone()));
        assert_eq!((item.form, &certificate(&item).subject), (Form::CertificateRequest, &subject));
        leaf(certificate(&item), algorithm, signature);
        assert!(certificate(&item).issued.is_none());
    }
}

#[track_caller]
fn leaf(found: &Certificate, algorithm: Option<Algorithm>, signature: &str) {
    assert_eq!(found.public_key.as_ref().ok().map(|key| key.algorithm), algorithm);
    if let Err(why) = &found.public_key {
        assert!(why.to_string().contains("1024 bits"), "{why}");
    }
    assert!(found.signature_algorithm.eq_ignore_ascii_case(signature), "{found:?}");
    assert_eq!(
        found.alternative_names,
        [
            "DNS:example.org",
            "DNS:*.example.org",
            "IP:192.0.2.7",
            "IP:2001:db8::1",
            "email:me@example.org",
            "URI:https://example.org/x"
        ]
    );
    assert_eq!(found.key_usage, ["digital signature", "key encipherment"]);
    assert_eq!(found.extended_key_usage, ["TLS server", "TLS client", "1.2.3.4"]);
    assert_eq!(found.authority, Some((false, None)));
    assert_eq!(found.subject_key_id.as_ref().unwrap().len(), 40);
    let others: Vec<_> = found.other_extensions.iter().map(|(_, critical)| *critical).collect();
    assert_eq!(others, [false, true], "{found:?}");
}

#[test]
fn a_chain_in_pem_in_pkcs7_and_in_pkcs12() {
    let files = Files::new();
    let config = text(&files.secret("config", EXTENSIONS.as_bytes())).to_owned();
    let mut chain = Vec::new();
    let mut issuer: Option<(std::path::PathBuf, std::path::PathBuf)> = None;
    for (name, extensions) in [("root", "authority"), ("middle", "authority"), ("leaf", "leaf")] {
        let key = files.secret(&format!("{name}.key"), &genpkey(&["ED25519"]));
        let subject = format!("/CN={name}");
        let base = ["req", "-new", "-x509", "-config", &config, "-key", text(&key)];
        let mut make = [&base[..], &["-subj", &subject, "-extensions", extensions]].concat();
        if let Some((certificate, key)) = &issuer {
            make.extend(["-CA", text(certificate), "-CAkey", text(key)]);
        }
        let pem = OPENSSL.accepts(&make, b"");
        let certificate = files.secret(&format!("{name}.pem"), &pem);
        chain.extend(pem);
        issuer = Some((certificate, key));
    }
    let all = text(&files.secret("chain.pem", &chain)).to_owned();
    let names = |items: &[Item]| {
        let mut names: Vec<_> = items
            .iter()
            .map(|item| {
                let found = certificate(item);
                (found.subject.clone(), found.issued.as_ref().unwrap().issuer.clone())
            })
            .collect();
        names.sort();
        names
    };
    let expected = [("CN=leaf", "CN=middle"), ("CN=middle", "CN=root"), ("CN=root", "CN=root")];
    let expected = expected.map(|(subject, issuer)| (subject.to_owned(), issuer.to_owned()));
    let items = read_bytes(chain);
    assert_eq!(names(&items), expected);
    assert_eq!(certificate(&items[0]).authority, Some((true, Some(2))));
    assert_eq!(certificate(&items[0]).key_usage, ["certificate signing", "CRL signing"]);
    assert_eq!(certificate(&items[1]).authority_key_id, certificate(&items[0]).subject_key_id);

    for form in ["PEM", "DER"] {
        let make = ["crl2pkcs7", "-nocrl", "-certfile", &all, "-outform", form];
        let bundle = OPENSSL.accepts(&make, b"");
        assert_eq!(names(&read_bytes(bundle.clone())), expected, "{form}");
        for len in (0..bundle.len()).step_by(17) {
            for item in read(&SecretBytes::new(bundle[..len].to_vec())).unwrap_or_default() {
                assert!(matches!(item.found, Found::Refused(_) | Found::Symmetric(_)), "{item:?}");
            }
        }
    }
    let store = files.path("store.p12");
    let import =
        ["-importcert", "-noprompt", "-keystore", text(&store), "-storepass", "s3cret", "-file"];
    let root = text(&files.path("root.pem")).to_owned();
    KEYTOOL.accepts(&[&import[..], &[&root, "-alias", "the root"]].concat(), b"");
    let item = only(crate::reading::read_file(&store));
    let inside = crate::reading::unlocked(item, "s3cret");
    assert_eq!(certificate(&inside).subject, "CN=root");
    assert_eq!(inside.comment.as_deref(), Some("the root"));
}

/// Nothing that is changed or cut anywhere ends the program.
#[test]
fn a_certificate_changed_at_every_byte() {
    let files = Files::new();
    let config = text(&files.secret("config", EXTENSIONS.as_bytes())).to_owned();
    let key = files.secret("key", &genpkey(&["ED25519"]));
    let make = ["req", "-new", "-x509", "-config", &config, "-key", text(&key), "-subj", "/CN=x"];
    let der =
        OPENSSL.accepts(&[&make[..], &["-extensions", "leaf", "-outform", "DER"]].concat(), b"");
    let whole = only(read_bytes(der.clone()));
    for at in 0..der.len() {
        for bit in [1, 0x80] {
            let mut changed = der.clone();
            changed[at] ^= bit;
            for item in read(&SecretBytes::new(changed)).unwrap_or_default() {
                if let Found::Certificate(found) = &item.found {
                    assert_ne!(found.sha256, certificate(&whole).sha256);
                }
            }
        }
        for item in read(&SecretBytes::new(der[..at].to_vec())).unwrap_or_default() {
            assert!(!matches!(item.found, Found::Certificate(_)), "{at}");
        }
    }
}

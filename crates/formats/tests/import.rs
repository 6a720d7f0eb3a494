//! What Keyreeve wrote comes back the same, and what is damaged is refused.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine as _};
use flate2::Compression;
use flate2::write::GzEncoder;
use keyreeve_crypto::{AdoptError, Algorithm, IdentifyError, SecretBytes, SecretString, make_key};
use keyreeve_formats::{
    Form, Format, Found, Item, MAX_FILE_LEN, MAX_ITEMS, Protection, ReadError, Refusal,
    export_private, export_public, private_formats_for, public_formats_for, read,
};
use proptest::prelude::*;

static MADE: LazyLock<BTreeMap<Algorithm, SecretBytes>> = LazyLock::new(|| {
    Algorithm::ALL.iter().map(|&algorithm| (algorithm, make_key(algorithm).unwrap())).collect()
});

fn written(algorithm: Algorithm, format: Format, protection: Protection<'_>) -> SecretBytes {
    export_private(algorithm, &MADE[&algorithm], format, protection, "the key").unwrap()
}

fn plain(algorithm: Algorithm, format: Format) -> Vec<u8> {
    // EXPOSE: the tests change what was written.
    written(algorithm, format, Protection::Plain).expose().to_vec()
}

fn found(bytes: impl Into<Vec<u8>>) -> Result<Vec<Item>, ReadError> {
    read(&SecretBytes::new(bytes.into()))
}

#[track_caller]
fn only(bytes: impl Into<Vec<u8>>) -> Item {
    let mut items = found(bytes).unwrap();
    assert_eq!(items.len(), 1, "{items:?}");
    items.remove(0)
}

#[track_caller]
fn assert_is(item: &Item, algorithm: Algorithm) {
    match &item.found {
        Found::Pair(key) => {
            assert_eq!(key.algorithm, algorithm);
            assert!(key.material == MADE[&algorithm], "{algorithm}: other material");
        }
        Found::Symmetric(key) => {
            assert!(key.algorithms.contains(&algorithm) && key.material == MADE[&algorithm]);
        }
        other => panic!("{algorithm}: {other:?}"),
    }
}

/// WireGuard's keys could be symmetric ones: which it is, is for the user to say.
#[track_caller]
fn assert_is_wireguard(item: Item, algorithm: Algorithm) {
    let Found::Symmetric(key) = item.found else { panic!("{item:?}") };
    assert_eq!(key.algorithms[0].symmetric_len(), Some(32));
    let (pair, spki) = (key.pair.unwrap(), |material| {
        keyreeve_crypto::identify(algorithm, material).unwrap().public_key
    });
    assert_eq!(pair.algorithm, algorithm);
    assert!(spki(&pair.material) == spki(&MADE[&algorithm]), "another public half");
}

#[test]
fn every_key_comes_back_from_every_format() {
    let passphrase = SecretString::new("correct horse".into());
    for &algorithm in Algorithm::ALL {
        for &format in private_formats_for(algorithm) {
            let named = matches!(format, Format::OpenSsh | Format::Putty | Format::Jwk);
            if !format.needs_passphrase() {
                let item = only(plain(algorithm, format));
                if format == Format::WireGuard {
                    assert_is_wireguard(item, algorithm);
                    continue;
                }
                assert_is(&item, algorithm);
                let comment = named.then_some("the key");
                assert_eq!(item.comment.as_deref(), comment, "{algorithm} {format}");
            }
            // These are slow on purpose, and the same for every algorithm.
            let slow = matches!(format, Format::Jwk | Format::Pkcs12 | Format::Putty);
            let some = matches!(algorithm, Algorithm::EcP256 | Algorithm::HmacSha256);
            if format.takes_passphrase() && (!slow || some) {
                let locked = written(algorithm, format, Protection::Passphrase(&passphrase));
                // EXPOSE: read again.
                let item = only(locked.expose());
                assert!(
                    item.is_locked() && item.open(&SecretString::new("wrong".into())).is_none()
                );
                let opened = item.open(&passphrase).unwrap();
                assert!(opened.len() == 1 && opened[0].open(&passphrase).is_none());
                assert_is(&opened[0], algorithm);
            }
        }
        for &format in public_formats_for(algorithm) {
            let spki = keyreeve_crypto::identify(algorithm, &MADE[&algorithm]).unwrap();
            let spki = spki.public_key.unwrap();
            let file = export_public(algorithm, &spki, format, "the key").unwrap();
            if format == Format::WireGuard {
                // Nothing tells a public key of WireGuard from a symmetric key.
                assert!(matches!(only(file).found, Found::Symmetric(_)));
                continue;
            }
            if format == Format::Age {
                // A recipient is nothing that could be kept.
                assert_eq!(found(file).unwrap_err(), ReadError::NothingFound);
                continue;
            }
            let item = only(file);
            let Found::Public(key) = &item.found else { panic!("{item:?}") };
            assert_eq!((key.algorithm, &key.spki), (algorithm, &spki), "{format}");
        }
    }
}

#[test]
fn a_set_of_json_web_keys_is_read_key_by_key() {
    let algorithms = [Algorithm::Rsa2048, Algorithm::EcP384, Algorithm::HmacSha512];
    let keys: Vec<_> = algorithms
        .iter()
        .map(|&algorithm| String::from_utf8(plain(algorithm, Format::Jwk)).unwrap())
        .collect();
    for text in [
        format!("{{\"keys\":[{}, {{\"kty\":\"OKP\"}}]}}", keys.join(",")),
        format!("[{}, {{}}]", keys.join(",")),
    ] {
        let items = found(text).unwrap();
        assert_eq!(items.len(), 4);
        for (item, algorithm) in items.iter().zip(algorithms) {
            assert_is(item, algorithm);
        }
        assert!(matches!(items[3].found, Found::Refused(_)));
    }
    let Found::Symmetric(key) =
        only(r#"{"kty":"oct","alg":"HS256","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}"#)
            .found
    else {
        panic!("no symmetric key")
    };
    assert_eq!(key.algorithms[0], Algorithm::HmacSha256);
    assert_eq!(key.algorithms.len(), 4);
}

#[test]
fn json_that_is_no_key_or_no_longer_one() {
    for nothing in ["{}", "[]", "[1,2]", r#"{"a":{"b":1}}"#, "{", "[[[["] {
        assert_eq!(found(nothing).unwrap_err(), ReadError::NothingFound, "{nothing}");
    }
    for damaged in [
        r#"{"kty":"EC","crv":"P-256"}"#,
        r#"{"kty":"EC","kty":"EC","crv":"P-256"}"#,
        r#"{"kty":1}"#,
        r#"{"kty":"oct","k":"A+/="}"#,
        r#"{"kty":"RSA","n":"","e":"","d":"","p":"","q":"","qi":""}"#,
        r#"{"kty":"oct","k":"#,
    ] {
        let item = only(damaged);
        assert!(matches!(&item.found, Found::Refused(why) if !why.is_unsupported()), "{item:?}");
    }
    for foreign in
        [r#"{"kty":"XYZ"}"#, r#"{"kty":"EC","crv":"P-192"}"#, r#"{"kty":"oct","k":"AAEC"}"#]
    {
        let item = only(foreign);
        assert!(matches!(&item.found, Found::Refused(why) if why.is_unsupported()), "{item:?}");
    }
    let deep = format!("{{\"kty\":{}", "[".repeat(100_000));
    assert!(matches!(only(deep).found, Found::Refused(Refusal::Damaged(_))));
}

#[test]
fn halves_that_do_not_belong_together_are_refused() {
    for algorithm in [Algorithm::EcP256, Algorithm::Ed25519, Algorithm::X25519, Algorithm::MlDsa44]
    {
        let jwk: serde_json::Value =
            serde_json::from_slice(&plain(algorithm, Format::Jwk)).unwrap();
        let other = export_private(
            algorithm,
            &make_key(algorithm).unwrap(),
            Format::Jwk,
            Protection::Plain,
            "",
        )
        .unwrap();
        // EXPOSE: the test mixes two keys.
        let other: serde_json::Value = serde_json::from_slice(other.expose()).unwrap();
        let mut mixed = jwk.clone();
        let secret = if algorithm == Algorithm::MlDsa44 { "priv" } else { "d" };
        mixed[secret] = other[secret].clone();
        let item = only(mixed.to_string());
        let inconsistent = AdoptError::Key(IdentifyError::Inconsistent(algorithm));
        assert!(
            matches!(&item.found, Found::Refused(Refusal::Key(why)) if *why == inconsistent),
            "{item:?}"
        );
    }
    // RSA: every number changed in turn.
    let jwk: serde_json::Value =
        serde_json::from_slice(&plain(Algorithm::Rsa2048, Format::Jwk)).unwrap();
    for number in ["n", "e", "d", "p", "q", "qi"] {
        let mut bytes = BASE64_URL_SAFE_NO_PAD.decode(jwk[number].as_str().unwrap()).unwrap();
        *bytes.last_mut().unwrap() ^= 4;
        let mut changed = jwk.clone();
        changed[number] = BASE64_URL_SAFE_NO_PAD.encode(bytes).into();
        let item = only(changed.to_string());
        assert!(matches!(&item.found, Found::Refused(Refusal::Key(_))), "{number}: {item:?}");
    }
}

#[test]
fn symmetric_keys_as_people_keep_them() {
    let key: Vec<u8> = (0..64).map(|i| i * 3).collect();
    let standard = BASE64_STANDARD.encode(&key);
    let (first, second) = standard.split_at(76);
    for text in [
        hex::encode_upper(&key),
        format!("0x{}\r\n", hex::encode(&key)),
        standard.clone(),
        BASE64_URL_SAFE_NO_PAD.encode(&key),
        format!("{first}\n{second}\n"),
    ] {
        let item = only(text);
        let Found::Symmetric(found) = &item.found else { panic!("{item:?}") };
        assert!(found.material == SecretBytes::new(key.clone()));
        assert_eq!(found.algorithms, [Algorithm::HmacSha512]);
    }
    let list = format!("{}\n\n{}\n", hex::encode(&key[..32]), hex::encode(&key[..16]));
    let items = found(list).unwrap();
    assert_eq!(items.iter().map(|item| item.form).collect::<Vec<_>>(), [Form::Hex, Form::Hex]);
    for nothing in ["hello", "0123", "some notes\nabout keys", "=", "\n\n \n"] {
        assert_eq!(found(nothing).unwrap_err(), ReadError::NothingFound, "{nothing}");
    }
    for len in [1, 15, 17, 31, 33, 63, 65, 5_000] {
        assert_eq!(found(vec![0xff; len]).unwrap_err(), ReadError::NothingFound);
    }
}

#[test]
fn nothing_and_too_much() {
    assert_eq!(found("").unwrap_err(), ReadError::Empty);
    assert_eq!(found(vec![b'x'; MAX_FILE_LEN + 1]).unwrap_err(), ReadError::TooLarge);
    assert!(found(vec![b'x'; MAX_FILE_LEN]).is_err());
    let many = "-----BEGIN X-----\n-----END X-----\n".repeat(MAX_ITEMS + 1);
    assert_eq!(found(many).unwrap_err(), ReadError::TooMany);
    let begun = "-----BEGIN PRIVATE KEY-----\n".repeat(MAX_ITEMS * 2);
    assert!(matches!(only(begun).found, Found::Refused(Refusal::Damaged(_))));
    // Nested ever deeper, in DER.
    let mut deep = vec![0x30, 0x80];
    for _ in 0..20_000 {
        let len = u32::try_from(deep.len()).unwrap().to_be_bytes();
        deep.splice(0..0, [0x30, 0x84].into_iter().chain(len));
        if deep.len() > 60_000 {
            break;
        }
    }
    assert_eq!(found(deep).unwrap_err(), ReadError::NothingFound);
}

/// The files whose damage is tried out, one of each form.
fn samples() -> Vec<(Algorithm, Vec<u8>)> {
    let passphrase = SecretString::new("correct horse".into());
    let mut samples = Vec::new();
    for (algorithm, format) in [
        (Algorithm::EcP256, Format::Pkcs8Der),
        (Algorithm::EcP256, Format::Sec1Pem),
        (Algorithm::Ed25519, Format::Pkcs8Pem),
        (Algorithm::Ed25519, Format::OpenSsh),
        (Algorithm::Ed25519, Format::Jwk),
        (Algorithm::X25519, Format::Age),
        (Algorithm::EcP384, Format::Jwk),
    ] {
        samples.push((algorithm, plain(algorithm, format)));
    }
    for format in [Format::Pkcs8Der, Format::OpenSsh] {
        let file = written(Algorithm::Ed25519, format, Protection::Passphrase(&passphrase));
        // EXPOSE: the test damages the file.
        samples.push((Algorithm::Ed25519, file.expose().to_vec()));
    }
    samples
}

/// Whether no other key than the sample's was made of a damaged file.
fn is_honest(algorithm: Algorithm, damaged: &[u8]) -> bool {
    let Ok(items) = found(damaged) else { return true };
    items.iter().all(|item| match &item.found {
        Found::Pair(key) => key.algorithm == algorithm && key.material == MADE[&algorithm],
        // An encrypted body cannot be judged without the passphrase, a public half alone has no
        // other to be compared with, and a refusal is right.
        Found::Locked(_) | Found::Public(_) | Found::Refused(_) => true,
        // Bytes alone are a key of their length, whatever they once were the beginning of.
        Found::Symmetric(_) => item.form == Form::Raw,
        other => panic!("{other:?}"),
    })
}

/// Forms without a checksum or a public half beside the private one: a flipped bit is another key.
fn proves_itself(file: &[u8]) -> bool {
    let text = String::from_utf8_lossy(file);
    text.contains("OPENSSH")
        || text.contains("kty")
        || text.contains("AGE-")
        || text.contains("EC PRIVATE")
        || file.len() > 120 && !text.contains("BEGIN")
}

#[test]
fn cut_short_at_every_byte() {
    for (algorithm, file) in samples() {
        for len in 0..file.len() {
            assert!(is_honest(algorithm, &file[..len]), "{algorithm}: {len} of {}", file.len());
        }
    }
}

#[test]
fn with_every_byte_changed() {
    for (algorithm, file) in samples() {
        let proves_itself = proves_itself(&file);
        for at in 0..file.len() {
            for flip in [0x01, 0x80] {
                let mut damaged = file.clone();
                damaged[at] ^= flip;
                let honest = is_honest(algorithm, &damaged);
                assert!(honest || !proves_itself, "{algorithm}: byte {at}");
            }
        }
    }
}

#[test]
fn with_every_length_blown_up() {
    for (algorithm, file) in samples() {
        for at in 0..file.len() {
            for blown in [&[0x84, 0xff, 0xff, 0xff, 0xff][..], &[0x7f, 0xff, 0xff, 0xff], &[0x80]] {
                let mut damaged = file.clone();
                damaged.splice(at..=at, blown.iter().copied());
                assert!(
                    is_honest(algorithm, &damaged) || !proves_itself(&file),
                    "{algorithm}: {at}"
                );
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = found(bytes);
    }

    #[test]
    fn any_text_with_known_beginnings_is_answered(
        beginning in proptest::sample::select(vec![
            "-----BEGIN PRIVATE KEY-----\n", "-----BEGIN OPENSSH PRIVATE KEY-----\n",
            "-----BEGIN RSA PRIVATE KEY-----\nDEK-Info: AES-128-CBC,", "{\"kty\":\"RSA\",\"n\":\"",
            "ssh-ed25519 AAAA", "AGE-SECRET-KEY-1", "{\"keys\":[",
        ]),
        rest in "[ -~\n]{0,200}",
        end in proptest::sample::select(vec!["", "\n-----END PRIVATE KEY-----", "\n-----END OPENSSH PRIVATE KEY-----", "\"}", "]}"]),
    ) {
        let _ = found(format!("{beginning}{rest}{end}"));
    }

    #[test]
    fn der_of_any_members_is_answered(
        tags in proptest::collection::vec((any::<u8>(), proptest::collection::vec(any::<u8>(), 0..40)), 0..6),
    ) {
        let mut inner = Vec::new();
        for (tag, value) in tags {
            inner.extend([tag, u8::try_from(value.len()).unwrap()]);
            inner.extend(value);
        }
        let mut der = vec![0x30, 0x82];
        der.extend(u16::try_from(inner.len()).unwrap().to_be_bytes());
        der.extend(&inner);
        let _ = found(der);
        if let Ok(len) = u8::try_from(inner.len()) && len < 0x80 {
            let _ = found([&[0x30, len], inner.as_slice()].concat());
        }
    }
}

#[test]
fn keys_in_the_notes_of_keepassxc_are_named_by_their_entries() {
    let head = "\"Group\",\"Title\",\"Username\",\"Password\",\"URL\",\"Notes\",\"TOTP\",\"Icon\"";
    let row = |title: &str, notes: &str| {
        let notes = notes.replace('"', "\"\"");
        format!("\"Root\",\"{title}\",\"me\",\"secret\",\"\",\"{notes}\",\"\",\"0\"\n")
    };
    let text = |algorithm, format| String::from_utf8(plain(algorithm, format)).unwrap();
    let rows = [
        row("Router", "call the desk first"),
        row("Site", &format!("its key:\n{}", text(Algorithm::EcP256, Format::Pkcs8Pem))),
        row("Digits", &"ab".repeat(32)),
        row("Login", &text(Algorithm::Ed25519, Format::OpenSsh)),
        row("Token", &text(Algorithm::HmacSha256, Format::Jwk)),
    ];
    let table = format!("{head}\n{}", rows.concat());
    let items = found(table.clone()).unwrap();
    assert_eq!(items.len(), 3, "{items:?}");
    assert_is(&items[0], Algorithm::EcP256);
    assert_is(&items[1], Algorithm::Ed25519);
    assert_is(&items[2], Algorithm::HmacSha256);
    let comments: Vec<_> = items.iter().map(|item| item.comment.as_deref().unwrap()).collect();
    assert_eq!(comments, ["Site", "the key", "the key"]);
    // Cut off anywhere, it yields no other key.
    for at in (0..table.len()).step_by(3) {
        for item in found(&table.as_bytes()[..at]).unwrap_or_default() {
            match &item.found {
                Found::Pair(key) => assert!(MADE[&key.algorithm] == key.material, "{at}"),
                Found::Symmetric(key) => assert!(MADE[&Algorithm::HmacSha256] == key.material),
                _ => {}
            }
        }
    }
    assert_eq!(found(format!("{head}\n{}", rows[0])).unwrap_err(), ReadError::NothingFound);
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&#34;")
}

fn field(key: &str, value: &str) -> String {
    let value = escaped(value);
    format!("<String><Key>{key}</Key><Value ProtectInMemory=\"True\">{value}</Value></String>")
}

/// The XML of a database with these shared attachments and entries.
fn keepass(shared: &str, entries: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<KeePassFile><Meta><Generator>KeePassXC</Generator>\
         <Binaries>{shared}</Binaries></Meta><Root><Group><Name>Root</Name>{entries}</Group></Root></KeePassFile>"
    )
}

#[test]
fn keys_in_the_xml_of_keepassxc_are_found_in_notes_fields_and_attachments() {
    let text = |algorithm, format| String::from_utf8(plain(algorithm, format)).unwrap();
    let der = plain(Algorithm::EcP384, Format::Pkcs8Der);
    let ssh = plain(Algorithm::Ed25519, Format::OpenSsh);
    let shared = format!(
        "<Binary ID=\"0\" Compressed=\"True\">{}</Binary><Binary ID=\"1\">{}</Binary>",
        BASE64_STANDARD.encode(gzipped(&ssh)),
        BASE64_STANDARD.encode(b"a picture, say"),
    );
    let old =
        format!("<Entry>{}</Entry>", field("Notes", &text(Algorithm::EcP521, Format::Pkcs8Pem)));
    let entries = [
        format!(
            "<Entry>{}{}{}<Binary><Key>id_ed25519</Key><Value Ref=\"0\"/></Binary>\
             <Binary><Key>photo.jpg</Key><Value Ref=\"1\"/></Binary><History>{old}</History></Entry>",
            field(
                "Notes",
                &format!("its <key> & more:\n{}", text(Algorithm::EcP256, Format::Pkcs8Pem))
            ),
            field("Title", "Site & \"shop\""),
            field("Password", &"ab".repeat(32)),
        ),
        format!(
            "<Group><Entry>{}{}{}<Binary><Key>k.der</Key><Value>{}</Value></Binary></Entry></Group>",
            field("Title", "Tokens"),
            field("Password", &text(Algorithm::X25519, Format::Age)),
            field("jwk", &text(Algorithm::HmacSha256, Format::Jwk)),
            BASE64_STANDARD.encode(&der),
        ),
    ];
    let xml = keepass(&shared, &entries.concat());
    let items = found(xml.clone()).unwrap();
    let wanted = [
        (Algorithm::EcP256, "Site & \"shop\""),
        (Algorithm::Ed25519, "the key"),
        (Algorithm::X25519, "Tokens"),
        (Algorithm::HmacSha256, "the key"),
        (Algorithm::EcP384, "Tokens: k.der"),
    ];
    assert_eq!(items.len(), wanted.len(), "{items:?}");
    for (item, (algorithm, comment)) in items.iter().zip(wanted) {
        assert_is(item, algorithm);
        assert_eq!(item.comment.as_deref(), Some(comment));
    }
    // Cut off anywhere, it yields no other key, and says so.
    for at in (120..xml.len() - 1).step_by(7) {
        let items = found(&xml.as_bytes()[..at]).unwrap();
        assert!(items.iter().any(|item| matches!(item.found, Found::Refused(_))), "{at}");
        for item in &items {
            match &item.found {
                Found::Pair(key) => assert!(MADE[&key.algorithm] == key.material, "{at}"),
                Found::Symmetric(key) => assert!(MADE[&Algorithm::HmacSha256] == key.material),
                _ => {}
            }
        }
    }
    // And so does each byte that is another one.
    for at in (0..xml.len()).step_by(11) {
        let mut changed = xml.clone().into_bytes();
        changed[at] ^= 1;
        for item in found(changed).unwrap_or_default() {
            if let Found::Pair(key) = &item.found {
                assert!(MADE[&key.algorithm] == key.material, "{at}");
            }
        }
    }
    assert_eq!(found(keepass("", "")).unwrap_err(), ReadError::NothingFound);
}

#[test]
fn a_hostile_database_in_xml_costs_little_and_is_refused_in_words() {
    let refusals = |xml: String| {
        let begun = Instant::now();
        let items = found(xml).unwrap();
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
        let words = |item: &Item| match &item.found {
            Found::Refused(why) => why.to_string(),
            other => panic!("{other:?}"),
        };
        items.iter().map(words).collect::<Vec<_>>()
    };
    let one = |xml: String, words: &str| {
        let said = refusals(xml);
        assert!(said.len() == 1 && said[0].contains(words), "no {words} in {said:?}");
    };
    let attached = |value: &str| format!("<Entry><Binary><Key>a</Key>{value}</Binary></Entry>");
    one(keepass("", &"<Group>".repeat(100_000)), "nested too deeply");
    one(keepass("", "<Entry><Group></Entry>"), "damaged");
    one(keepass("", &field("Notes", "a").replace(">a<", ">&lol;<")), "unknown entity");
    let bomb =
        "<!DOCTYPE a [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><KeePassFile></KeePassFile>";
    one(bomb.into(), "entities");
    one(keepass("", &attached("<Value Ref=\"7\"/>")), "damaged attachment");
    one(keepass("", &attached("<Value>!!!!</Value>")), "damaged attachment");
    one(keepass("", &attached("<Value Compressed=\"True\">AAAA</Value>")), "damaged attachment");
    // What is encrypted within the file is no text of it.
    let locked =
        "<Entry><String><Key>Password</Key><Value Protected=\"True\">AAAA</Value></String></Entry>";
    one(keepass("", locked), "still encrypted");
    // A few bytes that unpack into 64 MB, once and shared by many.
    let bomb = BASE64_STANDARD.encode(gzipped(&vec![b'a'; 64 << 20]));
    let shared = format!("<Binary ID=\"0\" Compressed=\"True\">{bomb}</Binary>");
    one(keepass(&shared, &attached("<Value Ref=\"0\"/>")), "bytes of attachments");
    let large = BASE64_STANDARD.encode(gzipped(&vec![b'-'; 3 << 20]));
    let shared = format!("<Binary ID=\"0\" Compressed=\"True\">{large}</Binary>");
    one(
        keepass(&shared, &attached("<Value Ref=\"0\"/>").repeat(50_000)),
        "the rest is passed over",
    );
    // An export within an export is not gone into.
    let inner = keepass("", &format!("<Entry>{}</Entry>", field("Notes", "-----BEGIN A-----")));
    let own = format!("<Value>{}</Value>", BASE64_STANDARD.encode(&inner));
    assert_eq!(found(keepass("", &attached(&own))).unwrap_err(), ReadError::NothingFound);
}

/// What OpenBao wrote.
const TRANSIT_EC: &str = include_str!("vectors/transit-ecdsa-p256.txt");
const TRANSIT_RSA: &str = include_str!("vectors/transit-rsa-2048.txt");

/// The JSON of a backup, with a part of it replaced everywhere.
fn transit(backup: &str, part: &str, by: &str) -> String {
    let json = String::from_utf8(BASE64_STANDARD.decode(backup.trim()).unwrap()).unwrap();
    assert!(json.contains(part), "{part}");
    BASE64_STANDARD.encode(json.replace(part, by))
}

#[test]
fn a_transit_backup_is_read_whole_or_refused_in_words() {
    let material = |file: &str| match only(file).found {
        Found::Pair(key) => key.material,
        other => panic!("{other:?}"),
    };
    let key = material(TRANSIT_EC);
    let json = BASE64_STANDARD.decode(TRANSIT_EC.trim()).unwrap();
    let honest = |damaged: &[u8], what: &str| {
        for item in found(BASE64_STANDARD.encode(damaged)).into_iter().flatten() {
            match item.found {
                Found::Pair(found) => assert!(found.material == key, "{what}"),
                Found::Refused(_) | Found::Symmetric(_) => {}
                other => panic!("{what}: {other:?}"),
            }
        }
    };
    for at in 0..json.len() {
        honest(&json[..at], &format!("cut at {at}"));
        for flip in [0x01, 0x10] {
            let mut damaged = json.clone();
            damaged[at] ^= flip;
            honest(&damaged, &format!("byte {at}"));
        }
    }
    // The last group holds a line end alone.
    for len in 30..TRANSIT_EC.trim().len() - 4 {
        let item = only(&TRANSIT_EC[..len]);
        assert!(matches!(item.found, Found::Refused(Refusal::Damaged(_))), "{len}: {item:?}");
    }

    material(TRANSIT_RSA);
    let digits = |len: usize| format!("\"E\":{}", "9".repeat(len));
    for (backup, part, by, words) in [
        (TRANSIT_RSA, "\"E\":65537", "\"E\":-65537", "number"),
        (TRANSIT_RSA, "\"E\":65537", "\"E\":65537.5", "number"),
        (TRANSIT_RSA, "\"E\":65537", "\"E\":\"65537\"", "number"),
        (TRANSIT_RSA, "\"E\":65537", digits(6_000).as_str(), "number"),
        (TRANSIT_RSA, "\"E\":65537", "\"E\":65539", ""),
        (TRANSIT_RSA, "\"Primes\":[", "\"Primes\":[3,", "primes"),
        (TRANSIT_RSA, "\"Primes\"", "\"primes\"", "JSON"),
        (TRANSIT_RSA, "\"type\":3", "\"type\":1", "private half"),
        (TRANSIT_RSA, "\"type\":3", "\"type\":0", "private half"),
        (TRANSIT_RSA, "\"type\":3", "\"type\":11", "11"),
        (TRANSIT_RSA, "\"type\":3", "\"type\":-1", "JSON"),
        (TRANSIT_EC, "\"type\":1", "\"type\":6", ""),
        (TRANSIT_EC, "\"type\":1", "\"type\":7", ""),
        (TRANSIT_EC, "\"derived\":false", "\"derived\":true", "derived"),
        (TRANSIT_EC, "\"ec_x\":", "\"ec_x\":9", ""),
        (TRANSIT_EC, "\"ec_x\":", "\"ec_d\":1,\"ec_x\":", "JSON"),
    ] {
        for item in found(transit(backup, part, by)).unwrap() {
            assert_eq!(item.form, Form::TransitBackup);
            let Found::Refused(refusal) = item.found else { panic!("{by}") };
            assert!(refusal.to_string().contains(words), "{by}: {refusal}");
        }
    }

    // A version number that nothing comes after, and more versions than are looked at.
    let last = "\"archive_min_version\":18446744073709551615";
    found(transit(TRANSIT_EC, "\"archive_min_version\":0", last)).unwrap();
    let versions: Vec<_> = (2..MAX_ITEMS + 3).map(|each| format!("\"{each}\":{{}}")).collect();
    let keys = format!("\"keys\":{{{},\"1\":", versions.join(","));
    let many = transit(TRANSIT_EC, "\"keys\":{\"1\":", &keys);
    assert_eq!(found(many).unwrap_err(), ReadError::TooMany);
    let none = transit(TRANSIT_EC, "\"ec_d\":9", "\"ec_D\":9");
    let Found::Refused(refusal) = only(none).found else { panic!() };
    assert!(refusal.is_unsupported(), "{refusal}");

    // Another JSON in base64 is none.
    assert!(found(BASE64_STANDARD.encode(br#"{"policies":{"name":"orders","keys":{}}}"#)).is_err());
}

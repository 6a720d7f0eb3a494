//! Headers there and back, and everything that is none.

use keyreeve_crypto::{Argon2Params, RECIPIENT_LEN};
use keyreeve_domain::ports::RecoveryForm;
use keyreeve_domain::{Role, SlotId, VaultId};

use super::*;
use crate::part::{CardPart, Part, RecoveryPart};

const KDF: Argon2Params = Argon2Params { memory_kib: 65_536, time_cost: 3, lanes: 2 };

fn slot(id: u8) -> Slot {
    Slot {
        id: SlotId::from_bytes([id; 16]),
        kind: SlotKind::Passphrase,
        name: "Hauptschlüssel \"🗝\"".into(),
        role: Role::Administrator,
        created_at: "2026-01-31T08:15:00.250Z".parse().unwrap(),
        parts: vec![Part::Passphrase { kdf: KDF, salt: [7; 32] }],
        sealed: vec![8; 93],
        pair: None,
    }
}

fn body() -> Body {
    let time = "2026-01-31T08:15:00.250999Z".parse().unwrap();
    Body::new(VaultId::from_bytes([9; 16]), time, slot(1))
}

fn bytes_of(body: &Body) -> Vec<u8> {
    encode(&body.text().unwrap(), &[0xAB; 32])
}

/// A whole, undamaged file around a body's text.
fn whole(body_text: &str) -> Vec<u8> {
    encode(body_text, &[0xAB; 32])
}

fn why(bytes: &[u8]) -> String {
    parse(bytes).unwrap_err().to_string()
}

#[test]
fn a_body_comes_back_as_it_was() {
    let header = parse(&bytes_of(&body())).unwrap();
    assert_eq!(header.body, body());
    assert_eq!(header.hmac, [0xAB; 32]);
    assert_eq!(header.body_text, body().text().unwrap());
}

#[test]
fn the_text_is_pinned() {
    let text = String::from_utf8(bytes_of(&body())).unwrap();
    let expected = [
        r#"{"body":{"format":1,"vaultId":"09090909-0909-0909-0909-090909090909","#,
        r#""createdAt":"2026-01-31T08:15:00.250Z","sequence":1,"slots":[{"#,
        r#""id":"01010101-0101-0101-0101-010101010101","kind":"passphrase","#,
        r#""name":"Hauptschlüssel \"🗝\"","role":"administrator","#,
        r#""createdAt":"2026-01-31T08:15:00.250Z","#,
        r#""kdf":{"memoryKib":65536,"timeCost":3,"lanes":2},"salt":""#,
        &"07".repeat(32),
        r#"","sealed":""#,
        &"08".repeat(93),
        r#""}]},"sha256":"c683b13804aabaa3147da1ae5a30def190b1b0766b69aa52d6945100d6916a0b","hmac":""#,
        &"ab".repeat(32),
        "\"}\n",
    ];
    assert_eq!(text, expected.concat());
}

fn of_kind(id: u8, kind: SlotKind, parts: Vec<Part>) -> Slot {
    Slot { kind, parts, name: "x".into(), ..slot(id) }
}

fn with_pair(slot: Slot) -> Slot {
    let pair = Pair { recipient: vec![1; RECIPIENT_LEN], material_key: vec![2; 93] };
    Slot { pair: Some(pair), ..slot }
}

#[test]
fn a_key_pair_is_pinned_and_never_half_or_an_auditors() {
    let body = Body { slots: vec![with_pair(slot(1))], ..body() };
    let bytes = bytes_of(&body);
    assert_eq!(parse(&bytes).unwrap().body, body);
    let text = body.text().unwrap();
    let recipient = format!(r#","recipient":"{}""#, "01".repeat(61));
    let material_key = format!(r#","materialKey":"{}""#, "02".repeat(93));
    assert!(text.ends_with(&format!(r#"{}"{recipient}{material_key}}}]}}"#, "08".repeat(93))));
    for (from, to) in [
        (recipient.as_str(), ""),
        (material_key.as_str(), ""),
        (r#""recipient":"01"#, r#""recipient":""#),
        (r#""materialKey":"02"#, r#""materialKey":"0202"#),
        (r#""administrator""#, r#""auditor""#),
    ] {
        let other = text.replace(from, to);
        assert_ne!(other, text, "{from}");
        assert!(matches!(parse(&whole(&other)), Err(FormatError::Invalid(_))), "{from}");
    }
    let auditor = Slot { role: Role::Auditor, sealed: vec![8; 61], ..with_pair(slot(1)) };
    let bytes = bytes_of(&Body { slots: vec![auditor], ..body });
    assert!(why(&bytes).ends_with("a key pair that cannot be its own"));
}

fn every_kind() -> Vec<Slot> {
    let recovery = |form, set| Part::Recovery(RecoveryPart { form, set, salt: [5; 32] });
    let card = |kind| {
        Part::Card(CardPart {
            kind,
            serial: "0042".into(),
            algorithm: "ecdh-p256".into(),
            public_key: vec![6, 6],
            challenge: vec![7],
        })
    };
    let passphrase = || Part::Passphrase { kdf: KDF, salt: [7; 32] };
    let keyring = || Part::OsKeyring { salt: [3; 32] };
    let shares = RecoveryForm::Shares { shares: 3, threshold: 2 };
    vec![
        slot(1),
        of_kind(2, SlotKind::OsKeyring, vec![keyring()]),
        of_kind(3, SlotKind::PivCard, vec![card(SlotKind::PivCard)]),
        of_kind(4, SlotKind::OpenpgpCard, vec![card(SlotKind::OpenpgpCard)]),
        of_kind(5, SlotKind::Recovery, vec![recovery(shares, 258)]),
        of_kind(6, SlotKind::Recovery, vec![recovery(RecoveryForm::Code, 0)]),
        of_kind(7, SlotKind::AllOf, vec![passphrase(), keyring()]),
        of_kind(8, SlotKind::AllOf, vec![card(SlotKind::PivCard), recovery(shares, 1)]),
    ]
}

#[test]
fn the_members_of_each_kind_are_pinned() {
    let body = Body { slots: every_kind(), ..body() };
    let bytes = bytes_of(&body);
    assert_eq!(parse(&bytes).unwrap().body, body);
    let text = String::from_utf8(bytes).unwrap();
    let salt = |byte: &str| format!("\"salt\":\"{}\"", byte.repeat(32));
    let kdf = r#""kdf":{"memoryKib":65536,"timeCost":3,"lanes":2}"#;
    let card =
        r#""card":{"serial":"0042","algorithm":"ecdh-p256","publicKey":"0606","challenge":"07"}"#;
    let shares = |set: u16| {
        format!(
            r#""recovery":{{"form":"shares","shares":3,"threshold":2,"set":{set}}},{}"#,
            salt("05")
        )
    };
    for (kind, members) in [
        ("os_keyring", salt("03")),
        ("piv_card", card.into()),
        ("openpgp_card", card.into()),
        ("recovery", shares(258)),
        ("recovery", format!(r#""recovery":{{"form":"code"}},{}"#, salt("05"))),
        (
            "all_of",
            format!(
                r#""parts":[{{"kind":"passphrase",{kdf},{}}},{{"kind":"os_keyring",{}}}]"#,
                salt("07"),
                salt("03")
            ),
        ),
        (
            "all_of",
            format!(
                r#""parts":[{{"kind":"piv_card",{card}}},{{"kind":"recovery",{}}}]"#,
                shares(1)
            ),
        ),
    ] {
        let expected = format!(
            r#""kind":"{kind}","name":"x","role":"administrator","createdAt":"2026-01-31T08:15:00.250Z",{members},"sealed":"08"#
        );
        assert!(text.contains(&expected), "{expected}\n{text}");
    }
}

#[test]
fn members_of_another_kind_and_impossible_parts_are_refused() {
    let text = Body { slots: every_kind(), ..body() }.text().unwrap();
    for (from, to) in [
        (r#""kind":"os_keyring","name""#, r#""kind":"all_of","name""#),
        (r#""kind":"piv_card","name""#, r#""kind":"recovery","name""#),
        (r#""kind":"recovery","name""#, r#""kind":"os_keyring","name""#),
        (r#""kind":"all_of","name""#, r#""kind":"os_keyring","name""#),
        (r#"{"kind":"os_keyring","#, r#"{"kind":"all_of","#),
        (r#""shares":3"#, r#""shares":1"#),
        (r#""shares":3"#, r#""shares":17"#),
        (r#""threshold":2"#, r#""threshold":1"#),
        (r#""threshold":2"#, r#""threshold":4"#),
        (r#""set":258"#, r#""set":32768"#),
        (r#"{"form":"code"}"#, r#"{"form":"code","set":1}"#),
        (r#"{"form":"code"}"#, r#"{"form":"song"}"#),
        (r#""serial":"0042""#, r#""serial":"""#),
        (r#""serial":"0042""#, r#""serial":"ü""#),
        (r#""publicKey":"0606""#, r#""publicKey":"""#),
    ] {
        let other = text.replace(from, to);
        assert_ne!(other, text, "{from}");
        assert!(matches!(parse(&whole(&other)), Err(FormatError::Invalid(_))), "{to}");
    }
    let twice = of_kind(9, SlotKind::AllOf, vec![Part::OsKeyring { salt: [3; 32] }; 2]);
    let alone = of_kind(9, SlotKind::AllOf, vec![Part::OsKeyring { salt: [3; 32] }]);
    for slot in [twice, alone] {
        let bytes = bytes_of(&Body { slots: vec![slot], ..body() });
        assert!(why(&bytes).contains("too few parts, or a kind twice"));
    }
}

#[test]
fn a_newer_kind_is_named_and_told_from_damage() {
    let text = Body { slots: every_kind(), ..body() }.text().unwrap();
    let newer = Err(FormatError::NewerKind { kind: "telepathy".into() });
    for (from, to) in [
        (r#""kind":"os_keyring","name""#, r#""kind":"telepathy","wave":1,"name""#),
        (r#"{"kind":"os_keyring","#, r#"{"kind":"telepathy","wave":[],"#),
    ] {
        let file = String::from_utf8(whole(&text.replace(from, to))).unwrap();
        assert_eq!(parse(file.as_bytes()), newer);
        let damaged = file.replace("telepathy", "telepathx");
        assert!(matches!(parse(damaged.as_bytes()), Err(FormatError::Invalid(_))));
    }
}

#[test]
fn every_flipped_bit_is_found_without_a_key() {
    let bytes = bytes_of(&body());
    for bit in 0..bytes.len() * 8 {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(matches!(parse(&changed), Err(FormatError::Invalid(_))), "bit {bit}");
    }
}

#[test]
fn every_truncation_is_found() {
    let bytes = bytes_of(&body());
    for len in 0..bytes.len() {
        assert!(matches!(parse(&bytes[..len]), Err(FormatError::Invalid(_))), "length {len}");
    }
}

#[test]
fn other_bytes_are_no_header() {
    for bytes in
        [&b"\n"[..], b"{}", b"null\n", b"hello", &[0xFF; 400], &[b'['; 60_000], &vec![b' '; 70_000]]
    {
        assert!(matches!(parse(bytes), Err(FormatError::Invalid(_))));
    }
}

#[test]
fn a_newer_format_is_told_from_damage() {
    let newer = whole(r#"{"format":2,"anything":["else"]}"#);
    assert_eq!(parse(&newer), Err(FormatError::Newer { found: 2 }));
    let text = String::from_utf8(newer).unwrap();
    let damaged = text.replace("else", "elsa");
    assert!(matches!(parse(damaged.as_bytes()), Err(FormatError::Invalid(_))));
    let newest = whole(&format!(r#"{{"format":{}}}"#, u32::MAX));
    assert_eq!(parse(&newest), Err(FormatError::Newer { found: u32::MAX }));
}

#[test]
fn only_the_canonical_form_is_taken() {
    let text = body().text().unwrap();
    for other in [
        text.replace("\"format\":1,", "\"format\": 1,"),
        text.replace("\"sequence\":1", "\"sequence\":1.0"),
        text.replace("00.250Z", "00.25Z"),
        text.replace("00.250Z", "00.250+00:00"),
        text.replace("01010101-0101", "010101010101"),
        text.replace("0808", "0A08").replace("0A", "0a").replace("0a", "0A"),
        text.replace("ü", "\\u00fc"),
        text.replace("ü", "u\u{308}"),
        text.replace("\"format\":1,", "\"format\":1,\"format\":1,"),
        text.replace("\"format\":1,", "\"format\":1,\"more\":1,"),
        text.replace("\"format\":1,", ""),
        text.replace("\"format\":1,", "\"format\":0,"),
        text.replace("passphrase", "Tele\u{202E}pathy"),
        text.replace("passphrase", "os_keyring"),
        text.replace("passphrase", "recovery"),
        text.replace("passphrase", "piv_card"),
        text.replace("passphrase", "all_of"),
        text.replace("administrator", "emperor"),
    ] {
        assert_ne!(other, text);
        assert!(matches!(parse(&whole(&other)), Err(FormatError::Invalid(_))), "{other}");
    }
    let mut trailing = bytes_of(&body());
    trailing.push(b'\n');
    assert!(parse(&trailing).is_err());
    let swapped = String::from_utf8(bytes_of(&body())).unwrap();
    let (front, hmac) = swapped.trim_end().trim_end_matches('}').split_once(",\"hmac\"").unwrap();
    let (front, sha) = front.split_once(",\"sha256\"").unwrap();
    let swapped = format!("{front},\"hmac\"{hmac},\"sha256\"{sha}}}\n");
    assert_eq!(why(swapped.as_bytes()), "it is not in canonical form");
}

#[test]
fn impossible_bodies_are_refused() {
    let body = body();
    let with = |slots: Vec<Slot>| bytes_of(&Body { slots, ..body.clone() });
    assert_eq!(why(&with(vec![])), "it has 0 slots");
    assert_eq!(why(&with((0..33).map(slot).collect())), "it has 33 slots");
    assert!(parse(&with((0..32).map(slot).collect())).is_ok());
    assert!(why(&with(vec![slot(1), slot(1)])).ends_with("is there twice"));
    assert_eq!(why(&bytes_of(&Body { sequence: 0, ..body.clone() })), "its sequence number is 0");
    let auditor = Slot { role: Role::Auditor, ..slot(1) };
    assert!(why(&with(vec![auditor])).ends_with("has 93 sealed bytes"));
    for name in ["", " padded ", "line\nbreak", "\u{202E}txt", &"n".repeat(201)] {
        let named = Slot { name: name.into(), ..slot(1) };
        assert!(why(&with(vec![named])).ends_with("not acceptable"), "{name:?}");
    }
}

#[test]
fn the_fullest_header_fits_the_bound() {
    let slots = (0..32).map(|id| Slot { name: "🗝".repeat(200), ..with_pair(slot(id)) }).collect();
    let bytes = bytes_of(&Body { slots, sequence: u64::MAX, ..body() });
    assert!((bytes.len() as u64) < MAX_BYTES, "{}", bytes.len());
    assert!(parse(&bytes).is_ok());
}

#[test]
fn slots_that_are_each_acceptable_may_together_not_be() {
    let costing = |memory_kib, time_cost, id| {
        let kdf = Argon2Params { memory_kib, time_cost, lanes: 1 };
        Slot { parts: vec![Part::Passphrase { kdf, salt: [7; 32] }], ..slot(id) }
    };
    let with = |slots: Vec<Slot>| bytes_of(&Body { slots, ..body() });
    assert!(
        parse(&with(vec![costing(MAX_MEMORY_KIB, 32, 1), costing(MAX_MEMORY_KIB, 32, 2)])).is_ok()
    );
    let too_long = "trying its slots would take too long";
    assert_eq!(
        why(&with(vec![costing(MAX_MEMORY_KIB, 32, 1), costing(MAX_MEMORY_KIB, 33, 2)])),
        too_long
    );
    assert_eq!(
        why(&with((0..32).map(|id| costing(MAX_MEMORY_KIB, MAX_TIME_COST, id)).collect())),
        too_long
    );
    // As many slots as there may be, each as dear as a computer makes it that is ten times as fast.
    let dear = (0..32).map(|id| costing(1 << 20, 8, id)).collect();
    assert!(parse(&with(dear)).is_ok());
}

#[test]
fn hostile_costs_are_named() {
    for kdf in [
        Argon2Params { memory_kib: u32::MAX, time_cost: 3, lanes: 1 },
        Argon2Params { memory_kib: 65_536, time_cost: u32::MAX, lanes: 1 },
        Argon2Params { memory_kib: 65_536, time_cost: 3, lanes: u32::MAX },
        Argon2Params { memory_kib: 0, time_cost: 0, lanes: 0 },
    ] {
        let parts = vec![Part::Passphrase { kdf, salt: [7; 32] }];
        let slots = vec![Slot { parts, ..slot(1) }];
        let bytes = bytes_of(&Body { slots, ..body() });
        assert_eq!(parse(&bytes), Err(FormatError::Parameters(Argon2ParamsError(kdf))));
    }
}

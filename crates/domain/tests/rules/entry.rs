//! The one encoding of an audit event.

use std::collections::BTreeMap;

use keyreeve_domain::Timestamp;
use keyreeve_domain::audit::{
    Action, Actor, AuditDraft, AuditEntry, EntryError, MAX_ENTRY_LEN, ObjectKind, Outcome, Source,
    leaf_hash,
};
use proptest::prelude::*;

use crate::fixture::{at, created, policy};
use crate::log::draft;

fn full() -> AuditEntry {
    let draft = AuditDraft {
        time: at("2026-02-03T04:05:06.070809Z"),
        actor: Actor {
            member: "Müller 🔑".into(),
            slot: Some("33333333-3333-3333-3333-333333333333".into()),
        },
        source: Source::Gui,
        action: Action::KeyRevoke,
        object_kind: ObjectKind::Key,
        object: "22222222-2222-2222-2222-222222222222".into(),
        version: Some(3),
        outcome: Outcome::Done,
        reason: Some("said \"lost\"\n\\".into()),
        details: BTreeMap::from([
            ("z".to_owned(), String::new()),
            ("compromisedAt".to_owned(), "2026-01-01T00:00:00Z".to_owned()),
        ]),
        digest: Some([0xab; 32]),
    };
    draft.into_entry(41)
}

fn bare() -> AuditEntry {
    let draft = AuditDraft {
        time: at("2026-02-03T04:05:06Z"),
        actor: Actor { member: "unknown".into(), slot: None },
        source: Source::Scheduler,
        action: Action::VaultUnlockFailed,
        object_kind: ObjectKind::Vault,
        object: "11111111-1111-1111-1111-111111111111".into(),
        version: None,
        outcome: Outcome::Denied,
        reason: None,
        details: BTreeMap::new(),
        digest: None,
    };
    draft.into_entry(0)
}

#[test]
fn pinned_encodings() {
    let encoded = full().encode().unwrap();
    assert_eq!(
        String::from_utf8(encoded.clone()).unwrap(),
        concat!(
            r#"{"v":1,"seq":41,"time":"2026-02-03T04:05:06.070Z","#,
            r#""actor":{"member":"Müller 🔑","slot":"33333333-3333-3333-3333-333333333333"},"#,
            r#""source":"gui","action":"key.revoke","objectKind":"key","#,
            r#""object":"22222222-2222-2222-2222-222222222222","version":3,"outcome":"done","#,
            r#""reason":"said \"lost\"\n\\","#,
            r#""details":{"compromisedAt":"2026-01-01T00:00:00Z","z":""},"#,
            r#""digest":"abababababababababababababababababababababababababababababababab"}"#
        )
    );
    assert_eq!(
        hex::encode(leaf_hash(&encoded)),
        "0ebaca69e097fb16640b14bd359d9cc6199d344971dd92ab42531501fe7dfe43"
    );
    assert_eq!(
        String::from_utf8(bare().encode().unwrap()).unwrap(),
        concat!(
            r#"{"v":1,"seq":0,"time":"2026-02-03T04:05:06.000Z","actor":{"member":"unknown"},"#,
            r#""source":"scheduler","action":"vault.unlock_failed","objectKind":"vault","#,
            r#""object":"11111111-1111-1111-1111-111111111111","outcome":"denied"}"#
        )
    );
}

#[test]
fn every_entry_reads_back_as_it_was() {
    for entry in [full(), bare(), draft(7).into_entry(7)] {
        assert_eq!(AuditEntry::decode(&entry.encode().unwrap()).unwrap(), entry);
    }
}

#[test]
fn the_names_of_actions_are_those_written() {
    for action in Action::ALL {
        let entry = AuditEntry { action: *action, ..bare() };
        let line = String::from_utf8(entry.encode().unwrap()).unwrap();
        assert!(line.contains(&format!(r#""action":"{}""#, action.name())));
        assert_eq!(AuditEntry::decode(line.as_bytes()).unwrap(), entry);
    }
}

#[test]
fn a_newer_version_is_named_whatever_else_it_has() {
    for line in [r#"{"v":2}"#, r#"{"v":2,"shape":["another"]}"#, r#"{"seq":"x","v":2}"#] {
        assert!(matches!(AuditEntry::decode(line.as_bytes()), Err(EntryError::Version(2))));
    }
}

#[test]
fn other_bytes_are_refused() {
    let line = String::from_utf8(full().encode().unwrap()).unwrap();
    let decoded = |line: &str| AuditEntry::decode(line.as_bytes());
    assert!(decoded(&line).is_ok());
    for malformed in [
        String::new(),
        "null".into(),
        "[]".into(),
        "{}".into(),
        line[..line.len() - 1].to_owned(),
        format!("{line}{line}"),
        line.replacen(r#""seq":41,"#, "", 1),
        line.replacen(r#""seq":41,"#, r#""seq":41,"seq":41,"#, 1),
        line.replacen("41", "-1", 1),
        line.replacen("41", "4.1", 1),
        line.replacen("41", "18446744073709551616", 1),
        line.replacen("41", "\"41\"", 1),
        line.replacen("key.revoke", "key.forget", 1),
        line.replacen("gui", "tui", 1),
        line.replacen("2026-02-03T", "2026-02-30T", 1),
        line.replacen('{', r#"{"more":1,"#, 1),
        line.replacen(r#""actor":{"#, r#""actor":{"more":"x","#, 1),
        line.replacen("said", "sa\nid", 1),
        format!("{}{}", "[".repeat(100_000), line),
    ] {
        assert!(matches!(decoded(&malformed), Err(EntryError::Malformed(_))), "{malformed:.90}");
    }
    for digest in ["abab", "", &"AB".repeat(32), &"xy".repeat(32), &"ab".repeat(33)] {
        let bad = line.replacen(&"ab".repeat(32), digest, 1);
        assert!(matches!(decoded(&bad), Err(EntryError::Digest)), "{digest}");
    }
    for other_form in [
        format!(" {line}"),
        format!("{line}\n"),
        line.replacen(",\"seq\"", ", \"seq\"", 1),
        line.replacen("06.070Z", "06.07Z", 1),
        line.replacen("06.070Z", "06.0700Z", 1),
        line.replacen("06.070Z", "06.070+00:00", 1),
        line.replacen("04:05:06.070Z", "05:05:06.070+01:00", 1),
        line.replacen("Müller", r"M\u00fcller", 1),
        line.replacen(r#""version":3"#, r#""version":null"#, 1),
        line.replacen(r#"{"v":1,"seq":41"#, r#"{"seq":41,"v":1"#, 1),
        line.replacen(
            r#""compromisedAt":"2026-01-01T00:00:00Z","z":"""#,
            r#""z":"","compromisedAt":"2026-01-01T00:00:00Z""#,
            1,
        ),
    ] {
        assert!(
            matches!(decoded(&other_form), Err(EntryError::NotCanonical)),
            "{other_form} {:?}",
            decoded(&other_form)
        );
    }
}

#[test]
fn huge_entries_are_neither_made_nor_read() {
    let huge = AuditEntry { reason: Some("x".repeat(MAX_ENTRY_LEN)), ..bare() };
    assert!(matches!(huge.encode(), Err(EntryError::TooLong { .. })));
    let empty = AuditEntry { reason: Some(String::new()), ..bare() }.encode().unwrap().len();
    let of = |len: usize| AuditEntry { reason: Some("x".repeat(len - empty)), ..bare() };
    let largest = of(MAX_ENTRY_LEN).encode().unwrap();
    assert_eq!((largest.len(), AuditEntry::decode(&largest).is_ok()), (MAX_ENTRY_LEN, true));
    assert!(matches!(of(MAX_ENTRY_LEN + 1).encode(), Err(EntryError::TooLong { len: 262_145 })));
    let line = vec![b'x'; MAX_ENTRY_LEN + 1];
    assert!(matches!(AuditEntry::decode(&line), Err(EntryError::TooLong { len: 262_145 })));
}

#[test]
fn a_change_of_a_key_is_stamped_with_the_digest_of_its_rows() {
    let record = created(policy());
    let change = record.suspend(None, "leave", at("2026-01-02T00:00:00Z")).unwrap();
    let stamp = keyreeve_domain::ports::Stamp {
        time: at("2026-01-02T00:00:00Z"),
        actor: Actor { member: "main".into(), slot: None },
        source: Source::Gui,
    };
    let draft = stamp.draft_of(&change);
    assert_eq!(draft.digest, Some(change.record.state_digest()));
    assert_eq!((draft.action, draft.version), (Action::KeySuspend, Some(1)));
    assert_eq!(draft.reason.as_deref(), Some("leave"));
}

proptest! {
    #[test]
    fn every_draft_survives(
        millis in -62_135_596_800_000_i64..253_402_300_799_999,
        micros in 0..1_000_i64,
        seq in any::<u64>(),
        member in ".*",
        slot in prop::option::of(".*"),
        object in ".*",
        version in any::<Option<u32>>(),
        reason in prop::option::of(".*"),
        details in prop::collection::btree_map(".*", ".*", 0..4),
        digest in any::<Option<[u8; 32]>>(),
    ) {
        let time = Timestamp::from_microsecond(millis * 1_000 + micros).unwrap();
        let draft = AuditDraft {
            time,
            actor: Actor { member, slot },
            object,
            version,
            reason,
            details,
            digest,
            ..draft(0)
        };
        let entry = draft.into_entry(seq);
        let line = entry.encode().unwrap();
        prop_assert!(!line.contains(&b'\n'));
        let read = AuditEntry::decode(&line).unwrap();
        prop_assert_eq!(read.encode().unwrap(), line);
        prop_assert_eq!(read, entry);
    }

    #[test]
    fn hostile_lines_never_panic(line in prop::collection::vec(any::<u8>(), 0..200), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        _ = AuditEntry::decode(&line);
        let mut changed = full().encode().unwrap();
        let at = at.index(changed.len());
        changed[at] = byte;
        if let Ok(entry) = AuditEntry::decode(&changed) {
            prop_assert_eq!(entry.encode().unwrap(), changed);
        }
    }
}

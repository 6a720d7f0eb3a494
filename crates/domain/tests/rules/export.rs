//! An exported log is verified with no vault, and no change of the file goes unnoticed.

use std::io::{self, BufReader, Read};

use keyreeve_crypto::{AuditPublicKey, AuditSigningKey};
use keyreeve_domain::audit::{
    AuditAlarm, ExportError, ExportHeader, MAX_EXPORT_LINE, VerifiedExport, export_checkpoint_line,
    verify_export,
};
use proptest::prelude::*;

use crate::fixture::at;
use crate::log::{entries, frontier, key, note, vault};

fn header() -> String {
    header_with(key().public())
}

fn header_with(key: AuditPublicKey) -> String {
    ExportHeader::new(vault(), key, at("2026-03-01T00:00:00Z")).line()
}

/// The lines of a file with two checkpoints.
fn lines(size: u64) -> Vec<String> {
    let entries = entries(size);
    let half = entries.len() / 2;
    let text = |entry: &Vec<u8>| format!("{}\n", std::str::from_utf8(entry).unwrap());
    let mut lines = vec![header()];
    lines.extend(entries[..half].iter().map(text));
    lines.push(export_checkpoint_line(&note(&entries[..half])));
    lines.extend(entries[half..].iter().map(text));
    lines.push(export_checkpoint_line(&note(&entries)));
    lines
}

fn file(lines: &[String]) -> Vec<u8> {
    lines.concat().into_bytes()
}

fn verify(bytes: &[u8]) -> Result<VerifiedExport, ExportError> {
    verify_export(&mut &*bytes, Some(&key().public()))
}

fn alarm(bytes: &[u8]) -> (u64, AuditAlarm) {
    match verify(bytes) {
        Err(ExportError::Alarm { line, alarm }) => (line, alarm),
        other => panic!("{other:?}"),
    }
}

#[test]
fn pinned_lines() {
    assert_eq!(
        header(),
        concat!(
            r#"{"keyreeveAuditExport":1,"vaultId":"11111111-1111-1111-1111-111111111111","#,
            r#""publicKey":"ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c","#,
            r#""createdAt":"2026-03-01T00:00:00Z"}"#,
            "\n"
        )
    );
    assert_eq!(export_checkpoint_line("a\n\n— b\n"), "{\"checkpoint\":\"a\\n\\n— b\\n\"}\n");
}

#[test]
fn a_sound_file_is_accepted() {
    for size in [0, 1, 2, 50] {
        let export = verify(&file(&lines(size))).unwrap();
        let sound = entries(size);
        assert_eq!((export.log.size, export.log.root), (size, frontier(&sound).root()));
        assert_eq!(export.log.checkpoints.len(), 2);
        assert_eq!(export.newest_note, note(&sound));
        assert_eq!(export.header.vault_id, vault());
    }
    let small_reads = file(&lines(20));
    let mut reader = BufReader::with_capacity(3, small_reads.as_slice());
    assert!(verify_export(&mut reader, None).is_ok());
}

#[test]
fn another_key_is_named() {
    let other = AuditSigningKey::from_seed(&[8; 32]).public();
    let file = file(&lines(4));
    let refused = verify_export(&mut file.as_slice(), Some(&other)).unwrap_err();
    assert!(matches!(refused, ExportError::OtherKey { found } if found.starts_with("ea4a6c63")));
    // Whoever writes another key into the header cannot sign with the log's.
    let swapped = lines(4)[1..].to_vec();
    let forged = header_with(other);
    let forged = [vec![forged], swapped].concat();
    assert!(matches!(
        verify_export(&mut self::file(&forged).as_slice(), None).unwrap_err(),
        ExportError::Alarm { alarm: AuditAlarm::BadCheckpoint(_), .. }
    ));
}

#[test]
fn other_files_are_no_exports() {
    for other in [
        &b""[..],
        b"\n",
        b"{}\n",
        b"hello\n",
        b"SQLite format 3\0",
        b"\xff\xfe\n",
        br#"{"keyreeveAuditExport":0,"vaultId":"x"}"#,
        &[b'['; 100_000],
        header().trim_end().as_bytes(),
        header().replace("ea4a", "xxxx").as_bytes(),
        header().replace("ea4a", "ea").as_bytes(),
        header().replace("1111-", "111-").as_bytes(),
        header().replace('}', ",\"more\":1}").as_bytes(),
    ] {
        assert!(matches!(verify(other), Err(ExportError::NotAnExport)), "{other:.90?}");
    }
    let newer = br#"{"keyreeveAuditExport":2,"anything":[]}"#;
    assert!(matches!(verify(&[newer, &b"\n"[..]].concat()), Err(ExportError::Newer { found: 2 })));
}

#[test]
fn a_file_cut_off_anywhere_is_noticed() {
    let whole = file(&lines(6));
    let first_line = 1 + whole.iter().position(|byte| *byte == b'\n').unwrap();
    for len in 0..whole.len() {
        match verify(&whole[..len]) {
            // Cut right below the checkpoint in the middle, it is the export of that time.
            Ok(export) => assert_eq!(export.log.size, 3),
            // Without its first line nobody knows what it was.
            Err(ExportError::NotAnExport) => assert!(len < first_line, "{len}"),
            Err(ExportError::CutOff) => assert!(len >= first_line, "{len}"),
            Err(other) => panic!("{len}: {other}"),
        }
    }
}

#[test]
fn removed_moved_and_added_lines_are_noticed() {
    let sound = lines(6);
    let with = |change: &dyn Fn(&mut Vec<String>)| {
        let mut lines = sound.clone();
        change(&mut lines);
        file(&lines)
    };
    assert!(matches!(
        alarm(&with(&|lines| drop(lines.remove(2)))),
        (3, AuditAlarm::Gap { expected: 1, found: 2 })
    ));
    assert!(matches!(alarm(&with(&|lines| lines.swap(1, 2))), (2, AuditAlarm::Gap { .. })));
    assert!(matches!(
        alarm(&with(&|lines| lines.swap(3, 4))),
        (4, AuditAlarm::MisplacedCheckpoint { size: 2, signed: 3 })
    ));
    assert!(matches!(
        alarm(&with(&|lines| lines.push(sound[1].clone()))),
        (10, AuditAlarm::Gap { expected: 6, found: 0 })
    ));
    let seventh = format!("{}\n", String::from_utf8(entries(7).pop().unwrap()).unwrap());
    assert!(matches!(
        verify(&with(&|lines| lines.push(seventh.clone()))),
        Err(ExportError::CutOff)
    ));
    for not_an_entry in ["", " ", "\r", "{}", "\u{feff}"] {
        assert!(matches!(
            alarm(&with(&|lines| lines.push(format!("{not_an_entry}\n")))),
            (10, AuditAlarm::NotAnEntry { seq: 6, .. })
        ));
    }
    for not_a_checkpoint in
        ["{\"checkpoint\":", "{\"checkpoint\":1}", "{\"checkpoint\":\"\",\"x\":1}"]
    {
        assert!(matches!(
            verify(&with(&|lines| lines.push(format!("{not_a_checkpoint}\n")))),
            Err(ExportError::NotACheckpoint { line: 10 })
        ));
    }
}

#[test]
fn endless_lines_are_not_read_to_their_end() {
    struct Endless(u64);
    impl Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            buffer.fill(b'x');
            self.0 += buffer.len() as u64;
            Ok(buffer.len())
        }
    }
    let mut reader = BufReader::new(Endless(0));
    assert!(matches!(verify_export(&mut reader, None), Err(ExportError::LineTooLong { line: 1 })));
    assert!(reader.get_ref().0 <= 2 * MAX_EXPORT_LINE as u64);
    let start = file(&lines(2)[..2]);
    let mut reader = BufReader::new(start.chain(Endless(0)));
    assert!(matches!(verify_export(&mut reader, None), Err(ExportError::LineTooLong { line: 3 })));
}

#[test]
fn a_file_that_cannot_be_read_says_so() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("gone"))
        }
    }
    let start = file(&lines(2)[..2]);
    assert!(matches!(
        verify_export(&mut BufReader::new(start.chain(Broken)), None),
        Err(ExportError::Io(_))
    ));
}

proptest! {
    #[test]
    fn no_changed_byte_goes_unnoticed(
        size in 1..12_u64,
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let sound = file(&lines(size));
        let mut changed = sound.clone();
        let header = header().len();
        // The header's time of writing is the one thing that nothing signs.
        let at = header + at.index(sound.len() - header);
        changed[at] = byte;
        prop_assume!(changed != sound);
        prop_assert!(verify(&changed).is_err());
    }

    #[test]
    fn hostile_files_never_panic(tail in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(verify(&tail).is_err());
        prop_assert!(verify(&[file(&lines(2)), tail.clone()].concat()).is_ok() == tail.is_empty());
    }
}

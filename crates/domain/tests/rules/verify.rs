//! A log is verified from its first entry to its last, and each fault is named.

use std::collections::HashMap;

use keyreeve_crypto::AuditSigningKey;
use keyreeve_domain::audit::{
    Action, AuditAlarm, AuditDraft, AuditEntry, Checkpoint, CheckpointError, EntryError,
    LogVerifier, ObjectKind, VerifiedLog, root_hash,
};
use keyreeve_domain::ports::{Progress as _, Silent};
use keyreeve_domain::{CertificateId, KnownKeyId, VaultId};
use proptest::prelude::*;

use crate::log::{digest, draft, entries, frontier, key, note, object, time, vault};

fn verify(entries: &[Vec<u8>], notes: &[String]) -> Result<VerifiedLog, AuditAlarm> {
    let notes = notes.iter().map(String::as_str);
    let mut verifier = LogVerifier::new(vault(), &key().public(), notes)?;
    for entry in entries {
        verifier.push(entry)?;
    }
    verifier.finish()
}

#[test]
fn a_sound_log_is_summed_up() {
    let entries = entries(100);
    let notes = [note(&entries), note(&entries[..64]), note(&[]), note(&entries[..64])];
    let log = verify(&entries, &notes).unwrap();
    assert_eq!((log.size, log.root), (100, frontier(&entries).root()));
    assert_eq!(log.frontier, frontier(&entries));
    let sizes: Vec<_> = log.checkpoints.iter().map(|checkpoint| checkpoint.size).collect();
    assert_eq!(sizes, [0, 64, 64, 100]);
    assert_eq!(log.newest_time, Some(time(99)));
    assert_eq!(log.newest.len(), 3);
    for seq in 97..100 {
        assert_eq!(log.newest[&object(seq)], (seq, digest(seq)));
    }
}

#[test]
fn an_empty_log_is_sound() {
    let log = verify(&[], &[note(&[])]).unwrap();
    assert_eq!((log.size, log.root, log.newest_time), (0, root_hash([]), None));
}

#[test]
fn only_keys_with_a_digest_are_vouched_for() {
    let drafts = [
        AuditDraft { digest: None, ..draft(0) },
        AuditDraft { object_kind: ObjectKind::Backup, ..draft(1) },
        AuditDraft { object: "no identifier".into(), ..draft(2) },
    ];
    let lines: Vec<_> = drafts
        .into_iter()
        .zip(0..)
        .map(|(draft, seq)| draft.into_entry(seq).encode().unwrap())
        .collect();
    assert!(verify(&lines, &[]).unwrap().newest.is_empty());
}

#[test]
fn certificates_and_public_keys_are_vouched_for_until_they_are_removed() {
    let (kept, removed) = ([1; 16], [2; 16]);
    let certificate = |id| (ObjectKind::Certificate, CertificateId::from_bytes(id).to_string());
    let public_key = |id| (ObjectKind::KnownKey, KnownKeyId::from_bytes(id).to_string());
    let events = [
        (certificate(kept), Action::CertificateAdd),
        (certificate(removed), Action::CertificateAdd),
        (public_key(kept), Action::KnownKeyAdd),
        (public_key(removed), Action::KnownKeyAdd),
        (certificate(kept), Action::CertificateEdit),
        (certificate(removed), Action::CertificateRemove),
        (public_key(kept), Action::KnownKeyEdit),
        (public_key(removed), Action::KnownKeyRemove),
    ];
    let lines: Vec<_> = events
        .into_iter()
        .zip(0..)
        .map(|(((object_kind, object), action), seq)| {
            let draft = AuditDraft { object_kind, object, action, ..draft(seq) };
            draft.into_entry(seq).encode().unwrap()
        })
        .collect();
    let log = verify(&lines, &[]).unwrap();
    assert!(log.newest.is_empty());
    let certificates = [(CertificateId::from_bytes(kept), (4, digest(4)))];
    assert_eq!(log.newest_certificates, HashMap::from(certificates));
    let public_keys = [(KnownKeyId::from_bytes(kept), (6, digest(6)))];
    assert_eq!(log.newest_known_keys, HashMap::from(public_keys));
}

#[test]
fn gaps_repeats_and_exchanges_are_noticed() {
    let sound = entries(10);
    let gap = |expected, found| move |alarm: &AuditAlarm| matches!(alarm, AuditAlarm::Gap { expected: e, found: f } if (*e, *f) == (expected, found));
    let mut missing = sound.clone();
    missing.remove(4);
    assert!(gap(4, 5)(&verify(&missing, &[]).unwrap_err()));
    let mut repeated = sound.clone();
    repeated.insert(4, sound[4].clone());
    assert!(gap(5, 4)(&verify(&repeated, &[]).unwrap_err()));
    let mut exchanged = sound.clone();
    exchanged.swap(4, 5);
    assert!(gap(4, 5)(&verify(&exchanged, &[]).unwrap_err()));
    assert!(gap(0, 1)(&verify(&sound[1..], &[]).unwrap_err()));
}

#[test]
fn time_never_goes_back() {
    let entry = |seq, millis: i64| {
        let time = time(0) + jiff::SignedDuration::from_millis(millis);
        AuditEntry { time, ..draft(seq).into_entry(seq) }.encode().unwrap()
    };
    assert!(verify(&[entry(0, 5), entry(1, 5), entry(2, 6)], &[]).is_ok());
    assert!(matches!(
        verify(&[entry(0, 5), entry(1, 5), entry(2, 4)], &[]).unwrap_err(),
        AuditAlarm::TimeWentBack { seq: 2, before, time } if before > time
    ));
}

#[test]
fn what_is_no_entry_is_noticed() {
    let sound = entries(3);
    let with = |line: &[u8]| {
        verify(&[sound[0].clone(), line.to_vec(), sound[2].clone()], &[]).unwrap_err()
    };
    for line in [&b""[..], b"{}", b"null", &sound[1][1..], b"\xff", &b"[".repeat(200_000)] {
        assert!(matches!(
            with(line),
            AuditAlarm::NotAnEntry { seq: 1, source: EntryError::Malformed(_) }
        ));
    }
    let newer = String::from_utf8(sound[1].clone()).unwrap().replacen("\"v\":1", "\"v\":2", 1);
    assert!(matches!(
        with(newer.as_bytes()),
        AuditAlarm::NotAnEntry { seq: 1, source: EntryError::Version(2) }
    ));
    let digest =
        String::from_utf8(sound[1].clone()).unwrap().replacen("digest\":\"0", "digest\":\"x", 1);
    assert!(matches!(
        with(digest.as_bytes()),
        AuditAlarm::NotAnEntry { seq: 1, source: EntryError::Digest }
    ));
    let huge = AuditEntry { reason: Some("x".repeat(250_000)), ..draft(1).into_entry(1) };
    let huge = [huge.encode().unwrap(), vec![b' '; 20_000]].concat();
    assert!(matches!(
        with(&huge),
        AuditAlarm::NotAnEntry { seq: 1, source: EntryError::TooLong { .. } }
    ));
}

#[test]
fn a_changed_entry_is_noticed_at_the_next_checkpoint() {
    let sound = entries(20);
    let notes = [note(&sound[..8]), note(&sound[..16]), note(&sound)];
    let mut changed = sound.clone();
    changed[9] = AuditEntry { action: Action::KeyEdit, ..draft(9).into_entry(9) }.encode().unwrap();
    assert!(matches!(verify(&changed, &notes).unwrap_err(), AuditAlarm::RootMismatch { size: 16 }));
    // White space is no part of the one encoding, and changes the hash.
    let mut spaced = sound.clone();
    spaced[9].push(b' ');
    assert!(matches!(verify(&spaced, &notes).unwrap_err(), AuditAlarm::RootMismatch { size: 16 }));
}

#[test]
fn a_log_that_lost_its_end_is_noticed() {
    let sound = entries(20);
    let notes = [note(&sound[..8]), note(&sound)];
    assert!(matches!(
        verify(&sound[..19], &notes).unwrap_err(),
        AuditAlarm::CutOff { size: 19, signed: 20 }
    ));
    assert!(matches!(
        verify(&[], &notes[..1]).unwrap_err(),
        AuditAlarm::CutOff { size: 0, signed: 8 }
    ));
}

#[test]
fn foreign_checkpoints_are_noticed() {
    let sound = entries(5);
    let checkpoint = Checkpoint::of(vault(), &frontier(&sound));
    let by_another = checkpoint.sign(&AuditSigningKey::from_seed(&[8; 32]));
    assert!(matches!(
        verify(&sound, &[by_another]).unwrap_err(),
        AuditAlarm::BadCheckpoint(CheckpointError::Note(_))
    ));
    let changed = checkpoint.sign(&key()).replace("\n5\n", "\n4\n");
    assert!(matches!(verify(&sound, &[changed]).unwrap_err(), AuditAlarm::BadCheckpoint(_)));
    let other_vault = Checkpoint::of(VaultId::from_bytes([9; 16]), &frontier(&sound)).sign(&key());
    assert!(matches!(verify(&sound, &[other_vault]).unwrap_err(), AuditAlarm::OtherLog { .. }));
}

proptest! {
    #[test]
    fn no_changed_byte_goes_unnoticed(
        size in 1..40_u64,
        at in any::<prop::sample::Index>(),
        byte in any::<prop::sample::Index>(),
        value in any::<u8>(),
    ) {
        let sound = entries(size);
        let notes = [note(&sound)];
        prop_assert!(verify(&sound, &notes).is_ok());
        let mut changed = sound.clone();
        let entry = &mut changed[at.index(sound.len())];
        let place = byte.index(entry.len());
        entry[place] = value;
        prop_assume!(changed != sound);
        prop_assert!(verify(&changed, &notes).is_err());
    }
}

#[test]
fn work_that_nobody_watches_is_not_stopped() {
    assert!(!Silent.cancelled());
}

//! What may be done with kept certificates, and what the log then vouches for.

use keyreeve_domain::audit::Action;
use keyreeve_domain::{
    CertificateId, CertificateOrigin, CertificateRecord, CertificateRefusal, CertificateState,
    Description, DescriptionEdit, KeyId, KeyVersionId, Note, Owner, Revocation, RevocationReason,
    Tag, Timestamp,
};

fn at(day: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + day * 24 * 60 * 60).unwrap()
}

fn key(number: u8) -> KeyVersionId {
    KeyVersionId { key: KeyId::from_random([number; 16]), version: 1 }
}

/// Valid from day 0 to day 100, of key 1, issued by key 2.
pub fn issued() -> CertificateRecord {
    CertificateRecord {
        id: CertificateId::from_random([9; 16]),
        der: vec![0x30, 0],
        subject: "CN=leaf".into(),
        issuer: "CN=root".into(),
        serial: "4f00".into(),
        not_before: at(0),
        not_after: at(100),
        sha256: [1; 32],
        public_key_sha256: [2; 32],
        authority: false,
        origin: CertificateOrigin::Issued,
        key: Some(key(1)),
        issued_by: Some(key(2)),
        revoked: None,
        replaced_by: None,
        description: Description::default(),
        created_at: at(0),
    }
}

#[test]
fn its_state_follows_from_its_times_and_from_what_was_done() {
    use CertificateState as S;
    let record = issued();
    for (day, state) in [
        (-1, S::NotYet),
        (0, S::Valid),
        (69, S::Valid),
        (70, S::ExpiringSoon),
        (100, S::ExpiringSoon),
        (101, S::Expired),
    ] {
        assert_eq!(record.state(at(day)), state, "day {day}");
    }
    // What has another in its place warns nobody.
    let replaced = record.replace(CertificateId::from_random([8; 16])).unwrap();
    assert_eq!(replaced.action, Action::CertificateRenew);
    assert_eq!(replaced.record.state(at(70)), S::Valid);
    assert_eq!(replaced.record.may_renew(), Err(CertificateRefusal::Replaced));
    let revoked = record.revoke(RevocationReason::Superseded, at(5)).unwrap().record;
    for day in [-1, 5, 70, 101] {
        assert_eq!(revoked.state(at(day)), S::Revoked);
    }
    let why = CertificateRefusal::Revoked { at: at(5), reason: RevocationReason::Superseded };
    assert_eq!(revoked.may_renew(), Err(why));
}

#[test]
fn only_what_the_vault_issued_and_still_counts_is_revoked() {
    let revoke = |record: &CertificateRecord, day: i64| {
        record.revoke(RevocationReason::KeyCompromise, at(day)).map(|change| change.record.revoked)
    };
    let record = issued();
    let revoked = Revocation { at: at(100), reason: RevocationReason::KeyCompromise };
    assert_eq!(revoke(&record, 100), Ok(Some(revoked)));
    // Before its time begins, too: it may have been handed out.
    assert!(revoke(&record, -1).is_ok());
    assert_eq!(revoke(&record, 101), Err(CertificateRefusal::Expired { at: at(100) }));
    let elsewhere = CertificateRecord { issued_by: None, ..issued() };
    let refused = CertificateRefusal::IssuedElsewhere { issuer: "CN=root".into() };
    assert_eq!(revoke(&elsewhere, 5), Err(refused));
    let own = CertificateRecord { issuer: "CN=leaf".into(), issued_by: Some(key(1)), ..issued() };
    assert!(own.is_self_signed());
    assert_eq!(revoke(&own, 5), Err(CertificateRefusal::SelfSigned));
    let twice = record.revoke(RevocationReason::Superseded, at(5)).unwrap().record;
    let why = CertificateRefusal::Revoked { at: at(5), reason: RevocationReason::Superseded };
    assert_eq!(revoke(&twice, 6), Err(why));
}

#[test]
fn the_digest_tells_every_change() {
    let base = issued();
    let other = CertificateId::from_random([8; 16]);
    let changed = [
        CertificateRecord { id: other, ..base.clone() },
        CertificateRecord { der: vec![0x30, 1], ..base.clone() },
        CertificateRecord { subject: "CN=other".into(), ..base.clone() },
        CertificateRecord { issuer: "CN=other".into(), ..base.clone() },
        CertificateRecord { serial: "4f01".into(), ..base.clone() },
        CertificateRecord { not_before: at(1), ..base.clone() },
        CertificateRecord { not_after: at(1), ..base.clone() },
        CertificateRecord { sha256: [3; 32], ..base.clone() },
        CertificateRecord { public_key_sha256: [3; 32], ..base.clone() },
        CertificateRecord { authority: true, ..base.clone() },
        CertificateRecord { origin: CertificateOrigin::Imported, ..base.clone() },
        CertificateRecord { key: None, ..base.clone() },
        CertificateRecord { key: Some(KeyVersionId { version: 2, ..key(1) }), ..base.clone() },
        CertificateRecord { issued_by: None, ..base.clone() },
        CertificateRecord { key: base.issued_by, issued_by: base.key, ..base.clone() },
        base.revoke(RevocationReason::Superseded, at(1)).unwrap().record,
        base.revoke(RevocationReason::Superseded, at(2)).unwrap().record,
        base.revoke(RevocationReason::KeyCompromise, at(1)).unwrap().record,
        base.replace(other).unwrap().record,
        CertificateRecord { created_at: at(1), ..base.clone() },
        base.edit(owner("a")).unwrap().record,
        base.edit(owner("b")).unwrap().record,
        base.edit(noted("a")).unwrap().record,
        base.edit(DescriptionEdit { tags: Some(["a", "b"].map(tag).into()), ..edit() })
            .unwrap()
            .record,
        base.edit(DescriptionEdit { tags: Some(["ab"].map(tag).into()), ..edit() }).unwrap().record,
    ];
    let mut digests: Vec<_> = changed.iter().map(CertificateRecord::state_digest).collect();
    digests.push(base.state_digest());
    digests.sort_unstable();
    digests.dedup();
    assert_eq!(digests.len(), changed.len() + 1);
}

fn edit() -> DescriptionEdit {
    DescriptionEdit::default()
}

fn owner(name: &str) -> DescriptionEdit {
    DescriptionEdit { owner: Some(Owner::parse(name).unwrap()), ..edit() }
}

fn noted(text: &str) -> DescriptionEdit {
    DescriptionEdit { note: Some(Note::parse(text).unwrap()), ..edit() }
}

fn tag(text: &str) -> Tag {
    Tag::parse(text).unwrap()
}

#[test]
fn what_people_say_of_it_is_edited_and_an_empty_description_leaves_the_digest_as_it_was() {
    let base = issued();
    assert_eq!(base.edit(edit()), None);
    assert_eq!(base.edit(noted("")), None);
    let said = base.edit(owner("web team")).unwrap();
    assert_eq!((said.action, said.details["changed"].as_str()), (Action::CertificateEdit, "owner"));
    assert_eq!(said.record.edit(owner("web team")), None);
    let unsaid = said.record.edit(owner("")).unwrap().record;
    // Vaults of schema 3 have such digests in their logs.
    assert_eq!(unsaid.state_digest(), base.state_digest());
    assert_eq!(unsaid.description, Description::default());
}

#[test]
fn only_what_no_key_of_the_vault_issued_is_removed() {
    let base = issued();
    assert_eq!(base.remove(), Err(CertificateRefusal::IssuedHere));
    let foreign = CertificateRecord { issued_by: None, ..base };
    let removed = foreign.remove().unwrap();
    assert_eq!((removed.action, removed.record), (Action::CertificateRemove, foreign));
}

#[test]
fn it_is_self_signed_when_its_own_key_signed_it_under_its_own_name() {
    let own = CertificateRecord { issuer: "CN=leaf".into(), issued_by: Some(key(1)), ..issued() };
    assert!(own.is_self_signed());
    for other in [
        CertificateRecord { issuer: "CN=root".into(), ..own.clone() },
        CertificateRecord { issued_by: Some(key(2)), ..own.clone() },
        // Whose key is not here: nobody knows.
        CertificateRecord { key: None, issued_by: None, ..own.clone() },
        issued(),
    ] {
        assert!(!other.is_self_signed(), "{other:?}");
    }
}

#[test]
fn keys_that_come_after_it_are_attached() {
    let alone = CertificateRecord { key: None, issued_by: None, ..issued() };
    let owned = alone.attach(key(1));
    assert_eq!(owned.record, CertificateRecord { key: Some(key(1)), ..alone.clone() });
    assert_eq!(owned.action, Action::CertificateAttach);
    assert_eq!(owned.details["key"], key(1).key.to_string());
    let issuer = alone.attach_issuer(key(2));
    assert_eq!(issuer.record, CertificateRecord { issued_by: Some(key(2)), ..alone });
    assert_eq!(issuer.action, Action::CertificateAttachIssuer);
    assert_eq!(issuer.details["issued_by"], key(2).key.to_string());
}

#[test]
fn what_an_issuer_s_list_says_is_noted_once() {
    let revocation = Revocation { at: at(5), reason: RevocationReason::KeyCompromise };
    let found = issued().found_revoked(revocation).unwrap();
    assert_eq!(found.record, CertificateRecord { revoked: Some(revocation), ..issued() });
    assert_eq!(found.action, Action::CertificateRevoke);
    assert_eq!((&*found.details["by"], &*found.details["code"]), ("list", "key-compromise"));
    let later = Revocation { at: at(6), ..revocation };
    assert_eq!(found.record.found_revoked(later), None);
}

#[test]
fn a_reason_is_what_someone_said_and_nothing_else() {
    let because = |reason: &str| issued().keep().with_reason(reason).reason;
    assert_eq!(because(" for the shop\n"), Some("for the shop".into()));
    assert_eq!(because(" \n"), None);
}

#[test]
fn every_name_is_read_back() {
    for name in RevocationReason::NAMES {
        assert_eq!(RevocationReason::named(name).unwrap().name(), *name);
    }
    for name in CertificateState::NAMES {
        assert_eq!(CertificateState::named(name).unwrap().name(), *name);
    }
    for name in ["", "hold", "certificateHold", "Superseded", "removeFromCRL"] {
        assert_eq!(RevocationReason::named(name), None);
    }
}

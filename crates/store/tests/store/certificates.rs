//! Kept certificates: rows, questions, and rows that someone changed who went around the store.

use keyreeve_crypto::sha256;
use keyreeve_domain::audit::{Action, AuditDraft, ObjectKind};
use keyreeve_domain::ports::StoreError;
use keyreeve_domain::{
    CertificateChange, CertificateCounts, CertificateId, CertificateOrigin, CertificateQuery,
    CertificateRecord, Description, DescriptionEdit, KeyVersionId, Note, RevocationReason,
};

use crate::support::{Vault, at, draft, key_id, stamp};

fn save(vault: &Vault, change: &CertificateChange) -> Result<u64, StoreError> {
    let mut write = vault.store.write()?;
    let seq = write.save_certificate(change, &stamp())?;
    write.commit()?;
    Ok(seq)
}

/// A certificate of key 1 that key 2 issued, valid until `end` days after the first.
fn record(number: u8, end: i64) -> CertificateRecord {
    let der = vec![0x30, number];
    CertificateRecord {
        id: CertificateId::from_random([number; 16]),
        sha256: sha256(&der),
        der,
        subject: format!("CN=Größe {number}"),
        issuer: "CN=Root".into(),
        serial: format!("4f{number:02x}"),
        not_before: at(0),
        not_after: at(end),
        public_key_sha256: [number; 32],
        authority: false,
        origin: CertificateOrigin::Issued,
        key: Some(KeyVersionId { key: key_id(1), version: 1 }),
        issued_by: Some(KeyVersionId { key: key_id(2), version: 1 }),
        revoked: None,
        replaced_by: None,
        description: Description::default(),
        created_at: at(0),
    }
}

/// A vault with keys 1 and 2, and certificates 1 to 3.
fn filled() -> (Vault, Vec<CertificateRecord>) {
    let vault = Vault::new();
    vault.add(1, "web");
    vault.add(2, "ca");
    let mut all = vec![record(1, 400), record(2, 20), record(3, 5)];
    all[1].key = None;
    all[2].issued_by = None;
    for one in &all {
        save(&vault, &one.clone().keep()).unwrap();
    }
    (vault, all)
}

#[test]
fn what_is_said_of_a_key_does_not_vouch_for_a_certificate() {
    let (vault, all) = filled();
    let of_a_key = AuditDraft {
        object_kind: ObjectKind::Key,
        object: all[0].id.to_string(),
        digest: Some(all[0].state_digest()),
        ..draft(Action::KeyExport)
    };
    let mut write = vault.store.write().unwrap();
    write.append(of_a_key).unwrap();
    write.commit().unwrap();
    let read = vault.store.read().unwrap();
    let found = read.trusted_certificate(all[0].id);
    assert!(matches!(found, Err(StoreError::Tampered { .. })), "{found:?}");
    assert!(read.trusted_certificate(all[1].id).unwrap().is_some());
}

#[test]
fn what_was_kept_comes_back_as_it_was_also_after_a_change() {
    let (vault, all) = filled();
    let vault = vault.reopened();
    for one in &all {
        let read = vault.store.read().unwrap();
        assert_eq!(read.trusted_certificate(one.id).unwrap().as_ref(), Some(one));
    }
    let revoked = all[0].revoke(RevocationReason::KeyCompromise, at(2)).unwrap();
    save(&vault, &revoked).unwrap();
    let replaced = all[1].replace(all[0].id).unwrap();
    save(&vault, &replaced).unwrap();
    let ca = KeyVersionId { key: key_id(2), version: 1 };
    let attached = all[2].attach_issuer(ca);
    save(&vault, &attached).unwrap();
    let read = vault.store.read().unwrap();
    for record in [revoked.record, replaced.record, attached.record] {
        assert_eq!(read.trusted_certificate(record.id).unwrap(), Some(record));
    }
    assert_eq!(read.trusted_certificate(CertificateId::from_random([7; 16])).unwrap(), None);
    assert_eq!(read.key_changes_since(0).unwrap(), 8);
}

#[test]
fn a_removed_one_is_gone_and_cannot_be_put_back_unnoticed() {
    let (vault, all) = filled();
    let edit = DescriptionEdit { note: Some(Note::parse("old").unwrap()), ..Default::default() };
    let noted = all[2].edit(edit).unwrap();
    save(&vault, &noted).unwrap();
    assert_eq!(
        vault.store.read().unwrap().trusted_certificate(all[2].id).unwrap().as_ref(),
        Some(&noted.record)
    );
    let copy = "CREATE TABLE copy AS SELECT * FROM certificates";
    vault.tamper(copy);
    save(&vault, &noted.record.remove().unwrap()).unwrap();
    let read = vault.store.read().unwrap();
    assert_eq!(read.trusted_certificate(all[2].id).unwrap(), None);
    assert_eq!(read.certificates(&CertificateQuery::default()).unwrap().len(), 2);
    drop(read);
    assert!(vault.tamper("INSERT OR IGNORE INTO certificates SELECT * FROM copy") > 0);
    let found = vault.store.read().unwrap().trusted_certificate(all[2].id);
    assert!(matches!(found, Err(StoreError::Tampered { .. })), "{found:?}");
}

#[test]
fn questions_are_answered_those_that_end_first_before_the_others() {
    let (vault, all) = filled();
    let read = vault.store.read().unwrap();
    let found = |query: CertificateQuery| -> Vec<u8> {
        let found = read.certificates(&query).unwrap();
        found.iter().map(|one| one.der[1]).collect()
    };
    let any = CertificateQuery::default;
    assert_eq!(found(any()), [3, 2, 1]);
    assert_eq!(found(CertificateQuery { key: Some(key_id(1)), ..any() }), [3, 1]);
    assert_eq!(found(CertificateQuery { issued_by: Some(key_id(2)), ..any() }), [2, 1]);
    assert_eq!(found(CertificateQuery { search: Some("größe 2".into()), ..any() }), [2]);
    assert_eq!(found(CertificateQuery { search: Some("ROOT".into()), ..any() }), [3, 2, 1]);
    assert_eq!(found(CertificateQuery { search: Some("%".into()), ..any() }), [0_u8; 0]);
    assert_eq!(found(CertificateQuery { subject: Some("CN=Größe 3".into()), ..any() }), [3]);
    assert_eq!(found(CertificateQuery { issuer: Some("CN=Root".into()), ..any() }), [3, 2, 1]);
    assert_eq!(found(CertificateQuery { issuer: Some("CN=root".into()), ..any() }), [0_u8; 0]);
    let both = CertificateQuery {
        issuer: Some("CN=Root".into()),
        key: Some(key_id(1)),
        search: Some("4f01".into()),
        ..any()
    };
    assert_eq!(found(both), [1]);
    assert_eq!(found(CertificateQuery { sha256: Some(all[0].sha256), ..any() }), [1]);
    assert_eq!(found(CertificateQuery { public_key_sha256: Some([2; 32]), ..any() }), [2]);
    for name in [all[1].id.to_string(), "4F02".into(), hex::encode(all[1].sha256)] {
        assert_eq!(found(CertificateQuery { named: Some(name.clone()), ..any() }), [2], "{name}");
    }
    assert_eq!(found(CertificateQuery { named: Some("4f".into()), ..any() }), [0_u8; 0]);
    let counts = |expiring_soon, expired| CertificateCounts { total: 3, expiring_soon, expired };
    assert_eq!(read.certificate_counts(at(1)).unwrap(), counts(2, 0));
    assert_eq!(read.certificate_counts(at(10)).unwrap(), counts(1, 1));
    drop(read);
    save(&vault, &all[2].replace(all[0].id).unwrap()).unwrap();
    save(&vault, &all[1].revoke(RevocationReason::Superseded, at(1)).unwrap()).unwrap();
    let read = vault.store.read().unwrap();
    assert_eq!(read.certificate_counts(at(10)).unwrap(), counts(0, 0));
}

#[test]
fn neither_the_same_twice_nor_one_of_a_key_that_is_not_there_is_kept() {
    let (vault, _) = filled();
    let twin = CertificateRecord { id: CertificateId::from_random([5; 16]), ..record(1, 400) };
    assert!(matches!(save(&vault, &twin.keep()), Err(StoreError::Database(_))));
    let stranger = KeyVersionId { key: key_id(9), version: 1 };
    let orphan = CertificateRecord { key: Some(stranger), ..record(6, 400) };
    assert!(matches!(save(&vault, &orphan.keep()), Err(StoreError::Damaged { .. })));
    let version = KeyVersionId { key: key_id(1), version: 2 };
    let orphan = CertificateRecord { key: Some(version), ..record(6, 400) };
    assert!(save(&vault, &orphan.keep()).is_err());
    let read = vault.store.read().unwrap();
    assert_eq!(read.certificates(&CertificateQuery::default()).unwrap().len(), 3);
    assert_eq!(read.frontier().unwrap().size(), 6);
}

#[test]
fn a_changed_row_is_found_when_the_certificate_is_used() {
    for change in [
        "UPDATE certificates SET der = x'3009'",
        "UPDATE certificates SET subject = 'CN=other'",
        "UPDATE certificates SET issuer = 'CN=other'",
        "UPDATE certificates SET serial = '00'",
        "UPDATE certificates SET not_before = not_before + 1",
        "UPDATE certificates SET not_after = not_after + 1",
        "UPDATE certificates SET sha256 = zeroblob(32)",
        "UPDATE certificates SET public_key_sha256 = zeroblob(32)",
        "UPDATE certificates SET authority = 1",
        "UPDATE certificates SET origin = 'imported'",
        "UPDATE certificates SET key = NULL, key_version = NULL",
        "UPDATE certificates SET issuer_key = NULL, issuer_version = NULL",
        "UPDATE certificates SET revoked_at = NULL, revocation_reason = NULL",
        "UPDATE certificates SET revocation_reason = 'unspecified'",
        "UPDATE certificates SET revocation_reason = 'whim'",
        "UPDATE certificates SET replaced_by = id",
        "UPDATE certificates SET created_at = created_at + 1",
        "UPDATE certificates SET owner = 'x'",
        "UPDATE certificates SET note = 'x'",
        "UPDATE certificates SET tags = '[\"x\"]'",
        "UPDATE certificates SET tags = 'x'",
        "DELETE FROM certificates",
        "UPDATE audit_entries SET vouches = 0 WHERE action LIKE 'certificate.%'",
        "DELETE FROM audit_entries WHERE action = 'certificate.revoke'",
    ] {
        let vault = Vault::new();
        vault.add(1, "web");
        vault.add(2, "ca");
        let kept = record(1, 400).keep();
        save(&vault, &kept).unwrap();
        let revoked = kept.record.revoke(RevocationReason::Superseded, at(2)).unwrap();
        save(&vault, &revoked).unwrap();
        assert!(vault.tamper(change) > 0, "{change}");
        let found = vault.store.read().unwrap().trusted_certificate(kept.record.id);
        assert!(
            matches!(found, Err(StoreError::Tampered { .. } | StoreError::Damaged { .. })),
            "{change}: {found:?}"
        );
    }
}

//! Public keys that are kept alone: rows, and rows that someone changed who went around the store.

use keyreeve_crypto::{Algorithm, sha256};
use keyreeve_domain::ports::StoreError;
use keyreeve_domain::{
    Description, DescriptionEdit, KeyName, KnownKeyChange, KnownKeyId, KnownKeyRecord, Note, Owner,
    Tag,
};

use crate::support::{Vault, at, stamp};

fn save(vault: &Vault, change: &KnownKeyChange) -> Result<u64, StoreError> {
    let mut write = vault.store.write()?;
    let seq = write.save_known_key(change, &stamp())?;
    write.commit()?;
    Ok(seq)
}

fn record(number: u8, name: &str) -> KnownKeyRecord {
    let public_key = vec![0x30, number];
    KnownKeyRecord {
        id: KnownKeyId::from_random([number; 16]),
        name: KeyName::parse(name).unwrap(),
        algorithm: Algorithm::Ed25519.into(),
        sha256: sha256(&public_key),
        public_key,
        form: "openssh-public".into(),
        description: Description {
            owner: Owner::parse("Ann").unwrap(),
            note: Note::parse("two\nlines").unwrap(),
            tags: ["b", "a"].map(|tag| Tag::parse(tag).unwrap()).into(),
        },
        created_at: at(0),
    }
}

#[test]
fn what_was_kept_comes_back_by_name_changed_and_until_it_is_removed() {
    let vault = Vault::new();
    let all = [record(1, "web"), record(2, "db"), record(3, "web")];
    for one in &all {
        save(&vault, &one.clone().keep()).unwrap();
    }
    let vault = vault.reopened();
    let edit = DescriptionEdit { tags: Some([].into()), ..Default::default() };
    let changed = all[0].edit(Some(KeyName::parse("zone").unwrap()), edit).unwrap();
    assert_eq!(changed.details["changed"], "tags, name");
    assert_eq!(changed.record.edit(None, DescriptionEdit::default()), None);
    save(&vault, &changed).unwrap();
    let read = vault.store.read().unwrap();
    assert_eq!(read.trusted_known_key(all[0].id).unwrap(), Some(changed.record.clone()));
    let names = |found: &[KnownKeyRecord]| -> Vec<String> {
        found.iter().map(|one| one.name.to_string()).collect()
    };
    assert_eq!(names(&read.known_keys(None).unwrap()), ["db", "web", "zone"]);
    assert_eq!(read.known_keys(Some(&all[1].sha256)).unwrap(), [all[1].clone()]);
    assert_eq!(read.known_keys(Some(&[0; 32])).unwrap(), []);
    assert_eq!(read.trusted_known_key(KnownKeyId::from_random([9; 16])).unwrap(), None);
    drop(read);
    save(&vault, &changed.record.remove()).unwrap();
    let read = vault.store.read().unwrap();
    assert_eq!(read.trusted_known_key(all[0].id).unwrap(), None);
    assert_eq!(names(&read.known_keys(None).unwrap()), ["db", "web"]);
    assert_eq!(read.key_changes_since(0).unwrap(), 5);
    drop(read);
    // The same key once only, whatever it is called.
    let twin = KnownKeyRecord { id: KnownKeyId::from_random([8; 16]), ..all[1].clone() };
    assert!(matches!(save(&vault, &twin.keep()), Err(StoreError::Database(_))));
}

#[test]
fn a_changed_row_is_found_when_the_public_key_is_used() {
    for change in [
        "UPDATE public_keys SET name = 'other'",
        "UPDATE public_keys SET algorithm = 'x25519'",
        "UPDATE public_keys SET algorithm = 'whim'",
        "UPDATE public_keys SET algorithm = 'rsa-1024'",
        "UPDATE public_keys SET algorithm = 'rsa-01024'",
        "UPDATE public_keys SET public_key = x'3009'",
        "UPDATE public_keys SET sha256 = zeroblob(32)",
        "UPDATE public_keys SET form = 'spki'",
        "UPDATE public_keys SET owner = ''",
        "UPDATE public_keys SET note = ''",
        "UPDATE public_keys SET tags = '[]'",
        "UPDATE public_keys SET tags = '{}'",
        "UPDATE public_keys SET created_at = created_at + 1",
        "DELETE FROM public_keys",
        "UPDATE audit_entries SET vouches = 0 WHERE action = 'public_key.add'",
        "DELETE FROM audit_entries WHERE action = 'public_key.add'",
    ] {
        let vault = Vault::new();
        let kept = record(1, "web");
        save(&vault, &kept.clone().keep()).unwrap();
        assert!(vault.tamper(change) > 0, "{change}");
        let found = vault.store.read().unwrap().trusted_known_key(kept.id);
        assert!(
            matches!(found, Err(StoreError::Tampered { .. } | StoreError::Damaged { .. })),
            "{change}: {found:?}"
        );
    }
}

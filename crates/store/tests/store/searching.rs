//! Search: finds what it should, and no typing is an error.

use std::collections::BTreeMap;

use keyreeve_domain::{
    CustomField, KeyId, KeyQuery, KeyRecord, NewKey, Note, Owner, Tag, WhereUsed, WhereUsedKind,
};
use proptest::prelude::*;

use crate::support::{Vault, at, key_id, new_key, new_version, plain_key, sealed_version};

fn found(vault: &Vault, typed: &str) -> Vec<String> {
    let read = vault.store.read().unwrap();
    let query = KeyQuery { search: Some(typed.to_owned()), limit: 1000, ..KeyQuery::default() };
    let page = read.list(&query, at(1)).unwrap();
    assert_eq!(page.total, page.rows.len() as u64);
    page.rows.into_iter().map(|row| row.name).collect()
}

/// A vault with one key that has something in every place, and one with nothing of it.
fn furnished() -> (Vault, KeyId) {
    let vault = Vault::new();
    let id = key_id(1);
    let new = NewKey {
        owner: Owner::parse("Zo\u{eb} M\u{fc}ller").unwrap(),
        note: Note::parse("rolled over\nafter the audit").unwrap(),
        tags: [Tag::parse("pci-dss").unwrap(), Tag::parse("prod").unwrap()].into(),
        where_used: vec![
            WhereUsed::parse(WhereUsedKind::Url, "https://pay.example.org:8443/v1").unwrap(),
        ],
        fields: vec![CustomField::parse("ticket", "OPS-4711").unwrap()],
        ..plain_key(id, "dev/web-1 \u{1F511} cl\u{e9}")
    };
    let sealed = sealed_version(1, 1);
    let mut version = new_version(&sealed);
    version.fingerprints = BTreeMap::from([
        ("ssh".into(), "SHA256:uNiVztksCsDhcc0u9e8BrqzRn+Yg/8Q4sLkM2dEV3ZA".into()),
        ("spki".into(), "9f:86:d0:81:88:4c".into()),
    ]);
    version.kcv = Some("D5D44F".into());
    vault.save(&KeyRecord::create(new, version, at(1)).unwrap(), &[sealed]).unwrap();
    let plain = NewKey {
        owner: Owner::default(),
        note: Note::default(),
        tags: [].into(),
        ..plain_key(key_id(2), "other")
    };
    let sealed = sealed_version(1, 2);
    let plain = KeyRecord::create(plain, new_version(&sealed), at(1)).unwrap();
    vault.save(&plain, &[sealed]).unwrap();
    (vault, id)
}

#[test]
fn a_key_is_found_by_the_beginning_of_any_word_it_has() {
    let (vault, id) = furnished();
    let shown = id.to_string();
    for typed in [
        "dev",
        "d",
        "web",
        "DEV/WEB",
        "dev/web-1",
        "web-",
        "cle",
        "CL\u{c9}",
        "cle\u{301}",
        "zoe",
        "mull",
        "Mu\u{308}ller",
        "pci",
        "pci-dss",
        "roll",
        "audit",
        "pay.example",
        "https://pay.example.org:8443",
        "8443",
        "ticket",
        "ops-47",
        "4711",
        "SHA256:uNiVztksCsDhcc0u9e8BrqzRn+Yg/8Q4",
        "9f:86:d0",
        "d5d4",
        "web zoe 4711",
        "  web\t\n",
        "- web",
        &shown,
        &shown[..4],
        &shown[..11],
    ] {
        assert_eq!(found(&vault, typed).len(), 1, "{typed:?}");
    }
}

#[test]
fn every_word_must_be_there() {
    let (vault, _) = furnished();
    for typed in [
        "eb",
        "web nothing",
        "1-web",
        "dev web-2",
        "ller",
        "pci other",
        "\u{1F511}",
        "***",
        "-",
        "86:9f",
        "0101-",
        &key_id(3).to_string(),
    ] {
        assert_eq!(found(&vault, typed).len(), 0, "{typed:?}");
    }
    // No words ask for nothing.
    for typed in ["", "  ", "\n"] {
        assert_eq!(found(&vault, typed).len(), 2, "{typed:?}");
    }
}

#[test]
fn what_a_key_was_called_before_no_longer_finds_it() {
    let vault = Vault::new();
    let record = vault.add(1, "antwerp");
    assert_eq!(found(&vault, "antw"), ["antwerp"]);
    let renamed = record.rename(keyreeve_domain::KeyName::parse("bruges").unwrap()).unwrap();
    vault.save(&renamed, &[]).unwrap();
    assert_eq!(found(&vault, "antw").len(), 0);
    assert_eq!(found(&vault, "brug"), ["bruges"]);
    let second = sealed_version(2, 77);
    let rotated = renamed.record.rotate(new_version(&second), "", at(2)).unwrap();
    let new_fingerprint = rotated.record.versions[1].fingerprints["SHA256"].clone();
    let old_fingerprint = rotated.record.versions[0].fingerprints["SHA256"].clone();
    vault.save(&rotated, &[second]).unwrap();
    assert_eq!(found(&vault, &new_fingerprint), ["bruges"]);
    assert_eq!(found(&vault, &old_fingerprint), ["bruges"]);
}

#[test]
fn a_writer_finds_its_own_changes_and_a_reader_only_committed_ones() {
    let vault = Vault::new();
    let query = KeyQuery { search: Some("fresh".into()), limit: 10, ..KeyQuery::default() };
    assert_eq!(found(&vault, "fresh").len(), 0);
    let mut write = vault.store.write().unwrap();
    let (change, sealed) = new_key(1, "fresh");
    assert_eq!(write.list(&query, at(1)).unwrap().total, 0);
    write.save_key(&change, &[sealed], &crate::support::stamp()).unwrap();
    assert_eq!(write.list(&query, at(1)).unwrap().total, 1);
    assert_eq!(found(&vault, "fresh").len(), 0);
    write.commit().unwrap();
    assert_eq!(found(&vault, "fresh").len(), 1);
}

#[test]
fn hostile_text_is_text() {
    let (vault, _) = furnished();
    for typed in [
        r#"""#,
        r#""""#,
        r#""*:^()"#,
        "web OR other",
        "web AND",
        "NOT web",
        "NEAR(web dev)",
        "^web",
        "words:web",
        "{words}:web",
        "web*",
        "(web",
        "web)",
        "w\0eb",
        "\0",
        "'; DROP TABLE keys; --",
        "\u{202E}bew",
        "\u{FFFD}",
        "-words : web",
        "web + dev",
        "%",
        "_",
        "\\",
        "🔑🔑",
        "\"web\" \"dev",
    ] {
        found(&vault, typed);
    }
    assert_eq!(found(&vault, "web OR other").len(), 0);
    assert_eq!(found(&vault, "web*").len(), 1);
    found(&vault, &"x".repeat(1 << 20));
    found(&vault, &"web ".repeat(1 << 16));
    found(&vault, &"\"".repeat(1 << 16));
    assert_eq!(found(&vault, "dev").len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    /// Many texts against one vault, as making one takes longest.
    #[test]
    fn no_text_is_an_error(typed in prop::collection::vec(any::<String>(), 200)) {
        let (vault, _) = furnished();
        for typed in typed {
            found(&vault, &typed);
            found(&vault, &format!("web {typed}"));
        }
    }
}

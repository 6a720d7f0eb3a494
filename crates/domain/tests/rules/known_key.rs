//! Public keys alone: what may be changed of them, and what the log then vouches for.

use keyreeve_crypto::{Algorithm, PublicAlgorithm};
use keyreeve_domain::audit::Action;
use keyreeve_domain::{
    Description, DescriptionEdit, KeyId, KeyName, KnownKeyId, KnownKeyRecord, Note, Owner, Tag,
};

use crate::fixture::{days, start};

pub fn known() -> KnownKeyRecord {
    KnownKeyRecord {
        id: KnownKeyId::from_random([7; 16]),
        name: name("partner"),
        algorithm: PublicAlgorithm::from(Algorithm::Ed25519),
        public_key: vec![0x30, 0],
        sha256: [1; 32],
        form: "openssh-public".into(),
        description: Description::default(),
        created_at: start(),
    }
}

fn name(text: &str) -> KeyName {
    KeyName::parse(text).unwrap()
}

fn owned_by(owner: &str) -> DescriptionEdit {
    DescriptionEdit { owner: Some(Owner::parse(owner).unwrap()), ..DescriptionEdit::default() }
}

#[test]
fn what_is_done_with_it_is_logged_with_its_name() {
    let record = known();
    let kept = record.clone().keep();
    let removed = record.remove();
    let gone = record.give_way(KeyId::from_random([3; 16]));
    for (change, action, details) in [
        (&kept, Action::KnownKeyAdd, vec![("algorithm", "ed25519"), ("form", "openssh-public")]),
        (&removed, Action::KnownKeyRemove, vec![]),
        (&gone, Action::KnownKeyRemove, vec![("key", &*KeyId::from_random([3; 16]).to_string())]),
    ] {
        assert_eq!((&change.record, change.action, &change.reason), (&record, action, &None));
        let said: Vec<_> =
            change.details.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(said, [details, vec![("name", "partner")]].concat());
    }
}

#[test]
fn a_change_says_what_differs_and_is_none_when_nothing_does() {
    let record = known();
    let nothing = DescriptionEdit::default;
    assert_eq!(record.edit(None, nothing()), None);
    assert_eq!(record.edit(Some(name("partner")), owned_by("")), None);
    let renamed = record.edit(Some(name("old partner")), nothing()).unwrap();
    assert_eq!(renamed.action, Action::KnownKeyEdit);
    assert_eq!(renamed.details["changed"], "name");
    assert_eq!(renamed.record, KnownKeyRecord { name: name("old partner"), ..known() });
    let owned = record.edit(None, owned_by("web team")).unwrap();
    assert_eq!(owned.details["changed"], "owner");
    assert_eq!(owned.record.description.owner.as_str(), "web team");
    assert_eq!(owned.record.name, record.name);
    let both = DescriptionEdit {
        note: Some(Note::parse("n").unwrap()),
        tags: Some([Tag::parse("t").unwrap()].into()),
        ..owned_by("web team")
    };
    let all = record.edit(Some(name("x")), both).unwrap();
    assert_eq!(all.details["changed"], "owner, note, tags, name");
}

#[test]
fn a_reason_is_what_someone_said_and_nothing_else() {
    let because = |reason: &str| known().remove().with_reason(reason).reason;
    assert_eq!(because(" contract ended\n"), Some("contract ended".into()));
    assert_eq!(because(" \n"), None);
}

#[test]
fn the_digest_tells_every_change() {
    let base = known();
    let changed = [
        KnownKeyRecord { id: KnownKeyId::from_random([8; 16]), ..base.clone() },
        KnownKeyRecord { name: name("other"), ..base.clone() },
        KnownKeyRecord { algorithm: PublicAlgorithm::from(Algorithm::X25519), ..base.clone() },
        KnownKeyRecord { public_key: vec![0x30, 1], ..base.clone() },
        KnownKeyRecord { sha256: [2; 32], ..base.clone() },
        KnownKeyRecord { form: "spki".into(), ..base.clone() },
        KnownKeyRecord { created_at: days(start(), 1), ..base.clone() },
        base.edit(None, owned_by("web team")).unwrap().record,
    ];
    let mut digests: Vec<_> = changed.iter().map(KnownKeyRecord::state_digest).collect();
    digests.push(base.state_digest());
    digests.sort_unstable();
    digests.dedup();
    assert_eq!(digests.len(), changed.len() + 1);
}

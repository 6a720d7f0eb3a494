//! Policies: cryptoperiods, allowed algorithms, and what an edit may not loosen.

use keyreeve_crypto::{Algorithm, Family, Purpose};
use keyreeve_domain::audit::Action;
use keyreeve_domain::{
    Edit, KeyName, KeyRecord, NewKey, NewKeyError, Note, Owner, Policy, PolicyTemplate,
    TransitionError,
};

use crate::fixture::{at, created, endless, material, new_key, policy, start};

/// The years of originator use that SP 800-57 Part 1, table 1 allows, at least and at most, and
/// by how many years recipient use may be longer.
fn sp_800_57(symmetric: bool, purpose: Purpose) -> (i16, i16, Option<i16>) {
    match (symmetric, purpose) {
        (false, Purpose::Sign) => (1, 3, None),
        (true, Purpose::Mac) => (0, 2, Some(3)),
        (_, Purpose::Authenticate) => (1, 2, None),
        (true, Purpose::Encrypt | Purpose::Wrap) => (0, 2, Some(3)),
        (_, Purpose::Derive) => (1, 1, None),
        (false, Purpose::Encrypt | Purpose::Wrap) => (0, 2, None),
        (_, Purpose::Agree) => (1, 2, None),
        other => panic!("no such key: {other:?}"),
    }
}

#[test]
fn the_default_policy_keeps_sp_800_57() {
    assert_eq!(PolicyTemplate::ALL[0], PolicyTemplate::NistSp80057);
    for algorithm in Algorithm::ALL {
        for purpose in algorithm.purposes() {
            let symmetric = algorithm.family() == Family::Symmetric;
            let (least, most, recipient) = sp_800_57(symmetric, *purpose);
            let policy = PolicyTemplate::NistSp80057.policy(*algorithm, *purpose);
            let years = |end: keyreeve_domain::Timestamp| {
                end.to_zoned_datetime(jiff::tz::TimeZone::UTC).year() - 2026
            };
            let usage = years(policy.originator_usage.as_ref().unwrap().after(start()));
            assert!((least.max(1)..=most).contains(&usage), "{algorithm} {purpose}");
            let recipient_usage = policy.recipient_usage.as_ref().map(|p| years(p.after(start())));
            assert_eq!(recipient_usage.is_some(), recipient.is_some(), "{algorithm} {purpose}");
            assert!(recipient_usage.is_none_or(|years| years <= usage + recipient.unwrap()));
            assert!(policy.ends_use);
        }
    }
}

#[test]
fn periods_count_from_activation() {
    let waits = new_key(policy(), Some(at("2026-03-01T00:00:00Z")));
    let key = KeyRecord::create(waits, material(1), start()).unwrap().record;
    assert_eq!((key.primary().originator_usage_end(&key.policy), key.rotate_by()), (None, None));
    let key = key.activate(at("2026-02-01T12:00:00Z")).unwrap().record;
    assert_eq!(key.rotate_by(), Some(at("2028-02-01T12:00:00Z")));
    assert_eq!(key.primary().recipient_usage_end(&key.policy), Some(at("2031-02-01T12:00:00Z")));
}

#[test]
fn one_is_warned_as_long_before_the_end_as_the_policy_says() {
    let key = created(policy());
    assert_eq!(key.warn_at(), Some(at("2027-12-02T00:00:00Z")));
    let early = Policy { warn_before: "P2M".parse().unwrap(), ..policy() };
    assert_eq!(created(early).warn_at(), Some(at("2027-11-01T00:00:00Z")));
    assert_eq!(created(endless()).warn_at(), None);
}

#[test]
fn the_other_templates_have_the_periods_they_are_known_for() {
    use PolicyTemplate as T;
    for (template, name, originator, recipient, ends_use) in [
        (T::NistSp80057, "nist-sp-800-57", "P2Y", Some("P5Y"), true),
        (T::PciDss, "pci-dss", "P1Y", Some("P4Y"), true),
        (T::Hipaa, "hipaa", "P1Y", Some("P7Y"), true),
        (T::Cnsa20, "cnsa-2.0", "P2Y", Some("P5Y"), true),
        (T::Personal, "personal", "P5Y", None, false),
    ] {
        let policy = template.policy(Algorithm::Aes256Gcm, Purpose::Encrypt);
        assert_eq!(policy.originator_usage.unwrap().as_str(), originator, "{name}");
        assert_eq!(policy.recipient_usage.as_ref().map(|period| period.as_str()), recipient);
        assert_eq!((policy.ends_use, policy.warn_before.to_string()), (ends_use, "P30D".into()));
        assert_eq!(template.name(), name);
        assert_eq!(serde_json::to_value(template).unwrap(), name);
        assert!(template.title().len() >= 5);
        // Only what protects data, and with one key for both sides, is used longer by its readers.
        let signs = template.policy(Algorithm::Ed25519, Purpose::Sign);
        let proves = template.policy(Algorithm::HmacSha256, Purpose::Authenticate);
        assert_eq!((signs.recipient_usage, proves.recipient_usage), (None, None), "{name}");
    }
    let titles: std::collections::BTreeSet<_> = T::ALL.iter().map(|each| each.title()).collect();
    assert_eq!(titles.len(), T::ALL.len());
}

#[test]
fn cnsa_allows_its_few_algorithms_only() {
    let allowed: Vec<_> = Algorithm::ALL
        .iter()
        .filter(|algorithm| PolicyTemplate::Cnsa20.allows(**algorithm))
        .map(|algorithm| algorithm.name())
        .collect();
    assert_eq!(
        allowed,
        ["aes-256-gcm", "aes-256-kwp", "hmac-sha384", "hmac-sha512", "ml-kem-1024", "ml-dsa-87"]
    );
    let cnsa = PolicyTemplate::Cnsa20.policy(Algorithm::Ed25519, Purpose::Sign);
    let new = NewKey {
        algorithm: Algorithm::Ed25519,
        purpose: Purpose::Sign,
        ..new_key(cnsa.clone(), None)
    };
    let refused = KeyRecord::create(new, material(1), start()).unwrap_err();
    assert!(matches!(&refused, NewKeyError::Policy(_)));
    assert!(refused.to_string().contains("ml-dsa-87"));

    let mut key = created(policy());
    key.algorithm = Algorithm::Ed25519;
    let edit = Edit { policy: Some(cnsa.clone()), ..Edit::default() };
    assert!(matches!(key.edit(edit), Err(TransitionError::Policy(_))));
    // A policy that came to forbid what is there stops new versions, not notes.
    key.policy = cnsa;
    assert!(matches!(key.rotate(material(2), "", start()), Err(TransitionError::Policy(_))));
    let note = Edit { note: Some(Note::parse("to be replaced").unwrap()), ..Edit::default() };
    assert!(key.edit(note).is_ok());
}

#[test]
fn an_algorithm_serves_only_its_purposes() {
    let new = NewKey { purpose: Purpose::Sign, ..new_key(endless(), None) };
    let refused = KeyRecord::create(new, material(1), start()).unwrap_err();
    assert!(matches!(&refused, NewKeyError::AlgorithmCannotServe { .. }));
    assert!(refused.to_string().contains("encrypt, wrap, derive"), "{refused}");
}

#[test]
fn exportable_stays_as_it_was_made() {
    for exportable in [true, false] {
        let mut key = created(policy());
        key.exportable = exportable;
        let edit = |exportable| Edit { exportable: Some(exportable), ..Edit::default() };
        assert_eq!(key.edit(edit(!exportable)), Err(TransitionError::ExportableLoosened));
        assert_eq!(key.edit(edit(exportable)), Err(TransitionError::NothingToDo));
    }
}

#[test]
fn edits_and_renames_say_what_they_changed() {
    let key = created(policy());
    assert_eq!(key.edit(Edit::default()), Err(TransitionError::NothingToDo));
    assert_eq!(key.rename(key.name.clone()), Err(TransitionError::NothingToDo));
    let same = Edit { owner: Some(key.owner.clone()), ..Edit::default() };
    assert_eq!(key.edit(same), Err(TransitionError::NothingToDo));

    let edit = Edit {
        owner: Some(Owner::parse("platform").unwrap()),
        tags: Some([].into()),
        policy: Some(Policy { ends_use: false, ..policy() }),
        ..Edit::default()
    };
    let change = key.edit(edit).unwrap();
    assert_eq!(change.action, Action::KeyEdit);
    assert_eq!(change.details["changed"], "owner, tags, policy");
    assert_eq!(change.record.revision, key.revision + 1);
    assert_eq!(change.record.versions, key.versions);

    let change = key.rename(KeyName::parse("archive key").unwrap()).unwrap();
    assert_eq!(
        (change.details["from"].as_str(), change.details["to"].as_str()),
        ("backup key", "archive key")
    );
}

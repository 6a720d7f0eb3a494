//! What happens by itself, and in which order.

use keyreeve_domain::audit::Action;
use keyreeve_domain::{KeyRecord, PolicyTemplate, State, Timestamp};

use crate::fixture::{
    Situation, at, created, days, last, material, new_key, policy, start, with_overlap,
};

#[test]
fn a_pre_active_version_becomes_active_at_its_date() {
    let date = days(start(), 30);
    let key =
        KeyRecord::create(new_key(policy(), Some(date)), material(1), start()).unwrap().record;
    assert_eq!(key.next_due(), Some(date));
    assert_eq!(key.run_due(days(start(), 29)), []);
    let late = days(start(), 31);
    let change = last(key.run_due(late));
    assert_eq!((change.action, change.version), (Action::KeyActivate, Some(1)));
    assert_eq!(change.details["dueAt"], date.to_string());
    let version = change.record.primary();
    assert_eq!((version.activated_at, version.activate_at), (Some(late), None));
}

#[test]
fn a_version_that_its_policy_forbids_does_not_become_active() {
    let (mut key, _) = Situation { state: State::PreActive, scheduled: false }.reached(policy());
    key.algorithm = keyreeve_crypto::Algorithm::Ed25519;
    key.policy = PolicyTemplate::Cnsa20.policy(key.algorithm, key.purpose);
    assert_eq!(key.run_due(days(start(), 365)), []);
    assert!(key.activate(days(start(), 365)).is_err());
}

#[test]
fn versions_are_numbered_without_gaps() {
    let mut key = created(policy());
    for number in 2..5 {
        assert_eq!(key.next_version(), number);
        key = key.rotate(material(2), "", start()).unwrap().record;
        assert_eq!(key.primary().version, number);
    }
}

#[test]
fn the_end_of_the_originator_usage_period_deactivates() {
    for state in [State::Active, State::Suspended] {
        let (key, _) = Situation { state, scheduled: false }.reached(policy());
        let end = at("2028-01-01T00:00:00Z");
        assert_eq!(key.next_due(), Some(end));
        assert_eq!(key.run_due(end - jiff::SignedDuration::from_millis(1)), []);
        let change = last(key.run_due(end));
        assert_eq!((change.action, change.version), (Action::KeyDeactivate, Some(1)));
        assert_eq!(change.record.state(), State::Deactivated);
    }
}

#[test]
fn a_key_has_expired_only_when_its_own_time_took_it_out_of_use() {
    let end = at("2028-01-01T00:00:00Z");
    let key = created(policy());
    assert!(!key.has_expired());
    let expired = last(key.run_due(end)).record;
    assert!(expired.has_expired());
    // Rotating is what it needs, and what ends it.
    assert!(!expired.rotate(material(2), "", end).unwrap().record.has_expired());
    let retired = key.deactivate(None, "not needed", days(end, -1)).unwrap().record;
    assert!(!retired.has_expired());
    // A policy that only warns takes nothing out of use.
    let warned = created(keyreeve_domain::Policy { ends_use: false, ..policy() });
    assert_eq!(warned.run_due(end), []);
    assert!(!warned.deactivate(None, "", days(end, 1)).unwrap().record.has_expired());
    let endless = created(crate::fixture::endless());
    assert!(!endless.deactivate(None, "", end).unwrap().record.has_expired());
}

#[test]
fn what_fell_due_first_is_done_first() {
    // Version 1 leaves at the end of its overlap, version 2 at the end of its period, and version
    // 3's destruction falls due in between.
    let mut key = created(with_overlap("P30D"));
    key = key.rotate(material(2), "", start()).unwrap().record;
    key = key.rotate(material(3), "", days(start(), 1)).unwrap().record;
    key = key.deactivate(Some(3), "", days(start(), 1)).unwrap().record;
    key = key.schedule_destruction(Some(3), 30, "", days(start(), 1)).unwrap().record;
    let changes = key.run_due(at("2100-01-01T00:00:00Z"));
    let order: Vec<_> = changes
        .iter()
        .map(|change| (change.action, change.version.unwrap(), change.details["dueAt"].as_str()))
        .collect();
    assert_eq!(
        order,
        [
            (Action::KeyDeactivate, 1, "2026-01-31T00:00:00Z"),
            (Action::KeyDeactivate, 2, "2026-02-01T00:00:00Z"),
            (Action::KeyDestroy, 3, "2026-02-01T00:00:00Z"),
        ]
    );
    let revisions: Vec<_> = changes.iter().map(|change| change.record.revision).collect();
    assert_eq!(revisions, [key.revision + 1, key.revision + 2, key.revision + 3]);
    assert_eq!(last(changes).record.next_due(), None);
}

#[test]
fn a_cancelled_destruction_never_falls_due() {
    let (key, now) = Situation { state: State::Deactivated, scheduled: true }.reached(policy());
    let kept = key.cancel_destruction(None).unwrap().record;
    assert_eq!((kept.next_due(), kept.run_due(days(now, 1000))), (None, vec![]));
}

#[test]
fn the_end_of_time_ends() {
    for situation in Situation::ALL {
        let (key, _) = situation.reached(with_overlap("P1D"));
        let done = key.run_due(Timestamp::MAX);
        assert!(done.len() <= 3);
        let settled = done.last().map_or(&key, |change| &change.record);
        assert_eq!(settled.next_due(), None);
    }
}

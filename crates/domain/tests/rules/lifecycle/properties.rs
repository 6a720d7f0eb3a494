//! No sequence of operations reaches a forbidden state.

use keyreeve_domain::State::{Active, Compromised, Deactivated, Destroyed, PreActive, Suspended};
use keyreeve_domain::audit::Action;
use keyreeve_domain::{
    Edit, KeyChange, KeyName, KeyRecord, KeyVersion, Note, Operation, Period, Permission, Policy,
    Refusal, State, Timestamp, TransitionError,
};
use proptest::prelude::*;

use crate::fixture::{days, endless, material, new_key, policy, start};

/// The transitions of the lifecycle's table; every other one is forbidden.
const ALLOWED: &[(State, State)] = &[
    (PreActive, Active),
    (PreActive, Destroyed),
    (PreActive, Compromised),
    (Active, Suspended),
    (Active, Deactivated),
    (Active, Compromised),
    (Suspended, Active),
    (Suspended, Deactivated),
    (Suspended, Compromised),
    (Deactivated, Compromised),
    (Deactivated, Destroyed),
    (Compromised, Destroyed),
];

#[derive(Debug, Clone)]
enum Act {
    Rotate,
    Activate,
    Suspend(Option<u32>),
    Resume(Option<u32>),
    Deactivate(Option<u32>),
    Revoke(Option<u32>, i64),
    Schedule(Option<u32>, u16),
    Cancel(Option<u32>),
    RunDue,
    Rename(u8),
    Edit(u8),
}

#[derive(Debug, Clone)]
struct Step {
    act: Act,
    /// How many hours after the step before.
    hours: i64,
}

fn acts() -> impl Strategy<Value = Act> {
    let version = || prop::option::of(0..6_u32);
    prop_oneof![
        2 => Just(Act::Rotate),
        1 => Just(Act::Activate),
        2 => version().prop_map(Act::Suspend),
        2 => version().prop_map(Act::Resume),
        3 => version().prop_map(Act::Deactivate),
        2 => (version(), -400..20_i64).prop_map(|(version, days)| Act::Revoke(version, days)),
        4 => (version(), 5..93_u16).prop_map(|(version, wait)| Act::Schedule(version, wait)),
        2 => version().prop_map(Act::Cancel),
        4 => Just(Act::RunDue),
        1 => any::<u8>().prop_map(Act::Rename),
        1 => any::<u8>().prop_map(Act::Edit),
    ]
}

fn steps(hours: std::ops::Range<i64>) -> impl Strategy<Value = Vec<Step>> {
    let step = (acts(), prop_oneof![3 => 0..72_i64, 1 => hours]);
    prop::collection::vec(step.prop_map(|(act, hours)| Step { act, hours }), 1..60)
}

fn policies() -> impl Strategy<Value = Policy> {
    let period = || prop::option::of((1..400_u16).prop_map(Period::days));
    (period(), period(), period(), any::<bool>()).prop_map(
        |(originator_usage, recipient_usage, overlap, ends_use)| Policy {
            originator_usage,
            recipient_usage,
            overlap,
            ends_use,
            ..endless()
        },
    )
}

fn perform(key: &KeyRecord, act: &Act, now: Timestamp) -> Result<Vec<KeyChange>, TransitionError> {
    let one = match *act {
        Act::RunDue => return Ok(key.run_due(now)),
        Act::Rotate => key.rotate(material(key.versions.len() as u8 + 1), "due", now),
        Act::Activate => key.activate(now),
        Act::Suspend(version) => key.suspend(version, "leave", now),
        Act::Resume(version) => key.resume(version, now),
        Act::Deactivate(version) => key.deactivate(version, "", now),
        Act::Revoke(version, ago) => key.revoke(version, "leaked", days(now, ago), now),
        Act::Schedule(version, wait) => key.schedule_destruction(version, wait, "", now),
        Act::Cancel(version) => key.cancel_destruction(version),
        Act::Rename(n) => key.rename(KeyName::parse(&format!("key {n}")).unwrap()),
        Act::Edit(n) => {
            let note = Some(Note::parse(&n.to_string()).unwrap());
            key.edit(Edit { note, ..Edit::default() })
        }
    };
    one.map(|change| vec![change])
}

/// What one change may do to a key.
fn check_change(before: &KeyRecord, act: &Act, change: &KeyChange, now: Timestamp) {
    let after = &change.record;
    assert_eq!(after.revision, before.revision + 1);
    assert_ne!(after.state_digest(), before.state_digest());
    assert_eq!(
        (after.id, after.purpose, after.algorithm, after.exportable, after.created_at),
        (before.id, before.purpose, before.algorithm, before.exportable, before.created_at)
    );
    let added = after.versions.len() - before.versions.len();
    assert_eq!(added, usize::from(matches!(act, Act::Rotate)));

    let mut destroyed = Vec::new();
    for (old, new) in before.versions.iter().zip(&after.versions) {
        if old.state != new.state {
            assert!(ALLOWED.contains(&(old.state, new.state)), "{} to {}", old.state, new.state);
            if new.state == Destroyed {
                destroyed.push(new.version);
                let waited = old.destroy_scheduled_at.is_some_and(|due| due <= now);
                assert!(old.state == PreActive || waited, "destroyed before its time");
            }
        }
        check_version_change(old, new, act, now);
    }
    assert_eq!(change.purged, destroyed);
    assert_eq!(change.action == Action::KeyDestroy, !destroyed.is_empty());
}

fn check_version_change(old: &KeyVersion, new: &KeyVersion, act: &Act, now: Timestamp) {
    if let Some(compromised_at) = old.compromised_at {
        assert_eq!(new.compromised_at, Some(compromised_at), "a report was forgotten");
        assert!(matches!(new.state, Compromised | Destroyed));
    }
    match (old.destroy_scheduled_at, new.destroy_scheduled_at) {
        (Some(_), None) if new.state != Destroyed => {
            assert!(matches!(act, Act::Cancel(_)));
            assert_eq!(new.state, old.state);
            assert!(matches!(new.state, Deactivated | Compromised));
        }
        (Some(old_due), Some(due)) => {
            assert_eq!(old_due, due);
            // Only a report reaches a version that waits for its destruction.
            assert!(new.state == old.state || matches!(act, Act::Revoke(..)));
        }
        (None, Some(due)) => {
            assert!(matches!(act, Act::Schedule(..)));
            assert!(days(now, 7) <= due && due <= days(now, 90));
        }
        _ => {}
    }
}

/// What holds for every key at all times.
fn check_key(key: &KeyRecord, now: Timestamp) {
    let numbers: Vec<_> = key.versions.iter().map(|version| version.version).collect();
    assert_eq!(numbers, (1..=key.versions.len() as u32).collect::<Vec<_>>());
    assert_eq!(key.primary_version as usize, key.versions.len());
    assert_eq!(key.primary().version, key.primary_version);
    for version in &key.versions {
        check_version(key, version, now);
    }
}

fn check_version(key: &KeyRecord, version: &KeyVersion, now: Timestamp) {
    let is_primary = version.version == key.primary_version;
    let replaced = (!is_primary).then_some(version.version + 1);
    assert_eq!(version.replaced_by, replaced);
    assert!(version.state != PreActive || key.versions.len() == 1);
    let in_use = matches!(version.state, Active | Suspended);
    assert!(is_primary || !in_use || version.deactivate_at.is_some(), "in use for ever");

    let destroyed = version.state == Destroyed;
    assert_eq!(version.data_key_digest.is_none(), destroyed);
    assert_eq!(version.material_digest.is_none(), destroyed);
    assert_eq!(version.destroyed_at.is_some(), destroyed);
    assert_eq!(version.suspended_at.is_some(), version.state == Suspended);
    assert!(version.state != Compromised || version.compromised_at.is_some());
    assert_eq!(version.compromised_at.is_some(), version.compromise_reason.is_some());
    assert_eq!(version.activate_at.is_some(), version.state == PreActive);

    if version.destroy_scheduled_at.is_some() {
        assert!(matches!(version.state, Deactivated | Compromised));
        for operation in
            [Operation::Protect, Operation::Process, Operation::Export, Operation::Backup]
        {
            let permission = key.permits(version.version, operation, now);
            assert_eq!(permission, Permission::Refused(Refusal::DestructionScheduled));
        }
    }
    if version.state != Active {
        let protect = key.permits(version.version, Operation::Protect, now);
        assert!(matches!(protect, Permission::Refused(_)), "{protect:?}");
    }
}

fn check_times(key: &KeyRecord, now: Timestamp) {
    for version in &key.versions {
        let KeyVersion {
            created_at,
            activated_at,
            suspended_at,
            deactivated_at,
            destroyed_at,
            compromised_at,
            ..
        } = version;
        let life =
            [Some(*created_at), *activated_at, *suspended_at, *deactivated_at, *destroyed_at];
        let life: Vec<_> = life.into_iter().flatten().collect();
        assert!(life.is_sorted(), "{life:?}");
        assert!(life.last().is_none_or(|last| *last <= now));
        assert!(compromised_at.is_none_or(|at| at <= now));
    }
}

/// Runs `steps` and checks everything after each; answers what was done and what was refused.
fn run(policy: Policy, activate_in: Option<i64>, steps: &[Step], times_ordered: bool) {
    let mut now = start();
    let activate_at = activate_in.map(|hours| days(now, hours));
    let created = KeyRecord::create(new_key(policy, activate_at), material(1), now).unwrap();
    let mut key = created.record;
    check_key(&key, now);
    for Step { act, hours } in steps {
        now += jiff::SignedDuration::from_hours(*hours);
        let Ok(changes) = perform(&key, act, now) else { continue };
        for change in changes {
            check_change(&key, act, &change, now);
            key = change.record;
            check_key(&key, now);
            if times_ordered {
                check_times(&key, now);
            }
        }
        if matches!(act, Act::RunDue) {
            assert_eq!(key.run_due(now), [], "twice is once");
            assert!(key.next_due().is_none_or(|due| due > now));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_sequence_reaches_a_forbidden_state(
        policy in policies(),
        activate_in in prop::option::of(-2..60_i64),
        steps in steps(0..20_000),
    ) {
        run(policy, activate_in, &steps, true);
    }

    #[test]
    fn not_even_with_a_clock_that_is_set_back(
        policy in policies(),
        activate_in in prop::option::of(-2..60_i64),
        steps in steps(-20_000..20_000),
    ) {
        run(policy, activate_in, &steps, false);
    }

    #[test]
    fn a_version_that_waits_for_its_destruction_refuses_everything_but_a_report(
        steps in steps(0..1_000),
    ) {
        let mut key = KeyRecord::create(new_key(policy(), None), material(1), start()).unwrap().record;
        key = key.deactivate(None, "", start()).unwrap().record;
        key = key.schedule_destruction(None, 30, "", start()).unwrap().record;
        for Step { act, .. } in &steps {
            let about_use = matches!(
                act,
                Act::Rotate | Act::Activate | Act::Suspend(None | Some(1)) | Act::Resume(None | Some(1))
                    | Act::Deactivate(None | Some(1))
            );
            if about_use {
                prop_assert_eq!(
                    perform(&key, act, days(start(), 1)),
                    Err(TransitionError::DestructionScheduled { version: 1 })
                );
            }
        }
    }
}

//! Every situation a version can be in, and what each transition makes of it.

use keyreeve_domain::audit::Action;
use keyreeve_domain::{
    KeyChange, KeyRecord, MAX_DESTRUCTION_WAIT_DAYS, MIN_DESTRUCTION_WAIT_DAYS, NewVersion, Origin,
    State, Timestamp, TransitionError,
};

use crate::fixture::{
    Situation, at, created, days, endless, last, material, new_key, policy, start, with_overlap,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Transition {
    Activate,
    Suspend,
    Resume,
    Deactivate,
    Revoke,
    Schedule,
    Cancel,
    Rotate,
}

use Transition::{Activate, Cancel, Deactivate, Resume, Revoke, Rotate, Schedule, Suspend};

/// What comes of it: the state of the version that was tried, or why it is refused.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Now(State),
    Waits(State),
    Wrong,
    InUse,
    Scheduled,
    NotScheduled,
    Already,
}

use Outcome::{Already, InUse, NotScheduled, Now, Scheduled, Waits, Wrong};
use State::{Active, Compromised, Deactivated, Destroyed, PreActive, Suspended};

const TRANSITIONS: [Transition; 8] =
    [Activate, Suspend, Resume, Deactivate, Revoke, Schedule, Cancel, Rotate];

/// A row for each of [`Situation::ALL`], a column for each of [`TRANSITIONS`].
#[rustfmt::skip]
const EXPECTED: [[Outcome; 8]; 8] = [
    // Activate     Suspend         Resume       Deactivate        Revoke             Schedule            Cancel            Rotate
    /* pre_active */
    [Now(Active),   Wrong,          Wrong,       Wrong,            Now(Compromised),  Now(Destroyed),     NotScheduled,     Wrong],
    /* active */
    [Wrong,         Now(Suspended), Wrong,       Now(Deactivated), Now(Compromised),  InUse,              NotScheduled,     Now(Deactivated)],
    /* suspended */
    [Wrong,         Wrong,          Now(Active), Now(Deactivated), Now(Compromised),  InUse,              NotScheduled,     Now(Deactivated)],
    /* deactivated */
    [Wrong,         Wrong,          Wrong,       Wrong,            Now(Compromised),  Waits(Deactivated), NotScheduled,     Now(Deactivated)],
    /* compromised */
    [Wrong,         Wrong,          Wrong,       Wrong,            Already,           Waits(Compromised), NotScheduled,     Now(Compromised)],
    /* destroyed */
    [Wrong,         Wrong,          Wrong,       Wrong,            Now(Destroyed),    Wrong,              NotScheduled,     Wrong],
    /* deactivated, scheduled */
    [Scheduled,     Scheduled,      Scheduled,   Scheduled,        Waits(Compromised), Scheduled,         Now(Deactivated), Scheduled],
    /* compromised, scheduled */
    [Scheduled,     Scheduled,      Scheduled,   Scheduled,        Already,           Scheduled,          Now(Compromised), Scheduled],
];

fn attempt(
    transition: Transition,
    key: &KeyRecord,
    version: Option<u32>,
    now: Timestamp,
) -> Result<KeyChange, TransitionError> {
    match transition {
        Activate => key.activate(now),
        Suspend => key.suspend(version, "", now),
        Resume => key.resume(version, now),
        Deactivate => key.deactivate(version, "", now),
        Revoke => key.revoke(version, "found in a public repository", now, now),
        Schedule => key.schedule_destruction(version, 30, "", now),
        Cancel => key.cancel_destruction(version),
        Rotate => key.rotate(material(2), "", now),
    }
}

fn outcome(result: Result<KeyChange, TransitionError>) -> Outcome {
    match result {
        Ok(change) => match Situation::of(&change.record, 1) {
            Situation { state, scheduled: false } => Now(state),
            Situation { state, scheduled: true } => Waits(state),
        },
        Err(TransitionError::WrongState { .. }) => Wrong,
        Err(TransitionError::StillInUse { .. }) => InUse,
        Err(TransitionError::DestructionScheduled { .. }) => Scheduled,
        Err(TransitionError::DestructionNotScheduled { .. }) => NotScheduled,
        Err(TransitionError::AlreadyCompromised { .. }) => Already,
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn every_transition_in_every_situation() {
    for (situation, row) in Situation::ALL.into_iter().zip(&EXPECTED) {
        for (transition, expected) in TRANSITIONS.into_iter().zip(row) {
            for version in [None, Some(1)] {
                let (key, now) = situation.reached(policy());
                assert_eq!(Situation::of(&key, 1), situation);
                let result = attempt(transition, &key, version, now);
                if let Ok(change) = &result {
                    assert_eq!(change.record.revision, key.revision + 1);
                    assert!(change.version.is_none_or(|v| v == 1 || transition == Rotate));
                }
                assert_eq!(outcome(result), *expected, "{transition:?} of {situation:?}");
            }
        }
    }
}

#[test]
fn a_key_from_outside_is_logged_as_brought_in() {
    let brought = NewVersion { origin: Origin::Imported, ..material(1) };
    let change = KeyRecord::create(new_key(policy(), None), brought, start()).unwrap();
    assert_eq!((change.action, change.version), (Action::KeyImport, Some(1)));
    assert_eq!(change.record.primary().origin, Origin::Imported);
}

#[test]
fn a_new_key_is_active_at_once_or_at_its_date() {
    let state = |activate_at| {
        let change =
            KeyRecord::create(new_key(policy(), activate_at), material(1), start()).unwrap();
        assert_eq!((change.action, change.version), (Action::KeyCreate, Some(1)));
        let version = change.record.primary();
        assert_eq!(version.activated_at.is_some(), version.activate_at.is_none());
        change.record.state()
    };
    assert_eq!(state(None), Active);
    assert_eq!(state(Some(days(start(), -1))), Active);
    assert_eq!(state(Some(start())), Active);
    assert_eq!(state(Some(days(start(), 1))), PreActive);
}

#[test]
fn versions_that_are_not_there_are_named() {
    let key = created(policy());
    for version in [0, 2, u32::MAX] {
        for transition in [Suspend, Resume, Deactivate, Revoke, Schedule, Cancel] {
            assert_eq!(
                attempt(transition, &key, Some(version), start()),
                Err(TransitionError::NoSuchVersion { version, newest: 1 })
            );
        }
    }
}

#[test]
fn a_rotation_replaces_the_primary_version() {
    let now = days(start(), 100);
    let change = created(policy()).rotate(material(2), " because ", now).unwrap();
    assert_eq!((change.action, change.version), (Action::KeyRotate, Some(2)));
    assert_eq!(change.reason.as_deref(), Some("because"));
    let key = change.record;
    assert_eq!((key.primary_version, key.state()), (2, Active));
    let old = key.version(1).unwrap();
    assert_eq!((old.state, old.replaced_by, old.deactivated_at), (Deactivated, Some(2), Some(now)));
    assert_eq!(key.version(2).unwrap().activated_at, Some(now));
}

#[test]
fn an_overlap_keeps_the_old_version_active_until_it_ends() {
    let key = created(with_overlap("P14D")).rotate(material(2), "", start()).unwrap().record;
    assert_eq!(key.version(1).unwrap().state, Active);
    assert_eq!(key.version(1).unwrap().deactivate_at, Some(at("2026-01-15T00:00:00Z")));
    assert_eq!(key.run_due(at("2026-01-14T23:59:59Z")), []);
    let after = last(key.run_due(at("2026-01-15T00:00:00Z"))).record;
    assert_eq!(after.version(1).unwrap().state, Deactivated);
    assert_eq!(after.version(2).unwrap().state, Active);
}

#[test]
fn a_suspended_version_gets_no_overlap() {
    let (key, now) = Situation { state: Suspended, scheduled: false }.reached(with_overlap("P14D"));
    let key = key.rotate(material(2), "", now).unwrap().record;
    assert_eq!(key.version(1).unwrap().state, Deactivated);
}

#[test]
fn resuming_ends_with_the_originator_usage_period_and_with_the_overlap() {
    let (key, _) = Situation { state: Suspended, scheduled: false }.reached(policy());
    let end = at("2028-01-01T00:00:00Z");
    assert!(key.resume(None, at("2027-12-31T23:59:59Z")).is_ok());
    assert_eq!(
        key.resume(None, end),
        Err(TransitionError::OriginatorUsageOver { version: 1, ended: end })
    );
    let replaced = created(with_overlap("P14D")).rotate(material(2), "", start()).unwrap().record;
    let suspended = replaced.suspend(Some(1), "", days(start(), 1)).unwrap().record;
    assert!(suspended.resume(Some(1), days(start(), 13)).is_ok());
    assert!(matches!(
        suspended.resume(Some(1), days(start(), 14)),
        Err(TransitionError::OriginatorUsageOver { version: 1, .. })
    ));
}

#[test]
fn retiring_a_key_retires_every_version_in_use() {
    let key = created(with_overlap("P14D")).rotate(material(2), "", start()).unwrap().record;
    let all = key.deactivate(None, "", start()).unwrap();
    assert_eq!(all.version, None);
    assert!(all.record.versions.iter().all(|version| version.state == Deactivated));
    // Also when the primary one already waits for its destruction.
    let primary = key.deactivate(Some(2), "", start()).unwrap().record;
    let waiting = primary.schedule_destruction(Some(2), 7, "", start()).unwrap().record;
    let all = waiting.deactivate(None, "", start()).unwrap().record;
    assert_eq!(all.version(1).unwrap().state, Deactivated);
}

#[test]
fn a_revocation_says_why_and_when() {
    let key = created(policy());
    let now = days(start(), 5);
    for reason in ["", " \n\t"] {
        assert_eq!(key.revoke(None, reason, now, now), Err(TransitionError::ReasonMissing));
    }
    let at = days(start(), 6);
    assert_eq!(key.revoke(None, "lost", at, now), Err(TransitionError::CompromiseInFuture { at }));
    let change = key.revoke(None, " lost laptop ", days(start(), 2), now).unwrap();
    let version = change.record.primary();
    assert_eq!(version.compromised_at, Some(days(start(), 2)));
    assert_eq!(version.compromise_reason.as_deref(), Some("lost laptop"));
    assert_eq!(change.details["compromisedAt"], "2026-01-03T00:00:00Z");
}

#[test]
fn a_destroyed_version_can_still_be_reported_compromised() {
    let (key, now) = Situation { state: Destroyed, scheduled: false }.reached(policy());
    let key = key.revoke(None, "old backup tape found", start(), now).unwrap().record;
    assert_eq!((key.state(), key.primary().compromised_at), (Destroyed, Some(start())));
    assert!(matches!(
        key.revoke(None, "again", start(), now),
        Err(TransitionError::AlreadyCompromised { version: 1 })
    ));
}

#[test]
fn destruction_waits_7_to_90_days() {
    let (key, now) = Situation { state: Deactivated, scheduled: false }.reached(policy());
    for wait in [0, MIN_DESTRUCTION_WAIT_DAYS - 1, MAX_DESTRUCTION_WAIT_DAYS + 1, u16::MAX] {
        assert_eq!(
            key.schedule_destruction(None, wait, "", now),
            Err(TransitionError::WaitOutOfRange { days: wait })
        );
    }
    for wait in [MIN_DESTRUCTION_WAIT_DAYS, 30, MAX_DESTRUCTION_WAIT_DAYS] {
        let change = key.schedule_destruction(None, wait, "", now).unwrap();
        let due = days(now, wait.into());
        assert_eq!(change.record.primary().destroy_scheduled_at, Some(due));
        assert_eq!((change.action, change.purged.len()), (Action::KeyScheduleDestruction, 0));
        assert_eq!(change.record.run_due(due - jiff::SignedDuration::from_millis(1)), []);
        let destroyed = last(change.record.run_due(due));
        assert_eq!((destroyed.action, destroyed.purged), (Action::KeyDestroy, vec![1]));
        assert_eq!(destroyed.record.state(), Destroyed);
    }
    let end_of_time = key.schedule_destruction(None, 90, "", Timestamp::MAX).unwrap();
    assert_eq!(end_of_time.record.primary().destroy_scheduled_at, Some(Timestamp::MAX));
}

#[test]
fn a_version_that_was_never_used_is_destroyed_at_once() {
    let (key, now) = Situation { state: PreActive, scheduled: false }.reached(policy());
    let change = key.schedule_destruction(None, 30, "mistake", now).unwrap();
    assert_eq!((change.action, change.purged), (Action::KeyDestroy, vec![1]));
    assert_eq!(change.record.primary().destroyed_at, Some(now));
}

#[test]
fn destroying_a_key_wants_every_version_out_of_use() {
    let key = created(endless()).rotate(material(2), "", start()).unwrap().record;
    assert_eq!(
        key.schedule_destruction(None, 30, "", start()),
        Err(TransitionError::StillInUse { version: 2, state: Active })
    );
    let retired = key.deactivate(None, "", start()).unwrap().record;
    let waiting = retired.schedule_destruction(None, 30, "", start()).unwrap().record;
    assert!(waiting.versions.iter().all(|version| version.destroy_scheduled_at.is_some()));
    let kept = waiting.cancel_destruction(None).unwrap().record;
    assert!(kept.versions.iter().all(|version| version.destroy_scheduled_at.is_none()));
    assert!(kept.versions.iter().all(|version| version.state == Deactivated));
}

#[test]
fn every_state_is_read_back_by_its_name_and_no_other_is() {
    for state in State::ALL {
        assert_eq!(state.to_string(), state.name());
        assert_eq!(state.name().parse(), Ok(*state));
        assert_eq!(serde_json::to_value(state).unwrap(), state.name());
    }
    let unknown = "retired".parse::<State>().unwrap_err();
    assert_eq!(unknown.known, "pre_active active suspended deactivated compromised destroyed");
}

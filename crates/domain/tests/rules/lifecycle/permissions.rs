//! What each state allows.

use keyreeve_domain::Operation::{Backup, Export, Process, Protect};
use keyreeve_domain::Permission::{Granted, OverrideNeeded, Refused, Warned};
use keyreeve_domain::State::{Active, Compromised, Deactivated, Destroyed, PreActive, Suspended};
use keyreeve_domain::{
    GCM_MAX_ENCRYPTIONS, GCM_WARN_ENCRYPTIONS, KeyRecord, Operation, Permission, Policy,
    PolicyTemplate, Refusal, State, Warning,
};

use crate::fixture::{Situation, at, created, days, material, policy, start, with_overlap};

const OPERATIONS: [Operation; 4] = [Protect, Process, Export, Backup];

fn no(state: State) -> Permission {
    Refused(Refusal::State(state))
}

fn warned(warning: Warning) -> Permission {
    Warned(warning)
}

/// Encrypt… | decrypt… | export of an exportable key | export into a backup's standard files.
fn expected(state: State) -> [Permission; 4] {
    match state {
        PreActive => {
            let administrator = warned(Warning::NotYetActive);
            [no(PreActive), no(PreActive), administrator, administrator]
        }
        Active => [Granted, Granted, Granted, Granted],
        Suspended => [no(Suspended), warned(Warning::Suspended), no(Suspended), no(Suspended)],
        Deactivated => [no(Deactivated), Granted, no(Deactivated), Granted],
        Compromised => [no(Compromised), OverrideNeeded, no(Compromised), no(Compromised)],
        Destroyed => [no(Destroyed); 4],
    }
}

#[test]
fn every_operation_in_every_situation() {
    for situation in Situation::ALL {
        for exportable in [true, false] {
            let (mut key, now) = situation.reached(policy());
            key.exportable = exportable;
            for (operation, by_state) in OPERATIONS.into_iter().zip(expected(situation.state)) {
                let takes_out = matches!(operation, Export | Backup);
                let permission = key.permits(1, operation, now);
                let expected = if situation.scheduled {
                    Refused(Refusal::DestructionScheduled)
                } else if takes_out && !exportable {
                    Refused(Refusal::NotExportable)
                } else {
                    by_state
                };
                assert_eq!(permission, expected, "{operation:?} {exportable} {situation:?}");
                assert_eq!(
                    key.primary().permits(operation, &key.policy, exportable, now),
                    permission
                );
            }
        }
    }
}

#[test]
fn a_version_that_is_not_there_permits_nothing() {
    for version in [0, 2, u32::MAX] {
        for operation in OPERATIONS {
            assert_eq!(
                created(policy()).permits(version, operation, start()),
                Refused(Refusal::NoSuchVersion)
            );
        }
    }
}

#[test]
fn processing_after_the_recipient_usage_period_warns() {
    let (key, _) = Situation { state: Deactivated, scheduled: false }.reached(policy());
    let process = |time: &str| key.permits(1, Process, at(time));
    assert_eq!(process("2030-12-31T23:59:59.999Z"), Granted);
    assert_eq!(process("2031-01-01T00:00:00Z"), warned(Warning::RecipientUsageOver));
}

#[test]
fn a_version_whose_time_is_over_protects_nothing_even_before_it_is_deactivated() {
    let key = created(policy());
    assert_eq!(key.permits(1, Protect, at("2027-12-31T23:59:59.999Z")), Granted);
    assert_eq!(key.permits(1, Protect, at("2028-01-01T00:00:00Z")), no(Deactivated));
    assert_eq!(key.permits(1, Process, at("2028-01-01T00:00:00Z")), Granted);

    let replaced = created(with_overlap("P14D")).rotate(material(2), "", start()).unwrap().record;
    assert_eq!(replaced.permits(1, Protect, days(start(), 13)), Granted);
    assert_eq!(replaced.permits(1, Protect, days(start(), 14)), no(Deactivated));
}

#[test]
fn a_policy_that_only_warns_ends_no_use() {
    let personal = PolicyTemplate::Personal
        .policy(keyreeve_crypto::Algorithm::Aes256Gcm, keyreeve_crypto::Purpose::Encrypt);
    let key = created(Policy { ..personal });
    assert_eq!(key.permits(1, Protect, at("2099-01-01T00:00:00Z")), Granted);
    assert_eq!(key.run_due(at("2099-01-01T00:00:00Z")), []);
    assert_eq!(key.rotate_by(), Some(at("2031-01-01T00:00:00Z")));
}

#[test]
fn gcm_keys_warn_at_half_their_encryptions_and_stop_at_all_of_them() {
    let after = |encryptions: u64| {
        let mut key: KeyRecord = created(policy());
        key.versions[0].encryptions = encryptions;
        [Protect, Process].map(|operation| key.permits(1, operation, start()))
    };
    assert_eq!(after(GCM_WARN_ENCRYPTIONS - 1), [Granted, Granted]);
    assert_eq!(after(1 << 31), [warned(Warning::ManyEncryptions), Granted]);
    assert_eq!(after(GCM_MAX_ENCRYPTIONS - 1), [warned(Warning::ManyEncryptions), Granted]);
    assert_eq!(after(1 << 32), [Refused(Refusal::TooManyEncryptions), Granted]);
    let mut mac = created(policy());
    mac.algorithm = keyreeve_crypto::Algorithm::HmacSha256;
    mac.versions[0].encryptions = u64::MAX;
    assert_eq!(mac.permits(1, Protect, start()), Granted);
}

//! Any one call to the disk fails: whatever was acknowledged is there, nothing is half done, and what
//! is refused says why.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

use keyreeve_faults::Trial;
use keyreeve_faults::campaign::{
    DERIVING, FAULTS, fail_every_call, fail_every_flush, in_short, over_all,
};

/// Commands of which all ways to fail are tried here; of the others two, and all by `npm run soak`.
const IN_FULL: [&str; 3] = ["create", "rotate many", "backup restore"];

#[test]
fn a_call_that_fails_loses_nothing_and_is_named() {
    let tally = over_all(|trial| {
        let name = trial.scenario.name;
        let faults = match name {
            _ if IN_FULL.contains(&name) => &FAULTS[..],
            _ if DERIVING.contains(&name) || name == "rotate the material key" => &FAULTS[..1],
            _ => &FAULTS[..2],
        };
        let trial = in_short(trial);
        let stride = trial.stride as u64;
        let tally = fail_every_call(trial, faults, 3);
        assert!(tally.of("refused") * stride > 30, "{name}: {tally}");
        tally
    });
    assert!(tally.of("faults") > 3_300, "{tally}");
    assert!(tally.of("slots changed and not logged") > 0, "{tally}");
    assert!(tally.of("slots that follow later") > 0, "{tally}");
}

/// Its vault is sound, so it is no damaged backup that someone would look for an older one of.
#[test]
fn a_backup_whose_proof_meets_a_failing_disk_is_called_unproven() {
    let mut trial = Trial::of_backup();
    trial.stride = 5;
    let tally = fail_every_call(trial, &FAULTS[1..2], 1);
    assert!(tally.of("backups that were not proven") > 0, "{tally}");
}

#[test]
fn a_flush_that_failed_is_not_believed_the_second_time() {
    let tally = over_all(|trial| {
        let name = trial.scenario.name;
        let tally = fail_every_flush(in_short(trial));
        assert!(tally.of("failed flushes") > 0, "{name}: {tally}");
        tally
    });
    assert!(tally.of("failed flushes") >= 200, "{tally}");
}

//! SIGKILL and power cuts: whatever was acknowledged is there, and nothing is half done.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

use keyreeve_faults::campaign::{
    cut_the_power, in_short, kill_at_any_time, kill_at_every_change, over_all,
};

#[test]
fn a_command_killed_before_any_of_its_changes_did_nothing_or_all() {
    let tally = over_all(|trial| {
        let name = trial.scenario.name;
        let trial = in_short(trial);
        let stride = trial.stride as u64;
        let tally = kill_at_every_change(trial);
        assert!(tally.of("kills at a call") * stride > 40, "{name}: {tally}");
        tally
    });
    assert!(tally.of("kills at a call") >= 2_000, "{tally}");
    assert!(tally.of("left as before") > 0 && tally.of("left as after") > 0, "{tally}");
}

#[test]
fn a_command_killed_at_any_time_did_nothing_or_all() {
    let tally = over_all(|trial| kill_at_any_time(trial, 10, 1));
    assert!(tally.of("kills at any time") > 75, "{tally}");
}

#[test]
fn a_power_cut_loses_nothing_that_was_acknowledged() {
    let tally = over_all(|trial| cut_the_power(trial, 32, 1));
    assert!(tally.of("power cuts") >= 500, "{tally}");
}

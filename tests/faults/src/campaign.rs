//! What is done to a command, and what must hold each time. All of them panic with words that say
//! which command, which moment and what was left.

use std::collections::BTreeMap;
use std::fmt;
use std::os::unix::fs::MetadataExt as _;
use std::time::{Duration, Instant};

use crate::power::{Disk, Loss};
use crate::random::Dice;
use crate::scenario::Scenario;
use crate::trace::{self, Step};
use crate::trap::{Call, Plan};
use crate::trial::{Left, Trial};

/// Makes ready to try a command.
pub type Make = Box<dyn Fn() -> Trial + Send + Sync>;

/// The writing commands, each of which can be tried.
#[must_use]
pub fn trials() -> Vec<Make> {
    let mut all: Vec<Make> = Vec::new();
    for scenario in Scenario::of_keys() {
        all.push(Box::new(move || Trial::of_keys(scenario.clone())));
    }
    for scenario in Scenario::of_slots() {
        all.push(Box::new(move || Trial::of_slots(scenario.clone())));
    }
    all.push(Box::new(Trial::of_migration));
    all.push(Box::new(Trial::of_rotation));
    all.push(Box::new(Trial::of_backup));
    for scenario in [Scenario::restore(), Scenario::init()] {
        all.push(Box::new(move || Trial::of_founding(scenario.clone())));
    }
    all
}

/// A trial as it is in short runs: of some commands not every call, for what is left of a rotation of the material key is
/// opened from the first step each time, and the others derive a key in every run. `npm run soak` tries all.
#[must_use]
pub fn in_short(mut trial: Trial) -> Trial {
    trial.stride = match trial.scenario.name {
        "rotate the material key" => 6,
        name if DERIVING.contains(&name) => 2,
        _ => 1,
    };
    trial
}

/// Commands whose every run derives a key, or proves a backup.
pub const DERIVING: [&str; 4] = ["slot add", "slot change", "backup create", "init"];

/// Runs `work` for every command, on as many threads as there are cores, and answers the sum.
pub fn over_all<T: Default + Send + std::ops::AddAssign>(
    work: impl Fn(Trial) -> T + Send + Sync,
) -> T {
    let trials = trials();
    let next = std::sync::atomic::AtomicUsize::new(0);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..cores)
            .map(|_| {
                scope.spawn(|| {
                    let mut sum = T::default();
                    while let Some(make) =
                        trials.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
                    {
                        sum += work(make());
                    }
                    sum
                })
            })
            .collect();
        let mut sum = T::default();
        for worker in workers {
            match worker.join() {
                Ok(part) => sum += part,
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        sum
    })
}

/// How often what was done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally(pub BTreeMap<&'static str, u64>);

impl Tally {
    /// Counts one more.
    pub fn count(&mut self, what: &'static str) {
        *self.0.entry(what).or_default() += 1;
    }

    /// How many of `what`.
    #[must_use]
    pub fn of(&self, what: &str) -> u64 {
        self.0.get(what).copied().unwrap_or_default()
    }
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        for (what, count) in other.0 {
            *self.0.entry(what).or_default() += count;
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<_> = self.0.iter().map(|(what, count)| format!("{count} {what}")).collect();
        f.write_str(&parts.join(", "))
    }
}

/// SIGKILL before every change that a command makes to the disk, one run each.
pub fn kill_at_every_change(mut trial: Trial) -> Tally {
    let mut tally = Tally::default();
    for nth in (0..).step_by(trial.stride) {
        let ran = trial.run(&Plan::kill(nth));
        let at = || format!("{}, killed before its change {nth}", trial.scenario.name);
        let words = at();
        let left = trial.left().unwrap_or_else(|why| panic!("{words}: {why}"));
        if !ran.killed() {
            assert!(ran.acknowledged(), "{words}: {ran:?}");
            assert_ne!(left, Left::Before, "{words}: acknowledged, and lost");
            break;
        }
        tally.count("kills at a call");
        count(&mut tally, left);
    }
    tally
}

fn count(tally: &mut Tally, left: Left) {
    tally.count(match left {
        Left::Before => "left as before",
        Left::After => "left as after",
        Left::Either => "left as either",
    });
}

/// SIGKILL at `times` moments by chance.
pub fn kill_at_any_time(mut trial: Trial, times: u64, seed: u64) -> Tally {
    let mut tally = Tally::default();
    let mut dice = Dice::of(seed);
    let start = Instant::now();
    let whole = trial.run(&Plan::count(Call::CHANGES));
    assert!(whole.acknowledged(), "{whole:?}");
    let takes = u64::try_from(start.elapsed().as_micros()).unwrap();
    for time in 0..times {
        let delay = Duration::from_micros(dice.below(takes * 11 / 10));
        let ran = trial.run_and_kill(delay);
        let words = format!("{}, seed {seed}, kill {time} after {delay:?}", trial.scenario.name);
        let left = trial.left().unwrap_or_else(|why| panic!("{words}: {why}"));
        if ran.killed() {
            tally.count("kills at any time");
            count(&mut tally, left);
        } else {
            assert!(ran.acknowledged(), "{words}: {ran:?}");
            assert_ne!(left, Left::Before, "{words}: acknowledged, and lost");
            tally.count("kills that came too late");
        }
    }
    tally
}

/// What can go wrong with a call.
pub const FAULTS: [(&str, Fault); 6] = [
    ("EIO", |nth| Plan::fail(Call::CHANGES, nth, EIO)),
    (READING, |nth| Plan::fail(Call::READ, nth, EIO)),
    ("ENOSPC", |nth| Plan::fail(Call::CHANGES, nth, ENOSPC)),
    ("EINTR", |nth| Plan::fail(Call::CHANGES, nth, EINTR)),
    ("short write", Plan::short),
    ("EIO from then on", |nth| Plan::fail_from(Call::CHANGES, nth, EIO)),
];

const READING: &str = "EIO when reading";

/// The plan in which the n-th call goes wrong.
pub type Fault = fn(u64) -> Plan;

const EIO: i32 = 5;
const EINTR: i32 = 4;
const ENOSPC: i32 = 28;

/// Lets every call of a command fail, one run each and one run for each way to fail. In the ways
/// after the first it is each `further`-th call.
pub fn fail_every_call(
    mut trial: Trial,
    faults: &[(&'static str, Fault)],
    further: usize,
) -> Tally {
    let mut tally = Tally::default();
    for (way, (fault, plan)) in faults.iter().enumerate() {
        let stride = if way == 0 { trial.stride } else { trial.stride * further };
        for nth in (0..).step_by(stride) {
            let ran = trial.run(&plan(nth));
            let words = format!("{}, {fault} at call {nth}", trial.scenario.name);
            assert!(!ran.killed(), "{words}: {ran:?}");
            let litter = trial.litter();
            let left = trial.left().unwrap_or_else(|why| panic!("{words}: {why}\n{ran:?}"));
            if ran.acknowledged() {
                assert_ne!(left, Left::Before, "{words}: acknowledged, and lost");
                tally.count("succeeded all the same");
            } else {
                refused_as_it_should(&ran, fault, &words);
                let done_in_part = match ran.code().as_str() {
                    "slot_not_logged" => Some("slots changed and not logged"),
                    "material_key_pending" => Some("slots that follow later"),
                    _ => None,
                };
                if let Some(what) = done_in_part {
                    assert_eq!(left, Left::After, "{words}: {ran:?}");
                    tally.count(what);
                }
                if ran.code() == "backup_unproven" {
                    tally.count("backups that were not proven");
                }
                tally.count("refused");
                count(&mut tally, left);
            }
            // What could not be removed once is not removed later.
            if *fault != "EIO from then on" && !ran.acknowledged() {
                assert!(litter.is_empty(), "{words}: left lying about: {litter:?}");
            }
            tally.count("faults");
            if ran.calls <= nth {
                assert!(ran.acknowledged(), "{words}: {ran:?}");
                break;
            }
        }
    }
    tally
}

/// An error with a name, an exit code and a cure; never a fault of the program's own.
fn refused_as_it_should(ran: &crate::Ran, fault: &str, words: &str) {
    let document = ran.json();
    let error = &document["error"];
    let code = error["code"].as_str().unwrap_or_default();
    assert!(error["cure"].as_str().is_some_and(|cure| !cure.is_empty()), "{words}: {ran:?}");
    // SQLite opens for reading alone what it cannot open for writing, and says of a page that the
    // disk fails to give back that it is damaged.
    let named = match code {
        "io" | "disk_full" | "read_only" | "slot_not_logged" | "material_key_pending" => Some(8),
        "database_damaged" if fault == READING => Some(6),
        "backup_unproven" if fault == READING => Some(8),
        _ => None,
    };
    assert!(named.is_some() && ran.exit == named, "{words}: {ran:?}");
}

/// Lets every flush of a command fail, one run each: none of them is tried again as if that helped.
pub fn fail_every_flush(mut trial: Trial) -> Tally {
    let mut tally = Tally::default();
    let root = trial.desk.root.clone();
    for nth in (0..).step_by(trial.stride) {
        let _ = std::fs::remove_file(trial.trace());
        let ran = trial.run(&Plan::fail(Call::SYNC, nth, EIO).traced());
        if ran.calls <= nth {
            break;
        }
        let records = trace::read(trial.trace(), &root);
        let failed = records.iter().any(|record| matches!(record.step, Step::Unflushed(_)));
        let words = format!("{}, flush {nth}", trial.scenario.name);
        assert!(failed, "{words}: it did not fail");
        assert_eq!(trace::believed_wrongly(&records), None, "{words}: {ran:?}");
        tally.count("failed flushes");
    }
    tally
}

/// Cuts the power at moments of a whole run, and loses what was not flushed in every way.
pub fn cut_the_power(mut trial: Trial, states: u64, seed: u64) -> Tally {
    let mut tally = Tally::default();
    let mut dice = Dice::of(seed);
    let _ = std::fs::remove_file(trial.trace());
    trial.desk.put(&trial.before);
    let root = trial.desk.root.clone();
    let number = |path: &std::path::Path| std::fs::symlink_metadata(root.join(path)).unwrap().ino();
    let disk = Disk::holding(&trial.before, number);
    let ran = trial.run(&Plan::count(Call::CHANGES).traced());
    assert!(ran.acknowledged(), "{ran:?}");
    let records = trace::read(trial.trace(), &root);
    // What the model makes of all of it is what the disk holds now.
    let mut whole = disk.clone();
    records.iter().for_each(|record| whole.apply(record));
    let kept = whole.after_power_cut(Loss::Nothing, &mut dice);
    assert_eq!(kept, trial.desk.snapshot(), "{}: the trace is not all", trial.scenario.name);

    let moments = records.len() as u64 + 1;
    for state in 0..states {
        // Every moment in turn, then by chance; always also the last, after the answer.
        let moment = match state {
            _ if state % 8 == 7 => moments - 1,
            _ if states >= moments && state < moments => state,
            _ => dice.below(moments),
        };
        let mut disk = disk.clone();
        records[..usize::try_from(moment).unwrap()].iter().for_each(|record| disk.apply(record));
        let loss = Loss::ALL[usize::try_from(dice.below(Loss::ALL.len() as u64)).unwrap()];
        trial.desk.put(&disk.after_power_cut(loss, &mut dice));
        let words = format!(
            "{}, seed {seed}, state {state}: power cut after {moment} of {} calls, losing {loss:?}",
            trial.scenario.name,
            records.len()
        );
        let left = trial.left().unwrap_or_else(|why| panic!("{words}: {why}"));
        if moment == moments - 1 {
            assert_ne!(left, Left::Before, "{words}: acknowledged, and lost");
        }
        tally.count("power cuts");
        count(&mut tally, left);
    }
    tally
}

//! `npm run fuzz -- SECONDS [SEED]`: gives every reader of bytes from outside bytes that nobody meant.
//!
//! A failure names the seed, and leaves the bytes in `target/fuzz`. Why it does not watch which code the
//! bytes reach is said in `docs/adr/0010-fuzzing-on-stable-rust.md`.
#![allow(clippy::print_stdout, reason = "its report")]

mod backups;
mod mutate;
mod round_trip;
mod rows;
mod seeds;
mod targets;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use mutate::{Dice, mutated};
use seeds::Answer;
use targets::Target;

fn main() -> ExitCode {
    let numbers: Result<Vec<u64>, _> = std::env::args().skip(1).map(|word| word.parse()).collect();
    let Ok(numbers) = numbers else {
        println!("usage: keyreeve-fuzz [SECONDS [SEED]], both whole numbers");
        return ExitCode::FAILURE;
    };
    let seconds = numbers.first().copied().unwrap_or(60);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |since| since.as_secs());
    let seed = numbers.get(1).copied().unwrap_or(now);
    match fuzz(Duration::from_secs(seconds), seed) {
        Ok(failed) if failed.is_empty() => ExitCode::SUCCESS,
        Ok(failed) => {
            println!("Failed: {}", failed.join(", "));
            ExitCode::FAILURE
        }
        Err(error) => {
            println!("No vault to begin with could be made: {error}");
            ExitCode::FAILURE
        }
    }
}

fn fuzz(time: Duration, seed: u64) -> Answer<Vec<&'static str>> {
    let folder = tempfile::tempdir()?;
    let targets = targets::all(folder.path(), seeds::make(folder.path())?)?;
    let each = time / u32::try_from(targets.len())?;
    let mut failed = Vec::new();
    for target in &targets {
        let (times, sound) = run(target, each, seed);
        println!("{:>10} inputs, seed {seed}: {}", times, target.name);
        if !sound {
            failed.push(target.name);
        }
    }
    Ok(failed)
}

/// Tries a target for some time; how often, and whether it held.
fn run(target: &Target, time: Duration, seed: u64) -> (u64, bool) {
    let mut dice = Dice::of(seed);
    let begun = Instant::now();
    let mut times = 0;
    // What nobody changed is read as well.
    let mut inputs = target.seeds.clone();
    while begun.elapsed() < time || !inputs.is_empty() {
        let input = inputs.pop().unwrap_or_else(|| mutated(&target.seeds, &mut dice));
        let read = catch_unwind(AssertUnwindSafe(|| (target.read)(&input)));
        times += 1;
        if read.is_err() {
            keep(target.name, &input);
            return (times, false);
        }
    }
    (times, true)
}

fn keep(name: &str, input: &[u8]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/fuzz");
    let file = folder.join(name.replace(' ', "-"));
    match std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&file, input)) {
        Ok(()) => println!("The bytes that broke it are in {}", file.display()),
        Err(error) => println!("The bytes that broke it could not be kept: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_that_breaks_is_found() {
        let reading = |breaks_at: u8| Target {
            name: "reader that breaks",
            seeds: vec![b"{\"size\":1}".to_vec()],
            read: Box::new(move |bytes: &[u8]| assert!(!bytes.contains(&breaks_at))),
        };
        let an_hour = Duration::from_secs(3_600);
        // Only a change leads to this byte; it comes long before the hour is over.
        let (times, sound) = run(&reading(0xFF), an_hour, 1);
        assert!(!sound && times > 1);
        let (times, sound) = run(&reading(b'{'), Duration::ZERO, 1);
        assert!(!sound && times == 1, "what nobody changed is read as well");
    }
}

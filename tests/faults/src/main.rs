//! `npm run soak`: the long forms of the campaigns. `keyreeve-soak [KILLS POWER-CUTS [COMMAND …]]`, where the commands
//! are named as the report names them; without one it is all of them.
#![cfg_attr(
    all(target_os = "linux", target_arch = "x86_64"),
    expect(clippy::print_stdout, reason = "its report")
)]

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn main() -> Result<(), &'static str> {
    use std::time::{SystemTime, UNIX_EPOCH};

    use keyreeve_faults::Trial;
    use keyreeve_faults::campaign::{
        DERIVING, FAULTS, Tally, cut_the_power, fail_every_call, fail_every_flush,
        kill_at_any_time, kill_at_every_change, over_all, trials,
    };

    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |place: usize, otherwise: u64| match arguments.get(place).map(|text| text.parse())
    {
        None => Ok(otherwise),
        Some(Ok(number)) => Ok(number),
        Some(Err(_)) => Err("keyreeve-soak [KILLS POWER-CUTS [COMMAND …]]"),
    };
    let (kills, cuts) = (number(0, 100_000)?, number(1, 20_000)?);
    let only = arguments.get(2..).unwrap_or_default();
    // Runs `work` for the commands that are asked for.
    let over = |work: &(dyn Fn(Trial) -> Tally + Sync)| {
        over_all(|trial| match only {
            [_, ..] if !only.iter().any(|name| name == trial.scenario.name) => Tally::default(),
            _ => work(trial),
        })
    };
    // Other moments each time; a failure names its seed.
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let mut seed = since.map_or(1, |since| since.as_secs());
    let commands = trials().len() as u64;

    let mut sum = Tally::default();
    let killed = |sum: &Tally| sum.of("kills at a call") + sum.of("kills at any time");
    sum += over(&kill_at_every_change);
    if sum == Tally::default() {
        return Err("No command is called so.");
    }
    while killed(&sum) < kills {
        println!("{} kills so far: {sum}", killed(&sum));
        // What derives a key is seldom killed elsewhere than in that.
        sum += over(&|trial| {
            let times = if DERIVING.contains(&trial.scenario.name) { 50 } else { 500 };
            kill_at_any_time(trial, times, seed)
        });
        seed += 1;
    }
    println!("{} kills, nothing lost: {sum}", killed(&sum));
    let mut power = Tally::default();
    while power.of("power cuts") < cuts {
        let each = (cuts / commands).clamp(40, 500);
        power += over(&|trial| cut_the_power(trial, each, seed));
        println!("power so far: {power}");
        seed += 1;
    }
    println!("{} power cuts, nothing lost: {power}", power.of("power cuts"));
    println!("flushes: {}", over(&fail_every_flush));
    // Each command when it is done: some take many minutes.
    let faults = over(&|trial| {
        let name = trial.scenario.name;
        let tally = fail_every_call(trial, &FAULTS, 1);
        println!("{name}, every fault: {tally}");
        tally
    });
    println!("faults: {faults}");
    Ok(())
}

#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
fn main() {}

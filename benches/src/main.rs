//! Measures Keyreeve's figures over the real adapters, prints them as Markdown, and writes them
//! into `docs/performance.md` when told where that is.
//!
//! Nothing here passes or fails: a figure that is missed is shown as missed. Tests never look at
//! a clock.

mod arguments;
mod figures;
mod fixture;
mod machine;
mod report;
mod samples;
mod world;

use std::error::Error;
use std::io::Write as _;
use std::process::ExitCode;

use crate::arguments::Arguments;

/// What can go wrong here is only ever told to the person who started it.
type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            _ = writeln!(std::io::stderr(), "keyreeve-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome<()> {
    let arguments = Arguments::parse(std::env::args().skip(1))?;
    let measured = figures::measure(&arguments)?;
    let text = report::markdown(&measured)?;
    writeln!(std::io::stdout(), "{text}")?;
    if let Some(file) = &arguments.write {
        report::write_into(file, &text)?;
        say(format_args!("written to {}", file.display()));
    }
    Ok(())
}

/// Tells how far it is, where it does not disturb the table.
fn say(what: std::fmt::Arguments<'_>) {
    _ = writeln!(std::io::stderr(), "{what}");
}

//! What the person asked for.

use std::path::PathBuf;
use std::time::Duration;

use crate::Outcome;

const USAGE: &str = "\
usage: keyreeve-bench [--sizes N,N…] [--events N,N…] [--folder DIR] [--cli FILE] [--window MS,MS…] [--write FILE]
  --sizes    numbers of keys; 1000,10000,100000,1000000 if absent
  --events   lengths of the audit log; the same if absent
  --folder   where vaults are made, on the disk to be measured; the temporary folder if absent
  --cli      the command line's program, built for release
  --window   how many milliseconds the window took to be usable, one number for each start
  --write    the file whose part between the two markers is replaced";

/// What the person asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Arguments {
    /// Numbers of keys, rising.
    pub(crate) sizes: Vec<u32>,
    /// Lengths of the log, rising.
    pub(crate) events: Vec<u64>,
    /// Where vaults are made.
    pub(crate) folder: PathBuf,
    /// The command line's program.
    pub(crate) cli: Option<PathBuf>,
    /// What the window's starts took.
    pub(crate) window: Vec<Duration>,
    /// The file to write into.
    pub(crate) write: Option<PathBuf>,
}

impl Arguments {
    pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> Outcome<Self> {
        let mut arguments = Self {
            sizes: vec![1_000, 10_000, 100_000, 1_000_000],
            events: vec![1_000, 10_000, 100_000, 1_000_000],
            folder: std::env::temp_dir(),
            cli: None,
            window: Vec::new(),
            write: None,
        };
        while let Some(option) = words.next() {
            let value = words.next().ok_or(USAGE)?;
            match option.as_str() {
                "--sizes" => arguments.sizes = rising(&value)?,
                "--events" => arguments.events = rising(&value)?,
                "--folder" => arguments.folder = value.into(),
                "--cli" => arguments.cli = Some(value.into()),
                "--window" => arguments.window = milliseconds(&value)?,
                "--write" => arguments.write = Some(value.into()),
                _ => return Err(USAGE.into()),
            }
        }
        Ok(arguments)
    }
}

fn rising<N: std::str::FromStr + Ord>(list: &str) -> Outcome<Vec<N>> {
    let numbers = list.split(',').filter(|word| !word.is_empty()).map(str::parse);
    let mut numbers =
        numbers.collect::<Result<Vec<N>, _>>().map_err(|_not_a_number| USAGE.to_owned())?;
    numbers.sort();
    Ok(numbers)
}

fn milliseconds(list: &str) -> Outcome<Vec<Duration>> {
    Ok(rising::<u64>(list)?.into_iter().map(Duration::from_millis).collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests may panic")]
mod tests {
    use super::*;

    fn parse(line: &str) -> Outcome<Arguments> {
        Arguments::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn sizes_are_put_in_order() {
        let arguments = parse("--sizes 1000,10 --write x.md --window 950,870").unwrap();
        assert_eq!(arguments.sizes, [10, 1000]);
        assert_eq!(arguments.write, Some("x.md".into()));
        assert_eq!(arguments.window[0], Duration::from_millis(870));
    }

    #[test]
    fn what_is_not_understood_is_refused_with_the_usage() {
        for line in ["--sizes", "--sizes ten", "--colour red", "1000 1000"] {
            assert!(parse(line).unwrap_err().to_string().starts_with("usage:"), "{line}");
        }
    }
}

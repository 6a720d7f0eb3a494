//! The times of failed unlocks, kept beside the header until the next unlock can log them.
//!
//! The log itself cannot be written without VK. The file says only when; never what was typed.

use jiff::Timestamp;

use crate::format::{parse_time, time_text};

/// How many are kept. A flood of them says no more, and must not fill the disk.
pub const MAX_FAILURES: u64 = 1_000;

/// The length in bytes of a line: `2026-01-31T08:15:00.000Z` and a line feed.
const LINE: u64 = 25;

/// The length in bytes beyond which nothing is added.
pub const MAX_BYTES: u64 = MAX_FAILURES * LINE;

/// The line for a failure at `at`.
pub fn line(at: Timestamp) -> String {
    format!("{}\n", time_text(at))
}

/// The failures in a file's bytes, oldest first. A line cut short by a crash is passed over.
pub fn parse(bytes: &[u8]) -> Vec<Timestamp> {
    let mut times: Vec<Timestamp> = String::from_utf8_lossy(bytes)
        .lines()
        .filter_map(parse_time)
        .take(usize::try_from(MAX_FAILURES).unwrap_or(usize::MAX))
        .collect();
    times.sort_unstable();
    times
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_as_long_as_the_bound_assumes() {
        assert_eq!(line(Timestamp::UNIX_EPOCH).len() as u64, LINE);
    }

    #[test]
    fn torn_and_foreign_lines_are_passed_over() {
        let early = "2026-01-31T08:15:00.000Z".parse().unwrap();
        let late = "2026-01-31T08:15:01.500Z".parse().unwrap();
        let text = format!("{}2026-01-3\n\u{0}\u{FFFD}\n{}", line(late), line(early));
        assert_eq!(parse(text.as_bytes()), [early, late]);
        assert!(parse(&[0xFF; 64]).is_empty());
    }
}

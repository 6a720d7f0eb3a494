//! Times taken, and what to say of them.

use std::time::{Duration, Instant};

/// Times taken by the same work.
#[derive(Debug, Clone, Default)]
pub(crate) struct Samples(Vec<Duration>);

impl Samples {
    pub(crate) fn add(&mut self, taken: Duration) {
        self.0.push(taken);
    }

    /// The middle one.
    pub(crate) fn median(&self) -> Duration {
        self.quantile(50)
    }

    /// What 95 of 100 do not exceed.
    pub(crate) fn p95(&self) -> Duration {
        self.quantile(95)
    }

    /// The longest.
    pub(crate) fn longest(&self) -> Duration {
        self.quantile(100)
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// The least that `percent` of 100 do not exceed; zero when nothing was measured.
    fn quantile(&self, percent: usize) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort();
        let place = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
        sorted.get(place).copied().unwrap_or_default()
    }
}

impl FromIterator<Duration> for Samples {
    fn from_iter<I: IntoIterator<Item = Duration>>(taken: I) -> Self {
        Self(taken.into_iter().collect())
    }
}

/// Does the work and says how long it took.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let done = work();
    (done, start.elapsed())
}

/// A time as a person reads it, with three digits.
pub(crate) fn words(taken: Duration) -> String {
    let (value, unit) = match taken.as_secs_f64() {
        seconds if seconds >= 1.0 => (seconds, "s"),
        seconds if seconds >= 1e-3 => (seconds * 1e3, "ms"),
        seconds => (seconds * 1e6, "µs"),
    };
    let decimals = match value {
        value if value >= 99.95 => 0,
        value if value >= 9.995 => 1,
        _ => 2,
    };
    format!("{value:.decimals$} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_of_the_sorted_times() {
        let samples: Samples = (1..=20).rev().map(Duration::from_millis).collect();
        assert_eq!(samples.median(), Duration::from_millis(10));
        assert_eq!(samples.p95(), Duration::from_millis(19));
        assert_eq!(samples.longest(), Duration::from_millis(20));
        assert_eq!(Samples::default().p95(), Duration::ZERO);
    }

    #[test]
    fn times_have_three_digits() {
        for (nanoseconds, text) in [
            (1_234, "1.23 µs"),
            (12_345_678, "12.3 ms"),
            (123_456_789, "123 ms"),
            (99_960_000, "100 ms"),
            (4_321_000_000, "4.32 s"),
        ] {
            assert_eq!(words(Duration::from_nanos(nanoseconds)), text);
        }
    }
}

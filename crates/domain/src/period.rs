//! Periods as ISO 8601 durations (`P1Y`, `P30D`), added to instants in UTC.

use std::fmt;
use std::str::FromStr;

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};

/// Text that is no period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a period; write one like P1Y, P6M or P30D (at most P100Y)")]
pub struct PeriodError(String);

/// A calendar period: years, months, weeks and days; never negative, never zero, at most 100 years.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Period(String);

impl Period {
    /// `days` days.
    #[must_use]
    pub fn days(days: u16) -> Self {
        Self(format!("P{}D", days.max(1)))
    }

    /// `months` months.
    #[must_use]
    pub fn months(months: u16) -> Self {
        Self(format!("P{}M", months.max(1)))
    }

    /// `years` years.
    #[must_use]
    pub fn years(years: u16) -> Self {
        Self(format!("P{}Y", years.max(1)))
    }

    /// The instant this period after `start`, in UTC's calendar; the end of time when beyond it.
    #[must_use]
    pub fn after(&self, start: Timestamp) -> Timestamp {
        self.0
            .parse::<Span>()
            .and_then(|span| start.to_zoned_datetime(TimeZone::UTC).checked_add(span))
            .map_or(Timestamp::MAX, |end| end.timestamp())
    }

    /// The instant this period before `end`, in UTC's calendar; the beginning of time when beyond it.
    #[must_use]
    pub fn before(&self, end: Timestamp) -> Timestamp {
        self.0
            .parse::<Span>()
            .and_then(|span| end.to_zoned_datetime(TimeZone::UTC).checked_sub(span))
            .map_or(Timestamp::MIN, |start| start.timestamp())
    }

    /// The ISO 8601 text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let refused = || PeriodError(text.chars().take(40).collect());
        if text.len() > 40 || !text.starts_with(['P', 'p']) {
            return Err(refused());
        }
        let span: Span = text.parse().map_err(|_malformed| refused())?;
        let start = Timestamp::UNIX_EPOCH.to_zoned_datetime(TimeZone::UTC);
        let end = start.checked_add(span).map_err(|_overflow| refused())?;
        let limit = start.checked_add(Span::new().years(100)).map_err(|_overflow| refused())?;
        let whole_days = end.time() == start.time();
        if end <= start || end > limit || !whole_days {
            return Err(refused());
        }
        Ok(Self(text.to_ascii_uppercase()))
    }
}

impl TryFrom<String> for Period {
    type Error = PeriodError;

    fn try_from(text: String) -> Result<Self, PeriodError> {
        text.parse()
    }
}

impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.0
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calendar_arithmetic() {
        let leap: Timestamp = "2028-02-29T12:00:00Z".parse().unwrap();
        let after = |text: &str| text.parse::<Period>().unwrap().after(leap).to_string();
        assert_eq!(after("P1Y"), "2029-02-28T12:00:00Z");
        assert_eq!(after("P30D"), "2028-03-30T12:00:00Z");
        assert_eq!(after("P1Y6M"), "2029-08-29T12:00:00Z");
        let before = |text: &str| text.parse::<Period>().unwrap().before(leap).to_string();
        assert_eq!(before("P1Y"), "2027-02-28T12:00:00Z");
        assert_eq!(before("P30D"), "2028-01-30T12:00:00Z");
    }

    #[test]
    fn whole_days_up_to_a_century_are_periods_however_they_are_written() {
        for good in ["P1D", "P100Y", "p1y", "P1M1D", "PT24H"] {
            let period = good.parse::<Period>().unwrap();
            assert_eq!(period.as_str(), good.to_ascii_uppercase());
            assert_eq!(period.to_string(), period.as_str());
            assert_eq!(Period::try_from(String::from(period.clone())), Ok(period));
        }
        let long = |last: usize| {
            let text = format!("P{0}1Y{0}1M{1}1D", "0".repeat(11), "0".repeat(last));
            (text.len(), text.parse::<Period>().is_ok())
        };
        assert_eq!((long(11), long(12)), ((40, true), (41, false)));
        assert_eq!(Period::days(30).as_str(), "P30D");
        assert_eq!(Period::months(6).as_str(), "P6M");
        assert_eq!(Period::years(2).as_str(), "P2Y");
    }

    #[test]
    fn nonsense_is_refused() {
        for bad in [
            "",
            "P",
            "1Y",
            "-P1Y",
            "P0D",
            "P101Y",
            "P100Y1D",
            "PT1H",
            "P1X",
            "P99999999999Y",
            "P1Y ",
        ] {
            assert!(bad.parse::<Period>().is_err(), "{bad:?}");
        }
        assert!("P1D".repeat(1000).parse::<Period>().is_err());
    }
}

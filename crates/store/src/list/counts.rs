//! Numbers for the sidebar and the overview, each from an index alone.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use keyreeve_domain::{Counts, State, TagCount};
use rusqlite::Connection;

use crate::fault::{Fault, damaged};
use crate::stored::{Millis, Named, Natural};

/// How many tags the sidebar shows at most.
const MOST_TAGS: u32 = 50;

/// Every statement here, for the test that reads their plans.
#[cfg(test)]
pub(crate) const ALL: &[&str] =
    &[BY_STATE, BY_ALGORITHM, EXPIRING_SOON, EXPIRED, ROTATE_BETWEEN, SCHEDULED, TAGS];

const BY_STATE: &str = "SELECT state, count(*) FROM keys INDEXED BY keys_by_state GROUP BY state";
const BY_ALGORITHM: &str =
    "SELECT algorithm, count(*) FROM keys INDEXED BY keys_by_algorithm GROUP BY algorithm";
const EXPIRING_SOON: &str = "SELECT count(*) FROM keys INDEXED BY keys_by_warning
     WHERE warn_at <= ?1 AND rotate_by > ?1";
const EXPIRED: &str = "SELECT count(*) FROM keys INDEXED BY keys_by_expiry WHERE expired = 1";
const ROTATE_BETWEEN: &str = "SELECT count(*) FROM keys INDEXED BY keys_by_rotation
     WHERE rotation > ?1 AND rotation <= ?2";
const SCHEDULED: &str = "SELECT count(*) FROM keys INDEXED BY keys_by_destruction
     WHERE destroy_scheduled_at IS NOT NULL";
const TAGS: &str = "SELECT tag, count(*) AS keys FROM key_tags INDEXED BY key_tags_by_tag
     GROUP BY tag ORDER BY keys DESC, tag LIMIT ?1";

/// The numbers at `now`.
pub(crate) fn counts(connection: &Connection, now: Timestamp) -> Result<Counts, Fault> {
    let mut counts = Counts::default();
    let mut by_state = connection.prepare_cached(BY_STATE)?;
    let mut rows = by_state.query([])?;
    while let Some(row) = rows.next()? {
        let Named(state) = row.get::<_, Named<State>>(0)?;
        let place = State::ALL.iter().position(|known| *known == state);
        let place = place.and_then(|place| counts.by_state.get_mut(place));
        *place.ok_or_else(|| damaged("a key has no state"))? = row.get::<_, Natural>(1)?.0;
    }
    let of = |state: State| {
        let mut states = State::ALL.iter().zip(counts.by_state);
        states.find(|(known, _)| **known == state).map_or(0, |(_, count)| count)
    };
    counts.total = counts.by_state.iter().sum();
    counts.compromised = of(State::Compromised);

    let mut by_algorithm = connection.prepare_cached(BY_ALGORITHM)?;
    counts.by_algorithm = by_algorithm
        .query_map([], |row| Ok((row.get::<_, Named<_>>(0)?.0, row.get::<_, Natural>(1)?.0)))?
        .collect::<Result<_, _>>()?;
    counts.expiring_soon = connection
        .prepare_cached(EXPIRING_SOON)?
        .query_row([Millis(now)], |row| row.get::<_, Natural>(0))?
        .0;
    counts.expired =
        connection.prepare_cached(EXPIRED)?.query_row([], |row| row.get::<_, Natural>(0))?.0;
    counts.scheduled_for_destruction =
        connection.prepare_cached(SCHEDULED)?.query_row([], |row| row.get::<_, Natural>(0))?.0;
    counts.overdue = rotations(connection, i64::MIN, now.as_millisecond())?;

    let mut tags = connection.prepare_cached(TAGS)?;
    counts.tags = tags
        .query_map([MOST_TAGS], |row| {
            Ok(TagCount { tag: row.get(0)?, count: row.get::<_, Natural>(1)?.0 })
        })?
        .collect::<Result<_, _>>()?;

    // What is overdue counts in this month, so the first month has no beginning.
    let mut start = i64::MIN;
    for (count, next) in counts.rotations_by_month.iter_mut().zip(month_starts_after(now)) {
        let last = next - 1;
        *count = rotations(connection, start, last)?;
        start = last;
    }
    Ok(counts)
}

/// How many keys are to be rotated after `after` and up to `until`, in milliseconds.
fn rotations(connection: &Connection, after: i64, until: i64) -> Result<u64, Fault> {
    let count = connection
        .prepare_cached(ROTATE_BETWEEN)?
        .query_row([after, until], |row| row.get::<_, Natural>(0))?;
    Ok(count.0)
}

/// The beginnings of the months after that of `now`, in UTC and milliseconds.
fn month_starts_after(now: Timestamp) -> impl Iterator<Item = i64> {
    let this: Date = now.to_zoned_datetime(TimeZone::UTC).date().first_of_month();
    (1..=12).map(move |months| {
        this.checked_add(Span::new().months(months))
            .and_then(|date| date.to_zoned_datetime(TimeZone::UTC))
            .map_or(Timestamp::MAX, |start| start.timestamp())
            .as_millisecond()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_begin_at_midnight_utc() {
        let now: Timestamp = "2026-11-30T23:59:59.999Z".parse().unwrap();
        let starts: Vec<_> = month_starts_after(now)
            .map(|at| Timestamp::from_millisecond(at).unwrap().to_string())
            .collect();
        assert_eq!(starts.len(), 12);
        assert_eq!(starts[0], "2026-12-01T00:00:00Z");
        assert_eq!(starts[1], "2027-01-01T00:00:00Z");
        assert_eq!(starts[11], "2027-11-01T00:00:00Z");
        // Near the end of time there is no next month; nothing overflows.
        assert_eq!(month_starts_after(Timestamp::MAX).count(), 12);
    }
}

//! Keys and their versions: rows to records and back.

mod each;
mod load;
mod save;
mod sealed;
mod trust;

pub(crate) use each::each_trusted;
pub(crate) use load::{due, id_named, id_range, load, version_entries, with_prefix};
pub(crate) use save::{mark_expired, save, touch};
pub(crate) use sealed::sealed;
pub(crate) use trust::trusted;

use jiff::Timestamp;
use keyreeve_domain::{KeyRecord, State};

/// A key as its rows say.
pub(crate) struct StoredKey {
    /// The key's number within the database.
    pub(crate) row: i64,
    /// The record.
    pub(crate) record: KeyRecord,
    /// The newest audit entry that carries a digest of these rows.
    pub(crate) audit_seq: u64,
    /// The columns that follow from the record.
    pub(crate) derived: Derived,
}

/// Columns that follow from a record, kept so that lists need no versions. Times are milliseconds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Derived {
    pub(crate) name_folded: String,
    pub(crate) state: State,
    pub(crate) rotate_by: Option<i64>,
    pub(crate) warn_at: Option<i64>,
    pub(crate) next_due: Option<i64>,
    pub(crate) destroy_scheduled_at: Option<i64>,
    pub(crate) expired: bool,
}

impl Derived {
    pub(crate) fn of(record: &KeyRecord) -> Self {
        let millis = |at: Option<Timestamp>| at.map(|at| at.as_millisecond());
        let scheduled = record.versions.iter().filter_map(|version| version.destroy_scheduled_at);
        Self {
            name_folded: record.name.folded(),
            state: record.state(),
            rotate_by: millis(record.rotate_by()),
            warn_at: millis(record.warn_at()),
            next_due: millis(record.next_due()),
            destroy_scheduled_at: millis(scheduled.min()),
            expired: record.has_expired(),
        }
    }
}

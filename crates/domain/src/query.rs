//! What can be asked of the list of keys.

use jiff::Timestamp;
use keyreeve_crypto::{Algorithm, Purpose};
use serde::{Deserialize, Serialize};

use crate::id::KeyId;
use crate::state::State;
use crate::text::Tag;

/// By what the list is sorted; the key's identifier breaks ties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SortBy {
    /// The folded name.
    #[default]
    Name,
    /// The algorithm.
    Algorithm,
    /// The purpose.
    Purpose,
    /// The state of the primary version.
    State,
    /// When to rotate; keys without a date last.
    RotateBy,
    /// When it was created.
    CreatedAt,
}

/// A ready-made filter of the sidebar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SmartFilter {
    /// The originator-usage period ends within the policy's warning time, or `expiring_within`.
    ExpiringSoon,
    /// The originator-usage period is over and the key is still active or suspended.
    Overdue,
    /// The primary version was deactivated because its period ended, and has no successor yet.
    Expired,
    /// The primary version is compromised.
    Compromised,
    /// Some version is scheduled for destruction.
    ScheduledForDestruction,
}

/// Where a page of the list ended; opaque to callers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The sort column's value in the last row.
    pub value: CursorValue,
    /// The last row's key.
    pub id: KeyId,
}

/// A sort column's value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum CursorValue {
    /// Of a column of times or numbers.
    Number(i64),
    /// Of a column of text.
    Text(String),
}

/// A question to the list of keys. Every filter narrows; an empty question lists all.
#[derive(Debug, Clone, Default)]
pub struct KeyQuery {
    /// Words of which each must begin a word of the name, a tag, the owner, the note, a place of
    /// use, a custom field or a fingerprint.
    pub search: Option<String>,
    /// The state of the primary version.
    pub state: Option<State>,
    /// The algorithm.
    pub algorithm: Option<Algorithm>,
    /// The purpose.
    pub purpose: Option<Purpose>,
    /// A tag.
    pub tag: Option<Tag>,
    /// A ready-made filter.
    pub filter: Option<SmartFilter>,
    /// Only keys whose originator-usage period ends at or before this instant.
    pub rotate_before: Option<Timestamp>,
    /// The column to sort by.
    pub sort_by: SortBy,
    /// Whether the order is reversed.
    pub descending: bool,
    /// How many rows at most.
    pub limit: u32,
    /// Go on after this row.
    pub after: Option<Cursor>,
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRow {
    /// The key.
    pub id: KeyId,
    /// Its name.
    pub name: String,
    /// Its algorithm.
    pub algorithm: Algorithm,
    /// Its purpose.
    pub purpose: Purpose,
    /// The state of its primary version.
    pub state: State,
    /// When its primary version ought to be rotated.
    pub rotate_by: Option<Timestamp>,
    /// The earliest scheduled destruction among its versions.
    pub destroy_scheduled_at: Option<Timestamp>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When material was last used or read.
    pub last_used_at: Option<Timestamp>,
    /// The primary version's number.
    pub primary_version: u32,
    /// Its owner.
    pub owner: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// The revision that a change must expect.
    pub revision: u64,
}

/// A page of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPage {
    /// The rows.
    pub rows: Vec<KeyRow>,
    /// How many rows the question has in all.
    pub total: u64,
    /// Where to go on; `None` at the end.
    pub next: Option<Cursor>,
}

/// How many keys carry a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagCount {
    /// The tag.
    pub tag: String,
    /// The number of keys.
    pub count: u64,
}

/// Numbers for the sidebar and the overview.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// All keys.
    pub total: u64,
    /// Keys by the state of their primary version, in the order of [`State::ALL`].
    pub by_state: [u64; 6],
    /// Keys by algorithm.
    pub by_algorithm: Vec<(Algorithm, u64)>,
    /// See [`SmartFilter::ExpiringSoon`].
    pub expiring_soon: u64,
    /// See [`SmartFilter::Overdue`].
    pub overdue: u64,
    /// See [`SmartFilter::Expired`].
    pub expired: u64,
    /// See [`SmartFilter::Compromised`].
    pub compromised: u64,
    /// See [`SmartFilter::ScheduledForDestruction`].
    pub scheduled_for_destruction: u64,
    /// The most used tags, at most 50, most used first.
    pub tags: Vec<TagCount>,
    /// Rotations due in each of the next twelve calendar months (UTC), this month first; what is
    /// overdue counts in this month.
    pub rotations_by_month: [u64; 12],
}

//! The conditions of a question, each a statement that an index answers alone.

use keyreeve_domain::{KeyQuery, SmartFilter, Timestamp};
use rusqlite::types::Value;

use crate::keys::id_range;
use crate::search;

/// A statement whose rows are row numbers of keys.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Condition {
    pub(crate) sql: &'static str,
    pub(crate) values: Vec<Value>,
    /// Further rows that meet the condition as well.
    pub(crate) or: Option<Box<Condition>>,
}

impl Condition {
    fn new(sql: &'static str, values: impl IntoIterator<Item = Value>) -> Self {
        Self { sql, values: values.into_iter().collect(), or: None }
    }
}

/// Nothing comes after it.
const NOTHING: &str = "SELECT key FROM keys WHERE key IS NULL";
const BY_WORDS: &str = "SELECT rowid FROM keys_fts WHERE keys_fts MATCH ?1";
const BY_IDENTIFIER: &str = "SELECT key FROM keys WHERE id BETWEEN ?1 AND ?2";
const BY_STATE: &str = "SELECT key FROM keys INDEXED BY keys_by_state WHERE state = ?1";
const BY_ALGORITHM: &str = "SELECT key FROM keys INDEXED BY keys_by_algorithm WHERE algorithm = ?1";
const BY_PURPOSE: &str = "SELECT key FROM keys INDEXED BY keys_by_purpose WHERE purpose = ?1";
const BY_TAG: &str = "SELECT key FROM key_tags INDEXED BY key_tags_by_tag WHERE tag = ?1";
const ROTATE_BEFORE: &str = "SELECT key FROM keys INDEXED BY keys_by_rotation WHERE rotation <= ?1";
const EXPIRING_SOON: &str = "SELECT key FROM keys INDEXED BY keys_by_warning
     WHERE warn_at <= ?1 AND rotate_by > ?1";
const EXPIRED: &str = "SELECT key FROM keys INDEXED BY keys_by_expiry WHERE expired = 1";
const SCHEDULED: &str = "SELECT key FROM keys INDEXED BY keys_by_destruction
     WHERE destroy_scheduled_at IS NOT NULL";

/// Every statement of a condition, for the test that reads their plans.
#[cfg(test)]
pub(crate) const ALL: &[&str] = &[
    BY_IDENTIFIER,
    BY_STATE,
    BY_ALGORITHM,
    BY_PURPOSE,
    BY_TAG,
    ROTATE_BEFORE,
    EXPIRING_SOON,
    EXPIRED,
    SCHEDULED,
];

/// The conditions of `query` at `now`, those that end soonest first.
pub(crate) fn conditions(query: &KeyQuery, now: Timestamp) -> Vec<Condition> {
    let mut conditions = Vec::new();
    if let Some(typed) = query.search.as_deref().filter(|typed| !typed.trim().is_empty()) {
        conditions.push(search(typed));
    }
    if let Some(filter) = query.filter {
        conditions.push(smart(filter, now));
    }
    if let Some(tag) = &query.tag {
        conditions.push(Condition::new(BY_TAG, [text(tag.as_str())]));
    }
    if let Some(algorithm) = query.algorithm {
        conditions.push(Condition::new(BY_ALGORITHM, [text(algorithm.name())]));
    }
    if let Some(purpose) = query.purpose {
        conditions.push(Condition::new(BY_PURPOSE, [text(purpose.name())]));
    }
    if let Some(state) = query.state {
        conditions.push(Condition::new(BY_STATE, [text(state.name())]));
    }
    if let Some(end) = query.rotate_before {
        conditions.push(Condition::new(ROTATE_BEFORE, [Value::Integer(end.as_millisecond())]));
    }
    conditions
}

fn search(typed: &str) -> Condition {
    let mut condition = match search::expression(typed) {
        Some(expression) => Condition::new(BY_WORDS, [Value::Text(expression)]),
        None => Condition::new(NOTHING, []),
    };
    let range = search::identifier_prefix(typed).and_then(|prefix| id_range(&prefix));
    condition.or = range.map(|(lowest, highest)| {
        let ends = [Value::Blob(lowest.to_vec()), Value::Blob(highest.to_vec())];
        Box::new(Condition::new(BY_IDENTIFIER, ends))
    });
    condition
}

fn smart(filter: SmartFilter, now: Timestamp) -> Condition {
    let now = Value::Integer(now.as_millisecond());
    match filter {
        SmartFilter::ExpiringSoon => Condition::new(EXPIRING_SOON, [now]),
        SmartFilter::Overdue => Condition::new(ROTATE_BEFORE, [now]),
        SmartFilter::Expired => Condition::new(EXPIRED, []),
        SmartFilter::Compromised => Condition::new(BY_STATE, [text("compromised")]),
        SmartFilter::ScheduledForDestruction => Condition::new(SCHEDULED, []),
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

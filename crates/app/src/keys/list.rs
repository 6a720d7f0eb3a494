//! Lists keys.

use jiff::Timestamp;
use keyreeve_domain::ports::ReadTransaction;
use keyreeve_domain::{Counts, Cursor, KeyQuery, Period, Tag};

use crate::api::{CountsView, KeyListRequest, KeyListResponse, TagCountView};
use crate::error::Error;
use crate::keys::view::row_view;
use crate::session::UnlockedSession;

/// Rows of a page when none are named.
const DEFAULT_LIMIT: u32 = 100;
/// Rows of a page at most.
const MAX_LIMIT: u32 = 1_000;
/// Characters of a search at most.
const MAX_SEARCH: usize = 500;

/// A page of the list.
///
/// # Errors
/// When a part of the question is not understood, or the database fails.
pub fn list_keys(
    session: &UnlockedSession,
    request: &KeyListRequest,
) -> Result<KeyListResponse, Error> {
    let now = session.now();
    page(&*session.read()?, &query(request, now)?, now)
}

/// Numbers for the sidebar.
///
/// # Errors
/// When the database fails.
pub fn counts(session: &UnlockedSession) -> Result<CountsView, Error> {
    Ok(counts_view(&session.read()?.counts(session.now())?))
}

pub(crate) fn page(
    tx: &dyn ReadTransaction,
    query: &KeyQuery,
    now: Timestamp,
) -> Result<KeyListResponse, Error> {
    let page = tx.list(query, now)?;
    Ok(KeyListResponse {
        keys: page.rows.into_iter().map(row_view).collect(),
        total: page.total,
        next: page.next.map(|cursor| encode(&cursor)).transpose()?,
    })
}

pub(crate) fn query(request: &KeyListRequest, now: Timestamp) -> Result<KeyQuery, Error> {
    let search = request.search.as_deref().map(str::trim).filter(|search| !search.is_empty());
    if search.is_some_and(|search| search.chars().count() > MAX_SEARCH) {
        return Err(Error::invalid(format!("a search has at most {MAX_SEARCH} characters")));
    }
    let expiring_within =
        request.expiring_within.as_deref().map(str::parse::<Period>).transpose()?;
    Ok(KeyQuery {
        search: search.map(str::to_owned),
        state: request.state,
        algorithm: request.algorithm,
        purpose: request.purpose,
        tag: request.tag.as_deref().map(Tag::parse).transpose()?,
        filter: request.filter,
        rotate_before: expiring_within.map(|period| period.after(now)),
        sort_by: request.sort_by.unwrap_or_default(),
        descending: request.descending,
        limit: request.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT),
        after: request.after.as_deref().map(decode).transpose()?,
    })
}

fn encode(cursor: &Cursor) -> Result<String, Error> {
    let json = serde_json::to_vec(cursor);
    json.map(hex::encode).map_err(|error| Error::internal(error.to_string()))
}

fn decode(text: &str) -> Result<Cursor, Error> {
    let refused = || Error::invalid("this is not where a page of the list ended");
    let json = hex::decode(text).map_err(|_malformed| refused())?;
    serde_json::from_slice(&json).map_err(|_malformed| refused())
}

pub(crate) fn counts_view(counts: &Counts) -> CountsView {
    CountsView {
        total: counts.total,
        by_state: counts.by_state.to_vec(),
        expiring_soon: counts.expiring_soon,
        overdue: counts.overdue,
        expired: counts.expired,
        compromised: counts.compromised,
        scheduled_for_destruction: counts.scheduled_for_destruction,
        tags: counts
            .tags
            .iter()
            .map(|tag| TagCountView { tag: tag.tag.clone(), count: tag.count })
            .collect(),
    }
}

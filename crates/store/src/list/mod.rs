//! The list of keys: filters, search, order, pages, counts.
//!
//! Every filter is answered by an index alone, as a set of row numbers; sets are intersected as
//! bits. A page is then cut from the sort order. So the time a page takes does not depend on what
//! a query planner guesses, and typing one more letter repeats only the search.

mod cache;
mod conditions;
mod counts;
mod order;
mod row_set;

pub(crate) use cache::Cache;
pub(crate) use counts::counts;

use std::sync::Arc;

use keyreeve_domain::{Cursor, KeyId, KeyPage, KeyQuery, KeyRow, Timestamp};
use rusqlite::{Connection, Row};

use crate::fault::Fault;
use crate::list::conditions::conditions;
use crate::list::order::Order;
use crate::list::row_set::RowSet;
use crate::stored::{Millis, Named, Natural};

/// So few that reading their sort values beats going through the order of all keys.
const FEW: usize = 500;

/// A page of the list.
pub(crate) fn page(
    connection: &Connection,
    cache: &mut Cache,
    query: &KeyQuery,
    now: Timestamp,
) -> Result<KeyPage, Fault> {
    let order = Order::of(query.sort_by, query.descending);
    let limit = query.limit as usize;
    // One more than asked for shows whether there is a next page.
    let wanted = limit.saturating_add(1);
    let after = query.after.as_ref();
    let (mut keys, total) = match matching(connection, cache, query, now)? {
        None => {
            let total = cache.total(connection)?;
            (order.walk(connection, after, wanted)?, total)
        }
        Some(set) => (cut(connection, cache, order, &set, after, wanted)?, set.len() as u64),
    };
    let more = keys.len() > limit;
    keys.truncate(limit);
    let rows = keys.iter().map(|key| row(connection, *key)).collect::<Result<Vec<_>, Fault>>()?;
    let next = match keys.last() {
        Some(last) if more => Some(order.cursor(connection, *last)?),
        _ => None,
    };
    Ok(KeyPage { rows, total, next })
}

/// All keys a question has, in its order.
pub(crate) fn ids(
    connection: &Connection,
    cache: &mut Cache,
    query: &KeyQuery,
    now: Timestamp,
) -> Result<Vec<KeyId>, Fault> {
    let order = Order::of(query.sort_by, query.descending);
    let after = query.after.as_ref();
    let keys = match matching(connection, cache, query, now)? {
        None => order.walk(connection, after, usize::MAX)?,
        Some(set) => cut(connection, cache, order, &set, after, usize::MAX)?,
    };
    let mut select = connection.prepare_cached("SELECT id FROM keys WHERE key = ?1")?;
    keys.iter()
        .map(|key| Ok(select.query_row([key], |row| row.get(0).map(KeyId::from_bytes))?))
        .collect()
}

/// The rows that meet every condition of `query`; `None` when it has none.
fn matching(
    connection: &Connection,
    cache: &mut Cache,
    query: &KeyQuery,
    now: Timestamp,
) -> Result<Option<Arc<RowSet>>, Fault> {
    let mut matching: Option<Arc<RowSet>> = None;
    for condition in conditions(query, now) {
        let set = cache.set(connection, condition)?;
        matching = Some(match matching {
            None => set,
            Some(so_far) => Arc::new(so_far.and(&set)),
        });
    }
    Ok(matching)
}

/// At most `wanted` of the rows in `set` that come after `after`, in `order`.
fn cut(
    connection: &Connection,
    cache: &mut Cache,
    order: Order,
    set: &RowSet,
    after: Option<&Cursor>,
    wanted: usize,
) -> Result<Vec<i64>, Fault> {
    if set.len() <= FEW {
        return order.sort(connection, set, after, wanted);
    }
    let sequence = cache.sequence(connection, order)?;
    let start = match after {
        Some(cursor) => order.place_after(connection, &sequence, cursor)?,
        None => 0,
    };
    let rest = sequence.iter().skip(start).map(|key| i64::from(*key));
    Ok(rest.filter(|key| set.contains(*key)).take(wanted).collect())
}

/// What the list shows of a key.
fn row(connection: &Connection, key: i64) -> Result<KeyRow, Fault> {
    let mut row = connection
        .prepare_cached(
            "SELECT id, name, algorithm, purpose, state, rotate_by, destroy_scheduled_at,
                    created_at, last_used_at, primary_version, owner, revision
             FROM keys WHERE key = ?1",
        )?
        .query_row([key], without_tags)?;
    let mut tags = connection.prepare_cached("SELECT tag FROM key_tags WHERE key = ?1")?;
    row.tags = tags.query_map([key], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(row)
}

fn without_tags(row: &Row<'_>) -> rusqlite::Result<KeyRow> {
    let time = |column| row.get::<_, Option<Millis>>(column).map(|at| at.map(|at| at.0));
    Ok(KeyRow {
        id: KeyId::from_bytes(row.get(0)?),
        name: row.get(1)?,
        algorithm: row.get::<_, Named<_>>(2)?.0,
        purpose: row.get::<_, Named<_>>(3)?.0,
        state: row.get::<_, Named<_>>(4)?.0,
        rotate_by: time(5)?,
        destroy_scheduled_at: time(6)?,
        created_at: row.get::<_, Millis>(7)?.0,
        last_used_at: time(8)?,
        primary_version: row.get(9)?,
        owner: row.get(10)?,
        tags: Vec::new(),
        revision: row.get::<_, Natural>(11)?.0,
    })
}

#[cfg(test)]
mod tests {
    use keyreeve_domain::SortBy;
    use rusqlite::ToSql;

    use super::*;
    use crate::migration::MIGRATIONS;
    use crate::transaction::Kind;
    use crate::{list, log, sample};

    const SORTS: [SortBy; 6] = [
        SortBy::Name,
        SortBy::Algorithm,
        SortBy::Purpose,
        SortBy::State,
        SortBy::RotateBy,
        SortBy::CreatedAt,
    ];

    /// How SQLite says that it will run `sql`.
    fn plan(connection: &Connection, sql: &str) -> Vec<String> {
        let mut select = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let values = vec![&1 as &dyn ToSql; select.parameter_count()];
        select.query_map(values.as_slice(), |row| row.get(3)).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn no_order_of_the_list_is_sorted_when_asked() {
        let (_folder, store) = sample::vault(MIGRATIONS);
        let session = store.take(Kind::Read).unwrap();
        for (sort_by, descending, resume) in SORTS.into_iter().flat_map(|sort_by| {
            [(false, false), (false, true), (true, false), (true, true)]
                .map(|(descending, resume)| (sort_by, descending, resume))
        }) {
            let sql = Order::of(sort_by, descending).statement(resume);
            let plan = plan(&session.connection, &sql);
            let [line] = plan.as_slice() else { panic!("{sql}: {plan:?}") };
            assert!(line.contains("USING COVERING INDEX"), "{sql}: {line}");
            // Both columns seek, so that a page deep inside equal values starts at its place.
            let seeks = line.starts_with("SEARCH") && line.contains(",id)");
            assert!(if resume { seeks } else { line.starts_with("SCAN") }, "{sql}: {line}");
        }
    }

    #[test]
    fn every_filter_and_count_is_answered_by_an_index_alone() {
        let (_folder, store) = sample::vault(MIGRATIONS);
        let session = store.take(Kind::Read).unwrap();
        for sql in list::conditions::ALL.iter().chain(list::counts::ALL) {
            let plan = plan(&session.connection, sql);
            let grouped = sql.contains("ORDER BY keys DESC");
            // key_tags is an index itself.
            assert!(
                plan.iter().any(|line| line.contains("USING COVERING INDEX")
                    || line.contains("key_tags USING INDEX")),
                "{sql}: {plan:?}"
            );
            assert!(
                grouped || !plan.iter().any(|line| line.contains("TEMP B-TREE")),
                "{sql}: {plan:?}"
            );
        }
    }

    #[test]
    fn only_times_make_a_page_of_the_log_sort() {
        use keyreeve_domain::audit::Action;
        use keyreeve_domain::ports::AuditQuery;
        let (_folder, store) = sample::vault(MIGRATIONS);
        let session = store.take(Kind::Read).unwrap();
        for bits in 0..16 {
            let query = AuditQuery {
                object: (bits & 1 != 0).then(|| "x".to_owned()),
                action: (bits & 2 != 0).then_some(Action::KeyRotate),
                since: (bits & 4 != 0).then_some(Timestamp::UNIX_EPOCH),
                until: (bits & 8 != 0).then_some(Timestamp::UNIX_EPOCH),
                ..AuditQuery::default()
            };
            let plan = plan(&session.connection, &log::events_statement(&query));
            // The page itself, at most as long as its limit, is put in order at the end.
            let sorts = plan.iter().filter(|line| line.contains("TEMP B-TREE")).count();
            let by_time = matches!(bits, 4 | 8 | 12);
            assert!(sorts <= if by_time { 2 } else { 1 }, "{query:?}: {plan:?}");
            let index = match bits {
                0 => None,
                _ if by_time => Some("audit_by_time"),
                _ if bits & 1 != 0 => Some("audit_by_object"),
                _ => Some("audit_by_action"),
            };
            let used = ["audit_by_time", "audit_by_object", "audit_by_action"]
                .into_iter()
                .find(|index| plan.iter().any(|line| line.contains(index)));
            assert_eq!(used, index, "{query:?}: {plan:?}");
        }
    }
}

//! The audit log: entries, and the right edge of the Merkle tree over them.

use std::ops::Range;

use keyreeve_crypto::Sha256;
use keyreeve_domain::audit::{AuditDraft, AuditEntry, EntryError, Frontier, ObjectKind, leaf_hash};
use keyreeve_domain::ports::{AuditQuery, StoreError};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::fault::{Fault, damaged};
use crate::stored::{Millis, Natural};

/// The log within a write transaction. The tree's edge is read once and written once, however
/// many entries are appended between.
pub(crate) struct Log {
    edge: Frontier,
}

impl Log {
    pub(crate) fn load(connection: &Connection) -> Result<Self, Fault> {
        Ok(Self { edge: edge(connection)? })
    }

    pub(crate) fn empty() -> Self {
        Self { edge: Frontier::default() }
    }

    /// The sequence number that the next entry gets.
    pub(crate) fn next_seq(&self) -> u64 {
        self.edge.size()
    }

    pub(crate) fn edge(&self) -> &Frontier {
        &self.edge
    }

    pub(crate) fn append(
        &mut self,
        connection: &Connection,
        draft: AuditDraft,
    ) -> Result<u64, Fault> {
        let entry = draft.into_entry(self.next_seq());
        let line = entry.encode().map_err(|source| match source {
            EntryError::TooLong { .. } => StoreError::TooMuch { source }.into(),
            other => damaged(other.to_string()),
        })?;
        let mut insert = connection.prepare_cached(
            "INSERT INTO audit_entries (seq, time, action, object, vouches, entry)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        insert.execute(params![
            Natural(entry.seq),
            Millis(entry.time),
            entry.action.name(),
            entry.object,
            vouching(entry.object_kind) && entry.digest.is_some(),
            line,
        ])?;
        self.edge.push(leaf_hash(&line));
        Ok(entry.seq)
    }

    /// Writes the tree's edge.
    pub(crate) fn save(&self, connection: &Connection) -> Result<(), Fault> {
        let mut put = connection.prepare_cached(
            "INSERT INTO audit_frontier (only, edge) VALUES (1, ?1)
             ON CONFLICT (only) DO UPDATE SET edge = excluded.edge",
        )?;
        put.execute([self.edge.encode()])?;
        Ok(())
    }
}

/// Whether entries about such things carry the digest of their rows.
fn vouching(kind: ObjectKind) -> bool {
    matches!(kind, ObjectKind::Key | ObjectKind::Certificate | ObjectKind::KnownKey)
}

/// Whether the newest word of the log on `object` is that its row has `digest`; without one, that it is
/// not there.
pub(crate) fn vouches(
    connection: &Connection,
    kind: ObjectKind,
    object: &str,
    digest: Option<Sha256>,
) -> Result<bool, Fault> {
    let newest = match newest_vouching(connection, object)? {
        Some(seq) => entry(connection, seq)?,
        None => return Ok(digest.is_none()),
    };
    let of_it = newest.filter(|entry| entry.object_kind == kind && entry.object == object);
    Ok(of_it.is_some_and(|entry| match digest {
        Some(digest) => !entry.action.removes() && entry.digest == Some(hex::encode(digest)),
        None => entry.action.removes(),
    }))
}

/// The stored edge of the tree.
pub(crate) fn edge(connection: &Connection) -> Result<Frontier, Fault> {
    let bytes: Option<Vec<u8>> = connection
        .prepare_cached("SELECT edge FROM audit_frontier WHERE only = 1")?
        .query_row([], |row| row.get(0))
        .optional()?;
    let bytes = bytes.ok_or_else(|| damaged("the audit log's tree is missing"))?;
    Frontier::decode(&bytes).map_err(|error| damaged(error.to_string()))
}

/// One entry, if it is there.
pub(crate) fn entry(connection: &Connection, seq: u64) -> Result<Option<AuditEntry>, Fault> {
    let line: Option<Vec<u8>> = connection
        .prepare_cached("SELECT entry FROM audit_entries WHERE seq = ?1")?
        .query_row([Natural(seq)], |row| row.get(0))
        .optional()?;
    line.map(|line| decode(seq, &line)).transpose()
}

/// The newest entry that carries a digest of `object`'s rows.
pub(crate) fn newest_vouching(connection: &Connection, object: &str) -> Result<Option<u64>, Fault> {
    let seq: Option<Natural> = connection
        .prepare_cached(
            "SELECT seq FROM audit_entries INDEXED BY audit_by_object
             WHERE object = ?1 AND vouches = 1 ORDER BY seq DESC LIMIT 1",
        )?
        .query_row([object], |row| row.get(0))
        .optional()?;
    Ok(seq.map(|seq| seq.0))
}

/// How many entries from number `from` on carry the digest of rows.
pub(crate) fn vouching_since(connection: &Connection, from: u64) -> Result<u64, Fault> {
    let count: Natural = connection
        .prepare_cached(
            "SELECT count(*) FROM audit_entries INDEXED BY audit_vouching
             WHERE vouches = 1 AND seq >= ?1",
        )?
        .query_row([i64::try_from(from).unwrap_or(i64::MAX)], |row| row.get(0))?;
    Ok(count.0)
}

/// Hands each entry of `range` to `visit`, ascending; every number of it must be there.
pub(crate) fn each(
    connection: &Connection,
    range: Range<u64>,
    mut visit: impl FnMut(u64, &[u8]) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut expected = range.start;
    let mut select = connection.prepare_cached(
        "SELECT seq, entry FROM audit_entries WHERE seq >= ?1 AND seq < ?2 ORDER BY seq",
    )?;
    let mut rows = select.query([Natural(range.start), Natural(range.end)])?;
    while let Some(row) = rows.next()? {
        let Natural(seq) = row.get(0)?;
        if seq != expected {
            break;
        }
        let line = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        visit(seq, line)?;
        expected += 1;
    }
    if expected < range.end {
        return Err(damaged(format!("entry {expected} of the audit log is missing")));
    }
    Ok(())
}

/// A page of the log, newest first.
pub(crate) fn events(
    connection: &Connection,
    query: &AuditQuery,
) -> Result<Vec<AuditEntry>, Fault> {
    let mut select = connection.prepare_cached(&events_statement(query))?;
    let mut rows = select.query(params![
        query.before_seq.map_or(i64::MAX, |seq| i64::try_from(seq).unwrap_or(i64::MAX)),
        query.object,
        query.action.map(|action| action.name()),
        query.since.map_or(i64::MIN, |at| at.as_millisecond()),
        query.until.map_or(i64::MAX, |at| at.as_millisecond()),
        query.limit,
    ])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let Natural(seq) = row.get(0)?;
        let line = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        entries.push(decode(seq, line)?);
    }
    Ok(entries)
}

/// The statement for the filters that `query` has. Each is served by an index; only a filter by
/// time alone sorts, because a clock that was set back leaves times out of the log's order.
pub(crate) fn events_statement(query: &AuditQuery) -> String {
    let by_time = query.since.is_some() || query.until.is_some();
    let index = match (&query.object, query.action) {
        (Some(_), _) => "INDEXED BY audit_by_object",
        (None, Some(_)) => "INDEXED BY audit_by_action",
        (None, None) if by_time => "INDEXED BY audit_by_time",
        (None, None) => "NOT INDEXED",
    };
    let mut filters = vec!["seq < ?1"];
    if query.object.is_some() {
        filters.push("object = ?2");
    }
    if query.action.is_some() {
        filters.push("action = ?3");
    }
    if by_time {
        filters.push("time >= ?4 AND time < ?5");
    }
    // Sequence numbers first, so that a sort carries no entries.
    format!(
        "SELECT page.seq, log.entry
         FROM (SELECT seq FROM audit_entries {index} WHERE {} ORDER BY seq DESC LIMIT ?6) AS page
         CROSS JOIN audit_entries AS log ON log.seq = page.seq
         ORDER BY page.seq DESC",
        filters.join(" AND ")
    )
}

fn decode(seq: u64, line: &[u8]) -> Result<AuditEntry, Fault> {
    let entry = AuditEntry::decode(line)
        .map_err(|error| damaged(format!("entry {seq} of the audit log: {error}")))?;
    if entry.seq == seq {
        Ok(entry)
    } else {
        Err::<_, Fault>(damaged(format!("entry {seq} of the audit log says it is another")))
    }
}

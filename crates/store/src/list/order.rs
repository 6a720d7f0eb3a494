//! The orders of the list, each walked along an index of its own.

use std::cmp::Ordering;

use keyreeve_domain::{Cursor, CursorValue, KeyId, SortBy};
use rusqlite::types::{FromSqlError, Value, ValueRef};
use rusqlite::{CachedStatement, Connection, Row, params};

use crate::fault::Fault;
use crate::list::row_set::{GREATEST_ROW, RowSet};

/// A column to sort by and a direction; the identifier breaks ties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Order {
    column: &'static str,
    index: &'static str,
    descending: bool,
}

/// Where a row stands in an order.
type Place = (CursorValue, [u8; 16]);

impl Order {
    pub(crate) fn of(sort_by: SortBy, descending: bool) -> Self {
        let order = |column, index| Self { column, index, descending };
        match sort_by {
            SortBy::Name => order("name_folded", "keys_by_name"),
            SortBy::Algorithm => order("algorithm", "keys_by_algorithm"),
            SortBy::Purpose => order("purpose", "keys_by_purpose"),
            SortBy::State => order("state", "keys_by_state"),
            SortBy::CreatedAt => order("created_at", "keys_by_created_at"),
            SortBy::RotateBy if descending => Self {
                column: "rotation_falling",
                index: "keys_by_rotation_falling",
                // The column itself falls, so that keys without a date stay last.
                descending: false,
            },
            SortBy::RotateBy => order("rotation", "keys_by_rotation"),
        }
    }

    /// The statement that goes along the index, from the start or from a row's place on.
    pub(crate) fn statement(self, resume: bool) -> String {
        let Self { column, index, descending } = self;
        let (direction, beyond) = if descending { ("DESC", "<") } else { ("ASC", ">") };
        let from =
            if resume { format!("WHERE ({column}, id) {beyond} (?1, ?2)") } else { String::new() };
        format!(
            "SELECT key FROM keys INDEXED BY {index} {from}
             ORDER BY {column} {direction}, id {direction}"
        )
    }

    /// At most `wanted` rows after `after`, along the index.
    pub(crate) fn walk(
        self,
        connection: &Connection,
        after: Option<&Cursor>,
        wanted: usize,
    ) -> Result<Vec<i64>, Fault> {
        let mut select = connection.prepare_cached(&self.statement(after.is_some()))?;
        let key = |row: &Row<'_>| row.get::<_, i64>(0);
        let keys: Result<_, rusqlite::Error> = match after {
            Some(cursor) => {
                let value = match &cursor.value {
                    CursorValue::Number(number) => Value::Integer(*number),
                    CursorValue::Text(text) => Value::Text(text.clone()),
                };
                let from = params![value, cursor.id.as_bytes()];
                select.query_map(from, key)?.take(wanted).collect()
            }
            None => select.query_map([], key)?.take(wanted).collect(),
        };
        Ok(keys?)
    }

    /// All rows in this order, as small as can be: a vault's rows fit 32 bits.
    pub(crate) fn sequence(self, connection: &Connection) -> Result<Vec<u32>, Fault> {
        let mut select = connection.prepare_cached(&self.statement(false))?;
        let mut rows = select.query([])?;
        let mut sequence = Vec::new();
        while let Some(row) = rows.next()? {
            let key: i64 = row.get(0)?;
            // Greater ones are in no set either, which refuses them as damage.
            if let Some(key) = u32::try_from(key).ok().filter(|_| key <= GREATEST_ROW) {
                sequence.push(key);
            }
        }
        Ok(sequence)
    }

    /// How many rows of `sequence` do not come after `cursor`.
    pub(crate) fn place_after(
        self,
        connection: &Connection,
        sequence: &[u32],
        cursor: &Cursor,
    ) -> Result<usize, Fault> {
        let mut select = self.place_statement(connection)?;
        let (mut low, mut high) = (0, sequence.len());
        while low < high {
            let middle = low + (high - low) / 2;
            let place = place(&mut select, i64::from(sequence[middle]))?;
            if self.compare(&place, cursor) == Ordering::Greater {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        Ok(low)
    }

    /// At most `wanted` of the rows of `set` after `after`, by reading where each stands.
    pub(crate) fn sort(
        self,
        connection: &Connection,
        set: &RowSet,
        after: Option<&Cursor>,
        wanted: usize,
    ) -> Result<Vec<i64>, Fault> {
        let mut select = self.place_statement(connection)?;
        let mut places = Vec::with_capacity(set.len());
        for key in set.iter() {
            let place = place(&mut select, key)?;
            if after.is_none_or(|cursor| self.compare(&place, cursor) == Ordering::Greater) {
                places.push((place, key));
            }
        }
        places.sort_by(|(a, _), (b, _)| self.directed(by_place(a, b)));
        Ok(places.into_iter().map(|(_, key)| key).take(wanted).collect())
    }

    /// Where `key` stands, for going on after it.
    pub(crate) fn cursor(self, connection: &Connection, key: i64) -> Result<Cursor, Fault> {
        let (value, id) = place(&mut self.place_statement(connection)?, key)?;
        Ok(Cursor { value, id: KeyId::from_bytes(id) })
    }

    fn place_statement(self, connection: &Connection) -> Result<CachedStatement<'_>, Fault> {
        let sql = format!("SELECT {}, id FROM keys WHERE key = ?1", self.column);
        Ok(connection.prepare_cached(&sql)?)
    }

    fn compare(self, place: &Place, cursor: &Cursor) -> Ordering {
        let (value, id) = place;
        let order = by_value(value, &cursor.value).then_with(|| id.cmp(cursor.id.as_bytes()));
        self.directed(order)
    }

    fn directed(self, order: Ordering) -> Ordering {
        if self.descending { order.reverse() } else { order }
    }
}

fn place(select: &mut CachedStatement<'_>, key: i64) -> Result<Place, Fault> {
    Ok(select.query_row([key], |row| {
        let value = match row.get_ref(0)? {
            ValueRef::Integer(number) => CursorValue::Number(number),
            text @ ValueRef::Text(_) => CursorValue::Text(text.as_str()?.to_owned()),
            _ => return Err(FromSqlError::InvalidType.into()),
        };
        Ok((value, row.get(1)?))
    })?)
}

fn by_place((a, a_id): &Place, (b, b_id): &Place) -> Ordering {
    by_value(a, b).then_with(|| a_id.cmp(b_id))
}

/// As SQLite compares: numbers before text, text by its bytes.
fn by_value(a: &CursorValue, b: &CursorValue) -> Ordering {
    match (a, b) {
        (CursorValue::Number(a), CursorValue::Number(b)) => a.cmp(b),
        (CursorValue::Text(a), CursorValue::Text(b)) => a.cmp(b),
        (CursorValue::Number(_), CursorValue::Text(_)) => Ordering::Less,
        (CursorValue::Text(_), CursorValue::Number(_)) => Ordering::Greater,
    }
}

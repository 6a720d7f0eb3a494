//! What a connection remembers between questions, for as long as nothing was written.

use std::sync::Arc;

use rusqlite::{Connection, params_from_iter};

use crate::fault::Fault;
use crate::list::conditions::Condition;
use crate::list::order::Order;
use crate::list::row_set::RowSet;
use crate::stored::Natural;

/// Sets remembered: those of the filters chosen and of the last letters typed.
const MOST_SETS: usize = 12;
/// Orders remembered: every order there is.
const MOST_ORDERS: usize = 12;

/// Sets, orders and the number of keys, as of one state of the database.
#[derive(Default)]
pub(crate) struct Cache {
    data_version: Option<i64>,
    total: Option<u64>,
    sets: Vec<(Condition, Arc<RowSet>)>,
    sequences: Vec<(Order, Arc<Vec<u32>>)>,
}

impl Cache {
    /// Forgets everything when another connection has written since. To be asked within the read
    /// transaction, so that what is remembered is of its moment.
    pub(crate) fn refresh(&mut self, connection: &Connection) -> Result<(), Fault> {
        let version = connection
            .prepare_cached("PRAGMA data_version")?
            .query_row([], |row| row.get::<_, i64>(0))?;
        if self.data_version != Some(version) {
            *self = Self { data_version: Some(version), ..Self::default() };
        }
        Ok(())
    }

    /// The number of keys.
    pub(crate) fn total(&mut self, connection: &Connection) -> Result<u64, Fault> {
        if let Some(total) = self.total {
            return Ok(total);
        }
        let total = connection
            .prepare_cached("SELECT count(*) FROM keys")?
            .query_row([], |row| row.get::<_, Natural>(0))?
            .0;
        self.total = Some(total);
        Ok(total)
    }

    /// The rows that meet `condition`.
    pub(crate) fn set(
        &mut self,
        connection: &Connection,
        condition: Condition,
    ) -> Result<Arc<RowSet>, Fault> {
        if let Some((_, set)) = self.sets.iter().find(|(known, _)| *known == condition) {
            return Ok(Arc::clone(set));
        }
        let mut set = RowSet::default();
        let mut part = Some(&condition);
        while let Some(condition) = part {
            let mut select = connection.prepare_cached(condition.sql)?;
            let mut rows = select.query(params_from_iter(&condition.values))?;
            while let Some(row) = rows.next()? {
                set.insert(row.get(0)?)?;
            }
            part = condition.or.as_deref();
        }
        let set = Arc::new(set);
        keep(&mut self.sets, MOST_SETS, (condition, Arc::clone(&set)));
        Ok(set)
    }

    /// All rows in `order`.
    pub(crate) fn sequence(
        &mut self,
        connection: &Connection,
        order: Order,
    ) -> Result<Arc<Vec<u32>>, Fault> {
        if let Some((_, sequence)) = self.sequences.iter().find(|(known, _)| *known == order) {
            return Ok(Arc::clone(sequence));
        }
        let sequence = Arc::new(order.sequence(connection)?);
        keep(&mut self.sequences, MOST_ORDERS, (order, Arc::clone(&sequence)));
        Ok(sequence)
    }
}

fn keep<T>(kept: &mut Vec<T>, most: usize, new: T) {
    if kept.len() >= most {
        kept.remove(0);
    }
    kept.push(new);
}

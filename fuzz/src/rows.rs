//! A vault's database with one cell of one row changed, by someone who holds its key.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use keyreeve_crypto::DatabaseKey;
use keyreeve_domain::ports::{AuditQuery, StoreError, StoreOpener as _, VaultStore};
use keyreeve_domain::{KeyId, KeyQuery, KeyRecord, Timestamp};
use keyreeve_store::SqlcipherOpener;
use rusqlite::Connection;
use rusqlite::types::Value;

use crate::seeds::Answer;
use crate::targets::{Target, written};

/// Of each table so many rows are enough.
const ROWS: u32 = 12;

/// One value in the database.
struct Cell {
    /// The statement that changes it.
    update: String,
    /// The values that tell its row.
    row: Vec<Value>,
    /// What it holds.
    value: Value,
}

/// A vault, and what its database holds.
struct Rows {
    vault: PathBuf,
    key: DatabaseKey,
    whole: Vec<u8>,
    cells: Vec<Cell>,
    keys: BTreeMap<KeyId, KeyRecord>,
}

/// An input is the number of a cell in two bytes, and what it shall hold.
pub fn target(vault: &Path, key: DatabaseKey) -> Answer<Target> {
    let copy = vault.with_file_name("rows.keyreeve");
    std::fs::create_dir(&copy)?;
    let whole = std::fs::read(vault.join("vault.db"))?;
    std::fs::write(copy.join("vault.db"), &whole)?;
    let cells = cells(&raw(&copy, &key)?)?;
    let keys = trusted(&*SqlcipherOpener.open(&copy, &key)?)?;
    let rows = Rows { vault: copy, key, whole, cells, keys };
    let seeds = rows.cells.iter().enumerate().map(|(number, cell)| {
        let number = u16::try_from(number).unwrap_or(u16::MAX).to_le_bytes();
        [&number[..], &bytes_of(&cell.value)].concat()
    });
    let seeds = seeds.collect();
    Ok(Target::new("row of the database", seeds, move |bytes| rows.read(bytes)))
}

impl Rows {
    fn read(&self, bytes: &[u8]) {
        let Some((number, value)) = bytes.split_first_chunk() else { return };
        let cell = &self.cells[usize::from(u16::from_le_bytes(*number)) % self.cells.len()];
        written(&self.vault.join("vault.db"), &self.whole);
        match self.change(cell, value) {
            Ok(true) => {}
            // The schema does not take it.
            Ok(false) => return,
            Err(error) => panic!("{error}"),
        }
        // A key that is taken for the one that the log vouches for is that one.
        let opened = SqlcipherOpener.open(&self.vault, &self.key);
        for (id, key) in opened.and_then(|store| look_at_all(&*store)).unwrap_or_default() {
            assert_eq!(Some(&key), self.keys.get(&id), "changed by {}", cell.update);
        }
    }

    /// Changes a cell; whether the schema took it.
    fn change(&self, cell: &Cell, bytes: &[u8]) -> Answer<bool> {
        let connection = raw(&self.vault, &self.key)?;
        let text = || String::from_utf8_lossy(bytes).into_owned();
        let value = match (&cell.value, <[u8; 8]>::try_from(bytes)) {
            (Value::Integer(_), Ok(bytes)) => Value::Integer(i64::from_le_bytes(bytes)),
            (Value::Text(_), _) => Value::Text(text()),
            (Value::Blob(_), _) => Value::Blob(bytes.to_vec()),
            _ => text().parse().map_or(Value::Null, Value::Integer),
        };
        let values = std::iter::once(&value).chain(&cell.row);
        Ok(connection.execute(&cell.update, rusqlite::params_from_iter(values)).is_ok())
    }
}

/// Reads in every way that there is. Answers the keys that are trusted.
fn look_at_all(store: &dyn VaultStore) -> Result<BTreeMap<KeyId, KeyRecord>, StoreError> {
    let now = Timestamp::UNIX_EPOCH;
    let tx = store.read()?;
    drop(tx.meta());
    drop(tx.counts(now));
    drop(tx.due(now, 100));
    drop(tx.events(&AuditQuery { limit: 100, ..AuditQuery::default() }));
    drop(tx.checkpoints());
    drop(tx.latest_checkpoint());
    drop(tx.backups());
    drop(tx.slot_uses());
    drop(tx.each_key(&mut |_| Ok(())));
    if let Ok(frontier) = tx.frontier() {
        drop(tx.each_entry(0..frontier.size(), &mut |_, _| Ok(())));
    }
    for search in [None, Some("a".to_owned())] {
        drop(tx.list(&KeyQuery { search, limit: 50, ..KeyQuery::default() }, now));
    }
    for id in tx.ids(&KeyQuery::default(), now).unwrap_or_default() {
        drop(tx.version_entries(id));
        drop(tx.sealed(id, 1));
    }
    drop(tx);
    trusted(store)
}

/// The keys that the log vouches for, without their times of last use, for which it does not.
fn trusted(store: &dyn VaultStore) -> Result<BTreeMap<KeyId, KeyRecord>, StoreError> {
    let tx = store.read()?;
    let ids = tx.ids(&KeyQuery::default(), Timestamp::UNIX_EPOCH)?;
    let read = |id| tx.trusted_key(id).ok().flatten();
    let keys = ids.into_iter().filter_map(|id| Some((id, read(id)?)));
    Ok(keys.map(|(id, key)| (id, KeyRecord { last_used_at: None, ..key })).collect())
}

/// The database with its key, and without the store.
fn raw(vault: &Path, key: &DatabaseKey) -> Answer<Connection> {
    let connection = Connection::open(vault.join("vault.db"))?;
    // EXPOSE: a key of this program's own, which goes with its folder.
    let digits = hex::encode(key.expose());
    // What is lost in a power cut is of no interest here, and flushing is slow.
    connection.execute_batch(&format!("PRAGMA key = \"x'{digits}'\"; PRAGMA synchronous = OFF"))?;
    Ok(connection)
}

fn cells(connection: &Connection) -> Answer<Vec<Cell>> {
    let mut tables = connection.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'keys_fts*'
         AND name NOT GLOB 'sqlite_*'",
    )?;
    let tables: Vec<String> = tables.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut cells = Vec::new();
    for table in tables {
        let mut columns = connection.prepare("SELECT name, pk FROM pragma_table_info(?1)")?;
        let columns: Vec<(String, u32)> = columns
            .query_map([&table], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let of_key: Vec<usize> = (0..columns.len()).filter(|&at| columns[at].1 > 0).collect();
        let mut select = connection.prepare(&format!("SELECT * FROM {table} LIMIT {ROWS}"))?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let row_key: Vec<Value> =
                of_key.iter().map(|&at| row.get(at)).collect::<Result<_, _>>()?;
            let told: Vec<_> = of_key
                .iter()
                .zip(2..)
                .map(|(&at, number)| format!("{} = ?{number}", columns[at].0))
                .collect();
            for (at, (column, _)) in columns.iter().enumerate() {
                let update =
                    format!("UPDATE {table} SET {column} = ?1 WHERE {}", told.join(" AND "));
                cells.push(Cell { update, row: row_key.clone(), value: row.get(at)? });
            }
        }
    }
    Ok(cells)
}

fn bytes_of(value: &Value) -> Vec<u8> {
    match value {
        Value::Null => Vec::new(),
        Value::Integer(number) => number.to_le_bytes().to_vec(),
        Value::Real(number) => number.to_le_bytes().to_vec(),
        Value::Text(text) => text.clone().into_bytes(),
        Value::Blob(bytes) => bytes.clone(),
    }
}

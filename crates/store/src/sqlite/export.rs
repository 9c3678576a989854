//! Reading everything out of a data directory that no server works on.

use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use super::connection::{self, WriterConnection};
use super::{SqliteOptions, jobs, notes};
use crate::StoreError;
use crate::export::{Cell, Kind, Table};

/// Rows given at once, at most.
const ROWS_MAX: usize = 1000;
/// Bytes given at once, at most, but for the row that goes beyond it.
const BYTES_MAX: usize = 4 << 20;

/// A data directory that is read as a whole. Its lock is held until it is
/// dropped.
pub struct Export(WriterConnection);

impl Export {
    /// Takes the directory's lock and brings the database to the newest schema.
    ///
    /// # Errors
    ///
    /// As [`crate::SqliteStore::open`], and [`StoreError::Refused`] where there
    /// is no database.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        let database = connection::database_file(dir);
        if !database.is_file() {
            let what = format!("{} is not there", database.display());
            return Err(StoreError::Refused { what });
        }
        connection::open_writer(dir, &SqliteOptions::default()).map(Self)
    }

    /// Gives the rows of a table in the order of its key, some at a time, until
    /// `take` says that it wants no more.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`] for a value of a type that its column has not.
    pub fn rows(
        &self,
        table: &Table,
        take: &mut dyn FnMut(Vec<Vec<Cell>>) -> bool,
    ) -> Result<(), StoreError> {
        let connection: &Connection = self.0.connection();
        let mut statement = connection.prepare(&select(table))?;
        let mut rows = statement.query([])?;
        let (mut batch, mut size) = (Vec::new(), 0);
        while let Some(row) = rows.next()? {
            let cells = cells(table, row)?;
            size += cells.iter().map(Cell::size).sum::<usize>();
            batch.push(cells);
            if batch.len() >= ROWS_MAX || size >= BYTES_MAX {
                size = 0;
                if !take(std::mem::take(&mut batch)) {
                    return Ok(());
                }
            }
        }
        if !batch.is_empty() {
            take(batch);
        }
        Ok(())
    }

    /// Keeps bytes under a name, as [`crate::Store::put_note`] does.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] where the database cannot be written.
    pub fn put_note(&self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        notes::put(self.0.connection(), name, bytes)
    }
}

fn select(table: &Table) -> String {
    let quoted = |name: &&str| format!("\"{name}\"");
    let columns: Vec<_> = table.columns.iter().map(|(name, _)| quoted(name)).collect();
    let key: Vec<_> = table.key.iter().map(quoted).collect();
    // Documents that wait for nobody have a job of another kind, which other
    // engines do without.
    let only = match table.name {
        "job" => format!("WHERE kind = {}", jobs::CARRY),
        _ => String::new(),
    };
    format!(
        "SELECT {} FROM \"{}\" {only} ORDER BY {}",
        columns.join(", "),
        table.name,
        key.join(", ")
    )
}

fn cells(table: &Table, row: &Row<'_>) -> Result<Vec<Cell>, StoreError> {
    let columns = table.columns.iter().enumerate();
    let cell = |(place, (name, kind)): (usize, &(&str, Kind))| {
        let wrong = || StoreError::Corrupt {
            what: format!("column {name} of table {}: of another type", table.name),
        };
        Ok(match (row.get_ref(place)?, kind) {
            (ValueRef::Null, _) => Cell::Null,
            (ValueRef::Integer(number), Kind::Integer | Kind::Flag) => Cell::Integer(number),
            (ValueRef::Text(text), Kind::Text) => {
                let text = std::str::from_utf8(text).map_err(|_| wrong())?;
                Cell::Text(text.to_owned())
            }
            (ValueRef::Blob(bytes), Kind::Bytes) => Cell::Bytes(bytes.to_vec()),
            _ => return Err(wrong()),
        })
    };
    columns.map(cell).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::export::TABLES;

    /// What each engine makes for itself: the parts of the search index, which
    /// `index_for_search` fills, and what was migrated.
    const OWN: [&str; 7] = [
        "schema_migration",
        "search_progress",
        "account_position",
        "issuer_position",
        "number_position",
        "receiver_position",
        "document_words",
    ];
    /// Names of rows that nothing refers to, and what other engines do without.
    const OWN_COLUMNS: [(&str, &str); 6] = [
        ("blob", "blob_id"),
        ("event", "event_id"),
        ("idempotency", "idempotency_id"),
        ("job", "kind"),
        ("job", "lease_until"),
        ("job", "owner"),
    ];

    #[test]
    fn every_column_of_every_table_is_handed_on() {
        let dir = tempfile::TempDir::new().unwrap();
        let writer = connection::open_writer(dir.path(), &SqliteOptions::default()).unwrap();
        let sql = "SELECT t.name, c.name FROM pragma_table_list t, pragma_table_info(t.name) c
             WHERE t.type IN ('table', 'virtual') AND t.name NOT LIKE 'sqlite_%'";
        let mut statement = writer.connection().prepare(sql).unwrap();
        let pairs = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
        let pairs = pairs.unwrap().collect::<Result<Vec<(String, String)>, _>>();
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (table, column) in pairs.unwrap() {
            let own = OWN_COLUMNS.contains(&(&table, &column));
            if !own && !OWN.contains(&table.as_str()) {
                found.entry(table).or_default().insert(column);
            }
        }
        let known: BTreeMap<_, _> = TABLES
            .iter()
            .map(|table| {
                let columns = table.columns.iter().map(|(name, _)| (*name).to_owned());
                (table.name.to_owned(), columns.collect::<BTreeSet<_>>())
            })
            .collect();
        assert_eq!(found, known);
    }

    #[test]
    fn the_directory_is_locked_while_it_is_read() {
        let dir = tempfile::TempDir::new().unwrap();
        let refused = Export::open(dir.path()).err().unwrap();
        assert!(matches!(refused, StoreError::Refused { .. }));
        drop(connection::open_writer(dir.path(), &SqliteOptions::default()).unwrap());
        let _first = Export::open(dir.path()).unwrap();
        let second = Export::open(dir.path()).err().unwrap();
        assert!(matches!(second, StoreError::InUse { .. }));
    }
}

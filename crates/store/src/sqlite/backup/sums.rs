//! Counts and hashes of everything that is in a database.

use std::collections::BTreeMap;

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::corrupt;
use super::manifest::Summed;
use crate::export::{Sum, Summing};
use crate::{StoreError, hex, sha256};

/// Every table but the ones of the backup itself, whatever the schema.
pub(super) fn sum_tables(copy: &Connection) -> Result<BTreeMap<String, Summed>, StoreError> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
         AND name NOT IN ('backup_file', 'backup_manifest')
         AND sql NOT LIKE 'CREATE VIRTUAL%'";
    let mut statement = copy.prepare(sql)?;
    let names = statement.query_map([], |row| row.get::<_, String>(0))?;
    let mut sums = BTreeMap::new();
    for name in names {
        let name = name?;
        let sum = sum_table(copy, &name)?;
        sums.insert(name, sum.into());
    }
    Ok(sums)
}

fn sum_table(copy: &Connection, table: &str) -> Result<Sum, StoreError> {
    let mut key =
        copy.prepare("SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk")?;
    let key = key.query_map([table], |row| row.get::<_, String>(0))?;
    let key: Vec<_> = key
        .map(|name| name.map(|name| quoted(&name)))
        .collect::<Result<_, _>>()?;
    let order = match key.is_empty() {
        true => "rowid".to_owned(),
        false => key.join(", "),
    };
    let sql = format!("SELECT * FROM {} ORDER BY {order}", quoted(table));
    let mut statement = copy.prepare(&sql)?;
    let columns = statement.column_count();
    let mut rows = statement.query([])?;
    let mut summing = Summing::default();
    while let Some(row) = rows.next()? {
        for column in 0..columns {
            match row.get_ref(column)? {
                ValueRef::Null => summing.null(),
                ValueRef::Integer(number) => summing.integer(number),
                ValueRef::Real(number) => summing.real(number),
                ValueRef::Text(text) => summing.text(text),
                ValueRef::Blob(bytes) => summing.bytes(bytes),
            }
        }
        summing.end_row();
    }
    Ok(summing.sum())
}

pub(super) fn sum_files(copy: &Connection) -> Result<BTreeMap<String, Summed>, StoreError> {
    let mut statement = copy.prepare("SELECT name, data FROM backup_file")?;
    let mut rows = statement.query([])?;
    let mut sums = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let data = row
            .get_ref(1)?
            .as_blob()
            .map_err(|error| corrupt("backup_file", &error))?;
        let sum = Summed {
            count: u64::try_from(data.len()).unwrap_or(u64::MAX),
            sha256: hex(&sha256(data)),
        };
        sums.insert(row.get(0)?, sum);
    }
    Ok(sums)
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

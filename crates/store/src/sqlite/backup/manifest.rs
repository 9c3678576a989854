//! What a backup says of itself.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::sums::{sum_files, sum_tables};
use super::{APPLICATION, BackupContents, corrupt, refused};
use crate::export::Sum;
use crate::{StoreError, hex};

/// The layout of the file. A greater number is a newer program's.
const FORMAT: u32 = 1;

/// What a backup says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The layout of the file: 1.
    pub format: u32,
    /// The version of the program that made it.
    pub program: String,
    /// The number of the database's schema.
    pub schema: u32,
    /// When it was made, in Unix milliseconds.
    pub created_at: i64,
    /// Every table with the number of its rows and their SHA-256.
    pub tables: BTreeMap<String, Summed>,
    /// Every file with its bytes and their SHA-256.
    pub files: BTreeMap<String, Summed>,
    /// SHA-256 over the tables and files above.
    pub sha256: String,
}

/// A count and a hash, as they are written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summed {
    /// Rows of a table, bytes of a file.
    pub count: u64,
    /// Lower-case hexadecimal digits.
    pub sha256: String,
}

impl From<Sum> for Summed {
    fn from(sum: Sum) -> Self {
        Self {
            count: sum.rows,
            sha256: hex(&sum.sha256),
        }
    }
}

impl Manifest {
    pub(super) fn of(
        copy: &Connection,
        schema: u32,
        contents: &BackupContents,
    ) -> Result<Self, StoreError> {
        let tables = sum_tables(copy)?;
        let files = sum_files(copy)?;
        Ok(Self {
            format: FORMAT,
            program: contents.program.clone(),
            schema,
            created_at: contents.at.0,
            sha256: hash_all(&tables, &files),
            tables,
            files,
        })
    }

    /// How many rows a table has; 0 where there is no such table.
    pub fn rows(&self, table: &str) -> u64 {
        self.tables.get(table).map_or(0, |sum| sum.count)
    }
}

pub(super) fn read_manifest(backup: &Connection) -> Result<Manifest, StoreError> {
    let none = || refused("the file is no backup of Tagua");
    let application = backup.pragma_query_value(None, "application_id", |row| row.get(0));
    if application != Ok(APPLICATION) {
        return Err(none());
    }
    let sql = "SELECT manifest FROM backup_manifest";
    let text = backup.query_row(sql, [], |row| row.get::<_, String>(0));
    let text = text
        .optional()
        .map_err(|error| corrupt("manifest", &error))?;
    let text = text.ok_or_else(none)?;
    let value: serde_json::Value =
        serde_json::from_str(&text).map_err(|error| corrupt("manifest", &error))?;
    let format = value.get("format").and_then(serde_json::Value::as_u64);
    match format {
        Some(format) if format > u64::from(FORMAT) => Err(refused(format!(
            "the backup has format {format}, this program knows up to {FORMAT}: use a newer Tagua"
        ))),
        _ => serde_json::from_value(value).map_err(|error| corrupt("manifest", &error)),
    }
}

pub(super) fn hash_all(
    tables: &BTreeMap<String, Summed>,
    files: &BTreeMap<String, Summed>,
) -> String {
    let mut hash = Sha256::new();
    for (kind, sums) in [("table", tables), ("file", files)] {
        for (name, sum) in sums {
            hash.update(format!("{kind} {name:?} {} {}\n", sum.count, sum.sha256));
        }
    }
    hex(&hash.finalize())
}

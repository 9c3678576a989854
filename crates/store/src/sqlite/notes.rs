//! What the layers above keep by name.

use rusqlite::{Connection, params};

use super::rows::{execute, one};
use crate::StoreError;

pub(super) fn put(connection: &Connection, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
    let sql = "INSERT INTO note (name, data) VALUES (?1, ?2)
         ON CONFLICT DO UPDATE SET data = excluded.data";
    execute(connection, sql, params![name, bytes]).map(drop)
}

pub(super) fn get(connection: &Connection, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let sql = "SELECT data FROM note WHERE name = ?1";
    one(connection, sql, [name], |row| Ok(row.get(0)?))
}

//! Numbered SQL files, each applied once in a transaction of its own and
//! remembered with the SHA-256 of its text.

use rusqlite::{Connection, OptionalExtension, params};

use crate::{StoreError, sha256};

/// In the order of their numbers, which count from 1 without gaps. A file that
/// was released is never edited: the next change is another file.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_documents.sql"),
    include_str!("migrations/0002_lists.sql"),
    include_str!("migrations/0003_turns.sql"),
];

/// Brings the database to the newest schema. Touches nothing when the database
/// is newer than this program or an applied file is not the one known here.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    migrate_with(connection, MIGRATIONS)
}

/// The number of the newest schema.
pub(super) fn newest() -> u32 {
    number(MIGRATIONS.len())
}

/// The number of the database's schema, which is one of those known here.
pub(super) fn known(connection: &Connection) -> Result<u32, StoreError> {
    let applied = applied(connection)?;
    check(&applied, MIGRATIONS)?;
    Ok(number(applied.len()))
}

fn migrate_with(connection: &mut Connection, migrations: &[&str]) -> Result<(), StoreError> {
    let applied = applied(connection)?;
    check(&applied, migrations)?;
    for (index, sql) in migrations.iter().enumerate().skip(applied.len()) {
        apply(connection, number(index + 1), sql)?;
    }
    Ok(())
}

fn check(applied: &[Vec<u8>], migrations: &[&str]) -> Result<(), StoreError> {
    if applied.len() > migrations.len() {
        return Err(StoreError::Newer {
            found: number(applied.len()),
            known: number(migrations.len()),
        });
    }
    for (index, (found, sql)) in applied.iter().zip(migrations).enumerate() {
        if found[..] != sha256(sql.as_bytes()) {
            let what = format!("migration {} is not the one applied here", index + 1);
            return Err(StoreError::Corrupt { what });
        }
    }
    Ok(())
}

/// The checksums of what was applied, in order.
fn applied(connection: &Connection) -> Result<Vec<Vec<u8>>, StoreError> {
    let exists = connection
        .query_row(
            "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migration'",
            [],
            |_| Ok(()),
        )
        .optional()?;
    if exists.is_none() {
        return Ok(Vec::new());
    }
    let mut statement =
        connection.prepare("SELECT checksum FROM schema_migration ORDER BY number")?;
    let checksums = statement.query_map([], |row| row.get(0))?;
    Ok(checksums.collect::<Result<_, _>>()?)
}

fn apply(connection: &mut Connection, number: u32, sql: &str) -> Result<(), StoreError> {
    let transaction = connection.transaction()?;
    transaction.execute_batch(
        "CREATE TABLE IF NOT EXISTS schema_migration (
             number   INTEGER PRIMARY KEY,
             checksum BLOB NOT NULL
         ) STRICT;",
    )?;
    transaction.execute_batch(sql)?;
    transaction.execute(
        "INSERT INTO schema_migration (number, checksum) VALUES (?1, ?2)",
        params![number, sha256(sql.as_bytes()).as_slice()],
    )?;
    transaction.commit()?;
    tracing::info!(number, "schema migration applied");
    Ok(())
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "CREATE TABLE a (x INTEGER) STRICT;";
    const SECOND: &str = "CREATE TABLE b (x INTEGER) STRICT; INSERT INTO a VALUES (7);";
    const BROKEN: &str = "CREATE TABLE c (x INTEGER) STRICT; INSERT INTO nowhere VALUES (7);";

    fn tables(connection: &Connection) -> u32 {
        let sql = "SELECT count(*) FROM sqlite_schema WHERE name IN ('a', 'b', 'c')";
        connection.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn each_is_applied_once() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate_with(&mut connection, &[FIRST]).unwrap();
        migrate_with(&mut connection, &[FIRST, SECOND]).unwrap();
        migrate_with(&mut connection, &[FIRST, SECOND]).unwrap();
        let rows = connection.query_row("SELECT count(*) FROM a", [], |row| row.get(0));
        assert_eq!(rows, Ok(1));
    }

    #[test]
    fn a_failing_one_leaves_nothing() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate_with(&mut connection, &[FIRST, BROKEN]).unwrap_err();
        assert_eq!(tables(&connection), 1);
        assert_eq!(applied(&connection).unwrap().len(), 1);
    }

    #[test]
    fn a_newer_database_is_refused() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate_with(&mut connection, &[FIRST, SECOND]).unwrap();
        let error = migrate_with(&mut connection, &[FIRST]).unwrap_err();
        assert!(matches!(error, StoreError::Newer { found: 2, known: 1 }));
    }

    #[test]
    fn an_edited_file_is_refused() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate_with(&mut connection, &[FIRST]).unwrap();
        let error = migrate_with(&mut connection, &[BROKEN, SECOND]).unwrap_err();
        assert!(matches!(error, StoreError::Corrupt { .. }));
        assert_eq!(tables(&connection), 1);
    }
}

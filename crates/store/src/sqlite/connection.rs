//! The data directory, its lock, and how connections are set up.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::error::unavailable;
use super::{SqliteOptions, migrations};
use crate::StoreError;

const DATABASE_FILE: &str = "tagua.db";
const LOCK_FILE: &str = "tagua.lock";
/// Only start, stop and foreign tools make a connection wait: there is one writer.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// More than there are statements.
const STATEMENTS_CACHED: usize = 128;

/// The one connection that writes, and the lock that keeps it the only one.
/// The connection is declared first: it closes before the lock goes.
pub(super) struct WriterConnection {
    connection: Connection,
    _lock: File,
}

impl WriterConnection {
    /// A method and not a field, because a closure that names a field alone
    /// takes it out and lets the lock go.
    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }
}

/// Makes the directory where it is missing, takes the lock, opens the database
/// and migrates it.
pub(super) fn open_writer(
    dir: &Path,
    options: &SqliteOptions,
) -> Result<WriterConnection, StoreError> {
    create_dir(dir).map_err(unavailable)?;
    let lock = lock(dir)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = open(&database_file(dir), flags, options)?;
    set_up_writer(&connection, options)?;
    migrations::migrate(&mut connection)?;
    // What the engine needs to undo a statement, otherwise written to a file.
    // After the migrations: they sort whole tables.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    drop_leases(&connection)?;
    sync_dir(dir).map_err(unavailable)?;
    Ok(WriterConnection {
        connection,
        _lock: lock,
    })
}

/// A connection that cannot write.
pub(super) fn open_reader(
    database: &Path,
    options: &SqliteOptions,
) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    open(database, flags, options)
}

pub(super) fn database_file(dir: &Path) -> PathBuf {
    dir.join(DATABASE_FILE)
}

fn open(
    database: &Path,
    flags: OpenFlags,
    options: &SqliteOptions,
) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(database, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_CACHED);
    // Without this a cached statement is compiled again whenever a parameter that
    // could change its plan is bound, which costs more than the look-up itself.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    let mmap_bytes = i64::try_from(options.mmap_bytes).unwrap_or(i64::MAX);
    connection.pragma_update(None, "mmap_size", mmap_bytes)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    Ok(connection)
}

fn set_up_writer(connection: &Connection, options: &SqliteOptions) -> Result<(), StoreError> {
    // Means something only before the first page is written.
    connection.pragma_update(None, "page_size", 4096)?;
    let mode: String =
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if mode != "wal" {
        return Err(unavailable(format!(
            "the file system cannot keep a write-ahead log (journal mode {mode})"
        )));
    }
    connection.pragma_update(None, "synchronous", "FULL")?;
    // Apple's fsync leaves data in the drive's cache; elsewhere these do nothing.
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "wal_autocheckpoint", 8000)?;
    connection.pragma_update(None, "journal_size_limit", 64 << 20)?;
    // Negative: KiB.
    connection.pragma_update(None, "cache_size", -16_384)?;
    if let Some(pages) = options.max_pages {
        limit_pages(connection, pages)?;
    }
    Ok(())
}

/// Caps the database file; it never shrinks below what is there.
pub(super) fn limit_pages(connection: &Connection, pages: u32) -> Result<(), StoreError> {
    connection.pragma_update(None, "max_page_count", pages)?;
    Ok(())
}

/// A lease never outlives the process that held it, and the lock says that
/// every such process is gone.
fn drop_leases(connection: &Connection) -> Result<(), StoreError> {
    connection.execute(
        "UPDATE job SET lease_until = NULL, owner = NULL WHERE owner IS NOT NULL",
        [],
    )?;
    Ok(())
}

fn lock(dir: &Path) -> Result<File, StoreError> {
    let lock_file = dir.join(LOCK_FILE);
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&lock_file)
        .map_err(unavailable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse { lock_file }),
        Err(TryLockError::Error(error)) => Err(unavailable(error)),
    }
}

/// A new directory is for its owner alone: certificates are kept in it.
pub(super) fn create_dir(dir: &Path) -> std::io::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)?;
    match dir.parent() {
        Some(parent) if parent != Path::new("") => sync_dir(parent),
        _ => Ok(()),
    }
}

/// Makes new names in the directory durable.
#[cfg(unix)]
pub(super) fn sync_dir(dir: &Path) -> std::io::Result<()> {
    File::open(dir)?.sync_all()
}

/// Elsewhere a directory cannot be opened as a file.
#[cfg(not(unix))]
pub(super) fn sync_dir(_: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_writer_is_durable_and_checks_references() {
        let dir = tempfile::TempDir::new().unwrap();
        let writer = open_writer(dir.path(), &SqliteOptions::default()).unwrap();
        for (pragma, expected) in [
            // 2 is FULL.
            ("synchronous", 2),
            ("foreign_keys", 1),
            ("wal_autocheckpoint", 8000),
            ("journal_size_limit", 64 << 20),
            ("busy_timeout", 5000),
            // 2 is MEMORY.
            ("temp_store", 2),
        ] {
            let read = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
            let value = writer.connection().pragma_query_value(None, pragma, read);
            assert_eq!(value, Ok(expected), "{pragma}");
        }
    }

    #[test]
    fn a_reader_cannot_write() {
        let dir = tempfile::TempDir::new().unwrap();
        let options = SqliteOptions::default();
        let _writer = open_writer(dir.path(), &options).unwrap();
        let reader = open_reader(&database_file(dir.path()), &options).unwrap();
        reader.execute("DELETE FROM job", []).unwrap_err();
    }
}

//! From a data directory to a backup.

use std::path::Path;
use std::thread;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::files::{beside, new_file, place, remove};
use super::manifest::Manifest;
use super::{APPLICATION, refused};
use crate::sqlite::error::unavailable;
use crate::sqlite::{SqliteOptions, connection, migrations, notes};
use crate::{StoreError, UnixMillis};

/// Pages copied between two reports.
const PAGES_AT_ONCE: i32 = 4096;
/// How often a database that is busy with its own recovery is tried again, and
/// how long after.
const TRIES: u32 = 500;
const PAUSE: Duration = Duration::from_millis(20);

const TABLES: &str = "CREATE TABLE backup_file (
         name TEXT PRIMARY KEY NOT NULL,
         data BLOB NOT NULL
     ) STRICT, WITHOUT ROWID;
     CREATE TABLE backup_manifest (
         one      INTEGER PRIMARY KEY CHECK (one = 1),
         manifest TEXT NOT NULL
     ) STRICT;";

/// What a backup holds beside the database.
#[derive(Clone, Debug)]
pub struct BackupContents {
    /// Files by their path in the data directory, with `/`.
    pub files: Vec<(String, Vec<u8>)>,
    /// Notes (see [`crate::Store::put_note`]) that are in the copy alone: what
    /// whoever opens it later must know.
    pub notes: Vec<(String, Vec<u8>)>,
    /// The program's version.
    pub program: String,
    /// When.
    pub at: UnixMillis,
}

/// Copies the database of `dir`, as it is at one moment, with `contents` to the
/// new file `to`. A server may work on it meanwhile. `to` is there, whole and
/// durable, or not at all. `progress` is told of pages copied and of all pages.
///
/// # Errors
///
/// [`StoreError::Refused`] where `dir` has no database or `to` is no name of a
/// file, [`StoreError::Newer`] for a database of a newer program, others as
/// the file system and the engine have them.
pub fn create_backup(
    dir: &Path,
    to: &Path,
    contents: &BackupContents,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Manifest, StoreError> {
    let database = connection::database_file(dir);
    if !database.is_file() {
        return Err(refused(format!("{} is not there", database.display())));
    }
    let partial = beside(to)?;
    new_file(&partial).map_err(unavailable)?;
    let made = write_backup(&database, &partial, contents, progress);
    let placed = made.and_then(|manifest| {
        place(&partial, to).map_err(unavailable)?;
        Ok(manifest)
    });
    if placed.is_err() {
        remove(&partial);
    }
    placed
}

fn write_backup(
    database: &Path,
    partial: &Path,
    contents: &BackupContents,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Manifest, StoreError> {
    let mut copy = Connection::open(partial)?;
    let schema = copy_moment(database, &mut copy, progress)?;
    // A file of its own, without log; it is flushed as a whole in the end.
    set_journal(&copy, "DELETE")?;
    copy.pragma_update(None, "synchronous", "OFF")?;
    copy.pragma_update(None, "application_id", APPLICATION)?;
    copy.execute_batch("BEGIN")?;
    add_contents(&copy, contents)?;
    let manifest = Manifest::of(&copy, schema, contents)?;
    let text = serde_json::to_string(&manifest).map_err(unavailable)?;
    let sql = "INSERT INTO backup_manifest (one, manifest) VALUES (1, ?1)";
    copy.execute(sql, [text])?;
    copy.execute_batch("COMMIT")?;
    copy.close().map_err(|(_, error)| error)?;
    Ok(manifest)
}

/// All pages as they are at one moment, however long it takes and whatever is
/// written meanwhile. The number of the schema.
fn copy_moment(
    database: &Path,
    copy: &mut Connection,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<u32, StoreError> {
    let source = connection::open_reader(database, &SqliteOptions::default())?;
    // Held until the end: this is the moment.
    source.execute_batch("BEGIN")?;
    let schema = migrations::known(&source)?;
    copy_pages(&source, copy, progress)?;
    source.execute_batch("COMMIT")?;
    Ok(schema)
}

fn copy_pages(
    source: &Connection,
    copy: &mut Connection,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(), StoreError> {
    let backup = Backup::new(source, copy)?;
    let mut tries = 0;
    loop {
        match backup.step(PAGES_AT_ONCE)? {
            StepResult::Done => return Ok(()),
            StepResult::More => {
                let state = backup.progress();
                let pages = |count: i32| u64::from(count.unsigned_abs());
                let all = pages(state.pagecount);
                progress(all.saturating_sub(pages(state.remaining)), all);
            }
            _ if tries < TRIES => {
                tries += 1;
                thread::sleep(PAUSE);
            }
            _ => return Err(unavailable("the database stays locked")),
        }
    }
}

fn set_journal(connection: &Connection, mode: &str) -> Result<(), StoreError> {
    let set = connection
        .pragma_update_and_check(None, "journal_mode", mode, |row| row.get::<_, String>(0))?;
    match set.eq_ignore_ascii_case(mode) {
        true => Ok(()),
        false => Err(unavailable(format!("the copy stays in journal mode {set}"))),
    }
}

fn add_contents(copy: &Connection, contents: &BackupContents) -> Result<(), StoreError> {
    for (name, bytes) in &contents.notes {
        notes::put(copy, name, bytes)?;
    }
    copy.execute_batch(TABLES)?;
    for (name, bytes) in &contents.files {
        let sql = "INSERT INTO backup_file (name, data) VALUES (?1, ?2)";
        copy.execute(sql, (name, bytes))?;
    }
    Ok(())
}

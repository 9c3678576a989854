//! A copy of a data directory in one file, made while a server works on it.
//!
//! The file is the database itself, as it was at one moment, with two tables
//! beside the others: `backup_file`, what else belongs to the directory, and
//! `backup_manifest`, which says what must be found in all of them.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::thread;
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::error::unavailable;
use super::{SqliteOptions, connection, migrations, notes};
use crate::export::{Sum, Summing};
use crate::{StoreError, UnixMillis};

/// The layout of the file. A greater number is a newer program's.
const FORMAT: u32 = 1;
/// `PRAGMA application_id` of a backup: "TGBK" in ASCII.
const APPLICATION: i32 = 0x54_47_42_4B;
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

/// What was looked at in a backup, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupCheck {
    /// A stable name in snake case.
    pub name: &'static str,
    /// In words for a person; `None` where all is well.
    pub problem: Option<String>,
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

/// What is kept under a name (see [`crate::Store::note`]) in a data directory
/// that a server may work on.
///
/// # Errors
///
/// As [`create_backup`].
pub fn note_in(dir: &Path, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let database = connection::database_file(dir);
    let reader = connection::open_reader(&database, &SqliteOptions::default())?;
    migrations::known(&reader)?;
    notes::get(&reader, name)
}

fn write_backup(
    database: &Path,
    partial: &Path,
    contents: &BackupContents,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Manifest, StoreError> {
    let source = connection::open_reader(database, &SqliteOptions::default())?;
    let mut copy = Connection::open(partial)?;
    // Held until the end, so that all pages are of one moment however long it
    // takes and whatever is written meanwhile.
    source.execute_batch("BEGIN")?;
    let schema = migrations::known(&source)?;
    copy_pages(&source, &mut copy, progress)?;
    source.execute_batch("COMMIT")?;
    // A file of its own, without log; it is flushed as a whole in the end.
    set_journal(&copy, "DELETE")?;
    copy.pragma_update(None, "synchronous", "OFF")?;
    copy.pragma_update(None, "application_id", APPLICATION)?;
    copy.execute_batch("BEGIN")?;
    for (name, bytes) in &contents.notes {
        notes::put(&copy, name, bytes)?;
    }
    copy.execute_batch(TABLES)?;
    for (name, bytes) in &contents.files {
        let sql = "INSERT INTO backup_file (name, data) VALUES (?1, ?2)";
        copy.execute(sql, (name, bytes))?;
    }
    let manifest = Manifest::of(&copy, schema, contents)?;
    let text = serde_json::to_string(&manifest).map_err(unavailable)?;
    let sql = "INSERT INTO backup_manifest (one, manifest) VALUES (1, ?1)";
    copy.execute(sql, [text])?;
    copy.execute_batch("COMMIT")?;
    copy.close().map_err(|(_, error)| error)?;
    Ok(manifest)
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

impl Manifest {
    fn of(copy: &Connection, schema: u32, contents: &BackupContents) -> Result<Self, StoreError> {
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

/// Checks a backup: that it is one, that everything in it is what the manifest
/// says, that the engine finds no damage, that each document's last event tells
/// its stage. Changes nothing and needs no room.
///
/// # Errors
///
/// [`StoreError::Refused`] where `file` is no backup,
/// [`StoreError::Unavailable`] where it cannot be read at all.
pub fn verify_backup(file: &Path) -> Result<(Manifest, Vec<BackupCheck>), StoreError> {
    let backup = open_backup(file)?;
    let manifest = read_manifest(&backup)?;
    let checks = vec![
        check("tables", || wrong_tables(&backup, &manifest)),
        check("files", || wrong_files(&backup, &manifest)),
        check("manifest", || Ok(wrong_manifest(&manifest))),
        check("integrity", || damage(&backup)),
        check("references", || broken_references(&backup)),
        check("events", || untold_stages(&backup)),
    ];
    Ok((manifest, checks))
}

/// Makes a data directory of a backup, in `dir`, which must not be there or be
/// empty. The content is checked first. `tagua.db` appears last: a directory
/// that a restore was interrupted in has none.
///
/// # Errors
///
/// [`StoreError::Refused`] for a directory with something in it,
/// [`StoreError::Newer`] for a backup of a newer program,
/// [`StoreError::Corrupt`] for one that does not pass [`verify_backup`].
pub fn restore_backup(file: &Path, dir: &Path) -> Result<Manifest, StoreError> {
    let (manifest, checks) = verify_backup(file)?;
    if manifest.schema > migrations::newest() {
        return Err(StoreError::Newer {
            found: manifest.schema,
            known: migrations::newest(),
        });
    }
    let problems: Vec<_> = checks
        .into_iter()
        .filter_map(|check| check.problem)
        .collect();
    if !problems.is_empty() {
        let what = format!("the backup is damaged: {}", problems.join("; "));
        return Err(StoreError::Corrupt { what });
    }
    connection::create_dir(dir).map_err(unavailable)?;
    if fs::read_dir(dir).map_err(unavailable)?.next().is_some() {
        return Err(refused(format!("{} is not empty", dir.display())));
    }
    let database = connection::database_file(dir);
    let partial = beside(&database)?;
    let mut new = new_file(&partial).map_err(unavailable)?;
    io::copy(&mut File::open(file).map_err(unavailable)?, &mut new).map_err(unavailable)?;
    drop(new);
    unpack(&partial, dir)?;
    place(&partial, &database).map_err(unavailable)?;
    Ok(manifest)
}

/// Turns the copy back into a database, and its files into files.
fn unpack(partial: &Path, dir: &Path) -> Result<(), StoreError> {
    let copy = Connection::open(partial)?;
    copy.pragma_update(None, "synchronous", "OFF")?;
    let mut statement = copy.prepare("SELECT name, data FROM backup_file")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let name: String = row.get(0)?;
        let data: Vec<u8> = row.get(1)?;
        write_file(dir, &name, &data)?;
    }
    drop(rows);
    drop(statement);
    copy.execute_batch(
        "BEGIN; DROP TABLE backup_file; DROP TABLE backup_manifest;
         PRAGMA application_id = 0; COMMIT;",
    )?;
    copy.close().map_err(|(_, error)| error)?;
    Ok(())
}

fn write_file(dir: &Path, name: &str, data: &[u8]) -> Result<(), StoreError> {
    let inside = Path::new(name);
    let normal = |part: Component<'_>| matches!(part, Component::Normal(_));
    if name.is_empty() || !inside.components().all(normal) {
        let what = format!("the backup has a file {name:?}, which is no path inside a directory");
        return Err(StoreError::Corrupt { what });
    }
    let path = dir.join(inside);
    let parent = path.parent().unwrap_or(dir);
    connection::create_dir(parent).map_err(unavailable)?;
    let write = || -> io::Result<()> {
        let mut file = new_file(&path)?;
        io::Write::write_all(&mut file, data)?;
        file.sync_all()?;
        connection::sync_dir(parent)
    };
    write().map_err(unavailable)
}

fn open_backup(file: &Path) -> Result<Connection, StoreError> {
    // The engine's own words about a file that is not there help nobody.
    drop(File::open(file).map_err(unavailable)?);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let backup = Connection::open_with_flags(file, flags)?;
    backup.pragma_update(None, "trusted_schema", false)?;
    Ok(backup)
}

fn read_manifest(backup: &Connection) -> Result<Manifest, StoreError> {
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

/// What the engine says of a damaged file is the finding itself.
fn check(
    name: &'static str,
    look: impl FnOnce() -> Result<Option<String>, StoreError>,
) -> BackupCheck {
    let problem = look().unwrap_or_else(|error| {
        let mut text = error.to_string();
        let mut cause = std::error::Error::source(&error);
        while let Some(source) = cause {
            text.push_str(&format!(": {source}"));
            cause = source.source();
        }
        Some(text)
    });
    BackupCheck { name, problem }
}

fn wrong_tables(backup: &Connection, manifest: &Manifest) -> Result<Option<String>, StoreError> {
    Ok(differences("table", &sum_tables(backup)?, &manifest.tables))
}

fn wrong_files(backup: &Connection, manifest: &Manifest) -> Result<Option<String>, StoreError> {
    Ok(differences("file", &sum_files(backup)?, &manifest.files))
}

fn wrong_manifest(manifest: &Manifest) -> Option<String> {
    (hash_all(&manifest.tables, &manifest.files) != manifest.sha256)
        .then(|| "the manifest's own SHA-256 is another".to_owned())
}

fn differences(
    what: &str,
    found: &BTreeMap<String, Summed>,
    told: &BTreeMap<String, Summed>,
) -> Option<String> {
    let names = found
        .keys()
        .chain(told.keys().filter(|name| !found.contains_key(*name)));
    let wrong: Vec<_> = names
        .filter_map(|name| match (found.get(name), told.get(name)) {
            (Some(found), Some(told)) if found == told => None,
            (Some(found), Some(told)) if found.count != told.count => Some(format!(
                "{what} {name} has {} instead of {}",
                found.count, told.count
            )),
            (Some(_), Some(_)) => Some(format!("{what} {name} has another content")),
            (Some(_), None) => Some(format!("{what} {name} is not in the manifest")),
            _ => Some(format!("{what} {name} is missing")),
        })
        .collect();
    (!wrong.is_empty()).then(|| wrong.join(", "))
}

fn damage(backup: &Connection) -> Result<Option<String>, StoreError> {
    let found: String = backup.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    Ok((found != "ok").then_some(found))
}

fn broken_references(backup: &Connection) -> Result<Option<String>, StoreError> {
    let sql = "SELECT count(*), min(\"table\") FROM pragma_foreign_key_check";
    let (count, table): (i64, Option<String>) =
        backup.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let table = table.unwrap_or_default();
    Ok((count > 0).then(|| format!("{count} rows, the first in {table}, refer to nothing")))
}

fn untold_stages(backup: &Connection) -> Result<Option<String>, StoreError> {
    let sql = "SELECT count(*), min(lower(hex(d.id))) FROM document d
         LEFT JOIN event e ON e.document = d.document_id AND e.ordinal = d.events
         WHERE e.stage IS NOT d.stage OR e.revision IS NOT d.revision";
    let (count, id): (i64, Option<String>) =
        backup.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let id = id.unwrap_or_default();
    Ok((count > 0).then(|| format!("{count} documents, {id} among them, have another last event")))
}

/// Every table but the ones of the backup itself, whatever the schema.
fn sum_tables(copy: &Connection) -> Result<BTreeMap<String, Summed>, StoreError> {
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

fn sum_files(copy: &Connection) -> Result<BTreeMap<String, Summed>, StoreError> {
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
            sha256: hex(&Sha256::digest(data)),
        };
        sums.insert(row.get(0)?, sum);
    }
    Ok(sums)
}

fn hash_all(tables: &BTreeMap<String, Summed>, files: &BTreeMap<String, Summed>) -> String {
    let mut hash = Sha256::new();
    for (kind, sums) in [("table", tables), ("file", files)] {
        for (name, sum) in sums {
            hash.update(format!("{kind} {name:?} {} {}\n", sum.count, sum.sha256));
        }
    }
    hex(&hash.finalize())
}

/// The name that a file has until it is whole.
fn beside(path: &Path) -> Result<PathBuf, StoreError> {
    let name = path.file_name();
    let name = name.ok_or_else(|| refused(format!("{} is no file", path.display())))?;
    let mut name = name.to_owned();
    name.push(".partial");
    Ok(path.with_file_name(name))
}

/// For its owner alone, because certificates are in it; in place of what an
/// interrupted run left.
fn new_file(path: &Path) -> io::Result<File> {
    remove(path);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A file that cannot be removed is in the way of the next one, which says so.
fn remove(path: &Path) {
    let _ = fs::remove_file(path);
}

/// Flushes a file and gives it its name.
fn place(partial: &Path, path: &Path) -> io::Result<()> {
    File::open(partial)?.sync_all()?;
    fs::rename(partial, path)?;
    match path.parent() {
        Some(parent) if parent != Path::new("") => connection::sync_dir(parent),
        _ => connection::sync_dir(Path::new(".")),
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

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn refused(what: impl Into<String>) -> StoreError {
    StoreError::Refused { what: what.into() }
}

fn corrupt(what: &str, error: &dyn fmt::Display) -> StoreError {
    StoreError::Corrupt {
        what: format!("{what}: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    /// A data directory with one document, made by hand.
    fn directory() -> TempDir {
        let dir = TempDir::new().unwrap();
        let writer = connection::open_writer(dir.path(), &SqliteOptions::default()).unwrap();
        let rows = "INSERT INTO account VALUES (1, 'a', 1, 5);
            INSERT INTO issuer (issuer_id, account, ruc, code_secret, created_at)
                VALUES (1, 1, '1790012345001', x'00', 5);
            INSERT INTO document (document_id, id, account, issuer, environment, document_type,
                establishment, point, sequential, access_key, schema_version, revision, stage,
                version, submissions, valid, issue_date, receiver_id, receiver_name, total,
                events, created_at, updated_at)
            VALUES (1, x'AB', 1, 1, 1, '01', '001', '002', 1, 'k', '1.1.0', 0, 6, 0, 1, 1,
                '2026-07-29', '', '', '1', 1, 5, 5);
            INSERT INTO event (document, ordinal, revision, stage, kind, at, detail, codec)
                VALUES (1, 1, 0, 6, 'authorized', 5, '', 0);";
        writer.connection().execute_batch(rows).unwrap();
        dir
    }

    fn contents(files: &[(&str, &[u8])]) -> BackupContents {
        let file = |(name, data): &(&str, &[u8])| ((*name).to_owned(), data.to_vec());
        BackupContents {
            files: files.iter().map(file).collect(),
            notes: vec![("mark".to_owned(), b"7".to_vec())],
            program: "1.2.3".to_owned(),
            at: UnixMillis(7),
        }
    }

    /// A backup of `dir` after `sql` changed the copy behind the manifest's back.
    fn tampered(dir: &TempDir, sql: &str) -> PathBuf {
        let file = dir.path().join("backup");
        create_backup(dir.path(), &file, &contents(&[]), &mut |_, _| {}).unwrap();
        let copy = Connection::open(&file).unwrap();
        copy.pragma_update(None, "foreign_keys", false).unwrap();
        copy.execute_batch(sql).unwrap();
        file
    }

    fn problems(file: &Path) -> Vec<&'static str> {
        let (_, checks) = verify_backup(file).unwrap();
        let wrong = checks.into_iter().filter(|check| check.problem.is_some());
        wrong.map(|check| check.name).collect()
    }

    #[test]
    fn what_comes_back_is_what_went_in() {
        let (dir, new) = (directory(), TempDir::new().unwrap());
        let file = dir.path().join("backup");
        // Of a run that was interrupted.
        fs::write(dir.path().join("backup.partial"), "half").unwrap();
        let given = contents(&[("a.p12", b"one"), ("simulator/ca/b.der", b"two")]);
        let mut told = Vec::new();
        let mut progress = |done, all| told.push((done, all));
        let made = create_backup(dir.path(), &file, &given, &mut progress).unwrap();
        assert_eq!(made.rows("document"), 1);
        assert_eq!(made.rows("nothing"), 0);
        assert_eq!(problems(&file), Vec::<&str>::new());

        let target = new.path().join("data");
        assert_eq!(restore_backup(&file, &target).unwrap(), made);
        assert_eq!(fs::read(target.join("a.p12")).unwrap(), b"one");
        assert_eq!(fs::read(target.join("simulator/ca/b.der")).unwrap(), b"two");
        assert_eq!(note_in(&target, "mark").unwrap().unwrap(), b"7");
        assert_eq!(note_in(dir.path(), "mark").unwrap(), None);
        let writer = connection::open_writer(&target, &SqliteOptions::default()).unwrap();
        let tables = sum_tables(writer.connection()).unwrap();
        assert_eq!(tables, made.tables);
    }

    #[test]
    fn what_changed_after_the_manifest_is_found() {
        let cases = [
            ("UPDATE account SET name = 'b'", &["tables"][..]),
            ("DELETE FROM note", &["tables"]),
            ("CREATE TABLE more (x INTEGER)", &["tables"]),
            ("INSERT INTO backup_file VALUES ('x', x'00')", &["files"]),
            (
                "UPDATE backup_manifest SET manifest = replace(manifest, '\"sha256\":\"', '\"sha256\":\"0')",
                &["tables", "manifest"],
            ),
            ("DELETE FROM issuer", &["tables", "references"]),
            ("UPDATE document SET stage = 5", &["tables", "events"]),
            ("UPDATE document SET revision = 1", &["tables", "events"]),
            ("UPDATE document SET events = 2", &["tables", "events"]),
        ];
        for (sql, expected) in cases {
            let dir = directory();
            let file = tampered(&dir, sql);
            assert_eq!(problems(&file), expected, "{sql}");
            let refused = restore_backup(&file, &dir.path().join("new")).unwrap_err();
            assert!(matches!(refused, StoreError::Corrupt { .. }), "{sql}");
            assert!(!dir.path().join("new").exists());
        }
    }

    #[test]
    fn a_stage_that_no_event_tells_is_found_in_a_whole_backup() {
        let dir = directory();
        let writer = connection::open_writer(dir.path(), &SqliteOptions::default()).unwrap();
        let sql = "UPDATE document SET stage = 7";
        writer.connection().execute_batch(sql).unwrap();
        drop(writer);
        assert_eq!(problems(&tampered(&dir, "")), ["events"]);
    }

    #[test]
    fn a_newer_backup_is_left_to_a_newer_program() {
        let dir = directory();
        let sql = "UPDATE backup_manifest SET manifest = replace(manifest, '\"format\":1', '\"format\":2')";
        let refused = verify_backup(&tampered(&dir, sql)).unwrap_err();
        assert!(
            refused.to_string().contains("use a newer Tagua"),
            "{refused}"
        );

        let dir = directory();
        let file = dir.path().join("backup");
        create_backup(dir.path(), &file, &contents(&[]), &mut |_, _| {}).unwrap();
        let copy = Connection::open(&file).unwrap();
        let sql = "UPDATE backup_manifest SET manifest = json_set(manifest, '$.schema', 999)";
        copy.execute_batch(sql).unwrap();
        drop(copy);
        let refused = restore_backup(&file, &dir.path().join("new")).unwrap_err();
        assert!(matches!(refused, StoreError::Newer { found: 999, .. }));
    }

    #[test]
    fn a_file_never_leaves_the_directory() {
        for name in ["../out", "/out", "a/../../out", ""] {
            let (dir, new) = (directory(), TempDir::new().unwrap());
            let file = dir.path().join("backup");
            let given = contents(&[(name, b"x")]);
            create_backup(dir.path(), &file, &given, &mut |_, _| {}).unwrap();
            let refused = restore_backup(&file, &new.path().join("data")).unwrap_err();
            assert!(matches!(refused, StoreError::Corrupt { .. }), "{name}");
            assert!(!new.path().join("out").exists());
            assert!(!new.path().join("data/tagua.db").exists());
        }
    }

    #[test]
    fn pages_are_of_one_moment_while_others_write() {
        let dir = directory();
        let writer = connection::open_writer(dir.path(), &SqliteOptions::default()).unwrap();
        let writing = writer.connection();
        // More pages than are copied at once; always as many notes of each kind.
        let sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2600)
             INSERT INTO note SELECT 'a' || i, randomblob(8000) FROM n";
        writing.execute_batch(sql).unwrap();
        let mut rounds = 0;
        let file = dir.path().join("backup");
        let mut progress = |_, _| {
            rounds += 1;
            let sql = format!(
                "BEGIN; INSERT INTO account VALUES (100 + {rounds}, '', 0, 0);
                 UPDATE note SET data = randomblob(9000) WHERE name LIKE 'a1%'; COMMIT;"
            );
            writing.execute_batch(&sql).unwrap();
        };
        let made = create_backup(dir.path(), &file, &contents(&[]), &mut progress).unwrap();
        assert!(rounds > 0);
        assert_eq!(made.rows("account"), 1);
        assert_eq!(problems(&file), Vec::<&str>::new());
    }
}

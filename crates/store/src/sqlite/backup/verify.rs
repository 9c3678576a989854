//! Whether a backup is what it was.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::manifest::{Manifest, Summed, hash_all, read_manifest};
use super::sums::{sum_files, sum_tables};
use crate::StoreError;
use crate::sqlite::error::unavailable;

/// What was looked at in a backup, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupCheck {
    /// A stable name in snake case.
    pub name: &'static str,
    /// In words for a person; `None` where all is well.
    pub problem: Option<String>,
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

fn open_backup(file: &Path) -> Result<Connection, StoreError> {
    // The engine's own words about a file that is not there help nobody.
    drop(File::open(file).map_err(unavailable)?);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let backup = Connection::open_with_flags(file, flags)?;
    backup.pragma_update(None, "trusted_schema", false)?;
    Ok(backup)
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

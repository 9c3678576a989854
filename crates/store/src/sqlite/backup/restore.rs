//! From a backup to a data directory.

use std::fs::{self, File};
use std::io;
use std::path::{Component, Path};

use rusqlite::Connection;

use super::files::{beside, new_file, place};
use super::manifest::Manifest;
use super::refused;
use super::verify::verify_backup;
use crate::StoreError;
use crate::sqlite::error::unavailable;
use crate::sqlite::{connection, migrations};

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
    let manifest = whole(file)?;
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

/// The manifest of a backup that this program can use.
fn whole(file: &Path) -> Result<Manifest, StoreError> {
    let (manifest, checks) = verify_backup(file)?;
    if manifest.schema > migrations::newest() {
        return Err(StoreError::Newer {
            found: manifest.schema,
            known: migrations::newest(),
        });
    }
    let problems = checks.into_iter().filter_map(|check| check.problem);
    let problems: Vec<_> = problems.collect();
    if !problems.is_empty() {
        let what = format!("the backup is damaged: {}", problems.join("; "));
        return Err(StoreError::Corrupt { what });
    }
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

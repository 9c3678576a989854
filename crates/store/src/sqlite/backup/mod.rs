//! A copy of a data directory in one file, made while a server works on it.
//!
//! The file is the database itself, as it was at one moment, with two tables
//! beside the others: `backup_file`, what else belongs to the directory, and
//! `backup_manifest`, which says what must be found in all of them.

mod files;
mod manifest;
mod restore;
mod sums;
#[cfg(test)]
mod tests;
mod verify;
mod write;

pub use self::manifest::{Manifest, Summed};
pub use self::restore::restore_backup;
pub use self::verify::{BackupCheck, verify_backup};
pub use self::write::{BackupContents, create_backup};

use std::fmt;
use std::path::Path;

use super::{SqliteOptions, connection, migrations, notes};
use crate::StoreError;

/// `PRAGMA application_id` of a backup: "TGBK" in ASCII.
const APPLICATION: i32 = 0x54_47_42_4B;

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

fn refused(what: impl Into<String>) -> StoreError {
    StoreError::Refused { what: what.into() }
}

fn corrupt(what: &str, error: &dyn fmt::Display) -> StoreError {
    StoreError::Corrupt {
        what: format!("{what}: {error}"),
    }
}

//! Files that have their name once they are whole.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use super::refused;
use crate::StoreError;
use crate::sqlite::connection;

/// The name that a file has until it is whole.
pub(super) fn beside(path: &Path) -> Result<PathBuf, StoreError> {
    let name = path.file_name();
    let name = name.ok_or_else(|| refused(format!("{} is no file", path.display())))?;
    let mut name = name.to_owned();
    name.push(".partial");
    Ok(path.with_file_name(name))
}

/// For its owner alone, because certificates are in it; in place of what an
/// interrupted run left.
pub(super) fn new_file(path: &Path) -> io::Result<File> {
    remove(path);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A file that cannot be removed is in the way of the next one, which says so.
pub(super) fn remove(path: &Path) {
    let _ = fs::remove_file(path);
}

/// Flushes a file and gives it its name.
pub(super) fn place(partial: &Path, path: &Path) -> io::Result<()> {
    File::open(partial)?.sync_all()?;
    fs::rename(partial, path)?;
    match path.parent() {
        Some(parent) if parent != Path::new("") => connection::sync_dir(parent),
        _ => connection::sync_dir(Path::new(".")),
    }
}

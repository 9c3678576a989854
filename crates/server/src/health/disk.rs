//! The disk under the data directory.

use std::path::Path;

/// Bytes that this process may still write, if the system tells.
pub(super) fn free(dir: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(dir).ok()?;
    Some(found.f_bavail.saturating_mul(found.f_frsize))
}

/// Bytes of the files directly in the directory: the database and its log.
pub(super) fn database_bytes(dir: &Path) -> Option<u64> {
    let entries = std::fs::read_dir(dir).ok()?;
    let bytes = entries.filter_map(|entry| {
        let entry = entry.ok()?;
        let name = entry.file_name();
        let of_database = name.to_str()?.contains(".db");
        let meta = entry.metadata().ok().filter(|meta| meta.is_file())?;
        of_database.then_some(meta.len())
    });
    Some(bytes.fold(0, u64::saturating_add))
}

//! What can go wrong in the storage.

use std::error::Error;
use std::path::PathBuf;

/// A failure of the storage itself. What a caller may decide about (a number
/// taken, a stale version) is an outcome, not an error.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot take work now: disk full, locked, gone, shutting
    /// down. The operation is not to be relied on, and may be tried again.
    #[error("the database is not available")]
    Unavailable {
        /// The engine's reason.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// Another process works on the data directory.
    #[error("the data directory is in use by another process: {} is locked", lock_file.display())]
    InUse {
        /// The file the other process holds a lock on.
        lock_file: PathBuf,
    },
    /// The database was written by a newer Tagua.
    #[error("the database has schema {found}, this program knows up to {known}: use a newer Tagua")]
    Newer {
        /// Schema number found.
        found: u32,
        /// Newest schema number known.
        known: u32,
    },
    /// A row that cannot be read back: never expected, never guessed around.
    #[error("stored data cannot be read: {what}")]
    Corrupt {
        /// Which row and column.
        what: String,
    },
    /// The operation contradicts what is stored: an account that does not
    /// exist, an issuer of another account, a part given twice. A mistake of
    /// the caller; nothing was stored and trying again does not help.
    #[error("the storage refuses the operation: {what}")]
    Refused {
        /// What contradicts what.
        what: String,
    },
}

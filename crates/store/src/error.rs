//! What can go wrong in the storage.

use std::error::Error;

/// A failure of the storage itself. What a caller may decide about (a number
/// taken, a stale version) is an outcome, not an error.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot take work now: disk full, locked, gone, shutting down.
    #[error("the database is not available")]
    Unavailable {
        /// The engine's reason.
        #[source]
        source: Box<dyn Error + Send + Sync>,
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
}

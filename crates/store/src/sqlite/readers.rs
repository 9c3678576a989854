//! Connections that only read.
//!
//! In WAL mode a reader never waits for the writer. A look-up by key touches a
//! handful of pages, nearly always in memory, and takes less time than a hop to
//! another thread: it runs where it is asked for. Whatever may be long (lists,
//! bytes) goes to the blocking threads, a limited number at once.

use std::path::PathBuf;
use std::sync::Arc;

use parking_lot::Mutex;
use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::SqliteOptions;
use super::connection::open_reader;
use super::error::unavailable;
use crate::StoreError;

/// Long reads at once, and connections kept open while idle.
const READERS_MAX: usize = 8;

pub(super) struct Readers {
    database: PathBuf,
    options: SqliteOptions,
    /// `None` once closed.
    idle: Mutex<Option<Vec<Connection>>>,
    long_reads: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn new(database: PathBuf, options: SqliteOptions) -> Self {
        Self {
            database,
            options,
            idle: Mutex::new(Some(Vec::with_capacity(READERS_MAX))),
            long_reads: Arc::new(Semaphore::new(READERS_MAX)),
        }
    }

    /// A look-up by key, on the calling thread.
    pub(super) fn look_up<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let connection = self.take()?;
        let answer = read(&connection);
        self.give_back(connection);
        answer
    }

    /// A read of any length, on a blocking thread.
    pub(super) async fn read<T, F>(self: &Arc<Self>, read: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let permits = Arc::clone(&self.long_reads);
        let permit = permits.acquire_owned().await.map_err(unavailable)?;
        let readers = Arc::clone(self);
        let work = move || {
            let answer = readers.look_up(read);
            drop(permit);
            answer
        };
        tokio::task::spawn_blocking(work)
            .await
            .map_err(unavailable)?
    }

    /// Closes what is idle; what is in use closes when it is given back.
    pub(super) fn close(&self) {
        self.idle.lock().take();
    }

    fn take(&self) -> Result<Connection, StoreError> {
        let idle = match self.idle.lock().as_mut() {
            Some(idle) => idle.pop(),
            None => return Err(unavailable("the store is closed")),
        };
        match idle {
            Some(connection) => Ok(connection),
            None => open_reader(&self.database, &self.options),
        }
    }

    fn give_back(&self, connection: Connection) {
        if let Some(idle) = self.idle.lock().as_mut()
            && idle.len() < READERS_MAX
        {
            idle.push(connection);
        }
    }
}

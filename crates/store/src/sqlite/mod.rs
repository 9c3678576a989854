//! The engine of a single node: one SQLite file in the data directory.
//!
//! One thread writes, many connections read. A write is answered after the
//! fsync of its transaction (WAL, `synchronous=FULL`). Only one process at a
//! time may have the directory open.

mod accounts;
mod backup;
mod changes;
mod connection;
mod documents;
mod error;
mod export;
mod fresh;
mod idempotency;
mod jobs;
mod lists;
mod migrations;
mod notes;
mod readers;
mod remembered;
mod rows;
mod series;
mod writer;

pub use self::backup::{
    BackupCheck, BackupContents, Manifest, Summed, create_backup, note_in, restore_backup,
    verify_backup,
};
pub use self::export::Export;

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use tagua_fiscal::{Ruc, Sequential};

use self::error::unavailable;
use self::fresh::Fresh;
use self::readers::Readers;
use self::remembered::Remembered;
use self::writer::{Stops, Writer};
use crate::failpoint::Failpoint;
use crate::{
    Acceptance, Account, AccountId, BlobPart, Certificate, ClaimedJob, Document, DocumentId, Event,
    IdempotentAnswer, Issuer, IssuerId, ListPage, ListQuery, NewAccount, NewCertificate,
    NewDocument, NewIssuer, NewRevision, QueueDepth, SeriesKey, SeriesState, SetSeries, Shares,
    Store, StoreError, Transition, TransitionOutcome, UnixMillis, UnsettledIssuer,
};

/// What an operator may choose. The default suits nearly everybody.
#[derive(Clone, Debug, Default)]
pub struct SqliteOptions {
    /// Bytes of the database file mapped into memory. 0, the default, maps
    /// nothing: with a mapping a failing disk is a signal, not an error.
    pub mmap_bytes: u64,
    /// The most pages of 4096 bytes the database file may have; beyond it
    /// writes are refused as on a full disk.
    pub max_pages: Option<u32>,
}

/// The [`Store`] in `tagua.db`.
///
/// Dropping it carries out what is queued and closes the file;
/// [`Store::close`] does the same without blocking an async thread.
pub struct SqliteStore {
    writer: Arc<Writer>,
    readers: Arc<Readers>,
    remembered: Arc<Remembered>,
    fresh: Fresh,
}

impl SqliteStore {
    /// Opens the database in `dir`, making both where they are missing, and
    /// brings it to the newest schema. Blocks.
    ///
    /// Leases of a process that is gone are given back.
    ///
    /// # Errors
    ///
    /// [`StoreError::InUse`] when another process has the directory open,
    /// [`StoreError::Newer`] for a database of a newer program,
    /// [`StoreError::Corrupt`] for a file that is not Tagua's,
    /// [`StoreError::Unavailable`] for what the file system refuses.
    pub fn open(dir: &Path, options: SqliteOptions) -> Result<Self, StoreError> {
        let writer = Writer::start(connection::open_writer(dir, &options)?)?;
        let readers = Readers::new(connection::database_file(dir), options);
        Ok(Self {
            writer: Arc::new(writer),
            readers: Arc::new(readers),
            remembered: Arc::default(),
            fresh: Fresh::default(),
        })
    }

    /// Changes [`SqliteOptions::max_pages`] of the open database. Never cuts
    /// what is there.
    pub async fn set_max_pages(&self, pages: u32) -> Result<(), StoreError> {
        self.write(move |connection| connection::limit_pages(connection, pages))
            .await
    }

    /// For the tables whose look-ups are remembered. A task of its own, because
    /// a caller that goes away must not keep the forgetting from happening; it
    /// happens after a failure too, which may have been stored all the same.
    async fn write_and_forget<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&rusqlite::Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let (writer, remembered) = (Arc::clone(&self.writer), Arc::clone(&self.remembered));
        let write = async move {
            let written = writer.run(Stops::default(), work).await;
            remembered.forget();
            written
        };
        tokio::spawn(write).await.map_err(unavailable)?
    }

    async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&rusqlite::Connection) -> Result<T, StoreError> + Send + 'static,
    {
        self.writer.run(Stops::default(), work).await
    }
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        self.readers.close();
        self.writer.stop();
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn create_account(&self, account: NewAccount) -> Result<Account, StoreError> {
        self.write(move |connection| accounts::create(connection, &account))
            .await
    }

    async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        self.readers.read(accounts::all).await
    }

    async fn add_api_key(
        &self,
        account: AccountId,
        key_sha256: [u8; 32],
        at: UnixMillis,
    ) -> Result<(), StoreError> {
        self.write_and_forget(move |connection| {
            accounts::add_key(connection, account, key_sha256, at)
        })
        .await
    }

    async fn account_by_key(&self, key_sha256: [u8; 32]) -> Result<Option<Account>, StoreError> {
        self.remembered.accounts.look_up(key_sha256, || {
            self.readers
                .look_up(|connection| accounts::by_key(connection, key_sha256))
        })
    }

    async fn put_issuer(&self, issuer: NewIssuer) -> Result<Issuer, StoreError> {
        self.write_and_forget(move |connection| accounts::put_issuer(connection, &issuer))
            .await
    }

    async fn issuer(&self, account: AccountId, ruc: Ruc) -> Result<Option<Issuer>, StoreError> {
        self.remembered.issuers.look_up((account, ruc), || {
            self.readers
                .look_up(|connection| accounts::issuer(connection, account, ruc))
        })
    }

    async fn issuers(&self, account: AccountId) -> Result<Vec<Issuer>, StoreError> {
        self.readers
            .read(move |connection| accounts::issuers(connection, account))
            .await
    }

    async fn set_issuer_settings(
        &self,
        account: AccountId,
        issuer: IssuerId,
        settings: String,
    ) -> Result<(), StoreError> {
        self.write_and_forget(move |connection| {
            accounts::set_settings(connection, account, issuer, &settings)
        })
        .await
    }

    async fn add_certificate(
        &self,
        account: AccountId,
        certificate: NewCertificate,
    ) -> Result<Certificate, StoreError> {
        self.write_and_forget(move |connection| {
            accounts::add_certificate(connection, account, &certificate)
        })
        .await
    }

    async fn certificates(
        &self,
        account: AccountId,
        issuer: IssuerId,
    ) -> Result<Vec<Certificate>, StoreError> {
        let found = self.remembered.certificates.look_up((account, issuer), || {
            let found = self
                .readers
                .look_up(|connection| accounts::certificates(connection, account, issuer))?;
            Ok(Some(found).filter(|found| !found.is_empty()))
        });
        Ok(found?.unwrap_or_default())
    }

    async fn accept(&self, document: NewDocument) -> Result<Acceptance, StoreError> {
        let stops = Stops {
            before_commit: Some(Failpoint::StoreAcceptBeforeCommit),
            after_commit: Some(Failpoint::StoreAcceptAfterCommit),
        };
        let new = Arc::new(document);
        let document = Arc::clone(&new);
        let accepted = self
            .writer
            .run(stops, move |connection| {
                changes::accept(connection, &document)
            })
            .await?;
        if matches!(accepted, Acceptance::Stored) {
            self.fresh.keep(&new);
        }
        Ok(accepted)
    }

    async fn revise(&self, revision: NewRevision) -> Result<Acceptance, StoreError> {
        self.write(move |connection| changes::revise(connection, &revision))
            .await
    }

    async fn apply(&self, transition: Transition) -> Result<TransitionOutcome, StoreError> {
        let stops = Stops {
            before_commit: Some(Failpoint::StoreApplyBeforeCommit),
            after_commit: Some(Failpoint::StoreApplyAfterCommit),
        };
        self.writer
            .run(stops, move |connection| {
                changes::apply(connection, &transition)
            })
            .await
    }

    async fn document(
        &self,
        account: AccountId,
        id: DocumentId,
    ) -> Result<Option<Document>, StoreError> {
        self.readers
            .look_up(|connection| documents::of_account(connection, account, id))
    }

    async fn document_by_id(&self, id: DocumentId) -> Result<Option<Document>, StoreError> {
        self.readers
            .look_up(|connection| documents::by_id(connection, id))
    }

    async fn blob(
        &self,
        id: DocumentId,
        revision: u32,
        part: BlobPart,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        if let Some(signed) = self.fresh.take(id, revision, part) {
            return Ok(Some(signed));
        }
        self.readers
            .read(move |connection| documents::blob(connection, id, revision, part))
            .await
    }

    async fn events(&self, account: AccountId, id: DocumentId) -> Result<Vec<Event>, StoreError> {
        self.readers
            .read(move |connection| documents::events(connection, account, id))
            .await
    }

    async fn idempotent_answer(
        &self,
        account: AccountId,
        key: &str,
        now: UnixMillis,
    ) -> Result<Option<IdempotentAnswer>, StoreError> {
        self.readers
            .look_up(|connection| idempotency::answer(connection, account, key, now))
    }

    async fn forget_idempotent_answers(&self, now: UnixMillis) -> Result<u64, StoreError> {
        let mut forgotten = 0;
        loop {
            let gone = self
                .write(move |connection| idempotency::forget(connection, now))
                .await?;
            forgotten += gone;
            if gone < idempotency::FORGOTTEN_AT_ONCE {
                return Ok(forgotten);
            }
        }
    }

    async fn reserve_sequential(&self, key: SeriesKey) -> Result<Option<Sequential>, StoreError> {
        self.write(move |connection| series::reserve(connection, &key))
            .await
    }

    async fn set_last_sequential(
        &self,
        key: SeriesKey,
        last: u32,
    ) -> Result<SetSeries, StoreError> {
        self.write(move |connection| series::set_last(connection, &key, last))
            .await
    }

    async fn series(
        &self,
        account: AccountId,
        issuer: IssuerId,
    ) -> Result<Vec<SeriesState>, StoreError> {
        self.readers
            .read(move |connection| series::all(connection, account, issuer))
            .await
    }

    async fn list(&self, account: AccountId, query: &ListQuery) -> Result<ListPage, StoreError> {
        let query = query.clone();
        self.readers
            .read(move |connection| lists::page(connection, account, &query))
            .await
    }

    async fn index_for_search(&self, limit: usize) -> Result<u64, StoreError> {
        let mut indexed = 0;
        while indexed < limit {
            let batch = lists::INDEXED_AT_ONCE.min(limit - indexed);
            let done = self
                .write(move |connection| lists::index(connection, batch))
                .await?;
            indexed += done;
            if done < batch {
                break;
            }
        }
        Ok(u64::try_from(indexed).unwrap_or(u64::MAX))
    }

    async fn claim(
        &self,
        owner: u64,
        now: UnixMillis,
        lease_until: UnixMillis,
        shares: Shares,
    ) -> Result<Vec<ClaimedJob>, StoreError> {
        let stops = Stops {
            before_commit: None,
            after_commit: Some(Failpoint::StoreClaimAfterCommit),
        };
        self.writer
            .run(stops, move |connection| {
                jobs::claim(connection, owner, now, lease_until, &shares)
            })
            .await
    }

    async fn renew(
        &self,
        owner: u64,
        documents: &[DocumentId],
        lease_until: UnixMillis,
    ) -> Result<u64, StoreError> {
        let documents = documents.to_vec();
        self.write(move |connection| jobs::renew(connection, owner, &documents, lease_until))
            .await
    }

    async fn release(&self, owner: u64) -> Result<(), StoreError> {
        self.write(move |connection| jobs::release(connection, owner))
            .await
    }

    async fn next_run_at(&self, after: UnixMillis) -> Result<Option<UnixMillis>, StoreError> {
        self.readers
            .look_up(|connection| jobs::next_run_at(connection, after))
    }

    async fn unsettled_by_issuer(&self, limit: usize) -> Result<Vec<UnsettledIssuer>, StoreError> {
        self.readers
            .read(move |connection| jobs::unsettled_by_issuer(connection, limit))
            .await
    }

    async fn queue_depth(&self) -> Result<QueueDepth, StoreError> {
        self.readers.read(jobs::queue_depth).await
    }

    async fn newest_change(&self) -> Result<Option<UnixMillis>, StoreError> {
        self.readers.look_up(documents::newest_change)
    }

    async fn put_note(&self, name: &str, bytes: Vec<u8>) -> Result<(), StoreError> {
        let name = name.to_owned();
        self.write(move |connection| notes::put(connection, &name, &bytes))
            .await
    }

    async fn note(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let name = name.to_owned();
        self.readers
            .read(move |connection| notes::get(connection, &name))
            .await
    }

    async fn close(&self) -> Result<(), StoreError> {
        self.readers.close();
        self.fresh.forget();
        let writer = Arc::clone(&self.writer);
        tokio::task::spawn_blocking(move || writer.stop())
            .await
            .map_err(unavailable)
    }
}

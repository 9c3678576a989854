//! Where Tagua keeps everything: accounts, issuers, certificates, documents,
//! their events and the jobs that carry them on.
//!
//! [`Store`] is a trait of verbs, not a query builder; each engine has its own
//! SQL and every engine passes the same conformance suite. Nothing above this
//! crate may assume an engine. Every query on an account's data takes the
//! account.
//!
//! Texts hold no U+0000, which not every engine can keep.
//!
//! Correctness rests on [`Transition::expected_version`], a compare-and-set on
//! the document. The lease of a job only saves work.

mod document;
mod error;
pub mod export;
pub mod failpoint;
mod hash;
mod lists;
mod records;
mod series;
mod sqlite;
pub mod words;

pub use document::{
    Acceptance, AuthorizationResult, BlobPart, Document, DocumentId, Event, IdempotentAnswer,
    NewDocument, NewEvent, NewIdempotency, NewRevision, NextJob, ParseDocumentIdError,
    ReceptionResult, SriMessage, Stage, Transition, TransitionOutcome,
};
pub use error::StoreError;
pub use hash::{hex, sha256};
pub use lists::{Cursor, ListPage, ListQuery, ListedDocument, ParseCursorError};
pub use records::{
    Account, AccountId, Certificate, CertificateId, ClaimedJob, FAR_AHEAD_MILLIS, Issuer, IssuerId,
    Lane, Lanes, NewAccount, NewCertificate, NewIssuer, QueueDepth, Service, Shares, UnixMillis,
    UnsettledIssuer,
};
pub use series::{SeriesKey, SeriesState, SetSeries};
pub use sqlite::{
    BackupCheck, BackupContents, Export, Manifest, SqliteOptions, SqliteStore, Summed,
    create_backup, note_in, restore_backup, verify_backup,
};

use async_trait::async_trait;
use tagua_fiscal::{Ruc, Sequential};

/// The verbs of the storage. All writes are durable (fsynced) when they return.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Creates an account.
    async fn create_account(&self, account: NewAccount) -> Result<Account, StoreError>;
    /// Every account, oldest first.
    async fn accounts(&self) -> Result<Vec<Account>, StoreError>;
    /// Registers the SHA-256 of an API key.
    async fn add_api_key(
        &self,
        account: AccountId,
        key_sha256: [u8; 32],
        at: UnixMillis,
    ) -> Result<(), StoreError>;
    /// The account of an API key, by the SHA-256 of the key.
    async fn account_by_key(&self, key_sha256: [u8; 32]) -> Result<Option<Account>, StoreError>;

    /// Creates the issuer, or answers the one the account has under this RUC.
    async fn put_issuer(&self, issuer: NewIssuer) -> Result<Issuer, StoreError>;
    /// An issuer of the account by RUC.
    async fn issuer(&self, account: AccountId, ruc: Ruc) -> Result<Option<Issuer>, StoreError>;
    /// The account's issuers, oldest first.
    async fn issuers(&self, account: AccountId) -> Result<Vec<Issuer>, StoreError>;
    /// Replaces [`Issuer::settings`]. Refused where the account has no such issuer.
    async fn set_issuer_settings(
        &self,
        account: AccountId,
        issuer: IssuerId,
        settings: String,
    ) -> Result<(), StoreError>;
    /// Adds a certificate; the same file twice (equal SHA-256) is one.
    async fn add_certificate(
        &self,
        account: AccountId,
        certificate: NewCertificate,
    ) -> Result<Certificate, StoreError>;
    /// The issuer's certificates, newest first.
    async fn certificates(
        &self,
        account: AccountId,
        issuer: IssuerId,
    ) -> Result<Vec<Certificate>, StoreError>;

    /// Stores a new document with its number, bytes, events, first job and
    /// idempotent answer in one transaction. The idempotency key is looked at
    /// first, then the number, then the access key; who repeats an acceptance
    /// that was stored without a key is answered with the document's own id.
    async fn accept(&self, document: NewDocument) -> Result<Acceptance, StoreError>;
    /// Replaces the content of a document that was not authorized: one more
    /// revision under the same id, guarded by the version. An authorized one
    /// is [`Acceptance::Stale`] whatever the version. The idempotency key is
    /// looked at first.
    async fn revise(&self, revision: NewRevision) -> Result<Acceptance, StoreError>;
    /// Moves a document on, guarded by the version. A document that does not
    /// exist is [`TransitionOutcome::Stale`].
    async fn apply(&self, transition: Transition) -> Result<TransitionOutcome, StoreError>;
    /// A document of the account.
    async fn document(
        &self,
        account: AccountId,
        id: DocumentId,
    ) -> Result<Option<Document>, StoreError>;
    /// A document by id alone: for workers and for the public download links,
    /// whose id is the capability.
    async fn document_by_id(&self, id: DocumentId) -> Result<Option<Document>, StoreError>;
    /// Stored bytes of a revision.
    async fn blob(
        &self,
        id: DocumentId,
        revision: u32,
        part: BlobPart,
    ) -> Result<Option<Vec<u8>>, StoreError>;
    /// The events of a document, oldest first.
    async fn events(&self, account: AccountId, id: DocumentId) -> Result<Vec<Event>, StoreError>;

    /// What is stored under a client's key and not expired at `now`.
    async fn idempotent_answer(
        &self,
        account: AccountId,
        key: &str,
        now: UnixMillis,
    ) -> Result<Option<IdempotentAnswer>, StoreError>;
    /// Deletes the answers expired at `now`, a few at a time so that nobody
    /// waits for it. Answers how many.
    async fn forget_idempotent_answers(&self, now: UnixMillis) -> Result<u64, StoreError>;

    /// Hands out the next number of a series: one more than the greatest ever
    /// handed out, set or stored. Durable, never the same twice; `None` beyond
    /// 999 999 999. Refused where the account has no such issuer.
    async fn reserve_sequential(&self, key: SeriesKey) -> Result<Option<Sequential>, StoreError>;
    /// Says which number of a series was the last, 0 to 999 999 999: the next
    /// one handed out is one more. Refused where the account has no such issuer.
    async fn set_last_sequential(&self, key: SeriesKey, last: u32)
    -> Result<SetSeries, StoreError>;
    /// The issuer's series that have documents or a counter, in the order of
    /// [`SeriesKey`].
    async fn series(
        &self,
        account: AccountId,
        issuer: IssuerId,
    ) -> Result<Vec<SeriesState>, StoreError>;

    /// A page of the account's documents. Refused where a day is no date.
    async fn list(&self, account: AccountId, query: &ListQuery) -> Result<ListPage, StoreError>;
    /// Takes up to `limit` documents into the indexes of lists; answers how many. To be called again and again in the background:
    /// what is not yet taken in is found as well, only more slowly.
    async fn index_for_search(&self, limit: usize) -> Result<u64, StoreError>;

    /// Leases due jobs to `owner` until `lease_until`, each with its document as
    /// it is now.
    ///
    /// Accounts take turns: first come those of which the caller holds least,
    /// whatever waits behind others. Within an account documents that were never
    /// sent and documents to be asked about alternate, each oldest `run_at`
    /// first and, where those are equal, in the order of their acceptance.
    /// What is further ahead than [`FAR_AHEAD_MILLIS`] is due as well, after what
    /// is. Costs two look-ups for each queue that has something waiting and one
    /// for each job claimed, however many wait.
    async fn claim(
        &self,
        owner: u64,
        now: UnixMillis,
        lease_until: UnixMillis,
        shares: Shares,
    ) -> Result<Vec<ClaimedJob>, StoreError>;
    /// Puts the end of `owner`'s leases on these documents off to `lease_until`;
    /// answers of how many. A lease that ran out is renewed as long as nobody
    /// else took the document; one that is over, or another's, is left alone.
    /// One that is just being written to may be left out. Named one by one,
    /// because a lease that nobody works under (its worker failed, or the
    /// answer to a claim was lost) must run out.
    async fn renew(
        &self,
        owner: u64,
        documents: &[DocumentId],
        lease_until: UnixMillis,
    ) -> Result<u64, StoreError>;
    /// Gives back every lease of `owner`, at a graceful stop.
    async fn release(&self, owner: u64) -> Result<(), StoreError>;
    /// When the first job is due of those due after `after`, leased ones not
    /// counted: not even those whose lease ran out, so whoever sleeps by it
    /// wakes once per lease as well.
    async fn next_run_at(&self, after: UnixMillis) -> Result<Option<UnixMillis>, StoreError>;
    /// How many jobs wait and since when.
    async fn queue_depth(&self) -> Result<QueueDepth, StoreError>;
    /// What waits by issuer, the issuer with the oldest document first, at most
    /// `limit` of them. Looks at every job: for once a minute, not for requests.
    async fn unsettled_by_issuer(&self, limit: usize) -> Result<Vec<UnsettledIssuer>, StoreError>;

    /// When the newest event among the hundred newest documents was: a clock
    /// that is far behind it is wrong.
    async fn newest_change(&self) -> Result<Option<UnixMillis>, StoreError>;

    /// Keeps bytes under a name of the layers above, in place of what was there.
    async fn put_note(&self, name: &str, bytes: Vec<u8>) -> Result<(), StoreError>;
    /// What is kept under a name.
    async fn note(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Carries out what is queued and lets go of the database. Whatever is
    /// asked later is [`StoreError::Unavailable`].
    async fn close(&self) -> Result<(), StoreError>;
}

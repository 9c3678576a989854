//! The SQLite store with counters and faults.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use async_trait::async_trait;
use parking_lot::Mutex;
use tagua_fiscal::{Ruc, Sequential};
use tagua_pipeline::{Action, action};
use tagua_store::{
    Acceptance, Account, AccountId, BlobPart, Certificate, ClaimedJob, Document, DocumentId, Event,
    IdempotentAnswer, Issuer, IssuerId, ListPage, ListQuery, NewAccount, NewCertificate,
    NewDocument, NewIssuer, NewRevision, QueueDepth, SeriesKey, SeriesState, SetSeries, Shares,
    SqliteStore, Store, StoreError, Transition, TransitionOutcome, UnixMillis, UnsettledIssuer,
};
use tokio::runtime::Handle;
use tokio::sync::watch;

pub(crate) struct TestStore {
    inner: Arc<SqliteStore>,
    pub(crate) applies: AtomicU32,
    pub(crate) stale: AtomicU32,
    pub(crate) claims: AtomicU32,
    /// So many of the next transitions fail and are not stored.
    pub(crate) fail_applies: AtomicU32,
    /// So many of the next transitions are stored and said to have failed.
    pub(crate) lose_applies: AtomicU32,
    pub(crate) refuse_applies: AtomicBool,
    pub(crate) fail_claims: AtomicBool,
    pub(crate) renewals: AtomicU32,
    pub(crate) fail_renewals: AtomicBool,
    pub(crate) no_bytes: AtomicBool,
    pub(crate) damaged_bytes: AtomicBool,
    /// Documents in the order in which their bytes were asked for.
    pub(crate) read: Mutex<Vec<DocumentId>>,
    rested: watch::Sender<u32>,
}

impl TestStore {
    pub(crate) fn new(inner: SqliteStore) -> Self {
        Self {
            inner: Arc::new(inner),
            applies: AtomicU32::new(0),
            stale: AtomicU32::new(0),
            claims: AtomicU32::new(0),
            fail_applies: AtomicU32::new(0),
            lose_applies: AtomicU32::new(0),
            refuse_applies: AtomicBool::new(false),
            fail_claims: AtomicBool::new(false),
            renewals: AtomicU32::new(0),
            fail_renewals: AtomicBool::new(false),
            no_bytes: AtomicBool::new(false),
            damaged_bytes: AtomicBool::new(false),
            read: Mutex::default(),
            rested: watch::Sender::new(0),
        }
    }

    /// How many transitions led to a stage that rests.
    pub(crate) fn rested(&self) -> watch::Receiver<u32> {
        self.rested.subscribe()
    }
}

/// Paused time stands still while a blocking task runs, and only then: without
/// it every write would let the next timer fire.
async fn in_no_time<T, F>(call: impl FnOnce() -> F + Send + 'static) -> T
where
    T: Send + 'static,
    F: Future<Output = T>,
{
    let handle = Handle::current();
    tokio::task::spawn_blocking(move || handle.block_on(call()))
        .await
        .unwrap()
}

fn take(counter: &AtomicU32) -> bool {
    counter
        .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
            left.checked_sub(1)
        })
        .is_ok()
}

fn unavailable() -> StoreError {
    StoreError::Unavailable {
        source: "the disk is full".into(),
    }
}

#[async_trait]
impl Store for TestStore {
    async fn create_account(&self, account: NewAccount) -> Result<Account, StoreError> {
        let inner = Arc::clone(&self.inner);
        in_no_time(async move || inner.create_account(account).await).await
    }

    async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let inner = Arc::clone(&self.inner);
        in_no_time(async move || inner.accounts().await).await
    }

    async fn add_api_key(
        &self,
        account: AccountId,
        key_sha256: [u8; 32],
        at: UnixMillis,
    ) -> Result<(), StoreError> {
        let inner = Arc::clone(&self.inner);
        in_no_time(async move || inner.add_api_key(account, key_sha256, at).await).await
    }

    async fn account_by_key(&self, key_sha256: [u8; 32]) -> Result<Option<Account>, StoreError> {
        let inner = Arc::clone(&self.inner);
        in_no_time(async move || inner.account_by_key(key_sha256).await).await
    }

    async fn put_issuer(&self, issuer: NewIssuer) -> Result<Issuer, StoreError> {
        let inner = Arc::clone(&self.inner);
        in_no_time(async move || inner.put_issuer(issuer).await).await
    }

    async fn issuer(&self, account: AccountId, ruc: Ruc) -> Result<Option<Issuer>, StoreError> {
        let inner = Arc::clone(&self.inner);
        in_no_time(async move || inner.issuer(account, ruc).await).await
    }

    async fn add_certificate(
        &self,
        account: AccountId,
        certificate: NewCertificate,
    ) -> Result<Certificate, StoreError> {
        let inner = Arc::clone(&self.inner);
        in_no_time(async move || inner.add_certificate(account, certificate).await).await
    }

    async fn certificates(
        &self,
        account: AccountId,
        issuer: IssuerId,
    ) -> Result<Vec<Certificate>, StoreError> {
        let inner = Arc::clone(&self.inner);
        in_no_time(async move || inner.certificates(account, issuer).await).await
    }

    async fn accept(&self, document: NewDocument) -> Result<Acceptance, StoreError> {
        let inner = Arc::clone(&self.inner);
        in_no_time(async move || inner.accept(document).await).await
    }

    async fn revise(&self, revision: NewRevision) -> Result<Acceptance, StoreError> {
        let inner = Arc::clone(&self.inner);
        in_no_time(async move || inner.revise(revision).await).await
    }

    async fn apply(&self, transition: Transition) -> Result<TransitionOutcome, StoreError> {
        self.applies.fetch_add(1, Ordering::SeqCst);
        if take(&self.fail_applies) {
            return Err(unavailable());
        }
        if self.refuse_applies.load(Ordering::SeqCst) {
            let what = "nobody knows why".into();
            return Err(StoreError::Refused { what });
        }
        let rests = action(transition.stage) == Action::Rest;
        let inner = Arc::clone(&self.inner);
        let outcome = in_no_time(async move || inner.apply(transition).await).await?;
        if outcome == TransitionOutcome::Stale {
            self.stale.fetch_add(1, Ordering::SeqCst);
        } else if rests {
            self.rested.send_modify(|rested| *rested += 1);
        }
        match take(&self.lose_applies) {
            true => Err(unavailable()),
            false => Ok(outcome),
        }
    }

    async fn document(
        &self,
        account: AccountId,
        id: DocumentId,
    ) -> Result<Option<Document>, StoreError> {
        let inner = Arc::clone(&self.inner);
        in_no_time(async move || inner.document(account, id).await).await
    }

    async fn document_by_id(&self, id: DocumentId) -> Result<Option<Document>, StoreError> {
        let inner = Arc::clone(&self.inner);
        in_no_time(async move || inner.document_by_id(id).await).await
    }

    async fn blob(
        &self,
        id: DocumentId,
        revision: u32,
        part: BlobPart,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        self.read.lock().push(id);
        if self.no_bytes.load(Ordering::SeqCst) {
            return Ok(None);
        }
        if self.damaged_bytes.load(Ordering::SeqCst) {
            let what = "the blob".into();
            return Err(StoreError::Corrupt { what });
        }
        let inner = Arc::clone(&self.inner);
        in_no_time(async move || inner.blob(id, revision, part).await).await
    }

    async fn events(&self, account: AccountId, id: DocumentId) -> Result<Vec<Event>, StoreError> {
        let inner = Arc::clone(&self.inner);
        in_no_time(async move || inner.events(account, id).await).await
    }

    async fn issuers(&self, account: AccountId) -> Result<Vec<Issuer>, StoreError> {
        let inner = Arc::clone(&self.inner);
        in_no_time(async move || inner.issuers(account).await).await
    }

    async fn set_issuer_settings(
        &self,
        account: AccountId,
        issuer: IssuerId,
        settings: String,
    ) -> Result<(), StoreError> {
        let inner = Arc::clone(&self.inner);
        in_no_time(async move || inner.set_issuer_settings(account, issuer, settings).await).await
    }

    async fn idempotent_answer(
        &self,
        account: AccountId,
        key: &str,
        now: UnixMillis,
    ) -> Result<Option<IdempotentAnswer>, StoreError> {
        let (inner, key) = (Arc::clone(&self.inner), key.to_owned());
        in_no_time(async move || inner.idempotent_answer(account, &key, now).await).await
    }

    async fn forget_idempotent_answers(&self, now: UnixMillis) -> Result<u64, StoreError> {
        let inner = Arc::clone(&self.inner);
        in_no_time(async move || inner.forget_idempotent_answers(now).await).await
    }

    async fn reserve_sequential(&self, key: SeriesKey) -> Result<Option<Sequential>, StoreError> {
        let inner = Arc::clone(&self.inner);
        in_no_time(async move || inner.reserve_sequential(key).await).await
    }

    async fn set_last_sequential(
        &self,
        key: SeriesKey,
        last: u32,
    ) -> Result<SetSeries, StoreError> {
        let inner = Arc::clone(&self.inner);
        in_no_time(async move || inner.set_last_sequential(key, last).await).await
    }

    async fn series(
        &self,
        account: AccountId,
        issuer: IssuerId,
    ) -> Result<Vec<SeriesState>, StoreError> {
        let inner = Arc::clone(&self.inner);
        in_no_time(async move || inner.series(account, issuer).await).await
    }

    async fn list(&self, account: AccountId, query: &ListQuery) -> Result<ListPage, StoreError> {
        let (inner, query) = (Arc::clone(&self.inner), query.clone());
        in_no_time(async move || inner.list(account, &query).await).await
    }

    async fn index_for_search(&self, limit: usize) -> Result<u64, StoreError> {
        let inner = Arc::clone(&self.inner);
        in_no_time(async move || inner.index_for_search(limit).await).await
    }

    async fn claim(
        &self,
        owner: u64,
        now: UnixMillis,
        lease_until: UnixMillis,
        shares: Shares,
    ) -> Result<Vec<ClaimedJob>, StoreError> {
        self.claims.fetch_add(1, Ordering::SeqCst);
        if self.fail_claims.load(Ordering::SeqCst) {
            return Err(unavailable());
        }
        let inner = Arc::clone(&self.inner);
        in_no_time(async move || inner.claim(owner, now, lease_until, shares).await).await
    }

    async fn renew(
        &self,
        owner: u64,
        documents: &[DocumentId],
        lease_until: UnixMillis,
    ) -> Result<u64, StoreError> {
        self.renewals.fetch_add(1, Ordering::SeqCst);
        if self.fail_renewals.load(Ordering::SeqCst) {
            return Err(unavailable());
        }
        let inner = Arc::clone(&self.inner);
        let documents = documents.to_vec();
        in_no_time(async move || inner.renew(owner, &documents, lease_until).await).await
    }

    async fn release(&self, owner: u64) -> Result<(), StoreError> {
        let inner = Arc::clone(&self.inner);
        in_no_time(async move || inner.release(owner).await).await
    }

    async fn next_run_at(&self, after: UnixMillis) -> Result<Option<UnixMillis>, StoreError> {
        let inner = Arc::clone(&self.inner);
        in_no_time(async move || inner.next_run_at(after).await).await
    }

    async fn queue_depth(&self) -> Result<QueueDepth, StoreError> {
        let inner = Arc::clone(&self.inner);
        in_no_time(async move || inner.queue_depth().await).await
    }

    async fn newest_change(&self) -> Result<Option<UnixMillis>, StoreError> {
        let inner = Arc::clone(&self.inner);
        in_no_time(async move || inner.newest_change().await).await
    }

    async fn unsettled_by_issuer(&self, limit: usize) -> Result<Vec<UnsettledIssuer>, StoreError> {
        let inner = Arc::clone(&self.inner);
        in_no_time(async move || inner.unsettled_by_issuer(limit).await).await
    }

    async fn put_note(&self, name: &str, bytes: Vec<u8>) -> Result<(), StoreError> {
        self.inner.put_note(name, bytes).await
    }

    async fn note(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.inner.note(name).await
    }

    async fn close(&self) -> Result<(), StoreError> {
        self.inner.close().await
    }
}

//! The [`Store`] over a pool of connections.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime, Timeouts};
use tagua_fiscal::{Ruc, Sequential};
use tagua_store::{
    Acceptance, Account, AccountId, BlobPart, Certificate, ClaimedJob, Document, DocumentId, Event,
    IdempotentAnswer, Issuer, IssuerId, ListPage, ListQuery, NewAccount, NewCertificate,
    NewDocument, NewIssuer, NewRevision, NextJob, QueueDepth, SeriesKey, SeriesState, SetSeries,
    Shares, Store, StoreError, Transition, TransitionOutcome, UnixMillis, UnsettledIssuer,
};
use tokio_postgres::Config;

use crate::error::{refused, store_error, unavailable};
use crate::listen::Notices;
use crate::session::Session;
use crate::{
    acceptance, accounts, documents, idempotency, jobs, lists, migrations, revision, rows, series,
    tls, transition,
};

/// What an operator may choose.
#[derive(Clone, Debug)]
pub struct PostgresOptions {
    /// Connections of this node.
    pub connections_max: usize,
    /// How long to wait for a free or a new connection.
    pub wait: Duration,
}

impl Default for PostgresOptions {
    fn default() -> Self {
        Self {
            connections_max: 16,
            wait: Duration::from_secs(5),
        }
    }
}

/// The [`Store`] in a PostgreSQL database, version 15 or newer.
pub struct PostgresStore {
    pool: Pool,
    notices: Arc<Notices>,
}

impl PostgresStore {
    /// Connects to `url` (`postgres://user:password@host:5432/database`) and
    /// brings the database to the newest schema; other nodes that start at the
    /// same time wait for it. `on_work` is called, on some task of the runtime,
    /// whenever another node has stored new work.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] for a URL that cannot be read,
    /// [`StoreError::Newer`] for a database of a newer program,
    /// [`StoreError::Corrupt`] for a schema that is not Tagua's,
    /// [`StoreError::Unavailable`] for a server that does not answer.
    pub async fn open(
        url: &str,
        options: PostgresOptions,
        on_work: impl Fn() + Send + Sync + 'static,
    ) -> Result<Self, StoreError> {
        let config = config(url, &options)?;
        let tls = tls::connector()?;
        let (mut client, connection) = config.connect(tls.clone()).await.map_err(store_error)?;
        let driver = tokio::spawn(connection);
        let migrated = migrations::migrate(&mut client).await;
        drop(client);
        driver.abort();
        migrated?;
        let manager = Manager::from_config(
            config.clone(),
            tls.clone(),
            ManagerConfig {
                recycling_method: RecyclingMethod::Fast,
            },
        );
        let pool = Pool::builder(manager)
            .max_size(options.connections_max)
            .runtime(Runtime::Tokio1)
            .timeouts(Timeouts {
                wait: Some(options.wait),
                create: Some(options.wait),
                recycle: Some(options.wait),
            })
            .build()
            .map_err(unavailable)?;
        let notices = Notices::start(pool.clone(), config, tls, Box::new(on_work));
        Ok(Self { pool, notices })
    }

    async fn session(&self) -> Result<Session, StoreError> {
        let client = self.pool.get().await;
        client.map(Session::new).map_err(unavailable)
    }
}

impl Drop for PostgresStore {
    fn drop(&mut self) {
        self.notices.stop();
        self.pool.close();
    }
}

pub(crate) fn config(url: &str, options: &PostgresOptions) -> Result<Config, StoreError> {
    let config = Config::from_str(url);
    // The error's text may hold parts of the URL, the password among them.
    let mut config = config.map_err(|_| {
        refused("the database URL is not of the form postgres://user:password@host:5432/database")
    })?;
    if config.get_application_name().is_none() {
        config.application_name("tagua");
    }
    config.connect_timeout(options.wait);
    config.keepalives_idle(Duration::from_secs(30));
    config.tcp_user_timeout(Duration::from_secs(30));
    let sent = config.get_options().unwrap_or_default().to_owned();
    // A database that lies about durability is not what acknowledged documents go to.
    config.options(format!(
        "{sent} -c synchronous_commit=on -c statement_timeout=30s -c lock_timeout=10s \
         -c idle_in_transaction_session_timeout=60s"
    ));
    Ok(config)
}

#[async_trait]
impl Store for PostgresStore {
    async fn create_account(&self, account: NewAccount) -> Result<Account, StoreError> {
        accounts::create(&self.session().await?, &account).await
    }

    async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        accounts::all(&self.session().await?).await
    }

    async fn add_api_key(
        &self,
        account: AccountId,
        key_sha256: [u8; 32],
        at: UnixMillis,
    ) -> Result<(), StoreError> {
        accounts::add_key(&self.session().await?, account, key_sha256, at).await
    }

    async fn account_by_key(&self, key_sha256: [u8; 32]) -> Result<Option<Account>, StoreError> {
        accounts::by_key(&self.session().await?, key_sha256).await
    }

    async fn put_issuer(&self, issuer: NewIssuer) -> Result<Issuer, StoreError> {
        accounts::put_issuer(&self.session().await?, &issuer).await
    }

    async fn issuer(&self, account: AccountId, ruc: Ruc) -> Result<Option<Issuer>, StoreError> {
        accounts::issuer(&self.session().await?, account, ruc).await
    }

    async fn issuers(&self, account: AccountId) -> Result<Vec<Issuer>, StoreError> {
        accounts::issuers(&self.session().await?, account).await
    }

    async fn set_issuer_settings(
        &self,
        account: AccountId,
        issuer: IssuerId,
        settings: String,
    ) -> Result<(), StoreError> {
        accounts::set_settings(&self.session().await?, account, issuer, &settings).await
    }

    async fn add_certificate(
        &self,
        account: AccountId,
        certificate: NewCertificate,
    ) -> Result<Certificate, StoreError> {
        accounts::add_certificate(&self.session().await?, account, &certificate).await
    }

    async fn certificates(
        &self,
        account: AccountId,
        issuer: IssuerId,
    ) -> Result<Vec<Certificate>, StoreError> {
        accounts::certificates(&self.session().await?, account, issuer).await
    }

    async fn accept(&self, document: NewDocument) -> Result<Acceptance, StoreError> {
        let accepted = acceptance::accept(&mut self.session().await?, &document).await?;
        if accepted == Acceptance::Stored && document.job != NextJob::Done {
            self.notices.tell();
        }
        Ok(accepted)
    }

    async fn revise(&self, revision: NewRevision) -> Result<Acceptance, StoreError> {
        let revised = revision::revise(&mut self.session().await?, &revision).await?;
        if revised == Acceptance::Stored && revision.document.job != NextJob::Done {
            self.notices.tell();
        }
        Ok(revised)
    }

    async fn apply(&self, transition: Transition) -> Result<TransitionOutcome, StoreError> {
        transition::apply(&mut self.session().await?, &transition).await
    }

    async fn document(
        &self,
        account: AccountId,
        id: DocumentId,
    ) -> Result<Option<Document>, StoreError> {
        documents::of_account(&self.session().await?, account, id).await
    }

    async fn document_by_id(&self, id: DocumentId) -> Result<Option<Document>, StoreError> {
        documents::by_id(&self.session().await?, id).await
    }

    async fn blob(
        &self,
        id: DocumentId,
        revision: u32,
        part: BlobPart,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        documents::blob(&self.session().await?, id, revision, part).await
    }

    async fn events(&self, account: AccountId, id: DocumentId) -> Result<Vec<Event>, StoreError> {
        documents::events(&self.session().await?, account, id).await
    }

    async fn idempotent_answer(
        &self,
        account: AccountId,
        key: &str,
        now: UnixMillis,
    ) -> Result<Option<IdempotentAnswer>, StoreError> {
        let session = self.session().await?;
        idempotency::answer(session.client(), account, key, now).await
    }

    async fn forget_idempotent_answers(&self, now: UnixMillis) -> Result<u64, StoreError> {
        idempotency::forget(&self.session().await?, now).await
    }

    async fn reserve_sequential(&self, key: SeriesKey) -> Result<Option<Sequential>, StoreError> {
        series::reserve(&mut self.session().await?, &key).await
    }

    async fn set_last_sequential(
        &self,
        key: SeriesKey,
        last: u32,
    ) -> Result<SetSeries, StoreError> {
        series::set_last(&mut self.session().await?, &key, last).await
    }

    async fn series(
        &self,
        account: AccountId,
        issuer: IssuerId,
    ) -> Result<Vec<SeriesState>, StoreError> {
        series::all(&mut self.session().await?, account, issuer).await
    }

    async fn list(&self, account: AccountId, query: &ListQuery) -> Result<ListPage, StoreError> {
        lists::page(&self.session().await?, account, query).await
    }

    /// Words are stored with their document: there is nothing to do.
    async fn index_for_search(&self, _limit: usize) -> Result<u64, StoreError> {
        Ok(0)
    }

    async fn claim(
        &self,
        owner: u64,
        now: UnixMillis,
        lease_until: UnixMillis,
        shares: Shares,
    ) -> Result<Vec<ClaimedJob>, StoreError> {
        jobs::claim(&self.session().await?, owner, now, lease_until, &shares).await
    }

    async fn renew(
        &self,
        owner: u64,
        documents: &[DocumentId],
        lease_until: UnixMillis,
    ) -> Result<u64, StoreError> {
        if documents.is_empty() {
            return Ok(0);
        }
        jobs::renew(&self.session().await?, owner, documents, lease_until).await
    }

    async fn release(&self, owner: u64) -> Result<(), StoreError> {
        jobs::release(&self.session().await?, owner).await
    }

    async fn next_run_at(&self, after: UnixMillis) -> Result<Option<UnixMillis>, StoreError> {
        jobs::next_run_at(&self.session().await?, after).await
    }

    async fn unsettled_by_issuer(&self, limit: usize) -> Result<Vec<UnsettledIssuer>, StoreError> {
        jobs::unsettled_by_issuer(&self.session().await?, limit).await
    }

    async fn queue_depth(&self) -> Result<QueueDepth, StoreError> {
        jobs::queue_depth(&self.session().await?).await
    }

    async fn newest_change(&self) -> Result<Option<UnixMillis>, StoreError> {
        documents::newest_change(&self.session().await?).await
    }

    async fn put_note(&self, name: &str, bytes: Vec<u8>) -> Result<(), StoreError> {
        let sql = "INSERT INTO note (name, data) VALUES ($1, $2)
             ON CONFLICT (name) DO UPDATE SET data = excluded.data";
        let session = self.session().await?;
        session.execute(sql, &[&name, &bytes]).await.map(drop)
    }

    async fn note(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT data FROM note WHERE name = $1";
        let row = self.session().await?.one(sql, &[&name]).await?;
        row.map(|row| rows::value(&row, 0)).transpose()
    }

    async fn close(&self) -> Result<(), StoreError> {
        self.notices.stop();
        self.pool.close();
        Ok(())
    }
}

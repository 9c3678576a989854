//! A connection of the pool, and a transaction on one.

use std::time::Duration;

use deadpool_postgres::{Client, GenericClient, Transaction};
use tagua_store::StoreError;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, Row, Statement};

use crate::error::{store_error, unavailable};

/// A value for a statement.
pub(crate) type Value<'a> = &'a (dyn ToSql + Sync);

/// A connection that commits each statement, until it begins a transaction.
pub(crate) struct Session(Client);

impl Session {
    pub(crate) const fn new(client: Client) -> Self {
        Self(client)
    }

    pub(crate) async fn one(
        &self,
        sql: &str,
        values: &[Value<'_>],
    ) -> Result<Option<Row>, StoreError> {
        one(&self.0, sql, values).await
    }

    pub(crate) async fn many<T>(
        &self,
        sql: &str,
        values: &[Value<'_>],
        read: impl Fn(&Row) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let rows = many(&self.0, sql, values).await?;
        rows.iter().map(read).collect()
    }

    pub(crate) async fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<u64, StoreError> {
        execute(&self.0, sql, values).await
    }

    pub(crate) const fn client(&self) -> &Client {
        &self.0
    }

    pub(crate) async fn begin(&mut self) -> Result<Transaction<'_>, StoreError> {
        let begun = in_time(self.0.transaction()).await?;
        begun.map_err(store_error)
    }
}

/// A server ends a statement that takes this long itself; one that is silent
/// for longer is stopped or cut off, and whoever waits for it is to be told.
const ANSWER_TIME: Duration = Duration::from_secs(35);

/// What the server answers, if it does. What it was asked may happen all the
/// same once it wakes.
pub(crate) async fn in_time<T>(asked: impl Future<Output = T>) -> Result<T, StoreError> {
    let answered = tokio::time::timeout(ANSWER_TIME, asked).await;
    answered.map_err(|_| unavailable(format!("the server was silent for {ANSWER_TIME:?}")))
}

async fn prepare(client: &impl GenericClient, sql: &str) -> Result<Statement, StoreError> {
    let prepared = in_time(client.prepare_cached(sql)).await?;
    prepared.map_err(store_error)
}

/// The first row of the answer, if any.
pub(crate) async fn one(
    client: &impl GenericClient,
    sql: &str,
    values: &[Value<'_>],
) -> Result<Option<Row>, StoreError> {
    try_one(client, sql, values).await?.map_err(store_error)
}

/// The same with the server's own error, for those who ask what it is.
pub(crate) async fn try_one(
    client: &impl GenericClient,
    sql: &str,
    values: &[Value<'_>],
) -> Result<Result<Option<Row>, Error>, StoreError> {
    let statement = prepare(client, sql).await?;
    in_time(client.query_opt(&statement, values)).await
}

pub(crate) async fn many(
    client: &impl GenericClient,
    sql: &str,
    values: &[Value<'_>],
) -> Result<Vec<Row>, StoreError> {
    let statement = prepare(client, sql).await?;
    let rows = in_time(client.query(&statement, values)).await?;
    rows.map_err(store_error)
}

/// Executes one statement; answers how many rows it touched.
pub(crate) async fn execute(
    client: &impl GenericClient,
    sql: &str,
    values: &[Value<'_>],
) -> Result<u64, StoreError> {
    try_execute(client, sql, values).await?.map_err(store_error)
}

/// The same with the server's own error, for those who ask what it is.
pub(crate) async fn try_execute(
    client: &impl GenericClient,
    sql: &str,
    values: &[Value<'_>],
) -> Result<Result<u64, Error>, StoreError> {
    let statement = prepare(client, sql).await?;
    in_time(client.execute(&statement, values)).await
}

/// A commit whose answer is lost may have happened: the caller is told that
/// the engine is not available, and asks again.
pub(crate) async fn commit(transaction: Transaction<'_>) -> Result<(), StoreError> {
    let committed = in_time(transaction.commit()).await?;
    committed.map_err(unavailable)
}

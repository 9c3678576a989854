//! A connection of the pool, and a transaction on one.

use deadpool_postgres::{Client, GenericClient, Transaction};
use tagua_store::StoreError;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

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
        self.0.transaction().await.map_err(store_error)
    }
}

/// The first row of the answer, if any.
pub(crate) async fn one(
    client: &impl GenericClient,
    sql: &str,
    values: &[Value<'_>],
) -> Result<Option<Row>, StoreError> {
    let statement = client.prepare_cached(sql).await.map_err(store_error)?;
    let row = client.query_opt(&statement, values).await;
    row.map_err(store_error)
}

pub(crate) async fn many(
    client: &impl GenericClient,
    sql: &str,
    values: &[Value<'_>],
) -> Result<Vec<Row>, StoreError> {
    let statement = client.prepare_cached(sql).await.map_err(store_error)?;
    let rows = client.query(&statement, values).await;
    rows.map_err(store_error)
}

/// Executes one statement; answers how many rows it touched.
pub(crate) async fn execute(
    client: &impl GenericClient,
    sql: &str,
    values: &[Value<'_>],
) -> Result<u64, StoreError> {
    let statement = client.prepare_cached(sql).await.map_err(store_error)?;
    let touched = client.execute(&statement, values).await;
    touched.map_err(store_error)
}

/// A commit whose answer is lost may have happened: the caller is told that
/// the engine is not available, and asks again.
pub(crate) async fn commit(transaction: Transaction<'_>) -> Result<(), StoreError> {
    transaction.commit().await.map_err(unavailable)
}

//! Numbers handed out in series.

use std::collections::BTreeMap;

use deadpool_postgres::Transaction;
use tagua_fiscal::Sequential;
use tagua_store::{AccountId, IssuerId, SeriesKey, SeriesState, SetSeries, StoreError};

use crate::error::refused;
use crate::rows::{self, environment_number, int4};
use crate::session::{Session, commit, execute, many, one};

const LAST: u32 = 999_999_999;

/// The counter's row is locked first: whoever comes at the same time waits.
pub(crate) async fn reserve(
    session: &mut Session,
    key: &SeriesKey,
) -> Result<Option<Sequential>, StoreError> {
    let transaction = session.begin().await?;
    check_issuer(&transaction, key).await?;
    let state = SeriesState {
        key: *key,
        counter: Some(lock_counter(&transaction, key).await?),
        greatest: greatest(&transaction, key).await?,
    };
    let Some(next) = state.next() else {
        return Ok(None);
    };
    put_counter(&transaction, key, next.get()).await?;
    commit(transaction).await?;
    Ok(Some(next))
}

pub(crate) async fn set_last(
    session: &mut Session,
    key: &SeriesKey,
    last: u32,
) -> Result<SetSeries, StoreError> {
    if last > LAST {
        return Err(refused(format!("{last} as the last number of a series")));
    }
    let transaction = session.begin().await?;
    check_issuer(&transaction, key).await?;
    lock_counter(&transaction, key).await?;
    match greatest(&transaction, key).await? {
        Some(greatest) if greatest.get() > last => Ok(SetSeries::BelowStored { greatest }),
        _ => {
            put_counter(&transaction, key, last).await?;
            commit(transaction).await?;
            Ok(SetSeries::Set)
        }
    }
}

pub(crate) async fn all(
    session: &mut Session,
    account: AccountId,
    issuer: IssuerId,
) -> Result<Vec<SeriesState>, StoreError> {
    let transaction = session.begin().await?;
    let mut found = BTreeMap::new();
    let sql = "SELECT series_counter.environment, document_type, establishment, point, last
         FROM series_counter JOIN issuer ON issuer_id = series_counter.issuer
         WHERE issuer_id = $1 AND account = $2";
    for row in many(&transaction, sql, &[&issuer.0, &account.0]).await? {
        let key = rows::series_key(account, issuer, &row)?;
        found.insert(key, Some(rows::number(&row, 4)?));
    }
    // One step in the index of numbers for each series, whatever the number of documents.
    let sql = "WITH RECURSIVE step AS (
             (SELECT environment, document_type, establishment, point FROM document
              WHERE issuer = $1 AND account = $2
              ORDER BY environment, document_type, establishment, point LIMIT 1)
             UNION ALL
             SELECT next.* FROM step CROSS JOIN LATERAL (
                 SELECT environment, document_type, establishment, point FROM document
                 WHERE issuer = $1 AND (environment, document_type, establishment, point)
                     > (step.environment, step.document_type, step.establishment, step.point)
                 ORDER BY environment, document_type, establishment, point LIMIT 1) AS next)
         SELECT * FROM step";
    for row in many(&transaction, sql, &[&issuer.0, &account.0]).await? {
        let key = rows::series_key(account, issuer, &row)?;
        found.entry(key).or_insert(None);
    }
    let mut states = Vec::with_capacity(found.len());
    for (key, counter) in found {
        let greatest = greatest(&transaction, &key).await?;
        states.push(SeriesState {
            key,
            counter,
            greatest,
        });
    }
    Ok(states)
}

/// The counter, made where there is none, locked until the transaction ends.
async fn lock_counter(transaction: &Transaction<'_>, key: &SeriesKey) -> Result<u32, StoreError> {
    let (issuer, environment, kind, establishment, point) = columns(key);
    let sql = "INSERT INTO series_counter
             (issuer, environment, document_type, establishment, point, last)
         VALUES ($1, $2, $3, $4, $5, 0)
         ON CONFLICT (issuer, environment, document_type, establishment, point)
         DO UPDATE SET last = series_counter.last
         RETURNING last";
    let values: [crate::session::Value<'_>; 5] =
        [&issuer, &environment, &kind, &establishment, &point];
    let row = one(transaction, sql, &values).await?;
    row.map_or(Ok(0), |row| rows::number(&row, 0))
}

async fn put_counter(
    transaction: &Transaction<'_>,
    key: &SeriesKey,
    last: u32,
) -> Result<(), StoreError> {
    let (issuer, environment, kind, establishment, point) = columns(key);
    let sql = "UPDATE series_counter SET last = $6 WHERE issuer = $1 AND environment = $2
         AND document_type = $3 AND establishment = $4 AND point = $5";
    let last = int4(last)?;
    let values: [crate::session::Value<'_>; 6] =
        [&issuer, &environment, &kind, &establishment, &point, &last];
    execute(transaction, sql, &values).await.map(drop)
}

async fn greatest(
    transaction: &Transaction<'_>,
    key: &SeriesKey,
) -> Result<Option<Sequential>, StoreError> {
    let (issuer, environment, kind, establishment, point) = columns(key);
    let sql = "SELECT sequential FROM document WHERE issuer = $1 AND environment = $2
         AND document_type = $3 AND establishment = $4 AND point = $5
         ORDER BY sequential DESC LIMIT 1";
    let values: [crate::session::Value<'_>; 5] =
        [&issuer, &environment, &kind, &establishment, &point];
    match one(transaction, sql, &values).await? {
        None => Ok(None),
        Some(row) => Ok(Sequential::new(rows::number(&row, 0)?).ok()),
    }
}

fn columns(key: &SeriesKey) -> (i64, i16, &'static str, &str, &str) {
    (
        key.issuer.0,
        environment_number(key.environment),
        key.document_type.code(),
        key.series.establishment.as_str(),
        key.series.point.as_str(),
    )
}

async fn check_issuer(transaction: &Transaction<'_>, key: &SeriesKey) -> Result<(), StoreError> {
    let sql = "SELECT 1 FROM issuer WHERE issuer_id = $1 AND account = $2";
    match one(transaction, sql, &[&key.issuer.0, &key.account.0]).await? {
        Some(_) => Ok(()),
        None => Err(refused("the account has no such issuer")),
    }
}

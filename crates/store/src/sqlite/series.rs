//! Numbers handed out in series.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};
use tagua_fiscal::Sequential;

use super::rows::{self, environment_number, execute, many, one};
use crate::{AccountId, IssuerId, SeriesKey, SeriesState, SetSeries, StoreError};

const LAST: u32 = 999_999_999;

pub(super) fn reserve(
    connection: &Connection,
    key: &SeriesKey,
) -> Result<Option<Sequential>, StoreError> {
    check_issuer(connection, key.account, key.issuer)?;
    let state = SeriesState {
        key: *key,
        counter: counter(connection, key)?,
        greatest: greatest(connection, key)?,
    };
    let next = state.next();
    if let Some(next) = next {
        put_counter(connection, key, next.get())?;
    }
    Ok(next)
}

pub(super) fn set_last(
    connection: &Connection,
    key: &SeriesKey,
    last: u32,
) -> Result<SetSeries, StoreError> {
    if last > LAST {
        return Err(refused(&format!("{last} as the last number of a series")));
    }
    check_issuer(connection, key.account, key.issuer)?;
    match greatest(connection, key)? {
        Some(greatest) if greatest.get() > last => Ok(SetSeries::BelowStored { greatest }),
        _ => put_counter(connection, key, last).map(|()| SetSeries::Set),
    }
}

pub(super) fn all(
    connection: &Connection,
    account: AccountId,
    issuer: IssuerId,
) -> Result<Vec<SeriesState>, StoreError> {
    if !has_issuer(connection, account, issuer)? {
        return Ok(Vec::new());
    }
    let mut found = BTreeMap::new();
    let sql = "SELECT environment, document_type, establishment, point, last FROM series_counter
         WHERE issuer = ?1";
    let counters = many(connection, sql, [issuer.0], |row| {
        Ok((rows::series_key(account, issuer, row)?, row.get(4)?))
    })?;
    for (key, counter) in counters {
        found.insert(key, Some(counter));
    }
    for key in with_documents(connection, account, issuer)? {
        found.entry(key).or_insert(None);
    }
    let state = |(key, counter)| {
        let greatest = greatest(connection, &key)?;
        Ok(SeriesState {
            key,
            counter,
            greatest,
        })
    };
    found.into_iter().map(state).collect()
}

/// The issuer's series that have a document, in the order of their keys.
pub(super) fn with_documents(
    connection: &Connection,
    account: AccountId,
    issuer: IssuerId,
) -> Result<Vec<SeriesKey>, StoreError> {
    let mut found: Vec<SeriesKey> = Vec::new();
    while let Some(key) = after(connection, account, issuer, found.last())? {
        found.push(key);
    }
    Ok(found)
}

/// The first series with a document after `before`: one step in the index of
/// numbers, whatever the number of documents. It asks for what comes after the
/// last number there could be, because the engine begins at what is equal and
/// would pass over every document.
fn after(
    connection: &Connection,
    account: AccountId,
    issuer: IssuerId,
    before: Option<&SeriesKey>,
) -> Result<Option<SeriesKey>, StoreError> {
    let (environment, kind, establishment, point) = match before {
        Some(key) => (
            environment_number(key.environment),
            key.document_type.code(),
            key.series.establishment.as_str(),
            key.series.point.as_str(),
        ),
        None => (0, "", "", ""),
    };
    one(
        connection,
        "SELECT environment, document_type, establishment, point FROM document
         WHERE issuer = ?1
             AND (environment, document_type, establishment, point, sequential)
                 > (?2, ?3, ?4, ?5, 999999999)
         ORDER BY environment, document_type, establishment, point LIMIT 1",
        params![issuer.0, environment, kind, establishment, point],
        |row| rows::series_key(account, issuer, row),
    )
}

fn counter(connection: &Connection, key: &SeriesKey) -> Result<Option<u32>, StoreError> {
    let sql = "SELECT last FROM series_counter WHERE issuer = ?1 AND environment = ?2
         AND document_type = ?3 AND establishment = ?4 AND point = ?5";
    one(connection, sql, columns(key), |row| Ok(row.get(0)?))
}

fn put_counter(connection: &Connection, key: &SeriesKey, last: u32) -> Result<(), StoreError> {
    let (issuer, environment, kind, establishment, point) = columns(key);
    execute(
        connection,
        "INSERT INTO series_counter (issuer, environment, document_type, establishment, point, last)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET last = excluded.last",
        params![issuer, environment, kind, establishment, point, last],
    )
    .map(drop)
}

fn greatest(connection: &Connection, key: &SeriesKey) -> Result<Option<Sequential>, StoreError> {
    let sql = "SELECT sequential FROM document WHERE issuer = ?1 AND environment = ?2
         AND document_type = ?3 AND establishment = ?4 AND point = ?5
         ORDER BY sequential DESC LIMIT 1";
    one(connection, sql, columns(key), rows::sequential)
}

fn columns(key: &SeriesKey) -> (i64, u8, &'static str, &str, &str) {
    (
        key.issuer.0,
        environment_number(key.environment),
        key.document_type.code(),
        key.series.establishment.as_str(),
        key.series.point.as_str(),
    )
}

fn check_issuer(
    connection: &Connection,
    account: AccountId,
    issuer: IssuerId,
) -> Result<(), StoreError> {
    match has_issuer(connection, account, issuer)? {
        true => Ok(()),
        false => Err(refused("the account has no such issuer")),
    }
}

fn has_issuer(
    connection: &Connection,
    account: AccountId,
    issuer: IssuerId,
) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM issuer WHERE issuer_id = ?1 AND account = ?2";
    let key = params![issuer.0, account.0];
    Ok(one(connection, sql, key, |_| Ok(()))?.is_some())
}

fn refused(what: &str) -> StoreError {
    StoreError::Refused {
        what: what.to_owned(),
    }
}

//! Answers that are repeated to whoever repeats a request.

use rusqlite::{Connection, params};

use super::rows::{self, execute, one};
use crate::{AccountId, IdempotentAnswer, NewDocument, NewIdempotency, StoreError, UnixMillis};

/// Bytes of a key.
const KEY_MAX: usize = 255;
/// Answers deleted in one operation of the writer.
pub(super) const FORGOTTEN_AT_ONCE: u64 = 64;

pub(super) fn answer(
    connection: &Connection,
    account: AccountId,
    key: &str,
    now: UnixMillis,
) -> Result<Option<IdempotentAnswer>, StoreError> {
    let sql = "SELECT fingerprint, answer, document.id FROM idempotency
         JOIN document ON document.document_id = idempotency.document
         WHERE idempotency.account = ?1 AND key = ?2 AND expires_at > ?3";
    let key = params![account.0, key, now.0];
    one(connection, sql, key, rows::idempotent_answer)
}

/// What is stored under the key that the document comes with, if any.
pub(super) fn repeated(
    connection: &Connection,
    new: &NewDocument,
) -> Result<Option<IdempotentAnswer>, StoreError> {
    let Some(idempotency) = &new.idempotency else {
        return Ok(None);
    };
    check_key(&idempotency.key)?;
    answer(connection, new.account, &idempotency.key, new.at)
}

/// To be called after [`repeated`] found nothing: what is there is expired.
pub(super) fn store(
    connection: &Connection,
    account: AccountId,
    document: i64,
    new: &NewIdempotency,
) -> Result<(), StoreError> {
    execute(
        connection,
        "INSERT INTO idempotency (account, key, fingerprint, answer, document, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT DO UPDATE SET fingerprint = excluded.fingerprint, answer = excluded.answer,
             document = excluded.document, expires_at = excluded.expires_at",
        params![
            account.0,
            new.key,
            new.fingerprint,
            new.answer,
            document,
            new.expires_at.0
        ],
    )
    .map(drop)
}

/// Deletes up to [`FORGOTTEN_AT_ONCE`]; answers how many.
pub(super) fn forget(connection: &Connection, now: UnixMillis) -> Result<u64, StoreError> {
    let sql = "DELETE FROM idempotency WHERE idempotency_id IN (
         SELECT idempotency_id FROM idempotency WHERE expires_at <= ?1
         ORDER BY expires_at LIMIT ?2)";
    let gone = execute(
        connection,
        sql,
        params![now.0, FORGOTTEN_AT_ONCE.cast_signed()],
    )?;
    Ok(u64::try_from(gone).unwrap_or(u64::MAX))
}

fn check_key(key: &str) -> Result<(), StoreError> {
    match key.len() {
        1..=KEY_MAX => Ok(()),
        length => Err(StoreError::Refused {
            what: format!("an idempotency key of {length} bytes"),
        }),
    }
}

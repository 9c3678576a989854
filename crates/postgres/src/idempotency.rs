//! Answers that are repeated to whoever repeats a request.

use deadpool_postgres::{GenericClient, Transaction};
use tagua_store::{AccountId, IdempotentAnswer, NewDocument, StoreError, UnixMillis};

use crate::error::refused;
use crate::rows;
use crate::session::{Session, execute, one};

/// Bytes of a key.
const KEY_MAX: usize = 255;
/// Answers deleted in one statement.
const FORGOTTEN_AT_ONCE: i64 = 500;

pub(crate) async fn answer(
    client: &impl GenericClient,
    account: AccountId,
    key: &str,
    now: UnixMillis,
) -> Result<Option<IdempotentAnswer>, StoreError> {
    let sql = "SELECT fingerprint, answer, document.id FROM idempotency
         JOIN document ON document.document_id = idempotency.document
         WHERE idempotency.account = $1 AND key = $2 AND expires_at > $3";
    let row = one(client, sql, &[&account.0, &key, &now.0]).await?;
    row.as_ref().map(rows::idempotent_answer).transpose()
}

/// What is stored under the key that the document comes with, if any. An
/// expired answer makes room.
pub(crate) async fn repeated(
    transaction: &Transaction<'_>,
    new: &NewDocument,
) -> Result<Option<IdempotentAnswer>, StoreError> {
    let Some(idempotency) = &new.idempotency else {
        return Ok(None);
    };
    let key = &idempotency.key;
    if !(1..=KEY_MAX).contains(&key.len()) {
        let length = key.len();
        return Err(refused(format!("an idempotency key of {length} bytes")));
    }
    let sql = "DELETE FROM idempotency WHERE account = $1 AND key = $2 AND expires_at <= $3";
    execute(transaction, sql, &[&new.account.0, key, &new.at.0]).await?;
    answer(transaction, new.account, key, new.at).await
}

/// Deletes what is expired, in many small statements.
pub(crate) async fn forget(session: &Session, now: UnixMillis) -> Result<u64, StoreError> {
    let sql = "DELETE FROM idempotency WHERE (account, key) IN (
         SELECT account, key FROM idempotency WHERE expires_at <= $1
         ORDER BY expires_at LIMIT $2)";
    let mut forgotten = 0;
    loop {
        let gone = session.execute(sql, &[&now.0, &FORGOTTEN_AT_ONCE]).await?;
        forgotten += gone;
        if gone < FORGOTTEN_AT_ONCE.unsigned_abs() {
            return Ok(forgotten);
        }
    }
}

//! Replacing what a document says, under the same id.

use deadpool_postgres::Transaction;
use tagua_store::{Acceptance, NewDocument, NewRevision, Stage, StoreError};

use crate::acceptance::{conflict, repeated_elsewhere};
use crate::error::{is_violation_of, refused, store_error};
use crate::idempotency;
use crate::jobs::schedule;
use crate::rows;
use crate::session::{Session, Value, commit, execute, one, try_execute};
use crate::written::{Content, Place, add_blobs, add_events};

pub(crate) async fn revise(
    session: &mut Session,
    revision: &NewRevision,
) -> Result<Acceptance, StoreError> {
    let new = &revision.document;
    let transaction = session.begin().await?;
    if let Some(answer) = idempotency::repeated(&transaction, new).await? {
        return Ok(Acceptance::Repeated(answer));
    }
    let Some(place) = revisable(&transaction, revision).await? else {
        // The same request may be what moved it on while we waited for it.
        let answer = idempotency::repeated(&transaction, new).await?;
        return Ok(answer.map_or(Acceptance::Stale, Acceptance::Repeated));
    };
    if let Some(taken) = conflict(&transaction, new, Some(new.id)).await? {
        return Ok(taken);
    }
    match replace(&transaction, &place, new).await {
        Ok(()) => {}
        // Somebody took the number or the key since we looked.
        Err(Replaced::Taken) => {
            drop(transaction);
            let transaction = session.begin().await?;
            let taken = conflict(&transaction, new, Some(new.id)).await?;
            return Ok(taken.unwrap_or(Acceptance::Stale));
        }
        Err(Replaced::Failed(error)) => return Err(error),
    }
    add_blobs(&transaction, &place, &new.blobs).await?;
    add_events(&transaction, &place, &new.events).await?;
    schedule(&transaction, place.row, new.job, new.at).await?;
    if !add_companions(&transaction, place.row, new).await? {
        drop(transaction);
        return repeated_elsewhere(session, new).await;
    }
    commit(transaction).await?;
    Ok(Acceptance::Stored)
}

/// Where the next revision goes, locked; `None` where the document moved on, is
/// not the account's or is authorized, which nothing may replace.
async fn revisable(
    transaction: &Transaction<'_>,
    revision: &NewRevision,
) -> Result<Option<Place>, StoreError> {
    let new = &revision.document;
    let sql = "SELECT document_id, revision, events, document_type FROM document
         WHERE id = $1 AND account = $2 AND version = $3::bigint AND stage <> $4 FOR UPDATE";
    let version = i64::from(revision.expected_version);
    let authorized = i16::from(Stage::Authorized as u8);
    let id = new.id.0.as_slice();
    let Some(row) = one(
        transaction,
        sql,
        &[&id, &new.account.0, &version, &authorized],
    )
    .await?
    else {
        return Ok(None);
    };
    let kind: String = rows::value(&row, 3)?;
    if kind != new.document_type.code() {
        return Err(refused(format!("document {} is of type {kind}", new.id)));
    }
    Ok(Some(Place {
        row: rows::value(&row, 0)?,
        revision: rows::value::<i32>(&row, 1)?.saturating_add(1),
        stage: i16::from(new.stage as u8),
        events: rows::value(&row, 2)?,
    }))
}

/// Why a revision could not be written.
enum Replaced {
    Taken,
    Failed(StoreError),
}

impl From<StoreError> for Replaced {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

async fn replace(
    transaction: &Transaction<'_>,
    place: &Place,
    new: &NewDocument,
) -> Result<(), Replaced> {
    let content = Content::of(new)?;
    let mut values = content.values();
    values.push(&place.revision);
    match try_execute(transaction, REPLACE, &values).await? {
        Ok(_) => Ok(()),
        Err(error)
            if ["document_number_is_unique", "document_access_key_is_unique"]
                .iter()
                .any(|constraint| is_violation_of(&error, constraint)) =>
        {
            Err(Replaced::Taken)
        }
        Err(error) => Err(store_error(error).into()),
    }
}

const REPLACE: &str = "UPDATE document SET issuer = $2, environment = $3, document_type = $4,
     establishment = $5, point = $6, sequential = $7, access_key = $8, schema_version = $9,
     stage = $10, valid = $11, signature_error = $12, reception = $13, issue_date = $14,
     receiver_id = $15, receiver_name = $16, total = $17, external_id = $18,
     words = array_to_tsvector($19), events = events + $20, updated_at = $21, revision = $22,
     version = version + 1, submissions = 0, last_submission_at = NULL, attention = NULL,
     \"authorization\" = NULL,
     position = ($14::text::date - DATE '1970-01-01') * 1099511627776 + document_id
 WHERE id = $1";

/// What belongs to a document without being part of it. Answers whether the
/// idempotency key was free.
async fn add_companions(
    transaction: &Transaction<'_>,
    row: i64,
    new: &NewDocument,
) -> Result<bool, StoreError> {
    let sql = "DELETE FROM payment_reminder WHERE document = $1";
    execute(transaction, sql, &[&row]).await?;
    if let Some(due) = &new.payment_due {
        let sql = "INSERT INTO payment_reminder (document, due) VALUES ($1, $2)";
        execute(transaction, sql, &[&row, due]).await?;
    }
    let Some(answer) = &new.idempotency else {
        return Ok(true);
    };
    let sql = "INSERT INTO idempotency (account, key, fingerprint, answer, document, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)";
    let fingerprint = answer.fingerprint.as_slice();
    let values: [Value<'_>; 6] = [
        &new.account.0,
        &answer.key,
        &fingerprint,
        &answer.answer,
        &row,
        &answer.expires_at.0,
    ];
    match try_execute(transaction, sql, &values).await? {
        Ok(_) => Ok(true),
        Err(error) if is_violation_of(&error, "idempotency_key_is_unique") => Ok(false),
        Err(error) => Err(store_error(error)),
    }
}

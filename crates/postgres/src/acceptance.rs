//! Accepting a document, with all that belongs to it, in one statement.

use deadpool_postgres::{GenericClient, Transaction};
use tagua_store::failpoint::{self, Failpoint};
use tagua_store::{Acceptance, DocumentId, NewDocument, NextJob, StoreError, UnixMillis};

use crate::error::{is_violation_of, refused, store_error};
use crate::idempotency;
use crate::rows::{self, environment_number, int4};
use crate::session::{Session, Value, commit, one, try_one};
use crate::written::{Content, Events, Parts};

pub(crate) async fn accept(
    session: &mut Session,
    new: &NewDocument,
) -> Result<Acceptance, StoreError> {
    let transaction = session.begin().await?;
    if let Some(answer) = idempotency::repeated(&transaction, new).await? {
        return Ok(Acceptance::Repeated(answer));
    }
    match insert(&transaction, new).await? {
        Inserted::Stored => {}
        Inserted::Taken => {
            drop(transaction);
            let taken = taken_by(session, new).await?;
            return taken.ok_or_else(|| {
                refused(format!(
                    "document {} exists with another number and key",
                    new.id
                ))
            });
        }
        Inserted::KeyOfAnother => {
            drop(transaction);
            return repeated_elsewhere(session, new).await;
        }
    }
    failpoint::hit(Failpoint::StoreAcceptInside);
    failpoint::hit(Failpoint::StoreAcceptBeforeCommit);
    commit(transaction).await?;
    failpoint::hit(Failpoint::StoreAcceptAfterCommit);
    Ok(Acceptance::Stored)
}

/// Another node stored the same idempotency key between our look and our write.
pub(crate) async fn repeated_elsewhere(
    session: &mut Session,
    new: &NewDocument,
) -> Result<Acceptance, StoreError> {
    let transaction = session.begin().await?;
    let found = idempotency::repeated(&transaction, new).await?;
    let found = found.map(Acceptance::Repeated);
    found.ok_or_else(|| refused("the idempotency key was there and is not"))
}

/// What became of an acceptance's one statement.
enum Inserted {
    Stored,
    /// The number, the access key or the id is taken.
    Taken,
    /// The idempotency key is there already.
    KeyOfAnother,
}

/// The document with its bytes, events, job and companions in one statement.
async fn insert(transaction: &Transaction<'_>, new: &NewDocument) -> Result<Inserted, StoreError> {
    let content = Content::of(new)?;
    let parts = Parts::of(&new.blobs);
    let events = Events::of(&new.events)?;
    let run_at = run_at(new.job, new.at);
    let idempotency = new.idempotency.as_ref();
    let key = idempotency.map(|i| i.key.as_str());
    let fingerprint = idempotency.map(|i| i.fingerprint.as_slice());
    let answer = idempotency.map(|i| i.answer.as_slice());
    let expires_at = idempotency.map(|i| i.expires_at.0);
    let mut values = content.values();
    let more: [Value<'_>; 14] = [
        &parts.numbers,
        &parts.bytes,
        &events.kinds,
        &events.at,
        &events.details,
        &events.evidence,
        &events.lengths,
        &run_at,
        &new.payment_due,
        &key,
        &fingerprint,
        &answer,
        &expires_at,
        &new.account.0,
    ];
    values.extend(more);
    match try_one(transaction, ACCEPT, &values).await? {
        Ok(Some(_)) => Ok(Inserted::Stored),
        Ok(None) => Ok(Inserted::Taken),
        Err(error) if is_violation_of(&error, "idempotency_key_is_unique") => {
            Ok(Inserted::KeyOfAnother)
        }
        Err(error) => Err(store_error(error)),
    }
}

const ACCEPT: &str = "WITH number AS (SELECT nextval('document_number') AS n),
 new AS (
    INSERT INTO document (id, issuer, environment, document_type, establishment, point,
        sequential, access_key, schema_version, stage, valid, signature_error, reception,
        issue_date, receiver_id, receiver_name, total, external_id, words, events, created_at,
        updated_at, revision, version, submissions, document_id, position, account)
    SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
        array_to_tsvector($19), $20, $21, $21, 0, 0, 0, number.n,
        ($14::text::date - DATE '1970-01-01') * 1099511627776 + number.n, $35
    FROM number
    ON CONFLICT DO NOTHING
    RETURNING document_id),
 parts AS (
    INSERT INTO blob (document, revision, part, codec, data)
    SELECT new.document_id, 0, part, 0, data
    FROM new, unnest($22::smallint[], $23::bytea[]) AS given (part, data)),
 happened AS (
    INSERT INTO event (document, ordinal, revision, stage, kind, at, detail, codec, evidence,
        evidence_length)
    SELECT new.document_id, ordinal, 0, $10, kind, at, detail, 0, evidence, length
    FROM new, unnest($24::text[], $25::bigint[], $26::text[], $27::bytea[], $28::bigint[])
        WITH ORDINALITY AS given (kind, at, detail, evidence, length, ordinal)),
 due AS (
    INSERT INTO job (document, run_at, attempt, queue)
    SELECT document_id, $29, 0, $35 * 4 + ($3 = 2)::int * 2 + ($10 <> 1)::int
    FROM new WHERE $29::bigint IS NOT NULL),
 reminder AS (
    INSERT INTO payment_reminder (document, due)
    SELECT document_id, $30 FROM new WHERE $30::text IS NOT NULL),
 answered AS (
    INSERT INTO idempotency (account, key, fingerprint, answer, document, expires_at)
    SELECT $35, $31, $32, $33, document_id, $34 FROM new WHERE $31::text IS NOT NULL)
 SELECT document_id FROM new";

/// When the job of a document that had none is due.
fn run_at(job: NextJob, at: UnixMillis) -> Option<i64> {
    match job {
        NextJob::Done => None,
        NextJob::RunAt(run_at) => Some(run_at.0),
        NextJob::KeepLease => Some(at.0),
    }
}

/// Who was first: the same request, which another node just stored, before any
/// other with the number or the key.
async fn taken_by(
    session: &mut Session,
    new: &NewDocument,
) -> Result<Option<Acceptance>, StoreError> {
    let transaction = session.begin().await?;
    if let Some(answer) = idempotency::repeated(&transaction, new).await? {
        return Ok(Some(Acceptance::Repeated(answer)));
    }
    conflict(&transaction, new, None).await
}

/// Which document other than `except` has this one's number, else its key.
pub(crate) async fn conflict(
    client: &impl GenericClient,
    new: &NewDocument,
    except: Option<DocumentId>,
) -> Result<Option<Acceptance>, StoreError> {
    let except = except.as_ref().map(|id| id.0.as_slice());
    let environment = environment_number(new.environment);
    let kind = new.document_type.code();
    let establishment = new.series.establishment.as_str();
    let point = new.series.point.as_str();
    let sequential = int4(new.sequential.get())?;
    let by_number = "SELECT id FROM document WHERE issuer = $1 AND environment = $2
         AND document_type = $3 AND establishment = $4 AND point = $5 AND sequential = $6
         AND id IS DISTINCT FROM $7";
    let number: [Value<'_>; 7] = [
        &new.issuer.0,
        &environment,
        &kind,
        &establishment,
        &point,
        &sequential,
        &except,
    ];
    if let Some(row) = one(client, by_number, &number).await? {
        let by = rows::id(&row)?;
        return Ok(Some(Acceptance::NumberTaken { by }));
    }
    let by_key = "SELECT id FROM document WHERE access_key = $1 AND id IS DISTINCT FROM $2";
    let key = new.access_key.as_str();
    let row = one(client, by_key, &[&key, &except]).await?;
    let by = row.as_ref().map(rows::id).transpose()?;
    Ok(by.map(|by| Acceptance::AccessKeyTaken { by }))
}

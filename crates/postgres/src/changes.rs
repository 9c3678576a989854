//! Accepting, revising and moving documents, each in one transaction.

use deadpool_postgres::{GenericClient, Transaction};
use serde::Serialize;
use tagua_store::failpoint::{self, Failpoint};
use tagua_store::words::Searched;
use tagua_store::{
    Acceptance, BlobPart, DocumentId, NewDocument, NewEvent, NewRevision, NextJob, Stage,
    StoreError, Transition, TransitionOutcome, UnixMillis,
};
use tokio_postgres::types::ToSql;

use crate::error::{is_violation_of, refused, store_error};
use crate::idempotency;
use crate::rows::{self, PLAIN, environment_number, int4};
use crate::session::{Session, Value, commit, execute, one};

/// Evidence beyond it is cut; the full length is kept beside it.
const EVIDENCE_MAX: usize = 64 * 1024;

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
            let taken = conflict_of(session, new).await?;
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
async fn repeated_elsewhere(
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
    let statement = transaction.prepare_cached(ACCEPT).await;
    let statement = statement.map_err(store_error)?;
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
    match transaction.query_opt(&statement, &values).await {
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

/// The columns of a document that an acceptance and a revision write alike.
struct Content<'a> {
    new: &'a NewDocument,
    id: &'a [u8],
    environment: i16,
    document_type: &'static str,
    establishment: &'a str,
    point: &'a str,
    sequential: i32,
    access_key: &'a str,
    stage: i16,
    reception: Option<String>,
    words: Vec<String>,
    events: i32,
}

impl<'a> Content<'a> {
    fn of(new: &'a NewDocument) -> Result<Self, StoreError> {
        let searched = Searched {
            receiver_id: &new.receiver_id,
            receiver_name: &new.receiver_name,
            establishment: new.series.establishment.as_str(),
            point: new.series.point.as_str(),
            sequential: new.sequential.get(),
            external_id: new.external_id.as_deref(),
        };
        Ok(Self {
            new,
            id: &new.id.0,
            environment: environment_number(new.environment),
            document_type: new.document_type.code(),
            establishment: new.series.establishment.as_str(),
            point: new.series.point.as_str(),
            sequential: int4(new.sequential.get())?,
            access_key: new.access_key.as_str(),
            stage: i16::from(new.stage as u8),
            reception: json(new.reception.as_ref())?,
            words: searched.words(),
            events: count(&new.events)?,
        })
    }

    /// `$1` to `$21`.
    fn values(&self) -> Vec<&(dyn ToSql + Sync)> {
        let new = self.new;
        vec![
            &self.id,
            &new.issuer.0,
            &self.environment,
            &self.document_type,
            &self.establishment,
            &self.point,
            &self.sequential,
            &self.access_key,
            &new.schema_version,
            &self.stage,
            &new.valid,
            &new.signature_error,
            &self.reception,
            &new.issue_date,
            &new.receiver_id,
            &new.receiver_name,
            &new.total,
            &new.external_id,
            &self.words,
            &self.events,
            &new.at.0,
        ]
    }
}

/// When the job of a document that had none is due.
fn run_at(job: NextJob, at: UnixMillis) -> Option<i64> {
    match job {
        NextJob::Done => None,
        NextJob::RunAt(run_at) => Some(run_at.0),
        NextJob::KeepLease => Some(at.0),
    }
}

async fn conflict_of(
    session: &mut Session,
    new: &NewDocument,
) -> Result<Option<Acceptance>, StoreError> {
    let transaction = session.begin().await?;
    conflict(&transaction, new, None).await
}

/// Which document other than `except` has this one's number, else its key.
async fn conflict(
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
        return Ok(Acceptance::Stale);
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
    match add_companions(&transaction, place.row, new).await {
        Ok(()) => {}
        Err(error) if is_violation_of(&error, "idempotency_key_is_unique") => {
            drop(transaction);
            return repeated_elsewhere(session, new).await;
        }
        Err(error) => return Err(store_error(error)),
    }
    commit(transaction).await?;
    Ok(Acceptance::Stored)
}

/// Where bytes and events of a change go.
struct Place {
    row: i64,
    revision: i32,
    /// The stage after the change.
    stage: i16,
    /// Events before the change.
    events: i32,
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
    let statement = transaction.prepare_cached(REPLACE).await;
    let statement = statement.map_err(store_error)?;
    match transaction.execute(&statement, &values).await {
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

/// What belongs to a document without being part of it.
async fn add_companions(
    transaction: &Transaction<'_>,
    row: i64,
    new: &NewDocument,
) -> Result<(), tokio_postgres::Error> {
    let sql = "DELETE FROM payment_reminder WHERE document = $1";
    transaction.execute(sql, &[&row]).await?;
    if let Some(due) = &new.payment_due {
        let sql = "INSERT INTO payment_reminder (document, due) VALUES ($1, $2)";
        transaction.execute(sql, &[&row, due]).await?;
    }
    let Some(answer) = &new.idempotency else {
        return Ok(());
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
    transaction.execute(sql, &values).await.map(drop)
}

pub(crate) async fn apply(
    session: &mut Session,
    transition: &Transition,
) -> Result<TransitionOutcome, StoreError> {
    let transaction = session.begin().await?;
    let Some((place, version)) = advance(&transaction, transition).await? else {
        return Ok(TransitionOutcome::Stale);
    };
    failpoint::hit(Failpoint::StoreApplyInside);
    let parts: Vec<i16> = transition
        .blobs
        .iter()
        .map(|(part, _)| i16::from(*part as u8))
        .collect();
    if has_any(&transaction, &place, &parts).await? {
        return Ok(TransitionOutcome::Stale);
    }
    add_blobs(&transaction, &place, &transition.blobs).await?;
    add_events(
        &transaction,
        &place,
        std::slice::from_ref(&transition.event),
    )
    .await?;
    schedule(&transaction, place.row, transition.job, transition.event.at).await?;
    failpoint::hit(Failpoint::StoreApplyBeforeCommit);
    commit(transaction).await?;
    failpoint::hit(Failpoint::StoreApplyAfterCommit);
    Ok(TransitionOutcome::Applied { version })
}

/// Whether the current revision has one of the parts already.
async fn has_any(
    transaction: &Transaction<'_>,
    place: &Place,
    parts: &[i16],
) -> Result<bool, StoreError> {
    if parts.is_empty() {
        return Ok(false);
    }
    let sql = "SELECT 1 FROM blob WHERE document = $1 AND revision = $2 AND part = ANY ($3)
         LIMIT 1";
    let found = one(transaction, sql, &[&place.row, &place.revision, &parts]).await?;
    Ok(found.is_some())
}

/// The compare-and-set: `None` where the version is another one.
async fn advance(
    transaction: &Transaction<'_>,
    transition: &Transition,
) -> Result<Option<(Place, u32)>, StoreError> {
    let sql = "UPDATE document SET stage = $3, version = version + 1, events = events + 1,
             submissions = submissions + $4::boolean::int,
             last_submission_at = CASE WHEN $4 THEN $5 ELSE last_submission_at END,
             signature_error = CASE WHEN $6 THEN $7 ELSE signature_error END,
             attention = coalesce($8, attention), reception = coalesce($9, reception),
             \"authorization\" = coalesce($10, \"authorization\"), updated_at = $5
         WHERE id = $1 AND version = $2::bigint
         RETURNING document_id, revision, events, version";
    let id = transition.id.0.as_slice();
    let version = i64::from(transition.expected_version);
    let stage = i16::from(transition.stage as u8);
    let sets_error = transition.signature_error.is_some();
    let error = transition.signature_error.as_ref().and_then(Option::as_ref);
    let reception = json(transition.reception.as_ref())?;
    let authorization = json(transition.authorization.as_ref())?;
    let values: [Value<'_>; 10] = [
        &id,
        &version,
        &stage,
        &transition.submission_over,
        &transition.event.at.0,
        &sets_error,
        &error,
        &transition.attention,
        &reception,
        &authorization,
    ];
    let Some(row) = one(transaction, sql, &values).await? else {
        return Ok(None);
    };
    let place = Place {
        row: rows::value(&row, 0)?,
        revision: rows::value(&row, 1)?,
        stage,
        events: rows::value::<i32>(&row, 2)?.saturating_sub(1),
    };
    Ok(Some((place, rows::number(&row, 3)?)))
}

/// Bytes of a change, as arrays.
struct Parts<'a> {
    numbers: Vec<i16>,
    bytes: Vec<&'a [u8]>,
}

impl<'a> Parts<'a> {
    fn of(blobs: &'a [(BlobPart, Vec<u8>)]) -> Self {
        Self {
            numbers: blobs
                .iter()
                .map(|(part, _)| i16::from(*part as u8))
                .collect(),
            bytes: blobs.iter().map(|(_, bytes)| bytes.as_slice()).collect(),
        }
    }
}

/// Events of a change, as arrays.
struct Events<'a> {
    kinds: Vec<&'a str>,
    at: Vec<i64>,
    details: Vec<&'a str>,
    evidence: Vec<Option<&'a [u8]>>,
    lengths: Vec<Option<i64>>,
}

impl<'a> Events<'a> {
    fn of(events: &'a [NewEvent]) -> Result<Self, StoreError> {
        let evidence = |event: &'a NewEvent| event.evidence.as_deref();
        let cut = |bytes: &'a [u8]| bytes.get(..EVIDENCE_MAX).unwrap_or(bytes);
        let lengths = events
            .iter()
            .map(|event| evidence(event).map(length).transpose());
        Ok(Self {
            kinds: events.iter().map(|event| event.kind).collect(),
            at: events.iter().map(|event| event.at.0).collect(),
            details: events.iter().map(|event| event.detail.as_str()).collect(),
            evidence: events
                .iter()
                .map(|event| evidence(event).map(cut))
                .collect(),
            lengths: lengths.collect::<Result<_, _>>()?,
        })
    }
}

async fn add_blobs(
    transaction: &Transaction<'_>,
    place: &Place,
    blobs: &[(BlobPart, Vec<u8>)],
) -> Result<(), StoreError> {
    if blobs.is_empty() {
        return Ok(());
    }
    let sql = "INSERT INTO blob (document, revision, part, codec, data)
         SELECT $1, $2, part, $3, data
         FROM unnest($4::smallint[], $5::bytea[]) AS given (part, data)";
    let parts = Parts::of(blobs);
    let values: [Value<'_>; 5] = [
        &place.row,
        &place.revision,
        &PLAIN,
        &parts.numbers,
        &parts.bytes,
    ];
    execute(transaction, sql, &values).await.map(drop)
}

async fn add_events(
    transaction: &Transaction<'_>,
    place: &Place,
    events: &[NewEvent],
) -> Result<(), StoreError> {
    let sql = "INSERT INTO event (document, ordinal, revision, stage, kind, at, detail, codec,
             evidence, evidence_length)
         SELECT $1, $2::int + ordinal, $3, $4, kind, at, detail, $5, evidence, length
         FROM unnest($6::text[], $7::bigint[], $8::text[], $9::bytea[], $10::bigint[])
             WITH ORDINALITY AS given (kind, at, detail, evidence, length, ordinal)";
    let events = Events::of(events)?;
    let values: [Value<'_>; 10] = [
        &place.row,
        &place.events,
        &place.revision,
        &place.stage,
        &PLAIN,
        &events.kinds,
        &events.at,
        &events.details,
        &events.evidence,
        &events.lengths,
    ];
    execute(transaction, sql, &values).await.map(drop)
}

/// The job of a document, in the queue of its account and of what it needs next.
macro_rules! put_job {
    () => {
        "INSERT INTO job (document, run_at, attempt, queue)
         SELECT $1, $2, 0, account * 4 + (environment = 2)::int * 2 + (stage <> 1)::int
         FROM document WHERE document_id = $1"
    };
}

/// Does with the document's job what its change at `at` says.
async fn schedule(
    transaction: &Transaction<'_>,
    row: i64,
    next: NextJob,
    at: UnixMillis,
) -> Result<(), StoreError> {
    let (sql, run_at) = match next {
        NextJob::Done => {
            let sql = "DELETE FROM job WHERE document = $1";
            return execute(transaction, sql, &[&row]).await.map(drop);
        }
        NextJob::RunAt(run_at) => (
            concat!(
                put_job!(),
                " ON CONFLICT (document) DO UPDATE SET run_at = excluded.run_at, attempt = 0,
                     queue = excluded.queue, lease_until = NULL, owner = NULL"
            ),
            run_at,
        ),
        NextJob::KeepLease => (
            concat!(
                put_job!(),
                " ON CONFLICT (document) DO UPDATE SET run_at = excluded.run_at, attempt = 0,
                     queue = excluded.queue"
            ),
            at,
        ),
    };
    execute(transaction, sql, &[&row, &run_at.0])
        .await
        .map(drop)
}

fn json<T: Serialize>(value: Option<&T>) -> Result<Option<String>, StoreError> {
    let text = value.map(serde_json::to_string).transpose();
    text.map_err(|error| refused(format!("not representable as JSON: {error}")))
}

fn count<T>(items: &[T]) -> Result<i32, StoreError> {
    i32::try_from(items.len()).map_err(|_| refused("too many at once"))
}

fn length(bytes: &[u8]) -> Result<i64, StoreError> {
    i64::try_from(bytes.len()).map_err(|_| refused("too many bytes"))
}

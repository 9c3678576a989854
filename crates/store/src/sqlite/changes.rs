//! Accepting, revising and moving documents. Each function runs inside one
//! savepoint of the writer: an error undoes all of it.

use rusqlite::{Connection, Row, params};
use serde::Serialize;

use super::rows::{PLAIN, environment_number, execute, one};
use super::{idempotency, jobs, lists};
use crate::failpoint::{self, Failpoint};
use crate::{
    Acceptance, BlobPart, DocumentId, NewDocument, NewEvent, NewRevision, Stage, StoreError,
    Transition, TransitionOutcome,
};

/// Evidence beyond it is cut; the full length is kept beside it.
const EVIDENCE_MAX: usize = 64 * 1024;

pub(super) fn accept(connection: &Connection, new: &NewDocument) -> Result<Acceptance, StoreError> {
    if let Some(answer) = idempotency::repeated(connection, new)? {
        return Ok(Acceptance::Repeated(answer));
    }
    let Some(row) = insert(connection, new)? else {
        return conflict(connection, new, None)?.ok_or_else(|| StoreError::Refused {
            what: format!("document {} exists with another number and key", new.id),
        });
    };
    failpoint::hit(Failpoint::StoreAcceptInside);
    let place = Place {
        row,
        queue: queue(new),
        revision: 0,
        stage: new.stage,
        events: 0,
    };
    add_blobs(connection, place, &new.blobs)?;
    add_events(connection, place, &new.events)?;
    jobs::schedule(connection, (row, place.queue), new.stage, new.job, new.at)?;
    add_companions(connection, row, new)?;
    Ok(Acceptance::Stored)
}

fn queue(new: &NewDocument) -> i64 {
    let environment = environment_number(new.environment);
    jobs::queue(new.account.0, environment, new.stage)
}

/// `None` where the number, the access key or the id is taken.
fn insert(connection: &Connection, new: &NewDocument) -> Result<Option<i64>, StoreError> {
    let row = next_row(connection)?;
    let inserted = execute(
        connection,
        "INSERT INTO document (id, account, issuer, environment, document_type, establishment,
             point, sequential, access_key, schema_version, revision, stage, version, submissions,
             valid, signature_error, reception, issue_date, receiver_id, receiver_name, total,
             events, created_at, updated_at, external_id, document_id, position)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0, ?11, 0, 0, ?12, ?13, ?14, ?15, ?16,
             ?17, ?18, ?19, ?20, ?20, ?21, ?22, ?23)
         ON CONFLICT DO NOTHING",
        params![
            new.id.0,
            new.account.0,
            new.issuer.0,
            environment_number(new.environment),
            new.document_type.code(),
            new.series.establishment.as_str(),
            new.series.point.as_str(),
            new.sequential.get(),
            new.access_key.as_str(),
            new.schema_version,
            new.stage as u8,
            new.valid,
            new.signature_error,
            json(new.reception.as_ref())?,
            new.issue_date,
            new.receiver_id,
            new.receiver_name,
            new.total,
            count(&new.events),
            new.at.0,
            new.external_id,
            row,
            lists::position(&new.issue_date, row),
        ],
    )?;
    Ok((inserted > 0).then_some(row))
}

/// The row that the engine itself would take: rows never go.
fn next_row(connection: &Connection) -> Result<i64, StoreError> {
    let sql = "SELECT coalesce(max(document_id), 0) + 1 FROM document";
    let row = one(connection, sql, [], |row| Ok(row.get(0)?))?;
    Ok(row.unwrap_or(1))
}

/// What belongs to a document without being part of it.
fn add_companions(connection: &Connection, row: i64, new: &NewDocument) -> Result<(), StoreError> {
    if let Some(due) = &new.payment_due {
        let sql = "INSERT INTO payment_reminder (document, due) VALUES (?1, ?2)";
        execute(connection, sql, params![row, due])?;
    }
    if let Some(idempotency) = &new.idempotency {
        idempotency::store(connection, new.account, row, idempotency)?;
    }
    Ok(())
}

/// Which document other than `except` has this one's number, else its key.
fn conflict(
    connection: &Connection,
    new: &NewDocument,
    except: Option<DocumentId>,
) -> Result<Option<Acceptance>, StoreError> {
    let except = except.map(|id| id.0);
    let id = |row: &Row<'_>| Ok(DocumentId(row.get(0)?));
    let by_number = "SELECT id FROM document WHERE issuer = ?1 AND environment = ?2
         AND document_type = ?3 AND establishment = ?4 AND point = ?5 AND sequential = ?6
         AND id IS NOT ?7";
    let number = params![
        new.issuer.0,
        environment_number(new.environment),
        new.document_type.code(),
        new.series.establishment.as_str(),
        new.series.point.as_str(),
        new.sequential.get(),
        except,
    ];
    if let Some(by) = one(connection, by_number, number, id)? {
        return Ok(Some(Acceptance::NumberTaken { by }));
    }
    let by_key = "SELECT id FROM document WHERE access_key = ?1 AND id IS NOT ?2";
    let key = params![new.access_key.as_str(), except];
    let by = one(connection, by_key, key, id)?;
    Ok(by.map(|by| Acceptance::AccessKeyTaken { by }))
}

pub(super) fn revise(
    connection: &Connection,
    revision: &NewRevision,
) -> Result<Acceptance, StoreError> {
    let new = &revision.document;
    if let Some(answer) = idempotency::repeated(connection, new)? {
        return Ok(Acceptance::Repeated(answer));
    }
    let Some(place) = revisable(connection, revision)? else {
        return Ok(Acceptance::Stale);
    };
    if let Some(taken) = conflict(connection, new, Some(new.id))? {
        return Ok(taken);
    }
    lists::forget(connection, place.row)?;
    replace(connection, place, new)?;
    lists::remember(connection, place.row)?;
    add_blobs(connection, place, &new.blobs)?;
    add_events(connection, place, &new.events)?;
    jobs::schedule(
        connection,
        (place.row, place.queue),
        new.stage,
        new.job,
        new.at,
    )?;
    let sql = "DELETE FROM payment_reminder WHERE document = ?1";
    execute(connection, sql, [place.row])?;
    add_companions(connection, place.row, new)?;
    Ok(Acceptance::Stored)
}

/// Where the next revision goes; `None` where the document moved on, is not
/// the account's or is authorized, which nothing may replace.
fn revisable(connection: &Connection, revision: &NewRevision) -> Result<Option<Place>, StoreError> {
    let new = &revision.document;
    let found = one(
        connection,
        "SELECT document_id, revision, events, document_type FROM document
         WHERE id = ?1 AND account = ?2 AND version = ?3 AND stage <> ?4",
        params![
            new.id.0,
            new.account.0,
            revision.expected_version,
            Stage::Authorized as u8
        ],
        |row| {
            let place = Place {
                row: row.get(0)?,
                queue: queue(new),
                revision: row.get::<_, u32>(1)?.saturating_add(1),
                stage: new.stage,
                events: row.get(2)?,
            };
            Ok((place, row.get::<_, String>(3)?))
        },
    )?;
    match found {
        Some((_, kind)) if kind != new.document_type.code() => Err(StoreError::Refused {
            what: format!("document {} is of type {kind}", new.id),
        }),
        found => Ok(found.map(|(place, _)| place)),
    }
}

fn replace(connection: &Connection, place: Place, new: &NewDocument) -> Result<(), StoreError> {
    execute(
        connection,
        "UPDATE document SET issuer = ?2, environment = ?3, establishment = ?4, point = ?5,
             sequential = ?6, access_key = ?7, schema_version = ?8, revision = ?9, stage = ?10,
             version = version + 1, submissions = 0, last_submission_at = NULL, valid = ?11,
             signature_error = ?12, attention = NULL, reception = ?13, authorization = NULL,
             issue_date = ?14, receiver_id = ?15, receiver_name = ?16, total = ?17,
             events = events + ?18, updated_at = ?19, external_id = ?20,
             position = ?21
         WHERE document_id = ?1",
        params![
            place.row,
            new.issuer.0,
            environment_number(new.environment),
            new.series.establishment.as_str(),
            new.series.point.as_str(),
            new.sequential.get(),
            new.access_key.as_str(),
            new.schema_version,
            place.revision,
            place.stage as u8,
            new.valid,
            new.signature_error,
            json(new.reception.as_ref())?,
            new.issue_date,
            new.receiver_id,
            new.receiver_name,
            new.total,
            count(&new.events),
            new.at.0,
            new.external_id,
            lists::position(&new.issue_date, place.row),
        ],
    )?;
    Ok(())
}

pub(super) fn apply(
    connection: &Connection,
    transition: &Transition,
) -> Result<TransitionOutcome, StoreError> {
    let Some(place) = applicable(connection, transition)? else {
        return Ok(TransitionOutcome::Stale);
    };
    advance(connection, place, transition)?;
    failpoint::hit(Failpoint::StoreApplyInside);
    add_blobs(connection, place, &transition.blobs)?;
    add_events(connection, place, std::slice::from_ref(&transition.event))?;
    let Transition { stage, job, .. } = *transition;
    let of = (place.row, place.queue);
    jobs::schedule(connection, of, stage, job, transition.event.at)?;
    let version = transition.expected_version.saturating_add(1);
    Ok(TransitionOutcome::Applied { version })
}

/// The compare of compare-and-set: `None` where the version is another one or
/// the revision has one of the parts already.
fn applicable(
    connection: &Connection,
    transition: &Transition,
) -> Result<Option<Place>, StoreError> {
    let sql = "SELECT document_id, revision, events, account, environment FROM document
         WHERE id = ?1 AND version = ?2";
    let key = params![transition.id.0, transition.expected_version];
    let place = one(connection, sql, key, |row| {
        Ok(Place {
            row: row.get(0)?,
            queue: jobs::queue(row.get(3)?, row.get(4)?, transition.stage),
            revision: row.get(1)?,
            stage: transition.stage,
            events: row.get(2)?,
        })
    })?;
    match place {
        Some(place) if has_any(connection, place, &transition.blobs)? => Ok(None),
        place => Ok(place),
    }
}

/// Whether the revision has one of the parts already.
fn has_any(
    connection: &Connection,
    place: Place,
    blobs: &[(BlobPart, Vec<u8>)],
) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM blob WHERE document = ?1 AND revision = ?2 AND part = ?3";
    for (part, _) in blobs {
        let key = params![place.row, place.revision, *part as u8];
        if one(connection, sql, key, |_| Ok(()))?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Without RETURNING, for which the engine would copy every page it touches.
fn advance(
    connection: &Connection,
    place: Place,
    transition: &Transition,
) -> Result<(), StoreError> {
    execute(
        connection,
        "UPDATE document SET stage = ?2, version = version + 1, events = events + 1,
             submissions = submissions + ?3,
             last_submission_at = CASE WHEN ?3 THEN ?4 ELSE last_submission_at END,
             signature_error = CASE WHEN ?5 THEN ?6 ELSE signature_error END,
             attention = coalesce(?7, attention), reception = coalesce(?8, reception),
             authorization = coalesce(?9, authorization), updated_at = ?4
         WHERE document_id = ?1",
        params![
            place.row,
            transition.stage as u8,
            transition.submission_over,
            transition.event.at.0,
            transition.signature_error.is_some(),
            transition.signature_error.as_ref().and_then(Option::as_ref),
            transition.attention,
            json(transition.reception.as_ref())?,
            json(transition.authorization.as_ref())?,
        ],
    )
    .map(drop)
}

/// Where bytes and events of a change go.
#[derive(Clone, Copy)]
struct Place {
    row: i64,
    /// Of its job after the change.
    queue: i64,
    revision: u32,
    /// The stage after the change.
    stage: Stage,
    /// Events before the change.
    events: u32,
}

fn add_blobs(
    connection: &Connection,
    place: Place,
    blobs: &[(BlobPart, Vec<u8>)],
) -> Result<(), StoreError> {
    let sql = "INSERT INTO blob (document, revision, part, codec, data)
         VALUES (?1, ?2, ?3, ?4, ?5)";
    for (part, data) in blobs {
        let row = params![place.row, place.revision, *part as u8, PLAIN, data];
        execute(connection, sql, row)?;
    }
    Ok(())
}

fn add_events(
    connection: &Connection,
    place: Place,
    events: &[NewEvent],
) -> Result<(), StoreError> {
    let sql = "INSERT INTO event (document, ordinal, revision, stage, kind, at, detail, codec,
             evidence, evidence_length)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    for (ordinal, event) in (place.events.saturating_add(1)..).zip(events) {
        let evidence = event.evidence.as_deref();
        let row = params![
            place.row,
            ordinal,
            place.revision,
            place.stage as u8,
            event.kind,
            event.at.0,
            event.detail,
            PLAIN,
            evidence.map(|bytes| bytes.get(..EVIDENCE_MAX).unwrap_or(bytes)),
            evidence.map(count),
        ];
        execute(connection, sql, row)?;
    }
    Ok(())
}

fn json<T: Serialize>(value: Option<&T>) -> Result<Option<String>, StoreError> {
    let text = value.map(serde_json::to_string).transpose();
    text.map_err(|error| StoreError::Refused {
        what: format!("not representable as JSON: {error}"),
    })
}

fn count<T>(items: &[T]) -> i64 {
    i64::try_from(items.len()).unwrap_or(i64::MAX)
}

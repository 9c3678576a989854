//! Jobs: which documents are to be carried on, when, and by whom just now.
//!
//! A lease saves work; the document's version keeps it correct.

use std::error::Error;

use rusqlite::{Connection, params};

use super::rows::{self, document_columns, execute, many, one};
use crate::{ClaimedJob, NextJob, QueueDepth, Stage, StoreError, UnixMillis};

/// Carries a document through SRI. Other kinds will have other workers.
pub(super) const CARRY: u8 = 0;

/// Nobody works on it: lists find a document under way by its job, so one that
/// waits without another has this.
const PARKED: u8 = 1;

/// Does with the document's job what its change to `stage` at `at` says.
pub(super) fn schedule(
    connection: &Connection,
    document: i64,
    stage: Stage,
    next: NextJob,
    at: UnixMillis,
) -> Result<(), StoreError> {
    let (sql, run_at) = match next {
        NextJob::Done => return done(connection, document, stage),
        NextJob::RunAt(run_at) => (
            "INSERT INTO job (document, kind, run_at, attempt) VALUES (?1, ?2, ?3, 0)
             ON CONFLICT DO UPDATE SET run_at = excluded.run_at, attempt = 0,
                 lease_until = NULL, owner = NULL",
            run_at,
        ),
        NextJob::KeepLease => (
            "INSERT INTO job (document, kind, run_at, attempt) VALUES (?1, ?2, ?3, 0)
             ON CONFLICT DO UPDATE SET run_at = excluded.run_at, attempt = 0",
            at,
        ),
    };
    execute(connection, sql, params![document, CARRY, run_at.0]).map(drop)
}

fn done(connection: &Connection, document: i64, stage: Stage) -> Result<(), StoreError> {
    execute(
        connection,
        "DELETE FROM job WHERE document = ?1",
        [document],
    )?;
    if is_under_way(stage) {
        let sql = "INSERT INTO job (document, kind, run_at, attempt) VALUES (?1, ?2, 0, 0)";
        execute(connection, sql, params![document, PARKED])?;
    }
    Ok(())
}

/// Whether a document in this stage has a job. The others but `Authorized` are
/// in the index `document_resting`.
pub(super) fn is_under_way(stage: Stage) -> bool {
    matches!(
        stage,
        Stage::Signed | Stage::Submitting | Stage::Unknown | Stage::Received
    )
}

pub(super) fn claim(
    connection: &Connection,
    owner: u64,
    now: UnixMillis,
    lease_until: UnixMillis,
    limit: usize,
) -> Result<Vec<ClaimedJob>, StoreError> {
    let mut leased = lease(connection, owner, now, lease_until, limit)?;
    // The engine returns changed rows in no particular order.
    leased.sort_by_key(|job| (job.run_at, job.document));
    let mut jobs = Vec::with_capacity(leased.len());
    for job in leased {
        jobs.extend(with_document(connection, job)?);
    }
    Ok(jobs)
}

struct Leased {
    document: i64,
    attempt: u32,
    run_at: UnixMillis,
}

fn lease(
    connection: &Connection,
    owner: u64,
    now: UnixMillis,
    lease_until: UnixMillis,
    limit: usize,
) -> Result<Vec<Leased>, StoreError> {
    many(
        connection,
        "UPDATE job SET owner = ?2, lease_until = ?4, attempt = attempt + 1
         WHERE kind = ?1 AND document IN (
             SELECT document FROM job
             WHERE kind = ?1 AND run_at <= ?3 AND (lease_until IS NULL OR lease_until <= ?3)
             ORDER BY run_at, document LIMIT ?5)
         RETURNING document, attempt, run_at",
        params![
            CARRY,
            owner.cast_signed(),
            now.0,
            lease_until.0,
            i64::try_from(limit).unwrap_or(i64::MAX),
        ],
        |row| {
            Ok(Leased {
                document: row.get(0)?,
                attempt: row.get(1)?,
                run_at: UnixMillis(row.get(2)?),
            })
        },
    )
}

/// A document that cannot be read stays leased and is left out: one bad row
/// must not stop the queue for everybody.
fn with_document(connection: &Connection, job: Leased) -> Result<Option<ClaimedJob>, StoreError> {
    let sql = concat!(
        "SELECT ",
        document_columns!(),
        " FROM document WHERE document_id = ?1"
    );
    match one(connection, sql, [job.document], rows::document) {
        Ok(document) => Ok(document.map(|document| ClaimedJob {
            document,
            attempt: job.attempt,
            run_at: job.run_at,
        })),
        Err(error @ StoreError::Corrupt { .. }) => {
            tracing::error!(
                row = job.document,
                error = &error as &dyn Error,
                "a due document is left out"
            );
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

pub(super) fn release(connection: &Connection, owner: u64) -> Result<(), StoreError> {
    let sql = "UPDATE job SET lease_until = NULL, owner = NULL WHERE owner = ?1";
    execute(connection, sql, [owner.cast_signed()]).map(drop)
}

pub(super) fn next_run_at(connection: &Connection) -> Result<Option<UnixMillis>, StoreError> {
    let sql = "SELECT run_at FROM job WHERE kind = ?1 AND lease_until IS NULL
         ORDER BY run_at LIMIT 1";
    one(connection, sql, [CARRY], |row| Ok(UnixMillis(row.get(0)?)))
}

/// Documents are numbered in the order they were accepted, so the oldest one
/// with a job is found without looking at the others: the `+` keeps the engine
/// from sorting them all by way of the index.
pub(super) fn queue_depth(connection: &Connection) -> Result<QueueDepth, StoreError> {
    let sql = "SELECT (SELECT count(*) FROM job WHERE kind = ?1),
         (SELECT document.created_at FROM job JOIN document ON document_id = job.document
          WHERE +kind = ?1 ORDER BY job.document LIMIT 1)";
    let depth = one(connection, sql, [CARRY], |row| {
        Ok(QueueDepth {
            waiting: row.get::<_, i64>(0)?.unsigned_abs(),
            oldest: row.get::<_, Option<i64>>(1)?.map(UnixMillis),
        })
    })?;
    Ok(depth.unwrap_or_default())
}

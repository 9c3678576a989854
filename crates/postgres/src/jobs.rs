//! Jobs: which documents are to be carried on, when, and by whom just now.
//!
//! A lease saves work; the document's version keeps it correct.

use std::error::Error;

use tagua_store::failpoint::{self, Failpoint};
use tagua_store::{ClaimedJob, QueueDepth, StoreError, UnixMillis};

use crate::rows::{self, document_columns};
use crate::session::Session;

/// Nodes that claim at the same time take different rows: each skips what
/// another is just locking.
pub(crate) async fn claim(
    session: &Session,
    owner: u64,
    now: UnixMillis,
    lease_until: UnixMillis,
    limit: usize,
) -> Result<Vec<ClaimedJob>, StoreError> {
    let sql = concat!(
        "WITH due AS MATERIALIZED (
             SELECT document FROM job
             WHERE run_at <= $2 AND (lease_until IS NULL OR lease_until <= $2)
             ORDER BY run_at, document LIMIT $4 FOR UPDATE SKIP LOCKED),
         leased AS (
             UPDATE job SET owner = $1, lease_until = $3, attempt = attempt + 1
             FROM due WHERE job.document = due.document
             RETURNING job.document, job.attempt, job.run_at)
         SELECT ",
        document_columns!(),
        ", leased.attempt, leased.run_at
         FROM leased JOIN document ON document.document_id = leased.document
         ORDER BY leased.run_at, leased.document"
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let owner = owner.cast_signed();
    let jobs = session
        .many(sql, &[&owner, &now.0, &lease_until.0, &limit], |row| {
            Ok(readable(row))
        })
        .await?;
    failpoint::hit(Failpoint::StoreClaimAfterCommit);
    Ok(jobs.into_iter().flatten().collect())
}

/// A document that cannot be read stays leased and is left out: one bad row
/// must not stop the queue for everybody.
fn readable(row: &tokio_postgres::Row) -> Option<ClaimedJob> {
    let job = rows::document(row).and_then(|document| {
        let (attempt, run_at) = rows::lease(row)?;
        Ok(ClaimedJob {
            document,
            attempt,
            run_at,
        })
    });
    job.inspect_err(|error| {
        tracing::error!(error = error as &dyn Error, "a due document is left out");
    })
    .ok()
}

pub(crate) async fn release(session: &Session, owner: u64) -> Result<(), StoreError> {
    let sql = "UPDATE job SET lease_until = NULL, owner = NULL WHERE owner = $1";
    session
        .execute(sql, &[&owner.cast_signed()])
        .await
        .map(drop)
}

pub(crate) async fn next_run_at(session: &Session) -> Result<Option<UnixMillis>, StoreError> {
    let sql = "SELECT run_at FROM job WHERE lease_until IS NULL ORDER BY run_at LIMIT 1";
    let row = session.one(sql, &[]).await?;
    row.map(|row| rows::value(&row, 0).map(UnixMillis))
        .transpose()
}

pub(crate) async fn queue_depth(session: &Session) -> Result<QueueDepth, StoreError> {
    let sql = "SELECT (SELECT count(*) FROM job),
         (SELECT created_at FROM document
          WHERE document_id = (SELECT document FROM job ORDER BY document LIMIT 1))";
    let Some(row) = session.one(sql, &[]).await? else {
        return Ok(QueueDepth::default());
    };
    Ok(QueueDepth {
        waiting: rows::value::<i64>(&row, 0)?.unsigned_abs(),
        oldest: rows::value::<Option<i64>>(&row, 1)?.map(UnixMillis),
    })
}

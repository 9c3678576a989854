//! Jobs: which documents are to be carried on, when, and by whom just now.
//!
//! A lease saves work; the document's version keeps it correct.

use std::error::Error;

use deadpool_postgres::Transaction;
use tagua_store::failpoint::{self, Failpoint};
use tagua_store::{
    AccountId, ClaimedJob, DocumentId, FAR_AHEAD_MILLIS, IssuerId, Lane, NextJob, QueueDepth,
    Shares, StoreError, UnixMillis, UnsettledIssuer,
};

use crate::rows::{self, document_columns};
use crate::session::{Session, Value, execute};

/// The job of a document, in the queue of its account and of what it needs next.
macro_rules! put_job {
    () => {
        "INSERT INTO job (document, run_at, attempt, queue)
         SELECT $1, $2, 0, account * 4 + (environment = 2)::int * 2 + (stage <> 1)::int
         FROM document WHERE document_id = $1"
    };
}

/// Does with the document's job what its change at `at` says.
pub(crate) async fn schedule(
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

/// Every queue with a job in it, by one look-up each.
macro_rules! queues {
    () => {
        "WITH RECURSIVE queues (queue) AS (
             (SELECT queue FROM job ORDER BY queue LIMIT 1)
             UNION ALL
             SELECT (SELECT job.queue FROM job WHERE job.queue > queues.queue
                     ORDER BY job.queue LIMIT 1)
             FROM queues WHERE queues.queue IS NOT NULL)"
    };
}

/// `due` looks at the first of each queue, `turns` lets the queues of an account
/// alternate, `chosen` lets accounts take turns. What lies between the two ranges
/// of `due` may be long. Nodes that claim at the same
/// time choose alike; each skips what another is just locking.
const CLAIM: &str = concat!(
    queues!(),
    ", due AS (
         SELECT queues.queue / 4 AS account, coalesce(held.count, 0) AS held, first.*,
             row_number() OVER (PARTITION BY queues.queue ORDER BY run_at, document) AS turn
         FROM queues
             LEFT JOIN unnest($5::bigint[], $6::bigint[]) AS held (account, count)
                 ON held.account = queues.queue / 4,
             LATERAL (
                 (SELECT run_at, document FROM job
                 WHERE job.queue = queues.queue AND run_at <= $2
                     AND (lease_until IS NULL OR lease_until <= $2 OR lease_until > $9)
                 ORDER BY run_at, document
                 LIMIT least(greatest($7 - coalesce(held.count, 0), 0), $4))
                 UNION ALL
                 (SELECT run_at, document FROM job
                 WHERE job.queue = queues.queue AND run_at > $9
                     AND (lease_until IS NULL OR lease_until <= $2 OR lease_until > $9)
                 ORDER BY run_at, document
                 LIMIT least(greatest($7 - coalesce(held.count, 0), 0), $4))) AS first
         WHERE queues.queue & 3 = ANY ($8::bigint[])),
     turns AS (
         SELECT account, held, run_at, document,
             row_number() OVER (PARTITION BY account ORDER BY turn, run_at, document) AS turn
         FROM due),
     chosen AS (
         SELECT document, held + turn AS turn FROM turns
         WHERE held + turn <= $7
         ORDER BY 2, run_at, document LIMIT $4),
     locked AS MATERIALIZED (
         SELECT job.document, chosen.turn FROM job JOIN chosen ON chosen.document = job.document
         WHERE (job.run_at <= $2 OR job.run_at > $9)
             AND (job.lease_until IS NULL OR job.lease_until <= $2 OR job.lease_until > $9)
         FOR UPDATE OF job SKIP LOCKED),
     leased AS (
         UPDATE job SET owner = $1, lease_until = $3, attempt = attempt + 1
         FROM locked WHERE job.document = locked.document
         RETURNING job.document, job.attempt, job.run_at, locked.turn)
     SELECT ",
    document_columns!(),
    ", leased.attempt, leased.run_at
     FROM leased JOIN document ON document.document_id = leased.document
     ORDER BY leased.turn, leased.run_at, leased.document"
);

pub(crate) async fn claim(
    session: &Session,
    owner: u64,
    now: UnixMillis,
    lease_until: UnixMillis,
    shares: &Shares,
) -> Result<Vec<ClaimedJob>, StoreError> {
    let int8 = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let accounts: Vec<_> = shares.held.iter().map(|(account, _)| account.0).collect();
    let counts: Vec<_> = shares.held.iter().map(|(_, count)| int8(*count)).collect();
    let lanes = Lane::ALL.into_iter().filter(|lane| shares.lanes.has(*lane));
    let lanes: Vec<_> = lanes.map(|lane| i64::from(lane.number())).collect();
    let limit = int8(shares.limit);
    let per_account = int8(shares.per_account);
    let owner = owner.cast_signed();
    let far = now.0.saturating_add(FAR_AHEAD_MILLIS);
    let values: [Value<'_>; 9] = [
        &owner,
        &now.0,
        &lease_until.0,
        &limit,
        &accounts,
        &counts,
        &per_account,
        &lanes,
        &far,
    ];
    let jobs = session
        .many(CLAIM, &values, |row| Ok(readable(row)))
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

/// Whoever holds a lock on a job is just writing to it: waited for, he would
/// hold up the other leases until they run out.
pub(crate) async fn renew(
    session: &Session,
    owner: u64,
    documents: &[DocumentId],
    lease_until: UnixMillis,
) -> Result<u64, StoreError> {
    let sql = "WITH own AS MATERIALIZED (
             SELECT job.document FROM document JOIN job ON job.document = document_id
             WHERE document.id = ANY ($2) AND job.owner = $1 AND job.lease_until IS NOT NULL
             FOR UPDATE OF job SKIP LOCKED)
         UPDATE job SET lease_until = $3 FROM own WHERE job.document = own.document";
    let ids: Vec<_> = documents.iter().map(|id| id.0.as_slice()).collect();
    let values: [Value<'_>; 3] = [&owner.cast_signed(), &ids, &lease_until.0];
    session.execute(sql, &values).await
}

pub(crate) async fn release(session: &Session, owner: u64) -> Result<(), StoreError> {
    let sql = "UPDATE job SET lease_until = NULL, owner = NULL WHERE owner = $1";
    session
        .execute(sql, &[&owner.cast_signed()])
        .await
        .map(drop)
}

pub(crate) async fn next_run_at(
    session: &Session,
    after: UnixMillis,
) -> Result<Option<UnixMillis>, StoreError> {
    let sql = concat!(
        queues!(),
        " SELECT first.run_at FROM queues, LATERAL (
             SELECT run_at FROM job
             WHERE job.queue = queues.queue AND run_at > $1 AND lease_until IS NULL
             ORDER BY run_at LIMIT 1) AS first
         ORDER BY first.run_at LIMIT 1"
    );
    let row = session.one(sql, &[&after.0]).await?;
    row.map(|row| rows::value(&row, 0).map(UnixMillis))
        .transpose()
}

pub(crate) async fn unsettled_by_issuer(
    session: &Session,
    limit: usize,
) -> Result<Vec<UnsettledIssuer>, StoreError> {
    let sql = "SELECT issuer.account, issuer_id, ruc, waiting, oldest FROM (
             SELECT document.issuer, count(*) AS waiting, min(document.created_at) AS oldest
             FROM job JOIN document ON document_id = job.document
             GROUP BY document.issuer) AS unsettled
         JOIN issuer ON issuer_id = unsettled.issuer
         ORDER BY oldest, issuer_id LIMIT $1";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let read = |row: &tokio_postgres::Row| {
        let ruc: String = rows::value(row, 2)?;
        Ok(UnsettledIssuer {
            account: AccountId(rows::value(row, 0)?),
            issuer: IssuerId(rows::value(row, 1)?),
            ruc: ruc.parse().map_err(|_| StoreError::Corrupt {
                what: format!("{ruc} is no RUC"),
            })?,
            waiting: rows::value::<i64>(row, 3)?.unsigned_abs(),
            oldest: UnixMillis(rows::value(row, 4)?),
        })
    };
    session.many(sql, &[&limit], read).await
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

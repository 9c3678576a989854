//! Jobs: which documents are to be carried on, when, and by whom just now.
//!
//! A lease saves work; the document's version keeps it correct.

use std::collections::BTreeMap;
use std::error::Error;

use rusqlite::{Connection, params};
use tagua_fiscal::Environment;

use super::rows::{self, document_columns, environment_number, execute, many, one};
use crate::{
    AccountId, ClaimedJob, DocumentId, FAR_AHEAD_MILLIS, IssuerId, Lane, NextJob, QueueDepth,
    Shares, Stage, StoreError, UnixMillis, UnsettledIssuer,
};

/// Carries a document through SRI. Other kinds will have other workers.
pub(super) const CARRY: u8 = 0;

/// Nobody works on it: lists find a document under way by its job, so one that
/// waits without another has this.
const PARKED: u8 = 1;

/// The job of a document, in the queue of its account and of what it needs next.
macro_rules! put_job {
    () => {
        "INSERT INTO job (document, kind, run_at, attempt, queue)
         VALUES (?1, ?2, ?3, 0, ?4)"
    };
}

/// The queue of a document's job: one for each account, environment and whether
/// SRI is to be asked about it. A signed one was never sent.
pub(super) fn queue(account: i64, environment: u8, stage: Stage) -> i64 {
    let production = i64::from(environment == environment_number(Environment::Production));
    account * LANES + production * 2 + i64::from(stage != Stage::Signed)
}

/// Does with the document's job what its change to `stage` at `at` says.
pub(super) fn schedule(
    connection: &Connection,
    (document, queue): (i64, i64),
    stage: Stage,
    next: NextJob,
    at: UnixMillis,
) -> Result<(), StoreError> {
    let (sql, run_at) = match next {
        NextJob::Done => return done(connection, document, stage),
        NextJob::RunAt(run_at) => (
            concat!(
                put_job!(),
                " ON CONFLICT DO UPDATE SET run_at = excluded.run_at, attempt = 0,
                     queue = excluded.queue, lease_until = NULL, owner = NULL"
            ),
            run_at,
        ),
        NextJob::KeepLease => (
            concat!(
                put_job!(),
                " ON CONFLICT DO UPDATE SET run_at = excluded.run_at, attempt = 0,
                     queue = excluded.queue"
            ),
            at,
        ),
    };
    execute(connection, sql, params![document, CARRY, run_at.0, queue]).map(drop)
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
    shares: &Shares,
) -> Result<Vec<ClaimedJob>, StoreError> {
    let mut jobs = Vec::new();
    for job in in_turn(connection, now, shares)? {
        let leased = lease(connection, owner, lease_until, &job)?;
        if let Some(leased) = leased {
            jobs.extend(with_document(connection, leased)?);
        }
    }
    Ok(jobs)
}

/// A job that may be claimed. Ordered by whose turn it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Due {
    /// How many of the account are or would be worked on before it.
    turn: usize,
    run_at: i64,
    document: i64,
}

/// The jobs to claim, first come first.
fn in_turn(
    connection: &Connection,
    now: UnixMillis,
    shares: &Shares,
) -> Result<Vec<Due>, StoreError> {
    let mut accounts: BTreeMap<AccountId, Vec<Due>> = BTreeMap::new();
    for queue in queues(connection)? {
        let account = AccountId(queue.div_euclid(LANES));
        let (room, _) = shares.room(account);
        let lane = Lane::ALL
            .into_iter()
            .find(|lane| i64::from(lane.number()) == queue.rem_euclid(LANES));
        if room > 0 && lane.is_some_and(|lane| shares.lanes.has(lane)) {
            let due = due(connection, queue, now, room)?;
            accounts.entry(account).or_default().extend(due);
        }
    }
    let mut all = Vec::new();
    for (account, mut due) in accounts {
        // The turns of two queues of one account: they alternate.
        due.sort_unstable();
        let (room, held) = shares.room(account);
        for (turn, job) in (held..).zip(due.into_iter().take(room)) {
            all.push(Due { turn, ..job });
        }
    }
    all.sort_unstable();
    all.truncate(shares.limit);
    Ok(all)
}

/// Values of `job.queue` per account.
const LANES: i64 = 4;

/// Every queue with a job in it: one look-up each.
fn queues(connection: &Connection) -> Result<Vec<i64>, StoreError> {
    let sql = "SELECT queue FROM job WHERE kind = ?1 AND queue > ?2 ORDER BY queue LIMIT 1";
    let mut queues = Vec::new();
    let mut last = i64::MIN;
    while let Some(queue) = one(connection, sql, params![CARRY, last], |row| Ok(row.get(0)?))? {
        queues.push(queue);
        last = queue;
    }
    Ok(queues)
}

/// The first of a queue, leased ones passed over.
fn due(
    connection: &Connection,
    queue: i64,
    now: UnixMillis,
    limit: usize,
) -> Result<Vec<Due>, StoreError> {
    // Two ranges of one index: what lies between them may be long.
    let sql = "SELECT * FROM (SELECT run_at, document FROM job
             WHERE kind = ?1 AND queue = ?2 AND run_at <= ?3
                 AND (lease_until IS NULL OR lease_until <= ?3 OR lease_until > ?5)
             ORDER BY run_at, document LIMIT ?4)
         UNION ALL SELECT * FROM (SELECT run_at, document FROM job
             WHERE kind = ?1 AND queue = ?2 AND run_at > ?5
                 AND (lease_until IS NULL OR lease_until <= ?3 OR lease_until > ?5)
             ORDER BY run_at, document LIMIT ?4)
         LIMIT ?4";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let far = now.0.saturating_add(FAR_AHEAD_MILLIS);
    let found = many(
        connection,
        sql,
        params![CARRY, queue, now.0, limit, far],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let turns = found.into_iter().enumerate();
    let due = turns.map(|(turn, (run_at, document))| Due {
        turn,
        run_at,
        document,
    });
    Ok(due.collect())
}

struct Leased {
    document: i64,
    attempt: u32,
    run_at: UnixMillis,
}

fn lease(
    connection: &Connection,
    owner: u64,
    lease_until: UnixMillis,
    job: &Due,
) -> Result<Option<Leased>, StoreError> {
    let sql = "UPDATE job SET owner = ?3, lease_until = ?4, attempt = attempt + 1
         WHERE document = ?1 AND kind = ?2 RETURNING attempt";
    let values = params![job.document, CARRY, owner.cast_signed(), lease_until.0];
    one(connection, sql, values, |row| {
        Ok(Leased {
            document: job.document,
            attempt: row.get(0)?,
            run_at: UnixMillis(job.run_at),
        })
    })
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

pub(super) fn renew(
    connection: &Connection,
    owner: u64,
    documents: &[DocumentId],
    lease_until: UnixMillis,
) -> Result<u64, StoreError> {
    let sql = "UPDATE job SET lease_until = ?3
         WHERE document = (SELECT document_id FROM document WHERE id = ?2)
             AND owner = ?1 AND lease_until IS NOT NULL";
    let mut renewed = 0;
    for document in documents {
        let values = params![owner.cast_signed(), document.0, lease_until.0];
        renewed += u64::try_from(execute(connection, sql, values)?).unwrap_or(u64::MAX);
    }
    Ok(renewed)
}

pub(super) fn release(connection: &Connection, owner: u64) -> Result<(), StoreError> {
    let sql = "UPDATE job SET lease_until = NULL, owner = NULL WHERE owner = ?1";
    execute(connection, sql, [owner.cast_signed()]).map(drop)
}

pub(super) fn next_run_at(
    connection: &Connection,
    after: UnixMillis,
) -> Result<Option<UnixMillis>, StoreError> {
    let sql = "SELECT run_at FROM job
         WHERE kind = ?1 AND queue = ?2 AND run_at > ?3 AND lease_until IS NULL
         ORDER BY run_at LIMIT 1";
    let mut first = None;
    for queue in queues(connection)? {
        let next = one(connection, sql, params![CARRY, queue, after.0], |row| {
            Ok(UnixMillis(row.get(0)?))
        })?;
        first = first.into_iter().chain(next).min();
    }
    Ok(first)
}

pub(super) fn unsettled_by_issuer(
    connection: &Connection,
    limit: usize,
) -> Result<Vec<UnsettledIssuer>, StoreError> {
    let sql = "SELECT document.account, document.issuer, issuer.ruc, count(*),
             min(document.created_at) AS oldest
         FROM job JOIN document ON document_id = job.document
             JOIN issuer ON issuer_id = document.issuer
         WHERE job.kind = ?1
         GROUP BY document.issuer ORDER BY oldest, document.issuer LIMIT ?2";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    many(connection, sql, params![CARRY, limit], |row| {
        let ruc: String = row.get(2)?;
        Ok(UnsettledIssuer {
            account: AccountId(row.get(0)?),
            issuer: IssuerId(row.get(1)?),
            ruc: ruc.parse().map_err(|_| StoreError::Corrupt {
                what: format!("{ruc} is no RUC"),
            })?,
            waiting: row.get::<_, i64>(3)?.unsigned_abs(),
            oldest: UnixMillis(row.get(4)?),
        })
    })
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

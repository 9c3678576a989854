//! The one thread that writes.
//!
//! It takes operations from a bounded queue, whatever is waiting up to
//! [`BATCH_MAX`], carries them out in one transaction, commits (fsync), and only
//! then answers. A commit costs about the same for one operation as for
//! fifty: while several callers at once have something to write, the next batch
//! gathers for [`GATHER`]; who writes alone never waits.
//!
//! An operation that fails is undone alone. That takes savepoints, for which the
//! engine copies every page an operation touches, as much work as the operation
//! itself. Failures are rare: the batch is carried out without savepoints first,
//! and when one fails after it had changed something, all is undone and carried
//! out again with them. When the transaction as a whole is lost, everybody in it
//! is told [`StoreError::Unavailable`].

use std::error::Error;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use parking_lot::Mutex;
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::connection::WriterConnection;
use super::error::unavailable;
use crate::StoreError;
use crate::failpoint::{self, Failpoint};

/// Operations in one transaction.
const BATCH_MAX: usize = 256;
/// Operations waiting; beyond it callers wait for a place.
const QUEUE_MAX: usize = 1024;
/// How long a batch gathers when the one before had company.
const GATHER: Duration = Duration::from_micros(1_500);
/// Operations of a batch that make company.
const COMPANY: usize = 4;

/// Where an operation may be stopped by a crash test.
#[derive(Clone, Copy, Default)]
pub(super) struct Stops {
    pub(super) before_commit: Option<Failpoint>,
    pub(super) after_commit: Option<Failpoint>,
}

/// The door to the writing thread.
pub(super) struct Writer {
    queue: Mutex<Option<mpsc::Sender<Box<dyn Operation>>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    pub(super) fn start(connection: WriterConnection) -> Result<Self, StoreError> {
        let (sender, receiver) = mpsc::channel(QUEUE_MAX);
        let thread = thread::Builder::new()
            .name("tagua-writer".to_owned())
            .spawn(move || write(connection.connection(), receiver))
            .map_err(unavailable)?;
        Ok(Self {
            queue: Mutex::new(Some(sender)),
            thread: Mutex::new(Some(thread)),
        })
    }

    /// Carries `work` out and answers once it is durable. Work that is in the
    /// queue is done even if the caller stops waiting. It may be called twice;
    /// what its first call did is then undone.
    pub(super) async fn run<T, F>(&self, stops: Stops, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let sender = self.queue.lock().clone();
        let sender = sender.ok_or_else(|| unavailable("the store is closed"))?;
        let (reply, answer) = oneshot::channel();
        let pending = Pending {
            stops,
            work,
            result: None,
            reply,
        };
        let stopped = || unavailable("the writing thread has stopped");
        sender
            .send(Box::new(pending))
            .await
            .map_err(|_| stopped())?;
        drop(sender);
        answer.await.map_err(|_| stopped())?
    }

    /// Takes no more, does what is queued, closes the database. Blocks.
    pub(super) fn stop(&self) {
        self.queue.lock().take();
        let thread = self.thread.lock().take();
        if let Some(thread) = thread
            && thread.join().is_err()
        {
            tracing::error!("the writing thread had panicked");
        }
    }
}

fn write(connection: &Connection, mut queue: mpsc::Receiver<Box<dyn Operation>>) {
    let mut batch = Vec::with_capacity(BATCH_MAX);
    let mut company = false;
    while queue.blocking_recv_many(&mut batch, BATCH_MAX) > 0 {
        if company && batch.len() < BATCH_MAX {
            thread::sleep(GATHER);
            gather(&mut queue, &mut batch);
        }
        company = batch.len() >= COMPANY;
        let outcome = carry_out(connection, &mut batch);
        if let Err(lost) = &outcome {
            tracing::error!(
                operations = batch.len(),
                error = lost.as_ref() as &dyn Error,
                "nothing was stored"
            );
            abandon(connection);
        }
        for operation in batch.drain(..) {
            operation.answer(outcome.as_ref().copied());
        }
    }
}

/// Takes what is waiting, up to a whole batch.
fn gather(queue: &mut mpsc::Receiver<Box<dyn Operation>>, batch: &mut Vec<Box<dyn Operation>>) {
    while batch.len() < BATCH_MAX
        && let Ok(operation) = queue.try_recv()
    {
        batch.push(operation);
    }
}

/// Why a whole transaction was lost; every waiter gets a share.
type Lost = Arc<dyn Error + Send + Sync>;

fn carry_out(connection: &Connection, batch: &mut [Box<dyn Operation>]) -> Result<(), Lost> {
    execute(connection, "BEGIN IMMEDIATE")?;
    if !without_savepoints(connection, batch)? {
        execute(connection, "ROLLBACK")?;
        execute(connection, "BEGIN IMMEDIATE")?;
        with_savepoints(connection, batch)?;
    }
    pass(batch, |stops| stops.before_commit);
    execute(connection, "COMMIT")?;
    pass(batch, |stops| stops.after_commit);
    Ok(())
}

/// Answers whether nothing is to be undone. Stops at what is.
fn without_savepoints(
    connection: &Connection,
    batch: &mut [Box<dyn Operation>],
) -> Result<bool, Lost> {
    for operation in batch {
        let changes = connection.total_changes();
        let succeeded = operation.carry_out(connection);
        check_transaction(connection)?;
        if !succeeded && connection.total_changes() != changes {
            return Ok(false);
        }
    }
    Ok(true)
}

fn with_savepoints(connection: &Connection, batch: &mut [Box<dyn Operation>]) -> Result<(), Lost> {
    for operation in batch {
        execute(connection, "SAVEPOINT operation")?;
        let succeeded = operation.carry_out(connection);
        check_transaction(connection)?;
        if !succeeded {
            execute(connection, "ROLLBACK TO operation")?;
        }
        execute(connection, "RELEASE operation")?;
    }
    Ok(())
}

/// On a full disk and its like SQLite may undo everything by itself.
fn check_transaction(connection: &Connection) -> Result<(), Lost> {
    match connection.is_autocommit() {
        true => Err(Arc::new(RolledBack)),
        false => Ok(()),
    }
}

fn pass(batch: &[Box<dyn Operation>], point: impl Fn(Stops) -> Option<Failpoint>) {
    batch
        .iter()
        .filter_map(|operation| point(operation.stops()))
        .for_each(failpoint::hit);
}

fn execute(connection: &Connection, sql: &str) -> Result<(), Lost> {
    let done = connection
        .prepare_cached(sql)
        .and_then(|mut statement| statement.execute([]));
    match done {
        Ok(_) => Ok(()),
        Err(error) => Err(Arc::new(error)),
    }
}

/// A failed commit leaves the transaction open.
fn abandon(connection: &Connection) {
    if connection.is_autocommit() {
        return;
    }
    if let Err(error) = connection.execute_batch("ROLLBACK") {
        tracing::error!(
            error = &error as &dyn Error,
            "the transaction cannot be undone"
        );
    }
}

#[derive(Debug, thiserror::Error)]
#[error("SQLite undid the transaction")]
struct RolledBack;

/// Something to write, with somebody waiting for it.
trait Operation: Send {
    fn stops(&self) -> Stops;
    /// Answers whether its changes are to be kept.
    fn carry_out(&mut self, connection: &Connection) -> bool;
    fn answer(self: Box<Self>, committed: Result<(), &Lost>);
}

struct Pending<T, F> {
    stops: Stops,
    work: F,
    result: Option<Result<T, StoreError>>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Operation for Pending<T, F>
where
    T: Send,
    F: Fn(&Connection) -> Result<T, StoreError> + Send,
{
    fn stops(&self) -> Stops {
        // A test means to stop at what was stored.
        match self.result {
            Some(Ok(_)) => self.stops,
            _ => Stops::default(),
        }
    }

    fn carry_out(&mut self, connection: &Connection) -> bool {
        let result = (self.work)(connection);
        let succeeded = result.is_ok();
        self.result = Some(result);
        succeeded
    }

    fn answer(self: Box<Self>, committed: Result<(), &Lost>) {
        let result = match (self.result, committed) {
            (Some(Err(own)), _) => Err(own),
            (Some(result), Ok(())) => result,
            (_, Err(lost)) => Err(unavailable(Arc::clone(lost))),
            (None, Ok(())) => Err(unavailable("the operation was not carried out")),
        };
        // The caller may have gone.
        let _ = self.reply.send(result);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Answer = oneshot::Receiver<Result<usize, StoreError>>;

    fn operation(sql: &'static str) -> (Box<dyn Operation>, Answer) {
        let (reply, answer) = oneshot::channel();
        let pending = Pending {
            stops: Stops::default(),
            work: move |connection: &Connection| {
                let statements: Vec<_> = sql.split(';').collect();
                let execute = |sql: &&str| Ok(connection.execute(sql, [])?);
                statements.iter().map(execute).sum()
            },
            result: None,
            reply,
        };
        (Box::new(pending), answer)
    }

    fn run(statements: [&'static str; 3]) -> (Connection, Vec<Result<usize, StoreError>>) {
        let connection = Connection::open_in_memory().unwrap();
        let schema = "PRAGMA foreign_keys = ON;
            CREATE TABLE parent (x INTEGER PRIMARY KEY);
            CREATE TABLE child (x INTEGER REFERENCES parent (x) DEFERRABLE INITIALLY DEFERRED);";
        connection.execute_batch(schema).unwrap();
        let (sender, receiver) = mpsc::channel(statements.len());
        let answers = statements.map(|sql| {
            let (operation, answer) = operation(sql);
            sender.try_send(operation).ok().unwrap();
            answer
        });
        drop(sender);
        write(&connection, receiver);
        let answers = answers.map(|mut answer| answer.try_recv().unwrap());
        (connection, answers.into())
    }

    fn rows(connection: &Connection) -> u32 {
        let sql = "SELECT count(*) FROM parent";
        connection.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn a_failing_operation_is_undone_alone() {
        let (connection, answers) = run([
            "INSERT INTO parent VALUES (1)",
            "INSERT INTO parent VALUES (2), (1)",
            "INSERT INTO parent VALUES (3)",
        ]);
        assert!(matches!(answers[0], Ok(1)));
        assert!(matches!(answers[1], Err(StoreError::Refused { .. })));
        assert!(matches!(answers[2], Ok(1)));
        assert_eq!(rows(&connection), 2);
    }

    #[test]
    fn what_a_failing_operation_had_done_is_undone() {
        let (connection, answers) = run([
            "INSERT INTO parent VALUES (1)",
            "INSERT INTO parent VALUES (2); INSERT INTO parent VALUES (4), (1)",
            "INSERT INTO parent VALUES (3)",
        ]);
        assert!(matches!(answers[0], Ok(1)));
        assert!(matches!(answers[1], Err(StoreError::Refused { .. })));
        assert!(matches!(answers[2], Ok(1)));
        let sql = "SELECT sum(x) FROM parent";
        let sum = connection.query_row(sql, [], |row| row.get::<_, u32>(0));
        assert_eq!(sum, Ok(4));
    }

    #[test]
    fn a_batch_that_gathers_is_bounded() {
        let (sender, mut receiver) = mpsc::channel(2 * BATCH_MAX);
        for _ in 0..BATCH_MAX + 10 {
            sender.try_send(operation("").0).ok().unwrap();
        }
        let mut batch = vec![receiver.try_recv().unwrap()];
        gather(&mut receiver, &mut batch);
        assert_eq!((batch.len(), receiver.len()), (BATCH_MAX, 10));
    }

    #[test]
    fn a_failing_commit_is_told_to_everybody() {
        let (connection, answers) = run([
            "INSERT INTO parent VALUES (1)",
            "INSERT INTO child VALUES (9)",
            "INSERT INTO parent VALUES (3)",
        ]);
        for answer in answers {
            assert!(matches!(answer, Err(StoreError::Unavailable { .. })));
        }
        assert_eq!(rows(&connection), 0);
        assert!(connection.is_autocommit());
    }

    #[test]
    fn a_transaction_undone_by_the_engine_is_told_to_everybody() {
        let (connection, answers) = run([
            "INSERT INTO parent VALUES (1)",
            "INSERT OR ROLLBACK INTO parent VALUES (1)",
            "INSERT INTO parent VALUES (3)",
        ]);
        assert!(matches!(answers[0], Err(StoreError::Unavailable { .. })));
        assert!(matches!(answers[1], Err(StoreError::Refused { .. })));
        assert!(matches!(answers[2], Err(StoreError::Unavailable { .. })));
        assert_eq!(rows(&connection), 0);
    }
}

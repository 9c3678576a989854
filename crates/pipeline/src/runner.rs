//! Claims due documents and moves each on, a bounded number at a time.

use std::sync::Arc;
use std::time::Duration;

use tagua_store::{ClaimedJob, Shares, Store, StoreError, UnixMillis};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use crate::advance::Worker;
use crate::authority::Authorities;
use crate::clock::{Clock, Random};
use crate::observer::Observer;

/// The limits of one runner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunnerConfig {
    /// Documents worked on at once: calls to SRI in flight.
    pub in_flight: usize,
    /// Longer than the longest step (a call of 30 s and its writes).
    pub lease: Duration,
    /// Longest sleep; leases of dead workers are noticed this late at most.
    pub poll: Duration,
}

impl Default for RunnerConfig {
    fn default() -> Self {
        Self {
            in_flight: 16,
            lease: Duration::from_secs(90),
            poll: Duration::from_secs(1),
        }
    }
}

/// Tells a runner that there is new work.
#[derive(Clone, Debug, Default)]
pub struct Wake(Arc<Notify>);

impl Wake {
    /// Calls of this coalesce.
    pub fn wake(&self) {
        self.0.notify_one();
    }
}

/// A worker loop over one store.
pub struct Runner {
    worker: Arc<Worker>,
    config: RunnerConfig,
    wake: Wake,
    owner: u64,
}

impl Runner {
    /// A runner with a random name of its own for its leases; `observer` is
    /// told of what it does.
    pub fn new(
        store: Arc<dyn Store>,
        authorities: Authorities,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        config: RunnerConfig,
        wake: Wake,
        observer: Arc<dyn Observer>,
    ) -> Self {
        let mut owner = [0; 8];
        random.fill(&mut owner);
        let worker = Arc::new(Worker {
            store,
            authorities,
            clock,
            random,
            call_limit: config.lease,
            observer,
        });
        Self {
            worker,
            config,
            wake,
            owner: u64::from_le_bytes(owner) >> 1,
        }
    }

    /// Runs until `stop` turns true or its sender is gone; then claims nothing
    /// more, finishes what is in flight and gives its leases back.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut tasks = JoinSet::new();
        while !*stop.borrow() {
            self.worker.observer.looked_for_work();
            let free = self.config.in_flight.saturating_sub(tasks.len());
            let pause = match self.claim(free).await {
                Ok(jobs) => {
                    let found = jobs.len();
                    for job in jobs {
                        let worker = Arc::clone(&self.worker);
                        tasks.spawn(async move { move_on(&worker, job).await });
                    }
                    if found > 0 && found < free {
                        continue;
                    }
                    self.pause(tasks.len()).await
                }
                // Reading may go on where writing fails: what is due by the
                // queue would make this a hot loop.
                Err(error) => {
                    log_store_error(&error);
                    self.config.poll
                }
            };
            let full = tasks.len() >= self.config.in_flight;
            tokio::select! {
                changed = stop.changed() => if changed.is_err() { break },
                Some(_) = tasks.join_next() => {}
                () = self.wake.0.notified(), if !full => {}
                () = tokio::time::sleep(pause) => {}
            }
            while tasks.try_join_next().is_some() {}
        }
        while tasks.join_next().await.is_some() {}
        if let Err(error) = self.worker.store.release(self.owner).await {
            tracing::warn!(%error, "leases could not be given back; they will run out");
        }
    }

    async fn claim(&self, limit: usize) -> Result<Vec<ClaimedJob>, StoreError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let now = self.worker.clock.now();
        let lease = i64::try_from(self.config.lease.as_millis()).unwrap_or(i64::MAX);
        let until = UnixMillis(now.0.saturating_add(lease));
        let shares = Shares::any(limit);
        self.worker
            .store
            .claim(self.owner, now, until, shares)
            .await
    }

    /// Until the next job is due, at most one poll; with all hands busy one poll.
    async fn pause(&self, in_flight: usize) -> Duration {
        if in_flight >= self.config.in_flight {
            return self.config.poll;
        }
        match self.worker.store.next_run_at(UnixMillis(i64::MIN)).await {
            Ok(Some(at)) => {
                let wait = at.0.saturating_sub(self.worker.clock.now().0).max(1);
                Duration::from_millis(wait.unsigned_abs()).min(self.config.poll)
            }
            Ok(None) => self.config.poll,
            Err(error) => {
                log_store_error(&error);
                self.config.poll
            }
        }
    }
}

async fn move_on(worker: &Worker, job: ClaimedJob) {
    let id = job.document.id;
    if let Err(error) = worker.advance(job.document).await {
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        tracing::error!(document = %id, %error, cause, "the document waits for its lease to end");
    }
}

fn log_store_error(error: &StoreError) {
    let cause = std::error::Error::source(error).map(ToString::to_string);
    tracing::error!(%error, cause, "the queue cannot be read");
}

//! Claims due documents and moves each on, a bounded number at a time.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use tagua_store::{AccountId, ClaimedJob, Lane, Lanes, Shares, Store, StoreError, UnixMillis};
use tokio::sync::{Notify, watch};
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::Instant;

use crate::advance::{AdvanceError, Worker};
use crate::authority::Authorities;
use crate::breaker::{Breakers, Plan};
use crate::calls::Calls;
use crate::clock::{Clock, Random};
use crate::observer::Observer;
use crate::order::{Lines, Turn, same_line};
use crate::renewal::Leases;

/// The limits of one runner (L12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunnerConfig {
    /// Documents worked on at once.
    pub in_flight: usize,
    /// Of them, those of one account.
    pub per_account: usize,
    /// Calls to SRI at once.
    pub calls: usize,
    /// Of them, those for one account.
    pub calls_per_account: usize,
    /// No call may take longer, whatever the authority's own limits are.
    pub call_limit: Duration,
    /// Of a claim, renewed four times before it runs out as long as the runner
    /// lives. What a dead one held is taken up after this and one poll at most:
    /// with a second to spare for a busy machine, within five seconds.
    pub lease: Duration,
    /// Longest sleep; leases of dead workers are noticed this late at most.
    pub poll: Duration,
}

impl Default for RunnerConfig {
    fn default() -> Self {
        Self {
            in_flight: 128,
            per_account: 16,
            calls: 16,
            calls_per_account: 4,
            call_limit: Duration::from_secs(40),
            lease: Duration::from_secs(3),
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
    leases: Arc<Leases>,
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
        let owner = u64::from_le_bytes(owner) >> 1;
        let leases = Leases::new(Arc::clone(&store), Arc::clone(&clock), owner, config.lease);
        let worker = Arc::new(Worker {
            store,
            breakers: authorities.breakers(),
            authorities,
            calls: Calls::new(config.calls, config.calls_per_account),
            clock,
            random,
            call_limit: config.call_limit,
            observer,
        });
        Self {
            worker,
            config,
            wake,
            leases: Arc::new(leases),
        }
    }

    /// Runs until `stop` turns true or its sender is gone; then claims nothing
    /// more, finishes what is in flight and gives its leases back.
    pub async fn run(self, stop: watch::Receiver<bool>) {
        tokio::select! {
            () = self.carry(stop) => {}
            never = self.leases.keep() => match never {},
        }
        if let Err(error) = self.worker.store.release(self.leases.owner).await {
            tracing::warn!(%error, "leases could not be given back; they will run out");
        }
    }

    async fn carry(&self, mut stop: watch::Receiver<bool>) {
        let mut work = Work::new(self.config, Arc::clone(&self.leases));
        let mut next_claim = Instant::now();
        while !*stop.borrow() {
            if next_claim <= Instant::now() {
                self.worker.observer.looked_for_work();
                let pause = self.claim(&mut work).await.unwrap_or_else(|error| {
                    // Reading may go on where writing fails: what is due by the
                    // queue would make this a hot loop.
                    log_store_error(&error);
                    self.config.poll
                });
                next_claim = Instant::now() + pause;
            }
            tokio::select! {
                changed = stop.changed() => if changed.is_err() { break },
                Some(done) = work.tasks.join_next_with_id() => work.finished(done),
                () = self.wake.0.notified(), if !work.is_full() => next_claim = Instant::now(),
                () = tokio::time::sleep_until(next_claim) => {}
            }
            while let Some(done) = work.tasks.try_join_next_with_id() {
                work.finished(done);
            }
            if std::mem::take(&mut work.wants_more) {
                next_claim = Instant::now();
            }
            if let Some(due) = work.put_off.take() {
                next_claim = next_claim.min(Instant::now() + self.until(due));
            }
        }
        while work.tasks.join_next().await.is_some() {}
    }

    /// Claims what is due and may be called, and sets it going. Answers how long
    /// to sleep if nothing happens.
    async fn claim(&self, work: &mut Work) -> Result<Duration, StoreError> {
        let now = self.worker.clock.now();
        let plan = self.breakers().plan(now);
        if !plan.free.is_empty() && !work.is_full() {
            let shares = work.shares(plan.free);
            let mut jobs = self.lease(now, shares).await?;
            in_sequence(&mut jobs);
            work.lines.forget_empty();
            for job in jobs {
                work.start(&self.worker, job);
            }
            work.look_at_limits();
        }
        for lane in &plan.probes {
            self.probe(work, *lane, now).await?;
        }
        self.pause(work, &plan, now).await
    }

    /// Lets one document try whether a service is back.
    async fn probe(&self, work: &mut Work, lane: Lane, now: UnixMillis) -> Result<(), StoreError> {
        let end = probe_end(now, self.breakers().probe_every(lane));
        let last = work.probed.get(&lane);
        if work.is_full() || last.is_some_and(|last| now < *last && *last <= end) {
            return Ok(());
        }
        let shares = Shares {
            limit: 1,
            ..work.shares(Lanes::NONE.with(lane))
        };
        for job in self.lease(now, shares).await? {
            work.probed.insert(lane, end);
            work.start(&self.worker, job);
        }
        Ok(())
    }

    async fn lease(&self, now: UnixMillis, shares: Shares) -> Result<Vec<ClaimedJob>, StoreError> {
        let until = self.leases.end(now);
        let store = &self.worker.store;
        store.claim(self.leases.owner, now, until, shares).await
    }

    /// Until the next job is due or a breaker lets something through, at most
    /// one poll. Whatever is due already waits for a place, not for time.
    async fn pause(
        &self,
        work: &Work,
        plan: &Plan,
        now: UnixMillis,
    ) -> Result<Duration, StoreError> {
        if work.is_full() {
            return Ok(self.config.poll);
        }
        let due = self.worker.store.next_run_at(now).await?;
        let probes = work.probed.values().copied().filter(|end| *end > now);
        let next = due.into_iter().chain(plan.until).chain(probes).min();
        Ok(next.map_or(self.config.poll, |at| self.until(at)))
    }

    /// How long to sleep until then: at most one poll.
    fn until(&self, at: UnixMillis) -> Duration {
        let wait = at.0.saturating_sub(self.worker.clock.now().0).max(1);
        Duration::from_millis(wait.unsigned_abs()).min(self.config.poll)
    }

    fn breakers(&self) -> &Breakers {
        &self.worker.breakers
    }
}

fn probe_end(now: UnixMillis, pause: Duration) -> UnixMillis {
    let pause = i64::try_from(pause.as_millis()).unwrap_or(i64::MAX);
    UnixMillis(now.0.saturating_add(pause))
}

/// What a runner works on.
struct Work {
    config: RunnerConfig,
    leases: Arc<Leases>,
    lines: Lines,
    tasks: JoinSet<Option<UnixMillis>>,
    accounts: HashMap<Id, AccountId>,
    held: HashMap<AccountId, usize>,
    /// Accounts that may have more due than they have places.
    saturated: HashSet<AccountId>,
    /// All places are taken: somebody may wait for one.
    filled: bool,
    /// When the first document is due of those put off since the last claim.
    put_off: Option<UnixMillis>,
    /// Enough places came free to be worth a claim.
    wants_more: bool,
    /// Until when the document that tries a silent service is let alone.
    probed: HashMap<Lane, UnixMillis>,
}

impl Work {
    fn new(config: RunnerConfig, leases: Arc<Leases>) -> Self {
        Self {
            config,
            leases,
            lines: Lines::default(),
            tasks: JoinSet::new(),
            accounts: HashMap::new(),
            held: HashMap::new(),
            saturated: HashSet::new(),
            filled: false,
            put_off: None,
            wants_more: false,
            probed: HashMap::new(),
        }
    }

    fn is_full(&self) -> bool {
        self.tasks.len() >= self.config.in_flight
    }

    fn shares(&self, lanes: Lanes) -> Shares {
        Shares {
            limit: self.config.in_flight.saturating_sub(self.tasks.len()),
            per_account: self.config.per_account,
            held: self.held.iter().map(|(a, count)| (*a, *count)).collect(),
            lanes,
        }
    }

    fn start(&mut self, worker: &Arc<Worker>, job: ClaimedJob) {
        let Some(hold) = self.leases.hold(job.document.id) else {
            return;
        };
        let account = job.document.account;
        let turn = self.lines.join(&job.document);
        let (worker, leases) = (Arc::clone(worker), Arc::clone(&self.leases));
        let task = self.tasks.spawn(async move {
            let _hold = hold;
            move_on(&worker, &leases, job, turn).await
        });
        self.accounts.insert(task.id(), account);
        let held = self.held.entry(account).or_default();
        *held = held.saturating_add(1);
    }

    fn look_at_limits(&mut self) {
        self.filled = self.is_full();
        let most = self.config.per_account;
        let full = self.held.iter().filter(|(_, held)| **held >= most);
        self.saturated = full.map(|(account, _)| *account).collect();
    }

    /// Takes a task off. A claim for each place that comes free would cost more
    /// than the work: half the places of an account, or an eighth of all, are
    /// waited for.
    fn finished(&mut self, done: Result<(Id, Option<UnixMillis>), JoinError>) {
        let id = match &done {
            Ok((id, due)) => {
                self.put_off = self.put_off.into_iter().chain(*due).min();
                *id
            }
            Err(error) => {
                tracing::error!(%error, "a worker stopped; its document waits for its lease to end");
                error.id()
            }
        };
        let Some(account) = self.accounts.remove(&id) else {
            return;
        };
        let held = self
            .held
            .get(&account)
            .map_or(0, |held| held.saturating_sub(1));
        if held == 0 {
            self.held.remove(&account);
        } else {
            self.held.insert(account, held);
        }
        let half = self.config.per_account / 2;
        if held <= half && self.saturated.remove(&account) {
            self.wants_more = true;
        }
        let free = self.config.in_flight.saturating_sub(self.tasks.len());
        if self.filled && free >= (self.config.in_flight / 8).max(1) {
            self.filled = false;
            self.wants_more = true;
        }
    }
}

/// Puts documents of one series that were never sent in the order of their
/// numbers, in the places they have among the others.
fn in_sequence(jobs: &mut [ClaimedJob]) {
    for first in 0..jobs.len() {
        for second in first..jobs.len() {
            let (Some(a), Some(b)) = (jobs.get(first), jobs.get(second)) else {
                continue;
            };
            let (a, b) = (&a.document, &b.document);
            if same_line(a, b) && b.sequential < a.sequential {
                jobs.swap(first, second);
            }
        }
    }
}

async fn move_on(
    worker: &Worker,
    leases: &Leases,
    job: ClaimedJob,
    turn: Option<Turn>,
) -> Option<UnixMillis> {
    let id = job.document.id;
    let error = match worker.advance(job, turn).await {
        Ok(due) => return due,
        Err(error) => error,
    };
    let cause = std::error::Error::source(&error).map(ToString::to_string);
    tracing::error!(document = %id, %error, cause, "the document waits for its lease to end");
    // Storage that comes back must find its work soon.
    if !matches!(error, AdvanceError::Store(StoreError::Unavailable { .. })) {
        leases.put_off(id).await;
    }
    None
}

fn log_store_error(error: &StoreError) {
    let cause = std::error::Error::source(error).map(ToString::to_string);
    tracing::error!(%error, cause, "the queue cannot be read");
}

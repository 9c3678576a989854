//! When a service of SRI is left alone because it does not answer.
//!
//! One breaker for each service of each environment: reception is often down
//! while authorization answers, and the other way round. It opens after
//! [`OPENS_AFTER`] failures in a row; while it is open one call in each
//! [`probe_every`](crate::Pace::probe_every) tries whether the service is back;
//! the first answer closes it. What waits meanwhile is not claimed at all: it keeps its place, writes
//! nothing and uses up none of its tries. Breakers live in memory: after a
//! restart ten failures teach them the same.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tagua_fiscal::Environment;
use tagua_sri::{CallError, ReadError};
use tagua_store::{Lane, Lanes, UnixMillis};

/// Failures in a row that open a breaker.
pub const OPENS_AFTER: u32 = 10;

/// What a breaker thinks of its service, for metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreakerState {
    /// Calls go through.
    Closed,
    /// The service does not answer.
    Open {
        /// Since the failure that opened it.
        since: UnixMillis,
    },
}

/// Whether documents for a service are worth claiming.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// As many as there are.
    Free,
    /// One, to try.
    Probe,
    /// None before this time.
    NotBefore(UnixMillis),
}

/// The breaker of one service. Pure: time comes in with each call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breaker {
    probe_every: Duration,
    failures: u32,
    opened: Option<UnixMillis>,
    /// Nothing new before it.
    next: Option<UnixMillis>,
}

impl Breaker {
    /// A closed one, which lets a call through each `probe_every` while it is open.
    pub const fn new(probe_every: Duration) -> Self {
        Self {
            probe_every,
            failures: 0,
            opened: None,
            next: None,
        }
    }

    /// Closed or open.
    pub const fn state(&self) -> BreakerState {
        match self.opened {
            None => BreakerState::Closed,
            Some(since) => BreakerState::Open { since },
        }
    }

    /// Whether to claim documents for the service.
    pub fn readiness(&self, now: UnixMillis) -> Readiness {
        match (
            self.next.filter(|next| self.is_ahead(*next, now)),
            self.opened,
        ) {
            (Some(next), _) => Readiness::NotBefore(next),
            (None, Some(_)) => Readiness::Probe,
            (None, None) => Readiness::Free,
        }
    }

    /// Whether a call may begin now. A call that begins while the breaker is
    /// open is the one of its pause.
    pub fn begin(&mut self, now: UnixMillis) -> bool {
        if self.opened.is_none() {
            return true;
        }
        let begins = self.readiness(now) == Readiness::Probe;
        if begins {
            self.next = Some(later(now, self.probe_every));
        }
        begins
    }

    /// Whether [`Breaker::begin`] would say yes.
    pub fn lets_through(&self, now: UnixMillis) -> bool {
        self.opened.is_none() || self.readiness(now) == Readiness::Probe
    }

    /// The service answered.
    pub fn succeeded(&mut self) {
        *self = Self::new(self.probe_every);
    }

    /// A call failed. Where nobody could be reached, nothing is claimed for
    /// `hold`, doubling with each failure up to the pause between probes, so
    /// that a single document does not knock ten times in a moment.
    pub fn failed(&mut self, now: UnixMillis, hold: Option<Duration>) {
        self.failures = self.failures.saturating_add(1);
        if self.opened.is_some() {
            return;
        }
        if self.failures >= OPENS_AFTER {
            self.opened = Some(now);
            self.next = Some(later(now, self.probe_every));
        } else if let Some(hold) = hold {
            let doublings = self.failures.saturating_sub(1);
            let pause = hold.saturating_mul(1 << doublings).min(self.probe_every);
            self.next = Some(later(now, pause));
        }
    }

    /// A time further away than any pause is a clock that was set back.
    fn is_ahead(&self, next: UnixMillis, now: UnixMillis) -> bool {
        now < next && next <= later(now, self.probe_every)
    }
}

fn later(now: UnixMillis, pause: Duration) -> UnixMillis {
    let pause = i64::try_from(pause.as_millis()).unwrap_or(i64::MAX);
    UnixMillis(now.0.saturating_add(pause))
}

/// The four breakers of one node. Clones are the same breakers.
#[derive(Clone, Debug)]
pub struct Breakers(Arc<[Mutex<Breaker>; 4]>);

/// What to claim now.
pub(crate) struct Plan {
    /// Lanes whose documents go as they come.
    pub(crate) free: Lanes,
    /// Lanes of which one document may try.
    pub(crate) probes: Vec<Lane>,
    /// When this changes at the earliest.
    pub(crate) until: Option<UnixMillis>,
}

impl Breakers {
    /// One for each service, with the pauses of its environment.
    pub(crate) fn new(probe_every: impl Fn(Environment) -> Duration) -> Self {
        let breaker = |lane: Lane| Mutex::new(Breaker::new(probe_every(lane.environment)));
        Self(Arc::new(Lane::ALL.map(breaker)))
    }

    /// Each service and what its breaker thinks, for metrics.
    pub fn states(&self) -> [(Lane, BreakerState); 4] {
        Lane::ALL.map(|lane| (lane, self.of(lane).state()))
    }

    pub(crate) fn plan(&self, now: UnixMillis) -> Plan {
        let mut plan = Plan {
            free: Lanes::NONE,
            probes: Vec::new(),
            until: None,
        };
        for lane in Lane::ALL {
            match self.of(lane).readiness(now) {
                Readiness::Free => plan.free = plan.free.with(lane),
                Readiness::Probe => plan.probes.push(lane),
                Readiness::NotBefore(at) => {
                    plan.until = Some(plan.until.map_or(at, |until| until.min(at)));
                }
            }
        }
        plan
    }

    /// The pause between two probes of a service.
    pub(crate) fn probe_every(&self, lane: Lane) -> Duration {
        self.of(lane).probe_every
    }

    pub(crate) fn begin(&self, lane: Lane, now: UnixMillis) -> bool {
        self.of(lane).begin(now)
    }

    pub(crate) fn lets_through(&self, lane: Lane, now: UnixMillis) -> bool {
        self.of(lane).lets_through(now)
    }

    /// Learns from the end of a call. `hold` is [`Breaker::failed`]'s, for
    /// calls that reached nobody.
    pub(crate) fn learn<T>(
        &self,
        lane: Lane,
        answer: &Result<T, CallError>,
        now: UnixMillis,
        hold: Duration,
    ) {
        let mut breaker = self.of(lane);
        let before = breaker.state();
        match answer {
            Ok(_) => breaker.succeeded(),
            Err(error) if is_alive(error) => breaker.succeeded(),
            Err(error) => breaker.failed(now, (!error.may_have_left()).then_some(hold)),
        }
        let after = breaker.state();
        let probe_every = breaker.probe_every.as_secs();
        drop(breaker);
        match (before, after) {
            (BreakerState::Closed, BreakerState::Open { .. }) => tracing::warn!(
                environment = ?lane.environment,
                service = ?lane.service,
                probe_every,
                "the service of SRI does not answer: documents wait, one call in so many seconds tries"
            ),
            (BreakerState::Open { since }, BreakerState::Closed) => tracing::info!(
                environment = ?lane.environment,
                service = ?lane.service,
                seconds = now.0.saturating_sub(since.0) / 1000,
                "the service of SRI answers again"
            ),
            _ => {}
        }
    }

    fn of(&self, lane: Lane) -> MutexGuard<'_, Breaker> {
        let [first, second, third, fourth] = &*self.0;
        let breaker = match lane.number() {
            0 => first,
            1 => second,
            2 => third,
            _ => fourth,
        };
        breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The service itself spoke, though not about the document.
const fn is_alive(error: &CallError) -> bool {
    matches!(
        error,
        CallError::Unreadable {
            source: ReadError::OtherKey { .. },
            ..
        }
    )
}

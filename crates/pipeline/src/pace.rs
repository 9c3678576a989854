//! How long to wait. Every pause grows with the time that has passed since the
//! submission, so that no counter has to survive a restart.

use std::time::Duration;

use crate::clock::Random;

/// The pauses of one environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// From RECIBIDA to the first question.
    pub first_ask: Duration,
    /// Shortest pause between questions.
    pub ask_min: Duration,
    /// Longest pause between questions.
    pub ask_max: Duration,
    /// Shortest time between two submissions when SRI does not know the key.
    pub resend_after: Duration,
    /// The same after SRI said RECIBIDA.
    pub resend_received_after: Duration,
    /// Shortest pause when SRI cannot be reached.
    pub retry_min: Duration,
    /// Longest pause when SRI cannot be reached.
    pub retry_max: Duration,
    /// Pause between the calls that try whether a silent service is back.
    pub probe_every: Duration,
    /// Submissions of one revision before a person is asked.
    pub max_submissions: u32,
    /// How long SRI may know a key and decide nothing: its own limit is 24 h
    /// (ficha técnica, section 5.12).
    pub give_up_after: Duration,
}

impl Pace {
    /// For SRI's own services.
    pub const SRI: Self = Self {
        first_ask: Duration::from_secs(1),
        ask_min: Duration::from_secs(1),
        ask_max: Duration::from_secs(3600),
        resend_after: Duration::from_secs(30),
        resend_received_after: Duration::from_secs(3600),
        retry_min: Duration::from_secs(1),
        retry_max: Duration::from_secs(300),
        probe_every: Duration::from_secs(30),
        // One an hour after RECIBIDA: not before SRI's own 24 h are over.
        max_submissions: 26,
        give_up_after: Duration::from_secs(26 * 3600),
    };

    /// While documents of an environment may not leave: each wait is an event.
    pub(crate) const DISABLED: Self = Self {
        retry_min: Duration::from_secs(300),
        retry_max: Duration::from_secs(3600),
        ..Self::SRI
    };

    /// For the simulator: the same protocol at the speed of a loopback peer.
    pub const SIMULATOR: Self = Self {
        first_ask: Duration::ZERO,
        ask_min: Duration::from_millis(10),
        ask_max: Duration::from_secs(5),
        resend_after: Duration::from_millis(500),
        resend_received_after: Duration::from_secs(10),
        retry_min: Duration::from_millis(100),
        retry_max: Duration::from_secs(2),
        probe_every: Duration::from_secs(1),
        max_submissions: 20,
        give_up_after: Duration::from_secs(26 * 3600),
    };

    /// Until the next question, `elapsed` after the submission.
    pub fn until_ask(&self, elapsed: Duration, random: &dyn Random) -> Duration {
        jitter((elapsed / 2).max(self.ask_min).min(self.ask_max), random)
    }

    /// Until the next try when SRI cannot be reached, `elapsed` after the first.
    pub fn until_retry(&self, elapsed: Duration, random: &dyn Random) -> Duration {
        jitter(
            (elapsed / 2).max(self.retry_min).min(self.retry_max),
            random,
        )
    }

    /// How long after submission number `submissions` the next one may start:
    /// doubling, at most an hour.
    pub fn until_resend(&self, submissions: u32, received: bool) -> Duration {
        let base = if received {
            self.resend_received_after
        } else {
            self.resend_after
        };
        let doublings = submissions.saturating_sub(1).min(16);
        base.saturating_mul(1 << doublings)
            .min(self.resend_received_after.max(base))
    }
}

/// A fifth more or less, so that documents that failed together do not return together.
fn jitter(pause: Duration, random: &dyn Random) -> Duration {
    let mut byte = [0];
    random.fill(&mut byte);
    pause.saturating_mul(205 + u32::from(byte[0]) * 2 / 5) / 256
}

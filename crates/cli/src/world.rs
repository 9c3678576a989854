//! The real clock and the system's randomness: the only place that reads them.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use tagua_pipeline::{Clock, Random};
use tagua_store::{UnixMillis, hex};

/// The system's clock.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> UnixMillis {
        UnixMillis(now_millis())
    }
}

impl tagua_simulator::Clock for SystemClock {
    fn now_unix_millis(&self) -> i64 {
        now_millis()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is where the clock comes from"
)]
fn now_millis() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// The system's randomness.
pub(crate) struct SystemRandom;

impl Random for SystemRandom {
    /// A machine without randomness cannot make keys or ids: better to stop.
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the system gives random bytes");
    }
}

pub(crate) fn clock() -> Arc<SystemClock> {
    Arc::new(SystemClock)
}

/// `bytes` random bytes as lower-case hexadecimal digits.
pub(crate) fn random_hex(bytes: usize) -> String {
    let mut buffer = vec![0; bytes];
    SystemRandom.fill(&mut buffer);
    hex(&buffer)
}

//! What waits for SRI and since when: nothing waits in silence (L14).

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tagua_store::{IssuerId, Store, UnixMillis, UnsettledIssuer};
use tokio::sync::watch;

use crate::clock::Clock;

/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Issuers looked at; those with the oldest documents come first.
const ISSUERS_MAX: usize = 1000;

/// What is older is told, and each issuer's at most once in this time.
pub const OVERDUE_AFTER: Duration = Duration::from_secs(600);

/// Looks at what waits until `stop` turns true, warns of what is overdue and
/// keeps the last look in `seen` for metrics: the age of an issuer's oldest
/// document is the clock minus [`UnsettledIssuer::oldest`].
pub async fn watch_unsettled(
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    seen: watch::Sender<Vec<UnsettledIssuer>>,
    mut stop: watch::Receiver<bool>,
) {
    let mut reminders = Reminders::default();
    loop {
        match store.unsettled_by_issuer(ISSUERS_MAX).await {
            Ok(waiting) => {
                let now = clock.now();
                for issuer in reminders.due(&waiting, now) {
                    warn(issuer, now);
                }
                seen.send_replace(waiting);
            }
            Err(error) => tracing::error!(%error, "what waits for SRI cannot be read"),
        }
        let stopped = stop.wait_for(|stop| *stop);
        if tokio::time::timeout(LOOK_EVERY, stopped).await.is_ok() {
            return;
        }
    }
}

fn warn(issuer: &UnsettledIssuer, now: UnixMillis) {
    tracing::warn!(
        account = issuer.account.0,
        ruc = %issuer.ruc,
        waiting = issuer.waiting,
        oldest_seconds = now.0.saturating_sub(issuer.oldest.0) / 1000,
        "documents wait for SRI longer than they should"
    );
}

/// Whom to remind of, and when that was done last.
#[derive(Debug, Default)]
pub struct Reminders(HashMap<IssuerId, UnixMillis>);

impl Reminders {
    /// The issuers of `waiting` whose oldest document is overdue, without those
    /// named within [`OVERDUE_AFTER`]. Who does not wait any more is forgotten.
    pub fn due<'a>(
        &mut self,
        waiting: &'a [UnsettledIssuer],
        now: UnixMillis,
    ) -> Vec<&'a UnsettledIssuer> {
        let is_past = |then: UnixMillis| {
            // A clock that was set back must not silence anybody.
            let elapsed = now.0.saturating_sub(then.0);
            elapsed < 0 || u128::from(elapsed.unsigned_abs()) >= OVERDUE_AFTER.as_millis()
        };
        let overdue = |issuer: &&UnsettledIssuer| now > issuer.oldest && is_past(issuer.oldest);
        let overdue: Vec<_> = waiting.iter().filter(overdue).collect();
        self.0
            .retain(|told, _| overdue.iter().any(|issuer| issuer.issuer == *told));
        let mut due = Vec::new();
        for issuer in overdue {
            if self.0.get(&issuer.issuer).is_none_or(|told| is_past(*told)) {
                self.0.insert(issuer.issuer, now);
                due.push(issuer);
            }
        }
        due
    }
}

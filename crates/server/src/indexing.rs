//! Takes documents into what lists search, in the background.

use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::app::App;

/// Documents at a time: the store's writer is busy with them for some
/// milliseconds, and whoever issues waits behind it.
const AT_ONCE: usize = 256;
/// Between two portions of a backlog while nobody issues.
const BETWEEN: Duration = Duration::from_millis(10);
/// While somebody issues, a portion may take one part of so many of the time:
/// some 300 documents a second, and no more than a few hundredths of a processor.
const SHARE: u32 = 30;
/// The longest pause beside issuing.
const PAUSE_MAX: Duration = Duration::from_secs(5);
/// Where there was nothing to do.
const IDLE: Duration = Duration::from_secs(2);
/// After a failure.
const AFTER_FAILURE: Duration = Duration::from_secs(30);

/// Works until `stop` turns true or its sender is gone. What it has not done
/// yet is found as well, only more slowly.
pub async fn index_documents(app: App, mut stop: watch::Receiver<bool>) {
    let mut accepted_before = app.metrics.accepted_total();
    loop {
        let began = Instant::now();
        let indexed = app.store.index_for_search(AT_ONCE).await;
        let accepted = app.metrics.accepted_total();
        let pause = match indexed {
            Ok(indexed) => pause(indexed, began.elapsed(), accepted != accepted_before),
            Err(error) => {
                tracing::warn!(%error, "the index of documents did not get on");
                AFTER_FAILURE
            }
        };
        accepted_before = accepted;
        let stopped = stop.wait_for(|stop| *stop);
        if tokio::time::timeout(pause, stopped).await.is_ok() {
            return;
        }
    }
}

fn pause(indexed: u64, took: Duration, somebody_issues: bool) -> Duration {
    match (indexed, somebody_issues) {
        (0, _) => IDLE,
        (_, false) => BETWEEN,
        (_, true) => took.saturating_mul(SHARE).clamp(BETWEEN, PAUSE_MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issuing_goes_before_indexing() {
        let took = Duration::from_millis(20);
        assert_eq!(pause(0, took, true), IDLE);
        assert_eq!(pause(0, took, false), IDLE);
        assert_eq!(pause(256, took, false), BETWEEN);
        assert_eq!(pause(256, took, true), Duration::from_millis(600));
        assert_eq!(pause(1, Duration::ZERO, true), BETWEEN);
        assert_eq!(pause(256, Duration::MAX, true), PAUSE_MAX);
    }
}

//! Takes documents into what lists search, in the background.

use std::sync::Arc;
use std::time::Duration;

use tagua_store::Store;
use tokio::sync::watch;

/// Documents at a time: the store's writer is busy with them for some
/// milliseconds, and whoever issues waits behind it.
const AT_ONCE: usize = 256;
/// Between two portions of a backlog.
const BETWEEN: Duration = Duration::from_millis(50);
/// Where there was nothing to do.
const IDLE: Duration = Duration::from_secs(2);
/// After a failure.
const AFTER_FAILURE: Duration = Duration::from_secs(30);

/// Works until `stop` turns true or its sender is gone. What it has not done
/// yet is found as well, only more slowly.
pub async fn index_documents(store: Arc<dyn Store>, mut stop: watch::Receiver<bool>) {
    loop {
        let pause = match store.index_for_search(AT_ONCE).await {
            Ok(0) => IDLE,
            Ok(_) => BETWEEN,
            Err(error) => {
                tracing::warn!(%error, "the index of documents did not get on");
                AFTER_FAILURE
            }
        };
        let stopped = stop.wait_for(|stop| *stop);
        if tokio::time::timeout(pause, stopped).await.is_ok() {
            return;
        }
    }
}

//! Keeps the leases of what a runner works on.
//!
//! A lease is much shorter than a step may take, so that what a dead node held
//! is soon taken up by another one, and it is renewed several times before it
//! runs out. It saves work and decides nothing: a node that slept through its
//! lease finds its documents moved on, and its own step refused by the
//! compare-and-set on their version.
//!
//! Only what somebody works on is renewed. Where a worker failed, or the answer
//! to a claim was lost, the lease runs out and the document is taken again.

use std::collections::HashSet;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tagua_store::{DocumentId, Store, StoreError, UnixMillis};

use crate::clock::Clock;

/// Times a lease is renewed before it would run out. A renewal that comes late,
/// or two that fail, cost nothing yet.
const RENEWALS_PER_LEASE: u32 = 4;

/// Until a document that cannot be moved on, whatever the storage does, is
/// tried again: not as often as a lease runs out.
const PUT_OFF: Duration = Duration::from_secs(90);

/// The leases of one runner.
pub(crate) struct Leases {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    pub(crate) owner: u64,
    length: Duration,
    held: Mutex<HashSet<DocumentId>>,
}

/// A document in work; it is let go of when this is dropped, after a panic too.
pub(crate) struct Hold {
    leases: Arc<Leases>,
    document: DocumentId,
}

impl Leases {
    pub(crate) fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        owner: u64,
        length: Duration,
    ) -> Self {
        Self {
            store,
            clock,
            owner,
            length,
            held: Mutex::default(),
        }
    }

    /// When a lease ends that begins now.
    pub(crate) fn end(&self, now: UnixMillis) -> UnixMillis {
        after(now, self.length)
    }

    /// Keeps the document's lease from now on. `None` when this runner works on
    /// it already: its lease had run out all the same, because the clock was
    /// set or the storage was silent for so long.
    pub(crate) fn hold(self: &Arc<Self>, document: DocumentId) -> Option<Hold> {
        self.held().insert(document).then(|| Hold {
            leases: Arc::clone(self),
            document,
        })
    }

    /// Renews what is held, for ever. Writes nothing while nothing is held.
    pub(crate) async fn keep(&self) -> Infallible {
        let mut failing = false;
        loop {
            tokio::time::sleep(self.length / RENEWALS_PER_LEASE).await;
            let documents: Vec<_> = self.held().iter().copied().collect();
            if documents.is_empty() {
                continue;
            }
            let renewed = self.renew(&documents).await;
            if let Err(error) = &renewed
                && !failing
            {
                let cause = std::error::Error::source(error).map(ToString::to_string);
                tracing::warn!(%error, cause, "leases are not renewed; others may take this work over");
            }
            failing = renewed.is_err();
        }
    }

    /// Waits no longer than a lease: what comes later is late anyway, and the
    /// next try may have a better connection.
    async fn renew(&self, documents: &[DocumentId]) -> Result<(), StoreError> {
        let until = self.end(self.clock.now());
        let renewing = self.store.renew(self.owner, documents, until);
        match tokio::time::timeout(self.length, renewing).await {
            Ok(renewed) => renewed.map(drop),
            Err(late) => Err(StoreError::Unavailable {
                source: Box::new(late),
            }),
        }
    }

    /// Lets a document rest whose steps fail.
    pub(crate) async fn put_off(&self, document: DocumentId) {
        let until = after(self.clock.now(), PUT_OFF);
        if let Err(error) = self.store.renew(self.owner, &[document], until).await {
            tracing::warn!(%document, %error, "the document is tried again soon");
        }
    }

    fn held(&self) -> MutexGuard<'_, HashSet<DocumentId>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.leases.held().remove(&self.document);
    }
}

fn after(now: UnixMillis, time: Duration) -> UnixMillis {
    let time = i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
    UnixMillis(now.0.saturating_add(time))
}

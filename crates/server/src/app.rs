//! What every handler shares.

use std::sync::Arc;

use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};
use tagua_pipeline::{Clock, Observer, Random, Wake};
use tagua_store::{DocumentId, Store};

use crate::health::{Health, Told};
use crate::idempotency::Turns;
use crate::limits::RequestLimits;
use crate::metrics::Metrics;
use crate::signer::Signer;

/// What the operator decided about the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerConfig {
    /// The address that links in answers start with, without a slash at the end.
    pub public_url: String,
    /// Whether documents of `ambiente` 2 are accepted at all.
    pub production_enabled: bool,
    /// Whether `/metrics` is for everybody and not for this machine alone.
    pub metrics_public: bool,
}

/// The shared parts of the server.
#[derive(Clone)]
pub struct App {
    /// Where everything is kept.
    pub store: Arc<dyn Store>,
    /// Unlocks certificates and signs.
    pub signer: Arc<Signer>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Unpredictable bytes.
    pub random: Arc<dyn Random>,
    /// Tells the workers that there is a new document.
    pub wake: Wake,
    /// Who waits for a request with the same idempotency key.
    pub turns: Turns,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// Whether the server can do its work.
    pub health: Arc<Health>,
    /// What one client may take.
    pub limits: Arc<RequestLimits>,
    /// What the operator decided.
    pub config: Arc<ServerConfig>,
}

impl App {
    /// For the workers: what they tell is counted, and SRI's time compared.
    pub fn observer(&self) -> Arc<dyn Observer> {
        Arc::new(Told(self.clone()))
    }

    /// Compares the clock with the database, before the first request comes.
    pub async fn look_at_the_clock(&self) {
        self.health.look_at_the_clock(self).await;
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.clock.now().0).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    pub(crate) fn new_id(&self) -> DocumentId {
        let mut id = [0; 16];
        self.random.fill(&mut id);
        DocumentId(id)
    }
}

/// Ecuador's continental time: UTC−5, no daylight saving.
pub(crate) fn in_ecuador(at: Timestamp) -> Zoned {
    at.to_zoned(TimeZone::fixed(Offset::constant(-5)))
}

//! Whether the server can do its work: what `GET /readyz` says, the gauges of
//! `GET /metrics`, and whether the clock can be believed.

mod clock;
mod disk;
mod report;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tagua_pipeline::{Call, Observer};
use tagua_store::{Lane, Stage, StoreError, UnixMillis, UnsettledIssuer};
use tokio::sync::{Mutex, watch};

pub(crate) use self::clock::ClockWatch;
pub(crate) use self::report::{Check, Report};
use crate::app::App;
use crate::metrics::Metrics;

/// What the services of SRI are thought of: whether calls to each are stopped.
pub type Breakers = Arc<dyn Fn() -> Vec<(Lane, bool)> + Send + Sync>;

/// What is looked at.
#[derive(Clone)]
pub struct HealthOptions {
    /// Where the files of the database are, if they are on this machine.
    pub data_dir: Option<PathBuf>,
    /// Free bytes below which the disk counts as full.
    pub disk_reserve: u64,
    /// Whether this process has workers.
    pub workers: bool,
    /// How the workers' breakers stand.
    pub breakers: Option<Breakers>,
}

impl Default for HealthOptions {
    /// Nothing but the database; 64 MiB.
    fn default() -> Self {
        Self {
            data_dir: None,
            disk_reserve: 64 * 1024 * 1024,
            workers: false,
            breakers: None,
        }
    }
}

/// What was last seen of the server's state.
#[derive(Default)]
pub struct Health {
    options: HealthOptions,
    pub(crate) clock: ClockWatch,
    checked: Mutex<Option<(UnixMillis, Report)>>,
    counted: Mutex<Option<(UnixMillis, Queue)>>,
}

/// The name of the note that is written to see whether writing works.
const NOTE: &str = "readiness";
/// A document with its files needs less. Written and taken back, so that a
/// database without so much room is known before a document finds out.
const ROOM: usize = 128 * 1024;
/// A database that takes longer is as good as gone.
const WRITE_TIME: Duration = Duration::from_secs(5);
/// Workers look for work every second.
const WORKERS_TIME: Duration = Duration::from_secs(60);
/// Whoever asks more often gets the last answer.
const CHECK_EVERY_MS: i64 = 1_000;
const COUNT_EVERY_MS: i64 = 30_000;
const CLOCK_EVERY: Duration = Duration::from_secs(60);
/// Issuers with gauges of their own.
const ISSUERS: usize = 20;

impl Health {
    /// Looks at what the options name.
    pub fn new(options: HealthOptions) -> Self {
        Self {
            options,
            ..Self::default()
        }
    }

    /// Every check, at most once a second.
    pub(crate) async fn report(&self, app: &App) -> Report {
        let now = app.clock.now();
        // Whoever comes while others check waits for their result.
        let mut checked = self.checked.lock().await;
        if let Some((at, report)) = &*checked
            && is_fresh(*at, now, CHECK_EVERY_MS)
        {
            return report.clone();
        }
        let report = self.check(app).await;
        *checked = Some((now, report.clone()));
        report
    }

    async fn check(&self, app: &App) -> Report {
        let database = self.database(app).await;
        self.look_at_the_clock(app).await;
        Report::of([
            database,
            self.disk(),
            self.workers(&app.metrics),
            self.clock_check(app),
        ])
    }

    /// Goes the way of every document: through the writer to the disk.
    async fn database(&self, app: &App) -> Check {
        let write = async {
            app.store.put_note(NOTE, vec![0; ROOM]).await?;
            app.store.put_note(NOTE, Vec::new()).await
        };
        match tokio::time::timeout(WRITE_TIME, write).await {
            Ok(Ok(())) => Check::good("database"),
            Ok(Err(error)) => {
                log(&error);
                Check::bad(
                    "database",
                    "La base de datos no acepta escrituras",
                    "Revise que esté en marcha y que tenga espacio en disco; el registro del \
                     servidor dice la causa. El servicio vuelve solo.",
                )
            }
            Err(_) => Check::bad(
                "database",
                "La base de datos no responde",
                "Revise que esté en marcha y que nadie la bloquee. El servicio vuelve solo.",
            ),
        }
    }

    fn disk(&self) -> Check {
        let reserve = self.options.disk_reserve;
        match self.disk_free() {
            Some(free) if free < reserve => Check::bad(
                "disk",
                &format!("Quedan {free} bytes libres y hacen falta {reserve}"),
                &format!(
                    "Libere al menos {} bytes donde está el directorio de datos",
                    reserve - free
                ),
            ),
            _ => Check::good("disk"),
        }
    }

    fn workers(&self, metrics: &Metrics) -> Check {
        let since = metrics.since_workers_looked();
        if !self.options.workers || since.is_some_and(|since| since < WORKERS_TIME) {
            return Check::good("workers");
        }
        Check::bad(
            "workers",
            "Los procesos que envían al SRI no trabajan",
            "Si el servicio acaba de arrancar, espere; si no, reinícielo y envíe el registro a \
             quien lo mantiene. Los documentos aceptados no se pierden.",
        )
    }

    fn clock_check(&self, app: &App) -> Check {
        if !self.clock.is_skewed(app.clock.now()) {
            return Check::good("clock");
        }
        let mut check = Check::bad(
            "clock",
            "El reloj de esta máquina difiere más de 24 horas del SRI o del último documento",
            "Ponga el reloj en hora (NTP). Mientras tanto no se emite en ambiente 2.",
        );
        // Everything but production goes on.
        check.matters = app.config.production_enabled;
        check
    }

    /// Compares with what the database knows. To be called at the start and
    /// now and then; a database that cannot be read teaches nothing.
    pub(crate) async fn look_at_the_clock(&self, app: &App) {
        let newest = tokio::time::timeout(WRITE_TIME, app.store.newest_change()).await;
        if let Ok(Ok(Some(newest))) = newest {
            self.clock.saw_change(newest);
        }
    }

    fn disk_free(&self) -> Option<u64> {
        disk::free(self.options.data_dir.as_deref()?)
    }

    /// What is read for `/metrics`.
    pub(crate) async fn gauges(&self, app: &App) -> Gauges {
        let now = app.clock.now();
        let ready = self.report(app).await.ready();
        let queue = self.queue(app, now).await;
        let data_dir = self.options.data_dir.as_deref();
        let age = |issuer: &UnsettledIssuer| IssuerGauges {
            ruc: issuer.ruc.as_str().to_owned(),
            waiting: issuer.waiting,
            oldest_seconds: now.0.saturating_sub(issuer.oldest.0).max(0) / 1000,
        };
        Gauges {
            ready,
            waiting: queue.waiting,
            issuers: queue.issuers.iter().map(age).collect(),
            breakers: self.options.breakers.as_ref().map_or(Vec::new(), |of| of()),
            database_bytes: data_dir.and_then(disk::database_bytes),
            disk_free: self.disk_free(),
            clock_offset_seconds: self.clock.offset_ms(now).map(|offset| offset / 1000),
            clock_skewed: self.clock.is_skewed(now),
            unlocked_keys: app.signer.unlocked_keys(),
        }
    }

    /// Looks at every job, so seldom; a failure keeps what was known.
    async fn queue(&self, app: &App, now: UnixMillis) -> Queue {
        let mut counted = self.counted.lock().await;
        if let Some((at, queue)) = &*counted
            && is_fresh(*at, now, COUNT_EVERY_MS)
        {
            return queue.clone();
        }
        let issuers = app.store.unsettled_by_issuer(ISSUERS).await;
        let depth = app.store.queue_depth().await;
        if let (Ok(issuers), Ok(depth)) = (issuers, depth) {
            let queue = Queue {
                waiting: depth.waiting,
                issuers,
            };
            *counted = Some((now, queue));
        }
        let known = counted.as_ref();
        known.map(|(_, queue)| queue.clone()).unwrap_or_default()
    }
}

/// Compares the clock with the database every minute, until `stop` turns true
/// or its sender is gone.
pub async fn watch_clock(app: App, mut stop: watch::Receiver<bool>) {
    loop {
        let stopped = stop.wait_for(|stop| *stop);
        if tokio::time::timeout(CLOCK_EVERY, stopped).await.is_ok() {
            return;
        }
        app.look_at_the_clock().await;
    }
}

/// A clock that was set back makes nothing fresh.
fn is_fresh(at: UnixMillis, now: UnixMillis, within_ms: i64) -> bool {
    let age = now.0.saturating_sub(at.0);
    (0..within_ms).contains(&age)
}

fn log(error: &StoreError) {
    let cause = std::error::Error::source(error).map(ToString::to_string);
    tracing::error!(%error, cause, "the database takes no writes");
}

#[derive(Clone, Default)]
struct Queue {
    waiting: u64,
    issuers: Vec<UnsettledIssuer>,
}

/// What is read and not counted.
#[derive(Debug, Default)]
pub(crate) struct Gauges {
    pub(crate) ready: bool,
    pub(crate) waiting: u64,
    pub(crate) issuers: Vec<IssuerGauges>,
    pub(crate) breakers: Vec<(Lane, bool)>,
    pub(crate) database_bytes: Option<u64>,
    pub(crate) disk_free: Option<u64>,
    pub(crate) clock_offset_seconds: Option<i64>,
    pub(crate) clock_skewed: bool,
    pub(crate) unlocked_keys: usize,
}

/// What waits of one issuer.
#[derive(Debug)]
pub(crate) struct IssuerGauges {
    pub(crate) ruc: String,
    pub(crate) waiting: u64,
    pub(crate) oldest_seconds: i64,
}

/// Takes what the workers tell to the metrics and to the watch of the clock.
pub(crate) struct Told(pub(crate) App);

impl Observer for Told {
    fn looked_for_work(&self) {
        self.0.metrics.workers_looked();
    }

    fn moved(&self, event: tagua_pipeline::Event, to: Stage) {
        self.0.metrics.moved(event, to);
    }

    fn called(&self, call: &Call<'_>) {
        self.0.metrics.called(call);
        self.0.health.clock.heard(call, self.0.clock.now());
    }
}

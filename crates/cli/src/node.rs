//! One running Tagua: store, workers, HTTP server and, unless the documents go
//! elsewhere, the simulator.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tagua_pipeline::{
    Authorities, Authority, BreakerState, Breakers, Pace, Runner, RunnerConfig, Wake,
};
use tagua_server::{
    App, Health, HealthOptions, LimitOptions, ListenerLimits, Rate, RequestLimits, Router,
    ServerConfig, Signer, Turns,
};
use tagua_sri::{Client, Endpoints, Limits};
use tagua_store::{Lane, Store};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::args::ServeOptions;
use crate::failure::{Failure, While};
use crate::install::{self, DataDir, SandboxFile, Secrets};
use crate::recovery;
use crate::world::{self, SystemRandom};

/// Who decides about documents of ambiente 1.
pub(crate) enum TestWorld {
    /// A simulator inside this process.
    Embedded,
    /// A simulator that runs elsewhere.
    Simulator(String),
    /// SRI's test environment.
    Sri,
}

/// What distinguishes one way of running from another.
pub(crate) struct NodeOptions {
    pub(crate) serve: ServeOptions,
    pub(crate) test_world: TestWorld,
    pub(crate) enable_production: bool,
    pub(crate) hold: bool,
    /// For a whole call to SRI, where it is not the usual one.
    pub(crate) sri_limit: Option<Duration>,
    /// Of a worker's claim, where it is not the usual one.
    pub(crate) lease: Option<Duration>,
}

/// A node that runs.
pub(crate) struct Node {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) data: DataDir,
    pub(crate) address: SocketAddr,
    /// For the first run on a data directory.
    pub(crate) secrets: Option<Secrets>,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
    simulator: Option<(watch::Sender<bool>, JoinHandle<()>)>,
}

impl Node {
    pub(crate) async fn start(options: NodeOptions) -> Result<Self, Failure> {
        let place = &options.serve.place;
        let data = DataDir(place.data.clone());
        let wake = Wake::default();
        let waking = wake.clone();
        let store = install::open(place, move || waking.wake()).await?;
        // Before the secrets are made: a start that fails could not show them.
        let listener = listen(options.serve.listen).await?;
        let watch_listener = match options.serve.watching.metrics_listen {
            Some(address) => Some(listen(address).await?),
            None => None,
        };
        let secrets = prepare(&options, &data, &*store).await?;
        let address = listener.local_addr().during("the address is not known")?;
        let (stop, stopping) = watch::channel(false);
        let mut node = Self {
            store,
            data,
            address,
            secrets,
            stop,
            tasks: Vec::new(),
            simulator: None,
        };
        let authorities = node.authorities(&options).await?;
        // Before anybody is served: a number must not be given out twice.
        recovery::recover(
            &*node.store,
            &authorities,
            &world::SystemClock,
            &SystemRandom,
        )
        .await?;
        let app = node.app(&options, wake.clone(), authorities.breakers());
        if !options.hold {
            let runner = Runner::new(
                Arc::clone(&node.store),
                authorities,
                world::clock(),
                Arc::new(SystemRandom),
                runner_config(&options),
                wake.clone(),
                app.observer(),
            );
            node.tasks.push(tokio::spawn(runner.run(stopping.clone())));
        }
        let indexing = tagua_server::index_documents(app.clone(), stopping.clone());
        node.tasks.push(tokio::spawn(indexing));
        let (seen, _) = watch::channel(Vec::new());
        node.tasks
            .push(tokio::spawn(tagua_pipeline::watch_unsettled(
                Arc::clone(&node.store),
                world::clock(),
                seen,
                stopping.clone(),
            )));
        app.look_at_the_clock().await;
        let watching = tagua_server::watch_clock(app.clone(), stopping);
        node.tasks.push(tokio::spawn(watching));
        if let Some(listener) = watch_listener {
            let router = tagua_server::watch_router(app.clone());
            node.serve(listener, router, &app, ListenerLimits::default());
        }
        let limits = ListenerLimits {
            connections_per_address: options.serve.watching.connections_per_ip,
            ..ListenerLimits::default()
        };
        let router = tagua_server::router(app.clone());
        node.serve(listener, router, &app, limits);
        Ok(node)
    }

    fn serve(&mut self, listener: TcpListener, router: Router, app: &App, limits: ListenerLimits) {
        let (random, metrics) = (Arc::clone(&app.random), Arc::clone(&app.metrics));
        let stopping = self.stop.subscribe();
        let serving = tagua_server::serve(listener, router, limits, random, metrics, stopping);
        self.tasks.push(tokio::spawn(serving));
    }

    /// The base address for clients.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Lets requests and steps in flight end, then closes the database. What
    /// does not end in time is as after a kill: nothing is lost.
    pub(crate) async fn stop(self) {
        let _ = self.stop.send(true);
        let orderly = async {
            for task in self.tasks {
                let _ = task.await;
            }
            if let Some((stop, task)) = self.simulator {
                let _ = stop.send(true);
                let _ = task.await;
            }
            if let Err(error) = self.store.close().await {
                tracing::error!(%error, "the database was not closed");
            }
        };
        if tokio::time::timeout(STOP_TIME, orderly).await.is_err() {
            tracing::warn!("stopped with work in flight; it goes on at the next start");
        }
    }

    fn app(&self, options: &NodeOptions, wake: Wake, breakers: Breakers) -> App {
        let store = Arc::clone(&self.store);
        let clock = world::clock();
        let random = Arc::new(SystemRandom);
        let simulated = !matches!(options.test_world, TestWorld::Sri);
        let sandbox = simulated.then(|| {
            Arc::new(SandboxFile::of(&self.data)) as Arc<dyn tagua_server::SandboxCertificates>
        });
        let signer = Signer::new(
            Arc::clone(&store),
            Arc::clone(&clock) as _,
            Arc::clone(&random) as _,
            options.serve.signature_hash.into(),
            sandbox,
            std::thread::available_parallelism().map_or(1, usize::from),
        );
        let watching = &options.serve.watching;
        let in_files = options.serve.place.database.is_none();
        let public_url = options
            .serve
            .public_url
            .clone()
            .unwrap_or_else(|| self.url());
        App {
            store,
            signer: Arc::new(signer),
            clock,
            random,
            wake,
            turns: Turns::default(),
            metrics: Arc::default(),
            health: Arc::new(Health::new(HealthOptions {
                data_dir: in_files.then(|| options.serve.place.data.clone()),
                workers: !options.hold,
                breakers: Some(Arc::new(move || open_breakers(&breakers))),
                ..HealthOptions::default()
            })),
            limits: Arc::new(RequestLimits::new(LimitOptions {
                rate: watching.rate_limit.map(Rate::per_second),
                open_documents: watching.open_documents,
            })),
            config: Arc::new(ServerConfig {
                public_url: public_url.trim_end_matches('/').to_owned(),
                production_enabled: options.enable_production,
                metrics_public: watching.metrics_public,
            }),
        }
    }

    async fn authorities(&mut self, options: &NodeOptions) -> Result<Authorities, Failure> {
        let (endpoints, pace) = match &options.test_world {
            TestWorld::Embedded => {
                let url = self.start_simulator(options).await?;
                (Endpoints::under(&url), Pace::SIMULATOR)
            }
            TestWorld::Simulator(url) => (Endpoints::under(url), Pace::SIMULATOR),
            TestWorld::Sri => (Endpoints::sri_test(), Pace::SRI),
        };
        let limits = sri_limits(options);
        let production = match options.enable_production {
            true => Some((client(Endpoints::sri_production(), limits)?, Pace::SRI)),
            false => None,
        };
        Ok(Authorities::new(
            (client(endpoints, limits)?, pace),
            production,
        ))
    }

    async fn start_simulator(&mut self, options: &NodeOptions) -> Result<String, Failure> {
        let mut config = tagua_simulator::Config::new(self.data.simulator());
        config.profile = options.serve.simulator_severity.into();
        // It shares the disk with the database, whose commits it would hold up.
        config.flush = tagua_simulator::Flush::Behind;
        let simulator = tagua_simulator::Simulator::open(config, world::clock())
            .during("the simulator could not be started")?;
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .during("the simulator has no port to listen on")?;
        let address = listener
            .local_addr()
            .during("the simulator's address is not known")?;
        let (stop, mut stopping) = watch::channel(false);
        let task = tokio::spawn(async move {
            let stopped = async move {
                let _ = stopping.wait_for(|stop| *stop).await;
            };
            if let Err(error) = simulator.serve(listener, stopped).await {
                tracing::error!(%error, "the simulator ended");
            }
        });
        self.simulator = Some((stop, task));
        Ok(format!("http://{address}"))
    }
}

/// A directory of one node is made ready; a database of several is not, lest
/// two that start at once make two accounts.
async fn prepare(
    options: &NodeOptions,
    data: &DataDir,
    store: &dyn Store,
) -> Result<Option<Secrets>, Failure> {
    let place = &options.serve.place;
    if place.database.is_none() {
        return Ok(install::prepare(data, store).await?.1);
    }
    if matches!(options.test_world, TestWorld::Embedded) {
        let why = "nodes of one database need one SRI, and each would carry a simulator of its own";
        let hint = "start `tagua simulator --data DATA/simulator` once and give its --simulator-url, or give --sri-test";
        return Err(Failure::new(why).hint(hint));
    }
    match install::sandbox_account(store).await? {
        Some(_) => Ok(None),
        None => Err(install::not_initialized(place)),
    }
}

/// Which services of SRI are left alone, for metrics.
fn open_breakers(breakers: &Breakers) -> Vec<(Lane, bool)> {
    let states = breakers.states().into_iter();
    states
        .map(|(lane, state)| (lane, state != BreakerState::Closed))
        .collect()
}

/// Leaves the process a second of the ten that service managers wait.
const STOP_TIME: Duration = Duration::from_secs(9);

/// Takes the port.
pub(crate) async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address)
        .await
        .during(&format!("{address} cannot be listened on"))
        .map_err(|failure| {
            failure.hint(
                "another program may use it, or this machine does not have the address: \
                 give another --listen",
            )
        })
}

/// The client keeps its own limit; who limits the client waits longer.
const CALL_MARGIN: Duration = Duration::from_secs(10);

fn runner_config(options: &NodeOptions) -> RunnerConfig {
    let usual = RunnerConfig::default();
    RunnerConfig {
        lease: options.lease.unwrap_or(usual.lease),
        call_limit: usual
            .call_limit
            .max(sri_limits(options).total + CALL_MARGIN),
        ..usual
    }
}

fn sri_limits(options: &NodeOptions) -> Limits {
    let usual = Limits::default();
    let total = options.sri_limit.unwrap_or(usual.total);
    Limits {
        connect: usual.connect.min(total),
        total,
        ..usual
    }
}

fn client(endpoints: Endpoints, limits: Limits) -> Result<Arc<dyn Authority>, Failure> {
    let client = Client::new(endpoints, limits).during("the client of SRI could not be set up")?;
    Ok(Arc::new(client))
}

/// Resolves at Ctrl-C or SIGTERM. From this call on, not from the first poll,
/// neither ends the process by itself: to be called before saying "ready".
pub(crate) fn asked_to_stop() -> impl Future<Output = ()> {
    use tokio::signal::unix::{Signal, SignalKind, signal};
    async fn received(signal: std::io::Result<Signal>) {
        match signal {
            Ok(mut signal) => {
                signal.recv().await;
            }
            // The process ends at it, as without a handler.
            Err(_) => std::future::pending().await,
        }
    }
    let interrupt = signal(SignalKind::interrupt());
    let terminate = signal(SignalKind::terminate());
    async move {
        tokio::select! {
            () = received(interrupt) => {}
            () = received(terminate) => {}
        }
    }
}

/// Runs `work` on the multi-threaded runtime.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .during("the runtime could not be started")?
        .block_on(work)
}

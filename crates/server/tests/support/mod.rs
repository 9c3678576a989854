//! A running server over a store of its own, with a clock that stands still.

#![allow(dead_code, reason = "each test binary uses its part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

pub(crate) mod client;
pub(crate) mod documents;
pub(crate) mod log;
pub(crate) mod sample;
pub(crate) mod sandbox;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering};

use axum::Router;
use serde_json::Value as Json;
use tagua_pipeline::{Clock, Observer, Random, Wake};
use tagua_server::{
    App, Health, HealthOptions, LimitOptions, ListenerLimits, RequestLimits, ServerConfig, Signer,
    Turns,
};
use tagua_store::{Account, NewAccount, SqliteOptions, SqliteStore, Store, UnixMillis, sha256};
use tagua_xades::SignatureHash;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use self::client::{Answer, Call};
use self::sandbox::{PASSWORD, Sandbox};

/// 10:00 of 20 November 2026 in Guayaquil.
pub(crate) const NOW_MS: i64 = 1_795_186_800_000;
/// The API key of the world's account.
pub(crate) const KEY: &str = "7d1f0c5ee2a94b1f8a66f3f0c2b7a911";
pub(crate) const PUBLIC_URL: &str = "https://tagua.example";

/// Stands still until it is moved.
pub(crate) struct StillClock(AtomicI64);

impl StillClock {
    pub(crate) fn forward(&self, milliseconds: i64) {
        self.0.fetch_add(milliseconds, Ordering::Relaxed);
    }
}

impl Clock for StillClock {
    fn now(&self) -> UnixMillis {
        UnixMillis(self.0.load(Ordering::Relaxed))
    }
}

/// The same bytes in every run (splitmix64).
struct Seeded(AtomicU64);

impl Random for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let mut z = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            let word = (z ^ (z >> 31)).to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
    }
}

/// What a test may want otherwise.
pub(crate) struct Options {
    pub(crate) sandbox_account: bool,
    pub(crate) production_enabled: bool,
    pub(crate) limits: ListenerLimits,
    pub(crate) request_limits: LimitOptions,
    pub(crate) health: HealthOptions,
    pub(crate) metrics_public: bool,
    /// Adds routes to the server's.
    pub(crate) routes: fn(Router) -> Router,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            sandbox_account: true,
            production_enabled: false,
            limits: ListenerLimits::default(),
            request_limits: LimitOptions::default(),
            health: HealthOptions::default(),
            metrics_public: false,
            routes: |router| router,
        }
    }
}

pub(crate) struct World {
    pub(crate) dir: TempDir,
    pub(crate) store: Arc<SqliteStore>,
    pub(crate) clock: Arc<StillClock>,
    pub(crate) address: SocketAddr,
    pub(crate) account: Account,
    pub(crate) signer: Arc<Signer>,
    pub(crate) turns: Turns,
    pub(crate) app: App,
    /// How often a sandbox certificate was made.
    pub(crate) certificates_made: Arc<AtomicUsize>,
    pub(crate) stop: watch::Sender<bool>,
    pub(crate) serving: JoinHandle<()>,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::with(Options::default()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let dir = TempDir::new().unwrap();
        let store = Arc::new(SqliteStore::open(dir.path(), SqliteOptions::default()).unwrap());
        let account = add_account(&store, "Pruebas", options.sandbox_account, KEY).await;
        let clock = Arc::new(StillClock(AtomicI64::new(NOW_MS)));
        let sandbox = Sandbox::default();
        let certificates_made = Arc::clone(&sandbox.made);
        let app = app(&store, &clock, sandbox, &options);
        let signer = Arc::clone(&app.signer);
        let turns = app.turns.clone();
        let same = app.clone();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopping) = watch::channel(false);
        let random = Arc::clone(&app.random);
        let router = (options.routes)(tagua_server::router(app));
        let metrics = Arc::clone(&same.metrics);
        let serving =
            tagua_server::serve(listener, router, options.limits, random, metrics, stopping);
        Self {
            dir,
            store,
            clock,
            address,
            account,
            signer,
            turns,
            app: same,
            certificates_made,
            stop,
            serving: tokio::spawn(serving),
        }
    }

    /// A second server over the same store, as another process would be one:
    /// the two know nothing of each other's requests.
    pub(crate) async fn second_server(&self) -> SocketAddr {
        self.second_server_by(Arc::clone(&self.app.clock)).await
    }

    /// The same by another clock.
    pub(crate) async fn second_server_by(&self, clock: Arc<dyn Clock>) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = App {
            turns: Turns::default(),
            clock,
            ..self.app.clone()
        };
        let (router, limits) = (tagua_server::router(app), ListenerLimits::default());
        let stop = self.stop.subscribe();
        let random = Arc::clone(&self.app.random);
        let metrics = Arc::clone(&self.app.metrics);
        let serving = tagua_server::serve(listener, router, limits, random, metrics, stop);
        tokio::spawn(serving);
        address
    }

    /// A listener for watching alone.
    pub(crate) async fn watch_server(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = tagua_server::watch_router(self.app.clone());
        let limits = ListenerLimits::default();
        let (stop, random) = (self.stop.subscribe(), Arc::clone(&self.app.random));
        let metrics = Arc::clone(&self.app.metrics);
        let serving = tagua_server::serve(listener, router, limits, random, metrics, stop);
        tokio::spawn(serving);
        address
    }

    /// What workers over this store would tell.
    pub(crate) fn observer(&self) -> Arc<dyn Observer> {
        self.app.observer()
    }

    /// Another account with its own key.
    pub(crate) async fn other_account(&self, key: &str, sandbox: bool) -> Account {
        add_account(&self.store, "Otra", sandbox, key).await
    }

    /// `POST /invoices/issue` with key and password.
    pub(crate) async fn issue(&self, body: &Json) -> Answer {
        self.post("/invoices/issue", body).await
    }

    /// A POST with key and password.
    pub(crate) async fn post(&self, path: &str, body: &Json) -> Answer {
        let call = Call::post(path).key(KEY).password(PASSWORD);
        call.json(body).send(self.address).await
    }

    /// A GET with the key.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        Call::get(path).key(KEY).send(self.address).await
    }

    /// Issues, which must succeed, and gives the answer's body.
    #[track_caller]
    pub(crate) fn issued(&self, body: &Json) -> impl Future<Output = Json> {
        let issued = Call::post("/invoices/issue").key(KEY).password(PASSWORD);
        let issued = issued.json(body).send(self.address);
        async move {
            let answer = issued.await;
            assert_eq!(answer.status, 200, "{}", answer.text());
            answer.json()
        }
    }
}

fn app(
    store: &Arc<SqliteStore>,
    clock: &Arc<StillClock>,
    sandbox: Sandbox,
    options: &Options,
) -> App {
    let random = Arc::new(Seeded(AtomicU64::new(1)));
    let signer = Signer::new(
        Arc::clone(store) as _,
        Arc::clone(clock) as _,
        Arc::clone(&random) as _,
        SignatureHash::Sha256,
        Some(Arc::new(sandbox)),
        2,
    );
    App {
        store: Arc::clone(store) as _,
        signer: Arc::new(signer),
        clock: Arc::clone(clock) as _,
        random,
        wake: Wake::default(),
        turns: Turns::default(),
        metrics: Arc::default(),
        health: Arc::new(Health::new(options.health.clone())),
        limits: Arc::new(RequestLimits::new(options.request_limits)),
        config: Arc::new(ServerConfig {
            public_url: PUBLIC_URL.to_owned(),
            production_enabled: options.production_enabled,
            metrics_public: options.metrics_public,
        }),
    }
}

async fn add_account(store: &SqliteStore, name: &str, sandbox: bool, key: &str) -> Account {
    let at = UnixMillis(NOW_MS);
    let new = NewAccount {
        name: name.to_owned(),
        sandbox,
        at,
    };
    let account = store.create_account(new).await.unwrap();
    store
        .add_api_key(account.id, sha256(key.as_bytes()), at)
        .await
        .unwrap();
    account
}

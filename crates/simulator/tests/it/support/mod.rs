//! One simulator per test, on a port of its own, with a clock that tests move.

pub(crate) mod document;
pub(crate) mod http;
pub(crate) mod signer;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use tagua_simulator::{Clock, Config, Fault, Profile, Simulator, ledger};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use document::Invoice;
use http::Reply;
use signer::Signer;

/// 2026-11-20T12:00:00-05:00.
pub(crate) const NOON: i64 = 1_795_194_000_000;
pub(crate) const DAY: i64 = 86_400_000;

pub(crate) struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now_unix_millis(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// A running simulator and everything to talk to it.
pub(crate) struct World {
    directory: TempDir,
    config: Config,
    clock: Arc<TestClock>,
    pub(crate) address: SocketAddr,
    pub(crate) simulator: Simulator,
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<()>,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn strict() -> Self {
        Self::with(|config| config.profile = Profile::Estricto).await
    }

    /// A simulator that trusts the sandbox authority all tests share.
    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let directory = TempDir::new().expect("a directory");
        let mut config = Config::new(directory.path());
        change(&mut config);
        let authorities = config.sandbox_ca_dir();
        std::fs::create_dir_all(&authorities).expect("a directory");
        let certificate = &signer::authority().ca_certificate_der;
        std::fs::write(authorities.join("test.der"), certificate).expect("a file");
        let clock = Arc::new(TestClock(AtomicI64::new(NOON)));
        Self::start(directory, config, clock).await
    }

    async fn start(directory: TempDir, config: Config, clock: Arc<TestClock>) -> Self {
        let simulator = Simulator::open(config.clone(), clock.clone()).expect("opens");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (stop, stopped) = oneshot::channel();
        let serving = simulator.clone();
        let server = tokio::spawn(async move {
            let stopped = async {
                let _ = stopped.await;
            };
            serving.serve(listener, stopped).await.expect("serves");
        });
        Self {
            directory,
            config,
            clock,
            address,
            simulator,
            stop: Some(stop),
            server,
        }
    }

    /// Stops the simulator; the files stay.
    pub(crate) async fn stop(self) -> Stopped {
        drop(self.stop);
        self.server.await.expect("ends");
        drop(self.simulator);
        Stopped {
            directory: self.directory,
            config: self.config,
            clock: self.clock,
        }
    }

    pub(crate) async fn restart(self) -> Self {
        self.stop().await.start().await
    }

    pub(crate) fn pass(&self, milliseconds: i64) {
        self.clock.0.fetch_add(milliseconds, Ordering::SeqCst);
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn inject(&self, fault: Fault) {
        assert!(self.simulator.inject(vec![fault]));
    }

    /// `validarComprobante` with these bytes.
    pub(crate) async fn send(&self, document: &[u8]) -> Reply {
        http::post(self.address, http::RECEPTION, &http::reception(document)).await
    }

    /// Signs an invoice with its issuer's sandbox key and sends it.
    pub(crate) async fn send_invoice(&self, invoice: &Invoice) -> Reply {
        self.send(&self.sign(invoice)).await
    }

    pub(crate) fn sign(&self, invoice: &Invoice) -> Vec<u8> {
        Signer::sandbox(&invoice.ruc).sign(&invoice.xml(), self.clock.now_unix_millis())
    }

    /// `autorizacionComprobante`.
    pub(crate) async fn ask(&self, key: &str) -> Reply {
        http::post(self.address, http::AUTHORIZATION, &http::query(key)).await
    }

    pub(crate) fn entries(&self) -> Vec<ledger::Entry> {
        let path = self.path(ledger::LEDGER_FILE);
        let entries = ledger::read(path).expect("opens");
        entries.map(|entry| entry.expect("an entry")).collect()
    }
}

/// A directory without its simulator.
pub(crate) struct Stopped {
    pub(crate) directory: TempDir,
    pub(crate) config: Config,
    pub(crate) clock: Arc<TestClock>,
}

impl Stopped {
    pub(crate) async fn start(self) -> World {
        World::start(self.directory, self.config, self.clock).await
    }
}

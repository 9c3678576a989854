//! Nodes of one PostgreSQL database that lose each other, and the database.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[path = "../../postgres/tests/support/mod.rs"]
mod postgres;
mod support;

use std::collections::BTreeMap;
use std::io::Result;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tagua_simulator::ledger::{DecisionState, Entry, Service};

use support::body::invoice;
use support::http::{self, Answer};
use support::world::{Server, Simulator, World, text};
use support::{succeed, wait_until};

/// Of a lease, with time to spare.
const LONGER_THAN_A_LEASE: Duration = Duration::from_secs(6);
/// What is promised after a crash.
const RESUMED: Duration = Duration::from_secs(5);

/// An installation that was moved into a database.
struct Cluster {
    world: World,
    simulator: Simulator,
    url: String,
}

impl Cluster {
    fn on(server: &postgres::Server) -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let url = runtime.block_on(server.database());
        let world = World::new();
        let data = world.data();
        succeed(&["migrate", "--from", text(&data), "--to", &url]);
        Self {
            simulator: world.start_simulator(),
            world,
            url,
        }
    }

    fn start(&self) -> Server {
        let simulator = format!("http://{}", self.simulator.address);
        let options = ["--database", &self.url, "--simulator-url", &simulator];
        self.world.start_with(&options, &[])
    }

    /// Has SRI's next receptions meet this.
    fn next(&self, count: usize, fault: &Value) {
        let order = json!({ "service": "recepcion", "next": vec![fault; count] });
        self.simulator.control(&[order]);
    }

    /// Waits until SRI was asked to receive so many files.
    fn received(&self, count: usize) {
        wait_until("the receptions", || {
            let receptions = receptions(&self.world.ledger());
            (receptions >= count).then_some(())
        });
    }

    /// One authorization of each document, and of nothing else.
    fn check(&self, documents: &[Value]) {
        let ledger = self.world.ledger();
        let mut authorized = BTreeMap::<_, usize>::new();
        for entry in &ledger {
            let decision = entry.decision.as_ref();
            if decision.is_some_and(|decision| decision.state == DecisionState::Authorized) {
                *authorized.entry(entry.access_key.clone()).or_default() += 1;
            }
        }
        let key = |document: &Value| document["clave_acceso"].as_str().map(str::to_owned);
        let expected: BTreeMap<_, _> = documents.iter().map(|d| (key(d), 1)).collect();
        assert_eq!(authorized, expected);
        assert_eq!(expected.len(), documents.len());
    }
}

fn receptions(ledger: &[Entry]) -> usize {
    let receptions = ledger
        .iter()
        .filter(|entry| entry.service == Service::Recepcion);
    receptions.count()
}

fn id(document: &Value) -> &str {
    document["id"].as_str().unwrap()
}

#[test]
fn what_a_killed_node_held_goes_on_at_once() {
    let Some(server) = postgres::server() else {
        return;
    };
    let cluster = Cluster::on(server);
    let mut first = cluster.start();
    // SRI gets them and never answers: the node is in these calls until it dies.
    let held = json!({ "fault": "accept_then_timeout", "hold_ms": 60_000 });
    cluster.next(4, &held);
    let issued: Vec<_> = (1..=4)
        .map(|number| first.issue(&invoice(number)))
        .collect();
    cluster.received(4);
    let second = cluster.start();
    let calls = cluster.world.ledger().len();
    thread::sleep(LONGER_THAN_A_LEASE);
    // The living keep their work.
    assert_eq!(cluster.world.ledger().len(), calls);
    first.process.kill();
    let killed = Instant::now();
    for document in &issued {
        second.settled(id(document), "AUTORIZADO");
    }
    let resumed = killed.elapsed();
    println!("all authorized {resumed:?} after the kill");
    assert!(resumed < RESUMED, "{resumed:?}");
    cluster.check(&issued);
    assert_eq!(receptions(&cluster.world.ledger()), 4);
}

#[test]
fn a_database_that_was_gone_is_used_again() {
    let Some(database) = postgres::own_server() else {
        return;
    };
    let cluster = Cluster::on(&database);
    let mut server = cluster.start();
    let settled = server.issue(&invoice(1));
    server.settled(id(&settled), "AUTORIZADO");
    // Their answers come while there is nothing to write them to.
    cluster.next(4, &json!({ "fault": "slow", "delay_ms": 1500 }));
    let mut issued = vec![settled];
    issued.extend((2..=5).map(|number| server.issue(&invoice(number))));
    cluster.received(5);
    let over = AtomicBool::new(false);
    let (address, key, password) = (server.address, &*server.key, &*server.password);
    let (more, refused) = thread::scope(|scope| {
        let client = scope.spawn(|| issue_until(&over, address, key, password));
        thread::sleep(Duration::from_millis(300));
        database.stop();
        while_it_is_gone(&server);
        database.start();
        let started = Instant::now();
        wait_until("/readyz", || {
            let answer = http::call(address, "GET", "/readyz", &[], b"").unwrap();
            (answer.status == 200).then_some(())
        });
        let ready = started.elapsed();
        println!("ready {ready:?} after the database");
        assert!(ready < RESUMED, "{ready:?}");
        thread::sleep(Duration::from_secs(1));
        over.store(true, Ordering::SeqCst);
        client.join().unwrap()
    });
    println!("{} issued beside, {refused} answers 503", more.len());
    assert!(refused > 0);
    issued.extend(more);
    let restarted = Instant::now();
    for document in &issued {
        server.settled(id(document), "AUTORIZADO");
    }
    println!("all authorized {:?} later", restarted.elapsed());
    cluster.check(&issued);
    // The operator reads why.
    let said = server.process.said();
    assert!(said.contains("Connection refused"), "{said}");
    server.process.stop();
}

/// The process lives and says what is the matter, at once.
fn while_it_is_gone(server: &Server) {
    let outage = Instant::now();
    while outage.elapsed() < Duration::from_secs(3) {
        let call = |path| http::call(server.address, "GET", path, &[], b"").unwrap();
        assert_eq!(call("/livez").status, 200);
        let asked = Instant::now();
        let ready = call("/readyz");
        let refused = server.post("/invoices/issue", &server.password, &invoice(900));
        let query = server.get("/invoices");
        assert!(
            asked.elapsed() < Duration::from_secs(2),
            "{:?}",
            asked.elapsed()
        );
        assert_eq!(ready.status, 503, "{:?}", ready.json());
        assert_eq!(ready.retry_after, Some(5));
        assert_eq!(ready.json()["listo"], false);
        for answer in [refused, query] {
            assert_eq!(answer.status, 503, "{answer:?}");
            assert_eq!(answer.retry_after, Some(5));
            let body = answer.json();
            assert_eq!(body["code"], "UNAVAILABLE", "{body}");
        }
        thread::sleep(Duration::from_millis(200));
    }
}

/// A client that goes on issuing and repeats what was refused, under the same
/// idempotency key. Answers its documents, and how often it was told to wait.
fn issue_until(
    over: &AtomicBool,
    address: SocketAddr,
    key: &str,
    password: &str,
) -> (Vec<Value>, usize) {
    let (mut issued, mut refused) = (Vec::new(), 0);
    for number in 100.. {
        if over.load(Ordering::SeqCst) {
            break;
        }
        let answer = wait_until("an answer", || {
            let answer = issue_once(number, address, key, password).unwrap();
            if answer.status == 503 {
                refused += 1;
                thread::sleep(Duration::from_millis(50));
                return None;
            }
            Some(answer)
        });
        assert_eq!(answer.status, 200, "{answer:?}");
        issued.push(answer.json());
        thread::sleep(Duration::from_millis(20));
    }
    (issued, refused)
}

fn issue_once(number: u32, address: SocketAddr, key: &str, password: &str) -> Result<Answer> {
    let order = format!("pedido-{number}");
    let headers = [
        ("x-key", key),
        ("x-password", password),
        ("idempotency-key", &order),
    ];
    let body = invoice(number).to_string();
    let path = "/invoices/issue";
    http::call(address, "POST", path, &headers, body.as_bytes())
}

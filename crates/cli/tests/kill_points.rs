//! The server is killed from outside in every named state of one invoice's
//! journey, started again, and must end with one authorization in the ledger of
//! a simulator that runs in another process. Three records are compared: what
//! the client was told, what the server says, what the authority has.
//!
//! Failpoints need a build with debug assertions, which test builds have.
#![cfg(debug_assertions)]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod support;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tagua_simulator::ledger::{DecisionState, Entry, Service};
use tagua_store::failpoint::Failpoint;
use tagua_store::{hex, sha256};

use support::body::invoice;
use support::http;
use support::wait_until;
use support::world::{Server, Simulator, World};

/// For a named place to be reached.
const REACH_TIME: Duration = Duration::from_secs(20);
/// Worlds at once: most of a world's time is waiting.
const LANES: usize = 4;
const POINTS_MIN: usize = 40;

/// A state to be killed in.
#[derive(Clone, Debug)]
enum Point {
    /// The setting of `TAGUA_FAILPOINT` for a server that is asked to issue.
    Issuing(String),
    /// The same for a server that starts with a signed document waiting.
    Starting(String),
    /// The first as in `Issuing`; the second is reached while the next server
    /// picks up what the first one left.
    Recovering(Failpoint, Failpoint),
    /// The authority's answer is lost or late; the moment is seen in its ledger.
    Answering(&'static str, Value),
}

#[test]
fn one_authorization_wherever_the_server_is_killed() {
    let mut points = points();
    points.reverse();
    assert!(points.len() >= POINTS_MIN, "only {} points", points.len());
    println!("{} points", points.len());
    let (points, failed) = (Mutex::new(points), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..LANES {
            scope.spawn(|| {
                while let Some(point) = take(&points) {
                    if catch_unwind(AssertUnwindSafe(|| check(&point))).is_err() {
                        failed.lock().unwrap().push(point);
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "failed at {failed:?}");
}

fn take(points: &Mutex<Vec<Point>>) -> Option<Point> {
    points.lock().unwrap().pop()
}

fn points() -> Vec<Point> {
    let named = Failpoint::ALL.iter().flat_map(|point| of(*point));
    named
        .chain(RECOVERIES.map(|(first, second)| Point::Recovering(first, second)))
        .chain(of_the_authority())
        .collect()
}

/// Before anything left, after it was sent, and after it was decided: each time
/// the next server is killed too.
const RECOVERIES: [(Failpoint, Failpoint); 8] = {
    use Failpoint as F;
    [
        (F::ServerAnswered, F::StoreApplyAfterCommit),
        (F::PipelineSubmissionMarked, F::PipelineAuthorizationRead),
        (F::PipelineSubmissionMarked, F::PipelineSubmissionMarked),
        (F::PipelineSubmissionMarked, F::PipelineAnswerRead),
        (F::PipelineAnswerRead, F::PipelineBeforeAsk),
        (F::PipelineAnswerRead, F::StoreApplyInside),
        (F::PipelineAnswerRead, F::StoreApplyBeforeCommit),
        (F::PipelineReceptionSettled, F::PipelineAuthorizationSettled),
    ]
};

fn of(point: Failpoint) -> Vec<Point> {
    let name = point.as_str();
    match point {
        // An invoice has three steps: sending, reception's and authorization's answer.
        Failpoint::StoreApplyInside
        | Failpoint::StoreApplyBeforeCommit
        | Failpoint::StoreApplyAfterCommit => {
            let step = |step| Point::Issuing(format!("{name}:{step}"));
            (1..=3).map(step).collect()
        }
        // An idle server claims as well: only with a document waiting is the first claim its own.
        Failpoint::StoreClaimAfterCommit => vec![Point::Starting(name.to_owned())],
        Failpoint::PipelineClaimed => vec![
            Point::Issuing(name.to_owned()),
            Point::Starting(name.to_owned()),
        ],
        _ => vec![Point::Issuing(name.to_owned())],
    }
}

/// Inside the HTTP client there is no place to stop; the authority sees that it
/// was asked and decides what becomes of its answer.
fn of_the_authority() -> Vec<Point> {
    let held = json!({ "fault": "accept_then_timeout", "hold_ms": 60_000 });
    vec![
        Point::Answering("recepcion", held.clone()),
        Point::Answering("autorizacion", held),
        Point::Answering("recepcion", json!({ "fault": "truncated" })),
        Point::Answering("autorizacion", json!({ "fault": "truncated" })),
        Point::Answering("recepcion", json!({ "fault": "reset", "when": "after" })),
        Point::Answering("recepcion", json!({ "fault": "reset", "when": "before" })),
        Point::Answering("recepcion", json!({ "fault": "http_500", "when": "after" })),
        Point::Answering("recepcion", json!({ "fault": "html", "when": "before" })),
        Point::Answering("recepcion", json!({ "fault": "registered_on_first_sight" })),
        Point::Answering("recepcion", json!({ "fault": "in_process", "seconds": 1 })),
        Point::Answering(
            "recepcion",
            json!({ "fault": "late_authorization", "milliseconds": 700 }),
        ),
    ]
}

fn check(point: &Point) {
    let world = World::new();
    let simulator = world.start_simulator();
    let (server, told) = kill_and_restart(&world, &simulator, point);
    let document = server.settled(&told.id, "AUTORIZADO");
    let key = document["clave_acceso"].as_str().unwrap();
    if let Some(told) = &told.access_key {
        assert_eq!(told, key);
    }
    assert_eq!(holder_of_the_number(&server), told.id);
    let authorized = server.xml(&told.id);
    assert_ledger(
        &world.ledger(),
        key,
        &sha256_of_the_signed_file(&authorized),
    );
}

/// What the client knows in the end.
struct Told {
    id: String,
    /// Unknown to a client whose answer was lost.
    access_key: Option<String>,
}

fn kill_and_restart(world: &World, simulator: &Simulator, point: &Point) -> (Server, Told) {
    match point {
        Point::Issuing(failpoint) => {
            let server = start(world, simulator, Some(failpoint));
            let reached = |server: &Server| reach(server, failpoint);
            issue_through_a_kill(world, simulator, server, reached, None)
        }
        Point::Recovering(first, second) => {
            let server = start(world, simulator, Some(first.as_str()));
            let reached = |server: &Server| reach(server, first.as_str());
            let second = Some(second.as_str());
            issue_through_a_kill(world, simulator, server, reached, second)
        }
        Point::Starting(failpoint) => {
            let mut holding = world.start_with(&["--hold"], &[]);
            let told = Told::by(&holding.issue(&invoice(1)));
            holding.process.stop();
            let mut server = start(world, simulator, Some(failpoint));
            reach(&server, failpoint);
            server.process.kill();
            (start(world, simulator, None), told)
        }
        Point::Answering(service, fault) => {
            simulator.order(service, fault);
            let server = start(world, simulator, None);
            let met = || world.ledger().iter().any(|entry| entry.fault.is_some());
            let reached = |_: &Server| {
                wait_until("the fault in the ledger", || met().then_some(()));
            };
            issue_through_a_kill(world, simulator, server, reached, None)
        }
    }
}

fn start(world: &World, simulator: &Simulator, failpoint: Option<&str>) -> Server {
    let url = format!("http://{}", simulator.address);
    let setting = failpoint.map(|name| ("TAGUA_FAILPOINT", name));
    world.start_with(&["--simulator-url", &url], setting.as_slice())
}

fn reach(server: &Server, failpoint: &str) {
    let name = failpoint.split(':').next().unwrap();
    let line = format!("failpoint {name}");
    server.process.line(REACH_TIME, |said| said == line);
}

/// A client that does not give up issues while the server is killed.
fn issue_through_a_kill(
    world: &World,
    simulator: &Simulator,
    mut server: Server,
    reached: impl FnOnce(&Server),
    recovery: Option<&str>,
) -> (Server, Told) {
    let address = Mutex::new(server.address);
    thread::scope(|scope| {
        let client = scope.spawn(|| issue_carefully(world, &address));
        reached(&server);
        server.process.kill();
        let again = |failpoint| {
            let server = start(world, simulator, failpoint);
            *address.lock().unwrap() = server.address;
            server
        };
        if let Some(failpoint) = recovery {
            let mut server = again(Some(failpoint));
            reach(&server, failpoint);
            server.process.kill();
        }
        let server = again(None);
        (server, client.join().unwrap())
    })
}

/// Repeats the request under its number until an answer says where the document is.
fn issue_carefully(world: &World, address: &Mutex<SocketAddr>) -> Told {
    let headers = [("x-key", &*world.key), ("x-password", &*world.password)];
    let body = invoice(1).to_string();
    wait_until("an answer", || {
        let address = *address.lock().unwrap();
        let answer = http::call(
            address,
            "POST",
            "/invoices/issue",
            &headers,
            body.as_bytes(),
        );
        let answer = answer.ok()?;
        Some(match answer.status {
            200 => Told::by(&answer.json()),
            400 => Told {
                id: named_in_refusal(&answer.json()),
                access_key: None,
            },
            _ => panic!("{answer:?}"),
        })
    })
}

impl Told {
    fn by(answer: &Value) -> Self {
        let text = |name: &str| answer[name].as_str().unwrap().to_owned();
        Self {
            id: text("id"),
            access_key: Some(text("clave_acceso")),
        }
    }
}

/// The id in the refusal of a number that is taken.
fn named_in_refusal(refusal: &Value) -> String {
    assert_eq!(refusal["parameter"], "secuencial", "{refusal}");
    let details = refusal["details"].as_str().unwrap();
    let id = details
        .split(|c: char| !c.is_ascii_alphanumeric())
        .find(|word| word.len() == 32);
    id.unwrap().to_owned()
}

fn holder_of_the_number(server: &Server) -> String {
    let answer = server.post("/invoices/issue", &server.password, &invoice(1));
    assert_eq!(answer.status, 400);
    named_in_refusal(&answer.json())
}

fn sha256_of_the_signed_file(authorized: &str) -> String {
    let (_, rest) = authorized.split_once("<![CDATA[").unwrap();
    let (signed, _) = rest.split_once("]]></comprobante>").unwrap();
    hex(&sha256(signed.as_bytes()))
}

fn assert_ledger(ledger: &[Entry], key: &str, sha256: &str) {
    let authorizations = ledger
        .iter()
        .filter_map(|entry| entry.decision.as_ref())
        .filter(|decision| decision.state == DecisionState::Authorized);
    assert_eq!(authorizations.count(), 1, "{ledger:#?}");
    // No other document of this number was ever sent, and always the same bytes.
    let sent: BTreeSet<_> = ledger
        .iter()
        .filter(|entry| entry.service == Service::Recepcion)
        .filter(|entry| entry.access_key.is_some())
        .map(|entry| (entry.access_key.as_deref(), entry.sha256.as_deref()))
        .collect();
    assert_eq!(sent, BTreeSet::from([(Some(key), Some(sha256))]));
}

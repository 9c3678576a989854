//! `X-Request-Id` on every answer and in every line of the log.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use tagua_server::ListenerLimits;
use tracing_subscriber::fmt::MakeWriter;

use crate::support::client::{Answer, Call, Wire};
use crate::support::documents::id;
use crate::support::sample::invoice;
use crate::support::sandbox::PASSWORD;
use crate::support::{KEY, Options, World};

#[track_caller]
fn request_id(answer: &Answer) -> String {
    let id = answer.header("x-request-id");
    id.unwrap_or_else(|| panic!("{answer:?}")).to_owned()
}

#[track_caller]
fn is_new(id: &str) {
    let hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    assert!(id.len() == 32 && id.bytes().all(hex), "{id}");
}

#[tokio::test]
async fn every_answer_has_one() {
    let world = World::start().await;
    let issued = world.issue(&invoice(1)).await;
    assert_eq!(issued.status, 200);
    let document = id(&issued.json());
    let mut seen = vec![request_id(&issued)];
    for (method, path, status) in [
        ("GET", "/".to_owned(), 200),
        ("GET", format!("/invoices/{document}"), 200),
        ("GET", format!("/ver/{document}/xml"), 200),
        ("GET", "/nada".to_owned(), 404),
        ("DELETE", "/".to_owned(), 405),
        ("POST", "/invoices/issue".to_owned(), 400),
    ] {
        let answer = Call::new(method, &path).key(KEY).send(world.address).await;
        assert_eq!(answer.status, status, "{path}");
        seen.push(request_id(&answer));
    }
    let unauthorized = Call::get("/edocs/x").send(world.address).await;
    assert_eq!(unauthorized.status, 401);
    seen.push(request_id(&unauthorized));
    seen.iter().for_each(|id| is_new(id));
    let count = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), count);
}

#[tokio::test]
async fn also_when_a_handler_panics_or_the_header_never_ends() {
    async fn panics() {
        panic!("on purpose")
    }
    let world = World::with(Options {
        limits: ListenerLimits {
            header_time: Duration::from_millis(50),
            ..ListenerLimits::default()
        },
        routes: |router: Router| router.route("/panic", get(panics)),
        ..Options::default()
    })
    .await;
    let call = Call::get("/panic").header("X-Request-Id", "a-1");
    let answer = call.send(world.address).await;
    answer.refused(500, &[("", "INTERNAL")]);
    assert_eq!(request_id(&answer), "a-1");
    let mut wire = Wire::open(world.address).await;
    wire.send(b"GET / HTTP/1.1\r\nX-Request-Id: never").await;
    let late = wire.answer().await.unwrap();
    late.refused(408, &[("", "REQUEST_TIMEOUT")]);
    is_new(&request_id(&late));
}

#[tokio::test]
async fn the_clients_own_comes_back() {
    let world = World::start().await;
    let long = "x".repeat(128);
    for own in ["7", "pedido/2026-11-20#3;a=\"b\"", "~", &long] {
        let call = Call::get("/").header("X-Request-Id", own);
        assert_eq!(request_id(&call.send(world.address).await), own);
    }
    let longer = "x".repeat(129);
    for other in ["", "a b", "ñ", "a\tb", &longer] {
        let call = Call::get("/").header("x-request-id", other);
        is_new(&request_id(&call.send(world.address).await));
    }
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn every_line_of_the_log_says_it() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::DEBUG);
    let subscriber = subscriber.with_ansi(false).with_writer(log.clone());
    // The runtime of the test has this thread alone.
    let _guard = tracing::subscriber::set_default(subscriber.finish());
    let world = World::start().await;
    world.store.close().await.unwrap();
    log.0.lock().unwrap().clear();
    for number in [1, 2] {
        let call = Call::post("/invoices/issue").key(KEY).password(PASSWORD);
        let call = call.header("X-Request-Id", format!("pedido-{number}"));
        let answer = call.json(&invoice(number)).send(world.address).await;
        answer.refused(503, &[("", "UNAVAILABLE")]);
    }
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let lines: Vec<_> = log
        .lines()
        .filter(|line| line.contains("storage"))
        .collect();
    assert_eq!(lines.len(), 2, "{log}");
    for (line, id) in lines.iter().zip(["pedido-1", "pedido-2"]) {
        assert!(line.contains(&format!("request_id=\"{id}\"")), "{line}");
    }
}

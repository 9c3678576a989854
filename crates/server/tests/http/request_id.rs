//! `X-Request-Id` on every answer.

use std::time::Duration;

use axum::Router;
use axum::routing::get;
use tagua_server::ListenerLimits;

use crate::support::client::{Answer, Call, Wire};
use crate::support::documents::id;
use crate::support::sample::invoice;
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

use std::time::Duration;

use tagua_simulator::{Fault, Moment};

use crate::support::World;
use crate::support::document::invoice;
use crate::support::http::{self, AUTHORIZATION, RECEPTION};

const CONTROL: &str = "/simulator/control";

async fn control(world: &World, order: &str) -> http::Reply {
    http::post_as(world.address, CONTROL, "application/json", order).await
}

/// Sends the first invoice and answers what came back, byte by byte.
async fn send_raw(world: &World) -> Vec<u8> {
    let body = http::reception(&world.sign(&invoice(1)));
    http::post_raw(world.address, RECEPTION, "text/xml", &body).await
}

async fn expect_authorized(world: &World) {
    world
        .ask(&invoice(1).key())
        .await
        .expect("AUTORIZADO", &["60"]);
}

async fn expect_unknown(world: &World) {
    assert_eq!(
        world.ask(&invoice(1).key()).await.one("numeroComprobantes"),
        "0"
    );
}

#[tokio::test]
async fn a_fault_meets_one_document_only() {
    let world = World::new().await;
    let reply = control(&world, r#"{"next": [{"fault": "returned", "code": 35}]}"#).await;
    assert_eq!(reply.body, r#"{"recepcion":1,"autorizacion":0}"#);
    let answer = world.send_invoice(&invoice(1)).await;
    answer.expect("DEVUELTA", &["35"]);
    assert_eq!(answer.one("claveAcceso"), invoice(1).key());
    expect_unknown(&world).await;
    world
        .send_invoice(&invoice(1))
        .await
        .expect("RECIBIDA", &[]);
    expect_authorized(&world).await;
}

#[tokio::test]
async fn accepted_and_then_no_answer() {
    let world = World::new().await;
    world.inject(Fault::AcceptThenTimeout { hold_ms: 60_000 });
    let body = http::reception(&world.sign(&invoice(1)));
    let address = world.address;
    let sending =
        tokio::spawn(async move { http::post_raw(address, RECEPTION, "text/xml", &body).await });
    let authorized = async { while world.ask(&invoice(1).key()).await.all("estado").is_empty() {} };
    let authorized = tokio::time::timeout(Duration::from_secs(30), authorized).await;
    authorized.expect("the document took effect");
    expect_authorized(&world).await;
    assert!(!sending.is_finished(), "an answer came");
    sending.abort();

    world.inject(Fault::AcceptThenTimeout { hold_ms: 1 });
    assert!(send_raw(&world).await.is_empty());
}

#[tokio::test]
async fn a_500_before_and_after_the_document_was_taken() {
    let world = World::new().await;
    control(
        &world,
        r#"{"next": [{"fault": "http_500", "when": "before"}, {"fault": "http_500"}]}"#,
    )
    .await;
    for effect in ["none", "registered"] {
        let reply = world.send_invoice(&invoice(1)).await;
        assert_eq!(
            (reply.status, reply.one("faultcode").as_str()),
            (500, "soap:Server")
        );
        match effect {
            "none" => expect_unknown(&world).await,
            _ => expect_authorized(&world).await,
        }
    }
}

#[tokio::test]
async fn a_page_for_people() {
    let world = World::new().await;
    world.inject(Fault::Html {
        when: Moment::Before,
    });
    let reply = world.send_invoice(&invoice(1)).await;
    assert_eq!(reply.status, 200);
    assert!(reply.head.contains("text/html"));
    assert!(reply.body.starts_with("<!DOCTYPE html>"));
    expect_unknown(&world).await;
}

#[tokio::test]
async fn half_an_answer() {
    let world = World::new().await;
    world.inject(Fault::Truncated);
    let reply = http::parse(&send_raw(&world).await);
    let (_, announced) = reply.head.split_once("content-length: ").expect("a length");
    let announced: usize = announced
        .lines()
        .next()
        .unwrap_or_default()
        .parse()
        .expect("a number");
    assert_eq!(reply.body.len(), announced / 2);
    assert!(reply.body.starts_with("<soap:Envelope"));
    expect_authorized(&world).await;
}

#[tokio::test]
async fn a_connection_that_closes() {
    let world = World::new().await;
    control(
        &world,
        r#"{"next": [{"fault": "reset", "when": "before"}, {"fault": "reset"}]}"#,
    )
    .await;
    assert!(send_raw(&world).await.is_empty());
    expect_unknown(&world).await;
    assert!(send_raw(&world).await.is_empty());
    expect_authorized(&world).await;
}

#[tokio::test]
async fn a_refusal_of_the_signature() {
    let world = World::new().await;
    control(&world, r#"{"next": [{"fault": "not_authorized"}]}"#).await;
    world
        .send_invoice(&invoice(1))
        .await
        .expect("RECIBIDA", &[]);
    world
        .ask(&invoice(1).key())
        .await
        .expect("NO AUTORIZADO", &["39"]);
}

#[tokio::test]
async fn registered_on_first_sight() {
    let world = World::new().await;
    control(
        &world,
        r#"{"next": [{"fault": "registered_on_first_sight"}]}"#,
    )
    .await;
    world
        .send_invoice(&invoice(1))
        .await
        .expect("DEVUELTA", &["43"]);
    expect_authorized(&world).await;
}

#[tokio::test]
async fn in_process_for_a_while() {
    let world = World::new().await;
    control(
        &world,
        r#"{"next": [{"fault": "in_process", "seconds": 30}]}"#,
    )
    .await;
    world
        .send_invoice(&invoice(1))
        .await
        .expect("DEVUELTA", &["70"]);
    world.pass(29_999);
    world
        .send_invoice(&invoice(1))
        .await
        .expect("DEVUELTA", &["70"]);
    expect_unknown(&world).await;
    world.pass(1);
    expect_authorized(&world).await;
}

#[tokio::test]
async fn a_late_authorization() {
    let world = World::new().await;
    control(
        &world,
        r#"{"next": [{"fault": "late_authorization", "milliseconds": 90000}]}"#,
    )
    .await;
    world
        .send_invoice(&invoice(1))
        .await
        .expect("RECIBIDA", &[]);
    world.pass(89_999);
    expect_unknown(&world).await;
    world.pass(1);
    expect_authorized(&world).await;
}

#[tokio::test]
async fn queries_have_their_own_queue() {
    let world = World::new().await;
    let order = r#"{"service": "autorizacion", "next": [{"fault": "html"}, {"fault": "truncated"}, {"fault": "reset"}]}"#;
    assert_eq!(
        control(&world, order).await.body,
        r#"{"recepcion":0,"autorizacion":3}"#
    );
    world
        .send_invoice(&invoice(1))
        .await
        .expect("RECIBIDA", &[]);
    assert!(
        world
            .ask(&invoice(1).key())
            .await
            .head
            .contains("text/html")
    );
    let query = http::query(&invoice(1).key());
    let cut = http::post(world.address, AUTHORIZATION, &query).await;
    assert!(!cut.body.contains("</soap:Envelope>"));
    assert!(
        http::post_raw(world.address, AUTHORIZATION, "text/xml", &query)
            .await
            .is_empty()
    );
    expect_authorized(&world).await;
}

#[tokio::test]
async fn orders_are_checked() {
    let world = World::new().await;
    for order in [
        "",
        "7",
        r#"{"next": [{"fault": "earthquake"}]}"#,
        r#"{"next": [{"fault": "returned"}]}"#,
        r#"{"later": []}"#,
        r#"{"service": "autorizacion", "next": [{"fault": "not_authorized"}]}"#,
    ] {
        assert_eq!(control(&world, order).await.status, 400, "{order}");
    }
    let many = vec![Fault::Truncated; 10_001];
    assert!(!world.simulator.inject(many));
    let form = http::post_as(world.address, CONTROL, "text/plain", "{}").await;
    assert_eq!(form.status, 415);
    world.inject(Fault::Truncated);
    let cleared = control(&world, r#"{"clear": true}"#).await;
    assert_eq!(cleared.body, r#"{"recepcion":0,"autorizacion":0}"#);
    assert_eq!(http::get(world.address, CONTROL).await.body, cleared.body);
}

#[tokio::test]
async fn the_ledger_names_the_fault() {
    let world = World::new().await;
    world.inject(Fault::Reset {
        when: Moment::Before,
    });
    world.inject(Fault::RegisteredOnFirstSight);
    send_raw(&world).await;
    send_raw(&world).await;
    let entries = world.entries();
    assert_eq!(entries[0].answer, "PERDIDA");
    assert_eq!(entries[0].access_key, None);
    assert_eq!(entries[1].fault, Some(Fault::RegisteredOnFirstSight));
    assert_eq!(
        (entries[1].answer.as_str(), entries[1].codes.as_slice()),
        ("DEVUELTA", &[43][..])
    );
    assert!(entries[1].decision.is_some());
}

//! What goes on and what is refused when something the server needs is amiss.

use serde_json::json;
use tagua_fiscal::Environment;
use tagua_pipeline::{Call as SriCall, CallOutcome, Event};
use tagua_store::{Service, Stage, Store, UnixMillis};

use super::watching::check;
use crate::support::client::Call;
use crate::support::documents::id;
use crate::support::sample::{RUC, invoice, with};
use crate::support::sandbox::{PASSWORD, p12};
use crate::support::{KEY, NOW_MS, Options, World};

const DAY_MS: i64 = 86_400_000;
const NOW: i64 = NOW_MS / 1000;
const YEAR: i64 = 365 * 86_400;

#[tokio::test]
async fn a_full_disk_refuses_writes_serves_reads_and_comes_back() {
    let world = World::start().await;
    let kept = id(&world.issued(&invoice(1)).await);
    world.store.set_max_pages(1).await.unwrap();
    let mut number = 2;
    // What is left in the last pages may still take a few.
    let refused = loop {
        let answer = world.issue(&invoice(number)).await;
        if answer.status != 200 {
            break answer;
        }
        number += 1;
        assert!(number < 50, "the disk never gets full");
    };
    refused.refused(503, &[("", "UNAVAILABLE")]);
    assert_eq!(refused.header("retry-after"), Some("5"));
    let ready = Call::get("/readyz").send(world.address).await;
    assert_eq!(ready.status, 503);
    let report = ready.json();
    let database = check(&report, "database");
    assert!(database["que_hacer"].as_str().unwrap().contains("espacio"));
    let path = format!("/invoices/{kept}");
    assert_eq!(world.get(&path).await.status, 200);
    assert_eq!(world.get("/invoices").await.status, 200);

    world.store.set_max_pages(u32::MAX).await.unwrap();
    world.clock.forward(1_000);
    assert_eq!(Call::get("/readyz").send(world.address).await.status, 200);
    // The refused one takes its number now, and nothing is damaged.
    assert_eq!(world.issued(&invoice(number)).await.get("firma"), None);
    let listed = world.get("/invoices?limit=100").await.json();
    assert_eq!(listed["count"], number);
    world.store.close().await.unwrap();
    let file = world.dir.path().join("tagua.db");
    let database = rusqlite::Connection::open(file).unwrap();
    let sound: String = database
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(sound, "ok");
}

/// A world with production enabled and a certificate of an issuer's own.
async fn production() -> World {
    let world = World::with(Options {
        production_enabled: true,
        ..Options::default()
    })
    .await;
    world.register(RUC, p12(RUC, NOW), None).await;
    world
}

fn live(number: u32) -> serde_json::Value {
    with(invoice(number), "/ambiente", json!(2))
}

fn hear(world: &World, environment: Environment, date: &str) {
    world.observer().called(&SriCall {
        environment,
        service: Service::Authorization,
        took: std::time::Duration::ZERO,
        outcome: CallOutcome::Answered {
            event: Event::InProcess,
            codes: Vec::new(),
            date: Some(date),
        },
    });
}

#[tokio::test]
async fn a_clock_behind_the_database_stops_production_alone() {
    let world = production().await;
    world.issued(&invoice(1)).await;
    world.clock.forward(-DAY_MS - 1);
    let ready = Call::get("/readyz").send(world.address).await;
    assert_eq!(ready.status, 503);
    assert_eq!(check(&ready.json(), "clock")["bien"], false);
    let refused = world.issue(&live(2)).await;
    refused.refused(503, &[("", "CLOCK_SKEW")]);
    assert_eq!(refused.header("retry-after"), Some("60"));
    assert!(refused.text().contains("NTP"));
    assert_eq!(world.issue(&invoice(3)).await.status, 200);
    // Asking goes on: what SRI says in production has the last word.
    hear(
        &world,
        Environment::Production,
        "Thu, 19 Nov 2026 15:00:00 GMT",
    );
    assert_ne!(world.issue(&live(2)).await.status, 503);
}

#[tokio::test]
async fn a_clock_away_from_sri_stops_production_until_it_is_set() {
    let world = production().await;
    hear(
        &world,
        Environment::Production,
        "Fri, 20 Nov 2026 15:00:00 GMT",
    );
    assert_eq!(world.issue(&live(1)).await.status, 200);
    hear(
        &world,
        Environment::Production,
        "Sun, 22 Nov 2026 15:00:00 GMT",
    );
    world
        .issue(&live(2))
        .await
        .refused(503, &[("", "CLOCK_SKEW")]);
    let auto = with(live(2), "/secuencial", json!("auto"));
    world.issue(&auto).await.refused(503, &[("", "CLOCK_SKEW")]);
    world.clock.forward(2 * DAY_MS);
    // No number was taken meanwhile.
    assert_eq!(world.issue(&live(2)).await.status, 200);
}

#[tokio::test]
async fn an_expired_certificate_is_told_before_a_number_is_taken() {
    let world = World::start().await;
    let ended = Some(UnixMillis(NOW_MS - 1));
    world.register(RUC, p12(RUC, NOW - 3 * YEAR), ended).await;
    let auto = with(invoice(1), "/secuencial", json!("auto"));
    let refused = world.issue(&auto).await;
    refused.refused(400, &[("emisor.ruc", "INVALID_VALUE")]);
    assert!(refused.text().contains("caducado desde el 20/11/2026"));
    assert_eq!(world.get("/invoices").await.json()["count"], 0);
    world.register(RUC, p12(RUC, NOW), None).await;
    let issued = world.issue(&auto).await.json();
    assert_eq!(issued["secuencial"].to_string().trim_matches('"'), "1");
}

#[tokio::test]
async fn without_sri_documents_are_accepted_and_wait() {
    // Nobody carries the documents of this world anywhere.
    let world = World::start().await;
    let document = id(&world.issued(&invoice(1)).await);
    let stored = world.store.document_by_id(document).await.unwrap();
    assert_eq!(stored.unwrap().stage, Stage::Signed);
    assert_eq!(world.store.queue_depth().await.unwrap().waiting, 1);
    let query = Call::get(&format!("/invoices/{document}")).key(KEY);
    let query = query.password(PASSWORD).send(world.address).await;
    assert_eq!(query.json()["estado"], "CREADO");
}

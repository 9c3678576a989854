//! `/livez`, `/readyz` and `/metrics`.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};
use tagua_pipeline::{Call as SriCall, CallOutcome, Event};
use tagua_server::HealthOptions;
use tagua_store::{Service, Stage, Store};

use crate::support::client::Call;
use crate::support::documents::id;
use crate::support::sample::{RUC, invoice};
use crate::support::sandbox::PASSWORD;
use crate::support::{KEY, Options, World};

/// The check of this name in `/readyz`.
pub(crate) fn check<'a>(report: &'a Json, name: &str) -> &'a Json {
    let checks = report["revisiones"].as_array().unwrap();
    checks.iter().find(|check| check["nombre"] == name).unwrap()
}

async fn metrics(world: &World) -> String {
    let answer = Call::get("/metrics").send(world.address).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let kind = answer.header("content-type").unwrap();
    assert_eq!(kind, "text/plain; version=0.0.4; charset=utf-8");
    answer.text()
}

#[track_caller]
fn says(metrics: &str, line: &str) {
    assert!(
        metrics.lines().any(|own| own == line),
        "{line} in\n{metrics}"
    );
}

#[tokio::test]
async fn a_server_that_works_says_so_without_a_key() {
    let world = World::start().await;
    let live = Call::get("/livez").send(world.address).await;
    assert_eq!((live.status, live.json()), (200, json!({ "vivo": true })));
    let ready = Call::get("/readyz").send(world.address).await;
    assert_eq!(ready.status, 200, "{}", ready.text());
    assert_eq!(ready.header("cache-control"), Some("no-store"));
    let report = ready.json();
    assert_eq!(report["listo"], true);
    for name in ["database", "disk", "workers", "clock"] {
        let good = json!({ "nombre": name, "bien": true, "motivo": null, "que_hacer": null });
        assert_eq!(*check(&report, name), good);
    }
}

#[tokio::test]
async fn workers_are_missed_until_they_look_for_work() {
    let world = World::with(Options {
        health: HealthOptions {
            workers: true,
            ..HealthOptions::default()
        },
        ..Options::default()
    })
    .await;
    let ready = Call::get("/readyz").send(world.address).await;
    assert_eq!(
        (ready.status, ready.header("retry-after")),
        (503, Some("5"))
    );
    let report = ready.json();
    let workers = check(&report, "workers");
    assert_eq!(workers["bien"], false);
    assert!(
        workers["que_hacer"]
            .as_str()
            .unwrap()
            .contains("no se pierden")
    );
    world.observer().looked_for_work();
    // Within a second the last report is repeated.
    assert_eq!(Call::get("/readyz").send(world.address).await.status, 503);
    world.clock.forward(1_000);
    assert_eq!(Call::get("/readyz").send(world.address).await.status, 200);
}

#[tokio::test]
async fn a_disk_without_room_is_told_with_the_bytes_it_needs() {
    let world = World::with(Options {
        health: HealthOptions {
            data_dir: Some(std::env::temp_dir()),
            disk_reserve: u64::MAX,
            ..HealthOptions::default()
        },
        ..Options::default()
    })
    .await;
    let ready = Call::get("/readyz").send(world.address).await;
    assert_eq!(ready.status, 503);
    let report = ready.json();
    let disk = check(&report, "disk");
    let reason = disk["motivo"].as_str().unwrap();
    assert!(reason.contains(&u64::MAX.to_string()), "{reason}");
    assert!(disk["que_hacer"].as_str().unwrap().contains("bytes"));
}

#[tokio::test]
async fn what_happens_is_counted() {
    let world = World::with(Options {
        health: HealthOptions {
            breakers: Some(std::sync::Arc::new(|| {
                vec![(tagua_store::Lane::ALL[0], true)]
            })),
            ..HealthOptions::default()
        },
        ..Options::default()
    })
    .await;
    let call = Call::post("/invoices/issue").key(KEY).password(PASSWORD);
    let call = call.header("Idempotency-Key", "una").json(&invoice(1));
    for _ in 0..2 {
        assert_eq!(call.clone().send(world.address).await.status, 200);
    }
    assert_eq!(world.get("/invoices").await.status, 200);
    assert_eq!(world.get("/nada").await.status, 404);
    assert_eq!(world.post("/livez", &json!({})).await.status, 405);
    let outcome = CallOutcome::Answered {
        event: Event::ReceptionConfirmed,
        codes: vec!["60"],
        date: None,
    };
    let observer = world.observer();
    observer.called(&SriCall {
        environment: tagua_fiscal::Environment::Test,
        service: Service::Reception,
        took: std::time::Duration::from_millis(3),
        outcome,
    });
    observer.moved(Event::ReceptionConfirmed, Stage::Received);
    world.clock.forward(61_000);
    let metrics = metrics(&world).await;
    for line in [
        "tagua_requests_total{operation=\"issue-invoices\",status=\"200\"} 2",
        "tagua_requests_total{operation=\"list-invoices\",status=\"200\"} 1",
        "tagua_requests_total{operation=\"none\",status=\"404\"} 1",
        "tagua_requests_total{operation=\"none\",status=\"405\"} 1",
        "tagua_request_duration_seconds_count{operation=\"issue-invoices\"} 2",
        "tagua_idempotent_replays_total 1",
        "tagua_documents_accepted_total{type=\"01\"} 1",
        "tagua_documents_accepted_total{type=\"04\"} 0",
        "tagua_signing_duration_seconds_count 1",
        "tagua_transitions_total{stage=\"signed\"} 1",
        "tagua_transitions_total{stage=\"received\"} 1",
        "tagua_sri_answers_total{service=\"reception\",meaning=\"reception_confirmed\"} 1",
        "tagua_sri_messages_total{service=\"reception\",code=\"60\"} 1",
        "tagua_sri_breaker_open{environment=\"1\",service=\"reception\"} 1",
        "tagua_queue_documents 1",
        "tagua_unlocked_keys 1",
        "tagua_ready 1",
        &format!("tagua_unsettled_documents{{issuer=\"{RUC}\"}} 1"),
        &format!("tagua_oldest_unsettled_seconds{{issuer=\"{RUC}\"}} 61"),
    ] {
        says(&metrics, line);
    }
}

#[tokio::test]
async fn the_text_is_what_prometheus_reads() {
    let world = World::start().await;
    world.issued(&invoice(1)).await;
    let metrics = metrics(&world).await;
    let mut families = BTreeSet::new();
    let mut family = String::new();
    for line in metrics.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            family = rest.split(' ').next().unwrap().to_owned();
            assert!(families.insert(family.clone()), "{family} twice");
            assert!(rest.len() > family.len() + 1, "{line}");
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').unwrap();
            assert_eq!(name, family);
            assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
            assert_eq!(name.ends_with("_total"), kind == "counter", "{line}");
        } else {
            let (name, value) = line.rsplit_once(' ').unwrap();
            assert!(name.starts_with(&family), "{line} after {family}");
            assert!(value.parse::<f64>().unwrap() >= 0.0, "{line}");
        }
    }
    assert!(families.len() > 20, "{families:?}");
    assert!(metrics.ends_with('\n'));
}

#[tokio::test]
async fn metrics_are_not_for_strangers() {
    let world = World::start().await;
    let proxied = Call::get("/metrics").header("X-Forwarded-For", "192.0.2.1");
    let refused = proxied.clone().send(world.address).await;
    refused.refused(403, &[("", "FORBIDDEN")]);
    assert!(refused.text().contains("--metrics-listen"));
    // A listener for watching alone answers whoever reaches it, and serves no
    // documents.
    let watch = world.watch_server().await;
    assert_eq!(proxied.clone().send(watch).await.status, 200);
    assert_eq!(Call::get("/readyz").send(watch).await.status, 200);
    let document = id(&world.issued(&invoice(1)).await);
    let path = format!("/invoices/{document}");
    assert_eq!(Call::get(&path).key(KEY).send(watch).await.status, 404);
    // Nor is it refused where the operator wants it open.
    let open = World::with(Options {
        metrics_public: true,
        ..Options::default()
    })
    .await;
    assert_eq!(proxied.send(open.address).await.status, 200);
}

#[tokio::test]
async fn a_database_that_is_gone_is_told_and_the_process_lives() {
    let world = World::start().await;
    world.store.close().await.unwrap();
    assert_eq!(Call::get("/livez").send(world.address).await.status, 200);
    let ready = Call::get("/readyz").send(world.address).await;
    assert_eq!(ready.status, 503);
    let report = ready.json();
    assert_eq!(report["listo"], false);
    assert_eq!(check(&report, "database")["bien"], false);
    says(&metrics(&world).await, "tagua_ready 0");
    world
        .issue(&invoice(1))
        .await
        .refused(503, &[("", "UNAVAILABLE")]);
}

//! `Idempotency-Key`: the same answer again, and nothing done twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use tagua_pipeline::Clock;
use tagua_server::LimitOptions;
use tagua_store::{Stage, Store, UnixMillis};

use crate::support::client::{Answer, Call, Wire};
use crate::support::documents::id;
use crate::support::sample::{COLLECTIONS, example, invoice, with};
use crate::support::sandbox::PASSWORD;
use crate::support::{KEY, NOW_MS, Options, World};

const DAY: i64 = 86_400_000;

fn call(path: &str, key: &str, body: impl Into<Vec<u8>>) -> Call {
    let call = Call::post(path).key(KEY).password(PASSWORD);
    call.header("Idempotency-Key", key).body(body)
}

async fn send(world: &World, path: &str, key: &str, body: impl Into<Vec<u8>>) -> Answer {
    call(path, key, body).send(world.address).await
}

fn is_repeated(answer: &Answer) -> bool {
    answer.header("idempotent-replayed") == Some("true")
}

#[tokio::test]
async fn a_repetition_gets_the_same_bytes_at_every_address() {
    let world = World::start().await;
    let mut numbers = 1..;
    let mut next = |collection| example(collection, numbers.next().unwrap()).to_string();
    let mut calls = vec![
        ("/facturar".to_owned(), next("invoices")),
        ("/api/facturar".to_owned(), next("invoices")),
    ];
    for (collection, ..) in COLLECTIONS {
        calls.push((format!("/{collection}/issue"), next(collection)));
        calls.push((format!("/{collection}"), next(collection)));
    }
    for (path, body) in calls {
        let key = format!("clave-{path}");
        let first = send(&world, &path, &key, body.clone()).await;
        assert_eq!(first.status, 200, "{path}: {}", first.text());
        assert!(!is_repeated(&first));
        let documents = world.count("document");
        let second = send(&world, &path, &key, body).await;
        assert_eq!((second.status, &second.body), (200, &first.body), "{path}");
        assert!(is_repeated(&second), "{path}");
        assert_eq!(world.count("document"), documents, "{path}");
    }
}

#[tokio::test]
async fn xml_repeats_too() {
    let world = World::start().await;
    let created = world.post("/invoices", &invoice(1)).await.json();
    let path = format!("/ver/{}/xml", created["id"].as_str().unwrap());
    let xml = Call::get(&path).send(world.address).await.text();
    let xml = xml
        .replace("000000001</secuencial>", "000000002</secuencial>")
        .replace(created["clave_acceso"].as_str().unwrap(), "");
    let path = "/invoices/issue/xml";
    let first = send(&world, path, "k", xml.clone()).await;
    assert_eq!(first.status, 200, "{}", first.text());
    assert_eq!(send(&world, path, "k", xml).await.body, first.body);
    assert_eq!(world.count("document"), 2);
}

#[tokio::test]
async fn a_repeated_correction_answers_though_the_document_moved_on() {
    let world = World::start().await;
    let issued = world.issued(&invoice(1)).await;
    world.put_in(id(&issued), Stage::Returned).await;
    let path = format!("/invoices/{}/reissue", issued["id"].as_str().unwrap());
    let first = send(
        &world,
        &path,
        "V1StGXR8_Z5jdHi6B-myT",
        invoice(1).to_string(),
    )
    .await;
    assert_eq!(first.status, 200, "{}", first.text());
    world.put_in(id(&issued), Stage::Authorized).await;
    let second = send(
        &world,
        &path,
        "V1StGXR8_Z5jdHi6B-myT",
        invoice(1).to_string(),
    )
    .await;
    assert_eq!((second.status, &second.body), (200, &first.body));
    let other = send(&world, &path, "otra", invoice(1).to_string()).await;
    other.refused(400, &[("estado", "INVALID_VALUE")]);
    assert_eq!(world.document(id(&issued)).await.revision, 1);
}

#[tokio::test]
async fn a_repetition_needs_no_password() {
    let world = World::start().await;
    let body = invoice(1).to_string();
    let first = send(&world, "/invoices/issue", "k", body.clone()).await;
    let bare = Call::post("/invoices/issue").key(KEY).body(body);
    let bare = bare.header("idempotency-key", "k");
    let second = bare.send(world.address).await;
    assert_eq!((second.status, second.body), (200, first.body));
}

#[tokio::test]
async fn another_request_under_the_key_is_told_since_when_it_is_used() {
    let world = World::start().await;
    let first = send(&world, "/invoices/issue", "k", invoice(1).to_string()).await;
    let document = first.json()["id"].as_str().unwrap().to_owned();
    world.clock.forward(5_000);
    let strict =
        call("/invoices/issue", "k", invoice(1).to_string()).header("X-Tagua-Profile", "strict");
    let others = [
        send(&world, "/invoices/issue", "k", invoice(2).to_string()).await,
        send(&world, "/invoices", "k", invoice(1).to_string()).await,
        strict.send(world.address).await,
    ];
    for answer in others {
        answer.refused(400, &[("Idempotency-Key", "INVALID_VALUE")]);
        let details = answer.json()["details"].as_str().unwrap().to_owned();
        assert!(details.contains("20/11/2026 10:00:00"), "{details}");
        assert!(details.contains(&document), "{details}");
    }
    assert_eq!(world.count("document"), 1);
}

#[tokio::test]
async fn a_refusal_does_not_use_the_key() {
    let world = World::start().await;
    let broken = with(invoice(1), "/ambiente", json!(7)).to_string();
    let answer = send(&world, "/invoices/issue", "k", broken).await;
    answer.refused(400, &[("ambiente", "INVALID_VALUE")]);
    assert_eq!(world.count("idempotency"), 0);
    let answer = send(&world, "/invoices/issue", "k", invoice(1).to_string()).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn keys_have_one_to_255_characters() {
    let world = World::start().await;
    let long = "k".repeat(256);
    for key in ["", long.as_str()] {
        let answer = send(&world, "/invoices/issue", key, invoice(1).to_string()).await;
        answer.refused(400, &[("Idempotency-Key", "INVALID_LENGTH")]);
        assert_eq!(answer.json()["request"], invoice(1));
    }
    let accents = "Ñ".repeat(255);
    for (number, key) in (1..).zip(["x", &long[1..], "clave-Ñ", &accents]) {
        let body = invoice(number).to_string();
        let answer = send(&world, "/invoices/issue", key, body.clone()).await;
        assert_eq!(answer.status, 200, "{key}");
        let again = send(&world, "/invoices/issue", key, body).await;
        assert_eq!(again.body, answer.body, "{key}");
    }
    let latin = Call::post("/invoices/issue").key(KEY).password(PASSWORD);
    let latin = latin.header("Idempotency-Key", b"clave-\xD1");
    let latin = latin.body(invoice(9).to_string()).send(world.address).await;
    assert_eq!(latin.status, 200, "{}", latin.text());
}

#[tokio::test]
async fn keys_of_accounts_are_apart() {
    let world = World::start().await;
    world.other_account("otra", true).await;
    let first = send(&world, "/invoices/issue", "k", invoice(1).to_string()).await;
    let other = Call::post("/invoices/issue").key("otra").password(PASSWORD);
    let other = other.header("Idempotency-Key", "k");
    let other = other.body(invoice(1).to_string()).send(world.address).await;
    assert_eq!(other.status, 200, "{}", other.text());
    assert_ne!(other.json()["id"], first.json()["id"]);
}

#[tokio::test]
async fn a_key_is_free_again_after_thirty_days() {
    let world = World::start().await;
    let body = invoice(1).to_string();
    send(&world, "/invoices/issue", "k", body.clone()).await;
    world.clock.forward(30 * DAY - 1);
    let repeated = send(&world, "/invoices/issue", "k", body.clone()).await;
    assert_eq!(repeated.status, 200);
    assert_eq!(
        world
            .store
            .forget_idempotent_answers(UnixMillis(NOW_MS))
            .await
            .unwrap(),
        0
    );
    world.clock.forward(1);
    let answer = send(&world, "/invoices/issue", "k", body).await;
    answer.refused(400, &[("secuencial", "INVALID_VALUE")]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_fifty_at_once_one_works_and_all_get_its_answer() {
    let world = World::start().await;
    let calls: Vec<_> = (0..50)
        .map(|_| {
            let call = call("/invoices/issue", "k", invoice(9).to_string());
            tokio::spawn(call.send(world.address))
        })
        .collect();
    let mut bodies = Vec::new();
    let mut repeated = 0;
    for call in calls {
        let answer = call.await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text());
        repeated += usize::from(is_repeated(&answer));
        bodies.push(answer.body);
    }
    bodies.dedup();
    assert_eq!((bodies.len(), repeated), (1, 49));
    for (table, rows) in [
        ("document", 1),
        ("job", 1),
        ("idempotency", 1),
        ("certificate", 1),
    ] {
        assert_eq!(world.count(table), rows, "{table}");
    }
    assert!(world.turns.is_empty(), "nobody waits any more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn between_servers_the_store_decides() {
    let world = World::start().await;
    let doors = [world.address, world.second_server().await];
    for number in 1..=10 {
        let calls = doors.map(|door| {
            let body = invoice(number).to_string();
            let call = call("/invoices/issue", &format!("k{number}"), body);
            tokio::spawn(call.send(door))
        });
        let [first, second] = calls;
        let (first, second) = (first.await.unwrap(), second.await.unwrap());
        assert_eq!(
            (first.status, second.status),
            (200, 200),
            "{}",
            second.text()
        );
        assert_eq!(first.body, second.body);
        assert!(is_repeated(&first) != is_repeated(&second));
        assert_eq!(world.count("document"), i64::from(number));
    }
}

/// Has something done in the middle of a request: when the time is asked for
/// the last of so many times.
struct Meddler {
    until: AtomicUsize,
    meddle: Box<dyn Fn() + Send + Sync>,
}

impl Clock for Meddler {
    fn now(&self) -> UnixMillis {
        if self.until.fetch_sub(1, Ordering::SeqCst) == 1 {
            (self.meddle)();
        }
        UnixMillis(NOW_MS)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whenever_another_server_stores_it_the_request_is_repeated() {
    // What the other stores leaves no room for another document.
    let limits = LimitOptions {
        open_documents: 1,
        ..LimitOptions::default()
    };
    for moment in 1..=6 {
        let world = World::with(Options {
            request_limits: limits,
            ..Options::default()
        })
        .await;
        let address = world.address;
        let request = || call("/invoices/issue", "k", invoice(1).to_string());
        let other = move || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            assert_eq!(runtime.block_on(request().send(address)).status, 200);
        };
        let clock = Meddler {
            until: AtomicUsize::new(moment),
            meddle: Box::new(move || {
                let done = || std::thread::spawn(other).join().unwrap();
                tokio::task::block_in_place(done);
            }),
        };
        let door = world.second_server_by(Arc::new(clock)).await;
        let answer = request().send(door).await;
        assert_eq!(answer.status, 200, "{moment}: {}", answer.text());
        assert_eq!(world.count("document"), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn clients_that_leave_block_nobody() {
    let world = World::start().await;
    let bytes = call("/invoices/issue", "k", invoice(9).to_string()).bytes();
    for _ in 0..20 {
        let mut wire = Wire::open(world.address).await;
        wire.send(&bytes).await;
        drop(wire);
    }
    let answer = send(&world, "/invoices/issue", "k", invoice(9).to_string()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(world.count("document"), 1);
    let again = send(&world, "/invoices/issue", "k", invoice(9).to_string()).await;
    assert_eq!(again.body, answer.body);
    world.stop.send(true).unwrap();
    world.serving.await.unwrap();
    assert!(world.turns.is_empty(), "nobody waits any more");
}

#[tokio::test]
async fn a_full_disk_stores_neither_document_nor_answer() {
    let world = World::start().await;
    world.store.set_max_pages(1).await.unwrap();
    let mut refused = None;
    for number in 1..=40 {
        let body = invoice(number).to_string();
        let answer = send(&world, "/invoices/issue", &format!("k{number}"), body).await;
        if answer.status == 503 {
            refused = Some(number);
            break;
        }
    }
    let number = refused.unwrap();
    assert_eq!(world.count("document"), world.count("idempotency"));
    world.store.set_max_pages(100_000).await.unwrap();
    let body = invoice(number).to_string();
    let answer = send(&world, "/invoices/issue", &format!("k{number}"), body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(!is_repeated(&answer));
}

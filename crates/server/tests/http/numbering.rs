//! `secuencial` "auto": the server gives the next number of the series.

use serde_json::{Value as Json, json};
use tagua_store::{BlobPart, Stage};

use crate::support::client::Call;
use crate::support::documents::id;
use crate::support::sample::{COLLECTIONS, example, invoice, with};
use crate::support::sandbox::PASSWORD;
use crate::support::{KEY, World};

fn auto(body: Json) -> Json {
    with(body, "/secuencial", json!("auto"))
}

#[tokio::test]
async fn it_goes_on_after_the_greatest_in_each_series_and_type() {
    let world = World::start().await;
    world.issued(&invoice(41)).await;
    for expected in [42, 43] {
        let body = world.issued(&auto(invoice(0))).await;
        assert_eq!(body["secuencial"], expected);
        assert_eq!(body["numero"], format!("001-002-{expected:09}"));
        assert_eq!(world.document(id(&body)).await.sequential.get(), expected);
    }
    let other = with(
        auto(invoice(0)),
        "/emisor/establecimiento/punto_emision",
        json!("003"),
    );
    assert_eq!(world.issued(&other).await["secuencial"], 1);
    for (collection, tipo, _) in COLLECTIONS {
        let key = match collection {
            "ats-retentions" => "/secuencia",
            _ => "/secuencial",
        };
        let body = with(example(collection, 1), key, json!(" AUTO "));
        let answer = world.post(&format!("/{collection}/issue"), &body).await;
        assert_eq!(answer.status, 200, "{collection}: {}", answer.text());
        let expected = if collection == "ats-retentions" { 2 } else { 1 };
        let answer = answer.json();
        assert_eq!(answer[&key[1..]], expected, "{collection}");
        assert_eq!(&answer["clave_acceso"].as_str().unwrap()[8..10], tipo);
    }
}

#[tokio::test]
async fn the_stored_request_has_the_number_and_a_correction_keeps_it() {
    let world = World::start().await;
    let first = world.issued(&auto(invoice(0))).await;
    let document = world.document(id(&first)).await;
    let stored = world.blob(&document, BlobPart::Request).await.unwrap();
    let stored: Json = serde_json::from_slice(&stored).unwrap();
    assert_eq!(stored, invoice(1), "everything else as it was sent");
    let query = world
        .get(&format!("/invoices/{}", document.id))
        .await
        .json();
    assert_eq!(query["secuencial"], 1);

    world.put_in(document.id, Stage::Returned).await;
    let path = format!("/invoices/{}/reissue", document.id);
    let answer = world.post(&path, &auto(invoice(0))).await.json();
    assert_eq!(answer["secuencial"], 1, "{answer}");
    assert_eq!(answer["clave_acceso"], first["clave_acceso"]);
    let moved = with(
        auto(invoice(0)),
        "/emisor/establecimiento/codigo",
        json!("009"),
    );
    world.put_in(document.id, Stage::Returned).await;
    let answer = world.post(&path, &moved).await;
    answer.refused(400, &[("secuencial", "INVALID_VALUE")]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_at_once_get_consecutive_numbers() {
    let world = World::start().await;
    let calls: Vec<_> = (0..50)
        .map(|_| {
            let call = Call::post("/invoices/issue").key(KEY).password(PASSWORD);
            tokio::spawn(call.json(&auto(invoice(0))).send(world.address))
        })
        .collect();
    let mut numbers = Vec::new();
    for call in calls {
        let answer = call.await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text());
        numbers.push(answer.json()["secuencial"].as_u64().unwrap());
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=50).collect::<Vec<_>>());
}

#[tokio::test]
async fn what_is_refused_takes_no_number() {
    let world = World::start().await;
    world.issued(&invoice(1)).await;
    let wrong = with(auto(invoice(0)), "/totales/importe_total", json!(999));
    let strict = Call::post("/invoices/issue").key(KEY).password(PASSWORD);
    let strict = strict.header("X-Tagua-Profile", "strict").json(&wrong);
    assert_eq!(strict.send(world.address).await.status, 400);
    let bare = Call::post("/invoices/issue")
        .key(KEY)
        .json(&auto(invoice(0)));
    assert_eq!(bare.send(world.address).await.status, 400);
    let issued = world.issued(&invoice(30)).await;
    let keyed = with(
        auto(invoice(0)),
        "/clave_acceso",
        issued["clave_acceso"].clone(),
    );
    let answer = world.issue(&keyed).await;
    answer.refused(400, &[("clave_acceso", "INVALID_VALUE")]);
    assert_eq!(world.issued(&auto(invoice(0))).await["secuencial"], 31);
}

#[tokio::test]
async fn a_full_series_says_so() {
    let world = World::start().await;
    world.issued(&invoice(999_999_999)).await;
    let answer = world.issue(&auto(invoice(0))).await;
    answer.refused(400, &[("secuencial", "INVALID_VALUE")]);
    assert!(answer.text().contains("punto de emisión"));
}

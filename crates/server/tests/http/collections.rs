//! Operations 1, 3, 4, 5 and 7 of every collection, and what crosses them.

use tagua_store::{BlobPart, Stage};

use serde_json::json;

use crate::support::World;
use crate::support::documents::id;
use crate::support::sample::{COLLECTIONS, example, with, without};

#[tokio::test]
async fn each_is_issued_echoed_signed_and_found_again() {
    let world = World::start().await;
    for (number, (collection, tipo, version)) in (7..).zip(COLLECTIONS) {
        let sent = example(collection, number);
        let answer = world.post(&format!("/{collection}/issue"), &sent).await;
        assert_eq!(answer.status, 200, "{collection}: {}", answer.text());
        let body = answer.json();
        for (key, value) in sent.as_object().unwrap() {
            assert_eq!(&body[key], value, "{collection} {key}");
        }
        assert_eq!(body["es_valida"], true, "{collection}: {body}");
        assert_eq!(body["version"], version, "{collection}");
        assert_eq!(&body["clave_acceso"].as_str().unwrap()[8..10], tipo);
        let document = world.document(id(&body)).await;
        assert_eq!(document.stage, Stage::Signed, "{collection}");
        let signed = world.blob(&document, BlobPart::Signed).await.unwrap();
        let signed = String::from_utf8(signed).unwrap();
        let tree = roxmltree::Document::parse(&signed).unwrap();
        assert_eq!(tree.root_element().attribute("version"), Some(version));
        assert!(signed.contains("<ds:Signature"), "{collection}");

        let query = world.get(&format!("/{collection}/{}", document.id)).await;
        assert_eq!(query.json()["clave_acceso"], body["clave_acceso"]);
        let edoc = world.get(&format!("/edocs/{}", document.id)).await.json();
        assert_eq!(edoc["tipo"], tipo, "{collection}");
    }
}

#[tokio::test]
async fn each_is_kept_and_issued_later() {
    let world = World::start().await;
    for (number, (collection, tipo, _)) in (7..).zip(COLLECTIONS) {
        let sent = example(collection, number);
        let kept = world.post(&format!("/{collection}"), &sent).await.json();
        assert_eq!(kept["estado"], "CREADO", "{collection}");
        assert_eq!(world.document(id(&kept)).await.stage, Stage::Created);
        let path = format!("/edocs/{}/issue", kept["id"].as_str().unwrap());
        let issued = world.post(&path, &json!({})).await;
        assert_eq!(issued.status, 200, "{collection}: {}", issued.text());
        assert_eq!(issued.json()["tipo"], tipo);
        assert_eq!(issued.json()["clave_acceso"], kept["clave_acceso"]);
        assert_eq!(world.document(id(&kept)).await.stage, Stage::Signed);
    }
}

#[tokio::test]
async fn each_is_corrected_at_its_own_address() {
    let world = World::start().await;
    for (number, (collection, _, version)) in (1..).zip(COLLECTIONS) {
        let sent = example(collection, number);
        let first = world
            .post(&format!("/{collection}/issue"), &sent)
            .await
            .json();
        world.put_in(id(&first), Stage::Returned).await;
        let path = format!("/{collection}/{}/reissue", first["id"].as_str().unwrap());
        let answer = world.post(&path, &example(collection, number + 100)).await;
        assert_eq!(answer.status, 200, "{collection}: {}", answer.text());
        let body = answer.json();
        assert_eq!(body["id"], first["id"]);
        assert_ne!(
            body["clave_acceso"], first["clave_acceso"],
            "another number"
        );
        assert_eq!(body["version"], version);
        let document = world.document(id(&first)).await;
        assert_eq!((document.stage, document.revision), (Stage::Signed, 1));
        assert_eq!(document.sequential.get(), number + 100);
    }
}

#[tokio::test]
async fn a_query_under_another_collection_gives_the_real_document() {
    let world = World::start().await;
    let note = world
        .post("/credit-notes/issue", &example("credit-notes", 1))
        .await
        .json();
    let own = world
        .get(&format!("/credit-notes/{}", note["id"].as_str().unwrap()))
        .await
        .json();
    for (collection, ..) in COLLECTIONS {
        let path = format!("/{collection}/{}", note["id"].as_str().unwrap());
        assert_eq!(world.get(&path).await.json(), own, "{collection}");
    }
}

#[tokio::test]
async fn a_document_never_changes_its_type() {
    let world = World::start().await;
    let note = world
        .post("/credit-notes/issue", &example("credit-notes", 1))
        .await
        .json();
    world.put_in(id(&note), Stage::Returned).await;
    for (collection, ..) in COLLECTIONS.into_iter().filter(|c| c.0 != "credit-notes") {
        let path = format!("/{collection}/{}/reissue", note["id"].as_str().unwrap());
        let answer = world.post(&path, &example(collection, 1)).await;
        answer.refused(400, &[("id", "INVALID_VALUE")]);
        let own = format!("/credit-notes/{}/reissue", note["id"].as_str().unwrap());
        assert!(answer.text().contains(&own), "{}", answer.text());
    }
    assert_eq!(world.document(id(&note)).await.revision, 0);
}

#[tokio::test]
async fn both_addresses_of_withholdings_correct_either() {
    let world = World::start().await;
    for (number, (own, other)) in (1..).zip([
        ("retentions", "ats-retentions"),
        ("ats-retentions", "retentions"),
    ]) {
        let sent = example(own, number);
        let first = world.post(&format!("/{own}/issue"), &sent).await.json();
        world.put_in(id(&first), Stage::Returned).await;
        let path = format!("/{other}/{}/reissue", first["id"].as_str().unwrap());
        let answer = world.post(&path, &sent).await;
        assert_eq!(answer.status, 200, "{own}: {}", answer.text());
        assert_eq!(answer.json()["clave_acceso"], first["clave_acceso"]);
        assert_eq!(answer.json()["version"], first["version"]);
    }
}

#[tokio::test]
async fn a_number_in_use_is_told_with_the_id_in_each() {
    let world = World::start().await;
    for (collection, ..) in COLLECTIONS.into_iter().filter(|c| c.0 != "ats-retentions") {
        let path = format!("/{collection}/issue");
        let first = world.post(&path, &example(collection, 5)).await.json();
        let answer = world.post(&path, &example(collection, 5)).await;
        answer.refused(400, &[("secuencial", "INVALID_VALUE")]);
        assert!(answer.text().contains(first["id"].as_str().unwrap()));
    }
    // Both kinds of withholdings share the numbers of code 07.
    let answer = world
        .post("/ats-retentions/issue", &example("ats-retentions", 5))
        .await;
    answer.refused(400, &[("secuencial", "INVALID_VALUE")]);
    assert_eq!(world.count("document"), 6);
}

#[tokio::test]
async fn what_every_document_needs_is_asked_for_in_each() {
    let world = World::start().await;
    for (collection, ..) in COLLECTIONS {
        let path = format!("/{collection}/issue");
        let body = without(example(collection, 5), "/ambiente");
        let answer = world.post(&path, &body).await;
        answer.refused(400, &[("ambiente", "MISSING_PARAMETER")]);
        let production = with(example(collection, 5), "/ambiente", json!(2));
        let answer = world.post(&path, &production).await;
        answer.refused(400, &[("ambiente", "INVALID_VALUE")]);
    }
    assert_eq!(world.count("document"), 0);
}

#[tokio::test]
async fn the_clients_own_name_and_the_day_of_payment_are_kept() {
    let world = World::start().await;
    let body = with(example("invoices", 1), "/external_id", json!("pedido 77"));
    let credit = json!({"fecha_vencimiento": "2026-12-20", "monto": 10});
    let body = with(body, "/credito", credit);
    let body = with(body, "/enviar_recordatorio_pago", json!(true));
    let answer = world.post("/invoices/issue", &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let document = world.document(id(&answer.json())).await;
    assert_eq!(document.external_id.as_deref(), Some("pedido 77"));
    assert_eq!(world.count("payment_reminder"), 1);
}

//! Operations 1, 3, 4 and 19: what goes in and what comes back.

use serde_json::{Value as Json, json};
use tagua_store::{BlobPart, Stage, Store};

use crate::support::client::Call;
use crate::support::documents::id;
use crate::support::sample::{invoice, with, without};
use crate::support::sandbox::PASSWORD;
use crate::support::{KEY, World};

#[tokio::test]
async fn an_issued_invoice_is_echoed_numbered_and_signed() {
    let world = World::start().await;
    let sent = with(invoice(148), "/no_documentado", json!({"a": [1, "x"]}));
    let answer = world.issue(&sent).await;
    assert_eq!(answer.status, 200);
    let body = answer.json();
    for (key, value) in sent.as_object().unwrap() {
        assert_eq!(&body[key], value, "{key}");
    }
    let document = world.document(id(&body)).await;
    assert_eq!(body["clave_acceso"], document.access_key.as_str());
    assert_eq!(body["numero"], "001-002-000000148");
    assert_eq!(body["estado"], "CREADO");
    assert_eq!(body["es_valida"], true);
    assert_eq!(body["version"], "2.1.0");
    assert_eq!(body.get("firma"), None);
    assert_eq!(document.stage, Stage::Signed);
    let request = world.blob(&document, BlobPart::Request).await.unwrap();
    assert_eq!(request, sent.to_string().into_bytes());
    let signed = world.blob(&document, BlobPart::Signed).await.unwrap();
    assert!(String::from_utf8(signed).unwrap().contains("<ds:Signature"));
    assert_eq!(world.blob(&document, BlobPart::Unsigned).await, None);
    assert_eq!(world.count("job"), 1);
    let events = world.store.events(world.account.id, document.id).await;
    let kinds: Vec<_> = events.unwrap().into_iter().map(|e| e.kind).collect();
    assert_eq!(kinds, ["stored", "signed"]);
}

#[tokio::test]
async fn arithmetic_is_told_and_does_not_refuse() {
    let world = World::start().await;
    let sent = with(invoice(1), "/totales/importe_total", json!(999));
    let body = world.issued(&sent).await;
    assert_eq!(body["es_valida"], false);
    assert_eq!(world.document(id(&body)).await.stage, Stage::Signed);
}

#[tokio::test]
async fn a_date_that_was_left_out_is_today() {
    let world = World::start().await;
    let body = world.issued(&without(invoice(1), "/fecha_emision")).await;
    assert_eq!(body["fecha_emision"], "2026-11-20T10:00:00-05:00");
    assert!(
        body["clave_acceso"]
            .as_str()
            .unwrap()
            .starts_with("2011202601")
    );
}

#[tokio::test]
async fn create_stores_and_starts_nothing() {
    let world = World::start().await;
    let call = Call::post("/invoices").key(KEY).json(&invoice(7));
    let body = call.send(world.address).await.json();
    assert_eq!(body["estado"], "CREADO");
    assert_eq!(body.get("firma"), None);
    let document = world.document(id(&body)).await;
    assert_eq!(document.stage, Stage::Created);
    assert_eq!(document.signature_error, None);
    assert!(world.blob(&document, BlobPart::Unsigned).await.is_some());
    assert_eq!(world.blob(&document, BlobPart::Signed).await, None);
    assert_eq!(world.count("job"), 0);
    assert_eq!(world.count("certificate"), 0);
}

#[tokio::test]
async fn a_query_gives_the_request_and_the_state() {
    let world = World::start().await;
    let sent = invoice(3);
    let issued = world.issued(&sent).await;
    let path = format!("/invoices/{}", issued["id"].as_str().unwrap());
    let body = world.get(&path).await.json();
    for (key, value) in issued.as_object().unwrap() {
        assert_eq!(&body[key], value, "{key}");
    }
    assert_eq!(body["envio_sri"], json!({}));
    assert_eq!(body["autorizacion"], json!({}));
    assert_eq!(body["correos_enviados"], json!([]));
    let link = format!(
        "https://tagua.example/ver/{}/xml",
        issued["id"].as_str().unwrap()
    );
    assert_eq!(body["url_documento_electronico"], link.as_str());

    world.put_in(id(&issued), Stage::Authorized).await;
    let body = world.get(&path).await.json();
    assert_eq!(body["estado"], "AUTORIZADO");
    assert_eq!(body["envio_sri"]["estado"], "RECIBIDA");
    assert_eq!(body["autorizacion"]["numero"], issued["clave_acceso"]);
    assert_eq!(body["autorizacion_sri"], body["autorizacion"]);
}

#[tokio::test]
async fn every_complaint_comes_at_once() {
    let world = World::start().await;
    let broken = with(
        without(invoice(1), "/emisor/ruc"),
        "/items/0/cantidad",
        json!("x"),
    );
    let call = Call::post("/invoices/issue").key(KEY).json(&broken);
    let answer = call.send(world.address).await;
    let expected = [
        ("emisor.ruc", "MISSING_PARAMETER"),
        ("items[0].cantidad", "INVALID_DATA_TYPE"),
        ("X-Password", "MISSING_PARAMETER"),
    ];
    let mut findings = answer.findings();
    assert_eq!(answer.status, 400);
    for (parameter, code) in expected {
        let place = findings
            .iter()
            .position(|f| *f == (parameter.into(), code.into()));
        findings.remove(place.unwrap_or_else(|| panic!("no {parameter} {code} in {findings:?}")));
    }
    assert_eq!(findings, []);
    assert_eq!(answer.json()["request"], broken);
    assert_eq!(world.count("document"), 0);
}

#[tokio::test]
async fn without_a_password_nothing_is_issued() {
    let world = World::start().await;
    let call = Call::post("/invoices/issue").key(KEY).json(&invoice(1));
    let answer = call.send(world.address).await;
    answer.refused(400, &[("X-Password", "MISSING_PARAMETER")]);
    assert_eq!(
        answer.json()["details"],
        "El campo debe estar incluido en la petición"
    );
    assert_eq!(answer.json()["value"], Json::Null);
    assert_eq!(world.count("document"), 0);
}

#[tokio::test]
async fn an_empty_body_is_a_missing_one() {
    let world = World::start().await;
    for body in ["", " \r\n", "\u{feff}"] {
        let call = Call::post("/invoices/issue").key(KEY).password(PASSWORD);
        let answer = call.body(body).send(world.address).await;
        assert_eq!(answer.status, 400, "{body:?}");
        assert_eq!(answer.findings().len(), 1, "{body:?}");
    }
    let bare = Call::post("/invoices/issue").key(KEY).password(PASSWORD);
    bare.send(world.address)
        .await
        .refused(400, &[("", "MISSING_PARAMETER")]);
}

#[tokio::test]
async fn the_first_versions_addresses_and_header_work() {
    let world = World::start().await;
    for (number, path) in (1..).zip(["/api/facturar", "/facturar", "//api///facturar/"]) {
        let call = Call::post(path)
            .header("x-key", KEY)
            .header("X-Pasword", PASSWORD);
        let answer = call.json(&invoice(number)).send(world.address).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        let document = world.document(id(&answer.json())).await;
        assert_eq!(document.stage, Stage::Signed, "{path}");
    }
}

#[tokio::test]
async fn the_content_type_is_not_looked_at() {
    let world = World::start().await;
    let kinds = [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("application/json; charset=iso-8859-1"),
        Some("application/xml"),
        Some("???"),
    ];
    for (number, kind) in (1..).zip(kinds) {
        let mut call = Call::post("/invoices/issue").key(KEY).password(PASSWORD);
        if let Some(kind) = kind {
            call = call.header("Content-Type", kind);
        }
        let call = call
            .header("Accept", "text/html")
            .body(invoice(number).to_string());
        assert_eq!(call.send(world.address).await.status, 200, "{kind:?}");
    }
}

#[tokio::test]
async fn a_byte_order_mark_is_skipped() {
    let world = World::start().await;
    let call = Call::post("/invoices/issue").key(KEY).password(PASSWORD);
    let body = format!("\u{feff}{}", invoice(5));
    let answer = call.body(body).send(world.address).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json()["comprador"], invoice(5)["comprador"]);
    let path = format!("/invoices/{}", answer.json()["id"].as_str().unwrap());
    assert_eq!(world.get(&path).await.json()["items"], invoice(5)["items"]);
}

#[tokio::test]
async fn a_password_on_a_query_is_ignored() {
    let world = World::start().await;
    let issued = world.issued(&invoice(1)).await;
    let path = format!("/invoices/{}", issued["id"].as_str().unwrap());
    let call = Call::get(&path)
        .key(KEY)
        .password("otra")
        .header("Content-Type", "text/xml");
    assert_eq!(call.send(world.address).await.status, 200);
}

#[tokio::test]
async fn production_is_refused_unless_enabled() {
    let world = World::start().await;
    let answer = world.issue(&with(invoice(1), "/ambiente", json!(2))).await;
    answer.refused(400, &[("ambiente", "INVALID_VALUE")]);
    assert_eq!(world.count("document") + world.count("issuer"), 0);
}

#[tokio::test]
async fn the_home_page_is_json() {
    let world = World::start().await;
    let answer = Call::get("/").send(world.address).await;
    assert_eq!(answer.status, 200);
    assert!(
        answer.json()["emitir"]
            .as_str()
            .unwrap()
            .contains("/invoices/issue")
    );
}

//! `POST /R/validate`: everything about a document, nothing done with it.

use serde_json::{Value as Json, json};
use tagua_store::Stage;

use crate::support::client::{Answer, Call};
use crate::support::documents::id;
use crate::support::sample::{COLLECTIONS, RUC, example, invoice, with, without};
use crate::support::{KEY, Options, World};

const TABLES: [&str; 6] = [
    "document",
    "job",
    "issuer",
    "certificate",
    "series_counter",
    "idempotency",
];

async fn send(world: &World, collection: &str, body: impl Into<Vec<u8>>) -> Answer {
    let call = Call::post(&format!("/{collection}/validate")).key(KEY);
    call.body(body).send(world.address).await
}

async fn validate(world: &World, collection: &str, body: &Json) -> Json {
    let answer = send(world, collection, body.to_string()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// Parameter, rule and gravity of each finding.
fn said(answer: &Json) -> Vec<(String, String, String)> {
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let findings = answer["hallazgos"].as_array().unwrap().iter();
    findings
        .map(|f| {
            (
                text(&f["parameter"]),
                text(&f["regla"]),
                text(&f["gravedad"]),
            )
        })
        .collect()
}

#[track_caller]
fn says(answer: &Json, parameter: &str, rule: &str, gravity: &str) {
    let wanted = (parameter.to_owned(), rule.to_owned(), gravity.to_owned());
    assert!(said(answer).contains(&wanted), "{answer}");
}

#[tokio::test]
async fn a_good_document_of_each_collection_and_nothing_is_stored() {
    let world = World::start().await;
    for (collection, tipo, version) in COLLECTIONS {
        let answer = validate(&world, collection, &example(collection, 7)).await;
        assert_eq!(answer["es_valida"], true, "{collection}: {answer}");
        assert_eq!(answer["aceptable"], true, "{collection}");
        let errors = said(&answer).into_iter().filter(|said| said.2 == "error");
        assert_eq!(errors.count(), 0, "{collection}: {answer}");
        assert_eq!(&answer["clave_acceso"].as_str().unwrap()[8..10], tipo);
        let xml = answer["xml"].as_str().unwrap();
        let tree = roxmltree::Document::parse(xml).unwrap();
        assert_eq!(tree.root_element().attribute("version"), Some(version));
        let answer = send(&world, collection, xml.as_bytes()).await.json();
        assert_eq!(answer["es_valida"], true, "{collection} in XML: {answer}");
        assert_eq!(answer["xml"], xml, "{collection}");
        assert_eq!(answer["totales"], Json::Null);
    }
    for table in TABLES {
        assert_eq!(world.count(table), 0, "{table}");
    }
}

#[tokio::test]
async fn the_key_is_the_one_that_an_issue_gives() {
    let world = World::start().await;
    world.issued(&invoice(1)).await;
    let announced = validate(&world, "invoices", &invoice(2)).await;
    let issued = world.issued(&invoice(2)).await;
    assert_eq!(announced["clave_acceso"], issued["clave_acceso"]);
    let auto = with(invoice(0), "/secuencial", json!("auto"));
    let announced = validate(&world, "invoices", &auto).await;
    assert_eq!(announced["aceptable"], true, "{announced}");
    let issued = world.issued(&auto).await;
    assert_eq!(announced["clave_acceso"], issued["clave_acceso"]);
}

#[tokio::test]
async fn every_kind_of_finding_comes_at_once() {
    let world = World::start().await;
    world.issued(&invoice(1)).await;
    let body = with(invoice(1), "/totales/importe_total", json!(999));
    let body = with(body, "/emisor/contribuyente_especial", json!("1"));
    let body = with(body, "/comprador/identificacion", json!("1710034066"));
    let answer = validate(&world, "invoices", &body).await;
    assert_eq!(
        (&answer["es_valida"], &answer["aceptable"]),
        (&json!(false), &json!(false))
    );
    says(&answer, "secuencial", "numero", "error");
    says(&answer, "totales.importe_total", "total", "error");
    says(
        &answer,
        "emisor.contribuyente_especial",
        "estructura",
        "error",
    );
    says(
        &answer,
        "comprador.identificacion",
        "check_digit",
        "advertencia",
    );
    assert_eq!(answer["totales"]["importe_total"], 115.0, "{answer}");
    for finding in answer["hallazgos"].as_array().unwrap() {
        assert_eq!(finding.as_object().unwrap().len(), 6);
        assert!(
            !finding["details"].as_str().unwrap().is_empty(),
            "{finding}"
        );
    }
}

#[tokio::test]
async fn what_compatible_lets_pass_is_acceptable_and_not_valid() {
    let world = World::start().await;
    let body = with(invoice(1), "/totales/importe_total", json!(999));
    let answer = validate(&world, "invoices", &body).await;
    assert_eq!(
        (&answer["es_valida"], &answer["aceptable"]),
        (&json!(false), &json!(true))
    );
    let issued = world.issued(&body).await;
    assert_eq!(issued["es_valida"], false);
}

#[tokio::test]
async fn a_request_that_is_refused_says_every_field() {
    let world = World::start().await;
    let body = without(without(invoice(1), "/ambiente"), "/emisor/ruc");
    let answer = validate(&world, "invoices", &body).await;
    assert_eq!(answer["aceptable"], false);
    says(&answer, "ambiente", "peticion", "error");
    says(&answer, "emisor.ruc", "peticion", "error");
    for field in ["totales", "clave_acceso", "xml"] {
        assert_eq!(answer[field], Json::Null, "{field}");
    }
    let answer = send(&world, "credit-notes", "<factura/>").await;
    says(&answer.json(), "xml", "peticion", "error");
}

#[tokio::test]
async fn what_is_neither_json_nor_xml_is_refused() {
    let world = World::start().await;
    for (body, parameter, code) in [
        ("", "", "MISSING_PARAMETER"),
        ("{", "", "INVALID_FORMAT"),
        ("<factura>", "xml", "INVALID_FORMAT"),
    ] {
        let answer = send(&world, "invoices", body).await;
        answer.refused(400, &[(parameter, code)]);
    }
    let bare = Call::post("/invoices/validate").body(invoice(1).to_string());
    bare.send(world.address)
        .await
        .refused(401, &[("X-Key", "UNAUTHORIZED")]);
}

#[tokio::test]
async fn whether_the_issuer_may_is_a_finding() {
    let world = World::with(Options {
        sandbox_account: false,
        ..Options::default()
    })
    .await;
    let answer = validate(&world, "invoices", &invoice(1)).await;
    says(&answer, "emisor.ruc", "emisor", "error");
    assert_eq!(
        (&answer["es_valida"], &answer["aceptable"]),
        (&json!(false), &json!(false))
    );
    assert!(answer["xml"].as_str().unwrap().contains(RUC));
    let production = with(invoice(1), "/ambiente", json!(2));
    let answer = validate(&world, "invoices", &production).await;
    says(&answer, "ambiente", "emisor", "error");
    world
        .settings_of(RUC, r#"{"closed_series": ["001-001"]}"#)
        .await;
    let answer = validate(&world, "invoices", &invoice(1)).await;
    says(&answer, "emisor.establecimiento", "emisor", "error");
    let answer = world.issue(&invoice(1)).await;
    answer.refused(400, &[("emisor.establecimiento", "INVALID_VALUE")]);
}

#[tokio::test]
async fn a_document_too_large_for_sri_is_told() {
    let world = World::start().await;
    let line = invoice(1)["items"][0].clone();
    let lines = vec![with(line, "/descripcion", json!("x".repeat(300))); 500];
    let answer = validate(
        &world,
        "invoices",
        &with(invoice(1), "/items", json!(lines)),
    )
    .await;
    says(&answer, "", "tamano", "error");
    assert_eq!(answer["aceptable"], true, "it is stored and returned");
}

#[tokio::test]
async fn a_key_of_another_document_is_told() {
    let world = World::start().await;
    let issued = world.issued(&invoice(1)).await;
    world.put_in(id(&issued), Stage::Returned).await;
    let body = with(invoice(2), "/clave_acceso", issued["clave_acceso"].clone());
    let answer = validate(&world, "invoices", &body).await;
    says(&answer, "clave_acceso", "clave_acceso", "error");
    assert_eq!(answer["aceptable"], false);
    let body = with(body, "/secuencial", json!("auto"));
    let answer = validate(&world, "invoices", &body).await;
    says(&answer, "clave_acceso", "clave_acceso", "error");
}

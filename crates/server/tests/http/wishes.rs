//! Headers of our own and the issuer's settings: profile and totals.

use serde_json::{Value as Json, json};
use tagua_store::BlobPart;

use crate::support::client::{Answer, Call};
use crate::support::documents::id;
use crate::support::sample::{COLLECTIONS, RUC, example, invoice, with, without};
use crate::support::sandbox::PASSWORD;
use crate::support::{KEY, World};

async fn issue(world: &World, body: &Json, header: (&str, &str)) -> Answer {
    let call = Call::post("/invoices/issue").key(KEY).password(PASSWORD);
    let call = call.header(header.0, header.1).json(body);
    call.send(world.address).await
}

const STRICT: (&str, &str) = ("X-Tagua-Profile", "strict");

#[tokio::test]
async fn strict_takes_what_is_right_in_each_collection() {
    let world = World::start().await;
    for (number, (collection, ..)) in (1..).zip(COLLECTIONS) {
        let call = Call::post(&format!("/{collection}/issue")).key(KEY);
        let call = call.password(PASSWORD).header(STRICT.0, " Strict ");
        let answer = call.json(&example(collection, number));
        let answer = answer.send(world.address).await;
        assert_eq!(answer.status, 200, "{collection}: {}", answer.text());
    }
}

#[tokio::test]
async fn strict_refuses_with_the_field_what_compatible_lets_pass() {
    let world = World::start().await;
    let cases = [
        (
            "/totales/importe_total",
            json!(999),
            "totales.importe_total",
            "INVALID_VALUE",
        ),
        (
            "/items/0/impuestos/0/valor",
            json!(1),
            "items[0].impuestos[0].valor",
            "INVALID_VALUE",
        ),
        ("/pagos/0/total", json!(1), "pagos", "INVALID_VALUE"),
        (
            "/emisor/contribuyente_especial",
            json!("1"),
            "emisor.contribuyente_especial",
            "INVALID_FORMAT",
        ),
    ];
    for (number, (pointer, value, parameter, code)) in (1..).zip(cases) {
        let body = with(invoice(number), pointer, value);
        let answer = issue(&world, &body, STRICT).await;
        assert_eq!(answer.status, 400, "{pointer}");
        let wanted = (parameter.to_owned(), code.to_owned());
        assert!(answer.findings().contains(&wanted), "{}", answer.text());
        assert_eq!(answer.json()["request"], body);
        assert_eq!(world.count("document"), i64::from(number - 1), "{pointer}");
        assert_eq!(world.issue(&body).await.status, 200, "{pointer}");
    }
}

#[tokio::test]
async fn strict_holds_for_xml_and_corrections() {
    let world = World::start().await;
    let wrong = with(invoice(1), "/totales/importe_total", json!(999));
    let created = world.post("/invoices", &wrong).await.json();
    let path = format!("/invoices/{}/reissue", created["id"].as_str().unwrap());
    let call = Call::post(&path).key(KEY).password(PASSWORD);
    let answer = call.header(STRICT.0, STRICT.1).json(&wrong);
    let answer = answer.send(world.address).await;
    assert_eq!(answer.status, 400);
    assert_eq!(world.document(id(&created)).await.revision, 0);

    let document = world.document(id(&created)).await;
    let xml = world.blob(&document, BlobPart::Unsigned).await.unwrap();
    let call = Call::post(&path).key(KEY).password(PASSWORD);
    let answer = call.header(STRICT.0, STRICT.1).body(xml);
    let answer = answer.send(world.address).await;
    let wanted = (
        "totales.importe_total".to_owned(),
        "INVALID_VALUE".to_owned(),
    );
    assert!(answer.findings().contains(&wanted), "{}", answer.text());
}

#[tokio::test]
async fn the_issuers_profile_counts_unless_the_request_says_otherwise() {
    let world = World::start().await;
    world.settings_of(RUC, r#"{"profile": "strict"}"#).await;
    let wrong = with(invoice(1), "/totales/importe_total", json!(999));
    assert_eq!(world.issue(&wrong).await.status, 400);
    let answer = issue(&world, &wrong, ("x-tagua-profile", "compatible")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    world.settings_of(RUC, "{}").await;
    let wrong = with(invoice(2), "/totales/importe_total", json!(999));
    assert_eq!(world.issue(&wrong).await.status, 200);
}

#[tokio::test]
async fn unknown_wishes_are_refused_with_the_known_ones() {
    let world = World::start().await;
    for (name, sent, allowed) in [
        ("X-Tagua-Profile", "estricto", "strict"),
        ("X-Tagua-Complete", "todo", "totals"),
    ] {
        let answer = issue(&world, &invoice(1), (name, sent)).await;
        answer.refused(400, &[(name, "INVALID_VALUE")]);
        let body = answer.json();
        assert_eq!(body["value"], sent);
        assert!(body["details"].as_str().unwrap().contains(allowed));
        assert_eq!(body["request"], invoice(1));
    }
    assert_eq!(world.count("document"), 0);
}

#[tokio::test]
async fn totals_are_completed_stored_and_given_back() {
    let world = World::start().await;
    let bare = without(invoice(1), "/totales");
    let answer = world.issue(&bare).await;
    assert_eq!(answer.status, 400, "by itself it is incomplete");
    let answer = issue(&world, &bare, ("X-Tagua-Complete", "totals")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let body = answer.json();
    assert_eq!(body["totales"]["importe_total"], 115.0, "{body}");
    assert_eq!(body["es_valida"], true);
    let path = format!("/invoices/{}", body["id"].as_str().unwrap());
    let query = world.get(&path).await.json();
    assert_eq!(query["totales"], body["totales"]);
    for (key, value) in bare.as_object().unwrap() {
        assert_eq!(&query[key], value, "{key}");
    }
    world.settings_of(RUC, r#"{"complete_totals": true}"#).await;
    let answer = world.issue(&without(invoice(2), "/totales")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

#[tokio::test]
async fn what_was_completed_is_issued_later_as_it_was_kept() {
    let world = World::start().await;
    let wrong = with(invoice(1), "/items/0/impuestos/0/valor", json!(1));
    let call = Call::post("/invoices").key(KEY).json(&wrong);
    let kept = call.header("X-Tagua-Complete", "totals");
    let kept = kept.send(world.address).await.json();
    let document = world.document(id(&kept)).await;
    let before = world.blob(&document, BlobPart::Unsigned).await.unwrap();
    let path = format!("/edocs/{}/issue", document.id);
    assert_eq!(world.post(&path, &json!({})).await.status, 200);
    let document = world.document(document.id).await;
    let after = world.blob(&document, BlobPart::Signed).await.unwrap();
    let (start, _) = before.split_at(before.len() - "</factura>".len());
    let start = std::str::from_utf8(start).unwrap();
    assert!(std::str::from_utf8(&after).unwrap().contains(start));
    assert!(start.contains("<valor>15.00</valor>"), "{start}");
}

#[tokio::test]
async fn totals_of_xml_are_nobodys_to_complete() {
    let world = World::start().await;
    let created = world.post("/invoices", &invoice(1)).await.json();
    let document = world.document(id(&created)).await;
    let xml = world.blob(&document, BlobPart::Unsigned).await.unwrap();
    let call = Call::post("/invoices/issue/xml")
        .key(KEY)
        .password(PASSWORD);
    let call = call.header("X-Tagua-Complete", "totals").body(xml);
    let answer = call.send(world.address).await;
    answer.refused(400, &[("X-Tagua-Complete", "INVALID_VALUE")]);
}

#[tokio::test]
async fn the_settings_fill_what_the_request_leaves_out() {
    let world = World::start().await;
    let settings = json!({
        "legal_name": "NOMBRE DEL REGISTRO", "head_office_address": "Av. Amazonas",
        "establishment_addresses": {"001": "Local 7"}, "withholding_agent": "12345",
    });
    world.settings_of(RUC, &settings.to_string()).await;
    let body = without(
        without(invoice(1), "/emisor/razon_social"),
        "/emisor/direccion",
    );
    let body = without(body, "/emisor/establecimiento/direccion");
    let issued = world.issued(&body).await;
    let document = world.document(id(&issued)).await;
    let xml = world.blob(&document, BlobPart::Signed).await.unwrap();
    let xml = String::from_utf8(xml).unwrap();
    for part in [
        "<razonSocial>NOMBRE DEL REGISTRO<",
        "<dirMatriz>Av. Amazonas<",
        "<dirEstablecimiento>Local 7<",
        "<agenteRetencion>12345<",
    ] {
        assert!(xml.contains(part), "{part} in {xml}");
    }
}

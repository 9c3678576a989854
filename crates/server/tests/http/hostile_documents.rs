//! The same for every collection, and documents of any number of lines.

use serde_json::{Value as Json, json};

use crate::hostile::{Attack, pointers};
use crate::support::KEY;
use crate::support::World;
use crate::support::client::Call;
use crate::support::documents::id;
use crate::support::sample::{COLLECTIONS, example, invoice, with};
use crate::support::sandbox::PASSWORD;

/// What belongs nowhere, or only in a few places.
const VALUES: [&str; 11] = [
    "null",
    "true",
    "\"x\"",
    "[]",
    "{}",
    "[[null]]",
    "1e400",
    "-1",
    "99999999999999999999999999999999999999",
    "\"\\u0000\\ufffe]]>\"",
    "LONG",
];

#[tokio::test]
async fn wrong_values_everywhere_in_every_document() {
    let long = format!("\"{}\"", "ñ".repeat(400));
    let mut attack = Attack::new().await;
    let mut number = 0;
    for (collection, ..) in COLLECTIONS {
        attack.path = format!("/{collection}/issue");
        let (bodies, accepted) = (attack.bodies, attack.accepted);
        for pointer in pointers(&example(collection, 1)) {
            for value in VALUES {
                number += 1;
                let body = with(example(collection, number), &pointer, json!("@RAW@"));
                let value = if value == "LONG" { &long } else { value };
                let text = body.to_string().replace("\"@RAW@\"", value);
                let name = format!("{collection} {pointer} = {value}");
                attack.send(&name, text.as_bytes()).await;
            }
        }
        let (bodies, accepted) = (attack.bodies - bodies, attack.accepted - accepted);
        println!("{collection}: {bodies} bodies, {accepted} accepted");
        // Neither everything nor nothing.
        assert!(
            (30..bodies - 30).contains(&accepted),
            "{collection}: {accepted} of {bodies}"
        );
    }
}

#[tokio::test]
async fn what_is_no_document_is_refused_by_every_collection() {
    let mut attack = Attack::new().await;
    for (number, (collection, ..)) in (70..).zip(COLLECTIONS) {
        attack.path = format!("/{collection}/issue");
        let valid = example(collection, 1).to_string();
        let open = valid.strip_suffix('}').unwrap();
        let deep = |levels: usize| {
            let inner = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
            format!("{open},\"x\":{inner}}}")
        };
        let bodies = [
            String::new(),
            "{}".to_owned(),
            "[]".to_owned(),
            "<factura/>".to_owned(),
            "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>".to_owned(),
            format!("{valid}{valid}"),
            valid[..valid.len() - 1].to_owned(),
            format!("{open},\"x\":NaN}}"),
            format!("{open},\"x\":0x10}}"),
            deep(64),
            deep(100_000),
            format!("\u{feff}\u{feff}{valid}"),
        ];
        for body in bodies {
            let start: String = body.chars().take(60).collect();
            attack
                .refused(&format!("{collection} {start}"), body.as_bytes())
                .await;
        }
        for path in ["issue/xml", "validate"] {
            let call = Call::post(&format!("/{collection}/{path}")).key(KEY);
            let call = call.password(PASSWORD).body("<a>".repeat(300_000));
            let answer = call.send(attack.world.address).await;
            assert_eq!(answer.status, 400, "{collection} {path}: {}", answer.text());
            answer.findings();
        }
        let marked = format!("\u{feff}{}", example(collection, number));
        let answer = attack.send("marked", marked.as_bytes()).await;
        assert_eq!(answer.status, 200, "{collection}: {}", answer.text());
    }
    // One sample, and the marked one of each collection.
    assert_eq!(attack.world.count("document"), 1 + 7);
}

/// Nearly as much as a body may hold.
fn ten_thousand_lines(number: u32) -> Json {
    let tax = json!({"codigo": 2, "codigo_porcentaje": 0});
    let line = json!({"descripcion": "a", "cantidad": 1, "precio_unitario": 1, "impuestos": [tax]});
    let body = with(invoice(number), "/items", Json::Array(vec![line; 10_000]));
    let taxes = json!([{
        "codigo": 2, "codigo_porcentaje": 0, "base_imponible": 10_000, "valor": 0
    }]);
    let body = with(body, "/totales/impuestos", taxes);
    let body = with(body, "/totales/total_sin_impuestos", json!(10_000));
    let body = with(body, "/totales/importe_total", json!(10_000));
    with(body, "/pagos/0/total", json!(10_000))
}

/// The size is told in bytes, with SRI's limit and what to do, before anything
/// is signed or sent.
#[tokio::test]
async fn ten_thousand_lines_are_refused_for_their_size() {
    let world = World::start().await;
    let body = ten_thousand_lines(5);
    assert!(body.to_string().len() < tagua_server::BODY_BYTES);

    let answer = world.post("/invoices/validate", &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let said = answer.json();
    assert_eq!(said["es_valida"], false);
    assert_eq!(world.count("document"), 0);
    let finding = &said["hallazgos"][0];
    assert_eq!(finding["code"], "INVALID_LENGTH", "{finding}");
    let details = finding["details"].as_str().unwrap();

    let answer = world.issued(&body).await;
    assert_eq!(answer["estado"], "DEVUELTO", "{}", answer["estado"]);
    assert_eq!(answer["es_valida"], false);
    let document = world.document(id(&answer)).await;
    let unsigned = world.blob(&document, tagua_store::BlobPart::Unsigned).await;
    let bytes = unsigned.unwrap().len();
    assert!(
        bytes > 10 * 327_680 && details.contains(&bytes.to_string()),
        "{details}"
    );
    assert!(
        details.contains("327680") && details.contains("divídalo"),
        "{details}"
    );
    let signed = world.blob(&document, tagua_store::BlobPart::Signed).await;
    assert_eq!(signed, None);
    assert_eq!(world.count("job"), 0);
    let query = world
        .get(&format!("/invoices/{}", document.id))
        .await
        .json();
    let message = &query["envio_sri"]["mensajes"][0];
    assert_eq!(message["identificador"], "26");
    assert_eq!(message["informacion_adicional"], details);
}

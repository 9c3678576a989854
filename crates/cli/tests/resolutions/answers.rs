//! What answers look like.

use serde_json::{Value, json};

use super::bodies::{invoice, reimbursing_invoice};
use super::{api, number, with, without};

#[test]
fn resolution_07_both_names_of_the_authorization() {
    let api = api();
    let issued = api.accepted("/invoices/issue", &invoice());
    let ended = api.ends(&issued, "AUTORIZADO");
    assert_eq!(ended["autorizacion"]["numero"], issued["clave_acceso"]);
    assert_eq!(ended["autorizacion_sri"], ended["autorizacion"]);
}

#[test]
fn resolution_34_identifiers_of_messages_are_texts() {
    let api = api();
    let issued = api.accepted("/invoices/issue", &invoice());
    let ended = api.ends(&issued, "AUTORIZADO");
    assert_eq!(ended["autorizacion"]["mensajes"][0]["identificador"], "60");
    let body = with(invoice(), "/comprador/tipo_identificacion", "09");
    let ended = api.ends(&api.accepted("/invoices/issue", &body), "DEVUELTO");
    assert_eq!(ended["envio_sri"]["mensajes"][0]["identificador"], "35");
}

#[test]
fn resolution_35_authorizations_have_49_digits_now() {
    let api = api();
    let ended = api.ends(&api.accepted("/invoices/issue", &invoice()), "AUTORIZADO");
    assert_eq!(ended["autorizacion"]["numero"].as_str().unwrap().len(), 49);
    let pointer = "/reembolso/documentos/0/numero_autorizacion";
    for digits in [10, 37, 49] {
        let body = with(reimbursing_invoice("6"), pointer, "1".repeat(digits));
        api.ends(&api.accepted("/invoices/issue", &body), "AUTORIZADO");
    }
}

#[test]
fn resolution_36_states_of_every_list() {
    let api = api();
    let known = [
        "CREADO",
        "ENVIADO",
        "RECIBIDO",
        "AUTORIZADO",
        "DEVUELTO",
        "NO AUTORIZADO",
        "ERROR",
    ];
    let created = api.accepted("/invoices", &invoice());
    let plate = with(invoice(), "/comprador/tipo_identificacion", "09");
    let issued = api.accepted("/invoices/issue", &invoice());
    let states = [
        created["estado"].clone(),
        api.accepted("/invoices/issue", &plate)["estado"].clone(),
        api.query(issued["id"].as_str().unwrap())["estado"].clone(),
        api.ends(&issued, "AUTORIZADO")["estado"].clone(),
    ];
    assert_eq!(
        (&states[0], &states[1]),
        (&json!("CREADO"), &json!("DEVUELTO"))
    );
    for state in &states {
        assert!(known.contains(&state.as_str().unwrap()), "{state}");
    }
}

#[test]
fn resolution_39_errors_at_the_root_and_in_a_list() {
    let api = api();
    let body = without(without(invoice(), "/comprador"), "/items");
    let answer = api.send("/invoices/issue", &body);
    assert_eq!(answer.status, 400);
    let answer = answer.json();
    let all = answer["errors"].as_array().unwrap();
    assert_eq!(all.len(), 2);
    for key in ["message", "code", "details", "parameter", "value"] {
        assert_eq!(answer[key], all[0][key], "{key}");
    }
    assert_eq!(answer["message"], "Falta campo obligatorio");
    assert_eq!(answer["request"], body);
}

#[test]
fn resolution_44_an_issuer_without_address() {
    let api = api();
    let issued = api.accepted(
        "/invoices",
        &with(invoice(), "/emisor/direccion", Value::Null),
    );
    assert_eq!(issued["emisor"]["direccion"], Value::Null);
}

#[test]
fn resolution_45_ids_are_32_hexadecimal_digits() {
    let api = api();
    let sent = with(invoice(), "/id", "67aa7c650g395cgb16e18df3d8ff18fc");
    let issued = api.accepted("/invoices/issue", &sent);
    let id = issued["id"].as_str().unwrap();
    assert_eq!(id.len(), 32);
    assert!(
        id.bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)),
        "{id}"
    );
    assert_eq!(
        api.get("/invoices/67aa7c650g395cgb16e18df3d8ff18fc").status,
        404
    );
}

#[test]
fn resolution_48_no_key_leaves_with_a_notification() {
    let api = api();
    // Notifications are still to come: nobody can subscribe, and it is said.
    let subscription = json!({
        "event_name": "receipt-issued",
        "webhook_url": format!("http://127.0.0.1:9/{}", number())
    });
    let answer = api.send("/webhooks", &subscription);
    assert_eq!(answer.status, 404);
    let text = String::from_utf8(answer.body).unwrap();
    assert!(!text.contains(&api.key), "{text}");
}

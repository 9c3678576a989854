//! What a request should not say, although it makes a right document.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use tagua_wire::{Collection, parse_body, warnings};

#[track_caller]
fn parameters(collection: Collection, body: &str) -> Vec<String> {
    let value = parse_body(body.as_bytes()).unwrap();
    let found = warnings(collection, &value).into_iter();
    found.map(|finding| finding.parameter).collect()
}

#[test]
fn a_rate_with_dollars_is_not_used() {
    let said = |body| parameters(Collection::CreditNotes, body);
    for body in [
        r#"{"tasa_cambio":1.1}"#,
        r#"{"moneda":"dólar","tasa_cambio":"2"}"#,
    ] {
        assert_eq!(said(body), ["tasa_cambio"], "{body}");
    }
    for body in [
        "{}",
        "[]",
        r#"{"tasa_cambio":1.00}"#,
        r#"{"moneda":"EUR","tasa_cambio":1.1}"#,
    ] {
        assert!(said(body).is_empty(), "{body}");
    }
    let body = r#"{"tasa_cambio":1.1}"#;
    assert!(parameters(Collection::DebitNotes, body).is_empty());
}

#[test]
fn a_negotiable_invoice_wants_an_address() {
    let said = |body| parameters(Collection::Invoices, body);
    let without = r#"{"negociable":"SI","comprador":{"email":" "}}"#;
    assert_eq!(said(without), ["comprador.email"]);
    for body in [
        r#"{"negociable":true,"comprador":{"email":"a@example.com"}}"#,
        r#"{"negociable":false,"comprador":{}}"#,
        r#"{"comprador":{}}"#,
    ] {
        assert!(said(body).is_empty(), "{body}");
    }
    assert!(parameters(Collection::PurchaseSettlements, without).is_empty());
}

//! Amounts computed from lines (`WireContext::complete_totals`).

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod sample;

use proptest::prelude::*;
use sample::{bent, context, person, with_head};
use serde_json::{Value as Json, json};
use tagua_fiscal::Document;
use tagua_fiscal::rules::{self, RuleContext};
use tagua_wire::{
    Collection, DocumentRequest, MissingPayment, WireContext, WireFinding, completed_totals,
};

fn computing() -> WireContext {
    WireContext {
        complete_totals: true,
        ..context()
    }
}

fn line(quantity: Json, price: Json, discount: Json, taxes: Json) -> Json {
    json!({
        "descripcion": "Algo", "cantidad": quantity, "precio_unitario": price,
        "descuento": discount, "impuestos": taxes
    })
}

fn iva(code: u8) -> Json {
    json!([{"codigo": "2", "codigo_porcentaje": code.to_string()}])
}

fn invoice(items: Json) -> Json {
    with_head(json!({"fecha_emision": "2026-11-19", "comprador": person(), "items": items}))
}

fn read(collection: Collection, body: &Json) -> Result<DocumentRequest, Vec<WireFinding>> {
    sample::read(collection, body, &computing())
}

#[track_caller]
fn totals(collection: Collection, body: &Json) -> String {
    completed_totals(&read(collection, body).unwrap()).unwrap()
}

#[track_caller]
fn refused(collection: Collection, body: &Json, parameter: &str, code: &str) {
    let findings = read(collection, body).expect_err("accepted");
    let pairs: Vec<_> = findings
        .iter()
        .map(|f| (f.parameter.as_str(), f.code.as_str()))
        .collect();
    assert_eq!(pairs, [(parameter, code)]);
}

fn payments(body: &Json) -> Vec<String> {
    let request = read(Collection::Invoices, body).unwrap();
    match sample::numbered(request) {
        Document::Invoice(invoice) => {
            let rows = invoice.info.payments.iter();
            rows.map(|row| format!("{} {}", row.method, row.total))
                .collect()
        }
        other => panic!("not an invoice: {other:?}"),
    }
}

#[test]
fn totals_follow_from_the_lines() {
    let body = invoice(json!([
        line(json!(3), json!("0.335"), json!(0), iva(4)),
        line(json!(2), json!(10), json!(1), iva(0)),
        line(json!(1), json!("0.33"), json!(null), iva(4)),
    ]));
    // 1.005 → 1.01 and 0.1515 → 0.15; 0.0495 → 0.05: half-up per line.
    assert_eq!(
        totals(Collection::Invoices, &body),
        r#"{"total_sin_impuestos":20.34,"descuento":1.00,"propina":0.00,"impuestos":[{"codigo":"2","codigo_porcentaje":"4","base_imponible":1.34,"tarifa":15.00,"valor":0.20},{"codigo":"2","codigo_porcentaje":"0","base_imponible":19.00,"tarifa":0.00,"valor":0.00}],"importe_total":20.54}"#
    );
    let document = sample::numbered(read(Collection::Invoices, &body).unwrap());
    assert_eq!(sample::structure(&document), []);
    assert_eq!(payments(&body), ["20 20.54"]);
}

#[test]
fn iva_is_taken_of_net_and_ice() {
    let taxes = json!([
        {"codigo": 2, "codigo_porcentaje": 4},
        {"codigo": 3, "codigo_porcentaje": 3610, "tarifa": 20},
        {"codigo": 5, "codigo_porcentaje": 5001}
    ]);
    let body = invoice(json!([line(json!(4), json!(25), json!(0), taxes)]));
    let totals: Json = serde_json::from_str(&totals(Collection::Invoices, &body)).unwrap();
    let row = |index: usize| {
        let row = &totals["impuestos"][index];
        ["base_imponible", "valor"].map(|key| row[key].to_string())
    };
    assert_eq!(row(0), ["120.0", "18.0"]);
    assert_eq!(row(1), ["100.0", "20.0"]);
    assert_eq!(row(2), ["4.0", "0.08"]);
    assert_eq!(totals["importe_total"].to_string(), "138.08");
}

#[test]
fn what_was_sent_does_not_count_but_says_how_the_discount_is_meant() {
    let mut sent = line(
        json!(2),
        json!(5),
        json!(1),
        json!([
            {"codigo": 2, "codigo_porcentaje": 4, "tarifa": 12, "base_imponible": 7, "valor": 70}
        ]),
    );
    sent["precio_total_sin_impuestos"] = json!(8);
    let mut body = invoice(json!([sent]));
    body["totales"] = json!({
        "total_sin_impuestos": 1, "descuento": 1, "importe_total": 1, "total": 1, "propina": 0.5,
        "nota": "x", "impuestos": [{"codigo": 2, "codigo_porcentaje": 0, "valor": 9}]
    });
    // 2 × (5 − 1), as the net says; what nobody knows comes back.
    assert_eq!(
        totals(Collection::Invoices, &body),
        r#"{"total_sin_impuestos":8.00,"descuento":2.00,"propina":0.50,"impuestos":[{"codigo":"2","codigo_porcentaje":"4","base_imponible":8.00,"tarifa":15.00,"valor":1.20}],"importe_total":9.70,"nota":"x"}"#
    );
}

#[test]
fn an_additional_discount_lowers_the_tax_of_its_row() {
    let mut body = invoice(json!([line(json!(1), json!(100), json!(0), iva(4))]));
    body["totales"] = json!({"descuento_adicional": 10});
    let one: Json = serde_json::from_str(&totals(Collection::Invoices, &body)).unwrap();
    assert_eq!(one["impuestos"][0]["valor"].to_string(), "13.5");
    assert_eq!(one["impuestos"][0]["base_imponible"].to_string(), "100.0");
    assert_eq!(one["descuento"].to_string(), "10.0");
    assert_eq!(one["importe_total"].to_string(), "103.5");
    // With several rates only the client knows to which it belongs.
    let two = json!([
        line(json!(1), json!(100), json!(0), iva(4)),
        line(json!(1), json!(100), json!(0), iva(5)),
    ]);
    body["items"] = two;
    let parameter = "totales.descuento_adicional";
    refused(Collection::Invoices, &body, parameter, "INVALID_VALUE");
    body["totales"]["impuestos"] =
        json!([{"codigo": 2, "codigo_porcentaje": 5, "descuento_adicional": 10}]);
    let two: Json = serde_json::from_str(&totals(Collection::Invoices, &body)).unwrap();
    assert_eq!(two["impuestos"][1]["valor"].to_string(), "4.5");
    assert_eq!(two["importe_total"].to_string(), "209.5");
}

#[test]
fn export_charges_are_part_of_the_total() {
    let mut body = invoice(json!([line(json!(1), json!(100), json!(0), iva(0))]));
    body["exportacion"] = json!({
        "incoterm": {"termino": "CIF", "lugar": "Guayaquil"},
        "origen": {"codigo_pais": "EC", "puerto": "Guayaquil"},
        "destino": {"codigo_pais": "DE", "puerto": "Hamburgo"},
        "totales": {"flete_internacional": 12.5}
    });
    assert!(totals(Collection::Invoices, &body).contains(r#""importe_total":112.50"#));
}

#[test]
fn a_payment_without_total_takes_the_rest() {
    let mut body = invoice(json!([line(json!(1), json!(100), json!(0), iva(4))]));
    body["pagos"] = json!([{"medio": "efectivo"}]);
    assert_eq!(payments(&body), ["01 115.00"]);
    body["pagos"] = json!([{"medio": "efectivo"}, {"medio": "cheque", "total": 15}]);
    body["credito"] = json!({"monto": 40, "fecha_vencimiento": "2026-12-19"});
    assert_eq!(payments(&body), ["01 60.00", "20 15.00", "20 40.00"]);
    // Nothing is left: no negative payment.
    body["pagos"] = json!([{"medio": "efectivo"}, {"medio": "cheque", "total": 999}]);
    assert_eq!(payments(&body)[0], "01 0.00");
    body["pagos"] = json!([{"medio": "efectivo"}, {"medio": "cheque"}]);
    refused(
        Collection::Invoices,
        &body,
        "pagos[1].total",
        "MISSING_PARAMETER",
    );
    // A credit alone is a payment; without any there is one, whatever the switch.
    body["pagos"] = json!([]);
    assert_eq!(payments(&body), ["20 40.00"]);
    body["credito"] = json!(null);
    let leave_out = WireContext {
        missing_payment: MissingPayment::LeftOut,
        ..computing()
    };
    let request = sample::read(Collection::Invoices, &body, &leave_out).unwrap();
    let Document::Invoice(invoice) = sample::numbered(request) else {
        panic!("not an invoice");
    };
    assert_eq!(invoice.info.payments.len(), 1);
}

#[test]
fn rates_nobody_can_know_must_be_sent() {
    let check = |tax: Json, parameter: &str| {
        let body = invoice(json!([line(json!(1), json!(100), json!(0), json!([tax]))]));
        let parameter = format!("items[0].impuestos[0].{parameter}");
        refused(Collection::Invoices, &body, &parameter, "MISSING_PARAMETER");
    };
    check(json!({"codigo": 2, "codigo_porcentaje": 77}), "tarifa");
    check(json!({"codigo": 3, "codigo_porcentaje": 9999}), "tarifa");
    // Dollars per unit of something that is not the line's unit.
    check(
        json!({"codigo": 3, "codigo_porcentaje": 3031, "base_imponible": 1}),
        "valor",
    );
    check(
        json!({"codigo": 3, "codigo_porcentaje": 3011, "valor": 1}),
        "base_imponible",
    );
    let known = json!([
        {"codigo": 3, "codigo_porcentaje": 3031, "base_imponible": 1, "valor": 10.41, "tarifa": 75},
        {"codigo": 2, "codigo_porcentaje": 4}
    ]);
    let body = invoice(json!([line(json!(1), json!(100), json!(0), known)]));
    let totals: Json = serde_json::from_str(&totals(Collection::Invoices, &body)).unwrap();
    assert_eq!(
        totals["impuestos"][1]["base_imponible"].to_string(),
        "110.41"
    );
}

#[test]
fn the_currency_stays_that_of_the_request() {
    let mut body = invoice(json!([line(json!(2), json!("11.05"), json!(0), iva(4))]));
    body["moneda"] = json!("EUR");
    body["tasa_cambio"] = json!(1.0842);
    let request = read(Collection::Invoices, &body).unwrap();
    assert!(
        completed_totals(&request)
            .unwrap()
            .contains(r#""importe_total":25.42"#)
    );
    let document = sample::numbered(request);
    assert_eq!(document.total().unwrap().to_string(), "27.55");
    let field = document.additional_fields().last().unwrap();
    assert_eq!(field.value, "EUR 25.42 (tasa de cambio 1.0842)");
}

fn modified() -> Json {
    json!({
        "fecha_emision": "2026-11-19", "comprador": person(), "proveedor": person(),
        "tipo_documento_modificado": "01", "motivo": "Devolución",
        "numero_documento_modificado": "001-002-000001001",
        "fecha_emision_documento_modificado": "2026-11-18"
    })
}

#[test]
fn credit_notes_and_settlements_have_their_own_totals() {
    let mut body = with_head(modified());
    body["items"] = json!([line(json!(1), json!(100), json!(5), iva(4))]);
    let rows = r#""impuestos":[{"codigo":"2","codigo_porcentaje":"4","base_imponible":95.00,"tarifa":15.00,"valor":14.25}],"importe_total":109.25}"#;
    assert_eq!(
        totals(Collection::CreditNotes, &body),
        format!(r#"{{"total_sin_impuestos":95.00,{rows}"#)
    );
    assert_eq!(
        totals(Collection::PurchaseSettlements, &body),
        format!(r#"{{"total_sin_impuestos":95.00,"descuento":5.00,{rows}"#)
    );
    for collection in [Collection::CreditNotes, Collection::PurchaseSettlements] {
        let document = sample::numbered(read(collection, &body).unwrap());
        assert_eq!(document.total().unwrap().to_string(), "109.25");
        assert_eq!(sample::structure(&document), []);
    }
}

#[test]
fn a_debit_note_needs_the_codes_of_its_taxes() {
    let mut body = with_head(modified());
    body["items"] = json!([{"motivo": "Mora", "valor": 12.35}, {"motivo": "Cobro", "valor": 20}]);
    refused(
        Collection::DebitNotes,
        &body,
        "totales.impuestos",
        "MISSING_PARAMETER",
    );
    body["totales"] = json!({"impuestos": [{"codigo": 2, "codigo_porcentaje": 4, "valor": 99}]});
    assert_eq!(
        totals(Collection::DebitNotes, &body),
        r#"{"total_sin_impuestos":32.35,"impuestos":[{"codigo":"2","codigo_porcentaje":"4","base_imponible":32.35,"tarifa":15.00,"valor":4.85}],"importe_total":37.20}"#
    );
    let document = sample::numbered(read(Collection::DebitNotes, &body).unwrap());
    assert_eq!(sample::structure(&document), []);
    // With several taxes nobody knows which reason bears which.
    body["totales"] = json!({"impuestos": [
        {"codigo": 2, "codigo_porcentaje": 4}, {"codigo": 2, "codigo_porcentaje": 0}
    ]});
    let findings = read(Collection::DebitNotes, &body).expect_err("accepted");
    assert_eq!(findings.len(), 2);
    assert_eq!(findings[1].parameter, "totales.impuestos[1].base_imponible");
    body["totales"] = json!({"impuestos": [
        {"codigo": 2, "codigo_porcentaje": 4, "base_imponible": 20},
        {"codigo": 2, "codigo_porcentaje": 0, "base_imponible": 12.35}
    ]});
    assert!(totals(Collection::DebitNotes, &body).contains(r#""importe_total":35.35"#));
}

#[test]
fn without_the_switch_nothing_is_computed() {
    let body = invoice(json!([line(json!(1), json!(100), json!(0), iva(4))]));
    let findings = sample::findings(Collection::Invoices, &body);
    assert_eq!(findings, [("totales".to_owned(), "MISSING_PARAMETER")]);
    let sent = bent(
        body,
        &[(
            "/totales",
            json!({
                "total_sin_impuestos": 1, "importe_total": 2,
                "impuestos": [{"codigo": 2, "codigo_porcentaje": 4, "base_imponible": 1, "valor": 1}]
            }),
        )],
    );
    let request = sample::request(Collection::Invoices, &sent);
    assert_eq!(completed_totals(&request), None);
    assert_eq!(
        sample::numbered(request).total().unwrap().to_string(),
        "2.00"
    );
}

#[test]
fn units_of_bottles_are_added_up_as_they_are_written() {
    let taxes =
        json!([{"codigo": 2, "codigo_porcentaje": 4}, {"codigo": 5, "codigo_porcentaje": 5001}]);
    let row = || line(json!("1.005"), json!(1), json!(0), taxes.clone());
    let body = invoice(json!([row(), row()]));
    let totals = totals(Collection::Invoices, &body);
    assert!(
        totals.contains(r#""codigo_porcentaje":"5001","base_imponible":2.02"#),
        "{totals}"
    );
}

/// Quantity, price and discount in their smallest parts, and which taxes.
fn lines() -> impl Strategy<Value = Vec<(u32, u32, u32, usize)>> {
    let line = (1_u32..9_999_999, 0_u32..9_999_999, 0_u32..99, 0_usize..5);
    proptest::collection::vec(line, 1..8)
}

fn body_of(lines: &[(u32, u32, u32, usize)]) -> Json {
    let taxes = [
        json!([{"codigo": 2, "codigo_porcentaje": 4}]),
        json!([{"codigo": 2, "codigo_porcentaje": 0}]),
        json!([{"codigo": 2, "codigo_porcentaje": 8}]),
        json!([{"codigo": 3, "codigo_porcentaje": 3092}, {"codigo": 2, "codigo_porcentaje": 4}]),
        json!([{"codigo": 2, "codigo_porcentaje": 4}, {"codigo": 5, "codigo_porcentaje": 5001}]),
    ];
    let parts = |value: u32, places: u32| {
        let unit = 10_u32.pow(places);
        let width = places as usize;
        json!(format!("{}.{:0width$}", value / unit, value % unit))
    };
    let row = |(quantity, price, discount, kind): &(u32, u32, u32, usize)| {
        // A discount that no net goes below zero for.
        let discount = if quantity / 1000 * (price / 1000) > 99 {
            *discount
        } else {
            0
        };
        let (quantity, price) = (parts(*quantity, 3), parts(*price, 4));
        line(quantity, price, parts(discount, 2), taxes[*kind].clone())
    };
    invoice(lines.iter().map(row).collect())
}

fn invoice_of(context: &WireContext, body: &Json) -> Document {
    let request = sample::read(Collection::Invoices, body, context);
    sample::numbered(request.unwrap_or_else(|findings| panic!("{findings:#?}")))
}

proptest! {
    #[test]
    fn what_is_computed_satisfies_rules_and_schema(lines in lines()) {
        let document = invoice_of(&computing(), &body_of(&lines));
        let today = jiff::civil::date(2026, 11, 19);
        let findings = rules::check_document(&document, &RuleContext::on(today));
        prop_assert!(rules::valid(&findings), "{findings:#?}");
        prop_assert_eq!(sample::structure(&document), []);
    }

    #[test]
    fn a_request_with_its_computed_totals_says_the_same(lines in lines()) {
        let mut body = body_of(&lines);
        let computed = invoice_of(&computing(), &body);
        body["totales"] = serde_json::from_str(&totals(Collection::Invoices, &body)).unwrap();
        prop_assert_eq!(&invoice_of(&computing(), &body), &computed);
        prop_assert_eq!(&invoice_of(&context(), &body), &computed);
    }
}

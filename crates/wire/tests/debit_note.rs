//! What the request of a debit note becomes (CONTRACT 7.6).

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod sample;

use jiff::civil::date;
use sample::{bent, blanks, context, cut, person, structure, with_head};
use serde_json::{Value as Json, json};
use tagua_fiscal::Document;
use tagua_fiscal::common::{Payment, TaxTotal};
use tagua_fiscal::debit_note::{DebitNote, DebitNoteVersion};
use tagua_wire::{Collection, MissingPayment};

const NOTES: Collection = Collection::DebitNotes;

fn plain() -> Json {
    with_head(json!({
        "fecha_emision": "2026-11-19T09:10:00-05:00",
        "comprador": person(),
        "totales": {
            "total_sin_impuestos": 32.35, "importe_total": 35.35,
            "impuestos": [
                {"codigo": 2, "codigo_porcentaje": 0, "tarifa": 0, "base_imponible": 12.35,
                 "valor": 0},
                {"codigo": 2, "codigo_porcentaje": 4, "tarifa": 15, "base_imponible": 20,
                 "valor": 3}
            ]
        },
        "items": [
            {"motivo": "Interés por mora", "valor": 12.35},
            {"motivo": "Gastos de cobranza", "valor": "20.00"}
        ],
        "tipo_documento_modificado": "01",
        "numero_documento_modificado": "001002000001001",
        "fecha_emision_documento_modificado": "2026-11-18",
        "pagos": [{"medio": "transferencia", "total": 35.35}]
    }))
}

#[track_caller]
fn note(body: &Json) -> DebitNote {
    unwrap(sample::document(NOTES, body))
}

fn unwrap(document: Document) -> DebitNote {
    match document {
        Document::DebitNote(note) => *note,
        other => panic!("not a debit note: {other:?}"),
    }
}

#[track_caller]
fn refused(changes: &[(&str, Json)], parameter: &str, code: &str) {
    sample::refused(NOTES, &bent(plain(), changes), parameter, code);
}

#[track_caller]
fn missing(pointer: &str, parameter: &str) {
    let body = cut(plain(), &[pointer]);
    sample::refused(NOTES, &body, parameter, "MISSING_PARAMETER");
}

#[test]
fn every_field_has_its_place() {
    let note = note(&plain());
    assert_eq!(note.version, DebitNoteVersion::V1_0_0);
    let info = &note.info;
    assert_eq!(info.issue_date, date(2026, 11, 19));
    assert_eq!(info.establishment_address.as_deref(), Some("Quito, bodega"));
    assert_eq!(info.receiver_id_type, "05");
    assert_eq!(info.receiver_name, "Rosaura Quimí");
    assert_eq!(info.receiver_id, "2459999914");
    assert_eq!(info.special_taxpayer.as_deref(), Some("12345"));
    assert_eq!(info.keeps_accounts, Some(true));
    assert_eq!(info.modified_document.number, "001-002-000001001");
    assert_eq!(info.net_total.to_string(), "32.35");
    assert_eq!(info.total.to_string(), "35.35");
    let reasons = note.reasons.iter();
    let reasons: Vec<_> = reasons
        .map(|r| (r.reason.as_str(), r.amount.to_string()))
        .collect();
    assert_eq!(
        reasons,
        [
            ("Interés por mora", "12.35".to_owned()),
            ("Gastos de cobranza", "20.00".to_owned())
        ]
    );
    assert_eq!(structure(&sample::document(NOTES, &plain())), []);
}

fn rows(note: &DebitNote) -> Vec<[String; 3]> {
    let row = |row: &TaxTotal| {
        let rate = row.rate.map(|rate| rate.to_string());
        [
            rate.unwrap_or_default(),
            row.base.to_string(),
            row.amount.to_string(),
        ]
    };
    note.info.tax_totals.iter().map(row).collect()
}

#[track_caller]
fn check_row(sent: Json, written: [&str; 3]) {
    let body = bent(plain(), &[("/totales/impuestos", json!([sent]))]);
    assert_eq!(rows(&note(&body)), [written.map(str::to_owned)]);
}

#[test]
fn every_tax_gets_the_rate_the_schema_wants() {
    check_row(
        json!({"codigo": 2, "codigo_porcentaje": 4, "base_imponible": 20, "valor": 3}),
        ["15.00", "20.00", "3.00"],
    );
    // Base and amount follow when they are left out.
    check_row(
        json!({"codigo": 2, "codigo_porcentaje": 4}),
        ["15.00", "32.35", "4.85"],
    );
    // A code without a known rate gets what the amount implies.
    check_row(
        json!({"codigo": 3, "codigo_porcentaje": 3092, "base_imponible": 20, "valor": 3}),
        ["15.00", "20.00", "3.00"],
    );
    check_row(
        json!({"codigo": 2, "codigo_porcentaje": 4, "tarifa": 12, "base_imponible": 20,
               "valor": 2.4}),
        ["12.00", "20.00", "2.40"],
    );
}

fn payments(note: &DebitNote) -> Vec<(String, String)> {
    let pair = |payment: &Payment| (payment.method.clone(), payment.total.to_string());
    note.info.payments().map(pair).collect()
}

#[test]
fn without_payments_there_is_one_over_the_total() {
    let pair = |method: &str, total: &str| (method.to_owned(), total.to_owned());
    assert_eq!(payments(&note(&plain())), [pair("20", "35.35")]);
    let cash = json!([{"forma_pago": 1, "total": 30}, {"medio": "cheque", "total": "5.35"}]);
    let paid = note(&bent(plain(), &[("/pagos", cash)]));
    assert_eq!(payments(&paid), [pair("01", "30.00"), pair("20", "5.35")]);
    assert_eq!(paid.info.payment_lists.len(), 1);
    for blank in blanks() {
        let note = note(&bent(plain(), &[("/pagos", blank)]));
        assert_eq!(payments(&note), [pair("20", "35.35")]);
    }
    let mut left_out = context();
    left_out.missing_payment = MissingPayment::LeftOut;
    let body = cut(plain(), &["/pagos"]);
    let request = sample::read(NOTES, &body, &left_out).unwrap();
    assert!(
        unwrap(sample::numbered(request))
            .info
            .payment_lists
            .is_empty()
    );
}

#[test]
fn a_machine_and_compensations_have_their_place() {
    let machine = json!({"marca": "SISPAU", "modelo": "ABC123", "serie": "CGNC1405"});
    let compensations = json!([{"codigo": 1, "tarifa": 2, "valor": "0.65"}]);
    let body = bent(
        plain(),
        &[
            ("/maquina_fiscal", machine),
            ("/compensaciones", compensations),
        ],
    );
    let note = note(&body);
    assert_eq!(note.fiscal_machine.unwrap().model, "ABC123");
    assert_eq!(note.info.compensations[0].amount.to_string(), "0.65");
    assert_eq!(structure(&sample::document(NOTES, &body)), []);
}

#[test]
fn a_currency_is_ignored() {
    let body = bent(plain(), &[("/moneda", json!("EUR")), ("/motivo", json!(7))]);
    assert_eq!(note(&body), note(&plain()));
}

#[test]
fn what_must_be_there() {
    missing("/items", "items");
    missing("/items/0/motivo", "items[0].motivo");
    missing("/items/1/valor", "items[1].valor");
    missing("/comprador", "comprador");
    missing("/totales", "totales");
    missing(
        "/totales/total_sin_impuestos",
        "totales.total_sin_impuestos",
    );
    missing("/totales/importe_total", "totales.importe_total");
    missing("/totales/impuestos", "totales.impuestos");
    missing(
        "/numero_documento_modificado",
        "numero_documento_modificado",
    );
}

#[test]
fn what_must_be_right() {
    refused(
        &[("/items/0/valor", json!(-1))],
        "items[0].valor",
        "INVALID_VALUE",
    );
    refused(
        &[("/items/0/valor", json!("uno"))],
        "items[0].valor",
        "INVALID_DATA_TYPE",
    );
    refused(
        &[("/items/0/motivo", json!("x".repeat(301)))],
        "items[0].motivo",
        "INVALID_LENGTH",
    );
    refused(
        &[("/items", json!({"motivo": "x"}))],
        "items",
        "INVALID_DATA_TYPE",
    );
    let many = vec![json!({"motivo": "x", "valor": 1}); 10_001];
    refused(&[("/items", json!(many))], "items", "INVALID_LENGTH");
}

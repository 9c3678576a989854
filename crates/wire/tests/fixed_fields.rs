//! Additional fields that the issuer's configuration puts into every document.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod sample;

use sample::{bent, context, cut, person, with_head};
use serde_json::{Value as Json, json};
use tagua_fiscal::common::AdditionalField;
use tagua_wire::{Collection, WireContext};

fn configured(fields: &[(&str, &str)]) -> WireContext {
    let mut context = context();
    context.issuer.fixed_fields = fields
        .iter()
        .map(|(name, value)| AdditionalField {
            name: (*name).to_owned(),
            value: (*value).to_owned(),
        })
        .collect();
    context
}

/// A body with the fields of a debit note, a retention and a waybill.
fn plain() -> Json {
    with_head(json!({
        "fecha_emision": "2026-11-19", "comprador": person(), "sujeto": person(),
        "transportista": person(), "periodo_fiscal": "11/2026",
        "totales": {
            "total_sin_impuestos": 10, "importe_total": 10,
            "impuestos": [
                {"codigo": 2, "codigo_porcentaje": 0, "base_imponible": 10, "valor": 0}
            ]
        },
        "items": [{
            "motivo": "Mora", "valor": 10,
            "codigo": 1, "codigo_porcentaje": "312", "base_imponible": 10, "porcentaje": 1,
            "valor_retenido": 0.1, "tipo_documento_sustento": "01",
            "numero_documento_sustento": "011-007-000000251",
            "fecha_emision_documento_sustento": "2026-11-17"
        }],
        "tipo_documento_modificado": "01",
        "numero_documento_modificado": "001-002-000001001",
        "fecha_emision_documento_modificado": "2026-11-18",
        "info_adicional": [{"nombre": "Bodega", "valor": "Norte"}]
    }))
}

fn fields_in(collection: Collection, body: &Json, context: &WireContext) -> Vec<String> {
    let request = sample::read(collection, body, context).unwrap();
    let document = sample::numbered(request);
    let fields = document.additional_fields().iter();
    fields.map(|f| format!("{}={}", f.name, f.value)).collect()
}

fn fields(body: &Json, context: &WireContext) -> Vec<String> {
    fields_in(Collection::DebitNotes, body, context)
}

#[test]
fn they_follow_those_of_the_request_in_every_document() {
    let context = configured(&[("Gran Contribuyente", "GC-1"), ("Sistema", "1799999990001")]);
    for collection in [Collection::DebitNotes, Collection::Retentions] {
        assert_eq!(
            fields_in(collection, &plain(), &context),
            [
                "Bodega=Norte",
                "Gran Contribuyente=GC-1",
                "Sistema=1799999990001"
            ]
        );
    }
    let none = cut(plain(), &["/info_adicional"]);
    let alone = ["Gran Contribuyente=GC-1", "Sistema=1799999990001"];
    assert_eq!(fields(&none, &context), alone);
}

#[test]
fn a_name_the_request_has_is_left_out() {
    let context = configured(&[("Bodega", "Sur"), ("bodega", "otra")]);
    assert_eq!(fields(&plain(), &context), ["Bodega=Norte", "bodega=otra"]);
}

fn numbered(count: usize) -> Json {
    (0..count)
        .map(|n| json!({"nombre": format!("n{n}"), "valor": "v"}))
        .collect()
}

#[test]
fn there_are_never_more_than_fifteen() {
    let context = configured(&[("Uno", "1"), ("Dos", "2")]);
    for (sent, written) in [(13, 15), (14, 15), (15, 15)] {
        let body = bent(plain(), &[("/info_adicional", numbered(sent))]);
        let fields = fields(&body, &context);
        assert_eq!(fields.len(), written);
        assert_eq!(
            fields.get(sent).map(String::as_str),
            (sent < 15).then_some("Uno=1")
        );
    }
    // The request's own sixteenth is an error, not the configuration's doing.
    let body = bent(plain(), &[("/info_adicional", numbered(16))]);
    let findings = sample::findings(Collection::DebitNotes, &body);
    assert_eq!(findings, [("info_adicional".to_owned(), "INVALID_LENGTH")]);
}

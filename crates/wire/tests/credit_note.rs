//! What the request of a credit note becomes (CONTRACT 7.5).

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod sample;

use jiff::civil::date;
use sample::{bent, blanks, context, cut, person, structure, with_head};
use serde_json::{Value as Json, json};
use tagua_fiscal::Document;
use tagua_fiscal::common::AdditionalField;
use tagua_fiscal::credit_note::{CreditNote, CreditNoteVersion};
use tagua_wire::{Collection, ForeignCurrency};

const NOTES: Collection = Collection::CreditNotes;

fn plain() -> Json {
    with_head(json!({
        "fecha_emision": "2026-11-19T09:05:00-05:00",
        "comprador": person(),
        "moneda": "USD",
        "totales": {
            "total_sin_impuestos": 22.1, "importe_total": 25.42,
            "impuestos": [
                {"codigo": 2, "codigo_porcentaje": 4, "base_imponible": 22.1, "valor": 3.32}
            ]
        },
        "items": [{
            "codigo_principal": "MOL-2", "codigo_auxiliar": "M2", "descripcion": "Molinillo",
            "cantidad": 2, "precio_unitario": 11.05, "descuento": 0,
            "precio_total_sin_impuestos": 22.1, "unidad_medida": "unidad",
            "detalles_adicionales": {"Color": "azul"},
            "impuestos": [
                {"codigo": 2, "codigo_porcentaje": 4, "tarifa": 15, "base_imponible": 22.1,
                 "valor": 3.32}
            ]
        }],
        "tipo_documento_modificado": "01",
        "numero_documento_modificado": "001-002-000001001",
        "fecha_emision_documento_modificado": "2026-11-18T10:15:00-05:00",
        "motivo": "Devolución"
    }))
}

fn unwrap(document: Document) -> CreditNote {
    match document {
        Document::CreditNote(note) => *note,
        other => panic!("not a credit note: {other:?}"),
    }
}

#[track_caller]
fn note(body: &Json) -> CreditNote {
    unwrap(sample::document(NOTES, body))
}

#[track_caller]
fn refused(changes: &[(&str, Json)], parameter: &str, code: &str) {
    sample::refused(NOTES, &bent(plain(), changes), parameter, code);
}

#[test]
fn every_field_has_its_place() {
    let note = note(&plain());
    assert_eq!(note.version, CreditNoteVersion::V1_1_0);
    let info = &note.info;
    assert_eq!(info.issue_date, date(2026, 11, 19));
    assert_eq!(info.establishment_address.as_deref(), Some("Quito, bodega"));
    assert_eq!(info.receiver_id_type, "05");
    assert_eq!(info.receiver_name, "Rosaura Quimí");
    assert_eq!(info.receiver_id, "2459999914");
    assert_eq!(info.special_taxpayer.as_deref(), Some("12345"));
    assert_eq!(info.keeps_accounts, Some(true));
    assert_eq!(info.modified_document.document_code, "01");
    assert_eq!(info.modified_document.number, "001-002-000001001");
    assert_eq!(info.modified_document.issue_date, date(2026, 11, 18));
    assert_eq!(info.net_total.to_string(), "22.10");
    assert_eq!(info.total.to_string(), "25.42");
    assert_eq!(info.currency.as_deref(), Some("DOLAR"));
    assert_eq!(info.reason, "Devolución");
    let line = &note.lines[0];
    assert_eq!(line.main_code.as_deref(), Some("MOL-2"));
    assert_eq!(line.auxiliary_code.as_deref(), Some("M2"));
    assert_eq!(line.discount.unwrap().to_string(), "0.00");
    assert_eq!(line.details[0].name, "Color");
    assert_eq!(line.taxes[0].rate.unwrap().to_string(), "15.00");
}

#[test]
fn a_complete_note_satisfies_the_schema() {
    let machine = json!({"marca": "SISPAU", "modelo": "ABC123", "serie": "CGNC1405"});
    let body = bent(plain(), &[("/maquina_fiscal", machine)]);
    assert_eq!(structure(&sample::document(NOTES, &body)), []);
    assert_eq!(note(&body).fiscal_machine.unwrap().serial, "CGNC1405");
}

#[test]
fn compensations_of_old_notes_are_kept() {
    let row = json!({"codigo": 1, "tarifa": 2, "valor": "0.44"});
    for sent in [json!([row]), row.clone()] {
        let note = note(&bent(plain(), &[("/compensaciones", sent)]));
        let row = &note.info.compensations[0];
        assert_eq!(
            [row.rate.to_string(), row.amount.to_string()],
            ["2.00", "0.44"]
        );
    }
}

#[test]
fn the_receiver_gets_the_mail_and_no_reminder() {
    let request = sample::request(NOTES, &plain());
    assert_eq!(request.receiver_emails, ["rosaura@correo.example"]);
    assert_eq!(request.payment_reminder, None);
}

#[test]
fn what_a_note_does_not_have_is_ignored() {
    let body = bent(
        plain(),
        &[
            ("/totales/descuento", json!(3)),
            ("/totales/propina", json!(2)),
            ("/totales/descuento_adicional", json!(1)),
            ("/totales/impuestos/0/descuento_adicional", json!(1)),
            ("/totales/impuestos/0/tarifa", json!(15)),
            ("/numero_autorizacion_documento_modificado", json!("123")),
            ("/guia_remision", json!("no")),
            ("/pagos", json!([{"medio": "efectivo", "total": 1}])),
        ],
    );
    assert_eq!(note(&body), note(&plain()));
    let row = &note(&body).info.tax_totals[0];
    assert_eq!((row.rate, row.additional_discount), (None, None));
}

#[test]
fn numbers_of_the_modified_document_come_with_and_without_hyphens() {
    for sent in [json!("001002000001001"), json!("001-002-000001001")] {
        let body = bent(plain(), &[("/numero_documento_modificado", sent)]);
        assert_eq!(
            note(&body).info.modified_document.number,
            "001-002-000001001"
        );
    }
    for sent in [
        "1-2-1001",
        "001-002-1001",
        "00100200000100",
        "001002-000001001",
    ] {
        let change = [("/numero_documento_modificado", json!(sent))];
        refused(&change, "numero_documento_modificado", "INVALID_FORMAT");
    }
    for (sent, written) in [(json!(1), "01"), (json!("4"), "04"), (json!("05"), "05")] {
        let body = bent(plain(), &[("/tipo_documento_modificado", sent)]);
        assert_eq!(note(&body).info.modified_document.document_code, written);
    }
    refused(
        &[("/tipo_documento_modificado", json!("FAC"))],
        "tipo_documento_modificado",
        "INVALID_VALUE",
    );
}

const FLAT: [(&str, &str); 3] = [
    ("/tipo_documento_modificado", "tipo_documento"),
    ("/numero_documento_modificado", "numero_documento"),
    ("/fecha_emision_documento_modificado", "fecha_documento"),
];

#[test]
fn the_object_stands_in_for_absent_flat_fields_only() {
    let object = json!({
        "tipo_documento": "1", "numero_documento": "003-004-000000009",
        "fecha_documento": "2026-11-10"
    });
    let both = bent(plain(), &[("/documento_sustento", object.clone())]);
    assert_eq!(note(&both), note(&plain()));
    for blank in blanks() {
        let mut body = both.clone();
        for (flat, _) in FLAT {
            body = bent(body, &[(flat, blank.clone())]);
        }
        let modified = note(&body).info.modified_document;
        assert_eq!(modified.document_code, "01");
        assert_eq!(modified.number, "003-004-000000009");
        assert_eq!(modified.issue_date, date(2026, 11, 10));
    }
}

#[test]
fn errors_name_the_field_that_was_used() {
    for (flat, member) in FLAT {
        let body = cut(plain(), &[flat]);
        let flat = flat.trim_start_matches('/');
        sample::refused(NOTES, &body, flat, "MISSING_PARAMETER");
        // A member that is blank does not stand in.
        let blank = bent(
            body.clone(),
            &[("/documento_sustento", json!({member: " "}))],
        );
        sample::refused(NOTES, &blank, flat, "MISSING_PARAMETER");
        let wrong = bent(body, &[("/documento_sustento", json!({member: "x x"}))]);
        let code = match member {
            "tipo_documento" => "INVALID_VALUE",
            _ => "INVALID_FORMAT",
        };
        sample::refused(NOTES, &wrong, &format!("documento_sustento.{member}"), code);
    }
    refused(
        &[("/documento_sustento", json!("001-002-000001001"))],
        "documento_sustento",
        "INVALID_DATA_TYPE",
    );
}

#[test]
fn the_reason_must_be_there_and_fit() {
    for blank in blanks() {
        if blank.is_object() || blank.is_array() {
            continue;
        }
        refused(&[("/motivo", blank)], "motivo", "MISSING_PARAMETER");
    }
    refused(
        &[("/motivo", json!("x".repeat(301)))],
        "motivo",
        "INVALID_LENGTH",
    );
    let broken = bent(plain(), &[("/motivo", json!(" dos\r\nlíneas "))]);
    assert_eq!(note(&broken).info.reason, "dos líneas");
}

#[test]
fn another_currency_is_converted_at_its_rate() {
    let euros = bent(
        plain(),
        &[("/moneda", json!("EUR")), ("/tasa_cambio", json!(1.0842))],
    );
    let note = note(&euros);
    assert_eq!(note.info.net_total.to_string(), "23.96");
    assert_eq!(note.info.total.to_string(), "27.55");
    assert_eq!(note.info.currency.as_deref(), Some("DOLAR"));
    assert_eq!(note.lines[0].unit_price.to_string(), "11.98041");
    assert_eq!(
        note.additional_fields,
        [AdditionalField {
            name: "Moneda original".to_owned(),
            value: "EUR 25.42 (tasa de cambio 1.0842)".to_owned(),
        }]
    );
    let mut as_sent = context();
    as_sent.foreign_currency = ForeignCurrency::AsSent;
    let request = sample::read(NOTES, &euros, &as_sent).unwrap();
    let note = unwrap(sample::numbered(request));
    assert_eq!(note.info.currency.as_deref(), Some("EURO"));
    assert_eq!(note.info.total.to_string(), "25.42");
    let no_rate = cut(euros, &["/tasa_cambio"]);
    sample::refused(NOTES, &no_rate, "tasa_cambio", "MISSING_PARAMETER");
}

#[test]
fn amounts_beyond_every_number_are_refused() {
    let huge = || json!("99999999999999.99");
    let body = bent(
        plain(),
        &[
            ("/moneda", json!("EUR")),
            ("/tasa_cambio", huge()),
            ("/items/0/precio_unitario", huge()),
            ("/items/0/cantidad", huge()),
        ],
    );
    sample::refused(NOTES, &body, "totales", "INVALID_VALUE");
}

//! What the request of a withholding of schema 1.0.0 becomes (CONTRACT 7.7).

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod sample;

use jiff::civil::date;
use sample::{bent, blanks, cut, retention as plain, structure};
use serde_json::{Value as Json, json};
use tagua_fiscal::Document;
use tagua_fiscal::withholding::{
    WithheldTax, Withholding, WithholdingBody, WithholdingInfo, WithholdingVersion,
};
use tagua_wire::Collection;

#[track_caller]
fn withholding(body: &Json) -> Withholding {
    unwrap(sample::document(Collection::Retentions, body))
}

fn unwrap(document: Document) -> Withholding {
    match document {
        Document::Withholding(withholding) => *withholding,
        other => panic!("not a withholding: {other:?}"),
    }
}

fn rows(withholding: Withholding) -> Vec<WithheldTax> {
    match withholding.body {
        WithholdingBody::Taxes(rows) => rows,
        WithholdingBody::Documents(documents) => panic!("not 1.0.0: {documents:?}"),
    }
}

#[track_caller]
fn row(changes: &[(&str, Json)]) -> WithheldTax {
    rows(withholding(&bent(plain(), changes))).remove(0)
}

#[track_caller]
fn refused(changes: &[(&str, Json)], parameter: &str, code: &str) {
    let body = bent(plain(), changes);
    sample::refused(Collection::Retentions, &body, parameter, code);
}

#[test]
fn every_field_finds_its_place() {
    let document = sample::document(Collection::Retentions, &plain());
    assert_eq!(structure(&document), []);
    let withholding = unwrap(document);
    assert_eq!(withholding.version(), WithholdingVersion::V1_0_0);
    let expected = WithholdingInfo {
        issue_date: date(2026, 11, 19),
        establishment_address: Some("Quito, bodega".to_owned()),
        special_taxpayer: Some("12345".to_owned()),
        keeps_accounts: Some(true),
        subject_id_type: "05".to_owned(),
        subject_type: None,
        related_party: None,
        subject_name: "Rosaura Quimí".to_owned(),
        subject_id: "2459999914".to_owned(),
        fiscal_period: "11/2026".to_owned(),
    };
    assert_eq!(withholding.info, expected);
    assert_eq!(withholding.tax_info.legal_name, "QUINDE AZUL S.A.S.");
    assert_eq!(withholding.additional_fields[0].name, "Email");
    let expected = WithheldTax {
        code: "1".to_owned(),
        withholding_code: "312".to_owned(),
        base: "4226.40".parse().unwrap(),
        rate: "1.75".parse().unwrap(),
        amount: "73.96".parse().unwrap(),
        document_code: Some("01".to_owned()),
        document_number: Some("011007000000251".to_owned()),
        document_date: Some(date(2026, 11, 17)),
    };
    assert_eq!(rows(withholding), [expected]);
}

#[test]
fn it_is_sent_to_the_subject() {
    let body = bent(
        plain(),
        &[("/sujeto/email", json!("a@x.example, b@x.example"))],
    );
    let request = sample::request(Collection::Retentions, &body);
    assert_eq!(request.receiver_emails, ["a@x.example", "b@x.example"]);
}

#[test]
fn what_only_the_other_schema_has_is_ignored() {
    let body = bent(
        plain(),
        &[
            ("/parte_relacionada", json!("?")),
            ("/tipo_sujeto_retenido", json!("01")),
            ("/moneda", json!("EUR")),
        ],
    );
    let info = withholding(&body).info;
    assert_eq!((info.subject_type, info.related_party), (None, None));
}

#[test]
fn the_rows_are_called_items_or_impuestos() {
    let row = plain()["items"].clone();
    let older = bent(cut(plain(), &["/items"]), &[("/impuestos", row.clone())]);
    assert_eq!(withholding(&older), withholding(&plain()));
    let both = bent(older, &[("/items", json!([]))]);
    assert_eq!(withholding(&both), withholding(&plain()));
    let broken = bent(
        cut(plain(), &["/items"]),
        &[("/impuestos", json!([{}, row[0]]))],
    );
    let (first, code) = sample::findings(Collection::Retentions, &broken).remove(0);
    assert_eq!(
        (first.as_str(), code),
        ("impuestos[0].codigo", "MISSING_PARAMETER")
    );
}

#[test]
fn codes_and_numbers_come_in_every_form() {
    let row = row(&[
        ("/items/0/codigo", json!("2")),
        ("/items/0/codigo_porcentaje", json!(3)),
        ("/items/0/base_imponible", json!(" 15.004 ")),
        ("/items/0/porcentaje", json!("100.000")),
        ("/items/0/valor_retenido", json!("15.005")),
        ("/items/0/tipo_documento_sustento", json!(1)),
        (
            "/items/0/numero_documento_sustento",
            json!("001001000004568"),
        ),
    ]);
    assert_eq!(
        (row.code.as_str(), row.withholding_code.as_str()),
        ("2", "3")
    );
    assert_eq!(
        (row.base.to_string(), row.amount.to_string()),
        ("15.00".to_owned(), "15.01".to_owned())
    );
    assert_eq!(row.rate.to_string(), "100.00");
    assert_eq!(row.document_code.as_deref(), Some("01"));
    assert_eq!(row.document_number.as_deref(), Some("001001000004568"));
}

#[test]
fn the_rate_is_called_porcentaje_or_tarifa() {
    let rate = |changes: &[(&str, Json)]| row(changes).rate.to_string();
    let blank = ("/items/0/porcentaje", json!(""));
    assert_eq!(rate(&[blank, ("/items/0/tarifa", json!(8))]), "8.00");
    assert_eq!(rate(&[("/items/0/tarifa", json!(8))]), "1.75");
    refused(
        &[("/items/0/porcentaje", json!(-1))],
        "items[0].porcentaje",
        "INVALID_VALUE",
    );
}

/// The rate of a row that was sent without one.
#[track_caller]
fn derived(base: &str, amount: &str) -> String {
    let row = row(&[
        ("/items/0/porcentaje", json!(null)),
        ("/items/0/base_imponible", json!(base)),
        ("/items/0/valor_retenido", json!(amount)),
    ]);
    row.rate.to_string()
}

#[test]
fn a_missing_rate_is_the_shortest_that_gives_the_amount() {
    assert_eq!(derived("4226.40", "73.96"), "1.75");
    assert_eq!(derived("2.17", "0.43"), "20.00");
    assert_eq!(derived("15", "15"), "100.00");
    assert_eq!(derived("1000", "17.50"), "1.75");
    assert_eq!(derived("1234.56", "34.57"), "2.80");
    assert_eq!(derived("333.33", "41.67"), "12.50");
    assert_eq!(derived("0", "0"), "0.00");
    assert_eq!(derived("10", "0"), "0.00");
    assert_eq!(derived("0", "5"), "0.00");
}

#[test]
fn a_derived_rate_has_the_three_digits_the_schema_takes() {
    assert_eq!(derived("1000", "333.33"), "33.30");
    assert_eq!(derived("10000", "12.34"), "0.12");
    assert_eq!(derived("3", "2"), "66.70");
    let changes = [
        ("/items/0/porcentaje", json!(null)),
        ("/items/0/base_imponible", json!(1000)),
        ("/items/0/valor_retenido", json!(333.33)),
    ];
    let document = sample::document(Collection::Retentions, &bent(plain(), &changes));
    assert_eq!(structure(&document), []);
}

#[test]
fn a_rate_beyond_all_numbers_is_a_finding() {
    let changes = [
        ("/items/0/porcentaje", json!(null)),
        ("/items/0/base_imponible", json!("0.00000000000001")),
        ("/items/0/valor_retenido", json!("99999999999999")),
    ];
    refused(&changes, "items[0].valor_retenido", "INVALID_VALUE");
}

#[test]
fn no_withholding_code_is_unknown() {
    for code in ["332B", "401CD", "9", "4580", "ZZZZZ"] {
        for tax in [1, 2, 6] {
            let row = row(&[
                ("/items/0/codigo", json!(tax)),
                ("/items/0/codigo_porcentaje", json!(code)),
                ("/items/0/porcentaje", json!(3.25)),
            ]);
            assert_eq!(
                (row.code, row.withholding_code.as_str()),
                (tax.to_string(), code)
            );
        }
    }
}

#[test]
fn the_number_of_the_document_may_be_absent() {
    for blank in blanks() {
        let row = row(&[("/items/0/numero_documento_sustento", blank)]);
        assert_eq!(row.document_number, None);
    }
}

#[test]
fn a_type_of_three_digits_is_left_to_the_schema() {
    let body = bent(plain(), &[("/items/0/tipo_documento_sustento", json!(370))]);
    let document = sample::document(Collection::Retentions, &body);
    let found = structure(&document);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].path.ends_with("codDocSustento"), "{found:?}");
}

#[test]
fn what_no_withholding_can_do_without_is_missing() {
    let keys = [
        "sujeto",
        "periodo_fiscal",
        "items",
        "emisor",
        "secuencial",
        "ambiente",
    ];
    for key in keys {
        let body = cut(plain(), &[&format!("/{key}")]);
        sample::refused(Collection::Retentions, &body, key, "MISSING_PARAMETER");
    }
    for key in ["razon_social", "identificacion", "tipo_identificacion"] {
        let body = cut(plain(), &[&format!("/sujeto/{key}")]);
        let parameter = format!("sujeto.{key}");
        sample::refused(
            Collection::Retentions,
            &body,
            &parameter,
            "MISSING_PARAMETER",
        );
    }
    let keys = [
        "codigo",
        "codigo_porcentaje",
        "base_imponible",
        "valor_retenido",
        "tipo_documento_sustento",
        "fecha_emision_documento_sustento",
    ];
    for key in keys {
        let parameter = format!("items[0].{key}");
        let body = cut(plain(), &[&format!("/items/0/{key}")]);
        sample::refused(
            Collection::Retentions,
            &body,
            &parameter,
            "MISSING_PARAMETER",
        );
        for blank in blanks() {
            refused(
                &[(&format!("/items/0/{key}"), blank)],
                &parameter,
                "MISSING_PARAMETER",
            );
        }
    }
}

#[test]
fn malformed_fields_are_named() {
    for period in [
        "2026-11",
        "13/2026",
        "00/2026",
        "1/2026",
        "11/26",
        "11/1999",
        "11/2026/1",
    ] {
        refused(
            &[("/periodo_fiscal", json!(period))],
            "periodo_fiscal",
            "INVALID_FORMAT",
        );
    }
    refused(
        &[("/periodo_fiscal", json!(true))],
        "periodo_fiscal",
        "INVALID_DATA_TYPE",
    );
    let item = |key: &str, value: Json, code: &str| {
        let (pointer, parameter) = (format!("/items/0/{key}"), format!("items[0].{key}"));
        refused(&[(&pointer, value)], &parameter, code);
    };
    item("codigo", json!(4), "INVALID_VALUE");
    item("codigo", json!(true), "INVALID_DATA_TYPE");
    item("codigo_porcentaje", json!("123456"), "INVALID_LENGTH");
    item("codigo_porcentaje", json!(false), "INVALID_DATA_TYPE");
    item("base_imponible", json!("mil"), "INVALID_DATA_TYPE");
    item("base_imponible", json!(-0.01), "INVALID_VALUE");
    item("valor_retenido", json!(1e20), "INVALID_VALUE");
    item("porcentaje", json!({"a": 1}), "INVALID_DATA_TYPE");
    item("tipo_documento_sustento", json!("0370"), "INVALID_LENGTH");
    item(
        "numero_documento_sustento",
        json!("1-1-1"),
        "INVALID_FORMAT",
    );
    item(
        "fecha_emision_documento_sustento",
        json!("17/11/2026"),
        "INVALID_FORMAT",
    );
    refused(
        &[("/sujeto/tipo_identificacion", json!("10"))],
        "sujeto.tipo_identificacion",
        "INVALID_VALUE",
    );
    refused(
        &[("/items", json!({"codigo": 1}))],
        "items",
        "INVALID_DATA_TYPE",
    );
    refused(&[("/items/0", json!("x"))], "items[0]", "INVALID_DATA_TYPE");
}

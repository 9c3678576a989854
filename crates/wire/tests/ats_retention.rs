//! What the request of a withholding of schema 2.0.0 becomes (CONTRACT 7.8).

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod sample;

use jiff::civil::date;
use sample::{ats_retention as plain, bent, blanks, context, cut, reimbursement, structure};
use serde_json::{Value as Json, json};
use tagua_fiscal::Document;
use tagua_fiscal::withholding::{
    BananaBoxes, Dividends, DocumentWithholding, PaymentPlace, SupportingDocument, SupportingTax,
    Withholding, WithholdingBody, WithholdingVersion,
};
use tagua_wire::{Collection, Rimpe};

const DOCUMENT: &str = "/documentos_soporte/0";
const WITHHELD: &str = "/documentos_soporte/0/retenciones/0";

/// The five fields of a payment abroad.
fn abroad() -> Vec<(&'static str, Json)> {
    vec![
        ("/documentos_soporte/0/tipo_regimen_fiscal", json!("1")),
        ("/documentos_soporte/0/pais", json!("us")),
        ("/documentos_soporte/0/aplica_convenio", json!("NO")),
        ("/documentos_soporte/0/pago_exterior", json!(true)),
        ("/documentos_soporte/0/pago_regimen_fiscal", json!(false)),
    ]
}

#[track_caller]
fn withholding(changes: &[(&str, Json)]) -> Withholding {
    unwrap(sample::document(
        Collection::AtsRetentions,
        &bent(plain(), changes),
    ))
}

fn unwrap(document: Document) -> Withholding {
    match document {
        Document::Withholding(withholding) => *withholding,
        other => panic!("not a withholding: {other:?}"),
    }
}

fn documents(withholding: Withholding) -> Vec<SupportingDocument> {
    match withholding.body {
        WithholdingBody::Documents(documents) => documents,
        WithholdingBody::Taxes(rows) => panic!("not 2.0.0: {rows:?}"),
    }
}

#[track_caller]
fn supporting(changes: &[(&str, Json)]) -> SupportingDocument {
    documents(withholding(changes)).remove(0)
}

#[track_caller]
fn withheld(changes: &[(&str, Json)]) -> DocumentWithholding {
    supporting(changes).withholdings.remove(0)
}

#[track_caller]
fn refused(changes: &[(&str, Json)], parameter: &str, code: &str) {
    let body = bent(plain(), changes);
    sample::refused(Collection::AtsRetentions, &body, parameter, code);
}

/// A pointer as the path that findings name.
fn path(pointer: &str) -> String {
    let mut path = String::new();
    for part in pointer.split('/').skip(1) {
        match part.parse::<usize>() {
            Ok(index) => path += &format!("[{index}]"),
            Err(_) if path.is_empty() => path += part,
            Err(_) => path += &format!(".{part}"),
        }
    }
    path
}

#[track_caller]
fn bad(parent: &str, key: &str, value: Json, code: &str) {
    let pointer = format!("{parent}/{key}");
    refused(&[(&pointer, value)], &path(&pointer), code);
}

#[test]
fn every_field_finds_its_place() {
    let document = sample::document(Collection::AtsRetentions, &plain());
    assert_eq!(structure(&document), []);
    let withholding = unwrap(document);
    let info = &withholding.info;
    assert_eq!(withholding.version(), WithholdingVersion::V2_0_0);
    assert_eq!(info.issue_date, date(2026, 11, 19));
    assert_eq!(
        (info.subject_id_type.as_str(), info.subject_id.as_str()),
        ("05", "2459999914")
    );
    assert_eq!(info.subject_name, "Rosaura Quimí");
    assert_eq!(info.fiscal_period, "11/2026");
    assert_eq!(info.special_taxpayer.as_deref(), Some("12345"));
    assert_eq!(
        (&info.subject_type, info.related_party),
        (&None, Some(false))
    );
    let document = documents(withholding).remove(0);
    assert_eq!(document.support_code, "01");
    assert_eq!(document.document_code, "01");
    assert_eq!(document.number, "001001000004581");
    assert_eq!(document.issue_date, date(2026, 11, 17));
    assert_eq!(document.accounting_date, Some(date(2026, 11, 18)));
    assert_eq!(document.authorization.unwrap().len(), 49);
    assert_eq!(document.net_total.to_string(), "80.00");
    assert_eq!(document.total.to_string(), "92.00");
    let tax = SupportingTax {
        code: "2".to_owned(),
        rate_code: "4".to_owned(),
        base: "80.00".parse().unwrap(),
        rate: "15.00".parse().unwrap(),
        amount: "12.00".parse().unwrap(),
    };
    assert_eq!(document.taxes, [tax]);
    let withheld = DocumentWithholding {
        code: "1".to_owned(),
        withholding_code: "3440".to_owned(),
        base: "80.00".parse().unwrap(),
        rate: "2.75".parse().unwrap(),
        amount: "2.20".parse().unwrap(),
        dividends: None,
        banana_boxes: None,
    };
    assert_eq!(document.withholdings, [withheld]);
    assert_eq!(document.payments[0].method, "20");
    assert_eq!(document.payments[0].total.to_string(), "92.00");
    assert_eq!(document.reimbursement, Default::default());
    assert_eq!(document.reimbursed_documents, []);
}

#[test]
fn the_number_is_called_secuencial_or_secuencia() {
    let number = |body: &Json| {
        let request = sample::request(Collection::AtsRetentions, body);
        request.number().unwrap().get()
    };
    let other = bent(
        cut(plain(), &["/secuencial"]),
        &[("/secuencia", json!("000000014"))],
    );
    assert_eq!(number(&other), 14);
    let both = bent(plain(), &[("/secuencia", json!(14))]);
    assert_eq!(number(&both), 7);
    let none = cut(plain(), &["/secuencial"]);
    sample::refused(
        Collection::AtsRetentions,
        &none,
        "secuencial",
        "MISSING_PARAMETER",
    );
    let bad = bent(none, &[("/secuencia", json!(0))]);
    sample::refused(
        Collection::AtsRetentions,
        &bad,
        "secuencia",
        "INVALID_VALUE",
    );
}

#[test]
fn the_kind_of_subject_goes_with_foreign_identifications_only() {
    let kind = |id_type: &str, kind: Json| {
        let changes = [
            ("/sujeto/tipo_identificacion", json!(id_type)),
            ("/tipo_sujeto_retenido", kind),
        ];
        withholding(&changes).info.subject_type
    };
    assert_eq!(kind("08", json!("02")).as_deref(), Some("02"));
    assert_eq!(kind("8", json!(1)).as_deref(), Some("01"));
    assert_eq!(kind("08", json!("")), None);
    assert_eq!(kind("05", json!("01")), None);
    refused(
        &[("/tipo_sujeto_retenido", json!("001"))],
        "tipo_sujeto_retenido",
        "INVALID_LENGTH",
    );
}

#[test]
fn a_related_party_is_one_that_says_so() {
    let related = |value: Json| {
        withholding(&[("/parte_relacionada", value)])
            .info
            .related_party
    };
    assert_eq!(related(json!(true)), Some(true));
    assert_eq!(related(json!("si")), Some(true));
    assert_eq!(related(json!("NO")), Some(false));
    assert_eq!(related(json!(null)), Some(false));
    bad("", "parte_relacionada", json!("tal vez"), "INVALID_VALUE");
}

#[test]
fn the_issuer_may_be_of_the_rimpe_regime() {
    let legend = |value: Json| {
        let withholding = withholding(&[("/emisor/regimen_rimpe", value)]);
        withholding.tax_info.rimpe_legend
    };
    assert_eq!(
        legend(json!("1")).as_deref(),
        Some(Rimpe::Taxpayer.legend())
    );
    assert_eq!(
        legend(json!(2)).as_deref(),
        Some(Rimpe::PopularBusiness.legend())
    );
    assert_eq!(legend(json!("0")), None);
}

#[test]
fn blank_means_absent_wherever_a_value_is_optional() {
    for blank in blanks() {
        let keys = [
            "fecha_registro_contable",
            "numero_autorizacion",
            "tipo_regimen_fiscal",
            "pais",
            "aplica_convenio",
            "pago_exterior",
            "pago_regimen_fiscal",
            "reembolso",
            "pagos",
            "retenciones/0/dividendos",
            "retenciones/0/compra_cajas_banano",
            "retenciones/0/tarifa",
            "impuestos/0/tarifa",
            "impuestos/0/base_imponible",
            "impuestos/0/valor",
        ];
        let pointers = keys.map(|key| format!("{DOCUMENT}/{key}"));
        let mut changes: Vec<_> = pointers
            .iter()
            .map(|p| (p.as_str(), blank.clone()))
            .collect();
        changes.push(("/documentos_soporte/0/tipo_pago", json!("02")));
        changes.push(("/tipo_sujeto_retenido", blank.clone()));
        changes.push(("/info_adicional", blank.clone()));
        let document = supporting(&changes);
        assert_eq!(
            (document.accounting_date, document.authorization),
            (None, None)
        );
        assert_eq!(document.payment_place, place("02"));
        assert_eq!(document.reimbursed_documents, []);
        assert_eq!(document.taxes, supporting(&[]).taxes);
        assert_eq!(document.payments, supporting(&[]).payments);
        assert_eq!(document.withholdings, supporting(&[]).withholdings);
    }
}

fn place(code: &str) -> PaymentPlace {
    PaymentPlace {
        code: code.to_owned(),
        regime: None,
        country: None,
        double_taxation_treaty: None,
        subject_to_withholding: None,
        preferential_regime: None,
    }
}

#[test]
fn the_data_of_payments_abroad_are_written_of_payments_abroad() {
    let mut changes = abroad();
    assert_eq!(supporting(&changes).payment_place, place("01"));
    changes.push(("/documentos_soporte/0/tipo_pago", json!(2)));
    let expected = PaymentPlace {
        code: "02".to_owned(),
        regime: Some("01".to_owned()),
        country: Some("110".to_owned()),
        double_taxation_treaty: Some(false),
        subject_to_withholding: Some(true),
        preferential_regime: Some(false),
    };
    assert_eq!(supporting(&changes).payment_place, expected);
    changes.push(("/documentos_soporte/0/aplica_convenio", json!(true)));
    let expected = PaymentPlace {
        double_taxation_treaty: Some(true),
        subject_to_withholding: None,
        ..expected
    };
    assert_eq!(supporting(&changes).payment_place, expected);
}

#[test]
fn countries_come_as_iso_or_sri_codes() {
    let country = |value: Json| {
        let changes = [
            ("/documentos_soporte/0/tipo_pago", json!("02")),
            ("/documentos_soporte/0/pais", value),
        ];
        supporting(&changes).payment_place.country
    };
    assert_eq!(country(json!("US")).as_deref(), Some("110"));
    assert_eq!(country(json!("593")).as_deref(), Some("593"));
    assert_eq!(country(json!(110)).as_deref(), Some("110"));
    assert_eq!(country(json!("5001")).as_deref(), Some("5001"));
    let changes = [
        ("/documentos_soporte/0/tipo_pago", json!("02")),
        ("/documentos_soporte/0/pais", json!("Estados Unidos")),
    ];
    refused(&changes, "documentos_soporte[0].pais", "INVALID_VALUE");
}

#[test]
fn local_payments_do_not_look_at_the_data_of_payments_abroad() {
    let changes = [
        ("/documentos_soporte/0/pais", json!("Ecuador")),
        ("/documentos_soporte/0/aplica_convenio", json!("?")),
    ];
    assert_eq!(supporting(&changes).payment_place, place("01"));
}

#[test]
fn the_authorization_goes_by_three_spellings() {
    let sent = |key: &str| {
        let body = cut(plain(), &[&format!("{DOCUMENT}/numero_autorizacion")]);
        bent(body, &[(&format!("{DOCUMENT}/{key}"), json!("1234567890"))])
    };
    for key in [
        "numero_autorizacion",
        "numero_autorización",
        "numero_autorizacio\u{301}n",
    ] {
        let document = unwrap(sample::document(Collection::AtsRetentions, &sent(key)));
        let authorization = documents(document).remove(0).authorization;
        assert_eq!(authorization.as_deref(), Some("1234567890"), "{key}");
    }
}

#[test]
fn without_payments_there_is_one_over_the_total() {
    let payments = supporting(&[("/documentos_soporte/0/pagos", json!([]))]).payments;
    assert_eq!(payments.len(), 1);
    assert_eq!(
        (payments[0].method.as_str(), payments[0].total.to_string()),
        ("20", "92.00".to_owned())
    );
}

#[test]
fn payments_come_in_every_spelling() {
    for (key, code, written) in [
        ("tipo_pago", json!("01"), "01"),
        ("tipo_pago", json!(1), "01"),
        ("forma_pago", json!("19"), "19"),
        ("codigo", json!(20), "20"),
        ("medio", json!("efectivo"), "01"),
        ("tipo_pago", json!("transferencia"), "20"),
    ] {
        for total in ["total", "total_pago"] {
            let rows = json!([{key: code, total: "92.00"}]);
            let payments = supporting(&[("/documentos_soporte/0/pagos", rows)]).payments;
            assert_eq!(payments[0].method, written);
            assert_eq!(payments[0].total.to_string(), "92.00");
        }
    }
    let nameless = json!([{"total": 92}]);
    refused(
        &[("/documentos_soporte/0/pagos", nameless)],
        "documentos_soporte[0].pagos[0].tipo_pago",
        "MISSING_PARAMETER",
    );
    let unknown = json!([{"tipo_pago": "99", "total": 1}]);
    refused(
        &[("/documentos_soporte/0/pagos", unknown)],
        "documentos_soporte[0].pagos[0].tipo_pago",
        "INVALID_VALUE",
    );
}

#[test]
fn the_withheld_rate_is_called_tarifa_or_porcentaje() {
    let pointer = "/documentos_soporte/0/retenciones/0/porcentaje";
    assert_eq!(withheld(&[(pointer, json!(8))]).rate.to_string(), "2.75");
    let tarifa = ("/documentos_soporte/0/retenciones/0/tarifa", json!(null));
    let changes = [tarifa.clone(), (pointer, json!("8"))];
    assert_eq!(withheld(&changes).rate.to_string(), "8.00");
    assert_eq!(withheld(&[tarifa]).rate.to_string(), "2.75");
}

#[test]
fn of_several_dividends_the_first_is_written() {
    let first = json!({"fecha_pago": "2026-11-15", "impuesto_renta": "2500", "annio_fiscal": 2025});
    let dividends = |value: Json| {
        let pointer = format!("{WITHHELD}/dividendos");
        withheld(&[(&pointer, value)]).dividends
    };
    let expected = Some(Dividends {
        payment_date: date(2026, 11, 15),
        income_tax: "2500.00".parse().unwrap(),
        year: "2025".to_owned(),
    });
    assert_eq!(dividends(json!([first, {"fecha_pago": "?"}])), expected);
    assert_eq!(dividends(first.clone()), expected);
    assert_eq!(dividends(json!([])), None);
    for key in ["fecha_pago", "impuesto_renta", "annio_fiscal"] {
        let mut partial = first.clone();
        partial.as_object_mut().unwrap().shift_remove(key).unwrap();
        let pointer = format!("{WITHHELD}/dividendos");
        let parameter = format!("{}.dividendos[0].{key}", path(WITHHELD));
        refused(
            &[(&pointer, json!([partial]))],
            &parameter,
            "MISSING_PARAMETER",
        );
    }
}

#[test]
fn boxes_of_bananas_are_an_extension() {
    let pointer = format!("{WITHHELD}/compra_cajas_banano");
    let boxes = json!({"numero_cajas": 1200, "precio_caja": "6.50"});
    let expected = BananaBoxes {
        count: "1200".to_owned(),
        price: "6.50".parse().unwrap(),
    };
    assert_eq!(withheld(&[(&pointer, boxes)]).banana_boxes, Some(expected));
    let parameter = format!("{}.compra_cajas_banano.precio_caja", path(WITHHELD));
    refused(
        &[(&pointer, json!({"numero_cajas": 1}))],
        &parameter,
        "MISSING_PARAMETER",
    );
}

#[test]
fn reimbursed_documents_have_rates_without_decimals() {
    let pointer = format!("{DOCUMENT}/reembolso");
    let body = bent(plain(), &[(&pointer, reimbursement())]);
    let document = sample::document(Collection::AtsRetentions, &body);
    assert_eq!(structure(&document), []);
    let document = documents(unwrap(document)).remove(0);
    let totals = &document.reimbursement;
    let text = |amount: Option<tagua_fiscal::Amount>| amount.unwrap().to_string();
    assert_eq!(text(totals.documents_total), "115.00");
    assert_eq!(text(totals.base_total), "100.00");
    assert_eq!(text(totals.tax_total), "15.00");
    let row = &document.reimbursed_documents[0];
    assert_eq!(
        (row.supplier_id_type.as_str(), row.supplier_id.as_str()),
        ("04", "1798887757001")
    );
    assert_eq!(
        (row.supplier_type.as_str(), row.supplier_country.as_deref()),
        ("02", Some("593"))
    );
    assert_eq!(
        (row.document_code.as_str(), row.authorization.as_str()),
        ("01", "1234567890")
    );
    assert_eq!(
        format!("{}-{}-{}", row.establishment, row.point, row.sequential),
        "001-003-000002140"
    );
    assert_eq!(row.issue_date, date(2026, 11, 10));
    let tax = &row.taxes[0];
    assert_eq!(
        (tax.code.as_str(), tax.rate_code.as_str(), tax.rate.as_str()),
        ("2", "4", "15")
    );
    assert_eq!(
        (tax.base.to_string(), tax.amount.to_string()),
        ("100.00".to_owned(), "15.00".to_owned())
    );
}

#[test]
fn rates_of_reimbursed_documents_are_rounded_or_derived() {
    let rate = |value: Json| {
        let sent = bent(
            reimbursement(),
            &[("/documentos/0/impuestos/0/tarifa", value)],
        );
        let document = supporting(&[("/documentos_soporte/0/reembolso", sent)]);
        document.reimbursed_documents[0].taxes[0].rate.clone()
    };
    assert_eq!(rate(json!(null)), "15");
    assert_eq!(rate(json!("12.50")), "13");
    assert_eq!(rate(json!(0.0)), "0");
    assert_eq!(rate(json!("100.00")), "100");
}

#[test]
fn totals_of_a_reimbursement_are_sums_when_missing() {
    let sent = cut(
        reimbursement(),
        &["/subtotal", "/total_impuestos", "/total", "/codigo"],
    );
    let document = supporting(&[("/documentos_soporte/0/reembolso", sent)]);
    let whole = supporting(&[("/documentos_soporte/0/reembolso", reimbursement())]);
    assert_eq!(document.reimbursement, whole.reimbursement);
}

#[test]
fn the_type_of_a_reimbursed_document_is_called_tipo_or_codigo() {
    let sent = cut(reimbursement(), &["/documentos/0/tipo"]);
    let sent = bent(sent, &[("/documentos/0/codigo", json!("03"))]);
    let document = supporting(&[("/documentos_soporte/0/reembolso", sent)]);
    assert_eq!(document.reimbursed_documents[0].document_code, "03");
}

#[test]
fn codes_and_numbers_come_in_every_form() {
    let document = supporting(&[
        ("/documentos_soporte/0/codigo_sustento", json!(0)),
        ("/documentos_soporte/0/tipo_documento", json!(370)),
        ("/documentos_soporte/0/numero", json!("001001000004581")),
        ("/documentos_soporte/0/tipo_pago", json!("1")),
        ("/documentos_soporte/0/total", json!(91.995)),
        ("/documentos_soporte/0/retenciones/0/codigo", json!(6)),
        (
            "/documentos_soporte/0/retenciones/0/codigo_porcentaje",
            json!(4580),
        ),
    ]);
    assert_eq!(
        (
            document.support_code.as_str(),
            document.document_code.as_str()
        ),
        ("00", "370")
    );
    assert_eq!(document.number, "001001000004581");
    assert_eq!(document.payment_place, place("01"));
    assert_eq!(document.total.to_string(), "92.00");
    let withheld = &document.withholdings[0];
    assert_eq!(
        (withheld.code.as_str(), withheld.withholding_code.as_str()),
        ("6", "4580")
    );
}

#[test]
fn additional_fields_come_in_every_form() {
    let fields = |value: Json| {
        let fields = withholding(&[("/info_adicional", value)]).additional_fields;
        let pair = |field: &tagua_fiscal::common::AdditionalField| {
            format!("{}={}", field.name, field.value)
        };
        fields.iter().map(pair).collect::<Vec<_>>()
    };
    assert_eq!(
        fields(json!([{"nombre": "a", "descripcion": "1"}])),
        ["a=1"]
    );
    assert_eq!(fields(json!([{"nombre": "a", "valor": 1}])), ["a=1"]);
    assert_eq!(
        fields(json!([{"a": "1", "b": true}, {"c": "x\ny"}])),
        ["a=1", "b=true", "c=x y"]
    );
    assert_eq!(fields(json!({"a": "1"})), ["a=1"]);
}

#[test]
fn several_documents_stay_in_order() {
    let second = bent(
        plain()["documentos_soporte"][0].clone(),
        &[("/numero", json!("001-001-000000009"))],
    );
    let withholding = withholding(&[("/documentos_soporte/1", second)]);
    let numbers: Vec<_> = documents(withholding)
        .into_iter()
        .map(|d| d.number)
        .collect();
    assert_eq!(numbers, ["001001000004581", "001001000000009"]);
}

#[test]
fn what_no_withholding_can_do_without_is_missing() {
    for key in ["sujeto", "periodo_fiscal", "documentos_soporte"] {
        let body = cut(plain(), &[&format!("/{key}")]);
        sample::refused(Collection::AtsRetentions, &body, key, "MISSING_PARAMETER");
    }
    let of_document = [
        "codigo_sustento",
        "tipo_documento",
        "numero",
        "fecha_emision",
        "tipo_pago",
        "total_sin_impuestos",
        "total",
        "impuestos",
        "retenciones",
    ];
    let of_withheld = [
        "codigo",
        "codigo_porcentaje",
        "base_imponible",
        "valor_retenido",
    ];
    let of_tax = ["codigo", "codigo_porcentaje"];
    let tax = format!("{DOCUMENT}/impuestos/0");
    let lists: [(&str, &[&str]); 3] = [
        (DOCUMENT, &of_document),
        (WITHHELD, &of_withheld),
        (&tax, &of_tax),
    ];
    for (parent, keys) in lists {
        for key in keys {
            for blank in blanks() {
                bad(parent, key, blank, "MISSING_PARAMETER");
            }
        }
    }
}

#[test]
fn malformed_fields_are_named() {
    bad(DOCUMENT, "codigo_sustento", json!("010"), "INVALID_LENGTH");
    bad(DOCUMENT, "tipo_documento", json!("0370"), "INVALID_LENGTH");
    bad(DOCUMENT, "tipo_documento", json!(true), "INVALID_DATA_TYPE");
    bad(DOCUMENT, "numero", json!("001-001-4581"), "INVALID_FORMAT");
    bad(
        DOCUMENT,
        "numero",
        json!("001-001-0000é581"),
        "INVALID_FORMAT",
    );
    bad(
        DOCUMENT,
        "fecha_emision",
        json!("17-11-2026"),
        "INVALID_FORMAT",
    );
    bad(
        DOCUMENT,
        "fecha_registro_contable",
        json!("?"),
        "INVALID_FORMAT",
    );
    bad(
        DOCUMENT,
        "numero_autorizacion",
        json!("123456789"),
        "INVALID_LENGTH",
    );
    bad(DOCUMENT, "tipo_pago", json!("03"), "INVALID_VALUE");
    bad(DOCUMENT, "total", json!("-1"), "INVALID_VALUE");
    bad(
        DOCUMENT,
        "total_sin_impuestos",
        json!("x"),
        "INVALID_DATA_TYPE",
    );
    bad(DOCUMENT, "impuestos/0/codigo", json!("4"), "INVALID_VALUE");
    bad(
        DOCUMENT,
        "impuestos/0/codigo_porcentaje",
        json!("iva"),
        "INVALID_VALUE",
    );
    bad(WITHHELD, "codigo", json!("4"), "INVALID_VALUE");
    bad(
        WITHHELD,
        "codigo_porcentaje",
        json!("332BCD"),
        "INVALID_LENGTH",
    );
    bad(WITHHELD, "base_imponible", json!(-1), "INVALID_VALUE");
    bad(
        WITHHELD,
        "valor_retenido",
        json!("dos"),
        "INVALID_DATA_TYPE",
    );
    bad(WITHHELD, "tarifa", json!("1,75"), "INVALID_DATA_TYPE");
    bad(WITHHELD, "dividendos", json!("x"), "INVALID_DATA_TYPE");
    bad(
        WITHHELD,
        "compra_cajas_banano",
        json!(3),
        "INVALID_DATA_TYPE",
    );
    bad("", "periodo_fiscal", json!("noviembre"), "INVALID_FORMAT");
    bad("", "documentos_soporte", json!("x"), "INVALID_DATA_TYPE");
    bad(
        "/sujeto",
        "tipo_identificacion",
        json!("1"),
        "INVALID_VALUE",
    );
}

#[test]
fn the_data_of_payments_abroad_are_checked_of_payments_abroad() {
    for (key, value, code) in [
        ("tipo_regimen_fiscal", json!("001"), "INVALID_LENGTH"),
        ("aplica_convenio", json!("?"), "INVALID_VALUE"),
        ("pago_exterior", json!([1]), "INVALID_DATA_TYPE"),
        ("pago_regimen_fiscal", json!(2), "INVALID_VALUE"),
    ] {
        let pointer = format!("{DOCUMENT}/{key}");
        let changes = [
            ("/documentos_soporte/0/tipo_pago", json!("02")),
            (&pointer, value),
        ];
        refused(&changes, &path(&pointer), code);
    }
}

#[test]
fn a_tax_takes_what_it_lacks_from_the_document() {
    let taxes = |rows: Json| supporting(&[("/documentos_soporte/0/impuestos", rows)]).taxes;
    let ice = json!({"codigo": 3, "codigo_porcentaje": 3610, "tarifa": 10});
    let iva = json!({"codigo": 2, "codigo_porcentaje": 4});
    let found = taxes(json!([ice, iva]));
    let text = |tax: &SupportingTax| format!("{} x {} = {}", tax.base, tax.rate, tax.amount);
    assert_eq!(text(&found[0]), "80.00 x 10.00 = 8.00");
    assert_eq!(text(&found[1]), "88.00 x 15.00 = 13.20");
}

#[test]
fn of_several_vat_rows_each_tells_its_base() {
    let row = |code: &str, base: Json| json!({"codigo": "2", "codigo_porcentaje": code, "base_imponible": base});
    let told = json!([row("4", json!(60)), row("0", json!("20.00"))]);
    let taxes = supporting(&[("/documentos_soporte/0/impuestos", told)]).taxes;
    assert_eq!(taxes[1].base.to_string(), "20.00");
    let untold = json!([row("4", json!(60)), row("0", json!(""))]);
    refused(
        &[("/documentos_soporte/0/impuestos", untold)],
        "documentos_soporte[0].impuestos[1].base_imponible",
        "MISSING_PARAMETER",
    );
}

#[test]
fn a_rate_beyond_all_numbers_is_a_finding() {
    let tax = json!([{
        "codigo": "3", "codigo_porcentaje": "3610",
        "base_imponible": "0.00000000000001", "valor": "99999999999999"
    }]);
    bad(DOCUMENT, "impuestos", tax, "INVALID_VALUE");
}

#[test]
fn what_the_configuration_knows_is_added() {
    let mut configured = context();
    configured.issuer.withholding_agent = Some("1".to_owned());
    configured.issuer.rimpe = Some(Rimpe::Taxpayer);
    let request = sample::read(Collection::AtsRetentions, &plain(), &configured).unwrap();
    let tax_info = unwrap(sample::numbered(request)).tax_info;
    assert_eq!(tax_info.withholding_agent.as_deref(), Some("1"));
    assert_eq!(
        tax_info.rimpe_legend.as_deref(),
        Some(Rimpe::Taxpayer.legend())
    );
}

//! What is refused, with which parameter and code, and the error object.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use serde_json::{Value as Json, json};
use support::{findings, invoice, plain, read_text, refused, with, without};
use tagua_wire::{ErrorCode, WireFinding, error_body};

#[test]
fn every_required_field_is_missed() {
    for (pointer, parameter) in [
        ("/secuencial", "secuencial"),
        ("/ambiente", "ambiente"),
        ("/emisor", "emisor"),
        ("/emisor/ruc", "emisor.ruc"),
        ("/emisor/establecimiento", "emisor.establecimiento"),
        (
            "/emisor/establecimiento/codigo",
            "emisor.establecimiento.codigo",
        ),
        ("/comprador", "comprador"),
        ("/comprador/identificacion", "comprador.identificacion"),
        (
            "/comprador/tipo_identificacion",
            "comprador.tipo_identificacion",
        ),
        ("/totales", "totales"),
        (
            "/totales/total_sin_impuestos",
            "totales.total_sin_impuestos",
        ),
        ("/totales/importe_total", "totales.importe_total"),
        ("/totales/impuestos", "totales.impuestos"),
        ("/totales/impuestos/0/codigo", "totales.impuestos[0].codigo"),
        ("/items", "items"),
        ("/items/0/descripcion", "items[0].descripcion"),
        ("/items/0/cantidad", "items[0].cantidad"),
        ("/items/0/impuestos", "items[0].impuestos"),
        (
            "/items/0/impuestos/0/codigo_porcentaje",
            "items[0].impuestos[0].codigo_porcentaje",
        ),
        ("/pagos/0/medio", "pagos[0].medio"),
        ("/pagos/0/total", "pagos[0].total"),
    ] {
        refused(&without(&[pointer]), parameter, "MISSING_PARAMETER");
        for blank in [json!(null), json!(""), json!(" \n ")] {
            refused(&with(&[(pointer, blank)]), parameter, "MISSING_PARAMETER");
        }
    }
}

#[test]
fn all_findings_come_at_once_in_the_order_of_the_fields() {
    let mut body = without(&["/secuencial", "/items/0/descripcion", "/pagos/0/total"]);
    body["emisor"]["ruc"] = json!("12");
    body["totales"]["propina"] = json!(-1);
    let expected = [
        ("secuencial", "MISSING_PARAMETER"),
        ("emisor.ruc", "INVALID_LENGTH"),
        ("totales.propina", "INVALID_VALUE"),
        ("items[0].descripcion", "MISSING_PARAMETER"),
        ("pagos[0].total", "MISSING_PARAMETER"),
    ];
    assert_eq!(findings(&body), expected.map(|(p, c)| (p.to_owned(), c)));
}

#[test]
fn wrong_types_values_formats_and_lengths() {
    for (pointer, value, code) in [
        ("/secuencial", json!("ABC"), "INVALID_DATA_TYPE"),
        ("/secuencial", json!(true), "INVALID_DATA_TYPE"),
        ("/secuencial", json!("1.5"), "INVALID_DATA_TYPE"),
        ("/secuencial", json!(0), "INVALID_VALUE"),
        ("/secuencial", json!(-3), "INVALID_VALUE"),
        ("/secuencial", json!(1_000_000_000), "INVALID_VALUE"),
        (
            "/secuencial",
            json!("99999999999999999999"),
            "INVALID_VALUE",
        ),
        ("/ambiente", json!(3), "INVALID_VALUE"),
        ("/tipo_emision", json!("x"), "INVALID_VALUE"),
        ("/fecha_emision", json!("2026-02-30"), "INVALID_FORMAT"),
        ("/fecha_emision", json!(20261118), "INVALID_FORMAT"),
        ("/clave_acceso", json!("123"), "INVALID_LENGTH"),
        ("/clave_acceso", json!("x".repeat(49)), "INVALID_FORMAT"),
        ("/clave_acceso", json!("1".repeat(49)), "INVALID_VALUE"),
        ("/emisor", json!("x"), "INVALID_DATA_TYPE"),
        ("/emisor", json!([1]), "INVALID_DATA_TYPE"),
        ("/comprador", json!(5), "INVALID_DATA_TYPE"),
        ("/totales", json!("x"), "INVALID_DATA_TYPE"),
        ("/items", json!({"a": 1}), "INVALID_DATA_TYPE"),
        ("/pagos", json!("efectivo"), "INVALID_DATA_TYPE"),
        ("/moneda", json!("US"), "INVALID_VALUE"),
        ("/moneda", json!("E$R"), "INVALID_VALUE"),
        ("/guia_remision", json!("001-002-3"), "INVALID_FORMAT"),
        ("/negociable", json!("tal vez"), "INVALID_VALUE"),
        ("/negociable", json!({"a": 1}), "INVALID_DATA_TYPE"),
        ("/enviar_recordatorio_pago", json!(1), "INVALID_VALUE"),
        ("/valor_retenido_iva", json!("x"), "INVALID_DATA_TYPE"),
        ("/info_adicional", json!("x"), "INVALID_DATA_TYPE"),
        ("/reembolso", json!("x"), "INVALID_DATA_TYPE"),
    ] {
        let body = with(&[(pointer, value)]);
        refused(&body, pointer.trim_start_matches('/'), code);
    }
}

#[test]
fn nested_fields_have_their_path() {
    let cases = [
        (
            "/emisor/establecimiento/codigo",
            json!("0011"),
            "INVALID_FORMAT",
        ),
        (
            "/emisor/contribuyente_especial",
            json!("1".repeat(14)),
            "INVALID_LENGTH",
        ),
        (
            "/emisor/obligado_contabilidad",
            json!("quizás"),
            "INVALID_VALUE",
        ),
        ("/emisor/regimen_rimpe", json!(9), "INVALID_VALUE"),
        ("/emisor/regimen_rimpe", json!([1]), "INVALID_DATA_TYPE"),
        (
            "/comprador/razon_social",
            json!("x".repeat(301)),
            "INVALID_LENGTH",
        ),
        ("/comprador/razon_social", json!(true), "INVALID_DATA_TYPE"),
        (
            "/comprador/identificacion",
            json!("1".repeat(21)),
            "INVALID_LENGTH",
        ),
        (
            "/comprador/tipo_identificacion",
            json!("1"),
            "INVALID_VALUE",
        ),
        ("/totales/descuento", json!("a"), "INVALID_DATA_TYPE"),
    ];
    for (pointer, value, code) in cases {
        let parameter = pointer.trim_start_matches('/').replace('/', ".");
        refused(&with(&[(pointer, value)]), &parameter, code);
    }
    let line = |key: &str, value: Json| with(&[(&format!("/items/0/{key}"), value)]);
    refused(
        &line("codigo_principal", json!("x".repeat(26))),
        "items[0].codigo_principal",
        "INVALID_LENGTH",
    );
    refused(
        &line("unidad_medida", json!("x".repeat(51))),
        "items[0].unidad_medida",
        "INVALID_LENGTH",
    );
    refused(
        &line("cantidad", json!(-1)),
        "items[0].cantidad",
        "INVALID_VALUE",
    );
    refused(
        &line("impuestos", json!([5])),
        "items[0].impuestos[0]",
        "INVALID_DATA_TYPE",
    );
    refused(
        &line(
            "impuestos",
            json!([{"codigo": "9", "codigo_porcentaje": "4"}]),
        ),
        "items[0].impuestos[0].codigo",
        "INVALID_VALUE",
    );
    refused(
        &with(&[("/items/1", json!("x"))]),
        "items[1]",
        "INVALID_DATA_TYPE",
    );
}

#[test]
fn lengths_count_characters_after_trimming() {
    let long = format!("  {}  ", "ñ".repeat(300));
    let body = with(&[("/items/0/descripcion", json!(long))]);
    assert_eq!(invoice(&body).lines[0].description, "ñ".repeat(300));
}

#[test]
fn numbers_that_no_document_carries_are_out_of_range() {
    for number in ["1e400", "123456789012345", "\"1e99999999999\"", "1E+16"] {
        let body = plain().to_string().replace(
            "\"precio_unitario\":25",
            &format!("\"precio_unitario\":{number}"),
        );
        let found = read_text(&body).unwrap_err();
        assert_eq!(found[0].parameter, "items[0].precio_unitario", "{number}");
        assert_eq!(found[0].code, ErrorCode::InvalidValue, "{number}");
        assert_eq!(found[0].value.as_deref(), Some(number));
    }
    // Each number fits and what follows from them does not.
    let big = json!("99999999999999");
    let body = with(&[
        ("/items/0/cantidad", big.clone()),
        ("/items/0/precio_unitario", big.clone()),
        ("/moneda", json!("EUR")),
        ("/tasa_cambio", big),
    ]);
    refused(&body, "totales", "INVALID_VALUE");
}

#[test]
fn lists_and_dictionaries_have_limits() {
    let dictionary = |n: usize| {
        (0..n)
            .map(|i| (format!("k{i}"), json!(i)))
            .collect::<Json>()
    };
    refused(
        &with(&[("/informacion_adicional", dictionary(16))]),
        "informacion_adicional",
        "INVALID_LENGTH",
    );
    assert_eq!(
        invoice(&with(&[("/informacion_adicional", dictionary(15))]))
            .additional_fields
            .len(),
        15
    );
    refused(
        &with(&[("/items/0/detalles_adicionales", dictionary(4))]),
        "items[0].detalles_adicionales",
        "INVALID_LENGTH",
    );
    // Ten in each place, five names in common: fifteen. Sixteen are too many.
    let both = |n| {
        with(&[
            ("/info_adicional", json!([dictionary(10)])),
            ("/informacion_adicional", dictionary(n)),
        ])
    };
    assert_eq!(invoice(&both(15)).additional_fields.len(), 15);
    let list: Json = (6..16)
        .map(|i| json!({"nombre": format!("k{i}"), "valor": i}))
        .collect();
    let body = with(&[
        ("/info_adicional", list),
        ("/informacion_adicional", dictionary(7)),
    ]);
    refused(&body, "informacion_adicional", "INVALID_LENGTH");
}

#[test]
fn ten_thousand_lines_are_the_most() {
    let lines = |n: usize| {
        let mut body = plain();
        body["items"] = Json::Array(vec![plain()["items"][0].clone(); n]);
        body
    };
    assert_eq!(invoice(&lines(10_000)).lines.len(), 10_000);
    let findings = read_text(&lines(10_001).to_string()).unwrap_err();
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].code, ErrorCode::InvalidLength);
    assert_eq!(findings[0].value.as_deref(), Some("10001"));
}

#[test]
fn a_flood_of_findings_is_cut() {
    let body = with(&[("/pagos", Json::Array(vec![json!(1); 300_000]))]);
    assert_eq!(findings(&body).len(), 1_000);
    let keys: String = (0..100_000).map(|i| format!("\"k{i:06}\":[1],")).collect();
    let body = plain().to_string().replacen(
        '{',
        &format!("{{\"informacion_adicional\":{{{keys}\"z\":1}},"),
        1,
    );
    assert_eq!(read_text(&body).unwrap_err().len(), 1_000);
}

#[test]
fn the_error_object_holds_first_all_and_request() {
    let request = b"\xef\xbb\xbf {\"a\": 1.50, \"b\": \"x\ny\"} ";
    let wrong = WireFinding::new("totales.propina".to_owned(), ErrorCode::InvalidValue, "d");
    let findings = [WireFinding::missing("emisor.ruc".to_owned()), wrong];
    let body = error_body(&findings, Some(request));
    assert!(
        body.ends_with("\"request\":{\"a\": 1.50, \"b\": \"x\\ny\"}}"),
        "{body}"
    );
    let read: Json = serde_json::from_str(&body).unwrap();
    assert_eq!(read["message"], "Falta campo obligatorio");
    assert_eq!(read["code"], "MISSING_PARAMETER");
    assert_eq!(
        read["details"],
        "El campo debe estar incluido en la petición"
    );
    assert_eq!(read["parameter"], "emisor.ruc");
    assert!(read["value"].is_null());
    assert_eq!(read["errors"].as_array().unwrap().len(), 2);
    assert_eq!(read["errors"][1]["parameter"], "totales.propina");
}

#[test]
fn the_error_object_without_path_request_or_json() {
    let finding = WireFinding::missing(String::new());
    let read: Json = serde_json::from_str(&error_body(&[finding], None)).unwrap();
    assert!(read["parameter"].is_null());
    assert!(read.get("request").is_none());
    let read: Json = serde_json::from_str(&error_body(&[], Some(b"{\"a\xff"))).unwrap();
    assert_eq!(read["request"], "{\"a\u{fffd}");
    assert_eq!(read["errors"], json!([]));
}

#[test]
fn codes_and_values_at_fault_are_written_as_documented() {
    let names = ErrorCode::ALL.map(ErrorCode::as_str);
    assert_eq!(
        names,
        [
            "MISSING_PARAMETER",
            "INVALID_PARAMETER",
            "INVALID_VALUE",
            "INVALID_DATA_TYPE",
            "INVALID_FORMAT",
            "INVALID_LENGTH"
        ]
    );
    let body = with(&[("/totales/propina", json!({"a": [1.5, null, "x\"y"]}))]);
    let found = read_text(&body.to_string()).unwrap_err();
    assert_eq!(
        found[0].value.as_deref(),
        Some("{\"a\":[1.5,null,\"x\\\"y\"]}")
    );
}

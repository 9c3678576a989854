//! What is accepted beyond the documented form (CONTRACT 2.3 to 2.5, 7.1 to
//! 7.3), and what the model makes of it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use jiff::civil::date;
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use support::{
    IntoInvoice, invoice, now, plain, read_in, read_invoice, read_text, refused, request, with,
    without,
};
use tagua_fiscal::Environment;
use tagua_wire::{IssuerDefaults, Rimpe, WireContext, parse_body};

#[test]
fn the_last_of_equal_keys_counts() {
    let body = plain()
        .to_string()
        .replacen('{', "{\"secuencial\": \"x\",", 1);
    let body = body.replacen("\"descuento\":0", "\"descuento\":7,\"descuento\":0", 1);
    let request = read_text(&body).unwrap();
    assert_eq!(request.number().unwrap().get(), 148);
}

#[test]
fn blank_means_absent_wherever_a_value_is_optional() {
    for blank in [json!(null), json!(""), json!("  "), json!([]), json!({})] {
        let keys = [
            "/tipo_emision",
            "/fecha_emision",
            "/clave_acceso",
            "/moneda",
            "/tasa_cambio",
            "/guia_remision",
            "/pagos",
            "/credito",
            "/exportacion",
            "/reembolso",
            "/retenciones",
            "/compensaciones",
            "/info_adicional",
            "/informacion_adicional",
            "/negociable",
            "/enviar_recordatorio_pago",
            "/valor_retenido_iva",
            "/version",
            "/comprador/email",
            "/comprador/direccion",
            "/emisor/contribuyente_especial",
            "/emisor/obligado_contabilidad",
            "/emisor/regimen_rimpe",
            "/emisor/nombre_comercial",
            "/totales/descuento",
            "/totales/propina",
            "/items/0/descuento",
            "/items/0/precio_total_sin_impuestos",
            "/items/0/detalles_adicionales",
            "/items/0/codigo_principal",
        ];
        let changes: Vec<_> = keys.iter().map(|key| (*key, blank.clone())).collect();
        let invoice = invoice(&with(&changes));
        assert_eq!(invoice.info.issue_date, date(2026, 11, 20));
        assert_eq!(invoice.info.keeps_accounts, None);
        assert_eq!(invoice.info.payments[0].method, "20");
        assert_eq!(invoice.lines[0].net.to_string(), "100.00");
        assert!(invoice.additional_fields.is_empty());
    }
}

#[test]
fn codes_and_numbers_come_as_numbers_or_texts() {
    let body = with(&[
        ("/secuencial", json!(" 000000148 ")),
        ("/ambiente", json!("2")),
        ("/tipo_emision", json!("2")),
        ("/emisor/establecimiento/codigo", json!(1)),
        ("/emisor/establecimiento/punto_emision", json!("2")),
        ("/comprador/tipo_identificacion", json!(5)),
        ("/comprador/identificacion", json!(2459999914u64)),
        ("/totales/importe_total", json!(" 115.000000 ")),
        ("/items/0/cantidad", json!("4.000")),
        ("/items/0/impuestos/0/codigo_porcentaje", json!(4.0)),
    ]);
    let request = request(&body);
    assert_eq!(request.number().unwrap().get(), 148);
    assert_eq!(
        (request.environment, request.emission_type),
        (Environment::Production, 2)
    );
    assert_eq!(request.series.to_string(), "001-002");
    let invoice = request.into_invoice(1);
    assert_eq!(invoice.info.receiver_id_type, "05");
    assert_eq!(invoice.info.receiver_id, "2459999914");
    assert_eq!(invoice.info.total.to_string(), "115.00");
    assert_eq!(invoice.lines[0].quantity.to_string(), "4.00");
    assert_eq!(invoice.lines[0].taxes[0].rate_code, "4");
}

#[track_caller]
fn check_price(sent: &str, written: &str) {
    let body = plain().to_string();
    let body = body.replace(
        "\"precio_unitario\":25",
        &format!("\"precio_unitario\":{sent}"),
    );
    let invoice = read_text(&body).unwrap().into_invoice(1);
    assert_eq!(invoice.lines[0].unit_price.to_string(), written, "{sent}");
}

#[test]
fn exponents_and_long_fractions_are_read_digit_by_digit() {
    check_price("1e5", "100000.00");
    check_price("2.5E+1", "25.00");
    check_price("2500e-2", "25.00");
    check_price("0e999", "0.00");
    check_price("\"+25.5\"", "25.50");
    check_price("\".5\"", "0.50");
    check_price("0.0000005", "0.000001");
    check_price("0.00000049999999999999999999999999", "0.00");
    check_price("0.30000000000000004", "0.30");
    check_price("3.333333333333333333333333333333333333333333", "3.333333");
    check_price("99999999999999.123456", "99999999999999.123456");
    check_price("-0.0", "0.00");
}

#[test]
fn money_rounds_half_up() {
    for (sent, written) in [
        ("115.005", "115.01"),
        ("115.0049999", "115.00"),
        ("0.125", "0.13"),
    ] {
        let body = with(&[("/totales/importe_total", json!(sent))]);
        assert_eq!(invoice(&body).info.total.to_string(), written);
    }
}

#[test]
fn booleans_come_in_words() {
    for (sent, kept) in [
        (json!(true), true),
        (json!("SI"), true),
        (json!("sí"), true),
        (json!(" True "), true),
        (json!(false), false),
        (json!("no"), false),
        (json!("FALSE"), false),
    ] {
        let body = with(&[("/emisor/obligado_contabilidad", sent)]);
        assert_eq!(invoice(&body).info.keeps_accounts, Some(kept));
    }
}

#[track_caller]
fn check_day(sent: &str, day: i8) {
    let body = with(&[("/fecha_emision", json!(sent))]);
    assert_eq!(request(&body).issue_date, date(2026, 11, day), "{sent}");
}

#[test]
fn the_day_is_the_one_in_guayaquil() {
    check_day("2026-11-18", 18);
    check_day(" 2026-11-18 ", 18);
    check_day("2026-11-18T10:15", 18);
    check_day("2026-11-18 10:15:00", 18);
    check_day("2026-11-18T10:15:00.123456-0500", 18);
    check_day("2026-11-18T23:59:60-05:00", 19);
    check_day("2026-11-18t23:59:59-05", 18);
    check_day("2026-11-19T04:59:59Z", 18);
    check_day("2026-11-19T05:00:00z", 19);
    check_day("2026-11-19T04:59:59,999+00:00", 18);
    check_day("2026-11-18T20:00:00 -08:00", 18);
    check_day("2026-11-18T22:00:00-08:00", 19);
    check_day("2026-11-19T10:00:00+14:00", 18);
    check_day("2026-11-18T00:10:00-05:19", 18);
    check_day("2026-11-18T00:10:00-05:19:20", 18);
}

#[test]
fn exactly_midnight_is_the_day_as_written() {
    check_day("2026-11-20T00:00:00+00:00", 20);
    check_day("2026-11-20T00:00Z", 20);
    check_day("2026-11-20T00:00:00.000Z", 20);
    check_day("2026-11-20T00:00:00.001Z", 19);
    check_day("2026-11-20T00:00:00-05:19", 20);
}

#[test]
fn malformed_dates_are_refused() {
    for text in [
        "18/11/2026",
        "2026-13-01",
        "2026-00-10",
        "2026-02-29",
        "2026-11-18T",
        "2026-11-18T25:00:00",
        "2026-11-18T10:60:00",
        "2026-11-18T10:15:61",
        "2026-11-18T10",
        "2026-11-18T10:15:00.Z",
        "2026-11-18T10:15:00+5",
        "2026-11-18T10:15:00+05:0",
        "2026-11-18T10:15:00+99:00",
        "2026-11-18X",
        "1999-01-01",
        "2100-01-01",
        "2026-1-1",
        "ññññññ",
        "2026-11-1ñ",
        "2026-11-18T10:15:00-05:19:20:1",
    ] {
        refused(
            &with(&[("/fecha_emision", json!(text))]),
            "fecha_emision",
            "INVALID_FORMAT",
        );
    }
}

#[test]
fn without_a_date_it_is_today_in_guayaquil() {
    let body = without(&["/fecha_emision"]).to_string();
    let late = WireContext::at("2026-11-21T04:59:59Z".parse().unwrap());
    assert_eq!(
        read_in(&body, &late).unwrap().issue_date,
        date(2026, 11, 20)
    );
}

#[test]
fn text_is_trimmed_on_one_line_and_without_forbidden_characters() {
    let body = with(&[
        (
            "/items/0/descripcion",
            json!("  a\r\n\r\nb\u{1}\tc \u{fffe}ñ😀\u{2028}d  e\n "),
        ),
        ("/items/0/codigo_principal", json!("\u{2}\u{3}")),
    ]);
    let line = &invoice(&body).lines[0];
    assert_eq!(line.description, "a b\tc ñ😀 d  e");
    assert_eq!(line.main_code, None);
    let body = with(&[("/items/0/descripcion", json!("\u{1}"))]);
    refused(&body, "items[0].descripcion", "MISSING_PARAMETER");
}

#[test]
fn a_given_access_key_is_used_as_it_is() {
    let key = "1811202601179999999000110010020000010282026111816";
    let with_key = with(&[("/clave_acceso", json!(key))]);
    assert_eq!(invoice(&with_key).tax_info.access_key.as_str(), key);
    let made = invoice(&with(&[("/clave_acceso", json!("None"))]));
    let parts = made.tax_info.access_key.parts().unwrap();
    assert_eq!(
        (parts.numeric_code, parts.sequential.get()),
        (12_345_678, 148)
    );
    assert_eq!(parts.date, date(2026, 11, 18));
}

#[test]
fn unknown_fields_version_and_id_are_ignored() {
    let body = with(&[
        ("/id", json!("x")),
        ("/version", json!("9.9")),
        ("/nuevo", json!({"a": [1]})),
        ("/items/0/nuevo", json!(1)),
    ]);
    assert_eq!(invoice(&body), invoice(&plain()));
}

#[test]
fn the_configuration_stands_in_for_what_the_issuer_leaves_out() {
    let issuer = IssuerDefaults {
        legal_name: Some("Configurada".into()),
        trade_name: Some("Marca".into()),
        head_office_address: Some("Loja".into()),
        establishment_address: Some("Sucursal".into()),
        keeps_accounts: Some(false),
        special_taxpayer: Some("12345".into()),
        rimpe: Some(Rimpe::PopularBusiness),
        withholding_agent: Some("1".into()),
        fixed_fields: Vec::new(),
    };
    let context = WireContext {
        issuer,
        ..WireContext::at(now())
    };
    let read = |body: &Json| {
        read_in(&body.to_string(), &context)
            .unwrap()
            .into_invoice(1)
    };
    let missing = [
        "/emisor/razon_social",
        "/emisor/direccion",
        "/emisor/obligado_contabilidad",
    ];
    let derived = read(&without(&missing));
    assert_eq!(derived.tax_info.legal_name, "Configurada");
    assert_eq!(derived.tax_info.head_office_address, "Loja");
    assert_eq!(derived.tax_info.withholding_agent.as_deref(), Some("1"));
    assert_eq!(
        derived.info.establishment_address.as_deref(),
        Some("Sucursal")
    );
    assert_eq!(derived.info.keeps_accounts, Some(false));
    assert_eq!(derived.info.special_taxpayer.as_deref(), Some("12345"));
    assert_eq!(
        derived.tax_info.rimpe_legend.as_deref(),
        Some(Rimpe::PopularBusiness.legend())
    );
    let sent = read(&with(&[
        ("/emisor/regimen_rimpe", json!("NO")),
        ("/emisor/agente_retencion", json!(77)),
    ]));
    assert_eq!(sent.tax_info.legal_name, "QUINDE AZUL S.A.S.");
    assert_eq!(sent.info.keeps_accounts, Some(true));
    assert_eq!(sent.tax_info.rimpe_legend, None);
    assert_eq!(sent.tax_info.withholding_agent.as_deref(), Some("77"));
    // Nobody knows the names: the schema will tell.
    assert_eq!(invoice(&without(&missing)).tax_info.legal_name, "");
}

#[test]
fn rimpe_in_every_spelling() {
    let legend = |key: &str, value: Json| invoice(&with(&[(key, value)])).tax_info.rimpe_legend;
    let taxpayer = Some(Rimpe::Taxpayer.legend().to_owned());
    let popular = Some(Rimpe::PopularBusiness.legend().to_owned());
    for value in [
        json!(1),
        json!("1"),
        json!(true),
        json!("si"),
        json!("Contribuyente Régimen RIMPE"),
    ] {
        assert_eq!(legend("/emisor/regimen_rimpe", value.clone()), taxpayer);
        assert_eq!(legend("/emisor/contribuyente_rimpe", value), taxpayer);
    }
    let literal = "CONTRIBUYENTE NEGOCIO POPULAR - RÉGIMEN RIMPE";
    for value in [json!(2), json!("2"), json!(literal)] {
        assert_eq!(legend("/emisor/regimen_rimpe", value), popular);
    }
    for value in [json!(0), json!("0"), json!(false), json!("No")] {
        assert_eq!(legend("/emisor/regimen_rimpe", value), None);
    }
}

#[track_caller]
fn check_fields(info_adicional: Json, informacion_adicional: Json, expected: &[(&str, &str)]) {
    let body = with(&[
        ("/info_adicional", info_adicional),
        ("/informacion_adicional", informacion_adicional),
    ]);
    let invoice = invoice(&body);
    let fields = invoice.additional_fields.iter();
    let pairs: Vec<_> = fields
        .map(|f| (f.name.as_str(), f.value.as_str()))
        .collect();
    assert_eq!(pairs, expected);
}

#[test]
fn additional_fields_in_every_form() {
    let none = json!(null);
    check_fields(
        json!([{"nombre": "a", "valor": 1}]),
        none.clone(),
        &[("a", "1")],
    );
    check_fields(
        json!([{"nombre": "a", "descripcion": true}]),
        none.clone(),
        &[("a", "true")],
    );
    check_fields(
        json!([{"x": "1", "y": "2"}, {"z": ""}]),
        none.clone(),
        &[("x", "1"), ("y", "2")],
    );
    check_fields(json!({"x": 1.50}), none.clone(), &[("x", "1.5")]);
    check_fields(
        none.clone(),
        json!({"x": "1\n2", "y": null}),
        &[("x", "1 2")],
    );
    check_fields(none, json!([{"nombre": "a", "valor": "b"}]), &[("a", "b")]);
    check_fields(
        json!([{"nombre": "Nota", "valor": "uno"}]),
        json!({"Nota": "dos", "Zona": "Norte"}),
        &[("Nota", "uno"), ("Zona", "Norte")],
    );
    let body = with(&[("/info_adicional", json!([{"nombre": "a"}]))]);
    refused(&body, "info_adicional[0].valor", "MISSING_PARAMETER");
    let body = with(&[("/informacion_adicional", json!({"a": [1]}))]);
    refused(&body, "informacion_adicional.a", "INVALID_DATA_TYPE");
}

#[test]
fn details_of_lines_keep_their_order_and_lose_empty_values() {
    let details =
        json!({"Peso": 5000.5, "Vacío": "", "Nulo": null, "Color": "azul", "Frágil": true});
    let invoice = invoice(&with(&[("/items/0/detalles_adicionales", details)]));
    let details = invoice.lines[0].details.iter();
    let pairs: Vec<_> = details
        .map(|d| (d.name.as_str(), d.value.as_str()))
        .collect();
    assert_eq!(
        pairs,
        [("Peso", "5000.5"), ("Color", "azul"), ("Frágil", "true")]
    );
}

#[test]
fn addresses_are_split_and_the_first_makes_the_invoice_negotiable() {
    let read = |email: &str| {
        request(&with(&[
            ("/comprador/email", json!(email)),
            ("/negociable", json!("SI")),
        ]))
    };
    let several = read(" a@x.example; b@x.example ,,c@x.example ");
    assert_eq!(
        several.receiver_emails,
        ["a@x.example", "b@x.example", "c@x.example"]
    );
    assert_eq!(
        several.into_invoice(1).negotiable_email.as_deref(),
        Some("a@x.example")
    );
    assert_eq!(read("").into_invoice(1).negotiable_email, None);
    assert_eq!(
        read(&"x".repeat(101)).into_invoice(1).negotiable_email,
        None
    );
    assert_eq!(invoice(&plain()).negotiable_email, None);
}

#[test]
fn a_payment_reminder_needs_a_due_date_and_an_address() {
    let flag = ("/enviar_recordatorio_pago", json!(true));
    let credit = (
        "/credito",
        json!({"fecha_vencimiento": "2026-12-18", "monto": 115}),
    );
    let due = |changes: &[(&str, Json)]| request(&with(changes)).payment_reminder;
    let december = Some(date(2026, 12, 18));
    assert_eq!(due(std::slice::from_ref(&flag)), None);
    assert_eq!(due(&[flag.clone(), credit.clone()]), december);
    assert_eq!(due(std::slice::from_ref(&credit)), None);
    let nobody = ("/comprador/email", json!(""));
    assert_eq!(due(&[flag.clone(), credit, nobody]), None);
    let terms = json!([
        {"medio": "efectivo", "total": 15},
        {"medio": "otros", "total": 50, "plazo": 30},
        {"medio": "otros", "total": 50, "plazo": "1", "unidad_tiempo": "meses"}
    ]);
    assert_eq!(due(&[flag, ("/pagos", terms)]), december);
}

#[test]
fn export_countries_and_incoterm() {
    let export = json!({
        "incoterm": {"termino": "cif", "lugar": "Hamburgo", "total_sin_impuestos": 10.25},
        "origen": {"codigo_pais": "ec", "puerto": "Guayaquil"},
        "destino": {"codigo_pais": "DE", "puerto": "Hamburgo"},
        "codigo_pais_adquisicion": 110,
        "totales": {"flete_internacional": "10", "gastos_aduaneros": 0}
    });
    let info = invoice(&with(&[("/exportacion", export)])).info;
    assert_eq!(info.export.origin_country.as_deref(), Some("593"));
    assert_eq!(info.export.destination_country.as_deref(), Some("202"));
    assert_eq!(info.export.acquisition_country.as_deref(), Some("110"));
    assert_eq!(info.export.incoterm.as_deref(), Some("CIF"));
    assert_eq!(info.incoterm_of_net_total.as_deref(), Some("CIF"));
    assert_eq!(info.international_freight.unwrap().to_string(), "10.00");
    assert_eq!(info.international_insurance, None);
}

#[test]
fn waybill_numbers_get_their_hyphens() {
    for sent in ["001-002-000000003", "001002000000003"] {
        let invoice = invoice(&with(&[("/guia_remision", json!(sent))]));
        assert_eq!(
            invoice.info.waybill_number.as_deref(),
            Some("001-002-000000003")
        );
    }
}

#[test]
fn reimbursed_documents_are_padded_and_summed() {
    let document = json!({
        "tipo_identificacion_proveedor": 4, "identificacion_proveedor": "1790017478001",
        "pais_origen_proveedor": "EC", "tipo_proveedor": 2, "codigo": 1,
        "codigo_establecimiento": 2, "codigo_punto_emision": "3", "secuencia": 2132,
        "fecha_emision": "2026-11-01", "numero_autorizacion": 1234567890,
        "impuestos": [{"codigo": 2, "codigo_porcentaje": 4, "base_imponible": 100}]
    });
    let body = with(&[("/reembolso", json!({"documentos": [document]}))]);
    let invoice = invoice(&body);
    let read = &invoice.reimbursed_documents[0];
    assert_eq!(
        (read.establishment.as_str(), read.point.as_str()),
        ("002", "003")
    );
    assert_eq!(
        (read.sequential.as_str(), read.document_code.as_str()),
        ("000002132", "01")
    );
    assert_eq!(
        (read.supplier_type.as_str(), read.supplier_id_type.as_str()),
        ("02", "04")
    );
    assert_eq!(read.authorization, "1234567890");
    let totals = &invoice.info.reimbursement;
    assert_eq!(totals.document_code.as_deref(), Some("41"));
    assert_eq!(totals.tax_total.unwrap().to_string(), "15.00");
    assert_eq!(totals.documents_total.unwrap().to_string(), "115.00");
}

/// Any value in the place of any field.
fn mutation() -> impl Strategy<Value = Json> {
    let extreme = prop::sample::select(vec![
        json!(null),
        json!(""),
        json!(-1),
        json!(0),
        json!("x"),
        json!([]),
        json!({}),
        json!([1]),
        json!("99999999999999.99999999999999"),
        json!(99999999999999u64),
        json!("1e14"),
        json!("1e-40"),
        json!({"a": 1}),
        json!(true),
        json!("2026-02-30"),
        json!("EUR"),
        json!("0.00000000000001"),
        json!("5"),
        json!("3"),
    ]);
    let fields = prop::sample::select(vec![
        "/secuencial",
        "/ambiente",
        "/fecha_emision",
        "/emisor",
        "/emisor/ruc",
        "/comprador/email",
        "/moneda",
        "/tasa_cambio",
        "/totales/total_sin_impuestos",
        "/totales/importe_total",
        "/totales/descuento",
        "/totales/descuento_adicional",
        "/totales/impuestos/0/valor",
        "/totales/impuestos/0/tarifa",
        "/totales/impuestos/0/base_imponible",
        "/totales/impuestos/0/codigo",
        "/items/0/cantidad",
        "/items/0/precio_unitario",
        "/items/0/descuento",
        "/items/0/precio_total_sin_impuestos",
        "/items/0/impuestos/0/codigo",
        "/items/0/impuestos/0/tarifa",
        "/items/0/impuestos/0/valor",
        "/items/0/impuestos/0/base_imponible",
        "/pagos",
        "/pagos/0/total",
        "/pagos/0/plazo",
        "/credito",
        "/exportacion",
        "/reembolso",
        "/retenciones",
        "/compensaciones",
        "/info_adicional",
        "/informacion_adicional",
        "/items/0/detalles_adicionales",
        "/clave_acceso",
        "/guia_remision",
        "/valor_retenido_iva",
    ]);
    prop::collection::vec((fields, extreme), 0..6).prop_map(|changes| {
        let mut body = plain();
        for (pointer, value) in changes {
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            if let Some(object) = body.pointer_mut(parent).and_then(Json::as_object_mut) {
                object.insert(key.to_owned(), value);
            }
        }
        body
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_request_makes_it_panic(body in mutation()) {
        let body = body.to_string();
        match read_text(&body) {
            Ok(request) => {
                let invoice = request.into_invoice(u32::MAX);
                prop_assert!(!invoice.lines.is_empty());
                tagua_sri_xml::write_invoice(&invoice);
            }
            Err(findings) => prop_assert!(!findings.is_empty()),
        }
    }

    #[test]
    fn no_json_makes_it_panic(text in "[\\[\\]{}:,\"a-z0-9. ]{0,40}") {
        if let Ok(value) = parse_body(text.as_bytes()) {
            let read = read_invoice(&value, &WireContext::at(now()));
            prop_assert!(read.is_err_and(|findings| !findings.is_empty()));
        }
    }
}

//! What a waybill's request becomes (CONTRACT 7.9).

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod sample;

use jiff::civil::date;
use sample::{bent, blanks, context, cut, person, structure, waybill as plain};
use serde_json::{Value as Json, json};
use tagua_fiscal::Document;
use tagua_fiscal::waybill::{Waybill, WaybillVersion};
use tagua_wire::{Collection, DocumentRequest, WireContext};

#[track_caller]
fn request(body: &Json) -> DocumentRequest {
    sample::request(Collection::Waybills, body)
}

#[track_caller]
fn waybill(body: &Json) -> Waybill {
    unwrap(sample::document(Collection::Waybills, body))
}

fn unwrap(document: Document) -> Waybill {
    match document {
        Document::Waybill(waybill) => *waybill,
        other => panic!("not a waybill: {other:?}"),
    }
}

#[track_caller]
fn refused(changes: &[(&str, Json)], parameter: &str, code: &str) {
    sample::refused(
        Collection::Waybills,
        &bent(plain(), changes),
        parameter,
        code,
    );
}

#[track_caller]
fn missing(pointer: &str, parameter: &str) {
    let body = cut(plain(), &[pointer]);
    sample::refused(Collection::Waybills, &body, parameter, "MISSING_PARAMETER");
}

#[test]
fn every_field_finds_its_place() {
    let document = sample::document(Collection::Waybills, &plain());
    assert_eq!(structure(&document), []);
    let waybill = unwrap(document);
    let (info, recipient) = (&waybill.info, &waybill.recipients[0]);
    assert_eq!(waybill.version, WaybillVersion::V1_1_0);
    assert_eq!(info.establishment_address.as_deref(), Some("Quito, bodega"));
    assert_eq!(info.departure_address, "Av. de los Colibríes");
    assert_eq!(info.carrier_name, "Transportes del Sur");
    assert_eq!(info.carrier_id_type, "04");
    assert_eq!(info.carrier_id, "2256666641001");
    assert_eq!(info.keeps_accounts, Some(true));
    assert_eq!(info.special_taxpayer.as_deref(), Some("12345"));
    assert_eq!(
        (info.start_date, info.end_date),
        (date(2026, 11, 21), date(2026, 11, 22))
    );
    assert_eq!((info.plate.as_str(), &info.rise), ("PXX-0999", &None));
    assert_eq!(
        (recipient.id.as_str(), recipient.name.as_str()),
        ("2459999914", "Rosaura Quimí")
    );
    assert_eq!(
        (recipient.address.as_str(), recipient.reason.as_str()),
        ("El Mirador", "Venta")
    );
    assert_eq!(recipient.customs_document.as_deref(), Some("DAU-1"));
    assert_eq!(recipient.establishment.as_deref(), Some("003"));
    assert_eq!(recipient.route.as_deref(), Some("UIO - GYE"));
    let cited = &recipient.supporting_document;
    assert_eq!(cited.document_code.as_deref(), Some("01"));
    assert_eq!(cited.number.as_deref(), Some("001-002-000000148"));
    assert_eq!(cited.authorization.as_deref(), Some("0123456789"));
    assert_eq!(cited.issue_date, Some(date(2026, 11, 20)));
    let line = &recipient.lines[0];
    assert_eq!(
        (line.main_code.as_deref(), line.auxiliary_code.as_deref()),
        (Some("SPS"), Some("001"))
    );
    assert_eq!(
        (line.description.as_str(), line.quantity.to_string()),
        ("Consola", "1.50".to_owned())
    );
    assert_eq!(
        (
            line.details[0].name.as_str(),
            line.details[0].value.as_str()
        ),
        ("serie", "1-2026")
    );
}

#[test]
fn the_key_has_the_first_day_of_the_transport_unless_a_day_of_issue_is_sent() {
    let day = |body: &Json| {
        let request = request(body);
        let number = request.number().unwrap();
        let key = request.key(number, 1).to_string();
        (request.issue_date, key.get(..10).unwrap().to_owned())
    };
    assert_eq!(day(&plain()), (date(2026, 11, 21), "2111202606".to_owned()));
    let sent = bent(plain(), &[("/fecha_emision", json!("2026-11-19"))]);
    assert_eq!(day(&sent), (date(2026, 11, 19), "1911202606".to_owned()));
    let start = waybill(&sent).info.start_date;
    assert_eq!(start, date(2026, 11, 21));
}

#[test]
fn the_transport_starts_at_the_issue_or_now_and_ends_the_same_day() {
    let dateless = cut(
        plain(),
        &["/fecha_inicio_transporte", "/fecha_fin_transporte"],
    );
    let days = |body: &Json| {
        let info = waybill(body).info;
        (info.start_date, info.end_date, request(body).issue_date)
    };
    let now = date(2026, 11, 20);
    assert_eq!(days(&dateless), (now, now, now));
    let issued = date(2026, 11, 19);
    let with_issue = bent(dateless.clone(), &[("/fecha_emision", json!("2026-11-19"))]);
    assert_eq!(days(&with_issue), (issued, issued, issued));
    let start = date(2026, 11, 25);
    let with_start = bent(
        dateless,
        &[("/fecha_inicio_transporte", json!("2026-11-25"))],
    );
    assert_eq!(days(&with_start), (start, start, start));
}

#[test]
fn blank_means_absent_wherever_a_value_is_optional() {
    let recipient = "/destinatarios/0";
    for blank in blanks() {
        let keys = [
            "/fecha_inicio_transporte".to_owned(),
            "/fecha_fin_transporte".to_owned(),
            "/direccion_partida".to_owned(),
            "/info_adicional".to_owned(),
            "/transportista/email".to_owned(),
            "/transportista/placa".to_owned(),
            format!("{recipient}/email"),
            format!("{recipient}/direccion"),
            format!("{recipient}/ruta"),
            format!("{recipient}/documento_aduanero_unico"),
            format!("{recipient}/codigo_establecimiento_destino"),
            format!("{recipient}/tipo_documento_sustento"),
            format!("{recipient}/numero_documento_sustento"),
            format!("{recipient}/numero_autorizacion_documento_sustento"),
            format!("{recipient}/fecha_emision_documento_sustento"),
            format!("{recipient}/items/0/codigo_principal"),
            format!("{recipient}/items/0/codigo_auxiliar"),
            format!("{recipient}/items/0/detalles_adicionales"),
        ];
        let changes: Vec<_> = keys.iter().map(|k| (k.as_str(), blank.clone())).collect();
        let body = bent(plain(), &changes);
        assert!(request(&body).receiver_emails.is_empty());
        let waybill = waybill(&body);
        assert_eq!(waybill.info.plate, "");
        assert_eq!(waybill.recipients[0].address, "");
        assert_eq!(
            waybill.recipients[0].supporting_document,
            Default::default()
        );
        assert_eq!(waybill.recipients[0].establishment, None);
        assert_eq!(waybill.recipients[0].lines[0].main_code, None);
    }
}

#[test]
fn a_missing_plate_or_address_is_left_to_the_schema() {
    for (pointer, element) in [
        ("/transportista/placa", "placa"),
        ("/destinatarios/0/direccion", "dirDestinatario"),
    ] {
        let document = sample::document(Collection::Waybills, &cut(plain(), &[pointer]));
        let found = structure(&document);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].path.ends_with(element), "{found:?}");
    }
}

#[test]
fn goods_leave_from_the_establishment_unless_told_otherwise() {
    let body = cut(plain(), &["/direccion_partida"]);
    assert_eq!(waybill(&body).info.departure_address, "Quito, bodega");
    let body = cut(body, &["/emisor/establecimiento/direccion"]);
    let mut configured: WireContext = context();
    configured.issuer.establishment_address = Some("Sucursal norte".to_owned());
    let read = sample::read(Collection::Waybills, &body, &configured).unwrap();
    let document = unwrap(sample::numbered(read));
    assert_eq!(document.info.departure_address, "Sucursal norte");
    // The head office may be another place: nothing is guessed.
    assert_eq!(waybill(&body).info.departure_address, "");
}

#[test]
fn it_is_sent_to_every_recipient_and_to_the_carrier_once() {
    let second = bent(
        plain()["destinatarios"][0].clone(),
        &[("/email", json!("a@x.example; rosaura@correo.example"))],
    );
    let body = bent(plain(), &[("/destinatarios/1", second)]);
    assert_eq!(
        request(&body).receiver_emails,
        [
            "rosaura@correo.example",
            "a@x.example",
            "ruta@transportes.example"
        ]
    );
}

#[test]
fn codes_and_numbers_come_in_every_form() {
    let body = bent(
        plain(),
        &[
            ("/transportista/tipo_identificacion", json!(4)),
            ("/destinatarios/0/tipo_identificacion", json!("5")),
            ("/destinatarios/0/identificacion", json!(2459999914_u64)),
            ("/destinatarios/0/tipo_documento_sustento", json!(1)),
            (
                "/destinatarios/0/numero_documento_sustento",
                json!("001002000000148"),
            ),
            ("/destinatarios/0/codigo_establecimiento_destino", json!(3)),
            (
                "/destinatarios/0/numero_autorizacion_documento_sustento",
                json!(9999999999_u64),
            ),
            ("/destinatarios/0/items/0/cantidad", json!(" 2.5000004 ")),
        ],
    );
    let waybill = waybill(&body);
    let recipient = &waybill.recipients[0];
    assert_eq!(waybill.info.carrier_id_type, "04");
    assert_eq!(recipient.id, "2459999914");
    let cited = &recipient.supporting_document;
    assert_eq!(cited.document_code.as_deref(), Some("01"));
    assert_eq!(cited.number.as_deref(), Some("001-002-000000148"));
    assert_eq!(cited.authorization.as_deref(), Some("9999999999"));
    assert_eq!(recipient.establishment.as_deref(), Some("003"));
    assert_eq!(recipient.lines[0].quantity.to_string(), "2.50");
}

#[test]
fn details_come_as_a_dictionary_or_as_a_list() {
    let pointer = "/destinatarios/0/items/0/detalles_adicionales";
    let list = json!([{"nombre": "serie", "valor": 12}, {"nombre": "lote", "valor": ""}]);
    let details = &waybill(&bent(plain(), &[(pointer, list)])).recipients[0].lines[0].details;
    assert_eq!(details.len(), 1);
    assert_eq!(details[0].value, "12");
    let four = json!({"a": 1, "b": 2, "c": 3, "d": 4});
    let parameter = "destinatarios[0].items[0].detalles_adicionales";
    refused(&[(pointer, four)], parameter, "INVALID_LENGTH");
}

#[test]
fn a_plate_is_no_identification_for_the_schema_but_is_accepted() {
    let body = bent(
        plain(),
        &[("/transportista/tipo_identificacion", json!("09"))],
    );
    let document = sample::document(Collection::Waybills, &body);
    assert_eq!(structure(&document).len(), 1);
}

#[test]
fn what_no_waybill_can_do_without_is_missing() {
    missing("/transportista", "transportista");
    missing("/transportista/razon_social", "transportista.razon_social");
    missing(
        "/transportista/identificacion",
        "transportista.identificacion",
    );
    missing(
        "/transportista/tipo_identificacion",
        "transportista.tipo_identificacion",
    );
    missing("/destinatarios", "destinatarios");
    for key in [
        "razon_social",
        "identificacion",
        "tipo_identificacion",
        "motivo_traslado",
        "items",
    ] {
        let parameter = format!("destinatarios[0].{key}");
        missing(&format!("/destinatarios/0/{key}"), &parameter);
    }
    for key in ["descripcion", "cantidad"] {
        let parameter = format!("destinatarios[0].items[0].{key}");
        missing(&format!("/destinatarios/0/items/0/{key}"), &parameter);
    }
}

#[test]
fn malformed_fields_are_named() {
    let recipient = |key: &str, value: Json, code: &str| {
        let (pointer, parameter) = (
            format!("/destinatarios/0/{key}"),
            format!("destinatarios[0].{}", key.replace("items/0/", "items[0].")),
        );
        refused(&[(&pointer, value)], &parameter, code);
    };
    refused(
        &[("/fecha_inicio_transporte", json!("ayer"))],
        "fecha_inicio_transporte",
        "INVALID_FORMAT",
    );
    refused(
        &[("/fecha_fin_transporte", json!("2026-02-30"))],
        "fecha_fin_transporte",
        "INVALID_FORMAT",
    );
    refused(
        &[("/direccion_partida", json!("x".repeat(301)))],
        "direccion_partida",
        "INVALID_LENGTH",
    );
    refused(
        &[("/transportista/placa", json!("x".repeat(21)))],
        "transportista.placa",
        "INVALID_LENGTH",
    );
    refused(
        &[("/transportista", json!([person()]))],
        "transportista",
        "INVALID_DATA_TYPE",
    );
    recipient("tipo_identificacion", json!("1"), "INVALID_VALUE");
    recipient("motivo_traslado", json!("x".repeat(301)), "INVALID_LENGTH");
    recipient("motivo_traslado", json!(true), "INVALID_DATA_TYPE");
    recipient(
        "documento_aduanero_unico",
        json!("x".repeat(21)),
        "INVALID_LENGTH",
    );
    recipient(
        "codigo_establecimiento_destino",
        json!("0003"),
        "INVALID_FORMAT",
    );
    recipient("tipo_documento_sustento", json!("0001"), "INVALID_LENGTH");
    recipient(
        "numero_documento_sustento",
        json!("1-2-3"),
        "INVALID_FORMAT",
    );
    recipient(
        "numero_documento_sustento",
        json!("00100200000014"),
        "INVALID_FORMAT",
    );
    recipient(
        "numero_autorizacion_documento_sustento",
        json!("123456789"),
        "INVALID_LENGTH",
    );
    recipient(
        "fecha_emision_documento_sustento",
        json!(20261120),
        "INVALID_FORMAT",
    );
    recipient("items/0/cantidad", json!(-1), "INVALID_VALUE");
    recipient("items/0/cantidad", json!("dos"), "INVALID_DATA_TYPE");
    recipient(
        "items/0/codigo_principal",
        json!("x".repeat(26)),
        "INVALID_LENGTH",
    );
    recipient(
        "items/0/descripcion",
        json!("x".repeat(301)),
        "INVALID_LENGTH",
    );
}

#[test]
fn every_complaint_comes_out_at_once() {
    let mut body = cut(
        plain(),
        &["/transportista/razon_social", "/destinatarios/0/items"],
    );
    let recipient = cut(plain()["destinatarios"][0].clone(), &["/motivo_traslado"]);
    body = bent(body, &[("/destinatarios/1", recipient)]);
    let names: Vec<_> = sample::findings(Collection::Waybills, &body)
        .into_iter()
        .map(|(parameter, _)| parameter)
        .collect();
    assert_eq!(
        names,
        [
            "transportista.razon_social",
            "destinatarios[0].items",
            "destinatarios[1].motivo_traslado"
        ]
    );
}

#[test]
fn lists_have_a_limit_of_our_own() {
    let lines = vec![plain()["destinatarios"][0]["items"][0].clone(); 10_001];
    let parameter = "destinatarios[0].items";
    refused(
        &[("/destinatarios/0/items", json!(lines))],
        parameter,
        "INVALID_LENGTH",
    );
}

//! Answers: the request comes back exactly, with the server's fields over it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use tagua_fiscal::{AccessKey, DocumentType, Environment, Sequential, Series};
use tagua_store::{
    AccountId, AuthorizationResult, Document, DocumentId, IssuerId, ReceptionResult, SriMessage,
    Stage, UnixMillis,
};
use tagua_wire::{
    IssueOverlay, Sent, edoc_issue_answer, edoc_query_answer, estado, fill_in, issue_answer,
    parse_body, query_answer,
};

const KEY: &str = "1811202601179999999000110010020000010282026111816";
const URL: &str = "https://tagua.example";

fn id() -> DocumentId {
    "0123456789abcdef0123456789abcdef".parse().unwrap()
}

fn series() -> Series {
    Series {
        establishment: "001".parse().unwrap(),
        point: "002".parse().unwrap(),
    }
}

fn overlay() -> IssueOverlay<'static> {
    IssueOverlay {
        id: id(),
        access_key: KEY.parse::<AccessKey>().unwrap(),
        stage: Stage::Signed,
        series: series(),
        sequential: Sequential::new(148).unwrap(),
        valid: true,
        schema_version: "2.1.0",
        accepted_at: "2026-11-20T15:00:00.250Z".parse().unwrap(),
        signature_error: None,
    }
}

fn document() -> Document {
    Document {
        id: id(),
        account: AccountId(1),
        issuer: IssuerId(1),
        environment: Environment::Test,
        document_type: DocumentType::Invoice,
        series: series(),
        sequential: Sequential::new(148).unwrap(),
        access_key: KEY.parse().unwrap(),
        external_id: None,
        schema_version: "2.1.0".to_owned(),
        revision: 0,
        stage: Stage::Created,
        version: 1,
        submissions: 0,
        last_submission_at: None,
        valid: true,
        signature_error: None,
        attention: None,
        reception: None,
        authorization: None,
        created_at: UnixMillis(1_795_186_800_000),
        updated_at: UnixMillis(1_795_186_800_000),
    }
}

fn message(additional: Option<&str>) -> SriMessage {
    SriMessage {
        identifier: "60".to_owned(),
        message: "ESTE PROCESO \"FUE\" REALIZADO\nEN PRUEBAS".to_owned(),
        kind: "INFORMATIVO".to_owned(),
        additional: additional.map(str::to_owned),
    }
}

fn answer(request: &str) -> String {
    issue_answer(&Sent::read(request.as_bytes()).unwrap(), &overlay())
}

fn query(request: &str, document: &Document) -> Json {
    let text = query_answer(&Sent::read(request.as_bytes()).unwrap(), document, URL);
    serde_json::from_str(&text).unwrap()
}

#[test]
fn members_keep_order_and_text() {
    let request = "{ \"b\": 1.50, \"fecha_emision\":\"2026-11-18\",\n \"a\" : {\"x\":[ 1e2,\"é\\u00e9\\/\"]} }";
    let expected = format!(
        "{{\"b\":1.50,\"fecha_emision\":\"2026-11-18\",\"a\":{{\"x\":[ 1e2,\"é\\u00e9\\/\"]}},\
         \"id\":\"0123456789abcdef0123456789abcdef\",\"clave_acceso\":\"{KEY}\",\
         \"estado\":\"CREADO\",\"numero\":\"001-002-000000148\",\"es_valida\":true,\
         \"version\":\"2.1.0\"}}"
    );
    assert_eq!(answer(request), expected);
}

#[test]
fn the_servers_fields_stand_where_the_request_had_them() {
    let request =
        "{\"id\":\"x\",\"version\":\"1.0.0\",\"fecha_emision\":null,\"z\":1,\"clave_acceso\":\"\"}";
    let text = answer(request);
    let expected = format!(
        "{{\"id\":\"0123456789abcdef0123456789abcdef\",\"version\":\"2.1.0\",\
         \"fecha_emision\":\"2026-11-20T10:00:00.250-05:00\",\"z\":1,\"clave_acceso\":\"{KEY}\","
    );
    assert!(text.starts_with(&expected), "{text}");
}

#[test]
fn a_missing_date_is_filled_in_at_the_end() {
    let text = answer("{}");
    assert!(
        text.ends_with(",\"fecha_emision\":\"2026-11-20T10:00:00.250-05:00\"}"),
        "{text}"
    );
}

#[test]
fn of_equal_keys_the_last_value_comes_back_once() {
    let text = answer("{\"a\":1,\"b\":2,\"a\":3.0,\"\\u0061\":4.00}");
    assert!(text.starts_with("{\"a\":4.00,\"b\":2,\"id\""), "{text}");
}

#[test]
fn raw_control_characters_come_back_escaped() {
    let text = answer("\u{feff}{\"a\":\"x\n\ty\\\"\u{1}\",\n\"k\ney\":[\n\"z\r\"]}");
    let expected = "{\"a\":\"x\\n\\ty\\\"\\u0001\",\"k\\ney\":[\n\"z\\r\"],";
    assert!(text.starts_with(expected), "{text}");
    assert!(serde_json::from_str::<Json>(&text).is_ok());
}

#[test]
fn an_empty_request_gives_the_servers_fields_alone() {
    let read: Json = serde_json::from_str(&answer("")).unwrap();
    assert_eq!(read["numero"], "001-002-000000148");
    assert!(Sent::read(b"{\"a\":1,}").is_err());
}

const XML: &str = "<guiaRemision version=\"1.1.0\"><infoTributaria><ruc>1799999990001</ruc>\
                   <claveAcceso>x</claveAcceso></infoTributaria><infoGuiaRemision>\
                   <placa>PXX-0999</placa></infoGuiaRemision></guiaRemision>";

#[test]
fn a_document_in_xml_comes_back_in_its_json_reading() {
    let declared = format!("\u{feff}<?xml version=\"1.1.0\">\n{XML}");
    let wrapped = json!({ "xml": declared }).to_string();
    for body in [XML, &declared, &wrapped] {
        let read: Json = serde_json::from_str(&answer(body)).unwrap();
        assert_eq!(read["emisor"]["ruc"], "1799999990001", "{body}");
        assert_eq!(read["transportista"]["placa"], "PXX-0999");
        assert_eq!(read["clave_acceso"], KEY);
        assert_eq!(read["version"], "2.1.0");
        assert!(read.get("xml").is_none());
    }
    let finding = Sent::read(b"<guiaRemision>").unwrap_err();
    assert_eq!(
        (finding.parameter.as_str(), finding.code.as_str()),
        ("xml", "INVALID_FORMAT")
    );
}

#[test]
fn a_document_with_a_field_xml_is_itself() {
    let text = answer("{\"emisor\":{},\"xml\":\"<a/>\"}");
    assert!(
        text.starts_with("{\"emisor\":{},\"xml\":\"<a/>\","),
        "{text}"
    );
    let text = answer("{\"xml\":\"a\"}");
    assert!(text.starts_with("{\"xml\":\"a\","), "{text}");
}

#[test]
fn a_body_that_was_parsed_gives_the_same_answer() {
    let body = b"{\"a\":1.50,\"a\":2.00,\"b\":[null]}";
    let parsed = Sent::json(body, parse_body(body).unwrap());
    let read = Sent::read(body).unwrap();
    assert_eq!(
        issue_answer(&parsed, &overlay()),
        issue_answer(&read, &overlay())
    );
}

#[test]
fn waybills_have_no_date_of_issue() {
    let waybill = IssueOverlay {
        access_key: KEY_OF_A_WAYBILL.parse().unwrap(),
        ..overlay()
    };
    let text = issue_answer(&Sent::read(b"{}").unwrap(), &waybill);
    assert!(!text.contains("fecha_emision"), "{text}");
}

#[test]
fn notes_say_in_flat_fields_what_they_modify() {
    let note = IssueOverlay {
        access_key: KEY_OF_A_CREDIT_NOTE.parse().unwrap(),
        ..overlay()
    };
    let body =
        br#"{"documento_sustento":{"numero_documento":"001-002-000000003","tipo_documento":1},
        "tipo_documento_modificado":"01"}"#;
    let sent = Sent::read(body).unwrap();
    let text = issue_answer(&sent, &note);
    assert!(
        text.contains(r#""numero_documento_modificado":"001-002-000000003""#),
        "{text}"
    );
    assert!(
        text.contains(r#""tipo_documento_modificado":"01""#),
        "{text}"
    );
    let invoice = issue_answer(&sent, &overlay());
    assert!(
        !invoice.contains("numero_documento_modificado"),
        "{invoice}"
    );
}

const KEY_OF_A_CREDIT_NOTE: &str = "0405202004123456789000110010010000000012235571910";

/// A documented one.
const KEY_OF_A_WAYBILL: &str = "0405202006123456789000110010010000000012235571913";

#[track_caller]
fn filled(body: &str, fields: &[(&str, &str)]) -> String {
    let fields: Vec<_> = fields
        .iter()
        .map(|(key, json)| (*key, (*json).to_owned()))
        .collect();
    let value = parse_body(body.as_bytes()).unwrap();
    String::from_utf8(fill_in(body.as_bytes(), &value, &fields)).unwrap()
}

#[test]
fn computed_members_stand_where_they_were_sent() {
    let body = "\u{feff} { \"secuencial\" : \"auto\",\n \"b\":[1.50,{\"secuencial\":1}] , \"totales\":{} }\n";
    let expected = "\u{feff} { \"secuencial\" : 17,\n \"b\":[1.50,{\"secuencial\":1}] , \"totales\":{\"x\":1} }\n";
    assert_eq!(
        filled(body, &[("totales", "{\"x\":1}"), ("secuencial", "17")]),
        expected
    );
    assert_eq!(filled(body, &[]), body);
}

#[test]
fn computed_members_that_were_not_sent_are_added() {
    assert_eq!(filled("{}", &[("a", "1")]), "{\"a\":1}");
    assert_eq!(
        filled("{ }", &[("a", "1"), ("b\"", "\"}\"")]),
        "{ \"a\":1,\"b\\\"\":\"}\"}"
    );
    assert_eq!(
        filled("{\"z\": \"}\"} ", &[("a", "1"), ("z", "2")]),
        "{\"z\": 2,\"a\":1} "
    );
    assert_eq!(filled("[{}]", &[("a", "1")]), "[{}]");
}

#[test]
fn of_equal_keys_the_one_that_counts_is_replaced() {
    assert_eq!(
        filled("{\"a\":1,\"a\":2}", &[("a", "3")]),
        "{\"a\":1,\"a\":3}"
    );
}

#[test]
fn every_stage_has_its_word() {
    let words = Stage::ALL.map(estado);
    let expected = [
        "CREADO",
        "CREADO",
        "ENVIADO",
        "ENVIADO",
        "RECIBIDO",
        "DEVUELTO",
        "AUTORIZADO",
        "NO AUTORIZADO",
        "ERROR",
    ];
    assert_eq!(words, expected);
}

#[test]
fn a_query_before_anything_happened() {
    let read = query(
        "{\"ambiente\":1,\"fecha_emision\":\"2026-11-18\"}",
        &document(),
    );
    assert_eq!(read["estado"], "CREADO");
    assert_eq!(read["envio_sri"], json!({}));
    assert_eq!(read["autorizacion"], json!({}));
    assert_eq!(read["autorizacion_sri"], json!({}));
    assert_eq!(read["correos_enviados"], json!([]));
    assert_eq!(read["informacion_adicional"], json!([]));
    assert_eq!(read["fecha_emision"], "2026-11-18");
    let links = "https://tagua.example/ver/0123456789abcdef0123456789abcdef";
    assert_eq!(read["url_formato_impresion"], format!("{links}/pdf"));
    assert_eq!(read["url_documento_electronico"], format!("{links}/xml"));
    assert!(read.get("firma").is_none());
}

#[test]
fn additional_information_comes_back_in_the_form_it_was_sent() {
    let read = query(
        "{\"info_adicional\":[{\"nombre\":\"a\",\"valor\":1}]}",
        &document(),
    );
    assert_eq!(read["info_adicional"][0]["valor"], 1);
    assert!(read.get("informacion_adicional").is_none());
    let read = query("{\"informacion_adicional\":{}}", &document());
    assert_eq!(read["informacion_adicional"], json!({}));
}

#[test]
fn queries_of_credit_notes_repeat_the_modified_document() {
    let note = Document {
        document_type: DocumentType::CreditNote,
        ..document()
    };
    let flat = "{\"numero_documento_modificado\":\"001-002-000000003\",\
                \"tipo_documento_modificado\":1,\
                \"fecha_emision_documento_modificado\":\"2026-11-18T00:00:00-05:00\"}";
    let expected = json!({
        "numero_documento": "001-002-000000003", "tipo_documento": 1,
        "fecha_documento": "2026-11-18"
    });
    assert_eq!(query(flat, &note)["documento_sustento"], expected);
    let sent = query(
        "{\"documento_sustento\":{\"numero_documento\":\"x\"}}",
        &note,
    );
    assert_eq!(sent["documento_sustento"], json!({"numero_documento": "x"}));
    let unreadable = query("{\"fecha_emision_documento_modificado\":\"ayer\"}", &note);
    assert_eq!(unreadable["documento_sustento"]["fecha_documento"], "ayer");
    assert!(unreadable["documento_sustento"]["tipo_documento"].is_null());
    assert!(query(flat, &document()).get("documento_sustento").is_none());
}

#[test]
fn a_query_of_an_authorized_document() {
    let document = Document {
        stage: Stage::Authorized,
        reception: Some(ReceptionResult {
            state: "RECIBIDA".to_owned(),
            at: 1_795_186_801_000,
            messages: vec![],
        }),
        authorization: Some(AuthorizationResult {
            state: "AUTORIZADO".to_owned(),
            number: Some(KEY.to_owned()),
            date: Some("2026-11-20T10:00:05-05:00".to_owned()),
            environment: Some("PRUEBAS".to_owned()),
            messages: vec![message(None), message(Some("más"))],
        }),
        ..document()
    };
    let read = query("{\"estado\":\"viejo\"}", &document);
    assert_eq!(read["estado"], "AUTORIZADO");
    let reception = json!({
        "mensajes": [], "estado": "RECIBIDA", "fecha": "2026-11-20T10:00:01-05:00"
    });
    assert_eq!(read["envio_sri"], reception);
    let authorization = &read["autorizacion"];
    assert_eq!(authorization["estado"], "AUTORIZADO");
    assert_eq!(authorization["numero"], KEY);
    assert_eq!(authorization["fecha"], "2026-11-20T10:00:05-05:00");
    assert_eq!(authorization["mensajes"][0]["identificador"], "60");
    assert_eq!(authorization["mensajes"][0]["informacion_adicional"], "");
    assert_eq!(authorization["mensajes"][1]["informacion_adicional"], "más");
    assert_eq!(authorization["mensajes"][1]["tipo"], "INFORMATIVO");
    assert_eq!(&read["autorizacion_sri"], authorization);
}

#[test]
fn a_document_that_could_not_be_signed_says_why() {
    let error = "Clave de firma incorrecta, por favor inténtalo nuevamente.";
    let document = Document {
        signature_error: Some(error.to_owned()),
        ..document()
    };
    let read = query("{}", &document);
    assert_eq!(
        read["firma"],
        json!({"result": "bad", "error": error, "status": 400})
    );
}

#[test]
fn the_short_form_of_any_document() {
    let read: Json = serde_json::from_str(&edoc_query_answer(&document(), URL)).unwrap();
    assert_eq!(read["tipo"], "01");
    assert_eq!(read["ambiente"], "1");
    assert_eq!(read["numero"], "001-002-000000148");
    assert_eq!(read["clave_acceso"], KEY);
    assert_eq!(read["autorizacion"], json!({"mensajes": []}));
    assert!(
        read["url_documento_electronico"]
            .as_str()
            .unwrap()
            .ends_with("/xml")
    );
    assert!(read.get("emisor").is_none());
}

#[test]
fn the_short_form_with_issuer_and_receiver() {
    let request = json!({
        "emisor": {"ruc": "1799999990001", "obligado_contabilidad": true, "establecimiento": {}},
        "comprador": {"identificacion": "2459999914", "razon_social": "R", "email": "a@x.example"}
    });
    let request = request.to_string();
    let sent = Sent::read(request.as_bytes()).unwrap();
    let text = edoc_issue_answer(&sent, &document(), URL);
    let read: Json = serde_json::from_str(&text).unwrap();
    assert_eq!(read["estado"], "CREADO");
    assert_eq!(read["emisor"]["ruc"], "1799999990001");
    assert_eq!(read["emisor"]["obligado_contabilidad"], true);
    assert!(read["emisor"]["razon_social"].is_null());
    assert!(read["emisor"].get("establecimiento").is_none());
    assert_eq!(read["receptor"]["identificacion"], "2459999914");
    assert_eq!(read["receptor"]["email"], "a@x.example");
    assert!(read["receptor"].get("razon_social").is_none());
    let text = edoc_issue_answer(&Sent::read(b"").unwrap(), &document(), URL);
    assert!(serde_json::from_str::<Json>(&text).unwrap()["emisor"]["ruc"].is_null());
}

#[test]
fn every_type_has_its_receiver() {
    let party = |id: &str| json!({"identificacion": id, "email": format!("{id}@x.example")});
    let request = json!({
        "comprador": party("c"), "sujeto": party("s"), "transportista": party("t"),
        "proveedor": {"identificacion": "p", "correo": "p@x.example"},
        "destinatarios": [party("d"), party("e")]
    });
    for (document_type, id) in [
        (DocumentType::Invoice, "c"),
        (DocumentType::CreditNote, "c"),
        (DocumentType::DebitNote, "c"),
        (DocumentType::PurchaseSettlement, "p"),
        (DocumentType::Waybill, "d"),
        (DocumentType::Withholding, "s"),
    ] {
        let read = edoc_issue(&request, document_type);
        assert_eq!(read["receptor"]["identificacion"], id);
        assert_eq!(read["receptor"]["email"], format!("{id}@x.example"));
    }
    let carrier = json!({ "transportista": party("t") });
    let read = edoc_issue(&carrier, DocumentType::Waybill);
    assert_eq!(read["receptor"]["identificacion"], "t");
}

fn edoc_issue(request: &Json, document_type: DocumentType) -> Json {
    let document = Document {
        document_type,
        ..document()
    };
    let request = request.to_string();
    let sent = Sent::read(request.as_bytes()).unwrap();
    serde_json::from_str(&edoc_issue_answer(&sent, &document, URL)).unwrap()
}

#[test]
fn a_hundred_thousand_members_are_echoed_in_one_pass() {
    let members: String = (0..100_000)
        .map(|i| format!("\"k{}\":{i},", i % 50_000))
        .collect();
    let text = answer(&format!("{{{members}\"z\":1}}"));
    assert!(text.starts_with("{\"k0\":50000,\"k1\":50001,"));
}

/// Values whose text `serde_json` keeps: no floats.
fn member() -> impl Strategy<Value = (String, Json)> {
    let value = prop_oneof![
        any::<i64>().prop_map(Json::from),
        any::<String>().prop_map(Json::from),
        prop::collection::vec(any::<Option<bool>>(), 0..4).prop_map(|list| json!(list)),
        any::<String>().prop_map(|text| json!({"a": {"b": text}})),
    ];
    ("[a-z]{1,3}|\\PC{0,4}", value)
}

proptest! {
    #[test]
    fn filling_in_changes_nothing_else(members in prop::collection::vec(member(), 0..12)) {
        let request: Json = members.into_iter().collect();
        let body = request.to_string();
        let text = filled(&body, &[("secuencial", "7"), ("totales", "{}")]);
        let mut expected = request;
        expected["secuencial"] = json!(7);
        expected["totales"] = json!({});
        prop_assert_eq!(serde_json::from_str::<Json>(&text).unwrap(), expected);
    }

    #[test]
    fn what_was_sent_comes_back_equal(members in prop::collection::vec(member(), 0..12)) {
        let request: Json = members.into_iter().collect();
        let read: Json = serde_json::from_str(&answer(&request.to_string())).unwrap();
        let ours = ["id", "clave_acceso", "estado", "numero", "es_valida", "version", "fecha_emision"];
        for (key, value) in request.as_object().unwrap() {
            if !ours.contains(&key.as_str()) {
                prop_assert_eq!(&read[key], value);
            }
        }
        let sent = request.as_object().unwrap().keys();
        let theirs: Vec<_> = read.as_object().unwrap().keys().take(sent.len()).collect();
        prop_assert_eq!(sent.collect::<Vec<_>>(), theirs);
    }

    #[test]
    fn numbers_come_back_digit_by_digit(digits in "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?") {
        let text = answer(&format!("{{\"n\":{digits},\"l\":[{digits}]}}"));
        let expected = format!("{{\"n\":{digits},\"l\":[{digits}],");
        prop_assert!(text.starts_with(&expected));
    }
}

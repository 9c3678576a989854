//! Addresses, headers, JSON, numbers, codes and dates.

use serde_json::{Value, json};

use super::bodies::{credit_note, invoice};
use super::support::http;
use super::{api, complaint, element, number, ok, replace, says, with};

#[test]
fn resolution_01_all_addresses_on_one_host() {
    let api = api();
    for path in ["/invoices/issue", "/api/facturar", "/facturar"] {
        let issued = api.accepted(path, &invoice());
        assert_eq!(issued["estado"], "CREADO", "{path}");
    }
}

#[test]
fn resolution_02_a_sequential_in_any_form() {
    let api = api();
    let forms = [
        json!(number()),
        json!(number().to_string()),
        json!(format!("{:09}", number())),
    ];
    for form in forms {
        let issued = api.accepted(
            "/invoices/issue",
            &with(invoice(), "/secuencial", form.clone()),
        );
        assert_eq!(issued["secuencial"], form);
        let digits = form.to_string().replace('"', "");
        let ending = format!("-{:0>9}", digits);
        assert!(
            issued["numero"].as_str().unwrap().ends_with(&ending),
            "{issued}"
        );
    }
}

#[test]
fn resolution_03_environment_and_emission_as_number_or_text() {
    let api = api();
    let body = with(with(invoice(), "/ambiente", "1"), "/tipo_emision", "1");
    let issued = api.accepted("/invoices/issue", &body);
    assert_eq!(
        (&issued["ambiente"], &issued["tipo_emision"]),
        (&json!("1"), &json!("1"))
    );
    let issued = api.accepted("/invoices/issue", &invoice());
    assert_eq!(issued["ambiente"], 1);
    let path = format!("/edocs/{}", issued["id"].as_str().unwrap());
    assert_eq!(api.get(&path).json()["ambiente"], "1");
}

#[test]
fn resolution_04_amounts_as_numbers_or_texts() {
    let api = api();
    let body = with(invoice(), "/totales/importe_total", "11.500000");
    let issued = api.accepted("/invoices/issue", &body);
    assert_eq!(issued["totales"]["importe_total"], "11.500000");
    assert_eq!(issued["totales"]["total_sin_impuestos"], 10);
    let xml = api.xml(issued["id"].as_str().unwrap());
    assert_eq!(element(&xml, "importeTotal"), Some("11.50"));
}

#[test]
fn resolution_05_identification_types_are_padded() {
    let api = api();
    let pointer = "/comprador/tipo_identificacion";
    let issued = api.accepted("/invoices/issue", &with(invoice(), pointer, 5));
    assert_eq!(issued["comprador"]["tipo_identificacion"], 5);
    let xml = api.xml(issued["id"].as_str().unwrap());
    assert_eq!(element(&xml, "tipoIdentificacionComprador"), Some("05"));
    let refused = api.refused("/invoices/issue", &with(invoice(), pointer, 1));
    assert_eq!(
        refused,
        says("comprador.tipo_identificacion", "INVALID_VALUE")
    );
}

#[test]
fn resolution_06_additional_fields_in_both_forms() {
    let api = api();
    let list = json!([{ "nombre": "Pedido", "valor": "77" }]);
    let forms = [
        ("info_adicional", list),
        ("informacion_adicional", json!({ "Pedido": "77" })),
    ];
    for (name, form) in forms {
        let xml = api.document(
            "/invoices/issue",
            &with(invoice(), &format!("/{name}"), form),
        );
        assert!(
            xml.contains("<campoAdicional nombre=\"Pedido\">77</campoAdicional>"),
            "{name}"
        );
    }
    for empty in [json!([]), json!({}), Value::Null] {
        let body = with(invoice(), "/informacion_adicional", empty.clone());
        let issued = api.accepted("/invoices/issue", &body);
        assert_eq!(issued["informacion_adicional"], empty);
        let xml = api.xml(issued["id"].as_str().unwrap());
        assert!(!xml.contains("infoAdicional"), "{empty}");
    }
    let issued = api.accepted("/invoices/issue", &invoice());
    assert_eq!(
        api.query(issued["id"].as_str().unwrap())["informacion_adicional"],
        json!([])
    );
}

#[test]
fn resolution_20_an_edoc_is_issued_by_post_and_get() {
    let api = api();
    for method in ["POST", "GET"] {
        let created = api.accepted("/invoices", &invoice());
        let path = format!("/edocs/{}/issue", created["id"].as_str().unwrap());
        let headers = [("x-key", &*api.key), ("x-password", &*api.password)];
        let answer = http::call(api.address, method, &path, &headers, b"").unwrap();
        assert_eq!(
            ok(&answer)["clave_acceso"],
            created["clave_acceso"],
            "{method}"
        );
        api.ends(&created, "AUTORIZADO");
    }
}

#[test]
fn resolution_21_xml_in_json_or_bare() {
    let api = api();
    let bare = api.template("/invoices", &invoice());
    let answer = api.send_text(
        "/invoices/issue/xml",
        &[("content-type", "application/xml")],
        &bare,
    );
    assert_eq!(ok(&answer)["totales"]["importe_total"], "11.50");
    let wrapped = json!({ "xml": api.template("/invoices", &invoice()) });
    let issued = api.accepted("/invoices/issue/xml", &wrapped);
    assert_eq!(issued["totales"]["importe_total"], "11.50");
    api.ends(&issued, "AUTORIZADO");
}

#[test]
fn resolution_22_broken_declarations_keys_and_rucs() {
    let api = api();
    let issue = |xml: String| api.accepted("/invoices/issue/xml", &json!({ "xml": xml }));
    let declaration = "<?xml version=\"1.1.0\" encoding=\"UTF-8\">";
    let issued = issue(format!(
        "{declaration}{}",
        api.template("/invoices", &invoice())
    ));
    api.ends(&issued, "AUTORIZADO");
    let keyless = replace(
        &api.template("/invoices", &invoice()),
        "claveAcceso",
        "None",
    );
    let issued = issue(keyless);
    assert_eq!(issued["clave_acceso"].as_str().unwrap().len(), 49);
    let foreign = replace(
        &api.template("/invoices", &invoice()),
        "ruc",
        "1799999990002",
    );
    assert_eq!(issue(foreign)["estado"], "DEVUELTO");
}

#[test]
fn resolution_23_a_password_where_none_is_wanted() {
    let api = api();
    let headers = [("x-key", &*api.key), ("x-password", "cualquiera")];
    let created = ok(&api.post("/invoices", "cualquiera", &invoice()));
    assert_eq!(created.get("firma"), None);
    let path = format!("/invoices/{}", created["id"].as_str().unwrap());
    let answer = http::call(api.address, "GET", &path, &headers, b"").unwrap();
    assert_eq!(ok(&answer)["estado"], "CREADO");
}

#[test]
fn resolution_30_identifications_of_1_to_20() {
    let api = api();
    let named = |id: &str| {
        let body = with(invoice(), "/comprador/tipo_identificacion", "06");
        with(body, "/comprador/identificacion", id)
    };
    let xml = api.document("/invoices/issue", &named("A"));
    assert_eq!(element(&xml, "identificacionComprador"), Some("A"));
    api.accepted("/invoices/issue", &named(&"A".repeat(20)));
    let refused = api.refused("/invoices/issue", &named(&"A".repeat(21)));
    assert_eq!(refused, says("comprador.identificacion", "INVALID_LENGTH"));
}

#[test]
fn resolution_31_a_plate_is_no_identification_for_sri() {
    let api = api();
    let body = with(invoice(), "/comprador/tipo_identificacion", "09");
    let issued = api.accepted("/invoices/issue", &body);
    let ended = api.ends(&issued, "DEVUELTO");
    assert_eq!(ended["envio_sri"]["mensajes"][0]["identificador"], "35");
}

#[test]
fn resolution_32_a_version_is_a_hint() {
    let api = api();
    let issued = api.accepted("/invoices/issue", &with(invoice(), "/version", "1.0.0"));
    assert_eq!(issued["version"], "2.1.0");
}

#[test]
fn resolution_33_dates_in_any_form() {
    let api = api();
    let forms = [
        ("2026-11-18", "18/11/2026"),
        ("2026-11-18T23:30:00-05:00", "18/11/2026"),
        ("2026-11-19T03:30:00Z", "18/11/2026"),
        ("2026-11-18T23:30:00-05:19", "18/11/2026"),
        ("2026-11-18T00:00:00+00:00", "18/11/2026"),
        ("2026-11-18 10:00", "18/11/2026"),
    ];
    for (sent, day) in forms {
        let issued = api.accepted("/invoices/issue", &with(invoice(), "/fecha_emision", sent));
        assert_eq!(issued["fecha_emision"], sent);
        let xml = api.xml(issued["id"].as_str().unwrap());
        assert_eq!(element(&xml, "fechaEmision"), Some(day), "{sent}");
    }
    let issued = api.accepted("/invoices/issue", &invoice());
    assert!(
        issued["fecha_emision"]
            .as_str()
            .unwrap()
            .ends_with("-05:00"),
        "{issued}"
    );
}

#[test]
fn resolution_40_idempotency_keys_of_1_to_255() {
    let api = api();
    let body = invoice().to_string();
    let key = number().to_string();
    let issue = |key: &str| api.send_text("/invoices/issue", &[("idempotency-key", key)], &body);
    let first = ok(&issue(&key));
    assert_eq!(ok(&issue(&key)), first);
    let (parameter, _) = complaint(&issue(&"k".repeat(256)));
    assert_eq!(parameter.to_lowercase(), "idempotency-key");
}

#[test]
fn resolution_42_double_keys_and_raw_line_breaks() {
    let api = api();
    let body = invoice().to_string();
    let text = body.replacen(
        "\"Foco <LED>\"",
        "\"Uno\",\"descripcion\":\"Foco\nde\tluz\"",
        1,
    );
    let answer = api.send_text("/invoices/issue", &[], &text);
    let issued = ok(&answer);
    assert_eq!(issued["items"][0]["descripcion"], "Foco\nde\tluz");
    let xml = api.xml(issued["id"].as_str().unwrap());
    assert!(!xml.contains("<descripcion>Uno<"), "{xml}");
    assert_eq!(element(&xml, "descripcion"), Some("Foco de\tluz"));
}

#[test]
fn resolution_43_a_blank_resolution_is_none() {
    let api = api();
    for blank in ["", " "] {
        let body = with(invoice(), "/emisor/contribuyente_especial", blank);
        let xml = api.document("/invoices/issue", &body);
        assert_eq!(element(&xml, "contribuyenteEspecial"), None);
    }
}

#[test]
fn resolution_51_unknown_fields_are_ignored_and_come_back() {
    let api = api();
    let body = with(invoice(), "/items/0/campo_propio", json!({ "a": [1] }));
    let issued = api.accepted("/invoices/issue", &body);
    assert_eq!(issued["items"], body["items"]);
    api.ends(&issued, "AUTORIZADO");
}

#[test]
fn resolution_60_a_refusal_is_not_kept_for_a_key() {
    let api = api();
    let key = format!("clave-{}", number());
    let issue = |body: &Value| {
        api.send_text(
            "/invoices/issue",
            &[("idempotency-key", &key)],
            &body.to_string(),
        )
    };
    let refused = complaint(&issue(&with(invoice(), "/ambiente", 7)));
    assert_eq!(refused, says("ambiente", "INVALID_VALUE"));
    let body = invoice();
    let issued = ok(&issue(&body));
    assert_eq!(ok(&issue(&body)), issued);
    // The key stays with its address.
    let answer = api.send_text(
        "/credit-notes/issue",
        &[("idempotency-key", &key)],
        &credit_note().to_string(),
    );
    complaint(&answer);
}

#[test]
fn resolution_63_the_rimpe_legend() {
    let api = api();
    let forms = [
        (json!("1"), Some("CONTRIBUYENTE RÉGIMEN RIMPE")),
        (json!(true), Some("CONTRIBUYENTE RÉGIMEN RIMPE")),
        (
            json!(2),
            Some("CONTRIBUYENTE NEGOCIO POPULAR - RÉGIMEN RIMPE"),
        ),
        (json!("NO"), None),
        (Value::Null, None),
    ];
    for (sent, legend) in forms {
        let body = with(invoice(), "/emisor/regimen_rimpe", sent.clone());
        let xml = api.document("/invoices/issue", &body);
        assert_eq!(element(&xml, "contribuyenteRimpe"), legend, "{sent}");
    }
    let refused = api.refused(
        "/invoices/issue",
        &with(invoice(), "/emisor/regimen_rimpe", "9"),
    );
    assert_eq!(refused, says("emisor.regimen_rimpe", "INVALID_VALUE"));
}

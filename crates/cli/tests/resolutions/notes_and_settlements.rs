//! Credit notes, debit notes and purchase settlements.

use serde_json::{Value, json};

use super::bodies::{
    ats_retention, credit_note, debit_note, invoice, retention, settlement, waybill,
};
use super::{api, element, says, with, without};

#[test]
fn resolution_24_any_document_through_the_invoices() {
    let api = api();
    let documents = [
        ("/credit-notes", credit_note()),
        ("/retentions", retention()),
        ("/waybills", waybill()),
    ];
    for (collection, body) in documents {
        let created = api.accepted(collection, &body);
        let found = api.query(created["id"].as_str().unwrap());
        assert_eq!(
            found["clave_acceso"], created["clave_acceso"],
            "{collection}"
        );
    }
}

#[test]
fn resolution_25_copied_texts_that_never_worked() {
    let api = api();
    let refused = |path: &str, body: &Value| api.refused(path, body).1;
    assert_eq!(
        refused("/invoices/issue", &retention()),
        "MISSING_PARAMETER"
    );
    let note = without(credit_note(), "/numero_documento_modificado");
    assert_eq!(refused("/credit-notes/issue", &note), "MISSING_PARAMETER");
    let note = with(debit_note(), "/items", invoice()["items"].clone());
    assert_eq!(refused("/debit-notes/issue", &note), "MISSING_PARAMETER");
}

#[test]
fn resolution_26_answers_are_of_the_document_asked_for() {
    let api = api();
    let note = debit_note();
    let issued = api.accepted("/debit-notes/issue", &note);
    assert_eq!(issued["items"], note["items"]);
    let body = waybill();
    let issued = api.accepted("/waybills/issue", &body);
    let path = format!("/waybills/{}", issued["id"].as_str().unwrap());
    assert_eq!(
        api.get(&path).json()["destinatarios"],
        body["destinatarios"]
    );
}

#[test]
fn resolution_29_a_machine_of_300_characters() {
    let api = api();
    let machine = |length: usize| {
        let machine = json!({ "marca": "A", "modelo": "B".repeat(length), "serie": "C" });
        with(settlement(), "/maquina_fiscal", machine)
    };
    let path = "/purchase-settlements/issue";
    assert_eq!(api.accepted(path, &machine(30))["estado"], "CREADO");
    assert_eq!(api.accepted(path, &machine(300))["estado"], "DEVUELTO");
    let refused = api.refused(path, &machine(301));
    assert_eq!(refused, says("maquina_fiscal.modelo", "INVALID_LENGTH"));
}

#[test]
fn resolution_50_one_rule_for_all_currencies() {
    let api = api();
    let documents = [
        ("/credit-notes/issue", credit_note(), "valorModificacion"),
        ("/purchase-settlements/issue", settlement(), "importeTotal"),
    ];
    for (path, body, total) in documents {
        let body = with(with(body, "/moneda", "EUR"), "/tasa_cambio", "2");
        let xml = api.document(path, &body);
        assert_eq!(element(&xml, "moneda"), Some("DOLAR"), "{path}");
        assert_eq!(element(&xml, total), Some("23.00"), "{path}");
    }
}

#[test]
fn resolution_64_the_modified_document_in_both_forms() {
    let api = api();
    let flat = credit_note();
    let object = json!({
        "numero_documento": flat["numero_documento_modificado"],
        "tipo_documento": flat["tipo_documento_modificado"],
        "fecha_documento": flat["fecha_emision_documento_modificado"]
    });
    let mut nested = credit_note();
    for name in [
        "numero_documento_modificado",
        "tipo_documento_modificado",
        "fecha_emision_documento_modificado",
    ] {
        nested = without(nested, &format!("/{name}"));
    }
    let nested = with(nested, "/documento_sustento", object.clone());
    for body in [flat, nested] {
        let issued = api.accepted("/credit-notes/issue", &body);
        let id = issued["id"].as_str().unwrap();
        let xml = api.xml(id);
        assert_eq!(element(&xml, "numDocModificado"), Some("001-002-000000003"));
        assert_eq!(element(&xml, "fechaEmisionDocSustento"), Some("10/11/2026"));
        let found = api.get(&format!("/credit-notes/{id}")).json();
        assert_eq!(found["documento_sustento"], object);
        assert_eq!(found["numero_documento_modificado"], "001-002-000000003");
    }
}

#[test]
fn every_body_of_these_tests_is_right() {
    let api = api();
    let documents = [
        ("invoices", invoice()),
        ("credit-notes", credit_note()),
        ("debit-notes", debit_note()),
        ("purchase-settlements", settlement()),
        ("retentions", retention()),
        ("ats-retentions", ats_retention()),
        ("waybills", waybill()),
    ];
    for (collection, body) in documents {
        let issued = api.accepted(&format!("/{collection}/issue"), &body);
        assert_eq!(issued["es_valida"], true, "{collection}");
        api.ends(&issued, "AUTORIZADO");
    }
}

//! What the tables of `docs/compatibility.md` say beside the resolutions.

use serde_json::{Value, json};

use super::bodies::{
    ats_retention, credit_note, debit_note, invoice, retention, settlement, waybill,
};
use super::support::http;
use super::{api, complaint, element, ok, pairs, says, with, without};

const ISSUE: &str = "/invoices/issue";

#[test]
fn what_is_missing_is_derived() {
    let api = api();
    let derived = [
        ("/tipo_emision", "tipoEmision", "1"),
        ("/moneda", "moneda", "DOLAR"),
        ("/totales/descuento", "totalDescuento", "0.00"),
        ("/totales/propina", "propina", "0.00"),
        ("/items/0/descuento", "descuento", "0.00"),
        (
            "/items/0/precio_total_sin_impuestos",
            "precioTotalSinImpuesto",
            "10.00",
        ),
        ("/items/0/impuestos/0/tarifa", "tarifa", "15.00"),
        (
            "/items/0/impuestos/0/base_imponible",
            "baseImponible",
            "10.00",
        ),
        ("/items/0/impuestos/0/valor", "valor", "1.50"),
    ];
    for (pointer, name, text) in derived {
        let issued = api.accepted(ISSUE, &without(invoice(), pointer));
        assert_eq!(issued["es_valida"], true, "{pointer}");
        let xml = api.xml(issued["id"].as_str().unwrap());
        assert_eq!(element(&xml, name), Some(text), "{pointer}");
    }
}

#[test]
fn what_cannot_be_derived_is_asked_for() {
    let api = api();
    let documents = [
        (ISSUE, invoice(), "/ambiente", "ambiente"),
        (ISSUE, invoice(), "/emisor/ruc", "emisor.ruc"),
        (
            ISSUE,
            invoice(),
            "/totales/importe_total",
            "totales.importe_total",
        ),
        (
            ISSUE,
            invoice(),
            "/items/0/precio_unitario",
            "items[0].precio_unitario",
        ),
        ("/credit-notes/issue", credit_note(), "/motivo", "motivo"),
        (
            "/debit-notes/issue",
            debit_note(),
            "/items/0/motivo",
            "items[0].motivo",
        ),
        (
            "/purchase-settlements/issue",
            settlement(),
            "/proveedor",
            "proveedor",
        ),
        (
            "/retentions/issue",
            retention(),
            "/periodo_fiscal",
            "periodo_fiscal",
        ),
        (
            "/ats-retentions/issue",
            ats_retention(),
            "/sujeto",
            "sujeto",
        ),
        (
            "/waybills/issue",
            waybill(),
            "/transportista",
            "transportista",
        ),
        (
            "/waybills/issue",
            waybill(),
            "/destinatarios",
            "destinatarios",
        ),
    ];
    for (path, body, pointer, parameter) in documents {
        let refused = api.refused(path, &without(body, pointer));
        assert_eq!(refused, says(parameter, "MISSING_PARAMETER"), "{path}");
    }
}

#[test]
fn fields_of_the_official_client_are_written() {
    let body = with(invoice(), "/items/0/precio_sin_subsidio", 12);
    let xml = api().document(ISSUE, &with(body, "/totales/total_subsidio", 2));
    assert_eq!(element(&xml, "precioSinSubsidio"), Some("12.00"));
    assert_eq!(element(&xml, "totalSubsidio"), Some("2.00"));
}

#[test]
fn additional_fields_have_limits() {
    let api = api();
    let names: Vec<_> = (0..16).map(|number| format!("Campo {number}")).collect();
    let named: Vec<_> = names.iter().map(|name| (&**name, "x")).collect();
    api.accepted(
        ISSUE,
        &with(invoice(), "/info_adicional", pairs(&named[..15])),
    );
    let refused = api.refused(ISSUE, &with(invoice(), "/info_adicional", pairs(&named)));
    assert_eq!(refused.0, "info_adicional");
    let details = json!({ "Color": "rojo", "Talla": "", "Lote": "7" });
    let xml = api.document(
        ISSUE,
        &with(invoice(), "/items/0/detalles_adicionales", details),
    );
    let written = "<detAdicional nombre=\"Color\" valor=\"rojo\"></detAdicional>\
                   <detAdicional nombre=\"Lote\" valor=\"7\"></detAdicional></detallesAdicionales>";
    assert!(xml.contains(written), "{xml}");
}

#[test]
fn payments_keep_their_term() {
    let api = api();
    let forms = [
        json!([{ "medio": "cheque", "total": 11.5, "plazo": 30 }]),
        json!([{ "medio": "cheque", "total": 11.5, "propiedades": { "plazo": "30", "x": 1 } }]),
    ];
    for form in forms {
        let xml = api.document(ISSUE, &with(invoice(), "/pagos", form.clone()));
        assert_eq!(element(&xml, "plazo"), Some("30"), "{form}");
        assert_eq!(element(&xml, "unidadTiempo"), Some("dias"), "{form}");
    }
}

#[test]
fn a_negotiable_invoice_names_the_buyers_address() {
    let api = api();
    let body = with(invoice(), "/negociable", true);
    assert!(!api.document(ISSUE, &body).contains("tipoNegociable"));
    let email = "uno@example.com; dos@example.com";
    let body = with(
        with(invoice(), "/negociable", true),
        "/comprador/email",
        email,
    );
    assert_eq!(
        element(&api.document(ISSUE, &body), "correo"),
        Some("uno@example.com")
    );
}

#[test]
fn withholdings_fill_what_the_schema_wants() {
    let api = api();
    let body = without(retention(), "/items/0/porcentaje");
    let xml = api.document("/retentions/issue", &body);
    assert_eq!(element(&xml, "porcentajeRetener"), Some("30.00"));
    let body = without(ats_retention(), "/documentos_soporte/0/pagos");
    let xml = api.document("/ats-retentions/issue", &body);
    assert_eq!(element(&xml, "formaPago"), Some("20"));
    assert_eq!(element(&xml, "parteRel"), Some("NO"));
    let body = with(ats_retention(), "/parte_relacionada", true);
    let xml = api.document("/ats-retentions/issue", &body);
    assert_eq!(element(&xml, "parteRel"), Some("SI"));
}

#[test]
fn a_kind_of_subject_is_of_foreigners() {
    let api = api();
    let path = "/ats-retentions/issue";
    let foreign = with(ats_retention(), "/sujeto/tipo_identificacion", "08");
    let answer = api.send_text(path, &[("x-tagua-profile", "strict")], &foreign.to_string());
    assert_eq!(
        complaint(&answer),
        says("tipo_sujeto_retenido", "MISSING_PARAMETER")
    );
    let xml = api.document(path, &with(foreign, "/tipo_sujeto_retenido", "01"));
    assert_eq!(element(&xml, "tipoSujetoRetenido"), Some("01"));
    let xml = api.document(path, &with(ats_retention(), "/tipo_sujeto_retenido", "01"));
    assert_eq!(element(&xml, "tipoSujetoRetenido"), None);
}

#[test]
fn settlements_take_the_other_name_of_an_address_and_vat_only() {
    let api = api();
    let path = "/purchase-settlements/issue";
    let body = with(settlement(), "/proveedor/correo", "rosa@example.com");
    api.ends(&api.accepted(path, &body), "AUTORIZADO");
    let excise: Value = json!({
        "codigo": "3", "codigo_porcentaje": "3011", "tarifa": 10, "base_imponible": 10, "valor": 1
    });
    let body = with(settlement(), "/items/0/impuestos", json!([excise]));
    let refused = says("items[0].impuestos[0].codigo", "INVALID_VALUE");
    assert_eq!(api.refused(path, &body), refused);
}

#[test]
fn the_first_versions_misspelt_header_works() {
    let api = api();
    let headers = [("X-KEY", &*api.key), ("x-pasword", &*api.password)];
    let body = invoice().to_string();
    let answer = http::call(api.address, "POST", ISSUE, &headers, body.as_bytes()).unwrap();
    assert_eq!(ok(&answer).get("firma"), None);
}

#[test]
fn slashes_in_excess_are_harmless() {
    let api = api();
    for path in ["/invoices/issue/", "//invoices/issue"] {
        api.accepted(path, &invoice());
    }
}

#[test]
fn downloads_name_a_file_where_asked() {
    let api = api();
    let issued = api.accepted(ISSUE, &invoice());
    let id = issued["id"].as_str().unwrap();
    for path in ["/ver/ID/xml", "/ver/ID/xml?download", "/ver/ID/xml/legacy"] {
        let path = path.replace("ID", id);
        let answer = http::call(api.address, "GET", &path, &[], b"").unwrap();
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.content_type, "application/xml", "{path}");
    }
    for path in ["/ver/ID/pdf", "/ver/ID/ride", "/ver/ID"] {
        let answer = http::call(api.address, "GET", &path.replace("ID", id), &[], b"").unwrap();
        assert_eq!(answer.status, 404, "{path}");
        let details = answer.json()["details"].as_str().unwrap().to_owned();
        assert!(details.contains("/xml"), "{details}");
    }
}

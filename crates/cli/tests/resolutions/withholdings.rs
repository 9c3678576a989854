//! Withholdings of both schemas.

use serde_json::json;

use super::bodies::{ats_retention, reimbursement, retention};
use super::{api, complaint, element, number, ok, pairs, replace, says, with, without};

const ATS: &str = "/ats-retentions/issue";
const SUPPORT: &str = "/documentos_soporte/0";

/// A member of the first supporting document.
fn at(name: &str) -> String {
    format!("{SUPPORT}/{name}")
}

#[test]
fn resolution_27_both_names_in_ats_withholdings() {
    let api = api();
    let body = with(
        without(ats_retention(), "/secuencial"),
        "/secuencia",
        number(),
    );
    let body = with(
        without(body, &at("numero_autorizacion")),
        &at("numero_autorización"),
        "1234567890",
    );
    let body = with(
        body,
        &at("pagos"),
        json!([{ "tipo_pago": "01", "total_pago": "11.50" }]),
    );
    let field = json!([{ "nombre": "Pedido", "descripcion": "77" }]);
    let xml = api.document(ATS, &with(body, "/info_adicional", field));
    assert_eq!(element(&xml, "numAutDocSustento"), Some("1234567890"));
    assert_eq!(element(&xml, "total"), Some("11.50"));
    assert!(xml.contains("nombre=\"Pedido\">77<"), "{xml}");
}

#[test]
fn resolution_37_both_names_of_the_lines() {
    let api = api();
    let mut body = retention();
    body["impuestos"] = body["items"].clone();
    let xml = api.document("/retentions/issue", &without(body, "/items"));
    assert_eq!(element(&xml, "valorRetenido"), Some("3.00"));
}

#[test]
fn resolution_41_both_addresses_of_the_rates() {
    let api = api();
    let rates = ok(&api.get("/withholdings-tax-rates/2"));
    assert_eq!(rates, ok(&api.get("/catalog/withholdings-tax-rates/2")));
    assert_eq!(rates["count"], 8);
}

/// The key that the documentation prints: of an invoice, with a wrong check digit.
const PRINTED_KEY: &str = "2802201501091000000000120010010000100451993736618";

#[test]
fn resolution_52_a_printed_key_is_refused_in_json_and_replaced_in_xml() {
    let api = api();
    let refused = api.refused(ATS, &with(ats_retention(), "/clave_acceso", PRINTED_KEY));
    assert_eq!(refused, says("clave_acceso", "INVALID_VALUE"));
    let xml = api.template("/ats-retentions", &ats_retention());
    let xml = replace(&xml, "claveAcceso", PRINTED_KEY);
    let issued = api.accepted("/ats-retentions/issue/xml", &json!({ "xml": xml }));
    assert_ne!(issued["clave_acceso"], PRINTED_KEY);
}

#[test]
fn resolution_53_reissue_under_both_addresses() {
    let api = api();
    for collection in ["retentions", "ats-retentions"] {
        // A plate, which is no identification for SRI.
        let wrong = with(ats_retention(), "/sujeto/tipo_identificacion", "09");
        let issued = api.accepted(ATS, &wrong);
        assert_eq!(issued["estado"], "DEVUELTO");
        let path = format!("/{collection}/{}/reissue", issued["id"].as_str().unwrap());
        let corrected = api.accepted(&path, &ats_retention());
        assert_eq!(corrected["id"], issued["id"]);
        api.ends(&issued, "AUTORIZADO");
    }
}

#[test]
fn resolution_54_the_body_and_the_version_decide() {
    let api = api();
    let template = || api.template("/ats-retentions", &ats_retention());
    let json = [("content-type", "application/json")];
    ok(&api.send_text("/ats-retentions/issue/xml", &json, &template()));
    let issued = api.accepted("/retentions/issue/xml", &json!({ "xml": template() }));
    let path = format!("/ats-retentions/{}", issued["id"].as_str().unwrap());
    assert_eq!(ok(&api.get(&path))["version"], "2.0.0");
    let broken = template().replacen("</razonSocial>", "</infoTributaria>", 1);
    let answer = api.send_text("/ats-retentions/issue/xml", &json, &broken);
    assert_eq!(complaint(&answer), says("xml", "INVALID_FORMAT"));
}

#[test]
fn resolution_55_additional_fields_of_ats_withholdings() {
    let api = api();
    let forms = [
        pairs(&[("Correo", "a@example.com"), ("Casa", "12")]),
        json!([{ "nombre": "Correo", "descripcion": "a@example.com" }, { "Casa": "12" }]),
        json!([{ "Correo": "a@example.com", "Casa": "12" }]),
    ];
    for form in forms {
        let xml = api.document(ATS, &with(ats_retention(), "/info_adicional", form.clone()));
        for field in ["nombre=\"Correo\">a@example.com<", "nombre=\"Casa\">12<"] {
            assert!(xml.contains(field), "{form}: {xml}");
        }
    }
}

#[test]
fn resolution_56_data_of_payments_abroad() {
    let api = api();
    let abroad = |paid_as: &str| {
        let mut body = with(ats_retention(), &at("tipo_pago"), paid_as);
        let more = [("tipo_regimen_fiscal", json!("01")), ("pais", json!("US"))];
        for (name, value) in more {
            body = with(body, &at(name), value);
        }
        with(body, &at("aplica_convenio"), true)
    };
    let xml = api.document(ATS, &abroad("02"));
    assert_eq!(element(&xml, "paisEfecPago"), Some("110"));
    assert_eq!(element(&xml, "aplicConvDobTrib"), Some("SI"));
    let xml = api.document(ATS, &abroad("01"));
    assert_eq!(element(&xml, "paisEfecPago"), None);
    assert_eq!(element(&xml, "pagoLocExt"), Some("01"));
}

#[test]
fn resolution_57_withholding_types_are_1_2_and_6() {
    let api = api();
    let pointer = at("retenciones/0/codigo");
    for code in [1, 2, 6] {
        api.accepted(ATS, &with(ats_retention(), &pointer, code));
    }
    let refused = api.refused(ATS, &with(ats_retention(), &pointer, 4));
    assert_eq!(
        refused,
        says(
            "documentos_soporte[0].retenciones[0].codigo",
            "INVALID_VALUE"
        )
    );
}

#[test]
fn resolution_65_codes_of_supporting_documents_pass_through() {
    let api = api();
    for code in ["373", "374"] {
        let body = with(ats_retention(), &at("tipo_documento"), code);
        let xml = api.document(ATS, &body);
        assert_eq!(element(&xml, "codDocSustento"), Some(code));
    }
    for form in [json!(number()), json!(number().to_string())] {
        let body = with(
            without(ats_retention(), "/secuencial"),
            "/secuencia",
            form.clone(),
        );
        assert_eq!(api.accepted(ATS, &body)["secuencia"], form);
        api.accepted(ATS, &with(ats_retention(), "/secuencial", number()));
    }
}

#[test]
fn resolution_66_catalogs_for_types_1_2_and_6() {
    let api = api();
    for (code, status) in [(1, 200), (2, 200), (6, 200), (3, 404), (5, 404)] {
        let answer = api.get(&format!("/catalog/withholdings-tax-rates/{code}"));
        assert_eq!(answer.status, status, "{code}");
    }
}

#[test]
fn reimbursed_documents_have_any_kind_of_authorization() {
    let api = api();
    for digits in [10, 37, 49] {
        let mut body = with(ats_retention(), &at("reembolso"), reimbursement());
        let document = &mut body["documentos_soporte"][0]["reembolso"]["documentos"][0];
        document["numero_autorizacion"] = "1".repeat(digits).into();
        let xml = api.document(ATS, &body);
        assert_eq!(
            element(&xml, "numeroAutorizacionDocReemb").map(str::len),
            Some(digits)
        );
    }
}

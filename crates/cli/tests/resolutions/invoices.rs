//! Amounts, payments, exports, reimbursements and currencies.

use serde_json::{Value, json};

use super::bodies::{export, invoice, reimbursement, reimbursing_invoice};
use super::{api, element, replace, with, without};

const ISSUE: &str = "/invoices/issue";

#[test]
fn resolution_08_credit_is_code_20_or_its_own() {
    let api = api();
    let credit = json!({ "fecha_vencimiento": "2099-12-31", "monto": 11.5 });
    let body = with(without(invoice(), "/pagos"), "/credito", credit);
    let xml = api.document(ISSUE, &with(body.clone(), "/secuencial", super::number()));
    assert_eq!(element(&xml, "formaPago"), Some("20"));
    let xml = api.document(ISSUE, &with(body, "/credito/medio", "tarjeta_credito"));
    assert_eq!(element(&xml, "formaPago"), Some("19"));
}

#[test]
fn resolution_09_an_additional_discount_in_both_places() {
    let api = api();
    let discounted = || {
        let mut body = invoice();
        body["totales"]["descuento"] = json!(2);
        body["totales"]["importe_total"] = json!(9.2);
        body["totales"]["impuestos"][0]["valor"] = json!(1.2);
        body["pagos"][0]["total"] = json!(9.2);
        body
    };
    for place in [
        "/totales/descuento_adicional",
        "/totales/impuestos/0/descuento_adicional",
    ] {
        let issued = api.accepted(ISSUE, &with(discounted(), place, 2));
        assert_eq!(issued["es_valida"], true, "{place}");
        let xml = api.xml(issued["id"].as_str().unwrap());
        assert_eq!(element(&xml, "descuentoAdicional"), Some("2.00"), "{place}");
    }
}

#[test]
fn resolution_10_a_discount_by_line_or_by_unit() {
    let api = api();
    // 2 × 6.00 less 2.00 on the line; 2 × (6.00 less 1.00).
    for discount in [2, 1] {
        let mut body = invoice();
        body["items"][0]["cantidad"] = json!(2);
        body["items"][0]["precio_unitario"] = json!(6);
        body["items"][0]["descuento"] = json!(discount);
        body["totales"]["descuento"] = json!(2);
        let issued = api.accepted(ISSUE, &body);
        assert_eq!(issued["es_valida"], true, "{discount}");
        let xml = api.xml(issued["id"].as_str().unwrap());
        assert_eq!(element(&xml, "descuento"), Some("2.00"), "{discount}");
    }
}

#[test]
fn resolution_11_payments_with_or_without_what_was_retained() {
    let api = api();
    for paid in [11.5, 10.0] {
        let mut body = invoice();
        body["valor_retenido_iva"] = json!(1.5);
        body["pagos"][0]["total"] = json!(paid);
        assert_eq!(api.accepted(ISSUE, &body)["es_valida"], true, "{paid}");
    }
}

#[test]
fn resolution_12_payments_are_optional() {
    let xml = api().document(ISSUE, &without(invoice(), "/pagos"));
    assert_eq!(element(&xml, "formaPago"), Some("20"));
    assert_eq!(element(&xml, "total"), Some("11.50"));
}

#[test]
fn resolution_13_every_name_of_a_means_of_payment() {
    let api = api();
    let names = [
        ("medio", "efectivo"),
        ("medio", "1"),
        ("forma_pago", "01"),
        ("codigo", "01"),
        ("tipo", "01"),
        ("tipo_pago", "01"),
    ];
    for (name, code) in names {
        let body = with(invoice(), "/pagos", json!([{ name: code, "total": 11.5 }]));
        let xml = api.document(ISSUE, &body);
        assert_eq!(element(&xml, "formaPago"), Some("01"), "{name} {code}");
    }
}

#[test]
fn resolution_14_both_names_of_retained_amounts() {
    let api = api();
    for (vat, income) in [
        ("valor_retenido_iva", "valor_retenido_renta"),
        ("valor_ret_iva", "valor_ret_renta"),
    ] {
        let body = with(
            with(invoice(), &format!("/{vat}"), 0.5),
            &format!("/{income}"),
            0.1,
        );
        let issued = api.accepted(ISSUE, &body);
        assert_eq!(issued[vat], 0.5);
        let xml = api.xml(issued["id"].as_str().unwrap());
        assert_eq!(element(&xml, "valorRetIva"), Some("0.50"), "{vat}");
        assert_eq!(element(&xml, "valorRetRenta"), Some("0.10"), "{income}");
    }
}

#[test]
fn resolution_15_both_names_of_a_retention_rate() {
    let api = api();
    for name in ["tarifa", "porcentaje"] {
        let retention = json!([{
            "codigo": "4", "codigo_porcentaje": "327", name: 0.2, "valor": 0.02
        }]);
        let xml = api.document(ISSUE, &with(invoice(), "/retenciones", retention));
        let (_, xml) = xml.split_once("<retenciones>").unwrap();
        assert_eq!(element(xml, "tarifa"), Some("0.20"), "{name}");
    }
}

#[test]
fn resolution_16_compensations_as_list_or_object() {
    let api = api();
    let one = json!({ "codigo": 1, "tarifa": 2, "valor": 0.2 });
    for form in [one.clone(), json!([one])] {
        let issued = api.accepted(ISSUE, &with(invoice(), "/compensaciones", form.clone()));
        assert_eq!(issued["compensaciones"], form);
        let xml = api.xml(issued["id"].as_str().unwrap());
        assert!(xml.contains("<compensacion><codigo>1</codigo>"), "{xml}");
    }
}

#[test]
fn resolution_17_the_incoterm_of_the_net_total() {
    let api = api();
    for (sent, written) in [(json!("CIF"), "CIF"), (json!(10.25), "FOB")] {
        let pointer = "/exportacion/incoterm/total_sin_impuestos";
        let xml = api.document(ISSUE, &with(export(), pointer, sent.clone()));
        assert_eq!(
            element(&xml, "incoTermTotalSinImpuestos"),
            Some(written),
            "{sent}"
        );
    }
}

#[test]
fn resolution_18_the_line_of_a_reimbursement_at_0_percent() {
    let api = api();
    for (code, valid) in [("6", true), ("0", false)] {
        let issued = api.accepted(ISSUE, &reimbursing_invoice(code));
        assert_eq!(issued["es_valida"], valid, "{code}");
        api.ends(&issued, "AUTORIZADO");
    }
}

#[test]
fn resolution_19_a_reimbursement_without_code_has_41() {
    let body = without(reimbursing_invoice("6"), "/reembolso/codigo");
    let xml = api().document(ISSUE, &body);
    assert_eq!(element(&xml, "codDocReembolso"), Some("41"));
}

#[test]
fn resolution_38_both_names_of_the_total() {
    let body = with(
        without(invoice(), "/totales/importe_total"),
        "/totales/total",
        11.5,
    );
    let xml = api().document(ISSUE, &body);
    assert_eq!(element(&xml, "importeTotal"), Some("11.50"));
}

#[test]
fn resolution_46_export_charges_in_the_total_or_beside_it() {
    let api = api();
    for total in [10, 12] {
        let body = with(export(), "/totales/importe_total", total);
        let issued = api.accepted(ISSUE, &with(body, "/pagos/0/total", total));
        assert_eq!(issued["es_valida"], true, "{total}");
        let xml = api.xml(issued["id"].as_str().unwrap());
        assert_eq!(element(&xml, "fleteInternacional"), Some("2.00"), "{xml}");
    }
}

#[test]
fn resolution_47_due_before_it_was_issued() {
    let credit = json!({ "fecha_vencimiento": "2020-01-31", "monto": 11.5 });
    let body = with(without(invoice(), "/pagos"), "/credito", credit);
    let xml = api().document(ISSUE, &body);
    assert_eq!(element(&xml, "plazo"), Some("0"));
    assert_eq!(element(&xml, "unidadTiempo"), Some("dias"));
}

#[test]
fn resolution_49_another_currency_is_written_in_dollars() {
    let api = api();
    let body = with(with(invoice(), "/moneda", "EUR"), "/tasa_cambio", 2);
    let issued = api.accepted(ISSUE, &body);
    assert_eq!(issued["totales"]["importe_total"], 11.5);
    let xml = api.xml(issued["id"].as_str().unwrap());
    assert_eq!(element(&xml, "moneda"), Some("DOLAR"));
    assert_eq!(element(&xml, "importeTotal"), Some("23.00"));
    let field = "<campoAdicional nombre=\"Moneda original\">EUR 11.5 (tasa de cambio 2)<";
    assert!(xml.contains(field), "{xml}");
    let refused = api.refused(ISSUE, &without(body, "/tasa_cambio"));
    assert_eq!(refused, super::says("tasa_cambio", "MISSING_PARAMETER"));
}

#[test]
fn resolution_59_xml_with_elements_that_no_schema_has() {
    let api = api();
    let xml = api.template("/invoices", &invoice());
    let xml = xml.replacen(
        "<detalles>",
        "<exportacion><pais>US</pais></exportacion><detalles>",
        1,
    );
    let issued = api.accepted("/invoices/issue/xml", &json!({ "xml": xml }));
    let ended = api.ends(&issued, "DEVUELTO");
    assert_eq!(ended["envio_sri"]["mensajes"][0]["identificador"], "35");
}

#[test]
fn resolution_61_the_line_of_a_reimbursement_with_vat() {
    let api = api();
    let issued = api.accepted(ISSUE, &reimbursing_invoice("4"));
    assert_eq!(issued["es_valida"], false);
    api.ends(&issued, "AUTORIZADO");
}

#[test]
fn resolution_62_both_names_of_a_reimbursed_type() {
    let api = api();
    let mut document = reimbursement()["documentos"][0].take();
    let members = document.as_object_mut().unwrap();
    let code = members.remove("tipo").unwrap();
    members.insert("codigo".to_owned(), code);
    let body = with(
        reimbursing_invoice("6"),
        "/reembolso/documentos",
        json!([document]),
    );
    let xml = api.template("/invoices", &body);
    assert_eq!(element(&xml, "codDocReembolso"), Some("41"));
    let (_, documents) = xml.split_once("<reembolsoDetalle>").unwrap();
    assert_eq!(element(documents, "codDocReembolso"), Some("01"));
    // From XML both come back.
    let read = api.accepted("/invoices/issue/xml", &json!({ "xml": xml }));
    let document: &Value = &read["reembolso"]["documentos"][0];
    assert_eq!(
        (&document["tipo"], &document["codigo"]),
        (&json!("01"), &json!("01"))
    );
    let again = replace(&xml, "secuencial", &format!("{:09}", super::number()));
    let read = api.accepted("/invoices/issue/xml", &json!({ "xml": again }));
    api.ends(&read, "AUTORIZADO");
}

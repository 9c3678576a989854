//! A plain invoice to bend, one field at a time.

#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use jiff::Timestamp;
use serde_json::{Value as Json, json};
use tagua_fiscal::invoice::Invoice;
use tagua_fiscal::{Document, Sequential};
use tagua_wire::{
    Collection, DocumentRequest, Value, WireContext, WireFinding, parse_body, read_document,
};

/// An invoice request, read.
pub(crate) fn read_invoice(
    body: &Value<'_>,
    context: &WireContext,
) -> Result<DocumentRequest, Vec<WireFinding>> {
    read_document(Collection::Invoices, body, context)
}

/// The invoice a request becomes under a numeric code.
pub(crate) trait IntoInvoice {
    fn into_invoice(self, numeric_code: u32) -> Invoice;
}

impl IntoInvoice for DocumentRequest {
    fn into_invoice(self, numeric_code: u32) -> Invoice {
        let number = self.number().unwrap_or(Sequential::new(1).unwrap());
        let key = self.key(number, numeric_code);
        match self.into_document(number, key) {
            Document::Invoice(invoice) => *invoice,
            other => panic!("not an invoice: {other:?}"),
        }
    }
}

/// 10:00 of 20 November 2026 in Guayaquil.
pub(crate) fn now() -> Timestamp {
    "2026-11-20T15:00:00Z".parse().unwrap()
}

/// One line of 100.00, IVA 15 %, paid in cash.
pub(crate) fn plain() -> Json {
    json!({
        "secuencial": 148, "ambiente": 1, "tipo_emision": 1,
        "fecha_emision": "2026-11-18T10:15:00-05:00",
        "emisor": {
            "ruc": "1799999990001", "razon_social": "QUINDE AZUL S.A.S.",
            "direccion": "Quito", "obligado_contabilidad": true,
            "establecimiento": {"codigo": "001", "punto_emision": "002"}
        },
        "comprador": {
            "razon_social": "Rosaura Quimí", "identificacion": "2459999914",
            "tipo_identificacion": "05", "email": "rosaura@correo.example"
        },
        "moneda": "USD",
        "totales": {
            "total_sin_impuestos": 100.00, "importe_total": 115.00,
            "descuento": 0, "propina": 0,
            "impuestos": [
                {"codigo": "2", "codigo_porcentaje": "4", "base_imponible": 100, "valor": 15}
            ]
        },
        "items": [{
            "descripcion": "Cafetera", "cantidad": 4, "precio_unitario": 25, "descuento": 0,
            "precio_total_sin_impuestos": 100.00,
            "impuestos": [
                {"codigo": "2", "codigo_porcentaje": "4", "tarifa": 15,
                 "base_imponible": 100, "valor": 15}
            ]
        }],
        "pagos": [{"medio": "efectivo", "total": 115}]
    })
}

/// The plain invoice with each pointer set to its value.
pub(crate) fn with(changes: &[(&str, Json)]) -> Json {
    let mut body = plain();
    for (pointer, value) in changes {
        set(&mut body, pointer, value.clone());
    }
    body
}

/// The plain invoice without these members.
pub(crate) fn without(pointers: &[&str]) -> Json {
    let mut body = plain();
    for pointer in pointers {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let object = body.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        object.shift_remove(key).unwrap();
    }
    body
}

fn set(body: &mut Json, pointer: &str, value: Json) {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match body.pointer_mut(parent).unwrap() {
        Json::Object(object) => {
            object.insert(key.to_owned(), value);
        }
        Json::Array(list) => list.insert(key.parse().unwrap(), value),
        other => panic!("{parent} is {other}"),
    }
}

pub(crate) fn read_text(body: &str) -> Result<DocumentRequest, Vec<WireFinding>> {
    read_in(body, &WireContext::at(now()))
}

pub(crate) fn read_in(
    body: &str,
    context: &WireContext,
) -> Result<DocumentRequest, Vec<WireFinding>> {
    let value = parse_body(body.as_bytes()).map_err(|finding| vec![finding])?;
    read_invoice(&value, context)
}

/// The request, which must be acceptable.
#[track_caller]
pub(crate) fn request(body: &Json) -> DocumentRequest {
    match read_text(&body.to_string()) {
        Ok(request) => request,
        Err(findings) => panic!("refused: {findings:#?}"),
    }
}

/// Its invoice.
#[track_caller]
pub(crate) fn invoice(body: &Json) -> Invoice {
    request(body).into_invoice(12_345_678)
}

/// Parameter and code of every finding; the request must be refused.
#[track_caller]
pub(crate) fn findings(body: &Json) -> Vec<(String, &'static str)> {
    let findings = read_text(&body.to_string()).expect_err("accepted");
    let pair = |f: &WireFinding| (f.parameter.clone(), f.code.as_str());
    findings.iter().map(pair).collect()
}

/// That the only finding is this one.
#[track_caller]
pub(crate) fn refused(body: &Json, parameter: &str, code: &str) {
    assert_eq!(findings(body), [(parameter.to_owned(), code)]);
}

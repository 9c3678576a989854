//! A plain invoice to bend.

use serde_json::{Value as Json, json};

pub(crate) const RUC: &str = "1799999990001";

/// One line of 100.00, IVA 15 %, paid in cash, dated 18 November 2026.
pub(crate) fn invoice(sequential: u32) -> Json {
    json!({
        "secuencial": sequential, "ambiente": 1, "tipo_emision": 1,
        "fecha_emision": "2026-11-18T10:15:00-05:00",
        "emisor": {
            "ruc": RUC, "razon_social": "QUINDE AZUL S.A.S.",
            "direccion": "Quito", "obligado_contabilidad": true,
            "establecimiento": {"codigo": "001", "punto_emision": "002", "direccion": "Quito"}
        },
        "comprador": {
            "razon_social": "Rosaura Quimí", "identificacion": "1710034065",
            "tipo_identificacion": "05", "email": "rosaura@correo.example"
        },
        "moneda": "USD",
        "totales": {
            "total_sin_impuestos": 100.00, "importe_total": 115.00, "descuento": 0, "propina": 0,
            "impuestos": [
                {"codigo": "2", "codigo_porcentaje": "4", "base_imponible": 100, "valor": 15}
            ]
        },
        "items": [{
            "codigo_principal": "C1", "descripcion": "Cafetera", "cantidad": 4,
            "precio_unitario": 25, "descuento": 0, "precio_total_sin_impuestos": 100.00,
            "impuestos": [
                {"codigo": "2", "codigo_porcentaje": "4", "tarifa": 15,
                 "base_imponible": 100, "valor": 15}
            ]
        }],
        "pagos": [{"medio": "efectivo", "total": 115}]
    })
}

/// The invoice with the value at a pointer replaced or added.
pub(crate) fn with(mut body: Json, pointer: &str, value: Json) -> Json {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match body.pointer_mut(parent).unwrap() {
        Json::Object(object) => drop(object.insert(key.to_owned(), value)),
        Json::Array(list) => list[key.parse::<usize>().unwrap()] = value,
        other => panic!("{parent} is {other}"),
    }
    body
}

/// The invoice without a member.
pub(crate) fn without(mut body: Json, pointer: &str) -> Json {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let object = body.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    object.shift_remove(key).unwrap();
    body
}

/// Every collection, each with its tax code and schema version.
pub(crate) const COLLECTIONS: [(&str, &str, &str); 7] = [
    ("invoices", "01", "2.1.0"),
    ("purchase-settlements", "03", "1.1.0"),
    ("credit-notes", "04", "1.1.0"),
    ("debit-notes", "05", "1.0.0"),
    ("waybills", "06", "1.1.0"),
    ("retentions", "07", "1.0.0"),
    ("ats-retentions", "07", "2.0.0"),
];

/// A plain document of a collection, as the description of the API shows it.
pub(crate) fn example(collection: &str, sequential: u32) -> Json {
    let text = match collection {
        "invoices" => include_str!("../../src/openapi/examples/invoices.json"),
        "purchase-settlements" => {
            include_str!("../../src/openapi/examples/purchase-settlements.json")
        }
        "credit-notes" => include_str!("../../src/openapi/examples/credit-notes.json"),
        "debit-notes" => include_str!("../../src/openapi/examples/debit-notes.json"),
        "waybills" => include_str!("../../src/openapi/examples/waybills.json"),
        "retentions" => include_str!("../../src/openapi/examples/retentions.json"),
        _ => include_str!("../../src/openapi/examples/ats-retentions.json"),
    };
    let body: Json = serde_json::from_str(text).unwrap();
    let key = match body.get("secuencia") {
        Some(_) => "/secuencia",
        None => "/secuencial",
    };
    with(body, key, json!(sequential))
}

//! Invoices as a client sends them.

use serde_json::{Value, json};

/// The issuer of [`invoice`].
pub(crate) const RUC: &str = "1799999990001";

/// One line at 15 %, correct in every respect.
pub(crate) fn invoice(sequential: u32) -> Value {
    let tax = json!({
        "codigo": "2", "codigo_porcentaje": "4", "tarifa": 15, "base_imponible": 10, "valor": 1.5
    });
    json!({
        "ambiente": 1,
        "tipo_emision": 1,
        "secuencial": sequential,
        "moneda": "USD",
        "emisor": {
            "ruc": RUC,
            "obligado_contabilidad": true,
            "razon_social": "Comercial de Prueba S.A.",
            "nombre_comercial": "Prueba",
            "direccion": "Quito",
            "establecimiento": { "codigo": "001", "punto_emision": "002", "direccion": "Quito" }
        },
        "comprador": {
            "razon_social": "Ñandú & Cía.",
            "identificacion": "1710034065",
            "tipo_identificacion": "05"
        },
        "items": [{
            "descripcion": "Foco <LED>",
            "cantidad": 1,
            "precio_unitario": 10,
            "descuento": 0,
            "precio_total_sin_impuestos": 10.00,
            "impuestos": [tax]
        }],
        "totales": {
            "total_sin_impuestos": 10,
            "descuento": 0,
            "propina": 0,
            "importe_total": 11.5,
            "impuestos": [
                { "codigo": "2", "codigo_porcentaje": "4", "base_imponible": 10, "valor": 1.5 }
            ]
        },
        "pagos": [{ "medio": "efectivo", "total": 11.5 }]
    })
}

/// The document that SRI would get for [`invoice`] by `ruc`, unsigned.
pub(crate) fn unsigned_xml(ruc: &str) -> Vec<u8> {
    let mut body = invoice(1);
    body["emisor"]["ruc"] = ruc.into();
    let body = body.to_string();
    let value = tagua_wire::parse_body(body.as_bytes()).unwrap();
    let context = tagua_wire::WireContext::at(jiff::Timestamp::UNIX_EPOCH);
    let collection = tagua_wire::Collection::Invoices;
    let request = tagua_wire::read_document(collection, &value, &context).unwrap();
    let number = request.number().unwrap();
    let key = request.key(number, 12_345_678);
    let document = request.into_document(number, key);
    tagua_sri_xml::write(&tagua_sri_xml::any::to_tree(&document))
}

//! A right document of every type, as a client sends it.

use serde_json::{Value, json};

use super::number;
use super::support::body;

/// One line of 10.00 at 15 %, paid in cash.
pub(crate) fn invoice() -> Value {
    body::invoice(number())
}

/// What all documents begin with.
fn common() -> Value {
    let mut body = invoice();
    let members = body.as_object_mut().unwrap();
    members.retain(|key, _| {
        ["ambiente", "tipo_emision", "secuencial", "emisor"].contains(&key.as_str())
    });
    members.insert("fecha_emision".to_owned(), "2026-11-18".into());
    body
}

fn and(mut body: Value, more: Value) -> Value {
    let Value::Object(more) = more else {
        panic!("members are added");
    };
    body.as_object_mut().unwrap().extend(more);
    body
}

fn person() -> Value {
    json!({
        "razon_social": "Comercial Inventada S.A.",
        "identificacion": "1790012345001",
        "tipo_identificacion": "04"
    })
}

pub(crate) fn credit_note() -> Value {
    let invoice = invoice();
    and(
        common(),
        json!({
            "comprador": person(),
            "moneda": "USD",
            "items": invoice["items"],
            "totales": {
                "total_sin_impuestos": 10,
                "importe_total": 11.5,
                "impuestos": invoice["totales"]["impuestos"]
            },
            "tipo_documento_modificado": "01",
            "numero_documento_modificado": "001-002-000000003",
            "fecha_emision_documento_modificado": "2026-11-10",
            "motivo": "Devolución"
        }),
    )
}

pub(crate) fn debit_note() -> Value {
    and(
        common(),
        json!({
            "comprador": person(),
            "items": [{ "motivo": "Intereses", "valor": 10 }],
            "totales": {
                "total_sin_impuestos": 10,
                "importe_total": 11.5,
                "impuestos": [{
                    "codigo": "2", "codigo_porcentaje": "4", "tarifa": 15,
                    "base_imponible": 10, "valor": 1.5
                }]
            },
            "tipo_documento_modificado": "01",
            "numero_documento_modificado": "001-002-000000003",
            "fecha_emision_documento_modificado": "2026-11-10"
        }),
    )
}

pub(crate) fn settlement() -> Value {
    let invoice = invoice();
    and(
        common(),
        json!({
            "proveedor": {
                "razon_social": "Rosa Inventada",
                "identificacion": "1710034065",
                "tipo_identificacion": "05",
                "direccion": "Quito"
            },
            "moneda": "USD",
            "items": invoice["items"],
            "totales": {
                "total_sin_impuestos": 10,
                "descuento": 0,
                "importe_total": 11.5,
                "impuestos": invoice["totales"]["impuestos"]
            },
            "pagos": [{ "forma_pago": "01", "total": 11.5 }]
        }),
    )
}

pub(crate) fn retention() -> Value {
    and(
        common(),
        json!({
            "sujeto": person(),
            "periodo_fiscal": "11/2026",
            "items": [{
                "codigo": 2,
                "codigo_porcentaje": "1",
                "base_imponible": 10,
                "porcentaje": 30,
                "valor_retenido": 3,
                "tipo_documento_sustento": "01",
                "numero_documento_sustento": "001-002-000000003",
                "fecha_emision_documento_sustento": "2026-11-18"
            }]
        }),
    )
}

pub(crate) fn ats_retention() -> Value {
    and(
        common(),
        json!({
            "sujeto": person(),
            "periodo_fiscal": "11/2026",
            "documentos_soporte": [{
                "codigo_sustento": "01",
                "tipo_documento": "01",
                "numero": "001-002-000000003",
                "fecha_emision": "2026-11-18",
                "numero_autorizacion": "1234567890",
                "tipo_pago": "01",
                "total_sin_impuestos": "10.00",
                "total": "11.50",
                "impuestos": [{
                    "codigo": 2, "codigo_porcentaje": 4, "base_imponible": "10.00",
                    "tarifa": "15.00", "valor": "1.50"
                }],
                "retenciones": [{
                    "codigo": 1, "codigo_porcentaje": "312", "base_imponible": "10.00",
                    "tarifa": "1.75", "valor_retenido": "0.18"
                }],
                "pagos": [{ "tipo_pago": "01", "total": "11.50" }]
            }]
        }),
    )
}

pub(crate) fn waybill() -> Value {
    let mut body = and(
        common(),
        json!({
            "fecha_inicio_transporte": "2026-11-18",
            "fecha_fin_transporte": "2026-11-19",
            "direccion_partida": "Quito",
            "transportista": {
                "razon_social": "Carga Inventada S.A.",
                "identificacion": "1790012345001",
                "tipo_identificacion": "04",
                "placa": "PCX0123"
            },
            "destinatarios": [{
                "razon_social": "Rosa Inventada",
                "identificacion": "1710034065",
                "tipo_identificacion": "05",
                "direccion": "Guayaquil",
                "motivo_traslado": "Venta",
                "items": [{ "codigo_principal": "A1", "descripcion": "Foco", "cantidad": 2 }]
            }]
        }),
    );
    body.as_object_mut().unwrap().remove("fecha_emision");
    body
}

/// The reimbursement of one document of 10.00 at 15 %.
pub(crate) fn reimbursement() -> Value {
    json!({
        "codigo": "41",
        "subtotal": 10,
        "total_impuestos": 1.5,
        "total": 11.5,
        "documentos": [{
            "tipo_identificacion_proveedor": "04",
            "identificacion_proveedor": "1790012345001",
            "pais_origen_proveedor": "EC",
            "tipo_proveedor": "02",
            "tipo": "01",
            "codigo_establecimiento": "001",
            "codigo_punto_emision": "001",
            "secuencia": 7,
            "fecha_emision": "2026-11-10",
            "numero_autorizacion": "1234567890",
            "impuestos": [{
                "codigo": "2", "codigo_porcentaje": "4", "tarifa": 15,
                "base_imponible": 10, "valor": 1.5
            }]
        }]
    })
}

/// An invoice that charges [`reimbursement`] on: its line has the tax code `code`.
pub(crate) fn reimbursing_invoice(code: &str) -> Value {
    let mut body = invoice();
    let (rate, tax, total) = if code == "4" {
        (15, 1.73, 13.23)
    } else {
        (0, 0.0, 11.5)
    };
    body["items"][0]["precio_unitario"] = json!(11.5);
    body["items"][0]["precio_total_sin_impuestos"] = json!(11.5);
    body["items"][0]["impuestos"] = json!([{
        "codigo": "2", "codigo_porcentaje": code, "tarifa": rate,
        "base_imponible": 11.5, "valor": tax
    }]);
    body["totales"] = json!({
        "total_sin_impuestos": 11.5, "descuento": 0, "propina": 0, "importe_total": total,
        "impuestos": [{
            "codigo": "2", "codigo_porcentaje": code, "base_imponible": 11.5, "valor": tax
        }]
    });
    body["pagos"] = json!([{ "medio": "efectivo", "total": total }]);
    body["reembolso"] = reimbursement();
    body
}

/// Goods that leave the country, free on board.
pub(crate) fn export() -> Value {
    let mut body = invoice();
    body["items"][0]["unidad_medida"] = "unidad".into();
    body["items"][0]["impuestos"] = json!([{
        "codigo": "2", "codigo_porcentaje": "0", "tarifa": 0, "base_imponible": 10, "valor": 0
    }]);
    body["totales"] = json!({
        "total_sin_impuestos": 10, "descuento": 0, "propina": 0, "importe_total": 10,
        "impuestos": [{
            "codigo": "2", "codigo_porcentaje": "0", "base_imponible": 10, "valor": 0
        }]
    });
    body["pagos"] = json!([{ "medio": "efectivo", "total": 10 }]);
    body["exportacion"] = json!({
        "incoterm": { "termino": "FOB", "lugar": "Guayaquil", "total_sin_impuestos": "FOB" },
        "origen": { "codigo_pais": "EC", "puerto": "Guayaquil" },
        "destino": { "codigo_pais": "US", "puerto": "Miami" },
        "codigo_pais_adquisicion": "EC",
        "totales": { "flete_internacional": 2 }
    });
    body
}

//! The sample invoice: what a small shop in Quito sells on a normal day.

use serde_json::{Value, json};

use crate::install::SAMPLE_RUC;

/// Two lines of goods at 15 % and one at 0 %, paid by card and in cash.
pub(crate) fn invoice(sequential: u32) -> Value {
    json!({
        "ambiente": 1,
        "tipo_emision": 1,
        "secuencial": sequential,
        "emisor": {
            "ruc": SAMPLE_RUC,
            "obligado_contabilidad": true,
            "razon_social": "Comercial Tagua de Ejemplo S.A.",
            "nombre_comercial": "Almacén La Tagua",
            "direccion": "Av. Amazonas N24-03 y Colón, Quito",
            "establecimiento": {
                "codigo": "001",
                "punto_emision": "001",
                "direccion": "Av. Amazonas N24-03 y Colón, Quito"
            }
        },
        "moneda": "USD",
        "comprador": {
            "razon_social": "María Fernanda Ñáñez & Hijos",
            "identificacion": "1710034065",
            "tipo_identificacion": "05",
            "email": "maria@example.com",
            "direccion": "Calle Larga 5-67, Cuenca",
            "telefono": "072845678"
        },
        "items": [
            {
                "codigo_principal": "TAG-001",
                "descripcion": "Botón de tagua natural, 25 mm",
                "cantidad": 120,
                "precio_unitario": 0.35,
                "descuento": 2.00,
                "precio_total_sin_impuestos": 40.00,
                "impuestos": [iva15("40.00", "6.00")]
            },
            {
                "codigo_principal": "SOM-002",
                "descripcion": "Sombrero de paja toquilla \"fino\", talla M",
                "cantidad": 1,
                "precio_unitario": 65.50,
                "descuento": 0,
                "precio_total_sin_impuestos": 65.50,
                "impuestos": [iva15("65.50", "9.83")],
                "detalles_adicionales": { "Color": "Crudo", "Origen": "Montecristi" }
            },
            {
                "codigo_principal": "CAC-003",
                "descripcion": "Cacao en grano, funda de 1 kg",
                "cantidad": 3,
                "precio_unitario": 4.20,
                "descuento": 0,
                "precio_total_sin_impuestos": 12.60,
                "impuestos": [
                    { "codigo": "2", "codigo_porcentaje": "0", "tarifa": "0.00", "base_imponible": "12.60", "valor": "0.00" }
                ]
            }
        ],
        "totales": {
            "total_sin_impuestos": 118.10,
            "descuento": 2.00,
            "propina": 0.00,
            "importe_total": 133.93,
            "impuestos": [
                { "codigo": "2", "codigo_porcentaje": "4", "base_imponible": 105.50, "valor": 15.83 },
                { "codigo": "2", "codigo_porcentaje": "0", "base_imponible": 12.60, "valor": 0.00 }
            ]
        },
        "pagos": [
            { "medio": "tarjeta_credito", "total": 100.00 },
            { "medio": "efectivo", "total": 33.93 }
        ],
        "informacion_adicional": { "Vendedor": "Caja 1", "Pedido": "A-1042" }
    })
}

fn iva15(base: &str, amount: &str) -> Value {
    json!({
        "codigo": "2",
        "codigo_porcentaje": "4",
        "tarifa": "15.00",
        "base_imponible": base,
        "valor": amount
    })
}

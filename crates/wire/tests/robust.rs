//! Every part of a request in every wrong shape: it is read or refused with
//! findings that say where, and nothing panics.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod sample;

use sample::{context, person, with_head};
use serde_json::{Value as Json, json};
use tagua_sri_xml::any;
use tagua_wire::{Collection, WireContext, completed_totals};

/// A body with the fields of every document.
fn full() -> Json {
    let tax = json!({
        "codigo": 2, "codigo_porcentaje": 4, "tarifa": 15, "base_imponible": 98, "valor": 14.7,
        "descuento_adicional": 0
    });
    with_head(json!({
        "fecha_emision": "2026-11-19", "comprador": person(), "proveedor": person(),
        "moneda": "EUR", "tasa_cambio": "1.0842", "clave_acceso": null, "external_id": "x",
        "totales": {
            "total_sin_impuestos": 98, "descuento": 2, "propina": 0, "importe_total": 112.7,
            "descuento_adicional": 0, "total_subsidio": 1, "impuestos": [tax]
        },
        "items": [{
            "codigo_principal": "A", "codigo_auxiliar": "B", "descripcion": "C", "motivo": "D",
            "unidad_medida": "E", "cantidad": 4, "precio_unitario": 25, "descuento": 2,
            "precio_total_sin_impuestos": 98, "precio_sin_subsidio": 30, "valor": 98,
            "codigo": 1, "codigo_porcentaje": "312", "base_imponible": 98, "porcentaje": 1,
            "valor_retenido": 0.98, "tipo_documento_sustento": "01",
            "numero_documento_sustento": "011-007-000000251",
            "fecha_emision_documento_sustento": "2026-11-17",
            "impuestos": [tax], "detalles_adicionales": {"F": "G"}
        }],
        "pagos": [{"medio": "efectivo", "total": 12.7, "plazo": 1, "unidad_tiempo": "dias"}],
        "credito": {"monto": 100, "fecha_vencimiento": "2026-12-19"},
        "tipo_documento_modificado": "01", "motivo": "H",
        "numero_documento_modificado": "001-002-000001001",
        "fecha_emision_documento_modificado": "2026-11-18",
        "documento_sustento": {"tipo_documento": "01"},
        "maquina_fiscal": {"marca": "I", "modelo": "J", "serie": "K"},
        "retenciones": [{"codigo": 4, "codigo_porcentaje": 327, "tarifa": 0.2, "valor": 1}],
        "compensaciones": [{"codigo": 1, "tarifa": 2, "valor": 1}],
        "exportacion": {
            "incoterm": {"termino": "CIF", "lugar": "L", "total_sin_impuestos": "CIF"},
            "origen": {"codigo_pais": "EC", "puerto": "M"},
            "destino": {"codigo_pais": "DE", "puerto": "N"},
            "totales": {"flete_internacional": 1}
        },
        "reembolso": {"subtotal": 1, "total_impuestos": 0, "total": 1, "documentos": [{
            "tipo_identificacion_proveedor": "04", "identificacion_proveedor": "1798887757001",
            "tipo_proveedor": "02", "tipo": "01", "codigo_establecimiento": "001",
            "codigo_punto_emision": "003", "secuencia": 5, "fecha_emision": "2026-11-10",
            "numero_autorizacion": "1011202601", "impuestos": [tax]
        }]},
        "info_adicional": [{"nombre": "O", "valor": "P"}],
        "sujeto": person(), "periodo_fiscal": "11/2026", "documentos_soporte": [supported()],
        "transportista": {
            "razon_social": "Q", "identificacion": "2459999914", "tipo_identificacion": "05",
            "placa": "ABC0123"
        },
        "fecha_inicio_transporte": "2026-11-19", "destinatarios": [{
            "razon_social": "R", "identificacion": "2459999914", "tipo_identificacion": "05",
            "direccion": "S", "motivo_traslado": "T", "codigo_establecimiento_destino": "001",
            "items": [{"codigo_principal": "U", "descripcion": "V", "cantidad": 1}]
        }]
    }))
}

/// A supporting document of an ATS withholding.
fn supported() -> Json {
    json!({
        "codigo_sustento": "01", "tipo_documento": "01", "numero": "011-007-000000251",
        "fecha_emision": "2026-11-17", "tipo_pago": "02", "tipo_regimen_fiscal": "01",
        "pais": "DE", "aplica_convenio": true, "total_sin_impuestos": 98, "total": 98,
        "impuestos": [
            {"codigo": 2, "codigo_porcentaje": 0, "base_imponible": 98, "tarifa": 0, "valor": 0}
        ],
        "retenciones": [{
            "codigo": 1, "codigo_porcentaje": "312", "base_imponible": 98, "tarifa": 1,
            "valor_retenido": 0.98,
            "dividendos": [
                {"fecha_pago": "2026-11-17", "impuesto_renta": 1, "annio_fiscal": 2025}
            ],
            "compra_cajas_banano": {"numero_cajas": 1, "precio_caja": 1}
        }],
        "pagos": [{"tipo_pago": "20", "total": 98}]
    })
}

fn wrong() -> Vec<Json> {
    vec![
        json!(null),
        json!(""),
        json!(" \u{0}\u{b}"),
        json!("ñ".repeat(301)),
        json!("99999999999999.99999999999999"),
        json!("-0.01"),
        json!(1e300),
        json!(true),
        json!([]),
        json!({}),
        json!([[]]),
        json!([{}, {}]),
        json!({"": {"": []}}),
    ]
}

/// The pointers of everything inside `value`.
fn pointers(value: &Json, at: &str, found: &mut Vec<String>) {
    let inside: Vec<(String, &Json)> = match value {
        Json::Object(object) => object
            .iter()
            .map(|(k, v)| (format!("{at}/{k}"), v))
            .collect(),
        Json::Array(list) => {
            let rows = list.iter().enumerate();
            rows.map(|(index, v)| (format!("{at}/{index}"), v))
                .collect()
        }
        _ => return,
    };
    for (pointer, value) in inside {
        pointers(value, &pointer, found);
        found.push(pointer);
    }
}

#[track_caller]
fn check(collection: Collection, body: &Json, context: &WireContext) {
    match sample::read(collection, body, context) {
        Ok(request) => {
            assert_eq!(
                completed_totals(&request).is_some(),
                context.complete_totals
            );
            let document = sample::numbered(request);
            let xml = tagua_sri_xml::write(&any::to_tree(&document));
            assert!(tagua_sri_xml::read(&xml).is_ok(), "{body}");
        }
        Err(findings) => {
            assert!(!findings.is_empty(), "{body}");
            for finding in findings {
                assert!(!finding.parameter.is_empty(), "{finding:?} {body}");
                assert!(!finding.details.is_empty(), "{finding:?} {body}");
            }
        }
    }
}

/// What each collection reads besides the head.
const READ: [(Collection, &str); 7] = [
    (
        Collection::Invoices,
        "comprador moneda tasa_cambio totales items pagos credito retenciones compensaciones \
         exportacion reembolso",
    ),
    (
        Collection::PurchaseSettlements,
        "proveedor moneda tasa_cambio totales items pagos maquina_fiscal reembolso",
    ),
    (
        Collection::CreditNotes,
        "comprador moneda tasa_cambio totales items tipo_documento_modificado motivo \
         numero_documento_modificado fecha_emision_documento_modificado documento_sustento",
    ),
    (
        Collection::DebitNotes,
        "comprador totales items pagos tipo_documento_modificado compensaciones \
         numero_documento_modificado fecha_emision_documento_modificado maquina_fiscal",
    ),
    (
        Collection::Waybills,
        "transportista fecha_inicio_transporte destinatarios",
    ),
    (Collection::Retentions, "sujeto periodo_fiscal items"),
    (
        Collection::AtsRetentions,
        "sujeto periodo_fiscal documentos_soporte",
    ),
];
const HEAD: &str = "secuencial ambiente tipo_emision emisor fecha_emision clave_acceso external_id \
                    info_adicional";

fn body(read: &str) -> Json {
    let keys: Vec<&str> = HEAD.split(' ').chain(read.split(' ')).collect();
    let mut full = full();
    full.as_object_mut()
        .unwrap()
        .retain(|key, _| keys.contains(&key.as_str()));
    full
}

#[test]
fn every_part_in_every_wrong_shape_is_read_or_refused() {
    let computing = WireContext {
        complete_totals: true,
        ..context()
    };
    for (collection, read) in READ {
        let full = body(read);
        let plain = sample::read(collection, &full, &context());
        assert!(plain.is_ok(), "{collection:?} {plain:?}");
        let mut places = Vec::new();
        pointers(&full, "", &mut places);
        for (place, wrong) in places
            .iter()
            .flat_map(|p| wrong().into_iter().map(move |w| (p, w)))
        {
            let mut body = full.clone();
            *body.pointer_mut(place).unwrap() = wrong;
            check(collection, &body, &context());
            if full.get("totales").is_some() {
                check(collection, &body, &computing);
            }
        }
    }
}

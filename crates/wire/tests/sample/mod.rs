//! Plain bodies of the documents that move goods or withhold, to bend one
//! field at a time, and the public door they go through.

#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use jiff::Timestamp;
use serde_json::{Value as Json, json};
use tagua_fiscal::{Document, Sequential};
use tagua_sri_xml::{StructuralFinding, any};
use tagua_wire::{
    Collection, DocumentRequest, WireContext, WireFinding, parse_body, read_document,
};

/// The JSON values that mean "absent" (CONTRACT 2.3).
pub(crate) fn blanks() -> [Json; 5] {
    [json!(null), json!(""), json!("  "), json!([]), json!({})]
}

/// 10:00 of 20 November 2026 in Guayaquil, nothing configured.
pub(crate) fn context() -> WireContext {
    WireContext::at("2026-11-20T15:00:00Z".parse::<Timestamp>().unwrap())
}

/// A body with the head every document has.
pub(crate) fn with_head(particular: Json) -> Json {
    let mut body = json!({
        "secuencial": 7, "ambiente": 1, "tipo_emision": 1,
        "emisor": {
            "ruc": "1799999990001", "razon_social": "QUINDE AZUL S.A.S.",
            "nombre_comercial": "Quinde Azul", "direccion": "Quito, matriz",
            "contribuyente_especial": "12345", "obligado_contabilidad": true,
            "establecimiento": {
                "codigo": "001", "punto_emision": "002", "direccion": "Quito, bodega"
            }
        }
    });
    let Json::Object(particular) = particular else {
        panic!("not an object");
    };
    body.as_object_mut().unwrap().extend(particular);
    body
}

pub(crate) fn person() -> Json {
    json!({
        "razon_social": "Rosaura Quimí", "identificacion": "2459999914",
        "tipo_identificacion": "05", "email": "rosaura@correo.example",
        "telefono": "0990000001", "direccion": "El Mirador"
    })
}

/// `body` with each pointer set to its value.
pub(crate) fn bent(mut body: Json, changes: &[(&str, Json)]) -> Json {
    for (pointer, value) in changes {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        match body.pointer_mut(parent).unwrap() {
            Json::Object(object) => {
                object.insert(key.to_owned(), value.clone());
            }
            Json::Array(list) => list.insert(key.parse().unwrap(), value.clone()),
            other => panic!("{parent} is {other}"),
        }
    }
    body
}

/// `body` without these members.
pub(crate) fn cut(mut body: Json, pointers: &[&str]) -> Json {
    for pointer in pointers {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let object = body.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        assert!(object.shift_remove(key).is_some(), "no {pointer}");
    }
    body
}

pub(crate) fn read(
    collection: Collection,
    body: &Json,
    context: &WireContext,
) -> Result<DocumentRequest, Vec<WireFinding>> {
    let text = body.to_string();
    let value = parse_body(text.as_bytes()).map_err(|finding| vec![finding])?;
    read_document(collection, &value, context)
}

/// The request, which must be acceptable.
#[track_caller]
pub(crate) fn request(collection: Collection, body: &Json) -> DocumentRequest {
    match read(collection, body, &context()) {
        Ok(request) => request,
        Err(findings) => panic!("refused: {findings:#?}"),
    }
}

pub(crate) fn numbered(request: DocumentRequest) -> Document {
    let number = request.number().unwrap_or(Sequential::new(1).unwrap());
    let key = request.key(number, 12_345_678);
    request.into_document(number, key)
}

/// The document of an acceptable request.
#[track_caller]
pub(crate) fn document(collection: Collection, body: &Json) -> Document {
    numbered(request(collection, body))
}

/// What the schema says of the document.
pub(crate) fn structure(document: &Document) -> Vec<StructuralFinding> {
    tagua_sri_xml::check(&any::to_tree(document), any::schema(document))
}

/// Parameter and code of every finding; the request must be refused.
#[track_caller]
pub(crate) fn findings(collection: Collection, body: &Json) -> Vec<(String, &'static str)> {
    let findings = read(collection, body, &context()).expect_err("accepted");
    let pair = |f: &WireFinding| (f.parameter.clone(), f.code.as_str());
    findings.iter().map(pair).collect()
}

/// That the only finding is this one.
#[track_caller]
pub(crate) fn refused(collection: Collection, body: &Json, parameter: &str, code: &str) {
    assert_eq!(
        findings(collection, body),
        [(parameter.to_owned(), code)],
        "{body}"
    );
}

/// A waybill with everything its request may say.
pub(crate) fn waybill() -> Json {
    with_head(json!({
        "fecha_inicio_transporte": "2026-11-21T06:00:00-05:00",
        "fecha_fin_transporte": "2026-11-22",
        "direccion_partida": "Av. de los Colibríes",
        "transportista": {
            "razon_social": "Transportes del Sur", "identificacion": "2256666641001",
            "tipo_identificacion": "04", "email": "ruta@transportes.example", "placa": "PXX-0999"
        },
        "destinatarios": [{
            "razon_social": "Rosaura Quimí", "identificacion": "2459999914",
            "tipo_identificacion": "05", "email": "rosaura@correo.example",
            "direccion": "El Mirador", "motivo_traslado": "Venta", "ruta": "UIO - GYE",
            "documento_aduanero_unico": "DAU-1", "codigo_establecimiento_destino": "003",
            "tipo_documento_sustento": "01",
            "numero_documento_sustento": "001-002-000000148",
            "numero_autorizacion_documento_sustento": "0123456789",
            "fecha_emision_documento_sustento": "2026-11-20",
            "items": [{
                "codigo_principal": "SPS", "codigo_auxiliar": "001",
                "descripcion": "Consola", "cantidad": 1.5,
                "detalles_adicionales": {"serie": "1-2026"}
            }]
        }]
    }))
}

/// A withholding of schema 1.0.0.
pub(crate) fn retention() -> Json {
    with_head(json!({
        "fecha_emision": "2026-11-19T09:20:00-05:00",
        "periodo_fiscal": "11/2026",
        "sujeto": person(),
        "items": [{
            "codigo": 1, "codigo_porcentaje": "312", "base_imponible": 4226.4,
            "porcentaje": 1.75, "valor_retenido": 73.96,
            "tipo_documento_sustento": "01",
            "numero_documento_sustento": "011-007-000000251",
            "fecha_emision_documento_sustento": "2026-11-17T00:00:00-05:00"
        }],
        "informacion_adicional": {"Email": "conta@correo.example"}
    }))
}

/// A withholding of schema 2.0.0 of one local document.
pub(crate) fn ats_retention() -> Json {
    with_head(json!({
        "fecha_emision": "2026-11-19T09:30:00-05:00",
        "periodo_fiscal": "11/2026",
        "sujeto": person(),
        "documentos_soporte": [{
            "codigo_sustento": "01", "tipo_documento": "01", "numero": "001-001-000004581",
            "fecha_emision": "2026-11-17", "fecha_registro_contable": "2026-11-18",
            "numero_autorizacion": "1711202601099888771200120010010000045812026111815",
            "tipo_pago": "01", "total_sin_impuestos": "80.00", "total": "92.00",
            "impuestos": [{
                "codigo": "2", "codigo_porcentaje": "4", "base_imponible": 80,
                "tarifa": 15, "valor": 12
            }],
            "retenciones": [{
                "codigo": "1", "codigo_porcentaje": "3440", "base_imponible": 80,
                "tarifa": 2.75, "valor_retenido": 2.2
            }],
            "pagos": [{"tipo_pago": "20", "total": 92}]
        }]
    }))
}

/// `reembolso` with one document, most codes as numbers.
pub(crate) fn reimbursement() -> Json {
    json!({
        "codigo": "41", "subtotal": 100, "total_impuestos": 15, "total": 115,
        "documentos": [{
            "tipo_identificacion_proveedor": 4, "identificacion_proveedor": "1798887757001",
            "tipo_proveedor": 2, "pais_origen_proveedor": "EC", "tipo": 1,
            "codigo_establecimiento": 1, "codigo_punto_emision": "3", "secuencia": 2140,
            "fecha_emision": "2026-11-10", "numero_autorizacion": "1234567890",
            "impuestos": [{
                "codigo": "2", "codigo_porcentaje": "4", "tarifa": 15.0,
                "base_imponible": 100, "valor": 15
            }]
        }]
    })
}

//! Whatever a client sends: the request is refused with the path of the
//! field, or the XML that is written reads back as the same document.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod sample;

use proptest::prelude::*;
use sample::{bent, context, numbered, structure};
use serde_json::{Value as Json, json};
use tagua_sri_xml::any;
use tagua_wire::{Collection, WireFinding};

const HEAD: &[&str] = &[
    "/emisor/razon_social",
    "/emisor/nombre_comercial",
    "/emisor/direccion",
    "/emisor/contribuyente_especial",
    "/emisor/agente_retencion",
    "/emisor/establecimiento/direccion",
];

const SUBJECT: &[&str] = &[
    "/sujeto/razon_social",
    "/sujeto/identificacion",
    "/sujeto/direccion",
    "/sujeto/email",
    "/periodo_fiscal",
];

const WAYBILL: &[&str] = &[
    "/direccion_partida",
    "/transportista/razon_social",
    "/transportista/identificacion",
    "/transportista/email",
    "/transportista/placa",
    "/destinatarios/0/razon_social",
    "/destinatarios/0/identificacion",
    "/destinatarios/0/direccion",
    "/destinatarios/0/motivo_traslado",
    "/destinatarios/0/ruta",
    "/destinatarios/0/documento_aduanero_unico",
    "/destinatarios/0/codigo_establecimiento_destino",
    "/destinatarios/0/tipo_documento_sustento",
    "/destinatarios/0/numero_documento_sustento",
    "/destinatarios/0/numero_autorizacion_documento_sustento",
    "/destinatarios/0/items/0/codigo_principal",
    "/destinatarios/0/items/0/codigo_auxiliar",
    "/destinatarios/0/items/0/descripcion",
    "/destinatarios/0/items/0/cantidad",
    "/destinatarios/0/items/0/detalles_adicionales/serie",
];

const RETENTION: &[&str] = &[
    "/items/0/codigo",
    "/items/0/codigo_porcentaje",
    "/items/0/porcentaje",
    "/items/0/tipo_documento_sustento",
    "/items/0/numero_documento_sustento",
];

const ATS_RETENTION: &[&str] = &[
    "/tipo_sujeto_retenido",
    "/documentos_soporte/0/codigo_sustento",
    "/documentos_soporte/0/tipo_documento",
    "/documentos_soporte/0/numero",
    "/documentos_soporte/0/numero_autorizacion",
    "/documentos_soporte/0/tipo_regimen_fiscal",
    "/documentos_soporte/0/pais",
    "/documentos_soporte/0/impuestos/0/codigo_porcentaje",
    "/documentos_soporte/0/impuestos/0/tarifa",
    "/documentos_soporte/0/retenciones/0/codigo_porcentaje",
    "/documentos_soporte/0/retenciones/0/dividendos/0/annio_fiscal",
    "/documentos_soporte/0/retenciones/0/compra_cajas_banano/numero_cajas",
    "/documentos_soporte/0/pagos/0/tipo_pago",
    "/documentos_soporte/0/reembolso/documentos/0/identificacion_proveedor",
    "/documentos_soporte/0/reembolso/documentos/0/tipo_proveedor",
    "/documentos_soporte/0/reembolso/documentos/0/pais_origen_proveedor",
    "/documentos_soporte/0/reembolso/documentos/0/tipo",
    "/documentos_soporte/0/reembolso/documentos/0/secuencia",
    "/documentos_soporte/0/reembolso/documentos/0/numero_autorizacion",
    "/documentos_soporte/0/reembolso/documentos/0/impuestos/0/tarifa",
];

/// A withholding of 2.0.0 with all that is optional.
fn ats_retention() -> Json {
    let dividend = json!({"fecha_pago": "2026-11-15", "impuesto_renta": 1, "annio_fiscal": "2025"});
    let boxes = json!({"numero_cajas": "12", "precio_caja": 6.5});
    bent(
        sample::ats_retention(),
        &[
            ("/sujeto/tipo_identificacion", json!("08")),
            ("/tipo_sujeto_retenido", json!("01")),
            ("/documentos_soporte/0/tipo_pago", json!("02")),
            ("/documentos_soporte/0/tipo_regimen_fiscal", json!("01")),
            ("/documentos_soporte/0/pais", json!("US")),
            ("/documentos_soporte/0/aplica_convenio", json!(false)),
            ("/documentos_soporte/0/pago_exterior", json!(true)),
            ("/documentos_soporte/0/reembolso", sample::reimbursement()),
            (
                "/documentos_soporte/0/retenciones/0/dividendos",
                json!([dividend]),
            ),
            (
                "/documentos_soporte/0/retenciones/0/compra_cajas_banano",
                boxes,
            ),
        ],
    )
}

/// Any Unicode, and what XML, JSON and the schemas care about.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[ -~áéíóúñÑ]{1,30}",
        2 => "\\PC{0,20}",
        2 => proptest::collection::vec(any::<char>(), 0..20).prop_map(String::from_iter),
        1 => "[\\x00-\\x20<>&\"']{0,10}",
        1 => "[0-9]{1,15}",
        1 => Just("]]>\r\n\u{85}\u{2028}&amp;\u{fffe}".to_owned()),
        1 => "x{290,310}",
    ]
}

/// Such a text, or a value of another type.
fn value() -> impl Strategy<Value = Json> {
    prop_oneof![
        8 => text().prop_map(Json::from),
        1 => any::<i64>().prop_map(Json::from),
        1 => (0_u64..10_000, 0_u32..4).prop_map(|(n, places)| {
            let number = format!("{}.{}", n, "9".repeat(places as usize + 1));
            serde_json::from_str(&number).unwrap()
        }),
        1 => any::<bool>().prop_map(Json::from),
        1 => proptest::sample::select(vec![
            json!(null), json!([]), json!({}), json!([null]), json!({"a": [1]}), json!(1e300),
        ]),
    ]
}

/// Up to four of the fields with such a value, and additional fields of them.
fn changes(
    fields: &'static [&'static [&'static str]],
) -> impl Strategy<Value = Vec<(&'static str, Json)>> {
    let field = proptest::sample::select(fields.concat());
    let change = (field, value());
    let additional = (text(), text()).prop_map(|(name, value)| {
        let fields = json!([{"nombre": name, "valor": value}]);
        ("/info_adicional", fields)
    });
    (
        proptest::collection::vec(change, 0..4),
        proptest::option::of(additional),
    )
        .prop_map(|(changes, additional)| changes.into_iter().chain(additional).collect())
}

#[track_caller]
fn check(collection: Collection, body: &Json) -> Result<(), TestCaseError> {
    let document = match sample::read(collection, body, &context()) {
        Ok(request) => numbered(request),
        Err(findings) => return all_named(body, &findings),
    };
    let breaches = structure(&document);
    if !breaches.is_empty() {
        prop_assert!(breaches.iter().all(|finding| !finding.path.is_empty()));
        return Ok(());
    }
    let xml = tagua_sri_xml::write(&any::to_tree(&document));
    let tree = tagua_sri_xml::read(&xml).unwrap();
    prop_assert_eq!(any::from_tree(&tree), Ok((document, Vec::new())));
    Ok(())
}

/// Every finding names a field that is there, or one whose parent is.
fn all_named(body: &Json, findings: &[WireFinding]) -> Result<(), TestCaseError> {
    prop_assert!(!findings.is_empty());
    for finding in findings {
        let pointer = format!(
            "/{}",
            finding.parameter.replace(['.', '['], "/").replace(']', "")
        );
        let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
        prop_assert!(body.pointer(parent).is_some(), "no {}", finding.parameter);
        prop_assert!(!finding.details.is_empty());
    }
    Ok(())
}

#[test]
fn the_bodies_are_complete_as_they_are() {
    for (collection, body) in [
        (Collection::Waybills, sample::waybill()),
        (Collection::Retentions, sample::retention()),
        (Collection::AtsRetentions, ats_retention()),
    ] {
        let document = sample::document(collection, &body);
        assert_eq!(structure(&document), [], "{collection:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn waybills_read_back(changes in changes(&[HEAD, WAYBILL])) {
        check(Collection::Waybills, &bent(sample::waybill(), &changes))?;
    }

    #[test]
    fn retentions_read_back(changes in changes(&[HEAD, SUBJECT, RETENTION])) {
        check(Collection::Retentions, &bent(sample::retention(), &changes))?;
    }

    #[test]
    fn ats_retentions_read_back(changes in changes(&[HEAD, SUBJECT, ATS_RETENTION])) {
        check(Collection::AtsRetentions, &bent(ats_retention(), &changes))?;
    }
}

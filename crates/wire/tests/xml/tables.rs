//! Every element and attribute of every schema has a place in the JSON, and
//! findings about it name that place.

use serde_json::Value as Json;
use tagua_wire::{Collection, json_reading, parameter_of_xml_path};

use crate::full::{Full, schemas};

fn reading(xml: &str) -> Json {
    let tree = tagua_sri_xml::read(xml.as_bytes()).unwrap();
    serde_json::from_str(&json_reading(&tree)).unwrap()
}

/// The value at `items[0].codigo`.
fn at<'j>(json: &'j Json, parameter: &str) -> &'j Json {
    let pointer = parameter.replace(']', "").replace(['[', '.'], "/");
    json.pointer(&format!("/{pointer}")).unwrap_or(&Json::Null)
}

#[test]
fn every_place_of_every_schema_has_a_place_in_the_json() {
    let mut places = 0;
    for schema in schemas() {
        let full = Full::marked(schema);
        let read = reading(&full.xml);
        let what = format!("{} {}", schema.root.name, schema.version);
        assert!(
            read.get("xml_no_reconocido").is_none(),
            "{what}: {}",
            read["xml_no_reconocido"]
        );
        assert_eq!(read["version"], schema.version, "{what}");
        let text = read.to_string();
        for (path, mark) in &full.texts {
            assert!(
                text.contains(&format!("\"{mark}\"")),
                "{what}: {path} is lost"
            );
        }
        places += full.texts.len();
    }
    println!("{places} places in 13 schemas");
    assert!(places > 900, "only {places}");
}

/// What the mapping of findings says is where the reading has it.
#[test]
fn findings_name_the_place_that_the_reading_has() {
    for schema in schemas() {
        let full = Full::marked(schema);
        let read = reading(&full.xml);
        let collection = Collection::of(schema.document, schema.version);
        for (path, mark) in &full.texts {
            let parameter = parameter_of_xml_path(collection, path);
            match path {
                // Dictionaries in the reading; lists, as they are in requests, in findings.
                p if p.ends_with("campoAdicional[1]") => {
                    assert_eq!(parameter, "info_adicional[0].valor")
                }
                p if p.ends_with("campoAdicional[1]/@nombre") => {
                    assert_eq!(parameter, "info_adicional[0].nombre");
                }
                p if p.contains("/detAdicional[") => {
                    assert!(
                        parameter.ends_with("items[0].detalles_adicionales"),
                        "{parameter}"
                    );
                }
                _ => assert_eq!(
                    at(&read, &parameter),
                    mark.as_str(),
                    "{path} as {parameter}"
                ),
            }
        }
    }
}

#[test]
fn parameters_of_findings() {
    for (collection, path, parameter) in [
        (
            Collection::Invoices,
            "/factura/detalles/detalle[2]/cantidad",
            "items[1].cantidad",
        ),
        (
            Collection::Invoices,
            "/factura/detalles/detalle[3]/impuestos/impuesto[2]/tarifa",
            "items[2].impuestos[1].tarifa",
        ),
        (
            Collection::Invoices,
            "/factura/infoFactura/razonSocialComprador",
            "comprador.razon_social",
        ),
        (
            Collection::Invoices,
            "/factura/infoTributaria/ruc",
            "emisor.ruc",
        ),
        (
            Collection::Invoices,
            "/factura/infoFactura/pagos/pago[2]/total",
            "pagos[1].total",
        ),
        (Collection::Invoices, "/factura/@version", "version"),
        (Collection::Invoices, "/factura/@id", ""),
        (Collection::Invoices, "/factura/detalles", "items"),
        (
            Collection::Invoices,
            "/factura/detalles/detalle[4]",
            "items[3]",
        ),
        (
            Collection::Invoices,
            "/factura/detalles/detalle[4]/loQueSea",
            "items[3]",
        ),
        (
            Collection::Invoices,
            "/factura/infoAdicional/campoAdicional[3]",
            "info_adicional[2].valor",
        ),
        (
            Collection::Invoices,
            "/factura/infoAdicional/campoAdicional[3]/@nombre",
            "info_adicional[2].nombre",
        ),
        (
            Collection::Invoices,
            "/factura/tipoNegociable",
            "negociable",
        ),
        (
            Collection::Invoices,
            "/factura/tipoNegociable/correo",
            "comprador.email",
        ),
        (
            Collection::Invoices,
            "/factura/reembolsos/reembolsoDetalle[2]/codDocReembolso",
            "reembolso.documentos[1].tipo",
        ),
        (Collection::Invoices, "/factura/exportacion", ""),
        (
            Collection::CreditNotes,
            "/notaCredito/detalles/detalle[1]/codigoInterno",
            "items[0].codigo_principal",
        ),
        (
            Collection::CreditNotes,
            "/notaCredito/infoNotaCredito/valorModificacion",
            "totales.importe_total",
        ),
        (
            Collection::DebitNotes,
            "/notaDebito/motivos/motivo[2]/razon",
            "items[1].motivo",
        ),
        (
            Collection::DebitNotes,
            "/notaDebito/infoNotaDebito/pagos[1]/pago[2]/total",
            "pagos[1].total",
        ),
        (
            Collection::PurchaseSettlements,
            "/liquidacionCompra/infoLiquidacionCompra/pagos/pago[1]/formaPago",
            "pagos[0].forma_pago",
        ),
        (
            Collection::Waybills,
            "/guiaRemision/infoGuiaRemision/placa",
            "transportista.placa",
        ),
        (
            Collection::Waybills,
            "/guiaRemision/destinatarios/destinatario[2]/detalles/detalle[5]/descripcion",
            "destinatarios[1].items[4].descripcion",
        ),
        (
            Collection::Retentions,
            "/comprobanteRetencion/impuestos/impuesto[2]/porcentajeRetener",
            "items[1].porcentaje",
        ),
        (
            Collection::AtsRetentions,
            "/comprobanteRetencion/infoTributaria/secuencial",
            "secuencia",
        ),
        (
            Collection::AtsRetentions,
            "/comprobanteRetencion/docsSustento/docSustento[2]/retenciones/retencion[3]/dividendos/imRentaSoc",
            "documentos_soporte[1].retenciones[2].dividendos[0].impuesto_renta",
        ),
    ] {
        assert_eq!(parameter_of_xml_path(collection, path), parameter, "{path}");
    }
}

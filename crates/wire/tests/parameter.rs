//! Every place that a rule can name has its name on the wire (CONTRACT 5.2).

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::collections::BTreeSet;

use tagua_fiscal::rules::{ModelPath, places};
use tagua_wire::{Collection, parameter};

/// Positions count from 0 outwards in: `lines[0].taxes[1].amount`.
fn path(pattern: &'static str) -> ModelPath {
    let (mut path, mut position) = (ModelPath::default(), 0);
    for step in pattern.split('.') {
        let (field, lists) = step.split_at(step.find('[').unwrap_or(step.len()));
        path = path.field(field);
        for _ in 0..lists.matches("[]").count() {
            path = path.at(position);
            position += 1;
        }
    }
    path
}

/// Positions count from 0 outwards in. What no request can say has the name of
/// what is around it, or none.
const TABLE: &str = "
    tax_info.access_key = clave_acceso
    tax_info.ruc = emisor.ruc
    tax_info.rimpe_legend = emisor.regimen_rimpe
    tax_info.withholding_agent = emisor.agente_retencion
    additional_fields = info_adicional
    info.issue_date = fecha_emision
    info.receiver_id = comprador.identificacion
    info.receiver_name = comprador.razon_social
    info.receiver_address = comprador.direccion
    info.net_total = totales.total_sin_impuestos
    info.discount_total = totales.descuento
    info.tip = totales.propina
    info.total = totales.importe_total
    info.tax_totals[].rate = totales.impuestos[0].tarifa
    info.tax_totals[].base = totales.impuestos[0].base_imponible
    info.tax_totals[].amount = totales.impuestos[0].valor
    info.tax_totals[].additional_discount = totales.impuestos[0].descuento_adicional
    info.tax_totals[].vat_refund = totales.impuestos[0]
    info.payments = pagos
    info.payments[].method = pagos[0].medio
    info.withheld_vat = valor_retenido_iva
    info.withheld_income_tax = valor_retenido_renta
    info.plate =
    lines[].net = items[0].precio_total_sin_impuestos
    lines[].auxiliary_code = items[0].codigo_auxiliar
    lines[].details = items[0].detalles_adicionales
    lines[].taxes[] = items[0].impuestos[1]
    lines[].taxes[].rate_code = items[0].impuestos[1].codigo_porcentaje
    lines[].taxes[].rate = items[0].impuestos[1].tarifa
    lines[].taxes[].base = items[0].impuestos[1].base_imponible
    lines[].taxes[].amount = items[0].impuestos[1].valor
    info.export.foreign_trade = exportacion
    info.export.incoterm = exportacion.incoterm.termino
    info.export.incoterm_place = exportacion.incoterm.lugar
    info.export.origin_country = exportacion.origen.codigo_pais
    info.export.origin_port = exportacion.origen.puerto
    info.export.destination_port = exportacion.destino.puerto
    info.export.destination_country = exportacion.destino.codigo_pais
    info.export.acquisition_country = exportacion.codigo_pais_adquisicion
    info.incoterm_of_net_total = exportacion.incoterm.total_sin_impuestos
    withholdings[].rate_code = retenciones[0].codigo_porcentaje
    substitute_waybill.carrier_id =
    info.reimbursement.document_code = reembolso.codigo
    info.reimbursement.documents_total = reembolso.total
    info.reimbursement.base_total = reembolso.subtotal
    info.reimbursement.tax_total = reembolso.total_impuestos
    reimbursed_documents = reembolso.documentos
    reimbursed_documents[].supplier_id = reembolso.documentos[0].identificacion_proveedor
    reimbursed_documents[].supplier_country = reembolso.documentos[0].pais_origen_proveedor
    reimbursed_documents[].authorization = reembolso.documentos[0].numero_autorizacion
    reimbursed_documents[].taxes[].amount = reembolso.documentos[0].impuestos[1].valor
    info.supplier_id = proveedor.identificacion
    info.supplier_id_type = proveedor.tipo_identificacion
    info.receiver_id_type = comprador.tipo_identificacion
    info.rise_legend =
    info.modified_document.document_code = tipo_documento_modificado
    info.modified_document.issue_date = fecha_emision_documento_modificado
    info.tax_totals = totales.impuestos
    info.tax_totals[].rate_code = totales.impuestos[0].codigo_porcentaje
    info.payment_lists = pagos
    info.payment_lists[][].method = pagos[1].medio
    info.carrier_id = transportista.identificacion
    info.start_date = fecha_inicio_transporte
    info.end_date = fecha_fin_transporte
    recipients[].id = destinatarios[0].identificacion
    recipients[].supporting_document = destinatarios[0]
    recipients[].supporting_document.document_code = destinatarios[0].tipo_documento_sustento
    recipients[].supporting_document.authorization = destinatarios[0].numero_autorizacion_documento_sustento
    recipients[].supporting_document.issue_date = destinatarios[0].fecha_emision_documento_sustento
    recipients[].lines[].details = destinatarios[0].items[1].detalles_adicionales
    info.subject_id = sujeto.identificacion
    info.subject_id_type = sujeto.tipo_identificacion
    info.subject_type = tipo_sujeto_retenido
    info.fiscal_period = periodo_fiscal
    body.taxes[].withholding_code = items[0].codigo_porcentaje
    body.taxes[].rate = items[0].porcentaje
    body.taxes[].amount = items[0].valor_retenido
    body.taxes[].document_code = items[0].tipo_documento_sustento
    body.taxes[].document_number = items[0].numero_documento_sustento
    body.taxes[].document_date = items[0].fecha_emision_documento_sustento
    body.documents[].support_code = documentos_soporte[0].codigo_sustento
    body.documents[].document_code = documentos_soporte[0].tipo_documento
    body.documents[].number = documentos_soporte[0].numero
    body.documents[].issue_date = documentos_soporte[0].fecha_emision
    body.documents[].authorization = documentos_soporte[0].numero_autorizacion
    body.documents[].payment_place.regime = documentos_soporte[0].tipo_regimen_fiscal
    body.documents[].payment_place.country = documentos_soporte[0].pais
    body.documents[].payment_place.double_taxation_treaty = documentos_soporte[0].aplica_convenio
    body.documents[].payment_place.subject_to_withholding = documentos_soporte[0].pago_exterior
    body.documents[].payment_place.preferential_regime = documentos_soporte[0].pago_regimen_fiscal
    body.documents[].net_total = documentos_soporte[0].total_sin_impuestos
    body.documents[].total = documentos_soporte[0].total
    body.documents[].taxes[].rate_code = documentos_soporte[0].impuestos[1].codigo_porcentaje
    body.documents[].taxes[].rate = documentos_soporte[0].impuestos[1].tarifa
    body.documents[].taxes[].amount = documentos_soporte[0].impuestos[1].valor
    body.documents[].withholdings = documentos_soporte[0].retenciones
    body.documents[].withholdings[].withholding_code = documentos_soporte[0].retenciones[1].codigo_porcentaje
    body.documents[].withholdings[].rate = documentos_soporte[0].retenciones[1].tarifa
    body.documents[].withholdings[].amount = documentos_soporte[0].retenciones[1].valor_retenido
    body.documents[].withholdings[].dividends = documentos_soporte[0].retenciones[1].dividendos
    body.documents[].withholdings[].banana_boxes = documentos_soporte[0].retenciones[1].compra_cajas_banano
    body.documents[].payments = documentos_soporte[0].pagos
    body.documents[].payments[].method = documentos_soporte[0].pagos[1].tipo_pago
    body.documents[].reimbursement = documentos_soporte[0].reembolso
    body.documents[].reimbursement.documents_total = documentos_soporte[0].reembolso.total
    body.documents[].reimbursement.base_total = documentos_soporte[0].reembolso.subtotal
    body.documents[].reimbursement.tax_total = documentos_soporte[0].reembolso.total_impuestos
    body.documents[].reimbursed_documents = documentos_soporte[0].reembolso.documentos
    body.documents[].reimbursed_documents[].supplier_id = documentos_soporte[0].reembolso.documentos[1].identificacion_proveedor
    body.documents[].reimbursed_documents[].supplier_country = documentos_soporte[0].reembolso.documentos[1].pais_origen_proveedor
    body.documents[].reimbursed_documents[].authorization = documentos_soporte[0].reembolso.documentos[1].numero_autorizacion
    body.documents[].reimbursed_documents[].taxes[].amount = documentos_soporte[0].reembolso.documentos[1].impuestos[2].valor
";

/// A settlement's payments have a name of their own for the code.
const OF_SETTLEMENT: (&str, &str) = ("info.payments[].method", "pagos[0].forma_pago");

fn rows() -> Vec<(&'static str, &'static str)> {
    let row = |line: &'static str| {
        let (place, parameter) = line.split_once('=').unwrap();
        (place.trim(), parameter.trim())
    };
    TABLE.trim().lines().map(row).collect()
}

fn expected(collection: Collection, place: &str) -> &'static str {
    if collection == Collection::PurchaseSettlements && place == OF_SETTLEMENT.0 {
        return OF_SETTLEMENT.1;
    }
    let row = rows().into_iter().find(|row| row.0 == place);
    row.unwrap_or_else(|| panic!("{place} is not in the table"))
        .1
}

#[test]
fn every_place_of_every_document_has_its_name() {
    let mut seen = BTreeSet::new();
    for collection in Collection::ALL {
        for place in places(collection.document_type()) {
            let found = parameter(collection, &path(place));
            assert_eq!(found, expected(collection, place), "{collection:?} {place}");
            seen.insert(place);
        }
    }
    let rows: BTreeSet<_> = rows().into_iter().map(|row| row.0).collect();
    assert_eq!(seen, rows, "rows that no rule names");
}

#[test]
fn fields_that_no_rule_names_yet_have_a_name_too() {
    let check = |collection, place, expected: &str| {
        assert_eq!(parameter(collection, &path(place)), expected);
    };
    check(
        Collection::Invoices,
        "lines[].unit_price",
        "items[0].precio_unitario",
    );
    check(
        Collection::Invoices,
        "tax_info.series.point",
        "emisor.establecimiento.punto_emision",
    );
    check(Collection::CreditNotes, "info.reason", "motivo");
    check(Collection::DebitNotes, "reasons[].amount", "items[0].valor");
    check(Collection::Waybills, "info.plate", "transportista.placa");
    let dividends = "body.documents[].withholdings[].dividends.year";
    let year = "documentos_soporte[0].retenciones[1].dividendos[0].annio_fiscal";
    check(Collection::AtsRetentions, dividends, year);
}

#[test]
fn the_document_and_what_is_unknown_have_the_nearest_name() {
    let check = |path: ModelPath, expected: &str| {
        assert_eq!(parameter(Collection::Invoices, &path), expected);
    };
    check(ModelPath::default(), "");
    check(ModelPath::of("nothing"), "");
    check(
        ModelPath::of("lines").at(3).field("nothing").at(1),
        "items[3]",
    );
    check(
        ModelPath::of("lines")
            .at(3)
            .field("details")
            .at(2)
            .field("value"),
        "items[3].detalles_adicionales",
    );
}

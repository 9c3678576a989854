//! The names of the model's fields on the wire, type by type (CONTRACT 7).
//! What the wire cannot say is left out.

use super::names::{
    ACCOUNTS, ADDITIONAL, COMPENSATIONS, CURRENCY, DISCOUNT_TOTAL, ESTABLISHMENT, ISSUE_DATE,
    LINES, MACHINE, MODIFIED, NET_TOTAL, Name, PAYMENT, PAYMENTS, RATE_AND_AMOUNT,
    RECEIVER_ADDRESS, RECEIVER_ID, RECEIVER_ID_TYPE, RECEIVER_NAME, REIMBURSED, REIMBURSEMENT,
    SPECIAL, TAX, TAX_INFO, TAX_TOTALS, TOTAL, group, leaf,
};
use crate::collection::Collection;

/// The names of a document of `collection`.
pub(super) const fn names(collection: Collection) -> &'static [Name] {
    match collection {
        Collection::Invoices => INVOICE,
        Collection::PurchaseSettlements => PURCHASE_SETTLEMENT,
        Collection::CreditNotes => CREDIT_NOTE,
        Collection::DebitNotes => DEBIT_NOTE,
        Collection::Waybills => WAYBILL,
        Collection::Retentions | Collection::AtsRetentions => WITHHOLDING,
    }
}

const INVOICE: &[Name] = &[
    TAX_INFO,
    group(
        "info",
        "",
        &[
            ISSUE_DATE,
            ESTABLISHMENT,
            SPECIAL,
            ACCOUNTS,
            EXPORT,
            RECEIVER_ID_TYPE,
            leaf("waybill_number", "guia_remision"),
            RECEIVER_NAME,
            RECEIVER_ID,
            RECEIVER_ADDRESS,
            NET_TOTAL,
            leaf("subsidy_total", "totales.total_subsidio"),
            leaf(
                "incoterm_of_net_total",
                "exportacion.incoterm.total_sin_impuestos",
            ),
            DISCOUNT_TOTAL,
            REIMBURSEMENT,
            TAX_TOTALS,
            COMPENSATIONS,
            leaf("tip", "totales.propina"),
            leaf(
                "international_freight",
                "exportacion.totales.flete_internacional",
            ),
            leaf(
                "international_insurance",
                "exportacion.totales.seguro_internacional",
            ),
            leaf("customs_expenses", "exportacion.totales.gastos_aduaneros"),
            leaf(
                "other_transport_expenses",
                "exportacion.totales.otros_gastos_transporte",
            ),
            TOTAL,
            CURRENCY,
            PAYMENTS,
            leaf("withheld_vat", "valor_retenido_iva"),
            leaf("withheld_income_tax", "valor_retenido_renta"),
        ],
    ),
    LINES,
    REIMBURSED,
    group("withholdings", "retenciones", RATE_AND_AMOUNT),
    leaf("negotiable_email", "comprador.email"),
    MACHINE,
    ADDITIONAL,
];
const EXPORT: Name = group(
    "export",
    "exportacion",
    &[
        leaf("incoterm", "incoterm.termino"),
        leaf("incoterm_place", "incoterm.lugar"),
        leaf("origin_country", "origen.codigo_pais"),
        leaf("origin_port", "origen.puerto"),
        leaf("destination_port", "destino.puerto"),
        leaf("destination_country", "destino.codigo_pais"),
        leaf("acquisition_country", "codigo_pais_adquisicion"),
    ],
);

const PURCHASE_SETTLEMENT: &[Name] = &[
    TAX_INFO,
    group(
        "info",
        "",
        &[
            ISSUE_DATE,
            ESTABLISHMENT,
            SPECIAL,
            ACCOUNTS,
            leaf("supplier_id_type", "proveedor.tipo_identificacion"),
            leaf("supplier_name", "proveedor.razon_social"),
            leaf("supplier_id", "proveedor.identificacion"),
            leaf("supplier_address", "proveedor.direccion"),
            NET_TOTAL,
            DISCOUNT_TOTAL,
            REIMBURSEMENT,
            TAX_TOTALS,
            TOTAL,
            CURRENCY,
            group(
                "payments",
                "pagos",
                &[
                    leaf("method", "forma_pago"),
                    leaf("total", "total"),
                    leaf("term", "plazo"),
                    leaf("term_unit", "unidad_tiempo"),
                ],
            ),
        ],
    ),
    LINES,
    REIMBURSED,
    MACHINE,
    ADDITIONAL,
];

const CREDIT_NOTE: &[Name] = &[
    TAX_INFO,
    group(
        "info",
        "",
        &[
            ISSUE_DATE,
            ESTABLISHMENT,
            RECEIVER_ID_TYPE,
            RECEIVER_NAME,
            RECEIVER_ID,
            SPECIAL,
            ACCOUNTS,
            MODIFIED,
            NET_TOTAL,
            COMPENSATIONS,
            TOTAL,
            CURRENCY,
            TAX_TOTALS,
            leaf("reason", "motivo"),
        ],
    ),
    LINES,
    MACHINE,
    ADDITIONAL,
];

const DEBIT_NOTE: &[Name] = &[
    TAX_INFO,
    group(
        "info",
        "",
        &[
            ISSUE_DATE,
            ESTABLISHMENT,
            RECEIVER_ID_TYPE,
            RECEIVER_NAME,
            RECEIVER_ID,
            SPECIAL,
            ACCOUNTS,
            MODIFIED,
            NET_TOTAL,
            TAX_TOTALS,
            COMPENSATIONS,
            TOTAL,
            Name {
                lists_unseen: 1,
                ..group("payment_lists", "pagos", PAYMENT)
            },
        ],
    ),
    group(
        "reasons",
        "items",
        &[leaf("reason", "motivo"), leaf("amount", "valor")],
    ),
    MACHINE,
    ADDITIONAL,
];

const WAYBILL: &[Name] = &[
    TAX_INFO,
    group(
        "info",
        "",
        &[
            ESTABLISHMENT,
            leaf("departure_address", "direccion_partida"),
            leaf("carrier_name", "transportista.razon_social"),
            leaf("carrier_id_type", "transportista.tipo_identificacion"),
            leaf("carrier_id", "transportista.identificacion"),
            ACCOUNTS,
            SPECIAL,
            leaf("start_date", "fecha_inicio_transporte"),
            leaf("end_date", "fecha_fin_transporte"),
            leaf("plate", "transportista.placa"),
        ],
    ),
    group(
        "recipients",
        "destinatarios",
        &[
            leaf("id", "identificacion"),
            leaf("name", "razon_social"),
            leaf("address", "direccion"),
            leaf("reason", "motivo_traslado"),
            leaf("customs_document", "documento_aduanero_unico"),
            leaf("establishment", "codigo_establecimiento_destino"),
            leaf("route", "ruta"),
            group(
                "supporting_document",
                "",
                &[
                    leaf("document_code", "tipo_documento_sustento"),
                    leaf("number", "numero_documento_sustento"),
                    leaf("authorization", "numero_autorizacion_documento_sustento"),
                    leaf("issue_date", "fecha_emision_documento_sustento"),
                ],
            ),
            LINES,
        ],
    ),
    MACHINE,
    ADDITIONAL,
];

const WITHHOLDING: &[Name] = &[
    TAX_INFO,
    group(
        "info",
        "",
        &[
            ISSUE_DATE,
            ESTABLISHMENT,
            SPECIAL,
            ACCOUNTS,
            leaf("subject_id_type", "sujeto.tipo_identificacion"),
            leaf("subject_type", "tipo_sujeto_retenido"),
            leaf("related_party", "parte_relacionada"),
            leaf("subject_name", "sujeto.razon_social"),
            leaf("subject_id", "sujeto.identificacion"),
            leaf("fiscal_period", "periodo_fiscal"),
        ],
    ),
    group("body", "", WITHHOLDING_BODY),
    MACHINE,
    ADDITIONAL,
];
const WITHHOLDING_BODY: &[Name] = &[
    group(
        "taxes",
        "items",
        &[
            leaf("code", "codigo"),
            leaf("withholding_code", "codigo_porcentaje"),
            leaf("base", "base_imponible"),
            leaf("rate", "porcentaje"),
            leaf("amount", "valor_retenido"),
            leaf("document_code", "tipo_documento_sustento"),
            leaf("document_number", "numero_documento_sustento"),
            leaf("document_date", "fecha_emision_documento_sustento"),
        ],
    ),
    group("documents", "documentos_soporte", SUPPORTING_DOCUMENT),
];
const SUPPORTING_DOCUMENT: &[Name] = &[
    leaf("support_code", "codigo_sustento"),
    leaf("document_code", "tipo_documento"),
    leaf("number", "numero"),
    leaf("issue_date", "fecha_emision"),
    leaf("accounting_date", "fecha_registro_contable"),
    leaf("authorization", "numero_autorizacion"),
    group(
        "payment_place",
        "",
        &[
            leaf("code", "tipo_pago"),
            leaf("regime", "tipo_regimen_fiscal"),
            leaf("country", "pais"),
            leaf("double_taxation_treaty", "aplica_convenio"),
            leaf("subject_to_withholding", "pago_exterior"),
            leaf("preferential_regime", "pago_regimen_fiscal"),
        ],
    ),
    REIMBURSEMENT,
    leaf("net_total", "total_sin_impuestos"),
    leaf("total", "total"),
    group("taxes", "impuestos", TAX),
    group(
        "withholdings",
        "retenciones",
        &[
            leaf("code", "codigo"),
            leaf("withholding_code", "codigo_porcentaje"),
            leaf("base", "base_imponible"),
            leaf("rate", "tarifa"),
            leaf("amount", "valor_retenido"),
            group(
                "dividends",
                "dividendos",
                &[
                    leaf("payment_date", "[0].fecha_pago"),
                    leaf("income_tax", "[0].impuesto_renta"),
                    leaf("year", "[0].annio_fiscal"),
                ],
            ),
            group(
                "banana_boxes",
                "compra_cajas_banano",
                &[leaf("count", "numero_cajas"), leaf("price", "precio_caja")],
            ),
        ],
    ),
    REIMBURSED,
    group(
        "payments",
        "pagos",
        &[leaf("method", "tipo_pago"), leaf("total", "total")],
    ),
];

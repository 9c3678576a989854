//! The names of fields that several documents have.

/// A field.
pub(super) struct Name {
    /// In the model.
    pub(super) model: &'static str,
    /// On the wire; empty where its fields stand one level higher there.
    pub(super) wire: &'static str,
    /// Its own fields.
    pub(super) inside: &'static [Name],
    /// Positions after it that the wire does not have.
    pub(super) lists_unseen: usize,
}

pub(super) const fn leaf(model: &'static str, wire: &'static str) -> Name {
    group(model, wire, &[])
}

pub(super) const fn group(
    model: &'static str,
    wire: &'static str,
    inside: &'static [Name],
) -> Name {
    Name {
        model,
        wire,
        inside,
        lists_unseen: 0,
    }
}

// What several documents have.

pub(super) const TAX_INFO: Name = group(
    "tax_info",
    "",
    &[
        leaf("environment", "ambiente"),
        leaf("emission_type", "tipo_emision"),
        leaf("legal_name", "emisor.razon_social"),
        leaf("trade_name", "emisor.nombre_comercial"),
        leaf("ruc", "emisor.ruc"),
        leaf("access_key", "clave_acceso"),
        group(
            "series",
            "emisor.establecimiento",
            &[
                leaf("establishment", "codigo"),
                leaf("point", "punto_emision"),
            ],
        ),
        leaf("sequential", "secuencial"),
        leaf("head_office_address", "emisor.direccion"),
        leaf("withholding_agent", "emisor.agente_retencion"),
        leaf("rimpe_legend", "emisor.regimen_rimpe"),
    ],
);
pub(super) const ISSUE_DATE: Name = leaf("issue_date", "fecha_emision");
pub(super) const ESTABLISHMENT: Name =
    leaf("establishment_address", "emisor.establecimiento.direccion");
pub(super) const SPECIAL: Name = leaf("special_taxpayer", "emisor.contribuyente_especial");
pub(super) const ACCOUNTS: Name = leaf("keeps_accounts", "emisor.obligado_contabilidad");
pub(super) const RECEIVER_ID_TYPE: Name = leaf("receiver_id_type", "comprador.tipo_identificacion");
pub(super) const RECEIVER_NAME: Name = leaf("receiver_name", "comprador.razon_social");
pub(super) const RECEIVER_ID: Name = leaf("receiver_id", "comprador.identificacion");
pub(super) const RECEIVER_ADDRESS: Name = leaf("receiver_address", "comprador.direccion");
pub(super) const NET_TOTAL: Name = leaf("net_total", "totales.total_sin_impuestos");
pub(super) const DISCOUNT_TOTAL: Name = leaf("discount_total", "totales.descuento");
pub(super) const TOTAL: Name = leaf("total", "totales.importe_total");
pub(super) const CURRENCY: Name = leaf("currency", "moneda");
pub(super) const MACHINE: Name = group(
    "fiscal_machine",
    "maquina_fiscal",
    &[
        leaf("brand", "marca"),
        leaf("model", "modelo"),
        leaf("serial", "serie"),
    ],
);
pub(super) const ADDITIONAL: Name = group("additional_fields", "info_adicional", NAME_AND_VALUE);
pub(super) const NAME_AND_VALUE: &[Name] = &[leaf("name", "nombre"), leaf("value", "valor")];
pub(super) const TAX: &[Name] = &[
    leaf("code", "codigo"),
    leaf("rate_code", "codigo_porcentaje"),
    leaf("rate", "tarifa"),
    leaf("base", "base_imponible"),
    leaf("amount", "valor"),
    leaf("additional_discount", "descuento_adicional"),
];
pub(super) const TAX_TOTALS: Name = group("tax_totals", "totales.impuestos", TAX);
pub(super) const RATE_AND_AMOUNT: &[Name] = &[
    leaf("code", "codigo"),
    leaf("rate_code", "codigo_porcentaje"),
    leaf("rate", "tarifa"),
    leaf("amount", "valor"),
];
pub(super) const COMPENSATIONS: Name = group("compensations", "compensaciones", RATE_AND_AMOUNT);
pub(super) const PAYMENT: &[Name] = &[
    leaf("method", "medio"),
    leaf("total", "total"),
    leaf("term", "plazo"),
    leaf("term_unit", "unidad_tiempo"),
];
pub(super) const PAYMENTS: Name = group("payments", "pagos", PAYMENT);
pub(super) const DETAILS: Name = leaf_list("details", "detalles_adicionales");
pub(super) const LINES: Name = group(
    "lines",
    "items",
    &[
        leaf("main_code", "codigo_principal"),
        leaf("auxiliary_code", "codigo_auxiliar"),
        leaf("description", "descripcion"),
        leaf("unit", "unidad_medida"),
        leaf("quantity", "cantidad"),
        leaf("unit_price", "precio_unitario"),
        leaf("price_without_subsidy", "precio_sin_subsidio"),
        leaf("discount", "descuento"),
        leaf("net", "precio_total_sin_impuestos"),
        DETAILS,
        group("taxes", "impuestos", TAX),
    ],
);
pub(super) const MODIFIED: Name = group(
    "modified_document",
    "",
    &[
        leaf("document_code", "tipo_documento_modificado"),
        leaf("number", "numero_documento_modificado"),
        leaf("issue_date", "fecha_emision_documento_modificado"),
    ],
);
pub(super) const REIMBURSEMENT: Name = group(
    "reimbursement",
    "reembolso",
    &[
        leaf("document_code", "codigo"),
        leaf("documents_total", "total"),
        leaf("base_total", "subtotal"),
        leaf("tax_total", "total_impuestos"),
    ],
);
pub(super) const REIMBURSED: Name = group(
    "reimbursed_documents",
    "reembolso.documentos",
    &[
        leaf("supplier_id_type", "tipo_identificacion_proveedor"),
        leaf("supplier_id", "identificacion_proveedor"),
        leaf("supplier_country", "pais_origen_proveedor"),
        leaf("supplier_type", "tipo_proveedor"),
        leaf("document_code", "tipo"),
        leaf("establishment", "codigo_establecimiento"),
        leaf("point", "codigo_punto_emision"),
        leaf("sequential", "secuencia"),
        leaf("issue_date", "fecha_emision"),
        leaf("authorization", "numero_autorizacion"),
        group("taxes", "impuestos", TAX),
    ],
);

/// A dictionary on the wire: its rows have no position there.
pub(super) const fn leaf_list(model: &'static str, wire: &'static str) -> Name {
    Name {
        model,
        wire,
        inside: &[],
        lists_unseen: 1,
    }
}

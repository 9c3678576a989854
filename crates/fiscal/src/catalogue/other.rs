//! Small tables: taxes, IRBPNR, RIMPE, withholdings inside an invoice and the
//! documents a reimbursement may cite.

use super::rate;
use crate::number::Rate;

/// `codigo` of the IVA (ficha técnica, table 16).
pub const TAX_VAT: &str = "2";
/// `codigo` of the ICE.
pub const TAX_ICE: &str = "3";
/// `codigo` of the IRBPNR.
pub const TAX_IRBPNR: &str = "5";

/// The only `codigoPorcentaje` of the IRBPNR.
pub const IRBPNR_RATE_CODE: &str = "5001";
/// IRBPNR: dollars per plastic bottle. The tax base counts bottles
/// (Ley de Fomento Ambiental, 2011).
pub const IRBPNR: Rate = rate(2);

/// `contribuyenteRimpe` of an emprendedor.
pub const RIMPE_ENTREPRENEUR: &str = "CONTRIBUYENTE RÉGIMEN RIMPE";
/// `contribuyenteRimpe` of a negocio popular (ficha técnica, anexo 22).
pub const RIMPE_SMALL_BUSINESS: &str = "CONTRIBUYENTE NEGOCIO POPULAR - RÉGIMEN RIMPE";
/// The only two texts `contribuyenteRimpe` takes.
pub const RIMPE_LEGENDS: [&str; 2] = [RIMPE_ENTREPRENEUR, RIMPE_SMALL_BUSINESS];

/// The only text `comercioExterior` takes.
pub const EXPORTER: &str = "EXPORTADOR";

/// `codDocReembolso` of an invoice that bills reimbursed expenses.
pub const REIMBURSEMENT_DOCUMENT: &str = "41";

/// A withholding printed inside an invoice (ficha técnica, tables 22 and 23);
/// its `codigo` is always 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvoiceWithholdingCode {
    /// `codigoPorcentaje`.
    pub code: &'static str,
    /// The name people know.
    pub name: &'static str,
    /// What is withheld.
    pub kind: InvoiceWithholdingKind,
    /// `tarifa` as the document prints it.
    pub rate: Rate,
}

/// What a withholding inside an invoice withholds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvoiceWithholdingKind {
    /// IVA, added up in `valorRetIva`.
    Vat,
    /// Renta, added up in `valorRetRenta`.
    IncomeTax,
}

/// Every withholding an invoice may print.
pub const WITHHOLDING_CODES: &[InvoiceWithholdingCode] = &[
    withholding(
        "3",
        "IVA presuntivo de combustibles (Res. NAC-DGERCGC21-00000063)",
        InvoiceWithholdingKind::Vat,
        1_00,
    ),
    withholding(
        "4",
        "IVA presuntivo de editores a voceadores",
        InvoiceWithholdingKind::Vat,
        12,
    ),
    withholding(
        "5",
        "IVA de prensa a distribuidores",
        InvoiceWithholdingKind::Vat,
        10_000,
    ),
    withholding(
        "6",
        "IVA de prensa a voceadores",
        InvoiceWithholdingKind::Vat,
        10_000,
    ),
    withholding(
        "327",
        "Renta, 2 por mil",
        InvoiceWithholdingKind::IncomeTax,
        20,
    ),
    withholding(
        "328",
        "Renta, 3 por mil",
        InvoiceWithholdingKind::IncomeTax,
        30,
    ),
];

/// The row of a withholding's `codigoPorcentaje`.
pub fn withholding_code(code: &str) -> Option<&'static InvoiceWithholdingCode> {
    WITHHOLDING_CODES.iter().find(|row| row.code == code)
}

const fn withholding(
    code: &'static str,
    name: &'static str,
    kind: InvoiceWithholdingKind,
    hundredths: u32,
) -> InvoiceWithholdingCode {
    InvoiceWithholdingCode {
        code,
        name,
        kind,
        rate: rate(hundredths),
    }
}

/// A document a reimbursement or a withholding cites (ATS, table 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SupportDocument {
    /// Two or three digits.
    pub code: &'static str,
    /// The name people know.
    pub name: &'static str,
}

/// The row of a document's code.
pub fn support_document(code: &str) -> Option<&'static SupportDocument> {
    SUPPORT_DOCUMENTS.iter().find(|row| row.code == code)
}

const fn document(code: &'static str, name: &'static str) -> SupportDocument {
    SupportDocument { code, name }
}

/// Every document of the table, with two (374 and 375) that only Dátil lists
/// (CONTRACT 8.8).
pub const SUPPORT_DOCUMENTS: &[SupportDocument] = &[
    document("01", "Factura"),
    document("02", "Nota de venta"),
    document("03", "Liquidación de compra"),
    document("04", "Nota de crédito"),
    document("05", "Nota de débito"),
    document("08", "Entradas a espectáculos públicos"),
    document("09", "Tiquetes de máquina registradora"),
    document("11", "Pasajes de empresas de aviación"),
    document("12", "Documentos de instituciones financieras"),
    document("15", "Comprobantes emitidos en el exterior"),
    document("16", "Formulario de exportación"),
    document("18", "Documentos utilizados en ventas"),
    document("19", "Pagos de cuotas o aportes"),
    document("20", "Documentos por servicios administrativos del Estado"),
    document("21", "Carta de porte aéreo"),
    document("22", "Recap (vouchers de tarjetas de crédito)"),
    document("23", "Nota de crédito de tarjeta de crédito"),
    document("24", "Nota de débito de tarjeta de crédito"),
    document("41", "Comprobante emitido por reembolso"),
    document(
        "42",
        "Retención presuntiva o emitida por el propio vendedor o intermediario",
    ),
    document("43", "Liquidación por explotación de hidrocarburos"),
    document("44", "Contribuciones y aportes"),
    document("45", "Liquidación por reclamos de aseguradoras"),
    document(
        "47",
        "Nota de crédito por reembolso emitida por intermediario",
    ),
    document(
        "48",
        "Nota de débito por reembolso emitida por intermediario",
    ),
    document(
        "49",
        "Proveedor directo de exportador bajo régimen especial",
    ),
    document("50", "Ventas a instituciones públicas exentas"),
    document("51", "Nota de crédito a instituciones públicas exentas"),
    document("52", "Nota de débito a instituciones públicas exentas"),
    document("294", "Liquidación de compra de bienes muebles usados"),
    document("344", "Liquidación de compra de vehículos usados"),
    document("364", "Acta de entrega-recepción PET"),
    document("370", "Factura de operadora de transporte"),
    document("371", "Comprobante de socio a operadora de transporte"),
    document("372", "Nota de crédito de operadora de transporte"),
    document("373", "Nota de débito de operadora de transporte"),
    document("374", "Nota de débito de operadora de transporte y socio"),
    document("375", "Liquidación de compra RISE"),
];

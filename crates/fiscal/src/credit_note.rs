//! The credit note (nota de crédito), complete: everything the schemas 1.0.0 and
//! 1.1.0 allow. Names of elements are given in each field's text.
//!
//! Held as [`crate::invoice`] holds an invoice. A [`TaxTotal`] of a credit note has
//! neither `tarifa` nor `descuentoAdicional`.

use jiff::civil::Date;

use crate::common::{
    AdditionalField, Compensation, FiscalMachine, LineDetail, ModifiedDocument, TaxInfo, TaxTotal,
};
use crate::number::{Amount, Quantity, Rate};

/// The schema a credit note is written by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CreditNoteVersion {
    /// Two decimals everywhere.
    V1_0_0,
    /// Six decimals in quantities and prices.
    V1_1_0,
}

impl CreditNoteVersion {
    /// Every version, oldest first.
    pub const ALL: [Self; 2] = [Self::V1_0_0, Self::V1_1_0];

    /// The text of the attribute `version`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V1_0_0 => "1.0.0",
            Self::V1_1_0 => "1.1.0",
        }
    }

    /// Reads the text of the attribute `version`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|version| version.as_str() == text)
    }
}

/// `notaCredito`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditNote {
    /// Attribute `version`.
    pub version: CreditNoteVersion,
    /// `infoTributaria`.
    pub tax_info: TaxInfo,
    /// `infoNotaCredito`.
    pub info: CreditNoteInfo,
    /// `detalles/detalle`, at least one.
    pub lines: Vec<CreditNoteLine>,
    /// `maquinaFiscal`.
    pub fiscal_machine: Option<FiscalMachine>,
    /// `infoAdicional/campoAdicional`, up to 15.
    pub additional_fields: Vec<AdditionalField>,
}

/// `infoNotaCredito`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditNoteInfo {
    /// `fechaEmision`, the day in Ecuador.
    pub issue_date: Date,
    /// `dirEstablecimiento`.
    pub establishment_address: Option<String>,
    /// `tipoIdentificacionComprador` (ficha técnica, table 6).
    pub receiver_id_type: String,
    /// `razonSocialComprador`.
    pub receiver_name: String,
    /// `identificacionComprador`.
    pub receiver_id: String,
    /// `contribuyenteEspecial`.
    pub special_taxpayer: Option<String>,
    /// `obligadoContabilidad`.
    pub keeps_accounts: Option<bool>,
    /// `rise`: the legend of a regime that ended in 2021.
    pub rise_legend: Option<String>,
    /// `codDocModificado`, `numDocModificado` and `fechaEmisionDocSustento`.
    pub modified_document: ModifiedDocument,
    /// `totalSinImpuestos`.
    pub net_total: Amount,
    /// `compensaciones/compensacion`, history of 2016 and 2017.
    pub compensations: Vec<Compensation>,
    /// `valorModificacion`, taxes included.
    pub total: Amount,
    /// `moneda`.
    pub currency: Option<String>,
    /// `totalConImpuestos/totalImpuesto`, at least one.
    pub tax_totals: Vec<TaxTotal>,
    /// `motivo`.
    pub reason: String,
}

/// `detalle`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditNoteLine {
    /// `codigoInterno`.
    pub main_code: Option<String>,
    /// `codigoAdicional`.
    pub auxiliary_code: Option<String>,
    /// `descripcion`.
    pub description: String,
    /// `cantidad`.
    pub quantity: Quantity,
    /// `precioUnitario`.
    pub unit_price: Quantity,
    /// `descuento`, of the whole line; optional here.
    pub discount: Option<Amount>,
    /// `precioTotalSinImpuesto`.
    pub net: Amount,
    /// `detallesAdicionales/detAdicional`, up to three.
    pub details: Vec<LineDetail>,
    /// `impuestos/impuesto`; the schema lets it be empty.
    pub taxes: Vec<CreditNoteTax>,
}

/// `impuesto` of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditNoteTax {
    /// `codigo`: 2 IVA, 3 ICE, 5 IRBPNR.
    pub code: String,
    /// `codigoPorcentaje`.
    pub rate_code: String,
    /// `tarifa`, optional here.
    pub rate: Option<Rate>,
    /// `baseImponible`.
    pub base: Amount,
    /// `valor`.
    pub amount: Amount,
}

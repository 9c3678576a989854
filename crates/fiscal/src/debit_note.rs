//! The debit note (nota de débito), complete: everything the schema 1.0.0
//! allows. Names of elements are given in each field's text.
//!
//! Held as [`crate::invoice`] holds an invoice. Instead of lines it has reasons
//! with an amount. A [`TaxTotal`] of a debit note must have a `tarifa` and has no
//! `descuentoAdicional`.

use jiff::civil::Date;

use crate::common::{
    AdditionalField, Compensation, FiscalMachine, ModifiedDocument, Payment, TaxInfo, TaxTotal,
};
use crate::number::Amount;

/// The schema a debit note is written by: there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DebitNoteVersion {
    /// Two decimals everywhere.
    V1_0_0,
}

impl DebitNoteVersion {
    /// Every version.
    pub const ALL: [Self; 1] = [Self::V1_0_0];

    /// The text of the attribute `version`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V1_0_0 => "1.0.0",
        }
    }

    /// Reads the text of the attribute `version`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|version| version.as_str() == text)
    }
}

/// `notaDebito`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DebitNote {
    /// Attribute `version`.
    pub version: DebitNoteVersion,
    /// `infoTributaria`.
    pub tax_info: TaxInfo,
    /// `infoNotaDebito`.
    pub info: DebitNoteInfo,
    /// `motivos/motivo`, at least one.
    pub reasons: Vec<DebitNoteReason>,
    /// `maquinaFiscal`.
    pub fiscal_machine: Option<FiscalMachine>,
    /// `infoAdicional/campoAdicional`, up to 15.
    pub additional_fields: Vec<AdditionalField>,
}

/// `infoNotaDebito`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DebitNoteInfo {
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
    /// `totalSinImpuestos`: the sum of the reasons. The schema lets it be negative.
    pub net_total: Amount,
    /// `impuestos/impuesto`, at least one.
    pub tax_totals: Vec<TaxTotal>,
    /// `compensaciones/compensacion`, history of 2016 and 2017.
    pub compensations: Vec<Compensation>,
    /// `valorTotal`, taxes included.
    pub total: Amount,
    /// Each `pagos`, and each `pago` inside. The schema lets `pagos` repeat; what
    /// issuers write is one. [`Self::payments`] gives them in one row.
    pub payment_lists: Vec<Vec<Payment>>,
}

impl DebitNoteInfo {
    /// Every `pago` of every `pagos`.
    pub fn payments(&self) -> impl Iterator<Item = &Payment> {
        self.payment_lists.iter().flatten()
    }
}

/// `motivo`: what is charged and how much, taxes not included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DebitNoteReason {
    /// `razon`.
    pub reason: String,
    /// `valor`.
    pub amount: Amount,
}

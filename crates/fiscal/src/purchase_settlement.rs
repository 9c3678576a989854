//! The purchase settlement (liquidación de compra de bienes y prestación de
//! servicios), complete: everything the schemas 1.0.0 and 1.1.0 allow. Names of
//! elements are given in each field's text.
//!
//! The issuer is the buyer; IVA is the only tax. Held as [`crate::invoice`] holds
//! an invoice. A [`TaxTotal`] here has no `valorDevolucionIva` and a
//! [`ReimbursedDocument`] no `compensacionesReembolso`.

use jiff::civil::Date;

use crate::common::{
    AdditionalField, FiscalMachine, Line, Payment, ReimbursedDocument, ReimbursementTotals,
    TaxInfo, TaxTotal,
};
use crate::number::Amount;

/// The schema a purchase settlement is written by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PurchaseSettlementVersion {
    /// Two decimals everywhere.
    V1_0_0,
    /// Six decimals in quantities and prices.
    V1_1_0,
}

impl PurchaseSettlementVersion {
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

/// `liquidacionCompra`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PurchaseSettlement {
    /// Attribute `version`.
    pub version: PurchaseSettlementVersion,
    /// `infoTributaria`.
    pub tax_info: TaxInfo,
    /// `infoLiquidacionCompra`.
    pub info: PurchaseSettlementInfo,
    /// `detalles/detalle`, at least one.
    pub lines: Vec<Line>,
    /// `reembolsos/reembolsoDetalle`.
    pub reimbursed_documents: Vec<ReimbursedDocument>,
    /// `tipoNegociable/correo`.
    pub negotiable_email: Option<String>,
    /// `maquinaFiscal`.
    pub fiscal_machine: Option<FiscalMachine>,
    /// `infoAdicional/campoAdicional`, up to 15.
    pub additional_fields: Vec<AdditionalField>,
}

/// `infoLiquidacionCompra`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PurchaseSettlementInfo {
    /// `fechaEmision`, the day in Ecuador.
    pub issue_date: Date,
    /// `dirEstablecimiento`.
    pub establishment_address: Option<String>,
    /// `contribuyenteEspecial`.
    pub special_taxpayer: Option<String>,
    /// `obligadoContabilidad`.
    pub keeps_accounts: Option<bool>,
    /// `tipoIdentificacionProveedor` (ficha técnica, table 6).
    pub supplier_id_type: String,
    /// `razonSocialProveedor`.
    pub supplier_name: String,
    /// `identificacionProveedor`.
    pub supplier_id: String,
    /// `direccionProveedor`.
    pub supplier_address: Option<String>,
    /// `totalSinImpuestos`.
    pub net_total: Amount,
    /// `totalDescuento`.
    pub discount_total: Amount,
    /// `codDocReembolso` and the three totals after it.
    pub reimbursement: ReimbursementTotals,
    /// `totalConImpuestos/totalImpuesto`, at least one.
    pub tax_totals: Vec<TaxTotal>,
    /// `importeTotal`.
    pub total: Amount,
    /// `moneda`.
    pub currency: Option<String>,
    /// `pagos/pago`.
    pub payments: Vec<Payment>,
}

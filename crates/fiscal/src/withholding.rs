//! The withholding certificate (comprobante de retención), complete: everything
//! the schemas 1.0.0 and 2.0.0 allow. Names of elements are given in each
//! field's text.
//!
//! The two schemas share the header and tell what was withheld in two shapes,
//! [`WithholdingBody`]: 1.0.0 lists taxes, 2.0.0 (which SRI calls ATS) lists the
//! documents that caused them.

use jiff::civil::Date;

use crate::common::{AdditionalField, FiscalMachine, TaxInfo};
use crate::number::{Amount, Rate};

/// The schema a withholding certificate is written by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WithholdingVersion {
    /// One row per tax.
    V1_0_0,
    /// One block per supporting document (ATS).
    V2_0_0,
}

impl WithholdingVersion {
    /// Every version, oldest first.
    pub const ALL: [Self; 2] = [Self::V1_0_0, Self::V2_0_0];

    /// The text of the attribute `version`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V1_0_0 => "1.0.0",
            Self::V2_0_0 => "2.0.0",
        }
    }

    /// Reads the text of the attribute `version`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|version| version.as_str() == text)
    }
}

/// `comprobanteRetencion`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withholding {
    /// `infoTributaria`.
    pub tax_info: TaxInfo,
    /// `infoCompRetencion`.
    pub info: WithholdingInfo,
    /// `impuestos` or `docsSustento`.
    pub body: WithholdingBody,
    /// `maquinaFiscal`.
    pub fiscal_machine: Option<FiscalMachine>,
    /// `infoAdicional/campoAdicional`, up to 15.
    pub additional_fields: Vec<AdditionalField>,
}

impl Withholding {
    /// The attribute `version`: the body's shape decides it.
    pub const fn version(&self) -> WithholdingVersion {
        match self.body {
            WithholdingBody::Taxes(_) => WithholdingVersion::V1_0_0,
            WithholdingBody::Documents(_) => WithholdingVersion::V2_0_0,
        }
    }
}

/// `infoCompRetencion`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithholdingInfo {
    /// `fechaEmision`, the day in Ecuador.
    pub issue_date: Date,
    /// `dirEstablecimiento`.
    pub establishment_address: Option<String>,
    /// `contribuyenteEspecial`.
    pub special_taxpayer: Option<String>,
    /// `obligadoContabilidad`.
    pub keeps_accounts: Option<bool>,
    /// `tipoIdentificacionSujetoRetenido` (ficha técnica, table 6).
    pub subject_id_type: String,
    /// `tipoSujetoRetenido`, only 2.0.0: 01 person, 02 company. Goes with
    /// identification type 08 and no other (error 52).
    pub subject_type: Option<String>,
    /// `parteRel`, only 2.0.0 and mandatory there.
    pub related_party: Option<bool>,
    /// `razonSocialSujetoRetenido`.
    pub subject_name: String,
    /// `identificacionSujetoRetenido`.
    pub subject_id: String,
    /// `periodoFiscal`, mm/aaaa.
    pub fiscal_period: String,
}

/// What was withheld.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WithholdingBody {
    /// 1.0.0: `impuestos/impuesto`, at least one.
    Taxes(Vec<WithheldTax>),
    /// 2.0.0: `docsSustento/docSustento`, at least one.
    Documents(Vec<SupportingDocument>),
}

/// `impuesto` of 1.0.0. The supporting document's elements are optional by
/// schema; they go together by rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithheldTax {
    /// `codigo`: 1 income tax, 2 IVA, 6 ISD.
    pub code: String,
    /// `codigoRetencion` (ficha técnica, table 20; ATS, table 3.10).
    pub withholding_code: String,
    /// `baseImponible`.
    pub base: Amount,
    /// `porcentajeRetener`, three significant digits.
    pub rate: Rate,
    /// `valorRetenido`.
    pub amount: Amount,
    /// `codDocSustento`, two digits.
    pub document_code: Option<String>,
    /// `numDocSustento`, 15 digits without hyphens.
    pub document_number: Option<String>,
    /// `fechaEmisionDocSustento`.
    pub document_date: Option<Date>,
}

/// `docSustento` of 2.0.0: one document that caused withholdings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupportingDocument {
    /// `codSustento` (ATS, table 5).
    pub support_code: String,
    /// `codDocSustento` (ATS, table 4), one to three digits.
    pub document_code: String,
    /// `numDocSustento`, 15 digits without hyphens.
    pub number: String,
    /// `fechaEmisionDocSustento`.
    pub issue_date: Date,
    /// `fechaRegistroContable`.
    pub accounting_date: Option<Date>,
    /// `numAutDocSustento`: 10, 37 or 49 digits.
    pub authorization: Option<String>,
    /// `pagoLocExt` and the five elements that follow it.
    pub payment_place: PaymentPlace,
    /// `totalComprobantesReembolso` and the two totals after it.
    pub reimbursement: SupportingReimbursementTotals,
    /// `totalSinImpuestos`.
    pub net_total: Amount,
    /// `importeTotal`.
    pub total: Amount,
    /// `impuestosDocSustento/impuestoDocSustento`, at least one.
    pub taxes: Vec<SupportingTax>,
    /// `retenciones/retencion`, at least one.
    pub withholdings: Vec<DocumentWithholding>,
    /// `reembolsos/reembolsoDetalle`.
    pub reimbursed_documents: Vec<SupportingReimbursement>,
    /// `pagos/pago`, at least one.
    pub payments: Vec<SupportingPayment>,
}

/// Where the supporting document was paid. All but the first are optional by
/// schema and say something of payments abroad.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentPlace {
    /// `pagoLocExt`: 01 in Ecuador, 02 abroad.
    pub code: String,
    /// `tipoRegi`: 01 general, 02 tax haven, 03 preferential.
    pub regime: Option<String>,
    /// `paisEfecPago` (ATS, tables 16 and 17).
    pub country: Option<String>,
    /// `aplicConvDobTrib`: whether a treaty on double taxation applies.
    pub double_taxation_treaty: Option<bool>,
    /// `pagExtSujRetNorLeg`: whether the law subjects the payment to withholding.
    pub subject_to_withholding: Option<bool>,
    /// `pagoRegFis`: whether the payment goes to a preferential regime.
    pub preferential_regime: Option<bool>,
}

/// The three totals of a reimbursement. Each is optional by schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SupportingReimbursementTotals {
    /// `totalComprobantesReembolso`.
    pub documents_total: Option<Amount>,
    /// `totalBaseImponibleReembolso`.
    pub base_total: Option<Amount>,
    /// `totalImpuestoReembolso`.
    pub tax_total: Option<Amount>,
}

/// `impuestoDocSustento`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupportingTax {
    /// `codImpuestoDocSustento`: 2 IVA, 3 ICE, 5 IRBPNR.
    pub code: String,
    /// `codigoPorcentaje`.
    pub rate_code: String,
    /// `baseImponible`.
    pub base: Amount,
    /// `tarifa`, three significant digits.
    pub rate: Rate,
    /// `valorImpuesto`.
    pub amount: Amount,
}

/// `retencion` of 2.0.0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentWithholding {
    /// `codigo`: 1 income tax, 2 IVA, 6 ISD.
    pub code: String,
    /// `codigoRetencion` (ficha técnica, table 20; ATS, table 3.10).
    pub withholding_code: String,
    /// `baseImponible`.
    pub base: Amount,
    /// `porcentajeRetener`, three significant digits.
    pub rate: Rate,
    /// `valorRetenido`.
    pub amount: Amount,
    /// `dividendos`, for `codSustento` 10.
    pub dividends: Option<Dividends>,
    /// `compraCajBanano`.
    pub banana_boxes: Option<BananaBoxes>,
}

/// `dividendos`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dividends {
    /// `fechaPagoDiv`.
    pub payment_date: Date,
    /// `imRentaSoc`: the income tax the company paid on them.
    pub income_tax: Amount,
    /// `ejerFisUtDiv`: the year of the profits, 1900 to 2099.
    pub year: String,
}

/// `compraCajBanano`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BananaBoxes {
    /// `numCajBan`, one to seven digits.
    pub count: String,
    /// `precCajBan`.
    pub price: Amount,
}

/// `reembolsoDetalle` of 2.0.0. Unlike that of other documents it has no
/// compensations and its rates are whole numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupportingReimbursement {
    /// `tipoIdentificacionProveedorReembolso`.
    pub supplier_id_type: String,
    /// `identificacionProveedorReembolso`.
    pub supplier_id: String,
    /// `codPaisPagoProveedorReembolso`.
    pub supplier_country: Option<String>,
    /// `tipoProveedorReembolso`: 01 person, 02 company.
    pub supplier_type: String,
    /// `codDocReembolso`, two digits.
    pub document_code: String,
    /// `estabDocReembolso`.
    pub establishment: String,
    /// `ptoEmiDocReembolso`.
    pub point: String,
    /// `secuencialDocReembolso`, nine digits.
    pub sequential: String,
    /// `fechaEmisionDocReembolso`.
    pub issue_date: Date,
    /// `numeroAutorizacionDocReemb` (here with a capital A): 10, 37 or 49 digits.
    pub authorization: String,
    /// `detalleImpuestos/detalleImpuesto`, at least one.
    pub taxes: Vec<SupportingReimbursementTax>,
}

/// `detalleImpuesto` of a reimbursed document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupportingReimbursementTax {
    /// `codigo`: 2 IVA, 3 ICE, 5 IRBPNR.
    pub code: String,
    /// `codigoPorcentaje`.
    pub rate_code: String,
    /// `tarifa`: one to four digits, no decimals.
    pub rate: String,
    /// `baseImponibleReembolso`.
    pub base: Amount,
    /// `impuestoReembolso`.
    pub amount: Amount,
}

/// `pago` of a supporting document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupportingPayment {
    /// `formaPago` (ficha técnica, table 24).
    pub method: String,
    /// `total`.
    pub total: Amount,
}

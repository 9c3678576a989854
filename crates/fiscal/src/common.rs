//! What several documents have in common: the header, lines, taxes, payments,
//! reimbursed documents. Names of elements are given in each field's text.

use jiff::civil::Date;

use crate::access_key::AccessKey;
use crate::identifier::{Environment, Ruc, Sequential, Series};
use crate::number::{Amount, Quantity, Rate};

/// `infoTributaria`, the header every document shares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxInfo {
    /// `ambiente`.
    pub environment: Environment,
    /// `tipoEmision`: 1; the schemas still take 2.
    pub emission_type: u8,
    /// `razonSocial`.
    pub legal_name: String,
    /// `nombreComercial`.
    pub trade_name: Option<String>,
    /// `ruc`.
    pub ruc: Ruc,
    /// `claveAcceso`.
    pub access_key: AccessKey,
    /// `estab` and `ptoEmi`.
    pub series: Series,
    /// `secuencial`.
    pub sequential: Sequential,
    /// `dirMatriz`.
    pub head_office_address: String,
    /// `agenteRetencion`.
    pub withholding_agent: Option<String>,
    /// `contribuyenteRimpe`.
    pub rimpe_legend: Option<String>,
}

/// `codDocReembolso` and the three totals of a reimbursement. Each element is
/// optional by schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReimbursementTotals {
    /// `codDocReembolso`: `41`.
    pub document_code: Option<String>,
    /// `totalComprobantesReembolso`.
    pub documents_total: Option<Amount>,
    /// `totalBaseImponibleReembolso`.
    pub base_total: Option<Amount>,
    /// `totalImpuestoReembolso`.
    pub tax_total: Option<Amount>,
}

/// `totalImpuesto`: one row per tax and rate code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxTotal {
    /// `codigo`: 2 IVA, 3 ICE, 5 IRBPNR.
    pub code: String,
    /// `codigoPorcentaje`.
    pub rate_code: String,
    /// `descuentoAdicional`, IVA rows only.
    pub additional_discount: Option<Amount>,
    /// `baseImponible`, before the additional discount.
    pub base: Amount,
    /// `tarifa`, optional here and mandatory in lines.
    pub rate: Option<Rate>,
    /// `valor`.
    pub amount: Amount,
    /// `valorDevolucionIva` (ficha técnica, section 13).
    pub vat_refund: Option<Amount>,
}

/// `compensacion`, also inside a reimbursed document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compensation {
    /// `codigo`.
    pub code: String,
    /// `tarifa`.
    pub rate: Rate,
    /// `valor`.
    pub amount: Amount,
}

/// `pago`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// `formaPago` (ficha técnica, table 24).
    pub method: String,
    /// `total`.
    pub total: Amount,
    /// `plazo`.
    pub term: Option<Quantity>,
    /// `unidadTiempo`.
    pub term_unit: Option<String>,
}

/// `detalle`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// `codigoPrincipal`.
    pub main_code: Option<String>,
    /// `codigoAuxiliar`.
    pub auxiliary_code: Option<String>,
    /// `descripcion`.
    pub description: String,
    /// `unidadMedida`.
    pub unit: Option<String>,
    /// `cantidad`.
    pub quantity: Quantity,
    /// `precioUnitario`.
    pub unit_price: Quantity,
    /// `precioSinSubsidio`.
    pub price_without_subsidy: Option<Quantity>,
    /// `descuento`, of the whole line.
    pub discount: Amount,
    /// `precioTotalSinImpuesto`.
    pub net: Amount,
    /// `detallesAdicionales/detAdicional`, up to three.
    pub details: Vec<LineDetail>,
    /// `impuestos/impuesto`, at least one.
    pub taxes: Vec<LineTax>,
}

/// `detAdicional`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineDetail {
    /// Attribute `nombre`.
    pub name: String,
    /// Attribute `valor`.
    pub value: String,
}

/// `impuesto` of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineTax {
    /// `codigo`: 2 IVA, 3 ICE, 5 IRBPNR.
    pub code: String,
    /// `codigoPorcentaje`.
    pub rate_code: String,
    /// `tarifa`.
    pub rate: Rate,
    /// `baseImponible`.
    pub base: Amount,
    /// `valor`.
    pub amount: Amount,
}

/// `reembolsoDetalle`: one document the issuer paid for somebody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReimbursedDocument {
    /// `tipoIdentificacionProveedorReembolso`.
    pub supplier_id_type: String,
    /// `identificacionProveedorReembolso`.
    pub supplier_id: String,
    /// `codPaisPagoProveedorReembolso`.
    pub supplier_country: Option<String>,
    /// `tipoProveedorReembolso`: 01 person, 02 company.
    pub supplier_type: String,
    /// `codDocReembolso` (ATS table 4).
    pub document_code: String,
    /// `estabDocReembolso`.
    pub establishment: String,
    /// `ptoEmiDocReembolso`.
    pub point: String,
    /// `secuencialDocReembolso`, nine digits.
    pub sequential: String,
    /// `fechaEmisionDocReembolso`.
    pub issue_date: Date,
    /// `numeroautorizacionDocReemb`: 10, 37 or 49 digits.
    pub authorization: String,
    /// `detalleImpuestos/detalleImpuesto`, at least one.
    pub taxes: Vec<LineTax>,
    /// `compensacionesReembolso/compensacionReembolso`.
    pub compensations: Vec<Compensation>,
}

/// `maquinaFiscal`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FiscalMachine {
    /// `marca`.
    pub brand: String,
    /// `modelo`.
    pub model: String,
    /// `serie`.
    pub serial: String,
}

/// `campoAdicional`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdditionalField {
    /// Attribute `nombre`.
    pub name: String,
    /// The text.
    pub value: String,
}

/// The document a note modifies: `codDocModificado` and the two elements after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModifiedDocument {
    /// `codDocModificado` (ficha técnica, table 3): normally `01`.
    pub document_code: String,
    /// `numDocModificado`, with hyphens.
    pub number: String,
    /// `fechaEmisionDocSustento`.
    pub issue_date: Date,
}

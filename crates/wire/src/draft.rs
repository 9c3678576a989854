//! A document of a sale between the wire and the model: every amount read and derived,
//! still in the currency and with the places of the request.

use jiff::civil::Date;
use rust_decimal::Decimal;
use tagua_fiscal::invoice::{Export, LineDetail};

/// The amounts of the document and what belongs to them.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub(super) lines: Vec<DraftLine>,
    pub(super) totals: DraftTotals,
    pub(super) payments: Vec<DraftPayment>,
    pub(super) credit: Option<DraftCredit>,
    pub(super) withheld_vat: Option<Decimal>,
    pub(super) withheld_income_tax: Option<Decimal>,
    pub(super) withholdings: Vec<DraftWithholding>,
    pub(super) compensations: Vec<DraftWithholding>,
    pub(super) export: Option<DraftExport>,
    pub(super) reimbursement: Option<DraftReimbursement>,
}

/// `items[]`.
#[derive(Clone, Debug)]
pub(super) struct DraftLine {
    pub(super) main_code: Option<String>,
    pub(super) auxiliary_code: Option<String>,
    pub(super) description: String,
    pub(super) unit: Option<String>,
    pub(super) quantity: Decimal,
    pub(super) unit_price: Decimal,
    pub(super) price_without_subsidy: Option<Decimal>,
    /// Of the whole line.
    pub(super) discount: Decimal,
    pub(super) net: Decimal,
    pub(super) details: Vec<LineDetail>,
    pub(super) taxes: Vec<DraftTax>,
}

/// A tax of a line or of a reimbursed document.
#[derive(Clone, Debug)]
pub(super) struct DraftTax {
    pub(super) code: String,
    pub(super) rate_code: String,
    pub(super) rate: Decimal,
    pub(super) base: Decimal,
    pub(super) amount: Decimal,
}

/// `totales`.
#[derive(Clone, Debug, Default)]
pub(super) struct DraftTotals {
    pub(super) net: Decimal,
    pub(super) discount: Decimal,
    /// The obsolete discount over all totals.
    pub(super) additional_discount: Decimal,
    pub(super) tip: Decimal,
    pub(super) total: Decimal,
    pub(super) subsidy: Option<Decimal>,
    pub(super) taxes: Vec<DraftTotal>,
}

/// `totales.impuestos[]`.
#[derive(Clone, Debug)]
pub(super) struct DraftTotal {
    pub(super) code: String,
    pub(super) rate_code: String,
    pub(super) additional_discount: Option<Decimal>,
    pub(super) base: Decimal,
    pub(super) rate: Option<Decimal>,
    pub(super) amount: Decimal,
}

/// `pagos[]`.
#[derive(Clone, Debug)]
pub(super) struct DraftPayment {
    pub(super) method: &'static str,
    pub(super) total: Decimal,
    /// Whether it was sent without a total and takes what the others leave.
    pub(super) takes_rest: bool,
    pub(super) term: Option<Decimal>,
    pub(super) term_unit: Option<String>,
}

/// `credito`.
#[derive(Clone, Debug)]
pub(super) struct DraftCredit {
    pub(super) method: &'static str,
    pub(super) amount: Decimal,
    pub(super) due_date: Date,
}

/// `retenciones[]` and `compensaciones[]`.
#[derive(Clone, Debug)]
pub(super) struct DraftWithholding {
    pub(super) code: String,
    pub(super) rate_code: String,
    pub(super) rate: Decimal,
    pub(super) amount: Decimal,
}

/// `exportacion`.
#[derive(Clone, Debug)]
pub(super) struct DraftExport {
    pub(super) data: Export,
    pub(super) incoterm_of_net_total: Option<String>,
    /// Freight, insurance, customs, other transport.
    pub(super) charges: [Option<Decimal>; 4],
}

/// `reembolso`.
#[derive(Clone, Debug)]
pub(super) struct DraftReimbursement {
    pub(super) document_code: String,
    pub(super) base_total: Decimal,
    pub(super) tax_total: Decimal,
    pub(super) total: Decimal,
    pub(super) documents: Vec<DraftReimbursed>,
}

/// `reembolso.documentos[]`.
#[derive(Clone, Debug)]
pub(super) struct DraftReimbursed {
    pub(super) supplier_id_type: String,
    pub(super) supplier_id: String,
    pub(super) supplier_country: Option<String>,
    pub(super) supplier_type: String,
    pub(super) document_code: String,
    pub(super) establishment: String,
    pub(super) point: String,
    pub(super) sequential: String,
    pub(super) issue_date: Date,
    pub(super) authorization: String,
    pub(super) taxes: Vec<DraftTax>,
}

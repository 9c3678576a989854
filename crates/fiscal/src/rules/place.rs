//! Every place that a finding can name, with the documents that have it.

use super::ModelPath;
use crate::identifier::DocumentType;

/// A [`ModelPath`] with its positions left open. The constants of this module
/// are the only ones, so that [`places`] is complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place(&'static str);

impl Place {
    /// The path, positions filled in from the outside inwards.
    pub(super) fn at(self, positions: &[usize]) -> ModelPath {
        ModelPath::fill(self.0, positions)
    }
}

/// The places that findings about a document of this type can name, as
/// [`ModelPath::pattern`] gives them: `lines[].taxes[].amount`.
pub fn places(of: DocumentType) -> impl Iterator<Item = &'static str> {
    let rows = PLACES.iter().filter(move |(_, types)| types.contains(&of));
    rows.map(|(place, _)| place.0)
}

use DocumentType::{
    CreditNote as CN, DebitNote as DN, Invoice as I, PurchaseSettlement as PS, Waybill as WB,
    Withholding as W,
};

macro_rules! places {
    ($($name:ident = $pattern:literal in [$($of:ident),*];)*) => {
        $(pub(super) const $name: Place = Place($pattern);)*

        const PLACES: &[(Place, &[DocumentType])] = &[$(($name, &[$($of),*]),)*];
    };
}

places! {
    ACCESS_KEY = "tax_info.access_key" in [I, PS, CN, DN, WB, W];
    RUC = "tax_info.ruc" in [I, PS, CN, DN, WB, W];
    RIMPE_LEGEND = "tax_info.rimpe_legend" in [I, PS, CN, DN, WB, W];
    WITHHOLDING_AGENT = "tax_info.withholding_agent" in [I, PS, CN, DN, WB, W];
    ADDITIONAL_FIELDS = "additional_fields" in [I, PS, CN, DN, WB, W];

    ISSUE_DATE = "info.issue_date" in [I, PS, CN, DN, W];
    RECEIVER_ID = "info.receiver_id" in [I, CN, DN];
    RECEIVER_ID_TYPE = "info.receiver_id_type" in [CN, DN];
    RECEIVER_NAME = "info.receiver_name" in [I];
    RECEIVER_ADDRESS = "info.receiver_address" in [I];
    SUPPLIER_ID = "info.supplier_id" in [PS];
    SUPPLIER_ID_TYPE = "info.supplier_id_type" in [PS];
    RISE_LEGEND = "info.rise_legend" in [CN, DN];
    MODIFIED_CODE = "info.modified_document.document_code" in [CN, DN];
    MODIFIED_DATE = "info.modified_document.issue_date" in [CN, DN];

    NET_TOTAL = "info.net_total" in [I, PS, CN, DN];
    DISCOUNT_TOTAL = "info.discount_total" in [I, PS];
    TIP = "info.tip" in [I];
    TOTAL = "info.total" in [I, PS, CN, DN];
    TAX_TOTALS = "info.tax_totals" in [DN];
    TAX_TOTAL_RATE_CODE = "info.tax_totals[].rate_code" in [DN];
    TAX_TOTAL_RATE = "info.tax_totals[].rate" in [I, PS, DN];
    TAX_TOTAL_BASE = "info.tax_totals[].base" in [I, PS, CN];
    TAX_TOTAL_AMOUNT = "info.tax_totals[].amount" in [I, PS, CN, DN];
    TAX_TOTAL_DISCOUNT = "info.tax_totals[].additional_discount" in [I, PS];
    TAX_TOTAL_REFUND = "info.tax_totals[].vat_refund" in [I, PS, CN, DN];
    PAYMENTS = "info.payments" in [I, PS];
    PAYMENT_METHOD = "info.payments[].method" in [I, PS];
    PAYMENT_LISTS = "info.payment_lists" in [DN];
    PAYMENT_LIST_METHOD = "info.payment_lists[][].method" in [DN];
    WITHHELD_VAT = "info.withheld_vat" in [I];
    WITHHELD_INCOME_TAX = "info.withheld_income_tax" in [I];
    INVOICE_PLATE = "info.plate" in [I];

    LINE_NET = "lines[].net" in [I, PS, CN];
    LINE_AUXILIARY_CODE = "lines[].auxiliary_code" in [I, PS, CN];
    LINE_DETAILS = "lines[].details" in [I, PS, CN];
    LINE_TAX = "lines[].taxes[]" in [I, PS, CN];
    LINE_TAX_RATE_CODE = "lines[].taxes[].rate_code" in [I, PS, CN];
    LINE_TAX_RATE = "lines[].taxes[].rate" in [I, PS, CN];
    LINE_TAX_BASE = "lines[].taxes[].base" in [I, PS, CN];
    LINE_TAX_AMOUNT = "lines[].taxes[].amount" in [I, PS, CN];

    FOREIGN_TRADE = "info.export.foreign_trade" in [I];
    INCOTERM = "info.export.incoterm" in [I];
    INCOTERM_PLACE = "info.export.incoterm_place" in [I];
    ORIGIN_COUNTRY = "info.export.origin_country" in [I];
    ORIGIN_PORT = "info.export.origin_port" in [I];
    DESTINATION_PORT = "info.export.destination_port" in [I];
    DESTINATION_COUNTRY = "info.export.destination_country" in [I];
    ACQUISITION_COUNTRY = "info.export.acquisition_country" in [I];
    INCOTERM_OF_NET_TOTAL = "info.incoterm_of_net_total" in [I];
    INVOICE_WITHHOLDING_CODE = "withholdings[].rate_code" in [I];
    SUBSTITUTE_CARRIER_ID = "substitute_waybill.carrier_id" in [I];

    REIMBURSEMENT_CODE = "info.reimbursement.document_code" in [I, PS];
    REIMBURSEMENT_TOTAL = "info.reimbursement.documents_total" in [I, PS];
    REIMBURSEMENT_BASE = "info.reimbursement.base_total" in [I, PS];
    REIMBURSEMENT_TAX = "info.reimbursement.tax_total" in [I, PS];
    REIMBURSED = "reimbursed_documents" in [I, PS];
    REIMBURSED_SUPPLIER = "reimbursed_documents[].supplier_id" in [I, PS];
    REIMBURSED_COUNTRY = "reimbursed_documents[].supplier_country" in [I, PS];
    REIMBURSED_AUTHORIZATION = "reimbursed_documents[].authorization" in [I, PS];
    REIMBURSED_TAX_AMOUNT = "reimbursed_documents[].taxes[].amount" in [I, PS];

    CARRIER_ID = "info.carrier_id" in [WB];
    START_DATE = "info.start_date" in [WB];
    END_DATE = "info.end_date" in [WB];
    RECIPIENT_ID = "recipients[].id" in [WB];
    RECIPIENT_DOCUMENT = "recipients[].supporting_document" in [WB];
    RECIPIENT_DOCUMENT_CODE = "recipients[].supporting_document.document_code" in [WB];
    RECIPIENT_AUTHORIZATION = "recipients[].supporting_document.authorization" in [WB];
    RECIPIENT_DOCUMENT_DATE = "recipients[].supporting_document.issue_date" in [WB];
    RECIPIENT_LINE_DETAILS = "recipients[].lines[].details" in [WB];

    SUBJECT_ID = "info.subject_id" in [W];
    SUBJECT_ID_TYPE = "info.subject_id_type" in [W];
    SUBJECT_TYPE = "info.subject_type" in [W];
    FISCAL_PERIOD = "info.fiscal_period" in [W];

    TAX_CODE = "body.taxes[].withholding_code" in [W];
    TAX_RATE = "body.taxes[].rate" in [W];
    TAX_AMOUNT = "body.taxes[].amount" in [W];
    TAX_DOCUMENT_CODE = "body.taxes[].document_code" in [W];
    TAX_DOCUMENT_NUMBER = "body.taxes[].document_number" in [W];
    TAX_DOCUMENT_DATE = "body.taxes[].document_date" in [W];

    SUPPORT_CODE = "body.documents[].support_code" in [W];
    SUPPORTING_CODE = "body.documents[].document_code" in [W];
    SUPPORTING_NUMBER = "body.documents[].number" in [W];
    SUPPORTING_DATE = "body.documents[].issue_date" in [W];
    SUPPORTING_AUTHORIZATION = "body.documents[].authorization" in [W];
    SUPPORTING_REGIME = "body.documents[].payment_place.regime" in [W];
    SUPPORTING_COUNTRY = "body.documents[].payment_place.country" in [W];
    SUPPORTING_TREATY = "body.documents[].payment_place.double_taxation_treaty" in [W];
    SUPPORTING_LAW = "body.documents[].payment_place.subject_to_withholding" in [W];
    SUPPORTING_PREFERENTIAL = "body.documents[].payment_place.preferential_regime" in [W];
    SUPPORTING_NET = "body.documents[].net_total" in [W];
    SUPPORTING_TOTAL = "body.documents[].total" in [W];
    SUPPORTING_TAX_RATE_CODE = "body.documents[].taxes[].rate_code" in [W];
    SUPPORTING_TAX_RATE = "body.documents[].taxes[].rate" in [W];
    SUPPORTING_TAX_AMOUNT = "body.documents[].taxes[].amount" in [W];
    WITHHELD = "body.documents[].withholdings" in [W];
    WITHHELD_CODE = "body.documents[].withholdings[].withholding_code" in [W];
    WITHHELD_RATE = "body.documents[].withholdings[].rate" in [W];
    WITHHELD_AMOUNT = "body.documents[].withholdings[].amount" in [W];
    WITHHELD_DIVIDENDS = "body.documents[].withholdings[].dividends" in [W];
    WITHHELD_BOXES = "body.documents[].withholdings[].banana_boxes" in [W];
    SUPPORTING_PAYMENTS = "body.documents[].payments" in [W];
    SUPPORTING_PAYMENT_METHOD = "body.documents[].payments[].method" in [W];
    SUPPORTING_REIMBURSEMENT = "body.documents[].reimbursement" in [W];
    SUPPORTING_REIMBURSEMENT_TOTAL = "body.documents[].reimbursement.documents_total" in [W];
    SUPPORTING_REIMBURSEMENT_BASE = "body.documents[].reimbursement.base_total" in [W];
    SUPPORTING_REIMBURSEMENT_TAX = "body.documents[].reimbursement.tax_total" in [W];
    SUPPORTING_REIMBURSED = "body.documents[].reimbursed_documents" in [W];
    SUPPORTING_REIMBURSED_SUPPLIER = "body.documents[].reimbursed_documents[].supplier_id" in [W];
    SUPPORTING_REIMBURSED_COUNTRY = "body.documents[].reimbursed_documents[].supplier_country" in [W];
    SUPPORTING_REIMBURSED_AUTHORIZATION = "body.documents[].reimbursed_documents[].authorization" in [W];
    SUPPORTING_REIMBURSED_TAX_AMOUNT = "body.documents[].reimbursed_documents[].taxes[].amount" in [W];
}

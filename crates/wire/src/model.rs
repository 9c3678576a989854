//! From the draft to the model: rounding and names, nothing else.

use std::mem;

use tagua_fiscal::invoice::{
    Compensation, Invoice, InvoiceInfo, InvoiceVersion, InvoiceWithholding, Line, LineTax, Payment,
    ReimbursedDocument, ReimbursementTotals, TaxTotal,
};
use tagua_fiscal::{Amount, Quantity, Rate};

use super::draft::{
    DraftLine, DraftPayment, DraftReimbursed, DraftReimbursement, DraftTax, DraftTotal,
    DraftWithholding,
};
use super::invoice::InvoiceContent;
use super::request::CommonParts;

impl InvoiceContent {
    pub(super) fn into_invoice(self, common: CommonParts) -> Invoice {
        let mut content = self;
        let info = content.info(&common);
        let draft = mem::take(&mut content.sale.draft);
        Invoice {
            version: InvoiceVersion::V2_1_0,
            info,
            lines: draft.lines.into_iter().map(line).collect(),
            reimbursed_documents: draft
                .reimbursement
                .into_iter()
                .flat_map(|reimbursement| reimbursement.documents)
                .map(reimbursed_document)
                .collect(),
            withholdings: draft
                .withholdings
                .into_iter()
                .map(|row| InvoiceWithholding {
                    code: row.code,
                    rate_code: row.rate_code,
                    rate: Rate::rounded(row.rate),
                    amount: Amount::rounded(row.amount),
                })
                .collect(),
            substitute_waybill: None,
            third_party_items: Vec::new(),
            negotiable_email: content.negotiable_email,
            fiscal_machine: None,
            additional_fields: common.additional_fields,
            tax_info: common.tax_info,
        }
    }

    fn info(&self, common: &CommonParts) -> InvoiceInfo {
        let Self { receiver, sale, .. } = self;
        let draft = &sale.draft;
        let issuer = &common.issuer;
        let export = draft.export.as_ref();
        let [freight, insurance, customs, other] = export.map_or([None; 4], |e| e.charges);
        let amount = |value: Option<_>| value.map(Amount::rounded);
        InvoiceInfo {
            issue_date: common.issue_date,
            establishment_address: issuer.establishment_address.clone(),
            special_taxpayer: issuer.special_taxpayer.clone(),
            keeps_accounts: issuer.keeps_accounts,
            export: export.map(|e| e.data.clone()).unwrap_or_default(),
            receiver_id_type: receiver.id_type.clone(),
            waybill_number: self.waybill_number.clone(),
            receiver_name: receiver.name.clone(),
            receiver_id: receiver.id.clone(),
            receiver_address: receiver.address.clone(),
            net_total: Amount::rounded(draft.totals.net),
            subsidy_total: amount(draft.totals.subsidy),
            incoterm_of_net_total: export.and_then(|e| e.incoterm_of_net_total.clone()),
            discount_total: Amount::rounded(draft.totals.discount),
            reimbursement: reimbursement_totals(draft.reimbursement.as_ref()),
            tax_totals: draft.totals.taxes.iter().map(tax_total).collect(),
            compensations: draft.compensations.iter().map(compensation).collect(),
            tip: Some(Amount::rounded(draft.totals.tip)),
            international_freight: amount(freight),
            international_insurance: amount(insurance),
            customs_expenses: amount(customs),
            other_transport_expenses: amount(other),
            total: Amount::rounded(draft.totals.total),
            currency: Some(sale.currency.clone()),
            plate: None,
            payments: draft.payments.iter().map(payment).collect(),
            withheld_vat: amount(draft.withheld_vat),
            withheld_income_tax: amount(draft.withheld_income_tax),
        }
    }
}

pub(super) fn line(draft: DraftLine) -> Line {
    Line {
        main_code: draft.main_code,
        auxiliary_code: draft.auxiliary_code,
        description: draft.description,
        unit: draft.unit,
        quantity: Quantity::rounded(draft.quantity),
        unit_price: Quantity::rounded(draft.unit_price),
        price_without_subsidy: draft.price_without_subsidy.map(Quantity::rounded),
        discount: Amount::rounded(draft.discount),
        net: Amount::rounded(draft.net),
        details: draft.details,
        taxes: draft.taxes.into_iter().map(line_tax).collect(),
    }
}

fn line_tax(draft: DraftTax) -> LineTax {
    LineTax {
        code: draft.code,
        rate_code: draft.rate_code,
        rate: Rate::rounded(draft.rate),
        base: Amount::rounded(draft.base),
        amount: Amount::rounded(draft.amount),
    }
}

pub(super) fn tax_total(draft: &DraftTotal) -> TaxTotal {
    TaxTotal {
        code: draft.code.clone(),
        rate_code: draft.rate_code.clone(),
        additional_discount: draft.additional_discount.map(Amount::rounded),
        base: Amount::rounded(draft.base),
        rate: draft.rate.map(Rate::rounded),
        amount: Amount::rounded(draft.amount),
        vat_refund: None,
    }
}

pub(super) fn compensation(draft: &DraftWithholding) -> Compensation {
    Compensation {
        code: draft.code.clone(),
        rate: Rate::rounded(draft.rate),
        amount: Amount::rounded(draft.amount),
    }
}

pub(super) fn payment(draft: &DraftPayment) -> Payment {
    Payment {
        method: draft.method.to_owned(),
        total: Amount::rounded(draft.total),
        term: draft.term.map(|term| Quantity::exact(term.normalize())),
        term_unit: draft.term_unit.clone(),
    }
}

pub(super) fn reimbursement_totals(draft: Option<&DraftReimbursement>) -> ReimbursementTotals {
    let Some(draft) = draft else {
        return ReimbursementTotals::default();
    };
    ReimbursementTotals {
        document_code: Some(draft.document_code.clone()),
        documents_total: Some(Amount::rounded(draft.total)),
        base_total: Some(Amount::rounded(draft.base_total)),
        tax_total: Some(Amount::rounded(draft.tax_total)),
    }
}

pub(super) fn reimbursed_document(draft: DraftReimbursed) -> ReimbursedDocument {
    ReimbursedDocument {
        supplier_id_type: draft.supplier_id_type,
        supplier_id: draft.supplier_id,
        supplier_country: draft.supplier_country,
        supplier_type: draft.supplier_type,
        document_code: draft.document_code,
        establishment: draft.establishment,
        point: draft.point,
        sequential: draft.sequential,
        issue_date: draft.issue_date,
        authorization: draft.authorization,
        taxes: draft.taxes.into_iter().map(line_tax).collect(),
        compensations: Vec::new(),
    }
}

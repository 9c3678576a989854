//! Documents of the five types that are no invoice, without any finding.

use tagua_fiscal::common::*;
use tagua_fiscal::credit_note::*;
use tagua_fiscal::debit_note::*;
use tagua_fiscal::purchase_settlement::*;
use tagua_fiscal::waybill::*;
use tagua_fiscal::withholding::*;
use tagua_fiscal::{AccessKeyParts, DocumentType};

use crate::sample::{
    self, TODAY, amount, key_parts, line, quantity, rate, reimbursed_document, tax, tax_total,
};

/// The header of the invoices, with the key of another type.
fn tax_info(document_type: DocumentType) -> TaxInfo {
    let parts = AccessKeyParts {
        document_type,
        ..key_parts()
    };
    TaxInfo {
        access_key: parts.key(),
        ..sample::invoice().tax_info
    }
}

/// 19.00 at 15 % with a discount, bought from a person.
pub(crate) fn settlement() -> PurchaseSettlement {
    let vat = tax("2", "4", "15.00", "19.00", "2.85");
    PurchaseSettlement {
        version: PurchaseSettlementVersion::V1_1_0,
        tax_info: tax_info(DocumentType::PurchaseSettlement),
        info: PurchaseSettlementInfo {
            issue_date: TODAY,
            establishment_address: None,
            special_taxpayer: None,
            keeps_accounts: Some(true),
            supplier_id_type: "05".into(),
            supplier_name: "Juana Pérez".into(),
            supplier_id: "1710034065".into(),
            supplier_address: None,
            net_total: amount("19.00"),
            discount_total: amount("1.00"),
            reimbursement: ReimbursementTotals::default(),
            tax_totals: vec![tax_total("2", "4", "19.00", "2.85")],
            total: amount("21.85"),
            currency: Some("DOLAR".into()),
            payments: vec![payment("21.85")],
        },
        lines: vec![line("2.00", "10.00", "1.00", "19.00", vat)],
        reimbursed_documents: vec![],
        negotiable_email: None,
        fiscal_machine: None,
        additional_fields: vec![],
    }
}

/// 10 dollars of expenses with 1.50 of IVA, paid back to the one who had them.
pub(crate) fn settled_reimbursement() -> PurchaseSettlement {
    let mut settlement = settlement();
    let vat = tax("2", "6", "0.00", "11.50", "0.00");
    settlement.lines = vec![line("1.00", "11.50", "0.00", "11.50", vat)];
    settlement.reimbursed_documents = vec![reimbursed_document()];
    let info = &mut settlement.info;
    info.reimbursement = sample::reimbursement().info.reimbursement;
    info.net_total = amount("11.50");
    info.discount_total = amount("0.00");
    info.tax_totals = vec![tax_total("2", "6", "11.50", "0.00")];
    info.total = amount("11.50");
    info.payments = vec![payment("11.50")];
    settlement
}

/// 19.00 at 15 % given back, of the day before.
pub(crate) fn credit_note() -> CreditNote {
    CreditNote {
        version: CreditNoteVersion::V1_1_0,
        tax_info: tax_info(DocumentType::CreditNote),
        info: CreditNoteInfo {
            issue_date: TODAY,
            establishment_address: None,
            receiver_id_type: "05".into(),
            receiver_name: "Juana Pérez".into(),
            receiver_id: "1710034065".into(),
            special_taxpayer: None,
            keeps_accounts: Some(true),
            rise_legend: None,
            modified_document: modified_document(),
            net_total: amount("19.00"),
            compensations: vec![],
            total: amount("21.85"),
            currency: Some("DOLAR".into()),
            tax_totals: vec![tax_total("2", "4", "19.00", "2.85")],
            reason: "Devolución".into(),
        },
        lines: vec![CreditNoteLine {
            main_code: None,
            auxiliary_code: None,
            description: "Café".into(),
            quantity: quantity("2.00"),
            unit_price: quantity("10.00"),
            discount: Some(amount("1.00")),
            net: amount("19.00"),
            details: vec![],
            taxes: vec![credit_tax("2", "4", Some("15.00"), "19.00", "2.85")],
        }],
        fiscal_machine: None,
        additional_fields: vec![],
    }
}

pub(crate) fn credit_tax(
    code: &str,
    rate_code: &str,
    percent: Option<&str>,
    base: &str,
    value: &str,
) -> CreditNoteTax {
    CreditNoteTax {
        code: code.into(),
        rate_code: rate_code.into(),
        rate: percent.map(rate),
        base: amount(base),
        amount: amount(value),
    }
}

/// 10.00 of interest at 15 % and 5.00 at 0 %.
pub(crate) fn debit_note() -> DebitNote {
    let reason = |reason: &str, value: &str| DebitNoteReason {
        reason: reason.into(),
        amount: amount(value),
    };
    DebitNote {
        version: DebitNoteVersion::V1_0_0,
        tax_info: tax_info(DocumentType::DebitNote),
        info: DebitNoteInfo {
            issue_date: TODAY,
            establishment_address: None,
            receiver_id_type: "05".into(),
            receiver_name: "Juana Pérez".into(),
            receiver_id: "1710034065".into(),
            special_taxpayer: None,
            keeps_accounts: Some(true),
            rise_legend: None,
            modified_document: modified_document(),
            net_total: amount("15.00"),
            tax_totals: vec![
                debit_tax("4", "15.00", "10.00", "1.50"),
                debit_tax("0", "0.00", "5.00", "0.00"),
            ],
            compensations: vec![],
            total: amount("16.50"),
            payment_lists: vec![vec![payment("16.50")]],
        },
        reasons: vec![reason("Interés", "10.00"), reason("Protesto", "5.00")],
        fiscal_machine: None,
        additional_fields: vec![],
    }
}

pub(crate) fn debit_tax(rate_code: &str, percent: &str, base: &str, value: &str) -> TaxTotal {
    TaxTotal {
        rate: Some(rate(percent)),
        ..tax_total("2", rate_code, base, value)
    }
}

/// One delivery that starts today, for an invoice of the day before.
pub(crate) fn waybill() -> Waybill {
    Waybill {
        version: WaybillVersion::V1_1_0,
        tax_info: tax_info(DocumentType::Waybill),
        info: WaybillInfo {
            establishment_address: None,
            departure_address: "Quito".into(),
            carrier_name: "Transportes Andinos".into(),
            carrier_id_type: "04".into(),
            carrier_id: "1760013210001".into(),
            rise: None,
            keeps_accounts: None,
            special_taxpayer: None,
            start_date: TODAY,
            end_date: TODAY,
            plate: "PBA1234".into(),
        },
        recipients: vec![Recipient {
            id: "1710034065".into(),
            name: "Juana Pérez".into(),
            address: "Manta".into(),
            reason: "Venta".into(),
            customs_document: None,
            establishment: None,
            route: None,
            supporting_document: SupportingReference {
                document_code: Some("01".into()),
                number: Some("001-002-000000123".into()),
                authorization: Some(key_of_yesterday()),
                issue_date: Some(TODAY.yesterday().unwrap()),
            },
            lines: vec![WaybillLine {
                main_code: None,
                auxiliary_code: None,
                description: "Café".into(),
                quantity: quantity("2.00"),
                details: vec![],
            }],
        }],
        fiscal_machine: None,
        additional_fields: vec![],
    }
}

/// 2 % of renta and 30 % of the IVA of 100.00, on an invoice of the day before.
pub(crate) fn retention() -> Withholding {
    let row = |code: &str, withholding: &str, base: &str, percent: &str, value: &str| WithheldTax {
        code: code.into(),
        withholding_code: withholding.into(),
        base: amount(base),
        rate: rate(percent),
        amount: amount(value),
        document_code: Some("01".into()),
        document_number: Some("001002000000123".into()),
        document_date: Some(TODAY.yesterday().unwrap()),
    };
    Withholding {
        tax_info: tax_info(DocumentType::Withholding),
        info: WithholdingInfo {
            issue_date: TODAY,
            establishment_address: None,
            special_taxpayer: None,
            keeps_accounts: Some(true),
            subject_id_type: "04".into(),
            subject_type: None,
            related_party: None,
            subject_name: "Proveedor".into(),
            subject_id: "1760013210001".into(),
            fiscal_period: "07/2026".into(),
        },
        body: WithholdingBody::Taxes(vec![
            row("1", "312", "100.00", "2.00", "2.00"),
            row("2", "1", "15.00", "30.00", "4.50"),
        ]),
        fiscal_machine: None,
        additional_fields: vec![],
    }
}

/// The same by the schema 2.0.0.
pub(crate) fn ats() -> Withholding {
    let mut certificate = retention();
    certificate.info.related_party = Some(false);
    certificate.body = WithholdingBody::Documents(vec![supporting_document()]);
    certificate
}

fn supporting_document() -> SupportingDocument {
    SupportingDocument {
        support_code: "01".into(),
        document_code: "01".into(),
        number: "001002000000123".into(),
        issue_date: TODAY.yesterday().unwrap(),
        accounting_date: None,
        authorization: Some(key_of_yesterday()),
        payment_place: local_payment(),
        reimbursement: SupportingReimbursementTotals::default(),
        net_total: amount("100.00"),
        total: amount("115.00"),
        taxes: vec![SupportingTax {
            code: "2".into(),
            rate_code: "4".into(),
            base: amount("100.00"),
            rate: rate("15.00"),
            amount: amount("15.00"),
        }],
        withholdings: vec![
            withheld("1", "312", "100.00", "2.00", "2.00"),
            withheld("2", "1", "15.00", "30.00", "4.50"),
        ],
        reimbursed_documents: vec![],
        payments: vec![SupportingPayment {
            method: "20".into(),
            total: amount("115.00"),
        }],
    }
}

pub(crate) fn withheld(
    code: &str,
    withholding: &str,
    base: &str,
    percent: &str,
    value: &str,
) -> DocumentWithholding {
    DocumentWithholding {
        code: code.into(),
        withholding_code: withholding.into(),
        base: amount(base),
        rate: rate(percent),
        amount: amount(value),
        dividends: None,
        banana_boxes: None,
    }
}

pub(crate) fn local_payment() -> PaymentPlace {
    PaymentPlace {
        code: "01".into(),
        regime: None,
        country: None,
        double_taxation_treaty: None,
        subject_to_withholding: None,
        preferential_regime: None,
    }
}

/// To Germany, by its treaty.
pub(crate) fn foreign_payment() -> PaymentPlace {
    PaymentPlace {
        code: "02".into(),
        regime: Some("01".into()),
        country: Some("202".into()),
        double_taxation_treaty: Some(true),
        subject_to_withholding: None,
        preferential_regime: Some(false),
    }
}

/// The same certificate about a reimbursement of 100.00.
pub(crate) fn ats_reimbursement() -> Withholding {
    let mut certificate = ats();
    let document = first(&mut certificate);
    document.document_code = "41".into();
    document.authorization = None;
    document.reimbursement = SupportingReimbursementTotals {
        documents_total: Some(amount("115.00")),
        base_total: Some(amount("100.00")),
        tax_total: Some(amount("15.00")),
    };
    document.reimbursed_documents = vec![SupportingReimbursement {
        supplier_id_type: "04".into(),
        supplier_id: "1760013210001".into(),
        supplier_country: Some("593".into()),
        supplier_type: "02".into(),
        document_code: "01".into(),
        establishment: "001".into(),
        point: "001".into(),
        sequential: "000000007".into(),
        issue_date: TODAY,
        authorization: "1234567890".into(),
        taxes: vec![SupportingReimbursementTax {
            code: "2".into(),
            rate_code: "4".into(),
            rate: "15".into(),
            base: amount("100.00"),
            amount: amount("15.00"),
        }],
    }];
    certificate
}

/// 1.75 % that an issuer withholds from itself.
pub(crate) fn self_withholding() -> Withholding {
    let mut certificate = ats();
    certificate.info.subject_id = certificate.tax_info.ruc.to_string();
    let document = first(&mut certificate);
    document.support_code = "12".into();
    document.document_code = "42".into();
    document.number = "001002000000123".into();
    document.authorization = None;
    document.withholdings = vec![withheld("1", "350", "100.00", "1.75", "1.75")];
    certificate
}

/// The first supporting document of a certificate 2.0.0.
pub(crate) fn first(certificate: &mut Withholding) -> &mut SupportingDocument {
    let WithholdingBody::Documents(documents) = &mut certificate.body else {
        panic!("the certificate lists taxes");
    };
    &mut documents[0]
}

/// The first row of a certificate 1.0.0.
pub(crate) fn first_tax(certificate: &mut Withholding) -> &mut WithheldTax {
    let WithholdingBody::Taxes(taxes) = &mut certificate.body else {
        panic!("the certificate lists documents");
    };
    &mut taxes[0]
}

fn modified_document() -> ModifiedDocument {
    ModifiedDocument {
        document_code: "01".into(),
        number: "001-002-000000122".into(),
        issue_date: TODAY.yesterday().unwrap(),
    }
}

/// Of the invoice 001-002-000000123 of the day before.
fn key_of_yesterday() -> String {
    let parts = AccessKeyParts {
        date: TODAY.yesterday().unwrap(),
        ..key_parts()
    };
    parts.key().to_string()
}

fn payment(total: &str) -> Payment {
    Payment {
        method: "01".into(),
        total: amount(total),
        term: None,
        term_unit: None,
    }
}

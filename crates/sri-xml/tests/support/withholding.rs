//! Withholdings made from the model.

use jiff::civil::date;
use proptest::prelude::*;
use tagua_fiscal::withholding::{
    BananaBoxes, Dividends, DocumentWithholding, PaymentPlace, SupportingDocument,
    SupportingPayment, SupportingReimbursement, SupportingReimbursementTax,
    SupportingReimbursementTotals, SupportingTax, WithheldTax, Withholding, WithholdingBody,
    WithholdingInfo, WithholdingVersion,
};
use tagua_fiscal::{Amount, DocumentType};
use tagua_sri_xml::StructuralFinding;
use tagua_sri_xml::schema::Schema;

use super::arbitrary::{Parts, document};
use super::door::Door;
use super::sample::{field, fiscal_machine, n, some, tax_info};

/// A withholding with every element that its version allows, each list with two items.
pub(crate) fn maximal(version: WithholdingVersion) -> Withholding {
    let is_ats = version == WithholdingVersion::V2_0_0;
    Withholding {
        tax_info: tax_info(DocumentType::Withholding),
        info: WithholdingInfo {
            issue_date: date(2026, 11, 20),
            establishment_address: some("Calle 1"),
            special_taxpayer: some("5368"),
            keeps_accounts: Some(true),
            subject_id_type: "08".to_owned(),
            subject_type: some("02").filter(|_| is_ats),
            related_party: Some(false).filter(|_| is_ats),
            subject_name: "Juan & Compañía".to_owned(),
            subject_id: "X-1710034065".to_owned(),
            fiscal_period: "11/2026".to_owned(),
        },
        body: match is_ats {
            true => WithholdingBody::Documents(vec![supporting_document(), supporting_document()]),
            false => WithholdingBody::Taxes(vec![tax("1", "312A"), tax("2", "9")]),
        },
        fiscal_machine: Some(fiscal_machine()),
        additional_fields: match is_ats {
            true => vec![field("Nota", "una línea"), field("E-mail", "<a&b>")],
            false => vec![field("Nota", "dos\nlíneas"), field("E-mail \"A\"", "<a&b>")],
        },
    }
}

fn tax(code: &str, withholding_code: &str) -> WithheldTax {
    WithheldTax {
        code: code.to_owned(),
        withholding_code: withholding_code.to_owned(),
        base: n("100.00"),
        rate: n("1.75"),
        amount: n("1.75"),
        document_code: some("01"),
        document_number: some("001001000000045"),
        document_date: Some(date(2026, 11, 19)),
    }
}

fn supporting_document() -> SupportingDocument {
    SupportingDocument {
        support_code: "01".to_owned(),
        document_code: "41".to_owned(),
        number: "001001000000045".to_owned(),
        issue_date: date(2026, 11, 18),
        accounting_date: Some(date(2026, 11, 19)),
        authorization: some("1234567890"),
        payment_place: PaymentPlace {
            code: "02".to_owned(),
            regime: some("01"),
            country: some("120"),
            double_taxation_treaty: Some(false),
            subject_to_withholding: Some(true),
            preferential_regime: Some(false),
        },
        reimbursement: SupportingReimbursementTotals {
            documents_total: Some(n("11.50")),
            base_total: Some(n("10.00")),
            tax_total: Some(n("1.50")),
        },
        net_total: n("100.00"),
        total: n("115.00"),
        taxes: vec![document_tax("2", "4"), document_tax("3", "3610")],
        withholdings: vec![withholding("1", "342A"), withholding("6", "4580")],
        reimbursed_documents: vec![reimbursed_document(), reimbursed_document()],
        payments: vec![payment("01"), payment("20")],
    }
}

fn document_tax(code: &str, rate_code: &str) -> SupportingTax {
    SupportingTax {
        code: code.to_owned(),
        rate_code: rate_code.to_owned(),
        base: n("100.00"),
        rate: n("15.00"),
        amount: n("15.00"),
    }
}

fn withholding(code: &str, withholding_code: &str) -> DocumentWithholding {
    DocumentWithholding {
        code: code.to_owned(),
        withholding_code: withholding_code.to_owned(),
        base: n("100.00"),
        rate: n("1.75"),
        amount: n("1.75"),
        dividends: Some(Dividends {
            payment_date: date(2026, 11, 1),
            income_tax: n("25.00"),
            year: "2025".to_owned(),
        }),
        banana_boxes: Some(BananaBoxes {
            count: "0007".to_owned(),
            price: n("6.50"),
        }),
    }
}

fn reimbursed_document() -> SupportingReimbursement {
    SupportingReimbursement {
        supplier_id_type: "04".to_owned(),
        supplier_id: "1790016919001".to_owned(),
        supplier_country: some("593"),
        supplier_type: "02".to_owned(),
        document_code: "01".to_owned(),
        establishment: "001".to_owned(),
        point: "001".to_owned(),
        sequential: "000000045".to_owned(),
        issue_date: date(2026, 2, 28),
        authorization: "1234567890".to_owned(),
        taxes: vec![reimbursed_tax("15"), reimbursed_tax("0")],
    }
}

fn reimbursed_tax(rate: &str) -> SupportingReimbursementTax {
    SupportingReimbursementTax {
        code: "2".to_owned(),
        rate_code: "4".to_owned(),
        rate: rate.to_owned(),
        base: n("10.00"),
        amount: n("1.50"),
    }
}

fn payment(method: &str) -> SupportingPayment {
    SupportingPayment {
        method: method.to_owned(),
        total: n("57.50"),
    }
}

impl Door for Withholding {
    const SCHEMAS: &'static [&'static Schema] = &[
        Schema::withholding(WithholdingVersion::V1_0_0),
        Schema::withholding(WithholdingVersion::V2_0_0),
    ];

    const WIDEST: &'static [&'static Schema] = Self::SCHEMAS;

    const TEXTS: &'static [&'static str] = &[
        "11/2026", "00/2026", "13/2026", "11/1999", "1/2026", "99/9999", "11-2026", "1899", "1900",
        "2099", "2100", "1.75", "12.5", "10.25", "0.123", "323B1X",
    ];

    fn maximal(schema: &Schema) -> Self {
        let version = WithholdingVersion::parse(schema.version);
        maximal(version.expect("a version of comprobanteRetencion"))
    }

    fn schema(&self) -> &'static Schema {
        Schema::withholding(self.version())
    }

    fn check(&self) -> Vec<StructuralFinding> {
        tagua_sri_xml::check_withholding(self)
    }

    fn write(&self) -> Vec<u8> {
        tagua_sri_xml::write_withholding(self)
    }

    fn read(bytes: &[u8]) -> Result<(Self, Vec<StructuralFinding>), Vec<StructuralFinding>> {
        let read = tagua_sri_xml::read_withholding(bytes)?;
        Ok((read.withholding, read.notes))
    }
}

/// Any withholding.
pub(crate) fn any_withholding() -> impl Strategy<Value = Withholding> {
    document(Parts {
        texts: all_texts,
        amounts: all_amounts,
        optional: &OPTIONAL,
    })
}

fn all_texts(withholding: &mut Withholding) -> Vec<&mut String> {
    let info = &mut withholding.info;
    let mut texts = vec![
        &mut withholding.tax_info.head_office_address,
        &mut info.subject_id_type,
        &mut info.subject_name,
        &mut info.subject_id,
        &mut info.fiscal_period,
    ];
    texts.extend(info.establishment_address.as_mut());
    texts.extend(info.special_taxpayer.as_mut());
    texts.extend(info.subject_type.as_mut());
    match &mut withholding.body {
        WithholdingBody::Taxes(taxes) => texts.extend(taxes.iter_mut().flat_map(tax_texts)),
        WithholdingBody::Documents(documents) => {
            texts.extend(documents.iter_mut().flat_map(document_texts));
        }
    }
    for field in &mut withholding.additional_fields {
        texts.extend([&mut field.name, &mut field.value]);
    }
    texts
}

fn tax_texts(tax: &mut WithheldTax) -> Vec<&mut String> {
    let mut texts = vec![&mut tax.code, &mut tax.withholding_code];
    texts.extend(tax.document_number.as_mut());
    texts
}

fn document_texts(document: &mut SupportingDocument) -> Vec<&mut String> {
    let mut texts = vec![&mut document.support_code, &mut document.number];
    texts.extend(document.authorization.as_mut());
    texts.extend(document.payment_place.country.as_mut());
    for withholding in &mut document.withholdings {
        texts.push(&mut withholding.withholding_code);
        texts.extend(withholding.dividends.as_mut().map(|paid| &mut paid.year));
        texts.extend(
            withholding
                .banana_boxes
                .as_mut()
                .map(|sold| &mut sold.count),
        );
    }
    for reimbursed in &mut document.reimbursed_documents {
        texts.push(&mut reimbursed.supplier_id);
        texts.extend(reimbursed.taxes.iter_mut().map(|tax| &mut tax.rate));
    }
    texts
}

fn all_amounts(withholding: &mut Withholding) -> Vec<&mut Amount> {
    let mut amounts = Vec::new();
    match &mut withholding.body {
        WithholdingBody::Taxes(taxes) => {
            for tax in taxes {
                amounts.extend([&mut tax.base, &mut tax.amount]);
            }
        }
        WithholdingBody::Documents(documents) => {
            for document in documents {
                amounts.extend([&mut document.net_total, &mut document.total]);
                amounts.extend(document.reimbursement.documents_total.as_mut());
            }
        }
    }
    amounts
}

static OPTIONAL: [fn(&mut Withholding); 14] = [
    |w| w.tax_info.trade_name = None,
    |w| w.info.establishment_address = None,
    |w| w.info.special_taxpayer = None,
    |w| w.info.keeps_accounts = None,
    |w| w.info.subject_type = None,
    |w| w.fiscal_machine = None,
    |w| w.additional_fields.clear(),
    |w| each_tax(w, |tax| tax.document_code = None),
    |w| each_tax(w, |tax| tax.document_date = None),
    |w| each_document(w, |d| d.accounting_date = None),
    |w| each_document(w, |d| d.payment_place.double_taxation_treaty = None),
    |w| {
        each_document(w, |d| {
            d.reimbursement = SupportingReimbursementTotals::default()
        })
    },
    |w| each_document(w, |d| d.reimbursed_documents.clear()),
    |w| each_document(w, |d| d.withholdings[0].dividends = None),
];

fn each_tax(withholding: &mut Withholding, change: fn(&mut WithheldTax)) {
    if let WithholdingBody::Taxes(taxes) = &mut withholding.body {
        taxes.iter_mut().for_each(change);
    }
}

fn each_document(withholding: &mut Withholding, change: fn(&mut SupportingDocument)) {
    if let WithholdingBody::Documents(documents) = &mut withholding.body {
        documents.iter_mut().for_each(change);
    }
}

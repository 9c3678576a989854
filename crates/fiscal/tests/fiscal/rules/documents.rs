//! One broken document for each rule that is not of invoices alone, made from
//! a sample without findings.

use jiff::ToSpan;
use tagua_fiscal::common::{AdditionalField, LineDetail};
use tagua_fiscal::credit_note::CreditNote;
use tagua_fiscal::debit_note::DebitNote;
use tagua_fiscal::purchase_settlement::PurchaseSettlement;
use tagua_fiscal::rules::{Finding, RuleCode, RuleContext, Severity, check_document, valid};
use tagua_fiscal::waybill::{SupportingReference, Waybill};
use tagua_fiscal::withholding::{BananaBoxes, Dividends, Withholding};
use tagua_fiscal::{AccessKeyParts, Document};

use crate::documents::{self as sample, first, first_tax};
use crate::sample::{TODAY, amount, key_parts, quantity, rate, tax_total};

pub(super) struct Case {
    pub(super) code: RuleCode,
    path: &'static str,
    pub(super) document: Document,
    /// Figures or texts the message must show.
    shows: &'static [&'static str],
}

pub(super) fn findings(document: &Document) -> Vec<Finding> {
    check_document(document, &RuleContext::on(TODAY))
}

#[test]
fn samples_have_no_finding() {
    let samples = [
        settlement_of(sample::settlement()),
        settlement_of(sample::settled_reimbursement()),
        Document::CreditNote(Box::new(sample::credit_note())),
        Document::DebitNote(Box::new(sample::debit_note())),
        Document::Waybill(Box::new(sample::waybill())),
        withholding_of(sample::retention()),
        withholding_of(sample::ats()),
        withholding_of(sample::ats_reimbursement()),
        withholding_of(sample::self_withholding()),
    ];
    for document in samples {
        assert_eq!(findings(&document), [], "{:?}", document.document_type());
    }
}

#[test]
fn every_rule_reports_its_broken_document() {
    for case in cases() {
        let name = case.code.as_str();
        let found = findings(&case.document);
        let finding = found
            .iter()
            .find(|finding| finding.code == case.code && finding.path.to_string() == case.path)
            .unwrap_or_else(|| panic!("{name} at {} is not in {found:#?}", case.path));
        assert_eq!(finding.severity, case.code.severity());
        let message = &finding.message;
        for text in case.shows {
            assert!(message.contains(text), "{text}: {message}");
        }
        let sentences = message.split(". ").count();
        assert!(sentences == 3 && message.ends_with('.'), "{message}");
    }
}

/// Each warning stands alone, so that none is the shadow of an error.
#[test]
fn warnings_leave_a_document_valid() {
    for case in cases() {
        let warning = case.code.severity() == Severity::Warning;
        let found = findings(&case.document);
        assert_eq!(valid(&found), warning, "{} {found:#?}", case.code.as_str());
    }
}

pub(super) fn cases() -> Vec<Case> {
    [
        settlements(),
        credit_notes(),
        debit_notes(),
        notes(),
        waybills(),
        retentions(),
        subjects(),
        supporting_documents(),
        supporting_reimbursements(),
        withheld(),
        payments_abroad(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn settlements() -> Vec<Case> {
    use RuleCode as R;
    vec![
        settlement(R::LineNet, "lines[0].net", &["18.97"], |s| {
            s.lines[0].net = amount("18.97");
        }),
        settlement(
            R::TaxAmount,
            "lines[0].taxes[0].amount",
            &["2.80", "2.85"],
            |s| {
                s.lines[0].taxes[0].amount = amount("2.80");
            },
        ),
        settlement(R::NetTotal, "info.net_total", &["20.00", "19.00"], |s| {
            s.info.net_total = amount("20.00");
        }),
        settlement(
            R::DiscountTotal,
            "info.discount_total",
            &["2.00", "1.00"],
            |s| {
                s.info.discount_total = amount("2.00");
            },
        ),
        settlement(
            R::TaxTotalBase,
            "info.tax_totals[0].base",
            &["18.00", "19.00"],
            |s| {
                s.info.tax_totals[0].base = amount("18.00");
            },
        ),
        settlement(
            R::TaxTotalAmount,
            "info.tax_totals[0].amount",
            &["2.90", "2.85"],
            |s| {
                s.info.tax_totals[0].amount = amount("2.90");
            },
        ),
        settlement(R::TaxTotalMissing, "lines[0].taxes[0]", &["2/4"], |s| {
            s.info.tax_totals.clear();
        }),
        settlement(R::Total, "info.total", &["30.00", "21.85"], |s| {
            s.info.total = amount("30.00");
        }),
        settlement(
            R::PaymentSum,
            "info.payments",
            &["20.00", "21.85", "Deben ser iguales."],
            |s| {
                s.info.payments[0].total = amount("20.00");
            },
        ),
        settlement(R::PaymentsMissing, "info.payments", &[], |s| {
            s.info.payments.clear();
        }),
        settlement(
            R::PaymentMethodRetired,
            "info.payments[0].method",
            &["02"],
            |s| {
                s.info.payments[0].method = "02".into();
            },
        ),
        settlement(R::CheckDigit, "info.supplier_id", &["1710034064"], |s| {
            s.info.supplier_id = "1710034064".into();
        }),
        settlement(
            R::FinalConsumerNotAllowed,
            "info.supplier_id_type",
            &["tabla 6"],
            |s| {
                s.info.supplier_id_type = "07".into();
                s.info.supplier_id = "9999999999999".into();
            },
        ),
        settlement(
            R::TooManyLineDetails,
            "lines[0].details",
            &["4", "hasta 3"],
            |s| {
                s.lines[0].details = vec![detail(); 4];
            },
        ),
        settlement(
            R::BuildingMaterialCode,
            "lines[0].auxiliary_code",
            &["F010201"],
            |s| {
                let vat = &mut s.lines[0].taxes[0];
                (vat.rate_code, vat.rate) = ("5".into(), rate("5.00"));
                vat.amount = amount("0.95");
                s.info.tax_totals = vec![tax_total("2", "5", "19.00", "0.95")];
                s.info.total = amount("19.95");
                s.info.payments[0].total = amount("19.95");
            },
        ),
        reimbursement(
            R::ReimbursementSum,
            "info.reimbursement.base_total",
            &["9.00", "10.00"],
            |s| {
                s.info.reimbursement.base_total = Some(amount("9.00"));
            },
        ),
        reimbursement(
            R::ReimbursementItemVat,
            "lines[0].taxes[0].rate_code",
            &["debe llevar 6"],
            |s| {
                s.lines[0].taxes[0].rate_code = "0".into();
                s.info.tax_totals[0].rate_code = "0".into();
            },
        ),
    ]
}

fn credit_notes() -> Vec<Case> {
    use RuleCode as R;
    vec![
        credit_note(R::LineNet, "lines[0].net", &["18.97", "19.00"], |n| {
            n.lines[0].net = amount("18.97");
        }),
        credit_note(
            R::LineVatBase,
            "lines[0].taxes[0].base",
            &["18.00", "19.00"],
            |n| {
                n.lines[0].taxes[0].base = amount("18.00");
            },
        ),
        credit_note(
            R::LineIceBase,
            "lines[0].taxes[1].base",
            &["15.00", "19.00"],
            |n| {
                let ice = sample::credit_tax("3", "3610", Some("20.00"), "15.00", "3.00");
                n.lines[0].taxes.push(ice);
            },
        ),
        credit_note(R::TaxAmount, "lines[0].taxes[0].amount", &["2.85"], |n| {
            n.lines[0].taxes[0] = sample::credit_tax("2", "4", None, "19.00", "2.50");
        }),
        credit_note(
            R::VatRateMismatch,
            "lines[0].taxes[0].rate",
            &["12.00", "15.00"],
            |n| {
                n.lines[0].taxes[0].rate = Some(rate("12.00"));
            },
        ),
        credit_note(
            R::VatRateNotInForce,
            "lines[0].taxes[0].rate_code",
            &["12%", "28/07/2026", "documento modificado"],
            |n| {
                n.lines[0].taxes[0] = sample::credit_tax("2", "2", Some("12.00"), "19.00", "2.28");
            },
        ),
        credit_note(
            R::VatRateOfModified,
            "lines[0].taxes[0].rate_code",
            &["15%", "31/03/2024"],
            |n| {
                n.info.modified_document.issue_date = jiff::civil::date(2024, 3, 31);
            },
        ),
        credit_note(
            R::Total,
            "info.total",
            &[
                "22.85",
                "21.85",
                "más impuestos, menos la devolución de IVA.",
            ],
            |n| {
                n.info.total = amount("22.85");
            },
        ),
        credit_note(
            R::VatRefund,
            "info.tax_totals[0].vat_refund",
            &["3.00"],
            |n| {
                n.info.tax_totals[0].vat_refund = Some(amount("3.00"));
                n.info.total = amount("18.85");
            },
        ),
        credit_note(
            R::FinalConsumerNotAllowed,
            "info.receiver_id_type",
            &["NAC-DGERCGC25-00000017"],
            |n| {
                n.info.receiver_id_type = "07".into();
                n.info.receiver_id = "9999999999999".into();
            },
        ),
    ]
}

fn debit_notes() -> Vec<Case> {
    use RuleCode as R;
    vec![
        debit_note(R::NetTotal, "info.net_total", &["16.00", "15.00"], |n| {
            n.info.net_total = amount("16.00");
        }),
        debit_note(
            R::TaxTotalAmount,
            "info.tax_totals[0].amount",
            &["1.60", "1.50"],
            |n| {
                n.info.tax_totals[0].amount = amount("1.60");
            },
        ),
        debit_note(
            R::VatRateMismatch,
            "info.tax_totals[0].rate",
            &["12.00"],
            |n| {
                n.info.tax_totals[0].rate = Some(rate("12.00"));
            },
        ),
        debit_note(
            R::VatCodeUnknown,
            "info.tax_totals[1].rate_code",
            &["tarifa de IVA 1 "],
            |n| {
                n.info.tax_totals[1].rate_code = "1".into();
            },
        ),
        debit_note(
            R::TaxTotalBase,
            "info.tax_totals",
            &["10.00", "15.00"],
            |n| {
                n.info.tax_totals.pop();
            },
        ),
        debit_note(R::Total, "info.total", &["17.00", "16.50"], |n| {
            n.info.total = amount("17.00");
        }),
        debit_note(R::TotalForm, "info.total", &["16.50", "17.50"], |n| {
            n.info
                .tax_totals
                .push(tax_total("3", "3092", "5.00", "1.00"));
        }),
        debit_note(R::PaymentSum, "info.payment_lists", &["16.00"], |n| {
            n.info.payment_lists[0][0].total = amount("16.00");
        }),
        debit_note(
            R::PaymentMethodUnknown,
            "info.payment_lists[0][0].method",
            &["99"],
            |n| {
                n.info.payment_lists[0][0].method = "99".into();
            },
        ),
        debit_note(
            R::VatRefund,
            "info.tax_totals[0].vat_refund",
            &["2.00"],
            |n| {
                n.info.tax_totals[0].vat_refund = Some(amount("2.00"));
                n.info.total = amount("14.50");
                n.info.payment_lists.clear();
            },
        ),
    ]
}

fn notes() -> Vec<Case> {
    use RuleCode as R;
    vec![
        debit_note(
            R::ModifiedDocumentDate,
            "info.modified_document.issue_date",
            &["29/07/2026", "30/07/2026"],
            |n| {
                n.info.modified_document.issue_date = TODAY.tomorrow().unwrap();
            },
        ),
        credit_note(
            R::SupportDocumentUnknown,
            "info.modified_document.document_code",
            &["99"],
            |n| {
                n.info.modified_document.document_code = "99".into();
            },
        ),
        credit_note(R::RiseLegend, "info.rise_legend", &["RISE"], |n| {
            n.info.rise_legend = Some("Contribuyente Régimen Simplificado RISE".into());
        }),
        debit_note(
            R::IdentificationFormat,
            "info.receiver_id",
            &["10 dígitos"],
            |n| {
                n.info.receiver_id = "12345".into();
            },
        ),
        debit_note(R::IssueDateOld, "info.issue_date", &["90 días"], |n| {
            n.info.issue_date = TODAY.saturating_sub(91.days());
            n.info.modified_document.issue_date = n.info.issue_date;
        }),
        credit_note(
            R::AccessKeyMismatch,
            "tax_info.access_key",
            &["comprobante"],
            |n| {
                n.tax_info.access_key = key_parts().key();
            },
        ),
        credit_note(
            R::TooManyAdditionalFields,
            "additional_fields",
            &["16", "hasta 15"],
            |n| {
                let field = AdditionalField {
                    name: "Nota".into(),
                    value: "x".into(),
                };
                n.additional_fields = vec![field; 16];
            },
        ),
        debit_note(R::RimpeLegend, "tax_info.rimpe_legend", &["RIMPE"], |n| {
            n.tax_info.rimpe_legend = Some("RIMPE".into());
        }),
    ]
}

fn waybills() -> Vec<Case> {
    use RuleCode as R;
    vec![
        waybill(
            R::TransportStart,
            "info.start_date",
            &["28/07/2026", "29/07/2026", "error 82"],
            |w| {
                w.info.start_date = TODAY.yesterday().unwrap();
            },
        ),
        waybill(
            R::TransportEnd,
            "info.end_date",
            &["29/07/2026", "28/07/2026"],
            |w| {
                w.info.end_date = TODAY.yesterday().unwrap();
            },
        ),
        waybill(R::CheckDigit, "recipients[0].id", &["1710034064"], |w| {
            w.recipients[0].id = "1710034064".into();
        }),
        waybill(R::IdentificationType, "info.carrier_id", &["09"], |w| {
            w.info.carrier_id_type = "09".into();
        }),
        waybill(
            R::SupportingIncomplete,
            "recipients[0].supporting_document",
            &["van juntos"],
            |w| {
                w.recipients[0].supporting_document.number = None;
            },
        ),
        waybill(
            R::SupportDocumentUnknown,
            "recipients[0].supporting_document.document_code",
            &["99"],
            |w| {
                w.recipients[0].supporting_document.document_code = Some("99".into());
            },
        ),
        waybill(
            R::SupportingAuthorization,
            "recipients[0].supporting_document.authorization",
            &["12345", "5 caracteres"],
            |w| {
                w.recipients[0].supporting_document.authorization = Some("12345".into());
            },
        ),
        waybill(
            R::SupportingAuthorization,
            "recipients[0].supporting_document.authorization",
            &["Copie la clave"],
            |w| {
                let document = &mut w.recipients[0].supporting_document;
                document.number = Some("001-002-000000124".into());
            },
        ),
        waybill(
            R::SupportingDate,
            "recipients[0].supporting_document.issue_date",
            &["30/07/2026", "29/07/2026"],
            |w| {
                w.recipients[0].supporting_document = SupportingReference {
                    document_code: Some("01".into()),
                    number: Some("001-002-000000124".into()),
                    authorization: None,
                    issue_date: TODAY.tomorrow().ok(),
                };
            },
        ),
        waybill(
            R::TooManyLineDetails,
            "recipients[0].lines[0].details",
            &["4"],
            |w| {
                w.recipients[0].lines[0].details = vec![detail(); 4];
            },
        ),
        waybill(
            R::AccessKeyMismatch,
            "tax_info.access_key",
            &["comprobante"],
            |w| {
                w.tax_info.access_key = key_parts().key();
            },
        ),
        waybill(
            R::IssueDateFuture,
            "info.start_date",
            &["30/07/2026"],
            |w| {
                let parts = w.tax_info.access_key.parts().unwrap();
                w.info.start_date = TODAY.tomorrow().unwrap();
                w.info.end_date = w.info.start_date;
                w.tax_info.access_key = AccessKeyParts {
                    date: w.info.start_date,
                    ..parts
                }
                .key();
            },
        ),
    ]
}

fn retentions() -> Vec<Case> {
    use RuleCode as R;
    vec![
        retention(
            R::WithheldAmount,
            "body.taxes[0].amount",
            &["2.05", "2.00"],
            |c| {
                first_tax(c).amount = amount("2.05");
            },
        ),
        retention(
            R::WithholdingRate,
            "body.taxes[0].rate",
            &["1.75", "2.00", "NAC-DGERCGC26-00000009"],
            |c| {
                first_tax(c).rate = rate("1.75");
                first_tax(c).amount = amount("1.75");
            },
        ),
        retention(
            R::WithholdingUnknown,
            "body.taxes[0].withholding_code",
            &["721", "formulario 104"],
            |c| {
                first_tax(c).code = "2".into();
                first_tax(c).withholding_code = "721".into();
            },
        ),
        retention(
            R::SupportingIncomplete,
            "body.taxes[0].document_code",
            &["312"],
            |c| {
                first_tax(c).document_code = None;
            },
        ),
        retention(
            R::SupportingIncomplete,
            "body.taxes[0].document_number",
            &["312"],
            |c| {
                first_tax(c).document_number = None;
            },
        ),
        retention(
            R::SupportingIncomplete,
            "body.taxes[0].document_date",
            &["312"],
            |c| {
                first_tax(c).document_date = None;
            },
        ),
        retention(
            R::SupportDocumentUnknown,
            "body.taxes[0].document_code",
            &["99"],
            |c| {
                first_tax(c).document_code = Some("99".into());
            },
        ),
        retention(
            R::SupportingDate,
            "body.taxes[0].document_date",
            &["30/07/2026"],
            |c| {
                first_tax(c).document_date = TODAY.tomorrow().ok();
            },
        ),
        retention(
            R::SelfWithholding,
            "body.taxes[0].withholding_code",
            &["350", "anexo 19"],
            |c| {
                first_tax(c).withholding_code = "350".into();
                first_tax(c).rate = rate("1.75");
                first_tax(c).amount = amount("1.75");
            },
        ),
        retention(
            R::WithholdingLate,
            "info.issue_date",
            &["21/07/2026", "29/07/2026"],
            |c| {
                first_tax(c).document_date = Some(TODAY.saturating_sub(8.days()));
            },
        ),
        retention(
            R::FiscalPeriod,
            "info.fiscal_period",
            &["06/2026", "07/2026"],
            |c| {
                c.info.fiscal_period = "06/2026".into();
            },
        ),
    ]
}

fn subjects() -> Vec<Case> {
    use RuleCode as R;
    vec![
        retention(
            R::FinalConsumerNotAllowed,
            "info.subject_id_type",
            &["tabla 6"],
            |c| {
                c.info.subject_id_type = "07".into();
                c.info.subject_id = "9999999999999".into();
            },
        ),
        retention(
            R::FinalConsumerType,
            "info.subject_id",
            &["consumidor final"],
            |c| {
                c.info.subject_id = "9999999999999".into();
            },
        ),
        ats(
            R::SubjectTypeMissing,
            "info.subject_type",
            &["08", "error 52"],
            |c| {
                c.info.subject_id_type = "08".into();
                c.info.subject_id = "DE1234".into();
            },
        ),
        ats(
            R::SubjectTypeUnneeded,
            "info.subject_type",
            &["02", "04"],
            |c| {
                c.info.subject_type = Some("02".into());
            },
        ),
    ]
}

fn supporting_documents() -> Vec<Case> {
    use RuleCode as R;
    vec![
        ats(
            R::TaxAmount,
            "body.documents[0].taxes[0].amount",
            &["14.00", "15.00"],
            |c| {
                first(c).taxes[0].amount = amount("14.00");
            },
        ),
        ats(
            R::VatRateMismatch,
            "body.documents[0].taxes[0].rate",
            &["12.00"],
            |c| {
                first(c).taxes[0].rate = rate("12.00");
            },
        ),
        ats(
            R::SupportingVatRate,
            "body.documents[0].taxes[0].rate_code",
            &["IVA 15%", "31/03/2024"],
            |c| {
                first(c).issue_date = jiff::civil::date(2024, 3, 31);
                first(c).authorization = None;
            },
        ),
        ats(
            R::SupportingTotal,
            "body.documents[0].total",
            &["114.00", "115.00"],
            |c| {
                first(c).total = amount("114.00");
            },
        ),
        ats(
            R::SupportingTotalForm,
            "body.documents[0].total",
            &["125.00", "propina"],
            |c| {
                first(c).total = amount("125.00");
                first(c).payments[0].total = amount("125.00");
            },
        ),
        ats(
            R::SupportingVatBase,
            "body.documents[0].net_total",
            &["100.00", "110.00"],
            |c| {
                first(c).net_total = amount("110.00");
            },
        ),
        ats(
            R::PaymentSum,
            "body.documents[0].payments",
            &["100.00"],
            |c| {
                first(c).payments[0].total = amount("100.00");
            },
        ),
        ats(
            R::PaymentMethodRetired,
            "body.documents[0].payments[0].method",
            &["10"],
            |c| {
                first(c).payments[0].method = "10".into();
            },
        ),
        ats(
            R::SupportCodeUnknown,
            "body.documents[0].support_code",
            &["16"],
            |c| {
                first(c).support_code = "16".into();
            },
        ),
        ats(
            R::SupportDocumentNotAllowed,
            "body.documents[0].document_code",
            &["19", "11, 12"],
            |c| {
                first(c).document_code = "19".into();
            },
        ),
        ats(
            R::SupportDocumentUnknown,
            "body.documents[0].document_code",
            &["99"],
            |c| {
                first(c).document_code = "99".into();
            },
        ),
        ats(
            R::SupportingAuthorization,
            "body.documents[0].authorization",
            &["Copie la clave"],
            |c| {
                first(c).number = "001002000000124".into();
            },
        ),
        ats(
            R::SupportingDate,
            "body.documents[0].issue_date",
            &["30/07/2026"],
            |c| {
                first(c).issue_date = TODAY.tomorrow().unwrap();
            },
        ),
    ]
}

fn supporting_reimbursements() -> Vec<Case> {
    use RuleCode as R;
    vec![
        ats_reimbursement(
            R::ReimbursementSum,
            "body.documents[0].reimbursement.tax_total",
            &["14.00", "15.00"],
            |c| {
                first(c).reimbursement.tax_total = Some(amount("14.00"));
            },
        ),
        ats_reimbursement(
            R::TaxAmount,
            "body.documents[0].reimbursed_documents[0].taxes[0].amount",
            &["15.00", "12.00"],
            |c| {
                first(c).reimbursed_documents[0].taxes[0].rate = "12".into();
            },
        ),
        ats_reimbursement(
            R::CountryUnknown,
            "body.documents[0].reimbursed_documents[0].supplier_country",
            &["999"],
            |c| {
                first(c).reimbursed_documents[0].supplier_country = Some("999".into());
            },
        ),
        ats_reimbursement(
            R::ReimbursedAuthorization,
            "body.documents[0].reimbursed_documents[0].authorization",
            &["123"],
            |c| {
                first(c).reimbursed_documents[0].authorization = "123".into();
            },
        ),
        ats_reimbursement(
            R::CheckDigit,
            "body.documents[0].reimbursed_documents[0].supplier_id",
            &["1710034064"],
            |c| {
                let document = &mut first(c).reimbursed_documents[0];
                document.supplier_id_type = "05".into();
                document.supplier_id = "1710034064".into();
            },
        ),
        ats_reimbursement(
            R::ReimbursementIncomplete,
            "body.documents[0].reimbursement",
            &["41"],
            |c| {
                first(c).reimbursement.tax_total = None;
            },
        ),
        ats(
            R::ReimbursementIncomplete,
            "body.documents[0].reimbursed_documents",
            &["41"],
            |c| {
                first(c).document_code = "41".into();
            },
        ),
        ats_reimbursement(
            R::ReimbursementUnneeded,
            "body.documents[0].reimbursement",
            &["tipo 01"],
            |c| {
                first(c).document_code = "01".into();
            },
        ),
    ]
}

fn withheld() -> Vec<Case> {
    use RuleCode as R;
    vec![
        ats(
            R::WithheldAmount,
            "body.documents[0].withholdings[1].amount",
            &["4.00", "4.50"],
            |c| {
                first(c).withholdings[1].amount = amount("4.00");
            },
        ),
        ats(
            R::WithholdingRate,
            "body.documents[0].withholdings[1].rate",
            &["70.00", "30.00", "tabla 20"],
            |c| {
                first(c).withholdings[1] = sample::withheld("2", "1", "15.00", "70.00", "10.50");
            },
        ),
        ats(
            R::WithholdingUnknown,
            "body.documents[0].withholdings[0].withholding_code",
            &["999Z"],
            |c| {
                first(c).withholdings[0].withholding_code = "999Z".into();
            },
        ),
        ats(
            R::WithheldBase,
            "body.documents[0].withholdings",
            &["50.00", "100.00", "332"],
            |c| {
                first(c).withholdings[0] = sample::withheld("1", "312", "50.00", "2.00", "1.00");
            },
        ),
        ats(
            R::WithheldVatBase,
            "body.documents[0].withholdings",
            &["100.00", "15.00"],
            |c| {
                first(c).withholdings[1] = sample::withheld("2", "1", "100.00", "30.00", "30.00");
            },
        ),
        ats(
            R::SelfWithholding,
            "body.documents[0].withholdings[0].withholding_code",
            &["3481"],
            |c| {
                first(c).withholdings[0].withholding_code = "3481".into();
            },
        ),
        ats(
            R::DividendsMisplaced,
            "body.documents[0].withholdings[0].dividends",
            &["sustento es 01"],
            |c| {
                first(c).withholdings[0].dividends = Some(Dividends {
                    payment_date: TODAY,
                    income_tax: amount("1.00"),
                    year: "2025".into(),
                });
            },
        ),
        ats(
            R::BananaBoxesMisplaced,
            "body.documents[0].withholdings[0].banana_boxes",
            &["312", "342B"],
            |c| {
                first(c).withholdings[0].banana_boxes = Some(BananaBoxes {
                    count: "10".into(),
                    price: amount("6.00"),
                });
            },
        ),
    ]
}

fn payments_abroad() -> Vec<Case> {
    use RuleCode as R;
    vec![
        ats(
            R::ForeignPaymentIncomplete,
            "body.documents[0].payment_place.regime",
            &["02"],
            |c| {
                first(c).payment_place = sample::foreign_payment();
                first(c).payment_place.regime = None;
            },
        ),
        ats(
            R::ForeignPaymentIncomplete,
            "body.documents[0].payment_place.subject_to_withholding",
            &["02"],
            |c| {
                first(c).payment_place = sample::foreign_payment();
                first(c).payment_place.double_taxation_treaty = Some(false);
            },
        ),
        ats(
            R::ForeignPaymentUnneeded,
            "body.documents[0].payment_place.country",
            &["local"],
            |c| {
                first(c).payment_place.country = Some("202".into());
            },
        ),
        ats(
            R::ForeignPaymentCountry,
            "body.documents[0].payment_place.country",
            &["593"],
            |c| {
                first(c).payment_place = sample::foreign_payment();
                first(c).payment_place.country = Some("593".into());
            },
        ),
        ats(
            R::CountryUnknown,
            "body.documents[0].payment_place.country",
            &["999"],
            |c| {
                first(c).payment_place = sample::foreign_payment();
                first(c).payment_place.country = Some("999".into());
            },
        ),
    ]
}

#[test]
fn a_payment_abroad_is_complete() {
    let mut certificate = sample::ats();
    first(&mut certificate).payment_place = sample::foreign_payment();
    assert_eq!(findings(&withholding_of(certificate.clone())), []);
    // Tax havens have codes of their own.
    first(&mut certificate).payment_place.regime = Some("02".into());
    first(&mut certificate).payment_place.country = Some("9999".into());
    assert_eq!(findings(&withholding_of(certificate)), []);
}

type Shows = &'static [&'static str];

macro_rules! case_of {
    ($($name:ident($document:ty): $sample:path => $wrap:expr;)*) => {
        $(fn $name(
            code: RuleCode,
            path: &'static str,
            shows: Shows,
            breaks: impl FnOnce(&mut $document),
        ) -> Case {
            let mut document = $sample();
            breaks(&mut document);
            let wrap: fn($document) -> Document = $wrap;
            Case {
                code,
                path,
                document: wrap(document),
                shows,
            }
        })*
    };
}

case_of! {
    settlement(PurchaseSettlement): sample::settlement => settlement_of;
    reimbursement(PurchaseSettlement): sample::settled_reimbursement => settlement_of;
    credit_note(CreditNote): sample::credit_note => |note| Document::CreditNote(Box::new(note));
    debit_note(DebitNote): sample::debit_note => |note| Document::DebitNote(Box::new(note));
    waybill(Waybill): sample::waybill => |waybill| Document::Waybill(Box::new(waybill));
    retention(Withholding): sample::retention => withholding_of;
    ats(Withholding): sample::ats => withholding_of;
    ats_reimbursement(Withholding): sample::ats_reimbursement => withholding_of;
}

fn settlement_of(settlement: PurchaseSettlement) -> Document {
    Document::PurchaseSettlement(Box::new(settlement))
}

pub(super) fn withholding_of(certificate: Withholding) -> Document {
    Document::Withholding(Box::new(certificate))
}

fn detail() -> LineDetail {
    LineDetail {
        name: "Color".into(),
        value: "Rojo".into(),
    }
}

/// Quantities count as in invoices: half a unit is no error.
#[test]
fn quantities_have_decimals() {
    let mut note = sample::credit_note();
    note.lines[0].quantity = quantity("0.5");
    note.lines[0].unit_price = quantity("40.00");
    let document = Document::CreditNote(Box::new(note));
    assert_eq!(findings(&document), []);
}

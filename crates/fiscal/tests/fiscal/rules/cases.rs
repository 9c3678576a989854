//! One broken document for each rule, made from a sample without findings.

use jiff::civil::date;
use tagua_fiscal::AccessKeyParts;
use tagua_fiscal::invoice::{AdditionalField, Invoice, LineDetail};
use tagua_fiscal::rules::{RuleCode, Severity, valid};

use super::documents::expect;
use crate::sample::{
    self, amount, export, final_consumer, findings, invoice, negotiable, rate, reimbursement,
    set_total, tax, tax_total, with_ice, with_withholdings,
};

struct Case {
    code: RuleCode,
    path: &'static str,
    sample: fn() -> Invoice,
    breaks: fn(&mut Invoice),
    /// Figures or texts the message must show.
    shows: &'static [&'static str],
}

fn case(
    code: RuleCode,
    path: &'static str,
    sample: fn() -> Invoice,
    shows: &'static [&'static str],
    breaks: fn(&mut Invoice),
) -> Case {
    Case {
        code,
        path,
        sample,
        breaks,
        shows,
    }
}

#[test]
fn every_rule_reports_its_broken_document() {
    for case in cases() {
        let name = case.code.as_str();
        let mut document = (case.sample)();
        assert_eq!(findings(&document), [], "the sample for {name}");
        (case.breaks)(&mut document);
        expect(&findings(&document), case.code, case.path, case.shows);
    }
}

/// Each warning stands alone, so that none is the shadow of an error.
#[test]
fn warnings_leave_a_document_valid() {
    for case in cases() {
        let mut document = (case.sample)();
        (case.breaks)(&mut document);
        let warning = case.code.severity() == Severity::Warning;
        assert_eq!(
            valid(&findings(&document)),
            warning,
            "{}",
            case.code.as_str()
        );
    }
}

pub(super) fn codes_tried() -> Vec<RuleCode> {
    cases().iter().map(|case| case.code).collect()
}

pub(super) fn broken_invoices() -> Vec<Invoice> {
    let broken = cases().into_iter().map(|case| {
        let mut document = (case.sample)();
        (case.breaks)(&mut document);
        document
    });
    broken.collect()
}

fn cases() -> Vec<Case> {
    [
        lines(),
        rates(),
        sums(),
        payments(),
        reimbursements(),
        parties(),
        dates(),
        contents(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn lines() -> Vec<Case> {
    use RuleCode as R;
    vec![
        case(
            R::LineNet,
            "lines[0].net",
            invoice,
            &["19.02", "19.00"],
            |i| {
                i.lines[0].net = amount("19.02");
            },
        ),
        case(
            R::TaxAmount,
            "lines[0].taxes[0].amount",
            invoice,
            &["2.89", "2.85"],
            |i| {
                i.lines[0].taxes[0].amount = amount("2.89");
            },
        ),
        case(
            R::LineVatBase,
            "lines[0].taxes[1].base",
            with_ice,
            &["19.00", "22.80"],
            |i| {
                i.lines[0].taxes[1] = tax("2", "4", "15.00", "19.00", "2.85");
            },
        ),
        case(
            R::LineIceBase,
            "lines[0].taxes[0].base",
            with_ice,
            &["30.00", "19.00"],
            |i| {
                i.lines[0].taxes[0] = tax("3", "3610", "20.00", "30.00", "6.00");
            },
        ),
        case(
            R::LineIceBaseBeforeDiscount,
            "lines[0].taxes[0].base",
            with_ice,
            &["20.00", "19.00", "1.00"],
            |i| {
                i.lines[0].taxes = vec![
                    tax("3", "3610", "20.00", "20.00", "4.00"),
                    tax("2", "4", "15.00", "23.00", "3.45"),
                ];
                i.info.tax_totals = vec![
                    tax_total("3", "3610", "20.00", "4.00"),
                    tax_total("2", "4", "23.00", "3.45"),
                ];
                set_total(i, "26.45");
            },
        ),
    ]
}

fn rates() -> Vec<Case> {
    use RuleCode as R;
    fn set_code(i: &mut Invoice, code: &str, percent: &str, value: &str, total: &str) {
        i.lines[0].taxes[0] = tax("2", code, percent, "19.00", value);
        i.info.tax_totals[0] = tax_total("2", code, "19.00", value);
        set_total(i, total);
    }
    let code_path = "lines[0].taxes[0].rate_code";
    vec![
        case(R::VatCodeUnknown, code_path, invoice, &["99"], |i| {
            set_code(i, "99", "15.00", "2.85", "36.85");
        }),
        case(
            R::VatRateMismatch,
            "lines[0].taxes[0].rate",
            invoice,
            &["12.00", "15.00"],
            |i| {
                set_code(i, "4", "12.00", "2.28", "36.28");
            },
        ),
        case(
            R::VatRateNotInForce,
            code_path,
            invoice,
            &["IVA 12%", "29/07/2026"],
            |i| {
                set_code(i, "2", "12.00", "2.28", "36.28");
            },
        ),
        case(
            R::VatRateDayUnconfirmed,
            code_path,
            invoice,
            &["IVA diferenciado 8%"],
            |i| {
                set_code(i, "8", "8.00", "1.52", "35.52");
            },
        ),
        case(
            R::VatRateMismatch,
            "lines[0].taxes[0].rate",
            invoice,
            &["15.00", "5.00"],
            |i| {
                set_code(i, "5", "15.00", "2.85", "36.85");
            },
        ),
    ]
}

fn sums() -> Vec<Case> {
    use RuleCode as R;
    vec![
        case(
            R::NetTotal,
            "info.net_total",
            invoice,
            &["34.02", "34.00"],
            |i| {
                i.info.net_total = amount("34.02");
            },
        ),
        case(
            R::TaxTotalWithoutLines,
            "info.tax_totals[2].base",
            invoice,
            &["10.00"],
            |i| {
                i.info.tax_totals.push(tax_total("2", "6", "10.00", "0.00"));
            },
        ),
        case(
            R::TaxTotalMissing,
            "lines[1].taxes[0]",
            invoice,
            &["2/0"],
            |i| {
                i.info.tax_totals.truncate(1);
            },
        ),
        case(
            R::TaxTotalBase,
            "info.tax_totals[1].base",
            invoice,
            &["15.02", "15.00"],
            |i| {
                i.info.tax_totals[1].base = amount("15.02");
            },
        ),
        case(
            R::TaxTotalAmount,
            "info.tax_totals[0].amount",
            invoice,
            &["2.88", "2.85"],
            |i| {
                i.info.tax_totals[0].amount = amount("2.88");
                set_total(i, "36.88");
            },
        ),
        case(
            R::TaxTotalAmount,
            "info.tax_totals[0].amount",
            with_ice,
            &["3.85", "3.80"],
            |i| {
                i.info.tax_totals[0].amount = amount("3.85");
                set_total(i, "26.27");
            },
        ),
        case(
            R::TaxTotalRate,
            "info.tax_totals[0].rate",
            invoice,
            &["12.00", "15.00"],
            |i| {
                i.info.tax_totals[0].rate = Some(rate("12.00"));
            },
        ),
        case(
            R::AdditionalDiscountNotVat,
            "info.tax_totals[0].additional_discount",
            with_ice,
            &["1.00"],
            |i| i.info.tax_totals[0].additional_discount = Some(amount("1.00")),
        ),
        case(
            R::VatRefund,
            "info.tax_totals[0].vat_refund",
            invoice,
            &["3.00", "2.85"],
            |i| {
                i.info.tax_totals[0].vat_refund = Some(amount("3.00"));
                set_total(i, "33.85");
            },
        ),
        case(
            R::DiscountTotal,
            "info.discount_total",
            invoice,
            &["0.00", "1.00"],
            |i| {
                i.info.discount_total = amount("0.00");
            },
        ),
        case(R::Total, "info.total", invoice, &["37.85", "36.85"], |i| {
            set_total(i, "37.85")
        }),
        case(
            R::TotalForm,
            "info.total",
            export,
            &["34.00", "40.00"],
            |i| set_total(i, "34.00"),
        ),
        case(R::TipTooHigh, "info.tip", invoice, &["3.41", "3.40"], |i| {
            i.info.tip = Some(amount("3.41"));
            set_total(i, "40.26");
        }),
        case(
            R::VatRefund,
            "info.tax_totals[0].vat_refund",
            invoice,
            &["04", "05"],
            |i| {
                i.info.receiver_id_type = "04".into();
                i.info.receiver_id = "1790011674001".into();
                i.info.tax_totals[0].vat_refund = Some(amount("2.00"));
                set_total(i, "34.85");
            },
        ),
    ]
}

fn payments() -> Vec<Case> {
    use RuleCode as R;
    vec![
        case(
            R::PaymentSum,
            "info.payments",
            invoice,
            &["36.00", "36.85"],
            |i| {
                i.info.payments[0].total = amount("36.00");
            },
        ),
        case(R::PaymentsMissing, "info.payments", invoice, &[], |i| {
            i.info.payments.clear()
        }),
        case(
            R::PaymentMethodRetired,
            "info.payments[0].method",
            invoice,
            &["02"],
            |i| {
                i.info.payments[0].method = "02".into();
            },
        ),
        case(
            R::PaymentMethodUnknown,
            "info.payments[0].method",
            invoice,
            &["22"],
            |i| {
                i.info.payments[0].method = "22".into();
            },
        ),
        case(
            R::WithholdingUnknown,
            "withholdings[2].rate_code",
            with_withholdings,
            &["99"],
            |i| {
                i.withholdings
                    .push(sample::withholding("99", "1.00", "0.00"))
            },
        ),
        case(
            R::WithheldTotal,
            "info.withheld_vat",
            with_withholdings,
            &["0.40", "0.37"],
            |i| {
                i.info.withheld_vat = Some(amount("0.40"));
            },
        ),
        case(
            R::WithheldTotal,
            "info.withheld_income_tax",
            with_withholdings,
            &["0.00", "0.06"],
            |i| i.info.withheld_income_tax = Some(amount("0.00")),
        ),
        case(
            R::PaymentMethodUnknown,
            "info.payments[0].method",
            invoice,
            &["20"],
            |i| {
                i.info.issue_date = date(2015, 1, 1);
                i.info.payments[0].method = "20".into();
                i.lines = vec![i.lines[1].clone()];
                i.info.tax_totals.truncate(1);
                i.info.tax_totals[0] = tax_total("2", "0", "15.00", "0.00");
                i.info.net_total = amount("15.00");
                i.info.discount_total = amount("0.00");
                set_total(i, "15.00");
            },
        ),
    ]
}

fn reimbursements() -> Vec<Case> {
    use RuleCode as R;
    vec![
        case(
            R::ReimbursementSum,
            "info.reimbursement.base_total",
            reimbursement,
            &["10.02", "10.00"],
            |i| i.info.reimbursement.base_total = Some(amount("10.02")),
        ),
        case(
            R::ReimbursementSum,
            "info.reimbursement.tax_total",
            reimbursement,
            &["1.48", "1.50"],
            |i| i.info.reimbursement.tax_total = Some(amount("1.48")),
        ),
        case(
            R::ReimbursementNet,
            "info.reimbursement.documents_total",
            reimbursement,
            &["12.50", "11.50"],
            |i| i.info.reimbursement.documents_total = Some(amount("12.50")),
        ),
        case(
            R::ReimbursementItemVat,
            "lines[0].taxes[0].rate_code",
            reimbursement,
            &["0"],
            |i| {
                i.lines[0].taxes[0].rate_code = "0".into();
                i.info.tax_totals[0].rate_code = "0".into();
            },
        ),
        case(
            R::TaxAmount,
            "reimbursed_documents[0].taxes[0].amount",
            reimbursement,
            &["1.60", "1.50"],
            |i| i.reimbursed_documents[0].taxes[0].amount = amount("1.60"),
        ),
        case(
            R::ReimbursementIncomplete,
            "info.reimbursement.document_code",
            reimbursement,
            &["41"],
            |i| i.info.reimbursement.document_code = None,
        ),
        case(
            R::ReimbursementIncomplete,
            "info.reimbursement.tax_total",
            reimbursement,
            &[],
            |i| i.info.reimbursement.tax_total = None,
        ),
        case(
            R::ReimbursedAuthorization,
            "reimbursed_documents[0].authorization",
            reimbursement,
            &["12345", "37"],
            |i| i.reimbursed_documents[0].authorization = "12345".into(),
        ),
        case(
            R::ReimbursementIncomplete,
            "info.reimbursement.base_total",
            reimbursement,
            &[],
            |i| {
                i.info.reimbursement = Default::default();
            },
        ),
        case(
            R::ReimbursementIncomplete,
            "reimbursed_documents",
            reimbursement,
            &[],
            |i| {
                i.reimbursed_documents.clear();
                i.info.reimbursement = Default::default();
                i.info.reimbursement.document_code = Some("41".into());
            },
        ),
    ]
}

fn parties() -> Vec<Case> {
    use RuleCode as R;
    vec![
        case(
            R::FinalConsumerId,
            "info.receiver_id",
            final_consumer,
            &["9999999999999"],
            |i| {
                i.info.receiver_id = "1710034065".into();
            },
        ),
        case(
            R::FinalConsumerType,
            "info.receiver_id",
            final_consumer,
            &["04", "07"],
            |i| {
                i.info.receiver_id_type = "04".into();
            },
        ),
        case(
            R::FinalConsumerName,
            "info.receiver_name",
            final_consumer,
            &["Juana"],
            |i| {
                i.info.receiver_name = "Juana".into();
            },
        ),
        case(
            R::FinalConsumerLimit,
            "info.total",
            final_consumer,
            &["50.01", "50.00"],
            |i| {
                i.info.international_freight = Some(amount("13.16"));
                set_total(i, "50.01");
            },
        ),
        case(
            R::IdentificationType,
            "info.receiver_id",
            invoice,
            &["09"],
            |i| {
                i.info.receiver_id_type = "09".into();
            },
        ),
        case(
            R::IdentificationFormat,
            "info.receiver_id",
            invoice,
            &["10 dígitos"],
            |i| {
                i.info.receiver_id = "171003406".into();
            },
        ),
        case(
            R::IdentificationFormat,
            "reimbursed_documents[0].supplier_id",
            reimbursement,
            &["001"],
            |i| i.reimbursed_documents[0].supplier_id = "1760013210002".into(),
        ),
        case(
            R::CheckDigit,
            "info.receiver_id",
            invoice,
            &["1710034066"],
            |i| {
                i.info.receiver_id = "1710034066".into();
            },
        ),
        case(
            R::CheckDigit,
            "tax_info.ruc",
            invoice,
            &["0993381661001"],
            |i| {
                i.tax_info.ruc = "0993381661001".parse().unwrap();
            },
        ),
        case(
            R::CheckDigit,
            "substitute_waybill.carrier_id",
            invoice,
            &["1760013230001"],
            |i| {
                let mut waybill = sample::waybill();
                waybill.carrier_id = "1760013230001".into();
                i.substitute_waybill = Some(waybill);
            },
        ),
    ]
}

fn dates() -> Vec<Case> {
    use RuleCode as R;
    vec![
        case(
            R::IssueDateFuture,
            "info.issue_date",
            invoice,
            &["30/07/2026", "29/07/2026"],
            |i| {
                i.info.issue_date = date(2026, 7, 30);
            },
        ),
        case(
            R::IssueDateOld,
            "info.issue_date",
            invoice,
            &["29/04/2026"],
            |i| {
                i.info.issue_date = date(2026, 4, 29);
            },
        ),
        case(
            R::IssueDateNotToday,
            "info.issue_date",
            invoice,
            &["28/07/2026"],
            |i| {
                i.info.issue_date = date(2026, 7, 28);
            },
        ),
        case(
            R::AccessKeyMismatch,
            "tax_info.access_key",
            invoice,
            &["2907202601"],
            |i| {
                let sequential = tagua_fiscal::Sequential::new(124).unwrap();
                i.tax_info.access_key = AccessKeyParts {
                    sequential,
                    ..sample::key_parts()
                }
                .key();
            },
        ),
        case(
            R::AccessKeyMismatch,
            "tax_info.access_key",
            invoice,
            &["2907202601"],
            |i| {
                i.info.issue_date = date(2026, 7, 28);
            },
        ),
    ]
}

fn contents() -> Vec<Case> {
    use RuleCode as R;
    vec![
        case(
            R::ExportIncomplete,
            "info.export.incoterm",
            export,
            &["incoterm"],
            |i| {
                i.info.export.incoterm = None;
            },
        ),
        case(
            R::ExportIncomplete,
            "info.export.foreign_trade",
            export,
            &["EXPORTADOR"],
            |i| {
                i.info.export.foreign_trade = Some("SI".into());
            },
        ),
        case(
            R::ExportIncomplete,
            "info.incoterm_of_net_total",
            invoice,
            &[],
            |i| {
                i.info.customs_expenses = Some(amount("1.00"));
                set_total(i, "37.85");
            },
        ),
        case(
            R::ExportVat,
            "lines[0].taxes[0].rate_code",
            export,
            &["4"],
            |i| {
                i.lines[0] = invoice().lines.remove(0);
                i.info.tax_totals = invoice().info.tax_totals;
                set_total(i, "42.85");
            },
        ),
        case(
            R::CountryUnknown,
            "info.export.destination_country",
            export,
            &["999", "593"],
            |i| {
                i.info.export.destination_country = Some("999".into());
            },
        ),
        case(
            R::RimpeLegend,
            "tax_info.rimpe_legend",
            invoice,
            &["REGIMEN", "RÉGIMEN"],
            |i| {
                i.tax_info.rimpe_legend = Some("CONTRIBUYENTE REGIMEN RIMPE".into());
            },
        ),
        case(
            R::TooManyAdditionalFields,
            "additional_fields",
            invoice,
            &["16", "15"],
            |i| {
                i.additional_fields = vec![field(); 16];
            },
        ),
        case(
            R::TooManyLineDetails,
            "lines[1].details",
            invoice,
            &["4", "3"],
            |i| {
                i.lines[1].details = vec![detail(); 4];
            },
        ),
        case(
            R::NegotiableAddress,
            "info.receiver_address",
            negotiable,
            &[],
            |i| {
                i.info.receiver_address = None;
            },
        ),
        case(R::NegotiableTerm, "info.payments", negotiable, &[], |i| {
            i.info.payments[0].term_unit = None;
        }),
        case(
            R::ExportIncomplete,
            "info.export.origin_port",
            invoice,
            &[],
            |i| {
                i.info.incoterm_of_net_total = Some("FOB".into());
            },
        ),
        case(R::NegotiableTerm, "info.payments", negotiable, &[], |i| {
            i.info.payments[0].term = None;
        }),
    ]
}

fn field() -> AdditionalField {
    AdditionalField {
        name: "Pedido".into(),
        value: "118".into(),
    }
}

fn detail() -> LineDetail {
    LineDetail {
        name: "Lote".into(),
        value: "7".into(),
    }
}

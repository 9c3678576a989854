//! Credit and debit notes.

use jiff::ToSpan;
use tagua_fiscal::common::AdditionalField;
use tagua_fiscal::rules::RuleCode;

use super::{Case, credit_note, debit_note};
use crate::documents as sample;
use crate::sample::{TODAY, amount, key_parts, rate, tax_total};

pub(super) fn notes() -> Vec<Case> {
    [credit_notes(), debit_notes(), both()].concat()
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

fn both() -> Vec<Case> {
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

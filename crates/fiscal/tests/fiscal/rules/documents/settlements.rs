//! Purchase settlements.

use tagua_fiscal::rules::RuleCode;

use super::{Case, detail, reimbursement, settlement};
use crate::sample::{amount, rate, tax_total};

pub(super) fn settlements() -> Vec<Case> {
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

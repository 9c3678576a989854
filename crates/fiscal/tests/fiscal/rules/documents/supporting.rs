//! What a withholding of schema 2.0.0 says of the documents it is about.

use tagua_fiscal::rules::RuleCode;
use tagua_fiscal::withholding::{BananaBoxes, Dividends};

use super::{Case, ats, ats_reimbursement};
use crate::documents::{self as sample, first};
use crate::sample::{TODAY, amount, rate};

pub(super) fn supporting() -> Vec<Case> {
    [documents(), reimbursements(), withheld(), payments_abroad()].concat()
}

fn documents() -> Vec<Case> {
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

fn reimbursements() -> Vec<Case> {
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

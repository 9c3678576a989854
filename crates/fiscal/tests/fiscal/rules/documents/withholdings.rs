//! Withholdings: whose they are, and those of schema 1.0.0.

use jiff::ToSpan;
use tagua_fiscal::rules::RuleCode;

use super::{Case, ats, retention};
use crate::documents::first_tax;
use crate::sample::{TODAY, amount, rate};

pub(super) fn retentions() -> Vec<Case> {
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

pub(super) fn subjects() -> Vec<Case> {
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

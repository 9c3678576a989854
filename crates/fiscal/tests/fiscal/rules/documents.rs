//! One broken document for each rule that is not of invoices alone, made from
//! a sample without findings.

mod notes;
mod settlements;
mod supporting;
mod waybills;
mod withholdings;

use tagua_fiscal::Document;
use tagua_fiscal::common::LineDetail;
use tagua_fiscal::credit_note::CreditNote;
use tagua_fiscal::debit_note::DebitNote;
use tagua_fiscal::purchase_settlement::PurchaseSettlement;
use tagua_fiscal::rules::{Finding, RuleCode, RuleContext, Severity, check_document, valid};
use tagua_fiscal::waybill::Waybill;
use tagua_fiscal::withholding::Withholding;

use crate::documents::{self as sample, first};
use crate::sample::{TODAY, quantity};

#[derive(Clone)]
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
        expect(&findings(&case.document), case.code, case.path, case.shows);
    }
}

/// A finding of this rule at this place, in three sentences that show these.
#[track_caller]
pub(super) fn expect(found: &[Finding], code: RuleCode, path: &str, shows: &[&str]) {
    let finding = found
        .iter()
        .find(|finding| finding.code == code && finding.path.to_string() == path)
        .unwrap_or_else(|| panic!("{} at {path} is not in {found:#?}", code.as_str()));
    assert_eq!(finding.severity, code.severity());
    let message = &finding.message;
    for text in shows {
        assert!(message.contains(text), "{text}: {message}");
    }
    let sentences = message.split(". ").count();
    assert!(sentences == 3 && message.ends_with('.'), "{message}");
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

/// Quantities count as in invoices: half a unit is no error.
#[test]
fn quantities_have_decimals() {
    let mut note = sample::credit_note();
    note.lines[0].quantity = quantity("0.5");
    note.lines[0].unit_price = quantity("40.00");
    let document = Document::CreditNote(Box::new(note));
    assert_eq!(findings(&document), []);
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

pub(super) fn cases() -> Vec<Case> {
    [
        settlements::settlements(),
        notes::notes(),
        waybills::waybills(),
        withholdings::retentions(),
        withholdings::subjects(),
        supporting::supporting(),
    ]
    .concat()
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

//! What can be told about a document before anybody is asked.
//!
//! [`check_document`] reports everything it finds and refuses nothing. A document with
//! a finding of [`Severity::Error`] is not [`valid`]; whether to issue it all
//! the same is the caller's policy. Lengths and patterns are matters of the
//! schemas and the size of the file of whoever writes it.

mod code;
mod contents;
mod context;
mod credit_note;
mod dates;
mod debit_note;
mod header;
mod invoice;
mod lines;
mod notes;
mod parties;
mod path;
mod payments;
mod place;
mod plates;
mod reimbursement;
mod sale;
mod sums;
mod supporting;
mod supporting_document;
mod tax;
mod tax_totals;
mod waybill;
mod withheld;
mod withholding;

use rust_decimal::Decimal;

use crate::document::Document;
use crate::invoice::Invoice;

pub use code::{RuleCode, Severity};
pub use context::{IssuerStatus, Regime, RuleContext};
pub use path::{ModelPath, Segment};
pub use place::places;

use place::Place;

/// A rule that a document breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which.
    pub code: RuleCode,
    /// How much it weighs.
    pub severity: Severity,
    /// Where.
    pub path: ModelPath,
    /// What happened, why it is wrong and what to do, in Spanish.
    pub message: String,
}

/// Everything there is to say about an invoice, from the lines to the contents.
pub fn check(invoice: &Invoice, context: &RuleContext) -> Vec<Finding> {
    let mut report = Report::default();
    invoice::check(invoice, context, &mut report);
    report.findings
}

/// Everything there is to say about a document of whichever type: what does not
/// add up first, then who takes part, the dates and the contents.
pub fn check_document(document: &Document, context: &RuleContext) -> Vec<Finding> {
    let mut report = Report::default();
    match document {
        Document::Invoice(document) => invoice::check(document, context, &mut report),
        Document::PurchaseSettlement(document) => {
            invoice::check_settlement(document, context, &mut report);
        }
        Document::CreditNote(document) => credit_note::check(document, context, &mut report),
        Document::DebitNote(document) => debit_note::check(document, context, &mut report),
        Document::Waybill(document) => waybill::check(document, context, &mut report),
        Document::Withholding(document) => withholding::check(document, context, &mut report),
    }
    report.findings
}

/// Whether none of the findings is an error.
pub fn valid(findings: &[Finding]) -> bool {
    findings
        .iter()
        .all(|finding| finding.severity != Severity::Error)
}

/// The cent by which amounts may differ. SRI publishes no tolerance; documents
/// it authorised differ by no more, or by no more than one for each line.
const CENT: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

/// One cent for each of so many lines, for the amounts that add up rounded ones.
fn cents(lines: usize) -> Decimal {
    CENT.saturating_mul(Decimal::from(lines.max(1)))
}

#[derive(Default)]
struct Report {
    findings: Vec<Finding>,
}

impl Report {
    /// `positions` fill the lists of `place`, from the outside inwards.
    fn add(
        &mut self,
        code: RuleCode,
        place: Place,
        positions: &[usize],
        message: impl Into<String>,
    ) {
        self.findings.push(Finding {
            code,
            severity: code.severity(),
            path: place.at(positions),
            message: message.into(),
        });
    }
}

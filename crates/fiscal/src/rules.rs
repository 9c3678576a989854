//! What can be told about an invoice before anybody is asked.
//!
//! [`check`] reports everything it finds and refuses nothing. A document with
//! a finding of [`Severity::Error`] is not [`valid`]; whether to issue it all
//! the same is the caller's policy. Lengths and patterns are matters of the
//! schemas and the size of the file of whoever writes it.

mod code;
mod contents;
mod context;
mod dates;
mod lines;
mod parties;
mod path;
mod reimbursement;
mod sums;

use rust_decimal::Decimal;

use crate::document::Document;
use crate::invoice::Invoice;

pub use code::{RuleCode, Severity};
pub use context::{IssuerStatus, Regime, RuleContext};
pub use path::{ModelPath, Segment};

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
    lines::check(invoice, &mut report);
    sums::check(invoice, &mut report);
    reimbursement::check(invoice, &mut report);
    parties::check(invoice, &mut report);
    dates::check(invoice, context, &mut report);
    contents::check(invoice, &mut report);
    report.findings
}

/// Everything there is to say about a document of whichever type.
pub fn check_document(document: &Document, context: &RuleContext) -> Vec<Finding> {
    match document {
        Document::Invoice(invoice) => check(invoice, context),
        _ => Vec::new(),
    }
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

/// One cent for each line, for the amounts that add up rounded ones.
fn cent_per_line(invoice: &Invoice) -> Decimal {
    CENT.saturating_mul(Decimal::from(invoice.lines.len().max(1)))
}

#[derive(Default)]
struct Report {
    findings: Vec<Finding>,
}

impl Report {
    fn add(&mut self, code: RuleCode, path: ModelPath, message: impl Into<String>) {
        self.findings.push(Finding {
            code,
            severity: code.severity(),
            path,
            message: message.into(),
        });
    }
}

fn lines_at(index: usize) -> ModelPath {
    ModelPath::of("lines").at(index)
}

fn info(field: &'static str) -> ModelPath {
    ModelPath::of("info").field(field)
}

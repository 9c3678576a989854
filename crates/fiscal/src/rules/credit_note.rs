//! Credit notes.

use super::header::{self, Header};
use super::place::ISSUE_DATE;
use super::sale::Sale;
use super::{Report, RuleContext, dates, invoice, notes};
use crate::credit_note::CreditNote;
use crate::identifier::DocumentType;

pub(super) fn check(note: &CreditNote, context: &RuleContext, report: &mut Report) {
    let info = &note.info;
    invoice::figures(&Sale::of_credit_note(note), report);
    notes::receiver(&info.receiver_id_type, &info.receiver_id, report);
    dates::issue_date(info.issue_date, context.today, ISSUE_DATE, report);
    notes::modified(&info.modified_document, info.issue_date, report);
    notes::rise(info.rise_legend.as_deref(), info.issue_date, report);
    let header = Header {
        document_type: DocumentType::CreditNote,
        tax_info: &note.tax_info,
        day: info.issue_date,
        day_written: true,
        fields: &note.additional_fields,
    };
    header::check(&header, context, report);
}

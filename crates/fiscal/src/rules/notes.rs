//! What credit and debit notes say of the document they modify.

use jiff::civil::{Date, date};

use super::place::{MODIFIED_CODE, MODIFIED_DATE, RECEIVER_ID, RECEIVER_ID_TYPE, RISE_LEGEND};
use super::{Report, RuleCode, parties, supporting};
use crate::common::ModifiedDocument;

/// RIMPE took the place of RISE (Ley para el Desarrollo Económico, RO 587).
const RISE_UNTIL: Date = date(2021, 12, 31);

/// Type and number of the buyer, who is never unidentified.
pub(super) fn receiver(kind: &str, id: &str, report: &mut Report) {
    parties::party(kind, id, RECEIVER_ID, &[], report);
    parties::identified(kind, RECEIVER_ID_TYPE, report);
}

pub(super) fn modified(document: &ModifiedDocument, day: Date, report: &mut Report) {
    let code = &document.document_code;
    supporting::known_code(code, MODIFIED_CODE, &[], report);
    if document.issue_date > day {
        let message = format!(
            "La nota es del {} y el documento que modifica es del {}. \
             Una nota no es anterior al documento que modifica. \
             Corrija una de las dos fechas.",
            day.strftime("%d/%m/%Y"),
            document.issue_date.strftime("%d/%m/%Y"),
        );
        report.add(RuleCode::ModifiedDocumentDate, MODIFIED_DATE, &[], message);
    }
}

/// Ficha técnica, anexo 22: RIMPE has an element of its own.
pub(super) fn rise(legend: Option<&str>, day: Date, report: &mut Report) {
    let Some(legend) = legend.filter(|_| day > RISE_UNTIL) else {
        return;
    };
    let message = format!(
        "La nota lleva la leyenda «{legend}» en el elemento rise. \
         El régimen RISE terminó en 2021 y la leyenda RIMPE tiene su propio elemento. \
         Quite la leyenda.",
    );
    report.add(RuleCode::RiseLegend, RISE_LEGEND, &[], message);
}

//! Waybills: who carries what for which document, and when.

use jiff::civil::Date;

use super::header::{self, Header};
use super::parties::{party, untyped_party};
use super::place::{
    CARRIER_ID, END_DATE, RECIPIENT_AUTHORIZATION, RECIPIENT_DOCUMENT, RECIPIENT_DOCUMENT_CODE,
    RECIPIENT_DOCUMENT_DATE, RECIPIENT_ID, RECIPIENT_LINE_DETAILS, START_DATE,
};
use super::supporting::{self, Cited};
use super::{Report, RuleCode, RuleContext, dates, lines};
use crate::identifier::DocumentType;
use crate::waybill::{Recipient, SupportingReference, Waybill};

pub(super) fn check(waybill: &Waybill, context: &RuleContext, report: &mut Report) {
    let info = &waybill.info;
    let day = issue_day(waybill);
    transport(waybill, day, report);
    party(
        &info.carrier_id_type,
        &info.carrier_id,
        CARRIER_ID,
        &[],
        report,
    );
    for (index, recipient) in waybill.recipients.iter().enumerate() {
        of_recipient(recipient, info.start_date, index, report);
    }
    dates::issue_date(day, context.today, START_DATE, report);
    let header = Header {
        document_type: DocumentType::Waybill,
        tax_info: &waybill.tax_info,
        day,
        day_written: false,
        fields: &waybill.additional_fields,
    };
    header::check(&header, context, report);
}

/// No element holds the day of issue: it is that of the access key.
fn issue_day(waybill: &Waybill) -> Date {
    let parts = waybill.tax_info.access_key.parts();
    parts.map_or(waybill.info.start_date, |parts| parts.date)
}

/// Error 82, and a transport that ends before it starts.
fn transport(waybill: &Waybill, day: Date, report: &mut Report) {
    let (start, end) = (waybill.info.start_date, waybill.info.end_date);
    if start < day {
        let message = format!(
            "El transporte empieza el {} y la guía es del {}. \
             El SRI no admite un inicio anterior a la emisión (error 82). \
             Corrija la fecha de inicio.",
            start.strftime("%d/%m/%Y"),
            day.strftime("%d/%m/%Y"),
        );
        report.add(RuleCode::TransportStart, START_DATE, &[], message);
    }
    if end < start {
        let message = format!(
            "El transporte empieza el {} y termina el {}. \
             El fin no puede ser anterior al inicio. \
             Corrija una de las dos fechas.",
            start.strftime("%d/%m/%Y"),
            end.strftime("%d/%m/%Y"),
        );
        report.add(RuleCode::TransportEnd, END_DATE, &[], message);
    }
}

fn of_recipient(recipient: &Recipient, start: Date, index: usize, report: &mut Report) {
    untyped_party(&recipient.id, RECIPIENT_ID, &[index], report);
    document(&recipient.supporting_document, start, index, report);
    for (position, line) in recipient.lines.iter().enumerate() {
        if lines::too_many(&line.details) {
            let at = [index, position];
            lines::details(&line.details, RECIPIENT_LINE_DETAILS, &at, report);
        }
    }
}

/// Ficha técnica, anexo of the waybill: the four elements go together.
fn document(document: &SupportingReference, start: Date, index: usize, report: &mut Report) {
    if *document == SupportingReference::default() {
        return;
    }
    let at = [index];
    let (code, number) = (
        document.document_code.as_deref(),
        document.number.as_deref(),
    );
    if code.is_none() || number.is_none() || document.issue_date.is_none() {
        let message = "El documento de sustento está incompleto. \
                       Tipo, número y fecha van juntos. \
                       Complete los datos o quítelos todos.";
        report.add(
            RuleCode::SupportingIncomplete,
            RECIPIENT_DOCUMENT,
            &at,
            message,
        );
    }
    if let Some(code) = code {
        supporting::known_code(code, RECIPIENT_DOCUMENT_CODE, &at, report);
    }
    let cited = Cited {
        document_code: code,
        number,
        issue_date: document.issue_date,
        authorization: document.authorization.as_deref(),
    };
    supporting::authorization(&cited, RECIPIENT_AUTHORIZATION, &at, report);
    let place = RECIPIENT_DOCUMENT_DATE;
    supporting::not_later(document.issue_date, start, place, &at, report);
}

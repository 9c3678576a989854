//! Withholding certificates of both schemas.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::header::{self, Header};
use super::parties::{identified, party};
use super::place::{
    FISCAL_PERIOD, ISSUE_DATE, SUBJECT_ID, SUBJECT_ID_TYPE, SUBJECT_TYPE, TAX_DOCUMENT_CODE,
    TAX_DOCUMENT_DATE, TAX_DOCUMENT_NUMBER,
};
use super::withheld::{self, SelfWithholding, Withheld};
use super::{Report, RuleCode, RuleContext, dates, supporting, supporting_document};
use crate::identification::IdentificationType;
use crate::identifier::DocumentType;
use crate::withholding::{WithheldTax, Withholding, WithholdingBody};

/// LRTI, art. 50; whether the days count holidays is uncertain, so that only
/// weekends are left out.
const WORKING_DAYS_MAX: usize = 5;

pub(super) fn check(document: &Withholding, context: &RuleContext, report: &mut Report) {
    let info = &document.info;
    match &document.body {
        WithholdingBody::Taxes(taxes) => {
            for (index, tax) in taxes.iter().enumerate() {
                of_tax(document, tax, index, report);
            }
        }
        WithholdingBody::Documents(documents) => {
            subject_type(document, report);
            for (index, supporting) in documents.iter().enumerate() {
                supporting_document::check(document, supporting, index, report);
            }
        }
    }
    let (kind, id) = (&info.subject_id_type, &info.subject_id);
    party(kind, id, SUBJECT_ID, &[], report);
    identified(kind, SUBJECT_ID_TYPE, report);
    dates::issue_date(info.issue_date, context.today, ISSUE_DATE, report);
    late(document, report);
    period(document, report);
    let header = Header {
        document_type: DocumentType::Withholding,
        tax_info: &document.tax_info,
        day: info.issue_date,
        day_written: true,
        fields: &document.additional_fields,
    };
    header::check(&header, context, report);
}

fn of_tax(document: &Withholding, tax: &WithheldTax, index: usize, report: &mut Report) {
    let (row, day, at) = (Withheld::from(tax), document.info.issue_date, [index]);
    withheld::check(row, day, withheld::OF_TAXES, &at, report);
    let shape = SelfWithholding {
        header: &document.tax_info,
        subject_id: &document.info.subject_id,
        support_code: None,
        document_code: tax.document_code.as_deref(),
        document_number: tax.document_number.as_deref(),
    };
    withheld::self_withholding(row, &shape, withheld::OF_TAXES, &at, report);
    match &tax.document_code {
        Some(code) => supporting::known_code(code, TAX_DOCUMENT_CODE, &at, report),
        None => incomplete(tax, TAX_DOCUMENT_CODE, &at, report),
    }
    if tax.document_number.is_none() {
        incomplete(tax, TAX_DOCUMENT_NUMBER, &at, report);
    }
    if tax.document_date.is_none() {
        incomplete(tax, TAX_DOCUMENT_DATE, &at, report);
    }
    supporting::not_later(tax.document_date, day, TAX_DOCUMENT_DATE, &at, report);
}

/// The elements of the supporting document go together.
fn incomplete(tax: &WithheldTax, place: super::Place, positions: &[usize], report: &mut Report) {
    let message = format!(
        "La retención {} no dice todo de su documento de sustento. \
         Tipo, número y fecha van juntos. \
         Complete los datos.",
        tax.withholding_code,
    );
    report.add(RuleCode::SupportingIncomplete, place, positions, message);
}

/// Error 52: `tipoSujetoRetenido` goes with type 08 and no other.
fn subject_type(document: &Withholding, report: &mut Report) {
    let info = &document.info;
    let foreign = info.subject_id_type == IdentificationType::Foreign.code();
    match (&info.subject_type, foreign) {
        (None, true) => {
            let message = "El sujeto se identifica con tipo 08 y falta el tipo de sujeto retenido. \
                           Sin él el SRI responde con el error 52. \
                           Escriba 01 (persona natural) o 02 (sociedad).";
            report.add(RuleCode::SubjectTypeMissing, SUBJECT_TYPE, &[], message);
        }
        (Some(written), false) => {
            let message = format!(
                "El tipo de sujeto retenido es {written} y el sujeto se identifica con tipo {}. \
                 Va solo con identificaciones del exterior (08). \
                 Quite el tipo de sujeto retenido.",
                info.subject_id_type,
            );
            report.add(RuleCode::SubjectTypeUnneeded, SUBJECT_TYPE, &[], message);
        }
        (None, false) | (Some(_), true) => {}
    }
}

/// LRTI, art. 50: within five days of receiving the supporting document.
fn late(document: &Withholding, report: &mut Report) {
    let day = document.info.issue_date;
    let Some(first) = supporting_days(document).min() else {
        return;
    };
    let is_working = |day: &Date| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    let days = first.series(1.day()).skip(1).take_while(|d| *d <= day);
    if days.filter(is_working).take(WORKING_DAYS_MAX + 1).count() <= WORKING_DAYS_MAX {
        return;
    }
    let message = format!(
        "La retención es del {} y su documento de sustento del {}. \
         La LRTI (artículo 50) pide entregarla en los cinco días siguientes a recibirlo. \
         Emita las retenciones al recibir los documentos.",
        day.strftime("%d/%m/%Y"),
        first.strftime("%d/%m/%Y"),
    );
    report.add(RuleCode::WithholdingLate, ISSUE_DATE, &[], message);
}

fn supporting_days(document: &Withholding) -> impl Iterator<Item = Date> {
    let (taxes, documents) = match &document.body {
        WithholdingBody::Taxes(taxes) => (taxes.as_slice(), &[][..]),
        WithholdingBody::Documents(documents) => (&[][..], documents.as_slice()),
    };
    let of_taxes = taxes.iter().filter_map(|tax| tax.document_date);
    of_taxes.chain(documents.iter().map(|document| document.issue_date))
}

/// `periodoFiscal`: the month of the withholding or of what it is about.
fn period(document: &Withholding, report: &mut Report) {
    let written = &document.info.fiscal_period;
    let day = document.info.issue_date;
    let month = |day: Date| format!("{:02}/{:04}", day.month(), day.year());
    let mut days = std::iter::once(day).chain(supporting_days(document));
    if days.any(|day| month(day) == *written) {
        return;
    }
    let message = format!(
        "El periodo fiscal es {written} y la retención es del {}. \
         Es el mes de la retención o el de su documento de sustento, como {}. \
         Corrija el periodo.",
        day.strftime("%d/%m/%Y"),
        month(day),
    );
    report.add(RuleCode::FiscalPeriod, FISCAL_PERIOD, &[], message);
}

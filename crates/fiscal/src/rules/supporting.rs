//! Documents that others cite: their codes, authorisation numbers and days.

use jiff::civil::Date;

use super::place::Place;
use super::{Report, RuleCode};
use crate::access_key::{AccessKey, AccessKeyParts};
use crate::catalogue::support_document;

/// ATS, table 4 (error 64).
pub(super) fn known_code(code: &str, place: Place, positions: &[usize], report: &mut Report) {
    if support_document(code).is_some() {
        return;
    }
    let message = format!(
        "El tipo de documento {code} no es conocido. \
         No consta en la tabla 4 del ATS. \
         Use un código de la tabla; una factura es 01.",
    );
    report.add(RuleCode::SupportDocumentUnknown, place, positions, message);
}

/// 10 digits of a printed document, 37 of the first electronic scheme, 49 of
/// the offline one.
pub(super) fn is_authorization(number: &str) -> bool {
    matches!(number.len(), 10 | 37 | 49)
}

pub(super) fn authorization_digits(
    number: &str,
    code: RuleCode,
    place: Place,
    positions: &[usize],
    report: &mut Report,
) {
    let message = format!(
        "El número de autorización {number} tiene {} caracteres. \
         Debe tener 10, 37 o 49 dígitos. Revise el número.",
        number.len(),
    );
    report.add(code, place, positions, message);
}

/// What a document says of one that it cites.
pub(super) struct Cited<'d> {
    pub(super) document_code: Option<&'d str>,
    /// With or without hyphens.
    pub(super) number: Option<&'d str>,
    pub(super) issue_date: Option<Date>,
    pub(super) authorization: Option<&'d str>,
}

/// The authorisation number of a cited document: of the offline scheme it is
/// the access key, which repeats type, number and day (ficha técnica, table 1).
pub(super) fn authorization(
    cited: &Cited<'_>,
    place: Place,
    positions: &[usize],
    report: &mut Report,
) {
    let Some(number) = cited.authorization else {
        return;
    };
    if !is_authorization(number) {
        let code = RuleCode::SupportingAuthorization;
        return authorization_digits(number, code, place, positions, report);
    }
    if number.len() != 49 || key_agrees(number, cited) {
        return;
    }
    let message = format!(
        "El número de autorización {number} no es del documento que se cita. \
         Una clave de acceso repite el tipo, el número y la fecha, y termina en un dígito \
         verificador. \
         Copie la clave del documento o corrija sus datos.",
    );
    report.add(RuleCode::SupportingAuthorization, place, positions, message);
}

fn key_agrees(number: &str, cited: &Cited<'_>) -> bool {
    let key = number.parse::<AccessKey>().ok();
    key.and_then(|key| key.parts())
        .is_some_and(|parts| parts_agree(&parts, cited))
}

fn parts_agree(parts: &AccessKeyParts, cited: &Cited<'_>) -> bool {
    let number = || {
        let series = parts.series;
        format!(
            "{}{}{}",
            series.establishment, series.point, parts.sequential
        )
    };
    // Codes of the ATS that SRI's own scheme does not know (a reimbursement is an
    // invoice there) are not compared.
    let own = |code: &&str| ["01", "03", "04", "05"].contains(code);
    let written = cited.document_code.filter(own);
    written.is_none_or(|code| code == parts.document_type.code())
        && cited.issue_date.is_none_or(|day| day == parts.date)
        && cited
            .number
            .is_none_or(|written| written.replace('-', "") == number())
}

/// A cited document dated after the one that cites it.
pub(super) fn not_later(
    cited: Option<Date>,
    day: Date,
    place: Place,
    positions: &[usize],
    report: &mut Report,
) {
    let Some(cited) = cited.filter(|cited| *cited > day) else {
        return;
    };
    let message = format!(
        "El documento de sustento es del {} y este comprobante del {}. \
         Un comprobante no es anterior al documento que lo sustenta. \
         Corrija una de las dos fechas.",
        cited.strftime("%d/%m/%Y"),
        day.strftime("%d/%m/%Y"),
    );
    report.add(RuleCode::SupportingDate, place, positions, message);
}

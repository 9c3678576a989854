//! The day of issue and the access key that repeats it.

use jiff::civil::{Date, date};

use super::place::{ACCESS_KEY, Place};
use super::{Report, RuleCode};
use crate::access_key::AccessKeyParts;
use crate::common::TaxInfo;
use crate::identifier::DocumentType;

/// The age at which reception refuses a document (error 65).
const DAYS_MAX: i64 = 90;
/// Res. NAC-DGERCGC25-00000017: documents are transmitted when they are issued.
const IMMEDIATE_SINCE: Date = date(2026, 1, 1);

/// Error 65 and Res. NAC-DGERCGC25-00000017.
pub(super) fn issue_date(day: Date, today: Date, place: Place, report: &mut Report) {
    let days = days_between(day, today);
    let (code, why) = if days < 0 {
        (RuleCode::IssueDateFuture, "El SRI no admite fechas futuras")
    } else if days > DAYS_MAX {
        (RuleCode::IssueDateOld, "El SRI no admite más de 90 días")
    } else if days > 0 && today >= IMMEDIATE_SINCE {
        (
            RuleCode::IssueDateNotToday,
            "Desde 2026 el comprobante se transmite el día en que se emite \
             (resolución NAC-DGERCGC25-00000017)",
        )
    } else {
        return;
    };
    let message = format!(
        "La fecha de emisión es {} y hoy es {}. {why}. Emita con la fecha de hoy.",
        day.strftime("%d/%m/%Y"),
        today.strftime("%d/%m/%Y"),
    );
    report.add(code, place, &[], message);
}

/// Whole days, negative when `to` comes first.
pub(super) fn days_between(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24
}

/// Ficha técnica, table 1 (error 58). The numeric code and the emission type
/// are the key's own business, as is the day where no element holds it.
pub(super) fn access_key(
    header: &TaxInfo,
    document_type: DocumentType,
    day: Option<Date>,
    report: &mut Report,
) {
    let parts = header.access_key.parts();
    let expected = parts.map(|parts| AccessKeyParts {
        date: day.unwrap_or(parts.date),
        document_type,
        ruc: header.ruc,
        environment: header.environment,
        series: header.series,
        sequential: header.sequential,
        ..parts
    });
    if parts.is_none() || parts != expected {
        let message = format!(
            "La clave de acceso {} no corresponde al comprobante. \
             Repite fecha, tipo, RUC, ambiente, serie y secuencial. \
             Genere la clave con los datos del comprobante.",
            header.access_key,
        );
        report.add(RuleCode::AccessKeyMismatch, ACCESS_KEY, &[], message);
    }
}

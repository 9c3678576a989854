//! The day of issue and the access key that repeats it.

use jiff::civil::{Date, date};

use super::{ModelPath, Report, RuleCode, RuleContext, info};
use crate::access_key::AccessKeyParts;
use crate::identifier::DocumentType;
use crate::invoice::Invoice;

/// The age at which reception refuses a document (error 65).
const DAYS_MAX: i64 = 90;
/// Res. NAC-DGERCGC25-00000017: documents are transmitted when they are issued.
const IMMEDIATE_SINCE: Date = date(2026, 1, 1);

pub(super) fn check(invoice: &Invoice, context: &RuleContext, report: &mut Report) {
    issue_date(invoice.info.issue_date, context.today, report);
    access_key(invoice, report);
}

fn issue_date(day: Date, today: Date, report: &mut Report) {
    let days = today.duration_since(day).as_hours() / 24;
    let (code, why) = if days < 0 {
        (RuleCode::IssueDateFuture, "El SRI no admite fechas futuras")
    } else if days > DAYS_MAX {
        (RuleCode::IssueDateOld, "El SRI no admite más de 90 días")
    } else if days > 0 && today >= IMMEDIATE_SINCE {
        (
            RuleCode::IssueDateNotToday,
            "Desde 2026 el comprobante se transmite el día en que se emite",
        )
    } else {
        return;
    };
    let message = format!(
        "La fecha de emisión es {} y hoy es {}. {why}. Emita con la fecha de hoy.",
        day.strftime("%d/%m/%Y"),
        today.strftime("%d/%m/%Y"),
    );
    report.add(code, info("issue_date"), message);
}

/// The numeric code and the emission type are the key's own business.
fn access_key(invoice: &Invoice, report: &mut Report) {
    let header = &invoice.tax_info;
    let parts = header.access_key.parts();
    let expected = parts.map(|parts| AccessKeyParts {
        date: invoice.info.issue_date,
        document_type: DocumentType::Invoice,
        ruc: header.ruc,
        environment: header.environment,
        series: header.series,
        sequential: header.sequential,
        ..parts
    });
    if parts.is_none() || parts != expected {
        let message = format!(
            "La clave de acceso {} no corresponde a la factura. \
             Repite fecha, tipo, RUC, ambiente, serie y secuencial. \
             Genere la clave con los datos de la factura.",
            header.access_key,
        );
        let path = ModelPath::of("tax_info").field("access_key");
        report.add(RuleCode::AccessKeyMismatch, path, message);
    }
}

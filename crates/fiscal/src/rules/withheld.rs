//! One row of what was withheld, of either schema.

use jiff::civil::Date;

use super::place::{self, Place};
use super::{CENT, Report, RuleCode};
use crate::catalogue::{SELF_WITHHOLDING_CODES, WITHHELD_VAT, WithholdingRate, withholding_rate};
use crate::common::TaxInfo;
use crate::number::{Amount, Rate};
use crate::totals::{distance, percentage};
use crate::withholding::{DocumentWithholding, WithheldTax};

/// What the rows of both schemas have in common.
#[derive(Clone, Copy)]
pub(super) struct Withheld<'d> {
    pub(super) tax: &'d str,
    pub(super) code: &'d str,
    pub(super) base: Amount,
    rate: Rate,
    amount: Amount,
}

macro_rules! withheld_from {
    ($($row:ty),*) => {
        $(impl<'d> From<&'d $row> for Withheld<'d> {
            fn from(row: &'d $row) -> Self {
                Self {
                    tax: &row.code,
                    code: &row.withholding_code,
                    base: row.base,
                    rate: row.rate,
                    amount: row.amount,
                }
            }
        })*
    };
}

withheld_from!(WithheldTax, DocumentWithholding);

/// Where a row is.
#[derive(Clone, Copy)]
pub(super) struct Places {
    code: Place,
    rate: Place,
    amount: Place,
}

/// Of schema 1.0.0.
pub(super) const OF_TAXES: Places = Places {
    code: place::TAX_CODE,
    rate: place::TAX_RATE,
    amount: place::TAX_AMOUNT,
};

/// Of schema 2.0.0.
pub(super) const OF_DOCUMENTS: Places = Places {
    code: place::WITHHELD_CODE,
    rate: place::WITHHELD_RATE,
    amount: place::WITHHELD_AMOUNT,
};

pub(super) fn check(
    row: Withheld<'_>,
    day: Date,
    places: Places,
    positions: &[usize],
    report: &mut Report,
) {
    amount(row, places.amount, positions, report);
    match withholding_rate(row.tax, row.code) {
        Some(known) => rate(row, known, day, places.rate, positions, report),
        None => unknown(row, places.code, positions, report),
    }
}

/// Ficha técnica, `valorRetenido`: base × percentage, rounded.
fn amount(row: Withheld<'_>, place: Place, positions: &[usize], report: &mut Report) {
    let expected = percentage(row.base.value(), row.rate);
    if distance(expected.value(), row.amount.value()) > CENT {
        let message = format!(
            "El valor retenido es {} y debe ser {expected}. \
             Es la base {} por el {} %. \
             Corrija el valor, la base o el porcentaje.",
            row.amount, row.base, row.rate,
        );
        report.add(RuleCode::WithheldAmount, place, positions, message);
    }
}

/// Ficha técnica, table 20; ATS, table 3.10. SRI adds codes: never more than a hint.
fn unknown(row: Withheld<'_>, place: Place, positions: &[usize], report: &mut Report) {
    let box_of_form =
        row.tax == WITHHELD_VAT && ["721", "723", "725", "727", "729", "731"].contains(&row.code);
    let why = if box_of_form {
        "Los números 721 a 731 son casilleros del formulario 104, no códigos del comprobante"
    } else {
        "No consta en la tabla 20 de la ficha técnica ni en la 3.10 del ATS"
    };
    let message = format!(
        "El código de retención {} del impuesto {} no es conocido. {why}. Revise el código.",
        row.code, row.tax,
    );
    report.add(RuleCode::WithholdingUnknown, place, positions, message);
}

/// Renta: Res. NAC-DGERCGC26-00000009 since 2026-03-01; IVA and ISD: ficha
/// técnica, table 20. Percentages change often and differ by case.
fn rate(
    row: Withheld<'_>,
    known: &WithholdingRate,
    day: Date,
    place: Place,
    positions: &[usize],
    report: &mut Report,
) {
    let Some((allowed, source)) = known.on(day) else {
        return;
    };
    if allowed.allows(row.rate) {
        return;
    }
    let message = format!(
        "El porcentaje del código {} es {} y el {} debe ser {allowed}. \
         Así consta en {source}. \
         Corrija el porcentaje o el código.",
        row.code,
        row.rate,
        day.strftime("%d/%m/%Y"),
    );
    report.add(RuleCode::WithholdingRate, place, positions, message);
}

/// What a row of autorretención must agree with (ficha técnica, anexo 19).
pub(super) struct SelfWithholding<'d> {
    pub(super) header: &'d TaxInfo,
    pub(super) subject_id: &'d str,
    pub(super) support_code: Option<&'d str>,
    pub(super) document_code: Option<&'d str>,
    pub(super) document_number: Option<&'d str>,
}

/// Ficha técnica, anexo 19: who withholds from itself is the subject, and the
/// certificate supports itself.
pub(super) fn self_withholding(
    row: Withheld<'_>,
    shape: &SelfWithholding<'_>,
    places: Places,
    positions: &[usize],
    report: &mut Report,
) {
    if !SELF_WITHHOLDING_CODES.contains(&row.code) || shape.holds() {
        return;
    }
    let message = format!(
        "La autorretención ({}) no tiene la forma que le corresponde. \
         El anexo 19 de la ficha técnica pide al emisor como sujeto, documento 42 (sustento 12) y \
         como número el de la propia retención. \
         Corrija el sujeto o el documento de sustento.",
        row.code,
    );
    report.add(RuleCode::SelfWithholding, places.code, positions, message);
}

impl SelfWithholding<'_> {
    fn holds(&self) -> bool {
        let series = self.header.series;
        let own = format!(
            "{}{}{}",
            series.establishment, series.point, self.header.sequential
        );
        self.subject_id == self.header.ruc.as_str()
            && self.support_code.is_none_or(|code| code == "12")
            && self.document_code == Some("42")
            && self.document_number == Some(own.as_str())
    }
}

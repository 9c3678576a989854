//! A row of tax by itself, of whichever document: its amount and its rate.

use jiff::civil::Date;

use super::place::Place;
use super::{CENT, Report, RuleCode};
use crate::catalogue::{IceBasis, InForce, TAX_ICE, TAX_VAT, VatRate, ice_code, vat_rate};
use crate::common::{LineTax, TaxTotal};
use crate::credit_note::CreditNoteTax;
use crate::number::{Amount, Rate};
use crate::totals::{distance, percentage, tax_amount};
use crate::withholding::{SupportingReimbursementTax, SupportingTax};

/// What the rows of tax of every document have in common.
#[derive(Clone, Copy)]
pub(super) struct Tax<'d> {
    pub(super) code: &'d str,
    pub(super) rate_code: &'d str,
    /// `None` where the document does not say it.
    pub(super) rate: Option<Rate>,
    pub(super) base: Amount,
    pub(super) amount: Amount,
}

macro_rules! tax_from {
    ($($row:ty: $rate:expr;)*) => {
        $(impl<'d> From<&'d $row> for Tax<'d> {
            fn from(row: &'d $row) -> Self {
                let rate: fn(&$row) -> Option<Rate> = $rate;
                Self {
                    code: &row.code,
                    rate_code: &row.rate_code,
                    rate: rate(row),
                    base: row.base,
                    amount: row.amount,
                }
            }
        })*
    };
}

tax_from! {
    LineTax: |row| Some(row.rate);
    CreditNoteTax: |row| row.rate;
    TaxTotal: |row| row.rate;
    SupportingTax: |row| Some(row.rate);
    SupportingReimbursementTax: |row| row.rate.parse().ok();
}

impl<'d> Tax<'d> {
    pub(super) fn is_vat(&self) -> bool {
        self.code == TAX_VAT
    }

    /// The row of an IVA code that the table has.
    pub(super) fn vat(&self) -> Option<&'static VatRate> {
        vat_rate(self.rate_code).filter(|_| self.is_vat())
    }

    pub(super) fn key(&self) -> (&'d str, &'d str) {
        (self.code, self.rate_code)
    }
}

/// The day whose rates apply.
#[derive(Clone, Copy)]
pub(super) enum VatDay {
    /// The day of issue.
    Issue(Date),
    /// Of notes the day of the document they modify (ficha técnica, table 17),
    /// then the day of issue.
    Modified(Date, Date),
}

/// `valor` against `baseImponible` × `tarifa` (ficha técnica, table 21); where
/// no rate is written, that of the IVA code.
pub(super) fn amount(
    tax: Tax<'_>,
    code: RuleCode,
    place: Place,
    positions: &[usize],
    report: &mut Report,
) {
    let Some(rate) = tax.rate.or(tax.vat().map(|row| row.rate)) else {
        return;
    };
    if amount_holds(tax, rate) {
        return;
    }
    let expected = tax_amount(tax.code, tax.rate_code, tax.base, rate);
    let message = format!(
        "El valor del impuesto {}/{} es {} y debe ser {expected}. \
         Es la base {} por la tarifa {rate}. \
         Corrija el valor, la base o la tarifa.",
        tax.code, tax.rate_code, tax.amount, tax.base,
    );
    report.add(code, place, positions, message);
}

fn amount_holds(tax: Tax<'_>, rate: Rate) -> bool {
    let written = tax.amount.value();
    let holds = |expected: Amount| distance(expected.value(), written) <= CENT;
    let by_codes = || tax_amount(tax.code, tax.rate_code, tax.base, rate);
    let by_percentage = || percentage(tax.base.value(), rate);
    let ice = ice_code(tax.rate_code).filter(|_| tax.code == TAX_ICE);
    match ice.map(|row| row.basis) {
        Some(IceBasis::Specific(_)) => holds(by_codes()) || holds(by_percentage()),
        // The dollars per unit come on top, and the document does not show the units.
        Some(IceBasis::Mixed(..)) => written >= by_percentage().value().saturating_sub(CENT),
        Some(IceBasis::AdValorem(_) | IceBasis::Import) | None => holds(by_codes()),
    }
}

/// Code and rate of a row of IVA: known, of each other, and in force.
pub(super) fn vat_rate_of(
    tax: Tax<'_>,
    day: VatDay,
    (code_place, rate_place): (Place, Place),
    positions: &[usize],
    report: &mut Report,
) {
    if !tax.is_vat() {
        return;
    }
    let Some(row) = tax.vat() else {
        return unknown(tax.rate_code, code_place, positions, report);
    };
    in_force(row, day, code_place, positions, report);
    belongs(tax, row, rate_place, positions, report);
}

fn unknown(code: &str, place: Place, positions: &[usize], report: &mut Report) {
    let message = format!(
        "El código de tarifa de IVA {code} no es conocido. \
         No consta en la tabla 17 de la ficha técnica. \
         Revise el código.",
    );
    report.add(RuleCode::VatCodeUnknown, place, positions, message);
}

/// `tarifa` against the rate of its IVA code (ficha técnica, table 17).
pub(super) fn belongs(
    tax: Tax<'_>,
    row: &VatRate,
    place: Place,
    positions: &[usize],
    report: &mut Report,
) {
    let Some(written) = tax.rate.filter(|written| *written != row.rate) else {
        return;
    };
    let message = format!(
        "La tarifa de IVA es {written} y debe ser {}. \
         El código {} corresponde a «{}». \
         Corrija la tarifa o el código.",
        row.rate, row.code, row.name,
    );
    report.add(RuleCode::VatRateMismatch, place, positions, message);
}

fn in_force(row: &VatRate, day: VatDay, place: Place, positions: &[usize], report: &mut Report) {
    let (VatDay::Issue(date) | VatDay::Modified(date, _)) = day;
    let (code, what) = match (row.in_force_on(date), day) {
        (InForce::Yes, _) => return,
        (InForce::Unknown, _) => (RuleCode::VatRateDayUnconfirmed, "no consta como vigente"),
        (InForce::No, VatDay::Modified(_, issue)) if row.in_force_on(issue) == InForce::Yes => {
            return of_modified(row, date, place, positions, report);
        }
        (InForce::No, _) => (RuleCode::VatRateNotInForce, "no estaba vigente"),
    };
    let of = match day {
        VatDay::Issue(_) => "la fecha de emisión",
        VatDay::Modified(..) => "la fecha del documento modificado",
    };
    let message = format!(
        "La tarifa «{}» (código {}) {what} el {}. \
         Cada tarifa rige solo en sus fechas. \
         Use la tarifa de {of}.",
        row.name,
        row.code,
        date.strftime("%d/%m/%Y"),
    );
    report.add(code, place, positions, message);
}

fn of_modified(row: &VatRate, date: Date, place: Place, positions: &[usize], report: &mut Report) {
    let message = format!(
        "La tarifa «{}» (código {}) no estaba vigente el {}, fecha del documento modificado. \
         Según la ficha técnica una nota lleva la tarifa del documento que modifica. \
         Confirme la tarifa o la fecha del documento modificado.",
        row.name,
        row.code,
        date.strftime("%d/%m/%Y"),
    );
    report.add(RuleCode::VatRateOfModified, place, positions, message);
}

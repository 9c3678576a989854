//! Payments: their sum and their codes, of whichever document has them.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::place::Place;
use super::{CENT, Report, RuleCode};
use crate::catalogue::{is_retired_payment_method, payment_method};
use crate::number::Amount;
use crate::totals::distance;

/// The payments against the total; they may leave out what is withheld.
pub(super) fn sum(
    paid: Decimal,
    withheld: Decimal,
    total: Amount,
    (place, positions): (Place, &[usize]),
    report: &mut Report,
) {
    let all = paid.saturating_add(withheld);
    if [paid, all]
        .iter()
        .any(|sum| distance(*sum, total.value()) <= CENT)
    {
        return;
    }
    let why = if withheld.is_zero() {
        "Deben ser iguales".to_owned()
    } else {
        let withheld = Amount::rounded(withheld);
        format!("Deben ser iguales, o diferir en lo retenido ({withheld})")
    };
    let message = format!(
        "Los pagos suman {} y el importe total es {total}. \
         {why}. Corrija los pagos o el importe total.",
        Amount::rounded(paid),
    );
    report.add(RuleCode::PaymentSum, place, positions, message);
}

/// `pagos` is optional by schema and mandatory by ficha técnica.
pub(super) fn missing(place: Place, report: &mut Report) {
    let message = "El comprobante no tiene formas de pago. La ficha técnica las exige. \
                   Agregue al menos un pago por el importe total.";
    report.add(RuleCode::PaymentsMissing, place, &[], message);
}

/// Ficha técnica, table 24.
pub(super) fn method(
    code: &str,
    day: Date,
    place: Place,
    positions: &[usize],
    report: &mut Report,
) {
    let (rule, why) = match payment_method(code) {
        Some(method) if method.since <= day => return,
        None if is_retired_payment_method(code) => (
            RuleCode::PaymentMethodRetired,
            "Los códigos 02 a 14 ya no se usan",
        ),
        _ => (
            RuleCode::PaymentMethodUnknown,
            "No consta en la tabla 24 en la fecha de emisión",
        ),
    };
    let message = format!(
        "La forma de pago {code} no es válida. {why}. \
         Use 01, 15, 16, 17, 18, 19, 20 o 21.",
    );
    report.add(rule, place, positions, message);
}

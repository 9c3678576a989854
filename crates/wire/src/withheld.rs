//! What was withheld: the part that a row of schema 1.0.0 and a `retencion` of
//! 2.0.0 have in common.

use rust_decimal::{Decimal, RoundingStrategy};
use tagua_fiscal::number::round_money;

use super::finding::ErrorCode;
use super::reader::Reader;

/// Characters of `codigoRetencion` in both schemas.
const CODE_MAX: usize = 5;

/// Digits of `porcentajeRetener` in both schemas.
const RATE_DIGITS_MAX: u32 = 3;

#[derive(Clone, Debug)]
pub(super) struct Withheld {
    /// 1 income tax, 2 IVA, 6 ISD.
    pub(super) code: String,
    pub(super) withholding_code: String,
    pub(super) base: Decimal,
    pub(super) rate: Decimal,
    pub(super) amount: Decimal,
}

/// Withholding codes and rates are an open list: any is taken (CONTRACT 8.5).
/// The rate stands at the first of `rate_keys` that has a value.
pub(super) fn read_withheld(r: &Reader<'_, '_>, rate_keys: [&str; 2]) -> Option<Withheld> {
    let code = read_tax_code(r);
    let withholding_code = read_withholding_code(r);
    let base = r.required_number("base_imponible");
    let rate_key = r.pick(&rate_keys);
    let rate = r.number(rate_key);
    let amount = r.required_number("valor_retenido");
    let (base, amount) = (base?, amount?);
    let rate = match r.value(rate_key) {
        Some(_) => rate?,
        None => derived_rate(r, base, amount)?,
    };
    Some(Withheld {
        code: code?,
        withholding_code: withholding_code?,
        base,
        rate,
        amount,
    })
}

fn read_tax_code(r: &Reader<'_, '_>) -> Option<String> {
    const KEY: &str = "codigo";
    let code = r.required_code(KEY)?;
    if !matches!(code.as_str(), "1" | "2" | "6") {
        let details = "Los impuestos que se retienen son 1 (renta), 2 (IVA) y 6 (ISD)";
        r.invalid(KEY, ErrorCode::InvalidValue, details);
        return None;
    }
    Some(code)
}

fn read_withholding_code(r: &Reader<'_, '_>) -> Option<String> {
    const KEY: &str = "codigo_porcentaje";
    let code = r.required_code(KEY)?;
    let length = code.chars().count();
    if length > CODE_MAX {
        let details = format!("Tiene {length} caracteres, el máximo es {CODE_MAX}");
        r.invalid(KEY, ErrorCode::InvalidLength, details);
        return None;
    }
    Some(code)
}

fn derived_rate(r: &Reader<'_, '_>, base: Decimal, amount: Decimal) -> Option<Decimal> {
    let rate = implied_rate(base, amount);
    if rate.is_none() {
        let details = "El porcentaje que resulta de la base es demasiado grande";
        r.invalid("valor_retenido", ErrorCode::InvalidValue, details);
    }
    rate
}

/// The percentage that `amount` is of `base`, with as few decimals as give
/// that amount: 0.43 of 2.17 is 20 %, not 19.8 %.
fn implied_rate(base: Decimal, amount: Decimal) -> Option<Decimal> {
    if base.is_zero() {
        return Some(Decimal::ZERO);
    }
    let hundredfold = amount.checked_mul(Decimal::ONE_HUNDRED)?;
    let exact = hundredfold.checked_div(base)?;
    let half_up = RoundingStrategy::MidpointAwayFromZero;
    let closest = round_money(exact.round_sf_with_strategy(RATE_DIGITS_MAX, half_up)?);
    let shorter = [0, 1].map(|places| closest.round_dp_with_strategy(places, half_up));
    let gives_amount = |rate: &Decimal| {
        let hundredfold = base.checked_mul(*rate);
        let given = hundredfold.and_then(|value| value.checked_div(Decimal::ONE_HUNDRED));
        given.map(round_money) == Some(round_money(amount))
    };
    Some(shorter.into_iter().find(gives_amount).unwrap_or(closest))
}

//! Amounts as they are sent: JSON numbers or texts that hold one
//! (CONTRACT 2.4), and arithmetic that cannot overflow unnoticed.

use rust_decimal::Decimal;
use tagua_fiscal::number::round_money;

use super::json::Value;

/// No amount, price or quantity of the schemas has more digits before the
/// point; with the places below, every number fits 28 digits.
const INTEGER_DIGITS_MAX: usize = 14;
const PLACES_MAX: usize = 14;

/// Why a value is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotANumber {
    /// A text without a number, or another type.
    Type,
    /// A number that no document can carry.
    Range,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Positive,
    Negative,
}

/// A cent, the tolerance of every comparison of amounts.
pub(super) const CENT: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

/// Reads a number or a numeric text.
pub(super) fn decimal(value: &Value<'_>) -> Result<Decimal, NotANumber> {
    match value {
        Value::Number(digits) => decimal_text(digits),
        Value::String(text) => decimal_text(text.trim()),
        _ => Err(NotANumber::Type),
    }
}

fn decimal_text(text: &str) -> Result<Decimal, NotANumber> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        None => (text, 0),
        Some((mantissa, exponent)) => (mantissa, read_exponent(exponent)?),
    };
    let (sign, digits) = match mantissa.strip_prefix('-') {
        Some(rest) => (Sign::Negative, rest),
        None => (
            Sign::Positive,
            mantissa.strip_prefix('+').unwrap_or(mantissa),
        ),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) || whole.len() + fraction.len() == 0 {
        return Err(NotANumber::Type);
    }
    if exponent == 0 {
        return bounded(sign, whole, fraction);
    }
    let (whole, fraction) = shifted(whole, fraction, exponent)?;
    bounded(sign, &whole, &fraction)
}

fn read_exponent(text: &str) -> Result<i32, NotANumber> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(NotANumber::Type);
    }
    text.parse().map_err(|_| NotANumber::Range)
}

/// Moves the point `exponent` places to the right.
fn shifted(whole: &str, fraction: &str, exponent: i32) -> Result<(String, String), NotANumber> {
    const SHIFT_MAX: i32 = 64;
    let digits = format!("{whole}{fraction}");
    if digits.bytes().all(|b| b == b'0') {
        return Ok(("0".to_owned(), String::new()));
    }
    if exponent.abs() > SHIFT_MAX {
        return Err(NotANumber::Range);
    }
    let room = "0".repeat(exponent.unsigned_abs() as usize);
    let padded = format!("{room}{digits}{room}");
    let point = (room.len() + whole.len()).checked_add_signed(exponent as isize);
    let (whole, fraction) = padded.split_at(point.unwrap_or_default().min(padded.len()));
    Ok((whole.to_owned(), fraction.trim_end_matches('0').to_owned()))
}

/// Digits after the fourteenth place are left off: truncating does not change
/// any half-up rounding to fewer places.
fn bounded(sign: Sign, whole: &str, fraction: &str) -> Result<Decimal, NotANumber> {
    let whole = whole.trim_start_matches('0');
    if whole.len() > INTEGER_DIGITS_MAX {
        return Err(NotANumber::Range);
    }
    let fraction = fraction.get(..PLACES_MAX).unwrap_or(fraction);
    let digits = whole.bytes().chain(fraction.bytes());
    let mantissa = digits.fold(0_i128, |sum, digit| sum * 10 + i128::from(digit - b'0'));
    let scale = u32::try_from(fraction.len()).map_err(|_| NotANumber::Range)?;
    let mut number =
        Decimal::try_from_i128_with_scale(mantissa, scale).map_err(|_| NotANumber::Range)?;
    number.set_sign_negative(sign == Sign::Negative);
    Ok(number)
}

/// Half-up to cents of `a` × `b`; `None` when the product cannot be held.
pub(super) fn money_product(a: Decimal, b: Decimal) -> Option<Decimal> {
    a.checked_mul(b).map(round_money)
}

/// Whether two amounts differ by a cent at most.
pub(super) fn near(a: Decimal, b: Decimal) -> bool {
    a.checked_sub(b)
        .is_some_and(|difference| difference.abs() <= CENT)
}

/// The sum; `None` when it cannot be held.
pub(super) fn sum(values: impl IntoIterator<Item = Decimal>) -> Option<Decimal> {
    values
        .into_iter()
        .try_fold(Decimal::ZERO, |sum, value| sum.checked_add(value))
}

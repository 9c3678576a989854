//! The check digits of cédula and RUC.
//!
//! They only hint at typing errors. SRI has stated that numbers of companies
//! and foreigners follow no algorithm, and many in use fail the check: whoever
//! asks here may warn and must not refuse.

use crate::identifier::{Cedula, Ruc};

/// What the check digit says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckDigit {
    /// It is the one the other digits give.
    Holds,
    /// It is not, or the number starts with a province that does not exist.
    Fails,
    /// No algorithm is known for this kind of number.
    NotDefined,
}

/// Whom a RUC belongs to, told by its third digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RucKind {
    /// 0 to 5, and 6 for some foreigners: the cédula and `001`.
    Natural,
    /// 9: companies, and foreigners without a cédula.
    Private,
    /// 6: public bodies.
    Public,
    /// 7 and 8: not known to be in use.
    Unknown,
}

/// The kind of a RUC. With a third digit 6 it is a person's when its first ten
/// digits are a right cédula and its ninth is not the check digit of a public body.
pub fn ruc_kind(ruc: &Ruc) -> RucKind {
    let first = first_ten(ruc.as_str());
    match first[2] {
        0..=5 => RucKind::Natural,
        6 if !public_holds(&first) && cedula_holds(&first) => RucKind::Natural,
        6 => RucKind::Public,
        9 => RucKind::Private,
        _ => RucKind::Unknown,
    }
}

/// Checks a RUC by the algorithm of its kind.
pub fn ruc_check(ruc: &Ruc) -> CheckDigit {
    let first = first_ten(ruc.as_str());
    let holds = match ruc_kind(ruc) {
        RucKind::Natural => cedula_holds(&first),
        RucKind::Private => private_holds(&first),
        RucKind::Public => public_holds(&first),
        RucKind::Unknown => return CheckDigit::NotDefined,
    };
    verdict(holds)
}

/// Checks a cédula.
pub fn cedula_check(cedula: &Cedula) -> CheckDigit {
    let first = first_ten(cedula.as_str());
    verdict(cedula_holds(&first))
}

fn first_ten(digits: &str) -> [u32; 10] {
    let mut out = [0; 10];
    for (value, digit) in out.iter_mut().zip(digits.bytes()) {
        *value = u32::from(digit.wrapping_sub(b'0'));
    }
    out
}

fn verdict(holds: bool) -> CheckDigit {
    if holds {
        CheckDigit::Holds
    } else {
        CheckDigit::Fails
    }
}

/// Modulo 10 with weights 2 and 1. Province 30 is for those registered abroad;
/// a third digit 6 exists for foreigners.
fn cedula_holds(digits: &[u32; 10]) -> bool {
    let province = digits[0] * 10 + digits[1];
    let sum: u32 = digits[..9]
        .iter()
        .zip([2, 1].into_iter().cycle())
        .map(|(digit, weight)| match digit * weight {
            product @ 10.. => product - 9,
            product => product,
        })
        .sum();
    (matches!(province, 1..=24) || province == 30)
        && digits[2] <= 6
        && (10 - sum % 10) % 10 == digits[9]
}

fn private_holds(digits: &[u32; 10]) -> bool {
    modulo_eleven(&digits[..9], &[4, 3, 2, 7, 6, 5, 4, 3, 2]) == Some(digits[9])
}

fn public_holds(digits: &[u32; 10]) -> bool {
    modulo_eleven(&digits[..8], &[3, 2, 7, 6, 5, 4, 3, 2]) == Some(digits[8])
}

/// `None` where the algorithm would need a digit 10.
fn modulo_eleven(digits: &[u32], weights: &[u32]) -> Option<u32> {
    let sum: u32 = digits
        .iter()
        .zip(weights)
        .map(|(digit, weight)| digit * weight)
        .sum();
    match 11 - sum % 11 {
        11 => Some(0),
        10 => None,
        digit => Some(digit),
    }
}

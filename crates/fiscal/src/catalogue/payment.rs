//! Payment methods (ficha técnica, table 24).

use jiff::civil::{Date, date};

/// A row of the table of payment methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaymentMethod {
    /// `formaPago`.
    pub code: &'static str,
    /// The name people know.
    pub name: &'static str,
    /// The first day it may be used.
    pub since: Date,
}

/// The row of a `formaPago`.
pub fn payment_method(code: &str) -> Option<&'static PaymentMethod> {
    PAYMENT_METHODS.iter().find(|method| method.code == code)
}

/// 02 to 14: codes of the old ATS that the schemas still let through.
pub fn is_retired_payment_method(code: &str) -> bool {
    code.len() == 2 && ("02"..="14").contains(&code) && code.bytes().all(|b| b.is_ascii_digit())
}

const FIRST: Date = date(2013, 1, 1);
const SECOND: Date = date(2016, 6, 1);

/// Every method in use, by its code.
pub const PAYMENT_METHODS: &[PaymentMethod] = &[
    method("01", "Sin utilización del sistema financiero", FIRST),
    method("15", "Compensación de deudas", FIRST),
    method("16", "Tarjeta de débito", SECOND),
    method("17", "Dinero electrónico", SECOND),
    method("18", "Tarjeta prepago", SECOND),
    method("19", "Tarjeta de crédito", SECOND),
    method("20", "Otros con utilización del sistema financiero", SECOND),
    method("21", "Endoso de títulos", SECOND),
];

const fn method(code: &'static str, name: &'static str, since: Date) -> PaymentMethod {
    PaymentMethod { code, name, since }
}

//! `moneda` and `tasa_cambio`.

use rust_decimal::Decimal;

use super::finding::ErrorCode;
use super::reader::Reader;

/// Another currency than the dollar.
#[derive(Clone, Debug)]
pub(super) struct Foreign {
    /// The name as sent.
    pub(super) name: String,
    /// Dollars for one unit.
    pub(super) rate: Decimal,
    /// The rate with the digits of the request.
    pub(super) rate_text: String,
}

impl Foreign {
    /// The name for `moneda` where amounts stay unconverted.
    pub(super) fn word(&self) -> String {
        match self.name.to_uppercase().as_str() {
            "EUR" => "EURO".to_owned(),
            other => other.to_owned(),
        }
    }
}

/// `None` for the dollar, and when something was reported.
pub(super) fn read_currency(r: &Reader<'_, '_>) -> Option<Foreign> {
    let name = r.code("moneda");
    let is_name = |name: &String| {
        let letter = |c: char| c.is_ascii_alphabetic() || matches!(c, 'Ó' | 'ó');
        (3..=15).contains(&name.chars().count()) && name.chars().all(letter)
    };
    if name.as_ref().is_some_and(|name| !is_name(name)) {
        let details = "Use el código de la moneda en tres letras, como USD o EUR";
        r.invalid("moneda", ErrorCode::InvalidValue, details);
        return None;
    }
    let name = name.filter(|name| !is_dollar(name));
    if name.is_some() && r.value("tasa_cambio").is_none() {
        r.missing("tasa_cambio");
    }
    let rate = r.number("tasa_cambio")?;
    if rate.is_zero() {
        r.invalid(
            "tasa_cambio",
            ErrorCode::InvalidValue,
            "Debe ser mayor que cero",
        );
        return None;
    }
    Some(Foreign {
        name: name?,
        rate,
        rate_text: r.entry("tasa_cambio", usize::MAX)?,
    })
}

pub(super) fn is_dollar(name: &str) -> bool {
    let name = name.to_uppercase();
    matches!(
        name.as_str(),
        "USD" | "DOLAR" | "DÓLAR" | "DOLARES" | "DÓLARES"
    )
}

//! How the text of an element stands in JSON. What is not of the form
//! expected stands as it is: nothing of a document is lost by reading it.

use jiff::civil::Date;

use crate::countries::iso_country;
use crate::json::Value;

/// What becomes of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Without the blanks around it.
    Text,
    /// `04/05/2020` as `2020-05-04T00:00:00-05:00`.
    Date,
    /// `04/05/2020` as `2020-05-04`.
    Day,
    /// `SI` and `NO` as booleans.
    Boolean,
    /// SRI's three digits as two letters.
    Country,
    /// `DOLAR` as `USD`.
    Currency,
    /// Fifteen digits with their hyphens.
    Number,
    /// The legend as the code of `regimen_rimpe`.
    Rimpe,
}

impl Form {
    pub(super) fn value(self, text: &str) -> Value<'_> {
        let text = text.trim();
        let made = match self {
            Self::Text => None,
            Self::Date => day(text).map(|day| format!("{day}T00:00:00-05:00")),
            Self::Day => day(text).map(|day| day.to_string()),
            Self::Boolean => match text {
                "SI" => return Value::Bool(true),
                "NO" => return Value::Bool(false),
                _ => None,
            },
            Self::Country => iso_country(text).map(str::to_owned),
            Self::Currency => currency(text).map(str::to_owned),
            Self::Number => with_hyphens(text),
            Self::Rimpe => rimpe(text).map(str::to_owned),
        };
        Value::String(made.map_or(text.into(), Into::into))
    }
}

/// `dd/mm/aaaa`, years 2000 to 2099.
pub(super) fn day(text: &str) -> Option<Date> {
    let mut parts = text.split('/');
    let mut number = |width: usize| {
        let part = parts.next()?;
        let digits = part.len() == width && part.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| part.parse::<i16>().ok()).flatten()
    };
    let (day, month, year) = (number(2)?, number(2)?, number(4)?);
    if parts.next().is_some() || !(2000..=2099).contains(&year) {
        return None;
    }
    Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()
}

fn currency(text: &str) -> Option<&'static str> {
    let dollar = ["DOLAR", "DÓLAR", "DOLARES", "DÓLARES"];
    let text = text.to_uppercase();
    dollar.contains(&text.as_str()).then_some("USD")
}

fn with_hyphens(text: &str) -> Option<String> {
    if text.len() != 15 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (series, number) = text.split_at(6);
    let (establishment, point) = series.split_at(3);
    Some(format!("{establishment}-{point}-{number}"))
}

fn rimpe(text: &str) -> Option<&'static str> {
    match text {
        "CONTRIBUYENTE RÉGIMEN RIMPE" => Some("1"),
        "CONTRIBUYENTE NEGOCIO POPULAR - RÉGIMEN RIMPE" => Some("2"),
        _ => None,
    }
}

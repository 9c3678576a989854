//! The first fields of every document: number, environment, date, key.

use jiff::civil::Date;
use tagua_fiscal::{AccessKey, Environment, ParseAccessKeyError, Sequential};

use super::collection::Collection;
use super::finding::ErrorCode;
use super::json::Value;
use super::numbers::{NotANumber, decimal};
use super::reader::Reader;

/// `secuencial` as sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SentSequential {
    /// A number.
    Number(Sequential),
    /// `"auto"`: the server gives the next one of the series.
    Auto,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    pub(super) sequential: SentSequential,
    pub(super) environment: Environment,
    pub(super) emission_type: u8,
    pub(super) issue_date: Option<Date>,
    pub(super) access_key: Option<AccessKey>,
}

pub(super) fn read_header(r: &Reader<'_, '_>, collection: Collection) -> Option<Header> {
    let sequential = read_sequential(r, sequential_key(r, collection));
    let environment = read_one_or_two(r, "ambiente");
    if r.value("ambiente").is_none() {
        r.missing("ambiente");
    }
    let emission_type = read_one_or_two(r, "tipo_emision");
    let issue_date = r.date("fecha_emision");
    let access_key = read_access_key(r);
    Some(Header {
        sequential: sequential?,
        environment: match environment? {
            1 => Environment::Test,
            _ => Environment::Production,
        },
        emission_type: emission_type.unwrap_or(1),
        issue_date,
        access_key,
    })
}

/// The documentation of ATS withholdings says `secuencia` (CONTRACT 7.8).
fn sequential_key(r: &Reader<'_, '_>, collection: Collection) -> &'static str {
    match collection {
        Collection::AtsRetentions => r.pick(&["secuencial", "secuencia"]),
        _ => "secuencial",
    }
}

/// 1 to 999999999 as a number or a text, with or without leading zeros, or `auto`.
fn read_sequential(r: &Reader<'_, '_>, key: &str) -> Option<SentSequential> {
    let Some(value) = r.value(key) else {
        r.missing(key);
        return None;
    };
    if matches!(value, Value::String(text) if text.trim().eq_ignore_ascii_case("auto")) {
        return Some(SentSequential::Auto);
    }
    let number = match value {
        Value::String(_) | Value::Number(_) => decimal(value),
        _ => Err(NotANumber::Type),
    };
    let whole = number.and_then(|n| match n.fract().is_zero() {
        true => Ok(n),
        false => Err(NotANumber::Type),
    });
    let sequential = match whole {
        Err(NotANumber::Type) => {
            let details = "Debe ser un número entero de 1 a 999999999";
            r.invalid(key, ErrorCode::InvalidDataType, details);
            return None;
        }
        Err(NotANumber::Range) => None,
        Ok(number) => u32::try_from(number).ok(),
    };
    let sequential = sequential.and_then(|number| Sequential::new(number).ok());
    if sequential.is_none() {
        r.invalid(
            key,
            ErrorCode::InvalidValue,
            "Debe estar entre 1 y 999999999",
        );
    }
    sequential.map(SentSequential::Number)
}

fn read_one_or_two(r: &Reader<'_, '_>, key: &str) -> Option<u8> {
    match r.code(key)?.as_str() {
        "1" => Some(1),
        "2" => Some(2),
        _ => {
            let details = match key {
                "ambiente" => "Los valores permitidos son 1 (pruebas) y 2 (producción)",
                _ => "Los valores permitidos son 1 y 2",
            };
            r.invalid(key, ErrorCode::InvalidValue, details);
            None
        }
    }
}

/// `None`, the word, is what a Python client sends for no key.
fn read_access_key(r: &Reader<'_, '_>) -> Option<AccessKey> {
    const KEY: &str = "clave_acceso";
    let text = r.code(KEY).filter(|text| text != "None")?;
    let (code, details) = match text.parse() {
        Ok(key) => return Some(key),
        Err(ParseAccessKeyError::CheckDigit { .. }) => (
            ErrorCode::InvalidValue,
            "El dígito verificador no corresponde; omita el campo para que se calcule",
        ),
        Err(ParseAccessKeyError::Length(_)) => (
            ErrorCode::InvalidLength,
            "La clave de acceso tiene 49 dígitos",
        ),
        Err(ParseAccessKeyError::NotADigit { .. }) => (
            ErrorCode::InvalidFormat,
            "La clave de acceso tiene solo dígitos",
        ),
    };
    r.invalid(KEY, code, details);
    None
}

//! A cursor over an object of the request. It knows its path, and every
//! complaint goes into one list, so that all findings come out at once.
//!
//! A method that answers `None` for a required field has reported it.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::dates::parse_day;
use super::finding::{ErrorCode, WireFinding};
use super::json::{Object, Value};
use super::numbers::{NotANumber, decimal};
use super::path::Path;
use super::text::{is_digits, is_empty, normalize, scalar, zero_padded};

/// More complaints than this help nobody; the rest is dropped.
const FINDINGS_MAX: usize = 1_000;

/// The complaints so far.
#[derive(Debug, Default)]
pub(super) struct Findings(RefCell<Vec<WireFinding>>);

impl Findings {
    pub(super) fn push(&self, finding: WireFinding) {
        let mut list = self.0.borrow_mut();
        if list.len() < FINDINGS_MAX {
            list.push(finding);
        }
    }

    pub(super) fn into_inner(self) -> Vec<WireFinding> {
        self.0.into_inner()
    }
}

/// Whether a field must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    Required,
    Optional,
}

/// The cursor.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'r, 'a> {
    object: &'r Object<'a>,
    path: Path<'r>,
    findings: &'r Findings,
}

impl<'r, 'a> Reader<'r, 'a> {
    pub(super) fn root(object: &'r Object<'a>, findings: &'r Findings) -> Self {
        Self {
            object,
            path: Path::Root,
            findings,
        }
    }

    /// The value of `key` unless it is blank. A text of control characters only
    /// is as good as none.
    pub(super) fn value(&self, key: &str) -> Option<&'r Value<'a>> {
        let invisible = |value: &Value<'_>| matches!(value, Value::String(text) if is_empty(text));
        let value = self.object.last(key)?;
        (!value.is_blank() && !invisible(value)).then_some(value)
    }

    /// The first of `keys` that has a value, else the first.
    pub(super) fn pick<'k>(&self, keys: &[&'k str]) -> &'k str {
        let found = keys.iter().find(|key| self.value(key).is_some());
        found.or(keys.first()).copied().unwrap_or_default()
    }

    pub(super) fn object(&self) -> &'r Object<'a> {
        self.object
    }

    // Complaints.

    pub(super) fn missing(&self, key: &str) {
        self.findings
            .push(WireFinding::missing(self.parameter(key)));
    }

    pub(super) fn invalid(&self, key: &str, code: ErrorCode, details: impl Into<String>) {
        let value = self.object.last(key).unwrap_or(&Value::Null);
        self.report(key, value, code, details.into());
    }

    fn report(&self, key: &str, value: &Value<'_>, code: ErrorCode, details: String) {
        let finding = WireFinding::new(self.parameter(key), code, details);
        self.findings.push(finding.with_value(value));
    }

    /// INVALID_LENGTH of a list; its value is the count, not the list.
    pub(super) fn too_long(&self, key: &str, count: usize, details: String) {
        let code = ErrorCode::InvalidLength;
        let mut finding = WireFinding::new(self.parameter(key), code, details);
        finding.value = Some(count.to_string());
        self.findings.push(finding);
    }

    fn parameter(&self, key: &str) -> String {
        Path::Member(&self.path, key).to_string()
    }

    fn absent(&self, key: &str, need: Need) {
        if need == Need::Required {
            self.missing(key);
        }
    }

    // Objects and lists.

    /// The object at `key`. An empty object counts where one is required: its
    /// own required fields say more than it does.
    pub(super) fn child<'s>(&'s self, key: &'s str, need: Need) -> Option<Reader<'s, 'a>> {
        let value = match need {
            Need::Optional => self.value(key),
            Need::Required => self
                .object
                .last(key)
                .filter(|value| !value.is_blank() || value.as_object().is_some()),
        };
        let Some(value) = value else {
            self.absent(key, need);
            return None;
        };
        let Some(object) = value.as_object() else {
            self.invalid(key, ErrorCode::InvalidDataType, "Debe ser un objeto");
            return None;
        };
        Some(Reader {
            object,
            path: Path::Member(&self.path, key),
            findings: self.findings,
        })
    }

    /// The objects of the list at `key`; elements that are none are reported.
    pub(super) fn children<'s>(&'s self, key: &'s str, need: Need) -> Vec<Reader<'s, 'a>> {
        match self.value(key) {
            None => {
                self.absent(key, need);
                Vec::new()
            }
            Some(Value::Array(values)) => self.elements(key, values),
            Some(_) => {
                self.invalid(key, ErrorCode::InvalidDataType, "Debe ser una lista");
                Vec::new()
            }
        }
    }

    pub(super) fn elements<'s>(
        &'s self,
        key: &'s str,
        values: &'s [Value<'a>],
    ) -> Vec<Reader<'s, 'a>> {
        let mut readers = Vec::with_capacity(values.len());
        for (index, value) in values.iter().enumerate() {
            let path = Path::Element(&self.path, key, index);
            let Some(object) = value.as_object() else {
                let details = "Debe ser un objeto";
                let finding =
                    WireFinding::new(path.to_string(), ErrorCode::InvalidDataType, details);
                self.findings.push(finding.with_value(value));
                continue;
            };
            readers.push(Reader {
                object,
                path,
                findings: self.findings,
            });
        }
        readers
    }

    // Texts.

    /// A text of at most `max` characters once it is normalised.
    pub(super) fn text(&self, key: &str, max: usize) -> Option<String> {
        let value = self.value(key)?;
        let text = match value {
            Value::String(text) => normalize(text),
            Value::Number(digits) => (*digits).to_owned(),
            _ => {
                self.invalid(key, ErrorCode::InvalidDataType, "Debe ser un texto");
                return None;
            }
        };
        self.check_length(key, value, &text, max);
        (!text.is_empty()).then_some(text)
    }

    fn check_length(&self, key: &str, value: &Value<'_>, text: &str, max: usize) {
        // Bytes are never fewer than characters.
        if text.len() <= max {
            return;
        }
        let length = text.chars().count();
        if length > max {
            let details = format!("Tiene {length} caracteres, el máximo es {max}");
            self.report(key, value, ErrorCode::InvalidLength, details);
        }
    }

    pub(super) fn required_text(&self, key: &str, max: usize) -> Option<String> {
        if self.value(key).is_none() {
            self.missing(key);
        }
        self.text(key, max)
    }

    /// An entry of a dictionary: texts, numbers and booleans give their text.
    pub(super) fn entry(&self, key: &str, max: usize) -> Option<String> {
        self.entry_text(key, self.value(key)?, max)
    }

    fn entry_text(&self, key: &str, value: &Value<'_>, max: usize) -> Option<String> {
        if value.is_blank() {
            return None;
        }
        let Some(text) = scalar(value) else {
            let details = "Debe ser un texto, un número o un valor lógico";
            self.report(key, value, ErrorCode::InvalidDataType, details.to_owned());
            return None;
        };
        let text = normalize(&text);
        self.check_length(key, value, &text, max);
        (!text.is_empty()).then_some(text)
    }

    /// Every entry of a dictionary that has a value, in order; a key that
    /// occurs twice stands at its first place with its last value.
    pub(super) fn entries(&self, max: usize) -> Vec<(String, String)> {
        let members = &self.object.members;
        let last: HashMap<&str, &Value<'a>> = members
            .iter()
            .map(|member| (member.key.as_ref(), &member.value))
            .collect();
        let mut seen = HashSet::with_capacity(last.len());
        members
            .iter()
            .filter(|member| seen.insert(member.key.as_ref()))
            .filter_map(|member| {
                let value = last.get(member.key.as_ref())?;
                let text = self.entry_text(&member.key, value, max)?;
                let name = normalize(&member.key);
                self.check_length(&name, value, &name, max);
                (!name.is_empty()).then_some((name, text))
            })
            .collect()
    }

    // Numbers.

    /// A number that is not negative.
    pub(super) fn number(&self, key: &str) -> Option<Decimal> {
        let value = self.value(key)?;
        match decimal(value) {
            Ok(number) if number.is_sign_negative() && !number.is_zero() => {
                self.invalid(key, ErrorCode::InvalidValue, "No puede ser menor que cero");
                None
            }
            Ok(number) => Some(number.abs()),
            Err(NotANumber::Range) => {
                let details = "El número admite hasta 14 dígitos antes del punto decimal";
                self.invalid(key, ErrorCode::InvalidValue, details);
                None
            }
            Err(NotANumber::Type) => {
                let details = "Debe ser un número, con punto decimal";
                self.invalid(key, ErrorCode::InvalidDataType, details);
                None
            }
        }
    }

    pub(super) fn required_number(&self, key: &str) -> Option<Decimal> {
        if self.value(key).is_none() {
            self.missing(key);
        }
        self.number(key)
    }

    // Codes.

    /// The text of a code: a string or a whole number. `None` when absent;
    /// wrong types are reported.
    pub(super) fn code(&self, key: &str) -> Option<String> {
        let value = self.value(key)?;
        let text = match value {
            Value::String(text) => Some(normalize(text)),
            Value::Number(digits) => Some(whole_number(digits)),
            _ => None,
        };
        if text.is_none() {
            let details = "Debe ser un texto o un número entero";
            self.invalid(key, ErrorCode::InvalidDataType, details);
        }
        text.filter(|text| !text.is_empty())
    }

    pub(super) fn required_code(&self, key: &str) -> Option<String> {
        if self.value(key).is_none() {
            self.missing(key);
        }
        self.code(key)
    }

    /// Up to `width` digits, padded with zeros.
    pub(super) fn required_padded(&self, key: &str, width: usize) -> Option<String> {
        let code = self.required_code(key)?;
        if !is_digits(&code, 1, width) {
            let details = format!("Debe tener {width} dígitos");
            self.invalid(key, ErrorCode::InvalidFormat, details);
            return None;
        }
        Some(zero_padded(&code, width))
    }

    // Booleans and dates.

    pub(super) fn boolean(&self, key: &str) -> Option<bool> {
        let read = match self.value(key)? {
            Value::Bool(value) => return Some(*value),
            Value::Array(_) | Value::Object(_) => {
                let details = "Debe ser true o false";
                self.invalid(key, ErrorCode::InvalidDataType, details);
                return None;
            }
            Value::String(text) => read_boolean(text),
            _ => None,
        };
        if read.is_none() {
            let details = "Los valores permitidos son true, false, SI y NO";
            self.invalid(key, ErrorCode::InvalidValue, details);
        }
        read
    }

    pub(super) fn date(&self, key: &str) -> Option<Date> {
        let date = match self.value(key)? {
            Value::String(text) => parse_day(text),
            _ => None,
        };
        if date.is_none() {
            let details = "Debe ser una fecha que existe, como 2026-11-18 o \
                           2026-11-18T10:15:00-05:00";
            self.invalid(key, ErrorCode::InvalidFormat, details);
        }
        date
    }

    pub(super) fn required_date(&self, key: &str) -> Option<Date> {
        if self.value(key).is_none() {
            self.missing(key);
        }
        self.date(key)
    }
}

fn read_boolean(text: &str) -> Option<bool> {
    match text.trim().to_uppercase().as_str() {
        "SI" | "SÍ" | "TRUE" => Some(true),
        "NO" | "FALSE" => Some(false),
        _ => None,
    }
}

/// `2.0` and `2e0` are the code 2; what is no whole number stays as written.
fn whole_number(digits: &str) -> String {
    if digits.bytes().all(|b| b.is_ascii_digit()) {
        return digits.to_owned();
    }
    match decimal(&Value::Number(digits)) {
        Ok(number) if number.fract().is_zero() => number.normalize().to_string(),
        _ => digits.to_owned(),
    }
}

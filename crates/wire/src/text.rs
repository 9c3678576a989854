//! Text as it will stand in the XML (CONTRACT 7).

use std::borrow::Cow;

use super::json::Value;

/// Trims, puts one blank for each run of line breaks, and drops the characters
/// XML 1.0 cannot carry. Never cuts.
pub(super) fn normalize(text: &str) -> String {
    let trimmed = text.trim();
    if !trimmed.bytes().any(may_need_change) {
        return trimmed.to_owned();
    }
    let mut out = String::with_capacity(trimmed.len());
    let mut after_break = false;
    for c in trimmed.chars().filter(|c| !is_forbidden(*c)) {
        match is_break(c) {
            true if after_break => {}
            true => out.push(' '),
            false => out.push(c),
        }
        after_break = is_break(c);
    }
    out.trim().to_owned()
}

/// Whether nothing is left of a text once it is normalised.
pub(super) fn is_empty(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_forbidden(c))
}

/// Whether a byte may begin a character that is a break or forbidden: most
/// texts have none and are copied whole.
fn may_need_change(byte: u8) -> bool {
    byte < 0x20 || matches!(byte, 0xc2 | 0xe2 | 0xef)
}

fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// The complement of production `Char` of XML 1.0, line breaks apart.
fn is_forbidden(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// The text of a string or number; booleans have one too where a dictionary
/// holds them. `None` for the rest.
pub(super) fn scalar<'v>(value: &'v Value<'_>) -> Option<Cow<'v, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(digits) => Some(Cow::Borrowed(digits)),
        Value::Bool(true) => Some(Cow::Borrowed("true")),
        Value::Bool(false) => Some(Cow::Borrowed("false")),
        _ => None,
    }
}

/// Whether `text` is `min` to `max` ASCII digits.
pub(super) fn is_digits(text: &str, min: usize, max: usize) -> bool {
    (min..=max).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

/// `text` with zeros before it up to `width` bytes.
pub(super) fn zero_padded(text: &str, width: usize) -> String {
    format!("{text:0>width$}")
}

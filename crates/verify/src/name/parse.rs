//! Reading of a name in text form.

use super::{PRINTED, READ};

/// An attribute as read from text.
pub(super) struct Written {
    pub(super) oid: String,
    pub(super) value: WrittenValue,
}

pub(super) enum WrittenValue {
    Text(String),
    Der(Vec<u8>),
}

/// Reads a name as Java does; the error says what Java cannot read.
pub(super) fn parse(text: &str) -> Result<Vec<Written>, String> {
    split(text)
        .iter()
        .map(|part| parse_attribute(part))
        .collect()
}

/// Cuts at `,`, `;` and `+` that are neither escaped nor quoted.
fn split(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let (mut escaped, mut quoted) = (false, false);
    for character in text.chars() {
        if !escaped && !quoted && matches!(character, ',' | ';' | '+') {
            parts.push(String::new());
            continue;
        }
        quoted ^= character == '"' && !escaped;
        escaped = character == '\\' && !escaped;
        if let Some(part) = parts.last_mut() {
            part.push(character);
        }
    }
    parts
}

fn parse_attribute(part: &str) -> Result<Written, String> {
    let (keyword, value) = part
        .split_once('=')
        .ok_or_else(|| format!("\"{}\" has no equals sign", part.trim()))?;
    let oid = oid_of(keyword.trim())?;
    let value = trim_value(value);
    let value = match value.strip_prefix('#') {
        Some(digits) => WrittenValue::Der(
            unhex(digits).ok_or_else(|| format!("\"{value}\" is not hexadecimal"))?,
        ),
        None => WrittenValue::Text(unescape(value)?),
    };
    Ok(Written { oid, value })
}

fn oid_of(keyword: &str) -> Result<String, String> {
    let upper = keyword.to_ascii_uppercase();
    let dotted = upper.strip_prefix("OID.").unwrap_or(&upper);
    let is_oid = dotted.contains('.') && dotted.split('.').all(is_number);
    if is_oid {
        return Ok(dotted.to_owned());
    }
    PRINTED
        .iter()
        .chain(&READ)
        .find(|(known, _)| *known == upper)
        .map(|(_, oid)| (*oid).to_owned())
        .ok_or_else(|| format!("Java does not know the keyword {keyword}"))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_digit())
}

/// Trims blanks, but not a trailing one that is escaped.
fn trim_value(value: &str) -> &str {
    let value = value.trim_start();
    let trimmed = value.trim_end();
    let backslashes = trimmed.len() - trimmed.trim_end_matches('\\').len();
    if backslashes % 2 == 1 && trimmed.len() < value.len() {
        value.get(..=trimmed.len()).unwrap_or(trimmed)
    } else {
        trimmed
    }
}

fn unescape(value: &str) -> Result<String, String> {
    let value = value
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(value);
    let mut octets = Vec::new();
    let mut rest = value;
    while let Some(character) = rest.chars().next() {
        rest = rest.get(character.len_utf8()..).unwrap_or_default();
        if character != '\\' {
            octets.extend(character.to_string().bytes());
        } else if let Some(pair) = rest.get(..2).and_then(unhex) {
            octets.extend(pair);
            rest = rest.get(2..).unwrap_or_default();
        } else if let Some(escaped) = rest.chars().next() {
            octets.extend(escaped.to_string().bytes());
            rest = rest.get(escaped.len_utf8()..).unwrap_or_default();
        } else {
            return Err("a backslash escapes nothing".to_owned());
        }
    }
    String::from_utf8(octets).map_err(|_| "escaped octets are not UTF-8".to_owned())
}

fn unhex(digits: &str) -> Option<Vec<u8>> {
    let digits: Vec<_> = digits
        .chars()
        .map(|c| c.to_digit(16))
        .collect::<Option<_>>()?;
    digits
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => u8::try_from(high * 16 + low).ok(),
            _ => None,
        })
        .collect()
}

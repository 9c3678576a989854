//! Distinguished names as text.

use std::borrow::Cow;

use crate::ber::{BerError, Element, SEQUENCE, SET, write_header};
use crate::oid;
use crate::text::{
    self, BMP_STRING, GENERAL_STRING, IA5_STRING, PRINTABLE_STRING, TELETEX_STRING, UTF8_STRING,
};

/// Attribute types that RFC 2253 gives a keyword, with `UID`, as Java does.
const RFC2253_KEYWORDS: [(&str, &str); 9] = [
    ("2.5.4.3", "CN"),
    ("2.5.4.6", "C"),
    ("2.5.4.7", "L"),
    ("2.5.4.8", "ST"),
    ("2.5.4.9", "STREET"),
    ("2.5.4.10", "O"),
    ("2.5.4.11", "OU"),
    ("0.9.2342.19200300.100.1.1", "UID"),
    ("0.9.2342.19200300.100.1.25", "DC"),
];

/// Further keywords, for people only.
const READABLE_KEYWORDS: [(&str, &str); 8] = [
    ("1.2.840.113549.1.9.1", "emailAddress"),
    ("2.5.4.4", "SN"),
    ("2.5.4.5", "serialNumber"),
    ("2.5.4.12", "title"),
    ("2.5.4.13", "description"),
    ("2.5.4.17", "postalCode"),
    ("2.5.4.42", "GN"),
    ("2.5.4.97", "organizationIdentifier"),
];

/// One type and value of a name.
pub(crate) struct Attribute<'a> {
    pub(crate) oid: String,
    pub(crate) value: Element<'a>,
}

/// The relative distinguished names, in the order of the encoding.
pub(crate) fn read<'a>(name: &Element<'a>) -> Result<Vec<Vec<Attribute<'a>>>, BerError> {
    let mut sets = name.expect(SEQUENCE)?.children();
    let mut names = Vec::new();
    while let Some(set) = sets.read_optional()? {
        let mut pairs = set.expect(SET)?.children();
        let mut relative = Vec::new();
        while let Some(pair) = pairs.read_optional()? {
            let mut fields = pair.expect(SEQUENCE)?.children();
            relative.push(Attribute {
                oid: oid::read(&mut fields)?,
                value: fields.read()?,
            });
        }
        names.push(relative);
    }
    Ok(names)
}

/// The text that Java's `X500Principal.getName("RFC2253")` prints, which is
/// what the tax authority's validator compares with.
pub(crate) fn rfc2253(names: &[Vec<Attribute<'_>>]) -> String {
    join(names, |attribute| {
        match keyword(&RFC2253_KEYWORDS, &attribute.oid) {
            Some(keyword) if prints_as_text(&attribute.value) => {
                // Java takes the octets of every string type for UTF-8.
                let text = String::from_utf8_lossy(attribute.value.content);
                format!("{keyword}={}", escape(&text))
            }
            Some(keyword) => format!("{keyword}=#{}", hex(&der(&attribute.value))),
            None => format!("{}=#{}", attribute.oid, hex(&der(&attribute.value))),
        }
    })
}

/// The name for people: more keywords, every string decoded by its type.
pub(crate) fn readable(names: &[Vec<Attribute<'_>>]) -> String {
    join(names, |attribute| {
        let known = keyword(&RFC2253_KEYWORDS, &attribute.oid);
        let keyword = known.or_else(|| keyword(&READABLE_KEYWORDS, &attribute.oid));
        let keyword = keyword.unwrap_or(&attribute.oid);
        match text::of_element(&attribute.value) {
            Some(text) => format!("{keyword}={}", escape(&text)),
            None => format!("{keyword}=#{}", hex(&der(&attribute.value))),
        }
    })
}

/// The decoded values of one attribute type.
pub(crate) fn values<'n>(
    names: &'n [Vec<Attribute<'_>>],
    oid: &'n str,
) -> impl Iterator<Item = String> + 'n {
    let attributes = names
        .iter()
        .flatten()
        .filter(move |attribute| attribute.oid == oid);
    attributes.filter_map(|attribute| text::of_element(&attribute.value))
}

fn join(names: &[Vec<Attribute<'_>>], print: impl Fn(&Attribute<'_>) -> String) -> String {
    let relative = |attributes: &Vec<Attribute<'_>>| {
        attributes.iter().map(&print).collect::<Vec<_>>().join("+")
    };
    names
        .iter()
        .rev()
        .map(relative)
        .collect::<Vec<_>>()
        .join(",")
}

fn keyword(keywords: &[(&str, &'static str)], oid: &str) -> Option<&'static str> {
    keywords
        .iter()
        .find(|(known, _)| *known == oid)
        .map(|&(_, keyword)| keyword)
}

/// The string types that Java prints as text; others, such as NumericString
/// and UniversalString, become hexadecimal.
fn prints_as_text(value: &Element<'_>) -> bool {
    matches!(
        value.identifier,
        PRINTABLE_STRING | TELETEX_STRING | IA5_STRING | GENERAL_STRING | BMP_STRING | UTF8_STRING
    )
}

/// Escapes as Java does: also `=` and `#` wherever they stand, NUL as `\00`,
/// and blanks and carriage returns at both ends.
fn escape(text: &str) -> String {
    let is_blank = |c: char| c == ' ' || c == '\r';
    let body = text.trim_matches(is_blank);
    let (lead, trail) = if body.is_empty() {
        (text, "")
    } else {
        let lead_size = text.len() - text.trim_start_matches(is_blank).len();
        let trail_size = text.trim_end_matches(is_blank).len();
        // Both sizes end at a character of the same text.
        (
            text.get(..lead_size).unwrap_or_default(),
            text.get(trail_size..).unwrap_or_default(),
        )
    };
    let mut escaped = String::with_capacity(text.len() + 8);
    escaped.extend(lead.chars().flat_map(|c| ['\\', c]));
    escaped.extend(body.chars().map(escape_inner));
    escaped.extend(trail.chars().flat_map(|c| ['\\', c]));
    escaped
}

fn escape_inner(c: char) -> Cow<'static, str> {
    match c {
        ',' => "\\,".into(),
        '=' => "\\=".into(),
        '+' => "\\+".into(),
        '<' => "\\<".into(),
        '>' => "\\>".into(),
        '#' => "\\#".into(),
        ';' => "\\;".into(),
        '"' => "\\\"".into(),
        '\\' => "\\\\".into(),
        '\0' => "\\00".into(),
        other => other.to_string().into(),
    }
}

/// The value with the shortest length: Java writes it anew too.
fn der(value: &Element<'_>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(value.raw.len());
    write_header(&mut bytes, value.identifier, value.content.len());
    bytes.extend_from_slice(value.content);
    bytes
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(escape(text), expected);
    }

    #[test]
    fn escapes_like_java() {
        check("SUBCA-1 SECURITY DATA", "SUBCA-1 SECURITY DATA");
        check("A, S.A.", "A\\, S.A.");
        check("a+b=c;d<e>f\"g\\h#i", "a\\+b\\=c\\;d\\<e\\>f\\\"g\\\\h\\#i");
        check(" both ends ", "\\ both ends\\ ");
        check("\r x  ", "\\\r\\ x\\ \\ ");
        check("  ", "\\ \\ ");
        check("", "");
        check("nul\0", "nul\\00");
        check("Peñafiel 🔑\n", "Peñafiel 🔑\n");
    }
}

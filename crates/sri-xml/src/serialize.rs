//! Trees as canonical XML.

use crate::chars;
use crate::tree::{Attribute, Element};

/// Writes the tree as inclusive Canonical XML 1.0: no declaration, start and end
/// tags always, attributes in canonical order, the canonical escapes.
///
/// Texts come before child elements. A namespace declaration is written wherever
/// the tree has one, so the bytes are canonical unless the tree declares again
/// what is already in scope. Characters that XML 1.0 forbids are written as
/// U+FFFD; [`crate::check()`] tells about them.
pub fn write(root: &Element<'_>) -> Vec<u8> {
    let mut out = Vec::with_capacity(8 * 1024);
    write_element(root, &mut out);
    out
}

fn write_element(element: &Element<'_>, out: &mut Vec<u8>) {
    out.push(b'<');
    out.extend_from_slice(element.name.as_bytes());
    write_attributes(&element.attributes, out);
    out.push(b'>');
    write_escaped(&element.text, escape_in_text, out);
    for child in &element.children {
        write_element(child, out);
    }
    out.extend_from_slice(b"</");
    out.extend_from_slice(element.name.as_bytes());
    out.push(b'>');
}

fn write_attributes(attributes: &[Attribute<'_>], out: &mut Vec<u8>) {
    if attributes.is_sorted_by_key(canonical_key) {
        return attributes.iter().for_each(|a| write_attribute(a, out));
    }
    let mut sorted: Vec<_> = attributes.iter().collect();
    sorted.sort_by_key(|attribute| canonical_key(attribute));
    sorted.into_iter().for_each(|a| write_attribute(a, out));
}

/// Declarations first, the default one before the prefixed; then by namespace and local name.
fn canonical_key<'t>(attribute: &'t Attribute<'_>) -> (bool, &'t str, &'t str) {
    let local = match attribute.name.as_ref() {
        "xmlns" => "",
        _ => attribute.local_name(),
    };
    (!attribute.is_declaration(), &attribute.namespace, local)
}

fn write_attribute(attribute: &Attribute<'_>, out: &mut Vec<u8>) {
    out.push(b' ');
    out.extend_from_slice(attribute.name.as_bytes());
    out.extend_from_slice(b"=\"");
    write_escaped(&attribute.value, escape_in_attribute, out);
    out.push(b'"');
}

const fn escape_in_text(byte: u8) -> Option<&'static str> {
    match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    }
}

const fn escape_in_attribute(byte: u8) -> Option<&'static str> {
    match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'"' => Some("&quot;"),
        b'\t' => Some("&#x9;"),
        b'\n' => Some("&#xA;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    }
}

fn write_escaped(text: &str, escape: impl Fn(u8) -> Option<&'static str>, out: &mut Vec<u8>) {
    if chars::first_forbidden(text).is_some() {
        let allowed = |c| if chars::is_allowed(c) { c } else { '\u{FFFD}' };
        let text: String = text.chars().map(allowed).collect();
        return write_allowed(text.as_bytes(), escape, out);
    }
    write_allowed(text.as_bytes(), escape, out);
}

fn write_allowed(bytes: &[u8], escape: impl Fn(u8) -> Option<&'static str>, out: &mut Vec<u8>) {
    let mut written = 0;
    for (at, byte) in bytes.iter().enumerate() {
        if let Some(replacement) = escape(*byte) {
            out.extend_from_slice(bytes.get(written..at).unwrap_or_default());
            out.extend_from_slice(replacement.as_bytes());
            written = at + 1;
        }
    }
    out.extend_from_slice(bytes.get(written..).unwrap_or_default());
}

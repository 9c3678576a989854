//! The XML of a body, whichever way it was sent.

use std::borrow::Cow;

use crate::finding::{ErrorCode, WireFinding};
use crate::json::Value;
use crate::parse::parse_body;

/// What findings about the XML name as their parameter.
pub(super) const PARAMETER: &str = "xml";

/// The XML in the body of `issue/xml` (CONTRACT 2.2 and 4.2): the body itself
/// when it starts with `<`, else the text of `{"xml": "..."}`, in both cases
/// without its XML declaration, which clients often get wrong.
///
/// Fails with the finding to refuse the body with; whether the rest is
/// well-formed is [`super::read_xml`]'s matter.
pub fn xml_of_body(body: &[u8]) -> Result<Cow<'_, [u8]>, WireFinding> {
    let start = without_mark(body).trim_ascii_start();
    match start.first() {
        None => Err(WireFinding::missing(PARAMETER.to_owned())),
        Some(b'<') => Ok(Cow::Borrowed(without_declaration(start))),
        Some(_) => xml_of_json(body),
    }
}

fn xml_of_json(body: &[u8]) -> Result<Cow<'_, [u8]>, WireFinding> {
    let value = parse_body(body)?;
    let Value::Object(mut object) = value else {
        let details = "El cuerpo debe ser el XML del comprobante o un objeto JSON con el campo xml";
        let finding = WireFinding::new(String::new(), ErrorCode::InvalidDataType, details);
        return Err(finding.with_value(&value));
    };
    let members = &mut object.members;
    let place = members.iter().rposition(|member| member.key == PARAMETER);
    match place.map(|place| members.swap_remove(place).value) {
        Some(Value::String(text)) if !text.trim().is_empty() => Ok(match text {
            Cow::Borrowed(text) => Cow::Borrowed(cut(text.as_bytes())),
            Cow::Owned(text) => Cow::Owned(cut(text.as_bytes()).to_vec()),
        }),
        Some(value) if !value.is_blank() => {
            let details = "Debe ser un texto con el XML del comprobante";
            let code = ErrorCode::InvalidDataType;
            Err(WireFinding::new(PARAMETER.to_owned(), code, details).with_value(&value))
        }
        _ => Err(WireFinding::missing(PARAMETER.to_owned())),
    }
}

fn cut(text: &[u8]) -> &[u8] {
    without_declaration(without_mark(text).trim_ascii_start())
}

fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

/// What follows a declaration: its own `>`, or the next `<` where it has none.
fn without_declaration(xml: &[u8]) -> &[u8] {
    let Some(rest) = xml.strip_prefix(b"<?xml") else {
        return xml;
    };
    // `<?xml-stylesheet` is an instruction, not a declaration.
    if !rest
        .first()
        .is_some_and(|b| b.is_ascii_whitespace() || matches!(b, b'?' | b'>'))
    {
        return xml;
    }
    match rest.iter().position(|b| matches!(b, b'<' | b'>')) {
        Some(end) if rest.get(end) == Some(&b'>') => rest.get(end + 1..),
        Some(end) => rest.get(end..),
        None => None,
    }
    .unwrap_or(xml)
}

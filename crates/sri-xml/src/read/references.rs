//! References, ends of lines and the normalisation of attribute values.

use std::borrow::Cow;

use super::error::ReadProblem;
use crate::chars;

/// The character that `&name;` stands for.
pub(super) fn resolve(name: &str) -> Result<char, ReadProblem> {
    match name {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => match name.strip_prefix('#') {
            Some(number) => character(number),
            None => Err(ReadProblem::UnknownEntity(name.to_owned())),
        },
    }
}

fn character(number: &str) -> Result<char, ReadProblem> {
    let (digits, radix) = match number.strip_prefix('x') {
        Some(hex) => (hex, 16),
        None => (number, 10),
    };
    // `from_str_radix` would take a sign.
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return Err(ReadProblem::Syntax);
    }
    let code = u32::from_str_radix(digits, radix).unwrap_or(u32::MAX);
    match char::from_u32(code) {
        Some(c) if chars::is_allowed(c) => Ok(c),
        Some(c) => Err(ReadProblem::ForbiddenCharacter(c)),
        None => Err(ReadProblem::Syntax),
    }
}

/// Every end of line becomes a line feed (XML 1.0, section 2.11).
pub(super) fn normalise_lines(text: Cow<'_, str>) -> Cow<'_, str> {
    match text.contains('\r') {
        true => Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")),
        false => text,
    }
}

/// A value between quotes as the application sees it: literal white space
/// becomes blanks, references are resolved (XML 1.0, section 3.3.3, CDATA).
pub(super) fn attribute_value(raw: &str) -> Result<Cow<'_, str>, ReadProblem> {
    if let Some(c) = chars::first_forbidden(raw) {
        return Err(ReadProblem::ForbiddenCharacter(c));
    }
    if !raw.contains(['&', '\t', '\n', '\r']) {
        return Ok(Cow::Borrowed(raw));
    }
    let lines = normalise_lines(Cow::Borrowed(raw));
    let blanks = lines.replace(['\t', '\n'], " ");
    let mut pieces = blanks.split('&');
    let mut value = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once(';').ok_or(ReadProblem::Syntax)?;
        value.push(resolve(name)?);
        value.push_str(rest);
    }
    Ok(Cow::Owned(value))
}

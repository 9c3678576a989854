//! The inside of a start tag: a name and attributes, still as written.

use super::error::ReadProblem;
use super::limits;

/// A start tag taken apart.
pub(super) struct StartTag<'a> {
    pub(super) name: &'a str,
    /// Names and values without their quotes.
    pub(super) attributes: Vec<(&'a str, &'a str)>,
}

/// Takes the inside of `<…>` or `<…/>` apart. Names are not checked here.
pub(super) fn parse(content: &str) -> Result<StartTag<'_>, ReadProblem> {
    let (name, mut rest) = split_at_space(content);
    let mut attributes = Vec::new();
    loop {
        let next = trim(rest);
        if next.is_empty() {
            return Ok(StartTag { name, attributes });
        }
        // White space must separate an attribute from what is before it.
        if next.len() == rest.len() {
            return Err(ReadProblem::Syntax);
        }
        if attributes.len() == limits::ATTRIBUTES_MAX {
            return Err(ReadProblem::TooManyAttributes);
        }
        let (attribute, after) = parse_attribute(next)?;
        attributes.push(attribute);
        rest = after;
    }
}

type Pair<'a> = (&'a str, &'a str);

fn parse_attribute(text: &str) -> Result<(Pair<'_>, &str), ReadProblem> {
    let (name, rest) = text.split_once('=').ok_or(ReadProblem::Syntax)?;
    let name = name.trim_end_matches(is_space);
    let rest = trim(rest);
    let quote = match rest.chars().next() {
        Some(quote @ ('"' | '\'')) => quote,
        _ => return Err(ReadProblem::Syntax),
    };
    let quoted = rest.get(1..).and_then(|rest| rest.split_once(quote));
    let (value, after) = quoted.ok_or(ReadProblem::Syntax)?;
    match value.contains('<') {
        true => Err(ReadProblem::Syntax),
        false => Ok(((name, value), after)),
    }
}

fn split_at_space(text: &str) -> (&str, &str) {
    text.split_at(text.find(is_space).unwrap_or(text.len()))
}

fn trim(text: &str) -> &str {
    text.trim_start_matches(is_space)
}

fn is_space(c: char) -> bool {
    crate::chars::is_space(c)
}

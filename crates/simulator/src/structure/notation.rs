//! Reads the notation of `schema.rs`.

use std::iter::Peekable;
use std::str::SplitAsciiWhitespace;

use super::value::ValueType;

/// An element of a document: a text or a sequence.
#[derive(Debug)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) occurrence: Occurrence,
    /// `Some` for texts.
    pub(super) value: Option<ValueType>,
    pub(super) children: Vec<Element>,
    pub(super) attributes: Vec<(String, ValueType)>,
}

/// How many times an element may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Occurrence {
    pub(super) least: usize,
    pub(super) most: usize,
}

impl Occurrence {
    const ONCE: Self = Self { least: 1, most: 1 };

    /// `?`, `+`, `*`, `+15`, `*3`; `None` for a word that is none of these.
    fn read(word: &str) -> Option<Self> {
        if word == "?" {
            return Some(Self { least: 0, most: 1 });
        }
        let (least, limit) = match word.strip_prefix('+') {
            Some(limit) => (1, limit),
            None => (0, word.strip_prefix('*')?),
        };
        let most = limit.parse().unwrap_or(usize::MAX);
        Some(Self { least, most })
    }
}

type Words<'a> = Peekable<SplitAsciiWhitespace<'a>>;

/// The elements of one version, or the word that cannot be read.
pub(super) fn read(notation: &str, version: &str) -> Result<Vec<Element>, String> {
    let mut words = notation.split_ascii_whitespace().peekable();
    let elements = read_sequence(&mut words, version)?;
    match words.next() {
        Some(word) => Err(word.to_owned()),
        None => Ok(elements),
    }
}

fn read_sequence(words: &mut Words<'_>, version: &str) -> Result<Vec<Element>, String> {
    let mut elements = Vec::new();
    while let Some(word) = words.next_if(|word| *word != ")") {
        let (name, versions) = match word.split_once('[') {
            Some((name, versions)) => (name, Some(versions.trim_end_matches(']'))),
            None => (word, None),
        };
        let element = read_element(name, words, version)?;
        let exists = versions.is_none_or(|list| list.split(',').any(|known| known == version));
        if exists {
            elements.push(element);
        }
    }
    Ok(elements)
}

fn read_element(name: &str, words: &mut Words<'_>, version: &str) -> Result<Element, String> {
    let written = words.peek().copied().and_then(Occurrence::read);
    if written.is_some() {
        words.next();
    }
    let mut element = Element {
        name: name.to_owned(),
        occurrence: written.unwrap_or(Occurrence::ONCE),
        value: None,
        children: Vec::new(),
        attributes: Vec::new(),
    };
    match words.next() {
        Some("(") => {
            element.children = read_sequence(words, version)?;
            words.next().ok_or("end of the notation")?;
        }
        word => element.value = Some(read_type(word, version)?),
    }
    while let Some(attribute) = words.next_if(|word| word.starts_with('@')) {
        let value_type = read_type(words.next(), version)?;
        let name = attribute.trim_start_matches('@').to_owned();
        element.attributes.push((name, value_type));
    }
    Ok(element)
}

fn read_type(word: Option<&str>, version: &str) -> Result<ValueType, String> {
    let word = word.ok_or("end of the notation")?;
    ValueType::read(word, version).ok_or_else(|| word.to_owned())
}
